from pathlib import Path

import pytest
import webvtt

from models.errors import StorageFailed
from models.recording import Chapter
from recorder import chapters
from recorder.chapters import Chapters, ffmetadata

ITEMS = (
    Chapter(start_s=0, title="Ada: bread & <butter>"),
    Chapter(start_s=75.5, title="A = b; # \\ c\nd"),
    Chapter(start_s=3700, title="Behind the end"),
)


def test_chapters_are_kept(tmp_path: Path) -> None:
    assert chapters.load(tmp_path) == Chapters()
    kept = Chapters(items=ITEMS, rev=3, seq=12, edited=True)

    chapters.save(tmp_path, kept)

    assert chapters.load(tmp_path) == kept


@pytest.mark.parametrize("damaged", ["", "[]", '{"items": [1]}', '{"items": [], "x": 1}'])
def test_damaged_chapters_are_noticed(tmp_path: Path, damaged: str) -> None:
    (tmp_path / "chapters.json").write_text(damaged)

    with pytest.raises(StorageFailed):
        chapters.load(tmp_path)


def test_a_webvtt_track_names_each_chapter_until_the_next(tmp_path: Path) -> None:
    path = tmp_path / "chapters.vtt"
    path.write_text(chapters.webvtt(ITEMS, 3600.25))

    cues = webvtt.read(str(path)).captions

    assert [(cue.start, cue.end) for cue in cues] == [
        ("00:00:00.000", "00:01:15.500"),
        ("00:01:15.500", "01:00:00.250"),
    ]
    assert "Ada: bread &amp; &lt;butter&gt;" in path.read_text()


def test_what_ffmpeg_would_take_for_its_own_signs_is_escaped() -> None:
    text = ffmetadata({"title": "One\ntwo = 2"}, ITEMS[1:2], 100)

    assert text.splitlines() == [
        ";FFMETADATA1",
        "title=One two \\= 2",
        "[CHAPTER]",
        "TIMEBASE=1/1000",
        "START=75500",
        "END=100000",
        "title=A \\= b\\; \\# \\\\ c d",
    ]
