"""Text as if it were spoken, and the captions that a room makes of its words."""

import re
from collections.abc import Iterator, Sequence

from asr.segments import Segments
from models.transcript import Hypothesis, Word
from pipeline.lines import lines

_WORD_S = 0.4
_AGREED, _IN_SIGHT = 2, 3
_PAUSES_S = {".": 0.5, "?": 0.5, "!": 0.5, ",": 0.4, ";": 0.4, ":": 0.4}

Caption = Sequence[Word]


def spoken(text: str, *, punctuated: bool = True) -> list[Word]:
    """Give text as words with the pauses of somebody who reads it out."""
    words: list[Word] = []
    at_s = 0.0
    for token in text.split():
        bare = re.sub(r"[^\w'’-]", "", token).lower()
        if bare:
            end_s = at_s + _WORD_S - 0.05
            shown = token if punctuated else bare
            words.append(Word(text=shown, start_s=at_s, end_s=end_s, confidence=1.0))
        at_s += (_WORD_S if bare else 0.0) + _PAUSES_S.get(token[-1], 0.0)
    return words


def ours(words: Sequence[Word]) -> Iterator[tuple[Caption, tuple[str, ...]]]:
    """Cut and lay out words as a stream does."""
    segments = Segments(language="en")
    done: list[Hypothesis] = []
    for at in range(0, len(words), _AGREED):
        until = at + _AGREED
        done += segments.add(words[at:until], words[until : until + _IN_SIGHT])
        segments.show(words[until : until + _IN_SIGHT])
    for final in [*done, *segments.flush()]:
        yield final.words, lines(final.words)
