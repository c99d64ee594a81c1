"""Virtual environments for what the project itself does not need, in the user's cache.

Deleting the folder is harmless.
"""

import hashlib
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_INSTALL_S = 1800.0


class Unavailable(Exception):
    """Something cannot be installed or started here; the message is one line that says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """``steps`` are the arguments of one ``pip install`` each, in order."""

    name: str
    steps: tuple[tuple[str, ...], ...]

    @property
    def mark(self) -> str:
        """What tells this recipe from an older one."""
        return hashlib.sha256(repr(self.steps).encode()).hexdigest()


def cache_folder() -> Path:
    """Where the bench keeps what is not part of the project."""
    root = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(root) / "roomscribe" / "bench"


def python(recipe: Recipe) -> Path:
    """Name the interpreter of a recipe's environment."""
    return cache_folder() / recipe.name / "bin" / "python"


def install(recipe: Recipe) -> None:
    """Make the environment if it is not there. Raises `Unavailable`."""
    folder = cache_folder() / recipe.name
    mark = folder / "installed"
    if mark.is_file() and mark.read_text(encoding="utf-8") == recipe.mark:
        return
    print(f"{recipe.name}: installing (once) …", flush=True)
    _run([sys.executable, "-m", "venv", "--clear", str(folder)])
    pip = [str(python(recipe)), "-m", "pip", "install", "--quiet", "--no-input", "--retries", "1"]
    for step in recipe.steps:
        _run([*pip, "--disable-pip-version-check", *step])
    mark.write_text(recipe.mark, encoding="utf-8")


def _run(command: Sequence[str]) -> None:
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=_INSTALL_S, check=False
        )
    except subprocess.TimeoutExpired:
        raise Unavailable("it took too long to install") from None
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines()
        errors = [line for line in said if line.startswith("ERROR")] or said[-1:]
        raise Unavailable(f"it cannot be installed: {errors[0] if errors else 'pip failed'}")
