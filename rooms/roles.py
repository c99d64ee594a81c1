"""What each role may do, as one table."""

from enum import StrEnum

from models.room import Role


class Right(StrEnum):
    """Something that a person may be allowed to do in a room."""

    LISTEN = "listen"
    READ = "read"
    SPEAK = "speak"
    TYPE = "type"
    CORRECT = "correct"
    MANAGE = "manage"
    START_END = "start-end"
    RECORD = "record"


_FOLLOW = frozenset({Right.LISTEN, Right.READ})
_CAPTION = frozenset({Right.TYPE, Right.CORRECT})

RIGHTS: dict[Role, frozenset[Right]] = {
    Role.HOST: frozenset(Right),
    Role.COHOST: frozenset(Right) - {Right.START_END},
    Role.SPEAKER: _FOLLOW | {Right.SPEAK, Right.TYPE},
    Role.CAPTIONER: _FOLLOW | _CAPTION,
    Role.LISTENER: _FOLLOW,
}

PUBLIC = _FOLLOW
"""What anybody may do in a public room, signed in or not: captions and sound are not rationed."""

_WORDS: dict[Right, str] = {
    Right.LISTEN: "listen in this room",
    Right.READ: "read this room's captions",
    Right.SPEAK: "speak in this room",
    Right.TYPE: "type captions in this room",
    Right.CORRECT: "correct this room's captions",
    Right.MANAGE: "manage this room's participants",
    Right.START_END: "start or end this room",
    Right.RECORD: "decide about this room's recording",
}


def allows(role: Role, right: Right) -> bool:
    """Whether ``role`` carries ``right``."""
    return right in RIGHTS[role]


def refusal(right: Right) -> str:
    """Say, for people, who could do what they may not."""
    roles = [role.value for role in Role if allows(role, right)]
    who = " or ".join([", ".join(roles[:-1]), roles[-1]] if len(roles) > 1 else roles)
    return f"You may not {_WORDS[right]}; that takes the role {who}"
