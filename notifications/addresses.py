"""E-mail addresses: nothing is sent to one before its owner said yes, or after they said no."""

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from models.errors import Invalid, NotFound, TooFast
from notifications.database import Database

_DAY_S = 24 * 60 * 60
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@(?:[A-Za-z0-9-]+\.)+[A-Za-z0-9-]{2,}")
LONGEST = 254
ASKED_A_DAY = 3
"""So many letters that ask for a yes go to one address in a day, whoever gave it."""
ASKS_A_DAY = 10
"""So many of them one person can have sent in a day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A person's address, and the keys of the links that confirm and stop it.

    It is ``confirmed`` while it may be written to, and ``was_confirmed`` if it ever was.
    """

    user_id: str
    address: str
    confirm_key: str
    stop_key: str
    confirmed: bool
    was_confirmed: bool


class Addresses:
    """The table of addresses. Each method raises `StorageFailed` when the file fails."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._db = database
        self._now = now

    def of(self, user_id: str, address: str) -> Address | None:
        """Give a person's address, if they gave it."""
        return self._one("user_id = ? AND address = ?", user_id, address)

    def ask(self, user_id: str, address: str) -> Address | None:
        """Note that an address is to be confirmed; None where it was, and nothing is to be asked.

        Raises `Invalid` where its owner wants no letters, and `TooFast` where too many were sent.
        """
        with self._db.at_once():
            known = self.of(user_id, address)
            if known and known.confirmed:
                return None
            self._require_few(user_id, address)
            self._db.rows(
                "INSERT INTO addresses (user_id, address, confirm_key, stop_key)"
                " VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
                *(user_id, address, secrets.token_urlsafe(24), secrets.token_urlsafe(24)),
            )
            now_s = self._now().timestamp()
            self._db.rows("INSERT INTO asked VALUES (?, ?, ?)", address, user_id, now_s)
            return self.of(user_id, address)

    def confirm(self, key: str) -> Address:
        """Take the yes of who has a letter. Raises `NotFound`."""
        self._db.rows(
            "UPDATE addresses SET confirmed = 1, was_confirmed = 1 WHERE confirm_key = ?", key
        )
        return self._known("confirm_key = ?", key)

    def stop(self, key: str) -> Address:
        """Take the no of who has a letter; to one that was never confirmed nothing goes again.

        Raises `NotFound`.
        """
        with self._db.at_once():
            address = self._known("stop_key = ?", key)
            if not address.was_confirmed:
                self._db.rows("INSERT OR IGNORE INTO refused VALUES (?)", address.address)
            self.forget(address.user_id, address.address)
            return address

    def forget(self, user_id: str, address: str) -> None:
        """Send nothing more to a person's address until it is confirmed again."""
        where = "WHERE user_id = ? AND address = ?"
        self._db.rows(f"UPDATE addresses SET confirmed = 0 {where}", user_id, address)
        self._db.rows(
            "DELETE FROM outbox WHERE user_id = ? AND way = 'email' AND target = ?",
            *(user_id, address),
        )

    def _require_few(self, user_id: str, address: str) -> None:
        if self._db.rows("SELECT 1 FROM refused WHERE address = ?", address):
            raise Invalid("The owner of this address wants no letters from here", field="email")
        since_s = self._now().timestamp() - _DAY_S
        self._db.rows("DELETE FROM asked WHERE at < ?", since_s)
        for column, value, most in (
            ("address", address, ASKED_A_DAY),
            ("user_id", user_id, ASKS_A_DAY),
        ):
            ((count,),) = self._db.rows(f"SELECT count(*) FROM asked WHERE {column} = ?", value)
            if count >= most:
                raise TooFast(
                    "So many letters were sent to confirm this: look for them, or wait a day"
                )

    def _known(self, condition: str, *values: object) -> Address:
        address = self._one(condition, *values)
        if address is None:
            raise NotFound("This link is not valid any more")
        return address

    def _one(self, condition: str, *values: object) -> Address | None:
        columns = "user_id, address, confirm_key, stop_key, confirmed, was_confirmed"
        for row in self._db.rows(f"SELECT {columns} FROM addresses WHERE {condition}", *values):
            user_id, address, confirm_key, stop_key, confirmed, was_confirmed = row
            return Address(
                user_id=user_id,
                address=address,
                confirm_key=confirm_key,
                stop_key=stop_key,
                confirmed=bool(confirmed),
                was_confirmed=bool(was_confirmed),
            )
        return None


def address(text: str) -> str:
    """Accept one plain address, such as ``ada@example.org``. Raises `Invalid`."""
    given = text.strip()
    if len(given) > LONGEST or not _ADDRESS.fullmatch(given):
        raise Invalid("This is no e-mail address", field="email")
    local, _, domain = given.rpartition("@")
    return f"{local}@{domain.lower()}"
