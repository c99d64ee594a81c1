"""A voice for who speaks by typing: espeak-ng, when it is installed, as a program of its own.

The words go to its standard input and its sound comes from its standard output, so neither a list
of processes nor the disk ever has them.
"""

import asyncio
import io
import shutil
import wave
from typing import Protocol

import numpy as np

from models.audio import RATE_HZ, Pcm
from models.errors import EngineUnavailable

_WORDS_PER_MINUTE = 165
_SPEAK_WITHIN_S = 5.0
_MOST_S = 120.0
_AT_ONCE = 2  # programs; who comes then waits
_PEAK = 0.4 * 32_767
_FALLBACK = "en"


class Voice(Protocol):
    """Something that reads text aloud."""

    async def speak(self, text: str, language: str) -> Pcm:
        """Give the sound of ``text``, shape (n,) at 48 kHz. Raises `EngineUnavailable`."""
        ...


def find_voice() -> Voice | None:
    """The voice that is installed; None when there is none."""
    program = shutil.which("espeak-ng")
    return EspeakVoice(program) if program else None


class EspeakVoice:
    """Carries out `Voice` with the program ``espeak-ng``."""

    def __init__(self, program: str) -> None:
        self._program = program
        self._turn = asyncio.Semaphore(_AT_ONCE)

    async def speak(self, text: str, language: str) -> Pcm:
        wanted = language.partition("-")[0] or _FALLBACK
        sound = await self._read_aloud(text, wanted)
        if not len(sound) and wanted != _FALLBACK:  # a language that it does not know
            sound = await self._read_aloud(text, _FALLBACK)
        return sound

    async def _read_aloud(self, text: str, language: str) -> Pcm:
        async with self._turn:
            try:
                async with asyncio.timeout(_SPEAK_WITHIN_S):
                    file = await self._run(text, language)
                    return await asyncio.to_thread(_at_48_khz, file)
            except (OSError, TimeoutError, wave.Error, EOFError) as error:
                raise EngineUnavailable("the voice could not speak") from error

    async def _run(self, text: str, language: str) -> bytes:
        process = await asyncio.create_subprocess_exec(
            *(self._program, "--stdin", "--stdout", "-b", "1"),
            *("-v", language, "-s", str(_WORDS_PER_MINUTE)),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
        try:
            sound, _ = await process.communicate(text.encode())
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        return sound


def _at_48_khz(file: bytes) -> Pcm:
    """Read a WAV file whose header may not know its length; empty when there is no sound.

    Resampled by its spectrum, which is exact for a whole utterance, and brought to one loudness.
    Raises `EngineUnavailable` for one of more than two minutes.
    """
    if not file:
        return np.zeros(0, dtype=np.int16)
    with wave.open(io.BytesIO(file)) as reader:
        rate, channels = reader.getframerate(), reader.getnchannels()
        data = reader.readframes(len(file))
    samples = np.frombuffer(data[: len(data) // 2 * 2], dtype="<i2")[::channels].astype(np.float64)
    if len(samples) > _MOST_S * rate:
        raise EngineUnavailable("the voice would speak for too long")
    peak = float(np.max(np.abs(samples), initial=0.0))
    if peak == 0.0:
        return np.zeros(0, dtype=np.int16)
    length = round(len(samples) * RATE_HZ / rate)
    spectrum = np.fft.rfft(samples * (_PEAK / peak))
    sound: Pcm = np.rint(np.fft.irfft(spectrum, length) * (length / len(samples))).astype(np.int16)
    return sound
