"""Zips that are written while they are sent, read by Python's own zipfile."""

import hashlib
import io
import json
import os
import tracemalloc
import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from recorder.archive import PIECE_BYTES, Packed, Packing, packed

AT = datetime(2026, 5, 4, 18, 30, tzinfo=UTC)


def manifest(files: Sequence[Packed]) -> bytes:
    return json.dumps([[one.name, one.size, one.sha256] for one in files]).encode()


def test_what_is_packed_comes_out_as_it_was_with_its_hash_in_the_last_file(tmp_path: Path) -> None:
    sound = tmp_path / "sound.ogg"
    sound.write_bytes(os.urandom(3 * PIECE_BYTES + 17))
    files = [
        Packing(name="a/sound.ogg", content=sound),
        Packing(name="a/wörter.txt", content="Grüße".encode()),
        Packing(name="a/empty", content=b""),
    ]
    pieces = packed(files, ("a/manifest.json", manifest), AT)
    sound.unlink()  # as when it is made anew meanwhile: what was asked for is given

    with zipfile.ZipFile(io.BytesIO(b"".join(pieces))) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        told = json.loads(archive.read("a/manifest.json"))
        content = [archive.read(name) for name in names[:-1]]
        assert archive.infolist()[0].date_time == (2026, 5, 4, 18, 30, 0)

    assert names == ["a/sound.ogg", "a/wörter.txt", "a/empty", "a/manifest.json"]
    assert told == [
        [name, len(data), hashlib.sha256(data).hexdigest()]
        for name, data in zip(names, content, strict=False)
    ]


def test_a_file_that_is_not_there_fails_before_anything_is_sent(tmp_path: Path) -> None:
    files = [Packing(name="a", content=b"x"), Packing(name="b", content=tmp_path / "nothing")]

    with pytest.raises(FileNotFoundError):
        packed(files, ("m", manifest), AT)


def sparse(path: Path, size: int) -> Packing:
    with path.open("wb") as file:
        file.truncate(size)
    return Packing(name=path.name, content=path)


def test_memory_does_not_grow_with_what_is_packed(tmp_path: Path) -> None:
    files = [sparse(tmp_path / "long.wav", 64 * PIECE_BYTES)]
    tracemalloc.start()
    size = sum(len(piece) for piece in packed(files, ("m", manifest), AT))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert size > 64 * PIECE_BYTES
    assert peak < 8 * PIECE_BYTES


@pytest.mark.soak
def test_eight_hours_of_wav_and_what_comes_after_them_are_read(tmp_path: Path) -> None:
    whole = tmp_path / "whole.zip"
    files = [sparse(tmp_path / "long.wav", 5 * 2**30), Packing(name="words", content=b"Hello")]
    with whole.open("wb") as file:
        file.writelines(packed(files, ("m", manifest), AT))

    with zipfile.ZipFile(whole) as archive:
        assert archive.testzip() is None
        assert archive.getinfo("long.wav").file_size == 5 * 2**30
        assert archive.read("words") == b"Hello"


def test_files_beyond_four_gigabytes_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # What zipfile takes for the limit of the old format is lowered: the new one is used at once.
    monkeypatch.setattr(zipfile, "ZIP64_LIMIT", 1000)
    files = [sparse(tmp_path / "long.wav", 5000), Packing(name="words", content=b"Hello")]
    data = b"".join(packed(files, ("m", manifest), AT))
    monkeypatch.undo()

    assert b"PK\x06\x06" in data  # the ZIP64 end of the directory
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        assert archive.read("words") == b"Hello"
