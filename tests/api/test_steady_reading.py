"""From agreed words to one reader: what somebody who reads steadily never has to read twice."""

from collections.abc import Iterator
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from api.delivery import Delivery
from asr.segments import Segments
from models.caption import Interim
from models.room import Activity, Speaker
from models.style import PACES, Pace
from models.transcript import Final, Hypothesis, Word
from pipeline.attribution import SpeakerTimeline
from pipeline.captioning import Captioner
from pipeline.steadiness import Steadiness, steadiness

ADA, BEN = Speaker(id="ada", name="Ada"), Speaker(id="ben", name="Ben")
WORDS = ["the", "kettle", "had", "boiled", "and", "nobody", "upstairs", "was", "listening", "at"]
TOKENS = st.sampled_from([*WORDS, *WORDS, "answered,", "answered."])


@st.composite
def heard(draw: st.DrawFn) -> list[Hypothesis]:
    """What a recogniser says whose guesses come true only as far as it promised."""
    tokens = draw(st.lists(TOKENS, min_size=20, max_size=60))
    words = [
        Word(text=token, start_s=at * 0.4, end_s=at * 0.4 + 0.35, confidence=1.0)
        for at, token in enumerate(tokens)
    ]
    segments, said, at = Segments(language="en"), list[Hypothesis](), 0
    while at < len(words):
        agreed = draw(st.integers(1, 5))
        guessed = [
            replace(word, text=draw(TOKENS))
            for word in words[at + agreed : at + agreed + draw(st.integers(0, 5))]
        ]
        said += segments.add(words[at : at + agreed], guessed)
        said += segments.show(guessed)
        at += agreed
    return [*said, *segments.flush()]


@st.composite
def talking(draw: st.DrawFn) -> SpeakerTimeline:
    """Two people who speak in turn, now and then for a word only."""
    timeline, at_s = SpeakerTimeline(), 0.0
    for turn, length_s in enumerate(draw(st.lists(st.floats(0.3, 6), max_size=8))):
        speaker = (ADA, BEN)[turn % 2]
        timeline.add(Activity(speaker=speaker, on=True, t_s=at_s))
        timeline.add(Activity(speaker=speaker, on=False, t_s=at_s + length_s))
        at_s += length_s
    return timeline


@settings(deadline=None)
@given(heard(), talking())
def test_steady_takes_nothing_back_though_captions_are_cut_and_given_to_speakers(
    said: list[Hypothesis], timeline: SpeakerTimeline
) -> None:
    assert measured(said, timeline, "steady").erased == 0


@settings(deadline=None)
@given(heard(), talking())
def test_every_pace_ends_with_the_same_words(
    said: list[Hypothesis], timeline: SpeakerTimeline
) -> None:
    assert len({measured(said, timeline, pace).words for pace in PACES}) == 1


def measured(said: list[Hypothesis], timeline: SpeakerTimeline, pace: Pace) -> Steadiness:
    return steadiness(read(said, timeline, pace))


def read(
    said: list[Hypothesis], timeline: SpeakerTimeline, pace: Pace
) -> Iterator[Interim | Final]:
    captioner, reader = Captioner("i1s", timeline), Delivery(sent=0, latest=0, pace=pace)
    for hypothesis in said:
        for caption in captioner.captions(hypothesis):
            if isinstance(caption, Final):
                caption = replace(caption, seq=reader.latest + 1)
            for item in reader.live([caption]):
                assert isinstance(item, Interim | Final)
                yield item
