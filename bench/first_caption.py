"""How long a newcomer waits: from ``make run`` on a bare clone to the first caption.

``python -m bench.first_caption`` clones this repository into a temporary folder, runs
``make run ARGS="--once"`` there and watches its output. Two times are printed: until the set-up
was done, and until the first final caption stood in the terminal.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

_ROOT = Path(__file__).resolve().parent.parent
_CAPTION = ("Ada: ", "Ben: ")
_ROOM = "The room:"


def main() -> int:
    """Clone, run, and print the times in seconds."""
    with tempfile.TemporaryDirectory() as folder:
        clone = Path(folder, "clone")
        subprocess.run(["git", "clone", "--quiet", str(_ROOT), str(clone)], check=True)
        environment = os.environ | {
            "ROOMSCRIBE_PORT": "0",
            "PYTHONUNBUFFERED": "1",
            "HF_HUB_CACHE": str(Path(folder, "hub")),
        }
        began = time.monotonic()
        run = subprocess.Popen(
            ["make", "run", "ARGS=--once"],
            cwd=clone,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        times: dict[str, float] = {}
        assert run.stdout is not None
        last = ""
        for line in run.stdout:
            now = time.monotonic() - began
            if line.startswith(_ROOM):
                times.setdefault("the room is live", now)
            elif any(name in line for name in _CAPTION):
                times.setdefault("the first final caption", now)
            last = line.strip() or last
        status = run.wait()
    for what, seconds in times.items():
        print(f"{seconds:6.1f} s  {what}")
    print(last)
    return status


if __name__ == "__main__":
    sys.exit(main())
