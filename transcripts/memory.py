"""A journal that lasts as long as the process, as when a file is captioned."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Self

from models.transcript import Correction, Entry, Final, Source, numbered
from transcripts.entries import caption_id_of


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    instance: int
    entry: Entry


class InMemoryJournal:
    """Carries out `pipeline.journal.Journal` on lists; a seq is a place in a track's list."""

    def __init__(self) -> None:
        self._rooms: defaultdict[str, defaultdict[str, list[_Kept]]] = defaultdict(
            lambda: defaultdict(list)
        )

    async def start(self) -> None:
        """Nothing has to be opened."""

    async def close(self) -> None:
        """Nothing has to be closed."""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_exception: object) -> None:
        return None

    async def append(self, room_id: str, instance: int, entry: Entry) -> Entry:
        kept = self._rooms[room_id][entry.track]
        placed = numbered(entry, seq=len(kept) + 1, instance=instance)
        kept.append(_Kept(instance=instance, entry=placed))
        return placed

    async def after(
        self, room_id: str, seq: int, limit: int, *, track: str = ""
    ) -> Sequence[Entry]:
        first = max(seq, 0)
        return [k.entry for k in self._of(room_id, track)[first : first + max(limit, 0)]]

    async def before(
        self, room_id: str, seq: int, limit: int, *, track: str = ""
    ) -> Sequence[Entry]:
        below = [k.entry for k in self._of(room_id, track)[: max(seq - 1, 0)]]
        return below[max(len(below) - max(limit, 0), 0) :]

    async def at(
        self, room_id: str, time_s: float, *, track: str = "", instance: int | None = None
    ) -> int:
        """The seq of what was going on at a time of an instance, else of the newest."""
        timed = [k for k in self._of(room_id, track) if _is_timed(k.entry)]
        wanted = timed[-1].instance if timed and instance is None else instance
        entries = [k.entry for k in timed if k.instance == wanted]
        later = (entry.seq for entry in entries if _ends_after(entry, time_s))
        return next(later, entries[-1].seq if entries else 0)

    async def corrections(
        self, room_id: str, first: int, last: int, *, track: str = ""
    ) -> Sequence[Entry]:
        """Each correction after ``last`` of a caption in ``first`` to ``last``, ascending."""
        entries = [k.entry for k in self._of(room_id, track)]
        captions = {e.id for e in entries[max(first - 1, 0) : last] if isinstance(e, Final)}
        return [e for e in entries[last:] if isinstance(e, Correction) and e.id in captions]

    async def corrections_in(
        self, room_id: str, first: int, last: int, *, track: str = ""
    ) -> Sequence[Entry]:
        """Each correction whose own seq is from ``first`` to ``last``, ascending."""
        return [e for e in self._from(room_id, first, last, track) if isinstance(e, Correction)]

    async def finals_in(self, room_id: str, first: int, last: int, *, track: str = "") -> int:
        """How many of the entries from ``first`` to ``last`` are finals."""
        return sum(isinstance(e, Final) for e in self._from(room_id, first, last, track))

    async def latest(self, room_id: str, *, track: str = "") -> int:
        return len(self._of(room_id, track))

    async def speakers(self, room_id: str, *, after: int = 0) -> Sequence[str]:
        """The ids of who speaks in finals of what was said, beyond a seq, in order of the first."""
        said = (k.entry for k in self._of(room_id, "")[max(after, 0) :])
        return list(dict.fromkeys(e.speaker.id for e in said if isinstance(e, Final) and e.speaker))

    async def tracks(self, room_id: str, instance: int | None = None) -> Sequence[str]:
        """The translations that the room, or one of its instances, has entries of."""
        return sorted(
            track
            for track, kept in self._rooms.get(room_id, {}).items()
            if track and any(instance in (None, one.instance) for one in kept)
        )

    async def caption(self, room_id: str, caption_id: str) -> Sequence[Entry]:
        every = chain.from_iterable(self._rooms.get(room_id, {}).values())
        return [k.entry for k in every if caption_id_of(k.entry) == caption_id]

    async def transcript(
        self, room_id: str, instance: int | None = None, *, track: str = ""
    ) -> Sequence[Entry]:
        """All entries of a track, or those of one instance and the corrections of its captions."""
        kept = self._of(room_id, track)
        if instance is None:
            return [k.entry for k in kept]
        captions = {
            k.entry.id for k in kept if k.instance == instance and isinstance(k.entry, Final)
        }
        return [
            k.entry for k in kept if k.instance == instance or caption_id_of(k.entry) in captions
        ]

    async def instances(self, room_id: str) -> Sequence[int]:
        """The instances of the room that have entries, ascending."""
        every = chain.from_iterable(self._rooms.get(room_id, {}).values())
        return sorted({k.instance for k in every})

    def _from(self, room_id: str, first: int, last: int, track: str) -> list[Entry]:
        return [k.entry for k in self._of(room_id, track)[max(first - 1, 0) : last]]

    def _of(self, room_id: str, track: str) -> list[_Kept]:
        tracks = self._rooms.get(room_id)
        return tracks.get(track, []) if tracks else []


def _is_timed(entry: Entry) -> bool:
    """Whether an entry stands where it was said; a second pass fills gaps long after."""
    if isinstance(entry, Final):
        return entry.source is not Source.SECOND_PASS
    return not isinstance(entry, Correction)


def _ends_after(entry: Entry, time_s: float) -> bool:
    return not isinstance(entry, Correction) and entry.end_s > time_s
