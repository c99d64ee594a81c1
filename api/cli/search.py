"""``roomscribe search``: what was said, found in the terminal; the server may run or not."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from rich.console import Console
from rich.text import Text

from api import search_json
from api.data_folder import index_of, transcripts_at
from api.edits import RecordingEdits
from api.search import Asker, Search
from api.settings import Settings
from api.withholding import Withholding
from models.errors import Invalid, StorageFailed
from recorder.finishing import Finishing
from recorder.recording import Recorder
from rooms.registry import RoomRegistry
from rooms.store import RoomStore
from transcripts.database import FAILURES, Where, open_engine, reason
from transcripts.journal import SqlJournal
from transcripts.search.answering import Exactly, Finder
from transcripts.search.index import Page
from transcripts.search.parsing import parse
from transcripts.search.searching import Searching
from transcripts.search.tolerant import Reread, Tolerantly
from transcripts.upgrading import is_current

_MARK = "bold underline"

_PATIENCE_S = 1.5
"""So long the words of the index are waited for, where what was typed was not said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What is looked for; ``everything`` is also in private rooms, for who runs the server.

    Where it was not said as typed, what it may have been heard as is looked for, unless ``exact``.
    """

    query: str
    exact: bool = False
    everything: bool = False
    limit: int = 20
    as_json: bool = False


async def search(settings: Settings, job: Job) -> int:
    """Print what is found; the exit status is 1 when that is nothing.

    Raises `Invalid` where nothing is kept, and `StorageFailed`.
    """
    parsed = parse(job.query)
    page = Page(now=datetime.now(UTC), limit=job.limit)
    asker = Asker(everything=job.everything)
    async with _opened(settings, exact=job.exact) as (searcher, finder, edits):
        results = await searcher.answer(asker, finder, parsed.query, page)
        answer = search_json.answer(job.query, parsed.hints, results, edits, "")
    if job.as_json:
        Console(highlight=False, soft_wrap=True, markup=False).print(
            json.dumps(answer, ensure_ascii=False, indent=1)
        )
    else:
        _print(answer, too_broad=results.too_broad)
    return 0 if answer["rooms"] else 1


@asynccontextmanager
async def _opened(
    settings: Settings, *, exact: bool
) -> AsyncIterator[tuple[Search, Finder, RecordingEdits]]:
    """Read what is kept, and change nothing: a server may be running on it."""
    rooms = settings.data_dir / "rooms.db"
    if not rooms.exists():
        raise Invalid(f"nothing is kept in {settings.data_dir} yet", field="data_dir")
    where = transcripts_at(settings)
    await asyncio.to_thread(_require_index, where)
    store, searching = RoomStore(rooms), Searching(where)
    try:
        registry = RoomRegistry(store)
        recorder = Recorder(settings.data_dir / "recordings")
        edits = RecordingEdits(recorder, Finishing(recorder))
        await asyncio.to_thread(edits.read)
        withholding = Withholding(recorder, registry, SqlJournal(where), edits)
        await withholding.start()
        search = Search(
            searching=searching,
            registry=registry,
            recorder=recorder,
            withholding=withholding,
            edits=edits,
        )
        index = index_of(where)
        words = Reread(index, patience_s=_PATIENCE_S)
        yield search, Exactly(index) if exact else Tolerantly(index, words), edits
    finally:
        await searching.close()
        store.close()


def _require_index(where: Where) -> None:
    engine = open_engine(where)
    try:
        if not is_current(engine):
            raise Invalid(
                "the transcripts are not indexed by this version: start the server once,"
                " or run roomscribe reindex",
                field="data_dir",
            )
    except FAILURES as error:
        raise StorageFailed(f"the transcripts cannot be read: {reason(error)}") from error
    finally:
        engine.dispose()


def _print(answer: dict[str, Any], *, too_broad: bool) -> None:
    console, notes = Console(highlight=False), Console(stderr=True, highlight=False, markup=False)
    for hint in answer["query"]["hints"]:
        notes.print(f"Hint: {hint['text']}")
    for heard in answer["query"]["heard_as"]:
        others = ", ".join(map(_shown, heard["as"]))
        notes.print(f"{_shown(heard['word'])} was not said; heard instead: {others}")
    for room in answer["rooms"]:
        about = room["room"]
        day = datetime.fromisoformat(about["started_at"]).date()
        console.print()
        head = _text(about["title"], room["title_marks"])
        head.stylize("bold")
        head.append(f"  {_shown(about['host']['name'])}, {day}" + ", private" * about["private"])
        console.print(head)
        for hit in room["hits"]:
            _print_hit(console, hit)
    if too_broad:
        notes.print("This search is too broad to be answered quickly. Add a word or a filter.")
        return
    least = "" if answer["total_is"] == "exact" else "at least "
    shown = sum(len(room["hits"]) for room in answer["rooms"])
    notes.print(f"{least}{answer['total']} found" + f", {shown} shown" * bool(answer["cursor"]))


def _print_hit(console: Console, hit: dict[str, Any]) -> None:
    speaker = _shown(hit["speaker"]["name"]) if hit["speaker"] else "?"
    line = Text(f"{_clock(hit['at']):>8}  {speaker}: ", overflow="fold")
    line.append_text(_text(hit["snippet"], hit["marks"]))
    console.print(line)
    console.print(Text(f"{'':8}  {hit['url']}", style="dim", overflow="fold"))


def _text(text: str, marks: Sequence[Sequence[int]]) -> Text:
    styled = Text(_shown(text))
    for start, end in marks:
        styled.stylize(_MARK, start, end)
    return styled


def _shown(text: str) -> str:
    """A text without what a terminal takes for a command, as long as before."""
    return "".join(c if c.isprintable() else " " for c in text)


def _clock(time_s: float) -> str:
    whole = int(time_s)
    return f"{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}"
