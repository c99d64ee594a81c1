"""What each person was told: kept, numbered, read or unread, and never the same again and again."""

import json
import secrets
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from models.errors import NotFound
from models.notification import Kind, Notice, Notification, Way
from notifications.database import Database

KEPT = 500
"""So many are kept for a person; of more, the oldest go."""

MAILS_AN_HOUR = 20
"""So many e-mails go to a person in an hour; what is more is on their page alone."""

_HOUR_S = 60 * 60
_COLUMNS = "user_id, seq, kind, about, subject, at, more, is_read, on_page"


class Inbox:
    """The notifications of everybody. Each method raises `StorageFailed` when the file fails."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._db = database
        self._now = now

    def take(self, notices: Sequence[Notice]) -> list[Notification]:
        """Keep notices, and what is to be sent of them; gives each as it is now.

        It belongs into a transaction with whatever says that these notices are taken.
        """
        return [self._take(notice) for notice in notices]

    def of(self, user_id: str, *, before: int = 2**53, limit: int = 50) -> list[Notification]:
        """Give what a person was told on the page, the newest first."""
        return self._some(
            "user_id = ? AND on_page AND seq < ? ORDER BY seq DESC LIMIT ?",
            *(user_id, before, limit),
        )

    def unread(self, user_id: str, *, after: int = 0) -> list[Notification]:
        """Give what a person has not read, the oldest first."""
        return self._some(
            "user_id = ? AND on_page AND NOT is_read AND seq > ? ORDER BY seq", user_id, after
        )

    def since(self, user_id: str, seq: int) -> list[Notification]:
        """Give what a person was told after ``seq``, read or not, the oldest first."""
        return self._some("user_id = ? AND on_page AND seq > ? ORDER BY seq", user_id, seq)

    def count_unread(self, user_id: str) -> int:
        """How many notifications a person has not read."""
        where = "WHERE user_id = ? AND on_page AND NOT is_read"
        return int(self._db.rows(f"SELECT count(*) FROM notifications {where}", user_id)[0][0])

    def latest(self, user_id: str) -> int:
        """The greatest number that a person's notifications have had; 0 without any."""
        rows = self._db.rows("SELECT seq FROM counters WHERE user_id = ?", user_id)
        return int(rows[0][0]) if rows else 0

    def one(self, user_id: str, seq: int) -> Notification | None:
        """Give a notification, if it is kept."""
        found = self._some("user_id = ? AND seq = ?", user_id, seq)
        return found[0] if found else None

    def mark(self, user_id: str, seq: int, *, read: bool) -> Notification:
        """Say whether a notification was read. Raises `NotFound`."""
        rows = self._db.rows(
            "UPDATE notifications SET is_read = ? WHERE user_id = ? AND seq = ? AND on_page"
            f" RETURNING {_COLUMNS}",
            *(read, user_id, seq),
        )
        if not rows:
            raise NotFound("You have no such notification")
        return _notification(rows[0])

    def mark_all(self, user_id: str, upto: int) -> None:
        """Say that a person has read everything up to a number."""
        where = "WHERE user_id = ? AND seq <= ?"
        self._db.rows(f"UPDATE notifications SET is_read = 1 {where}", user_id, upto)

    def delete(self, user_id: str, seq: int) -> None:
        """Forget a notification, and what is still to be sent of it. Raises `NotFound`."""
        with self._db.at_once():
            self.mark(user_id, seq, read=True)
            for table in ("notifications", "outbox"):
                self._db.rows(f"DELETE FROM {table} WHERE user_id = ? AND seq = ?", user_id, seq)

    def _take(self, notice: Notice) -> Notification:
        now_s = self._now().timestamp()
        again = self._db.rows(
            "UPDATE notifications SET more = more + 1 WHERE user_id = ? AND subject = ?"
            f" AND theme = ? AND until > ? RETURNING {_COLUMNS}, until",
            *(notice.user_id, notice.subject, notice.theme, now_s),
        )
        if not again:
            return self._first(notice, now_s)
        notification, until_s = _notification(again[0][:-1]), float(again[0][-1])
        if notification.more == 1:  # how many it were is told when the span is over
            self._send(notice, notification.seq, due_s=until_s, sums_up=True)
        return notification

    def _first(self, notice: Notice, now_s: float) -> Notification:
        ((seq,),) = self._db.rows(
            "INSERT INTO counters (user_id, seq) VALUES (?, 1)"
            " ON CONFLICT (user_id) DO UPDATE SET seq = seq + 1 RETURNING seq",
            notice.user_id,
        )
        self._db.rows(
            "INSERT INTO notifications"
            " (user_id, seq, kind, subject, theme, about, at, until, on_page)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            *(notice.user_id, seq, notice.kind, notice.subject, notice.theme),
            *(json.dumps(dict(notice.about)), now_s, now_s + notice.span_s, notice.means.page),
        )
        self._db.rows(
            "DELETE FROM notifications WHERE user_id = ? AND seq <= ?", notice.user_id, seq - KEPT
        )
        self._send(notice, seq, due_s=now_s, sums_up=False)
        kept = self.one(notice.user_id, seq)
        assert kept, "it was kept just now"
        return kept

    def _send(self, notice: Notice, seq: int, *, due_s: float, sums_up: bool) -> None:
        for way, target in notice.means.ways:
            if way is Way.EMAIL and not self._may_mail(notice.user_id):
                where = "WHERE user_id = ? AND seq = ?"
                self._db.rows(f"UPDATE notifications SET on_page = 1 {where}", notice.user_id, seq)
                continue
            self._db.rows(
                "INSERT INTO outbox (id, user_id, seq, subject, way, target, sums_up, due, made_at)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                *(f"msg_{secrets.token_hex(12)}", notice.user_id, seq, notice.subject),
                *(way, target, sums_up, due_s, self._now().timestamp()),
            )

    def _may_mail(self, user_id: str) -> bool:
        """Count an e-mail; False where a person had too many in the last hour."""
        now_s = self._now().timestamp()
        self._db.rows("DELETE FROM mailed WHERE user_id = ? AND at <= ?", user_id, now_s - _HOUR_S)
        ((count,),) = self._db.rows("SELECT count(*) FROM mailed WHERE user_id = ?", user_id)
        if count >= MAILS_AN_HOUR:
            return False
        self._db.rows("INSERT INTO mailed VALUES (?, ?)", user_id, now_s)
        return True

    def _some(self, condition: str, *values: object) -> list[Notification]:
        rows = self._db.rows(f"SELECT {_COLUMNS} FROM notifications WHERE {condition}", *values)
        return [_notification(row) for row in rows]


def _notification(row: tuple[Any, ...]) -> Notification:
    user_id, seq, kind, about, subject, at_s, more, is_read, on_page = row
    return Notification(
        user_id=user_id,
        seq=seq,
        kind=Kind(kind),
        about=json.loads(about),
        subject=subject,
        at=datetime.fromtimestamp(at_s, UTC),
        more=more,
        read=bool(is_read),
        on_page=bool(on_page),
    )
