"""How words sound, for words that a recogniser took for others: Double Metaphone keys.

The keys are those of English spelling. A word in other letters than those of English has none, and
is compared by its letters alone (`transcripts.search.vocabulary`).
"""

import re
from itertools import groupby

from doublemetaphone import doublemetaphone

_ENGLISH = re.compile(r"[a-z']+")


def sounds(term: str) -> tuple[str, ...]:
    """Give the one or two keys of a folded word; none where English spelling says nothing.

    A vowel is a key's letter only at its beginning, and twice the same letter is one, so that keys
    can be put together: a word that was heard as two has the key of both.
    """
    if not _ENGLISH.fullmatch(term):
        return ()
    found = (_plain(key) for key in doublemetaphone(term))
    return tuple(dict.fromkeys(key for key in found if key))


def _plain(key: str) -> str:
    return "".join(letter for letter, _ in groupby(key))
