"""What is asked of a search besides its query: filters as parameters, which mean the same."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from models.errors import Invalid
from transcripts.search.filters import FilterReader
from transcripts.search.parsing import Hint, Parsed, parse
from transcripts.search.query import Filters

_DAY = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2})(?:T.*)?)?)?", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Params:
    """A query, and filters by their name; days are ISO 8601, and both are searched, too."""

    q: str
    texts: Mapping[str, Sequence[str]]
    first_day: str = ""
    last_day: str = ""


def wanted(params: Params) -> Parsed:
    """Read what is wanted. Raises `Invalid` for what is no day."""
    reader, hints = FilterReader(), []
    for name, values in params.texts.items():
        for value in filter(str.strip, values):
            if complaint := reader.read(name, value):
                hints.append(Hint(text=complaint, start=0, end=0))
    given = replace(
        reader.filters(),
        after=_day(params.first_day, "from"),
        before=_day(params.last_day, "to", behind=True),
    )
    parsed = parse(params.q)
    query = replace(parsed.query, filters=_both(parsed.query.filters, given))
    return Parsed(query=query, hints=(*parsed.hints, *hints))


def _both(one: Filters, other: Filters) -> Filters:
    """Filters of a kind are alternatives; of days, the nearer ones count."""
    afters = [day for day in (one.after, other.after) if day]
    befores = [day for day in (one.before, other.before) if day]
    return Filters(
        speakers=_distinct(one.speakers, other.speakers),
        hosts=_distinct(one.hosts, other.hosts),
        rooms=_distinct(one.rooms, other.rooms),
        titles=_distinct(one.titles, other.titles),
        languages=_distinct(one.languages, other.languages),
        after=max(afters, default=None),
        before=min(befores, default=None),
    )


def _distinct(one: Sequence[str], other: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys([*one, *other]))


def _day(text: str, field: str, *, behind: bool = False) -> date | None:
    """The first day of a year, a month or a day, or the one ``behind`` its last."""
    if not text.strip():
        return None
    match = _DAY.fullmatch(text.strip())
    try:
        year, month, day = map(int, match.groups(default="0")) if match else (0, 0, 0)
        first = date(year, month or 1, day or 1)
        if not behind:
            return first
        if day:
            return first + timedelta(days=1)
        return date(year + (month in (0, 12)), month % 12 + 1 if month else 1, 1)
    except (ValueError, OverflowError):
        raise Invalid("a day is like 2026-11-05, 2026-11 or 2026", field=field) from None
