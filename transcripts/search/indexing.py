"""From a journal's entries to what an index holds: only what every reader of the room may read."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from models.edit import AS_RECORDED, Edited
from models.recording import Span
from models.transcript import Entry, Final
from transcripts.cutting import blanked
from transcripts.effective import effective
from transcripts.search.said import TAIL, Kept, Said, caption_id
from transcripts.search.tokens import tokens
from transcripts.withholding import withheld

REACH = 64
"""So many entries before a caption are looked at for what the same speaker said just before."""

AFFECTED = REACH * (TAIL + 1)
"""Beyond so many entries no tail has words of a caption: each before it has one word at least."""

_PAUSE_S = 10.0
"""After so long a pause, what somebody says does not go on from what they said before."""

_WORDS_LIMIT = 4000


@dataclass(frozen=True, slots=True, kw_only=True)
class NotForReaders:
    """What of an instance readers are not given: captions said in spans, and words in cuts."""

    spans: tuple[Span, ...] = ()
    cut: Edited = AS_RECORDED


def kept(entries: Sequence[Entry], room_id: str, take: int, hidden: NotForReaders) -> list[Kept]:
    """What an index holds of captions of one take, each with its final and its corrections.

    They ascend by their numbers, without their tails, which `in_turn` adds.
    """
    given = withheld(entries, hidden.spans)
    if hidden.cut != AS_RECORDED:
        finals = [entry for entry in given if isinstance(entry, Final)]
        edited = {entry.instance: hidden.cut for entry in finals}
        given = blanked(given, edited, {entry.id: entry for entry in finals})
    captions = (_kept(final, room_id, take) for final in effective(given))
    return sorted((one for one in captions if one.own), key=lambda one: one.id)


def in_turn(captions: Iterable[Kept]) -> list[Kept]:
    """Give each caption of a take the words that the same speaker said just before it."""
    newest: dict[str, Kept] = {}
    given = []
    for caption in captions:
        speaker = caption.speaker
        newest[speaker] = after(newest.get(speaker), caption)
        given.append(newest[speaker])
    return given


def after(before: Kept | None, caption: Kept) -> Kept:
    """Give a caption its tail: ``before`` is what the same speaker said last, with its own tail."""
    goes_on = (
        before is not None
        and caption.id - before.id <= REACH
        and before.start_s <= caption.start_s <= before.end_s + _PAUSE_S
    )
    return caption.after([*before.tail, *before.own][-TAIL:] if before and goes_on else [])


def followed(captions: Sequence[Kept], changed: int) -> list[Kept]:
    """Give those captions after the one with the id ``changed`` whose tails change with it.

    ``captions`` ascend, from `REACH` entries before it to `AFFECTED` entries behind it; it is among
    them as it is now, with its tail, unless it is not for readers any more.
    """
    newest: dict[str, Kept] = {}
    given = []
    for caption in captions:
        speaker = caption.speaker
        now = after(newest.get(speaker), caption) if caption.id > changed else caption
        if now != caption:
            given.append(now)
        newest[speaker] = now
    return given


def _kept(final: Final, room_id: str, take: int) -> Kept:
    return Kept.of(
        Said(
            id=caption_id(take, final.seq),
            room_id=room_id,
            speaker=final.speaker,
            language=final.language,
            start_s=final.start_s,
            end_s=final.end_s,
            own=tuple(tokens(final.text)[:_WORDS_LIMIT]),
        )
    )
