"""``python -m bench.small_whisper``: make the small Whisper of the tests, or measure it.

``make`` synthesises speech, trains, writes the folder of weights and tries whether they hear as
well with a short context (`bench.context`); ``evaluate`` tells what
faster-whisper makes of held-out speech with it; ``clips`` writes the clips of
``tests/fixtures/held-out``. All run in an environment of their own, in the
user's cache, as does what an interrupted ``make`` goes on from; the weights, too, are written
there and not over those of the tests. The same machine gives the same weights; on another, sums
are rounded otherwise.
"""

import argparse
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from bench import context
from bench.environments import Recipe, Unavailable, cache_folder, install, python
from bench.small_whisper.speech import Unvoiced, require_voices

ROOT = Path(__file__).resolve().parents[2]
MADE = cache_folder() / "small_whisper" / "model-next"
RECIPE = Recipe(
    name="small-whisper",
    steps=(
        ("torch==2.13.0",),
        ("faster-whisper==1.2.1", "jiwer==4.0.0", "numpy==2.4.6", "scipy==1.17.1"),
        ("ctranslate2==4.8.5", "tokenizers==0.23.3", "av==18.1.0"),
    ),
)
# Processes of the workshop work side by side; threads within each only get in their way.
_SETTINGS = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "HF_HUB_OFFLINE": "1"}


def main(arguments: Sequence[str] | None = None) -> int:
    """Set up the workshop and work; 1 with one line on what is missing."""
    parser = argparse.ArgumentParser(prog="bench.small_whisper", description=__doc__)
    parser.add_argument("work", nargs="?", choices=("make", "evaluate", "clips"), default="make")
    parser.add_argument("--model", type=Path, default=MADE, help="the folder of weights")
    options = parser.parse_args(arguments)
    try:
        require_voices()
        install(RECIPE)
    except (Unvoiced, Unavailable) as trouble:
        print(trouble)
        return 1
    command = [str(python(RECIPE)), "-m", "bench.small_whisper.workshop", options.work]
    folder = str(options.model.resolve())
    done = subprocess.run(
        [*command, "--model", folder], cwd=ROOT, env=os.environ | _SETTINGS, check=False
    )
    if options.work == "make" and not done.returncode:
        context.main(["--model", folder, "--write"])
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
