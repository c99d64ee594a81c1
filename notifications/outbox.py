"""What is still to be sent, by which way and when; it is there again after a restart."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from models.notification import Way
from notifications.database import Database

DELAYS_S = (5, 60, 5 * 60, 30 * 60, 2 * 3600, 5 * 3600, 10 * 3600, 14 * 3600, 20 * 3600, 24 * 3600)
"""How long after each failure it is tried again: for three days, as Standard Webhooks proposes."""

_COLUMNS = "id, user_id, seq, way, target, sums_up, tries"


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """One notification on its way to one target; ``id`` is the same in every try.

    One that ``sums_up`` tells how often the same was counted since the person was told.
    """

    id: str
    user_id: str
    seq: int
    way: Way
    target: str = field(repr=False)
    sums_up: bool
    tries: int


class NotSent(Exception):
    """A way did not take a parcel; ``for_good`` where it never will. Says why, to the person."""

    def __init__(self, why: str, *, for_good: bool = False) -> None:
        super().__init__(why)
        self.why = why
        self.for_good = for_good


class Outbox:
    """The table of parcels. Each method raises `StorageFailed` when the file fails."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def due(
        self, now_s: float, limit: int, *, besides: Collection[tuple[Way, str]]
    ) -> list[Parcel]:
        """Give what is to be sent now, the longest due first: one of each target.

        None of targets that something is sent to just now.
        """
        busy = "".join(" AND NOT (way = ? AND target = ?)" for _ in besides)
        rows = self._db.rows(
            f"SELECT {_COLUMNS}, min(due) FROM outbox WHERE due <= ?{busy}"
            " GROUP BY way, target ORDER BY min(due), rowid LIMIT ?",
            *(now_s, *(value for one in besides for value in one), limit),
        )
        return [_parcel(row[:-1]) for row in rows]

    def next_due_s(self, now_s: float) -> float | None:
        """When something is to be sent that is not yet; None where there is nothing."""
        ((due_s,),) = self._db.rows("SELECT min(due) FROM outbox WHERE due > ?", now_s)
        return None if due_s is None else float(due_s)

    def done(self, parcel: Parcel) -> None:
        """Forget a parcel."""
        self._db.rows("DELETE FROM outbox WHERE id = ?", parcel.id)

    def again(self, parcel: Parcel, now_s: float) -> bool:
        """Try a parcel again later; False where it was tried often enough."""
        if parcel.tries >= len(DELAYS_S):
            return False
        due_s = now_s + DELAYS_S[parcel.tries]
        change = "UPDATE outbox SET tries = tries + 1, due = ? WHERE id = ?"
        self._db.rows(change, due_s, parcel.id)
        return True


def _parcel(row: tuple[Any, ...]) -> Parcel:
    id, user_id, seq, way, target, sums_up, tries = row
    return Parcel(
        id=id,
        user_id=user_id,
        seq=seq,
        way=Way(way),
        target=target,
        sums_up=bool(sums_up),
        tries=tries,
    )
