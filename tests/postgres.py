"""A real PostgreSQL for tests: Debian's, with a data folder of its own, on a socket of its own.

A server is there within 1.5 s, once for each process of pytest, and ends with it however it ends.
Each test that asks for `postgres_url` is given an empty database.
"""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import DEVNULL

import psycopg
import pytest

MISSING = "PostgreSQL is not installed (apt-get install postgresql)"
_USER = "roomscribe"
_START_S = 20.0
_STOP_S = 20.0


class PostgresServer:
    """A server in ``folder``, which is its user's; ``fsync`` is for tests that cut its power.

    It is told to keep nothing that a test does not need: no TCP port, no background workers.
    """

    def __init__(self, folder: Path, *, fsync: bool = False) -> None:
        self._folder = folder
        self._fsync = fsync
        self._process: subprocess.Popen[bytes] | None = None
        self._made = 0
        _run_as_its_user(
            [str(_programs() / "initdb"), "-D", str(self._data), "-U", _USER, "-A", "trust"],
            ["-E", "UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions"],
        )

    @property
    def _data(self) -> Path:
        return self._folder / "data"

    @property
    def pid(self) -> int:
        """The process that all others of the server belong to."""
        assert self._process is not None
        return self._process.pid

    def url(self, database: str) -> str:
        """The address of a database, as SQLAlchemy and `ROOMSCRIBE_DATABASE` take it."""
        return f"postgresql+psycopg://{_USER}@/{database}?host={self._folder}"

    def connect(self, database: str = "postgres") -> "psycopg.Connection[tuple[object, ...]]":
        """Connect without SQLAlchemy; each statement is a transaction."""
        return psycopg.connect(host=str(self._folder), user=_USER, dbname=database, autocommit=True)

    def start(self) -> None:
        """Run the server, and wait until it can be asked."""
        fsync = "on" if self._fsync else "off"
        options = {"listen_addresses": "", "unix_socket_directories": str(self._folder)}
        options |= {"fsync": fsync, "synchronous_commit": fsync, "full_page_writes": fsync}
        if self._fsync:  # else it asks for each of its thousand files when it mends itself
            options["recovery_init_sync_method"] = "syncfs"
        command = [str(_programs() / "postgres"), "-D", str(self._data)]
        for name, value in options.items():
            command += ["-c", f"{name}={value}"]
        with (self._folder / "log").open("ab") as log:
            until = time.monotonic() + _START_S
            while not self._answers():
                if time.monotonic() > until:
                    raise TimeoutError((self._folder / "log").read_text()[-2000:])
                # One that was killed leaves processes behind, which end soon; until then, a new
                # one refuses to start.
                if self._process is None or self._process.poll() is not None:
                    self._process = subprocess.Popen(_as_its_user(command), stdout=log, stderr=log)
                time.sleep(0.02)

    def _answers(self) -> bool:
        if self._process is None:
            return False
        try:
            self.connect().close()
        except psycopg.OperationalError:
            return False
        return True

    def stop(self, how: signal.Signals = signal.SIGQUIT) -> None:
        """End the server, at once and without tidying up unless ``how`` says otherwise."""
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(_STOP_S)
            self._process = None

    def kill(self) -> None:
        """Have the server die without a word, as the machine it is on may; `start` mends it."""
        self.stop(signal.SIGKILL)

    @contextmanager
    def database(self) -> Iterator[str]:
        """Give the address of a new, empty database, which is gone afterwards."""
        self._made += 1
        name = f"test_{self._made}"
        with self.connect() as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        try:
            yield self.url(name)
        finally:
            with self.connect() as connection:
                connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


@contextmanager
def postgres_server(*, fsync: bool = False) -> Iterator[PostgresServer]:
    """Run a server until the context ends, or skip the test with a line that says what to do."""
    _programs()
    # Not below pytest's folder, which is root's alone where root runs the tests; and a socket's
    # path has to be short.
    folder = Path(tempfile.mkdtemp(prefix="roomscribe-pg-"))
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, _unprivileged())
        server = PostgresServer(folder, fsync=fsync)
        server.start()
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder)


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """The server that all tests of this process share."""
    with postgres_server() as server:
        yield server


@pytest.fixture
def postgres_url(postgres: PostgresServer) -> Iterator[str]:
    """The address of an empty database for one test."""
    with postgres.database() as url:
        yield url


def _programs() -> Path:
    """Find the newest server that is installed, or skip."""
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/postgres"),
        key=lambda program: int(program.parts[-3]),
    )
    if not found or (os.geteuid() == 0 and not shutil.which("setpriv")):
        pytest.skip(MISSING)
    return found[-1].parent


def _unprivileged() -> str:
    """Who runs a server where root runs the tests: PostgreSQL refuses to be root's."""
    known = {user.pw_name for user in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


def _as_its_user(command: list[str]) -> list[str]:
    if not shutil.which("setpriv"):
        return command
    # It ends with pytest, also when that is killed.
    prefix = ["setpriv", "--pdeathsig", "QUIT"]
    if os.geteuid() == 0:
        user = pwd.getpwnam(_unprivileged())
        prefix += [f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
    return [*prefix, *command]


def _run_as_its_user(*command: list[str]) -> None:
    whole = [part for parts in command for part in parts]
    subprocess.run(_as_its_user(whole), check=True, stdout=DEVNULL, cwd="/")
