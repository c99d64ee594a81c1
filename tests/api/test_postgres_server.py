"""A whole server whose transcripts are in PostgreSQL."""

from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import make_url

from tests.api.recorded import recorded
from tests.api.running import final, running
from tests.api.searching import said, search
from tests.postgres import PostgresServer


async def test_what_is_said_is_kept_read_exported_and_deleted_in_postgresql(
    tmp_path: Path, postgres: PostgresServer, postgres_url: str
) -> None:
    database = SecretStr(postgres_url)
    async with running(tmp_path, database=database) as server:
        host = await server.sign_in()
        room, recording = await recorded(server, host)
        await server.show(room, final("The walrus sinks.", start_s=0.5))
        await server.show(room, final("Good evening.", start_s=90))
        url = f"/v1/rooms/{room}"
        better = {"text": "The walrus sings.", "rev": 9}
        corrected = await server.http.patch(
            f"{url}/captions/The walrus sinks.", json=better, headers=host.headers
        )
        said = (await server.http.get(f"{url}/captions/The walrus sinks./revisions")).json()
        exported = await server.http.get(f"{url}/transcript?format=vtt&instance=1")
        deleted = await server.http.delete(f"/v1/recordings/{recording}", headers=host.headers)
    async with running(tmp_path, database=database) as server:
        left = await server.http.get(f"{url}/transcript?format=txt&instance=1")

    assert corrected.is_success
    assert [one["text"] for one in said["items"]] == ["The walrus sinks.", "The walrus sings."]
    assert "The walrus sings." in exported.text
    assert deleted.status_code == 204
    assert "walrus" not in left.text
    assert "Good evening." in left.text
    assert not (tmp_path / "transcripts.db").exists()
    with postgres.connect(make_url(postgres_url).database or "") as connection:
        rows = connection.execute("SELECT count(*) FROM entries WHERE payload ~ 'walrus'")
        assert rows.fetchone() == (0,)


async def test_what_a_server_hides_stays_hidden_when_another_starts_on_its_database(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, postgres_url: str
) -> None:
    database, other = SecretStr(postgres_url), tmp_path_factory.mktemp("other")
    async with running(tmp_path, database=database) as server:
        host = await server.sign_in()
        room, recording = await recorded(server, host)
        await server.show(room, said("The walrus came to tea.", 0.2))
        await server.show(room, said("The walrus left.", 0.4))
        url = f"/v1/recordings/{recording}"
        await server.http.patch(url, json={"published": False}, headers=host.headers)

        async with running(other, database=database):
            found = await search(server, q="walrus", limit=1)

    assert (found["total"], found["rooms"]) == (0, [])
