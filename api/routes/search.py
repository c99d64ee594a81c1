"""Search: every caption that the asker may read."""

import time
from datetime import UTC, datetime
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Response

from api import search_json
from api.routes.access import Guest, Server
from api.search import Asker, Results
from api.search_params import Params, wanted
from transcripts.search.index import Page
from transcripts.search.parsing import Hint

router = APIRouter(tags=["search"])

MOST = 100

Several = Annotated[tuple[str, ...], Query(max_length=20)]
Cursor = Annotated[str | None, Query(max_length=500)]


@router.get("/search")
async def search(
    app: Server,
    user: Guest,
    response: Response,
    q: str = "",
    host: Several = (),
    speaker: Several = (),
    room: Several = (),
    lang: Several = (),
    first_day: Annotated[str, Query(alias="from")] = "",
    last_day: Annotated[str, Query(alias="to")] = "",
    exact: bool = False,
    limit: Annotated[int, Query(ge=1, le=MOST)] = 20,
    cursor: Cursor = None,
) -> dict[str, Any]:
    """Find what was said in rooms that the asker may read; no query is an error."""
    began_s = time.perf_counter()
    parsed = wanted(
        Params(
            q=q,
            texts={"host": host, "speaker": speaker, "room": room, "lang": lang},
            first_day=first_day,
            last_day=last_day,
        )
    )
    page = Page(now=datetime.now(UTC), limit=limit, cursor=cursor or None)
    finder = app.finders.exact if exact else app.finders.usual
    results = await app.search.answer(Asker(user=user), finder, parsed.query, page)
    response.headers["Cache-Control"] = "private, no-store"
    hints = [*parsed.hints, *_remarks(results, app.first_indexing.percent)]
    given = {"q": q, "host": host, "speaker": speaker, "room": room, "lang": lang}
    given |= {"from": first_day, "to": last_day, "exact": "1"}
    answer = search_json.answer(q, hints, results, app.edits, f"/search?{_query(given)}")
    return answer | {"took_ms": round((time.perf_counter() - began_s) * 1000)}


def _remarks(results: Results, percent: int | None) -> list[Hint]:
    """What the server has to say, which is about no part of the query."""
    remarks = []
    if results.too_broad:
        remarks.append("This search is too broad to be answered quickly. Add a word or a filter.")
    if percent is not None:
        remarks.append(f"Older captions are still being indexed: {percent} % can be found.")
    return [Hint(text=text, start=0, end=0) for text in remarks]


def _query(given: dict[str, Any]) -> str:
    return urlencode({name: value for name, value in given.items() if value}, doseq=True)
