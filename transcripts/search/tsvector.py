"""The index in PostgreSQL: a tsvector of each line of `tables.captions` and a GIN index on it.

The tsvector is written here, token by token, so no text search configuration and no extension has a
part in it. GIN's list of pending entries is off: it made single inserts 16 times slower at worst.
"""

from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy import Connection, Text, cast, column, delete, literal, not_, select
from sqlalchemy.dialects.postgresql import TSQUERY, TSVECTOR
from sqlalchemy.sql import ColumnElement

from transcripts.search.finding import Ids, Line, TableIndex
from transcripts.search.index import CANDIDATES_LIMIT, Reach
from transcripts.search.places import readable, take_of
from transcripts.search.query import Query
from transcripts.search.said import OWN, Kept
from transcripts.search.tables import captions
from transcripts.search.terms import NEVER, Every, Run, Some, Term, Wanted

_INSERT = (
    "INSERT INTO captions (id, start_s, end_s, line, terms)"
    " SELECT id, start_s, end_s, line, CAST(terms AS tsvector) FROM unnest(CAST(%s AS bigint[]),"
    " CAST(%s AS float8[]), CAST(%s AS float8[]), CAST(%s AS text[]), CAST(%s AS text[]))"
    " AS given (id, start_s, end_s, line, terms)"
)
_c = captions.c
_terms = column("terms", TSVECTOR)


class TsvectorIndex(TableIndex):
    """Carries out `index.SearchIndex` in PostgreSQL."""

    def add(self, connection: Connection, captions: Sequence[Kept]) -> None:
        if not captions:
            return
        columns = (
            [one.id for one in captions],
            [float(one.start_s) for one in captions],
            [float(one.end_s) for one in captions],
            [one.line for one in captions],
            [vector(one.line) for one in captions],
        )
        connection.exec_driver_sql(_INSERT, columns)

    def remove(self, connection: Connection, ids: Iterable[int]) -> None:
        if wanted := list(ids):
            connection.execute(delete(captions).where(_c.id.in_(wanted)))

    def clear(self, connection: Connection) -> None:
        connection.exec_driver_sql("TRUNCATE captions")

    def settle(self, connection: Connection) -> bool:
        return True  # PostgreSQL's VACUUM does what is left to do

    def words(self, connection: Connection) -> Iterator[tuple[str, int]]:
        rows = connection.exec_driver_sql(
            "SELECT word, ndoc FROM ts_stat('SELECT terms FROM captions') WHERE word !~ '[<:|]'"
        )
        return ((str(word), int(count)) for word, count in rows)

    def candidates(
        self, connection: Connection, wanted: Wanted, query: Query, reach: Reach, ids: Ids
    ) -> list[Line]:
        allowed = readable(reach, query.filters)
        found = select(_c.id, _c.line).where(_c.id.between(*ids), take_of(_c.id).in_(allowed))
        if wanted.term is not None:
            found = found.where(_has(Every((wanted.term,), wanted.unwanted)))
        elif wanted.unwanted:
            found = found.where(not_(_has(Some(wanted.unwanted))))
        rows = connection.execute(found.order_by(_c.id.desc()).limit(CANDIDATES_LIMIT + 1))
        return [(int(id), str(line)) for id, line in rows]


def vector(line: str) -> str:
    """Write a line's tokens with their places, as PostgreSQL reads a tsvector."""
    places: dict[str, list[str]] = {}
    for at, token in enumerate(line.replace(OWN, " ").split(), start=1):
        places.setdefault(token, []).append(str(at))
    return " ".join(f"'{token}':{','.join(at)}" for token, at in places.items())


def expression(term: Term) -> str:
    """Write a term as PostgreSQL reads a tsquery."""
    if isinstance(term, Run):
        written = " <-> ".join(f"'{token}'" for token in term.tokens)
        return f"({written}{':*' if term.open else ''})"
    if not term.parts:
        return f"'{NEVER}'"
    parts = [expression(part) for part in term.parts]
    written = f"({(' & ' if isinstance(term, Every) else ' | ').join(parts)})"
    left_out = term.unwanted if isinstance(term, Every) else ()
    return f"({written} & !{expression(Some(left_out))})" if left_out else written


def _has(term: Term) -> ColumnElement[bool]:
    return _terms.bool_op("@@")(cast(literal(expression(term), Text), TSQUERY))
