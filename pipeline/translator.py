"""A recognition stream that translates one utterance after another: one question, one answer.

The stream is opened for a language when it is first needed, and anew when another is spoken. What
it says is followed all the time, so that an engine which died while it had nothing to do is known
to be back before it is asked again.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

from models.audio import SPEECH_RATE_HZ, Pcm
from models.errors import EngineUnavailable
from models.transcript import Hypothesis
from pipeline.recognition import EngineBack, EngineLost, Progress, Recognition, RecognitionEvent

Open = Callable[[str], Awaitable[Recognition]]
_Answer = list[Hypothesis] | None

_SAMPLE_S = 1 / SPEECH_RATE_HZ


class Translator:
    """Asks a stream that ``open_stream`` gives for a language."""

    def __init__(self, open_stream: Open) -> None:
        self._open_stream = open_stream
        self._language = ""
        self._following: asyncio.Task[None] | None = None
        self._recognition: Recognition | None = None
        self._runs = asyncio.Event()
        self._heard: list[Hypothesis] = []
        self._asked_until_s = 0.0
        self._answer: asyncio.Future[_Answer] | None = None

    async def translate(self, start_s: float, pcm: Pcm, *, language: str) -> _Answer:
        """Give the finals of an utterance in English; None when the engine was lost over it."""
        try:
            recognition = await self._ready(language)
        except EngineUnavailable:
            return None
        self._heard = []
        self._asked_until_s = start_s + len(pcm) / SPEECH_RATE_HZ
        self._answer = asyncio.get_running_loop().create_future()
        recognition.begin(start_s)
        recognition.feed(pcm)
        recognition.end()
        heard = await self._answer
        if self._following and self._following.done():
            self._following.result()  # an error is news
        return heard

    def learn(self, terms: Sequence[str]) -> None:
        """Take these as the room's own words from now on."""
        if self._recognition:
            self._recognition.learn(terms)

    async def close(self) -> None:
        """Give the stream back."""
        recognition, self._recognition = self._recognition, None
        following, self._following = self._following, None
        if recognition and following:
            following.cancel()
            await asyncio.wait([following])
            await recognition.close()

    async def _ready(self, language: str) -> Recognition:
        """Give a stream whose engine runs. Raises `EngineUnavailable`."""
        if language != self._language or self._following is None or self._following.done():
            await self.close()
            self._recognition = await self._open_stream(language)
            self._language = language
            self._runs.set()
            self._following = asyncio.create_task(self._follow(self._recognition.results()))
        await self._runs.wait()
        if self._recognition is None or self._following.done():
            raise EngineUnavailable("the recogniser did not come back")
        return self._recognition

    async def _follow(self, events: AsyncIterator[RecognitionEvent]) -> None:
        try:
            async for event in events:
                match event:
                    case Hypothesis(final=True, words=words) if words:
                        self._heard.append(event)
                    case Progress(settled=True, until_s=until_s):
                        if until_s >= self._asked_until_s - _SAMPLE_S:
                            self._reply(self._heard)
                    case EngineLost():
                        self._runs.clear()
                        self._reply(None)
                    case EngineBack():
                        self._runs.set()
        finally:
            self._runs.set()
            self._reply(None)

    def _reply(self, heard: _Answer) -> None:
        answer, self._answer = self._answer, None
        if answer and not answer.done():
            answer.set_result(heard)
