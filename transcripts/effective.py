"""A transcript with its corrections applied: what people should read now."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from itertools import pairwise

from models.transcript import Correction, Entry, Final, Word


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
                captions[entry.id] = replace(caption, text=entry.text, rev=entry.rev)
                corrected.add(entry.id)
    finals = [replace(c, words=retimed(c)) if c.id in corrected else c for c in captions.values()]
    return sorted(finals, key=lambda final: final.start_s)


def retimed(final: Final) -> tuple[Word, ...]:
    """The caption's text as words with times, one for each part between spaces.

    Words that were recognised keep their times and confidence. Words that replace as many others
    take their times, the rest share the time between their neighbours; both have the confidence 1
    that a person's text has. Times ascend and stay within the caption. Words are aligned by
    longest common runs (difflib).
    """
    tokens = final.text.split()
    heard = [word for word in final.words if word.text.strip()]
    anchors: list[Word | None] = [None] * len(tokens)
    keys = [_key(word.text) for word in heard], [_key(token) for token in tokens]
    for tag, i, i_end, j, j_end in SequenceMatcher(None, *keys, autojunk=False).get_opcodes():
        if tag == "equal":
            anchors[j:j_end] = heard[i:i_end]
        elif tag == "replace" and i_end - i == j_end - j:
            anchors[j:j_end] = [replace(word, confidence=1.0) for word in heard[i:i_end]]
    times = _spread(anchors, final)
    return tuple(
        Word(
            text=token,
            start_s=start_s,
            end_s=end_s,
            confidence=anchor.confidence if anchor else 1.0,
        )
        for token, anchor, (start_s, end_s) in zip(tokens, anchors, times, strict=True)
    )


def _key(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalnum()) or text


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
