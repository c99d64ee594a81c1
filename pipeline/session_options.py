"""What may be chosen about a room's captions, and how long their session is patient."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from pipeline.by_hand import ByHandOptions
from pipeline.listening import ListeningOptions


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionOptions:
    """Lengths in seconds.

    ``on_language`` hears the language of the first words, and again whenever it has changed.
    ``patient`` waits for the recogniser instead of skipping audio: for files, never for live rooms.
    Then at most ``patient_lag_s`` of speech waits for its captions, ``patient_translation_s`` for
    its translation.
    Nothing is translated while the recogniser is ``translate_below_s`` behind.
    """

    listening: ListeningOptions = field(default_factory=ListeningOptions)
    by_hand: ByHandOptions = field(default_factory=ByHandOptions)
    terms: Sequence[str] = ()
    on_language: Callable[[str], None] | None = None
    patient: bool = False
    patient_lag_s: float = 4.0
    patient_translation_s: float = 60.0
    behind_s: float = 4.0
    report_s: float = 1.0
    translate_below_s: float = 2.0
    drain_s: float = 30.0
    retry_s: float = 1.0
