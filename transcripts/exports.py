"""Transcripts as files: for players, for readers, and with everything for programs."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

from models.errors import Invalid
from models.recording import Chapter
from models.transcript import Entry
from transcripts.formats.everything import everything
from transcripts.formats.reading import reading
from transcripts.formats.script import Script
from transcripts.formats.subrip import subrip
from transcripts.formats.ttml import ttml
from transcripts.formats.webvtt import webvtt
from transcripts.formats.word import word

FORMATS: Mapping[str, str] = MappingProxyType(
    {
        "vtt": "text/vtt; charset=utf-8",
        "srt": "application/x-subrip; charset=utf-8",
        "txt": "text/plain; charset=utf-8",
        "json": "application/json",
        "ttml": "application/ttml+xml",
        "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    }
)
"""The formats of `export` and their media types."""

WITH_CHAPTERS = BINARY = frozenset({"docx"})
"""Those that have headings, and those that are no text."""

_WRITERS: Mapping[str, Callable[[Script], str | bytes]] = MappingProxyType(
    {
        "vtt": webvtt,
        "srt": subrip,
        "txt": reading,
        "json": everything,
        "ttml": ttml,
        "docx": word,
    }
)


def export(
    entries: Sequence[Entry],
    format: str,
    *,
    title: str,
    started_at: datetime | None,
    chapters: Sequence[Chapter] | None = None,
) -> bytes:
    """Write a transcript in one of `FORMATS`, with corrections applied and gaps shown.

    The parameters are the fields of `Script`; text is UTF-8. Raises `Invalid` for another format.
    """
    if format not in _WRITERS:
        raise Invalid(f"the format is one of {', '.join(FORMATS)}", field="format")
    script = Script(
        entries=entries,
        title=" ".join(title.split()),
        started_at=started_at,
        chapters=chapters,
    )
    written = _WRITERS[format](script)
    return written if isinstance(written, bytes) else written.encode("utf-8", "replace")
