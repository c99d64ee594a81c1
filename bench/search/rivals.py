"""The limit: captions in one plain full-text table, with nothing that readers need around it."""

import sqlite3
from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path
from typing import Protocol

import psycopg

from bench.search.corpus import Query, Said
from bench.search.report import PLAIN

LIMIT = 20
_BLOCK = 20_000


class Way(Protocol):
    """Captions that can be found, one way or the other."""

    @property
    def name(self) -> str:
        """How the tables call it."""
        ...

    def fill(self, captions: Iterable[Said]) -> None:
        """Take captions in."""
        ...

    def find(self, query: Query) -> Sequence[int]:
        """Give the best `LIMIT` matches' numbers."""
        ...

    def size(self) -> int:
        """How many bytes it takes."""
        ...

    def close(self) -> None:
        """Give it back."""
        ...


class PlainFts5:
    """SQLite's FTS5 with its text, tokenised by unicode61, ranked by its bm25."""

    name = PLAIN

    def __init__(self, path: Path) -> None:
        self._path = path
        self._db = sqlite3.connect(path, isolation_level=None)
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("CREATE VIRTUAL TABLE said USING fts5(text, speaker UNINDEXED)")

    def fill(self, captions: Iterable[Said]) -> None:
        rows = iter(captions)
        while block := list(islice(rows, _BLOCK)):
            self._db.execute("BEGIN")
            self._db.executemany(
                "INSERT INTO said (text, speaker) VALUES (?, ?)",
                ((one.text, one.speaker) for one in block),
            )
            self._db.execute("COMMIT")

    def find(self, query: Query) -> Sequence[int]:
        text = " ".join(query.words)
        match = f'"{text}"*' if query.kind == "prefix" else f'"{text}"'
        also, values = ("", ()) if query.speaker is None else (" AND speaker = ?", (query.speaker,))
        rows = self._db.execute(
            f"SELECT rowid FROM said WHERE said MATCH ?{also} ORDER BY rank LIMIT {LIMIT}",
            (match, *values),
        )
        return [int(row[0]) for row in rows]

    def size(self) -> int:
        self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return self._path.stat().st_size

    def close(self) -> None:
        self._db.close()


class PlainTsvector:
    """PostgreSQL's tsvector (`simple`) with a GIN index, ranked by ts_rank."""

    name = PLAIN

    def __init__(self, url: str) -> None:
        self._db = psycopg.connect(url, autocommit=True)
        self._db.execute(
            "CREATE TABLE said (id bigserial PRIMARY KEY, text text NOT NULL, speaker int NOT NULL,"
            " words tsvector GENERATED ALWAYS AS (to_tsvector('simple', text)) STORED)"
        )

    def fill(self, captions: Iterable[Said]) -> None:
        self._db.execute("DROP INDEX IF EXISTS said_words, said_speaker")
        with self._db.cursor() as cursor, cursor.copy("COPY said (text, speaker) FROM STDIN") as to:
            for one in captions:
                to.write_row((one.text, one.speaker))
        self._db.execute(
            "CREATE INDEX said_words ON said USING gin (words) WITH (fastupdate = off)"
        )
        self._db.execute("CREATE INDEX said_speaker ON said (speaker)")
        self._db.execute("ANALYZE said")

    def find(self, query: Query) -> Sequence[int]:
        match = (
            ":* <-> ".join(query.words) + ":*"
            if query.kind == "prefix"
            else " <-> ".join(query.words)
        )
        also = "" if query.speaker is None else " AND speaker = %(speaker)s"
        rows = self._db.execute(
            "SELECT id FROM said, to_tsquery('simple', %(match)s) AS wanted"
            f" WHERE words @@ wanted{also} ORDER BY ts_rank(words, wanted) DESC LIMIT {LIMIT}",
            {"match": match, "speaker": query.speaker},
        )
        return [int(row[0]) for row in rows]

    def size(self) -> int:
        row = self._db.execute("SELECT pg_total_relation_size('said')").fetchone()
        return int(row[0]) if row else 0

    def close(self) -> None:
        self._db.close()
