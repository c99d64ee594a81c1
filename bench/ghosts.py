"""How many words are captioned where nobody speaks, and what preventing it costs in speech.

``python -m bench.ghosts`` plays each sound of the tests for a minute: to faster-whisper as it comes
(offline, in one piece, with and without its own speech filter) and to a room, with and without the
guards (`asr.guards`), with and without the speech gate before them. Without the gate a room's
engine gets pieces of six seconds, each as if somebody had spoken in it. The last row is speech: its
word error rate says what guards and gates cost. ``--write`` puts the table into the documentation.
"""

import argparse
import contextlib
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from unittest import mock

import numpy as np
import soxr
from faster_whisper import WhisperModel

from asr.whisper import WhisperEngine, WhisperOptions
from bench import page
from bench.peers.scoring import align, plain_words
from models.audio import RATE_HZ, SPEECH_RATE_HZ, Pcm
from models.transcript import Hypothesis
from tests.fixtures.clips import TINY_MODEL, Clip, held_out
from tests.fixtures.ghosts import SOUNDS, listen, played, silence, ungated

NAME = "ghosts"
_HEAD = [
    "sound",
    "faster-whisper",
    "faster-whisper, its filter",
    "no guards, no gate",
    "guards, no gate",
    "no guards, gate",
    "a room: guards and gate",
]
_SPOKEN = 12
_AROUND_S = 1

Hear = Callable[[Pcm], list[str]]
"""Gives the final words of 48 kHz samples."""


class Offline:
    """faster-whisper with its defaults, but for the language, which is known to everybody."""

    def __init__(self, model: Path) -> None:
        self._model = WhisperModel(
            str(model), device="cpu", compute_type="int8", local_files_only=True
        )

    def hear(self, pcm: Pcm, *, filtered: bool) -> list[str]:
        """Transcribe in one piece."""
        samples = _at_16_khz(pcm).astype(np.float32) / 32768
        segments, _ = self._model.transcribe(samples, language="en", vad_filter=filtered)
        return plain_words(" ".join(segment.text for segment in segments))


def ways(model: Path) -> Iterator[Hear]:
    """Give the ways of hearing in the order of the table's columns."""
    offline = Offline(model)
    yield lambda pcm: offline.hear(pcm, filtered=False)
    yield lambda pcm: offline.hear(pcm, filtered=True)
    engine = WhisperEngine(str(model), WhisperOptions(short_context=True))
    for gated in (False, True):
        for guarded in (False, True):
            yield lambda pcm, gated=gated, guarded=guarded: in_a_room(  # type: ignore[misc]
                engine, pcm, gated=gated, guarded=guarded
            )


def in_a_room(engine: WhisperEngine, pcm: Pcm, *, gated: bool, guarded: bool) -> list[str]:
    """Hear as a room does, or with a part of it missing."""
    with contextlib.nullcontext() if guarded else without_guards():
        if not gated:
            return ungated(engine, _at_16_khz(pcm))
        return _finals(listen(engine, iter([pcm])).shown)


def without_guards() -> contextlib.AbstractContextManager[object]:
    """Let everything pass that Whisper's own thresholds leave."""
    return mock.patch("asr.whisper.is_heard", return_value=True)


def speech(clips: Sequence[Clip]) -> tuple[Pcm, str]:
    """Put clips one after the other, a second of silence around each; 48 kHz, and the text."""
    pause = next(played(silence, 10))[: _AROUND_S * RATE_HZ]
    parts = [pause]
    for clip in clips:
        parts += [soxr.resample(clip.pcm, SPEECH_RATE_HZ, RATE_HZ), pause]
    return np.concatenate(parts), " ".join(clip.text for clip in clips)


def error_rate(hear: Hear, clips: Sequence[Clip]) -> float:
    """Measure the word error rate, clip by clip: pieces of six seconds would cut words."""
    errors = words = 0
    for clip in clips:
        pcm, text = speech([clip])
        said = plain_words(text)
        words += len(said)
        errors += align(said, plain_words(" ".join(hear(pcm)))).errors
    return errors / words


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the measurement."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--model", type=Path, default=TINY_MODEL, help="a folder of weights")
    parser.add_argument("--seconds", type=int, default=60, help="how long each sound is played")
    parser.add_argument("--write", action="store_true", help="put the table into the documentation")
    options = parser.parse_args(arguments)
    heard = list(ways(options.model))
    rows: list[list[str]] = []
    for name, sound in SOUNDS.items():
        pcm = np.concatenate(list(played(sound, options.seconds)))
        counts = [len(hear(pcm)) for hear in heard]
        rows.append([name, *(f"{60 * count / options.seconds:.0f}" for count in counts)])
        print(*rows[-1], sep="  ", flush=True)
    spoken = [clip for clip in held_out() if clip.length_s < 6 - 2 * _AROUND_S][:_SPOKEN]
    rates = [error_rate(hear, spoken) for hear in heard]
    rows.append(["speech (wrong words)", *(f"{100 * rate:.1f} %" for rate in rates)])
    print(*rows[-1], sep="  ")
    if options.write:
        page.write(page.table(_HEAD, rows), NAME)
    return 0


def _finals(shown: Sequence[Hypothesis]) -> list[str]:
    return [word.text for h in shown if h.final for word in h.words]


def _at_16_khz(pcm: Pcm) -> Pcm:
    return np.asarray(soxr.resample(pcm, RATE_HZ, SPEECH_RATE_HZ))


if __name__ == "__main__":
    sys.exit(main())
