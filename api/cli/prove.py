"""``roomscribe prove``: whether whisper may encode only what was said, with these weights."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from rich.console import Console

from api.demo import conversation
from api.settings import Settings
from asr import proof, weights
from asr.proof import Figures
from asr.proving import Spoken, measure, utterances
from models.audio import Pcm
from models.errors import EngineUnavailable, Invalid
from recorder import media


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """Media files and text files with what is said in them; none of both: the demonstration."""

    audio: Sequence[Path] = ()
    text: Sequence[Path] = ()
    language: str = "en"


async def prove(settings: Settings, job: Job) -> int:
    """Measure, say what was found and keep the proof; exits 1 when there is none.

    Raises `EngineUnavailable`, `Invalid` or `UnreadableMedia`.
    """
    console = Console(highlight=False, soft_wrap=True)
    model = settings.model or weights.default_model(job.language)
    folder = weights.find(model)
    if folder is None:
        raise EngineUnavailable(f"The whisper model {model} is not on this machine.")
    spoken = await _material(job)
    length_s = sum(each.length_s for each in spoken)
    console.print(f"Hearing {length_s:.0f} s of speech four times; CPU is s for each s of audio.")
    if not job.audio:
        console.print("It is synthesised and easy; --audio and --text prove it with your own.")
    return await asyncio.to_thread(compare, folder, spoken, console, language=job.language)


def compare(
    folder: Path, spoken: Sequence[Spoken], console: Console, *, language: str, keep: bool = True
) -> int:
    """Measure both ways and print them; a proof is written, or one that fails is removed."""
    full, short = (
        _measured(folder, spoken, console, language, short_context=short_context)
        for short_context in (False, True)
    )
    if not proof.proven(full, short):
        removed = proof.withdraw(folder) if keep else []
        console.print("It hears worse or gains nothing: windows are padded to thirty seconds.")
        console.print("\n".join(f"Removed: {file}" for file in removed), end="\n" * bool(removed))
        return 1
    console.print("It hears as well with a short context, and faster.")
    if keep:
        console.print(f"Written, and used from now on: {proof.write(folder, full, short)}")
    return 0


def _measured(
    folder: Path, spoken: Sequence[Spoken], console: Console, language: str, *, short_context: bool
) -> Figures:
    figures = measure(folder, spoken, short_context=short_context, language=language)
    console.print(
        f"{'short context' if short_context else 'thirty seconds':14} "
        + "   ".join(
            f"{way}: WER {run.wer:.3f}, CPU {run.cpu:.3f}"
            for way, run in (("one window", figures.whole), ("streamed", figures.streamed))
        )
    )
    return figures


async def _material(job: Job) -> list[Spoken]:
    if len(job.audio) != len(job.text):
        raise Invalid("Give a --text for each --audio.", field="text")
    if job.audio:
        texts = [await asyncio.to_thread(path.read_text, encoding="utf-8") for path in job.text]
        sounds = [await _read(path) for path in job.audio]
        spoken = zip(sounds, texts, strict=True)
    else:
        told = conversation.load()
        turns = [[t.text for t in told.turns if t.speaker == v.file.stem] for v in told.voices]
        sounds = [await _read(voice.file) for voice in told.voices]
        spoken = zip(sounds, map(" ".join, turns), strict=True)
    return [Spoken(utterances=utterances(pcm), text=text) for pcm, text in spoken]


async def _read(path: Path) -> Pcm:
    return np.concatenate([block async for block in media.decode(path)])
