import random
from collections import defaultdict
from collections.abc import Iterator

import numpy as np
import pytest
from faster_whisper.feature_extractor import FeatureExtractor
from pocketsphinx import Decoder

from bench.small_whisper import __main__ as command
from bench.small_whisper import grammar, speech
from bench.small_whisper.features import MELS, mel_power, normalised
from bench.small_whisper.prompts import prompt
from bench.small_whisper.speech import TimedWord, Utterance
from bench.small_whisper.tokenizer import Tokens, tokens
from bench.small_whisper.windows import Example, Plan, Windows
from tests.fixtures.clips import clips

SECOND = Plan(frames=300, windows=1, placed=False, shortest=0.5, prompt_tokens=0)
WHOLE = Plan(frames=3000, windows=1, placed=False, shortest=0.9, prompt_tokens=0)


@pytest.fixture(scope="module")
def known() -> Tokens:
    return tokens()


@pytest.fixture(scope="module")
def windows(known: Tokens) -> Windows:
    said = [_utterance("Please open the red door."), _utterance("Is Peter late?")]
    return Windows(said, [np.ones((MELS, 3000), np.float32)], known)


def _utterance(text: str) -> Utterance:
    words = tuple(
        TimedWord(text=word, start_s=0.3 * at + 0.1, end_s=0.3 * at + 0.35)
        for at, word in enumerate(text.split())
    )
    level = np.full((MELS, round(100 * words[-1].end_s) + 10), -3.0, np.float16)
    return Utterance(text=text, words=words, near=level, far=level)


def _examples(windows: Windows, plan: Plan, count: int = 60) -> Iterator[Example]:
    chance = random.Random(1)
    for _ in range(count):
        yield windows.example(plan, chance)


def _times_s(example: Example, known: Tokens) -> list[float]:
    first = known.first_timestamp
    return [0.02 * (token - first) for token in example.targets if token >= first]


def test_no_two_words_sound_alike() -> None:
    decoder = Decoder(loglevel="FATAL")
    sounds: dict[str, set[str]] = defaultdict(set)
    for word in grammar.words():
        forms = (word.lower(), *(f"{word.lower()}({number})" for number in range(2, 6)))
        ways = [way for form in forms if (way := decoder.lookup_word(form))]
        assert ways, word
        for way in ways:
            sounds[way].add(word)

    assert [words for words in sounds.values() if len(words) > 1] == []


def test_sentences_are_made_of_the_words_alone() -> None:
    chance = random.Random(1)
    said = [grammar.said(chance, salads=0.3) for _ in range(500)]

    spoken = {word.strip(".,?").lower() for text in said for word in text.split()}

    assert spoken <= {word.lower() for word in grammar.words()}
    assert all(text[0].isupper() and text[-1] in ".?" for text in said)


def test_an_eighth_of_all_texts_is_held_out_and_the_clips_are_among_them() -> None:
    chance = random.Random(2)
    held = [grammar.held_out(grammar.sentence(chance)) for _ in range(2000)]
    said = [text for clip in clips() for text in _sentences(clip.text)]

    assert sum(held) / len(held) == pytest.approx(1 / 8, abs=0.03)
    assert all(grammar.held_out(text) for text in said)
    words = {word.lower() for word in grammar.words()}
    assert {word.strip(".,?").lower() for text in said for word in text.split()} <= words


def _sentences(text: str) -> list[str]:
    return text.replace(". ", ".|").replace("? ", "?|").split("|")


def test_every_word_is_one_token_and_any_name_can_be_written(known: Tokens) -> None:
    forms = [form for word in grammar.words() for form in (word, word[0].upper() + word[1:])]

    assert all(len(known.text(" " + form)) == 1 for form in forms)
    assert known.tokenizer.decode(known.text(" Åse Ødegaard, 漢字")) == " Åse Ødegaard, 漢字"


def test_features_are_those_that_faster_whisper_gives() -> None:
    sound = np.random.default_rng(0).normal(0, 0.1, 32_000).astype(np.float32)

    theirs = FeatureExtractor()(sound)[:, :200]

    assert np.allclose(normalised(mel_power(sound))[:, :200], theirs, atol=1e-4)


def test_a_sentence_that_goes_on_after_thirty_seconds_is_left_to_the_next_window(
    windows: Windows, known: Tokens
) -> None:
    cut = [
        times
        for example in _examples(windows, WHOLE)
        if (times := _times_s(example, known)) and len(times) % 2
    ]

    assert cut
    assert all(27.0 < times[-1] <= 30.0 for times in cut)
    assert all(times == sorted(times) for times in cut)


def test_a_piece_that_lies_later_is_told_as_much_later(windows: Windows, known: Tokens) -> None:
    placed = Plan(frames=300, windows=1, placed=True, shortest=0.5, prompt_tokens=0)

    for example in _examples(windows, placed):
        times = _times_s(example, known)
        assert all(0 <= time - 0.02 * example.offset <= 3.02 for time in times)


def test_what_is_told_is_heard_within_the_window(windows: Windows) -> None:
    for example in _examples(windows, SECOND):
        steps = example.mel.shape[1] / 2
        assert len(example.inputs) == len(example.targets)
        assert all(0 <= first < min(end, steps) for _, first, end in example.spans)


def test_windows_without_speech_are_told_to_have_none(windows: Windows, known: Tokens) -> None:
    silent = [e for e in _examples(windows, SECOND, 200) if not e.labels.any()]

    assert any(known.no_speech in example.targets for example in silent)
    assert all(
        known.no_speech not in example.targets
        for example in _examples(windows, SECOND)
        if example.spans
    )


def test_a_window_may_begin_within_the_first_word_at_time_zero(
    windows: Windows, known: Tokens
) -> None:
    abrupt = [e for e in _examples(windows, SECOND) if e.labels.any() and e.labels[0] > 0]

    assert abrupt
    assert all(times[0] <= 1.0 for e in abrupt if (times := _times_s(e, known)))


def test_noise_alone_is_sometimes_as_long_as_a_window_and_sometimes_loud(windows: Windows) -> None:
    noise = [e for e in _examples(windows, WHOLE, 200) if not e.labels.any()]

    assert any(e.mel.shape[1] == WHOLE.frames for e in noise)
    assert max(e.mel.max() for e in noise) > 1.0 > min(e.mel.max() for e in noise)


def test_earlier_text_sometimes_has_its_times(known: Tokens) -> None:
    chance = random.Random(4)
    made = [prompt(known, chance, text="Is Peter late?", most=50) for _ in range(200)]
    timed = [any(token >= known.first_timestamp for token in before) for before in made]

    assert any(timed)
    assert not all(timed)


def test_a_prompt_is_no_longer_than_there_is_room(known: Tokens) -> None:
    chance = random.Random(3)
    made = [prompt(known, chance, text="Is Peter late?", most=25) for _ in range(200)]

    assert {before[0] for before in made} == {known.previous}
    assert max(len(before) for before in made) == 26


def test_missing_voices_are_one_line_that_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(speech, "ESPEAK_LIBRARY", "libnobody.so")

    assert command.main(["evaluate"]) == 1
    assert capsys.readouterr().out == "The voices are missing: apt-get install espeak-ng flite\n"
