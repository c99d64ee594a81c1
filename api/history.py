"""What one reader is given of a room's journal: pages of it, without what is not for them."""

from collections.abc import Sequence

from api import protocol
from api.withholding import Withholding
from models.room import User
from models.transcript import Correction, Entry
from transcripts.journal import SqlJournal


class History:
    """A room's journal as one person may read it."""

    def __init__(
        self, journal: SqlJournal, withholding: Withholding, room_id: str, user: User | None
    ) -> None:
        self._journal = journal
        self._withholding = withholding
        self._room_id = room_id
        self._user = user

    async def page(self, before: int, limit: int, *, track: str) -> protocol.Message:
        """Give the message with the entries below ``before``, and later corrections of them."""
        journal, room = self._journal, self._room_id
        entries = await journal.before(room, before, limit, track=track)
        if not entries:
            return protocol.history([], before=before)
        first, last = entries[0].seq, entries[-1].seq
        later = await journal.corrections(room, first, last, track=track)
        given = await self.allowed([*entries, *later])
        corrections = _corrections(given[len(entries) :])
        return protocol.history(given[: len(entries)], before=before, corrections=corrections)

    async def around(
        self, at_s: float, limit: int, *, track: str, instance: int | None
    ) -> protocol.Message:
        """Give the message with the entries around a time, which says which one was sought."""
        seq = await self._journal.at(self._room_id, at_s, track=track, instance=instance)
        page = await self.page(seq + (limit + 1) // 2, limit, track=track)
        return page | {"at": at_s, "seq": seq}

    async def after(self, seq: int, limit: int, *, track: str) -> Sequence[Entry]:
        """Give the entries that follow one."""
        return await self.allowed(await self._journal.after(self._room_id, seq, limit, track=track))

    async def corrections_in(self, first: int, last: int, *, track: str) -> Sequence[Entry]:
        """Give the corrections among the entries from ``first`` to ``last``."""
        found = await self._journal.corrections_in(self._room_id, first, last, track=track)
        return _corrections(await self.allowed(found))

    async def allowed(self, entries: Sequence[Entry]) -> Sequence[Entry]:
        """Give entries as the reader may read them."""
        return await self._withholding.entries(self._user, self._room_id, entries)


def _corrections(entries: Sequence[Entry]) -> list[Entry]:
    return [entry for entry in entries if isinstance(entry, Correction)]
