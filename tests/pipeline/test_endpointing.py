import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import endpointing
from pipeline.endpointing import NEXT, Began, Ended, Endpointer, EndpointingOptions, Signal, State
from pipeline.speech import WINDOW_S

SHORT = EndpointingOptions(relaxed_s=0.64, max_s=1.28)
Probabilities = list[float]


def _events(
    probabilities: Probabilities, options: EndpointingOptions | None = None
) -> list[Began | Ended]:
    endpointer = Endpointer(options)
    events = [endpointer.push(probability) for probability in probabilities]
    return [event for event in (*events, endpointer.flush()) if event]


def _utterances(
    probabilities: Probabilities, options: EndpointingOptions | None = None
) -> list[tuple[int, int]]:
    """Give each utterance as its first window and the one after its last."""
    events = _events(probabilities, options)
    began, ended = events[::2], events[1::2]
    assert all(isinstance(event, Began) for event in began)
    assert all(isinstance(event, Ended) for event in ended)
    return [(b.window, e.window) for b, e in zip(began, ended, strict=True)]


def test_speech_is_padded_before_and_ends_with_its_silence() -> None:
    assert _utterances([0.0] * 50 + [1.0] * 30 + [0.0] * 50) == [(50 - 8, 50 + 30 + 16)]


def test_padding_does_not_reach_before_the_first_window() -> None:
    assert _utterances([0.0] * 2 + [1.0] * 30 + [0.0] * 50)[0][0] == 0


def test_padding_does_not_reach_into_the_utterance_before() -> None:
    first, second = _utterances([1.0] * 30 + [0.0] * 18 + [1.0] * 30 + [0.0] * 30)

    assert second[0] == first[1]


@pytest.mark.parametrize("windows", [1, 2])
def test_a_click_is_no_utterance(windows: int) -> None:
    assert _events([0.0] * 10 + [1.0] * windows + [0.0] * 40) == []


def test_the_shortest_word_is_an_utterance() -> None:
    assert len(_utterances([0.0] * 10 + [1.0] * 3 + [0.0] * 40)) == 1


def test_a_voice_that_never_rises_is_not_heard() -> None:
    assert _events([0.45] * 200) == []


def test_a_voice_that_fades_is_still_heard() -> None:
    assert _utterances([1.0] * 5 + [0.4] * 100 + [0.0] * 30) == [(0, 5 + 100 + 16)]


def test_a_pause_for_breath_does_not_end_an_utterance() -> None:
    assert len(_utterances([1.0] * 20 + [0.0] * 12 + [1.0] * 20 + [0.0] * 30)) == 1


def test_the_longer_somebody_speaks_the_shorter_a_pause_may_be() -> None:
    pauses = []
    for spoken in (30, 120, 200, 300, 400):
        (_, end), *_ = _utterances([1.0] * spoken + [0.0] * 40)
        pauses.append(end - spoken)

    assert pauses == sorted(pauses, reverse=True)
    assert pauses[0] == pauses[1] == 16
    assert pauses[-1] * WINDOW_S <= 0.2


def test_endless_speech_is_cut_and_no_window_is_lost() -> None:
    utterances = _utterances([1.0] * 2000)

    assert [start for start, _ in utterances[1:]] == [end for _, end in utterances[:-1]]
    assert utterances[0][0] == 0
    assert utterances[-1][1] == 2000
    assert max(end - start for start, end in utterances) * WINDOW_S <= 14.0 + WINDOW_S


@pytest.mark.parametrize("left", [1, 2, 3])
def test_the_last_sound_after_a_cut_is_not_taken_for_a_click(left: int) -> None:
    full = _utterances([1.0] * 2000)[0][1]

    utterances = _utterances([1.0] * (full + left) + [0.0] * 40)

    assert utterances[1][0] == full
    assert utterances[1][1] >= full + left


def test_a_faint_voice_goes_on_after_a_cut() -> None:
    first, second, *_ = _utterances([1.0] * 5 + [0.4] * 600 + [0.0] * 40)

    assert first[1] == second[0]
    assert second[1] >= 605


def test_a_cut_in_a_pause_loses_no_window_either() -> None:
    spoken = _utterances([1.0] * 2000)[0][1] - 1

    first, second = _utterances([1.0] * spoken + [0.0] + [1.0] * 20 + [0.0] * 40)

    assert first[1] == second[0] == spoken + 1


def test_what_is_open_ends_with_the_audio() -> None:
    assert _utterances([0.0] * 20 + [1.0] * 30) == [(12, 50)]
    assert _utterances([0.0] * 20 + [1.0] * 30 + [0.0] * 5) == [(12, 55)]


def test_an_endpointer_goes_on_after_a_flush() -> None:
    endpointer = Endpointer()
    for _ in range(20):
        endpointer.push(1.0)

    assert endpointer.flush() == Ended(window=20)
    assert endpointer.flush() is None
    assert endpointer.state is State.SILENT


def test_every_step_of_the_table_is_taken_and_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    taken: set[tuple[State, Signal]] = set()

    class Watched(dict[tuple[State, Signal], State]):
        def __getitem__(self, step: tuple[State, Signal]) -> State:
            taken.add(step)
            return super().__getitem__(step)

    monkeypatch.setattr(endpointing, "NEXT", Watched(NEXT))
    full = round(SHORT.max_s / WINDOW_S)

    _events([0.0, 1.0, 0.0] + [1.0] * 10 + [0.0, 0.0, 1.0] + [0.0] * 40, SHORT)
    _events([1.0] * 100, SHORT)
    _events([1.0] * (full - 2) + [0.0] * 40, SHORT)

    assert taken == set(NEXT)


_runs = st.lists(
    st.tuples(
        st.sampled_from([0.0, 0.2, 0.34, 0.35, 0.4, 0.49, 0.5, 0.7, 1.0]), st.integers(1, 60)
    ),
    max_size=30,
)


def _spread(runs: list[tuple[float, int]]) -> Probabilities:
    return [probability for probability, length in runs for _ in range(length)]


@settings(deadline=None)
@given(_runs, st.sampled_from([SHORT, EndpointingOptions()]))
def test_lasting_speech_lies_in_exactly_one_utterance(
    runs: list[tuple[float, int]], options: EndpointingOptions
) -> None:
    probabilities = _spread(runs)
    utterances = _utterances(probabilities, options)

    edges = [edge for utterance in utterances for edge in utterance]
    assert edges == sorted(edges)
    assert all(0 <= start < end <= len(probabilities) for start, end in utterances)
    for window in _lasting(probabilities, options.threshold, at_least=3):
        assert sum(start <= window < end for start, end in utterances) == 1


@settings(deadline=None)
@given(_runs)
def test_a_beginning_is_never_further_back_than_a_caller_keeps(
    runs: list[tuple[float, int]],
) -> None:
    endpointer = Endpointer(SHORT)
    for heard, probability in enumerate(_spread(runs), start=1):
        event = endpointer.push(probability)
        if isinstance(event, Began):
            assert 0 < heard - event.window <= endpointer.lookback_windows
        if isinstance(event, Ended):
            assert event.window == heard


def _lasting(probabilities: Probabilities, threshold: float, *, at_least: int) -> list[int]:
    lasting: list[int] = []
    run: list[int] = []
    for window, probability in enumerate([*probabilities, 0.0]):
        if probability >= threshold:
            run.append(window)
            continue
        lasting += run if len(run) >= at_least else []
        run = []
    return lasting
