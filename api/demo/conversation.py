"""The recorded conversation and the script that it was spoken from."""

import json
from dataclasses import dataclass
from pathlib import Path

_FOLDER = Path(__file__).parent / "conversation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What one voice says, in seconds from the conversation's start."""

    speaker: str
    start_s: float
    end_s: float
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """A recorded voice: silence while the other speaks."""

    name: str
    file: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """Voices of equal length that belong together; turns in order."""

    title: str
    language: str
    voices: tuple[Voice, ...]
    turns: tuple[Turn, ...]


def load() -> Conversation:
    """Read the conversation that ships with Roomscribe."""
    script = json.loads((_FOLDER / "script.json").read_text(encoding="utf-8"))
    return Conversation(
        title=script["title"],
        language=script["language"],
        voices=tuple(
            Voice(name=voice["name"], file=_FOLDER / voice["file"])
            for voice in script["speakers"].values()
        ),
        turns=tuple(
            Turn(
                speaker=turn["speaker"],
                start_s=turn["start_s"],
                end_s=turn["end_s"],
                text=turn["text"],
            )
            for turn in script["turns"]
        ),
    )
