"""What a host has cut out of a recording, and the time line of what is left.

Nothing is changed for it: the whole recording stays, and what people are given is made from it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Self

from models.audio import FRAME_S, FRAME_SAMPLES, RATE_HZ, seconds
from models.errors import Invalid

LEAST_KEPT_S = 1.0
"""So much is left of a recording at least."""

_EDGE_S = FRAME_S + 0.001  # words' times are rounded to milliseconds

Passage = tuple[float, float]
"""Where one begins and ends, in seconds of the room clock."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """A passage that is cut: 48 kHz samples of the room clock, in whole packets of 20 ms."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class EditList:
    """The cuts of a recording, ascending and apart from each other.

    The time line of what is left has the cuts taken out of the room clock. A seam, where a cut was,
    is one moment of it.
    """

    cuts: tuple[Cut, ...] = ()

    @classmethod
    def of(cls, spans: Iterable[Passage], samples: int) -> Self:
        """Cut ``spans`` of the room clock out of a recording of ``samples``; some may overlap.

        Every packet that a span touches is cut. Raises `Invalid` for a span that is empty or beyond
        the end, and when hardly anything would be left.
        """
        wanted = sorted(
            (_packets(number, span, samples) for number, span in enumerate(spans)),
            key=lambda cut: cut.start,
        )
        edit = cls(tuple(_merged(wanted)))
        if edit.length(samples) < LEAST_KEPT_S * RATE_HZ:
            raise Invalid(
                "Nothing would be left of the recording. To remove all of it, delete it.",
                field="cuts",
            )
        return edit

    def length(self, samples: int) -> int:
        """How many of a recording's ``samples`` are left."""
        return samples - sum(cut.end - cut.start for cut in self.cuts)

    def to_edited(self, sample: int) -> int:
        """Where a sample of the room clock is in what is left; the seam for one that is cut."""
        gone = 0
        for cut in self.cuts:
            if sample < cut.start:
                break
            gone += min(sample, cut.end) - cut.start
        return sample - gone

    def to_original(self, sample: int) -> int:
        """Where a sample of what is left was in the room clock; behind the cut for a seam."""
        for cut in self.cuts:
            if sample < cut.start:
                break
            sample += cut.end - cut.start
        return sample

    def to_edited_s(self, time_s: float) -> float:
        """`to_edited` for seconds."""
        return time_s - seconds(round(time_s * RATE_HZ) - self.to_edited(round(time_s * RATE_HZ)))

    def to_original_s(self, time_s: float) -> float:
        """`to_original` for seconds."""
        sample = round(time_s * RATE_HZ)
        return time_s + seconds(self.to_original(sample) - sample)

    def spans(self) -> tuple[Passage, ...]:
        """The cuts in seconds of the room clock."""
        return tuple((seconds(cut.start), seconds(cut.end)) for cut in self.cuts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited:
    """How a transcript is read after cuts.

    What was said in ``hidden`` (spans of the room clock) is left out, and times are those of what
    ``edit`` leaves, where there is one.
    """

    hidden: tuple[Passage, ...] = ()
    edit: EditList = EditList()

    def hides(self, start_s: float, end_s: float) -> bool:
        """Whether a word is cut: its middle is, or more of it than one packet at its edge.

        A cut takes whole packets, so it may touch the word beside it.
        """
        middle_s = (start_s + end_s) / 2
        return any(
            cut_s <= middle_s < until_s or min(end_s, until_s) - max(start_s, cut_s) > _EDGE_S
            for cut_s, until_s in self.hidden
        )

    def touches(self, start_s: float, end_s: float) -> bool:
        """Whether some of a stretch of time may be hidden."""
        return any(cut_s <= end_s and start_s <= until_s for cut_s, until_s in self.hidden)


AS_RECORDED = Edited()


def _packets(number: int, span: Passage, samples: int) -> Cut:
    start, end = (round(time_s * RATE_HZ) for time_s in span)
    if start < 0 or end <= start:
        raise Invalid("The passage ends before it begins.", field=f"cuts.{number}.end_s")
    if start >= samples or end > samples + FRAME_SAMPLES:
        raise Invalid(
            f"The recording ends at {seconds(samples):g} s, before the passage does.",
            field=f"cuts.{number}.{'start_s' if start >= samples else 'end_s'}",
        )
    start = start // FRAME_SAMPLES * FRAME_SAMPLES
    return Cut(start=start, end=min(-(-end // FRAME_SAMPLES) * FRAME_SAMPLES, samples))


def _merged(cuts: Iterable[Cut]) -> Iterator[Cut]:
    before: Cut | None = None
    for cut in cuts:
        if before is None:
            before = cut
        elif cut.start <= before.end:
            before = Cut(start=before.start, end=max(before.end, cut.end))
        else:
            yield before
            before = cut
    if before is not None:
        yield before
