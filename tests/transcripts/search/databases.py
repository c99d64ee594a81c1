"""The index's tables in an empty database, for tests."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine

from transcripts.database import Where, open_engine, writing
from transcripts.upgrading import upgrade


def made(where: Where) -> Engine:
    """A database with all tables, whose transactions write."""
    engine = open_engine(where)
    upgrade(engine)
    return writing(engine)


@contextmanager
def undone(engine: Engine) -> Iterator[Connection]:
    """A transaction that leaves nothing behind."""
    with engine.connect() as connection:
        transaction = connection.begin()
        try:
            yield connection
        finally:
            transaction.rollback()
