"""Searching, as somebody who remembers half a sentence does it."""

import asyncio
import time
from pathlib import Path

import pytest

from models.room import Speaker
from tests.api.problems import assert_problem
from tests.api.recorded import recorded
from tests.api.running import Person, Running, running
from tests.api.searching import hits, marked, said, search, texts

BEN = Speaker(id="ben", name="Ben")


@pytest.fixture
async def tea(server: Running, host: Person) -> str:
    """A live room in which a walrus is spoken of."""
    room = await server.live_room(host, "Tea with friends")
    await server.show(room, said("Good morning everybody.", 1))
    await server.show(room, said("The walrus came to tea.", 3, by=BEN))
    await server.show(room, said("Did it like the cake?", 5))
    return room


async def test_a_hit_has_its_words_marked_what_stands_around_it_and_a_link_to_the_word(
    server: Running, host: Person, tea: str
) -> None:
    answer = await search(server, q="walrus tea")

    (room,) = answer["rooms"]
    (hit,) = room["hits"]
    assert room["room"] == {
        "id": tea,
        "title": "Tea with friends",
        "state": "live",
        "private": False,
        "host": {"id": host.id, "name": "Hanna"},
        "started_at": room["room"]["started_at"],
    }
    assert [room["room"]["title"][a:b] for a, b in room["title_marks"]] == ["Tea"]
    assert (room["instance"], room["recording"], room["track"], room["more"]) == (1, None, "", 0)
    assert marked(hit) == ["walrus", "tea"]
    assert (hit["caption"], hit["seq"], hit["at"]) == ("c3", 2, 3.2)
    assert hit["speaker"] == {"id": "ben", "name": "Ben"}
    assert hit["before"]["text"] == "Good morning everybody."
    assert hit["after"] == {
        "speaker": {"id": "ada", "name": "Ada"},
        "text": "Did it like the cake?",
        "start": 5.0,
    }
    assert hit["url"] == f"/rooms/{tea}?instance=1&from=3.2&to=4"
    assert (answer["total"], answer["total_is"], answer["cursor"]) == (1, "exact", None)
    assert answer["query"] == {"text": "walrus tea", "hints": [], "heard_as": [], "exact": True}


async def test_what_is_said_is_found_within_a_second(server: Running, tea: str) -> None:
    began_s = time.monotonic()
    await server.show(tea, said("A penguin joined us.", 7))
    answer = await search(server, q="penguin")
    passed_s = time.monotonic() - began_s

    assert texts(answer) == ["A penguin joined us."]
    assert passed_s < 1


async def test_a_corrected_caption_is_found_by_its_new_text_and_not_by_what_was_misheard(
    server: Running, host: Person, tea: str
) -> None:
    await server.show(tea, said("The wall rush sang.", 7))
    url = f"/v1/rooms/{tea}/captions/c7"
    fixed = {"text": "The narwhal sang.", "rev": 1}
    (await server.http.patch(url, json=fixed, headers=host.headers)).raise_for_status()

    (hit,) = hits(await search(server, q="narwhal"))
    assert (hit["snippet"], hit["corrected"]) == ("The narwhal sang.", True)
    assert await search(server, q="rush", exact=True) | {"took_ms": 0} == {
        "query": {"text": "rush", "hints": [], "heard_as": [], "exact": True},
        "rooms": [],
        "total": 0,
        "total_is": "exact",
        "cursor": None,
        "took_ms": 0,
    }


async def test_a_phrase_is_found_across_two_captions_of_a_speaker(
    server: Running, tea: str
) -> None:
    await server.show(tea, said("and then the great", 7))
    await server.show(tea, said("barrier reef came up", 9))

    (hit,) = hits(await search(server, q='"great barrier reef"'))

    assert hit["before"]["text"] == "and then the great"
    assert marked(hit) == ["barrier reef"]


async def test_a_recorded_hit_opens_the_player_and_a_cut_moves_its_time_and_hides_its_words(
    server: Running, host: Person
) -> None:
    room, recording = await recorded(server, host)
    await server.show(room, said("A secret word is told.", 0.2))
    await server.show(room, said("The walrus sings.", 1.4))
    server.app.finishing.add(recording)
    await server.app.finishing.idle()
    (hit,) = hits(await search(server, q="walrus"))
    assert hit["url"] == f"/recordings/{recording}?t=1.6&to=2"
    assert hit["before"]["text"] == "A secret word is told."

    body = {"rev": 0, "cuts": [{"start_s": 0.38, "end_s": 0.62}]}
    url = f"/v1/recordings/{recording}/edits"
    (await server.http.put(url, json=body, headers=host.headers)).raise_for_status()

    assert texts(await search(server, q="secret", exact=True)) == []
    (hit,) = hits(await search(server, q="walrus"))
    assert hit["before"]["text"] == "A word is told."
    assert (hit["at"], hit["recording"]) in ((1.36, recording), (1.6, None))
    (
        await server.http.post(f"{url}/undo", json={"rev": 1}, headers=host.headers)
    ).raise_for_status()
    assert texts(await search(server, q="secret")) == ["A secret word is told."]


async def test_pages_hold_each_hit_once_while_new_captions_come(
    server: Running, host: Person
) -> None:
    room = await server.live_room(host)
    for number in range(25):
        await server.show(room, said(f"walrus number {number}", number))
    seen, cursor = [], None
    for page in range(10):
        answer = await search(server, q="walrus", limit=10, cursor=cursor or "")
        seen += [hit["seq"] for hit in hits(answer)]
        cursor = answer["cursor"]
        if cursor is None:
            break
        await server.show(room, said("walrus of late", 100 + page))

    assert len(seen) == len(set(seen))
    assert set(range(1, 26)) <= set(seen)


async def test_filters_mean_the_same_as_parameters_and_in_the_query(
    server: Running, host: Person, tea: str
) -> None:
    await server.show(tea, said("I saw a walrus, too.", 7))

    for answer in (
        await search(server, q="walrus speaker:ben"),
        await search(server, q="walrus", speaker="ben"),
    ):
        assert texts(answer) == ["The walrus came to tea."]
    assert texts(await search(server, q="walrus", host=host.id, room=tea, lang="en")) != []
    assert texts(await search(server, q="walrus", host="Nobody")) == []
    assert texts(await search(server, q="walrus", from_="2020", to="2020-12")) == []
    assert len(texts(await search(server, q="walrus", from_="2020-01-01", to="2999"))) == 2


async def test_no_query_is_an_error(server: Running, tea: str) -> None:
    nothing = ["", "*", '"', "OR OR", "-", "speaker:", "((", "\x00", "a" * 5000, "-walrus"]
    for query in [*nothing, "after:never", "NEAR(penguin 2)", "penguin\ufffd AND OR"]:
        assert (await search(server, q=query))["rooms"] == [], query


async def test_parameters_that_are_none_are_problems(server: Running) -> None:
    for params, field in (
        ({"limit": 0}, "limit"),
        ({"limit": "many"}, "limit"),
        ({"from": "yesterday"}, "from"),
        ({"to": "2026-13"}, "to"),
    ):
        reply = await server.http.get("/v1/search", params={"q": "tea", **params})
        assert_problem(reply, 422, "invalid", field)
    assert (await search(server, q="tea", cursor="nonsense"))["rooms"] == []


async def test_a_search_that_takes_too_long_is_answered_with_a_hint(
    server: Running, tea: str
) -> None:
    server.app.searching.limit_s = -1.0
    for number in range(8, 200):
        await server.show(tea, said("The walrus came to tea.", number))

    answer = await search(server, q="walrus OR tea")

    (hint,) = answer["query"]["hints"]
    assert "too broad" in hint["text"]
    assert (answer["rooms"], answer["total_is"]) == ([], "at-least")


async def test_who_comes_when_too_many_search_is_told_to_try_again(
    server: Running, tea: str
) -> None:
    server.app.searching.waiting_limit = 1
    url = "/v1/search?q=walrus"
    replies = await asyncio.gather(*(server.http.get(url) for _ in range(30)))

    refused = [reply for reply in replies if reply.status_code != 200]
    assert refused
    for reply in refused:
        assert_problem(reply, 429, "busy")
        assert int(reply.headers["retry-after"]) >= 1
    assert texts(await search(server, q="walrus")) == ["The walrus came to tea."]


async def test_searches_and_what_they_find_are_neither_logged_nor_cached(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    async with running(tmp_path, log_level="debug") as server:
        host = await server.sign_in()
        room = await server.room(host)
        await server.show(room, said("The walrus came to tea.", 1))
        reply = await server.http.get("/v1/search", params={"q": "walrus", "speaker": "ada"})
        metrics = (await server.http.get("/metrics")).text
    logged = "".join(capfd.readouterr())

    assert "walrus" in reply.text
    assert "no-store" in reply.headers["cache-control"]
    assert "/v1/search?…" in logged
    assert "walrus" not in logged.casefold() + metrics.casefold()


async def test_the_same_is_found_where_transcripts_are_in_postgresql(
    tmp_path: Path, postgres_url: str
) -> None:
    async with running(tmp_path, database=postgres_url) as server:
        host = await server.sign_in()
        room, recording = await recorded(server, host)
        await server.show(room, said("The walrus came to tea.", 0.5))
        await server.show(room, said("Then it sang.", 90))
        (hit,) = hits(await search(server, q='"came to tea" walr* -cake speaker:ada title:kept'))
        assert (marked(hit), hit["after"]["text"]) == (["walrus", "came to tea"], "Then it sang.")

        url = f"/v1/recordings/{recording}"
        await server.http.patch(url, json={"published": False}, headers=host.headers)
        assert texts(await search(server, q="walrus")) == []
        await server.http.patch(url, json={"published": True}, headers=host.headers)
        assert texts(await search(server, q="walrus")) == ["The walrus came to tea."]
        (await server.http.delete(url, headers=host.headers)).raise_for_status()
        assert texts(await search(server, q="walrus")) == []
        assert texts(await search(server, q="sang")) == ["Then it sang."]


async def test_a_misheard_word_is_found_by_the_one_that_was_said(
    server: Running, host: Person
) -> None:
    room = await server.live_room(host, "Sea")
    await server.show(room, said("We rowed into the harbor.", 1))

    answer = await search(server, q="harbour")

    assert [marked(hit) for hit in hits(answer)] == [["harbor"]]
    assert answer["query"]["heard_as"] == [{"word": "harbour", "as": ["harbor"]}]
    assert answer["query"]["exact"] is False
    alone = await search(server, q="harbour", exact=True)
    assert texts(alone) == []
