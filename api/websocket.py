"""The captions websocket: a thin shell around `api.delivery` and `api.protocol`."""

import asyncio
import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import WebSocket
from starlette.websockets import WebSocketDisconnect

from api import protocol
from api.bootstrap import Roomscribe
from api.delivery import Delivery, Mode
from api.history import History
from api.routes.access import token
from api.standing import OwnStanding
from api.typing_messages import HandBack, TakeOver, TypingMessage, Write
from api.typist import Typist, refusal_code
from asr.confidence import UNSURE_BELOW
from models.caption import LiveItem, RoomNews
from models.errors import (
    Invalid,
    NotAllowed,
    NotFound,
    NotSignedIn,
    RoomscribeError,
    StorageFailed,
)
from models.room import Room, RoomState, User
from models.style import CaptionStyle
from models.transcript import Correction, Entry
from pipeline.captions import Subscription
from pipeline.channel import Channel, ChannelClosed
from rooms.roles import Right

log = logging.getLogger(__name__)

CLOSE_BAD_TOKEN = 4401
CLOSE_NO_RIGHT = 4403
CLOSE_NO_ROOM = 4404
CLOSE_SERVER_ENDS = 1012
CLOSE_SERVER_FAILED = 1011
_FIRST_HISTORY = 50
_PAGE = 100
_SEQ = re.compile(r"-?[0-9]{1,18}")


@dataclass(frozen=True, slots=True)
class _Bad:
    """A message from the client that could not be read."""

    message: str
    field: str


@dataclass(frozen=True, slots=True)
class _Restyled:
    """The listener keeps another style since now, chosen on another page or device."""

    style: CaptionStyle


async def serve(websocket: WebSocket, app: Roomscribe, room_id: str) -> None:
    """Serve one reader from the handshake to the end.

    Query: ``token``, ``after``, ``track``, and ``style=own`` for a connection whose style is not
    the one that the listener keeps.
    """
    offered = websocket.scope.get("subprotocols", [])
    await websocket.accept(protocol.SUBPROTOCOL if protocol.SUBPROTOCOL in offered else None)
    try:
        await _read_along(websocket, app, room_id)
    except NotSignedIn as error:
        await websocket.close(CLOSE_BAD_TOKEN, str(error))
    except NotFound as error:
        await websocket.close(CLOSE_NO_ROOM, str(error))
    except NotAllowed as error:
        await websocket.close(CLOSE_NO_RIGHT, str(error))
    except StorageFailed as error:
        log.warning("room %s: a reader's captions cannot be read: %s", room_id, error)
        await websocket.close(CLOSE_SERVER_FAILED, "the captions cannot be read now")
    except WebSocketDisconnect:
        pass


async def _read_along(websocket: WebSocket, app: Roomscribe, room_id: str) -> None:
    user = await app.identity.user(token(websocket))
    room = await app.registry.room(room_id)
    await app.registry.require(user, room_id, Right.READ)
    # Subscribed before the journal is read, so that nothing falls between the two.
    styled = None if websocket.query_params.get("style") == "own" else user
    with app.lives.reading(room_id) as subscription, app.styles.following(styled) as restyled:
        await _Reader(websocket, app, room, user, subscription, styled, restyled).run()


class _Reader:
    """One connected reader. A single task sends, so messages keep their order."""

    def __init__(
        self,
        websocket: WebSocket,
        app: Roomscribe,
        room: Room,
        user: User | None,
        subscription: Subscription,
        styled: User | None,
        restyled: Channel[CaptionStyle],
    ) -> None:
        self._socket = websocket
        self._app = app
        self._room = room
        self._user = user
        self._subscription = subscription
        self._styled = styled
        self._restyled = restyled
        # The client waits when it sends faster than it is answered.
        self._inbox = Channel[protocol.ClientMessage | _Bad | _Restyled](32)
        self._delivery = Delivery(sent=0, latest=0)
        self._history = History(app.journal, app.withholding, room.id, user)
        self._standing = OwnStanding(app.registry, room.id, user)
        self._typist = Typist(app.lives, app.registry, room.id, user)

    async def run(self) -> None:
        """Welcome the reader and serve it until it leaves."""
        asked = self._socket.query_params
        style = await self._app.style(self._styled)
        wanted = asked.get("track", style.track)
        track = await self._offered(wanted)
        latest = await self._follow(track, style)
        after = _after(asked.get("after"), latest) if track == wanted else None
        if after is not None:
            self._delivery.begin_after(after)
        await self._welcome(latest, style)
        await self._tell_standing()
        if after is None:
            await self._scrollback(latest + 1, _FIRST_HISTORY)
        hearing = [asyncio.create_task(self._receive()), asyncio.create_task(self._hear_styles())]
        try:
            await self._serve()
        finally:
            for task in hearing:
                task.cancel()
            await asyncio.gather(*hearing, return_exceptions=True)

    async def _serve(self) -> None:
        news = asyncio.create_task(self._subscription.take())
        asked = asyncio.create_task(self._inbox.get())
        try:
            while True:
                await self._read_what_is_missing(paged=False)
                await self._send_items(self._delivery.interims())
                await asyncio.wait(
                    [news, asked],
                    timeout=self._delivery.wait_s(_now_s()),
                    return_when=asyncio.FIRST_COMPLETED,
                )
                if asked.done():
                    await self._answer(asked.result())
                    asked = asyncio.create_task(self._inbox.get())
                if news.done():
                    items, overflowed = news.result()
                    if not items:
                        await self._socket.close(CLOSE_SERVER_ENDS, "the server is ending")
                        return
                    if any(isinstance(item, RoomNews) for item in items):
                        await self._tell_standing()
                        await self._check_right()
                    await self._send_live(self._delivery.live(items))
                    await self._read_what_is_missing(paged=overflowed)
                    news = asyncio.create_task(self._subscription.take())
                # Told first: else the next entry may seem to be the last one.
                await self._tell_pending()
                await self._catch_up()
        except ChannelClosed:
            raise WebSocketDisconnect from None
        finally:
            news.cancel()
            asked.cancel()
            await asyncio.gather(news, asked, return_exceptions=True)

    async def _receive(self) -> None:
        """Read messages until the client is gone; bad ones become errors, never a close."""
        try:
            while True:
                received = await self._socket.receive()
                if received["type"] == "websocket.disconnect":
                    return
                self._typist.seen()  # now, as its answer may have to wait
                text = received.get("text")
                try:
                    if text is None:
                        raise Invalid("captions.v1 messages are text", field="message")
                    await self._inbox.put(protocol.parse(text))
                except Invalid as error:
                    await self._inbox.put(_Bad(str(error), error.field))
        finally:
            self._inbox.close()

    async def _hear_styles(self) -> None:
        async for style in self._restyled:
            await self._inbox.put(_Restyled(style))

    async def _answer(self, asked: protocol.ClientMessage | _Bad | _Restyled) -> None:
        match asked:
            case _Bad(message=message, field=field):
                await self._send(protocol.error("bad-message", message, field=field))
            case protocol.Pause():
                self._delivery.pause()
                await self._tell_pending()
            case protocol.Resume(mode=mode, wpm=wpm):
                skipped = self._delivery.resume(mode, wpm=wpm, now_s=_now_s())
                await self._send_corrections(skipped)
            case protocol.Scrollback(at_s=None, before=before, limit=limit):
                await self._scrollback(before, limit)
            case protocol.Scrollback(at_s=float(at_s), limit=limit, instance=instance):
                track = self._delivery.track
                await self._send(
                    await self._history.around(at_s, limit, track=track, instance=instance)
                )
            case protocol.SetStyle(values=values):
                await self._set_style(values)
            case _Restyled(style=style):
                await self._use_style(style)
            case protocol.Ping():
                await self._send({"type": "pong"})
            case TakeOver() | HandBack() | Write():
                await self._type(asked)

    async def _type(self, asked: TypingMessage) -> None:
        """Do what somebody asked who writes captions; a refusal closes nothing."""
        try:
            answered = await self._typist.take(asked)
        except RoomscribeError as error:
            await self._send(protocol.error(refusal_code(error), str(error)))
            return
        if answered:
            by = self._app.lives.captioner(self._room.id)
            await self._send({"type": "captioning", "captioner": protocol.speaker(by)})

    async def _offered(self, track: str) -> str:
        """Give a track when the room has it, else what is said."""
        room = await self._app.registry.room(self._room.id)
        return track if track in await self._app.lives.tracks(room) else ""

    async def _follow(self, track: str, style: CaptionStyle) -> int:
        """Be at the end of a track from now on; gives its newest seq."""
        self._subscription.follow(track)
        latest = await self._app.journal.latest(self._room.id, track=track)
        self._delivery = Delivery(sent=latest, latest=latest, pace=style.pace, track=track)
        return latest

    async def _switch(self, track: str, style: CaptionStyle) -> None:
        """Show another track: its newest page, and then what is live or, while paused, nothing."""
        paused = self._delivery.mode is Mode.PAUSED
        latest = await self._follow(track, style)
        await self._send(
            {"type": "track", "track": track, "seq": latest, "first_seq": 1 if latest else 0}
        )
        await self._scrollback(latest + 1, _FIRST_HISTORY)
        if paused:
            self._delivery.pause()
            await self._tell_pending()

    async def _welcome(self, latest: int, style: CaptionStyle) -> None:
        room = await self._app.registry.room(self._room.id)
        news = await self._app.lives.news(room)
        engine = self._app.recogniser.info
        await self._send(
            {
                "type": "welcome",
                "room": room.id,
                "title": room.title,
                "instance": room.instance,
                "seq": latest,
                "first_seq": 1 if latest else 0,
                "live": room.state is RoomState.LIVE,
                "language": news.language,
                "engine": {
                    "name": engine.name,
                    "model": engine.model,
                    "quality": engine.quality,
                    "unsure_below": UNSURE_BELOW.get(engine.name, 0.0),
                    "captioner": protocol.speaker(self._app.lives.captioner(room.id)),
                },
                "style": style.as_json(),
                "tracks": list(news.tracks),
                "track": self._delivery.track,
                "state": news.state,
                "participants": news.participants,
                "recording": news.recording,
                "note": news.note,
                "speaker_tracks": news.speaker_tracks,
            }
        )

    async def _scrollback(self, before: int, limit: int) -> None:
        await self._send(await self._history.page(before, limit, track=self._delivery.track))

    async def _set_style(self, values: object) -> None:
        try:
            style = CaptionStyle.parse(values)
        except Invalid as error:
            await self._send(protocol.error("bad-style", str(error), field=error.field))
            return
        if self._styled:
            await self._app.keep_style(self._styled, style, by=self._restyled)
        await self._use_style(style)

    async def _use_style(self, style: CaptionStyle) -> None:
        self._delivery.set_pace(style.pace)
        await self._send({"type": "style", "style": style.as_json()})
        track = await self._offered(style.track)
        if track != self._delivery.track:
            await self._switch(track, style)

    async def _read_what_is_missing(self, *, paged: bool) -> None:
        while self._delivery.behind:
            entries = await self._after(_PAGE)
            fresh = self._delivery.read(entries)
            if not fresh:
                return
            if paged:
                await self._send(protocol.history(fresh, before=fresh[0].seq))
            else:
                await self._send_items(fresh)

    async def _catch_up(self) -> None:
        while self._delivery.wait_s(_now_s()) == 0:
            entries = await self._after(1)
            await self._send_items(self._delivery.caught_up(entries, _now_s()))
            await self._tell_pending()

    async def _send_corrections(self, skipped: range) -> None:
        """Send the corrections among what a reader jumps over: it may have what they correct."""
        if skipped:
            first, last = skipped[0], skipped[-1]
            track = self._delivery.track
            await self._send_items(await self._history.corrections_in(first, last, track=track))

    async def _after(self, limit: int) -> Sequence[Entry]:
        at = self._delivery
        return await self._history.after(at.sent, limit, track=at.track)

    async def _check_right(self) -> None:
        """Turn away who was removed from a private room; such news comes with the room's."""
        if self._room.private:
            await self._app.registry.require(self._user, self._room.id, Right.READ)

    async def _tell_standing(self) -> None:
        if news := self._standing.news():
            await self._send(news)

    async def _tell_pending(self) -> None:
        if numbers := self._delivery.uncounted:
            first, last = numbers[0], numbers[-1]
            journal, track = self._app.journal, self._delivery.track
            finals = await journal.finals_in(self._room.id, first, last, track=track)
            self._delivery.count(numbers, finals)
        if pending := self._delivery.pending():
            values = {"count": pending.count, "latest_seq": pending.latest_seq}
            await self._send({"type": "pending", **values})

    async def _send_live(self, items: Sequence[LiveItem]) -> None:
        """Send what the bus brought; a correction may be of what is not for this reader."""
        for item in items:
            if isinstance(item, Correction):
                await self._send_items(await self._history.allowed([item]))
            else:
                await self._send_items([item])

    async def _send_items(self, items: Sequence[LiveItem]) -> None:
        for item in items:
            await self._send_text(protocol.encode(item))

    async def _send(self, values: protocol.Message) -> None:
        await self._send_text(protocol.dumps(values))

    async def _send_text(self, text: str) -> None:
        try:
            await self._socket.send_text(text)
        except RuntimeError:  # the server has hung up already, as on a reader that is long silent
            raise WebSocketDisconnect from None


def _after(value: str | None, latest: int) -> int | None:
    """Read ``after``; what is no number in the journal means from the beginning or the end."""
    if value is None or not _SEQ.fullmatch(value):
        return None
    return min(max(int(value), 0), latest)


def _now_s() -> float:
    return asyncio.get_running_loop().time()
