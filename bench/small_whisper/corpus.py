"""What the voices say, as features, in blocks that are made once and kept in the cache."""

import io
import os
import pickle
import random
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from bench.small_whisper import grammar
from bench.small_whisper.features import mel_power
from bench.small_whisper.speech import RATE_HZ, Spoken, Unvoiced, Utterance
from bench.small_whisper.voices import Voices

BLOCK = 500
TRAINING_BLOCKS = 28
HELD_OUT_BLOCKS = 1

_EDITION = 1
_SALADS = 0.35
_HELD_OUT_SALADS = 0.1
_LONGEST_S = 7.5
_BIT_RATES = (12_000, 16_000, 24_000, 32_000, 48_000)
_OPUS = {"application": "voip", "compression_level": "3"}
_CODED = 0.75
_CODED_TOGETHER = 100
_REVERBERANT = 0.5


def training(folder: Path) -> list[Utterance]:
    """Give what the model learns from; made where ``folder`` does not hold it yet."""
    return _blocks(folder, range(TRAINING_BLOCKS), held_out=False)


def held_out(folder: Path) -> list[Utterance]:
    """Give what the model is measured with: texts that training never uses."""
    return _blocks(folder, range(1000, 1000 + HELD_OUT_BLOCKS), held_out=True)


def _blocks(folder: Path, seeds: range, *, held_out: bool) -> list[Utterance]:
    folder.mkdir(parents=True, exist_ok=True)
    found: list[Utterance] = []
    with ProcessPoolExecutor(os.cpu_count()) as workers:
        make = partial(_block_file, folder, held_out=held_out)
        for at, path in enumerate(workers.map(make, seeds), 1):
            found += pickle.loads(path.read_bytes())
            print(f"speech: {at} of {len(seeds)} blocks", flush=True)
    return found


def _block_file(folder: Path, seed: int, *, held_out: bool) -> Path:
    path = folder / f"speech-{_EDITION}-{seed}.pickle"
    if not path.exists():
        part = path.with_suffix(".part")
        part.write_bytes(pickle.dumps(_block(seed, held_out=held_out)))
        part.replace(path)
    return path


def _block(seed: int, *, held_out: bool) -> list[Utterance]:
    """Synthesise one block; the same seed gives the same block."""
    chance, noise = random.Random(seed), np.random.default_rng(seed)
    spoken: list[tuple[str, Spoken]] = []
    for text, said in _said(chance, held_out=held_out):
        spoken.append((text, said))
        if len(spoken) == BLOCK:
            break
    far: list[NDArray[np.float32]] = []
    for at in range(0, BLOCK, _CODED_TOGETHER):
        together = spoken[at : at + _CODED_TOGETHER]
        heard = [_in_a_room(said.samples, chance, noise) for _, said in together]
        far += _coded(heard, chance.choice(_BIT_RATES)) if chance.random() < _CODED else heard
    return [
        Utterance(
            text=text,
            words=said.words,
            near=_level(said.samples),
            far=_level(through),
            near_pcm=_pcm(said.samples) if held_out else None,
            far_pcm=_pcm(through) if held_out else None,
        )
        for (text, said), through in zip(spoken, far, strict=True)
    ]


def _said(chance: random.Random, *, held_out: bool) -> Iterator[tuple[str, Spoken]]:
    """Speak texts without end; what is silent before and after is cut to a short margin."""
    voices = Voices()
    while True:
        text = grammar.said(chance, salads=_HELD_OUT_SALADS if held_out else _SALADS)
        if grammar.held_out(text) != held_out:
            continue
        try:
            spoken = _trimmed(voices.say(text, chance), chance)
        except Unvoiced:
            continue
        if len(spoken.samples) <= _LONGEST_S * RATE_HZ:
            yield text, spoken


def _trimmed(spoken: Spoken, chance: random.Random) -> Spoken:
    samples, words = spoken.samples, spoken.words
    peak = 10 ** (chance.uniform(-20, -2) / 20)
    start_s = int(100 * max(0.0, words[0].start_s - chance.uniform(0.02, 0.15))) / 100
    until_s = min(len(samples) / RATE_HZ, words[-1].end_s + chance.uniform(0.05, 0.2))
    cut = samples[int(start_s * RATE_HZ) : int(until_s * RATE_HZ)]
    return Spoken(
        samples=(cut * (peak / max(1e-3, float(np.abs(cut).max())))).astype(np.float32),
        words=tuple(word.later(-start_s) for word in words),
        voice=spoken.voice,
    )


def _in_a_room(
    samples: NDArray[np.float32], chance: random.Random, noise: np.random.Generator
) -> NDArray[np.float32]:
    """Add the reverberation of a room: decaying noise, quieter than what comes straight."""
    if chance.random() >= _REVERBERANT:
        return samples
    length = int(chance.uniform(0.08, 0.45) * RATE_HZ)
    tail = noise.standard_normal(length) * np.exp(-6.9 * np.arange(length) / length)
    tail *= chance.uniform(0.1, 0.6) / np.sqrt((tail**2).sum())
    tail[0] = 1.0
    size = 1 << (len(samples) + length).bit_length()
    heard = np.fft.irfft(np.fft.rfft(samples, size) * np.fft.rfft(tail, size))
    return np.asarray(heard[: len(samples)], np.float32)


def _coded(heard: list[NDArray[np.float32]], bits_per_s: int) -> list[NDArray[np.float32]]:
    """Send sounds through Opus, one after the other."""
    whole = _pcm(np.concatenate(heard))
    file = io.BytesIO()
    with av.open(file, "w", format="ogg") as media:
        stream = media.add_stream("libopus", rate=RATE_HZ, options=_OPUS)
        stream.layout, stream.bit_rate = "mono", bits_per_s
        frame = av.AudioFrame.from_ndarray(whole.reshape(1, -1), format="s16", layout="mono")
        frame.sample_rate = RATE_HZ
        media.mux([*stream.encode(frame), *stream.encode(None)])
    file.seek(0)
    resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE_HZ)
    with av.open(file, "r") as coded:
        frames = [r for frame in coded.decode(audio=0) for r in resampler.resample(frame)]
    frames += resampler.resample(None)
    back = np.concatenate([frame.to_ndarray().reshape(-1) for frame in frames])
    back = np.pad(back, (0, max(0, len(whole) - len(back)))).astype(np.float32) / 32768
    ends = np.cumsum([len(sound) for sound in heard])
    return list(np.split(back[: ends[-1]], ends[:-1]))


def _pcm(samples: NDArray[np.float32]) -> NDArray[np.int16]:
    return np.asarray(np.clip(samples, -1, 1) * 32767, np.int16)


def _level(samples: NDArray[np.float32]) -> NDArray[np.float16]:
    return np.log10(np.maximum(mel_power(samples), 1e-10)).astype(np.float16)
