"""Where a conversation turns to something else: chapters out of a transcript.

After TextTiling (M. A. Hearst, "TextTiling: Segmenting Text into Multi-paragraph Subtopic
Passages", Computational Linguistics 23(1), 1997): between any two captions the words before are
compared with the words after, and where they have less in common than on both sides, the subject
has probably changed. What is ours: words count by how rare they are in this transcript, instead
of by a list of stop words, which would be one language's; a long pause and a change of speaker
add to the evidence; and a chapter has a least length.

Nothing is invented: a chapter is called by its first words, with who says them.
"""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise

from models.recording import Chapter
from models.transcript import Final
from models.writing import pieces

WINDOW_WORDS = 120
"""How many words are compared on each side: Hearst's blocks are of this order."""

LEAST_S = 120.0
"""Chapters are no shorter; the last one neither."""

LONG_PAUSE_S, LONGEST_PAUSE_S = 2.0, 8.0
PAUSE_WEIGHT, SPEAKER_WEIGHT = 0.3, 0.1
TITLE_CHARS = 60

Weights = dict[str, float]


def find_chapters(captions: Iterable[Final], *, length_s: float = math.inf) -> list[Chapter]:
    """Chapters of a recording of ``length_s``, from its captions in the order of their start.

    The first one begins at 0. Empty without captions.
    """
    said = [caption for caption in captions if caption.text.strip()]
    said = [caption for caption in said if caption.start_s < length_s]
    if not said:
        return []
    end_s = min(length_s, said[-1].end_s)
    starts = sorted(_cuts(said, _evidence(said), end_s))
    rest = [Chapter(start_s=said[at].start_s, title=title_of(said[at])) for at in starts]
    return [Chapter(start_s=0.0, title=title_of(said[0])), *rest]


def title_of(caption: Final) -> str:
    """Who speaks and their first words, cut at a word where that is possible."""
    name = " ".join(caption.speaker.name.split()) if caption.speaker else ""
    text = " ".join(caption.text.split())
    if len(text) > TITLE_CHARS:
        cut, _, broken = text[: TITLE_CHARS + 1].rpartition(" ")
        text = f"{cut or broken[:TITLE_CHARS]}…"
    return f"{name}: {text}" if name else text


def _cuts(said: Sequence[Final], evidence: Sequence[float], end_s: float) -> list[int]:
    """Choose the captions that begin chapters: the clearest first, none too near to another.

    What stands out is more than half a standard deviation above the mean (Hearst's bound for
    few, certain boundaries).
    """
    count = len(evidence)
    mean = sum(evidence) / count
    deviation = math.sqrt(sum((value - mean) ** 2 for value in evidence) / count)
    bound = max(mean + deviation / 2, PAUSE_WEIGHT / 2)
    edges_s, chosen = [0.0, end_s], []
    for at in sorted(range(1, count), key=lambda at: -evidence[at]):
        start_s = said[at].start_s
        if evidence[at] <= bound:
            break
        if all(abs(start_s - edge_s) >= LEAST_S for edge_s in edges_s):
            edges_s.append(start_s)
            chosen.append(at)
    return chosen


def _evidence(said: Sequence[Final]) -> list[float]:
    """How much speaks for a new chapter at each caption."""
    depths = _depths(_cohesion([_words(caption.text) for caption in said]))
    evidence = [0.0]
    for depth, (before, after) in zip(depths[1:], pairwise(said), strict=True):
        pause_s = min(after.start_s - before.end_s, LONGEST_PAUSE_S)
        pause = max(0.0, pause_s - LONG_PAUSE_S) / (LONGEST_PAUSE_S - LONG_PAUSE_S)
        is_change = before.speaker != after.speaker
        evidence.append(depth + PAUSE_WEIGHT * pause + SPEAKER_WEIGHT * is_change)
    return evidence


def _words(text: str) -> list[str]:
    folded = ("".join(filter(str.isalnum, piece.text.casefold())) for piece in pieces(text))
    return [word for word in folded if word]


def _cohesion(texts: Sequence[Sequence[str]]) -> list[float]:
    """The likeness, 0 to 1, of the words before each caption to those from it on."""
    in_how_many = Counter(word for text in texts for word in set(text))
    weights = {word: math.log(len(texts) / count) for word, count in in_how_many.items()}
    return [
        _cosine(
            _window(texts, range(at - 1, -1, -1), weights),
            _window(texts, range(at, len(texts)), weights),
        )
        for at in range(len(texts))
    ]


def _window(texts: Sequence[Sequence[str]], order: Iterable[int], weights: Weights) -> Weights:
    """The nearest `WINDOW_WORDS` words in whole captions, each with its weight."""
    found: Counter[str] = Counter()
    for at in order:
        found.update(texts[at])
        if found.total() >= WINDOW_WORDS:
            break
    return {word: count * weights[word] for word, count in found.items()}


def _cosine(one: Weights, other: Weights) -> float:
    common = sum(weight * other[word] for word, weight in one.items() if word in other)
    lengths = math.hypot(*one.values()) * math.hypot(*other.values())
    return common / lengths if lengths else 0.0


def _depths(cohesion: Sequence[float]) -> list[float]:
    """How deep each place lies below the nearest peaks on both sides (Hearst's depth score)."""
    depths = []
    for at, value in enumerate(cohesion):
        left = _peak(cohesion, range(at, -1, -1))
        right = _peak(cohesion, range(at, len(cohesion)))
        depths.append((left - value) + (right - value))
    return depths


def _peak(values: Sequence[float], order: Iterable[int]) -> float:
    """Climb while it goes up."""
    top = -math.inf
    for at in order:
        if values[at] < top:
            break
        top = values[at]
    return top
