"""Searches as a client makes them, and conversations to search in."""

from typing import Any

from models.room import Speaker
from models.transcript import Final, Word
from tests.api.running import ADA, Person, Running


async def search(server: Running, person: Person | None = None, **params: Any) -> dict[str, Any]:
    """Search as somebody, or as a guest."""
    wanted = {"from" if name == "from_" else name: value for name, value in params.items()}
    headers = person.headers if person else {}
    reply = await server.http.get("/v1/search", params=wanted, headers=headers)
    answer: dict[str, Any] = reply.raise_for_status().json()
    return answer


def hits(answer: dict[str, Any]) -> list[dict[str, Any]]:
    """All hits, of all rooms, in their order."""
    return [hit for room in answer["rooms"] for hit in room["hits"]]


def texts(answer: dict[str, Any]) -> list[str]:
    return [hit["snippet"] for hit in hits(answer)]


def marked(hit: dict[str, Any]) -> list[str]:
    return [hit["snippet"][start:end] for start, end in hit["marks"]]


def said(text: str, start_s: float, *, by: Speaker = ADA, track: str = "") -> Final:
    """A caption of a word every 0.2 s, with an id of its time."""
    words = tuple(
        Word(text=word, start_s=start_s + n / 5, end_s=start_s + n / 5 + 0.2, confidence=0.9)
        for n, word in enumerate(text.split())
    )
    return Final(
        id=f"c{start_s}{track}",
        rev=1,
        start_s=start_s,
        end_s=words[-1].end_s,
        speaker=by,
        text=text,
        words=words,
        track=track,
    )
