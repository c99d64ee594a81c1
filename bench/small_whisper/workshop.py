"""The work itself, in the environment that holds PyTorch: ``__main__`` starts it there."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import torch

from bench.environments import cache_folder
from bench.small_whisper import corpus
from bench.small_whisper.clips import write_clips
from bench.small_whisper.evaluation import Case, Figures, evaluate
from bench.small_whisper.export import export
from bench.small_whisper.network import Network, Shape
from bench.small_whisper.noises import noise_powers
from bench.small_whisper.tokenizer import tokens
from bench.small_whisper.training import train
from bench.small_whisper.windows import Windows

STEPS = 8500
KEPT = cache_folder() / "small_whisper"
HELD_OUT = Path(__file__).resolve().parents[2] / "tests" / "fixtures" / "held-out"

_NOISES = 1


def make(folder: Path) -> None:
    """Speak, train and write ``folder``; what an interrupted run kept is used."""
    known = tokens()
    shape = Shape(vocabulary=known.count, first_timestamp=known.first_timestamp)
    windows = Windows(corpus.training(KEPT), noise_powers(_NOISES), known)
    network: Network = train(windows, shape, STEPS, KEPT / "checkpoint.pt", known.end)
    export(network, known, folder)


def report(folder: Path) -> None:
    """Print what `evaluate` finds, as a table in Markdown."""
    print("| held-out speech | WER | word start p50 | p90 | word end p50 |")
    print("| --- | --- | --- | --- | --- |")
    for case, figures in evaluate(folder, corpus.held_out(KEPT)):
        print(_line(case, figures), flush=True)


def _line(case: Case, figures: Figures) -> str:
    times = (figures.start_median_s, figures.start_p90_s, figures.end_median_s)
    cells = [f"{1000 * time_s:.0f} ms" if case.said else "" for time_s in times]
    rate = f"{100 * figures.error_rate:.1f} %" if case.said else f"{figures.words} words"
    return f"| {' | '.join((case.name, rate, *cells))} |"


def main(arguments: Sequence[str] | None = None) -> int:
    """Do one piece of work."""
    parser = argparse.ArgumentParser(prog="bench.small_whisper.workshop")
    parser.add_argument("work", choices=("make", "evaluate", "clips"))
    parser.add_argument("--model", type=Path, required=True)
    options = parser.parse_args(arguments)
    # Two wait for each other wherever other work shares the cores, up to twenty times as long;
    # and a run must keep to one number, since sums of more parts are rounded otherwise.
    torch.set_num_threads(1)
    if options.work == "make":
        make(options.model)
    if options.work == "clips":
        write_clips(HELD_OUT, corpus.held_out(KEPT))
    else:
        report(options.model)
    return 0


if __name__ == "__main__":
    sys.exit(main())
