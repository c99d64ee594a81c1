"""A transcript with its corrections applied: what people should read now."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from itertools import pairwise
from unicodedata import category

from models.transcript import Correction, Entry, Final, Word
from models.writing import Written, joined, pieces


def effective(entries: Iterable[Entry]) -> list[Final]:
    """The captions in the order in which they were said, each with its newest text and rev.

    A corrected caption's words are those of its new text (see `retimed`). One that was corrected to
    nothing keeps its place with an empty text. Corrections of unknown captions are passed over.
    """
    captions: dict[str, Final] = {}
    corrected: set[str] = set()
    for entry in entries:
        if isinstance(entry, Final):
            captions[entry.id] = entry
        elif isinstance(entry, Correction):
            caption = captions.get(entry.id)
            if caption is not None and entry.rev >= caption.rev:
                words = entry.words or caption.words
                captions[entry.id] = replace(caption, text=entry.text, rev=entry.rev, words=words)
                corrected.add(entry.id)
    finals = [replace(c, words=retimed(c)) if c.id in corrected else c for c in captions.values()]
    return sorted(finals, key=lambda final: final.start_s)


def retimed(final: Final) -> tuple[Word, ...]:
    """The caption's text as words with times, one for each part between spaces or a piece of it.

    Words that were recognised keep their times and confidence. Words that replace as many others
    take their times, the rest share the time between their neighbours; both have the confidence 1
    that a person's text has. Times ascend and stay within the caption. Words are aligned by
    longest common runs (difflib).
    """
    heard = [word for word in final.words if word.text.strip()]
    tokens: Sequence[Written] = heard
    if not _is_as_heard(heard, final.text):
        tokens, heard = pieces(final.text), [part for word in heard for part in _apart(word)]
    anchors = _anchors(heard, tokens)
    times = _spread(anchors, final)
    return tuple(
        Word(
            text=token.text,
            start_s=start_s,
            end_s=end_s,
            confidence=anchor.confidence if anchor else 1.0,
            glued=token.glued,
        )
        for token, anchor, (start_s, end_s) in zip(tokens, anchors, times, strict=True)
    )


def _is_as_heard(heard: Sequence[Word], text: str) -> bool:
    one_by_one = all(word.text.split() == [word.text] for word in heard)
    return one_by_one and joined(heard) == " ".join(text.split())


def _apart(word: Word) -> Iterable[Word]:
    """Cut a word into its pieces, which share its time evenly."""
    parts = pieces(word.text)
    step_s = (word.end_s - word.start_s) / max(1, len(parts))
    for at, part in enumerate(parts):
        start_s = word.start_s + at * step_s
        end_s = word.start_s + (at + 1) * step_s if at + 1 < len(parts) else word.end_s
        yield replace(word, text=part.text, start_s=start_s, end_s=end_s)


def _anchors(heard: Sequence[Word], tokens: Sequence[Written]) -> list[Word | None]:
    """Give what was heard of each token, where it is known."""
    if tokens is heard:
        return [*heard]
    anchors: list[Word | None] = [None] * len(tokens)
    keys = [spelling(word.text) for word in heard], [spelling(token.text) for token in tokens]
    for tag, i, i_end, j, j_end in SequenceMatcher(None, *keys, autojunk=False).get_opcodes():
        if tag == "equal":
            anchors[j:j_end] = heard[i:i_end]
        elif tag == "replace" and i_end - i == j_end - j:
            anchors[j:j_end] = [replace(word, confidence=1.0) for word in heard[i:i_end]]
    return anchors


def spelling(text: str) -> str:
    """A word without case and punctuation, but with its vowel signs."""
    return "".join(c for c in text.casefold() if c.isalnum() or category(c)[0] == "M") or text


def _spread(known: Sequence[Word | None], final: Final) -> list[tuple[float, float]]:
    """Ascending times for words of which some are known; runs of unknown ones share evenly."""
    limit_s = max(final.end_s, final.start_s)
    times: list[tuple[float, float]] = []
    at_s, index = final.start_s, 0
    while index < len(known):
        word = known[index]
        if word is not None:
            start_s = min(max(word.start_s, at_s), limit_s)
            at_s = min(max(word.end_s, start_s), limit_s)
            times.append((start_s, at_s))
            index += 1
            continue
        run = index
        while run < len(known) and known[run] is None:
            run += 1
        following = known[run] if run < len(known) else None
        until_s = min(max(following.start_s if following else limit_s, at_s), limit_s)
        step_s = (until_s - at_s) / (run - index)
        edges_s = [min(at_s + n * step_s, until_s) for n in range(run - index + 1)]
        times += pairwise(edges_s)
        at_s, index = until_s, run
    return times
