import itertools

import pytest

from asr.language import HeldLanguage, HoldOptions, code, is_glued

GERMAN = {"de": 0.95, "en": 0.03, "nl": 0.02}
ENGLISH = {"en": 0.97, "de": 0.03}
UNSURE = {"de": 0.45, "nl": 0.4, "en": 0.15}


def utterance(held: HeldLanguage, probabilities: dict[str, float], *, speech_s: float = 2.0) -> str:
    """Let one utterance sound like this; gives the language of its captions."""
    held.begin()
    held.hear(probabilities, speech_s=speech_s)
    return held.best


def decided(language: dict[str, float] | None = None) -> HeldLanguage:
    held = HeldLanguage()
    utterance(held, language or GERMAN)
    assert held.language
    return held


def looked_at(held: HeldLanguage, utterances: int) -> list[int]:
    """Which of the following utterances are listened to, all of them in the held language."""
    looks = []
    for number in range(utterances):
        held.begin()
        if held.listening:
            looks.append(number)
        held.hear({held.language: 1.0}, speech_s=2.0)
    return looks


@pytest.mark.parametrize(
    ("tag", "known"),
    [("de-CH", "de"), ("", "en"), ("nb-NO", "no"), ("fil", "tl"), ("cmn-Hans", "zh"), ("EN", "en")],
)
def test_a_language_tag_becomes_the_engines_code(tag: str, known: str) -> None:
    assert code(tag) == known


def test_a_clear_second_of_speech_decides() -> None:
    held = HeldLanguage()
    held.begin()

    held.hear(GERMAN, speech_s=1.0)

    assert held.language == "de"
    assert not held.listening


def test_less_than_a_second_decides_nothing_but_is_the_best_so_far() -> None:
    held = HeldLanguage()

    assert utterance(held, GERMAN, speech_s=0.4) == "de"
    assert held.language == ""


def test_without_any_evidence_english_is_taken() -> None:
    held = HeldLanguage()
    held.begin()

    assert (held.language, held.best) == ("", "en")


def test_more_of_the_same_utterance_replaces_what_its_beginning_sounded_like() -> None:
    held = HeldLanguage()
    held.begin()
    held.hear(UNSURE, speech_s=1.0)
    assert held.listening

    held.hear(ENGLISH, speech_s=2.0)

    assert held.language == "en"


def test_after_eight_unsure_seconds_the_best_so_far_is_held() -> None:
    held = HeldLanguage()
    for _ in range(3):
        utterance(held, UNSURE)
    assert held.language == ""

    utterance(held, UNSURE)

    assert held.language == "de"


def test_a_language_that_was_held_for_want_of_better_gives_way_to_the_first_clear_one() -> None:
    held = HeldLanguage()
    utterance(held, UNSURE, speech_s=9.0)
    assert held.language == "de"

    assert utterance(held, {"nl": 0.9, "de": 0.1}) == "nl"


def test_short_answers_count_together_by_their_length() -> None:
    held = HeldLanguage()
    utterance(held, {"de": 0.4, "en": 0.6}, speech_s=0.8)

    utterance(held, {"de": 0.9, "en": 0.1}, speech_s=5.0)

    assert held.language == "de"


def test_one_foreign_utterance_changes_nothing() -> None:
    held = decided()
    held.doubt()

    assert utterance(held, ENGLISH) == "de"
    assert utterance(held, GERMAN) == "de"
    assert utterance(held, ENGLISH) == "de"


def test_two_foreign_utterances_in_a_row_change_the_language_with_the_second() -> None:
    held = decided()
    held.doubt()

    assert utterance(held, ENGLISH) == "de"
    assert utterance(held, ENGLISH) == "en"


def test_two_different_foreign_languages_are_no_agreement() -> None:
    held = decided()
    held.doubt()

    utterance(held, ENGLISH)

    assert utterance(held, {"fr": 0.95}) == "de"


def test_a_narrow_win_is_none() -> None:
    held = decided()
    held.doubt()
    narrow = {"nl": 0.72, "de": 0.28}

    assert [utterance(held, narrow) for _ in range(9)] == ["de"] * 9


def test_the_language_stays_within_an_utterance() -> None:
    held = decided()
    held.doubt()
    utterance(held, ENGLISH)
    held.begin()
    held.hear(ENGLISH, speech_s=1.0)
    assert held.language == "en"

    held.hear(GERMAN, speech_s=3.0)
    held.hear(GERMAN, speech_s=4.0)

    assert held.best == "en"


def test_a_short_utterance_is_no_judgement() -> None:
    held = decided()
    held.doubt()

    utterance(held, ENGLISH, speech_s=0.5)
    utterance(held, ENGLISH, speech_s=0.5)

    assert held.best == "de"


def test_one_utterance_in_five_is_looked_at_while_nothing_is_suspicious() -> None:
    held = decided()

    assert looked_at(held, 15) == [4, 9, 14]


def test_what_the_decoder_made_little_of_is_looked_at_in_the_next_utterance() -> None:
    held = decided()
    looked_at(held, 1)
    held.doubt()

    assert looked_at(held, 3) == [0]


def test_a_room_that_changes_back_and_forth_is_followed() -> None:
    held = HeldLanguage(HoldOptions(every=2))
    spoken = [GERMAN] * 6 + [ENGLISH] * 8 + [GERMAN] * 8

    shown = [utterance(held, one) for one in spoken]

    assert shown[:6] == ["de"] * 6
    assert shown[9:14] == ["en"] * 5
    assert shown[-5:] == ["de"] * 5
    changes = sum(one != other for one, other in itertools.pairwise(shown))
    assert changes == 2


@pytest.mark.parametrize(
    ("written", "language", "glued"),
    [
        (" good", "en", False),
        ("good", "en", False),
        ("今天", "zh", True),
        ("thon", "ja", True),
        (" Py", "ja", False),
        (" ครับ", "th", False),
        ("ครับ", "th", True),
        ("今天", "en", True),
    ],
)
def test_a_word_is_glued_where_whisper_wrote_no_space(
    written: str, language: str, glued: bool
) -> None:
    assert is_glued(written, language) is glued
