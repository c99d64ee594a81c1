from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
import pytest

from asr.sphinx import SphinxEngine, SphinxOptions, audible, quietest, steady
from models.audio import SPEECH_RATE_HZ, Pcm
from models.transcript import Hypothesis, Word
from pipeline.lines import LINES, lines
from tests.fixtures.clips import clips, clips_with_names, word_error_rate


@pytest.fixture(scope="module")
def engine() -> SphinxEngine:
    return SphinxEngine()


def hear(
    engine: SphinxEngine, pcm: Pcm, start_s: float = 0.0, terms: Sequence[str] = ()
) -> Iterator[Hypothesis]:
    stream = engine.stream(language="en", terms=terms)
    stream.begin(start_s)
    for at in range(0, len(pcm), 1600):
        yield from stream.feed(pcm[at : at + 1600])
    yield from stream.end()


def test_speech_is_shown_while_it_is_spoken_and_then_made_final(engine: SphinxEngine) -> None:
    clip = clips()[0]
    *interims, final = hear(engine, clip.pcm, 7.0)
    assert interims
    assert all(not interim.final and interim.stable == 0 for interim in interims)
    text = " ".join(word.text for word in final.words)
    assert word_error_rate(clip.text, text) <= 0.5
    assert text[0].isupper()
    assert 7.0 <= final.words[0].start_s < 8.0
    assert final.words[-1].end_s == pytest.approx(7.0 + clip.length_s, abs=1.5)


def test_speech_that_waited_gets_no_interims_but_its_final(engine: SphinxEngine) -> None:
    clip = clips()[0]
    stream = engine.stream(language="en")
    stream.begin(0.0)
    waited = 2 * SPEECH_RATE_HZ
    said = list(stream.feed(clip.pcm[:waited]))
    for at in range(waited, len(clip.pcm), 1600):
        said += stream.feed(clip.pcm[at : at + 1600])
    said += stream.end()
    assert [hypothesis.final for hypothesis in said] == [True]
    heard = " ".join(word.text for word in said[0].words)
    assert word_error_rate(clip.text, heard) <= 0.5


def test_no_marks_of_the_decoder_are_shown(engine: SphinxEngine) -> None:
    texts = [w.text for h in hear(engine, clips()[3].pcm) for w in h.words]
    assert texts
    assert not any(set(text) & set("<>[]()+") for text in texts)


def test_silence_says_nothing(engine: SphinxEngine) -> None:
    said = list(hear(engine, np.zeros(SPEECH_RATE_HZ, np.int16)))
    assert [w.text for h in said for w in h.words] == []


def test_an_empty_utterance_says_nothing(engine: SphinxEngine) -> None:
    assert list(hear(engine, np.zeros(0, np.int16))) == []


def test_a_segment_that_is_too_long_is_cut_in_a_pause() -> None:
    engine = SphinxEngine(SphinxOptions(longest_s=3.5))
    pcm = clips()[1].pcm
    finals = [h for h in hear(engine, pcm) if h.final]
    assert [h.segment for h in finals] == list(range(len(finals)))
    assert len(finals) >= 2
    starts = [w.start_s for h in finals for w in h.words]
    assert starts == sorted(starts)


def test_a_long_utterance_becomes_captions_of_two_lines(engine: SphinxEngine) -> None:
    spoken = np.concatenate([clips()[number].pcm[: 4 * SPEECH_RATE_HZ] for number in (0, 1, 2)])
    said = list(hear(engine, spoken))
    finals = [h for h in said if h.final]
    assert len(finals) >= 2
    assert [h.segment for h in finals] == list(range(len(finals)))
    assert {h.segment for h in said if not h.final} == {0}
    assert all(len(lines(h.words)) <= LINES for h in finals)


def test_names_of_the_room_are_heard_and_written_as_the_room_writes_them(
    engine: SphinxEngine,
) -> None:
    clips, terms, _ = clips_with_names()
    *_, without = hear(engine, clips[4].pcm)
    *_, final = hear(engine, clips[4].pcm, terms=terms)
    assert "Wilhelmina" not in [word.text for word in without.words]
    assert "Wilhelmina" in [word.text for word in final.words]


def test_each_word_of_a_name_has_its_own_time(engine: SphinxEngine) -> None:
    clips, terms, _ = clips_with_names()
    *_, final = hear(engine, clips[2].pcm, 3.0, terms)
    first, last = (next(w for w in final.words if w.text == t) for t in ("Priyanka", "Nakamura"))
    assert 3.0 < first.start_s < first.end_s == last.start_s < last.end_s < 3.0 + clips[2].length_s
    assert last.end_s - last.start_s == pytest.approx(0.55, abs=0.3)


def test_a_hundred_terms_that_nobody_says_change_nothing(engine: SphinxEngine) -> None:
    _, terms, others = clips_with_names()
    clip = clips()[8]
    *_, without = hear(engine, clip.pcm)
    *_, final = hear(engine, clip.pcm, terms=(*terms, *others))
    assert [word.text for word in final.words] == [word.text for word in without.words]


def test_a_name_that_opens_a_caption_keeps_its_spelling(engine: SphinxEngine) -> None:
    *_, final = hear(engine, clips_with_names()[0][9].pcm, terms=("Wilhelmina",))
    assert final.words[0].text == "Wilhelmina"


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


def test_an_interim_takes_back_less_when_young_words_wait() -> None:
    clip = clips_with_names()[0][3]

    def taken_back(options: SphinxOptions) -> int:
        said = [[w.text for w in h.words] for h in hear(SphinxEngine(options), clip.pcm)]
        return sum(
            later[at : at + 1] != [word]
            for before, later in pairwise(said)
            for at, word in enumerate(before)
        )

    assert taken_back(SphinxOptions()) < taken_back(SphinxOptions(interim_s=0.3, steady_s=0.0))


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
