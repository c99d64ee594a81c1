"""What people type who remember what was meant, and none of the words."""

import json
from collections.abc import Sequence
from pathlib import Path

from bench.misheard.heard import Sentence
from bench.misheard.questions import Question

FIXTURE = Path(__file__).resolve().parents[2] / "tests/fixtures/meaning/paraphrases.json"


def paraphrases(sentences: Sequence[Sentence]) -> list[Question]:
    """Make a question of each paraphrase of one of the sentences."""
    numbers = {sentence.said: number for number, sentence in enumerate(sentences)}
    return [
        Question(
            words=tuple(one["asked"].split()),
            relevant=frozenset({numbers[one["said"]]}),
            target=numbers[one["said"]],
            clear=False,
        )
        for one in json.loads(FIXTURE.read_text(encoding="utf-8"))
    ]
