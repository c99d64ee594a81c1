"""One room's stream over a process that may die: the `pipeline.recognition.Recognition`."""

import asyncio
import dataclasses
from collections.abc import Awaitable, Callable, Sequence

from asr.process import WorkerProcess
from asr.results import Results
from asr.wire import Begin, Close, End, Feed, Finish, Finished, Heard, Learn, Lighten, Open, Worked
from models.audio import SPEECH_RATE_HZ, Pcm
from models.transcript import Hypothesis
from pipeline.recognition import EngineBack, EngineLost, Progress


class RoomStream:
    """Passes a room's speech to a process and what it hears to the room.

    While no process runs, speech is dropped until the first utterance that begins after
    `EngineBack`, on trial or not. When the process dies, what was shown stays: each open segment
    becomes final with the words that were last shown, and only then `EngineLost` is said.
    """

    def __init__(
        self,
        *,
        language: str,
        terms: tuple[str, ...],
        translate: bool = False,
        leave: Callable[["RoomStream"], Awaitable[None]],
    ) -> None:
        self._language = language
        self._terms = terms
        self._translate = translate
        self._leave = leave
        self._results = Results()
        self._process: WorkerProcess | None = None
        self._number = 0
        self._light = False
        self._was_lost = False
        self._speaking = False
        self._finishing = False
        self._closed = False
        self._open: dict[int, Hypothesis] = {}
        self._first_segment = 0
        self._next_segment = 0
        self._sent = self._sent_samples = 0
        self._done = self._done_samples = 0
        self._moved_at = 0.0

    def begin(self, start_s: float) -> None:
        if self._process is not None and not self._finishing:
            self._speaking = True
            self._send(Begin(stream=self._number, start_s=start_s))

    def feed(self, pcm: Pcm) -> None:
        if self._speaking and len(pcm):
            self._sent_samples += len(pcm)
            self._send(Feed(stream=self._number, pcm=pcm))

    def end(self) -> None:
        if self._speaking:
            self._speaking = False
            self._send(End(stream=self._number))

    def learn(self, terms: Sequence[str]) -> None:
        if self._terms == (newest := tuple(terms)):
            return
        self._terms = newest  # a process that takes over is told these
        if self._process is not None:
            self._process.send(Learn(stream=self._number, terms=newest))

    def lighten(self, on: bool) -> None:
        self._light = on  # a process that takes over is told so
        if self._process is not None:
            self._process.send(Lighten(stream=self._number, on=on))

    def finish(self) -> None:
        if self._finishing:
            return
        self.end()
        self._finishing = True
        if self._process is None:
            self._results.close()
        else:
            self._send(Finish(stream=self._number))

    def results(self) -> Results:
        return self._results

    async def close(self) -> None:
        if self._closed:
            return
        self._closed = True
        if self._process is not None:
            self._process.send(Close(stream=self._number))
            self._process = None
        self._speaking = False
        self._results.close()
        await self._leave(self)

    @property
    def waits(self) -> bool:
        """Whether the process owes an answer."""
        return self._sent > self._done

    def attach(self, process: WorkerProcess, number: int, *, on_trial: bool = False) -> None:
        """Go on in a process that is ready, under the process's ``number`` for the room.

        One that is ``on_trial`` is fed, but only back for good when it is believed to work.
        """
        self._process, self._number = process, number
        self._first_segment = self._next_segment
        self._sent = self._sent_samples = self._done = self._done_samples = 0
        process.send(
            Open(
                stream=number,
                language=self._language,
                terms=self._terms,
                translate=self._translate,
            )
        )
        if self._light:
            process.send(Lighten(stream=number, on=True))
        if self._was_lost:
            self._was_lost = on_trial
            self._results.put(EngineBack(on_trial=on_trial))

    def believe(self) -> None:
        """Say that the process works, which was on trial."""
        if self._was_lost:
            self._was_lost = False
            self._results.put(EngineBack())

    def handle(self, message: Heard | Worked | Finished) -> None:
        """Take what the process says."""
        match message:
            case Heard(hypothesis=hypothesis):
                self._show(hypothesis)
            case Worked(until_s=until_s, settled=settled, samples=samples, commands=commands):
                self._done, self._done_samples = commands, samples
                self._moved_at = self._now()
                self._results.put(Progress(until_s=until_s, settled=settled))
            case Finished():
                self._results.close()

    def lost(self, note: str) -> None:
        """Say that the process is gone."""
        if self._process is None:
            return
        self._process, self._speaking = None, False
        for shown in self._open.values():
            self._results.put(dataclasses.replace(shown, final=True))
        self._open.clear()
        self.missing(note)
        if self._finishing:
            self._results.close()

    def missing(self, note: str) -> None:
        """Say that no process runs; `attach` says when one does."""
        self._was_lost = True
        self._results.put(EngineLost(note=note))

    def stuck(self, *, hang_s: float, backlog_s: float) -> bool:
        """Whether the process owes an answer for ``hang_s``, or ``backlog_s`` of audio."""
        hangs = self.waits and self._now() - self._moved_at > hang_s
        backlog = self._sent_samples - self._done_samples
        return hangs or backlog > backlog_s * SPEECH_RATE_HZ

    def _show(self, hypothesis: Hypothesis) -> None:
        segment = self._first_segment + hypothesis.segment
        numbered = dataclasses.replace(hypothesis, segment=segment)
        self._next_segment = max(self._next_segment, segment + 1)
        if numbered.final:
            self._open.pop(segment, None)
        else:
            self._open[segment] = numbered
        self._results.put(numbered)

    def _send(self, command: Begin | Feed | End | Finish) -> None:
        if self._process is None:
            return
        if self._sent == self._done:
            self._moved_at = self._now()
        if not isinstance(command, Finish):
            self._sent += 1
        self._process.send(command)

    @staticmethod
    def _now() -> float:
        return asyncio.get_running_loop().time()
