"""A recording's chapters: kept beside its manifest, and written for players and for ffmpeg."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from models.audio import seconds
from models.edit import EditList
from models.errors import StorageFailed
from models.recording import Chapter
from recorder import manifest

FILE = "chapters.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapters:
    """``rev`` grows with each change. ``seq`` is the journal entry up to which they were found.

    Once a person has edited them (``edited``), they are not looked for again. Their times are those
    of the whole recording, whatever is cut; ``cuts`` stands for what was when they were found.
    """

    items: tuple[Chapter, ...] = ()
    rev: int = 0
    seq: int = 0
    edited: bool = False
    cuts: str = ""


def load(folder: Path) -> Chapters:
    """Read the chapters in ``folder``, revision 0 when there are none. Raises `StorageFailed`."""
    try:
        data = json.loads((folder / FILE).read_text(encoding="utf-8"))
        items = tuple(Chapter(**item) for item in data.pop("items"))
        return Chapters(items=items, **data)
    except FileNotFoundError:
        return Chapters()
    except (OSError, ValueError, TypeError, AttributeError, KeyError) as error:
        raise StorageFailed("the chapters cannot be read") from error


def save(folder: Path, chapters: Chapters) -> None:
    """Replace the chapters in ``folder`` whole or not at all. Raises `StorageFailed`."""
    text = json.dumps(asdict(chapters), ensure_ascii=False, indent=1)
    try:
        manifest.replace_file(folder / FILE, text.encode("utf-8", "replace"))
    except OSError as error:
        raise StorageFailed(f"the chapters cannot be kept: {error.strerror}") from error


def after_cuts(chapters: Sequence[Chapter], edit: EditList, samples: int) -> tuple[Chapter, ...]:
    """The chapters of what is left of a recording of ``samples``.

    One that begins in a cut begins at its seam; of several there, the last one goes on behind it.
    """
    length_s = seconds(edit.length(samples))
    begun: dict[float, Chapter] = {}
    for chapter in chapters:
        start_s = round(edit.to_edited_s(chapter.start_s), 3)
        if start_s < length_s:
            begun[start_s] = replace(chapter, start_s=start_s)
    return tuple(begun.values())


def before_cuts(chapters: Sequence[Chapter], edit: EditList) -> tuple[Chapter, ...]:
    """Chapters of what is left, in the times of the whole recording; the first begins at 0."""
    return tuple(
        replace(one, start_s=round(edit.to_original_s(one.start_s), 3) if number else 0.0)
        for number, one in enumerate(chapters)
    )


def webvtt(chapters: Sequence[Chapter], length_s: float) -> str:
    """Write chapters as a WebVTT file for a track of the kind ``chapters``."""
    blocks = ["WEBVTT"]
    for chapter, end_s in _with_ends(chapters, length_s):
        title = chapter.title.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        blocks.append(f"{_clock(chapter.start_s)} --> {_clock(end_s)}\n{title}")
    return "\n\n".join(blocks) + "\n"


def ffmetadata(tags: Mapping[str, str], chapters: Sequence[Chapter], length_s: float) -> str:
    """Write tags and chapters as the text file that ffmpeg reads them from."""
    lines = [";FFMETADATA1", *(f"{name}={_escaped(value)}" for name, value in tags.items())]
    for chapter, end_s in _with_ends(chapters, length_s):
        start, end = round(chapter.start_s * 1000), round(end_s * 1000)
        lines += ["[CHAPTER]", "TIMEBASE=1/1000", f"START={start}", f"END={end}"]
        lines.append(f"title={_escaped(chapter.title)}")
    return "\n".join(lines) + "\n"


def _with_ends(chapters: Sequence[Chapter], length_s: float) -> list[tuple[Chapter, float]]:
    """Each chapter with its end; those that would begin behind the sound are left out."""
    within = [chapter for chapter in chapters if chapter.start_s < length_s]
    ends = [*(chapter.start_s for chapter in within[1:]), length_s]
    return list(zip(within, ends, strict=False))


def _escaped(text: str) -> str:
    text = " ".join(text.split())
    return "".join(f"\\{character}" if character in "=;#\\" else character for character in text)


def _clock(time_s: float) -> str:
    millis = round(time_s * 1000)
    return (
        f"{millis // 3_600_000:02}:{millis // 60_000 % 60:02}"
        f":{millis // 1000 % 60:02}.{millis % 1000:03}"
    )
