"""The filters of a query: their names, and their values as they are typed."""

import re
from dataclasses import dataclass, field
from datetime import date

from rapidfuzz import fuzz, process

from transcripts.search.query import Filters
from transcripts.search.tokens import tokens

_DATES = ("after", "before")
_LANGUAGE = "lang"
NAMES = ("speaker", "host", "room", "title", *_DATES, _LANGUAGE)

_OTHER_NAMES = {
    "by": "speaker",
    "in": "room",
    "from": "after",
    "since": "after",
    "to": "before",
    "until": "before",
    "language": "lang",
}
_ALIKE_LEAST = 75
"""How alike (percent) an unknown name must be to a filter's to be taken for it."""

_DATE = re.compile(r"(\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2}))?)?", re.ASCII)
_TAG = re.compile(r"[a-z]{2,3}(-[a-z0-9]{1,8})*")


@dataclass(slots=True)
class FilterReader:
    """Gathers the filters of a query."""

    values: dict[str, list[str]] = field(default_factory=dict)
    dates: dict[str, date] = field(default_factory=dict)

    def read(self, name: str, value: str) -> str | None:
        """Take a filter; gives what is wrong with it, for people."""
        value = " ".join(value.split())
        if not tokens(value):
            return f"Write what you look for right behind {name}:"
        if name in _DATES:
            return self._date(name, value)
        if name == _LANGUAGE:
            value = value.casefold().replace("_", "-")
            if not _TAG.fullmatch(value):
                return "A language is written as in lang:en"
        given = self.values.setdefault(name, [])
        if value not in given:
            given.append(value)
        return None

    def filters(self) -> Filters:
        """All that was read."""
        return Filters(
            speakers=self._given("speaker"),
            hosts=self._given("host"),
            rooms=self._given("room"),
            titles=self._given("title"),
            languages=self._given(_LANGUAGE),
            after=self.dates.get("after"),
            before=self.dates.get("before"),
        )

    def _given(self, name: str) -> tuple[str, ...]:
        return tuple(self.values.get(name, ()))

    def _date(self, name: str, value: str) -> str | None:
        match = _DATE.fullmatch(value)
        try:
            year, month, day = (int(part or 1) for part in match.groups()) if match else (0, 0, 0)
            given = date(year, month, day)
        except ValueError:
            return f"A date is written as in {name}:2026-11-05, {name}:2026-11 or {name}:2026"
        known = self.dates.get(name, given)
        self.dates[name] = max(known, given) if name == "after" else min(known, given)
        return None


def named(written: str) -> str | None:
    """Give the filter that a name means, which may be misspelt; None for any other word."""
    name = written.casefold()
    if name in NAMES:
        return name
    alike = process.extractOne(name, NAMES, scorer=fuzz.ratio, score_cutoff=_ALIKE_LEAST)
    return _OTHER_NAMES.get(name) or (alike[0] if alike else None)
