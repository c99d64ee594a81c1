"""The voices of the demonstration: WHIP clients that play the conversation together."""

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack

from api.bootstrap import Roomscribe
from api.demo.conversation import Conversation
from models.audio import Pcm
from rooms.embedded.client import WhipClient, frames_of, load_pcm


class Voices:
    """The voices, connected to a room."""

    def __init__(self, clients: Sequence[WhipClient], recordings: Sequence[Pcm]) -> None:
        self._clients = clients
        self._recordings = recordings

    async def talk(self) -> None:
        """Hold the conversation once, in real time."""
        async with asyncio.TaskGroup() as tasks:
            for client, pcm in zip(self._clients, self._recordings, strict=True):
                tasks.create_task(client.play(frames_of(pcm)))


async def connect(
    stack: AsyncExitStack, app: Roomscribe, url: str, room_id: str, conversation: Conversation
) -> Voices:
    """Sign the voices up, let them join and connect them; ``stack`` hangs up."""
    clients: list[WhipClient] = []
    for voice in conversation.voices:
        user = await app.registry.sign_up(voice.name)
        await app.registry.join(user, room_id, as_speaker=True)
        client = WhipClient(
            f"{url}/v1/rooms/{room_id}/whip",
            app.identity.token(user),
            ice_addresses=app.settings.ice,
        )
        clients.append(await stack.enter_async_context(client))
    recordings = [await asyncio.to_thread(load_pcm, voice.file) for voice in conversation.voices]
    await app.lives.tell(room_id)
    return Voices(clients, recordings)
