"""The index in SQLite: full-text search (FTS5) over the lines of `tables.captions`.

FTS5 keeps no copy of the lines. It is given tokens alone, and its ``ascii`` tokeniser takes them as
they are. Removed words stay in it until all of it was merged, which `settle` does in steps.
"""

from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy import Connection, Integer, Select, Text, column, select, table

from transcripts.search.finding import Ids, Line, TableIndex, lines
from transcripts.search.index import CANDIDATES_LIMIT, Reach
from transcripts.search.places import readable, take_of
from transcripts.search.query import Query
from transcripts.search.said import Kept
from transcripts.search.tables import captions
from transcripts.search.terms import NEVER, Every, Run, Some, Term, Wanted

_c = captions.c
_terms = table("caption_terms", column("rowid", Integer), column("caption_terms", Text))

_MERGED_PAGES = 256
"""So much is merged in one step of `Fts5Index.settle`: a few hundredths of a second of work."""


class Fts5Index(TableIndex):
    """Carries out `index.SearchIndex` in SQLite."""

    def add(self, connection: Connection, captions: Sequence[Kept]) -> None:
        if not captions:
            return
        rows = [(one.id, one.start_s, one.end_s, one.line) for one in captions]
        connection.exec_driver_sql(
            "INSERT INTO captions (id, start_s, end_s, line) VALUES (?, ?, ?, ?)", rows
        )
        terms = [(one.id, one.line) for one in captions]
        connection.exec_driver_sql("INSERT INTO caption_terms (rowid, line) VALUES (?, ?)", terms)

    def remove(self, connection: Connection, ids: Iterable[int]) -> None:
        known = lines(connection, list(ids))
        if not known:
            return
        connection.exec_driver_sql(
            "INSERT INTO caption_terms (caption_terms, rowid, line) VALUES ('delete', ?, ?)", known
        )
        # Blank, and of the same size: see `tables`.
        blanked = [(-id, " " * len(line.encode()), id) for id, line in known]
        connection.exec_driver_sql("UPDATE captions SET id = ?, line = ? WHERE id = ?", blanked)

    def clear(self, connection: Connection) -> None:
        connection.exec_driver_sql("DELETE FROM captions")
        connection.exec_driver_sql(
            "INSERT INTO caption_terms (caption_terms) VALUES ('delete-all')"
        )

    def settle(self, connection: Connection) -> bool:
        before = _changes(connection)
        connection.exec_driver_sql(
            "INSERT INTO caption_terms (caption_terms, rank) VALUES ('merge', ?)", (-_MERGED_PAGES,)
        )
        return _changes(connection) - before < 2  # as SQLite's documentation says

    def words(self, connection: Connection) -> Iterator[tuple[str, int]]:
        connection.exec_driver_sql(
            "CREATE VIRTUAL TABLE IF NOT EXISTS temp.caption_words"
            " USING fts5vocab(main, caption_terms, row)"
        )
        rows = connection.exec_driver_sql(
            "SELECT term, doc FROM temp.caption_words WHERE term NOT GLOB '*[<:|]*'"
        )
        return ((str(word), int(count)) for word, count in rows)

    def candidates(
        self, connection: Connection, wanted: Wanted, query: Query, reach: Reach, ids: Ids
    ) -> list[Line]:
        allowed = readable(reach, query.filters)
        if wanted.term is None:
            found = _besides(wanted, allowed, ids)
        else:
            found = _having(wanted.term, wanted.unwanted, allowed, ids)
        rows = connection.execute(found)
        return sorted(((int(row[0]), str(row[1])) for row in rows), reverse=True)


def expression(term: Term) -> str:
    """Write a term as FTS5 reads it."""
    if isinstance(term, Run):
        return f'"{" ".join(term.tokens)}"{" *" if term.open else ""}'
    if not term.parts:
        return f'"{NEVER}"'
    parts = [expression(part) for part in term.parts]
    written = f"({(' AND ' if isinstance(term, Every) else ' OR ').join(parts)})"
    left_out = term.unwanted if isinstance(term, Every) else ()
    return f"({written} NOT {expression(Some(left_out))})" if left_out else written


def _having(
    term: Term, unwanted: Sequence[Term], allowed: Select[int], ids: Ids
) -> Select[int, str]:
    wanted = Every((term,), tuple(unwanted))
    numbers = (
        select(_terms.c.rowid)
        .where(
            _terms.c.caption_terms.match(expression(wanted)),
            _terms.c.rowid.between(*ids),
            take_of(_terms.c.rowid).in_(allowed),
        )
        .order_by(_terms.c.rowid.desc())
        .limit(CANDIDATES_LIMIT + 1)
        .subquery()
    )
    return select(_c.id, _c.line).join_from(numbers, captions, numbers.c.rowid == _c.id)


def _besides(wanted: Wanted, allowed: Select[int], ids: Ids) -> Select[int, str]:
    """Find all captions of some rooms or days, but for those that have what is not wanted."""
    found = select(_c.id, _c.line).where(_c.id.between(*ids), take_of(_c.id).in_(allowed))
    if wanted.unwanted:
        having = expression(Some(wanted.unwanted))
        found = found.where(
            _c.id.not_in(select(_terms.c.rowid).where(_terms.c.caption_terms.match(having)))
        )
    return found.order_by(_c.id.desc()).limit(CANDIDATES_LIMIT + 1)


def _changes(connection: Connection) -> int:
    return int(connection.exec_driver_sql("SELECT total_changes()").scalar_one())
