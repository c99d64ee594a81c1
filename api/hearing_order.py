"""What a recording's hearing (`api.hearing_job`) is told, and what it says: lines of JSON."""

import json
from dataclasses import dataclass
from typing import Any

from api.settings import Settings
from models.transcript import Hypothesis, Word
from pipeline.whole import Listened

_NOT_ITS = {"database", "s3_access_key", "s3_secret_key"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Hear ``file`` from ``from_s`` on, in a language, with a room's own words."""

    settings: Settings
    file: str
    from_s: float
    language: str
    terms: tuple[str, ...]

    def dumps(self) -> str:
        """Write it as a line."""
        values = {name: getattr(self, name) for name in ("file", "from_s", "language", "terms")}
        return (
            json.dumps(
                {**values, "settings": self.settings.model_dump(mode="json", exclude=_NOT_ITS)}
            )
            + "\n"
        )

    @classmethod
    def loads(cls, line: str) -> "Order":
        """Read what `dumps` writes."""
        values = json.loads(line)
        values["terms"] = tuple(values["terms"])
        return cls(**{**values, "settings": Settings(**values["settings"])})


@dataclass(frozen=True, slots=True, kw_only=True)
class Began:
    """The recogniser that hears is ready."""

    engine: str
    model: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """It cannot be done, and trying again would not help; ``note`` is for people."""

    note: str


@dataclass(frozen=True, slots=True)
class Over:
    """All of it was heard."""


Said = Began | Listened | Failed | Over


def dumps(said: Said) -> str:
    """Write what is said as a line."""
    match said:
        case Began(engine=engine, model=model):
            values: dict[str, Any] = {"began": {"engine": engine, "model": model}}
        case Failed(note=note):
            values = {"failed": note}
        case Over():
            values = {"over": True}
        case Listened():
            finals = [_hypothesis(one) for one in said.finals]
            span = {"start": said.start_s, "end": said.end_s, "lost": said.lost}
            values = {"heard": {**span, "finals": finals}}
    return json.dumps(values) + "\n"


def loads(line: str) -> Said:
    """Read what `dumps` writes."""
    values = json.loads(line)
    if "began" in values:
        return Began(**values["began"])
    if "failed" in values:
        return Failed(note=values["failed"])
    if "over" in values:
        return Over()
    heard = values["heard"]
    return Listened(
        start_s=heard["start"],
        end_s=heard["end"],
        finals=tuple(
            Hypothesis(
                segment=segment,
                language=language,
                final=True,
                words=tuple(
                    Word(text=text, start_s=start, end_s=end, confidence=confidence, glued=glued)
                    for text, start, end, confidence, glued in words
                ),
            )
            for segment, language, words in heard["finals"]
        ),
        lost=heard["lost"],
    )


def _hypothesis(said: Hypothesis) -> list[Any]:
    words = [
        [w.text, float(w.start_s), float(w.end_s), float(w.confidence), w.glued] for w in said.words
    ]
    return [said.segment, said.language, words]
