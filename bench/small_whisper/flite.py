"""flite through its C library, whose utterances tell when each phone is said."""

import ctypes as c
from collections.abc import Sequence
from typing import Any

import numpy as np

from bench.small_whisper.speech import FLITE_LIBRARY, RATE_HZ, Spoken, TimedWord, Unvoiced

VOICES = ("slt", "rms", "awb", "kal16")


class _Wave(c.Structure):
    _fields_ = (
        ("type", c.c_char_p),
        ("sample_rate", c.c_int),
        ("samples", c.c_int),
        ("channels", c.c_int),
        ("data", c.POINTER(c.c_short)),
    )


_FUNCTIONS: dict[str, tuple[Any, Sequence[Any]]] = {
    "flite_synth_text": (c.c_void_p, (c.c_char_p, c.c_void_p)),
    "utt_relation": (c.c_void_p, (c.c_void_p, c.c_char_p)),
    "relation_head": (c.c_void_p, (c.c_void_p,)),
    "item_next": (c.c_void_p, (c.c_void_p,)),
    "item_feat_float": (c.c_float, (c.c_void_p, c.c_char_p)),
    "item_feat_string": (c.c_char_p, (c.c_void_p, c.c_char_p)),
    "utt_wave": (c.POINTER(_Wave), (c.c_void_p,)),
    "delete_utterance": (None, (c.c_void_p,)),
    "feat_set_float": (None, (c.c_void_p, c.c_char_p, c.c_float)),
    "path_to_item": (c.c_void_p, (c.c_void_p, c.c_char_p)),
}


class Flite:
    """flite with its voices of 16 kHz."""

    def __init__(self) -> None:
        self._library = c.CDLL(FLITE_LIBRARY, mode=c.RTLD_GLOBAL)
        for name in ("usenglish", "cmulex"):
            c.CDLL(f"libflite_{name}.so.1", mode=c.RTLD_GLOBAL)
        self._library.flite_init()
        for name, (result, arguments) in _FUNCTIONS.items():
            function = getattr(self._library, name)
            function.restype, function.argtypes = result, arguments
        self._voices = {name: self._voice(name) for name in VOICES}

    @staticmethod
    def _voice(name: str) -> int:
        register = getattr(c.CDLL(f"libflite_cmu_us_{name}.so.1"), f"register_cmu_us_{name}")
        register.restype, register.argtypes = c.c_void_p, (c.c_char_p,)
        return int(register(None))

    def say(self, text: str, voice: str, *, stretch: float) -> Spoken:
        """Say a text. Raises `Unvoiced` where it is not known when each word is said."""
        library, pointer = self._library, self._voices[voice]
        # The second field of flite's cst_voice is its features.
        features = c.cast(pointer, c.POINTER(c.c_void_p))[1]
        library.feat_set_float(features, b"duration_stretch", stretch)
        utterance = library.flite_synth_text(text.encode(), pointer)
        try:
            wave = library.utt_wave(utterance).contents
            if wave.sample_rate != RATE_HZ:
                raise Unvoiced("a flite voice does not speak at 16 kHz")
            samples = np.ctypeslib.as_array(wave.data, (wave.samples,)).copy()
            times = self._times(utterance)
        finally:
            library.delete_utterance(utterance)
        written = text.split()
        if len(times) != len(written):
            raise Unvoiced("flite split a word")
        said = (
            TimedWord(text=word, start_s=start_s, end_s=end_s)
            for word, (start_s, end_s) in zip(written, times, strict=True)
        )
        heard = (samples / 32768).astype(np.float32)
        return Spoken(samples=heard, words=tuple(said), voice=voice)

    def _times(self, utterance: int) -> list[tuple[float, float]]:
        """Walk the phones; a word begins with its first and ends with its last."""
        library, times = self._library, list[tuple[float, float]]()
        last, start_s = None, 0.0
        phone = library.relation_head(library.utt_relation(utterance, b"Segment"))
        while phone:
            end_s = library.item_feat_float(phone, b"end")
            word = None
            if library.item_feat_string(phone, b"name") != b"pau":
                word = library.path_to_item(phone, b"R:SylStructure.parent.parent.R:Word")
            if word and word == last:
                times[-1] = (times[-1][0], end_s)
            elif word:
                times.append((start_s, end_s))
            last, start_s = word, end_s
            phone = library.item_next(phone)
        return times
