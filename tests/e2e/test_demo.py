"""``roomscribe demo``, as a newcomer sees it."""

import asyncio
import os
import re
import signal
import sys
from pathlib import Path

from api.demo.conversation import load

_WRONG_AT_MOST = 25.0  # per cent, on a machine that is busy with other tests


async def _demo(folder: Path, *arguments: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "api.cli",
        "demo",
        "--port",
        "0",
        "--data-dir",
        str(folder),
        *arguments,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        env={
            **os.environ,
            "HF_HUB_OFFLINE": "1",
            "PYTHONUNBUFFERED": "1",
            "ROOMSCRIBE_ENGINE": "pocketsphinx",
            "ROOMSCRIBE_ICE_ADDRESSES": "127.0.0.1",
        },
    )


def _paths(output: str, name: str) -> list[Path]:
    return [Path(path) for path in re.findall(rf"^{name}: +(\S+)$", output, re.MULTILINE)]


async def test_one_conversation_ends_with_its_transcript_and_an_honest_error_rate(
    tmp_path: Path,
) -> None:
    demo = await _demo(tmp_path, "--once")
    async with asyncio.timeout(180):
        output = (await demo.communicate())[0].decode()
    assert demo.returncode == 0, output
    captions, _, end = output.partition("\nTranscript\n")
    assert re.search(r"^ +\d:\d\d  Ada: \w+", captions, re.MULTILINE)
    assert re.search(r"^ +\d:\d\d  Ben: \w+", captions, re.MULTILINE)
    rate = re.search(r"Word error rate against the script: (\d+\.\d)%", end)
    assert rate is not None
    assert float(rate[1]) <= _WRONG_AT_MOST
    assert "basic quality" in end
    assert load().title in end
    assert [path.suffix for path in _paths(end, "Transcript")] == [".vtt", ".txt"]
    assert all(path.stat().st_size > 500 for path in _paths(end, "Transcript"))
    assert _paths(end, "Recording")[0].stat().st_size > 100_000


async def test_ctrl_c_finishes_the_recording_and_says_where_everything_is(tmp_path: Path) -> None:
    demo = await _demo(tmp_path)
    assert demo.stdout is not None
    output = ""
    async with asyncio.timeout(90):
        while "Ben: " not in output:
            output += (await demo.stdout.readline()).decode()
        demo.send_signal(signal.SIGINT)
        output += (await demo.stdout.read()).decode()
        await demo.wait()
    assert demo.returncode == 0, output
    assert _paths(output, "Recording")[0].stat().st_size > 10_000
    assert len(_paths(output, "Transcript")) == 2
    assert "Traceback" not in output
