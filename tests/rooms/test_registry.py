"""Who may do what: the registry as hosts, speakers and listeners meet it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from models.errors import Conflict, Invalid, NotAllowed, NotFound, RoomNotLive
from models.room import Role, Room, RoomState, User
from rooms.registry import RoomRegistry
from rooms.roles import Right
from rooms.store import RoomStore


@dataclass
class Directory:
    path: Path
    store: RoomStore
    registry: RoomRegistry


@pytest.fixture
def directory(tmp_path: Path) -> Iterator[Directory]:
    path = tmp_path / "rooms.sqlite"
    store = RoomStore(path)
    yield Directory(path, store, RoomRegistry(store))
    store.close()


@pytest.fixture
def registry(directory: Directory) -> RoomRegistry:
    return directory.registry


async def live_room(
    registry: RoomRegistry, *, open_floor: bool = True, private: bool = False
) -> tuple[User, Room]:
    host = await registry.sign_up("Hana")
    room = await registry.create(host, "Morning", open_floor=open_floor, private=private)
    return host, await registry.start(host, room.id)


@pytest.mark.parametrize("name", ["", "   ", "x" * 61, "a\x00b"])
async def test_a_name_that_cannot_be_shown_is_refused(registry: RoomRegistry, name: str) -> None:
    with pytest.raises(Invalid) as refused:
        await registry.sign_up(name)

    assert refused.value.field == "name"


async def test_a_name_is_trimmed_and_found_again(registry: RoomRegistry) -> None:
    user = await registry.sign_up("  Ada \n Lovelace ")

    assert (await registry.user(user.id)).name == "Ada Lovelace"


async def test_a_title_must_fit(registry: RoomRegistry) -> None:
    host = await registry.sign_up("Hana")

    with pytest.raises(Invalid) as refused:
        await registry.create(host, "t" * 121)

    assert refused.value.field == "title"


async def test_rooms_are_listed_newest_first_and_by_state(registry: RoomRegistry) -> None:
    host = await registry.sign_up("Hana")
    first = await registry.create(host, "First")
    second = await registry.create(host, "Second")
    await registry.start(host, first.id)

    assert [room.title for room in await registry.rooms()] == ["Second", "First"]
    assert [room.id for room in await registry.rooms(RoomState.SCHEDULED)] == [second.id]


async def test_a_room_goes_live_again_as_a_new_instance(registry: RoomRegistry) -> None:
    host, room = await live_room(registry)
    ended = await registry.end(host, room.id)
    again = await registry.start(host, room.id)

    assert (ended.state, ended.instance) == (RoomState.ENDED, 1)
    assert (again.state, again.instance, again.ended_at) == (RoomState.LIVE, 2, None)
    assert again.started_at is not None
    assert abs((datetime.now(UTC) - again.started_at).total_seconds()) < 5


async def test_a_live_room_cannot_be_started_nor_an_ended_one_ended(registry: RoomRegistry) -> None:
    host, room = await live_room(registry)
    with pytest.raises(Conflict):
        await registry.start(host, room.id)
    await registry.end(host, room.id)

    with pytest.raises(Conflict):
        await registry.end(host, room.id)


async def test_only_the_host_starts_and_ends(registry: RoomRegistry) -> None:
    host, room = await live_room(registry)
    cohost = await registry.sign_up("Carl")
    await registry.join(cohost, room.id)
    await registry.set_role(host, room.id, cohost.id, Role.COHOST)

    with pytest.raises(NotAllowed, match="takes the role host"):
        await registry.end(cohost, room.id)


async def test_an_unknown_room_or_person_is_not_found(registry: RoomRegistry) -> None:
    with pytest.raises(NotFound):
        await registry.room("nowhere")
    with pytest.raises(NotFound):
        await registry.user("nobody")


async def test_nobody_joins_a_room_that_is_not_live(registry: RoomRegistry) -> None:
    host = await registry.sign_up("Hana")
    room = await registry.create(host, "Later")

    with pytest.raises(RoomNotLive):
        await registry.join(host, room.id)


async def test_anyone_may_speak_where_the_floor_is_open(registry: RoomRegistry) -> None:
    _, room = await live_room(registry)
    guest = await registry.sign_up("Gil")

    joined = await registry.join(guest, room.id, as_speaker=True)

    assert joined.role is Role.SPEAKER
    assert await registry.may(guest, room.id, Right.SPEAK)


async def test_a_closed_floor_needs_the_host(registry: RoomRegistry) -> None:
    host, room = await live_room(registry, open_floor=False)
    guest = await registry.sign_up("Gil")
    with pytest.raises(NotAllowed):
        await registry.join(guest, room.id, as_speaker=True)
    await registry.join(guest, room.id)

    await registry.set_role(host, room.id, guest.id, Role.SPEAKER)

    assert await registry.may(guest, room.id, Right.SPEAK)


async def test_a_demoted_speaker_does_not_come_back_over_the_open_floor(
    registry: RoomRegistry,
) -> None:
    host, room = await live_room(registry)
    guest = await registry.sign_up("Gil")
    await registry.join(guest, room.id, as_speaker=True)

    await registry.set_role(host, room.id, guest.id, Role.LISTENER)

    assert not await registry.may(guest, room.id, Right.SPEAK)
    with pytest.raises(NotAllowed):
        await registry.join(guest, room.id, as_speaker=True)


async def test_a_public_room_is_read_and_heard_without_signing_in_and_no_more(
    registry: RoomRegistry,
) -> None:
    _, room = await live_room(registry)
    allowed = {right for right in Right if await registry.may(None, room.id, right)}

    assert allowed == {Right.READ, Right.LISTEN}


async def test_a_private_room_is_for_the_host_and_the_invited(registry: RoomRegistry) -> None:
    host, room = await live_room(registry, private=True)
    invited, stranger = await registry.sign_up("Ines"), await registry.sign_up("Stan")
    await registry.invite(host, room.id, invited.id, Role.CAPTIONER)

    assert (await registry.join(invited, room.id)).role is Role.CAPTIONER
    assert await registry.may(invited, room.id, Right.CORRECT)
    assert not await registry.may(None, room.id, Right.READ)
    assert not await registry.may(stranger, room.id, Right.READ)
    with pytest.raises(NotAllowed, match="private"):
        await registry.join(stranger, room.id)


async def test_people_mute_themselves_and_hosts_mute_others(registry: RoomRegistry) -> None:
    host, room = await live_room(registry)
    one, two = await registry.sign_up("One"), await registry.sign_up("Two")
    for user in (one, two):
        await registry.join(user, room.id, as_speaker=True)

    assert (await registry.set_muted(one, room.id, one.id, True)).muted
    assert (await registry.set_muted(host, room.id, two.id, True)).muted
    with pytest.raises(NotAllowed, match="host or cohost"):
        await registry.set_muted(one, room.id, two.id, False)


async def test_a_cohost_manages_everyone_but_the_host(registry: RoomRegistry) -> None:
    host, room = await live_room(registry)
    cohost = await registry.sign_up("Carl")
    await registry.join(cohost, room.id)
    await registry.set_role(host, room.id, cohost.id, Role.COHOST)

    renamed = await registry.update(cohost, room.id, title="Evening")

    assert renamed.title == "Evening"
    for attempt in (
        registry.remove(cohost, room.id, host.id),
        registry.set_role(cohost, room.id, host.id, Role.LISTENER),
        registry.set_muted(cohost, room.id, host.id, True),
        registry.set_role(cohost, room.id, cohost.id, Role.HOST),
    ):
        with pytest.raises(NotAllowed):
            await attempt


async def test_who_was_removed_stays_out_until_the_host_invites_them(
    registry: RoomRegistry,
) -> None:
    host, room = await live_room(registry)
    guest = await registry.sign_up("Gil")
    await registry.join(guest, room.id)

    await registry.remove(host, room.id, guest.id)

    assert [p.user.name for p in await registry.participants(room.id)] == ["Hana"]
    assert not await registry.may(guest, room.id, Right.SPEAK)
    with pytest.raises(NotAllowed, match="removed"):
        await registry.join(guest, room.id)
    await registry.invite(host, room.id, guest.id)
    assert (await registry.join(guest, room.id)).role is Role.LISTENER


async def test_who_leaves_is_no_longer_in_the_room(registry: RoomRegistry) -> None:
    _, room = await live_room(registry)
    guest = await registry.sign_up("Gil")
    await registry.join(guest, room.id)

    await registry.leave(guest, room.id)

    assert [p.user.name for p in await registry.participants(room.id)] == ["Hana"]


async def test_everything_durable_is_there_after_a_restart(directory: Directory) -> None:
    host, room = await live_room(directory.registry)
    invited = await directory.registry.sign_up("Ines")
    await directory.registry.invite(host, room.id, invited.id, Role.SPEAKER)
    await directory.registry.save_style(host.id, '{"size": 200}')

    store = RoomStore(directory.path)
    restarted = RoomRegistry(store)
    interrupted = await restarted.recover()

    assert [r.id for r in interrupted] == [room.id]
    assert (await restarted.room(room.id)).state is RoomState.ENDED
    assert (await restarted.user(host.id)) == host
    assert await restarted.style(host.id) == '{"size": 200}'
    await restarted.start(host, room.id)
    assert (await restarted.join(invited, room.id)).role is Role.SPEAKER
    assert await restarted.recover() == []
    store.close()


async def test_an_invitation_outlives_leaving_and_ends_with_its_answer(
    registry: RoomRegistry,
) -> None:
    host, room = await live_room(registry)
    guest = await registry.sign_up("Gil")
    await registry.join(guest, room.id)
    await registry.set_role(host, room.id, guest.id, Role.SPEAKER)
    await registry.leave(guest, room.id)
    away = registry.standing(room.id, guest.id)
    await registry.join(guest, room.id)
    back = registry.standing(room.id, guest.id)
    await registry.join(guest, room.id, as_speaker=True)

    assert (away.role, away.by) == (None, guest)
    assert (back.role, back.invited_by) == (Role.SPEAKER, host)
    assert registry.standing(room.id, guest.id).invited_by is None
    await registry.set_role(host, room.id, guest.id, Role.COHOST)
    assert registry.standing(room.id, guest.id).invited_by is None, "they could speak already"


async def test_the_private_rooms_that_somebody_may_read_are_their_own_and_those_they_are_invited_to(
    registry: RoomRegistry,
) -> None:
    host, room = await live_room(registry, private=True)
    _, others = await live_room(registry, private=True)
    await live_room(registry)
    guest, stranger = await registry.sign_up("Gus"), await registry.sign_up("Sam")
    await registry.invite(host, room.id, guest.id)

    assert await registry.private_rooms(host) == {room.id}
    assert await registry.private_rooms(guest) == {room.id}
    assert await registry.private_rooms(stranger) == frozenset()
    assert await registry.private_rooms(None) == frozenset()
    for user in (host, guest, stranger, None):
        mine = await registry.private_rooms(user)
        may = {one for one in (room.id, others.id) if await registry.may(user, one, Right.READ)}
        assert mine == may


async def test_who_is_removed_from_a_private_room_may_not_read_it_from_then_on(
    registry: RoomRegistry,
) -> None:
    host, room = await live_room(registry, private=True)
    guest = await registry.sign_up("Gus")
    await registry.invite(host, room.id, guest.id)
    await registry.join(guest, room.id)

    await registry.remove(host, room.id, guest.id)

    assert await registry.private_rooms(guest) == frozenset()
    await registry.invite(host, room.id, guest.id)
    assert await registry.private_rooms(guest) == {room.id}
