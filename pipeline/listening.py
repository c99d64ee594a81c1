"""From frames to utterances: the half of a session that hears.

Synchronous and without a clock: frames in, calls to a `Recognition` and the gaps that were left.
Audio that cannot be recognised (the tap lost it, the engine is down or too slow) is a *hole*; when
a hole closes and speech was in it, it becomes a `Gap` that readers see.
"""

from collections import deque
from dataclasses import dataclass, field

import numpy as np

from models.audio import RATE_HZ, SPEECH_RATE_HZ, Frame, Pcm
from models.transcript import Gap, GapReason
from pipeline.endpointing import Began, Ended, Endpointer, EndpointingOptions, State
from pipeline.recognition import Recognition
from pipeline.resample import Resampler
from pipeline.speech import WINDOW_S, WINDOW_SAMPLES, SpeechDetector

_LONGEST_SILENCE_S = 30
_LATE_START_S = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ListeningOptions:
    """Audio is skipped when the engine is ``skip_s`` behind, until it is ``resume_s`` behind."""

    endpointing: EndpointingOptions = field(default_factory=EndpointingOptions)
    skip_s: float = 8.0
    resume_s: float = 2.0


@dataclass(slots=True)
class _Hole:
    reason: GapReason
    start_s: float
    speech: bool


@dataclass(slots=True)
class _Utterance:
    start_s: float
    end_s: float | None = None


class Listener:
    """Hears one room instance and feeds its recognition."""

    def __init__(
        self,
        recognition: Recognition,
        detector: SpeechDetector,
        options: ListeningOptions | None = None,
    ) -> None:
        self._recognition = recognition
        self._detector = detector
        self._options = options or ListeningOptions()
        self._resampler = Resampler()
        self._endpointer = Endpointer(self._options.endpointing)
        self._past: deque[Pcm] = deque(maxlen=self._endpointer.lookback_windows)
        self._rest: Pcm = np.zeros(0, dtype=np.int16)
        self._windows = 0
        self._origin_s = 0.0
        self._next_sample: int | None = None
        self._feeding = False
        self._unsettled: deque[_Utterance] = deque()
        self._recognised_s = 0.0
        self._hole: _Hole | None = None
        self._gaps: list[Gap] = []

    @property
    def now_s(self) -> float:
        """How far the room's audio has come."""
        return (self._next_sample or 0) / RATE_HZ

    @property
    def engine_down(self) -> bool:
        """Whether what is heard now is lost, because no engine runs."""
        return self._hole is not None and self._hole.reason is GapReason.ENGINE_RESTART

    @property
    def lag_s(self) -> float:
        """How much speech the engine was given and has not worked on yet."""
        if not self._unsettled:
            return 0.0
        newest = self._unsettled[-1]
        until_s = self._heard_s if newest.end_s is None else newest.end_s
        return max(0.0, until_s - max(self._recognised_s, self._unsettled[0].start_s))

    def push(self, frame: Frame) -> list[Gap]:
        """Hear one frame; give the gaps that are now known. A frame from the past is ignored."""
        if self._next_sample is None:
            self._start(frame.start_s)
        elif frame.sample < self._next_sample:
            return []
        elif frame.sample > self._next_sample:
            self._lost(self._next_sample, frame.sample)
        self._next_sample = frame.sample + len(frame.pcm)
        self._hear(self._resampler.push(frame.pcm))
        return self._take_gaps()

    def progressed(self, until_s: float) -> None:
        """Note how far the engine has come."""
        self._recognised_s = max(self._recognised_s, until_s)

    def settled(self, until_s: float) -> None:
        """Note that everything up to ``until_s`` is final."""
        self.progressed(until_s)
        while self._unsettled and self._ended_by(self._unsettled[0], until_s):
            self._unsettled.popleft()

    def engine_lost(self, settled_s: float) -> None:
        """Stop feeding; what was not final by ``settled_s`` is part of the hole."""
        start_s, speech = self._heard_s, False
        if self._unsettled:
            start_s, speech = max(self._unsettled[0].start_s, settled_s), True
        if self._hole:
            start_s, speech = min(start_s, self._hole.start_s), speech or self._hole.speech
        self._unsettled.clear()
        self._feeding = False
        self._hole = _Hole(GapReason.ENGINE_RESTART, start_s, speech)

    def engine_back(self) -> list[Gap]:
        """Feed again from here on."""
        self._close_hole()
        return self._take_gaps()

    def flush(self) -> list[Gap]:
        """End what is open: the room's audio is over."""
        self._hear(self._resampler.flush())
        if len(self._rest):
            self._hear(np.zeros(WINDOW_SAMPLES - len(self._rest), dtype=np.int16))
        self._endpointer.flush()
        self._end_utterance()
        self._close_hole()
        return self._take_gaps()

    def abandon(self, settled_s: float) -> list[Gap]:
        """Give up on what is not final yet, because nobody will finish it."""
        self.engine_lost(settled_s)
        return self.engine_back()

    @property
    def _heard_s(self) -> float:
        return self._origin_s + self._windows * WINDOW_S

    def _start(self, first_s: float) -> None:
        self._origin_s = first_s
        if first_s > _LATE_START_S:
            self._gaps.append(Gap(start_s=0.0, end_s=first_s, reason=GapReason.TAP_LOST))

    def _lost(self, start: int, end: int) -> None:
        self._gaps.append(
            Gap(start_s=start / RATE_HZ, end_s=end / RATE_HZ, reason=GapReason.TAP_LOST)
        )
        missing = end - start
        while missing > 0:
            block = min(missing, RATE_HZ * _LONGEST_SILENCE_S)
            self._hear(self._resampler.push(np.zeros(block, dtype=np.int16)))
            missing -= block

    def _hear(self, pcm: Pcm) -> None:
        heard = np.concatenate([self._rest, pcm])
        whole = len(heard) // WINDOW_SAMPLES * WINDOW_SAMPLES
        for at in range(0, whole, WINDOW_SAMPLES):
            self._hear_window(heard[at : at + WINDOW_SAMPLES])
        self._rest = heard[whole:]

    def _hear_window(self, window: Pcm) -> None:
        self._watch_load()
        event = self._endpointer.push(self._detector.probability(window))
        self._past.append(window)
        self._windows += 1
        if self._hole:
            self._hole.speech = self._hole.speech or self._speaking()
        elif isinstance(event, Began):
            self._begin_utterance(event.window)
        elif self._feeding:
            self._recognition.feed(window)
        elif self._speaking():
            self._begin_utterance(self._windows - 1)
        if isinstance(event, Ended):
            self._end_utterance()

    def _watch_load(self) -> None:
        if self._hole is None and self.lag_s > self._options.skip_s:
            self._end_utterance()
            self._hole = _Hole(GapReason.OVERLOAD, self._heard_s, speech=False)
        elif (
            self._hole is not None
            and self._hole.reason is GapReason.OVERLOAD
            and self.lag_s <= self._options.resume_s
        ):
            self._close_hole()

    def _begin_utterance(self, first: int) -> None:
        windows = list(self._past)[first - self._windows :]
        start_s = self._origin_s + (self._windows - len(windows)) * WINDOW_S
        self._unsettled.append(_Utterance(start_s))
        self._recognition.begin(start_s)
        self._recognition.feed(np.concatenate(windows))
        self._feeding = True

    def _end_utterance(self) -> None:
        if self._feeding:
            self._unsettled[-1].end_s = self._heard_s
            self._recognition.end()
            self._feeding = False

    def _close_hole(self) -> None:
        if self._hole and self._hole.speech:
            end_s = max(self._hole.start_s, self._heard_s)
            self._gaps.append(
                Gap(start_s=self._hole.start_s, end_s=end_s, reason=self._hole.reason)
            )
        self._hole = None

    def _speaking(self) -> bool:
        return self._endpointer.state in (State.SPEAKING, State.TRAILING)

    def _take_gaps(self) -> list[Gap]:
        taken, self._gaps = self._gaps, []
        return taken

    @staticmethod
    def _ended_by(utterance: _Utterance, until_s: float) -> bool:
        return utterance.end_s is not None and utterance.end_s <= until_s + 1 / SPEECH_RATE_HZ
