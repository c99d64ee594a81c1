"""The most that the model can do: faster-whisper offline, one sentence at a time."""

from pathlib import Path

import numpy as np
from faster_whisper import WhisperModel

from bench.peers.scoring import align, plain_words
from bench.peers.speech import sentences


def error_rate(model: Path) -> float:
    """Measure the word error rate over all sentences, beam 5, no prompt."""
    whisper = WhisperModel(str(model), device="cpu", compute_type="int8", local_files_only=True)
    words = errors = 0
    for sentence in sentences():
        samples = sentence.pcm.astype(np.float32) / 32768
        segments, _ = whisper.transcribe(
            samples, language="en", beam_size=5, condition_on_previous_text=False
        )
        said = plain_words(sentence.text)
        words += len(said)
        errors += align(said, plain_words(" ".join(part.text for part in segments))).errors
    return errors / words
