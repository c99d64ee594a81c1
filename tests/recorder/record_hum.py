"""A process that records, for tests that kill it or take its disk away.

``record_hum.py PACKETS ROOT MODE``: PACKETS is a file of length-prefixed Opus packets. In MODE
``kill`` it records without end, in ``full`` to the end while a ballast file comes and goes. It
prints one line for each thing that a test wants to know.
"""

import asyncio
import sys
from collections.abc import AsyncIterator
from pathlib import Path

from models.audio import FRAME_SAMPLES, Frame
from recorder.recording import Recorder
from tests.recorder.taps import SILENT_PCM, TEA


def packets_in(path: Path) -> list[bytes]:
    data, packets = path.read_bytes(), []
    while data:
        end = 2 + int.from_bytes(data[:2], "big")
        packets.append(data[2:end])
        data = data[end:]
    return packets


async def play(packets: list[bytes], root: Path, mode: str) -> AsyncIterator[Frame]:
    index = 0
    while mode == "kill" or index < len(packets):
        yield Frame(
            sample=index * FRAME_SAMPLES, pcm=SILENT_PCM, packet=packets[index % len(packets)]
        )
        index += 1
        if mode == "kill" and index % 50 == 0:
            tell(index)
        if mode == "full" and index == 150:
            fill(root / "ballast")
        if mode == "full" and index == 350:
            (root / "ballast").unlink()


def tell(*words: object) -> None:
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


def fill(path: Path) -> None:
    with path.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(512))
        except OSError:
            return


async def main() -> None:
    packets, root, mode = packets_in(Path(sys.argv[1])), Path(sys.argv[2]), sys.argv[3]
    recorder = Recorder(root, segment_s=1.0)
    recording = await recorder.record(
        TEA,
        play(packets, root, mode),
        pre_skip=312,
        on_state=lambda note, low: tell("low" if low else "state", note),
    )
    tell("phase", recording.phase)
    for loss in recording.losses:
        tell("loss", loss.first_sample, loss.samples, loss.reason)


if __name__ == "__main__":
    asyncio.run(main())
