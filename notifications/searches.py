"""Everybody's saved searches, and how far each room's captions were looked through for them."""

import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from models.errors import Invalid, NotFound
from models.notification import Means, SavedSearch
from notifications.database import Database

MOST = 50
"""How many searches a person can keep."""

_COLUMNS = "id, user_id, name, query, is_on, page, email, webhook, created_at"


class SavedSearches:
    """The table of saved searches. Each method raises `StorageFailed` when the file fails."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def add(self, user_id: str, *, name: str, query: str, on: bool, means: Means) -> SavedSearch:
        """Keep a new one. Raises `Invalid` where the person has `MOST` already."""
        search = SavedSearch(
            id=secrets.token_hex(8),
            user_id=user_id,
            name=name,
            query=query,
            on=on,
            means=means,
            created_at=datetime.now(UTC),
        )
        with self._db.at_once():
            if len(self.of(user_id)) >= MOST:
                message = f"You have {MOST} saved searches, which is the most: delete one first"
                raise Invalid(message, field="query")
            self._db.rows(
                f"INSERT INTO searches ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                *(search.id, user_id, name, query, on, means.page, means.email, means.webhook),
                search.created_at.isoformat(),
            )
        return search

    def keep(self, search: SavedSearch) -> None:
        """Keep a search as it is now, and send nothing of it where it tells no more.

        Raises `NotFound` where it was deleted meanwhile.
        """
        means = search.means
        with self._db.at_once():
            self.one(search.user_id, search.id)
            self._db.rows(
                "UPDATE searches SET name = ?, query = ?, is_on = ?, page = ?, email = ?,"
                " webhook = ? WHERE id = ?",
                *(search.name, search.query, search.on, means.page, means.email, means.webhook),
                search.id,
            )
            self._db.rows(
                "DELETE FROM outbox WHERE subject = ? AND NOT (? AND target IN (?, ?))",
                *(search.id, search.on, means.email, means.webhook),
            )

    def one(self, user_id: str, search_id: str) -> SavedSearch:
        """Give a person's own search. Raises `NotFound`."""
        where = "WHERE user_id = ? AND id = ?"
        rows = self._db.rows(f"SELECT {_COLUMNS} FROM searches {where}", user_id, search_id)
        if not rows:
            raise NotFound("You have no such saved search")
        return _search(rows[0])

    def of(self, user_id: str) -> list[SavedSearch]:
        """Give a person's searches, the newest first."""
        where = "WHERE user_id = ? ORDER BY created_at DESC, id"
        return [
            _search(row)
            for row in self._db.rows(f"SELECT {_COLUMNS} FROM searches {where}", user_id)
        ]

    def watched(self) -> list[SavedSearch]:
        """Give everybody's searches that are on and tell somebody."""
        where = "WHERE is_on AND (page OR email > '' OR webhook > '')"
        return [_search(row) for row in self._db.rows(f"SELECT {_COLUMNS} FROM searches {where}")]

    def delete(self, user_id: str, search_id: str) -> None:
        """Forget a search, and send nothing more of it. Raises `NotFound`."""
        with self._db.at_once():
            self.one(user_id, search_id)
            self._db.rows("DELETE FROM searches WHERE id = ?", search_id)
            self._db.rows("DELETE FROM outbox WHERE subject = ?", search_id)

    def without_email(self, user_id: str, address: str) -> list[SavedSearch]:
        """Take an address out of all of a person's searches; gives those that had it."""
        without = [
            replace(search, means=replace(search.means, email=""))
            for search in self.of(user_id)
            if search.means.email == address
        ]
        for search in without:
            self.keep(search)
        return without

    def positions(self) -> dict[tuple[str, str], int]:
        """How far each track of each room was looked through: the last seq."""
        rows = self._db.rows("SELECT room_id, track, seq FROM positions")
        return {(str(room), str(track)): int(seq) for room, track, seq in rows}

    def have_begun(self) -> bool:
        """Whether captions were ever looked through; else what is there is old."""
        return bool(self._db.rows("SELECT 1 FROM positions WHERE room_id = ''"))

    def begin(self, newest: Mapping[tuple[str, str], int]) -> None:
        """Begin with what comes after what is there now."""
        with self._db.at_once():
            self.keep_positions({**newest, ("", ""): 0})

    def keep_positions(self, positions: Mapping[tuple[str, str], int]) -> None:
        """Keep how far tracks were looked through."""
        for (room_id, track), seq in positions.items():
            self._db.rows(
                "INSERT INTO positions (room_id, track, seq) VALUES (?, ?, ?)"
                " ON CONFLICT (room_id, track) DO UPDATE SET seq = excluded.seq",
                *(room_id, track, seq),
            )


def _search(row: tuple[Any, ...]) -> SavedSearch:
    id, user_id, name, query, is_on, page, email, webhook, created_at = row
    return SavedSearch(
        id=id,
        user_id=user_id,
        name=name,
        query=query,
        on=bool(is_on),
        means=Means(page=bool(page), email=email, webhook=webhook),
        created_at=datetime.fromisoformat(created_at),
    )
