"""kill -9 while a recording is being deleted: afterwards it is there as it was, or not at all."""

import asyncio
import random
import shutil
import signal
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from recorder import choices
from tests.api.recorded import recorded
from tests.api.running import Person, final, running
from tests.api.test_deleting import where
from tests.e2e.running import Server, eventually

CAPTIONS = 400


async def prepared(folder: Path) -> tuple[str, str, Person]:
    """Make a recording in which a walrus is spoken of at length; gives room, it and host."""
    async with running(folder) as server:
        host = await server.sign_in()
        room, recording = await recorded(server, host)
        for number in range(CAPTIONS):
            said = final(f"The walrus sings for the time of number {number}.", start_s=number / 250)
            await server.app.journal.append(room, 1, replace(said, id=f"c{number}"))
        await server.http.get(f"/v1/recordings/{recording}/media", params={"format": "m4a"})
    return room, recording, host


async def killed(folder: Path, recording: str, host: Person, after_s: float | None) -> None:
    """Have it deleted by a server that is killed so long after it was asked, or has noted it."""
    script = {"ROOMSCRIBE_ENGINE": "scripted", "ROOMSCRIBE_MODEL": str(folder / "script.json")}
    server = Server(folder, environment=script)
    home = folder / "recordings" / recording

    async def noted() -> bool:
        return not home.is_dir() or choices.load(home).doom is not None

    await server.start()
    async with httpx.AsyncClient(base_url=server.url, headers=host.headers) as http:
        deleting = asyncio.create_task(http.delete(f"/v1/recordings/{recording}"))
        if after_s is None:
            await eventually(noted, within_s=20, what="the note", every_s=0.001)
        else:
            await asyncio.sleep(after_s)  # any moment: that is the trial
        await server.stop(signal.SIGKILL)
        with suppress(httpx.HTTPError):
            await deleting


async def trials(tmp_path: Path, moments_s: Sequence[float | None]) -> None:
    template = tmp_path / "template"
    template.mkdir()
    room, recording, host = await prepared(template)
    for number, after_s in enumerate(moments_s):
        folder = tmp_path / str(number)
        shutil.copytree(template, folder)
        await killed(folder, recording, host, after_s)
        async with running(folder) as server:
            reply = await server.http.get(f"/v1/recordings/{recording}")
            left = where("walrus", folder)
            if reply.status_code == 200 and after_s is not None:
                assert (await server.http.get(f"/v1/recordings/{recording}/media")).is_success
                url = f"/v1/rooms/{room}/transcript?instance=1&format=txt"
                assert (await server.http.get(url)).text.count("walrus") == CAPTIONS
            else:
                assert (reply.status_code, left) == (404, []), after_s
                assert not (folder / "recordings" / recording).exists()
        shutil.rmtree(folder)


async def test_a_deletion_that_is_killed_is_finished_at_the_next_start(tmp_path: Path) -> None:
    await trials(tmp_path, [None])


@pytest.mark.soak
async def test_deletions_that_are_killed_at_any_moment_leave_all_or_nothing(tmp_path: Path) -> None:
    chance = random.Random(5)
    await trials(tmp_path, [chance.uniform(0, 0.3) for _ in range(40)])
