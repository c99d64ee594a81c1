"""A hit as a reader is shown it: its words, with marks, and what was said before and after it."""

from collections.abc import Sequence
from dataclasses import dataclass

from models.transcript import Final
from transcripts.search.matching import About, matches, ranges
from transcripts.search.query import Query
from transcripts.search.said import TAIL, Said
from transcripts.search.snippets import Range, Snippet, snippet
from transcripts.search.tokens import located, tokens


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A caption that was found, and its neighbours; None where nothing is beside it."""

    caption: Final
    snippet: Snippet
    before: Final | None
    after: Final | None


def show(query: Query, about: About, seq: int, captions: Sequence[Final]) -> Shown | None:
    """Show a hit among the captions around it; None where the query does not find it any more.

    ``captions`` are of one track of one instance, as a reader may read them now, in their order.
    """
    at = next((at for at, caption in enumerate(captions) if caption.seq == seq), None)
    if at is None or not captions[at].text.strip():
        return None
    caption, spoken = captions[at], [one for one in captions[:at] if one.text.strip()]
    own, tail = located(caption.text), _tail(caption, spoken)
    said = Said(
        id=0,
        room_id=about.room_id,
        speaker=caption.speaker,
        language=caption.language,
        start_s=caption.start_s,
        end_s=caption.end_s,
        own=tuple(token.text for token in own),
        tail=tuple(tail),
    )
    if not matches(query, said, about):
        return None
    found = ranges(query.what, said.own, said.tail)
    following = (one for one in captions[at + 1 :] if one.text.strip())
    return Shown(
        caption=caption,
        snippet=snippet(caption, [(own[first].start, own[last].end) for first, last in found]),
        before=spoken[-1] if spoken else None,
        after=next(following, None),
    )


def title_marks(query: Query, title: str) -> tuple[Range, ...]:
    """Where a room's title has what was looked for."""
    words = located(title)
    own = [word.text for word in words]
    found = ranges(query.what, own)
    for value in (*query.filters.titles, *query.filters.rooms):
        found += _phrases(tokens(value), own)
    return tuple(dict.fromkeys((words[first].start, words[last].end) for first, last in found))


def _tail(caption: Final, spoken: Sequence[Final]) -> list[str]:
    """The last words that the same speaker said before."""
    tail: list[str] = []
    for one in reversed(spoken):
        if len(tail) >= TAIL:
            break
        if one.speaker == caption.speaker:
            tail = tokens(one.text) + tail
    return tail[-TAIL:]


def _phrases(wanted: Sequence[str], own: Sequence[str]) -> list[tuple[int, int]]:
    size = len(wanted)
    return [
        (at, at + size - 1)
        for at in range(len(own) - size + 1)
        if size and own[at : at + size] == wanted
    ]
