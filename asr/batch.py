"""Several rooms' windows as one batch of a model, each decoded as if it were alone.

Every window runs through faster-whisper's own code in a thread, with a `Seat` for its model. Calls
of the model meet at a `Meeting`: when each window that is not done has called, the calls that fit
together are made as one, and each seat is given its row. Whatever lies around the calls (prompts,
hints, languages, guards, word times, a second pass over a rest) is that of a window alone, which
the batched paths of the peers lose.
"""

import itertools
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

Work = TypeVar("Work")
Result = TypeVar("Result")
Options = tuple[tuple[str, Any], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One window's call of the model.

    ``row`` is its encoded audio, shape (frames, width), or for ``encode`` its features, shape
    (mels, frames). ``tokens`` is its prompt, or for ``align`` its text. ``start`` is where the
    prompt's text begins: ``<|startoftranscript|>`` must stand at the same place in a whole batch.
    """

    kind: str
    row: NDArray[np.floating[Any]]
    options: Options = ()
    tokens: tuple[int, ...] = ()
    start: int = 0
    limit: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Generated:
    """What a decoder wrote for one window; named as CTranslate2's own result."""

    sequences_ids: list[list[int]]
    scores: list[float]
    no_speech_prob: float


def grouped(calls: Mapping[int, Call]) -> list[list[int]]:
    """Put the seats together whose calls can be made as one, in the order of the seats."""

    def likeness(seat: int) -> tuple[Any, ...]:
        call = calls[seat]
        return call.kind, call.start, call.options, call.kind != "encode" and call.row.shape

    seats = sorted(calls, key=lambda seat: (repr(likeness(seat)), seat))
    return [list(group) for _, group in itertools.groupby(seats, key=likeness)]


class Meeting:
    """Where the calls of one batch meet; ``store`` makes an array what the model takes."""

    def __init__(self, model: Any, *, seats: int, store: Callable[[NDArray[Any]], Any]) -> None:
        self._model = model
        self._store = store
        self._present = seats
        self._calls: dict[int, Call] = {}
        self._answers: dict[int, Any] = {}
        self._changed = threading.Condition()

    def call(self, seat: int, call: Call) -> Any:
        """Wait for the others' calls and give this seat's result; raises what the model raised."""
        with self._changed:
            self._calls[seat] = call
            self._meet()
            while seat not in self._answers:
                self._changed.wait()
            answer = self._answers.pop(seat)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def leave(self) -> None:
        """Let the others go on without this seat: its window is done."""
        with self._changed:
            self._present -= 1
            self._meet()

    def _meet(self) -> None:
        if not self._calls or len(self._calls) < self._present:
            return
        calls, self._calls = self._calls, {}
        for seats in grouped(calls):
            try:
                answers: Sequence[Any] = self._make([calls[seat] for seat in seats])
            except Exception as error:
                answers = [error] * len(seats)
            self._answers.update(zip(seats, answers, strict=True))
        self._changed.notify_all()

    def _make(self, calls: Sequence[Call]) -> Sequence[Any]:
        first = calls[0]
        if first.kind == "encode":
            # On the host, because rows of a batch on a device cannot be taken out of it.
            encoded = self._model.encode(self._store(padded([c.row for c in calls])), to_cpu=True)
            return list(np.array(encoded))
        rows = self._store(np.stack([call.row for call in calls]))
        options = dict(first.options)
        if first.kind == "align":
            tokens, frames = [list(c.tokens) for c in calls], [c.limit for c in calls]
            return list(self._model.align(rows, text_tokens=tokens, num_frames=frames, **options))
        if first.kind == "detect_language":
            return list(self._model.detect_language(rows))
        prompts, longest = [list(c.tokens) for c in calls], max(c.limit for c in calls)
        results = self._model.generate(rows, prompts, max_length=longest, **options)
        return [cut(result, call) for result, call in zip(results, calls, strict=True)]


class Seat:
    """A window's place in a batch: stands where faster-whisper expects CTranslate2's model."""

    def __init__(self, model: Any, meeting: Meeting, number: int, *, start: int) -> None:
        self._model = model
        self._meeting = meeting
        self._number = number
        self._start = start

    def __getattr__(self, name: str) -> Any:
        return getattr(self._model, name)

    def encode(self, features: Any, *, to_cpu: bool = False) -> Any:
        """Encode features, shape (1, mels, frames)."""
        return self._call(Call(kind="encode", row=np.array(features)[0]))

    def generate(self, encoded: Any, prompts: Any, *, max_length: int, **options: Any) -> Any:
        """Decode one prompt; a limit of its own holds, whatever the others' are."""
        prompt = tuple(prompts[0])
        call = Call(
            kind="generate",
            row=encoded,
            options=_hashable(options),
            tokens=prompt,
            start=prompt.index(self._start),
            limit=max_length,
        )
        return [self._call(call)]

    def align(
        self, encoded: Any, start_sequence: Any, text_tokens: Any, num_frames: int, **options: Any
    ) -> Any:
        """Find when one text's tokens were said."""
        call = Call(
            kind="align",
            row=encoded,
            options=_hashable({"start_sequence": start_sequence, **options}),
            tokens=tuple(text_tokens[0]),
            limit=num_frames,
        )
        return [self._call(call)]

    def detect_language(self, encoded: Any) -> Any:
        """Give the languages that are likely, likeliest first."""
        return [self._call(Call(kind="detect_language", row=encoded))]

    def _call(self, call: Call) -> Any:
        return self._meeting.call(self._number, call)


def padded(features: Sequence[NDArray[np.floating[Any]]]) -> NDArray[np.float32]:
    """Bring features, shape (mels, frames) each, to the longest; shape (windows, mels, frames)."""
    longest = max(row.shape[-1] for row in features)
    return np.stack(
        [np.pad(row, ((0, 0), (0, longest - row.shape[-1]))).astype(np.float32) for row in features]
    )


def cut(result: Any, call: Call) -> Generated:
    """Cut what was written under the limit of the longest window to the window's own."""
    most = call.limit - len(call.tokens)
    return Generated(
        sequences_ids=[list(tokens)[:most] for tokens in result.sequences_ids],
        scores=list(result.scores),
        no_speech_prob=float(result.no_speech_prob),
    )


def side_by_side(
    pool: ThreadPoolExecutor,
    meeting: Meeting,
    works: Sequence[Work],
    do: Callable[[int, Work], Result],
) -> list[Result | Exception]:
    """Do each seat's work in a thread of ``pool``, which must have one for each."""

    def sit(number: int, work: Work) -> Result | Exception:
        try:
            return do(number, work)
        except Exception as error:
            return error
        finally:
            meeting.leave()

    return list(pool.map(sit, range(len(works)), works))


def _hashable(options: Mapping[str, Any]) -> Options:
    """Freeze a call's options, so that calls can be compared."""
    return tuple(
        sorted((name, tuple(v) if isinstance(v, list) else v) for name, v in options.items())
    )
