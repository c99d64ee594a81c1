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
from transcripts.search.looking import marks
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
        final = await self._final(room, str(about["caption"])) if room else None
        shown = _shown(str(about["query"]), final) if final else None
        times = ""
        if sums_up:
            times = "once more " if notification.more == 1 else f"{notification.more} more times "
        title = room.title if room else str(about["title"])
        return Message(
            title=f"“{about['name']}” was mentioned {times}in {title}",
            text="" if shown is None or sums_up else shown.text,
            path=_path(notification, shown),
            details=_details(notification, title, final, None if sums_up else shown),
            gone=shown is None,
        )

    async def _room(self, room_id: str) -> Room | None:
        try:
            room = await self._registry.room(room_id)
        except NotFound:
            return None
        return None if room.private else room

    async def _final(self, room: Room, caption_id: str) -> Final | None:
        """Give a caption as everybody may read it; None when they may not."""
        history = await self._journal.caption(room.id, caption_id)
        finals = effective(await self._withholding.for_everybody(room.id, history))
        return finals[0] if finals else None


def _shown(query: str, final: Final) -> Snippet | None:
    """Give the words that are looked for in their caption; None when it has them no more."""
    looked_for = parse(query).query
    found = marks(looked_for, final)
    if not final.text or (looked_for.what and not found):
        return None
    return snippet(final, found)


def _path(notification: Notification, shown: Snippet | None) -> str:
    about = notification.about
    path = f"/rooms/{quote(str(about['room']), safe='')}"
    if shown is None:
        return path
    return f"{path}?{urlencode({'instance': about['instance'], 'from': round(shown.at_s, 2)})}"


def _details(
    notification: Notification, title: str, final: Final | None, shown: Snippet | None
) -> dict[str, Any]:
    about = notification.about
    speaker = final.speaker if final and shown else None
    return {
        "name": about["name"],
        "query": about["query"],
        "room": {"id": about["room"], "title": title},
        "instance": about["instance"],
        "track": about["track"],
        "caption": about["caption"],
        "at_s": shown.at_s if shown else None,
        "speaker": {"id": speaker.id, "name": speaker.name} if speaker else None,
        "marks": [list(mark) for mark in shown.marks] if shown else [],
    }
