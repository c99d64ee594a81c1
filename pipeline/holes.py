"""Audio that cannot be recognised, and the gaps that readers see of it: pure.

The tap lost it, the engine is down or too slow. While that lasts it is a *hole*, of which one is
open at most; when it closes and speech was in it, it becomes a `Gap`. That of an engine which died
again and again is set aside while the engine is on trial, because it may have to go on.
"""

from dataclasses import dataclass

from models.transcript import Gap, GapReason


@dataclass(slots=True)
class _Hole:
    reason: GapReason
    start_s: float
    speech_until_s: float | None = None


class Holes:
    """The holes of one room instance; times are those of its clock."""

    def __init__(self) -> None:
        self._open: _Hole | None = None
        self._on_trial: _Hole | None = None
        self._gaps: list[Gap] = []

    @property
    def reason(self) -> GapReason | None:
        """Why nothing is recognised now; None while it is."""
        return self._open.reason if self._open else None

    def missing(self, start_s: float, end_s: float, reason: GapReason) -> None:
        """Note a gap whose end is known, whatever was in it."""
        if end_s > start_s:
            self._gaps.append(Gap(start_s=start_s, end_s=end_s, reason=reason))

    def open(self, reason: GapReason, start_s: float, speech_until_s: float | None = None) -> None:
        """Open a hole, with speech in it already or none yet; one that is open becomes part of it.

        One without speech is none.
        """
        before, self._open = self._open, _Hole(reason, start_s, speech_until_s)
        if before and before.speech_until_s is not None:
            self._open.start_s = min(start_s, before.start_s)
            self._open.speech_until_s = before.speech_until_s

    def engine_lost(
        self, start_s: float, speech_until_s: float | None = None, *, settled_s: float
    ) -> None:
        """Open the hole of an engine; several trials make one, unless words were shown between."""
        self.open(GapReason.ENGINE_RESTART, start_s, speech_until_s)
        tried, self._on_trial = self._on_trial, None
        if not (self._open and tried and tried.speech_until_s is not None):
            return
        if settled_s > tried.speech_until_s:
            self._tell(tried)
        else:
            self._open.start_s = tried.start_s
            self._open.speech_until_s = self._open.speech_until_s or tried.speech_until_s

    def engine_back(self, *, on_trial: bool) -> None:
        """Close the hole of an engine, or set it aside while the engine is ``on_trial``."""
        if self.reason is GapReason.ENGINE_RESTART:
            self._on_trial, self._open = self._open, None
        if not on_trial:
            self._end_trial()

    def speech(self, from_s: float, until_s: float) -> None:
        """Note that there is speech in the open hole: its gap begins with the first of it."""
        if self._open is None:
            return
        if self._open.speech_until_s is None:
            self._open.start_s = max(self._open.start_s, from_s)
        self._open.speech_until_s = until_s

    def close(self) -> None:
        """Close the open hole: what follows is recognised."""
        hole, self._open = self._open, None
        self._tell(hole)

    def end(self) -> None:
        """Close every hole: nothing follows."""
        self._end_trial()
        self.close()

    def take(self) -> list[Gap]:
        """Take the gaps that are known by now, each once."""
        taken, self._gaps = self._gaps, []
        return taken

    def _end_trial(self) -> None:
        tried, self._on_trial = self._on_trial, None
        self._tell(tried)

    def _tell(self, hole: _Hole | None) -> None:
        if hole and hole.speech_until_s is not None:
            self.missing(hole.start_s, hole.speech_until_s, hole.reason)
