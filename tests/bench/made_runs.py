"""Runs as a measurement would give them."""

from bench.peers.figures import Run
from bench.peers.scoring import Score


def made_run(
    *committed_s: float,
    errors: int = 0,
    cpu_s: float = 3.0,
    lost: int = 2,
    unmarked: int = 1,
    marked: int | None = None,
) -> Run:
    """Make a run of one room of four words over twelve seconds."""
    room = Score(
        words=4,
        errors=errors,
        unmarked=unmarked,
        marked=marked,
        lost=lost,
        erased=2,
        rewritten=1,
        first_word_s=0.5,
        shown_s=(0.1, 0.2),
        committed_s=committed_s,
    )
    return Run(scores=(room,), cpu_s=cpu_s, audio_s=12.0, others=0.04)
