"""The TTML file, as ttconv reads it: an independent reader of IMSC documents."""

import xml.etree.ElementTree as ET
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from ttconv.imsc import reader
from ttconv.isd import ISD
from ttconv.style_properties import DirectionType, StyleProperties

from models.transcript import Entry, Gap, GapReason
from tests.transcripts.test_exports import BEN, LONG, corrected, final, finals
from transcripts.cues import label, lay_out
from transcripts.exports import export
from transcripts.pacing import Cue

STARTED_AT = datetime(2026, 5, 4, 18, 30, tzinfo=UTC)
NAMES = {"tt": "http://www.w3.org/ns/ttml", "ttm": "http://www.w3.org/ns/ttml#metadata"}
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


def written(entries: Sequence[Entry]) -> ET.Element:
    text = export(entries, "ttml", title="Tea & talk", started_at=STARTED_AT).decode()
    return ET.fromstring(text)


def read(entries: Sequence[Entry]) -> Any:
    document = reader.to_model(ET.ElementTree(written(entries)))
    assert document is not None
    return document


def paragraphs(element: Any) -> Iterator[Any]:
    for child in element:
        if type(child).__name__ == "P":
            yield child
        else:
            yield from paragraphs(child)


def text_of(element: Any) -> str:
    kind = type(element).__name__
    if kind == "Text":
        return str(element.get_text())
    return "\n" if kind == "Br" else "".join(text_of(child) for child in element)


def expected(cues: Sequence[Cue]) -> list[tuple[Fraction, Fraction, str]]:
    before: Cue | None = None
    found = []
    for cue in cues:
        is_change = before is None or before.speaker != cue.speaker
        text = "\n".join(cue.lines)
        times = [Fraction(round(at * 1000), 1000) for at in (cue.start_s, cue.end_s)]
        found.append((times[0], times[1], (label(cue.speaker) if is_change else "") + text))
        before = cue
    return found


@settings(deadline=None, max_examples=40)
@given(finals())
def test_another_reader_finds_every_cue_with_its_times(captions: list[Any]) -> None:
    body = read(captions).get_body()

    found = [(p.get_begin() or 0, p.get_end(), text_of(p)) for p in paragraphs(body)]
    assert found == expected(lay_out(captions, named=True))


def test_a_new_speaker_is_named_in_the_text_and_each_cue_says_who_speaks() -> None:
    entries: list[Entry] = [final("Good morning."), final("Hello Ada.", 5, BEN, id="c2")]

    tree = written(entries)

    assert [p.text for p in tree.iterfind(".//tt:p", NAMES)] == [
        "Ada: Good morning.",
        "Ben <b> & co: Hello Ada.",
    ]
    agents = {
        agent.get("{http://www.w3.org/XML/1998/namespace}id"): agent.findtext("ttm:name", "", NAMES)
        for agent in tree.iterfind(".//ttm:agent", NAMES)
    }
    speaking = [p.get(f"{{{NAMES['ttm']}}}agent") for p in tree.iterfind(".//tt:p", NAMES)]
    assert [agents[id] for id in speaking] == ["Ada", "Ben <b> & co"]


def test_a_player_shows_light_lines_at_the_bottom_while_they_are_said() -> None:
    document = read([final(LONG)])

    shown = ISD.from_model(document, Fraction(1))
    silent = ISD.from_model(document, Fraction(60))

    (region,) = shown.iter_regions()
    assert text_of(region).startswith("Ada: When the kettle")
    assert len(text_of(region).splitlines()) <= 2
    assert all(not text_of(one) for one in silent.iter_regions())


def test_people_who_talk_at_once_have_regions_that_do_not_overlap() -> None:
    entries = [
        final("We could go on the train.", 0.0),
        final("No, by car, because of all the boxes.", 1.0, BEN, id="c2"),
        final("Fine.", 20.0, BEN, id="c4"),
    ]

    document = read(entries)

    both, alone = (ISD.from_model(document, Fraction(at)) for at in (Fraction(5, 4), 20))
    shown = [region for region in both.iter_regions() if text_of(region)]
    assert [text_of(region) for region in shown] == [
        "Ada: We could go on the train.",
        "Ben <b> & co: No, by car,\nbecause of all the boxes.",
    ]
    spans = sorted(
        (
            region.get_style(StyleProperties.Origin).y.value,
            region.get_style(StyleProperties.Extent).height.value,
        )
        for region in shown
    )
    assert spans[0][0] + spans[0][1] <= spans[1][0]
    assert [region.get_id() for region in alone.iter_regions() if text_of(region)] == ["bottom"]


def test_languages_are_marked_and_arabic_runs_from_right_to_left() -> None:
    arabic = replace(final("صباح الخير", 5, BEN, id="c2"), language="ar")
    english = [replace(final("Good morning.", at, id=f"c{at}"), language="en") for at in (0, 20)]

    tree, document = written([*english, arabic]), read([*english, arabic])

    assert tree.get(LANGUAGE) == "en"
    assert [p.get(LANGUAGE) for p in tree.iterfind(".//tt:p", NAMES)] == [None, "ar", None]
    directions = [p.get_style(StyleProperties.Direction) for p in paragraphs(document.get_body())]
    assert directions == [None, DirectionType.rtl, None]


def test_what_is_missing_and_what_was_corrected_is_said() -> None:
    heard = replace(final("recognise speech"), overlap=(BEN,))
    gap = Gap(seq=9, start_s=10, end_s=12, reason=GapReason.OFF_RECORD, instance=1)

    tree = written([heard, corrected(heard, "wreck a nice beach"), gap])

    assert tree.findtext(".//ttm:title", "", NAMES) == "Tea & talk · 2026-05-04 18:30 UTC"
    assert [one.text for one in tree.iterfind(".//ttm:desc", NAMES)] == [
        "Corrected by hand, the captions at 00:00:00.000",
        "At 00:00:00.000: at the same time as Ben <b> & co",
    ]
    last = tree.findall(".//tt:p", NAMES)[-1]
    assert (last.text, last.get("style")) == ("[off the record from 00:10 to 00:12]", "note")


@pytest.mark.parametrize("odd", ["\0", "\x1b[0m", "\ud800", "\ufffe", "]]>", "<p>&amp;"])
def test_no_word_breaks_the_file(odd: str) -> None:
    (paragraph,) = written([final(f"a{odd}b")]).iterfind(".//tt:p", NAMES)

    assert paragraph.text is not None
    assert paragraph.text.startswith("Ada: a")
    assert paragraph.text.endswith("b")


def test_an_empty_transcript_is_an_empty_document() -> None:
    assert list(ISD.from_model(read([]), Fraction(0)).iter_regions()) == []
