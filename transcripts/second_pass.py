"""What a second pass over a recording makes better in a room's captions: pure.

In come the captions as they stand and what a recogniser has heard of the whole recording since; out
come corrections of captions that stay where they are, and captions for gaps. A word belongs to the
caption in which the same word stood at about that time, else to the one that it was said in. What
a person wrote or corrected is not touched, nor what was off the record; and a caption changes only
where what was heard fits its place and is not less certain than what stands there.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from math import inf

from models.transcript import (
    FILLABLE,
    SECOND_PASS,
    Correction,
    Entry,
    Final,
    Gap,
    GapReason,
    Hypothesis,
    Source,
    Word,
)
from models.writing import joined, word_count
from transcripts.effective import effective, spelling

NEAR_S = 0.75
"""How far outside of a caption a word may lie that belongs to it."""

SAME_WORD_S = 1.5
"""How far apart in time the same word may be heard by two recognisers."""

FASTEST_WPS = 7.0
LEAST_CONFIDENCE = 0.5
_SETTLED_S = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A caption as it stands; ``seq`` is that of its newest text. One ``held`` stays as it is."""

    caption: Final
    seq: int
    held: bool


def standings(entries: Sequence[Entry]) -> list[Standing]:
    """The captions of one instance by start time, which a second pass starts from."""
    newest: dict[str, Final | Correction] = {}
    by_people: set[str] = set()
    for entry in entries:
        if isinstance(entry, Gap):
            continue
        newest[entry.id] = entry
        if isinstance(entry, Correction) and entry.by.id != SECOND_PASS.id:
            by_people.add(entry.id)
    said = effective(entries)
    crowded = _crowded(said)
    return [
        Standing(
            caption=one,
            seq=newest[one.id].seq,
            held=one.source is not Source.ASR or one.id in by_people or one.id in crowded,
        )
        for one in said
    ]


def _crowded(said: Sequence[Final]) -> set[str]:
    """Captions of people who spoke at once: times do not tell whose a word is."""
    found: set[str] = set()
    latest: Final | None = None
    for one in said:
        if latest and one.start_s < latest.end_s - NEAR_S:
            found |= {one.id, latest.id}
        if latest is None or one.end_s > latest.end_s:
            latest = one
    return found


@dataclass(slots=True)
class SecondPass:
    """Takes what is heard in order, and gives what to write once a caption's place was passed.

    ``from_s`` is where an earlier run of the same pass got to. ``safe_s`` is where the next one
    could go on: no caption before that is still open.
    """

    entries: Sequence[Entry]
    instance: int
    from_s: float = 0.0
    safe_s: float = field(init=False)
    _captions: list[Standing] = field(init=False)
    _gaps: list[Gap] = field(init=False)
    _words: list[Word] = field(default_factory=list, init=False)
    _fills: list[Hypothesis] = field(default_factory=list, init=False)
    _claimed: set[Word] = field(default_factory=set, init=False)
    _next: int = field(init=False)
    _languages: set[str] = field(init=False)

    def __post_init__(self) -> None:
        self.safe_s = self.from_s
        self._captions = standings(self.entries)
        self._gaps = [entry for entry in self.entries if isinstance(entry, Gap)]
        self._languages = {one.caption.language for one in self._captions} - {""}
        starts = [one.caption.start_s for one in self._captions]
        self._next = bisect_left(starts, self.from_s)

    @property
    def language(self) -> str:
        """The one language of all captions; empty when there are several, or none."""
        return next(iter(self._languages)) if len(self._languages) == 1 else ""

    def take(self, until_s: float, finals: Iterable[Hypothesis]) -> list[Correction | Final]:
        """Take all that was heard up to ``until_s`` since the last time."""
        for heard in finals:
            if self._languages and heard.language not in self._languages:
                continue  # what was said there was found out live, from more than this
            kept = tuple(word for word in heard.words if not self._off_record(word))
            self._words += kept
            if any(self._is_missing(word) for word in kept):
                self._fills.append(replace(heard, words=kept))
        written = self._written(until_s - _SETTLED_S)
        following = self._captions[self._next : self._next + 1]
        if not self._fills and all(one.caption.start_s > until_s for one in following):
            self.safe_s = max(self.safe_s, until_s)
        return written

    def end(self) -> list[Correction | Final]:
        """Say that the recording is over."""
        return self._written(inf)

    def _written(self, until_s: float) -> list[Correction | Final]:
        """Decide about what ends before ``until_s``: captions first, gaps get what they leave."""
        corrections = self._settle(until_s)
        following = self._captions[self._next : self._next + 1]
        open_s = min([until_s, *(one.caption.start_s - SAME_WORD_S for one in following)])
        ready = [one for one in self._fills if one.words[-1].end_s <= open_s]
        self._fills = [one for one in self._fills if one.words[-1].end_s > open_s]
        return [*corrections, *(fill for one in ready if (fill := self._fill(one)))]

    def _settle(self, until_s: float) -> list[Correction]:
        """Decide about the captions that end before ``until_s``."""
        first, end = self._next, self._next
        while end < len(self._captions) and self._captions[end].caption.end_s <= until_s:
            end += 1
        if first == end:
            return []
        # Neighbours take their own words, which nobody else must have.
        around = self._captions[max(0, first - 1) : end + 1]
        own = assigned([one.caption for one in around], self._words)
        before = first - max(0, first - 1)
        self._claimed |= {word for words in own for word in words}
        settled = zip(around[before : before + end - first], own[before:], strict=False)
        corrections = [found for one, words in settled if (found := improved(one, words))]
        self._next = end
        last_s = self._captions[end - 1].caption.start_s
        self._words = [word for word in self._words if word.end_s > last_s]
        return corrections

    def _fill(self, heard: Hypothesis) -> Final | None:
        """A caption for words in a gap, if they are none of a caption beside it."""
        unclaimed = (word for word in heard.words if word not in self._claimed)
        words = tuple(word for word in unclaimed if self._is_missing(word))
        if not words or _confidence(words) < LEAST_CONFIDENCE or not _is_speakable(words):
            return None
        place_ms = round(words[0].start_s * 1000)
        return Final(
            id=f"i{self.instance}p{place_ms}",
            rev=1,
            start_s=words[0].start_s,
            end_s=words[-1].end_s,
            speaker=None,
            text=joined(words),
            words=words,
            language=heard.language,
            source=Source.SECOND_PASS,
            instance=self.instance,
        )

    def _is_missing(self, word: Word) -> bool:
        at_s = _middle(word)
        in_gap = any(g.start_s < at_s < g.end_s for g in self._gaps if g.reason in FILLABLE)
        if not in_gap:
            return False
        return not any(one.caption.start_s <= at_s <= one.caption.end_s for one in self._near(word))

    def _near(self, word: Word) -> list[Standing]:
        return [
            one
            for one in self._captions
            if one.caption.end_s >= word.start_s and one.caption.start_s <= word.end_s
        ]

    def _off_record(self, word: Word) -> bool:
        spans = (gap for gap in self._gaps if gap.reason is GapReason.OFF_RECORD)
        return any(gap.start_s < word.end_s and gap.end_s > word.start_s for gap in spans)


def assigned(captions: Sequence[Final], words: Sequence[Word]) -> list[list[Word]]:
    """Give each caption those of the heard words that were said in it; others are nobody's.

    Both ascend in time.
    """
    stood = [(at, word) for at, one in enumerate(captions) for word in one.words]
    keys = [spelling(word.text) for _, word in stood], [spelling(word.text) for word in words]
    owner: list[int | None] = [None] * len(words)
    for i, j, count in SequenceMatcher(None, *keys, autojunk=False).get_matching_blocks():
        for step in range(count):
            at, before = stood[i + step]
            if abs(_middle(before) - _middle(words[j + step])) <= SAME_WORD_S:
                owner[j + step] = at
    own: list[list[Word]] = [[] for _ in captions]
    least = 0
    for j, word in enumerate(words):
        following = (one for one in owner[j:] if one is not None)
        most = next(following, len(captions) - 1)
        found = owner[j] if owner[j] is not None else _nearest(captions, word, least, most)
        if found is not None:
            own[found].append(word)
            least = max(least, found)
    return own


def _nearest(captions: Sequence[Final], word: Word, least: int, most: int) -> int | None:
    """The caption in a range that a word was said in, or nearly."""
    at_s = _middle(word)
    away = {
        at: max(captions[at].start_s - at_s, at_s - captions[at].end_s, 0.0)
        for at in range(least, min(most, len(captions) - 1) + 1)
    }
    best = min(away, key=away.__getitem__, default=None)
    return best if best is not None and away[best] <= NEAR_S else None


def improved(standing: Standing, words: Sequence[Word]) -> Correction | None:
    """The correction that a caption needs to say what was heard in its place; None for none."""
    old = standing.caption
    text = joined(words)
    if standing.held or not words or text == old.text or not _is_better(old, words):
        return None
    return Correction(
        id=old.id,
        rev=old.rev + 1,
        text=text,
        by=SECOND_PASS,
        replaces=standing.seq,
        words=_within(old, words),
        track=old.track,
    )


def _is_better(old: Final, new: Sequence[Word]) -> bool:
    """Whether what was heard fits the caption's place, and is not less certain where it differs."""
    before, after = word_count(old.text), word_count(joined(new))
    if not before / 2 <= after <= before * 2 + 2 or not _is_speakable(new):
        return False
    keys = [spelling(word.text) for word in old.words], [spelling(word.text) for word in new]
    matcher = SequenceMatcher(None, *keys, autojunk=False)
    gone, come = list[Word](), list[Word]()
    for tag, i, i_end, j, j_end in matcher.get_opcodes():
        if tag != "equal":
            gone += old.words[i:i_end]
            come += new[j:j_end]
    if not (gone or come):
        return True  # the same words, written better
    if not come:  # words less: a ghost of the live pass, or a hole in this one
        return _confidence(gone) < LEAST_CONFIDENCE
    return _confidence(come) >= max(LEAST_CONFIDENCE, _confidence(gone) if gone else 0.0)


def _within(old: Final, words: Sequence[Word]) -> tuple[Word, ...]:
    """Words at times that do not leave the caption."""
    return tuple(
        replace(
            word,
            start_s=min(max(word.start_s, old.start_s), old.end_s),
            end_s=min(max(word.end_s, old.start_s), old.end_s),
        )
        for word in words
    )


def _is_speakable(words: Sequence[Word]) -> bool:
    length_s = words[-1].end_s - words[0].start_s
    return word_count(joined(words)) <= FASTEST_WPS * max(length_s, 0.5)


def _confidence(words: Sequence[Word]) -> float:
    return sum(word.confidence for word in words) / len(words)


def _middle(word: Word) -> float:
    return (word.start_s + word.end_s) / 2
