"""Attacks: what somebody may not read is looked for in every way that a search has."""

import json
import statistics
import time
from pathlib import Path
from typing import Any

import pytest

from models.recording import Span
from models.room import Speaker
from models.transcript import Gap, GapReason
from tests.api.recorded import recorded
from tests.api.running import Person, Running, running
from tests.api.searching import hits, said, search, texts

ZELDA = Speaker(id="zelda", name="Zelda Quark")


@pytest.fixture
async def sam(server: Running) -> Person:
    return await server.sign_in("Sam")


@pytest.fixture
async def secret_room(server: Running, host: Person) -> str:
    """A private room, whose words, title, speaker and host are in no other."""
    keeper = await server.sign_in("Keeper Yxolot")
    room = await server.live_room(keeper, "Zephyrine council", private=True)
    await server.show(room, said("The walrus knows the xylophone code.", 1, by=ZELDA))
    await server.show(room, said("Nobody else does.", 3, by=ZELDA))
    open_ = await server.live_room(host, "Tea")
    await server.show(open_, said("A walrus came to tea.", 1))
    return room


def nothing_of(answer: dict[str, Any], query: str) -> None:
    """An answer that is the same as if the room did not exist, whatever was asked."""
    given = {**answer, "took_ms": 0, "query": {**answer["query"], "text": ""}}
    assert given["rooms"] == []
    assert (given["total"], given["total_is"], given["cursor"]) == (0, "exact", None)
    assert given["query"]["heard_as"] == []
    said_back = json.dumps(given).casefold()
    for word in ("xylophone", "zephyrine", "yxolot", "zelda"):
        assert word not in said_back or word in query.casefold()


QUERIES = [
    "xylophone",
    "xylo*",
    '"xylophone code"',
    "xylophon",  # as if it were misheard
    "silofone",
    "walrus speaker:zelda",
    'walrus speaker:"Zelda Quark"',
    "walrus host:yxolot",
    "walrus title:zephyrine",
    "title:zephyrine",
    "host:yxolot",
    "speaker:zelda",
    "zephyrine",
    "nobody OR xylophone",
    "-tea xylophone",
    "code before:2999",
]


async def test_nothing_of_a_private_room_is_found_by_who_may_not_read_it(
    server: Running, secret_room: str, sam: Person
) -> None:
    for query in QUERIES:
        for person in (None, sam):
            nothing_of(await search(server, person, q=query), query)


async def test_a_word_of_a_private_room_is_as_one_that_nobody_said(
    server: Running, secret_room: str, sam: Person
) -> None:
    for person in (None, sam):
        for word in ("xylophone", "balalaika"):
            answer = await search(server, person, q=f"walrus {word}")
            assert texts(answer) == ["A walrus came to tea."]
            assert (answer["total"], answer["query"]["heard_as"]) == (1, [])


async def test_a_private_room_is_not_found_by_parameters_either(
    server: Running, secret_room: str, sam: Person, host: Person
) -> None:
    keeper = (await server.app.registry.room(secret_room)).host_id
    for params in (
        {"q": "walrus", "room": secret_room},
        {"q": f"walrus room:{secret_room}"},
        {"q": "walrus", "host": keeper},
        {"q": "walrus", "speaker": "zelda"},
        {"speaker": "zelda"},
        {"room": secret_room},
    ):
        for person in (None, sam, host):
            nothing_of(await search(server, person, **params), "".join(params.values()))


async def test_hidden_hits_are_in_no_count_and_on_no_page(
    server: Running, secret_room: str, host: Person
) -> None:
    room = await server.live_room(host, "More tea")
    for number in range(3):
        await server.show(room, said(f"Walrus {number}", number))
        await server.show(secret_room, said(f"Walrus {number} again", 10 + number, by=ZELDA))

    answer = await search(server, q="walrus", limit=2)
    seen = texts(answer)
    assert (answer["total"], answer["total_is"]) == (4, "exact")
    while answer["cursor"]:
        answer = await search(server, q="walrus", limit=2, cursor=answer["cursor"])
        seen += texts(answer)

    assert sorted(seen) == ["A walrus came to tea.", "Walrus 0", "Walrus 1", "Walrus 2"]
    assert all(room["more"] <= 3 for room in answer["rooms"])


async def test_a_cursor_of_who_may_read_more_shows_nothing_to_who_may_not(
    server: Running, secret_room: str
) -> None:
    keeper = await _keeper(server, secret_room)
    for number in range(3):
        await server.show(secret_room, said(f"Xylophone {number}", 10 + number, by=ZELDA))
    answer = await search(server, keeper, q="xylophone", limit=1)
    assert answer["cursor"]

    nothing_of(await search(server, q="xylophone", cursor=answer["cursor"]), "xylophone")


async def test_who_is_hidden_from_cannot_tell_it_from_what_does_not_exist(
    server: Running, secret_room: str, sam: Person
) -> None:
    def rid(answer: dict[str, Any]) -> dict[str, Any]:
        return {**answer, "took_ms": 0, "query": {**answer["query"], "text": ""}}

    for hidden, missing in (
        ({"q": "xylophone"}, {"q": "glockenspiel"}),
        ({"q": "walrus title:zephyrine"}, {"q": "walrus title:sirocco"}),
        ({"q": "walrus", "room": secret_room}, {"q": "walrus", "room": "0" * len(secret_room)}),
        ({"q": "walrus", "speaker": "zelda"}, {"q": "walrus", "speaker": "gerda"}),
    ):
        assert rid(await search(server, sam, **hidden)) == rid(await search(server, sam, **missing))


async def test_it_takes_as_long_to_find_nothing_as_to_find_what_is_hidden(
    server: Running, secret_room: str, sam: Person
) -> None:
    times: dict[str, list[float]] = {"xylophone": [], "glockenspiel": []}
    for _ in range(25):
        for query, took in times.items():
            began_s = time.perf_counter()
            await search(server, sam, q=query)
            took.append(time.perf_counter() - began_s)
    hidden_s, missing_s = (statistics.median(took) for took in times.values())

    assert abs(hidden_s - missing_s) < 0.005 + 0.5 * min(hidden_s, missing_s)


async def test_who_may_read_a_private_room_finds_it_and_no_more_once_they_are_removed(
    server: Running, secret_room: str, sam: Person
) -> None:
    keeper = await _keeper(server, secret_room)
    url = f"/v1/rooms/{secret_room}/participants/{sam.id}"
    assert texts(await search(server, keeper, q="xylophone")) != []

    host = await server.app.registry.user(keeper.id)
    await server.app.registry.invite(host, secret_room, sam.id)
    (hit,) = hits(await search(server, sam, q="xylophone speaker:zelda title:zephyrine"))
    assert hit["after"]["text"] == "Nobody else does."
    nothing_of(await search(server, q="xylophone"), "xylophone")

    (await server.http.delete(url, headers=keeper.headers)).raise_for_status()
    nothing_of(await search(server, sam, q="xylophone"), "xylophone")


async def test_what_is_not_published_is_found_by_nobody_until_it_is(
    server: Running, host: Person
) -> None:
    room, recording = await recorded(server, host)
    await server.show(room, said("The xylophone code.", 0.5))
    await server.show(room, said("Open words follow.", 90))
    url = f"/v1/recordings/{recording}"
    assert texts(await search(server, q="xylophone")) != []

    await server.http.patch(url, json={"published": False}, headers=host.headers)
    for query in ("xylophone", "xylo*", "code OR xylophone", '"the xylophone"'):
        nothing_of(await search(server, q=query), query)
    (hit,) = hits(await search(server, q="open words"))
    assert "xylophone" not in json.dumps(hit)

    await server.show(room, said("The xylophone again.", 1.0))  # what comes late is hidden, too
    fixed = {"text": "The xylophone cord.", "rev": 1}
    await server.http.patch(f"/v1/rooms/{room}/captions/c0.5", json=fixed, headers=host.headers)
    nothing_of(await search(server, q="xylophone"), "xylophone")
    nothing_of(await search(server, q="cord"), "cord")

    await server.http.patch(url, json={"published": True}, headers=host.headers)
    assert len(texts(await search(server, q="xylophone"))) == 2


async def test_words_that_are_cut_are_found_by_nobody_until_they_are_back(
    server: Running, host: Person
) -> None:
    room, recording = await recorded(server, host)
    await server.show(room, said("Listen to the xylophone carefully now.", 0.2))
    url = f"/v1/recordings/{recording}/edits"
    body = {"rev": 0, "cuts": [{"start_s": 0.82, "end_s": 0.98}]}
    (await server.http.put(url, json=body, headers=host.headers)).raise_for_status()

    for person in (None, host):
        for query in ("xylophone", '"the xylophone"', "xylofone", "xylo*"):
            nothing_of(await search(server, person, q=query), query)
        rest = texts(await search(server, person, q="listen xylophone"))
        assert rest == ["Listen to the carefully now."]
        assert texts(await search(server, person, q='"to the carefully"')) == [
            "Listen to the carefully now."
        ]
    undone = await server.http.post(f"{url}/undo", json={"rev": 1}, headers=host.headers)
    undone.raise_for_status()
    assert texts(await search(server, q="xylophone")) == ["Listen to the xylophone carefully now."]


async def test_what_is_deleted_is_found_no_more_and_is_in_no_file(
    server: Running, host: Person, tmp_path: Path
) -> None:
    room, recording = await recorded(server, host)
    await server.show(room, said("The xylophone code.", 0.5))
    await server.show(room, said("Good evening.", 90))
    assert texts(await search(server, q="xylophone")) != []

    deleted = await server.http.delete(f"/v1/recordings/{recording}", headers=host.headers)
    deleted.raise_for_status()

    nothing_of(await search(server, q="xylophone"), "xylophone")
    (hit,) = hits(await search(server, q="evening"))
    assert hit["before"] is None
    assert b"good evening" in _transcripts(tmp_path)
    assert b"xylophone" not in _transcripts(tmp_path)


async def test_what_is_off_the_record_is_not_found(server: Running, host: Person) -> None:
    room = await server.live_room(host)
    await server.http.post(
        f"/v1/rooms/{room}/recording", json={"state": "off-record"}, headers=host.headers
    )
    await server.show(room, Gap(start_s=0, end_s=0, reason=GapReason.OFF_RECORD))
    await server.show(room, said("On the record again.", 9))

    answer = await search(server, q="record")

    (hit,) = hits(answer)
    assert (hit["before"], hit["after"]) == (None, None)


async def test_an_index_that_knows_too_much_shows_nothing_of_it(
    server: Running, host: Person
) -> None:
    """As after a crash between a decision and the index's being told."""
    room, recording = await recorded(server, host)
    await server.show(room, said("The xylophone code.", 0.5))
    server.app.withholding.changed = None
    url = f"/v1/recordings/{recording}"
    await server.http.patch(url, json={"published": False}, headers=host.headers)

    nothing_of(await search(server, q="xylophone"), "xylophone")


async def test_what_was_decided_while_nobody_told_the_index_is_known_after_the_next_start(
    tmp_path: Path,
) -> None:
    async with running(tmp_path) as server:
        host = await server.sign_in()
        room, recording = await recorded(server, host)
        await server.show(room, said("The xylophone code.", 0.5))
        await server.show(room, said("Open words follow.", 90))
        server.app.recorder.decisions.choose(recording, published=False)

    async with running(tmp_path) as server:
        span = Span(instance=1, start_s=0, end_s=1)
        assert server.app.withholding.unpublished(room)[0].holds(span.start_s, span.end_s)
        nothing_of(await search(server, q="xylophone"), "xylophone")
        assert texts(await search(server, q="open words")) == ["Open words follow."]


async def test_a_room_that_is_renamed_is_found_by_its_new_title_alone(
    server: Running, host: Person
) -> None:
    room = await server.live_room(host, "Zephyrine council")
    await server.show(room, said("Good morning.", 1))
    url = f"/v1/rooms/{room}"
    await server.http.patch(url, json={"title": "Tea"}, headers=host.headers)

    nothing_of(await search(server, q="title:zephyrine"), "zephyrine")
    assert texts(await search(server, q="morning title:tea")) == ["Good morning."]


async def _keeper(server: Running, room: str) -> Person:
    """Sign in as the host of a room."""
    host = await server.app.registry.user((await server.app.registry.room(room)).host_id)
    return Person(id=host.id, name=host.name, token=server.app.identity.token(host))


def _transcripts(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.glob("transcripts.db*")).lower()
