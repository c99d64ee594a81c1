"""Opus by ctypes, on the libopus that ships inside the av wheel.

av itself gives neither in-band error correction nor concealment to a caller, and both are what
keeps a lossy track on the room clock. Calls release the GIL and take well under a millisecond.
The constants are those of ``opus_defines.h`` (RFC 6716's reference implementation).
"""

import ctypes
import ctypes.util
import functools
from enum import IntEnum
from pathlib import Path

import av
import numpy as np

from models.audio import FRAME_SAMPLES, RATE_HZ, Pcm
from models.errors import EngineUnavailable

MAX_PACKET_SAMPLES = 5760  # 120 ms, the longest packet that RFC 6716 allows
_MAX_PACKET_BYTES = 1500
_SET_BITRATE = 4002
_SET_COMPLEXITY = 4010
_SET_INBAND_FEC = 4012
_SET_PACKET_LOSS_PERC = 4014
_GET_LOOKAHEAD = 4027


class Application(IntEnum):
    """What the encoder favours: intelligible speech, or likeness to the original."""

    VOIP = 2048
    AUDIO = 2049


class OpusError(Exception):
    """A packet that libopus cannot decode, or a setting that it refuses."""


def _candidates() -> list[str]:
    root = Path(av.__file__).parent
    folders = [root.parent / "av.libs", root / ".dylibs", root]
    found = [str(path) for folder in folders for path in sorted(folder.glob("libopus[-.]*"))]
    system = ctypes.util.find_library("opus")
    return [*found, system] if system else found


@functools.cache
def library() -> ctypes.CDLL:
    """Load libopus once; raises `EngineUnavailable` where there is none."""
    for path in _candidates():
        try:
            return _declare(ctypes.CDLL(path))
        except OSError:
            continue
    raise EngineUnavailable(
        "No libopus was found. Install av from its binary wheel (pip install --force-reinstall av)"
        " or the system's libopus."
    )


def _declare(opus: ctypes.CDLL) -> ctypes.CDLL:
    error = ctypes.POINTER(ctypes.c_int)
    state, i32, i = ctypes.c_void_p, ctypes.c_int32, ctypes.c_int
    opus.opus_decoder_create.restype = state
    opus.opus_decoder_create.argtypes = [i32, i, error]
    opus.opus_decode.restype = i
    opus.opus_decode.argtypes = [state, ctypes.c_char_p, i32, ctypes.c_void_p, i, i]
    opus.opus_decoder_destroy.restype = None
    opus.opus_decoder_destroy.argtypes = [state]
    opus.opus_encoder_create.restype = state
    opus.opus_encoder_create.argtypes = [i32, i, i, error]
    opus.opus_encode.restype = i32
    opus.opus_encode.argtypes = [state, ctypes.c_void_p, i, ctypes.c_void_p, i32]
    opus.opus_encoder_destroy.restype = None
    opus.opus_encoder_destroy.argtypes = [state]
    opus.opus_encoder_ctl.restype = i
    opus.opus_packet_unpad.restype = i32
    opus.opus_packet_unpad.argtypes = [ctypes.c_char_p, i32]
    return opus


def unpadded(packet: bytes) -> bytes:
    """A packet without its padding (RFC 6716, 3.2.5); one without any, or damaged, as it is."""
    if len(packet) < 2 or packet[0] & 3 != 3 or not packet[1] & 0x40:
        return packet
    data = ctypes.create_string_buffer(packet, len(packet))
    size = library().opus_packet_unpad(data, len(packet))
    return data.raw[:size] if size > 0 else packet


class Decoder:
    """One 48 kHz mono stream; packets must be given in order."""

    def __init__(self) -> None:
        self._opus = library()
        error = ctypes.c_int()
        self._state = self._opus.opus_decoder_create(RATE_HZ, 1, ctypes.byref(error))
        if error.value:
            raise OpusError(f"libopus refused a decoder ({error.value})")
        self._out = np.empty(MAX_PACKET_SAMPLES, np.int16)

    def decode(self, payload: bytes) -> Pcm:
        """Decode one packet, whatever its length; raises `OpusError` when it is damaged."""
        return self._run(payload, MAX_PACKET_SAMPLES, 0)

    def recover(self, following: bytes, samples: int = FRAME_SAMPLES) -> Pcm:
        """Rebuild ``samples`` that were lost before ``following`` from its in-band copy."""
        return self._run(following, samples, 1)

    def conceal(self, samples: int = FRAME_SAMPLES) -> Pcm:
        """Continue the sound plausibly for ``samples`` of which nothing arrived."""
        return self._run(None, samples, 0)

    def _run(self, payload: bytes | None, samples: int, fec: int) -> Pcm:
        size = len(payload) if payload else 0
        got = self._opus.opus_decode(
            self._state, payload, size, self._out.ctypes.data, samples, fec
        )
        if got < 0:
            raise OpusError(f"libopus could not decode a packet ({got})")
        return self._out[:got].copy()

    def __del__(self) -> None:
        if getattr(self, "_state", None):
            self._opus.opus_decoder_destroy(self._state)


class Encoder:
    """Mono 48 kHz to Opus with in-band error correction, 20 ms at a time."""

    def __init__(
        self,
        *,
        bitrate: int = 32_000,
        application: Application = Application.VOIP,
        complexity: int = 9,
        expected_loss_percent: int = 5,
    ) -> None:
        self._opus = library()
        error = ctypes.c_int()
        self._state = self._opus.opus_encoder_create(
            RATE_HZ, 1, int(application), ctypes.byref(error)
        )
        if error.value:
            raise OpusError(f"libopus refused an encoder ({error.value})")
        self._set(_SET_BITRATE, bitrate)
        self._set(_SET_COMPLEXITY, complexity)
        self._set(_SET_INBAND_FEC, 1)
        self._set(_SET_PACKET_LOSS_PERC, expected_loss_percent)
        self._out = ctypes.create_string_buffer(_MAX_PACKET_BYTES)
        self.lookahead = self._get(_GET_LOOKAHEAD)
        """Samples at 48 kHz by which decoded sound is late: an Ogg file's pre-skip."""

    def encode(self, pcm: Pcm) -> bytes:
        """Encode int16 samples of shape (960,); raises `OpusError` for a length Opus lacks."""
        samples = np.ascontiguousarray(pcm, dtype=np.int16)
        size = self._opus.opus_encode(
            self._state, samples.ctypes.data, len(samples), self._out, _MAX_PACKET_BYTES
        )
        if size < 0:
            raise OpusError(f"libopus could not encode {len(samples)} samples ({size})")
        return self._out.raw[:size]

    def _set(self, request: int, value: int) -> None:
        state = ctypes.c_void_p(self._state)
        if self._opus.opus_encoder_ctl(state, request, ctypes.c_int32(value)):
            raise OpusError(f"libopus refused setting {request}")

    def _get(self, request: int) -> int:
        value = ctypes.c_int32()
        self._opus.opus_encoder_ctl(ctypes.c_void_p(self._state), request, ctypes.byref(value))
        return value.value

    def __del__(self) -> None:
        if getattr(self, "_state", None):
            self._opus.opus_encoder_destroy(self._state)
