"""Measure what is found: ``python -m bench.misheard [--write] [--make]``."""

import argparse
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass

import jiwer

from bench import page
from bench.misheard.haystack import haystack, mixed
from bench.misheard.heard import Sentence, make, sentences
from bench.misheard.questions import SIZES, Question, questions
from bench.misheard.rivals import Everything, Flat, Plain, Roomscribe, Trigrams, Way
from transcripts.search.tokens import tokens

NAME = "bench-misheard"
AROUND = 100_000
_HEAD = [
    "searched by",
    "1 word",
    "2 words",
    "3 words",
    "heard rightly: MRR",
    "precision",
    "a query",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What of the questions is found in the first ten; shares of 0 to 1."""

    recall: dict[int, float]
    clear_recall: float
    clear_rank: float
    precision: float
    median_ms: float
    worst_ms: float


def measure(way: Way, asked: Sequence[Question]) -> Figures:
    """Ask everything.

    ``recall`` is of questions of which something was misheard, for each number of words. Of those
    of which nothing was, ``clear_rank`` is the mean reciprocal rank, and ``precision`` the share
    of what is shown that is relevant.
    """
    found, took_s = list[list[int]](), list[float]()
    for question in asked:
        began = time.perf_counter()
        found.append(way(question.text))
        took_s.append(time.perf_counter() - began)
    pairs = list(zip(asked, found, strict=True))
    clear = [(question, numbers) for question, numbers in pairs if question.clear]
    unclear = [(question, numbers) for question, numbers in pairs if not question.clear]
    took_s.sort()
    return Figures(
        recall={
            size: _mean([q.target in numbers for q, numbers in unclear if len(q.words) == size])
            for size in SIZES
        },
        clear_recall=_mean([q.target in numbers for q, numbers in clear]),
        clear_rank=_mean([_reciprocal_rank(q, numbers) for q, numbers in clear]),
        precision=_mean([_precision(q, numbers) for q, numbers in clear if numbers]),
        median_ms=1000 * took_s[len(took_s) // 2],
        worst_ms=1000 * took_s[-1],
    )


def wrong(heard: Sequence[Sentence]) -> float:
    """The share of words that were heard wrongly: the word error rate."""
    said = [" ".join(tokens(one.said)) for one in heard]
    return float(jiwer.wer(said, [" ".join(tokens(one.heard)) for one in heard]))


def _mean(values: Sequence[float]) -> float:
    return sum(values) / max(1, len(values))


def _reciprocal_rank(question: Question, numbers: Sequence[int]) -> float:
    ranks = (at for at, number in enumerate(numbers, 1) if number in question.relevant)
    return 1 / next(ranks, float("inf"))


def _precision(question: Question, numbers: Sequence[int]) -> float:
    return _mean([number in question.relevant for number in numbers])


def main() -> int:
    """Run the measurement."""
    parser = argparse.ArgumentParser(prog="python -m bench.misheard", description=__doc__)
    parser.add_argument("--make", action="store_true", help="say and hear the sentences anew")
    parser.add_argument("--around", type=int, default=AROUND, help="captions around them")
    parser.add_argument("--write", action="store_true", help="put the table into the documentation")
    options = parser.parse_args()
    if options.make:
        make()
    heard, around = sentences(), haystack(options.around)
    print(f"{len(heard)} sentences, {wrong(heard):.0%} of the words wrong")
    captions, numbers = mixed([sentence.heard for sentence in heard], around)
    asked = [question.renumbered(numbers) for question in questions(heard, around)]
    ours = Roomscribe(captions)
    ways: list[tuple[str, Way, int]] = [
        ("plain FTS5, all words", Plain(captions), 1),
        ("FTS5 trigrams, any", Trigrams(captions), 1),
        ("rapidfuzz over every caption", Everything(captions), 8),
        ("all alternatives at once", Flat(captions), 1),
        ("Roomscribe", ours, 1),
    ]
    rows = list[list[str]]()
    for name, way, every in ways:
        figures = measure(way, asked[::every])
        rows.append(
            [
                name,
                *(f"{figures.recall[size]:.2f}" for size in SIZES),
                f"{figures.clear_rank:.3f}",
                f"{figures.precision:.3f}",
                f"{figures.median_ms:.1f} ms (≤ {figures.worst_ms:.0f})",
            ]
        )
        print(f"| {' | '.join(rows[-1])} |", flush=True)
    ours.close()
    if options.write:
        page.write(page.table(_HEAD, rows), NAME)
    return 0


if __name__ == "__main__":
    sys.exit(main())
