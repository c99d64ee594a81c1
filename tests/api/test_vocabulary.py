"""A live room's own words on their way to its recogniser."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from functools import partial

import pytest

from api.vocabulary import LiveVocabulary
from asr.inprocess import InProcessStream
from models.errors import StorageFailed
from tests.api.problems import assert_problem
from tests.api.running import Person, Running, eventually
from tests.pipeline.virtual_time import VirtualLoop


@dataclass
class Follower:
    """A vocabulary that is followed, and what it told."""

    words: tuple[str, ...] = ("Tea",)
    asked: int = 0
    broken: bool = False
    told: list[Sequence[str]] = field(default_factory=list)

    async def read(self) -> Sequence[str]:
        self.asked += 1
        if self.broken:
            raise StorageFailed("secret words")
        return self.words

    @asynccontextmanager
    async def following(self, pause_s: float = 0.05) -> AsyncIterator[LiveVocabulary]:
        vocabulary = LiveVocabulary(self.read, self.told.append, told=("Tea",), pause_s=pause_s)
        task = asyncio.create_task(vocabulary.follow())
        yield vocabulary
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def is_so(holds: Callable[[], bool]) -> Callable[[], "asyncio.Future[bool]"]:
    async def ask() -> bool:
        return holds()

    return lambda: asyncio.ensure_future(ask())


async def test_ten_thousand_changes_within_the_pause_are_told_once() -> None:
    follower = Follower()
    async with follower.following() as vocabulary:
        for number in range(10_000):
            follower.words = ("Tea", f"Person {number}")
            vocabulary.changed()
        await eventually(is_so(lambda: bool(follower.told)))

    assert follower.told == [("Tea", "Person 9999")]
    assert follower.asked == 1


def test_a_crowd_that_keeps_coming_is_told_ever_less_often_and_nobody_is_forgotten() -> None:
    follower = Follower()

    async def crowd() -> None:
        async with follower.following(pause_s=1.0) as vocabulary:
            for number in range(6000):
                follower.words = ("Tea", f"Person {number}")
                vocabulary.changed()
                await asyncio.sleep(0.1)
            await asyncio.sleep(8)
            assert follower.told[-1] == ("Tea", "Person 5999")
            await asyncio.sleep(8)
            assert len(follower.told) < 80
            follower.words = ("Tea", "Latecomer")
            vocabulary.changed()
            await asyncio.sleep(1.1)
            assert follower.told[-1] == ("Tea", "Latecomer")

    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        runner.run(crowd())


async def test_words_that_are_the_same_are_not_told_again() -> None:
    follower = Follower()
    async with follower.following() as vocabulary:
        vocabulary.changed()
        await eventually(is_so(lambda: follower.asked == 1))

    assert follower.told == []


async def test_a_full_disk_keeps_the_old_words_and_says_none(
    caplog: pytest.LogCaptureFixture,
) -> None:
    follower = Follower(broken=True)
    async with follower.following() as vocabulary:
        vocabulary.changed()
        await eventually(is_so(lambda: follower.asked == 1))
        follower.broken, follower.words = False, ("Tea", "Ada")
        vocabulary.changed()
        await eventually(is_so(lambda: bool(follower.told)))

    assert follower.told == [("Tea", "Ada")]
    assert "secret words" not in caplog.text


@pytest.fixture
def learnt(monkeypatch: pytest.MonkeyPatch) -> list[Sequence[str]]:
    """What the server's recogniser is told while rooms are live, soon after each change."""
    monkeypatch.setattr("api.live.LiveVocabulary", partial(LiveVocabulary, pause_s=0.02))
    told: list[Sequence[str]] = []
    original = InProcessStream.learn

    def learn(stream: InProcessStream, terms: Sequence[str]) -> None:
        told.append(terms)
        original(stream, terms)

    monkeypatch.setattr(InProcessStream, "learn", learn)
    return told


async def test_who_joins_speaks_and_leaves_changes_the_words_at_once(
    server: Running, host: Person, learnt: list[Sequence[str]]
) -> None:
    room = await server.live_room(host, terms=["Kestrel"])
    people = f"/v1/rooms/{room}/participants"
    lena, sam = await server.sign_in("Lena"), await server.sign_in("Sam")

    async def told(*words: str) -> None:
        await eventually(is_so(lambda: bool(learnt) and learnt[-1] == words))

    for person in (lena, sam):
        await server.http.post(f"/v1/rooms/{room}/join", headers=person.headers)
    await told("Tea", "Kestrel", "Hanna", "Sam", "Lena")
    await server.http.patch(f"{people}/{lena.id}", json={"role": "speaker"}, headers=host.headers)
    await told("Tea", "Kestrel", "Lena", "Hanna", "Sam")
    await server.http.post(f"/v1/rooms/{room}/leave", headers=sam.headers)
    await told("Tea", "Kestrel", "Lena", "Hanna")
    change = {"title": "Coffee", "terms": ["Tollund"]}
    await server.http.patch(f"/v1/rooms/{room}", json=change, headers=host.headers)
    await told("Coffee", "Tollund", "Lena", "Hanna")


async def test_a_crowd_that_joins_at_once_is_told_in_few_steps(
    server: Running, host: Person, learnt: list[Sequence[str]]
) -> None:
    room = await server.live_room(host)
    for number in range(300):
        user = await server.app.registry.sign_up(f"Person {number}")
        await server.app.registry.join(user, room)
        await server.app.lives.tell(room)

    await eventually(is_so(lambda: bool(learnt) and "Person 299" in learnt[-1]))

    assert len(learnt[-1]) == 100
    assert len(learnt) <= 10


async def test_words_and_terms_are_in_no_log(
    server: Running,
    host: Person,
    learnt: list[Sequence[str]],
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    with caplog.at_level(logging.DEBUG):
        room = await server.live_room(host, terms=["Zanzibarium"])
        change = {"terms": ["Quixotrope"]}
        await server.http.patch(f"/v1/rooms/{room}", json=change, headers=host.headers)
        too_long = {"terms": ["Wombatology" * 9]}
        reply = await server.http.patch(f"/v1/rooms/{room}", json=too_long, headers=host.headers)
        await eventually(is_so(lambda: bool(learnt)))

    assert_problem(reply, 422, "invalid", "terms")
    written = caplog.text + "".join(capfd.readouterr()) + reply.text
    for word in ("Zanzibarium", "Quixotrope", "Wombatology"):
        assert word not in written
