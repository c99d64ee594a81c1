"""The thread that drives one engine stream, in a recogniser process or beside an event loop."""

import logging
import threading
from collections import deque
from collections.abc import Callable, Sequence

import numpy as np

from asr.engine import Lightened, Stream
from asr.wire import Begin, End, Feed, Finish, Finished, Heard, Reply, Worked
from models.audio import SPEECH_RATE_HZ, Pcm

log = logging.getLogger(__name__)

Job = Begin | Feed | End | Finish

# A piece this long was held back by the overload ladder; the end of its utterance may follow.
_LONG_SAMPLES = SPEECH_RATE_HZ
_END_FOLLOWS_S = 0.02


class Runner:
    """Works one stream's commands off in order, in a thread of its own.

    Audio that queued up while the engine worked is given to it as one piece, so an engine that
    falls behind does fewer and larger steps; the end of the utterance, when it is there too, is one
    with them. The queue holds what the server sent and has not been
    told to be worked on, which the server bounds (`asr.host.Limits.backlog_s`). Of terms that
    wait for the stream to be able to learn, only the newest are kept.

    ``emit`` is called from the thread; ``broke`` is called once, last, when the engine raised.
    """

    def __init__(
        self,
        number: int,
        open_stream: Callable[[], Stream],
        emit: Callable[[Reply], None],
        broke: Callable[[Exception], None],
    ) -> None:
        self._number = number
        self._open_stream = open_stream
        self._emit = emit
        self._broke = broke
        self._jobs: deque[Job] = deque()
        self._terms: Sequence[str] | None = None
        self._light = False
        self._asked = False
        self._changed = threading.Condition()
        self._closed = False
        self._until_s = 0.0
        self._samples = 0
        self._commands = 0
        self._thread = threading.Thread(target=self._run, name=f"stream-{number}", daemon=True)
        self._thread.start()

    def put(self, job: Job) -> None:
        """Add a command; never blocks."""
        with self._changed:
            if not self._closed:
                self._jobs.append(job)
                self._changed.notify()

    def learn(self, terms: Sequence[str]) -> None:
        """Give the stream the room's own words once it can take them; never blocks."""
        with self._changed:
            self._terms, self._asked = terms, True
            self._changed.notify()

    def lighten(self, on: bool) -> None:
        """Let the stream go over to its smaller model, if it has one, or back; never blocks."""
        with self._changed:
            self._light, self._asked = on, True
            self._changed.notify()

    def close(self) -> None:
        """Forget what waits and end the thread after the call it is in; nothing more is emitted."""
        with self._changed:
            self._closed = True
            self._jobs.clear()
            self._changed.notify()

    def join(self, timeout_s: float) -> bool:
        """Wait for the thread; True when it has ended."""
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _teach(self, stream: Stream) -> None:
        """Let the stream listen with the right model, and learn the newest terms, if it can."""
        with self._changed:
            asked, self._asked = self._asked, False
            terms, light = self._terms, self._light
        if asked and isinstance(stream, Lightened):
            stream.lighten(light)
        if terms is not None and stream.learn(terms):
            with self._changed:
                self._terms = None if self._terms is terms else self._terms

    def _take(self) -> tuple[Job, Pcm | None, int] | None:
        """Wait for work: a job, its samples, and how many commands it stands for.

        None for terms alone.
        """
        with self._changed:
            while not (self._jobs or self._closed or self._asked):
                self._changed.wait()
            if self._closed or not self._jobs:
                return None
            job = self._jobs.popleft()
            if not isinstance(job, Feed):
                return job, None, 1
            pieces = [job.pcm]
            if len(job.pcm) >= _LONG_SAMPLES and not self._jobs:
                self._changed.wait(_END_FOLLOWS_S)
            while self._jobs and isinstance(self._jobs[0], Feed):
                following = self._jobs.popleft()
                assert isinstance(following, Feed)
                pieces.append(following.pcm)
            count = len(pieces)
            if self._jobs and isinstance(self._jobs[0], End):
                job, count = self._jobs.popleft(), count + 1
            return job, np.concatenate(pieces), count

    def _run(self) -> None:
        try:
            stream = self._open_stream()
            while not self._closed:
                self._teach(stream)
                if (taken := self._take()) is not None:
                    self._do(stream, *taken)
        except Exception as error:
            # The message of an engine's exception may hold what was said; its type may not.
            log.error("the recogniser failed with %s", type(error).__name__)
            if not self._closed:
                self._broke(error)

    def _do(self, stream: Stream, job: Job, pcm: Pcm | None, commands: int) -> None:
        if pcm is not None:
            self._until_s += len(pcm) / SPEECH_RATE_HZ
            self._samples += len(pcm)
        match job:
            case Begin(start_s=start_s):
                stream.begin(start_s)
                self._until_s = start_s
            case Feed() if pcm is not None:
                for hypothesis in stream.feed(pcm):
                    self._say(Heard(stream=self._number, hypothesis=hypothesis))
            case End():
                for hypothesis in stream.end(pcm):
                    self._say(Heard(stream=self._number, hypothesis=hypothesis))
            case Finish():
                self._say(Finished(stream=self._number))
                return
        self._commands += commands
        self._say(
            Worked(
                stream=self._number,
                until_s=self._until_s,
                samples=self._samples,
                commands=self._commands,
                settled=isinstance(job, End),
            )
        )

    def _say(self, reply: Reply) -> None:
        if not self._closed:
            self._emit(reply)
