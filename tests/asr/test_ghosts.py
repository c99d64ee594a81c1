"""What nobody said never becomes a caption: sounds through the whole path, speech gate included."""

from collections.abc import AsyncIterator, Callable, Iterator, Sequence

import numpy as np
import pytest
import soxr
from numpy.typing import NDArray

from asr.engine import Stream
from asr.whisper import WhisperEngine, WhisperOptions
from models.audio import FRAME_SAMPLES, RATE_HZ, SPEECH_RATE_HZ, Frame, Pcm
from models.transcript import Hypothesis
from pipeline.listening import Listener
from pipeline.recognition import RecognitionEvent
from pipeline.silero import SileroDetector
from tests.fixtures.clips import TINY_MODEL, clips, word_error_rate

Sound = Callable[[np.random.Generator, int], NDArray[np.float64]]
BLOCK_S = 10
SHORT_S, LONG_S = 20, 600


def silence(random: np.random.Generator, samples: int) -> NDArray[np.float64]:
    return np.zeros(samples)


def white_noise(random: np.random.Generator, samples: int) -> NDArray[np.float64]:
    return random.normal(0, 0.1, samples)


def pink_noise(random: np.random.Generator, samples: int) -> NDArray[np.float64]:
    spectrum = np.fft.rfft(random.normal(0, 1, samples))
    spectrum /= np.sqrt(np.maximum(1, np.arange(len(spectrum))))
    pink = np.fft.irfft(spectrum, samples)
    return np.asarray(0.1 * pink / pink.std())


def chords(random: np.random.Generator, samples: int) -> NDArray[np.float64]:
    """Play chords of plucked strings with overtones and a beat: a new one each half second."""
    out, length = np.zeros(samples), RATE_HZ // 2
    t = np.arange(length) / RATE_HZ
    for at in range(0, samples - length + 1, length):
        root_hz = 110 * 2 ** (random.integers(0, 24) / 12)
        for step in (0, 4, 7, 12):
            for overtone in (1, 2, 3, 4):
                hz = root_hz * 2 ** (step / 12) * overtone
                out[at : at + length] += np.sin(2 * np.pi * hz * t) * np.exp(-4 * t) / overtone
        out[at : at + 2000] += random.normal(0, 0.3, 2000) * np.exp(-np.arange(2000) / 400)
    return 0.08 * out


def applause(random: np.random.Generator, samples: int) -> NDArray[np.float64]:
    """Clap with forty hands: noise bursts of a few milliseconds that come and go as one."""
    out, length = np.zeros(samples), RATE_HZ // 50
    for at in random.integers(0, samples - length, 40 * 4 * samples // RATE_HZ):
        out[at : at + length] += random.normal(0, 1, length) * np.exp(-np.arange(length) / 150)
    swell = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(samples) / (5 * RATE_HZ))
    return 0.12 * out * swell


SOUNDS: dict[str, Sound] = {
    "silence": silence,
    "white noise": white_noise,
    "pink noise": pink_noise,
    "chords": chords,
    "applause": applause,
}


def played(sound: Sound, length_s: int) -> Iterator[Pcm]:
    """Give 48 kHz blocks, the same every time."""
    random = np.random.default_rng(3)
    for _ in range(length_s // BLOCK_S):
        block = sound(random, BLOCK_S * RATE_HZ)
        yield np.clip(block * 32767, -32768, 32767).astype(np.int16)


class Ear:
    """A `Recognition` that decodes at once and keeps what readers would have been shown."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self.fed_s = 0.0
        self.shown: list[Hypothesis] = []

    def begin(self, start_s: float) -> None:
        self._stream.begin(start_s)

    def learn(self, terms: Sequence[str]) -> None:
        self._stream.learn(terms)

    def feed(self, pcm: Pcm) -> None:
        self.fed_s += len(pcm) / SPEECH_RATE_HZ
        self.shown += [h for h in self._stream.feed(pcm) if h.words]

    def end(self) -> None:
        self.shown += [h for h in self._stream.end() if h.words]

    def finish(self) -> None:
        pass

    async def results(self) -> AsyncIterator[RecognitionEvent]:
        return
        yield

    async def close(self) -> None:
        pass


@pytest.fixture(scope="module")
def engine() -> Iterator[WhisperEngine]:
    engine = WhisperEngine(str(TINY_MODEL), WhisperOptions(threads=1, short_context=True))
    yield engine
    engine.close()


def listen(engine: WhisperEngine, blocks: Iterator[Pcm]) -> Ear:
    ear, at = Ear(engine.stream(language="en")), 0
    listener = Listener(ear, SileroDetector())
    for block in blocks:
        for start in range(0, len(block) - FRAME_SAMPLES + 1, FRAME_SAMPLES):
            listener.push(Frame(sample=at, pcm=block[start : start + FRAME_SAMPLES]))
            listener.settled(listener.now_s)
            at += FRAME_SAMPLES
    listener.flush()
    return ear


@pytest.mark.parametrize("name", SOUNDS)
def test_nothing_is_captioned_where_nobody_speaks(engine: WhisperEngine, name: str) -> None:
    assert listen(engine, played(SOUNDS[name], SHORT_S)).shown == []


@pytest.mark.parametrize("name", SOUNDS)
def test_what_is_said_after_it_is_captioned_alone(engine: WhisperEngine, name: str) -> None:
    clip = clips()[0]
    spoken = soxr.resample(clip.pcm, SPEECH_RATE_HZ, RATE_HZ)
    blocks = [next(played(SOUNDS[name], BLOCK_S)), spoken, next(played(silence, BLOCK_S))]

    heard = [w.text for h in listen(engine, iter(blocks)).shown if h.final for w in h.words]

    assert word_error_rate(clip.text, " ".join(heard)) <= 0.1


@pytest.mark.soak
@pytest.mark.parametrize("name", SOUNDS)
def test_nothing_is_captioned_in_ten_minutes_without_speech(
    engine: WhisperEngine, name: str
) -> None:
    assert listen(engine, played(SOUNDS[name], LONG_S)).shown == []
