"""Tells people things: on their open pages at once, by e-mail and by webhook as they chose."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from api.open_pages import OpenPages
from api.settings import Settings
from models.errors import Conflict, Invalid
from models.notification import Kind, Message, Notice, Notification, SavedSearch, Way
from notifications import addresses, letters
from notifications.addresses import Addresses
from notifications.database import Database
from notifications.inbox import Inbox
from notifications.mail import MailServer
from notifications.outbox import NotSent, Outbox, Parcel
from notifications.searches import SavedSearches
from notifications.sending import Sending, Wording
from notifications.webhook import WebhookPost
from notifications.webhooks import Webhooks

Json = dict[str, Any]


def _now() -> datetime:
    return datetime.now(UTC)


class Notifying:
    """All that people are told by; each kind of message is ``worded`` by who makes it."""

    def __init__(self, settings: Settings, *, now: Callable[[], datetime] = _now) -> None:
        self._database = Database(Path(settings.data_dir) / "notifications.db")
        self._site = settings.public_url.rstrip("/")
        self._now = now
        self._words: dict[Kind, Wording] = {Kind.WAY_STOPPED: _way_stopped}
        self.searches = SavedSearches(self._database)
        self.inbox = Inbox(self._database, now)
        self.addresses = Addresses(self._database, now)
        self.webhooks = Webhooks(self._database)
        self.pages = OpenPages()
        self._mail = _mail_server(settings)
        self._post = WebhookPost(private=settings.webhooks_private)
        self._sending = Sending(
            inbox=self.inbox,
            outbox=Outbox(self._database),
            wording=self.message,
            carry=self._carry,
            gave_up=self._gave_up,
            now=now,
        )

    @property
    def can_mail(self) -> bool:
        """Whether there is a mail server to send e-mails by."""
        return self._mail is not None

    def worded(self, kind: Kind, wording: Wording) -> None:
        """Say who puts a kind of message into words."""
        self._words[kind] = wording

    def start(self) -> None:
        """Begin to send what is left from before."""
        self._sending.start()

    async def close(self) -> None:
        """Stop sending; what is not sent yet is kept."""
        await self._sending.close()
        self._database.close()

    async def tell(
        self,
        notices: Sequence[Notice],
        positions: Mapping[tuple[str, str], int] | None = None,
    ) -> None:
        """Keep notices, together with how far captions were looked through, and send them."""
        kept = await asyncio.to_thread(self._keep, notices, positions or {})
        for notification in kept:
            if notification.on_page:
                self.pages.tell(notification.user_id, notification.seq)
        if kept:
            self._sending.look()

    async def message(self, notification: Notification, sums_up: bool = False) -> Message:
        """Put a notification into words."""
        return await self._words[notification.kind](notification, sums_up)

    async def as_json(self, notification: Notification) -> Json:
        """Give a notification as its person is shown it."""
        return _as_json(notification, await self.message(notification))

    async def mark(self, user_id: str, seq: int, *, read: bool) -> Notification:
        """Say whether a notification was read, also on the person's other pages."""
        marked = await asyncio.to_thread(self.inbox.mark, user_id, seq, read=read)
        self.pages.tell(user_id, seq)
        return marked

    async def mark_all(self, user_id: str, upto: int) -> None:
        """Say that a person has read everything up to a number."""
        unread = await asyncio.to_thread(self.inbox.unread, user_id)
        await asyncio.to_thread(self.inbox.mark_all, user_id, upto)
        for notification in unread:
            self.pages.tell(user_id, notification.seq)

    async def delete(self, user_id: str, seq: int) -> None:
        """Forget a notification."""
        await asyncio.to_thread(self.inbox.delete, user_id, seq)
        self.pages.tell(user_id, seq)

    async def accept_email(self, user_id: str, text: str) -> str:
        """Accept an address, and ask its owner for a yes where that is not known.

        Raises `Invalid`, `Conflict` where nothing can be mailed, and `TooFast`.
        """
        if self._mail is None:
            raise Conflict("This site sends no e-mails: its mail server is not set up")
        given = addresses.address(text)
        asked = await asyncio.to_thread(self.addresses.ask, user_id, given)
        if asked is None:
            return given
        sender, site, id = self._mail.sender, self._site, letters.new_id()
        letter = letters.confirmation(to=asked, sender=sender, site=site, id=id, at=self._now())
        try:
            await self._mail.send(letter)
        except NotSent as failure:
            raise Invalid(f"No e-mail could be sent there: {failure.why}", field="email") from None
        return given

    async def accept_webhook(self, user_id: str, text: str) -> str:
        """Accept a URL that a person wants to be told at. Raises `Invalid`."""
        url = await self._post.accept(text)
        await asyncio.to_thread(self.webhooks.use, user_id, url)
        return url

    async def stop_email(self, key: str) -> tuple[str, list[SavedSearch]]:
        """Send nothing more to the address of a link; gives it, and the searches that had it.

        Raises `NotFound`.
        """
        stopped = await asyncio.to_thread(self.addresses.stop, key)
        user_id, address = stopped.user_id, stopped.address
        return address, await asyncio.to_thread(self.searches.without_email, user_id, address)

    def _keep(
        self, notices: Sequence[Notice], positions: Mapping[tuple[str, str], int]
    ) -> list[Notification]:
        with self._database.at_once():
            kept = self.inbox.take(notices)
            self.searches.keep_positions(positions)
        return kept

    async def _carry(self, parcel: Parcel, notification: Notification, message: Message) -> None:
        if parcel.way is Way.EMAIL:
            await self._mail_to(parcel, notification, message)
        else:
            await self._post_to(parcel, notification, message)

    async def _mail_to(self, parcel: Parcel, notification: Notification, message: Message) -> None:
        to = await asyncio.to_thread(self.addresses.of, parcel.user_id, parcel.target)
        if self._mail is None or to is None or not to.confirmed:
            return  # as its owner wants
        letter = letters.letter(
            message,
            to=to,
            sender=self._mail.sender,
            site=self._site,
            id=parcel.id,
            at=notification.at,
        )
        await self._mail.send(letter)

    async def _post_to(self, parcel: Parcel, notification: Notification, message: Message) -> None:
        webhook = await asyncio.to_thread(self.webhooks.of, parcel.user_id, parcel.target)
        if webhook is None or webhook.stopped:
            return
        data = _as_json(notification, message)
        data |= {"url": self._site + message.path, "sums_up": parcel.sums_up}
        body = {"type": notification.kind, "timestamp": data.pop("at"), "data": data}
        await self._post.send(webhook, parcel.id, body)

    async def _gave_up(self, parcel: Parcel, failure: NotSent) -> None:
        """Stop a way that has failed for days, or for good, and tell the person."""
        if parcel.way is Way.WEBHOOK:
            webhook = await asyncio.to_thread(self.webhooks.of, parcel.user_id, parcel.target)
            if webhook is None or webhook.stopped:
                return  # the person knows
            await asyncio.to_thread(self.webhooks.stop, parcel.user_id, parcel.target, failure.why)
        elif failure.for_good:
            await asyncio.to_thread(self.addresses.forget, parcel.user_id, parcel.target)
        else:
            return  # it was our mail server that failed: the address is none the worse
        about = {"way": parcel.way, "target": parcel.target, "why": failure.why}
        await self.tell([Notice(user_id=parcel.user_id, kind=Kind.WAY_STOPPED, about=about)])


async def _way_stopped(notification: Notification, _: bool) -> Message:
    way, target, why = (str(notification.about[name]) for name in ("way", "target", "why"))
    what = "The e-mails to" if way == Way.EMAIL else "The webhook"
    title = f"{what} {target} {'were' if way == Way.EMAIL else 'was'} stopped: {why}"
    return Message(title=title, details={"way": way, "target": target, "why": why})


def _as_json(notification: Notification, message: Message) -> Json:
    return {
        "seq": notification.seq,
        "kind": notification.kind,
        "at": notification.at.isoformat(timespec="milliseconds"),
        "read": notification.read,
        "more": notification.more,
        "search": notification.subject or None,
        "title": message.title,
        "text": message.text,
        "url": message.path,
        "gone": message.gone,
        **message.details,
    }


def _mail_server(settings: Settings) -> MailServer | None:
    if not settings.smtp_host:
        return None
    return MailServer(
        host=settings.smtp_host,
        port=settings.smtp_port,
        security=settings.smtp_security,
        sender=settings.smtp_from,
        user=settings.smtp_user,
        password=settings.smtp_password.get_secret_value(),
    )
