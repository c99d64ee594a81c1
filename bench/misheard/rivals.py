"""Ways of searching captions for what was said: each gives the numbers of ten of them, best first.

All but the last are a plain FTS5 table, so that only what is asked of it differs.
"""

import sqlite3
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from rapidfuzz import fuzz, process

from transcripts.database import open_engine, writing
from transcripts.search.fts5 import Fts5Index
from transcripts.search.index import PUBLIC, Page
from transcripts.search.misheard import widen
from transcripts.search.parsing import parse
from transcripts.search.query import And, Expression, Not, Or, Phrase, Prefix, Word
from transcripts.search.said import Kept, Said, caption_id
from transcripts.search.tables import search_rooms, takes
from transcripts.search.tokens import tokens
from transcripts.search.tolerant import Known, Tolerantly
from transcripts.search.vocabulary import Vocabulary
from transcripts.upgrading import upgrade

FIRST = 10
Way = Callable[[str], list[int]]

_NOW = datetime(2026, 1, 1, tzinfo=UTC)
_TAKE = {"no": 1, "room_id": "a", "instance": 1, "track": "", "began_at": _NOW.isoformat()}
_NAMES = ("title", "title_words", "host_id", "host_name", "host_words")
_ROOM: dict[str, object] = {"room_id": "a", "private": False} | dict.fromkeys(_NAMES, "")


class Plain:
    """FTS5 as it is: every word has to be there."""

    def __init__(self, captions: Sequence[str], tokenizer: str = "unicode61") -> None:
        self._database = sqlite3.connect(":memory:")
        self._database.execute(f"CREATE VIRTUAL TABLE c USING fts5(text, tokenize='{tokenizer}')")
        self._database.executemany(
            "INSERT INTO c (rowid, text) VALUES (?, ?)",
            ((number, " ".join(tokens(caption))) for number, caption in enumerate(captions)),
        )

    def matching(self, expression: str, *, limit: int = FIRST) -> list[int]:
        """Give the captions that an expression of FTS5 finds, by bm25."""
        found = self._database.execute(
            "SELECT rowid FROM c WHERE c MATCH ? ORDER BY rank LIMIT ?", (expression, limit)
        )
        return [number for (number,) in found]

    def __call__(self, text: str) -> list[int]:
        return self.matching(" AND ".join(f'"{word}"' for word in tokens(text)))


class Trigrams(Plain):
    """FTS5's trigram tokenizer, asked for the captions that share most with what is typed."""

    def __init__(self, captions: Sequence[str]) -> None:
        super().__init__(captions, "trigram")

    def __call__(self, text: str) -> list[int]:
        words = tokens(text)
        parts = [word[at : at + 3] for word in words for at in range(len(word) - 2)]
        return self.matching(" OR ".join(f'"{part}"' for part in dict.fromkeys(parts)))


class Flat(Plain):
    """All that may stand for a word, and the word itself, at once and as good as each other."""

    def __init__(self, captions: Sequence[str]) -> None:
        super().__init__(captions)
        counts = Counter(word for caption in captions for word in set(tokens(caption)))
        self._vocabulary = Vocabulary(counts.items())

    def __call__(self, text: str) -> list[int]:
        query = parse(text).query
        widened = widen(query, self._vocabulary)
        return self.matching(match((widened.query if widened else query).what))


class Roomscribe:
    """What Roomscribe does, in its own index: as typed, else as it may have been heard."""

    def __init__(self, captions: Sequence[str]) -> None:
        self._folder = TemporaryDirectory()
        engine = open_engine(Path(self._folder.name) / "transcripts.db")
        upgrade(engine)
        self._connection, index = writing(engine).connect(), Fts5Index()
        self._connection.execute(takes.insert(), _TAKE)
        self._connection.execute(search_rooms.insert(), _ROOM)
        index.add(self._connection, [Kept.of(_said(*one)) for one in enumerate(captions, 1)])
        self._connection.commit()
        words = Vocabulary(index.words(self._connection))
        self._finder = Tolerantly(index, Known(words))

    def close(self) -> None:
        """Give the files back."""
        self._connection.close()
        self._connection.engine.dispose()
        self._folder.cleanup()

    def __call__(self, text: str) -> list[int]:
        page = Page(now=_NOW, limit=FIRST)
        answer = self._finder.find(self._connection, parse(text).query, PUBLIC, page)
        return [hit.seq - 1 for hit in answer.found.hits]


class Everything:
    """rapidfuzz's partial ratio of what is typed and every caption."""

    def __init__(self, captions: Sequence[str]) -> None:
        self._captions = [" ".join(tokens(caption)) for caption in captions]

    def __call__(self, text: str) -> list[int]:
        scorer = fuzz.partial_token_ratio if " " in text else fuzz.partial_ratio
        found = process.extract(text, self._captions, scorer=scorer, limit=FIRST)
        return [number for _, _, number in found]


def _said(seq: int, caption: str) -> Said:
    return Said(
        id=caption_id(1, seq),
        room_id="a",
        speaker=None,
        language="en",
        start_s=0.0,
        end_s=1.0,
        own=tuple(tokens(caption)),
    )


def match(what: Expression | None) -> str:
    """Write an expression in FTS5's language."""
    match what:
        case Word(text):
            return f'"{text}"'
        case Phrase(words):
            return f'"{" ".join(words)}"'
        case Prefix(words):
            return f'"{" ".join(words)}" *'
        case Or(parts):
            return f"({' OR '.join(map(match, parts))})"
        case And(parts):
            wanted = " AND ".join(match(part) for part in parts if not isinstance(part, Not))
            unwanted = [f" NOT {match(part.what)}" for part in parts if isinstance(part, Not)]
            return f"({wanted}{''.join(unwanted)})"
    raise ValueError("there is nothing to look for")
