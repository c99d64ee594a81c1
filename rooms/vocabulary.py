"""What a live room's recogniser should get right: its title, its people, its host's words. Pure."""

from collections.abc import Iterator, Sequence
from itertools import chain, zip_longest

from models.room import Participant, Role, Room

MOST = 100  # what recognisers take
_SPEAKING = (Role.SPEAKER, Role.HOST, Role.COHOST)


def own_words(room: Room, present: Sequence[Participant]) -> tuple[str, ...]:
    """Give the room's words, most important first; ``present`` is in the order of coming.

    The title comes first, then by turns the host's terms and the names of those who may speak, so
    that many of the one leave room for the other; then everybody else, newest first.
    """
    speaking = (name for role in _SPEAKING for name in _names(present, role))
    by_turns = chain.from_iterable(zip_longest(room.terms, speaking))
    others = (p.user.name for p in reversed(present) if p.role not in _SPEAKING)
    unique: dict[str, str] = {}
    for word in chain((room.title,), by_turns, others):
        if word is not None:
            unique.setdefault(word.casefold(), word)
        if len(unique) == MOST:
            break
    return tuple(unique.values())


def _names(present: Sequence[Participant], role: Role) -> Iterator[str]:
    return (p.user.name for p in reversed(present) if p.role is role)
