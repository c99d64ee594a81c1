"""A transcript without what was cut: whole words go, and times can be those of what is left.

Entries keep their place in the journal, so a reader's numbers stay gapless: in the place of a
caption that is cut whole is a gap that tells of the cut.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from models.edit import AS_RECORDED, Edited, Passage
from models.transcript import Correction, Entry, Final, Gap, GapReason, Word
from models.writing import joined
from transcripts.effective import retimed


def without_cuts(entries: Sequence[Entry], edited: Edited) -> list[Entry]:
    """A transcript in the time line of what is left, where seams are not told of.

    ``entries`` ascend by seq, and hold the caption of each correction.
    """
    if edited == AS_RECORDED:
        return list(entries)
    captions = {one.id: one for one in entries if isinstance(one, Final)}
    instances = {one.instance for one in captions.values()}
    lasting = [one for one in entries if _lasts(one, edited)]
    left = blanked(lasting, dict.fromkeys(instances, edited), captions)
    told = not edited.edit.cuts
    return [_shifted(one, edited) for one in left if told or not _is_cut(one)]


def blanked(
    entries: Iterable[Entry], edited: Mapping[int, Edited], captions: Mapping[str, Final]
) -> list[Entry]:
    """Take the words that are cut out of each entry; times and numbers stay.

    ``edited`` is by instance, and ``captions`` are all that entries are of.
    """
    given: list[Entry] = []
    known = dict(captions)
    for entry in entries:
        caption = None if isinstance(entry, Gap) else known.get(entry.id)
        if caption and isinstance(entry, Correction) and entry.words:
            # What people write later is timed by what was heard last.
            known[caption.id] = replace(caption, words=entry.words)
        cuts = edited.get(caption.instance) if caption else None
        given.append(_blanked(entry, cuts, caption) if cuts else entry)
    return given


def heard_last(history: Iterable[Entry]) -> dict[str, Final]:
    """The captions among entries, with the words that a recogniser heard last in each."""
    captions: dict[str, Final] = {}
    for entry in history:
        if isinstance(entry, Final):
            captions[entry.id] = entry
        elif isinstance(entry, Correction) and entry.words and entry.id in captions:
            captions[entry.id] = replace(captions[entry.id], words=entry.words)
    return captions


def _blanked(entry: Entry, edited: Edited, caption: Final | None) -> Entry:
    if isinstance(entry, Gap) or caption is None:
        return entry
    written = caption
    if isinstance(entry, Correction):
        written = replace(caption, text=entry.text, words=entry.words or caption.words)
    words = _kept(written, edited)
    if words is None:
        return entry
    if not words and not _kept(caption, edited):
        return _gap(entry, edited, caption)
    return _with(entry, words)


def _with(entry: Final | Correction, words: tuple[Word, ...]) -> Final | Correction:
    """An entry that has only some of its words; those are in their order."""
    if isinstance(entry, Correction):
        return replace(entry, text=joined(words), words=words if entry.words else ())
    if not words:
        return replace(entry, text="", words=())
    whole = retimed(entry)
    return replace(
        entry,
        text=joined(words),
        words=words,
        start_s=entry.start_s if words[0] == whole[0] else words[0].start_s,
        end_s=entry.end_s if words[-1] == whole[-1] else words[-1].end_s,
    )


def _gap(entry: Entry, edited: Edited, caption: Final) -> Gap:
    """What stands in the place of a caption that is cut whole."""
    middle_s = (caption.start_s + caption.end_s) / 2
    start_s, end_s = min(edited.hidden, key=lambda span: _apart_s(span, middle_s))
    return Gap(
        start_s=start_s,
        end_s=end_s if math.isfinite(end_s) else max(start_s, caption.end_s),
        reason=GapReason.CUT,
        track=entry.track,
        seq=entry.seq,
        instance=caption.instance,
    )


def _apart_s(span: Passage, time_s: float) -> float:
    return max(span[0] - time_s, time_s - span[1], 0.0)


def _is_cut(entry: Entry) -> bool:
    return isinstance(entry, Gap) and entry.reason is GapReason.CUT


def _kept(final: Final, edited: Edited) -> tuple[Word, ...] | None:
    """The words outside of what is cut; None when none is cut."""
    if not edited.touches(final.start_s, final.end_s):
        return None
    if final.track:  # which words of a translation stand for what was cut is not known
        return ()
    words = retimed(final)
    kept = tuple(word for word in words if not edited.hides(word.start_s, word.end_s))
    return None if len(kept) == len(words) else kept


def _lasts(entry: Entry, edited: Edited) -> bool:
    """Whether an entry is no gap that is cut; one without length tells of a span that has begun."""
    return not isinstance(entry, Gap) or not any(
        start_s <= entry.start_s < end_s and entry.end_s <= end_s
        for start_s, end_s in edited.hidden
    )


def _shifted(entry: Entry, edited: Edited) -> Entry:
    to = edited.edit.to_edited_s
    match entry:
        case Final():
            words = _moved(entry.words, to)
            return replace(entry, start_s=to(entry.start_s), end_s=to(entry.end_s), words=words)
        case Gap():
            return replace(entry, start_s=to(entry.start_s), end_s=to(entry.end_s))
        case Correction():
            return replace(entry, words=_moved(entry.words, to))


def _moved(words: Iterable[Word], to: Callable[[float], float]) -> tuple[Word, ...]:
    return tuple(replace(word, start_s=to(word.start_s), end_s=to(word.end_s)) for word in words)
