"""Chapters that are found in conversations of the demonstration's kind."""

import json
import random
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

import api.demo
from models.room import Speaker
from models.transcript import Final
from transcripts.chapters import LEAST_S, find_chapters, title_of

SCRIPT = Path(api.demo.__file__).parent / "conversation" / "script.json"
ADA, BEN = Speaker(id="ada", name="Ada"), Speaker(id="ben", name="Ben")

SUBJECTS = {
    "bread": "flour yeast dough oven crust loaf knead bake salt rye sourdough baker",
    "trains": "rail station platform ticket track engine signal carriage timetable driver depot",
    "bees": "hive honey queen swarm pollen nectar wax keeper smoke colony clover drone",
}
COMMON = ["the", "and", "we", "that", "it", "was", "then", "have", "you", "so", "in", "a", "to"]


def caption(start_s: float, text: str, speaker: Speaker | None = ADA, end_s: float = 0.0) -> Final:
    return Final(
        id=f"c{start_s}",
        rev=1,
        start_s=start_s,
        end_s=end_s or start_s + 3.5,
        speaker=speaker,
        text=text,
    )


def talk_about(subject: str, from_s: float, minutes: int, seed: int) -> list[Final]:
    """A caption every four seconds: common words, and those of one subject."""
    rng, words = random.Random(seed), SUBJECTS[subject].split()
    lines = []
    for number in range(minutes * 15):
        said = [rng.choice(COMMON if rng.random() < 0.6 else words) for _ in range(10)]
        speaker = rng.choice((ADA, BEN))
        lines.append(caption(from_s + 4 * number, " ".join(said), speaker))
    return lines


@pytest.mark.parametrize("seed", range(5))
def test_a_chapter_begins_where_the_subject_changes(seed: int) -> None:
    said = [
        *talk_about("bread", 0, 5, seed),
        *talk_about("trains", 300, 6, seed),
        *talk_about("bees", 660, 4, seed),
    ]

    found = find_chapters(said)

    for change_s in (300, 660):  # within ten captions: the words are drawn by lot
        assert min(abs(chapter.start_s - change_s) for chapter in found) <= 40
    assert len(found) <= 6


def test_chapters_begin_with_the_captions_that_name_them_and_are_not_short() -> None:
    said = [*talk_about("bread", 1.5, 7, 1), *talk_about("trains", 421.5, 7, 2)]

    found = find_chapters(said, length_s=900)

    starts = {one.start_s: one for one in said}
    assert found[0].start_s == 0
    assert found[0].title == title_of(said[0])
    for before, chapter in pairwise(found):
        assert chapter.title == title_of(starts[chapter.start_s])
        assert chapter.start_s - before.start_s >= LEAST_S
    assert said[-1].end_s - found[-1].start_s >= LEAST_S


def test_a_long_pause_is_a_place_for_a_chapter() -> None:
    said = talk_about("bread", 0, 10, 3)
    later = [
        replace(one, start_s=one.start_s + 60, end_s=one.end_s + 60)
        for one in said
        if one.start_s >= 300
    ]
    said = [one for one in said if one.start_s < 300] + later

    assert 360 in [chapter.start_s for chapter in find_chapters(said)]


def test_talk_of_the_same_words_over_and_over_is_one_chapter() -> None:
    said = [caption(4 * number, "the same words again") for number in range(300)]

    assert [chapter.start_s for chapter in find_chapters(said)] == [0]


def test_the_demonstration_is_too_short_for_more_than_one_chapter() -> None:
    script = json.loads(SCRIPT.read_text(encoding="utf-8"))
    said = [
        caption(turn["start_s"], turn["text"], Speaker(id=turn["speaker"], name="Ada"))
        for turn in script["turns"]
    ]

    (only,) = find_chapters(said)

    assert only.title == "Ada: Thank you for coming to see me this morning."


def test_the_demonstration_said_over_for_an_hour_has_a_few_chapters_of_its_own_words() -> None:
    turns = json.loads(SCRIPT.read_text(encoding="utf-8"))["turns"]
    round_s = turns[-1]["end_s"] + 5
    said = [
        caption(
            number * round_s + turn["start_s"], turn["text"], end_s=number * round_s + turn["end_s"]
        )
        for number in range(int(3600 / round_s))
        for turn in turns
    ]

    found = find_chapters(said, length_s=3600)

    assert 2 <= len(found) <= 30
    texts = [one.text for one in said]
    for chapter in found:
        words = chapter.title.removeprefix("Ada: ").removesuffix("…")
        assert any(text.startswith(words) for text in texts)


def test_captions_behind_the_end_of_the_sound_make_no_chapter() -> None:
    said = [*talk_about("bread", 0, 5, 1), *talk_about("trains", 300, 5, 1)]

    assert all(chapter.start_s < 280 for chapter in find_chapters(said, length_s=280))


def test_nothing_said_makes_no_chapters() -> None:
    assert find_chapters([]) == []
    assert find_chapters([caption(0, "  ")]) == []


@pytest.mark.parametrize(
    ("text", "speaker", "title"),
    [
        ("Good\n morning.", ADA, "Ada: Good morning."),
        ("Good morning.", None, "Good morning."),
        ("word " * 30, BEN, f"Ben: {'word ' * 12}".strip() + "…"),
        ("語" * 80, None, "語" * 60 + "…"),
    ],
)
def test_a_title_is_who_speaks_and_their_first_words(
    text: str, speaker: Speaker | None, title: str
) -> None:
    assert title_of(caption(0, text, speaker)) == title


def test_eight_hours_are_read_in_seconds() -> None:
    said = [one for n in range(8) for one in talk_about("bees", n * 3600, 60, n)]

    assert find_chapters(said)
