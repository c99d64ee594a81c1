"""One speaker's RTP packets in, 20 ms of sound for every tick of the room clock out.

Pure: no sockets and no clock, ``now`` is passed in (monotonic seconds). Packets are placed on the
line ``wall = line + timestamp / 48 kHz`` that follows the least delayed packet, and played a little
later (`ReceiveOptions.start_delay_s`, adapted). What is missing when it is due is rebuilt from the
following packet's in-band copy, else concealed, else silence: time never shrinks or stretches.
"""

import math
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from models.audio import FRAME_SAMPLES, RATE_HZ, Pcm
from rooms.embedded.opus import OpusError

_WRAP = 1 << 32
_SILENCE = np.zeros(FRAME_SAMPLES, np.int16)
_SILENCE.setflags(write=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class RtpAudio:
    """An RTP packet of Opus; ``level_dbov`` is RFC 6464's (0 to -127), None when not sent."""

    ssrc: int
    timestamp: int
    payload: bytes
    level_dbov: int | None = None


@dataclass(frozen=True, slots=True)
class Played:
    """A packet that was decoded: its payload, its samples, and where they begin."""

    payload: bytes
    samples: int
    start: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """Twenty milliseconds of a speaker: int16 (960,), and the sender's own level if it told.

    ``played`` are the packets whose sound ends within them, positions from their first sample on.
    """

    pcm: Pcm
    level_dbov: int | None = None
    played: tuple[Played, ...] = ()


@dataclass(slots=True, kw_only=True)
class ReceiveStatistics:
    """How a track fared; packets in the first row, 20 ms slots (or repairs) in the second."""

    received: int = 0
    late: int = 0
    duplicate: int = 0
    damaged: int = 0
    reanchored: int = 0
    decoded: int = 0
    recovered: int = 0
    concealed: int = 0
    silent: int = 0
    skipped: int = 0
    inserted: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiveOptions:
    """How long to wait for late packets, in seconds, and when to give up on missing ones.

    ``max_packets`` is 30 s of sound: that many come at once when this process was held up.
    """

    start_delay_s: float = 0.06
    max_delay_s: float = 0.30
    calm_s: float = 10.0
    max_concealed: int = 5
    paused_after: int = 50
    max_packets: int = 1500


class AudioDecoder(Protocol):
    """What `rooms.embedded.opus.Decoder` does."""

    def decode(self, payload: bytes) -> Pcm: ...
    def recover(self, following: bytes, samples: int = FRAME_SAMPLES) -> Pcm: ...
    def conceal(self, samples: int = FRAME_SAMPLES) -> Pcm: ...


@dataclass(frozen=True, slots=True)
class _Suspect:
    """A packet far behind the line: the sender's clock froze, or the network stalled."""

    packet: RtpAudio
    timestamp: int
    offset: float
    now: float


JUMP_S = 0.25
_FREEZE_KNOWN_S = 0.05
_FREEZE_SPREAD_S = 0.03
_SUSPECT_S = 0.2
_BURST_S = 0.1  # packets that come late within it were late for one reason
_STEP_S = 0.02
_CREEP_S = 2e-6  # per packet: lets the line follow a sender's clock that is 100 ppm slow


class ReceiveStream:
    """A speaker's jitter buffer and decoder on the room clock."""

    def __init__(self, decoder: AudioDecoder, options: ReceiveOptions | None = None) -> None:
        self._decoder = decoder
        self._options = options or ReceiveOptions()
        self.statistics = ReceiveStatistics()
        self.delay_s = self._options.start_delay_s
        self.last_packet_at: float | None = None
        self._ssrc: int | None = None
        self._line: float | None = None
        self._newest: int | None = None
        self._packets: dict[int, RtpAudio] = {}
        self._suspects: list[_Suspect] = []
        self._cursor: int | None = None  # timestamp of the next sample to decode
        self._ready: Pcm = _SILENCE[:0]  # decoded, not yet handed out; ends at the cursor
        self._sounding: deque[Played] = deque()  # what `_ready` was decoded from, by timestamp
        self._played: deque[int] = deque(maxlen=64)
        self._missing = 0
        self._level: int | None = None
        self._late_at = -math.inf
        self._calmed_at = -math.inf

    def push(self, packet: RtpAudio, now: float, *, stall_s: float = 0.0) -> None:
        """Take a packet that arrived at ``now``.

        ``stall_s`` says by how much ``now`` may be too late because this very process was held up.
        """
        self.statistics.received += 1
        self.last_packet_at = now
        if packet.ssrc != self._ssrc:
            self._ssrc = packet.ssrc
            self._forget()
        timestamp = self._unwrap(packet.timestamp)
        offset = now - timestamp / RATE_HZ
        if self._line is not None and stall_s > 0 and offset > self._line:
            offset = max(self._line, offset - stall_s)
        if self._line is not None and offset - self._line > JUMP_S:
            self._suspect(_Suspect(packet, timestamp, offset, now))
            return
        if self._suspects:
            self.statistics.late += len(self._suspects)
            self._suspects.clear()
        self._follow(offset)
        self._keep(packet, timestamp, now)

    def pull(self, now: float) -> Heard | None:
        """Give the 20 ms that are due at ``now``; None when nothing is heard of the speaker."""
        if self._line is None:
            return None
        due = int((now - self.delay_s - self._line) * RATE_HZ)
        if self._cursor is None and not self._start(due):
            return None
        self._calm_down(now)
        if not self._align(due):
            self.statistics.inserted += 1
            return Heard(pcm=_SILENCE)
        while self._cursor is not None and len(self._ready) < FRAME_SAMPLES:
            self._fill()
        return self._hand_out()

    def _unwrap(self, timestamp: int) -> int:
        if self._newest is None:
            self._newest = timestamp
            return timestamp
        half = _WRAP // 2
        unwrapped = self._newest + (timestamp - self._newest + half) % _WRAP - half
        self._newest = max(self._newest, unwrapped)
        return unwrapped

    def _forget(self) -> None:
        self._line = self._newest = self._cursor = None
        self._packets.clear()
        self._suspects.clear()
        self._played.clear()
        self._clear_ready()
        self._missing = 0

    def _follow(self, offset: float) -> None:
        """Move the line to the least delayed packet; start it anew when timestamps jumped ahead."""
        if self._line is None:
            self._line = offset
        elif self._line - offset > JUMP_S:
            self._reanchor(offset)
        else:
            self._line = min(self._line + _CREEP_S, offset)

    def _reanchor(self, offset: float) -> None:
        self.statistics.reanchored += 1
        self._line = offset
        self._cursor = None
        self._packets.clear()
        self._clear_ready()

    def _suspect(self, suspect: _Suspect) -> None:
        """Tell a frozen sender's clock from a stalled network.

        After a freeze packets come at their usual pace, all equally late; after a stall they come
        in one burst, each less late than the one before.
        """
        if len(self._suspects) < self._options.max_packets:
            self._suspects.append(suspect)
        waited = suspect.now - self._suspects[0].now
        offsets = [s.offset for s in self._suspects]
        steady = waited >= _FREEZE_KNOWN_S and max(offsets) - min(offsets) < _FREEZE_SPREAD_S
        if not steady and waited < _SUSPECT_S:
            return
        self._reanchor(min(offsets))
        self._newest = max(s.timestamp for s in self._suspects)
        self._packets = {s.timestamp: s.packet for s in self._suspects}
        self._suspects.clear()

    def _keep(self, packet: RtpAudio, timestamp: int, now: float) -> None:
        if timestamp in self._packets or timestamp in self._played:
            self.statistics.duplicate += 1
            return
        if self._cursor is not None and timestamp < self._cursor:
            self.statistics.late += 1
            self._wait_longer(now)
            return
        self._packets[timestamp] = packet
        if len(self._packets) > self._options.max_packets:
            del self._packets[min(self._packets)]

    def _wait_longer(self, now: float) -> None:
        """Wait longer when lateness comes again: a single stall is no reason to."""
        since_s = now - self._late_at
        if since_s <= _BURST_S:
            return
        self._late_at = now
        if since_s < self._options.calm_s:
            self.delay_s = min(self._options.max_delay_s, self.delay_s + _STEP_S)

    def _calm_down(self, now: float) -> None:
        """Give back delay, a slot at a time, once nothing came late for a while."""
        calm = now - max(self._late_at, self._calmed_at) >= self._options.calm_s
        if calm and self.delay_s > self._options.start_delay_s:
            self.delay_s = max(self._options.start_delay_s, self.delay_s - _STEP_S)
            self._calmed_at = now

    def _start(self, due: int) -> bool:
        """Begin at the packet that is due now, dropping what should have been heard before."""
        starts = [t for t in self._packets if t <= due + FRAME_SAMPLES // 2]
        if not starts:
            return False
        current = [t for t in starts if t > due - FRAME_SAMPLES]
        self._cursor = min(current) if current else max(starts)
        for timestamp in [t for t in starts if t < self._cursor]:
            del self._packets[timestamp]
        self._missing = 0
        return True

    def _align(self, due: int) -> bool:
        """Keep what is played near what is due; False when this slot must wait."""
        assert self._cursor is not None
        lag = due - (self._cursor - len(self._ready))
        if lag < -FRAME_SAMPLES:
            return False
        quiet = self._level is not None and self._level <= -60
        if lag > 3 * FRAME_SAMPLES or (quiet and lag > 1.5 * FRAME_SAMPLES):
            self._skip(FRAME_SAMPLES * (lag // FRAME_SAMPLES))
        return True

    def _skip(self, samples: int) -> None:
        assert self._cursor is not None
        self.statistics.skipped += samples // FRAME_SAMPLES
        self._cursor += samples - len(self._ready)
        self._clear_ready()
        for timestamp in [t for t in self._packets if t < self._cursor]:
            del self._packets[timestamp]

    def _fill(self) -> None:
        """Decode, rebuild, conceal or leave silent what comes at the cursor."""
        assert self._cursor is not None
        packet = self._packets.pop(self._cursor, None)
        if packet is not None:
            self._played.append(self._cursor)
            self._missing = 0
            self._level = packet.level_dbov
            self._append(self._decode(packet.payload, self._cursor))
            return
        hole = self._hole()
        self._missing += 1
        if self._missing > self._options.paused_after:
            self._cursor = None
        else:
            self._append(self._repair(hole))

    def _hole(self) -> int:
        """How many samples to repair at once: up to the next packet, 20 ms at most."""
        assert self._cursor is not None
        ahead = [t - self._cursor for t in self._packets if t > self._cursor]
        return min([FRAME_SAMPLES, *ahead])

    def _repair(self, hole: int) -> Pcm:
        assert self._cursor is not None
        following = self._packets.get(self._cursor + hole)
        try:
            if following is not None and hole == FRAME_SAMPLES:
                self.statistics.recovered += 1
                return self._decoder.recover(following.payload, hole)
            # Opus conceals in steps of 2.5 ms
            if self._missing <= self._options.max_concealed and hole % 120 == 0:
                self.statistics.concealed += 1
                return self._decoder.conceal(hole)
        except OpusError:
            self.statistics.damaged += 1
        self.statistics.silent += 1
        self._level = None
        return _SILENCE[:hole]

    def _decode(self, payload: bytes, timestamp: int) -> Pcm:
        try:
            pcm = self._decoder.decode(payload)
        except OpusError:
            self.statistics.damaged += 1
            return _SILENCE
        self.statistics.decoded += 1
        self._sounding.append(Played(payload, len(pcm), timestamp))
        return pcm

    def _append(self, pcm: Pcm) -> None:
        assert self._cursor is not None
        self._cursor += len(pcm)
        self._ready = pcm if not len(self._ready) else np.concatenate([self._ready, pcm])

    def _hand_out(self) -> Heard | None:
        if self._cursor is None:
            self._clear_ready()
            return None
        first = self._cursor - len(self._ready)
        out, self._ready = self._ready[:FRAME_SAMPLES], self._ready[FRAME_SAMPLES:]
        return Heard(pcm=out, level_dbov=self._level, played=tuple(self._over(first)))

    def _over(self, first: int) -> Iterator[Played]:
        """What has been handed out to its end in the slot that began at ``first``."""
        while self._sounding:
            one = self._sounding[0]
            if one.start + one.samples > first + FRAME_SAMPLES:
                return
            yield Played(one.payload, one.samples, one.start - first)
            self._sounding.popleft()

    def _clear_ready(self) -> None:
        self._ready = _SILENCE[:0]
        self._sounding.clear()
