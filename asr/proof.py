"""The written proof that a model hears as well with a short context (`asr.context`).

A proof is a small JSON file beside the weights, or in the user's cache where their folder cannot be
written. It names the weights by their hash and the lengths that were measured; a proof of anything
else does not hold, and then windows are padded to thirty seconds, which is always right.
"""

import dataclasses
import hashlib
import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from asr import context

log = logging.getLogger(__name__)

FILE = "short-context.json"
WORSE = 0.005
FASTER = 1.2
DEAF = 0.3
_LENGTHS = [context.MARGIN_FRAMES, context.LEAST_FRAMES, context.STEP_FRAMES]


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Word error rate, and processor seconds for each second of audio."""

    wer: float
    cpu: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """One model run one way: each utterance as one window, and streamed."""

    whole: Run
    streamed: Run


def proven(full: Figures, short: Figures) -> bool:
    """Whether the short context is faster by a fifth and loses no more than half a point.

    Speech that the model does not understand with thirty seconds either proves nothing.
    """
    pairs = ((full.whole, short.whole), (full.streamed, short.streamed))
    as_good = all(after.wer <= before.wer + WORSE for before, after in pairs)
    understood = all(before.wer <= DEAF for before, _ in pairs)
    return understood and as_good and full.streamed.cpu >= FASTER * short.streamed.cpu


def home() -> Path:
    """Name the folder of proofs for weights whose own folder cannot be written."""
    return Path.home() / ".cache" / "roomscribe" / "proofs"


def write(folder: Path, full: Figures, short: Figures, *, cache: Path | None = None) -> Path:
    """Write the proof for the weights in ``folder``; gives the file. Raises `OSError`."""
    sha256, size = _identity(folder / "model.bin")
    content = {
        "model_sha256": sha256,
        "model_bytes": size,
        "lengths_frames": _LENGTHS,
        "thirty_seconds": _rounded(full),
        "short_context": _rounded(short),
    }
    text = json.dumps(content, indent=2) + "\n"
    try:
        file = folder / FILE
        file.write_text(text, encoding="utf-8")
    except OSError:
        file = (cache or home()) / f"{size}-{sha256}.json"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return file


def withdraw(folder: Path, *, cache: Path | None = None) -> list[Path]:
    """Remove the proofs that hold for the weights in ``folder``; gives what was removed."""
    removed = list(_holding(folder, cache))
    for file in removed:
        file.unlink()
    return removed


def holds(folder: Path, *, cache: Path | None = None) -> bool:
    """Whether there is a proof for these very weights; reads them only if that may be so."""
    return next(_holding(folder, cache), None) is not None


def _holding(folder: Path, cache: Path | None) -> Iterator[Path]:
    weights = folder / "model.bin"
    try:
        size = weights.stat().st_size
        files = [folder / FILE, *(cache or home()).glob(f"{size}-*.json")]
        contents = {file: _read(file) for file in files if file.is_file()}
        fitting = {
            file: content
            for file, content in contents.items()
            if content.get("model_bytes") == size and content.get("lengths_frames") == _LENGTHS
        }
        sha256 = _identity(weights)[0] if fitting else ""
    except OSError as error:
        log.warning("the proof of a short context cannot be read: %s", error.strerror)
        return
    yield from (file for file, content in fitting.items() if content.get("model_sha256") == sha256)


def _read(file: Path) -> dict[str, Any]:
    """Read a proof; what is no proof is empty."""
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except ValueError:
        return {}
    return content if isinstance(content, dict) else {}


def _identity(weights: Path) -> tuple[str, int]:
    with weights.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest(), weights.stat().st_size


def _rounded(figures: Figures) -> dict[str, dict[str, float]]:
    return {
        way: {name: round(value, 4) for name, value in run.items()}
        for way, run in dataclasses.asdict(figures).items()
    }
