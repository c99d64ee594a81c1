"""Where utterances begin and end: a pure state machine over speech probabilities.

Silence ends an utterance. How much silence it takes shrinks as the utterance grows, so that short
answers are not cut in half and long speeches still become captions of a readable length. An
utterance that is cut because it is full goes on in the next one without losing a window. The
hysteresis and minimum lengths follow Silero's own `get_speech_timestamps`.
"""

from dataclasses import dataclass
from enum import Enum

from pipeline.speech import WINDOW_S


class State(Enum):
    """What the endpointer believes."""

    SILENT = "silent"
    RISING = "rising"
    SPEAKING = "speaking"
    TRAILING = "trailing"


class Signal(Enum):
    """What one more window means in the present state."""

    VOICED = "voiced"
    UNVOICED = "unvoiced"
    ENOUGH = "enough"
    FULL = "full"


NEXT = {
    (State.SILENT, Signal.VOICED): State.RISING,
    (State.SILENT, Signal.UNVOICED): State.SILENT,
    (State.RISING, Signal.VOICED): State.RISING,
    (State.RISING, Signal.UNVOICED): State.SILENT,
    (State.RISING, Signal.ENOUGH): State.SPEAKING,
    (State.SPEAKING, Signal.VOICED): State.SPEAKING,
    (State.SPEAKING, Signal.UNVOICED): State.TRAILING,
    (State.SPEAKING, Signal.FULL): State.RISING,
    (State.TRAILING, Signal.VOICED): State.SPEAKING,
    (State.TRAILING, Signal.UNVOICED): State.TRAILING,
    (State.TRAILING, Signal.ENOUGH): State.SILENT,
    (State.TRAILING, Signal.FULL): State.RISING,
}
_OPEN = (State.SPEAKING, State.TRAILING)


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointingOptions:
    """Probabilities are 0 to 1, lengths in seconds.

    ``silence_s`` ends an utterance up to ``relaxed_s`` long; from there to ``max_s`` the silence
    that it takes falls to ``short_silence_s``. At ``max_s`` it is cut wherever it is.
    """

    threshold: float = 0.5
    release: float = 0.35
    min_speech_s: float = 0.096
    silence_s: float = 0.5
    short_silence_s: float = 0.13
    relaxed_s: float = 4.0
    max_s: float = 14.0
    pad_s: float = 0.25


@dataclass(frozen=True, slots=True, kw_only=True)
class Began:
    """An utterance began with ``window``, padding included, which may lie in the past."""

    window: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """The utterance ended before ``window``."""

    window: int


class Endpointer:
    """Feed it one probability per 32 ms window; it says when utterances begin and end."""

    def __init__(self, options: EndpointingOptions | None = None) -> None:
        self._options = options or EndpointingOptions()
        self.state = State.SILENT
        self._window = 0
        self._rose_at = 0
        self._began_at = 0
        self._fell_at = 0
        self._free_from = 0

    @property
    def pad_windows(self) -> int:
        """How many windows before the first voiced one belong to an utterance."""
        return round(self._options.pad_s / WINDOW_S)

    @property
    def lookback_windows(self) -> int:
        """How many past windows a caller must keep to feed an utterance from its beginning."""
        return self.pad_windows + self._windows(self._options.min_speech_s) + 1

    def push(self, probability: float) -> Began | Ended | None:
        """Take the next window's probability."""
        before = self.state
        signal = self._signal(probability)
        self.state = NEXT[before, signal]
        event = self._event(before)
        self._window += 1
        return event

    def skip(self, windows: int) -> None:
        """Pass over silence; only while nothing is open."""
        self._window += windows

    def flush(self) -> Ended | None:
        """End what is open, because the audio ends here."""
        open_ = self.state in _OPEN
        self.state = State.SILENT
        return Ended(window=self._window) if open_ else None

    def _signal(self, probability: float) -> Signal:
        if self.state is State.SILENT:
            return self._onset(probability)
        if self.state is State.RISING:
            voiced = probability >= self._options.release
            rising = self._window - self._rose_at + 1
            enough = voiced and rising >= self._windows(self._options.min_speech_s)
            return Signal.ENOUGH if enough else _voiced(voiced)
        voiced = probability >= self._options.release
        if self._length_s() >= self._options.max_s:
            # the onset stays in the past: one more voiced window is enough to go on at once
            return Signal.FULL
        if self.state is State.TRAILING and not voiced:
            silence_s = (self._window - self._fell_at + 1) * WINDOW_S
            return Signal.ENOUGH if silence_s >= self._silence_s() else Signal.UNVOICED
        return _voiced(voiced)

    def _onset(self, probability: float) -> Signal:
        if probability < self._options.threshold:
            return Signal.UNVOICED
        self._rose_at = self._window
        return Signal.VOICED

    def _event(self, before: State) -> Began | Ended | None:
        if before is State.RISING and self.state is State.SPEAKING:
            self._began_at = max(self._rose_at - self.pad_windows, self._free_from)
            return Began(window=self._began_at)
        if before is State.SPEAKING and self.state is State.TRAILING:
            self._fell_at = self._window
        if before in _OPEN and self.state not in _OPEN:
            self._free_from = self._window + 1
            return Ended(window=self._free_from)
        return None

    def _length_s(self) -> float:
        return (self._window - self._began_at + 1) * WINDOW_S

    def _silence_s(self) -> float:
        options = self._options
        grown = (self._length_s() - options.relaxed_s) / (options.max_s - options.relaxed_s)
        share = min(max(grown, 0.0), 1.0)
        return options.silence_s + share * (options.short_silence_s - options.silence_s)

    @staticmethod
    def _windows(length_s: float) -> int:
        return max(1, round(length_s / WINDOW_S))


def _voiced(voiced: bool) -> Signal:
    return Signal.VOICED if voiced else Signal.UNVOICED
