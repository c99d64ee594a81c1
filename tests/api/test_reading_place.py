"""Where a listener was, kept on the server."""

import pytest

from tests.api.problems import assert_problem
from tests.api.running import Person, Running


async def test_a_reading_place_is_there_on_another_device(
    server: Running, host: Person, room: str
) -> None:
    url = f"/v1/rooms/{room}/reading-place"

    before = await server.http.get(url, headers=host.headers)
    first = await server.http.put(url, json={"seq": 7}, headers=host.headers)
    second = await server.http.put(url, json={"seq": 4, "track": "en"}, headers=host.headers)
    after = await server.http.get(url, headers=host.headers)

    assert before.json() == {"place": None}
    assert (first.status_code, second.status_code) == (204, 204)
    place = after.json()["place"]
    assert (place["seq"], place["track"]) == (4, "en")
    assert place["set_at"]


async def test_everybody_has_a_place_of_their_own_in_each_room(
    server: Running, host: Person, room: str
) -> None:
    guest, other = await server.sign_in("Gil"), await server.room(host, "Coffee")

    await server.http.put(f"/v1/rooms/{room}/reading-place", json={"seq": 7}, headers=host.headers)

    for person, where in ((guest, room), (host, other)):
        reply = await server.http.get(f"/v1/rooms/{where}/reading-place", headers=person.headers)
        assert reply.json() == {"place": None}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"seq": 0}, "seq"),
        ({}, "seq"),
        ({"seq": 2**60}, "seq"),
        ({"seq": 1, "track": "?"}, "track"),
    ],
)
async def test_a_place_that_cannot_be_is_refused(
    server: Running, host: Person, room: str, body: dict[str, object], field: str
) -> None:
    reply = await server.http.put(
        f"/v1/rooms/{room}/reading-place", json=body, headers=host.headers
    )

    assert_problem(reply, 422, "invalid", field)


async def test_guests_and_the_uninvited_have_no_place(server: Running, host: Person) -> None:
    private = await server.room(host, "Secret", private=True)
    stranger = await server.sign_in("Sid")
    url = f"/v1/rooms/{private}/reading-place"

    assert_problem(await server.http.get(url), 401, "not-signed-in")
    assert_problem(await server.http.put(url, json={"seq": 1}), 401, "not-signed-in")
    refused = await server.http.put(url, json={"seq": 1}, headers=stranger.headers)
    assert_problem(refused, 403, "not-allowed")
    missing = await server.http.get("/v1/rooms/nowhere/reading-place", headers=host.headers)
    assert_problem(missing, 404, "not-found")
