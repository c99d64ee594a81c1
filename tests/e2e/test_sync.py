"""One clock: a caption's start is its offset in the recording, whatever the network does.

Clicks are spoken beside the words, at known distances. Where a click is found in the recording
says where its sentence must begin, and the caption must say the same.
"""

import asyncio
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from api.bootstrap import Roomscribe
from api.serving import serving
from api.settings import Settings
from models.audio import RATE_HZ, Pcm
from models.room import Room, User
from models.transcript import Final
from rooms.embedded.client import WhipClient, frames_of, load_pcm
from tests.e2e.speech import Speech, speech

_AHEAD_S = 0.7
_TOLERANCE_S = 0.3
_LOSS = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class _Track:
    """What one speaker says: each sentence `_AHEAD_S` after a click."""

    sentences: tuple[Pcm, ...]
    click: Pcm


def _click(hertz: float) -> Pcm:
    at = np.arange(RATE_HZ // 25) / RATE_HZ
    return np.asarray(9000 * np.sin(2 * np.pi * hertz * at) * np.hanning(len(at)), dtype=np.int16)


def _track(source: Speech, first: int, sentences: int, *, hertz: float, rounds: int) -> _Track:
    click, silence = _click(hertz), np.zeros(round(_AHEAD_S * RATE_HZ), np.int16)
    lead = silence[len(click) :]
    said = [
        source.pcm[round(turn.start_s * RATE_HZ) : round(turn.end_s * RATE_HZ)]
        for turn in source.turns[first : first + sentences]
    ]
    return _Track(
        sentences=tuple(np.concatenate([silence, click, lead, one, silence]) for one in said)
        * rounds,
        click=click,
    )


def _clicks_at_s(recording: Pcm, click: Pcm, *, most: int) -> list[float]:
    """Find clicks by their tone: the strongest peaks of a matched filter, a second apart."""
    match = np.abs(np.correlate(recording.astype(np.float32), click.astype(np.float32), "valid"))
    perfect = float((click.astype(np.float32) ** 2).sum())
    found: list[float] = []
    while len(found) < most and match.max() > 0.35 * perfect:
        best = int(np.argmax(match))
        found.append(best / RATE_HZ)
        match[max(0, best - RATE_HZ) : best + RATE_HZ] = 0
    return sorted(found)


def _lossy(seed: int) -> Iterator[bool]:
    chance = random.Random(seed)
    while True:
        yield chance.random() < _LOSS


def _microphone(app: Roomscribe, url: str, room: Room, user: User, seed: int) -> WhipClient:
    lost = _lossy(seed)
    return WhipClient(
        f"{url}/v1/rooms/{room.id}/whip",
        app.identity.token(user),
        ice_addresses=("127.0.0.1",),
        loses=lambda _: next(lost),
    )


async def _hold_the_room(app: Roomscribe, url: str, ada: _Track, ben: _Track) -> Room:
    """Ada talks, is muted in the middle for a sentence; Ben joins late; both lose packets."""
    host = await app.registry.sign_up("Host")
    room = await app.lives.start(host, (await app.registry.create(host, "Clicks")).id)
    users = [await app.registry.sign_up(name) for name in ("Ada", "Ben")]
    for user in users:
        await app.registry.join(user, room.id, as_speaker=True)
    sound = app.media.get(room.id)
    async with _microphone(app, url, room, users[0], 1) as first:
        for number, sentence in enumerate(ada.sentences):
            await first.play(frames_of(sentence))
            if number == 1:
                sound.set_muted(users[0].id, True)
                await first.play(frames_of(sentence))
                sound.set_muted(users[0].id, False)
        async with _microphone(app, url, room, users[1], 2) as second:
            for sentence in ben.sentences:
                await second.play(frames_of(sentence))
    await app.lives.end(host, room.id)
    await app.lives.finished(room.id)
    await app.finishing.idle()
    return room


@pytest.mark.parametrize("rounds", [1, pytest.param(12, marks=pytest.mark.soak)])
async def test_a_captions_start_is_its_offset_in_the_recording(tmp_path: Path, rounds: int) -> None:
    source = speech(8)
    ada = _track(source, 0, 4, hertz=2600, rounds=rounds)
    ben = _track(source, 4, 3, hertz=3700, rounds=rounds)
    settings = Settings(data_dir=tmp_path, port=0, engine="pocketsphinx", ice_addresses="127.0.0.1")
    async with serving(settings) as (url, app):
        room = await _hold_the_room(app, url, ada, ben)
        recording = app.recorder.recordings(room.id)[0]
        sound = await asyncio.to_thread(load_pcm, app.recorder.media_path(recording.id))
        entries = await app.journal.transcript(room.id)
    starts = [entry.start_s for entry in entries if isinstance(entry, Final)]
    for track in (ada, ben):
        clicks = _clicks_at_s(sound, track.click, most=len(track.sentences))
        assert len(clicks) >= 0.7 * len(track.sentences), "packet loss took too many clicks"
        late = [min(abs(start - at - _AHEAD_S) for start in starts) for at in clicks]
        # A sentence may lose its first word to the recogniser; the clock may not move at all.
        near = sorted(late)[: max(len(late) - rounds, rounds)]
        assert max(near) <= _TOLERANCE_S, f"captions are off by {late} s"
    assert abs(recording.samples - len(sound)) <= 1
