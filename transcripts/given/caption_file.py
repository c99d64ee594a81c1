"""A caption file of bytes as captions of a recording."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from models.errors import Invalid, TooLarge
from models.room import Speaker
from models.transcript import Final, Source
from pipeline.lines import columns
from transcripts.effective import retimed
from transcripts.given import subrip, webvtt
from transcripts.given.cue import GivenCue

MAX_BYTES = 5_000_000
"""A day of captions has less."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptionFile:
    """What a file says, in the order of time."""

    cues: tuple[GivenCue, ...]

    @property
    def speakers(self) -> tuple[str, ...]:
        """The names in the order in which they first speak."""
        return tuple(dict.fromkeys(one.name for cue in self.cues for one in cue.said if one.name))

    @property
    def last(self) -> GivenCue:
        """The cue that begins last."""
        return self.cues[-1]


def read(data: bytes) -> CaptionFile:
    """Read WebVTT or SubRip. Raises `Invalid`, with the line where there is one, and `TooLarge`."""
    if len(data) > MAX_BYTES:
        raise TooLarge(f"captions have at most {MAX_BYTES // 1_000_000} MB", field="captions")
    text = _decoded(data)
    if "\0" in text:
        raise Invalid("this is no text: captions are WebVTT or SubRip", field="captions")
    cues = webvtt.cues(text) if webvtt.is_webvtt(text) else subrip.cues(text)
    if not cues:
        raise Invalid("there are no captions in this file", field="captions")
    return CaptionFile(cues=tuple(sorted(cues, key=lambda cue: cue.start_s)))


def captions(file: CaptionFile, *, instance: int, language: str, length_s: float) -> list[Final]:
    """Give what is said as captions; what begins after ``length_s`` is left out.

    ``language`` is that of what says no other. Words share their part of a cue evenly, and the
    parts of a cue share it by their length.
    """
    voices = _Voices()
    made = []
    for number, (cue, start_s, end_s, at) in enumerate(_parts(file.cues)):
        if start_s >= length_s:
            continue
        part = cue.said[at]
        final = Final(
            id=f"i{instance}g{number}",
            rev=1,
            start_s=start_s,
            end_s=min(end_s, length_s),
            speaker=voices.speaker(part.name, start_s, end_s),
            text=part.text,
            language=part.language or language,
            source=Source.CAPTIONER,
        )
        made.append(replace(final, words=retimed(final)))
    return made


def _parts(cues: Sequence[GivenCue]) -> Iterator[tuple[GivenCue, float, float, int]]:
    for cue in cues:
        lengths = [columns(part.text) for part in cue.said]
        step_s = (cue.end_s - cue.start_s) / max(1, sum(lengths))
        start_s = cue.start_s
        for at, length in enumerate(lengths):
            end_s = cue.end_s if at + 1 == len(lengths) else start_s + length * step_s
            yield cue, start_s, end_s, at
            start_s = end_s


class _Voices:
    """Gives names ids; two cues of one name at once are two people who are called the same."""

    def __init__(self) -> None:
        self._busy_until_s: defaultdict[str, list[float]] = defaultdict(list)
        self._ids: dict[tuple[str, int], str] = {}

    def speaker(self, name: str, start_s: float, end_s: float) -> Speaker | None:
        if not name:
            return None
        busy = self._busy_until_s[name]
        free = (at for at, until_s in enumerate(busy) if until_s <= start_s)
        at = next(free, len(busy))
        busy[at : at + 1] = [end_s]
        id = self._ids.setdefault((name, at), f"voice-{len(self._ids) + 1}")
        return Speaker(id=id, name=name)


def _decoded(data: bytes) -> str:
    """Text in UTF-8, UTF-16 with its mark, or, as old SubRip files are, Windows' Latin letters."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")
