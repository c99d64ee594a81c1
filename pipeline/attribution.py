"""Who said it: words are given to speakers by when their tracks were active.

The mix is recognised as one stream, so a word belongs to the speaker whose activity overlaps it
most. Levels react a little late, so a word beside an activity counts as touching it.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from models.room import Activity, Speaker
from models.transcript import Word

_REACH_S = 0.4
_KEPT_S = 180.0
_BREATH_S = 0.4  # an activity as short as this is a click, a breath or a "mhm"
_TOGETHER_S = 0.6  # what two voices have in common at the seam of two turns is shorter
_TOGETHER_SHARE = 0.1


@dataclass(slots=True)
class _Span:
    speaker: Speaker
    start_s: float
    end_s: float | None = None

    def overlap_s(self, start_s: float, end_s: float) -> float:
        end = end_s if self.end_s is None else min(self.end_s, end_s)
        return end - max(self.start_s, start_s)

    def shared_s(self, other: "_Span", start_s: float, end_s: float) -> float:
        """How long both were active in ``start_s`` to ``end_s``."""
        end_s = end_s if self.end_s is None else min(self.end_s, end_s)
        return max(0.0, other.overlap_s(max(self.start_s, start_s), end_s))

    def is_open_for(self, speaker: Speaker) -> bool:
        return self.end_s is None and self.speaker.id == speaker.id


class SpeakerTimeline:
    """The spans in which each speaker was active, newest last."""

    def __init__(self) -> None:
        self._spans: list[_Span] = []

    def add(self, activity: Activity) -> None:
        """Note that somebody began or stopped."""
        open_ = next((s for s in self._spans if s.is_open_for(activity.speaker)), None)
        if activity.on and open_ is None:
            self._spans.append(_Span(activity.speaker, activity.t_s))
        elif not activity.on and open_ is not None:
            open_.end_s = max(activity.t_s, open_.start_s)
        self._spans = [span for span in self._spans if not self._is_old(span, activity.t_s)]

    def speaker(self, start_s: float, end_s: float) -> Speaker | None:
        """Name who was most active in ``start_s`` to ``end_s``; None when nobody was near."""
        shares: dict[str, float] = {}
        names: dict[str, Speaker] = {}
        nearest: tuple[float, Speaker | None] = (_REACH_S, None)
        for span in self._spans:
            overlap_s = span.overlap_s(start_s, end_s)
            if overlap_s > 0:
                shares[span.speaker.id] = shares.get(span.speaker.id, 0.0) + overlap_s
                names[span.speaker.id] = span.speaker
            elif -overlap_s < nearest[0]:
                nearest = (-overlap_s, span.speaker)
        if shares:
            return names[max(shares, key=lambda key: shares[key])]
        return nearest[1]

    def together(
        self, speaker: Speaker | None, start_s: float, end_s: float
    ) -> tuple[Speaker, ...]:
        """Name who else spoke while ``speaker`` did, in ``start_s`` to ``end_s``, in their order.

        Both must have been active at once for `_TOGETHER_S`, or half of what is shorter, and for
        `_TOGETHER_SHARE` of it.
        """
        length_s = end_s - start_s
        if speaker is None or length_s <= 0:
            return ()
        own = [span for span in self._spans if span.speaker.id == speaker.id]
        shared_s: dict[str, float] = {}
        names: dict[str, Speaker] = {}
        for span in self._spans:
            if span.speaker.id == speaker.id or span.overlap_s(-math.inf, end_s) < _BREATH_S:
                continue
            names.setdefault(span.speaker.id, span.speaker)
            both_s = sum(one.shared_s(span, start_s, end_s) for one in own)
            shared_s[span.speaker.id] = shared_s.get(span.speaker.id, 0.0) + both_s
        least_s = max(min(_TOGETHER_S, length_s / 2), length_s * _TOGETHER_SHARE)
        return tuple(names[key] for key, both_s in shared_s.items() if both_s >= least_s)

    @staticmethod
    def _is_old(span: _Span, now_s: float) -> bool:
        return span.end_s is not None and span.end_s < now_s - _KEPT_S


def turns(
    words: Sequence[Word], timeline: SpeakerTimeline
) -> list[tuple[Speaker | None, tuple[Word, ...]]]:
    """Cut ``words`` where the speaker changes.

    A single word between two words of one other speaker is taken for theirs: a breath or a click
    on another track does not break a sentence.
    """
    who = [timeline.speaker(word.start_s, word.end_s) for word in words]
    for i in range(1, len(who) - 1):
        if who[i - 1] == who[i + 1] != who[i]:
            who[i] = who[i - 1]
    cut: list[tuple[Speaker | None, tuple[Word, ...]]] = []
    for speaker, word in zip(who, words, strict=True):
        if cut and cut[-1][0] == speaker:
            cut[-1] = (speaker, (*cut[-1][1], word))
        else:
            cut.append((speaker, (word,)))
    return cut
