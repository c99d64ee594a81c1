"""What one reader may write into the room it reads: rights, and one connection's share of it."""

from api.live import LiveRooms
from api.typing_messages import HandBack, TakeOver, TypingMessage, Write
from models.errors import Conflict, NotAllowed, NotSignedIn, RoomNotLive, RoomscribeError
from models.room import Speaker, User
from pipeline.by_hand import ByHand
from rooms.registry import RoomRegistry
from rooms.roles import Right

_CODES: tuple[tuple[type[RoomscribeError], str], ...] = (
    (NotSignedIn, "not-signed-in"),
    (NotAllowed, "not-allowed"),
    (RoomNotLive, "room-not-live"),
    (Conflict, "conflict"),
)


def refusal_code(error: RoomscribeError) -> str:
    """Name why something was not taken, as an ``error`` message does."""
    return next((code for kind, code in _CODES if isinstance(error, kind)), "refused")


class Typist:
    """One connection of somebody who may caption a room by hand."""

    def __init__(
        self, lives: LiveRooms, registry: RoomRegistry, room_id: str, user: User | None
    ) -> None:
        self._lives = lives
        self._registry = registry
        self._room_id = room_id
        self._user = user
        self._writing_on: ByHand | None = None

    async def take(self, message: TypingMessage) -> bool:
        """Do what was asked; True when it took over or handed back, which is answered.

        Raises `NotSignedIn`, `NotAllowed`, `RoomNotLive`, or `Conflict` when somebody else writes.
        """
        if self._user is None:
            raise NotSignedIn("sign in first: captions carry the name of who wrote them")
        hand = self._lives.by_hand(self._room_id)
        match message:
            case TakeOver(reaction_s=reaction_s):
                await self._registry.require(self._user, self._room_id, Right.CORRECT)
                me = Speaker(id=self._user.id, name=self._user.name)
                hand.take_over(me, reaction_s=reaction_s)
                self._writing_on = hand
                return True
            case HandBack():
                self._writing_on = None
                await hand.hand_back(self._user.id)
                return True
            case Write(line=line, text=text, done=done):
                await hand.write(self._user.id, line, text, done=done)
        return False

    def seen(self) -> None:
        """Note that this connection lives, when it is one that writes."""
        if self._writing_on and self._user:
            self._writing_on.seen(self._user.id)
