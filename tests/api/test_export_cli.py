"""``roomscribe export``, beside a server that has ended."""

import asyncio
from pathlib import Path

import pytest

from api.cli import main
from tests.api.recorded import record
from tests.api.running import running
from tests.api.searching import said
from tests.transcripts.as_text import as_text


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with two public rooms, of one of which a second is cut, and a private one."""
    folder = tmp_path_factory.mktemp("data")
    asyncio.run(_with_words(folder))
    return folder


@pytest.fixture
def folder(kept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where files are written while that data folder is set."""
    monkeypatch.setenv("ROOMSCRIBE_DATA_DIR", str(kept))
    return tmp_path


async def _with_words(folder: Path) -> None:
    async with running(folder) as server:
        host = await server.sign_in("Hanna")
        room = await server.room(host, "Kept", record=False)
        await server.http.post(f"/v1/rooms/{room}/start", headers=host.headers)
        recording = await record(server, host, room)
        await server.show(room, said("The walrus sings.", 0))
        await server.show(room, said("Good night.", 1.5))
        for title, private in (("Tea with friends", False), ("Tea council", True)):
            other = await server.room(host, title, private=private)
            await server.http.post(f"/v1/rooms/{other}/start", headers=host.headers)
            await server.show(other, said(f"Welcome to {title}.", 1))
        server.app.finishing.add(recording)
        await server.app.finishing.idle()
        cut = {"rev": 0, "cuts": [{"start_s": 0, "end_s": 1.0}]}
        url = f"/v1/recordings/{recording}/edits"
        (await server.http.put(url, json=cut, headers=host.headers)).raise_for_status()


def test_a_room_is_exported_as_its_readers_have_it_and_whole_for_who_runs_the_server(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["export", "kept", "--format", "vtt"]) == 0
    public = capsys.readouterr().out
    assert main(["export", "Kept", "--format", "vtt", "--whole"]) == 0
    whole = capsys.readouterr().out

    assert public.startswith("WEBVTT")
    assert "<v Ada>Good night." in public
    assert "walrus" not in public
    assert "walrus" in whole


def test_the_name_of_the_file_says_the_format_and_nothing_is_replaced_without_being_told(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = folder / "kept.docx"

    assert main(["export", "Kept", "--output", str(file)]) == 0
    assert "Good night." in as_text(file.read_bytes(), "docx")
    file.write_bytes(b"mine")
    assert main(["export", "Kept", "--output", str(file)]) == 2
    assert "--force" in capsys.readouterr().err
    assert file.read_bytes() == b"mine"
    assert main(["export", "Kept", "--output", str(file), "--force"]) == 0
    assert "walrus" not in as_text(file.read_bytes(), "docx")
    assert [path.name for path in folder.glob("*kept*")] == ["kept.docx"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["tea"], "Several rooms are called so"),
        (["Zebra"], "no room with the id or title Zebra"),
        (["Tea council"], "private"),
        (["Kept", "--instance", "7"], "was live"),
        (["Kept", "--track", "en"], "no captions in en: there is none"),
        (["Kept", "--format", "docx"], "--output FILE.docx"),
        (["Kept", "--output", "kept.pdf"], "kept.pdf names none of vtt, srt"),
        (["Kept", "--output", "/nowhere/kept.txt"], "cannot be written"),
    ],
)
@pytest.mark.usefixtures("folder")
def test_what_cannot_be_exported_is_said(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["export", *arguments]) == 2

    printed = capsys.readouterr()
    assert printed.out == ""
    assert message in " ".join(printed.err.split())


def test_a_folder_with_nothing_in_it_stays_empty(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["export", "Tea", "--data-dir", str(tmp_path)]) == 2

    assert "nothing is kept" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
