"""An engine beside the event loop, in a thread: for tests and tools, where nothing may die."""

import asyncio
import contextlib
from collections.abc import Callable, Sequence

from asr.engine import Engine, Stream
from asr.results import Results
from asr.runner import Runner
from asr.wire import Begin, End, Feed, Finish, Finished, Heard, Reply, Worked
from models.audio import Pcm
from models.caption import EngineInfo
from pipeline.recognition import EngineLost, Progress


class InProcess:
    """A `Recogniser` over a loaded engine; progress is exact, so virtual time can wait for it."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._streams: set[InProcessStream] = set()

    @property
    def info(self) -> EngineInfo:
        """What listeners are told about the engine."""
        return self._engine.info

    async def start(self) -> None:
        """Do nothing: the engine is loaded."""

    async def open(
        self, *, language: str, terms: Sequence[str] = (), translate: bool = False
    ) -> "InProcessStream":
        """Open a stream with a thread of its own."""
        stream = InProcessStream(
            lambda: self._engine.stream(language=language, terms=terms, translate=translate),
            self._streams.discard,
        )
        self._streams.add(stream)
        return stream

    async def close(self) -> None:
        """Stop every stream."""
        for stream in list(self._streams):
            await stream.close()


class InProcessStream:
    """A `Recognition` over one runner; an engine that raises ends it with `EngineLost`."""

    def __init__(
        self,
        open_stream: Callable[[], Stream],
        leave: Callable[["InProcessStream"], None],
    ) -> None:
        self._results = Results()
        self._leave = leave
        self._loop = asyncio.get_running_loop()
        self._speaking = False
        self._finishing = False
        self._runner = Runner(
            0,
            open_stream,
            self._emit,
            lambda _: self._soon(self._break),
        )

    def begin(self, start_s: float) -> None:
        if not self._finishing:
            self._speaking = True
            self._runner.put(Begin(stream=0, start_s=start_s))

    def feed(self, pcm: Pcm) -> None:
        if self._speaking and len(pcm):
            self._runner.put(Feed(stream=0, pcm=pcm))

    def end(self) -> None:
        if self._speaking:
            self._speaking = False
            self._runner.put(End(stream=0))

    def learn(self, terms: Sequence[str]) -> None:
        self._runner.learn(terms)

    def lighten(self, on: bool) -> None:
        self._runner.lighten(on)

    def finish(self) -> None:
        if not self._finishing:
            self.end()
            self._finishing = True
            self._runner.put(Finish(stream=0))

    def results(self) -> Results:
        return self._results

    async def close(self) -> None:
        self._runner.close()
        self._results.close()
        self._leave(self)
        await asyncio.to_thread(self._runner.join, 5.0)

    def _emit(self, reply: Reply) -> None:
        self._soon(lambda: self._take(reply))

    def _soon(self, call: Callable[[], None]) -> None:
        # The loop may have ended while the engine was still at work.
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(call)

    def _take(self, reply: Reply) -> None:
        match reply:
            case Heard(hypothesis=hypothesis):
                self._results.put(hypothesis)
            case Worked(until_s=until_s, settled=settled):
                self._results.put(Progress(until_s=until_s, settled=settled))
            case Finished():
                self._results.close()

    def _break(self) -> None:
        self._results.put(EngineLost(note="The recogniser failed."))
        self._results.close()
