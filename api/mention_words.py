"""Puts into words that a public room mentioned what somebody looks for.

The words of the caption are those that everybody may read by now: what was corrected, cut, deleted
or is not published any more is told to nobody, also where they were told of it before.
"""

from typing import Any
from urllib.parse import quote, urlencode

from api.withholding import Withholding
from models.errors import NotFound
from models.notification import Message, Notification
from models.room import Room
from models.transcript import Final
from pipeline.journal import Journal
from rooms.registry import RoomRegistry
from transcripts.effective import effective
from transcripts.search.looking import CONTEXT, marks
from transcripts.search.parsing import parse
from transcripts.search.snippets import Snippet, snippet


class MentionWords:
    """The `notifications.sending.Wording` of mentions."""

    def __init__(self, registry: RoomRegistry, journal: Journal, withholding: Withholding) -> None:
        self._registry = registry
        self._journal = journal
        self._withholding = withholding

    async def __call__(self, notification: Notification, sums_up: bool) -> Message:
        about = notification.about
        room = await self._room(str(about["room"]))
        found = await self._found(room, notification) if room else None
        title = room.title if room else str(about["title"])
        if found is None:
            return _gone(notification, title)
        final, shown = found
        times = ""
        if sums_up:
            times = "once more " if notification.more == 1 else f"{notification.more} more times "
        query = urlencode({"instance": about["instance"], "from": round(shown.at_s, 2)})
        said = {} if sums_up else _said(final, shown)
        return Message(
            title=f"“{about['name']}” was mentioned {times}in {title}",
            text="" if sums_up else shown.text,
            path=f"{_path(notification)}?{query}",
            details=_details(notification, title, name=about["name"], query=about["query"], **said),
        )

    async def _room(self, room_id: str) -> Room | None:
        try:
            room = await self._registry.room(room_id)
        except NotFound:
            return None
        return None if room.private else room

    async def _found(self, room: Room, notification: Notification) -> tuple[Final, Snippet] | None:
        """Give a caption as everybody may read it; None when it has what is looked for no more."""
        track = str(notification.about["track"])
        history = await self._journal.caption(room.id, str(notification.about["caption"]))
        finals = effective(await self._withholding.for_everybody(room.id, history))
        if not finals or not finals[0].text:
            return None
        final = finals[0]
        before = await self._journal.before(room.id, final.seq, CONTEXT, track=track)
        readable = await self._withholding.for_everybody(room.id, before)
        looked_for = parse(str(notification.about["query"])).query
        places = marks(looked_for, final, readable)
        if looked_for.what and not places:
            return None
        return final, snippet(final, places)


def _gone(notification: Notification, title: str) -> Message:
    """Of what is gone not even what was looked for is told: those are words of it."""
    return Message(
        title=f"Something that was mentioned in {title} is not there any more",
        path=_path(notification),
        details=_details(notification, title),
        gone=True,
    )


def _path(notification: Notification) -> str:
    return f"/rooms/{quote(str(notification.about['room']), safe='')}"


def _said(final: Final, shown: Snippet) -> dict[str, Any]:
    speaker = final.speaker
    return {
        "at_s": shown.at_s,
        "speaker": {"id": speaker.id, "name": speaker.name} if speaker else None,
        "marks": [list(mark) for mark in shown.marks],
    }


def _details(notification: Notification, title: str, **known: Any) -> dict[str, Any]:
    about = notification.about
    unknown: dict[str, Any] = {
        "name": None,
        "query": None,
        "at_s": None,
        "speaker": None,
        "marks": [],
    }
    return {
        "room": {"id": about["room"], "title": title},
        "instance": about["instance"],
        "track": about["track"],
        "caption": about["caption"],
        **unknown,
        **known,
    }
