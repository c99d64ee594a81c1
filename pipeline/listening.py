"""From frames to utterances: the half of a session that hears.

Synchronous and without a clock: frames in, calls to a `Recognition` and the gaps that were left.
Audio that cannot be recognised (the tap lost it, the engine is down or too slow) is a *hole*; when
a hole closes and speech was in it, it becomes a `Gap` that readers see. How much is asked of a slow
engine is decided on the overload ladder (`pipeline.ladder`).
"""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from models.audio import RATE_HZ, SPEECH_RATE_HZ, Frame, Pcm
from models.caption import Rung
from models.transcript import Gap, GapReason
from pipeline.endpointing import Began, Ended, Endpointer, EndpointingOptions, State
from pipeline.ladder import STEPS, Ladder, Step
from pipeline.load import Load
from pipeline.recognition import Recognition
from pipeline.resample import Resampler
from pipeline.speech import WINDOW_S, WINDOW_SAMPLES, SpeechDetector

_LONGEST_SILENCE_S = 30
_LATE_START_S = 1.0
_MARGIN = 1.25  # what audio costs is known a little late when an engine becomes slower


@dataclass(frozen=True, slots=True, kw_only=True)
class ListeningOptions:
    """``ladder`` holds the rungs that may be used when the engine is slow."""

    endpointing: EndpointingOptions = field(default_factory=EndpointingOptions)
    ladder: Mapping[Rung, Step] = field(default_factory=lambda: STEPS)


@dataclass(slots=True)
class _Hole:
    reason: GapReason
    start_s: float
    speech_until_s: float | None = None

    def hear_speech(self, from_s: float, until_s: float) -> None:
        if self.speech_until_s is None:
            self.start_s = max(self.start_s, from_s)
        self.speech_until_s = until_s


@dataclass(slots=True)
class _Utterance:
    start_s: float
    end_s: float | None = None
    whole: bool = False  # given to the engine with its end, and part of that end's cost


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
        self._clock_s = 0.0  # unlike the room's, it stands still while the tap loses audio
        self._held: list[Pcm] = []  # at most one piece of the ladder's present rung
        self._load = Load()
        self._ladder = Ladder(self._options.ladder)
        self._light = False
        self._hole: _Hole | None = None
        self._tried: _Hole | None = None  # an engine on trial is fed, and may leave more of a hole
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
    def rung(self) -> Rung:
        """What is given up now, because the engine is slow."""
        return self._ladder.rung

    @property
    def lag_s(self) -> float:
        """How much speech was heard that the engine has not worked on yet."""
        return sum(self._left_s(utterance) for utterance in self._unsettled)

    @property
    def load_s(self) -> float:
        """How long the engine will be busy with that speech, as far as can be told."""
        return self._load.ahead_s(self.lag_s, now_s=self._clock_s)

    def push(self, frame: Frame) -> list[Gap]:
        """Hear one frame; give the gaps that are now known. A frame from the past is ignored."""
        if self._next_sample is None:
            self._start(frame.start_s)
        elif frame.sample < self._next_sample:
            return []
        elif frame.sample > self._next_sample:
            self._lost(self._next_sample, frame.sample)
        self._next_sample = frame.sample + len(frame.pcm)
        self._clock_s += len(frame.pcm) / RATE_HZ
        self._hear(self._resampler.push(frame.to_recognise))
        return self._take_gaps()

    def progressed(self, until_s: float) -> None:
        """Note how far the engine has come."""
        self._load.work(until_s, now_s=self._clock_s)

    def settled(self, until_s: float) -> None:
        """Note that everything up to ``until_s`` has been worked on and is final."""
        self._load.settle(until_s, now_s=self._clock_s)
        while self._unsettled and self._ended_by(self._unsettled[0], until_s):
            self._unsettled.popleft()

    def engine_lost(self, settled_s: float) -> None:
        """Stop feeding; what was not final by ``settled_s`` is part of the hole."""
        lost = _Hole(GapReason.ENGINE_RESTART, self._heard_s)
        if self._unsettled:
            end_s = self._unsettled[-1].end_s
            lost.start_s = max(self._unsettled[0].start_s, settled_s)
            lost.speech_until_s = self._heard_s if end_s is None else end_s
        if self._hole and self._hole.speech_until_s is not None:
            lost.start_s = min(lost.start_s, self._hole.start_s)
            lost.speech_until_s = self._hole.speech_until_s
        self._join_tried(lost, settled_s)
        self._unsettled.clear()
        self._held.clear()
        self._load.lose()
        self._feeding = False
        self._hole = lost

    def engine_back(self, *, on_trial: bool = False) -> list[Gap]:
        """Feed again from here on; while the engine is ``on_trial``, its gap may still grow."""
        if self.engine_down:
            self._tried, self._hole = self._hole, None
        if not on_trial:
            self._tell_tried()
        return self._take_gaps()

    def flush(self) -> list[Gap]:
        """End what is open: the room's audio is over."""
        self._hear(self._resampler.flush())
        if len(self._rest):
            self._hear(np.zeros(WINDOW_SAMPLES - len(self._rest), dtype=np.int16))
        self._endpointer.flush()
        self._end_utterance()
        self._tell_tried()
        self._close_hole()
        return self._take_gaps()

    def abandon(self, settled_s: float) -> list[Gap]:
        """Give up on what is not final yet, because nobody will finish it."""
        self.engine_lost(settled_s)
        return self.engine_back()

    @property
    def _unfed_from_s(self) -> float:
        """Where an utterance would begin that is found now: in what was heard and not fed."""
        last_s = (self._unsettled[-1].end_s if self._unsettled else None) or 0.0
        return max(last_s, self._heard_s - self._endpointer.lookback_windows * WINDOW_S)

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
        silence = np.zeros(min(end - start, RATE_HZ * _LONGEST_SILENCE_S), dtype=np.int16)
        self._hear(self._resampler.push(silence))
        self._pass_over(end - start - len(silence))

    def _pass_over(self, samples: int) -> None:
        """Let silence that goes on pass without a look at it: nothing is open any more."""
        windows, rest = divmod(samples, WINDOW_SAMPLES * RATE_HZ // SPEECH_RATE_HZ)
        self._windows += windows
        self._endpointer.skip(windows)
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
        self._windows += 1
        if not self._feeding and not self._hole and self._speaking():
            self._watch_load(begins=True)
        if self._hole:
            if self._speaking():
                began_s = self._heard_s - self._endpointer.lookback_windows * WINDOW_S
                self._hole.hear_speech(began_s, self._heard_s)
        elif isinstance(event, Began):
            self._begin_utterance(event.window)
        elif self._feeding:
            self._hold(window)
        elif self._speaking():
            self._begin_utterance(self._windows - 1)
        if isinstance(event, Ended):
            self._end_utterance()

    def _watch_load(self, *, begins: bool = False) -> None:
        """Let the ladder decide; ``begins`` asks whether an utterance may begin."""
        lag_s = sum(self._left_s(one) for one in self._unsettled if not one.whole)
        lag_s *= _MARGIN
        # While nobody speaks, what it would cost is no reason to go on with a smaller model.
        usual_cost = self._load.usual_cost if self._unsettled else 0.0
        rung = self._ladder.watch(
            self._load.behind_s(lag_s, now_s=self._clock_s),
            at_s=self._clock_s,
            decode_s=self._load.decode_s,
            until_s=self._load.ahead_s(lag_s, now_s=self._clock_s) + self._own_s(begins=begins),
            usual_cost=usual_cost,
        )
        self._switch()
        if self._hole is None and rung is Rung.SKIPPING:
            start_s = self._unfed_from_s if begins else self._heard_s
            self._end_utterance()
            self._hole = self._hole or _Hole(GapReason.OVERLOAD, start_s)
        elif (
            self._hole is not None
            and self._hole.reason is GapReason.OVERLOAD
            and rung is not Rung.SKIPPING
            # The rest of an utterance is not worth a dear decode.
            and not (self._ladder.whole and self._speaking())
        ):
            self._close_hole()

    def _switch(self) -> None:
        """Let the model listen that belongs to the rung."""
        if self._ladder.light is not self._light:
            self._light = self._ladder.light
            self._recognition.lighten(self._light)
            self._load.switch(light=self._light, now_s=self._clock_s)

    def _own_s(self, *, begins: bool) -> float:
        """Expect what the end of the utterance costs that goes on, or would begin now.

        One that is kept whole costs nothing before its end, which may be long after.
        """
        if self._feeding and not self._unsettled[-1].whole:
            length_s = self._heard_s - self._unsettled[-1].start_s
        elif begins and not self._ladder.whole:
            length_s = 0.0
        else:
            return 0.0
        own_s = self._load.next_s(length_s, now_s=self._clock_s)
        return min(own_s, self._ladder.longest_final_s)

    def _begin_utterance(self, first: int) -> None:
        windows = list(self._past)[first - self._windows :]
        start_s = self._origin_s + (self._windows - len(windows)) * WINDOW_S
        self._unsettled.append(_Utterance(start_s, whole=self._ladder.whole))
        self._feeding = True
        if not self._unsettled[-1].whole:
            self._recognition.begin(start_s)
        self._hold(*windows)

    def _hold(self, *windows: Pcm) -> None:
        """Keep windows until they are a piece; then the engine is given them."""
        self._held += windows
        whole = self._unsettled[-1].whole
        if not whole and len(self._held) * WINDOW_S >= self._ladder.piece_s:
            self._give()

    def _give(self) -> None:
        if self._held:
            length_s = len(self._held) * WINDOW_S
            self._load.give(length_s, until_s=self._heard_s, now_s=self._clock_s)
            self._feed_held()

    def _feed_held(self) -> None:
        if self._held:
            self._recognition.feed(np.concatenate(self._held))
            self._held.clear()

    def _end_utterance(self) -> None:
        if not self._feeding:
            return
        self._feeding = False
        now = self._unsettled[-1]
        if now.whole and not self._fits(now):
            self._ladder.skip()
            self._switch()
            if self.rung is Rung.SKIPPING:
                self._drop(now)
                return
        if now.whole:
            self._recognition.begin(now.start_s)
            self._feed_held()
        self._give()
        now.end_s = self._heard_s
        self._load.end(now.end_s - now.start_s, until_s=now.end_s, now_s=self._clock_s)
        self._recognition.end()

    def _fits(self, utterance: _Utterance) -> bool:
        """Whether an utterance that was kept whole can still become a caption in time."""
        own_s = self._load.final_s(self._heard_s - utterance.start_s)
        ahead_s = self._load.ahead_s(0.0, now_s=self._clock_s)
        return self._ladder.allows(ahead_s + min(own_s, self._ladder.longest_final_s))

    def _drop(self, utterance: _Utterance) -> None:
        self._unsettled.pop()
        self._held.clear()
        self._hole = _Hole(GapReason.OVERLOAD, utterance.start_s, self._heard_s)

    def _join_tried(self, lost: _Hole, settled_s: float) -> None:
        """Make one hole of several trials, unless words were shown between them."""
        tried = self._tried
        if tried and tried.speech_until_s is not None and settled_s <= tried.speech_until_s:
            lost.start_s = tried.start_s
            lost.speech_until_s = lost.speech_until_s or tried.speech_until_s
            self._tried = None
        self._tell_tried()

    def _tell_tried(self) -> None:
        self._tell(self._tried)
        self._tried = None

    def _close_hole(self) -> None:
        self._tell(self._hole)
        self._hole = None

    def _tell(self, hole: _Hole | None) -> None:
        if hole and hole.speech_until_s is not None and hole.speech_until_s > hole.start_s:
            gap = Gap(start_s=hole.start_s, end_s=hole.speech_until_s, reason=hole.reason)
            self._gaps.append(gap)

    def _left_s(self, utterance: _Utterance) -> float:
        end_s = self._heard_s if utterance.end_s is None else utterance.end_s
        return max(0.0, end_s - max(self._load.worked_s, utterance.start_s))

    def _speaking(self) -> bool:
        return self._endpointer.state in (State.SPEAKING, State.TRAILING)

    def _take_gaps(self) -> list[Gap]:
        taken, self._gaps = self._gaps, []
        return taken

    @staticmethod
    def _ended_by(utterance: _Utterance, until_s: float) -> bool:
        return utterance.end_s is not None and utterance.end_s <= until_s + 1 / SPEECH_RATE_HZ
