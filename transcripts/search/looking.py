"""New entries of a journal, looked through for queries that wait for what is said."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from models.transcript import Correction, Entry, Final
from transcripts.effective import effective
from transcripts.search.matching import About, ranges
from transcripts.search.query import Query
from transcripts.search.said import TAIL, Said
from transcripts.search.standing import StandingQueries
from transcripts.search.tokens import located, tokens

CONTEXT = 40
"""So many entries before a caption are looked at for what its speaker said before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """A caption, with its corrections applied, and the ids of the queries that find it now."""

    final: Final
    queries: tuple[str, ...]


def look_through(
    standing: StandingQueries,
    about: About,
    entries: Sequence[Entry],
    first: int,
    histories: Mapping[str, Sequence[Entry]],
) -> list[Looked]:
    """Give the captions that entries from the seq ``first`` on have queries find.

    ``entries`` are a track's, in order, some before ``first`` too: a phrase may begin there. Of
    captions that are corrected, ``histories`` has all of their entries, by their ids. A correction
    counts where its caption was not found before it.
    """
    found = []
    for at, entry in enumerate(entries):
        if entry.seq < first:
            continue
        if isinstance(entry, Final):
            queries = standing.finding(said(entry, entries[:at]), about)
            found.append(Looked(final=entry, queries=tuple(queries)))
        elif isinstance(entry, Correction):
            found += _corrected(standing, about, entry, histories.get(entry.id, ()))
    return [one for one in found if one.queries]


def _corrected(
    standing: StandingQueries, about: About, correction: Correction, history: Sequence[Entry]
) -> list[Looked]:
    then = effective(one for one in history if one.seq < correction.seq)
    now = effective(one for one in history if one.seq <= correction.seq)
    if not then or not now:
        return []
    before = said(then[0], ())
    queries = standing.finding(said(now[0], ()), about)
    new = tuple(id for id in queries if not standing.finds(id, before, about))
    return [Looked(final=now[0], queries=new)]


def said(final: Final, before: Sequence[Entry]) -> Said:
    """What an index would hold of a caption; ``before`` are entries of its track, in order."""
    return Said(
        id=0,
        room_id="",
        speaker=final.speaker,
        language=final.language,
        start_s=final.start_s,
        end_s=final.end_s,
        own=tuple(tokens(final.text)),
        tail=tuple(_tail(final, before)),
    )


def marks(query: Query, final: Final, before: Sequence[Entry] = ()) -> list[tuple[int, int]]:
    """Where a caption's text has what is looked for: pieces of it, in code points.

    A phrase may begin in what was said ``before`` it, as in `said`.
    """
    placed = located(final.text)
    found = ranges(query.what, [token.text for token in placed], _tail(final, before))
    return [(placed[first].start, placed[last].end) for first, last in found]


def _tail(final: Final, before: Sequence[Entry]) -> list[str]:
    """The last words that the same person said before, in the same instance."""
    texts: list[str] = []
    same = [one for one in before if not _is_other(one, final)]
    for one in reversed(effective(same)):
        texts = [*tokens(one.text), *texts]
        if len(texts) >= TAIL:
            break
    return texts[-TAIL:]


def _is_other(entry: Entry, final: Final) -> bool:
    return isinstance(entry, Final) and (
        entry.instance != final.instance or entry.speaker != final.speaker
    )
