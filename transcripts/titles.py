"""Titles of chapters that a person kept, without words that are cut."""

from collections.abc import Sequence
from dataclasses import replace

from models.recording import Chapter
from models.transcript import Final
from transcripts.chapters import title_of

NOTHING_LEFT = "…"


def retitled(
    chapters: Sequence[Chapter], said: Sequence[Final], left: Sequence[Final]
) -> list[Chapter]:
    """Call chapters by what is left where their title is the beginning of a caption that is cut.

    ``said`` are the captions of the whole and ``left`` those with the words that are not cut, both
    in the times of the whole, and in their order. What a person wrote of their own stays.
    """
    kept = {caption.id: caption for caption in left}
    cut = [caption for caption in said if kept.get(caption.id) != caption]
    return [
        replace(one, title=_next_title(one.start_s, left))
        if any(_is_beginning(one.title, caption) for caption in cut)
        else one
        for one in chapters
    ]


def _next_title(start_s: float, left: Sequence[Final]) -> str:
    following = (one for one in left if one.text.strip() and one.end_s > start_s)
    caption = next(following, None)
    return title_of(caption) if caption else NOTHING_LEFT


def _is_beginning(title: str, caption: Final) -> bool:
    """Whether a title is a caption's first words, at least two of them or all, or its speaker's."""
    start, text = title.rstrip("… ").strip(), " ".join(caption.text.split())
    name = f"{' '.join(caption.speaker.name.split())}: " if caption.speaker else ""
    if name and start.startswith(name):
        return text.startswith(start.removeprefix(name))
    return text.startswith(start) and (" " in start or start == text)
