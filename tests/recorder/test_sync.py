"""Clicks in the recording are where captions say, however long the room and bad the network."""

import heapq
import random
from collections import deque
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest

from models.audio import FRAME_S, FRAME_SAMPLES, RATE_HZ, SPEECH_RATE_HZ, Frame, Pcm
from models.room import Speaker
from pipeline.listening import Listener
from pipeline.speech import LevelDetector
from recorder import media
from recorder.recording import Recorder
from rooms.embedded.desk import Desk
from rooms.embedded.opus import Encoder
from rooms.embedded.receive import RtpAudio
from tests.pipeline.fakes import FakeRecognition
from tests.recorder.taps import TEA

CYCLE = 250  # frames from click to click: 5 s
LOUD = 6000
AROUND = 960


def click_packets() -> list[bytes]:
    """Five seconds of silence with a click in half a second of a soft tone, in Opus packets."""
    t = np.arange(CYCLE * FRAME_SAMPLES) / RATE_HZ
    pcm = (1500 * np.sin(2 * np.pi * 300 * t) * (np.abs(t - 2.5) < 0.25)).astype(np.int16)
    at = len(pcm) // 2 + 300
    burst = np.sin(2 * np.pi * 1500 * np.arange(480) / RATE_HZ) * np.hanning(480)
    pcm[at : at + 480] += (20_000 * burst).astype(np.int16)
    encoder = Encoder()
    return [encoder.encode(block) for block in pcm.reshape(-1, FRAME_SAMPLES)]


class Clicker(FakeRecognition):
    """Hears clicks, and gives each the time that any engine gives a word: by counting samples."""

    def __init__(self) -> None:
        super().__init__()
        self.places: list[int] = []
        self._from_s, self._fed = 0.0, 0
        self.until_s = 0.0

    def begin(self, start_s: float) -> None:
        self._from_s, self._fed = start_s, 0

    def feed(self, pcm: Pcm) -> None:
        at = int(np.argmax(np.abs(pcm.astype(np.int32))))
        if abs(int(pcm[at])) > LOUD:
            time_s = self._from_s + (self._fed + at) / SPEECH_RATE_HZ
            place = round(time_s * RATE_HZ)
            if not self.places or place - self.places[-1] > RATE_HZ:
                self.places.append(place)
        self._fed += len(pcm)
        self.until_s = self._from_s + self._fed / SPEECH_RATE_HZ

    def end(self) -> None:
        pass


@dataclass
class Event:
    """A speaker who loses packets, comes back every now and then, and has a clock of their own."""

    length_s: float
    away_every_s: float
    desk: Desk = field(default_factory=Desk)

    def frames(self) -> Iterator[Frame]:
        """The room's frames; some of them its tap loses."""
        chance, packets = random.Random(11), click_packets()
        ada = Speaker(id="ada", name="Ada")
        waiting: list[tuple[float, int, RtpAudio]] = []
        away_until, timestamp, ssrc, said = 1, 0, 0, 0
        every = round(self.away_every_s / FRAME_S)
        for tick in range(round(self.length_s / FRAME_S)):
            now = (tick + 1) * FRAME_S
            if tick and tick % every == 0:
                self.desk.unseat("ada")
                away_until = tick + 130
            if tick == away_until:
                self.desk.seat(ada)
                ssrc, timestamp = ssrc + 1, chance.randrange(2**32)
            while said * FRAME_S * (1 - 50e-6) <= now:  # 50 ppm too fast
                packet = RtpAudio(ssrc=ssrc, timestamp=timestamp, payload=packets[said % CYCLE])
                arrival = now + 0.03 + chance.random() * 0.03
                if tick >= away_until and chance.random() >= 0.02:
                    heapq.heappush(waiting, (arrival, said, packet))
                said, timestamp = said + 1, (timestamp + FRAME_SAMPLES) % 2**32
            while waiting and waiting[0][0] <= now:
                arrival, _, packet = heapq.heappop(waiting)
                self.desk.push("ada", packet, arrival)
            frame = self.desk.tick(now).frame
            if tick % 3001 >= 40:
                yield frame


class Clock:
    """What the room heard around each caption, by the room's clock."""

    def __init__(self) -> None:
        self.heard: list[Pcm] = []
        self._newest: deque[Frame] = deque(maxlen=200)

    def add(self, frame: Frame, places: list[int]) -> None:
        """Take a frame, and note what was around captions that are over now."""
        self._newest.append(frame)
        while len(self.heard) < len(places):
            first = places[len(self.heard)] - AROUND
            if frame.sample + FRAME_SAMPLES < first + 2 * AROUND:
                return
            window = np.zeros(2 * AROUND + 2 * FRAME_SAMPLES, np.int16)
            for one in self._newest:
                at = one.sample - first + FRAME_SAMPLES
                if 0 <= at <= len(window) - FRAME_SAMPLES:
                    window[at : at + FRAME_SAMPLES] = one.pcm
            self.heard.append(window[FRAME_SAMPLES:-FRAME_SAMPLES])


async def click_track(folder: Path, event: Event) -> tuple[list[Pcm], list[Pcm]]:
    """Record and caption an event; gives the room and the recording around each caption."""
    clicker, clock = Clicker(), Clock()
    listener = Listener(clicker, LevelDetector())

    async def tap() -> AsyncIterator[Frame]:
        for frame in event.frames():
            listener.push(frame)
            listener.settled(clicker.until_s)
            clock.add(frame, clicker.places)
            yield frame

    recorder = Recorder(folder)
    recording = await recorder.record(TEA, tap(), pre_skip=event.desk.pre_skip)
    places = clicker.places[: len(clock.heard)]
    return clock.heard, await windows(recorder.media_path(recording.id), places)


async def windows(path: Path, places: list[int]) -> list[Pcm]:
    """The 40 ms of a file around each of these samples."""
    wanted = {place: (place - AROUND, place + AROUND) for place in places}
    parts: dict[int, list[Pcm]] = {place: [] for place in places}
    at, left = 0, sorted(places)
    async for block in media.decode(path):
        for place in left[:2]:
            first, end = wanted[place]
            parts[place].append(block[max(0, first - at) : max(0, min(end - at, len(block)))])
        at += len(block)
        while left and wanted[left[0]][1] <= at:
            left.pop(0)
    return [np.concatenate(parts[place]) for place in places]


def lag(one: Pcm, other: Pcm) -> int:
    """By how many samples ``other`` is later than ``one``, where they fit best."""
    fit = np.correlate(other.astype(np.float64), one.astype(np.float64), "full")
    return int(np.argmax(fit)) - (len(one) - 1)


def assert_no_drift(room: list[Pcm], recorded: list[Pcm]) -> None:
    """Each click is where its caption says, in the room and in the recording, first and last.

    Of a click that was lost in part another of its waves may be the loudest, and one at the edge of
    what a tap lost is decoded from nothing: such are few.
    """
    said = [int(np.argmax(np.abs(one.astype(np.int32)))) - AROUND for one in room]
    kept = [lag(one, other) for one, other in zip(room, recorded, strict=True)]
    part = max(5, len(room) // 10)
    for offsets in (said, kept):
        assert np.median(offsets[:part]) == np.median(offsets[-part:]) == np.median(offsets)
        assert max(map(abs, offsets)) <= 0.02 * RATE_HZ
    assert max(map(abs, said)) <= 0.002 * RATE_HZ
    assert np.quantile(np.abs(kept), 0.99) <= 1  # the codec's own, and the same for hours


async def test_a_minute_of_clicks_is_where_its_captions_are(tmp_path: Path) -> None:
    room, recorded = await click_track(tmp_path, Event(length_s=60, away_every_s=20))

    assert len(room) >= 8
    assert_no_drift(room, recorded)


@pytest.mark.soak
async def test_three_hours_of_clicks_do_not_drift_from_their_captions(tmp_path: Path) -> None:
    room, recorded = await click_track(tmp_path, Event(length_s=3 * 3600, away_every_s=600))

    assert len(room) >= 2000
    assert_no_drift(room, recorded)
