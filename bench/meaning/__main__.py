"""Measure what is found: ``python -m bench.meaning [--write]``."""

import argparse
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass

from bench import page
from bench.environments import Unavailable
from bench.meaning.embedding import Packaged
from bench.meaning.paraphrases import paraphrases
from bench.meaning.ways import AnyWord, Meaning, Otherwise, Together
from bench.misheard.haystack import haystack, mixed
from bench.misheard.heard import sentences
from bench.misheard.questions import SIZES, Question, questions
from bench.misheard.rivals import Roomscribe, Way

NAME = "bench-meaning"
AROUND = 10_000
EVERY = 3
_HEAD = ["searched by", "paraphrase", "its MRR", "1 word", "2 words", "3 words"]
_HEAD += ["heard rightly: MRR", "shown", "a query"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Questions in other words, and in those that were said: ``misheard`` and ``clear`` ones."""

    other_words: Sequence[Question]
    misheard: Sequence[Question]
    clear: Sequence[Question]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Shares of 0 to 1; ``shown`` is how many captions are shown for what was heard rightly."""

    recall: float
    rank: float
    misheard: dict[int, float]
    clear_rank: float
    shown: float
    median_ms: float


def asked(around: Sequence[str], numbers: Sequence[int], every: int = EVERY) -> Asked:
    """Make the questions for captions whose new ``numbers`` are told; of words, every third."""
    said = [one.renumbered(numbers) for one in questions(sentences(), around)][::every]
    return Asked(
        other_words=[one.renumbered(numbers) for one in paraphrases(sentences())],
        misheard=[one for one in said if not one.clear],
        clear=[one for one in said if one.clear],
    )


def measure(way: Way, asked: Asked) -> Figures:
    """Ask everything in one way."""
    took_s: list[float] = []

    def ranks(some: Sequence[Question]) -> list[tuple[float, int]]:
        found = []
        for question in some:
            began_s = time.perf_counter()
            numbers = way(question.text)
            took_s.append(time.perf_counter() - began_s)
            place = next((at for at, one in enumerate(numbers, 1) if one in question.relevant), 0)
            found.append((1 / place if place else 0.0, len(numbers)))
        return found

    other, clear = ranks(asked.other_words), ranks(asked.clear)
    misheard = {n: ranks([q for q in asked.misheard if len(q.words) == n]) for n in SIZES}
    return Figures(
        recall=_mean([rank > 0 for rank, _ in other]),
        rank=_mean([rank for rank, _ in other]),
        misheard={n: _mean([rank > 0 for rank, _ in some]) for n, some in misheard.items()},
        clear_rank=_mean([rank for rank, _ in clear]),
        shown=_mean([count for _, count in clear]),
        median_ms=1000 * sorted(took_s)[len(took_s) // 2],
    )


def _mean(values: Sequence[float]) -> float:
    return sum(values) / max(1, len(values))


def _row(name: str, figures: Figures) -> list[str]:
    return [
        name,
        f"{figures.recall:.2f}",
        f"{figures.rank:.2f}",
        *(f"{figures.misheard[size]:.2f}" for size in SIZES),
        f"{figures.clear_rank:.3f}",
        f"{figures.shown:.1f}",
        f"{figures.median_ms:.1f} ms",
    ]


def main() -> int:
    """Run the measurement."""
    parser = argparse.ArgumentParser(prog="python -m bench.meaning", description=__doc__)
    parser.add_argument("--around", type=int, default=AROUND, help="captions around them")
    parser.add_argument("--write", action="store_true", help="put the table into the documentation")
    options = parser.parse_args()
    try:
        embedder = Packaged()
    except Unavailable as error:
        print(f"the model: {error}")
        return 1
    around = haystack(options.around)
    captions, numbers = mixed([sentence.heard for sentence in sentences()], around)
    began_s = time.perf_counter()
    meaning = Meaning(captions, embedder)
    each_ms = 1000 * (time.perf_counter() - began_s) / len(captions)
    words, any_word = Roomscribe(captions), AnyWord(captions)
    ways: list[tuple[str, Way]] = [
        ("Roomscribe", words),
        ("FTS5, any word", any_word),
        ("meaning", meaning),
        ("Roomscribe and meaning, fused", Together(words, meaning)),
        ("any word and meaning, fused", Together(any_word, meaning)),
        ("Roomscribe, else meaning", Otherwise(words, meaning)),
    ]
    everything, rows = asked(around, numbers), list[list[str]]()
    for name, way in ways:
        rows.append(_row(name, measure(way, everything)))
        print(f"| {' | '.join(rows[-1])} |", flush=True)
    cost = f"A caption's vector takes {each_ms:.1f} ms of one core and 1 KiB."
    print(cost)
    about = _mean([len(one.relevant) for one in everything.clear])
    other = [bool(words(one.text)) for one in everything.other_words]
    print(f"{about:.1f} captions are about what was heard rightly.")
    print(f"The words find something for {sum(other)} of {len(other)} paraphrases.")
    if options.write:
        page.write(f"{page.table(_HEAD, rows)}\n\n{cost}", NAME)
    words.close()
    embedder.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
