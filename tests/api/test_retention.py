"""Recordings that are deleted when they have been kept for long enough, after notice."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from api.retention import Retention
from recorder.retention import Policy
from tests.api.problems import assert_problem
from tests.api.recorded import recorded
from tests.api.running import Person, Running, final, running

DAY = timedelta(days=1)


@dataclass
class Clocks:
    """A clock on the wall and one that nobody can set."""

    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    steady: timedelta = timedelta()

    def pass_(self, time: timedelta) -> None:
        self.now += time
        self.steady += time


def retention(server: Running, clocks: Clocks, **days: int) -> Retention:
    app = server.app
    return Retention(
        policy=Policy(**days),
        recorder=app.recorder,
        registry=app.registry,
        deletions=app.deletions,
        path=app.settings.data_dir / "test-retention.json",
        now=lambda: clocks.now,
        steady_s=lambda: clocks.steady.total_seconds(),
    )


async def is_there(server: Running, recording: str) -> bool:
    return (await server.http.get(f"/v1/recordings/{recording}")).status_code == 200


async def pass_days(kept: Retention, clocks: Clocks, days: int) -> None:
    for _ in range(days):
        clocks.pass_(DAY)
        await kept.look()


async def test_a_recording_and_its_words_go_after_the_rooms_days_and_a_weeks_notice(
    server: Running, host: Person
) -> None:
    room, recording = await recorded(server, host, keep_days=30)
    await server.show(room, final("Good morning.", start_s=0.5))
    clocks = Clocks()
    kept = retention(server, clocks)
    one = server.app.recorder.recording(recording)

    await pass_days(kept, clocks, 22)
    early = await kept.fate(one)
    await pass_days(kept, clocks, 2)
    announced = await kept.fate(one)
    await pass_days(kept, clocks, 6)
    assert await is_there(server, recording)
    await pass_days(kept, clocks, 2)

    assert (early.soon, announced.soon) == (False, True)
    end = one.started_at + timedelta(seconds=2)
    assert early.delete_at == end + 30 * DAY
    assert announced.delete_at
    assert timedelta() <= announced.delete_at - early.delete_at <= DAY  # it looks once a day here
    assert not await is_there(server, recording)
    transcript = await server.http.get(f"/v1/rooms/{room}/transcript?instance=1&format=txt")
    assert "[deleted:" in transcript.text
    assert "Good morning." not in transcript.text


async def test_a_clock_that_jumps_deletes_nothing(server: Running, host: Person) -> None:
    _, recording = await recorded(server, host, keep_days=30)
    clocks = Clocks()
    kept = retention(server, clocks)
    await kept.look()

    clocks.now += 3650 * DAY
    await pass_days(kept, clocks, 5)
    fate = await kept.fate(server.app.recorder.recording(recording))
    assert fate.soon
    assert fate.delete_at
    assert fate.delete_at > clocks.now
    clocks.now -= 3650 * DAY
    await pass_days(kept, clocks, 5)

    assert await is_there(server, recording)
    assert not (await kept.fate(server.app.recorder.recording(recording))).soon


async def test_a_server_that_was_off_when_it_was_due_announces_it_first(
    server: Running, host: Person
) -> None:
    _, recording = await recorded(server, host, keep_days=30)
    clocks = Clocks()
    await retention(server, clocks).look()
    clocks.now += 60 * DAY
    again = retention(server, clocks)
    await pass_days(again, clocks, 6)
    assert await is_there(server, recording)

    await pass_days(again, clocks, 2)
    assert not await is_there(server, recording)


async def test_what_is_kept_is_not_deleted(server: Running, host: Person) -> None:
    _, recording = await recorded(server, host, keep_days=1)
    url = f"/v1/recordings/{recording}"
    announced = (await server.http.get(url)).json()
    stranger = await server.sign_in("Sam")

    refused = await server.http.patch(url, json={"kept": True}, headers=stranger.headers)
    kept = await server.http.patch(url, json={"kept": True}, headers=host.headers)
    again = await server.http.patch(url, json={"kept": False}, headers=host.headers)

    assert announced["delete_soon"] is True
    assert announced["delete_at"] > datetime.now(UTC).isoformat()
    assert_problem(refused, 403, "not-allowed")
    assert (kept.json()["delete_at"], kept.json()["kept"]) == (None, True)
    assert again.json()["delete_soon"] is True


async def test_a_room_says_how_long_it_keeps_its_recordings(server: Running, host: Person) -> None:
    room = await server.room(host, keep_days=30)
    url = f"/v1/rooms/{room}"

    async def change(value: Any) -> Any:
        reply = await server.http.patch(url, json={"keep_days": value}, headers=host.headers)
        return reply.raise_for_status().json()["keep_days"]

    assert (await server.http.get(url)).json()["keep_days"] == 30
    assert [await change(0), await change(None), await change(365)] == [0, None, 365]
    await server.http.patch(url, json={"title": "Tea"}, headers=host.headers)
    assert (await server.http.get(url)).json()["keep_days"] == 365
    wrong = await server.http.patch(url, json={"keep_days": -1}, headers=host.headers)
    assert_problem(wrong, 422, "invalid", "keep_days")


async def test_a_site_may_keep_nothing_for_longer(tmp_path: Path) -> None:
    async with running(tmp_path, keep_days=30, keep_days_max=90) as server:
        host = await server.sign_in()
        assert (await server.http.get("/v1/site")).json() == {"keep_days": 30, "keep_days_max": 90}
        for days in (0, 91):
            body = {"title": "Tea", "keep_days": days}
            reply = await server.http.post("/v1/rooms", json=body, headers=host.headers)
            assert_problem(reply, 422, "invalid", "keep_days")
        _, recording = await recorded(server, host)
        url = f"/v1/recordings/{recording}"
        started_at = datetime.fromisoformat((await server.http.get(url)).json()["started_at"])
        delete_at = datetime.fromisoformat((await server.http.get(url)).json()["delete_at"])
        refused = await server.http.patch(url, json={"kept": True}, headers=host.headers)

    assert timedelta() <= delete_at - started_at - 30 * DAY < timedelta(seconds=3)
    assert_problem(refused, 409, "conflict")
