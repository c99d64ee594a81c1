"""The Word document, as python-docx and an XML parser read it."""

import io
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from docx import Document
from hypothesis import given, settings

from models.recording import Chapter
from models.transcript import Entry, Final, Gap, GapReason
from tests.transcripts.test_exports import ADA, BEN, corrected, final, finals
from transcripts.effective import effective
from transcripts.exports import export

STARTED_AT = datetime(2026, 5, 4, 18, 30, tzinfo=UTC)
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def written(entries: Sequence[Entry], chapters: Sequence[Chapter] | None = None) -> bytes:
    return export(entries, "docx", title="Tea & talk", started_at=STARTED_AT, chapters=chapters)


def read(entries: Sequence[Entry], chapters: Sequence[Chapter] | None = None) -> Any:
    return Document(io.BytesIO(written(entries, chapters)))


def told(document: Any) -> list[tuple[str, str]]:
    return [(one.style.name, one.text) for one in document.paragraphs]


def test_chapters_are_headings_and_each_turn_names_its_speaker_and_time() -> None:
    entries: list[Entry] = [
        final("We begin.", 1),
        final("And go on.", 3, id="c2"),
        final("Hello Ada.", 62, BEN, id="c3"),
        Gap(seq=9, start_s=70, end_s=72, reason=GapReason.OVERLOAD, instance=1),
    ]
    chapters = [Chapter(start_s=0, title="Welcome"), Chapter(start_s=2.5, title="Tea")]

    assert told(read(entries, chapters)) == [
        ("Title", "Tea & talk"),
        ("Subtitle", "2026-05-04 18:30 UTC"),
        ("Heading 1", "Welcome [00:00]"),
        ("Speaker", "Ada [00:01]"),
        ("Normal", "We begin."),
        ("Heading 1", "Tea [00:02]"),
        ("Speaker", "Ada [00:03]"),
        ("Normal", "And go on."),
        ("Speaker", "Ben <b> & co [01:02]"),
        ("Normal", "Hello Ada."),
        ("Remark", "[01:10] [captions missing: 2 s, overload]"),
    ]


def test_without_chapters_given_there_is_no_heading_for_a_short_talk() -> None:
    assert "Heading 1" not in dict(told(read([final("We begin.", 1)])))


def test_a_screen_reader_is_told_the_languages_and_which_way_they_run() -> None:
    german = [replace(final("Guten Tag.", at, id=f"d{at}"), language="de") for at in (0, 9)]
    arabic = replace(final("صباح الخير", 5, BEN, id="a"), language="ar")

    document = read([*german, arabic])

    assert document.core_properties.language == "de"
    defaults = {lang.get(f"{W}val") for lang in document.styles.element.iter(f"{W}lang")}
    assert defaults == {"de"}
    (spoken,) = [one for one in document.paragraphs if one.text == "صباح الخير"]
    assert [lang.get(f"{W}bidi") for lang in spoken._p.iter(f"{W}lang")] == ["ar"]
    assert [bidi.get(f"{W}val") for bidi in spoken._p.iter(f"{W}bidi")] == ["1"]
    assert spoken.runs[0].font.rtl
    assert not any(
        one._p.findall(f".//{W}lang")
        for one in document.paragraphs
        if one != spoken and one.text.startswith("Guten")
    )


def test_the_document_says_what_it_is_and_is_large_enough_to_read() -> None:
    document = read([final("We begin.")])

    about = document.core_properties
    assert (about.title, about.subject) == ("Tea & talk", "Transcript")
    assert about.created.replace(tzinfo=UTC) == STARTED_AT
    normal = document.styles["Normal"]
    assert (normal.font.size.pt, normal.paragraph_format.line_spacing) == (12, 1.5)
    assert document.styles["Speaker"].paragraph_format.keep_with_next


def test_corrections_and_who_spoke_at_the_same_time_are_marked() -> None:
    heard = replace(final("recognise speech"), overlap=(BEN,))

    (*_, last) = told(read([heard, corrected(heard, "wreck a nice beach")]))

    assert last[1] == "wreck a nice beach [at the same time as Ben <b> & co] [corrected]"


@pytest.mark.parametrize("odd", ["\0", "\x1b[0m", "\ud800", "\ufffe", "]]>", "<w:p>&amp;"])
def test_no_word_or_name_breaks_the_document(odd: str) -> None:
    speaker = replace(ADA, name=f"A{odd}a")

    document = read([final(f"a{odd}b", speaker=speaker)], [Chapter(start_s=0, title=odd)])

    assert document.paragraphs[-1].text.startswith("a")
    assert document.paragraphs[-1].text.endswith("b")


@settings(deadline=None, max_examples=10)
@given(finals())
def test_every_word_is_in_a_document_whose_parts_are_sound(captions: list[Final]) -> None:
    data = written(captions)

    with zipfile.ZipFile(io.BytesIO(data)) as package:
        assert package.testzip() is None
        for name in package.namelist():
            if name.endswith((".xml", ".rels")):
                ET.fromstring(package.read(name))
    document: Any = Document(io.BytesIO(data))
    text = [one.text for one in document.paragraphs if one.style.name == "Normal"]
    said = [one.text for one in effective(captions)]
    assert " ".join(text).replace(" ", "") == " ".join(said).replace(" ", "")
