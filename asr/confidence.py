"""Below which confidence an engine's words are told to be unsure, by its name.

Chosen by ``python -m bench.doubts`` (`docs/reference/benchmarks.md`): on speech that an engine gets
wrong, about half of what is marked is wrong, or more. An engine that is not here has a confidence
that tells nothing.
"""

UNSURE_BELOW = {"faster-whisper": 0.5, "pocketsphinx": 0.3}
