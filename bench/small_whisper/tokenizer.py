"""The model's own tokenizer: byte-level BPE in which every word of the grammar is one token."""

import random
from functools import cache
from itertools import chain

from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, trainers

from bench.small_whisper import grammar

TIMESTAMPS = 1501
TIMESTAMP_S = 0.02

_SPECIAL = (
    "<|endoftext|>",
    "<|startoftranscript|>",
    "<|en|>",
    "<|translate|>",
    "<|transcribe|>",
    "<|startoflm|>",
    "<|startofprev|>",
    "<|nospeech|>",
    "<|notimestamps|>",
)
_MOST_TEXT_TOKENS = 1200
_TEXTS = 30_000


class Tokens:
    """A tokenizer with names for the tokens that training needs.

    Timestamps follow the last token, as Whisper has them; they are no part of the tokenizer.
    """

    def __init__(self, tokenizer: Tokenizer) -> None:
        self.tokenizer = tokenizer
        self.end, self.start, self.previous, self.no_speech, self.no_timestamps = (
            self._of(f"<|{name}|>")
            for name in (
                "endoftext",
                "startoftranscript",
                "startofprev",
                "nospeech",
                "notimestamps",
            )
        )
        self.blank = self.text(" ")[0]
        self.first_timestamp = tokenizer.get_vocab_size()
        self.count = self.first_timestamp + TIMESTAMPS

    def text(self, text: str) -> list[int]:
        """Encode a text as it is written; words begin with a space."""
        return list(self.tokenizer.encode(text, add_special_tokens=False).ids)

    def timestamp(self, time_s: float) -> int:
        """Give the timestamp nearest to a time within the thirty seconds."""
        return self.first_timestamp + max(0, min(TIMESTAMPS - 1, round(time_s / TIMESTAMP_S)))

    def _of(self, special: str) -> int:
        found = self.tokenizer.token_to_id(special)
        assert found is not None
        return found


@cache
def tokens() -> Tokens:
    """Make the tokenizer; the same at every call."""
    chance = random.Random(5)
    said = (" " + grammar.said(chance, salads=0.3) for _ in range(_TEXTS))
    both = (f" {form}" for word in grammar.words() for form in (word, word[0].upper() + word[1:]))
    often = (word for word in both for _ in range(50))
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=_MOST_TEXT_TOKENS,
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        special_tokens=[],
        min_frequency=2,
        show_progress=False,
    )
    tokenizer.train_from_iterator(chain(said, often), trainer)
    tokenizer.add_special_tokens(
        [AddedToken(text, special=True, normalized=False) for text in _SPECIAL]
    )
    return Tokens(tokenizer)
