import io
import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from html import unescape
from itertools import pairwise

import pytest
import webvtt
from hypothesis import given, settings
from hypothesis import strategies as st

from models.errors import Invalid
from models.room import Speaker
from models.transcript import Correction, Entry, Final, Gap, GapReason, Word
from models.writing import joined
from pipeline.lines import LINE_CHARS
from tests.transcripts.as_text import as_text
from transcripts.cues import lay_out
from transcripts.effective import effective, retimed
from transcripts.exports import FORMATS, export
from transcripts.pacing import Cue

ADA = Speaker(id="ada", name="Ada")
BEN = Speaker(id="ben", name="Ben <b> & co")
STARTED_AT = datetime(2026, 5, 4, 18, 30, tzinfo=UTC)
LONG = (
    "When the kettle had boiled we sat down by the window, and she told me about the summer"
    " in the mountains. It had rained for three weeks, and nobody had minded at all."
)


def final(text: str, start_s: float = 0.0, speaker: Speaker | None = ADA, id: str = "c1") -> Final:
    """A caption whose words take a quarter of a second each."""
    words = tuple(
        Word(
            text=token,
            start_s=start_s + index / 4,
            end_s=start_s + (index + 1) / 4,
            confidence=0.5,
        )
        for index, token in enumerate(text.split())
    )
    end_s = start_s + len(words) / 4
    return Final(
        id=id, rev=1, start_s=start_s, end_s=end_s, speaker=speaker, text=text, words=words, seq=1
    )


def corrected(caption: Final, text: str, rev: int = 2) -> Correction:
    return Correction(id=caption.id, rev=rev, text=text, by=BEN, replaces=caption.seq, seq=rev)


def write(entries: Sequence[Entry], format: str) -> str:
    return as_text(export(entries, format, title="Tea & talk", started_at=STARTED_AT), format)


ODD_WORDS = [
    "-->",
    "<v",
    "&amp;",
    "1",
    "Donaudampfschifffahrtsgesellschaftskapitänsmütze",
    "說話",
    "…",
]
PLAIN_WORDS = ["tea,", "with", "milk.", "and", "perhaps;", "something", "sweeter!"]
TOKENS = st.sampled_from([*ODD_WORDS, *PLAIN_WORDS])


@st.composite
def finals(draw: st.DrawFn) -> list[Final]:
    """Captions with or without words' times, which need not fit the captions' own."""
    made = []
    for index in range(draw(st.integers(0, 4))):
        tokens = draw(st.lists(TOKENS, min_size=1, max_size=40))
        start_s, step_s = draw(st.floats(0, 20)), draw(st.floats(0, 3))
        words = tuple(
            Word(text=token, start_s=n * step_s, end_s=(n + 1) * step_s, confidence=1)
            for n, token in enumerate(tokens)
        )
        caption = Final(
            id=f"c{index}",
            rev=1,
            start_s=start_s,
            end_s=start_s + draw(st.floats(0, 30)),
            speaker=draw(st.sampled_from([ADA, BEN, None])),
            text=" ".join(tokens),
            words=words if draw(st.booleans()) else (),
        )
        made.append(caption)
    return made


def by_speaker(cues: Sequence[Cue]) -> dict[Speaker | None, list[Cue]]:
    tracks = defaultdict(list)
    for cue in cues:
        tracks[cue.speaker].append(cue)
    return tracks


@settings(deadline=None, max_examples=60)
@given(finals(), st.booleans())
def test_no_word_is_lost_and_the_order_is_kept(captions: list[Final], named: bool) -> None:
    tracks = by_speaker(lay_out(captions, named=named))

    for speaker in (ADA, BEN, None):
        said = [c.text for c in effective(captions) if c.speaker == speaker]
        shown = [line for cue in tracks.get(speaker, []) for line in cue.lines]
        assert "".join("".join(shown).split()) == "".join("".join(said).split())


@settings(deadline=None, max_examples=60)
@given(finals())
def test_cues_ascend_and_do_not_overlap_within_a_speaker(captions: list[Final]) -> None:
    cues = lay_out(captions)

    assert [cue.start_s for cue in cues] == sorted(cue.start_s for cue in cues)
    for track in by_speaker(cues).values():
        for cue, following in pairwise(track):
            assert cue.end_s <= following.start_s
        assert all(cue.end_s - cue.start_s > 0.49 for cue in track)


@settings(deadline=None, max_examples=60)
@given(finals())
def test_lines_are_short_unless_a_single_word_is_long(captions: list[Final]) -> None:
    for cue in lay_out(captions):
        assert len(cue.lines) <= 2
        assert all(len(line) <= LINE_CHARS or " " not in line for line in cue.lines)


@settings(deadline=None, max_examples=40)
@given(finals())
def test_any_transcript_is_webvtt_that_says_the_same(captions: list[Final]) -> None:
    read = webvtt.from_buffer(io.StringIO(write(captions, "vtt")))

    cues = lay_out(captions)
    assert [unescape(c.text).split() for c in read.captions] == [
        " ".join(c.lines).split() for c in cues
    ]
    assert [c.voice and unescape(c.voice) for c in read.captions] == [
        c.speaker.name if c.speaker else None for c in cues
    ]


def test_cues_of_people_who_talk_at_once_do_not_cover_each_other() -> None:
    entries = [
        final("We could go on the train.", 0.0),
        final("No, by car, because of all the boxes that we have to take.", 1.0, BEN, id="c2"),
        final("Or by bus.", 1.2, None, id="c3"),
        final("Fine.", 20.0, BEN, id="c4"),
    ]

    times = [line for line in write(entries, "vtt").splitlines() if "-->" in line]

    assert [time.partition(" line:")[2] for time in times] == ["", "-4", "-5", ""]


def test_what_is_said_in_another_language_is_marked() -> None:
    german = replace(final("Guten Tag.", 5.0, id="c2"), language="de")

    text = write([final("Good morning."), final("Well.", 9.0, id="c3"), german], "vtt")

    assert "<v Ada><lang de>Guten Tag.</lang>" in text
    assert text.count("<lang") == 1


def test_a_long_caption_is_cut_where_sentences_end() -> None:
    cues = lay_out([final(LONG)])

    assert [cue.lines for cue in cues] == [
        ("When the kettle had boiled", "we sat down by the window,"),
        ("and she told me about the summer", "in the mountains."),
        ("It had rained for three weeks,", "and nobody had minded at all."),
    ]
    assert [cue.start_s for cue in cues] == [0.0, 2.75, 5.25]


def test_a_long_pause_ends_a_cue() -> None:
    said = final("Wait. There")
    there = replace(said.words[1], start_s=9.0, end_s=9.5)

    cues = lay_out([replace(said, words=(said.words[0], there), end_s=9.5)])

    assert [(cue.start_s, cue.lines) for cue in cues] == [(0.0, ("Wait.",)), (9.0, ("There",))]


def test_a_webvtt_cue_names_its_speaker_and_escapes_markup() -> None:
    text = write([final("is 1 < 2 & 3 > 2 --> yes", speaker=BEN)], "vtt")

    assert text == (
        "WEBVTT\n\nNOTE Tea & talk · 2026-05-04 18:30 UTC\n\n"
        "00:00:00.000 --> 00:00:02.500\n"
        "<v Ben &lt;b&gt; &amp; co>is 1 &lt; 2 &amp; 3 &gt; 2 --&gt; yes\n"
    )


@pytest.mark.parametrize("format", ["vtt", "srt", "txt"])
def test_a_gap_is_said_in_the_open(format: str) -> None:
    gap = Gap(start_s=4, end_s=7, reason=GapReason.ENGINE_RESTART)

    text = write([final("Before it."), gap, final("After it.", 8.0, id="c2")], format)

    said = [text.index(part) for part in ("Before", "[captions missing: 3 s, engine", "After")]
    assert said == sorted(said)


def test_srt_says_who_speaks_when_that_changes() -> None:
    entries = [
        final("Good morning."),
        final("How are you?", 3.0, id="c2"),
        final("Well.", 6.0, BEN, id="c3"),
    ]

    text = write(entries, "srt")

    assert text == (
        "1\n00:00:00,000 --> 00:00:01,000\nAda: Good morning.\n\n"
        "2\n00:00:03,000 --> 00:00:04,000\nHow are you?\n\n"
        "3\n00:00:06,000 --> 00:00:07,000\nBen <b> & co: Well.\n"
    )
    assert len(webvtt.from_buffer(io.StringIO(text), format="srt")) == 3


def test_srt_lines_with_a_name_stay_short() -> None:
    talker = Speaker(id="t", name="Wilhelmina Featherstonehaugh-Cholmondeley")

    text = write([final(LONG, speaker=talker)], "srt")

    assert "Wilhelmina Feathe…: When" in text
    assert max(map(len, text.splitlines())) <= LINE_CHARS


def test_text_is_a_page_to_read() -> None:
    entries = [
        final("Good morning.", 1.0),
        final("How are you?", 2.0, id="c2"),
        final("Well, thanks.", 65.0, BEN, id="c3"),
        final("And you?", 70.0, BEN, id="c4"),
        final("Late again.", 3723.0, id="c5"),
    ]

    assert write(entries, "txt") == (
        "Tea & talk · 2026-05-04 18:30 UTC\n\n"
        "Ada [00:01]\nGood morning. How are you?\n\n"
        "Ben <b> & co [01:05]\nWell, thanks.\n\n"
        "And you?\n\n"
        "Ada [1:02:03]\nLate again.\n"
    )


def test_json_carries_words_and_every_revision() -> None:
    heard = final("I like key lime")

    data = json.loads(write([heard, corrected(heard, "I like tea, Lima")], "json"))

    (caption,) = data["captions"]
    assert (caption["text"], caption["rev"], caption["source"]) == ("I like tea, Lima", 2, "asr")
    assert caption["words"][1:3] == [["like", 0.25, 0.5, 0.5], ["tea,", 0.5, 0.75, 1.0]]
    assert [(r["rev"], r["text"], r["by"]) for r in caption["revisions"]] == [
        (1, "I like key lime", None),
        (2, "I like tea, Lima", {"id": "ben", "name": "Ben <b> & co"}),
    ]
    assert data["started_at"] == "2026-05-04T18:30:00+00:00"


@pytest.mark.parametrize("format", FORMATS)
def test_files_show_the_newest_text(format: str) -> None:
    heard = final("recognise speech")
    entries: list[Entry] = [
        heard,
        corrected(heard, "wreck a nice beach", rev=2),
        corrected(heard, "wreck an ice beach", rev=3),
    ]

    assert "wreck an ice beach" in write(entries, format)


def test_files_for_people_mark_what_was_corrected() -> None:
    heard, other = final("recognise speech"), final("untouched", start_s=5, id="b")
    entries: list[Entry] = [heard, other, corrected(heard, "wreck a nice beach")]

    assert "wreck a nice beach [corrected]" in write(entries, "txt")
    assert "untouched [corrected]" not in write(entries, "txt")
    note = "NOTE Corrected by hand, the captions at 00:00:00.000\n\n"
    assert note in write(entries, "vtt")


def test_files_say_who_spoke_at_the_same_time() -> None:
    both = replace(final("No wait.", 3.0), overlap=(BEN,))
    entries: list[Entry] = [final("We begin.", id="c0"), both, corrected(both, "No, wait.")]

    text = write(entries, "txt")
    assert text.endswith("We begin. No, wait. [at the same time as Ben <b> & co] [corrected]\n")
    assert "NOTE At 00:00:03.000: at the same time as Ben <b> & co" in write(entries, "vtt")
    assert webvtt.from_buffer(io.StringIO(write(entries, "vtt"))).captions
    captions = json.loads(write(entries, "json"))["captions"]
    assert [one["overlap"] for one in captions] == [[], [{"id": "ben", "name": BEN.name}]]


def test_a_caption_that_was_corrected_to_nothing_is_not_shown() -> None:
    heard = final("nonsense")

    assert lay_out([heard, corrected(heard, "")]) == []


@settings(deadline=None, max_examples=60)
@given(finals(), st.lists(TOKENS, max_size=10))
def test_new_words_have_ascending_times_within_the_caption(
    captions: list[Final], tokens: list[str]
) -> None:
    for caption in captions:
        words = retimed(replace(caption, text=" ".join(tokens)))

        assert joined(words) == " ".join(tokens)
        times = [at for word in words for at in (word.start_s, word.end_s)]
        assert times == sorted(times)
        assert all(caption.start_s <= at <= caption.end_s for at in times)


@pytest.mark.parametrize("format", FORMATS)
def test_an_empty_transcript_can_be_exported(format: str) -> None:
    assert "words" not in as_text(export([], format, title="", started_at=None), format)


def test_an_unknown_format_is_refused() -> None:
    with pytest.raises(Invalid, match="vtt, srt, txt, json, ttml, docx"):
        write([], "pdf")


CHINESE = tuple(
    Word(text=text, start_s=at / 4, end_s=(at + 1) / 4, confidence=0.5, glued=at > 0)
    for at, text in enumerate(["今天", "我们", "来", "谈", "谈", "字", "木。"])
)
SAID = Final(
    id="z",
    rev=1,
    start_s=0.0,
    end_s=1.75,
    speaker=ADA,
    text="今天我们来谈谈字木。",
    words=CHINESE,
    language="zh",
    seq=1,
)
FIXED = Correction(id="z", rev=2, text="今天我们来谈谈字幕。", by=ADA, replaces=1, seq=2)


def test_chinese_words_are_written_without_spaces_in_every_format() -> None:
    more = replace(SAID, id="y", start_s=2.0, end_s=3.75, seq=3)
    for format in ("vtt", "srt", "txt", "ttml", "docx"):
        text = write([SAID, more], format)
        assert "今天我们来谈谈字木。" in text
        assert " ".join("今天") not in text
    assert "字木。今天" in write([SAID, more], "txt")


def test_a_correction_in_chinese_keeps_the_times_of_what_was_heard() -> None:
    words = retimed(effective([SAID, FIXED])[0])

    assert joined(words) == FIXED.text
    assert [(word.text, word.start_s) for word in words[2:5]] == [
        ("我", 0.25),
        ("们", 0.375),
        ("来", 0.5),
    ]
    assert words[0].confidence == 0.5
    assert words[-1].confidence == 1.0
