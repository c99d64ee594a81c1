"""espeak-ng through its C library, which tells when each word begins."""

import ctypes as c
import re
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.signal import resample_poly

from bench.small_whisper.speech import ESPEAK_LIBRARY, RATE_HZ, Spoken, TimedWord, Unvoiced

_RETRIEVE, _WORD_EVENT, _RATE, _PITCH, _RANGE, _UTF8, _BY_CHARACTER = 2, 1, 1, 3, 4, 1, 1
_RATE_HZ = 22_050


class _Id(c.Union):
    _fields_ = (("number", c.c_int), ("name", c.c_char_p), ("string", c.c_char * 8))


class _Event(c.Structure):
    _fields_ = (
        ("type", c.c_int),
        ("unique_identifier", c.c_uint),
        ("text_position", c.c_int),
        ("length", c.c_int),
        ("audio_position", c.c_int),
        ("sample", c.c_int),
        ("user_data", c.c_void_p),
        ("id", _Id),
    )


_Callback = c.CFUNCTYPE(c.c_int, c.POINTER(c.c_short), c.c_int, c.POINTER(_Event))


class Espeak:
    """espeak-ng; its library keeps one voice a process."""

    def __init__(self) -> None:
        self._library = c.CDLL(ESPEAK_LIBRARY)
        self._library.espeak_Initialize(_RETRIEVE, 0, None, 0)
        self._parts: list[NDArray[np.int16]] = []
        self._starts_s: dict[int, float] = {}
        self._callback = _Callback(self._collect)
        self._library.espeak_SetSynthCallback(self._callback)

    def _collect(self, samples: Any, count: int, events: Any) -> int:
        if count > 0 and samples:
            self._parts.append(np.ctypeslib.as_array(samples, (count,)).copy())
        at = 0
        while events[at].type:
            if events[at].type == _WORD_EVENT:
                start_s = events[at].audio_position / 1000
                self._starts_s.setdefault(events[at].text_position, start_s)
            at += 1
        return 0

    def say(
        self, text: str, voice: str, *, words_per_minute: int, pitch: int, pitch_range: int
    ) -> Spoken:
        """Say a text. Raises `Unvoiced` where it is not known when each word is said."""
        library, written = self._library, text.encode() + b"\0"
        library.espeak_SetVoiceByName(voice.encode())
        library.espeak_SetParameter(_RATE, words_per_minute, 0)
        library.espeak_SetParameter(_PITCH, pitch, 0)
        library.espeak_SetParameter(_RANGE, pitch_range, 0)
        self._parts.clear()
        self._starts_s.clear()
        library.espeak_Synth(written, len(written), 0, _BY_CHARACTER, 0, _UTF8, None, None)
        library.espeak_Synchronize()
        heard = np.concatenate(self._parts).astype(np.float32) / 32768
        samples = resample_poly(heard, RATE_HZ // 50, _RATE_HZ // 50).astype(np.float32)
        return Spoken(samples=samples, words=self._words(text, len(samples)), voice=voice)

    def _words(self, text: str, samples: int) -> tuple[TimedWord, ...]:
        """Give each word the time of its event; a word said as one with the last shares it."""
        found = [(m.group(), self._starts_s.get(m.start() + 1)) for m in re.finditer(r"\S+", text)]
        known = [start for _, start in found]
        known[0] = known[0] or 0.0
        ends = [*known[1:], samples / RATE_HZ]
        if known.count(None) > 1 or ends[-1] is None:
            raise Unvoiced("espeak-ng did not say when the words begin")
        for at, start_s in enumerate(known):
            if start_s is None:
                before, until = known[at - 1], ends[at]
                share = len(found[at - 1][0]) / (len(found[at - 1][0]) + len(found[at][0]))
                assert before is not None
                assert until is not None
                known[at] = ends[at - 1] = before + (until - before) * share
        times = [time for time in (*known, ends[-1]) if time is not None]
        if times != sorted(times):
            raise Unvoiced("espeak-ng's words are not in order")
        return tuple(
            TimedWord(text=word, start_s=times[at], end_s=times[at + 1])
            for at, (word, _) in enumerate(found)
        )
