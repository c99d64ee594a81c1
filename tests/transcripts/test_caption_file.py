"""Caption files from elsewhere: what is read from them, and what is said of what is wrong."""

import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.errors import Invalid
from models.room import Speaker
from models.transcript import Entry, Final, Gap, GapReason, Source
from tests.transcripts.test_exports import ADA, BEN, LONG, final, finals
from transcripts.exports import FORMATS, export
from transcripts.given.caption_file import captions, read

FOR_EVER_S = 1e6


def brought(data: bytes, language: str = "en", length_s: float = FOR_EVER_S) -> list[Final]:
    return captions(read(data), instance=1, language=language, length_s=length_s)


def told(data: bytes) -> list[tuple[float, float, str, str]]:
    return [
        (one.start_s, one.end_s, one.speaker.name if one.speaker else "", one.text)
        for one in brought(data)
    ]


def test_voices_escapes_notes_and_names_of_cues_are_read() -> None:
    data = b"""\xef\xbb\xbfWEBVTT - Tea\r
Kind: captions\r
\r
STYLE\r
::cue { color: red }\r
\r
NOTE written by hand\r
\r
first\r
00:01.000 --> 00:02.500 line:-4 align:start\r
<v.loud Ada &amp; co>Tea &lt;or&gt; <i>coffee</i>?\r
For\xc2\xa0two.\r
\r
01:00:00.000 --> 01:00:01.000\r
\r
"""
    assert told(data) == [(1.0, 2.5, "Ada & co", "Tea <or> coffee? For two.")]


def test_two_voices_in_a_cue_are_two_captions_that_share_its_time() -> None:
    data = b"WEBVTT\n\n00:00.000 --> 00:04.000\n<v Ada>Yes or no?</v>\n<v Ben>Yes.</v>"

    assert told(data) == [
        (0.0, pytest.approx(2.857, abs=0.01), "Ada", "Yes or no?"),
        (pytest.approx(2.857, abs=0.01), 4.0, "Ben", "Yes."),
    ]


def test_languages_of_parts_are_kept_and_the_rest_has_that_of_the_recording() -> None:
    data = b"WEBVTT\n\n00:00.000 --> 00:04.000\n<lang fr>Bonjour</lang> Ada"

    assert [(one.language, one.text) for one in brought(data, "de")] == [
        ("fr", "Bonjour"),
        ("de", "Ada"),
    ]


@pytest.mark.parametrize("odd", ["", "no language", "x" * 300, "en" + "-abcdefgh" * 30, "auto"])
def test_what_is_no_language_is_left_out_and_every_format_can_be_written(odd: str) -> None:
    (caption,) = said = brought(f"WEBVTT\n\n00:00.000 --> 00:04.000\n<lang {odd}>Hello".encode())

    assert (caption.language, caption.text) == ("en", "Hello")
    for format in FORMATS:
        export(said, format, title="Tea", started_at=None)


@pytest.mark.parametrize("marks", ["<b " * 20_000, "{\\" * 100_000, "</font\t" * 20_000])
@pytest.mark.parametrize("head", ["", "WEBVTT\n\n"])
def test_marks_that_never_end_are_read_at_once(head: str, marks: str) -> None:
    began_s = time.process_time()

    read(f"{head}00:00:01.000 --> 00:00:02.000\nHi {marks}".encode())

    assert time.process_time() - began_s < 1


def test_words_share_the_time_of_their_cue_and_a_person_wrote_them() -> None:
    (caption,) = brought(b"1\n00:00:01,000 --> 00:00:03,000\none two three four\n")

    assert [(word.start_s, word.confidence) for word in caption.words] == [
        (1.0, 1.0),
        (1.5, 1.0),
        (2.0, 1.0),
        (2.5, 1.0),
    ]
    assert caption.source is Source.CAPTIONER


def test_subrip_is_read_as_people_write_it() -> None:
    data = """1
00:00:01,5 --> 00:00:02,000  X1:0 Y1:0
{\\an8}<i>Grüße</i> &c.

00:03.000 --> 00:04.000
ADA: Well.
I never!

7
0:0:05,000 --> 0:0:06,000
Did you?

8
00:00:07,000 --> 00:00:08,000
>> No.

9
00:00:09,000 --> 00:00:10,000
[laughter]
"""
    for encoded in (data.encode("utf-8-sig"), data.encode("utf-16"), data.encode("cp1252")):
        assert told(encoded) == [
            (1.5, 2.0, "", "Grüße &c."),
            (3.0, 4.0, "ADA", "Well. I never!"),
            (5.0, 6.0, "ADA", "Did you?"),
            (7.0, 8.0, "", "No."),
            (9.0, 10.0, "", "[laughter]"),
        ]


def test_what_only_looks_like_a_name_stays_in_the_text() -> None:
    lines = ["at ten: tea", "It is 10:30 now.", "One thing that I want to say: no.", "http://x.org"]
    cues = [f"00:00:0{at},000 --> 00:00:0{at},900\n{line}\n" for at, line in enumerate(lines)]

    assert [text for *_, text in told("\n".join(cues).encode())] == lines


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "there are no captions"),
        (b"WEBVTT\n\nNOTE only this", "there are no captions"),
        (b"PK\x03\x04\0\0", "this is no text"),
        (
            b"Dear Ada,\nhow are you?\nBen",
            "line 1: a cue's times are expected here, like 00:00:01,",
        ),
        (
            b"WEBVTT\n\n00:01.000 -> 00:02.000\nHi",
            "line 3: a cue's times are expected here, like 00",
        ),
        (
            b"WEBVTT\n\nid\n00:01.00 --> 00:02.000\nHi",
            "line 4: these are no times: .* 00:00:01.000",
        ),
        (b"1\r\n00:61:01,000 --> 2\r\nHi", "line 2: these are no times"),
        (b"1\n00:00:03,000 --> 00:00:02,000\nHi", "line 2: the cue ends before it begins"),
        (
            b"1\n00:00:01,000 --> 00:00:02,000\nHi\n2\n00:00:03,000 --> 00:00:04,000\nyou",
            "line 5: an empty line is missing before this cue",
        ),
        (
            b"1\n00:00:01,000 --> 00:00:02,000\nHi\n\nyou",
            "line 5: a cue's times are expected here",
        ),
    ],
)
def test_what_is_wrong_is_said_with_its_line(data: bytes, message: str) -> None:
    with pytest.raises(Invalid, match=message) as caught:
        read(data)
    assert caught.value.field == "captions"


@settings(max_examples=200)
@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_no_file_does_more_than_to_be_refused(data: bytes) -> None:
    for head in (b"", b"WEBVTT\n\n00:01.000 --> 00:02.000\n"):
        with suppress(Invalid):
            brought(head + data)


def test_what_begins_after_the_end_of_the_sound_is_left_out() -> None:
    said = [final("One two."), final("Three.", 9.0, id="c2")]
    data = export(said, "vtt", title="", started_at=None)

    (kept,) = brought(data, length_s=0.4)

    assert (kept.text, kept.end_s) == ("One two.", 0.4)


def again(entries: Sequence[Entry], format: str) -> tuple[list[str], list[str]]:
    """What a file says, and what it says once it was brought in and exported again."""
    data = export(entries, format, title="Tea", started_at=None)
    if not entries:
        return [], []
    more = export(brought(data), format, title="Tea", started_at=None)
    return cues(data), cues(more)


def _without_marks(text: str) -> str:
    """Without what SubRip cannot say: its arrow, and letters in angle brackets."""
    return text.replace("<v", "v").replace("-->", "->")


def spaced(final: Final) -> Final:
    """Without Chinese: a line's end there may have been a space or none."""
    words = tuple(replace(one, text=one.text.replace("說話", "speech")) for one in final.words)
    return replace(final, text=final.text.replace("說話", "speech"), words=words)


def cues(data: bytes) -> list[str]:
    """The cues of a file, each on a line: notes and where lines end are left out."""
    blocks = data.decode().split("\n\n")
    return [" ".join(block.split()) for block in blocks if "-->" in block]


@settings(deadline=None, max_examples=150)
@given(finals())
def test_webvtt_that_is_exported_and_brought_in_has_the_same_cues(said: list[Final]) -> None:
    first, second = again([spaced(one) for one in said], "vtt")

    assert second == first


@settings(deadline=None, max_examples=100)
@given(finals())
def test_subrip_that_is_exported_and_brought_in_has_the_same_cues(said: list[Final]) -> None:
    plain = Speaker(id="ben", name="Ben van Aa")
    spoken = [replace(one, speaker=plain if one.speaker == BEN else ADA) for one in said]
    spoken = [replace(one, text=_without_marks(one.text), words=()) for one in map(spaced, spoken)]
    first, second = again(spoken, "srt")

    assert second == first


def test_gaps_and_people_who_talk_at_once_come_back_as_they_were() -> None:
    ben = Speaker(id="ben", name="Ben van Aa")
    entries: list[Entry] = [
        final(LONG),
        final("No, by car, because of all the boxes.", 3.0, ben, id="c2"),
        Gap(start_s=12, end_s=14, reason=GapReason.OVERLOAD),
        final("Who is that?", 14.2, None, id="c3"),
    ]
    for format in ("vtt", "srt"):
        first, second = again(entries, format)
        assert second == first


def test_lines_of_chinese_are_joined_without_a_space() -> None:
    (caption,) = brought("1\n00:00:01,000 --> 00:00:03,000\n今天我们\n谈字幕。\n".encode())

    assert caption.text == "今天我们谈字幕。"
