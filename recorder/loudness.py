"""How loud a recording is (EBU R128), and how its derived files are brought to one loudness.

ffmpeg's ``ebur128`` measures by ITU-R BS.1770: the integrated loudness of the mono sound, gated as
the standard says, and the true peak. The second pass raises or lowers all of it by one number, and
catches what would stand above the ceiling with a limiter that looks ahead at twice the sample rate.
Nothing rides the level up and down: what was quiet in the room stays quieter than what was loud.
"""

import re
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from subprocess import DEVNULL, PIPE, Popen
from typing import Any

import numpy as np

from models.audio import RATE_HZ, Pcm
from models.recording import Loudness
from recorder import media

TARGET_LUFS = -16.0
PEAK_DBTP = -1.0
"""No derived file goes above it."""

CEILING_DBTP = -2.0
"""Where the limiter begins: AAC and MP3 overshoot by 0.6 dB on speech with claps."""

MAX_GAIN_DB = 20.0
"""More would make a room that said nothing hiss: noise at -60 LUFS stays below -40."""

SILENT_LUFS = -70.0
"""The absolute gate of BS.1770: below it ebur128 counts nothing, and nothing is raised."""

CLOSE_ENOUGH_LU = 0.2
LIMITED_PASSES = 4
_LEAST_SLOPE = 0.2
_LOWEST_DBTP = -120.0
_BLOCK_BYTES = 1 << 20

_SUMMARY = re.compile(
    r"I:\s+(?P<i>\S+) LUFS.*LRA:\s+(?P<lra>\S+) LU\s.*Peak:\s+(?P<peak>\S+) dBFS", re.DOTALL
)

OnSound = Callable[[Pcm], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What ebur128 says about a sound."""

    integrated_lufs: float
    range_lu: float
    true_peak_dbtp: float


def measure(path: Path, on_sound: OnSound = lambda _: None) -> Loudness:
    """Measure a recording and settle its gain; raises OSError when ffmpeg cannot read it.

    ``on_sound`` is given all of it, int16 mono at 48 kHz in blocks of up to half a mebisample.
    Where the gain takes a limiter, the limited sound is measured too, and the gain put right by
    what the limiter took away.
    """
    found = scan(path, on_sound=on_sound)
    gain_db = first_gain(found)
    limited = needs_limiter(found, gain_db)
    if limited:
        gain_db = settled(gain_db, lambda gain_db: scan(path, gain_db=gain_db).integrated_lufs)
    return Loudness(
        integrated_lufs=found.integrated_lufs,
        range_lu=found.range_lu,
        true_peak_dbtp=found.true_peak_dbtp,
        gain_db=round(gain_db, 2),
        limited=limited,
    )


def settled(gain_db: float, loudness_at: Callable[[float], float]) -> float:
    """Find the gain that a limiter leaves at the target, by secants from the one without it.

    ``loudness_at`` measures the limited sound; mostly once or twice, `LIMITED_PASSES` at most.
    """
    slope = 1.0  # LU for each dB; a limiter that works hard takes most of it away
    missing = TARGET_LUFS - loudness_at(gain_db)
    for _ in range(LIMITED_PASSES - 1):
        step_db = min(missing / slope, MAX_GAIN_DB - gain_db)
        if abs(missing) <= CLOSE_ENOUGH_LU or step_db == 0:
            break
        gain_db += step_db
        still_missing = TARGET_LUFS - loudness_at(gain_db)
        slope = min(max((missing - still_missing) / step_db, _LEAST_SLOPE), 1.0)
        missing = still_missing
    return gain_db


def first_gain(found: Measured) -> float:
    """The gain in dB that leads to the target, if nothing has to be limited."""
    if found.integrated_lufs <= SILENT_LUFS:
        return 0.0
    return min(TARGET_LUFS - found.integrated_lufs, MAX_GAIN_DB)


def needs_limiter(found: Measured, gain_db: float) -> bool:
    """Whether peaks would come above the ceiling."""
    return found.true_peak_dbtp + gain_db > CEILING_DBTP


def levelled(
    sound: Any, gain_db: float, *, limited: bool, ceiling_dbtp: float = CEILING_DBTP
) -> Any:
    """Put the second pass behind ``sound``, a stream of ffmpeg-python; positions do not change."""
    sound = sound.filter("volume", f"{gain_db}dB", precision="double")
    if not limited:
        return sound
    ceiling = 10 ** (ceiling_dbtp / 20)
    sound = sound.filter("aresample", 2 * RATE_HZ)
    sound = sound.filter("alimiter", level="false", limit=f"{ceiling:.4f}", latency="true")
    return sound.filter("aresample", RATE_HZ)


def scan(path: Path, *, gain_db: float | None = None, on_sound: OnSound | None = None) -> Measured:
    """Measure a file as it is, or limited behind ``gain_db``. Raises OSError."""
    sound = media.source(path).audio
    if gain_db is not None:
        sound = levelled(sound, gain_db, limited=True)
    sound = sound.filter("ebur128", peak="true", framelog="quiet")
    kind: dict[str, Any] = {"format": "null"} if on_sound is None else {"format": "s16le", "ac": 1}
    output = sound.output("pipe:", **kind)
    # What ffmpeg says goes into a file: a pipe that nobody empties would stop it.
    with tempfile.TemporaryFile() as said:
        command = media.command(output, loglevel="info")
        with Popen(command, stdin=DEVNULL, stdout=PIPE, stderr=said) as process:
            assert process.stdout is not None
            while block := process.stdout.read(_BLOCK_BYTES):
                if on_sound is not None:
                    on_sound(np.frombuffer(block[: len(block) // 2 * 2], np.int16))
        if process.returncode:
            raise OSError("the recording could not be read to its end")
        said.seek(0)
        return parsed(said.read().decode("utf-8", "replace")[-4000:])


def parsed(said: str) -> Measured:
    """Read ebur128's summary. Raises OSError when there is none."""
    _, _, summary = said.rpartition("Integrated loudness:")
    found = _SUMMARY.search(summary)
    if found is None:
        raise OSError("the recording's loudness could not be measured")
    return Measured(
        integrated_lufs=max(float(found["i"]), SILENT_LUFS),
        range_lu=float(found["lra"]),
        true_peak_dbtp=max(float(found["peak"]), _LOWEST_DBTP),
    )
