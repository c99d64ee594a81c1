"""A room's life as a table, and who was in it in one of its times live."""

from dataclasses import dataclass, field, replace
from enum import StrEnum

from models.errors import Conflict
from models.room import Participant, Role, Room, RoomState, User


class Step(StrEnum):
    """What can happen to a room."""

    START = "start"
    END = "end"


NEXT: dict[tuple[RoomState, Step], RoomState] = {
    (RoomState.SCHEDULED, Step.START): RoomState.LIVE,
    (RoomState.ENDED, Step.START): RoomState.LIVE,
    (RoomState.LIVE, Step.END): RoomState.ENDED,
    (RoomState.SCHEDULED, Step.END): RoomState.ENDED,
}


def stepped(room: Room, step: Step) -> Room:
    """Give a room as it is after a step; raises `Conflict` when it cannot be taken now."""
    if (room.state, step) not in NEXT:
        raise Conflict(f"The room is {room.state.value}: it cannot {step.value} now")
    return replace(room, state=NEXT[room.state, step])


@dataclass(slots=True)
class Attendance:
    """Who is in a live room, and what they were made in this instance, also when they are away."""

    present: dict[str, Participant] = field(default_factory=dict)
    roles: dict[str, Role] = field(default_factory=dict)  # given in this instance, also to absent
    silenced: set[str] = field(default_factory=set)  # demoted: the open floor is closed to them
    removed: set[str] = field(default_factory=set)
    by: dict[str, User] = field(default_factory=dict)  # who made each what they are
    asked: dict[str, User] = field(default_factory=dict)  # who invited them; also those who left
