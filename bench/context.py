"""Whether a model hears as well when it encodes only what was said, and how much faster it is.

``python -m bench.context --model FOLDER`` decodes the clips of the tests with whisper's full thirty
seconds and with the shortened context (`asr.context`): each clip as one window, and streamed in
growing windows as a room does. ``--write`` keeps the proof, which turns the short context on for
these weights (`asr.proof`).

The clips are in the small model's own domain, and easy. For weights of OpenAI's size the installed
command is the one to use: ``roomscribe prove --model NAME --audio talk.wav --text talk.txt``.
"""

import argparse
import sys
from collections.abc import Sequence

from rich.console import Console

from api.cli.prove import compare
from asr import weights
from asr.proving import Spoken, Utterance
from tests.fixtures.clips import clips


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and say what was found; exits 0 when the short context is proven."""
    parser = argparse.ArgumentParser(prog="python -m bench.context", description=__doc__)
    parser.add_argument("--model", required=True, help="a folder of weights, or a name")
    parser.add_argument("--write", action="store_true", help="keep the proof beside the weights")
    options = parser.parse_args(arguments)
    folder = weights.find(options.model)
    if folder is None:
        print(f"There are no weights in {options.model}.")
        return 2
    spoken = [
        Spoken(utterances=[Utterance(start_s=0.0, pcm=clip.pcm)], text=clip.text)
        for clip in clips()
    ]
    console = Console(highlight=False, soft_wrap=True)
    return compare(folder, spoken, console, language="en", keep=options.write)


if __name__ == "__main__":
    sys.exit(main())
