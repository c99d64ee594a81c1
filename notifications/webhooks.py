"""People's webhooks: each URL's secret, and why nothing is sent there any more, if that is so."""

import base64
import secrets
from dataclasses import dataclass, field

from notifications.database import Database

_SECRET_BYTES = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """One URL of a person; ``secret`` signs what is sent there, ``stopped`` says why nothing is."""

    url: str
    secret: str = field(repr=False)
    stopped: str = ""


class Webhooks:
    """The table of webhooks. Each method raises `StorageFailed` when the file fails."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def use(self, user_id: str, url: str) -> Webhook:
        """Begin to use a URL, or use it again after it was stopped."""
        secret = "whsec_" + base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()
        self._db.rows(
            "INSERT INTO webhooks (user_id, url, secret) VALUES (?, ?, ?)"
            " ON CONFLICT (user_id, url) DO UPDATE SET stopped = ''",
            *(user_id, url, secret),
        )
        found = self.of(user_id, url)
        assert found, "it was kept just now"
        return found

    def of(self, user_id: str, url: str) -> Webhook | None:
        """Give a person's webhook, if they have used that URL."""
        where = "WHERE user_id = ? AND url = ?"
        for row in self._db.rows(
            f"SELECT url, secret, stopped FROM webhooks {where}", user_id, url
        ):
            return Webhook(url=row[0], secret=row[1], stopped=row[2])
        return None

    def stop(self, user_id: str, url: str, why: str) -> None:
        """Send nothing there any more, and say why."""
        where = "WHERE user_id = ? AND url = ?"
        self._db.rows(f"UPDATE webhooks SET stopped = ? {where}", why, user_id, url)
        self._db.rows(
            "DELETE FROM outbox WHERE user_id = ? AND way = 'webhook' AND target = ?", user_id, url
        )
