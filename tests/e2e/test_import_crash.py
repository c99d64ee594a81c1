"""kill -9 at every stage of an import: nothing is missing at its end, nor there twice."""

import asyncio
import signal
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from tests.api.media_files import ffmpeg
from tests.e2e.running import Server, eventually
from tests.fixtures.clips import FIXTURES, TINY_MODEL, clips, word_error_rate

pytestmark = pytest.mark.soak

TIMES = 12
STAGES = (
    ("progress", "converting", 0.0),
    ("captioning", "captioning", 0.3),
    ("captioning", "captioning", 0.6),
)


def _long_file(folder: Path) -> Path:
    """All clips one after the other, again and again: some minutes of speech."""
    names = sorted((FIXTURES / "speech").glob("*.opus"))
    listed = folder / "list.txt"
    listed.write_text("".join(f"file '{name}'\n" for name in names))
    once, file = folder / "once.wav", folder / "long.wav"
    ffmpeg("-f", "concat", "-safe", "0", "-i", listed, "-ar", "48000", once)
    ffmpeg("-stream_loop", str(TIMES - 1), "-i", once, "-c", "copy", file)
    return file


def _send(server: Server, token: str, file: Path) -> str:
    request = urllib.request.Request(
        f"{server.url}/v1/recordings?name={file.name}",
        data=file.read_bytes(),
        headers={"Authorization": f"Bearer {token}"},
        method="POST",
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        assert answer.status == 201
        return str(answer.headers["Location"].rpartition("/")[2])


async def test_an_import_survives_kills_while_it_is_converted_and_captioned(tmp_path: Path) -> None:
    whisper = {"ROOMSCRIBE_ENGINE": "faster-whisper", "ROOMSCRIBE_MODEL": str(TINY_MODEL)}
    server = Server(tmp_path / "data", environment=whisper)
    file = await asyncio.to_thread(_long_file, tmp_path)
    try:
        await server.start()
        token = await server.sign_in("Ada")
        made = await asyncio.to_thread(_send, server, token, file)

        async def shown() -> dict[str, Any]:
            return await server.ask("GET", f"/v1/recordings/{made}")

        for field, step, share in STAGES:

            async def reached(field: str = field, step: str = step, share: float = share) -> bool:
                found = (await shown())[field]
                return bool(found) and found["step"] == step and found["share"] >= share

            await eventually(reached, within_s=120, what=f"{step} {share}", every_s=0.05)
            await server.stop(signal.SIGKILL)
            await server.start()

        async def over() -> bool:
            now = await shown()
            return now["phase"] == "finished" and not now["progress"] and not now["captioning"]

        await eventually(over, within_s=300, what="the end of the import", every_s=0.5)
        recording = await shown()
        text = await server.ask("GET", f"{recording['transcript_url']}json")
    finally:
        await server.stop()

    captions = text["captions"]
    starts = [caption["start"] for caption in captions]
    said = " ".join(clip.text for clip in clips())
    heard = " ".join(caption["text"] for caption in captions)
    assert len({caption["id"] for caption in captions}) == len(captions)
    assert starts == sorted(starts)
    assert text["gaps"] == []
    assert word_error_rate(" ".join([said] * TIMES), heard) <= 0.02
    assert recording["duration_s"] == pytest.approx(
        TIMES * sum(clip.length_s for clip in clips()), abs=1.0
    )
