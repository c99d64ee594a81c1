"""When a speaker speaks, from the levels of their track. Pure: frames in, changes out."""

from dataclasses import dataclass
from enum import Enum

from models.audio import FRAME_S, FRAME_SAMPLES


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityOptions:
    """Levels in dBov (0 is full scale) and how long they must hold, in seconds."""

    on_dbov: float = -45.0
    hold_dbov: float = -50.0
    on_s: float = 0.06
    off_s: float = 0.36


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Speech began or ended at ``sample``, which lies a little in the past."""

    on: bool
    sample: int


class _State(Enum):
    QUIET = "quiet"
    RISING = "rising"
    SPEAKING = "speaking"


class ActivityDetector:
    """One speaker's hysteresis: quick to turn on, slow to turn off, dated to when it happened."""

    def __init__(self, options: ActivityOptions | None = None) -> None:
        options = options or ActivityOptions()
        self._options = options
        self._on_frames = max(1, round(options.on_s / FRAME_S))
        self._off_frames = max(1, round(options.off_s / FRAME_S))
        self._state = _State.QUIET
        self._began = 0
        self._last_loud_end = 0
        self._count = 0

    @property
    def speaking(self) -> bool:
        """Whether the speaker is taken to be speaking now."""
        return self._state is _State.SPEAKING

    def feed(self, sample: int, level_dbov: float) -> Change | None:
        """Take the 20 ms frame that starts at ``sample``; return what it decided, if anything."""
        if self._state is _State.SPEAKING:
            return self._hold(sample, level_dbov)
        if level_dbov < self._options.on_dbov:
            self._state = _State.QUIET
            return None
        return self._rise(sample)

    def stop(self, sample: int) -> Change | None:
        """End speech at ``sample`` at once: the speaker was muted, removed or has vanished."""
        was_speaking, self._state = self.speaking, _State.QUIET
        return Change(on=False, sample=sample) if was_speaking else None

    def _rise(self, sample: int) -> Change | None:
        if self._state is _State.QUIET:
            self._state, self._began, self._count = _State.RISING, sample, 0
        self._count += 1
        self._last_loud_end = sample + FRAME_SAMPLES
        if self._count < self._on_frames:
            return None
        self._state, self._count = _State.SPEAKING, 0
        return Change(on=True, sample=self._began)

    def _hold(self, sample: int, level_dbov: float) -> Change | None:
        if level_dbov >= self._options.hold_dbov:
            self._last_loud_end, self._count = sample + FRAME_SAMPLES, 0
            return None
        self._count += 1
        if self._count < self._off_frames:
            return None
        self._state = _State.QUIET
        return Change(on=False, sample=self._last_loud_end)
