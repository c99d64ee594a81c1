"""Recordings in an S3 store, asked over HTTP: a real S3 server is beside this one."""

import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from api.cli import main
from tests.api.problems import assert_problem
from tests.api.recorded import recorded
from tests.api.running import Person, Running, eventually, running
from tests.s3_server import S3Server, s3_server


@pytest.fixture(scope="module")
def s3() -> Iterator[S3Server]:
    with s3_server() as started:
        yield started


def settings(s3: S3Server, **values: Any) -> dict[str, Any]:
    bucket = s3.bucket
    given: dict[str, Any] = {
        "s3_bucket": bucket.name,
        "s3_prefix": bucket.prefix,
        "s3_endpoint": bucket.endpoint,
        "s3_access_key": bucket.access_key,
        "s3_secret_key": SecretStr(bucket.secret_key),
        "s3_keep_hours": 0.0,
    }
    return given | values


@pytest.fixture
async def server(tmp_path: Path, s3: S3Server) -> AsyncIterator[Running]:
    s3.empty()
    async with running(tmp_path, **settings(s3)) as started:
        yield started


async def moved(server: Running, recording: str) -> None:
    """Wait until the sound is in the store alone."""
    assert server.app.uploads is not None
    sound = server.app.recorder.folder(recording) / f"{recording}.ogg"

    async def is_gone() -> bool:
        assert server.app.uploads is not None
        server.app.uploads.wake()
        return not sound.exists()

    await eventually(is_gone)


def whole(server: Running, recording: str) -> bytes:
    return (server.app.recorder.folder(recording) / f"{recording}.ogg").read_bytes()


async def storage(server: Running, recording: str) -> dict[str, Any]:
    reply = await server.http.get(f"/v1/recordings/{recording}")
    found: dict[str, Any] = reply.raise_for_status().json()["storage"]
    return found


async def test_a_moved_recording_is_had_as_before(server: Running, host: Person) -> None:
    _, recording = await recorded(server, host)
    sound = whole(server, recording)
    await moved(server, recording)
    url = f"/v1/recordings/{recording}/media"

    async def part(wanted: str, **headers: str) -> httpx.Response:
        return await server.http.get(url, headers={"Range": wanted} | headers)

    all_of_it = await server.http.get(url)
    tag = all_of_it.headers["etag"]
    middle, open_end, tail = await part("bytes=4-9"), await part("bytes=5-"), await part("bytes=-5")
    beyond, several, nonsense = (
        await part(f"bytes={len(sound)}-"),
        await part("bytes=0-1,4-5"),
        await part("seconds=1-2"),
    )
    same, other = (
        await part("bytes=0-3", **{"If-Range": tag}),
        await part("bytes=0-3", **{"If-Range": '"other"'}),
    )
    head = await server.http.head(url)
    download = await server.http.get(url, params={"download": "1"})

    assert await storage(server, recording) == {"state": "stored", "share": 1.0, "note": ""}
    assert (all_of_it.status_code, all_of_it.content) == (200, sound)
    assert all_of_it.headers["accept-ranges"] == "bytes"
    assert all_of_it.headers["content-type"] == "audio/ogg"
    assert (middle.status_code, middle.content) == (206, sound[4:10])
    assert middle.headers["content-range"] == f"bytes 4-9/{len(sound)}"
    assert (open_end.content, tail.content) == (sound[5:], sound[-5:])
    assert (beyond.status_code, beyond.headers["content-range"]) == (416, f"bytes */{len(sound)}")
    assert [reply.content for reply in (several, nonsense, other)] == [sound] * 3
    assert (same.status_code, same.content) == (206, sound[:4])
    assert (head.headers["content-length"], head.content) == (str(len(sound)), b"")
    assert download.headers["content-disposition"] == f'attachment; filename="{recording}.ogg"'
    assert not (server.app.recorder.folder(recording) / f"{recording}.ogg").exists()


async def test_other_formats_of_a_moved_recording_are_made(server: Running, host: Person) -> None:
    _, recording = await recorded(server, host)
    await moved(server, recording)

    reply = await server.http.get(f"/v1/recordings/{recording}/media", params={"format": "wav"})

    assert reply.status_code == 200
    assert reply.content[:4] == b"RIFF"


async def test_a_link_works_without_signing_in_and_for_its_file_alone(
    server: Running, host: Person
) -> None:
    _, recording = await recorded(server, host, private=True)
    _, other = await recorded(server, host, private=True)
    sound = whole(server, recording)
    url = f"/v1/recordings/{recording}/link"

    refused = await server.http.post(url)
    bad = await server.http.post(url, params={"format": "exe"}, headers=host.headers)
    long = await server.http.post(url, params={"minutes": 61}, headers=host.headers)
    made = (await server.http.post(url, headers=host.headers)).raise_for_status().json()
    link = made["url"]
    still_here = (
        await server.http.post(url.replace(recording, other), headers=host.headers)
    ).json()
    here = await server.http.get(still_here["url"])
    await moved(server, recording)
    there = await server.http.get(link, headers={"Range": "bytes=0-3"})

    assert_problem(refused, 403, "not-allowed")
    assert_problem(bad, 422, "invalid", "format")
    assert_problem(long, 422, "invalid", "minutes")
    assert (here.status_code, here.content) == (200, whole(server, other))
    assert here.headers["content-disposition"] == f'attachment; filename="{other}.ogg"'
    assert (there.status_code, there.content) == (206, sound[:4])
    for wrong in (
        link.replace(recording, other),
        link.replace("format=ogg", "format=mp3"),
        re.sub("key=[^.]+", "key=x", link),
        f"/v1/recordings/{recording}/media?format=ogg&key={host.token}",
    ):
        assert_problem(await server.http.get(wrong), 403, "not-allowed")
    key = link.rpartition("key=")[2]
    as_sign_in = await server.http.get("/v1/recordings", params={"token": key})
    assert_problem(as_sign_in, 401, "not-signed-in")


async def test_a_link_ends_with_its_time_and_with_its_makers_right(
    server: Running, host: Person
) -> None:
    room, recording = await recorded(server, host)
    guest = await server.sign_in("Gus")
    registered = await server.app.registry.user(guest.id)
    late = server.app.identity.link_key(registered, recording, "ogg", -1)
    base = f"/v1/recordings/{recording}/media?format=ogg&key="
    reply = await server.http.post(f"/v1/recordings/{recording}/link", headers=guest.headers)
    link = reply.json()["url"]

    assert_problem(await server.http.get(base + late), 403, "not-allowed")
    assert (await server.http.get(link)).status_code == 200
    private = await server.http.patch(
        f"/v1/recordings/{recording}", json={"published": False}, headers=host.headers
    )
    assert private.status_code == 200
    assert (await server.http.get(link)).status_code in (403, 404)
    assert room


async def test_where_it_is_wished_downloads_lead_to_the_store(tmp_path: Path, s3: S3Server) -> None:
    s3.empty()
    async with running(tmp_path, **settings(s3, s3_direct=True)) as server:
        host = await server.sign_in()
        _, recording = await recorded(server, host)
        sound = whole(server, recording)
        await moved(server, recording)
        url = f"/v1/recordings/{recording}/media"

        played = await server.http.get(url)
        download = await server.http.get(url, params={"download": "1"})
        made = (await server.http.post(f"/v1/recordings/{recording}/link")).json()

        assert played.content == sound
        assert (download.status_code, download.headers["cache-control"]) == (307, "no-store")
        for link in (download.headers["location"], made["url"]):
            assert link.startswith(s3.url)
            async with httpx.AsyncClient() as anybody:
                assert (await anybody.get(link)).content == sound


async def test_an_outage_is_said_and_loses_nothing(
    server: Running, host: Person, s3: S3Server
) -> None:
    _, first = await recorded(server, host)
    await moved(server, first)
    s3.stop()
    try:
        _, second = await recorded(server, host)
        assert server.app.uploads is not None

        async def is_said() -> bool:
            assert server.app.uploads is not None
            server.app.uploads.wake()
            return bool((await storage(server, second))["note"])

        await eventually(is_said)
        waits = await storage(server, second)
        metrics = (await server.http.get("/metrics")).text
        unreachable = await server.http.get(f"/v1/recordings/{first}/media")
        head = await server.http.head(f"/v1/recordings/{first}/media")  # for which nothing is read

        assert (waits["state"], waits["share"]) == ("waiting", 0.0)
        assert waits["note"].startswith("kept on this server, waiting for the store")
        assert (await storage(server, first))["state"] == "stored"
        assert (await server.http.get(f"/v1/recordings/{second}/media")).status_code == 200
        assert_problem(unreachable, 503, "store-unavailable")
        assert head.status_code == 200
        assert "roomscribe_store_in_trouble 1.0" in metrics
        assert "roomscribe_recordings_waiting_for_store 1.0" in metrics
        assert "roomscribe_recordings_stored 1.0" in metrics
    finally:
        s3.start()
    assert (await server.http.get(f"/v1/recordings/{first}/media")).status_code == 200


async def test_a_deleted_recording_is_gone_from_the_store(
    server: Running, host: Person, s3: S3Server
) -> None:
    _, recording = await recorded(server, host)
    await moved(server, recording)
    assert {one.key.partition("/")[0] for one in s3.store().list("")} == {recording}

    deleted = await server.http.delete(f"/v1/recordings/{recording}", headers=host.headers)
    assert deleted.status_code == 204

    async def is_gone() -> bool:
        assert server.app.uploads is not None
        server.app.uploads.wake()
        return not s3.store().list("")

    await eventually(is_gone)


async def test_without_a_store_recordings_are_here(tmp_path: Path) -> None:
    async with running(tmp_path) as server:
        host = await server.sign_in()
        _, recording = await recorded(server, host)

        assert await storage(server, recording) == {"state": "here", "share": 0.0, "note": ""}


@pytest.mark.parametrize(
    ("endpoint", "said"),
    [("", "in the data folder "), ("s3", "moved to s3://"), ("http://127.0.0.1:9", "until s3://")],
)
def test_the_doctor_says_where_recordings_are_kept(
    endpoint: str,
    said: str,
    s3: S3Server,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    if endpoint:
        for name, value in settings(s3).items():
            secret = value.get_secret_value() if isinstance(value, SecretStr) else str(value)
            monkeypatch.setenv(f"ROOMSCRIBE_{name.upper()}", secret)
        monkeypatch.setenv("ROOMSCRIBE_S3_ENDPOINT", endpoint.replace("s3", s3.url))

    assert main(["doctor", "--engine", "pocketsphinx"]) == 0

    printed = capsys.readouterr().out
    assert said in printed
    assert "secret" not in printed
    assert not s3.store().list(".probe")
