"""From what is typed to a query, with a hint for each mistake; nothing that is typed raises.

Words that stand side by side must all be said; ``OR`` binds the words on both of its sides. What is
not understood is left out, and the rest still works.
"""

import re
from dataclasses import dataclass, field
from typing import Literal

from transcripts.search.filters import FilterReader, named
from transcripts.search.query import And, Expression, Leaf, Not, Or, Phrase, Prefix, Query, Word
from transcripts.search.tokens import tokens

TEXT_LIMIT = 1000
TERMS_LIMIT = 32
PHRASE_LIMIT = 32
_PREFIX_LEAST = 2
_QUOTES = '"\u201c\u201d\u201e\u00ab\u00bb'
_SPACE = re.compile(r"\s*")
_NEGATION = re.compile(r"-+|NOT\s+")
_NAME = re.compile(r"([^\W\d_]+):(?!//)")
_CHUNK = re.compile(rf"[^\s{_QUOTES}]+")
_QUOTED = re.compile(rf"[{_QUOTES}]([^{_QUOTES}]*)([{_QUOTES}]?)(\*?)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hint:
    """What seems to be a mistake: a line for people, and the place of it in the text.

    ``instead`` is what could stand there.
    """

    text: str
    start: int
    end: int
    instead: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """A query, and what its writer should know of it."""

    query: Query
    hints: tuple[Hint, ...] = ()


def parse(text: str) -> Parsed:
    """Read what is typed."""
    parser = _Parser(text[:TEXT_LIMIT])
    parser.read()
    if len(text) > TEXT_LIMIT:
        parser.hint("Only the beginning of this long search is used.", TEXT_LIMIT, len(text))
    return parser.parsed()


@dataclass(slots=True)
class _Parser:
    text: str
    at: int = 0
    groups: list[list[Leaf]] = field(default_factory=list)
    excluded: list[Not] = field(default_factory=list)
    filters: FilterReader = field(default_factory=FilterReader)
    hints: list[Hint] = field(default_factory=list)
    before: Literal["word", "filter", ""] = ""
    """What was read last that an ``OR`` may stand behind."""
    pending: tuple[int, int] | None = None
    """The place of an ``OR`` that waits for its second side."""

    def hint(self, text: str, start: int, end: int, instead: str | None = None) -> None:
        self.hints.append(Hint(text=text, start=start, end=end, instead=instead))

    def read(self) -> None:
        while self._skip_space():
            start = self.at
            negated = self._negation()
            if negated is None:
                continue
            if not (self._filter(start, negated=negated) or self._quoted(start, negated=negated)):
                self._chunk(start, negated=negated)
        self._drop_or()

    def parsed(self) -> Parsed:
        count = sum(map(len, self.groups)) + len(self.excluded)
        if not self.groups and self.excluded and not self.filters.values:
            self.hint("Add a word to look for: this only says what to leave out.", 0, self.end)
        query = Query(what=self._what(count), filters=self.filters.filters())
        return Parsed(query=query, hints=tuple(self.hints))

    @property
    def end(self) -> int:
        return len(self.text)

    def _what(self, count: int) -> Expression | None:
        if count > TERMS_LIMIT:
            self.hint(f"Only the first {TERMS_LIMIT} words of this search are used.", 0, self.end)
        left, parts = TERMS_LIMIT, list[Expression]()
        for group in self.groups:
            kept, left = group[:left], left - len(group[:left])
            if kept:
                parts.append(Or(tuple(kept)) if len(kept) > 1 else kept[0])
        parts += self.excluded[:left]  # they come last, so that a query has one form
        return And(tuple(parts)) if len(parts) > 1 else parts[0] if parts else None

    def _skip_space(self) -> bool:
        self.at = self._match(_SPACE).end()
        return self.at < self.end

    def _match(self, pattern: re.Pattern[str]) -> re.Match[str]:
        match = pattern.match(self.text, self.at)
        assert match is not None
        return match

    def _negation(self) -> bool | None:
        """Pass over a ``-`` or ``NOT``; None when nothing follows it."""
        start = self.at
        negation = _NEGATION.match(self.text, start)
        if not negation:
            return False
        self.at = negation.end()
        if self._ends_at(self.at):
            self.hint("Put the word to leave out right behind the -, as in -music.", start, self.at)
            return None
        return True

    def _filter(self, start: int, *, negated: bool) -> bool:
        written = _NAME.match(self.text, self.at)
        name = named(written[1]) if written else None
        if not written or name is None:
            return False
        self.at = written.end()
        value = self._value()
        if written[1].casefold() != name:
            said = f"There is no filter {written[1]}: so {name}: was taken."
            self.hint(said, written.start(), written.end(), f"{name}:")
        if negated:
            self.hint("A filter cannot be left out with -; it was passed over.", start, self.at)
        elif complaint := self.filters.read(name, value):
            self.hint(complaint, start, self.at)
        if self.before == "filter":
            self.pending = None  # filters of the same kind are alternatives anyway
        self._drop_or()
        self.before = "filter"
        return True

    def _ends_at(self, at: int) -> bool:
        return at == self.end or self.text[at].isspace()

    def _value(self) -> str:
        quoted = _QUOTED.match(self.text, self.at)
        if quoted:
            self._balanced(quoted)
            self.at = quoted.end()
            return quoted[1]
        chunk = _CHUNK.match(self.text, self.at)
        self.at = chunk.end() if chunk else self.at
        return chunk[0] if chunk else ""

    def _balanced(self, quoted: re.Match[str]) -> None:
        if not quoted[2]:
            self.hint(
                "This quote has no end: all that follows is taken as a phrase.",
                *(quoted.start(), quoted.end()),
                f'"{quoted[1].strip()}"',
            )

    def _quoted(self, start: int, *, negated: bool) -> bool:
        quoted = _QUOTED.match(self.text, self.at)
        if not quoted:
            return False
        self._balanced(quoted)
        self.at = quoted.end()
        words = self._some(quoted[1], start)
        if not words:
            self.hint("There is no word between these quotes.", quoted.start(), self.at)
        starred = bool(quoted[3])
        leaf = self._prefix(start, words) if starred and words else _leaf(words)
        self._add(leaf, negated=negated)
        return True

    def _chunk(self, start: int, *, negated: bool) -> None:
        chunk = self._match(_CHUNK)
        self.at = chunk.end()
        written = chunk[0]
        if written in ("OR", "|") and not negated:
            self._or(start, self.at)
            return
        if written == "AND" and not negated:
            return
        words = self._some(written, start)
        if not words:
            if "*" in written:
                self.hint("Put the * behind the beginning of a word.", start, self.at)
            return
        starred = written.endswith("*")
        self._add(self._prefix(start, words) if starred else _leaf(words), negated=negated)

    def _some(self, written: str, start: int) -> list[str]:
        words = tokens(written)
        if len(words) > PHRASE_LIMIT:
            said = f"Only the first {PHRASE_LIMIT} words of this phrase are used."
            self.hint(said, start, self.at)
        return words[:PHRASE_LIMIT]

    def _prefix(self, start: int, words: list[str]) -> Leaf | None:
        if len(words[-1]) < _PREFIX_LEAST:
            self.hint("Write two letters at least before the *.", start, self.at)
            return _leaf(words)
        return Prefix(tuple(words))

    def _or(self, start: int, end: int) -> None:
        if self.pending or not self.before:
            self._lone_or(start, end)
        else:
            self.pending = (start, end)

    def _lone_or(self, start: int, end: int) -> None:
        self.hint("OR needs a word on both of its sides.", start, end)

    def _drop_or(self) -> None:
        if self.pending:
            self._lone_or(*self.pending)
        self.pending = None

    def _add(self, leaf: Leaf | None, *, negated: bool) -> None:
        if leaf is None:
            return
        if negated or self.before == "filter":
            self._drop_or()
        if negated:
            self.excluded.append(Not(leaf))
        elif self.pending:
            self.groups[-1].append(leaf)
        else:
            self.groups.append([leaf])
        self.pending = None
        self.before = "" if negated else "word"


def _leaf(words: list[str]) -> Leaf | None:
    """Give a word, or a phrase for several that are written as one."""
    if not words:
        return None
    return Phrase(tuple(words)) if len(words) > 1 else Word(words[0])
