"""What can go wrong, as one tree.

::

    RoomscribeError
    ├── Invalid              a value that cannot be accepted; ``field`` names it
    │   ├── BadOffer         an SDP offer that cannot be answered
    │   ├── TooLarge         a file that is larger than may be
    │   └── UnreadableMedia  a file in which no audio could be found
    ├── NotSignedIn          no token, or one that is wrong or has expired
    ├── NotAllowed           signed in, but without the right
    │   └── NotPublished     its hosts keep a recording to themselves
    ├── NotFound             no such room, recording, caption or person
    ├── Conflict             right in itself, wrong now
    │   ├── RoomNotLive      the room is scheduled or has ended
    │   ├── StaleRevision    somebody else corrected the caption first
    │   └── TooFast          more was typed than can be spoken
    ├── Busy                 the server has so much to do that it did not begin: ask again soon
    ├── EngineUnavailable    a recogniser that cannot run here; the message says what to do
    └── StorageFailed        a disk that is full, read-only or broken
        └── StoreUnavailable a store on the network that cannot be reached or lets nobody in
"""


class RoomscribeError(Exception):
    """The base of every error that Roomscribe raises on purpose; its message is for people."""


class Invalid(RoomscribeError):
    """A value that cannot be accepted; ``field`` names which one."""

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class BadOffer(Invalid):
    """An SDP offer that cannot be answered."""


class TooLarge(Invalid):
    """A file that is larger than may be."""


class UnreadableMedia(Invalid):
    """A file in which no audio could be found."""


class NotSignedIn(RoomscribeError):
    """No token was given, or one that is wrong or has expired."""


class NotAllowed(RoomscribeError):
    """The person is known but has no right to do this."""


class NotPublished(NotAllowed):
    """The hosts of a room keep a recording to themselves."""


class NotFound(RoomscribeError):
    """There is no such room, recording, caption or person."""


class Conflict(RoomscribeError):
    """The request is right in itself but does not fit the present state."""


class RoomNotLive(Conflict):
    """The room is scheduled or has ended."""


class StaleRevision(Conflict):
    """Somebody else corrected the caption first."""


class TooFast(Conflict):
    """More was typed than can be spoken or read."""


class Busy(RoomscribeError):
    """The server has so much to do that it did not begin with this: ask again soon."""


class EngineUnavailable(RoomscribeError):
    """A recogniser that cannot run here; the message says what to do about it."""


class StorageFailed(RoomscribeError):
    """A disk that is full, read-only or broken."""


class StoreUnavailable(StorageFailed):
    """A store on the network cannot be reached, or does not let us in."""
