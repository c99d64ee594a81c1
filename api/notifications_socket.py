"""The websocket that tells a person's open pages what is news to them, ``notifications.v1``."""

import asyncio
import json
import re

from fastapi import WebSocket
from starlette.websockets import WebSocketDisconnect

from api.bootstrap import Roomscribe
from api.open_pages import OpenPage
from api.protocol import MAX_MESSAGE_BYTES, Message, error
from api.routes.access import token
from api.websocket import CLOSE_BAD_TOKEN, CLOSE_SERVER_FAILED
from models.errors import Invalid, NotFound, NotSignedIn, StorageFailed

SUBPROTOCOL = "notifications.v1"
_SEQ = re.compile(r"[0-9]{1,15}")


async def serve(websocket: WebSocket, app: Roomscribe) -> None:
    """Serve one page from the handshake to the end. Query: ``token``, ``after``."""
    offered = websocket.scope.get("subprotocols", [])
    await websocket.accept(SUBPROTOCOL if SUBPROTOCOL in offered else None)
    try:
        user = await app.identity.user(token(websocket))
        if user is None:
            raise NotSignedIn("sign in with POST /v1/session and send the token")
        with app.notifying.pages.opened(user.id) as page:
            await _Listener(websocket, app, user.id, page).run()
    except NotSignedIn as refusal:
        await websocket.close(CLOSE_BAD_TOKEN, str(refusal))
    except StorageFailed:
        await websocket.close(CLOSE_SERVER_FAILED, "the notifications cannot be read now")
    except WebSocketDisconnect:
        pass


class _Listener:
    """One page. What is sent and what is answered go through one lock, so they keep their order."""

    def __init__(self, socket: WebSocket, app: Roomscribe, user_id: str, page: OpenPage) -> None:
        self._socket = socket
        self._notifying = app.notifying
        self._user_id = user_id
        self._page = page
        self._sending = asyncio.Lock()

    async def run(self) -> None:
        """Welcome the page, give it what waits, and serve it until it leaves."""
        inbox, asked = self._notifying.inbox, self._socket.query_params.get("after", "")
        latest = await asyncio.to_thread(inbox.latest, self._user_id)
        if _SEQ.fullmatch(asked):
            waiting = await asyncio.to_thread(inbox.since, self._user_id, int(asked))
        else:
            waiting = await asyncio.to_thread(inbox.unread, self._user_id)
        await self._send({"type": "welcome", "seq": latest, "unread": await self._unread()})
        for notification in waiting:
            values = await self._notifying.as_json(notification)
            await self._send({"type": "notification", **values})
        telling = asyncio.create_task(self._tell())
        hearing = asyncio.create_task(self._hear())
        try:
            await asyncio.wait((telling, hearing), return_when=asyncio.FIRST_COMPLETED)
        finally:
            telling.cancel()
            hearing.cancel()
            ended = await asyncio.gather(telling, hearing, return_exceptions=True)
        for one in ended:
            if isinstance(one, Exception):
                raise one

    async def _tell(self) -> None:
        while True:
            for seq in await self._page.take():
                await self._send(await self._news(seq))

    async def _news(self, seq: int) -> Message:
        found = await asyncio.to_thread(self._notifying.inbox.one, self._user_id, seq)
        unread = await self._unread()
        if found is None:
            return {"type": "gone", "seq": seq, "unread": unread}
        values = await self._notifying.as_json(found)
        return {"type": "notification", **values, "unread": unread}

    async def _hear(self) -> None:
        while True:
            received = await self._socket.receive()
            if received["type"] == "websocket.disconnect":
                return
            try:
                await self._answer(received.get("text"))
            except Invalid as refusal:
                await self._send(error("bad-message", str(refusal), field=refusal.field))
            except NotFound as refusal:
                await self._send(error("not-found", str(refusal), field="seq"))

    async def _answer(self, text: str | None) -> None:
        match _parse(text):
            case {"type": "ping"}:
                await self._send({"type": "pong"})
            case {"type": "ack", "seq": int(seq)} if 0 < seq < 2**53:
                await self._notifying.mark(self._user_id, seq, read=True)
            case {"type": "ack"}:
                raise Invalid("seq is the number of a notification", field="seq")
            case _:
                raise Invalid("there is no such message", field="type")

    async def _unread(self) -> int:
        return await asyncio.to_thread(self._notifying.inbox.count_unread, self._user_id)

    async def _send(self, message: Message) -> None:
        async with self._sending:
            await self._socket.send_text(json.dumps(message, ensure_ascii=False))


def _parse(text: str | None) -> Message:
    if text is None or len(text.encode(errors="surrogatepass")) > MAX_MESSAGE_BYTES:
        raise Invalid("a message is text of 16 KiB at most", field="message")
    try:
        message = json.loads(text)
    except (ValueError, RecursionError):
        raise Invalid("a message is JSON", field="message") from None
    if not isinstance(message, dict):
        raise Invalid("a message is a JSON object", field="message")
    return message
