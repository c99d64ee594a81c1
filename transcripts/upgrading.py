"""Bringing a database to the tables of this version; see `transcripts.migrations` for the steps.

A SQLite file also says in ``user_version`` what it is. Up to 3, it is of a version before Alembic,
which opens none with a greater number. Files of the first two may hold copies of deleted words
between their rows, and are written anew once, when their tables are moved.
"""

import logging
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect

from models.errors import StorageFailed
from transcripts.database import FAILURES, outside_transactions, reason, writing
from transcripts.migrations import HEAD

log = logging.getLogger(__name__)

_MAY_HOLD_TRACES = (1, 2)
TO_BE_WRITTEN_ANEW = 4
CLEAN = 5

_LOCK = 0x526F6F6D  # one server at a time: "Room"


def upgrade(engine: Engine) -> None:
    """Bring the tables to the newest version.

    Raises `StorageFailed` for a database of a newer version, and what the database raises.
    """
    is_file = engine.dialect.name == "sqlite"
    if is_file and engine.url.database:
        Path(engine.url.database).parent.mkdir(parents=True, exist_ok=True)
    with engine.connect() as connection:
        is_done = _revision(connection) == HEAD
        version = _file_version(connection) if is_file else CLEAN
    if version > CLEAN:
        raise _newer()
    if not is_done:
        with writing(engine).begin() as connection:
            version = _migrate(connection, is_file=is_file)
    if version == TO_BE_WRITTEN_ANEW:
        _write_anew(engine)


def is_current(engine: Engine) -> bool:
    """Whether the tables are there in the newest version; a file that is missing is not made."""
    is_file = engine.dialect.name == "sqlite"
    if is_file and not Path(str(engine.url.database)).exists():
        return False
    with engine.connect() as connection:
        return _revision(connection) == HEAD


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    query = "SELECT version_num FROM alembic_version"
    return str(connection.exec_driver_sql(query).scalar_one())


def _file_version(connection: Connection) -> int:
    return int(connection.exec_driver_sql("PRAGMA user_version").scalar_one())


def _migrate(connection: Connection, *, is_file: bool) -> int:
    """Take the steps that are missing; gives the version of the file, which has none of its own."""
    if not is_file:
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
        _take_steps(connection)
        return CLEAN
    version = _file_version(connection)
    _take_steps(connection)
    if version < TO_BE_WRITTEN_ANEW:
        version = TO_BE_WRITTEN_ANEW if version in _MAY_HOLD_TRACES else CLEAN
        connection.exec_driver_sql(f"PRAGMA user_version = {version}")
    return version


def _take_steps(connection: Connection) -> None:
    # Loading Alembic takes longer than everything else here.
    from alembic import command
    from alembic.config import Config
    from alembic.util.exc import CommandError

    logging.getLogger("alembic").setLevel(logging.WARNING)
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", "transcripts:migrations")
    try:
        command.upgrade(config, "head")
    except CommandError:  # it knows of no such revision
        raise _newer() from None


def _write_anew(engine: Engine) -> None:
    try:
        with outside_transactions(engine) as connection:
            connection.exec_driver_sql("VACUUM")
            connection.exec_driver_sql(f"PRAGMA user_version = {CLEAN}")
    except FAILURES as error:  # a full disk, as a rule: it is tried again at the next start
        log.warning(
            "deleted captions may leave traces in the journal's file for now: %s", reason(error)
        )


def _newer() -> StorageFailed:
    return StorageFailed("the journal was written by a newer version of Roomscribe")
