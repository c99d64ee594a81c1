"""A speaker's track through a bad network: the sound stays where it belongs in time."""

import random
from collections.abc import Callable, Iterable

import numpy as np
import pytest

from models.audio import FRAME_S, FRAME_SAMPLES, RATE_HZ, Pcm
from rooms.embedded.opus import Decoder, Encoder
from rooms.embedded.receive import ReceiveStream, RtpAudio

Arrival = tuple[float, RtpAudio]
FIRST_TIMESTAMP = 2**32 - 3 * RATE_HZ  # so that timestamps wrap three seconds in
TRAVEL_S = 0.03


def beeps(length_s: float, every_s: float = 1.0) -> Pcm:
    """A 1 kHz beep of 100 ms at 0.5 s and then every ``every_s``."""
    t = np.arange(int(length_s * RATE_HZ)) / RATE_HZ
    return (12_000 * np.sin(2 * np.pi * 1000 * t) * ((t + 0.5) % every_s < 0.1)).astype(np.int16)


def spoken(pcm: Pcm, *, timestamp: int = FIRST_TIMESTAMP, at: float = 0.0) -> list[Arrival]:
    """Encode, and let each packet arrive ``TRAVEL_S`` after its last sample was said."""
    encoder, arrivals = Encoder(), []
    for number in range(len(pcm) // FRAME_SAMPLES):
        start = number * FRAME_SAMPLES
        packet = RtpAudio(
            ssrc=7,
            timestamp=(timestamp + start) % 2**32,
            payload=encoder.encode(pcm[start : start + FRAME_SAMPLES]),
        )
        arrivals.append((at + (number + 1) * FRAME_S + TRAVEL_S, packet))
    return arrivals


def hear(
    stream: ReceiveStream, arrivals: Iterable[Arrival], length_s: float, *, stall_s: float = 0.0
) -> Pcm:
    """Run the room clock over the arrivals; what is not heard is silence."""
    waiting = sorted(arrivals, key=lambda arrival: arrival[0])
    heard = []
    for tick in range(round(length_s / FRAME_S)):
        now = (tick + 1) * FRAME_S
        while waiting and waiting[0][0] <= now:
            at, packet = waiting.pop(0)
            stream.push(packet, at, stall_s=stall_s)
        slot = stream.pull(now)
        heard.append(slot.pcm if slot else np.zeros(FRAME_SAMPLES, np.int16))
    return np.concatenate(heard)


def onsets(pcm: Pcm) -> list[float]:
    """Where beeps begin, in seconds, 5 ms apart at the finest."""
    loud = np.abs(pcm.reshape(-1, 240).astype(np.int32)).max(axis=1) > 4000
    found: list[float] = []
    for index in np.flatnonzero(loud):
        if not found or index * 0.005 - found[-1] > 0.3:
            found.append(float(index) * 0.005)
    return found


@pytest.fixture
def stream() -> ReceiveStream:
    return ReceiveStream(Decoder())


def same_places(found: list[float], expected: list[float], lag_s: float) -> None:
    assert len(found) == len(expected)
    for was, should in zip(found, expected, strict=True):
        assert was - lag_s == pytest.approx(should, abs=0.02)


def test_a_clean_track_is_heard_in_place_after_a_small_steady_lag(stream: ReceiveStream) -> None:
    heard = onsets(hear(stream, spoken(beeps(6)), 6))

    lag = heard[0] - 0.5
    assert 0.05 < lag < 0.13
    same_places(heard, [0.5, 1.5, 2.5, 3.5, 4.5, 5.5], lag)
    assert stream.statistics.concealed == stream.statistics.recovered == 0


def test_five_percent_loss_is_repaired_and_shifts_nothing(stream: ReceiveStream) -> None:
    lottery = random.Random(5)
    arrivals = [a for a in spoken(beeps(20)) if lottery.random() > 0.05]

    heard = onsets(hear(stream, arrivals, 20))

    same_places(heard, [0.5 + n for n in range(20)], heard[0] - 0.5)
    lost = 1000 - len(arrivals)
    repaired = stream.statistics.recovered + stream.statistics.concealed
    assert lost - 3 <= repaired <= lost + 10
    assert stream.statistics.recovered > repaired / 2


def test_packets_out_of_order_are_put_in_order(stream: ReceiveStream) -> None:
    arrivals = spoken(beeps(6))
    for index in range(20, len(arrivals) - 1, 10):
        (early, first), (late, second) = arrivals[index], arrivals[index + 1]
        arrivals[index], arrivals[index + 1] = (late, first), (early, second)

    heard = onsets(hear(stream, arrivals, 6))

    same_places(heard, [0.5 + n for n in range(6)], heard[0] - 0.5)
    assert stream.statistics.concealed == stream.statistics.late == 0


def test_jitter_makes_the_stream_wait_longer_and_then_less_is_late(stream: ReceiveStream) -> None:
    lottery = random.Random(3)
    arrivals = [(at + lottery.uniform(0, 0.14), packet) for at, packet in spoken(beeps(20))]

    hear(stream, arrivals, 20)

    assert stream.delay_s > 0.1
    assert stream.statistics.late < 30


def test_delay_is_given_back_when_the_network_calms_down(stream: ReceiveStream) -> None:
    lottery = random.Random(3)
    arrivals = [
        (at + (lottery.uniform(0, 0.14) if at < 10 else 0), packet)
        for at, packet in spoken(beeps(90))
    ]

    heard = onsets(hear(stream, arrivals, 90))

    assert stream.delay_s < 0.1
    assert len(heard) == 90


def test_a_frozen_sender_clock_resumes_in_the_present(stream: ReceiveStream) -> None:
    before, after = spoken(beeps(3)), []
    for at, packet in spoken(beeps(3), timestamp=FIRST_TIMESTAMP + 3 * RATE_HZ):
        after.append((at + 3 + 5, packet))  # five seconds pass that its timestamps do not count

    heard = onsets(hear(stream, [*before, *after], 11.5))

    same_places(heard, [0.5, 1.5, 2.5, 8.5, 9.5, 10.5], heard[0] - 0.5)
    assert stream.statistics.reanchored == 1


def test_a_timestamp_that_jumps_ahead_does_not_silence_the_speaker(stream: ReceiveStream) -> None:
    after = [
        (at + 3, packet) for at, packet in spoken(beeps(3), timestamp=FIRST_TIMESTAMP + 90_000_000)
    ]

    heard = onsets(hear(stream, [*spoken(beeps(3)), *after], 6.2))

    same_places(heard, [0.5, 1.5, 2.5, 3.5, 4.5, 5.5], heard[0] - 0.5)


def test_a_new_source_replaces_the_old_one_at_once(stream: ReceiveStream) -> None:
    after = [
        (at + 3, RtpAudio(ssrc=8, timestamp=packet.timestamp, payload=packet.payload))
        for at, packet in spoken(beeps(3), timestamp=17)
    ]

    heard = onsets(hear(stream, [*spoken(beeps(3)), *after], 6.2))

    same_places(heard, [0.5, 1.5, 2.5, 3.5, 4.5, 5.5], heard[0] - 0.5)


def test_a_network_stall_is_silence_of_its_own_length(stream: ReceiveStream) -> None:
    arrivals = [(2.4 if 1.6 <= at < 2.4 else at, packet) for at, packet in spoken(beeps(6))]

    heard = onsets(hear(stream, arrivals, 6.2))

    same_places(heard[-3:], [3.5, 4.5, 5.5], heard[0] - 0.5)


@pytest.mark.parametrize("held_s", [2, 8])
def test_packets_held_up_in_this_process_are_still_heard_in_place(held_s: int) -> None:
    stream = ReceiveStream(Decoder())
    arrivals = spoken(beeps(2 + held_s))
    hear(stream, [a for a in arrivals if a[0] < 2], 2)

    for _, packet in [a for a in arrivals if a[0] >= 2]:
        stream.push(packet, 2.06 + held_s, stall_s=held_s + 0.05)
    slots = [stream.pull(2 + (tick + 1) * FRAME_S) for tick in range(50 * held_s)]

    pcm = np.concatenate([s.pcm if s else np.zeros(FRAME_SAMPLES, np.int16) for s in slots])
    same_places(onsets(pcm), [0.5 + n for n in range(held_s)], 0.09)


def test_a_vanished_speaker_becomes_silence(stream: ReceiveStream) -> None:
    hear(stream, spoken(beeps(1)), 1)

    slots = [stream.pull(1 + tick * FRAME_S) for tick in range(200)]

    assert slots[-1] is None
    assert stream.statistics.concealed <= 5


@pytest.mark.parametrize("frame_samples", [480, 1920, 2880])
def test_packets_of_other_lengths_are_played_whole(
    stream: ReceiveStream, frame_samples: int
) -> None:
    encoder, pcm, arrivals = Encoder(), beeps(4), []
    for start in range(0, len(pcm) - frame_samples + 1, frame_samples):
        payload = encoder.encode(pcm[start : start + frame_samples])
        packet = RtpAudio(ssrc=1, timestamp=start, payload=payload)
        arrivals.append(((start + frame_samples) / RATE_HZ + TRAVEL_S, packet))

    heard = onsets(hear(stream, arrivals, 4.0))

    same_places(heard, [0.5, 1.5, 2.5, 3.5], heard[0] - 0.5)
    assert stream.statistics.silent == 0


@pytest.mark.parametrize(
    "damage",
    [lambda payload: b"\xff" * 3, lambda payload: payload[:1], lambda payload: payload * 40],
)
def test_damaged_packets_cost_no_more_than_themselves(
    stream: ReceiveStream, damage: Callable[[bytes], bytes]
) -> None:
    arrivals = spoken(beeps(4))
    for index in range(60, 70):
        at, packet = arrivals[index]
        arrivals[index] = (
            at,
            RtpAudio(ssrc=7, timestamp=packet.timestamp, payload=damage(packet.payload)),
        )

    heard = onsets(hear(stream, arrivals, 4.2))

    same_places(heard[-2:], [2.5, 3.5], heard[0] - 0.5)


def test_duplicates_are_counted_and_not_taken_for_lateness(stream: ReceiveStream) -> None:
    arrivals = spoken(beeps(3))

    hear(stream, [*arrivals, *[(at + 0.1, packet) for at, packet in arrivals]], 3.2)

    assert stream.statistics.duplicate > 130
    assert stream.statistics.late == 0
    assert stream.delay_s == pytest.approx(0.06)
