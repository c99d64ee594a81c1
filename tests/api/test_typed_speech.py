"""Speaking by typing: a caption, a voice in the room, and nothing for the recogniser."""

import asyncio
from pathlib import Path

import httpx
import numpy as np
import pytest

from api.typed_speech import NO_VOICE, Allowance
from models.audio import RATE_HZ, Frame, Pcm
from models.errors import EngineUnavailable
from models.room import Speaker
from models.transcript import Entry
from rooms.voice import EspeakVoice, Voice, find_voice
from tests.api.problems import assert_problem
from tests.api.running import WAIT_S, Person, Running, eventually, running
from tests.contracts.captions_v1.reader import reading_along


class Hum:
    """A voice that hums once it is ``ready``; ``asked`` counts what it was given to say."""

    def __init__(self, lasts_s: float = 0.5) -> None:
        self.lasts_s = lasts_s
        self.asked = asyncio.Semaphore(0)
        self.ready = asyncio.Event()
        self.ready.set()

    async def speak(self, text: str, language: str) -> Pcm:
        self.asked.release()
        await self.ready.wait()
        return np.full(round(self.lasts_s * RATE_HZ), 9000, dtype=np.int16)

    async def is_asked(self, times: int) -> None:
        """Wait until it was given so much to say."""
        async with asyncio.timeout(WAIT_S):
            for _ in range(times):
                await self.asked.acquire()


class Hoarse:
    """A voice that cannot speak."""

    async def speak(self, text: str, language: str) -> Pcm:
        raise EngineUnavailable("nothing comes out")


class Toneless:
    """A voice that moves its lips."""

    async def speak(self, text: str, language: str) -> Pcm:
        return np.zeros(0, dtype=np.int16)


async def say(
    server: Running, room: str, who: Person, text: str, line: str = "a"
) -> httpx.Response:
    url = f"/v1/rooms/{room}/say"
    return await server.http.post(url, json={"line": line, "text": text}, headers=who.headers)


async def join(server: Running, room: str, name: str, role: str) -> Person:
    person = await server.sign_in(name)
    url = f"/v1/rooms/{room}/join"
    reply = await server.http.post(url, json={"as": role}, headers=person.headers)
    reply.raise_for_status()
    return person


async def test_typed_words_are_a_caption_and_are_heard_but_not_by_the_recogniser(
    server: Running, host: Person
) -> None:
    server.app.typed.voice = Hum()
    room = await server.live_room(host)
    ben = await join(server, room, "Ben", "speaker")
    tap = server.app.media.get(room).tap()
    spoken: list[Frame] = []

    async with reading_along(server, room) as reader:
        reply = await say(server, room, ben, "I agree with Ada.")
        final = await reader.take("final")
        begins, ends = await reader.take("speaking"), await reader.take("speaking")

    async with asyncio.timeout(WAIT_S):
        while len(spoken) < 25:
            item = await tap.get()
            if isinstance(item, Frame) and item.people is not None:
                spoken.append(item)
    assert reply.json() == {"heard": True, "note": ""}
    assert (final["text"], final["source"]) == ("I agree with Ada.", "typed")
    assert final["speaker"] == {"id": ben.id, "name": "Ben"}
    assert final["end"] - final["start"] == pytest.approx(0.5, abs=0.01)
    assert (begins["on"], ends["on"]) == (True, False)
    assert begins["speaker"]["name"] == "Ben"
    assert all(frame.pcm.max() > 5000 for frame in spoken)
    assert all(not frame.to_recognise.any() for frame in spoken)
    assert spoken[0].start_s == pytest.approx(final["start"], abs=0.1)


async def test_without_a_voice_typed_words_are_a_caption_and_a_line_says_so(
    tmp_path: Path,
) -> None:
    async with running(tmp_path, voice="off") as server:
        host = await server.sign_in()
        room = await server.live_room(host)
        async with reading_along(server, room) as reader:
            reply = await say(server, room, host, "Can you read me?")
            final = await reader.take("final")

    assert reply.json() == {"heard": False, "note": NO_VOICE}
    assert final["text"] == "Can you read me?"


@pytest.mark.parametrize("voice", [Hoarse(), Toneless()])
async def test_a_voice_that_fails_keeps_no_word_back(
    server: Running, host: Person, voice: Voice
) -> None:
    server.app.typed.voice = voice
    room = await server.live_room(host)
    async with reading_along(server, room) as reader:
        reply = await say(server, room, host, "Still here.")
        final = await reader.take("final")

    assert reply.json()["heard"] is False
    assert "could not speak" in reply.json()["note"]
    assert final["text"] == "Still here."


async def test_words_that_are_sent_twice_are_said_once(server: Running, host: Person) -> None:
    server.app.typed.voice = voice = Hum()
    voice.ready.clear()
    room = await server.live_room(host)

    saying = [asyncio.create_task(say(server, room, host, "Once.")) for _ in range(3)]
    await voice.is_asked(3)
    voice.ready.set()
    replies = await asyncio.gather(*saying)

    assert {reply.status_code for reply in replies} == {200}
    assert await server.app.journal.latest(room) == 1
    assert server.app.media.get(room).voice_wait_s(host.id) <= 0.5


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
async def test_who_loses_the_right_while_the_voice_begins_is_not_heard(
    server: Running, host: Person, method: str
) -> None:
    server.app.typed.voice = voice = Hum()
    voice.ready.clear()
    room = await server.live_room(host)
    ben = await join(server, room, "Ben", "speaker")

    saying = asyncio.create_task(say(server, room, ben, "One more thing"))
    await voice.is_asked(1)
    url, body = f"/v1/rooms/{room}/participants/{ben.id}", {"role": "listener"}
    changed = await server.http.request(method, url, json=body, headers=host.headers)
    voice.ready.set()

    assert changed.is_success
    assert_problem(await saying, 403, "not-allowed")
    assert server.app.media.get(room).voice_wait_s(ben.id) == 0
    assert await server.app.journal.latest(room) == 0


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
async def test_who_loses_the_right_falls_silent_even_while_the_disk_is_full(
    server: Running, host: Person, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    server.app.typed.voice = Hum(lasts_s=40)
    room = await server.live_room(host)
    ben = await join(server, room, "Ben", "speaker")
    url = f"/v1/rooms/{room}/participants/{ben.id}"
    await server.http.patch(url, json={"role": "cohost"}, headers=host.headers)
    await say(server, room, ben, "A long speech")
    hand, sound = server.app.lives.by_hand(room), server.app.media.get(room)
    hand.take_over(Speaker(id=ben.id, name="Ben"))
    await hand.write(ben.id, "a", "And a line", done=False)
    append, disk = server.app.journal.append, asyncio.Event()

    async def slow(room_id: str, instance: int, entry: Entry) -> Entry:
        await disk.wait()
        return await append(room_id, instance, entry)

    async def is_silent() -> bool:
        await asyncio.sleep(0)
        return sound.voice_wait_s(ben.id) == 0

    monkeypatch.setattr(server.app.journal, "append", slow)
    body = {"role": "listener"}
    changing = asyncio.create_task(
        server.http.request(method, url, json=body, headers=host.headers)
    )
    await eventually(is_silent)
    waits = not changing.done()
    disk.set()

    assert (await changing).is_success
    assert waits
    assert hand.captioner is None
    assert await server.app.journal.latest(room) == 2


@pytest.mark.parametrize("cut", ["demoted", "removed", "room ends"])
async def test_whose_voice_is_cut_does_not_seem_to_speak_on(
    server: Running, host: Person, cut: str
) -> None:
    server.app.typed.voice = Hum(lasts_s=40)
    room = await server.live_room(host)
    ben = await join(server, room, "Ben", "speaker")
    url = f"/v1/rooms/{room}/participants/{ben.id}"

    async with reading_along(server, room) as reader:
        await say(server, room, ben, "A long speech")
        await say(server, room, ben, "and more of it, which nobody hears", line="b")
        begins = await reader.take("speaking")
        if cut == "demoted":
            await server.http.patch(url, json={"role": "listener"}, headers=host.headers)
        elif cut == "removed":
            await server.http.delete(url, headers=host.headers)
        else:
            await server.http.post(f"/v1/rooms/{room}/end", headers=host.headers)
        ends = await reader.take("speaking")

    assert (begins["on"], ends["on"]) == (True, False)
    assert begins["speaker"] == ends["speaker"] == {"id": ben.id, "name": "Ben"}
    assert 0 <= ends["t"] - begins["t"] < 20


async def test_a_listener_may_not_speak_by_typing_nor_who_was_demoted(
    server: Running, host: Person
) -> None:
    server.app.typed.voice = Hum()
    room = await server.live_room(host)
    lea = await join(server, room, "Lea", "listener")
    ben = await join(server, room, "Ben", "speaker")
    for number in range(3):
        await say(server, room, ben, "A long speech", line=f"b{number}")

    url = f"/v1/rooms/{room}/participants/{ben.id}"
    await server.http.patch(url, json={"role": "listener"}, headers=host.headers)

    assert_problem(await say(server, room, lea, "Hello"), 403, "not-allowed")
    assert_problem(await say(server, room, ben, "And more"), 403, "not-allowed")
    assert server.app.media.get(room).voice_wait_s(ben.id) == 0


async def test_who_types_too_fast_is_told_to_wait(server: Running, host: Person) -> None:
    room = await server.live_room(host)

    replies = [await say(server, room, host, "x", line=str(n)) for n in range(6)]

    assert [reply.status_code for reply in replies[:4]] == [200] * 4
    assert_problem(replies[-1], 429, "too-fast")


@pytest.mark.parametrize(
    ("text", "line", "field"),
    [("", "a", "text"), (" \n", "a", "text"), ("x" * 501, "a", "text"), ("x", "", "line")],
)
async def test_typed_words_that_cannot_be_are_refused(
    server: Running, host: Person, text: str, line: str, field: str
) -> None:
    room = await server.live_room(host)

    assert_problem(await say(server, room, host, text, line), 422, "invalid", field)


async def test_nothing_is_said_in_a_room_that_is_not_live(
    server: Running, host: Person, room: str
) -> None:
    assert_problem(await say(server, room, host, "Hello?"), 409, "room-not-live")


def test_an_allowance_gives_a_burst_and_then_one_at_a_time() -> None:
    allowance = Allowance(burst=2, every_s=3)

    assert [allowance.take(10.0) for _ in range(3)] == [0.0, 0.0, 3.0]
    assert allowance.take(13.0) == 0.0
    assert allowance.take(13.0) > 0
    assert not allowance.is_spent(30.0)


@pytest.mark.parametrize("language", ["en", "de", "xx", ""])
async def test_espeak_reads_words_aloud_in_the_rooms_language(language: str) -> None:
    voice = find_voice()
    if not isinstance(voice, EspeakVoice):
        pytest.skip("espeak-ng is not installed")

    sound = await voice.speak("Good morning, -v everybody", language)

    assert 0.8 < len(sound) / RATE_HZ < 4
    assert 8000 < np.abs(sound).max() < 15_000
    assert sound.dtype == np.int16


async def test_a_voice_that_is_missing_is_said_in_the_open() -> None:
    with pytest.raises(EngineUnavailable):
        await EspeakVoice("/nowhere/espeak-ng").speak("Hello", "en")
