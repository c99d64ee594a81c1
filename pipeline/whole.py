"""A recording heard as a whole, when nobody waits for its captions any more.

What comes in is its sound at 16 kHz; what goes out is what was recognised of each utterance, in
order. A live room's utterances are short, and are decoded again and again as they grow. Here they
are as long as a recogniser's window, so that it hears what comes before and after a word, and each
is decoded once, several at a time where the recogniser gains by that.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterable, AsyncIterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from models.audio import SPEECH_RATE_HZ, Pcm
from models.errors import EngineUnavailable
from models.transcript import Hypothesis
from pipeline.endpointing import Began, Ended, Endpointer, EndpointingOptions
from pipeline.recognition import EngineBack, EngineLost, Progress, Recogniser, Recognition
from pipeline.speech import WINDOW_S, WINDOW_SAMPLES, SpeechDetector

LONG = EndpointingOptions(silence_s=1.0, short_silence_s=0.2, relaxed_s=12.0, max_s=28.0)
"""Utterances that fill Whisper's window of thirty seconds, where speech gives no better place."""

_BACK_WITHIN_S = 300.0  # a recogniser that died is started again, and may have to load its weights


@dataclass(frozen=True, slots=True, kw_only=True)
class Utterance:
    """A stretch of speech: 16 kHz mono samples, shape (n,), from ``start_s`` in the room clock."""

    start_s: float
    pcm: Pcm

    @property
    def end_s(self) -> float:
        """Where it ends, in seconds in the room clock."""
        return self.start_s + len(self.pcm) / SPEECH_RATE_HZ


@dataclass(frozen=True, slots=True, kw_only=True)
class Listened:
    """What was made of a stretch of sound from ``start_s`` to ``end_s``: final hypotheses.

    One without is silence. One that is ``lost`` took its recogniser down.
    """

    start_s: float
    end_s: float
    finals: tuple[Hypothesis, ...] = ()
    lost: bool = False


@dataclass(slots=True)
class Cutter:
    """Cuts sound that begins at ``origin_s`` in the room clock into utterances."""

    detector: SpeechDetector
    origin_s: float = 0.0
    options: EndpointingOptions = LONG
    _past: deque[Pcm] = field(init=False)
    _open: list[Pcm] | None = field(default=None, init=False)
    _rest: Pcm = field(default_factory=lambda: np.zeros(0, np.int16), init=False)
    _windows: int = field(default=0, init=False)
    _endpointer: Endpointer = field(init=False)

    def __post_init__(self) -> None:
        self._endpointer = Endpointer(self.options)
        self._past = deque(maxlen=self._endpointer.lookback_windows)

    @property
    def heard_s(self) -> float:
        """How far the sound was looked at."""
        return self.origin_s + self._windows * WINDOW_S

    @property
    def silent_s(self) -> float:
        """Up to where no utterance can begin any more; 0 while one is open."""
        return self.heard_s - len(self._past) * WINDOW_S if self._open is None else 0.0

    def push(self, pcm: Pcm) -> list[Utterance]:
        """Take sound, shape (n,); gives the utterances that have ended."""
        heard = np.concatenate([self._rest, pcm])
        whole = len(heard) // WINDOW_SAMPLES * WINDOW_SAMPLES
        windows = (heard[at : at + WINDOW_SAMPLES] for at in range(0, whole, WINDOW_SAMPLES))
        ended = [one for window in windows if (one := self._hear(window))]
        self._rest = heard[whole:]
        return ended

    def flush(self) -> list[Utterance]:
        """End what is open: there is no more sound."""
        ended = self.push(np.zeros(-len(self._rest) % WINDOW_SAMPLES, np.int16))
        self._endpointer.flush()
        return [*ended, *filter(None, [self._end()])]

    def _hear(self, window: Pcm) -> Utterance | None:
        event = self._endpointer.push(self.detector.probability(window))
        self._past.append(window)
        self._windows += 1
        if isinstance(event, Began):
            self._open = list(self._past)[event.window - self._windows :]
        elif self._open is not None:
            self._open.append(window)
        return self._end() if isinstance(event, Ended) else None

    def _end(self) -> Utterance | None:
        windows, self._open = self._open, None
        if not windows:
            return None
        start_s = self.heard_s - len(windows) * WINDOW_S
        return Utterance(start_s=start_s, pcm=np.concatenate(windows))


class _Lane:
    """One stream of the recogniser, which hears one utterance at a time."""

    def __init__(self, recognition: Recognition) -> None:
        self._recognition = recognition
        self._events = aiter(recognition.results())

    async def hear(self, utterance: Utterance) -> Listened:
        """Recognise an utterance. Raises `EngineUnavailable` when the engine does not come back."""
        self._recognition.begin(utterance.start_s)
        self._recognition.feed(utterance.pcm)
        self._recognition.end()
        finals: list[Hypothesis] = []
        lost = False
        async for event in self._events:
            match event:
                case Hypothesis(final=True, words=words) if words:
                    finals.append(event)
                case EngineLost():
                    lost = True
                    await self._back()
                    break
                case Progress(settled=True):
                    break
        else:
            raise EngineUnavailable("The recogniser has stopped.")
        return Listened(
            start_s=utterance.start_s, end_s=utterance.end_s, finals=tuple(finals), lost=lost
        )

    async def _back(self) -> None:
        try:
            async with asyncio.timeout(_BACK_WITHIN_S):
                async for event in self._events:
                    if isinstance(event, EngineBack):
                        return
        except TimeoutError:
            pass
        raise EngineUnavailable("The recogniser has stopped and does not start again.")

    async def close(self) -> None:
        await self._recognition.close()


async def listen(
    blocks: AsyncIterable[Pcm],
    recogniser: Recogniser,
    cutter: Cutter,
    *,
    language: str,
    terms: Sequence[str] = (),
    at_once: int = 1,
) -> AsyncIterator[Listened]:
    """Hear sound at 16 kHz, in blocks of any shape (n,), to its end.

    What is given ascends and covers all of it, silence included; at most ``at_once`` utterances
    are in the recogniser. Raises `EngineUnavailable`, and what ``blocks`` raises.
    """
    lanes = [_Lane(await recogniser.open(language=language, terms=terms)) for _ in range(at_once)]
    waiting: deque[asyncio.Task[Listened]] = deque()
    number, done_s = 0, cutter.origin_s
    try:
        async for ended in _cut(blocks, cutter):
            for utterance in ended:
                if len(waiting) == len(lanes):  # the oldest has the lane whose turn it is
                    listened = await waiting.popleft()
                    done_s = listened.end_s
                    yield listened
                lane = lanes[number % len(lanes)]
                waiting.append(asyncio.create_task(lane.hear(utterance)))
                number += 1
            while waiting and waiting[0].done():
                listened = await waiting.popleft()
                done_s = listened.end_s
                yield listened
            if not waiting and cutter.silent_s > done_s:
                yield Listened(start_s=done_s, end_s=cutter.silent_s)
                done_s = cutter.silent_s
        while waiting:
            yield await waiting.popleft()
    finally:
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        for lane in lanes:
            await lane.close()


_LOOK_S = 10.0


async def _cut(blocks: AsyncIterable[Pcm], cutter: Cutter) -> AsyncIterator[list[Utterance]]:
    """Give what has ended whenever something has, and else now and then an empty list."""
    told_s = cutter.heard_s
    async for block in blocks:
        ended = cutter.push(block)
        if ended or cutter.heard_s - told_s >= _LOOK_S:
            told_s = cutter.heard_s
            yield ended
    yield cutter.flush()
