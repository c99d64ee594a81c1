"""Who said it: words are given to speakers by when their tracks were active.

The mix is recognised as one stream, so a word belongs to the speaker whose activity overlaps it
most. Levels react a little late, so a word beside an activity counts as touching it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from models.room import Activity, Speaker
from models.transcript import Word

_REACH_S = 0.4
_KEPT_S = 180.0


@dataclass(slots=True)
class _Span:
    speaker: Speaker
    start_s: float
    end_s: float | None = None

    def overlap_s(self, start_s: float, end_s: float) -> float:
        end = end_s if self.end_s is None else min(self.end_s, end_s)
        return end - max(self.start_s, start_s)

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
