"""What each way to run whisper costs and gains with several rooms, in one run on one machine.

``python -m bench.levers --model FOLDER`` speaks to one recogniser process from 1, 2 and 4 rooms at
the speed of speech, through each room's speech gate but without the web around it, once for each
lever. Words and word times are those of `bench.peers.speech`; *committed* is the time from a word's
end until it cannot change any more.
"""

import argparse
import asyncio
import dataclasses
import itertools
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from asr import weights
from asr.choose import whisper_spec
from asr.process import WorkerSpec
from asr.supervisor import Supervised
from bench.peers.processes import cpu_s
from bench.peers.scoring import Score, Snapshot, percentile, score
from bench.peers.speech import Speech, speeches
from models.audio import FRAME_SAMPLES, RATE_HZ, Frame
from models.transcript import Hypothesis
from pipeline.listening import Listener
from pipeline.recognition import Progress, Recognition
from pipeline.silero import SileroDetector

TAIL_S = 1.0


class Screen:
    """What a reader of one room sees, as snapshots."""

    def __init__(self) -> None:
        self.snapshots: list[Snapshot] = []
        self._final = ""
        self._open: dict[int, Hypothesis] = {}

    def take(self, hypothesis: Hypothesis, at_s: float) -> None:
        """Show a hypothesis."""
        self._open[hypothesis.segment] = hypothesis
        if hypothesis.final:
            del self._open[hypothesis.segment]
            self._final += "".join(f" {w.text}" for w in hypothesis.words)
        shown = [self._open[number] for number in sorted(self._open)]
        stable = [w.text for h in shown for w in h.words[: h.stable]]
        loose = [w.text for h in shown for w in h.words[h.stable :]]
        committed = " ".join((self._final, *stable))
        self.snapshots.append(Snapshot(at_s=at_s, committed=committed, tentative=" ".join(loose)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """All rooms of one run together."""

    scores: list[Score]
    cpu: float

    def line(self) -> str:
        """Write the run as one row."""
        words = sum(s.words for s in self.scores)
        shown = [d for s in self.scores for d in s.shown_s]
        committed = [d for s in self.scores for d in s.committed_s]
        figures = [
            f"WER {100 * sum(s.errors for s in self.scores) / words:4.1f} %",
            *(
                f"{name} {percentile(delays, 0.5) or 0:.2f} / {percentile(delays, 0.95) or 0:.2f} s"
                for name, delays in (("shown", shown), ("committed", committed))
            ),
            f"erasure {sum(s.erased for s in self.scores) / words:.2f}",
            f"CPU {self.cpu:.3f}",
        ]
        return "   ".join(figures)


async def run(spec: WorkerSpec, said: Sequence[Speech]) -> Outcome:
    """Speak in all rooms at once."""
    recogniser = Supervised(spec)
    await recogniser.start()
    streams = [await recogniser.open(language="en") for _ in said]
    (pid,) = recogniser.pids
    before_s = cpu_s(pid)
    scores = await asyncio.gather(
        *(_room(stream, speech) for stream, speech in zip(streams, said, strict=True))
    )
    spent_s = cpu_s(pid) - before_s
    await recogniser.close()
    return Outcome(scores=scores, cpu=spent_s / sum(s.length_s for s in said))


async def _room(stream: Recognition, said: Speech) -> Score:
    screen, listener = Screen(), Listener(stream, SileroDetector())
    began_s = asyncio.get_running_loop().time()
    reading = asyncio.create_task(_read(stream, listener, screen, began_s))
    await _speak(listener, said, began_s)
    stream.finish()
    await reading
    await stream.close()
    return score(said.words, screen.snapshots)


async def _speak(listener: Listener, said: Speech, began_s: float) -> None:
    pcm = said.pcm_48_khz
    clock = asyncio.get_running_loop().time
    for at in range(0, len(pcm) - FRAME_SAMPLES + 1, FRAME_SAMPLES):
        due_s = began_s + (at + FRAME_SAMPLES) / RATE_HZ
        if due_s > clock():
            await asyncio.sleep(due_s - clock())
        listener.push(Frame(sample=at, pcm=pcm[at : at + FRAME_SAMPLES]))
    listener.flush()


async def _read(stream: Recognition, listener: Listener, screen: Screen, began_s: float) -> None:
    async for event in stream.results():
        if isinstance(event, Hypothesis):
            screen.take(event, asyncio.get_running_loop().time() - began_s)
        elif isinstance(event, Progress):
            note = listener.settled if event.settled else listener.progressed
            note(event.until_s)


def levers(folder: Path) -> dict[str, WorkerSpec]:
    """Describe the ways that are compared; the last is what a proven model gets here."""
    short = whisper_spec(folder, folder.name, short_context=True)
    cores = short.workers * short.threads
    alone = dataclasses.replace(short, workers=1, threads=cores, short_context=False)
    return {
        "one window at a time": alone,
        "side by side": dataclasses.replace(short, short_context=False),
        "one at a time, short context": dataclasses.replace(alone, short_context=True),
        "in batches, short context": dataclasses.replace(alone, short_context=True, batch=8),
        "side by side, short context": short,
    }


def main() -> int:
    """Measure and print one row for each lever and number of rooms."""
    parser = argparse.ArgumentParser(prog="python -m bench.levers", description=__doc__)
    parser.add_argument("--model", required=True, help="a folder of weights, or a name")
    parser.add_argument("--rooms", default="1,2,4")
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--only", default="", help="levers whose name contains this")
    options = parser.parse_args()
    folder = weights.find(options.model)
    if folder is None:
        print(f"There are no weights in {options.model}.")
        return 2
    print("Delays are p50 / p95; CPU is processor seconds for each second of audio.")
    rooms = [int(part) for part in options.rooms.split(",")]
    for (name, spec), count in itertools.product(levers(folder).items(), rooms):
        if options.only in name:
            outcome = asyncio.run(run(spec, speeches(count, options.seconds)))
            print(f"{name:30} {count} rooms   {outcome.line()}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
