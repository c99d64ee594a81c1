import threading
from collections.abc import Iterator, Sequence

import numpy as np

from asr.runner import Runner
from asr.wire import Begin, End, Feed, Finish, Finished, Reply
from models.audio import SPEECH_RATE_HZ, Pcm
from models.transcript import Hypothesis

AUDIO = np.zeros(160, np.int16)


class Pupil:
    """A stream that learns between utterances only, and can be held up in the middle of one."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.fed, self.go_on = threading.Event(), threading.Event()
        self._speaking = False

    def begin(self, start_s: float) -> None:
        self._speaking = True
        self.done.append("begin")

    def learn(self, terms: Sequence[str]) -> bool:
        if not self._speaking:
            self.done.append(f"learn {terms[0]}")
        return not self._speaking

    def feed(self, pcm: Pcm) -> Iterator[Hypothesis]:
        self.done.append(f"feed {len(pcm)}")
        self.fed.set()
        assert self.go_on.wait(10)
        return iter(())

    def end(self, rest: Pcm | None = None) -> Iterator[Hypothesis]:
        self._speaking = False
        self.done.append("end" if rest is None else f"end {len(rest)}")
        return iter(())


class Class:
    """A pupil with its runner."""

    def __init__(self) -> None:
        self.pupil = Pupil()
        self.finished = threading.Event()
        self.runner = Runner(0, lambda: self.pupil, self._emit, lambda _: None)

    def _emit(self, reply: Reply) -> None:
        if isinstance(reply, Finished):
            self.finished.set()

    def finish(self) -> list[str]:
        self.pupil.go_on.set()
        self.runner.put(Finish(stream=0))
        assert self.finished.wait(10)
        self.runner.close()
        assert self.runner.join(10)
        return self.pupil.done


def test_words_that_come_in_an_utterance_are_learnt_right_after_it() -> None:
    one = Class()
    one.runner.put(Begin(stream=0, start_s=0.0))
    one.runner.put(Feed(stream=0, pcm=AUDIO))
    assert one.pupil.fed.wait(10)

    one.runner.learn(["Ada"])
    for job in (End(stream=0), Begin(stream=0, start_s=1.0), Feed(stream=0, pcm=AUDIO)):
        one.runner.put(job)

    expected = ["begin", "feed 160", "end", "learn Ada", "begin", "feed 160"]
    assert one.finish() == expected


def test_of_words_that_changed_ten_thousand_times_the_newest_are_learnt() -> None:
    one = Class()
    one.runner.put(Begin(stream=0, start_s=0.0))
    one.runner.put(Feed(stream=0, pcm=AUDIO))
    assert one.pupil.fed.wait(10)

    for number in range(10_000):
        one.runner.learn([str(number)])
    one.runner.put(End(stream=0))

    assert one.finish() == ["begin", "feed 160", "end", "learn 9999"]


def test_words_are_learnt_at_once_while_nobody_speaks() -> None:
    one = Class()
    learnt = threading.Event()
    one.pupil.learn = lambda terms: learnt.set() or True  # type: ignore[method-assign,func-returns-value]

    one.runner.learn(["Ada"])

    assert learnt.wait(10)
    one.finish()


def test_a_stream_goes_over_to_its_smaller_model_between_two_steps() -> None:
    one = Class()
    one.pupil.lighten = lambda on: one.pupil.done.append(f"light {on}")  # type: ignore[attr-defined]
    one.runner.put(Begin(stream=0, start_s=0.0))
    one.runner.put(Feed(stream=0, pcm=AUDIO))
    assert one.pupil.fed.wait(10)

    one.runner.lighten(True)
    one.runner.put(Feed(stream=0, pcm=AUDIO))
    one.runner.put(End(stream=0))

    assert one.finish() == ["begin", "feed 160", "light True", "end 160"]


def test_speech_that_waits_with_its_end_is_one_step_with_it() -> None:
    one = Class()
    one.runner.put(Begin(stream=0, start_s=0.0))
    one.runner.put(Feed(stream=0, pcm=AUDIO))
    assert one.pupil.fed.wait(10)

    for job in (Feed(stream=0, pcm=AUDIO), Feed(stream=0, pcm=AUDIO), End(stream=0)):
        one.runner.put(job)

    assert one.finish() == ["begin", "feed 160", "end 320"]


def test_an_utterance_that_is_given_whole_is_one_step() -> None:
    one = Class()
    one.pupil.go_on.set()
    one.runner.put(Begin(stream=0, start_s=0.0))
    one.runner.put(Feed(stream=0, pcm=np.zeros(SPEECH_RATE_HZ, np.int16)))
    one.runner.put(End(stream=0))

    assert one.finish() == ["begin", "end 16000"]
