"""The embedded engine. Decoding is slow, so each sentence is heard once, in two rooms: one without
words of its own, and one with a hundred."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pytest

from asr.engine import Stream
from asr.sphinx import SphinxEngine, SphinxOptions, audible, quietest, steady
from models.audio import SPEECH_RATE_HZ, Pcm
from models.transcript import Hypothesis, Word
from pipeline.lines import LINES, lines
from tests.fixtures.clips import clips, clips_with_names, word_error_rate

ORDINARY = clips()[8]
WITH_NAMES, TERMS, OTHERS = clips_with_names()
NAMED, OPENS_WITH_A_NAME = WITH_NAMES[4], WITH_NAMES[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """An open stream, and what was heard in it: the ordinary clip from 7 s on, those with names."""

    stream: Stream
    ordinary: list[Hypothesis]
    named: list[Hypothesis]
    opens_with_a_name: list[Hypothesis]


def hear(stream: Stream, pcm: Pcm, start_s: float = 0.0) -> list[Hypothesis]:
    stream.begin(start_s)
    said: list[Hypothesis] = []
    for at in range(0, len(pcm), 1600):
        said += stream.feed(pcm[at : at + 1600])
    return [*said, *stream.end()]


def words(said: Sequence[Hypothesis]) -> list[str]:
    return [word.text for hypothesis in said if hypothesis.final for word in hypothesis.words]


def room(*terms: str) -> Room:
    stream = SphinxEngine().stream(language="en", terms=terms)
    return Room(
        stream=stream,
        ordinary=hear(stream, ORDINARY.pcm, 7.0),
        named=hear(stream, NAMED.pcm),
        opens_with_a_name=hear(stream, OPENS_WITH_A_NAME.pcm, 3.0) if terms else [],
    )


@pytest.fixture(scope="module")
def plain() -> Room:
    return room()


@pytest.fixture(scope="module")
def knowing() -> Room:
    return room(*TERMS, *OTHERS)


def test_speech_is_shown_while_it_is_spoken_and_then_made_final(plain: Room) -> None:
    *interims, final = plain.ordinary
    assert interims
    assert all(not interim.final and interim.stable == 0 for interim in interims)
    text = " ".join(words([final]))
    assert word_error_rate(ORDINARY.text, text) <= 0.5
    assert text[0].isupper()
    assert 7.0 <= final.words[0].start_s < 8.0
    assert final.words[-1].end_s == pytest.approx(7.0 + ORDINARY.length_s, abs=1.5)


def test_speech_that_waited_gets_no_interims_but_its_final(plain: Room) -> None:
    waited = 2 * SPEECH_RATE_HZ
    plain.stream.begin(0.0)
    said = list(plain.stream.feed(ORDINARY.pcm[:waited]))
    for at in range(waited, len(ORDINARY.pcm), 1600):
        said += plain.stream.feed(ORDINARY.pcm[at : at + 1600])
    said += plain.stream.end()
    assert [hypothesis.final for hypothesis in said] == [True]
    assert word_error_rate(ORDINARY.text, " ".join(words(said))) <= 0.5


def test_no_marks_of_the_decoder_are_shown(plain: Room, knowing: Room) -> None:
    heard = [*plain.ordinary, *plain.named, *knowing.opens_with_a_name]
    texts = [word.text for hypothesis in heard for word in hypothesis.words]
    assert texts
    assert not any(set(text) & set("<>[]()+:") for text in texts)


def test_silence_says_nothing(plain: Room) -> None:
    assert words(hear(plain.stream, np.zeros(SPEECH_RATE_HZ, np.int16))) == []


def test_an_empty_utterance_says_nothing(plain: Room) -> None:
    assert hear(plain.stream, np.zeros(0, np.int16)) == []


def test_a_segment_that_is_too_long_is_cut_in_a_pause() -> None:
    stream = SphinxEngine(SphinxOptions(longest_s=2.2)).stream(language="en")
    finals = [h for h in hear(stream, NAMED.pcm) if h.final]
    assert [h.segment for h in finals] == list(range(len(finals)))
    assert len(finals) >= 2
    starts = [w.start_s for h in finals for w in h.words]
    assert starts == sorted(starts)


def test_a_long_utterance_becomes_captions_of_two_lines(plain: Room) -> None:
    spoken = np.concatenate([clips()[number].pcm for number in (0, 1)])
    said = hear(plain.stream, spoken)
    finals = [h for h in said if h.final]
    first = finals[0].segment
    assert len(finals) >= 2
    assert [h.segment for h in finals] == list(range(first, first + len(finals)))
    assert {h.segment for h in said if not h.final} == {first}
    assert all(len(lines(h.words)) <= LINES for h in finals)


def test_names_of_the_room_are_heard_and_written_as_the_room_writes_them(
    plain: Room, knowing: Room
) -> None:
    assert "Wilhelmina" not in words(plain.named)
    assert "Wilhelmina" in words(knowing.named)


def test_each_word_of_a_name_has_its_own_time(knowing: Room) -> None:
    final = next(h for h in knowing.opens_with_a_name if h.final)
    first, last = (next(w for w in final.words if w.text == t) for t in ("Priyanka", "Nakamura"))
    ends_s = 3.0 + OPENS_WITH_A_NAME.length_s
    assert 3.0 < first.start_s < first.end_s == last.start_s < last.end_s < ends_s
    assert last.end_s - last.start_s == pytest.approx(0.55, abs=0.3)


def test_a_hundred_terms_that_nobody_says_change_nothing(plain: Room, knowing: Room) -> None:
    assert len((*TERMS, *OTHERS)) >= 99
    assert words(knowing.ordinary) == words(plain.ordinary)


def test_a_name_that_opens_a_caption_keeps_its_spelling(knowing: Room) -> None:
    assert words(knowing.opens_with_a_name)[0] == "Priyanka"


def test_words_are_learnt_and_forgotten_between_utterances(plain: Room) -> None:
    stream = plain.stream
    stream.begin(0.0)
    list(stream.feed(NAMED.pcm[:8000]))
    in_the_middle = stream.learn(TERMS)
    list(stream.end())

    assert not in_the_middle
    assert stream.learn(TERMS)
    assert "Wilhelmina" in words(hear(stream, NAMED.pcm))
    assert stream.learn(())
    assert "Wilhelmina" not in words(hear(stream, NAMED.pcm))


def test_a_word_just_heard_is_shown_when_it_is_old_enough_or_heard_twice() -> None:
    words = tuple(
        Word(text=text, start_s=at, end_s=at + 0.3, confidence=1.0)
        for text, at in (("open", 1.0), ("the", 1.3), ("door", 1.6))
    )
    assert steady(words, (), 1.5) == 1
    assert steady(words, ("open", "the"), 1.5) == 2
    assert steady(words, ("open", "a", "dog"), 1.5) == 1
    assert steady(words, ("open", "the", "door"), 1.5) == 3
    assert steady(words, (), 2.0) == 3


def test_an_interim_takes_back_less_when_young_words_wait(plain: Room) -> None:
    eager = SphinxEngine(SphinxOptions(interim_s=0.3, steady_s=0.0)).stream(language="en")

    def taken_back(said: Sequence[Hypothesis]) -> int:
        shown = [[word.text for word in hypothesis.words] for hypothesis in said]
        return sum(
            later[at : at + 1] != [word]
            for before, later in pairwise(shown)
            for at, word in enumerate(before)
        )

    assert taken_back(plain.ordinary) < taken_back(hear(eager, ORDINARY.pcm, 7.0))


def test_a_whisper_is_made_audible_and_speech_is_left_alone() -> None:
    whisper = np.array([0, 300, -300], np.int16)
    assert np.abs(audible(whisper, 0.05)).max() == pytest.approx(0.2 * 32768, rel=0.01)
    speech = np.array([0, 9000, -9000], np.int16)
    assert audible(speech, 0.05) is speech


def test_the_quietest_place_is_found_near_the_end() -> None:
    rate = SPEECH_RATE_HZ
    pcm = np.full(5 * rate, 8000, np.int16)
    pcm[1 * rate : 2 * rate] = 0
    pcm[4 * rate : 4 * rate + rate // 2] = 10
    assert 4.0 <= quietest(pcm, last_s=2.0) / rate <= 4.5
