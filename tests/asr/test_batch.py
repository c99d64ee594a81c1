"""Windows that are decoded together come out as if each were alone."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from asr.agreement import key
from asr.batch import Call, Meeting, Options, Seat, cut, grouped, padded, side_by_side
from asr.streaming import Window
from asr.whisper import WhisperEngine, WhisperOptions
from asr.windows import WindowJob, WindowResult
from models.audio import SPEECH_RATE_HZ
from tests.fixtures.clips import TINY_MODEL, clips

HINTS = ("", "the red door", "Peter, garden", "", "the red door", "", "window", "Peter")


@pytest.fixture(scope="module", params=[True, False], ids=["short context", "thirty seconds"])
def engine(request: pytest.FixtureRequest) -> Iterator[WhisperEngine]:
    options = WhisperOptions(threads=2, batch=8, short_context=request.param, hints=True)
    engine = WhisperEngine(str(TINY_MODEL), options)
    yield engine
    engine.close()


def jobs(count: int) -> list[WindowJob]:
    """Take windows of one to seven seconds; finals and interims, with and without hints."""
    return [
        WindowJob(
            window=Window(
                start_s=100.0 * n,
                pcm=clip.pcm[: round((1.0 + 0.9 * n) * SPEECH_RATE_HZ)],
                last=n % 2 == 0,
            ),
            language="en",
            hotwords=hint,
        )
        for n, (clip, hint) in enumerate(zip(clips()[:count], HINTS, strict=False))
    ]


def spelled(result: WindowResult) -> str:
    return " ".join(word.text for word in result.words)


def texts(result: WindowResult | Exception) -> list[str]:
    assert isinstance(result, WindowResult)
    return [key(word.text) for word in result.words]


@pytest.mark.parametrize("count", [1, 2, 5, 8])
def test_a_batch_hears_the_words_and_times_that_each_window_has_alone(
    engine: WhisperEngine, count: int
) -> None:
    windows = jobs(count)
    alone = [engine.decode_all([job])[0] for job in windows]

    together = engine.decode_all(windows)

    for one, other in zip(alone, together, strict=True):
        assert isinstance(one, WindowResult)
        assert isinstance(other, WindowResult)
        assert texts(other) == texts(one) != []
        for word, same in zip(one.words, other.words, strict=True):
            assert same.start_s == pytest.approx(word.start_s, abs=0.06)
            assert same.end_s == pytest.approx(word.end_s, abs=0.06)
            # A little more padding may tip the scales between "Thank" and "thank".
            if spelled(other) == spelled(one):
                assert same.confidence == pytest.approx(word.confidence, abs=0.05)


def test_the_guards_hold_in_a_batch(engine: WhisperEngine) -> None:
    noise = np.random.default_rng(0).normal(0, 300, 4 * SPEECH_RATE_HZ).astype(np.int16)
    ghost = WindowJob(
        window=Window(start_s=0.0, pcm=noise, last=True), language="en", hotwords="the red door"
    )

    heard = engine.decode_all([ghost, *jobs(2)])

    assert [bool(texts(result)) for result in heard] == [False, True, True]


def call(kind: str = "generate", *, start: int = 0, options: Options = (), width: int = 4) -> Call:
    return Call(kind=kind, row=np.zeros((3, width)), start=start, options=options)


def test_only_prompts_with_the_start_at_the_same_place_go_together() -> None:
    assert grouped({0: call(), 1: call(start=5), 2: call()}) == [[0, 2], [1]]


def test_only_calls_of_one_kind_with_the_same_options_go_together() -> None:
    beam = (("beam_size", 5),)
    calls = {0: call("align"), 1: call(), 2: call(options=beam), 3: call(), 4: call(options=beam)}

    assert sorted(grouped(calls)) == [[0], [1, 3], [2, 4]]


def test_windows_of_any_length_are_encoded_together() -> None:
    assert grouped({0: call("encode", width=400), 1: call("encode", width=700)}) == [[0, 1]]
    assert padded([np.ones((80, 400)), np.ones((80, 700))]).shape == (2, 80, 700)


def test_audio_that_was_encoded_to_another_length_is_decoded_apart() -> None:
    assert grouped({0: call(width=400), 1: call(width=700)}) == [[0], [1]]


def test_a_short_window_may_not_write_as_much_as_a_long_one_beside_it() -> None:
    wrote = SimpleNamespace(sequences_ids=[list(range(50))], scores=[-0.5], no_speech_prob=0.1)
    short = Call(kind="generate", row=np.zeros((3, 4)), tokens=(1, 2, 3), limit=23)

    assert cut(wrote, short).sequences_ids == [list(range(20))]


class Model:
    """Encodes to the same numbers; counts its calls and fails when it is told to."""

    def __init__(self, *, fails: bool = False) -> None:
        self.batches: list[int] = []
        self._fails = fails

    def encode(self, features: NDArray[Any], *, to_cpu: bool) -> NDArray[Any]:
        self.batches.append(len(features))
        if self._fails:
            raise RuntimeError("out of memory")
        return features

    def detect_language(self, rows: NDArray[Any]) -> list[list[tuple[str, float]]]:
        return [[("<|en|>", float(row[0, 0]))] for row in rows]


def meet(model: Model, rounds: list[int]) -> list[float | Exception]:
    """Let each seat call as often as ``rounds`` says."""
    meeting = Meeting(model, seats=len(rounds), store=lambda array: array)

    def work(number: int, count: int) -> float:
        row = np.full((2, 3), float(number))
        for _ in range(count):
            row = meeting.call(number, Call(kind="encode", row=row))
        return float(row[0, 0])

    with ThreadPoolExecutor(len(rounds)) as pool:
        return side_by_side(pool, meeting, rounds, work)


def test_each_seat_gets_its_own_row() -> None:
    model = Model()

    assert meet(model, [1, 1, 1]) == [0.0, 1.0, 2.0]
    assert model.batches == [3]


def test_a_window_that_is_done_is_not_waited_for() -> None:
    model = Model()

    assert meet(model, [1, 3, 2, 0]) == [0.0, 1.0, 2.0, 3.0]
    assert model.batches == [3, 2, 1]


def test_what_the_model_raises_reaches_every_window_of_the_call() -> None:
    outcomes = meet(Model(fails=True), [1, 1, 0])

    assert [str(outcome) for outcome in outcomes] == ["out of memory", "out of memory", "2.0"]


def test_a_language_is_detected_in_a_batch_beside_other_calls() -> None:
    model = Model()
    meeting = Meeting(model, seats=2, store=lambda array: array)

    def work(number: int, level: float) -> object:
        seat = Seat(model, meeting, number, start=0)
        encoded = seat.encode(np.full((1, 2, 3), level))
        return seat.detect_language(encoded)[0] if number else encoded[0, 0]

    with ThreadPoolExecutor(2) as pool:
        assert side_by_side(pool, meeting, [0.25, 0.5], work) == [0.25, [("<|en|>", 0.5)]]
