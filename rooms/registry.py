"""Who holds which room, who is in it, and what they may do there.

People, rooms and invitations are durable; who takes part in a live room is kept in memory. Every
method is async: the store may wait for the disk and runs in a thread.
"""

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from types import EllipsisType

from models.errors import NotAllowed, NotFound, RoomNotLive
from models.reading import ReadingPlace
from models.room import Participant, Role, Room, RoomState, Standing, User
from rooms import wording
from rooms.life import Attendance, Step, stepped
from rooms.roles import PUBLIC, Right, allows, refusal
from rooms.store import RoomStore


def _now() -> datetime:
    return datetime.now(UTC)


class RoomRegistry:
    """The directory of people and rooms, and the rules between them."""

    def __init__(self, store: RoomStore, *, now: Callable[[], datetime] = _now) -> None:
        self._store = store
        self._now = now
        self._attendance: dict[str, Attendance] = {}
        self._changing = asyncio.Lock()
        self.changed: Callable[[Room], Awaitable[None]] | None = None
        """Awaited with each room that is new, or another than before."""

    async def sign_up(self, name: str) -> User:
        """Enter a person; raises `Invalid` for a name of no or more than 60 characters."""
        user = User(
            id=secrets.token_hex(8),
            name=wording.line(name, "name", wording.MAX_NAME),
            created_at=self._now(),
        )
        await asyncio.to_thread(self._store.add_user, user)
        return user

    async def user(self, user_id: str) -> User:
        """A person; raises `NotFound`."""
        user = await asyncio.to_thread(self._store.user, user_id)
        if user is None:
            raise NotFound("There is no such person")
        return user

    async def create(
        self,
        host: User,
        title: str,
        *,
        language: str = "en",
        record: bool = True,
        open_floor: bool = True,
        private: bool = False,
        starts_at: datetime | None = None,
        terms: Sequence[str] = (),
        translate: bool = False,
        speaker_tracks: bool = False,
        over: bool = False,
        keep_days: int | None = None,
    ) -> Room:
        """Make a scheduled room, or one that is ``over``; raises `Invalid` naming the field."""
        now = self._now()
        room = Room(
            id=secrets.token_hex(6),
            title=wording.line(title, "title", wording.MAX_TITLE),
            language=wording.line(language, "language", wording.MAX_LANGUAGE),
            host_id=host.id,
            state=RoomState.ENDED if over else RoomState.SCHEDULED,
            created_at=now,
            record=record,
            open_floor=open_floor,
            private=private,
            starts_at=wording.moment(starts_at),
            terms=wording.words(terms, wording.TERMS),
            translate=translate,
            speaker_tracks=speaker_tracks,
            started_at=now if over else None,
            ended_at=now if over else None,
            instance=int(over),
            keep_days=keep_days,
        )
        return await self._save(room)

    async def rooms(self, state: RoomState | None = None) -> list[Room]:
        """All rooms, or those in ``state``, newest first."""
        return await asyncio.to_thread(self._store.rooms, state)

    async def room(self, room_id: str) -> Room:
        """A room; raises `NotFound`."""
        room = await asyncio.to_thread(self._store.room, room_id)
        if room is None:
            raise NotFound("There is no such room")
        return room

    async def update(
        self,
        by: User,
        room_id: str,
        *,
        title: str | None = None,
        record: bool | None = None,
        terms: Sequence[str] | None = None,
        translate: bool | None = None,
        speaker_tracks: bool | None = None,
        keep_days: int | EllipsisType | None = ...,
    ) -> Room:
        """Change what hosts and cohosts may change; None leaves a value as it is.

        Only for ``keep_days`` that is a value, and ``...`` leaves it.
        """
        async with self._changing:
            room = await self.room(room_id)
            await self.require(by, room_id, Right.MANAGE)
            if title is not None:
                room = replace(room, title=wording.line(title, "title", wording.MAX_TITLE))
            if record is not None:
                await self.require(by, room_id, Right.RECORD)
                room = replace(room, record=record)
            if terms is not None:
                room = replace(room, terms=wording.words(terms, wording.TERMS))
            if translate is not None:
                room = replace(room, translate=translate)
            if speaker_tracks is not None:
                await self.require(by, room_id, Right.RECORD)
                room = replace(room, speaker_tracks=speaker_tracks)
            if keep_days is not ...:
                await self.require(by, room_id, Right.RECORD)
                room = replace(room, keep_days=keep_days)
            return await self._save(room)

    async def start(self, user: User, room_id: str) -> Room:
        """Go live as a new instance, with the host present; raises `Conflict` when it is live."""
        async with self._changing:
            room = await self.room(room_id)
            await self.require(user, room_id, Right.START_END)
            room = replace(
                stepped(room, Step.START),
                instance=room.instance + 1,
                started_at=self._now(),
                ended_at=None,
            )
            await self._save(room)
            host = Participant(user=user, role=Role.HOST)
            self._attendance[room_id] = Attendance(present={user.id: host}, by={user.id: user})
            return room

    async def end(self, user: User, room_id: str) -> Room:
        """End a room, after which nobody is in it; raises `Conflict` when it has ended."""
        async with self._changing:
            room = await self.room(room_id)
            await self.require(user, room_id, Right.START_END)
            room = await self._save(replace(stepped(room, Step.END), ended_at=self._now()))
            self._attendance.pop(room_id, None)
            return room

    async def recover(self) -> list[Room]:
        """End the rooms that were live when the process died, and return them."""
        async with self._changing:
            return [
                await self._save(replace(room, state=RoomState.ENDED, ended_at=self._now()))
                for room in await self.rooms(RoomState.LIVE)
                if room.id not in self._attendance
            ]

    async def join(self, user: User, room_id: str, as_speaker: bool = False) -> Participant:
        """Enter a live room; on an open floor anyone may come as a speaker.

        Raises `RoomNotLive`, or `NotAllowed` for who was removed, is not invited to a private room,
        or asks to speak where the floor is not open.
        """
        room = await self.room(room_id)
        attendance = self._live(room)
        role = await self._role(user, room)
        if user.id in attendance.removed:
            raise NotAllowed("The host removed you from this room")
        if role is None and room.private:
            raise NotAllowed("This room is private; ask its host to invite you")
        role = role or Role.LISTENER
        if as_speaker and not allows(role, Right.SPEAK):
            if not room.open_floor or user.id in attendance.silenced:
                raise NotAllowed("The floor is not open; ask the host to let you speak")
            role = Role.SPEAKER
        known = attendance.present.get(user.id)
        if as_speaker:
            attendance.asked.pop(user.id, None)  # that is an answer
        participant = Participant(
            user=user,
            role=role,
            muted=known.muted if known else False,
            invited_by=attendance.asked.get(user.id),
        )
        attendance.present[user.id] = participant
        attendance.by[user.id] = user
        attendance.roles[user.id] = role
        return participant

    async def leave(self, user: User, room_id: str) -> None:
        """Leave a room; nothing happens to who is not in it."""
        await self.room(room_id)
        attendance = self._attendance.get(room_id)
        if attendance is not None:
            attendance.present.pop(user.id, None)
            attendance.by[user.id] = user

    async def participants(self, room_id: str) -> list[Participant]:
        """Who is in a room, in the order of coming; nobody when it is not live."""
        await self.room(room_id)
        attendance = self._attendance.get(room_id)
        return list(attendance.present.values()) if attendance else []

    async def participant(self, room_id: str, user_id: str) -> Participant:
        """One person in a room; raises `NotFound` when they are not in it."""
        attendance = self._attendance.get((await self.room(room_id)).id)
        if attendance is None or user_id not in attendance.present:
            raise NotFound("They are not in this room")
        return attendance.present[user_id]

    def standing(self, room_id: str, user_id: str) -> Standing:
        """What somebody is in a room now."""
        attendance = self._attendance.get(room_id, Attendance())
        by = attendance.by.get(user_id)
        if (known := attendance.present.get(user_id)) is None:
            return Standing(by=by)
        return Standing(role=known.role, muted=known.muted, invited_by=known.invited_by, by=by)

    async def set_role(self, by: User, room_id: str, user_id: str, role: Role) -> Participant:
        """Promote or demote a participant; anyone may step down to listen.

        Who is let speak is invited until they answer: by joining as a speaker, or by stepping
        down. The host stays the host, and nobody else becomes one.
        """
        room = await self.room(room_id)
        if not (by.id == user_id and role is Role.LISTENER):
            await self.require(by, room_id, Right.MANAGE)
        if user_id == room.host_id or role is Role.HOST:
            raise NotAllowed("A room's host cannot be changed")
        known = await self.participant(room_id, user_id)
        inviter = _inviter(by, known, role)
        changed = self._change(room, replace(known, role=role, invited_by=inviter), by)
        attendance = self._live(room)
        attendance.asked.pop(user_id, None)
        if inviter:
            attendance.asked[user_id] = inviter
        silenced = attendance.silenced
        if allows(role, Right.SPEAK):
            silenced.discard(user_id)
        elif by.id != user_id:
            silenced.add(user_id)
        return changed

    async def set_muted(self, by: User, room_id: str, user_id: str, muted: bool) -> Participant:
        """Mute or unmute oneself or, as host or cohost, somebody else but the host."""
        room = await self.room(room_id)
        if by.id != user_id:
            await self.require(by, room_id, Right.MANAGE)
            if user_id == room.host_id:
                raise NotAllowed("Only the host can mute the host")
        known = await self.participant(room_id, user_id)
        return self._change(room, replace(known, muted=muted), by)

    async def remove(self, by: User, room_id: str, user_id: str) -> None:
        """Remove somebody for the rest of the instance, and take back their invitation."""
        room = await self.room(room_id)
        await self.require(by, room_id, Right.MANAGE)
        if user_id == room.host_id:
            raise NotAllowed("The host cannot be removed")
        attendance = self._live(room)
        attendance.removed.add(user_id)
        attendance.roles.pop(user_id, None)
        attendance.asked.pop(user_id, None)
        attendance.present.pop(user_id, None)
        attendance.by[user_id] = by
        await asyncio.to_thread(self._store.uninvite, room_id, user_id)

    async def invite(
        self, by: User, room_id: str, user_id: str, role: Role = Role.LISTENER
    ) -> None:
        """Let a person into a private room, or give anyone a role before they come."""
        room = await self.room(room_id)
        await self.require(by, room_id, Right.MANAGE)
        await self.user(user_id)
        if role is Role.HOST or user_id == room.host_id:
            raise NotAllowed("A room's host cannot be changed")
        await asyncio.to_thread(self._store.invite, room_id, user_id, role)
        if attendance := self._attendance.get(room_id):
            attendance.removed.discard(user_id)

    async def may(self, user: User | None, room_id: str, right: Right) -> bool:
        """Whether ``user``, or a guest, has ``right`` in the room; raises `NotFound`."""
        room = await self.room(room_id)
        attendance = self._attendance.get(room_id)
        removed = attendance is not None and user is not None and user.id in attendance.removed
        role = None if user is None or removed else await self._role(user, room)
        if role is not None:
            return allows(role, right)
        return not room.private and right in PUBLIC

    async def require(self, user: User | None, room_id: str, right: Right) -> None:
        """Raise `NotAllowed`, saying what it takes, unless ``user`` has ``right``."""
        if not await self.may(user, room_id, right):
            raise NotAllowed(refusal(right))

    async def private_rooms(self, user: User | None) -> frozenset[str]:
        """The private rooms that ``user`` may read: all for which `may` says so, asked at once."""
        if user is None:
            return frozenset()
        roles = await asyncio.to_thread(self._store.private_rooms, user.id)
        for room_id, attendance in self._attendance.items():
            if user.id in attendance.removed:
                roles.pop(room_id, None)
            elif room_id in roles and roles[room_id] is not Role.HOST:
                roles[room_id] = attendance.roles.get(user.id, roles[room_id])
        return frozenset(id for id, role in roles.items() if allows(role, Right.READ))

    async def style(self, user_id: str) -> str | None:
        """A person's caption style as JSON text, None when they never chose one."""
        return await asyncio.to_thread(self._store.style, user_id)

    async def save_style(self, user_id: str, style: str) -> None:
        """Keep a person's caption style, JSON text, for every room."""
        await self.user(user_id)
        await asyncio.to_thread(self._store.save_style, user_id, style)

    async def alert_words(self, user_id: str) -> tuple[str, ...] | None:
        """The words that a person wants to be alerted to, None when they never chose any."""
        return await asyncio.to_thread(self._store.alert_words, user_id)

    async def save_alert_words(self, user_id: str, words: Sequence[str]) -> tuple[str, ...]:
        """Keep a person's alert words, and give them as they are kept; raises `Invalid`."""
        kept = wording.words(words, wording.ALERT_WORDS)
        await asyncio.to_thread(self._store.save_alert_words, user_id, kept)
        return kept

    async def reading_place(self, room_id: str, user_id: str) -> ReadingPlace | None:
        """Where a person was in a room's captions, None when they never were there."""
        return await asyncio.to_thread(self._store.reading_place, room_id, user_id)

    async def save_reading_place(self, room_id: str, user_id: str, place: ReadingPlace) -> None:
        """Keep where a person is in a room's captions."""
        await asyncio.to_thread(self._store.save_reading_place, room_id, user_id, place)

    async def _save(self, room: Room) -> Room:
        await asyncio.to_thread(self._store.save_room, room)
        if self.changed:
            await self.changed(room)
        return room

    async def _role(self, user: User, room: Room) -> Role | None:
        if user.id == room.host_id:
            return Role.HOST
        attendance = self._attendance.get(room.id)
        if attendance is not None and user.id in attendance.roles:
            return attendance.roles[user.id]
        return await asyncio.to_thread(self._store.invitation, room.id, user.id)

    def _live(self, room: Room) -> Attendance:
        if room.state is not RoomState.LIVE:
            raise RoomNotLive(f"The room is {room.state.value}, not live")
        return self._attendance.setdefault(room.id, Attendance())

    def _change(self, room: Room, changed: Participant, by: User) -> Participant:
        attendance = self._live(room)
        attendance.present[changed.user.id] = changed
        attendance.roles[changed.user.id] = changed.role
        attendance.by[changed.user.id] = by
        return changed


def _inviter(by: User, known: Participant, role: Role) -> User | None:
    """Who waits for an answer when ``by`` gives somebody a role."""
    if by.id == known.user.id or not allows(role, Right.SPEAK):
        return None
    return known.invited_by if allows(known.role, Right.SPEAK) else by
