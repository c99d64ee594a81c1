import asyncio
import sys
from pathlib import Path
from typing import Any

import pytest

from bench import environments
from bench.environments import Unavailable
from bench.peers import whisperlive, whisperlivekit
from bench.peers.processes import cpu_s, free_port, running, tree, until_listening
from bench.peers.roomscribe import Page
from bench.peers.scoring import Gap, SpokenWord
from bench.peers.system import Screen


def _interim(id: str, text: str, *, stable: int = 0, start: float = 0.0) -> dict[str, Any]:
    return {"type": "interim", "id": id, "text": text, "stable": stable, "start": start}


def test_a_reader_sees_finals_then_what_is_stable_then_the_rest() -> None:
    page = Page()
    page.take({"type": "final", "seq": 1, "id": "a", "text": "Hello there."})

    page.take(_interim("b", "we are here", stable=6))

    assert [part.split() for part in page.shown()] == [["Hello", "there.", "we", "are"], ["here"]]


def test_a_final_takes_the_place_of_its_interim() -> None:
    page = Page()
    page.take(_interim("a", "hello their"))

    page.take({"type": "final", "seq": 1, "id": "a", "text": "Hello there."})

    assert page.shown() == ("Hello there.", "")


def test_nothing_is_committed_behind_a_word_in_doubt() -> None:
    page = Page()
    page.take(_interim("b", "later", stable=5, start=9.0))
    page.take(_interim("a", "first thing", stable=5))

    committed, tentative = page.shown()

    assert (committed.split(), tentative) == (["first"], "thing later")


def test_a_caption_that_is_taken_back_is_gone() -> None:
    page = Page()
    page.take(_interim("a", "hm"))

    page.take(_interim("a", ""))

    assert page.shown() == ("", "")


def test_a_page_of_history_counts_as_what_it_holds() -> None:
    page = Page()

    page.take(
        {"type": "history", "items": [{"type": "final", "seq": 2, "id": "a", "text": "Yes."}]}
    )

    assert page.shown() == ("Yes.", "")


def test_gaps_lie_where_they_were_said_though_the_room_is_older_than_the_speech() -> None:
    page, screen = Page(), Screen()
    words = [["Open", 7.0, 8.0, 0.9], ["the", 8.0, 9.0, 0.9], ["door.", 9.0, 10.0, 0.9]]
    page.take({"type": "final", "seq": 1, "id": "a", "text": "Open the door.", "words": words})
    page.take({"type": "gap", "seq": 2, "start": 10.0, "end": 12.0})
    said = [
        SpokenWord(text=word, start_s=number, end_s=number + 1)
        for number, word in enumerate(["open", "the", "door", "of"])
    ]

    screen.mark(page.gaps(), page.heard())

    assert screen.gaps(said) == [Gap(start_s=3.0, end_s=5.0)]


def test_reading_is_over_when_finals_or_gaps_reach_the_end_of_what_was_said() -> None:
    page = Page()
    said = [
        SpokenWord(text=word, start_s=number, end_s=number + 1)
        for number, word in enumerate(["open", "the", "door", "of", "course"])
    ]
    assert not page.reaches_end(said)

    words = [["Open", 7.0, 8.0, 0.9], ["the", 8.0, 9.0, 0.9]]
    final = {"type": "final", "seq": 1, "id": "a", "text": "Open the.", "words": words}
    page.take(final | {"start": 7.0, "end": 9.0})
    assert not page.reaches_end(said)

    page.take({"type": "gap", "seq": 2, "start": 9.0, "end": 12.0})
    assert page.reaches_end(said)


def test_gaps_of_a_room_in_which_nothing_was_heard_lie_nowhere() -> None:
    screen = Screen()
    screen.mark([Gap(start_s=0.0, end_s=60.0)], [])

    assert screen.gaps([SpokenWord(text="open", start_s=0.0, end_s=1.0)]) == []


def test_a_system_that_marks_nothing_has_no_gaps() -> None:
    assert Screen().gaps([]) is None


def test_completed_segments_of_whisperlive_are_committed() -> None:
    segments = [{"text": " One. ", "completed": True}, {"text": " two", "completed": False}]

    assert whisperlive.shown({"segments": segments}) == ("One.", "two")


def test_lines_of_whisperlivekit_are_committed() -> None:
    message = {"lines": [{"text": "One."}, {"text": None}], "buffer_transcription": " two"}

    assert whisperlivekit.shown(message) == ("One. ", "two")


async def test_a_server_and_its_children_are_gone_afterwards(tmp_path: Path) -> None:
    port, log = free_port(), tmp_path / "log"
    serve = f"""
import socket, subprocess, sys
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
with socket.create_server(("127.0.0.1", {port})) as server:
    while True:
        server.accept()[0].close()
"""

    async with running(
        [sys.executable, "-c", serve], environment={}, log=log, folder=tmp_path
    ) as process:
        await until_listening(process, port, log)
        members = tree(process.pid)
        spent_s = cpu_s(process.pid)

    assert len(members) == 2
    assert spent_s > 0
    async with asyncio.timeout(10):
        while any(_runs(pid) for pid in members):
            await asyncio.sleep(0.05)


def _runs(pid: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False


async def test_a_server_that_ends_while_it_starts_is_one_clear_line(tmp_path: Path) -> None:
    log = tmp_path / "log"
    command = [sys.executable, "-c", "raise SystemExit('no such model')"]

    async with running(command, environment={}, log=log, folder=tmp_path) as process:
        with pytest.raises(Unavailable, match=r"^the server did not start: no such model$"):
            await until_listening(process, free_port(), log)


def test_a_peer_that_cannot_be_installed_is_one_clear_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    failing = tmp_path / "python"
    failing.write_text("#!/bin/sh\necho WARNING: slow >&2\necho ERROR: no network >&2\nexit 1\n")
    failing.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(failing))
    recipe = environments.Recipe(name="nobody", steps=(("nothing",),))

    with pytest.raises(Unavailable, match=r"^it cannot be installed: ERROR: no network$"):
        environments.install(recipe)

    assert environments.python(recipe).is_relative_to(tmp_path / "cache")
