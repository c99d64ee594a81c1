"""A stage for the pages: web/ in Debian's Chromium, against a scripted captions.v1 server."""

import json
import mimetypes
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Page,
    Route,
    WebSocketRoute,
    expect,
    sync_playwright,
)

from tests.chromium import FLAGS, executable
from tests.web.pages import ADA, BEN

WEB = Path(__file__).resolve().parents[2] / "web"
ORIGIN = "http://localhost:8999"
LISTS = {name: f"{name}.html" for name in ("recordings", "search", "notifications", "email")}
PAGES = {"rooms": "room.html", "recordings": "recording.html"}
ROOM_PAGES = {"captions": "screen.html", "captioner": "captioner.html"}
CSP = (
    "default-src 'self'; connect-src 'self' ws: wss:; media-src 'self' blob:; "
    "style-src 'self' 'unsafe-inline'"
)

Message = dict[str, Any]

ROOM: Message = {
    "id": "r1",
    "title": "Morning talk",
    "language": "en",
    "translate": False,
    "tracks": [],
    "state": "live",
    "host": ADA,
    "record": True,
    "open_floor": True,
    "private": False,
    "starts_at": None,
    "started_at": "2025-01-01T09:00:00+00:00",
    "ended_at": None,
    "instance": 1,
    "participants": 2,
}
RECORDING: Message = {
    "id": "rec1",
    "room_id": "r1",
    "instance": 1,
    "title": "Morning talk",
    "started_at": "2025-01-01T09:00:00+00:00",
    "phase": "finished",
    "duration_s": 75.5,
    "loudness": {"integrated_lufs": -20.0},
    "media": [{"format": "ogg", "url": "/v1/recordings/rec1/media?format=ogg"}],
    "transcript_url": "/v1/rooms/r1/transcript?instance=1&format=",
    "losses": [{"start_s": 3.0, "duration_s": 2.0, "reason": "disk full"}],
}


class Stage:
    """One browser page and the server behind it, which the test plays by hand."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.journals: dict[str, list[Message]] = {"": []}
        self.track = ""
        self.answers: dict[str, Any] = {
            "GET /v1/rooms?state=live": {"items": [ROOM]},
            "GET /v1/rooms?state=scheduled": {"items": []},
            "GET /v1/rooms?state=ended": {"items": []},
            "GET /v1/rooms/r1": ROOM,
            "GET /v1/rooms/r1/participants": {"items": []},
            "GET /v1/rooms/r1/speakers": {"items": [ADA["id"], BEN["id"]]},
            "GET /v1/site": {"keep_days": 0, "keep_days_max": 0},
            "GET /v1/recordings": {"items": [RECORDING]},
            "GET /v1/recordings/rec1": RECORDING,
        }
        self.asked: list[Message] = []
        self.puts: list[Message] = []
        self.addresses: list[str] = []
        self.room_state = "live"
        self.recording = "on"
        self.reachable = True
        self.refuses = 0
        self.remembers = True
        self.trouble: list[str] = []
        self.unread: list[Message] = []
        self._socket: WebSocketRoute | None = None
        self._listener: WebSocketRoute | None = None
        self._paused_at: int | None = None
        page.on("pageerror", lambda error: self.trouble.append(str(error)))
        page.on("console", lambda told: self._heard(told.type, told.text))
        page.route("**/*", self._serve)
        page.route_web_socket("**/captions*", self._connect)
        page.route_web_socket("**/v1/notifications*", self._listen)

    @property
    def journal(self) -> list[Message]:
        """What was said."""
        return self.journals[""]

    @property
    def read(self) -> list[Message]:
        """The track that the listener reads."""
        return self.journals[self.track]

    def offer(self, *tracks: str) -> None:
        """Offer captions in other languages, too."""
        for track in tracks:
            self.journals.setdefault(track, [])

    def open(self, path: str) -> Page:
        """Go to a page of the site."""
        self.page.goto(ORIGIN + path)
        return self.page

    def say(
        self,
        text: str,
        *,
        speaker: Message = ADA,
        id: str = "",
        track: str = "",
        language: str = "en",
    ) -> Message:
        """Finish a caption: into the journal, then to the listener unless they paused."""
        seq = len(self.journals[track]) + 1
        return self._append(
            {
                "type": "final",
                "instance": 1,
                "id": id or f"c{seq}{track}",
                "rev": 9,
                "start": seq * 3.0,
                "end": seq * 3.0 + 2.5,
                "speaker": speaker,
                "text": text,
                "words": [],
                "language": language,
                "source": "asr",
                **({"track": track} if track else {}),
            }
        )

    def gap(self, start: float, end: float, reason: str) -> Message:
        """Leave a gap in the captions."""
        return self._append(
            {"type": "gap", "instance": 1, "start": start, "end": end, "reason": reason}
        )

    def correct(self, id: str, text: str) -> Message:
        """Correct a caption."""
        return self._append(
            {"type": "correction", "id": id, "rev": 10, "text": text, "by": ADA, "replaces": 1}
        )

    def interim(self, text: str, *, id: str = "i1", rev: int = 1, speaker: Message = ADA) -> None:
        """Say what is being spoken."""
        start = (len(self.journal) + 1) * 3.0
        message = {"id": id, "rev": rev, "start": start, "end": start + 1, "speaker": speaker}
        if self._paused_at is None:
            self.send({"type": "interim", **message, "text": text, "stable": 0})

    def send(self, message: Message) -> None:
        """Send anything."""
        assert self._socket, "no page is connected"
        self._socket.send(json.dumps(message))

    def notify(self, notification: Message) -> None:
        """Tell who is signed in, now or when their page connects."""
        self.unread.append(notification)
        if self._listener:
            news = {"type": "notification", **notification, "unread": len(self.unread)}
            self._listener.send(json.dumps(news))

    def _listen(self, socket: WebSocketRoute) -> None:
        self._listener = socket
        pong = json.dumps({"type": "pong"})
        socket.on_message(lambda data: socket.send(pong) if "ping" in str(data) else None)
        welcome = {"type": "welcome", "seq": len(self.unread), "unread": len(self.unread)}
        for message in (welcome, *({"type": "notification", **one} for one in self.unread)):
            socket.send(json.dumps(message))

    def hold_back(self) -> None:
        """Let a reader who goes on wait for what was missed."""
        self._paused_at = None

    def cut(self, code: int = 1006) -> None:
        """Lose the connection."""
        assert self._socket, "no page is connected"
        socket, self._socket = self._socket, None
        socket.close(code=1011 if code == 1006 else code)

    def _append(self, message: Message) -> Message:
        journal = self.journals[message.get("track", "")]
        entry = {**message, "seq": len(journal) + 1}
        journal.append(entry)
        if message.get("track", "") != self.track:
            return entry
        if self._socket and self._paused_at is None:
            self.send(entry)
        elif self._socket and self._paused_at is not None:
            waiting = journal[self._paused_at :]
            count = sum(one["type"] == "final" for one in waiting)
            self.send({"type": "pending", "count": count, "latest_seq": len(journal)})
        return entry

    def _connect(self, socket: WebSocketRoute) -> None:
        self.addresses.append(socket.url)
        if self.refuses or not self.reachable:
            socket.close(code=self.refuses or 1011)
            return
        self._socket = socket
        self._paused_at = None
        socket.on_message(lambda data: self._answer(json.loads(data)))
        query = parse_qs(urlsplit(socket.url).query, keep_blank_values=True)
        wanted = query.get("track", [""])[0]
        self.track = wanted if wanted in self.journals else ""
        after = query.get("after") if self.track == wanted else None
        self.send(
            {
                "type": "welcome",
                "room": "r1",
                "title": ROOM["title"],
                "instance": 1,
                "seq": len(self.read),
                "first_seq": 1 if self.read else 0,
                "live": self.room_state == "live",
                "language": "de" if len(self.journals) > 1 else "en",
                "tracks": [track for track in self.journals if track],
                "track": self.track,
                "engine": {
                    "name": "pocketsphinx",
                    "model": "en-us",
                    "quality": "basic",
                    "unsure_below": 0.5,
                },
                "style": None,
                "state": self.room_state,
                "recording": self.recording,
                "participants": 2,
            }
        )
        if after is None:
            self._history(len(self.read) + 1, 50)
        else:
            for entry in self.read[int(after[0]) :]:
                self.send(entry)
        self.send({"type": "status", "delay": 1.4, "state": "ok", "note": ""})

    def _answer(self, message: Message) -> None:
        self.asked.append(message)
        if message["type"] == "pause" and self._paused_at is None:
            self._paused_at = len(self.read)
        elif message["type"] == "resume" and self._paused_at is not None:
            missed = self.read[self._paused_at :]
            if message["mode"] == "live":
                missed = [entry for entry in missed if entry["type"] == "correction"]
            self._paused_at = None
            for entry in missed:
                self.send(entry)
        elif message["type"] == "scrollback" and self.remembers:
            self._scrollback(message)
        elif message["type"] == "ping" and self._socket:
            self.send({"type": "pong"})
        elif message["type"] == "style":
            self._switch(message["track"])

    def _switch(self, wanted: str) -> None:
        track = wanted if wanted in self.journals else ""
        if track == self.track:
            return
        self.track = track
        latest = len(self.read)
        said = {"type": "track", "track": track, "seq": latest, "first_seq": 1 if latest else 0}
        self.send(said)
        self._history(latest + 1, 50)
        if self._paused_at is not None:
            self._paused_at = latest

    def _scrollback(self, message: Message) -> None:
        limit = message["limit"]
        if "at" not in message:
            self._history(message["before"], limit)
            return
        later = (one["seq"] for one in self.read if one.get("end", 0) > message["at"])
        seq = next(later, len(self.read))
        self._history(seq + limit // 2, limit, at=message["at"], seq=seq)

    def _history(self, before: int, limit: int, **sought: float) -> None:
        below = [entry for entry in self.read if entry["seq"] < before]
        items = below[-limit:]
        more = len(below) > len(items)
        page = {"type": "history", "items": items, "before": before, "more": more}
        self.send(page | sought)

    def _serve(self, route: Route) -> None:
        url = urlsplit(route.request.url)
        if url.path.startswith("/v1/"):
            self._answer_http(route, url.path + (f"?{url.query}" if url.query else ""))
            return
        parts = url.path.strip("/").split("/")
        if parts[0] == "web":
            file = WEB.joinpath(*parts[1:])
        elif len(parts) == 2 and parts[0] in PAGES:
            file = WEB / PAGES[parts[0]]
        elif len(parts) == 3 and parts[2] in ROOM_PAGES:
            file = WEB / ROOM_PAGES[parts[2]]
        else:
            file = WEB / LISTS.get(parts[0], "index.html")
        if not file.is_file():
            route.fulfill(status=404)
            return
        kind = mimetypes.guess_type(file.name)[0] or "text/html"
        headers = {"Content-Type": kind, "Content-Security-Policy": CSP}
        route.fulfill(body=file.read_bytes(), headers=headers)

    def _answer_http(self, route: Route, path: str) -> None:
        request = route.request
        if request.method in ("PUT", "PATCH"):
            self.puts.append({"path": path, "body": request.post_data_json})
        answer = self.answers.get(f"{request.method} {path}")
        if isinstance(answer, tuple):  # a status, and what kind of problem it is
            kind = {"type": f"urn:roomscribe:{answer[1]}", "detail": "That did not work."}
            route.fulfill(status=answer[0], json=kind)
        elif isinstance(answer, int) or answer is None:
            problem = {"title": "Not so", "detail": "That did not work.", "status": answer or 404}
            route.fulfill(status=answer or 404, json=problem)
        else:
            route.fulfill(json=answer)

    def _heard(self, kind: str, text: str) -> None:
        if kind == "error" and "Failed to load resource" not in text:
            self.trouble.append(text)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    chromium = executable()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-GB")
    expect.set_options(timeout=5000)
    yield context
    context.close()


@pytest.fixture
def stage(context: BrowserContext) -> Iterator[Stage]:
    stage = Stage(context.new_page())
    yield stage
    assert stage.trouble == []
