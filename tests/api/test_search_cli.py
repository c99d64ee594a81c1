"""``roomscribe search`` and ``roomscribe reindex``, and folders from before there was a search."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, update

from api.bootstrap import Roomscribe
from api.cli import main
from tests.api.running import running
from tests.api.searching import said, search, texts
from transcripts.search.tables import index_state, search_rooms


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder in which two rooms speak of walruses, one of them private."""
    monkeypatch.setenv("ROOMSCRIBE_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "200")
    asyncio.run(_with_words(tmp_path))
    return tmp_path


async def _with_words(folder: Path) -> None:
    async with running(folder) as server:
        host = await server.sign_in("Hanna")
        for title, private in (("Tea with friends", False), ("Zephyrine council", True)):
            room = await server.room(host, title, private=private)
            await server.show(room, said("Good morning.", 1))
            await server.show(room, said(f"A walrus came to {title.split()[0]}.", 3))


def test_what_was_said_in_public_rooms_is_found_in_the_terminal(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["search", "walrus", "speaker:ada"]) == 0

    printed = capsys.readouterr()
    assert "Tea with friends" in printed.out
    assert "0:00:03  Ada: A walrus came to Tea." in printed.out
    assert "/rooms/" in printed.out
    assert "Zephyrine" not in printed.out + printed.err
    assert "1 found" in printed.err


def test_what_was_misheard_is_found_and_named_unless_the_words_alone_are_wanted(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["search", "walruss", "caim"]) == 0
    printed = capsys.readouterr()
    assert "A walrus came to Tea." in printed.out
    assert "walruss was not said; heard instead: walrus" in printed.err

    assert main(["search", "walruss", "--exact"]) == 1


def test_who_runs_the_server_may_search_private_rooms_and_have_it_as_json(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["search", "walrus", "--all", "--json"]) == 0

    answer = json.loads(capsys.readouterr().out)
    assert {room["room"]["title"] for room in answer["rooms"]} == {
        "Tea with friends",
        "Zephyrine council",
    }


def test_nothing_that_is_found_is_said_with_the_exit_status(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["search", "penguin OR"]) == 1

    printed = capsys.readouterr()
    assert printed.out == ""
    assert "OR needs a word on both of its sides" in printed.err
    assert "0 found" in printed.err


def test_without_a_data_folder_that_is_said_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for command in (["search", "walrus"], ["reindex"]):
        assert main([*command, "--data-dir", str(tmp_path / "none")]) == 2
        assert "nothing is kept" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_without_an_index_what_to_do_is_said_and_no_file_is_made(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for file in folder.glob("transcripts.db*"):
        file.unlink()

    assert main(["search", "walrus"]) != 0

    assert "run roomscribe reindex" in capsys.readouterr().err
    assert not (folder / "transcripts.db").exists()


def test_an_index_that_is_lost_is_made_anew(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asyncio.run(_lose_index(folder))
    assert main(["search", "walrus"]) == 1

    assert main(["reindex"]) == 0

    assert "4 entries" in capsys.readouterr().err
    assert main(["search", "walrus"]) == 0


async def test_an_index_is_made_anew_beside_a_server_that_goes_on(tmp_path: Path) -> None:
    async with running(tmp_path) as server:
        host = await server.sign_in("Hanna")
        room = await server.room(host)
        await server.show(room, said("A walrus came.", 1))
        remaking = asyncio.create_task(
            asyncio.to_thread(main, ["reindex", "--data-dir", str(tmp_path)])
        )
        await server.show(room, said("Another walrus came.", 3))
        assert await remaking == 0

        assert len(texts(await search(server, q="walrus"))) == 2


async def test_a_folder_from_before_there_was_a_search_is_indexed_after_the_start(
    tmp_path: Path,
) -> None:
    await _with_words(tmp_path)
    await _lose_index(tmp_path)

    async with running(tmp_path) as server:
        await server.app.first_indexing.finished()
        answer = await search(server, q="walrus")
        metrics = (await server.http.get("/metrics")).text

    assert texts(answer) == ["A walrus came to Tea."]
    assert answer["query"]["hints"] == []
    assert "roomscribe_unindexed_captions 0.0" in metrics
    async with running(tmp_path) as server:
        assert server.app.first_indexing.waiting == 0


async def test_a_search_says_how_much_is_not_indexed_yet(tmp_path: Path) -> None:
    async with running(tmp_path) as server:
        first = server.app.first_indexing
        first._done, first._total = 42, 100
        (hint,) = (await search(server, q="walrus"))["query"]["hints"]

    assert "42 %" in hint["text"]


async def _lose_index(folder: Path) -> None:
    """Leave a folder as a server from before there was a search did."""
    async with running(folder) as server:
        await server.app.journal.write(lambda connection: _forget(connection, server.app))


def _forget(connection: Any, app: Roomscribe) -> None:
    app.index.clear(connection)
    connection.execute(delete(search_rooms))
    connection.execute(update(index_state).values(behind=True))
