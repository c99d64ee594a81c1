"""A real mail server and a real webhook receiver on this machine, for tests."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session
from standardwebhooks import Webhook


@dataclass(slots=True)
class Mailbox:
    """An SMTP server, and the letters that it took; it refuses the addresses in ``unknown``."""

    port: int = 0
    letters: list[EmailMessage] = field(default_factory=list)
    unknown: set[str] = field(default_factory=set)

    @property
    def settings(self) -> dict[str, Any]:
        """What a server is set to that sends its e-mails here."""
        return {
            "public_url": "https://captions.example.org",
            "smtp_host": "127.0.0.1",
            "smtp_port": self.port,
            "smtp_security": "none",
            "smtp_from": "Roomscribe <captions@example.org>",
        }

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: object
    ) -> str:
        if address in self.unknown:
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        assert isinstance(envelope.content, bytes)
        self.letters.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"

    def links(self, which: int = -1) -> list[str]:
        """The addresses in a letter's plain text, without the site's."""
        lines = text_of(self.letters[which]).splitlines()
        site = "https://captions.example.org"
        return [line.removeprefix(site) for line in lines if line.startswith(site)]


def text_of(letter: EmailMessage) -> str:
    body = letter.get_body(("plain",))
    assert body
    return str(body.get_content())


def html_of(letter: EmailMessage) -> str:
    body = letter.get_body(("html",))
    assert body
    return str(body.get_content())


@asynccontextmanager
async def mailbox() -> AsyncIterator[Mailbox]:
    box = Mailbox()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(box, loop=loop), "127.0.0.1", 0)
    box.port = server.sockets[0].getsockname()[1]
    try:
        yield box
    finally:
        server.close()
        await server.wait_closed()


@dataclass(slots=True)
class Receiver:
    """An HTTP server for webhooks: what was posted, and with which status it answers."""

    port: int = 0
    status: int = 204
    headers: list[str] = field(default_factory=list)
    posts: list[tuple[dict[str, str], str]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook?for=ada"

    def verified(self, secret: str) -> list[dict[str, Any]]:
        """What was posted, as somebody reads it who knows the secret."""
        return [Webhook(secret).verify(body, headers) for headers, body in self.posts]

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        lines = head.splitlines()[1:]
        headers = {
            name.lower(): value.strip()
            for name, _, value in (line.partition(":") for line in lines if line)
        }
        body = await reader.readexactly(int(headers["content-length"]))
        self.posts.append((headers, body.decode()))
        more = "".join(f"{header}\r\n" for header in self.headers)
        writer.write(f"HTTP/1.1 {self.status} -\r\nContent-Length: 0\r\n{more}\r\n".encode())
        await writer.drain()
        writer.close()


@asynccontextmanager
async def receiver() -> AsyncIterator[Receiver]:
    hook = Receiver()
    server = await asyncio.start_server(hook.answer, "127.0.0.1", hook.port)
    hook.port = server.sockets[0].getsockname()[1]
    try:
        yield hook
    finally:
        server.close()
        await server.wait_closed()


def bodies(hook: Receiver) -> list[dict[str, Any]]:
    return [json.loads(body) for _, body in hook.posts]
