"""What readers are given in the place of captions that are not for them."""

from collections.abc import Iterable, Mapping, Sequence

from models.recording import Span
from models.transcript import Correction, Entry, Final, Gap, GapReason


def withheld(
    entries: Iterable[Entry], spans: Sequence[Span], hidden: Mapping[str, Span] | None = None
) -> list[Entry]:
    """The entries without what was said in ``spans``; each keeps its number.

    ``hidden`` are captions in the spans that are not among ``entries``, whose corrections may be.
    """
    given = list(entries)
    all_hidden = {**(hidden or {}), **said_in(given, spans)}
    return [
        entry
        if isinstance(entry, Gap) or entry.id not in all_hidden
        else in_place_of(entry, all_hidden[entry.id], GapReason.UNPUBLISHED)
        for entry in given
    ]


def said_in(entries: Iterable[Entry], spans: Sequence[Span]) -> dict[str, Span]:
    """The ids of captions that were said in a span, with that span."""
    found = {}
    for entry in entries:
        if isinstance(entry, Final) and (span := _span_of(entry, spans)):
            found[entry.id] = span
    return found


def only_in(entries: Iterable[Entry], span: Span) -> list[Entry]:
    """The entries of what was said in a span, and their corrections."""
    given = list(entries)
    said = said_in(given, [span])
    return [
        entry
        for entry in given
        if (span.holds(entry.start_s, entry.end_s) if isinstance(entry, Gap) else entry.id in said)
    ]


def unplaced(entries: Iterable[Entry]) -> set[str]:
    """The ids of captions of which there are corrections alone."""
    given = list(entries)
    finals = {entry.id for entry in given if isinstance(entry, Final)}
    return {entry.id for entry in given if isinstance(entry, Correction)} - finals


def in_place_of(entry: Entry, span: Span, reason: GapReason) -> Gap:
    """The gap that a journal has under an entry's number when that is not to be read."""
    return Gap(
        start_s=span.start_s,
        end_s=span.end_s,
        reason=reason,
        track=entry.track,
        seq=entry.seq,
        instance=span.instance,
    )


def _span_of(final: Final, spans: Sequence[Span]) -> Span | None:
    for span in spans:
        if span.instance == final.instance and span.holds(final.start_s, final.end_s):
            return span
    return None
