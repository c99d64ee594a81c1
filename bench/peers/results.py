"""Results on disk, so that a measurement that was interrupted goes on where it was."""

import dataclasses
import hashlib
import json
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from bench.peers.figures import Run
from bench.peers.plan import Step
from bench.peers.scoring import Score

_FRESH_S = 12 * 3600.0


class Results:
    """The runs of one kind of measurement; those of yesterday are not mixed with today's."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, step: Step) -> Run | None:
        """Give what a step measured today."""
        file = self._file(step)
        try:
            if time.time() - file.stat().st_mtime > _FRESH_S:
                return None
            return _run(json.loads(file.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError, KeyError):
            return None

    def put(self, step: Step, run: Run) -> None:
        """Keep what a step measured."""
        self._folder.mkdir(parents=True, exist_ok=True)
        file = self._file(step)
        draft = file.with_suffix(".part")
        draft.write_text(json.dumps(dataclasses.asdict(run)), encoding="utf-8")
        draft.replace(file)

    def clear(self) -> None:
        """Forget everything."""
        for file in self._folder.glob("*.json"):
            file.unlink()

    def _file(self, step: Step) -> Path:
        return self._folder / f"{step.system}-{step.rooms}-{step.run}.json"


def fingerprint(root: Path, model: Path, length_s: float, packages: Iterable[str]) -> str:
    """Tell measurements apart: the code that was measured, the weights, and the speech."""
    digest = hashlib.sha256(f"{length_s}".encode())
    sources = sorted(file for name in packages for file in (root / name).rglob("*.py"))
    for file in (*sources, model / "model.bin", *sorted(model.glob("*.json"))):
        digest.update(file.name.encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def _run(fields: dict[str, Any]) -> Run:
    return Run(**{**fields, "scores": tuple(_score(each) for each in fields["scores"])})


def _score(fields: dict[str, Any]) -> Score:
    delays = {name: tuple(fields[name]) for name in ("shown_s", "committed_s")}
    return Score(**{**fields, **delays})
