"""Entries into the journal's table, numbered. The caller has a transaction and commits it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import blake2b

from sqlalchemy import Connection, bindparam, select, text

from models.transcript import Entry
from transcripts.entries import CORRECTION, GAP, caption_id_of, kind_of, to_json
from transcripts.queries import LATEST
from transcripts.tables import entries

_e = entries.c
_INSERT = entries.insert()
_ERASED = select(1).where(
    _e.room_id == bindparam("room"), _e.caption_id == bindparam("caption"), _e.kind == GAP
)
_PAYLOAD = select(_e.payload).where(
    _e.room_id == bindparam("room"),
    _e.track == bindparam("track"),
    _e.seq == bindparam("seq"),
)
# Several servers may write to one PostgreSQL; SQLite lets in one writer anyway.
_LOCK = text("SELECT pg_advisory_xact_lock(key) FROM unnest(CAST(:keys AS bigint[])) AS key")


Identity = tuple[str, int, str, str]

# What LATEST gives, of many tracks at once: another machine is asked once, not fifty times.
_LATEST_OF = text(
    "SELECT room, track, coalesce((SELECT max(seq) FROM entries AS e"
    " WHERE e.room_id = asked.room AND e.track = asked.track), 0)"
    " FROM unnest(CAST(:rooms AS text[]), CAST(:tracks AS text[])) AS asked (room, track)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Appended:
    """An entry of an instance of a room, on its way into the journal."""

    room_id: str
    instance: int
    entry: Entry
    payload: str

    @classmethod
    def of(cls, room_id: str, instance: int, entry: Entry) -> "Appended":
        """Write an entry's payload."""
        return cls(room_id=room_id, instance=instance, entry=entry, payload=to_json(entry))

    @property
    def identity(self) -> Identity:
        """What two attempts at the same entry have in common."""
        return self.room_id, self.instance, self.entry.track, self.payload


def lock_rooms(connection: Connection, room_ids: Iterable[str]) -> None:
    """Have these rooms to oneself until the transaction ends."""
    if connection.dialect.name == "postgresql":
        # All take them in the same order, so that nobody waits for each other.
        connection.execute(_LOCK, {"keys": sorted(_lock_key(room_id) for room_id in room_ids)})


def insert(connection: Connection, group: Sequence[Appended]) -> list[int]:
    """Insert entries of rooms that are locked; gives their numbers.

    Raises ValueError for a correction of a caption that was deleted, and what the database raises.
    """
    now = datetime.now(UTC).isoformat(timespec="milliseconds")
    newest = _newest(connection, {(one.room_id, one.entry.track) for one in group})
    seqs, rows = [], []
    for one in group:
        track, kind, caption_id = one.entry.track, kind_of(one.entry), caption_id_of(one.entry)
        if kind == CORRECTION and _is_erased(connection, one.room_id, caption_id):
            raise ValueError("the caption was deleted")
        seq = newest[one.room_id, track] = newest[one.room_id, track] + 1
        seqs.append(seq)
        rows.append(
            {
                "room_id": one.room_id,
                "track": track,
                "seq": seq,
                "instance": one.instance,
                "kind": kind,
                "caption_id": caption_id,
                "payload": one.payload,
                "written_at": now,
            }
        )
    if rows:
        connection.execute(_INSERT, rows)
    return seqs


def _newest(connection: Connection, tracks: set[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """The greatest seq of each track, by room and track."""
    if connection.dialect.name == "postgresql":
        rooms, names = [room for room, _ in tracks], [track for _, track in tracks]
        rows = connection.execute(_LATEST_OF, {"rooms": rooms, "tracks": names})
        return {(room, track): seq for room, track, seq in rows}
    return {
        (room, track): connection.execute(LATEST, {"room": room, "track": track}).scalar_one()
        for room, track in tracks
    }


def is_stored(connection: Connection, one: Appended, seq: int) -> bool:
    """Whether an entry has the place ``seq`` in its track."""
    place = {"room": one.room_id, "track": one.entry.track, "seq": seq}
    return bool(connection.execute(_PAYLOAD, place).scalar_one_or_none() == one.payload)


def _is_erased(connection: Connection, room_id: str, caption_id: str | None) -> bool:
    """Whether a caption was deleted: who corrects it has read it before."""
    found = connection.execute(_ERASED, {"room": room_id, "caption": caption_id})
    return found.first() is not None


def _lock_key(room_id: str) -> int:
    digest = blake2b(room_id.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, signed=True)
