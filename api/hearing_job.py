"""A recording heard as a whole, in a process of its own that gives way to rooms that are live.

``python -m api.hearing_job`` reads an order from its standard input and writes what it hears, a
line for each stretch (`api.hearing_order`). It ends when its standard input does: that is when who
started it is gone. It keeps nothing: who reads the lines knows where to go on.
"""

import asyncio
import logging
import os
import signal
import sys
import threading
from pathlib import Path

from api import bootstrap
from api.hearing_order import Began, Failed, Order, Over, Said, dumps
from models.audio import SPEECH_RATE_HZ
from models.errors import RoomscribeError
from pipeline.silero import SileroDetector
from pipeline.whole import Cutter, listen
from recorder import media

_NICE = 15  # behind files that somebody waits for, which are behind captions and sound


async def hear(order: Order) -> None:
    """Say what is heard. Raises `RoomscribeError`."""
    # No download without anybody who sees it, and no second place where a live room is decoded.
    alone = {"download": False, "processes": 1, "workers": 1, "smaller_model": ""}
    settings = order.settings.model_copy(update=alone)
    choice = await bootstrap.engine(settings, language=order.language, patient=True)
    try:
        info = choice.recogniser.info
        _say(Began(engine=info.name, model=info.model))
        sound = media.decode(Path(order.file), rate_hz=SPEECH_RATE_HZ, from_s=order.from_s)
        heard = listen(
            sound,
            choice.recogniser,
            Cutter(SileroDetector(), order.from_s),
            language=order.language,
            terms=order.terms,
            at_once=choice.share.batch if choice.share else 1,
        )
        async for listened in heard:
            _say(listened)
        _say(Over())
    finally:
        await choice.recogniser.close()


def _say(said: Said) -> None:
    sys.stdout.write(dumps(said))
    sys.stdout.flush()


def _end_with_parent() -> None:
    while os.read(sys.stdin.fileno(), 1024):
        pass
    os.killpg(os.getpgrp(), signal.SIGKILL)  # ffmpeg, too; the recogniser ends with its pipe


def main() -> int:
    """Carry out the order on standard input."""
    os.nice(_NICE)
    order = Order.loads(sys.stdin.readline())
    logging.basicConfig(
        level=order.settings.log_level.upper(), format="%(levelname)s %(name)s: %(message)s"
    )
    threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        asyncio.run(hear(order))
    except RoomscribeError as error:
        _say(Failed(note=str(error)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
