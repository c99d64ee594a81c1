"""A transcript as a Word document, for who reads, marks and prints it.

What serves readers: the title and each chapter are headings, which screen readers and the
navigation pane go by; letters are large, in one column, dark on light and aligned at their
beginning; a speaker's name stays with what they say; the document and each paragraph in another
language say which language that is; and nothing is told by colour or by layout alone.
"""

import io
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor

from models.recording import Chapter
from models.transcript import Gap
from models.writing import is_right_to_left
from transcripts.chapters import find_chapters
from transcripts.cues import gap_text, short_clock
from transcripts.formats.script import IMPROVED, Script, name_of
from transcripts.formats.turns import Turn, turns
from transcripts.formats.xml_text import xml_text

_FONT, _SIZE_PT, _LINE = "Arial", 12, 1.5
_INK = RGBColor(0x1A, 0x1A, 0x1A)
_STYLES = {"Title": 24, "Subtitle": 12, "Heading 1": 16}
_NO_TIME = datetime(2000, 1, 1, tzinfo=UTC)


def word(script: Script) -> bytes:
    """Write a transcript; a chapter that has no words of its own keeps its heading."""
    language = _language(script)
    document: Any = Document()
    _describe(document, script, language)
    _dress(document, language)
    _add(document, "Title", script.title or "Transcript")
    if script.began:
        _add(document, "Subtitle", script.began)
    if script.is_improved:
        _add(document, "Remark", IMPROVED, language="en")
    for style, text, spoken in _told(script):
        _add(document, style, text, language=spoken, main=language)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _told(script: Script) -> Iterator[tuple[str, str, str]]:
    """All that stands below the title: style, text and language, which is empty for the main."""
    chapters = script.chapters
    if chapters is None:
        chapters = find_chapters(script.captions)
    coming = sorted(chapters, key=lambda chapter: chapter.start_s)
    if len(coming) == 1 and script.chapters is None:
        coming = []  # one that was found is everything
    for item in turns(script, [chapter.start_s for chapter in coming]):
        while coming and coming[0].start_s <= item.start_s:
            yield _headed(coming.pop(0))
        clock = short_clock(item.start_s)
        if isinstance(item, Gap):
            yield "Remark", f"[{clock}] {gap_text(item)}", "en"
            continue
        yield from _turn(item, clock)
    yield from map(_headed, coming)


def _headed(chapter: Chapter) -> tuple[str, str, str]:
    return "Heading 1", f"{chapter.title} [{short_clock(chapter.start_s)}]", ""


def _turn(turn: Turn, clock: str) -> Iterator[tuple[str, str, str]]:
    yield "Speaker", f"{name_of(turn.speaker)} [{clock}]".strip(), ""
    for paragraph in turn.paragraphs:
        yield "Normal", paragraph.text, paragraph.language


def _language(script: Script) -> str:
    counted = Counter(one.language for one in script.captions if one.text.strip()).most_common(1)
    return counted[0][0] if counted else "en"


def _describe(document: Any, script: Script, language: str) -> None:
    about = document.core_properties
    about.title = xml_text(script.title or "Transcript")[:255]
    about.subject = "Transcript"
    about.language = xml_text(language)
    about.author = about.last_modified_by = "Roomscribe"
    about.comments = xml_text("Captions of what was said, with speakers and times.")
    about.created = about.modified = script.started_at or _NO_TIME


def _dress(document: Any, language: str) -> None:
    styles = document.styles
    for name in ("Speaker", "Remark"):
        styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH).base_style = styles["Normal"]
    for name, size_pt in {"Normal": _SIZE_PT, **_STYLES}.items():
        font = styles[name].font
        font.name, font.size, font.color.rgb = _FONT, Pt(size_pt), _INK
        # The template's theme would win over the name.
        fonts = styles[name].element.rPr.rFonts
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
    styles["Normal"].paragraph_format.line_spacing = _LINE
    styles["Normal"].paragraph_format.space_after = Pt(8)
    styles["Speaker"].font.bold = True
    styles["Speaker"].paragraph_format.keep_with_next = True
    styles["Speaker"].paragraph_format.space_after = Pt(0)
    styles["Remark"].font.italic = True
    styles["Subtitle"].font.italic = False
    for lang in styles.element.iter(qn("w:lang")):
        lang.set(qn("w:val"), xml_text(language))
        lang.set(qn("w:bidi" if is_right_to_left(language) else "w:eastAsia"), xml_text(language))
    if is_right_to_left(language):
        for name in ("Normal", *_STYLES):
            styles[name].element.get_or_add_pPr().insert_element_before(
                OxmlElement("w:bidi"), "w:spacing", "w:contextualSpacing", "w:jc", "w:outlineLvl"
            )


def _add(document: Any, style: str, text: str, *, language: str = "", main: str = "") -> None:
    paragraph = document.add_paragraph(style=document.styles[style])
    run = paragraph.add_run(xml_text(text))
    if language and language != main:
        paragraph._p.get_or_add_pPr().append(_flag("w:bidi", on=is_right_to_left(language)))
        lang = OxmlElement("w:lang")
        lang.set(qn("w:val"), xml_text(language))
        lang.set(qn("w:eastAsia"), xml_text(language))
        lang.set(qn("w:bidi"), xml_text(language))
        run._r.get_or_add_rPr().append(lang)
    if is_right_to_left(language or main):
        run.font.rtl = True


def _flag(name: str, *, on: bool) -> Any:
    flag = OxmlElement(name)
    flag.set(qn("w:val"), "1" if on else "0")
    return flag
