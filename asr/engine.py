"""What runs inside a recogniser process: pure, synchronous, no clock and no queue of its own.

An `Engine` is loaded once and shared by the streams of its process; a `Stream` belongs to one room
and is driven by one thread. `asr.runner` is that thread.
"""

from collections.abc import Iterable, Sequence
from typing import Protocol, runtime_checkable

from models.audio import Pcm
from models.caption import EngineInfo
from models.transcript import Hypothesis


class Stream(Protocol):
    """One room's speech.

    ``Hypothesis.segment`` increases over the stream, and every segment that was shown gets exactly
    one final hypothesis at the latest when its utterance ends; empty words withdraw it.
    """

    def begin(self, start_s: float) -> None:
        """Start an utterance whose first sample is at ``start_s`` in the room clock."""
        ...

    def learn(self, terms: Sequence[str]) -> bool:
        """Take other words as the room's own; False when that cannot be now: ask again later.

        What cannot be in the middle of an utterance can be between two.
        """
        ...

    def feed(self, pcm: Pcm) -> Iterable[Hypothesis]:
        """Add 16 kHz mono samples, shape (n,), and give what they changed."""
        ...

    def end(self, rest: Pcm | None = None) -> Iterable[Hypothesis]:
        """Finish the utterance; every segment of it that is still open becomes final.

        ``rest`` are its last samples, when they came with the end: not worth a look of their own.
        """
        ...


@runtime_checkable
class Lightened(Protocol):
    """A stream of an engine that has a smaller model."""

    def lighten(self, on: bool) -> None:
        """Decode with the smaller model from the next window on, or with the usual one again."""
        ...


class Engine(Protocol):
    """A loaded recogniser."""

    @property
    def info(self) -> EngineInfo:
        """What listeners are told about the engine."""
        ...

    def stream(
        self, *, language: str, terms: Sequence[str] = (), translate: bool = False
    ) -> Stream:
        """Open a stream; ``terms`` are the room's own words.

        One that is to ``translate`` gives English finals of whole utterances. Only engines whose
        ``info`` says that they translate are asked for that.
        """
        ...
