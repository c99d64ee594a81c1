"""How many words are wrong before and after a second pass: ``python -m bench.second_pass``.

The clips of `tests/fixtures`, which the small Whisper never saw, are said in one room and captioned
live by an engine; then the same sound is heard as a whole by whisper, and its corrections are
applied. Words that were right live and are wrong after it are counted, too.
"""

import argparse
import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np

from asr.engine import Engine
from asr.inprocess import InProcess
from bench.peers.scoring import align, plain_words
from models.audio import FRAME_SAMPLES, SPEECH_RATE_HZ, Frame, Pcm
from models.room import Room, RoomState
from models.transcript import Correction, Entry, Final
from pipeline.captions import CaptionBus
from pipeline.session import Session, SessionOptions
from pipeline.silero import SileroDetector
from pipeline.tap import TapItem
from pipeline.whole import Cutter, listen
from tests.fixtures.clips import TINY_MODEL, Clip, clips, held_out
from transcripts.effective import effective
from transcripts.memory import InMemoryJournal
from transcripts.second_pass import SecondPass

PAUSE_S = 0.7
CASES = (("whisper", 0.0), ("whisper", 1000.0), ("whisper", 2000.0), ("pocketsphinx", 0.0))
"""Who captions live, and the standard deviation of a hiss under it."""

ROOM = Room(
    id="bench",
    title="Bench",
    language="en",
    host_id="",
    state=RoomState.ENDED,
    created_at=datetime(2025, 1, 1, tzinfo=UTC),
    instance=1,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """Counts of words, and of captions whose text a second pass replaced."""

    words: int
    errors_live: int
    errors_after: int
    spoilt: int
    captions: int
    changed: int


def spoken(said: Sequence[Clip], *, noise: float = 0.0) -> Pcm:
    """Say clips one after the other, 16 kHz mono; ``noise`` is the deviation of a hiss."""
    pause = np.zeros(round(PAUSE_S * SPEECH_RATE_HZ), np.int16)
    whole = np.concatenate([part for clip in said for part in (clip.pcm, pause)])
    hiss = np.random.default_rng(1).normal(0, noise, len(whole))
    return np.clip(whole + hiss, -32768, 32767).astype(np.int16)


async def captioned_live(pcm: Pcm, engine: Engine) -> list[Entry]:
    """Give the journal of a room in which that was said."""
    journal = InMemoryJournal()
    session = Session(
        ROOM,
        recogniser=InProcess(engine),
        detector=SileroDetector,
        journal=journal,
        bus=CaptionBus(),
        options=SessionOptions(patient=True, drain_s=600),
    )
    await session.run(_frames(pcm))
    return list(await journal.transcript(ROOM.id))


async def second_pass(pcm: Pcm, engine: Engine, entries: Sequence[Entry]) -> list[Entry]:
    """Give the journal as it is after a second pass."""
    journal, passing = list(entries), SecondPass(entries, instance=1)

    async def blocks() -> AsyncIterator[Pcm]:
        for at in range(0, len(pcm), FRAME_SAMPLES):
            yield pcm[at : at + FRAME_SAMPLES]

    cutter = Cutter(SileroDetector())
    async for heard in listen(blocks(), InProcess(engine), cutter, language="en"):
        journal += passing.take(heard.end_s, heard.finals)
    return [*journal, *passing.end()]


def compare(said: Sequence[Clip], live: Sequence[Entry], after: Sequence[Entry]) -> Outcome:
    """Score both against what was said."""
    truth = plain_words(" ".join(clip.text for clip in said))
    before, now = (align(truth, _words(entries)) for entries in (live, after))
    return Outcome(
        words=len(truth),
        errors_live=before.errors,
        errors_after=now.errors,
        spoilt=len(before.pairs.keys() - now.pairs.keys()),
        captions=sum(isinstance(entry, Final) for entry in live),
        changed=len({entry.id for entry in after if isinstance(entry, Correction)}),
    )


def _words(entries: Sequence[Entry]) -> list[str]:
    return plain_words(" ".join(final.text for final in effective(entries)))


async def _frames(pcm: Pcm) -> AsyncIterator[TapItem]:
    """At 48 kHz, each sample three times: above 8 kHz there is nothing to be heard anyway."""
    sound = np.repeat(pcm, 3)
    for at in range(0, len(sound) // FRAME_SAMPLES * FRAME_SAMPLES, FRAME_SAMPLES):
        yield Frame(sample=at, pcm=sound[at : at + FRAME_SAMPLES])


async def _main() -> None:
    argparse.ArgumentParser(description=__doc__).parse_args()
    from asr.sphinx import SphinxEngine
    from asr.whisper import WhisperEngine, WhisperOptions

    whisper = WhisperEngine(str(TINY_MODEL), WhisperOptions(threads=2))
    engines: dict[str, Engine] = {"whisper": whisper, "pocketsphinx": SphinxEngine()}
    said = [*clips(), *held_out()]
    print("| live engine | hiss | words | wrong live | wrong after | right live, wrong after |")
    print("| --- | --- | --- | --- | --- | --- |")
    for name, noise in CASES:
        pcm = spoken(said, noise=noise)
        live = await captioned_live(pcm, engines[name])
        found = compare(said, live, await second_pass(pcm, whisper, live))
        rates = (found.errors_live, found.errors_after)
        live_rate, rate = (f"{100 * errors / found.words:.1f} %" for errors in rates)
        cells = (name, f"{noise:.0f}", found.words, live_rate, rate, found.spoilt)
        print(f"| {' | '.join(map(str, cells))} |", flush=True)


if __name__ == "__main__":
    asyncio.run(_main())
