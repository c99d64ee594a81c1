from collections.abc import Callable, Sequence

import numpy as np
import pytest

from asr.lateness import TooLate
from asr.streaming import StreamingOptions, Window, WindowedStream, in_span, leading_silence_s
from models.audio import SPEECH_RATE_HZ, Pcm
from models.transcript import Hypothesis, Word

SPOKEN = [f"w{n}{'.' if n % 6 == 5 else ''}" for n in range(120)]
Decoder = Callable[[Window], Sequence[Word]]


def loud(length_s: float) -> Pcm:
    return np.full(round(length_s * SPEECH_RATE_HZ), 9000, np.int16)


def word(text: str, start_s: float, end_s: float) -> Word:
    return Word(text=text, start_s=start_s, end_s=end_s, confidence=0.9)


class Oracle:
    """Hears a word every half second, whole words only, and mishears a window's last one."""

    def __init__(self, *, hears: Callable[[Window, list[Word]], list[Word]] | None = None) -> None:
        self.windows: list[Window] = []
        self._hears = hears or (lambda window, words: words)

    def __call__(self, window: Window) -> list[Word]:
        self.windows.append(window)
        end_s = window.start_s + len(window.pcm) / SPEECH_RATE_HZ
        heard = [
            word(text, n * 0.5, n * 0.5 + 0.45)
            for n, text in enumerate(SPOKEN)
            if n * 0.5 >= window.start_s - 1e-6 and n * 0.5 + 0.45 <= end_s
        ]
        if heard and not window.last:
            heard[-1] = word("hm", heard[-1].start_s, heard[-1].end_s)
        return self._hears(window, heard)


def run(
    decode: Decoder, length_s: float, options: StreamingOptions | None = None
) -> list[Hypothesis]:
    stream = WindowedStream(decode, language="en", options=options)
    stream.begin(0.0)
    said: list[Hypothesis] = []
    for _ in range(round(length_s * 10)):
        said += stream.feed(loud(0.1))
    return [*said, *stream.end()]


def final_text(said: list[Hypothesis]) -> list[str]:
    return [w.text for h in said if h.final for w in h.words]


@pytest.mark.parametrize("length_s", [0.5, 3.0, 14.0, 40.0])
def test_every_word_becomes_final_once(length_s: float) -> None:
    said = run(Oracle(), length_s)
    assert final_text(said) == SPOKEN[: round(length_s * 2)]


def test_a_window_is_decoded_each_second_and_once_at_the_end() -> None:
    oracle = Oracle()
    run(oracle, 3.5)
    assert [w.last for w in oracle.windows] == [False, False, False, True]


@pytest.mark.parametrize(("took_s", "decodes"), [(0.01, 14), (0.1, 5), (0.9, 2)])
def test_a_quick_decoder_decodes_more_often(took_s: float, decodes: int) -> None:
    oracle = Oracle()
    stream = WindowedStream(oracle, language="en", took=lambda: took_s)
    stream.begin(0.0)
    for _ in range(round(2.0 / 0.032)):
        list(stream.feed(loud(0.032)))
    assert len(oracle.windows) == pytest.approx(decodes, abs=1)


def test_a_word_whose_sound_may_go_on_is_not_agreed_on() -> None:
    def half_heard(window: Window, words: list[Word]) -> list[Word]:
        end_s = window.start_s + len(window.pcm) / SPEECH_RATE_HZ
        if end_s < 1.35:
            return [word("so", 0.1, 0.4), word("fif", 1.0, end_s)]
        return [word("so", 0.1, 0.4), word("fifteen", 1.0, 1.35)]

    oracle = Oracle(hears=half_heard)
    stream = WindowedStream(oracle, language="en", took=lambda: 0.01)
    stream.begin(0.0)
    said = [h for _ in range(20) for h in stream.feed(loud(0.1))]
    assert all(word.text != "fif" for h in said for word in h.words[: h.stable])
    assert [word.text for word in said[-1].words[: said[-1].stable]] == ["so", "fifteen"]


def test_windows_stay_short_however_long_people_speak() -> None:
    oracle = Oracle()
    run(oracle, 60.0)
    assert max(len(w.pcm) for w in oracle.windows) <= 16.1 * SPEECH_RATE_HZ


def test_agreed_words_never_change_on_the_way_to_a_final() -> None:
    stable: dict[int, list[str]] = {}
    for hypothesis in run(Oracle(), 20.0):
        texts = [w.text for w in hypothesis.words]
        kept = stable.get(hypothesis.segment, [])
        assert texts[: len(kept)] == kept
        stable[hypothesis.segment] = texts[: hypothesis.stable]


def test_words_appear_before_their_sentence_ends() -> None:
    said = run(Oracle(), 2.2)
    assert [h.final for h in said][:2] == [False, False]


def test_disagreement_for_ten_seconds_is_committed_not_dropped() -> None:
    step = iter(range(1000))
    oracle = Oracle(
        hears=lambda _, words: [word(f"v{next(step)}", words[0].start_s, words[0].end_s)]
    )
    stream = WindowedStream(oracle, language="en")
    stream.begin(0.0)
    said = [h for _ in range(120) for h in stream.feed(loud(0.1))]
    assert any(h.stable for h in said)


def test_a_window_in_which_nothing_is_heard_does_not_grow_forever() -> None:
    oracle = Oracle(hears=lambda _, words: [])
    said = run(oracle, 60.0)
    assert said == []
    assert max(len(w.pcm) for w in oracle.windows) <= 16.1 * SPEECH_RATE_HZ


def test_a_tail_that_the_last_decode_left_out_is_decoded_on_its_own() -> None:
    def forgetful(window: Window, words: list[Word]) -> list[Word]:
        return words[:3]

    said = run(Oracle(hears=forgetful), 3.0, StreamingOptions(step_s=9.0))
    assert final_text(said) == SPOKEN[:6]


def test_a_word_shown_that_the_last_decode_does_not_hear_is_withdrawn() -> None:
    ghost = Oracle(hears=lambda window, words: [] if window.last else words)
    said = run(ghost, 1.1)
    assert [h.final for h in said] == [False, True]
    assert said[-1].words == ()


def test_loops_are_cut() -> None:
    def loop(window: Window, words: list[Word]) -> list[Word]:
        return [word("so", 0.05 * n, 0.05 * n + 0.04) for n in range(40)]

    assert final_text(run(Oracle(hears=loop), 1.0)) == ["so"]


def test_punctuation_alone_is_no_word() -> None:
    def dotted(window: Window, words: list[Word]) -> list[Word]:
        return [word(".", window.start_s, window.start_s + 0.02), *words]

    assert final_text(run(Oracle(hears=dotted), 3.0)) == SPOKEN[:6]


def test_the_second_utterance_starts_anew() -> None:
    oracle = Oracle()
    stream = WindowedStream(oracle, language="en")
    said: list[Hypothesis] = []
    for start_s in (0.0, 10.0):
        stream.begin(start_s)
        said += [*stream.feed(loud(2.0)), *stream.end()]
    assert final_text(said) == [*SPOKEN[:4], *SPOKEN[20:24]]
    segments = [h.segment for h in said if h.final]
    assert segments == sorted(set(segments))


def test_leading_silence_is_measured_up_to_the_first_sound() -> None:
    pcm = np.concatenate([np.zeros(8000, np.int16), loud(0.5)])
    assert leading_silence_s(pcm) == pytest.approx(0.48, abs=0.011)
    assert leading_silence_s(np.zeros(0, np.int16)) == 0.0


def test_word_times_are_kept_inside_what_was_heard() -> None:
    placed = in_span([word("a", 0.0, 0.9), word("b", 0.5, 0.4), word("c", 2.0, 3.0)], 0.6, 2.5)
    assert [w.start_s for w in placed] == [0.6, 0.6, 2.0]
    assert all(w.start_s < w.end_s <= 2.5 for w in placed)


def test_an_end_that_comes_too_late_keeps_what_was_shown_and_says_what_was_not_heard() -> None:
    def late(window: Window, heard: list[Word]) -> list[Word]:
        if window.last:
            raise TooLate
        return heard

    said = run(Oracle(hears=late), 2.5)

    shown = [h for h in said if h.words and not h.final]
    assert final_text(said) == [w.text for w in shown[-1].words]
    assert said[-1].unheard == pytest.approx((shown[-1].words[-1].end_s, 2.5))


def test_a_look_that_comes_too_late_changes_nothing() -> None:
    def late_once(window: Window, heard: list[Word]) -> list[Word]:
        if len(window.pcm) < 1.5 * SPEECH_RATE_HZ:
            raise TooLate
        return heard

    assert final_text(run(Oracle(hears=late_once), 3.0)) == SPOKEN[:6]


def test_captions_are_in_the_language_that_was_found_out_while_people_spoke() -> None:
    found = iter(["de"] * 100)
    stream = WindowedStream(Oracle(), language="auto", spoken=lambda: next(found))
    stream.begin(0.0)

    said = [*stream.feed(loud(3.0)), *stream.end()]

    assert {h.language for h in said} == {"de"}


def test_words_that_were_shown_are_not_lost_when_speech_ends_right_after_a_cut() -> None:
    step = iter(range(1000))

    def unsure(window: Window, words: list[Word]) -> list[Word]:
        end_s = window.start_s + len(window.pcm) / SPEECH_RATE_HZ
        return [
            word(f"v{next(step)}", window.start_s, end_s - 0.2),
            word("rest", end_s - 0.15, end_s),
        ]

    stream = WindowedStream(Oracle(hears=unsure), language="en")
    stream.begin(0.0)
    said: list[Hypothesis] = []
    while stream._start_s == 0.0:
        said += stream.feed(loud(0.1))
    assert [w.text for w in said[-1].words][-1] == "rest"

    said += stream.end()

    assert final_text(said)[-1] == "rest"
