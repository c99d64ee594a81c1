"""``python -m bench.peers``: measure Roomscribe and its peers side by side.

Every system is started here on 127.0.0.1 with the same model, is given the same speech at the
speed of speech, and is ended again. A peer that cannot be installed or started is left out, with
one line that says why. What was measured is kept: after an interruption the same command goes on.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from bench import page
from bench.environments import Unavailable, cache_folder
from bench.peers import ceiling, measuring, report
from bench.peers.figures import Row, Run, figures
from bench.peers.plan import Plan, Step, most_s, needed, steps
from bench.peers.results import Results, fingerprint
from bench.peers.roomscribe import Roomscribe
from bench.peers.speech import speeches
from bench.peers.system import System
from bench.peers.targets import Targets
from bench.peers.whisperlive import WhisperLive
from bench.peers.whisperlivekit import WhisperLiveKit
from tests.fixtures.clips import TINY_MODEL

ROOT = Path(__file__).resolve().parents[2]
MEASURED = ("models", "pipeline", "asr", "rooms", "recorder", "transcripts", "api", "bench/peers")
SYSTEMS: tuple[System, ...] = (
    Roomscribe(),
    Roomscribe(short_context="off"),
    WhisperLiveKit(),
    WhisperLiveKit(prompts=False),
    WhisperLive(),
)

Done = dict[tuple[int, str], list[Run]]


def carry_out(plan: Plan, systems: Sequence[System], model: Path, results: Results) -> Done:
    """Measure everything that can still tell something, with a line for each step."""
    by_name = {system.name: system for system in systems}
    said = speeches(plan.most_rooms, plan.length_s)
    left = [step for step in steps(plan) if results.get(step) is None]
    print(f"At most {len(left)} runs, about {most_s(plan, left) / 60:.0f} minutes.", flush=True)
    done: Done = {}
    for step in steps(plan):
        run = results.get(step)
        if run is None and needed(step, plan, done):
            system = by_name[step.system]
            print(f"{step.rooms} rooms, run {step.run + 1}: {system.title} …", flush=True)
            outcome = measuring.attempt(system, model, said[: step.rooms])
            run = outcome if isinstance(outcome, Run) else None
            if run is not None:
                results.put(step, run)
            _report(outcome, plan, [s for s in left if left.index(s) > left.index(step)], done)
        if run is not None:
            done.setdefault((step.rooms, step.system), []).append(run)
    return done


def _report(outcome: Run | str, plan: Plan, left: Sequence[Step], done: Done) -> None:
    """Say how a step went, and how long the rest may take."""
    if isinstance(outcome, Run):
        late_s = figures(outcome).committed_p95_s
        late = "nothing" if late_s is None else f"p95 {late_s:.2f} s"
        print(f"  committed: {late}; other programs took {100 * outcome.others:.0f} %", end="")
    else:
        print(f"  left out here: {outcome}", end="")
    rest = [step for step in left if needed(step, plan, done)]
    print(f"; {most_s(plan, rest) / 60:.0f} minutes at most to go", flush=True)


def rows(plan: Plan, systems: Sequence[System], done: Done) -> list[Row]:
    """Put the runs in the order of the table; what could not be measured has no row."""
    made = []
    for rooms in (*plan.rooms, *plan.beyond):
        for system in systems:
            runs = tuple(done.get((rooms, system.name), ()))
            again = Step(rooms=rooms, run=0, system=system.name)
            failed_at = 0 if runs or needed(again, plan, done) else _most(done, system.name)
            if runs or (failed_at and rooms in plan.rooms):
                made.append(Row(rooms=rooms, title=system.title, runs=runs, failed_at=failed_at))
    return made


def _most(done: Done, system: str) -> int:
    return max((rooms for rooms, name in done if name == system), default=0)


def _prepared(names: Sequence[str]) -> tuple[System, ...]:
    ready = []
    for system in SYSTEMS:
        if system.name in names:
            try:
                system.prepare()
            except Unavailable as trouble:
                print(f"{system.title} is left out: {trouble}", flush=True)
            else:
                ready.append(system)
    return tuple(ready)


def _notes(plan: Plan, offline: float) -> list[str]:
    times = "one run" if plan.runs == 1 else f"medians of {plan.runs} runs (least–most)"
    beyond = f", one run beyond {max(plan.rooms)} rooms" if plan.beyond and plan.runs > 1 else ""
    return [
        f"Measured on {os.cpu_count()} cores,",
        f"{plan.length_s:.0f} s of speech in each room, {times}{beyond}; two runs far from",
        "keeping up are enough. The same model offline, sentence by sentence (faster-whisper,",
        f"beam 5), has a WER of {100 * offline:.1f} %.",
        "Delays in seconds from a word's true end.",
    ]


def _block(measured: Sequence[Row], plan: Plan, model: Path) -> str:
    offline = ceiling.error_rate(model)
    parts = [
        report.table(measured, notes=_notes(plan, offline)),
        Targets(measured, ours=SYSTEMS[0].title, offline=offline).table(),
    ]
    return "\n\n".join(filter(None, parts))


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench.peers", description=__doc__.split("\n", 1)[0])
    parser.add_argument("--rooms", type=_counts, default="1,4", help="numbers, with commas")
    parser.add_argument(
        "--beyond", type=_counts, default="", help="more rooms, once, for systems that keep up"
    )
    parser.add_argument("--runs", type=int, default=1, help="how often each is measured")
    parser.add_argument("--seconds", type=float, default=40.0, help="speech in each room")
    names = ",".join(system.name for system in SYSTEMS)
    parser.add_argument("--systems", default=names, help=f"some of {names}")
    parser.add_argument("--model", type=Path, default=TINY_MODEL, help="a folder of weights")
    parser.add_argument("--fresh", action="store_true", help="forget what was measured before")
    parser.add_argument("--write", action="store_true", help="put the table into the documentation")
    return parser.parse_args(arguments)


def _counts(text: str) -> tuple[int, ...]:
    return tuple(int(count) for count in text.split(",") if count)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table; 1 when nothing could be measured."""
    options = _options(arguments)
    model = options.model.resolve()
    systems = _prepared(options.systems.split(","))
    plan = Plan(
        systems=tuple(system.name for system in systems),
        once=frozenset(system.name for system in systems if system.variant),
        rooms=options.rooms,
        beyond=options.beyond,
        runs=options.runs,
        length_s=options.seconds,
    )
    mark = fingerprint(ROOT, model, plan.length_s, MEASURED)
    results = Results(cache_folder() / "results" / mark)
    if options.fresh:
        results.clear()
    measured = rows(plan, systems, carry_out(plan, systems, model, results))
    if not measured:
        print("Nothing was measured.")
        return 1
    block = _block(measured, plan, model)
    print(f"\n{block}")
    if options.write:
        page.write(block, "bench-asr")
    return 0


if __name__ == "__main__":
    sys.exit(main())
