"""The database that transcripts are kept in: where it is, and how it is opened.

A SQLite file is opened in WAL mode with synchronous FULL, and overwrites what is deleted
(`secure_delete`). PostgreSQL is spoken to with psycopg, which only who sets it up has to install.
"""

import importlib.util
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import (
    ArgumentError,
    DBAPIError,
    InterfaceError,
    OperationalError,
    SQLAlchemyError,
)

from models.errors import Invalid, StorageFailed

FILE = "transcripts.db"
"""The SQLite file in the data folder, where no database is set."""

Where = Path | URL
"""A SQLite file, or the address of a database."""

FAILURES = (SQLAlchemyError, sqlite3.Error, OSError)
"""What working with a database may raise; `reason` says what it was."""

_BEGIN = "roomscribe_begin"
_CONNECT_S = 5
_POSTGRES = ("postgresql", "postgres", "postgresql+psycopg")


def address(database: str, folder: Path) -> URL:
    """Where transcripts are: what the setting says, or a SQLite file in the data folder.

    Raises `Invalid` for another kind of database, and `StorageFailed` when psycopg is missing.
    """
    if not database:
        return file_address(folder / FILE)
    try:
        url = make_url(database)
    except (ArgumentError, ValueError):
        raise _unusable() from None
    if url.drivername == "sqlite" and url.database:
        return file_address(Path(url.database))
    if url.drivername not in _POSTGRES:
        raise _unusable()
    if importlib.util.find_spec("psycopg") is None:
        raise StorageFailed(
            "ROOMSCRIBE_DATABASE names a PostgreSQL database, for which psycopg is missing: "
            "pip install 'roomscribe[postgres]'"
        )
    return url.set(drivername="postgresql+psycopg")


def file_address(path: Path) -> URL:
    """The address of a SQLite file."""
    return URL.create("sqlite", database=str(path))


def open_engine(where: Where) -> Engine:
    """Prepare to connect. What is read shares no transaction; see `writing` for what is written.

    Errors never show parameters, which are words that were said.
    """
    url = file_address(where) if isinstance(where, Path) else where
    if url.get_backend_name() == "sqlite":
        engine = create_engine(url, hide_parameters=True)
        event.listen(engine, "connect", _prepare_file)
        event.listen(engine, "begin", _begin)
        return engine
    url = url.update_query_dict({"connect_timeout": str(_CONNECT_S)} | dict(url.query))
    engine = create_engine(url, hide_parameters=True, pool_pre_ping=True)
    event.listen(engine, "connect", _prepare_session)
    return engine


def writing(engine: Engine) -> Engine:
    """The same, for transactions that write: SQLite lets in one at a time, from its beginning."""
    return engine.execution_options(**{_BEGIN: "BEGIN IMMEDIATE"})


@contextmanager
def outside_transactions(engine: Engine) -> Iterator[Connection]:
    """A connection for what cannot be done in a transaction, such as VACUUM."""
    is_file = engine.dialect.name == "sqlite"
    options = {_BEGIN: ""} if is_file else {"isolation_level": "AUTOCOMMIT"}
    with engine.connect() as connection:
        yield connection.execution_options(**options)


def reason(error: BaseException) -> str:
    """Say what went wrong, in one line, without the statement and what was written."""
    cause = error.orig if isinstance(error, DBAPIError) and error.orig else error
    diagnosis = getattr(cause, "diag", None)
    text = getattr(diagnosis, "message_primary", None) or str(cause)
    return "; ".join(line.strip() for line in text.splitlines() if line.strip())


def told(error: BaseException) -> str:
    """Say what people in rooms may know: of another machine no more than that it does not answer.

    Where it is and whom it knows is for the log, by `reason`.
    """
    if isinstance(error, DBAPIError) and not isinstance(error.orig, sqlite3.Error):
        lost = isinstance(error, OperationalError | InterfaceError)
        return "the database cannot be reached" if lost else "the database refuses it"
    return reason(error)


def named(where: Where) -> str:
    """Name what is there. Raises `StorageFailed` when it cannot be reached."""
    engine = open_engine(where)
    if engine.dialect.name == "sqlite":
        return f"in {engine.url.database}"
    try:
        with engine.connect() as connection:
            version = connection.exec_driver_sql("SHOW server_version").scalar_one()
    except FAILURES as error:
        raise StorageFailed(f"the database cannot be used: {reason(error)}") from None
    finally:
        engine.dispose()
    return f"in PostgreSQL {str(version).split()[0]}"


def _unusable() -> Invalid:
    return Invalid(
        "ROOMSCRIBE_DATABASE has to be like postgresql://user:password@host/name, "
        "or empty for a file in the data folder",
        field="database",
    )


def _prepare_file(connection: Any, _record: Any) -> None:
    # Transactions begin where `_begin` says, and nowhere else.
    connection.isolation_level = None
    connection.execute("PRAGMA busy_timeout = 5000")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA secure_delete = ON")


def _begin(connection: Connection) -> None:
    if statement := connection.get_execution_options().get(_BEGIN, "BEGIN"):
        connection.exec_driver_sql(statement)


def _prepare_session(connection: Any, _record: Any) -> None:
    # A server that is gone in the middle of a transaction must not hold up the others for long.
    with connection.cursor() as cursor:
        cursor.execute("SET idle_in_transaction_session_timeout = '60s'")
        cursor.execute("SET lock_timeout = '10s'")
        # A plan that suits every search goes through all captions, one for its words asks an index.
        cursor.execute("SET plan_cache_mode = force_custom_plan")
    connection.commit()
