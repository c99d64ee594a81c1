"""How much captions change under their readers' eyes, at each pace and for each engine.

``python -m bench.steadiness`` feeds the demonstration conversation and the tests' clips to each
engine in this process, as a room does, and reads along at each pace (`api.pacing`). In
``interruptions`` the second voice of the conversation comes a second too early, every time, so that
both speak at once and words are given to speakers late. It prints
normalised erasure and the unstable partial word ratio (`pipeline.steadiness`), and how long after
its end a word stands on the screen for good. Decoding takes no time here and whisper takes steps of
``--step`` seconds, so the figures do not depend on how fast the machine is. ``--model FOLDER``
names whisper weights, ``--write`` puts the table into the documentation.
"""

import argparse
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from api.delivery import Delivery
from asr import weights
from asr.engine import Engine, Stream
from asr.proving import Utterance, utterances
from asr.sphinx import SphinxEngine
from asr.streaming import StreamingOptions
from asr.whisper import WhisperEngine
from bench import page
from bench.engines import CONVERSATION, read
from models.audio import FRAME_SAMPLES, RATE_HZ, SPEECH_RATE_HZ, Pcm
from models.caption import Interim
from models.room import Activity, Speaker
from models.style import PACES, Pace
from models.transcript import Final, Hypothesis
from pipeline.attribution import SpeakerTimeline
from pipeline.captioning import Captioner
from pipeline.steadiness import Steadiness, steadiness
from rooms.embedded.activity import ActivityDetector
from tests.fixtures.clips import TINY_MODEL, clips

NAME = "steadiness"
_PIECE = FRAME_SAMPLES * SPEECH_RATE_HZ // RATE_HZ
_BETWEEN_S = 2.0
_INTERRUPTS_S = 1
_HEAD = [
    "engine",
    "audio",
    "pace",
    "revisions",
    "erasure / UPWR",
    "stands after p50",
    "p95",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Showing:
    """A caption as it was published, and when, in the room clock."""

    at_s: float
    caption: Interim | Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """Speech, and who was active when, by the time at which that was known."""

    spoken: Sequence[Utterance]
    activities: Sequence[tuple[float, Activity]] = ()


def published(engine: Engine, material: Material) -> list[Showing]:
    """Caption speech as a room does."""
    stream = engine.stream(language="en")
    timeline = SpeakerTimeline()
    captioner = Captioner("i1s", timeline)
    activities = iter([*material.activities, (float("inf"), None)])
    known_s, activity = next(activities)
    captions: list[Showing] = []
    for at_s, hypothesis in _heard(stream, material.spoken):
        while known_s <= at_s and activity:
            timeline.add(activity)
            known_s, activity = next(activities)
        made = captioner.captions(hypothesis)
        captions += [Showing(at_s=at_s, caption=caption) for caption in made]
    return captions


def read_along(captions: Iterable[Showing], pace: Pace) -> Steadiness:
    """Measure what a reader at ``pace`` is sent."""
    reader = Delivery(sent=0, latest=0, pace=pace)
    seen: list[Interim | Final] = []
    times_s: list[float] = []
    for showing in captions:
        item = showing.caption
        if isinstance(item, Final):
            item = replace(item, seq=reader.latest + 1)
        sent = [each for each in reader.live([item]) if isinstance(each, Interim | Final)]
        seen += sent
        times_s += [showing.at_s] * len(sent)
    return steadiness(seen, times_s)


def activities(tracks: Sequence[Pcm]) -> list[tuple[float, Activity]]:
    """Say when each of the 48 kHz tracks was active, as the embedded room engine does."""
    changes: list[tuple[float, Activity]] = []
    for number, track in enumerate(tracks):
        speaker, detector = Speaker(id=f"s{number}", name=f"Voice {number}"), ActivityDetector()
        for at in range(0, len(track) - FRAME_SAMPLES + 1, FRAME_SAMPLES):
            frame = track[at : at + FRAME_SAMPLES].astype(np.float64) / 32768
            level = 10 * np.log10(np.mean(frame * frame) + 1e-12)
            if change := detector.feed(at, float(level)):
                activity = Activity(speaker=speaker, on=change.on, t_s=change.sample / RATE_HZ)
                changes.append(((at + FRAME_SAMPLES) / RATE_HZ, activity))
    return sorted(changes, key=lambda change: change[0])


def clip_utterances(pcms: Sequence[Pcm]) -> list[Utterance]:
    """Put 16 kHz clips one after another on a room's clock."""
    spoken: list[Utterance] = []
    start_s = 0.0
    for pcm in pcms:
        spoken.append(Utterance(start_s=start_s, pcm=np.asarray(pcm, np.int16)))
        start_s += len(pcm) / SPEECH_RATE_HZ + _BETWEEN_S
    return spoken


def row(name: str, audio: str, pace: Pace, measured: Steadiness) -> list[str]:
    """Lay one line of the table out."""
    delays_s = measured.delays_s or (float("nan"),)
    p50_s, p95_s = np.percentile(delays_s, [50, 95])
    return [
        name,
        audio,
        pace,
        str(measured.interims),
        f"{measured.normalised_erasure:.2f} / {measured.upwr:.2f}",
        f"{p50_s:.2f} s",
        f"{p95_s:.2f} s",
    ]


def engines(model: str, step_s: float) -> list[tuple[str, Callable[[], Engine]]]:
    """Name the engines that can run here."""
    found: list[tuple[str, Callable[[], Engine]]] = [("pocketsphinx", SphinxEngine)]
    folder = weights.find(model)
    if folder is None:
        print(f"faster-whisper {model}: no weights on this machine")
        return found
    streaming = StreamingOptions(step_s=step_s, least_step_s=step_s, haste=0.0, relief=0.0)
    name = f"faster-whisper, steps of {step_s:g} s"
    found.append((name, lambda: WhisperEngine(str(folder), streaming=streaming)))
    return found


def materials() -> dict[str, Material]:
    """Give the speech that is measured."""
    tracks = [read(path) for path in sorted(CONVERSATION.glob("*.opus"))]
    early = [track[number * _INTERRUPTS_S * RATE_HZ :] for number, track in enumerate(tracks)]
    return {
        "conversation": talk(tracks),
        "interruptions": talk(early),
        "clips": Material(spoken=clip_utterances([clip.pcm for clip in clips()])),
    }


def talk(tracks: Sequence[Pcm]) -> Material:
    """Mix 48 kHz tracks of speakers."""
    mix = np.zeros(max(len(track) for track in tracks), np.int32)
    for track in tracks:
        mix[: len(track)] += track
    heard = np.clip(mix, -32768, 32767).astype(np.int16)
    return Material(spoken=utterances(heard), activities=activities(tracks))


def main() -> int:
    """Run the measurement."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--model", default=str(TINY_MODEL))
    parser.add_argument("--step", type=float, default=0.25, help="seconds, for whisper")
    parser.add_argument("--write", action="store_true", help="put the table into the documentation")
    options = parser.parse_args()
    material = materials()
    rows: list[list[str]] = []
    for name, load in engines(options.model, options.step):
        engine = load()
        for audio, speech in material.items():
            captions = published(engine, speech)
            for pace in PACES:
                rows.append(row(name, audio, pace, read_along(captions, pace)))
                print(*rows[-1], sep="  ", flush=True)
    if options.write:
        page.write(page.table(_HEAD, rows), NAME)
    return 0


def _heard(stream: Stream, spoken: Sequence[Utterance]) -> Iterator[tuple[float, Hypothesis]]:
    """Feed utterances at the speed of speech; say what was heard, and when."""
    for utterance in spoken:
        stream.begin(utterance.start_s)
        end_s = utterance.start_s
        for at in range(0, len(utterance.pcm), _PIECE):
            piece = utterance.pcm[at : at + _PIECE]
            end_s = utterance.start_s + (at + len(piece)) / SPEECH_RATE_HZ
            for hypothesis in stream.feed(piece):
                yield end_s, hypothesis
        for hypothesis in stream.end():
            yield end_s, hypothesis


if __name__ == "__main__":
    sys.exit(main())
