from dataclasses import replace

import pytest

from models.edit import Edited
from models.recording import Chapter
from models.room import Speaker
from models.transcript import Final, Word
from transcripts.chapters import title_of
from transcripts.cutting import without_cuts
from transcripts.effective import effective
from transcripts.titles import NOTHING_LEFT, retitled

ADA = Speaker(id="ada", name="Ada")


def said(id: str, start_s: float, text: str) -> Final:
    words = tuple(
        Word(text=word, start_s=start_s + n, end_s=start_s + n + 1, confidence=1)
        for n, word in enumerate(text.split())
    )
    end_s = start_s + len(words)
    return Final(
        id=id, rev=1, start_s=start_s, end_s=end_s, speaker=ADA, text=text, words=words, seq=1
    )


CAPTIONS = [said("a", 0, "Good morning."), said("b", 10, "My secret is ten. Well, the weather.")]


def titles(cut: tuple[float, float], *wanted: str) -> list[str]:
    whole = effective(CAPTIONS)
    left = effective(without_cuts(CAPTIONS, Edited(hidden=(cut,))))
    chapters = [Chapter(start_s=10.0 * n, title=title) for n, title in enumerate(wanted)]
    return [one.title for one in retitled(chapters, whole, left)]


@pytest.mark.parametrize(
    "title", ["My secret is…", "Ada: My secret is ten.", title_of(CAPTIONS[1])]
)
def test_a_title_that_was_taken_from_what_is_cut_is_taken_from_what_is_left(title: str) -> None:
    assert titles((10, 14), "Ada: Good morning.", title) == [
        "Ada: Good morning.",
        "Ada: Well, the weather.",
    ]


def test_what_somebody_wrote_of_their_own_stays() -> None:
    assert titles((10, 14), "Greetings", "My weather") == ["Greetings", "My weather"]


def test_where_nothing_is_left_nothing_is_told() -> None:
    assert titles((10, 99), "Hello", "Ada: My secret…") == ["Hello", NOTHING_LEFT]


def test_without_a_speaker_the_words_are_the_title() -> None:
    whole = [replace(one, speaker=None) for one in CAPTIONS]
    left = without_cuts(whole, Edited(hidden=((10, 14),)))

    (chapter,) = retitled([Chapter(start_s=10, title="My secret…")], whole, effective(left))

    assert chapter.title == "Well, the weather."
