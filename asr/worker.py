"""A recogniser in a process of its own: ``python -m asr.worker --engine pocketsphinx``.

Frames of `asr.wire` come in on stdin and go out on stdout; the process ends with its stdin, so it
never outlives the server. Whatever libraries print goes to stderr.
"""

import argparse
import logging
import math
import os
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from asr.engine import Engine
from asr.runner import Runner
from asr.wire import (
    BadFrame,
    Begin,
    Close,
    Command,
    End,
    Failed,
    Feed,
    Finish,
    Learn,
    Lighten,
    Message,
    Open,
    Ready,
    Reply,
    frame_length,
    pack,
    unpack,
)
from models.errors import EngineUnavailable, RoomscribeError

log = logging.getLogger(__name__)

# With its decode, a caption that is shown at all comes within ten seconds of its last word.
LATE_S = 7.0

_SHORT_OF_MEMORY = (
    "allocate memory",
    "bad_alloc",
    "failed to map segment",
    "out of memory",
    "start new thread",
)


def load(options: argparse.Namespace) -> Engine:
    """Load an engine by name; each brings its heavy library only when it is asked for."""
    match options.engine:
        case "pocketsphinx":
            from asr.sphinx import SphinxEngine

            return SphinxEngine()
        case "faster-whisper":
            from asr.whisper import WhisperEngine, WhisperOptions

            return WhisperEngine(
                options.model,
                WhisperOptions(
                    workers=options.workers,
                    threads=options.threads,
                    batch=options.batch,
                    device=options.device,
                    device_index=options.device_index,
                    compute_type=options.compute_type,
                    short_context=options.short_context,
                    late_s=math.inf if options.patient else LATE_S,
                ),
                smaller=options.smaller,
                smaller_short_context=options.smaller_short_context,
            )
        case "scripted":
            from asr.scripted import ScriptedEngine, load_script

            return ScriptedEngine(load_script(Path(options.model)))
    raise EngineUnavailable(f"There is no engine called {options.engine}.")


class Worker:
    """Reads commands, gives each stream's to its thread, and writes what the threads say."""

    def __init__(self, commands: BinaryIO, replies: BinaryIO) -> None:
        self._commands = commands
        self._replies = replies
        self._writing = threading.Lock()
        self._runners: dict[int, Runner] = {}

    def reply(self, message: Reply) -> None:
        """Write one reply; a server that went away ends the process."""
        try:
            with self._writing:
                self._replies.write(pack(message))
                self._replies.flush()
        except (BrokenPipeError, ValueError):
            os._exit(0)

    def serve(self, engine: Engine) -> None:
        """Handle commands until stdin ends."""
        self.reply(Ready(info=engine.info))
        while (message := self._read()) is not None:
            self._handle(engine, message)

    def _give_up(self, error: Exception) -> None:
        """End the process: the server starts a fresh one, which is the one cure for every fault."""
        self.reply(Failed(message="The recogniser failed.", memory=_lacks_memory(error)))
        os._exit(1)

    def _read(self) -> Message | None:
        prefix = self._commands.read(4)
        if len(prefix) < 4:
            return None
        length = frame_length(prefix)
        body = self._commands.read(length)
        return unpack(body) if len(body) == length else None

    def _handle(self, engine: Engine, message: Message) -> None:
        match message:
            case Open(stream=number, language=language, terms=terms, translate=translate):
                self._runners[number] = Runner(
                    number,
                    lambda: engine.stream(language=language, terms=terms, translate=translate),
                    self.reply,
                    self._give_up,
                )
            case Learn(stream=number, terms=terms):
                if (learner := self._runners.get(number)) is not None:
                    learner.learn(terms)
            case Lighten(stream=number, on=on):
                if (lightened := self._runners.get(number)) is not None:
                    lightened.lighten(on)
            case Close(stream=number):
                runner = self._runners.pop(number, None)
                if runner is not None:
                    runner.close()
            case Begin() | Feed() | End() | Finish():
                self._pass_on(message)

    def _pass_on(self, command: Command) -> None:
        runner = self._runners.get(command.stream)
        if runner is not None and isinstance(command, Begin | Feed | End | Finish):
            runner.put(command)


def _lacks_memory(error: BaseException) -> bool:
    return isinstance(error, MemoryError) or any(sign in str(error) for sign in _SHORT_OF_MEMORY)


def _failed(engine: str, error: Exception) -> Failed:
    """Say why an engine cannot be loaded; libraries have many ways to say that memory is short."""
    cause = error.__cause__ or error
    if isinstance(error, RoomscribeError):
        message = str(error)
    elif isinstance(error, ModuleNotFoundError):
        message = f"{engine} is not installed ({error.name})."
    else:
        message = f"{engine} cannot be loaded ({type(error).__name__})."
    return Failed(message=message, memory=_lacks_memory(cause))


def _take_stdout() -> BinaryIO:
    """Keep stdout for frames and send what anything else prints there to stderr."""
    frames = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return frames


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the worker; exits 1 after `Failed` when the engine cannot run."""
    parser = argparse.ArgumentParser(prog="python -m asr.worker", description=__doc__)
    parser.add_argument("--engine", required=True)
    parser.add_argument("--model", default="")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--batch", type=int, default=1)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--device-index", type=int, default=0)
    parser.add_argument("--compute-type", default="int8")
    parser.add_argument("--short-context", action="store_true")
    parser.add_argument("--smaller", default="")
    parser.add_argument("--smaller-short-context", action="store_true")
    parser.add_argument("--patient", action="store_true")
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.WARNING, format="recogniser: %(message)s")
    worker = Worker(sys.stdin.buffer, _take_stdout())
    try:
        engine = load(options)
    except (RoomscribeError, ImportError, MemoryError, RuntimeError, OSError) as error:
        worker.reply(_failed(options.engine, error))
        return 1
    try:
        worker.serve(engine)
    except BadFrame:
        log.error("the server sent a frame that cannot be read")
        return 1
    return 0


if __name__ == "__main__":
    code = main()
    sys.stderr.flush()
    # Threads may be deep in a library that does not hear of interpreter shutdown.
    os._exit(code)
