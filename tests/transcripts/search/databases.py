"""The index's tables in an empty database, for tests."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event

from transcripts.search import fts5, tsvector
from transcripts.search.finding import TableIndex
from transcripts.search.fts5 import Fts5Index
from transcripts.search.tables import metadata
from transcripts.search.tsvector import TsvectorIndex


def sqlite_engine(path: Path) -> Engine:
    engine = create_engine(f"sqlite:///{path}")
    event.listen(engine, "connect", lambda dbapi, _: dbapi.execute("PRAGMA secure_delete = ON"))
    with engine.begin() as connection:
        metadata.create_all(connection)
        connection.exec_driver_sql(fts5.CREATE)
    return engine


def postgres_engine(url: str) -> Engine:
    engine = create_engine(url)
    with engine.begin() as connection:
        metadata.create_all(connection)
        for statement in tsvector.CREATE:
            connection.exec_driver_sql(statement)
    return engine


def index_of(engine: Engine) -> TableIndex:
    return Fts5Index() if engine.dialect.name == "sqlite" else TsvectorIndex()


@contextmanager
def undone(engine: Engine) -> Iterator[Connection]:
    """A transaction that leaves nothing behind."""
    with engine.connect() as connection:
        transaction = connection.begin()
        try:
            yield connection
        finally:
            transaction.rollback()
