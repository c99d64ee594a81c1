"""A live room in virtual time: its clock, its taps, mute and those who vanish."""

import asyncio
from datetime import UTC, datetime

import numpy as np
import pytest

from models.audio import FRAME_S, FRAME_SAMPLES, RATE_HZ, Frame, Pcm
from models.caption import RecordingState
from models.errors import BadOffer, NotFound, RoomNotLive
from models.room import Activity, Speaker, User
from pipeline.channel import Channel
from pipeline.tap import TapItem
from rooms.embedded.desk import Desk
from rooms.embedded.engine import EmbeddedRooms
from rooms.embedded.live import LiveRoom
from rooms.embedded.opus import Decoder, Encoder
from rooms.embedded.receive import RtpAudio
from rooms.tones import tone

ADA = Speaker(id="ada", name="Ada")
BOB = Speaker(id="bob", name="Bob")


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class Voice:
    """Sends a tone to a desk as RTP, 20 ms at a time."""

    def __init__(self, desk: Desk, speaker: Speaker, hz: int) -> None:
        self._desk, self._speaker, self._hz = desk, speaker, hz
        self._encoder, self._timestamp = Encoder(), 0
        desk.seat(speaker)

    def say(self, now: float, *, silent: bool = False) -> None:
        t = (self._timestamp + np.arange(FRAME_SAMPLES)) / RATE_HZ
        pcm = (8000 * np.sin(2 * np.pi * self._hz * t) * (not silent)).astype(np.int16)
        packet = RtpAudio(ssrc=1, timestamp=self._timestamp, payload=self._encoder.encode(pcm))
        self._timestamp += FRAME_SAMPLES
        self._desk.push(self._speaker.id, packet, now)


def strength(pcm: Pcm, hz: int) -> float:
    t = np.arange(len(pcm)) / RATE_HZ
    return float(np.abs(np.dot(pcm, np.exp(-2j * np.pi * hz * t)))) / max(1, len(pcm))


def taken(tap: Channel[TapItem]) -> tuple[list[Frame], list[Activity]]:
    items = [tap._items.popleft() for _ in range(len(tap))]
    frames = [item for item in items if isinstance(item, Frame)]
    return frames, [item for item in items if isinstance(item, Activity)]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def room(clock: Clock) -> LiveRoom:
    return LiveRoom("room", clock=clock)


def test_every_twenty_milliseconds_give_one_frame_from_sample_zero_on(
    room: LiveRoom, clock: Clock
) -> None:
    tap = room.tap()
    for _ in range(100):
        clock.now += FRAME_S
        room.advance(clock.now + 0.001)

    frames, _ = taken(tap)

    assert [frame.sample for frame in frames] == [n * FRAME_SAMPLES for n in range(100)]
    assert all(frame.pcm.shape == (FRAME_SAMPLES,) and frame.packet for frame in frames)


def test_a_stalled_process_catches_up_with_wall_time_without_losing_a_tick(
    room: LiveRoom, clock: Clock
) -> None:
    tap = room.tap()
    clock.now += 5.0
    made = room.advance(clock.now + 0.001)

    frames, _ = taken(tap)

    assert made == 250
    assert [frame.sample for frame in frames] == [n * FRAME_SAMPLES for n in range(250)]
    assert room.sample == 5 * RATE_HZ


async def test_what_was_said_before_the_end_is_heard_even_when_the_process_was_held_up(
    room: LiveRoom, clock: Clock
) -> None:
    tap = room.tap()
    voice = Voice(room._desk, ADA, 500)
    for tick in range(50):
        voice.say(clock.now + tick * FRAME_S)

    clock.now += 1.0
    await room.close()

    frames, _ = taken(tap)
    said = np.concatenate([frame.pcm for frame in frames])
    loud = np.abs(said.reshape(-1, 240).astype(np.int32)).max(axis=1) > 4000
    assert loud.sum() * 0.005 == pytest.approx(1.0, abs=0.1)


def test_a_tap_that_nobody_reads_drops_its_oldest_and_shows_it(
    room: LiveRoom, clock: Clock
) -> None:
    tap = room.tap(limit=10)
    clock.now += 1.0
    room.advance(clock.now + 0.001)

    frames, _ = taken(tap)

    assert [frame.sample for frame in frames] == [n * FRAME_SAMPLES for n in range(40, 50)]
    assert tap.dropped == 40


def test_a_late_tap_is_told_who_speaks_already(room: LiveRoom, clock: Clock) -> None:
    voice = Voice(room._desk, ADA, 500)
    for _ in range(50):
        clock.now += FRAME_S
        voice.say(clock.now)
        room.advance(clock.now)

    _, activities = taken(room.tap())

    assert activities == [Activity(speaker=ADA, on=True, t_s=room.sample / RATE_HZ)]
    assert room.speaking() == {"ada"}


def run(desk: Desk, voices: list[Voice], ticks: int, *, silent: bool = False) -> list[Activity]:
    activities: list[Activity] = []
    for _ in range(ticks):
        now = (desk.sample // FRAME_SAMPLES + 1) * FRAME_S
        for voice in voices:
            voice.say(now, silent=silent)
        activities += desk.tick(now).activities
    return activities


def test_activity_is_told_in_the_room_clock() -> None:
    desk = Desk()
    voice = Voice(desk, ADA, 500)

    activities = run(desk, [voice], 100) + run(desk, [voice], 50, silent=True)

    assert [a.on for a in activities] == [True, False]
    assert activities[0].t_s == pytest.approx(0.06, abs=0.045)
    assert activities[1].t_s == pytest.approx(2.06, abs=0.06)


def test_mute_silences_at_the_mixer_whatever_is_sent() -> None:
    desk = Desk()
    voice = Voice(desk, ADA, 500)
    run(desk, [voice], 50)
    desk.set_muted("ada", True)

    activities = run(desk, [voice], 50)
    frame = desk.tick(desk.sample / RATE_HZ + FRAME_S).frame

    assert [a.on for a in activities] == [False]
    assert activities[0].t_s == pytest.approx(1.0)
    assert not frame.pcm.any()


def test_unmuting_continues_in_the_present() -> None:
    desk = Desk()
    voice = Voice(desk, ADA, 500)
    desk.set_muted("ada", True)
    run(desk, [voice], 100, silent=False)
    run(desk, [voice], 10, silent=True)
    desk.set_muted("ada", False)

    activities = run(desk, [voice], 50, silent=True)

    assert activities == []


def test_a_speaker_is_muted_before_they_come() -> None:
    desk = Desk()
    desk.set_muted("ada", True)
    voice = Voice(desk, ADA, 500)

    assert run(desk, [voice], 50) == []


def test_who_vanishes_stops_speaking_and_is_reported() -> None:
    desk = Desk()
    voice = Voice(desk, ADA, 500)
    run(desk, [voice], 50)

    activities = run(desk, [], 50)
    early = desk.vanished()
    run(desk, [], 60)

    assert [a.on for a in activities] == [False]
    assert activities[0].t_s == pytest.approx(1.1, abs=0.15)
    assert (early, desk.vanished()) == (frozenset(), frozenset({"ada"}))


def test_who_is_muted_has_not_vanished() -> None:
    desk = Desk()
    voice = Voice(desk, ADA, 500)
    run(desk, [voice], 50)
    desk.set_muted("ada", True)

    run(desk, [], 200)

    assert desk.vanished() == frozenset()


def test_leaving_while_speaking_ends_the_span() -> None:
    desk = Desk()
    voice = Voice(desk, ADA, 500)
    run(desk, [voice], 50)
    desk.unseat("ada")

    assert run(desk, [], 1) == [Activity(speaker=ADA, on=False, t_s=1.0)]


def test_the_packet_that_listeners_get_is_the_frame_that_taps_get() -> None:
    desk = Desk()
    voices = [Voice(desk, ADA, 500), Voice(desk, BOB, 1500)]
    decoder, frames, heard = Decoder(), [], []
    for _ in range(60):
        run_now = (desk.sample // FRAME_SAMPLES + 1) * FRAME_S
        for voice in voices:
            voice.say(run_now)
        tick = desk.tick(run_now, minus=frozenset({"ada"}))
        frames.append(tick.frame.pcm)
        heard.append(decoder.decode(tick.frame.packet))

    for hz in (500, 1500):
        mixed = strength(np.concatenate(frames[20:]), hz)
        assert strength(np.concatenate(heard[20:]), hz) == pytest.approx(mixed, rel=0.3)
    assert desk.pre_skip == Encoder().lookahead > 0


async def test_closing_a_room_ends_its_taps_after_the_last_frame() -> None:
    rooms = EmbeddedRooms(ice_addresses=("127.0.0.1",))
    room = await rooms.open("r")
    tap = room.tap()
    first = await tap.get()
    await rooms.close("r")

    rest = [item async for item in tap]

    assert isinstance(first, Frame)
    assert first.sample == 0
    assert [item.sample for item in rest if isinstance(item, Frame)] == [
        (n + 1) * FRAME_SAMPLES for n in range(len(rest))
    ]
    with pytest.raises(RoomNotLive):
        rooms.get("r")


async def test_opening_twice_gives_the_same_room() -> None:
    rooms = EmbeddedRooms(ice_addresses=("127.0.0.1",))

    assert await rooms.open("r") is await rooms.open("r")

    await rooms.aclose()


@pytest.mark.parametrize(
    "offer",
    [
        "",
        "not sdp at all",
        "v=0\r\n",
        "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n",
        "v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=rtpmap:111 opus/48000/2\r\na=sendonly\r\n",
        "v=0\r\nm=video 9 UDP/TLS/RTP/SAVPF 96\r\na=rtpmap:96 VP8/90000\r\n",
        "v=0\r\nm=audio x y z\r\n",
        "\x00\xff" * 100,
        "v=0\r\n" * 20_000,
    ],
)
async def test_a_garbage_offer_is_refused_and_the_room_goes_on(offer: str) -> None:
    rooms = EmbeddedRooms(ice_addresses=("127.0.0.1",))
    room = await rooms.open("r")
    user = User(id="ada", name="Ada", created_at=datetime.now(UTC))

    with pytest.raises(BadOffer) as speaking:
        await room.publish(user, offer)
    with pytest.raises(BadOffer):
        await room.play(user, offer)

    assert speaking.value.field == "sdp"
    assert room.on_air() == frozenset()
    assert isinstance(await room.tap().get(), Frame)
    await rooms.aclose()


async def test_hanging_up_an_unknown_connection_is_not_found(room: LiveRoom) -> None:
    with pytest.raises(NotFound):
        await room.hang_up("nothing")


class _FakePeer:
    """A connection that takes a moment to answer and to hang up."""

    def __init__(self, **_options: object) -> None:
        self.connected, self.closed = asyncio.Event(), asyncio.Event()

    async def answer(self, offer_sdp: str) -> str:
        await asyncio.sleep(0)
        return offer_sdp

    async def close(self) -> None:
        for _ in range(3):
            await asyncio.sleep(0)
        self.closed.set()


async def test_of_connections_that_a_speaker_makes_at_once_one_is_left(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("rooms.embedded.live.Peer", _FakePeer)
    room = LiveRoom("r")
    ada = User(id="ada", name="Ada", created_at=datetime.now(UTC))
    await room.publish(ada, "first")

    await asyncio.gather(room.publish(ada, "second"), room.publish(ada, "third"))

    assert len(room._calls) == 1
    assert list(room._calls) == [call.id for call in room._speakers.values()]
    assert room.on_air() == {"ada"}


async def test_who_speaks_is_known_however_long_nobody_read_the_tap(
    room: LiveRoom, clock: Clock
) -> None:
    tap = room.tap(limit=10)
    voice = Voice(room._desk, ADA, 500)
    for n in range(200):
        clock.now += FRAME_S
        voice.say(clock.now, silent=n > 100)
        room.advance(clock.now)

    frames, activities = taken(tap)

    assert [activity.on for activity in activities] == [True, False]
    assert frames[-1].sample == room.sample - FRAME_SAMPLES


def test_frames_say_that_they_are_off_the_record_to_the_frame_after_the_last() -> None:
    desk = Desk()
    said = []
    for off_record in (False, True, True, False, False):
        desk.off_record = off_record
        said.append(desk.tick(0.0).frame.off_record)

    # The packet after the span begins with 6.5 ms of it.
    assert said == [False, True, True, True, False]


def test_what_a_voice_has_not_said_yet_is_not_said_back_on_the_record() -> None:
    room = LiveRoom("tea")
    room.set_off_record(True)
    cut = room.voice_cut("ada")
    room.speak("ada", np.full(10 * FRAME_SAMPLES, 9000, np.int16))
    room.tick(0.0)

    sample = room.set_off_record(False)

    assert sample == FRAME_SAMPLES
    assert cut.is_set()
    assert not np.any(room.tick(0.0).frame.pcm)


def test_a_notice_is_heard_and_is_nothing_to_recognise() -> None:
    room = LiveRoom("tea")
    for state in RecordingState:
        room.play_notice(tone(state))
        frames = [room.tick(0.0).frame for _ in range(40)]
        assert np.any(np.concatenate([frame.pcm for frame in frames]))
        assert not np.any(np.concatenate([frame.to_recognise for frame in frames]))
