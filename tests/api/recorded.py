"""A recording of a room, made without waiting for its sound."""

from datetime import UTC, datetime

from models.audio import FRAME_SAMPLES, Frame, Sent
from models.room import Room, RoomState, Speaker
from pipeline.channel import Channel
from pipeline.tap import TapItem
from rooms.embedded.opus import Encoder
from tests.api.running import Person, Running
from tests.fixtures.clips import clips


async def recorded(server: Running, host: Person, **fields: object) -> tuple[str, str]:
    """Record two seconds of speech in a new room; gives the room and the recording."""
    room_id = await server.room(host, "Kept", **fields)
    return room_id, await record(server, host, room_id)


async def record(
    server: Running,
    host: Person,
    room_id: str,
    *,
    instance: int = 1,
    from_frame: int = 0,
    alone: Speaker | None = None,
) -> str:
    """Record two seconds of an instance, from a frame of it on; gives the recording.

    With ``alone`` what that speaker sends is kept as a track, too.
    """
    tap: Channel[TapItem] = Channel(200)
    encoder = Encoder()
    pcm = clips()[0].pcm.repeat(3)
    for number in range(from_frame, from_frame + 100):
        block = pcm[number % 100 * FRAME_SAMPLES :][:FRAME_SAMPLES]
        sample, packet = number * FRAME_SAMPLES, encoder.encode(block)
        sent = (Sent(speaker=alone, sample=sample, packet=packet),) if alone else ()
        await tap.put(Frame(sample=sample, pcm=block, packet=packet, sent=sent))
    tap.close()
    room = Room(
        id=room_id,
        title="Kept",
        language="en",
        host_id=host.id,
        state=RoomState.LIVE,
        created_at=datetime.now(UTC),
        started_at=datetime.now(UTC),
        instance=instance,
    )
    recording = await server.app.recorder.record(
        room, tap, pre_skip=encoder.lookahead, tracks=alone is not None
    )
    return recording.id
