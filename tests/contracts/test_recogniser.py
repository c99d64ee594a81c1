"""What every recogniser keeps to, whatever engine and process it runs in."""

import asyncio
import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from asr.choose import sphinx_spec, whisper_spec
from asr.inprocess import InProcess
from asr.process import WorkerSpec
from asr.scripted import ScriptedEngine, load_script
from asr.supervisor import Supervised
from models.caption import EngineInfo
from models.transcript import Hypothesis, Word
from pipeline.recognition import Progress, Recogniser, RecognitionEvent
from tests.fixtures.clips import TINY_MODEL, Clip, clips, word_error_rate

STARTS_S = (5.0, 20.0)
CHUNK = 512


@dataclass(frozen=True, kw_only=True)
class Heard:
    """All that a recogniser said about two utterances, and the processes it left."""

    events: list[RecognitionEvent]
    said: tuple[Clip, ...]
    worst: float
    left_over: list[int]

    @property
    def hypotheses(self) -> list[Hypothesis]:
        return [event for event in self.events if isinstance(event, Hypothesis)]

    @property
    def finals(self) -> list[Hypothesis]:
        return [hypothesis for hypothesis in self.hypotheses if hypothesis.final]

    @property
    def words(self) -> list[Word]:
        return [word for final in self.finals for word in final.words]


def script_file(folder: Path) -> Path:
    lines = [
        {"start_s": start_s + 0.2, "end_s": start_s + clip.length_s - 0.3, "text": clip.text}
        for start_s, clip in zip(STARTS_S, clips(), strict=False)
    ]
    path = folder / "script.json"
    path.write_text(json.dumps({"lines": lines}))
    return path


def scripted_in_process(folder: Path) -> Recogniser:
    return InProcess(ScriptedEngine(load_script(script_file(folder))))


def scripted(folder: Path) -> Recogniser:
    info = EngineInfo(name="scripted", model="", quality="good")
    return Supervised(WorkerSpec(engine="scripted", info=info, model=str(script_file(folder))))


def pocketsphinx(folder: Path) -> Recogniser:
    return Supervised(sphinx_spec())


def faster_whisper(folder: Path) -> Recogniser:
    return Supervised(whisper_spec(TINY_MODEL, "tiny-domain"))


ADAPTERS: dict[str, tuple[Callable[[Path], Recogniser], float]] = {
    "scripted-in-process": (scripted_in_process, 0.0),
    "scripted": (scripted, 0.0),
    "pocketsphinx": (pocketsphinx, 0.6),
    "faster-whisper": (faster_whisper, 0.1),
}


async def listen(recogniser: Recogniser) -> tuple[list[RecognitionEvent], list[int]]:
    """Say two sentences; new words, and a smaller model that is not there, disturb nothing."""
    pids: list[int] = []
    async with asyncio.timeout(120):
        stream = await recogniser.open(language="en")
        for start_s, clip in zip(STARTS_S, clips(), strict=False):
            stream.begin(start_s)
            for at in range(0, len(clip.pcm), CHUNK):
                if not at % (100 * CHUNK):
                    stream.learn(("Kestrel", f"Person {at}"))
                    stream.lighten(at == 0)
                stream.feed(clip.pcm[at : at + CHUNK])
            stream.end()
            stream.learn(("Kestrel", "Thaddeus Okonkwo"))
        stream.finish()
        events = [event async for event in stream.results()]
        if isinstance(recogniser, Supervised):
            pids = list(recogniser.pids)
            assert pids
        await stream.close()
        await recogniser.close()
    return events, [pid for pid in pids if alive(pid)]


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.fixture(scope="module", params=ADAPTERS)
def heard(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Heard:
    make, worst = ADAPTERS[request.param]
    recogniser = make(tmp_path_factory.mktemp("script"))
    events, left_over = asyncio.run(listen(recogniser))
    return Heard(events=events, said=clips()[:2], worst=worst, left_over=left_over)


def test_what_was_said_is_heard(heard: Heard) -> None:
    reference = " ".join(clip.text for clip in heard.said)
    text = " ".join(word.text for word in heard.words)
    assert word_error_rate(reference, text) <= heard.worst


def test_every_segment_that_was_shown_becomes_final_once(heard: Heard) -> None:
    shown = {hypothesis.segment for hypothesis in heard.hypotheses}
    assert sorted(final.segment for final in heard.finals) == sorted(shown)


def test_nothing_is_said_about_a_segment_after_its_final(heard: Heard) -> None:
    done: set[int] = set()
    for hypothesis in heard.hypotheses:
        assert hypothesis.segment not in done
        if hypothesis.final:
            done.add(hypothesis.segment)


def test_words_lie_in_order_inside_their_utterance(heard: Heard) -> None:
    spans = [
        (start_s, start_s + clip.length_s)
        for start_s, clip in zip(STARTS_S, heard.said, strict=True)
    ]
    for final in heard.finals:
        (span,) = [s for s in spans if s[0] <= final.words[0].start_s < s[1]]
        starts = [word.start_s for word in final.words]
        assert starts == sorted(starts)
        assert span[0] <= starts[0]
        assert all(word.start_s <= word.end_s <= span[1] + 1e-6 for word in final.words)


def test_stable_words_never_change(heard: Heard) -> None:
    stable: dict[int, list[str]] = {}
    for hypothesis in heard.hypotheses:
        texts = [word.text for word in hypothesis.words]
        kept = stable.get(hypothesis.segment, [])
        assert texts[: len(kept)] == kept
        stable[hypothesis.segment] = texts[: hypothesis.stable]


def test_confidences_are_probabilities(heard: Heard) -> None:
    assert all(0 <= word.confidence <= 1 for word in heard.words)


def test_finish_says_the_tail_before_the_results_end(heard: Heard) -> None:
    tail = [word for word in heard.words if word.start_s >= STARTS_S[-1]]
    assert tail
    progress = [event for event in heard.events if isinstance(event, Progress)]
    assert progress[-1].until_s == pytest.approx(STARTS_S[-1] + heard.said[-1].length_s, abs=1e-3)


def test_each_utterance_settles_after_its_finals(heard: Heard) -> None:
    settled = [e.until_s for e in heard.events if isinstance(e, Progress) and e.settled]
    ends = [start_s + c.length_s for start_s, c in zip(STARTS_S, heard.said, strict=True)]
    assert settled == pytest.approx(ends, abs=1e-3)
    first = next(i for i, e in enumerate(heard.events) if isinstance(e, Progress) and e.settled)
    later = [e for e in heard.events[first:] if isinstance(e, Hypothesis) and e.words]
    assert all(hypothesis.words[0].start_s >= STARTS_S[1] for hypothesis in later)


def test_closing_leaves_no_process(heard: Heard) -> None:
    assert heard.left_over == []
