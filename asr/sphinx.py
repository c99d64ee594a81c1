"""The embedded engine: pocketsphinx, whose wheel carries an English model.

Interims come from the stream; the final of a segment is decoded anew over the whole of it, with
the cepstral mean of all its frames, which halves the errors of a cold stream.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from pocketsphinx import Decoder

from asr.engine import Stream
from models.audio import SPEECH_RATE_HZ, Pcm
from models.caption import EngineInfo
from models.transcript import Hypothesis, Word

INFO = EngineInfo(name="pocketsphinx", model="en-us", quality="basic")

_FRAME_S = 0.01
_NOT_WORDS = re.compile(r"<.*>|\[.*\]|\+\+.*\+\+")
_VARIANT = re.compile(r"\(\d+\)$")
_ME = {"i": "I", "i'm": "I'm", "i'll": "I'll", "i've": "I've", "i'd": "I'd"}


@dataclass(frozen=True, slots=True, kw_only=True)
class SphinxOptions:
    """What was tried and kept; ``bench/engines.py`` measures it."""

    interim_s: float = 0.3
    pad_s: float = 0.15
    longest_s: float = 16.0
    peak: float = 0.4
    decoder: tuple[tuple[str, float | int | bool | str], ...] = ()


class SphinxEngine:
    """Loads a decoder in about 0.3 s; streams of one process take turns, since none gives way."""

    def __init__(self, options: SphinxOptions | None = None) -> None:
        self._options = options or SphinxOptions()
        self._spare: Decoder | None = self._load()

    @property
    def info(self) -> EngineInfo:
        """What listeners are told about the engine."""
        return INFO

    def stream(self, *, language: str, terms: Sequence[str] = ()) -> Stream:
        """Open a stream with a decoder of its own; the model knows English only."""
        decoder, self._spare = self._spare or self._load(), None
        return _SphinxStream(decoder, self._options)

    def _load(self) -> Decoder:
        return Decoder(loglevel="FATAL", **dict(self._options.decoder))


class _SphinxStream:
    def __init__(self, decoder: Decoder, options: SphinxOptions) -> None:
        self._decoder = decoder
        self._options = options
        self._segment = 0
        self._heard: list[Pcm] = []
        self._samples = 0
        self._start_s = 0.0
        self._looked_at = 0
        self._shown = ""

    def begin(self, start_s: float) -> None:
        self._start_s = start_s
        self._restart()

    def feed(self, pcm: Pcm) -> Iterator[Hypothesis]:
        self._hear(pcm)
        if self._samples - self._looked_at >= self._options.interim_s * SPEECH_RATE_HZ:
            self._looked_at = self._samples
            yield from self._interim()
        if self._samples >= self._options.longest_s * SPEECH_RATE_HZ:
            yield from self._cut()

    def end(self) -> Iterator[Hypothesis]:
        self._decoder.end_utt()
        yield from self._final(self._whole())

    def _restart(self) -> None:
        self._heard, self._samples, self._looked_at, self._shown = [], 0, 0, ""
        self._decoder.start_utt()

    def _hear(self, pcm: Pcm) -> None:
        self._heard.append(pcm)
        self._samples += len(pcm)
        self._decoder.process_raw(pcm.tobytes(), no_search=False, full_utt=False)

    def _whole(self) -> Pcm:
        return np.concatenate(self._heard) if self._heard else np.zeros(0, np.int16)

    def _interim(self) -> Iterator[Hypothesis]:
        words = _words(self._decoder, self._start_s, self._start_s + self._length_s(self._samples))
        text = " ".join(w.text for w in words)
        if text and text != self._shown:
            self._shown = text
            yield Hypothesis(segment=self._segment, words=words)

    def _final(self, pcm: Pcm) -> Iterator[Hypothesis]:
        """Decode ``pcm`` as one segment that begins at the segment's start."""
        words = self._decode(pcm)
        if words or self._shown:
            yield Hypothesis(segment=self._segment, words=words, final=True)
            self._segment += 1
        self._shown = ""

    def _cut(self) -> Iterator[Hypothesis]:
        """End a segment that has become too long where it is quietest, and carry the rest on."""
        self._decoder.end_utt()
        whole = self._whole()
        at = quietest(whole, last_s=4.0)
        yield from self._final(whole[:at])
        self._start_s += self._length_s(at)
        self._restart()
        self._hear(whole[at:])

    def _decode(self, pcm: Pcm) -> tuple[Word, ...]:
        if not len(pcm):
            return ()
        pad = np.zeros(int(self._options.pad_s * SPEECH_RATE_HZ), np.int16)
        level = louder(pcm, self._options.peak)
        self._decoder.start_utt()
        self._decoder.process_raw(
            np.concatenate((pad, level, pad)).tobytes(), no_search=False, full_utt=True
        )
        self._decoder.end_utt()
        end_s = self._start_s + self._length_s(len(pcm))
        return _words(self._decoder, self._start_s, end_s, offset_s=-self._options.pad_s)

    @staticmethod
    def _length_s(samples: int) -> float:
        return samples / SPEECH_RATE_HZ


def _words(
    decoder: Decoder, start_s: float, end_s: float, *, offset_s: float = 0.0
) -> tuple[Word, ...]:
    """Give the decoder's words in room seconds, none outside ``start_s`` to ``end_s``."""
    if decoder.hyp() is None:
        return ()
    words: list[Word] = []
    for part in decoder.seg():
        if _NOT_WORDS.fullmatch(part.word):
            continue
        text = _VARIANT.sub("", part.word)
        text = _ME.get(text, text)
        begins_s = start_s + offset_s + part.start_frame * _FRAME_S
        ends_s = start_s + offset_s + (part.end_frame + 1) * _FRAME_S
        words.append(
            Word(
                text=text if words else text[:1].upper() + text[1:],
                start_s=min(max(begins_s, start_s), end_s),
                end_s=min(max(ends_s, start_s), end_s),
                confidence=min(1.0, max(0.0, float(part.prob))),
            )
        )
    return tuple(words)


def louder(pcm: Pcm, peak: float) -> Pcm:
    """Bring a quiet segment up to ``peak`` of full scale; a loud one stays as it is."""
    highest = int(np.abs(pcm.astype(np.int32)).max()) / 32768
    if highest == 0 or highest >= peak:
        return pcm
    gain = min(peak / highest, 100.0)
    return np.round(pcm.astype(np.float32) * gain).astype(np.int16)


def quietest(pcm: Pcm, *, last_s: float, window_s: float = 0.2) -> int:
    """Find the middle of the quietest ``window_s`` within the last ``last_s``, as a sample."""
    window, step = int(window_s * SPEECH_RATE_HZ), int(_FRAME_S * SPEECH_RATE_HZ)
    first = max(0, len(pcm) - int(last_s * SPEECH_RATE_HZ))
    energy = np.concatenate(([0.0], np.cumsum(pcm[first:].astype(np.float64) ** 2)))
    if len(energy) <= window:
        return len(pcm)
    sums = energy[window::step][: (len(energy) - window) // step + 1]
    sums = sums - energy[: len(energy) - window : step][: len(sums)]
    return first + int(np.argmin(sums)) * step + window // 2
