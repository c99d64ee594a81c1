"""What the server counts, for Prometheus: sums over all rooms, no names and no spoken words.

Everything is learned from what readers are shown: `Metrics.watch` sees each item that is published
on a room's caption bus. Nothing is labelled with a room, so the number of series does not grow.
"""

import statistics
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from models.caption import Health, LiveItem, RecordingState, RoomNews, Rung, Status
from models.room import RoomState
from models.transcript import WITHHELD, Correction, Final, Gap, GapReason

MEDIA_TYPE = CONTENT_TYPE_LATEST
_ENGINE_IS_BACK = (Health.OK, Health.BEHIND)


class _Readers(Protocol):
    """A caption bus, of which only the number of readers matters."""

    def __len__(self) -> int: ...


@dataclass(slots=True)
class _Room:
    """What a room said last, and who reads it."""

    bus: _Readers
    news: RoomNews | None = None
    status: Status | None = None

    @property
    def is_live(self) -> bool:
        return self.news is not None and self.news.state is RoomState.LIVE


class Metrics:
    """One application's counters, in a registry of their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._rooms: dict[str, _Room] = {}
        self._finals = self._counter("finals", "Captions that became final.")
        self._translations = self._counter("translations", "Translated captions.")
        self._untranslated = self._counter(
            "untranslated_seconds", "Seconds that translations leave out."
        )
        self._corrections = self._counter("corrections", "Corrections of captions.")
        self._gaps = self._counter("gaps", "Spans without captions.", "reason")
        self._gap_seconds = self._counter("gap_seconds", "Seconds without captions.", "reason")
        self._restarts = self._counter("engine_restarts", "Times a room's recogniser came back.")
        self._rungs = self._counter("rung_entries", "Times a room came to a rung.", "rung")
        self._troubles = self._counter("recorder_troubles", "Times a recording got in trouble.")
        for reason in frozenset(GapReason) - WITHHELD:  # those never happen in a live room
            self._gaps.labels(reason)
            self._gap_seconds.labels(reason)
        for rung in Rung:
            self._rungs.labels(rung)
        self.registry.register(_Gauges(self._rooms))
        ProcessCollector(registry=self.registry)

    def follow(self, room_id: str, bus: _Readers) -> Callable[[LiveItem], None]:
        """Count a room and its bus's readers from now on; gives what must see every item."""
        self._rooms[room_id] = room = _Room(bus=bus)
        return lambda item: self._watch(room, item)

    def forget(self, room_id: str) -> None:
        """Count a room's readers no more; what was counted stays."""
        self._rooms.pop(room_id, None)

    def text(self) -> bytes:
        """Give everything in Prometheus's text format."""
        return generate_latest(self.registry)

    def _watch(self, room: _Room, item: LiveItem) -> None:
        match item:
            case Final(track=track):
                (self._translations if track else self._finals).inc()
            case Correction():
                self._corrections.inc()
            case Gap(track=track) if track:
                self._untranslated.inc(max(0.0, item.end_s - item.start_s))
            case Gap() if item.end_s <= item.start_s:
                pass  # a span off the record begins; it is counted when it is over
            case Gap():
                self._gaps.labels(item.reason).inc()
                self._gap_seconds.labels(item.reason).inc(max(0.0, item.end_s - item.start_s))
            case Status():
                self._compare(room.status, item)
                room.status = item
            case RoomNews():
                before = room.news.note if room.news else ""
                is_trouble = bool(item.note) and not item.low_disk
                self._troubles.inc(is_trouble and item.note != before)
                room.news = item
                if item.state is RoomState.ENDED:
                    room.status = None

    def _compare(self, before: Status | None, now: Status) -> None:
        if before and before.state is Health.DOWN and not before.disk_full:
            self._restarts.inc(now.state in _ENGINE_IS_BACK)
        if now.rung is not (before.rung if before else Rung.NORMAL):
            self._rungs.labels(now.rung).inc()

    def _counter(self, name: str, text: str, *labels: str) -> Counter:
        return Counter(f"roomscribe_{name}", text, labels, registry=self.registry)


class _Gauges(Collector):
    """How things are at the moment of asking."""

    def __init__(self, rooms: dict[str, _Room]) -> None:
        self._rooms = rooms

    def collect(self) -> Iterator[Metric]:
        live = [room for room in self._rooms.values() if room.is_live]
        people = sum(room.news.participants for room in live if room.news)
        statuses = [room.status for room in live if room.status]
        yield _gauge("live_rooms", "Rooms that are live.", len(live))
        yield _gauge("participants", "People in live rooms.", people)
        yield _gauge(
            "readers",
            "Open caption connections.",
            sum(len(room.bus) for room in self._rooms.values()),
        )
        yield _delays([status.delay_s for status in statuses])
        yield _counts("captions", "state", [status.state for status in statuses], Health)
        yield _counts("rung", "rung", [status.rung for status in statuses], Rung)
        full = sum(status.disk_full for status in statuses)
        yield _gauge("rooms_disk_full", "Live rooms whose captions wait for a full disk.", full)
        news = [room.news for room in self._rooms.values() if room.news and room.news.note]
        low = sum(one.low_disk for one in news)
        yield _gauge(
            "recordings_in_trouble", "Recordings with losses or an error.", len(news) - low
        )
        yield _gauge("recordings_low_on_disk", "Recordings whose disk is nearly full.", low)
        off = sum(one.news.recording is RecordingState.OFF_RECORD for one in live if one.news)
        yield _gauge("rooms_off_record", "Live rooms that are off the record.", off)


def _gauge(name: str, text: str, value: float) -> Metric:
    return GaugeMetricFamily(f"roomscribe_{name}", text, value=value)


def _delays(delays_s: Sequence[float]) -> Metric:
    family = GaugeMetricFamily(
        "roomscribe_captions_delay_seconds",
        "How far captions are behind the audio, over live rooms.",
        labels=["over"],
    )
    family.add_metric(["max"], max(delays_s, default=0.0))
    family.add_metric(["median"], statistics.median(delays_s) if delays_s else 0.0)
    return family


def _counts(
    name: str, label: str, values: Sequence[Health | Rung], kinds: type[Health] | type[Rung]
) -> Metric:
    family = GaugeMetricFamily(
        f"roomscribe_rooms_by_{name}", f"Live rooms by {label} of their captions.", labels=[label]
    )
    for kind in kinds:
        family.add_metric([kind], sum(value is kind for value in values))
    return family
