"""What nobody said never becomes a caption: sounds through the whole path, speech gate included.

The guards alone, without the gate before them, stop noise; of music and applause some leaks.
"""

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

    def lighten(self, on: bool) -> None:
        pass

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


def ungated(engine: WhisperEngine, pcm: Pcm) -> list[str]:
    """Give the final words of what is decoded in pieces of six seconds, speech or not."""
    words, piece = [], 6 * SPEECH_RATE_HZ
    for at in range(0, len(pcm), piece):
        stream = engine.stream(language="en")
        stream.begin(at / SPEECH_RATE_HZ)
        said = [*stream.feed(pcm[at : at + piece]), *stream.end()]
        words += [w.text for h in said if h.final for w in h.words]
    return words


def at_16_khz(name: str, length_s: int) -> Pcm:
    pcm = np.concatenate(list(played(SOUNDS[name], length_s)))
    return np.asarray(soxr.resample(pcm, RATE_HZ, SPEECH_RATE_HZ))


@pytest.mark.parametrize("name", ["silence", "white noise", "pink noise"])
def test_noise_says_nothing_even_without_the_gate(engine: WhisperEngine, name: str) -> None:
    assert ungated(engine, at_16_khz(name, 30)) == []


def test_the_guards_alone_stop_much_of_what_music_and_applause_sound_like(
    engine: WhisperEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    sounds = [at_16_khz(name, 30) for name in ("chords", "applause")]
    guarded = sum(len(ungated(engine, sound)) for sound in sounds)
    monkeypatch.setattr("asr.whisper.is_heard", lambda evidence: True)
    unguarded = sum(len(ungated(engine, sound)) for sound in sounds)

    assert guarded <= 0.8 * unguarded


def test_the_guards_take_no_word_of_speech_in_noise(
    engine: WhisperEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    noise = pink_noise(np.random.default_rng(1), 20 * SPEECH_RATE_HZ)
    noisy = []
    for clip in clips()[:4]:
        level = 0.3 * clip.pcm.std() / noise.std()  # ten decibels below the speech
        mixed = clip.pcm + level * noise[: len(clip.pcm)]
        noisy.append(np.clip(mixed, -32768, 32767).astype(np.int16))
    guarded = [ungated(engine, pcm) for pcm in noisy]
    monkeypatch.setattr("asr.whisper.is_heard", lambda evidence: True)

    assert guarded == [ungated(engine, pcm) for pcm in noisy]
    assert all(guarded)


@pytest.mark.soak
@pytest.mark.parametrize("name", SOUNDS)
def test_nothing_is_captioned_in_ten_minutes_without_speech(
    engine: WhisperEngine, name: str
) -> None:
    assert listen(engine, played(SOUNDS[name], LONG_S)).shown == []
