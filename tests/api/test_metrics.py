"""What a Prometheus server is told when it asks."""

from dataclasses import replace

import pytest
import websockets
from prometheus_client.parser import text_string_to_metric_families

from models.caption import Health, RecordingState, RoomNews, Rung, Status
from models.room import RoomState
from models.transcript import Gap, GapReason
from tests.api.running import Person, Running, eventually, final


async def _values(server: Running) -> dict[str, float]:
    """Ask, and give every value by its name with its labels."""
    reply = (await server.http.get("/metrics")).raise_for_status()
    return {
        " ".join([sample.name, *sample.labels.values()]).removeprefix("roomscribe_"): sample.value
        for family in text_string_to_metric_families(reply.text)
        for sample in family.samples
        if not sample.name.endswith("_created")
    }


async def _settled_room(server: Running, host: Person) -> str:
    """Start a room and wait until its captions have reported themselves for the first time."""
    room = await server.live_room(host)

    async def reported() -> bool:
        return (await _values(server))["rooms_by_captions ok"] == 1

    await eventually(reported)
    return room


def _status(server: Running, room: str, status: Status) -> None:
    server.app.lives.bus(room).publish(status)


async def test_they_are_in_prometheus_text_format(server: Running) -> None:
    reply = await server.http.get("/metrics")

    assert reply.status_code == 200
    assert reply.headers["content-type"].startswith("text/plain; version=")
    assert "# TYPE roomscribe_finals_total counter" in reply.text


async def test_a_quiet_server_counts_nothing(server: Running) -> None:
    values = await _values(server)

    ours = {name: n for name, n in values.items() if not name.startswith("process_")}
    assert set(ours.values()) == {0.0}
    assert {"live_rooms", "participants", "readers", "finals_total"} <= ours.keys()


async def test_live_rooms_people_and_readers_are_counted(server: Running, host: Person) -> None:
    room = await server.live_room(host)
    guest = await server.sign_in("Gus")
    joined = await server.http.post(f"/v1/rooms/{room}/join", headers=guest.headers)
    joined.raise_for_status()
    news = (await server.http.get(f"/v1/rooms/{room}")).json()

    address = server.url.replace("http", "ws", 1) + f"/v1/rooms/{room}/captions"
    async with websockets.connect(address) as reader:
        await reader.recv()
        during = await _values(server)
    await server.http.post(f"/v1/rooms/{room}/end", headers=host.headers)
    after = await _values(server)

    assert (during["live_rooms"], during["readers"]) == (1, 1)
    assert during["participants"] == news["participants"] >= 1
    assert (after["live_rooms"], after["participants"]) == (0, 0)


async def test_captions_and_gaps_are_counted_without_their_words(
    server: Running, host: Person
) -> None:
    room = await server.live_room(host, "Secret garden")
    await server.say(room, "petunias", "begonias")
    gap = Gap(start_s=1.0, end_s=3.5, reason=GapReason.OVERLOAD)
    await server.show(room, gap)

    values = await _values(server)
    text = (await server.http.get("/metrics")).text

    assert values["finals_total"] == 2
    assert values["gaps_total overload"] == 1
    assert values["gap_seconds_total overload"] == 2.5
    assert values["gaps_total engine-restart"] == 0
    for private in ("petunias", "begonias", "Secret", host.name, host.id, room):
        assert private not in text


async def test_translations_are_counted_for_themselves(server: Running, room: str) -> None:
    await server.say(room, "eins")
    await server.show(room, replace(final("one"), track="en"))
    gap = Gap(start_s=1.0, end_s=3.5, reason=GapReason.OVERLOAD, track="en")
    await server.show(room, gap)

    values = await _values(server)

    assert (values["finals_total"], values["translations_total"]) == (1, 1)
    assert values["untranslated_seconds_total"] == 2.5
    assert values["gaps_total overload"] == 0


async def test_the_delay_and_the_rung_of_live_rooms_are_told(server: Running, host: Person) -> None:
    room = await _settled_room(server, host)
    _status(server, room, Status(delay_s=7.5, state=Health.BEHIND, rung=Rung.SKIPPING))

    values = await _values(server)

    assert values["captions_delay_seconds max"] == 7.5
    assert values["captions_delay_seconds median"] == 7.5
    assert values["rooms_by_rung skipping"] == 1
    assert values["rung_entries_total skipping"] == 1
    assert values["rooms_by_captions behind"] == 1


@pytest.mark.parametrize(("disk_full", "restarts"), [(False, 1), (True, 0)])
async def test_an_engine_that_came_back_is_counted_and_a_full_disk_is_not_one(
    server: Running, host: Person, disk_full: bool, restarts: int
) -> None:
    room = await _settled_room(server, host)
    _status(server, room, Status(delay_s=0, state=Health.DOWN, disk_full=disk_full))
    during = await _values(server)
    _status(server, room, Status(delay_s=0, state=Health.OK))
    after = await _values(server)

    assert during["rooms_by_captions down"] == 1
    assert during["rooms_disk_full"] == disk_full
    assert after["engine_restarts_total"] == restarts
    assert after["rooms_disk_full"] == 0


async def test_a_recording_in_trouble_is_told_until_it_is_over(server: Running, room: str) -> None:
    bus = server.app.lives.bus(room)
    for note in ("", "The disk is full.", "The disk is full.", ""):
        bus.publish(
            RoomNews(state=RoomState.LIVE, participants=1, recording=RecordingState.ON, note=note)
        )
        if note:
            assert (await _values(server))["recordings_in_trouble"] == 1

    values = await _values(server)
    assert values["recordings_in_trouble"] == 0
    assert values["recorder_troubles_total"] == 1


async def test_a_second_server_counts_for_itself(server: Running, room: str) -> None:
    other = type(server.app.lives.metrics)()
    await server.say(room, "hello")

    assert b"roomscribe_finals_total 1.0" in server.app.lives.metrics.text()
    assert b"roomscribe_finals_total 0.0" in other.text()


async def test_a_disk_that_fills_up_is_no_trouble_yet(server: Running, host: Person) -> None:
    room = await _settled_room(server, host)
    news = await server.app.lives.news(await server.app.registry.room(room))
    low = replace(news, note="the disk is nearly full", low_disk=True)

    server.app.lives.bus(room).publish(replace(low, recording=RecordingState.OFF_RECORD))

    values = await _values(server)
    assert (values["recordings_low_on_disk"], values["rooms_off_record"]) == (1, 1)
    assert (values["recordings_in_trouble"], values["recorder_troubles_total"]) == (0, 0)


async def test_a_span_off_the_record_is_one_gap(server: Running, host: Person) -> None:
    room = await _settled_room(server, host)
    span = Gap(start_s=3.0, end_s=3.0, reason=GapReason.OFF_RECORD)

    await server.show(room, span)
    await server.show(room, replace(span, end_s=10.0))

    values = await _values(server)
    assert (values["gaps_total off-record"], values["gap_seconds_total off-record"]) == (1, 7)
