"""Each speaker as a file of their own: who asks for it, who is told, who may have it."""

from models.room import Speaker
from tests.api.problems import assert_problem
from tests.api.recorded import record
from tests.api.running import Person, Running
from tests.contracts.captions_v1.reader import reading


async def recorded(server: Running, host: Person) -> str:
    """Record two seconds in which one speaker is heard; gives the recording."""
    room_id = await server.room(host, "Kept", speaker_tracks=True)
    return await record(server, host, room_id, alone=Speaker(id="u1", name="Ada Lovelace"))


async def test_a_host_downloads_a_speaker_alone_and_nobody_else_does(
    server: Running, host: Person
) -> None:
    recording = await recorded(server, host)
    guest = await server.sign_in("Gus")
    path = f"/v1/recordings/{recording}"

    (track,) = (await server.http.get(path, headers=host.headers)).json()["speaker_tracks"]
    for_others = (await server.http.get(path, headers=guest.headers)).json()["speaker_tracks"]
    sound = await server.http.get(track["url"], params={"download": "1"}, headers=host.headers)

    assert track["speaker"] == {"id": "u1", "name": "Ada Lovelace"}
    assert (track["losses"], len(track["sha256"])) == ([], 64)
    assert for_others == []
    assert sound.content[:4] == b"OggS"
    assert "Ada%20Lovelace.ogg" in sound.headers["content-disposition"]
    assert_problem(await server.http.get(track["url"]), 401, "not-signed-in")
    assert_problem(await server.http.get(track["url"], headers=guest.headers), 403, "not-allowed")
    unknown = await server.http.get(f"{path}/tracks/2/media", headers=host.headers)
    assert_problem(unknown, 404, "not-found")


async def test_where_passages_were_cut_a_host_has_to_ask_for_the_whole(
    server: Running, host: Person
) -> None:
    recording = await recorded(server, host)
    path = f"/v1/recordings/{recording}"
    (uncut,) = (await server.http.get(path, headers=host.headers)).json()["speaker_tracks"]
    cuts = {"rev": 0, "cuts": [{"start_s": 0.2, "end_s": 0.6}]}
    (await server.http.put(f"{path}/edits", json=cuts, headers=host.headers)).raise_for_status()

    (track,) = (await server.http.get(path, headers=host.headers)).json()["speaker_tracks"]

    assert track["url"] == uncut["url"] + "?whole=true"
    assert (await server.http.get(track["url"], headers=host.headers)).status_code == 200
    refused = await server.http.get(uncut["url"], headers=host.headers)
    assert_problem(refused, 409, "conflict")


async def test_a_deleted_recording_takes_its_tracks_along(server: Running, host: Person) -> None:
    recording = await recorded(server, host)
    path = f"/v1/recordings/{recording}"
    (track,) = (await server.http.get(path, headers=host.headers)).json()["speaker_tracks"]

    assert (await server.http.delete(path, headers=host.headers)).status_code == 204

    assert (await server.http.get(track["url"], headers=host.headers)).status_code == 404
    assert not list(server.app.recorder.root.rglob("*speaker*"))


async def test_everybody_is_told_that_speakers_are_recorded_apart(
    server: Running, host: Person
) -> None:
    apart = await server.live_room(host, speaker_tracks=True)
    together = await server.live_room(host)

    for room, expected in ((apart, True), (together, False)):
        shown = (await server.http.get(f"/v1/rooms/{room}")).json()
        async with reading(server, room) as reader:
            welcome = await reader.take("welcome")
        assert (shown["speaker_tracks"], welcome["speaker_tracks"]) == (expected, expected)

    await server.http.post(
        f"/v1/rooms/{apart}/recording", json={"state": "off"}, headers=host.headers
    )
    async with reading(server, apart) as reader:
        assert (await reader.take("welcome"))["speaker_tracks"] is False


async def test_only_who_may_record_changes_it(server: Running, host: Person) -> None:
    room = await server.room(host, "Tea")
    guest = await server.sign_in("Gus")
    url = f"/v1/rooms/{room}"

    changed = await server.http.patch(url, json={"speaker_tracks": True}, headers=host.headers)
    refused = await server.http.patch(url, json={"speaker_tracks": False}, headers=guest.headers)

    assert changed.json()["speaker_tracks"] is True
    assert_problem(refused, 403, "not-allowed")
    assert (await server.http.get(url)).json()["speaker_tracks"] is True
