"""The port through which the pipeline asks for words; `asr` holds the adapters.

A `Recogniser` is shared by all rooms; a `Recognition` is one room's stream. The session calls
``begin``, any number of ``feed`` and ``end`` for each utterance, in order and never overlapping,
and reads ``results`` in another task.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from models.audio import Pcm
from models.caption import EngineInfo
from models.transcript import Hypothesis


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Everything fed up to ``until_s`` (room clock) has been worked on.

    ``settled`` means that an utterance ended there and all its hypotheses are final.
    """

    until_s: float
    settled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineLost:
    """The engine died or hung; what was fed and not yet final is lost. ``note`` is for people."""

    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineBack:
    """The engine runs again; utterances begun from now on are recognised.

    An engine that died again and again is ``on_trial``: another `EngineBack` follows once it has
    given words or worked off an utterance, and until then nobody is told that captions are back.
    """

    on_trial: bool = False


RecognitionEvent = Hypothesis | Progress | EngineLost | EngineBack


class Recognition(Protocol):
    """One room's stream of speech. Calls never block on recognition itself."""

    def begin(self, start_s: float) -> None:
        """Start an utterance whose first sample is at ``start_s`` in the room clock."""
        ...

    def feed(self, pcm: Pcm) -> None:
        """Add 16 kHz mono samples, shape (n,), that continue the utterance."""
        ...

    def end(self) -> None:
        """Finish the utterance; its last hypotheses, all final, follow in the results."""
        ...

    def learn(self, terms: Sequence[str]) -> None:
        """Take these as the room's own words instead of those before, as soon as can be.

        That is the next window, or for an engine that has to prepare for them the next utterance.
        """
        ...

    def lighten(self, on: bool) -> None:
        """Listen with the smaller model from the next window on, or with the usual one again.

        Engines whose ``info`` names no smaller model ignore it.
        """
        ...

    def finish(self) -> None:
        """Say that nothing more will be fed; the results end after the last hypothesis."""
        ...

    def results(self) -> AsyncIterator[RecognitionEvent]:
        """Yield events in order, for one reader, until the stream has finished."""
        ...

    async def close(self) -> None:
        """Give the stream's resources back, whatever it was doing."""
        ...


class Recogniser(Protocol):
    """An engine that runs, for any number of rooms."""

    @property
    def info(self) -> EngineInfo:
        """What listeners are told about the engine."""
        ...

    async def start(self) -> None:
        """Warm up, so that the first room need not wait. Raises `EngineUnavailable`."""
        ...

    async def open(
        self, *, language: str, terms: Sequence[str] = (), translate: bool = False
    ) -> Recognition:
        """Open a room's stream; ``terms`` are the room's own words, most important first.

        One that is to ``translate`` gives English finals, and no interims, of each utterance; it
        leaves other streams the precedence. Raises `EngineUnavailable` when the engine cannot be
        started or cannot do that.
        """
        ...

    async def close(self) -> None:
        """Stop the engine and every stream."""
        ...
