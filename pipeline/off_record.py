"""Which spans of a room instance are off the record, and what was said in them: pure.

The frames themselves say it, so the edges are those of the recording. People who type are ahead of
the frames, which may wait in a queue: for them it also counts what the host has `asked` for.
"""

from models.audio import Frame
from models.caption import Interim
from models.transcript import Final, Gap, GapReason, Source


class OffRecord:
    """The spans of one room instance, in seconds in the room clock."""

    def __init__(self) -> None:
        self.asked = False
        self._spans: list[tuple[float, float]] = []
        self._since_s: float | None = None
        self._heard_s = 0.0

    @property
    def on(self) -> bool:
        """Whether the newest frame is off the record."""
        return self._since_s is not None

    def heard(self, frame: Frame) -> Gap | None:
        """Take a frame; where a span begins, or is over, gives what the journal says of it."""
        told = None
        if frame.off_record and self._since_s is None:
            self._since_s = frame.start_s
            told = _gap(frame.start_s, frame.start_s)
        elif not frame.off_record:
            told = self.end(frame.start_s)
        self._heard_s = frame.end_s
        return told

    def end(self, end_s: float | None = None) -> Gap | None:
        """End the span that goes on, if one does: by default with what was heard last."""
        if self._since_s is None:
            return None
        start_s, self._since_s = self._since_s, None
        end_s = self._heard_s if end_s is None else end_s
        self._spans.append((start_s, end_s))
        return _gap(start_s, end_s)

    def has(self, caption: Final | Interim) -> bool:
        """Whether a caption was said off the record, or any word of it."""
        if isinstance(caption, Final) and caption.off_record:
            return True
        if caption.source is not Source.ASR:
            return self.touches(caption.start_s, caption.end_s)
        times = [(caption.start_s, caption.end_s)]
        if isinstance(caption, Final) and caption.words:
            times = [(word.start_s, word.end_s) for word in caption.words]
        # An utterance is cut at a span's edges, but the times of its words are a recogniser's.
        middles = [(start_s + end_s) / 2 for start_s, end_s in times]
        return any(self.touches(at_s, at_s) for at_s in middles)

    def typed(self, start_s: float, end_s: float) -> bool:
        """Whether what is typed now, of what was said between two times, is off the record."""
        return self.asked or self.touches(start_s, end_s)

    def touches(self, start_s: float, end_s: float) -> bool:
        """Whether any of a stretch is off the record; its two times may be the same."""
        if self._since_s is not None and end_s >= self._since_s:
            return True
        return any(start_s < until_s and end_s >= from_s for from_s, until_s in self._spans)


def _gap(start_s: float, end_s: float) -> Gap:
    return Gap(start_s=start_s, end_s=end_s, reason=GapReason.OFF_RECORD)
