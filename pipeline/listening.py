"""From frames to utterances: the half of a session that hears.

Synchronous and without a clock: frames in, calls to a `Recognition` and the gaps that were left.
Frames become windows, of which the `Endpointer` makes utterances; the `Feeder` gives them to the
engine, unless that is down or too slow: then there is a hole (`pipeline.holes`).
"""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from models.audio import RATE_HZ, SPEECH_RATE_HZ, Frame, Pcm, seconds
from models.caption import Rung
from models.transcript import Gap, GapReason
from pipeline.endpointing import Began, Ended, Endpointer, EndpointingOptions, State
from pipeline.feeding import Feeder
from pipeline.holes import Holes
from pipeline.ladder import STEPS, Step
from pipeline.recognition import Recognition
from pipeline.resample import Resampler
from pipeline.speech import WINDOW_S, WINDOW_SAMPLES, SpeechDetector

_LONGEST_SILENCE_S = 30
_LATE_START_S = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ListeningOptions:
    """``ladder`` holds the rungs that may be used when the engine is slow."""

    endpointing: EndpointingOptions = field(default_factory=EndpointingOptions)
    ladder: Mapping[Rung, Step] = field(default_factory=lambda: STEPS)


class Listener:
    """Hears one room instance and feeds its recognition."""

    def __init__(
        self,
        recognition: Recognition,
        detector: SpeechDetector,
        options: ListeningOptions | None = None,
    ) -> None:
        options = options or ListeningOptions()
        self._detector = detector
        self._resampler = Resampler()
        self._endpointer = Endpointer(options.endpointing)
        self._feeder = Feeder(recognition, options.ladder)
        self._holes = Holes()
        self._past: deque[Pcm] = deque(maxlen=self._endpointer.lookback_windows)
        self._rest: Pcm = np.zeros(0, dtype=np.int16)
        self._windows = 0
        self._origin_s = 0.0
        self._next_sample: int | None = None
        self._off_record = False

    @property
    def now_s(self) -> float:
        """How far the room's audio has come."""
        return seconds(self._next_sample or 0)

    @property
    def engine_down(self) -> bool:
        """Whether what is heard now is lost, because no engine runs."""
        return self._holes.reason is GapReason.ENGINE_RESTART

    @property
    def rung(self) -> Rung:
        """What is given up now, because the engine is slow."""
        return self._feeder.rung

    @property
    def lag_s(self) -> float:
        """How much speech was heard that the engine has not worked on yet."""
        return self._feeder.lag_s

    @property
    def load_s(self) -> float:
        """How long the engine will be busy with that speech, as far as can be told."""
        return self._feeder.load_s

    def push(self, frame: Frame) -> list[Gap]:
        """Hear one frame; give the gaps that are now known. A frame from the past is ignored."""
        if self._next_sample is None:
            self._start(frame.start_s)
        elif frame.sample < self._next_sample:
            return []
        elif frame.sample > self._next_sample:
            self._lost(self._next_sample, frame.sample)
        if frame.off_record is not self._off_record:
            self._cut()
            self._off_record = frame.off_record
        self._next_sample = frame.sample + len(frame.pcm)
        self._feeder.clock_s += len(frame.pcm) / RATE_HZ
        self._hear(self._resampler.push(frame.to_recognise))
        return self._holes.take()

    def progressed(self, until_s: float) -> None:
        """Note how far the engine has come."""
        self._feeder.progressed(until_s)

    def settled(self, until_s: float) -> None:
        """Note that everything up to ``until_s`` has been worked on and is final."""
        self._feeder.settled(until_s)

    def engine_lost(self, settled_s: float) -> None:
        """Stop feeding; what was not final by ``settled_s`` is part of the hole."""
        start_s, until_s = self._feeder.lose() or (self._feeder.heard_s, None)
        if until_s is not None:
            start_s = max(start_s, settled_s)
        self._holes.engine_lost(start_s, until_s, settled_s=settled_s)

    def engine_back(self, *, on_trial: bool = False) -> list[Gap]:
        """Feed again from here on; while the engine is ``on_trial``, its gap may still grow."""
        self._holes.engine_back(on_trial=on_trial)
        return self._holes.take()

    def flush(self) -> list[Gap]:
        """End what is open: the room's audio is over."""
        self._hear(self._resampler.flush())
        if len(self._rest):
            self._hear(np.zeros(WINDOW_SAMPLES - len(self._rest), dtype=np.int16))
        self._endpointer.flush()
        self._end_utterance()
        self._holes.end()
        return self._holes.take()

    def abandon(self, settled_s: float) -> list[Gap]:
        """Give up on what is not final yet, because nobody will finish it."""
        self.engine_lost(settled_s)
        return self.engine_back()

    def _cut(self) -> None:
        """End what is open: no utterance has sound from both sides of this moment."""
        self._hear(self._resampler.flush())
        self._resampler = Resampler()
        self._rest = np.zeros_like(self._rest)  # of the next window, whose rest is the other side's
        self._endpointer.flush()
        self._end_utterance()
        self._past.clear()

    def _start(self, first_s: float) -> None:
        self._origin_s = self._feeder.heard_s = first_s
        if first_s > _LATE_START_S:
            self._holes.missing(0.0, first_s, GapReason.TAP_LOST)

    def _lost(self, start: int, end: int) -> None:
        self._holes.missing(seconds(start), seconds(end), GapReason.TAP_LOST)
        silence = np.zeros(min(end - start, RATE_HZ * _LONGEST_SILENCE_S), dtype=np.int16)
        self._hear(self._resampler.push(silence))
        self._pass_over(end - start - len(silence))

    def _pass_over(self, samples: int) -> None:
        """Let silence that goes on pass without a look at it: nothing is open any more."""
        windows, rest = divmod(samples, WINDOW_SAMPLES * RATE_HZ // SPEECH_RATE_HZ)
        self._endpointer.skip(windows)
        self._count(windows)
        self._hear(self._resampler.push(np.zeros(rest, dtype=np.int16)))

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
        self._count(1)
        if self._speaking and not self._feeder.feeding and not self._holes.reason:
            self._watch_load(begins=True)
        if self._holes.reason:
            if self._speaking:
                self._holes.speech(self._lookback_s, self._feeder.heard_s)
        elif isinstance(event, Began):
            self._begin_utterance(event.window)
        elif self._feeder.feeding:
            self._feeder.hold(window)
        elif self._speaking:  # the hole closed in the middle of it
            self._begin_utterance(self._windows - 1)
        if isinstance(event, Ended):
            self._end_utterance()

    def _watch_load(self, *, begins: bool = False) -> None:
        """Open a hole when the engine is too slow, and close it when it has caught up."""
        skips = self._feeder.watch(begins=begins) is Rung.SKIPPING
        if skips and not self._holes.reason:
            unfed_s = max(self._feeder.ended_s, self._lookback_s)
            start_s = unfed_s if begins else self._feeder.heard_s
            self._end_utterance()
            if not self._holes.reason:
                self._holes.open(GapReason.OVERLOAD, start_s)
        # The rest of an utterance is not worth a dear decode.
        is_rest = self._feeder.whole and self._speaking
        if self._holes.reason is GapReason.OVERLOAD and not skips and not is_rest:
            self._holes.close()

    def _begin_utterance(self, first: int) -> None:
        windows = list(self._past)[first - self._windows :]
        start_s = self._origin_s + (self._windows - len(windows)) * WINDOW_S
        self._feeder.begin(start_s, windows)

    def _end_utterance(self) -> None:
        dropped_s = self._feeder.end()
        if dropped_s is not None:
            self._holes.open(GapReason.OVERLOAD, dropped_s, self._feeder.heard_s)

    def _count(self, windows: int) -> None:
        self._windows += windows
        self._feeder.heard_s = self._origin_s + self._windows * WINDOW_S

    @property
    def _lookback_s(self) -> float:
        """Where an utterance would begin that is found now."""
        return self._feeder.heard_s - self._endpointer.lookback_windows * WINDOW_S

    @property
    def _speaking(self) -> bool:
        return self._endpointer.state in (State.SPEAKING, State.TRAILING)
