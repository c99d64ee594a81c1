"""The mixing desk of one room: speakers in, and every tick one frame out. Pure: ``now`` is passed.

Before it stand the peers, who push RTP; after it stands `rooms.embedded.live`, which hands the
packets to listeners and the frame to taps.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np

from models.audio import FRAME_S, FRAME_SAMPLES, Frame, Pcm, Sent, seconds
from models.room import Activity, Speaker
from rooms.embedded.activity import ActivityDetector, Change
from rooms.embedded.mixer import level_dbov, mix
from rooms.embedded.opus import Decoder, Encoder, unpadded
from rooms.embedded.receive import Played, ReceiveStatistics, ReceiveStream, RtpAudio

VANISHED_AFTER_S = 2.0
_MINUS_COMPLEXITY = 5  # one encode for each speaker who listens: half the CPU, no audible loss


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """One step of the room clock; ``minus`` holds Opus packets of the mix without each speaker."""

    frame: Frame
    activities: tuple[Activity, ...]
    minus: dict[str, bytes]


@dataclass(slots=True)
class _Seat:
    speaker: Speaker
    stream: ReceiveStream
    activity: ActivityDetector
    vanished: bool = False
    encoder: Encoder | None = None
    sent: list[Sent] = field(default_factory=list)
    kept_from: int = 0  # the first sample after what is muted or off the record
    changes: list[Change] = field(default_factory=list)


class Desk:
    """Who is on air, who is muted, and the sum of it all."""

    def __init__(self) -> None:
        self._encoder = Encoder()
        self._seats: dict[str, _Seat] = {}
        self._muted: set[str] = set()
        self._ended: list[Activity] = []
        self._voices: dict[str, deque[Pcm]] = {}  # who speaks by typing: at most what was let in
        self.sample = 0
        self.off_record = False
        self._was_off_record = False

    @property
    def pre_skip(self) -> int:
        """The encoder's lookahead in 48 kHz samples."""
        return self._encoder.lookahead

    def seat(self, speaker: Speaker) -> ReceiveStream:
        """Put ``speaker`` on air with a fresh stream, replacing the one they had."""
        self.unseat(speaker.id)
        stream = ReceiveStream(Decoder())
        self._seats[speaker.id] = _Seat(speaker, stream, ActivityDetector())
        return stream

    def unseat(self, speaker_id: str) -> None:
        """Take a speaker off air; nothing happens when they are not on it."""
        seat = self._seats.pop(speaker_id, None)
        if seat is not None:
            self._stop(seat)

    def push(self, speaker_id: str, packet: RtpAudio, now: float, *, stall_s: float = 0.0) -> None:
        """Give a speaker's packet to their stream."""
        seat = self._seats.get(speaker_id)
        if seat is not None:
            seat.stream.push(packet, now, stall_s=stall_s)

    def set_muted(self, speaker_id: str, muted: bool) -> None:
        """Leave a speaker out of the mix, whatever they send; kept for when they come later."""
        if not muted:
            self._muted.discard(speaker_id)
            return
        self._muted.add(speaker_id)
        if speaker_id in self._seats:
            self._stop(self._seats[speaker_id])

    def on_air(self) -> frozenset[str]:
        """Who has a seat, heard or not."""
        return frozenset(self._seats)

    def speaking(self) -> frozenset[str]:
        """Who speaks now."""
        return frozenset(i for i, seat in self._seats.items() if seat.activity.speaking)

    def speaking_now(self) -> tuple[Activity, ...]:
        """For someone who begins to listen: those who speak, as if they began now."""
        now_s = seconds(self.sample)
        return tuple(
            Activity(speaker=seat.speaker, on=True, t_s=now_s)
            for seat in self._seats.values()
            if seat.activity.speaking
        )

    def vanished(self) -> frozenset[str]:
        """Whose packets stopped coming although they are not muted."""
        return frozenset(i for i, seat in self._seats.items() if seat.vanished)

    def statistics(self) -> dict[str, ReceiveStatistics]:
        """How each speaker's track fares."""
        return {i: seat.stream.statistics for i, seat in self._seats.items()}

    def last_packet_at(self, speaker_id: str) -> float | None:
        """When a speaker's latest packet came, in monotonic seconds."""
        seat = self._seats.get(speaker_id)
        return seat.stream.last_packet_at if seat else None

    def tick(self, now: float, *, minus: frozenset[str] = frozenset()) -> Tick:
        """Make the next 20 ms; ``minus`` names the speakers who also listen."""
        sample, self.sample = self.sample, self.sample + FRAME_SAMPLES
        heard = {}
        for who, seat in self._seats.items():
            pcm = self._listen(who, seat, sample, now)
            if pcm is not None:
                heard[who] = pcm
        own = [who for who in minus if who in self._seats]
        voices = self._next_of_voices()
        mixed = mix(heard | voices, own)
        frame = Frame(
            sample=sample,
            pcm=mixed.common,
            packet=self._encoder.encode(mixed.common),
            people=mix(heard).common if voices else None,
            # A packet begins with the end of the frame before it, which the encoder held back.
            off_record=self.off_record or self._was_off_record,
            sent=tuple(self._sent()),
        )
        self._was_off_record = self.off_record
        packets = {who: self._encode_minus(who, mixed.minus[who]) for who in own}
        return Tick(frame=frame, activities=self.changes(), minus=packets)

    def speak(self, speaker_id: str, pcm: Pcm) -> float:
        """Let a voice say ``pcm`` for somebody, behind what it says for them now.

        Gives the seconds until it begins; ``pcm`` has shape (n,).
        """
        waiting = self._voices.setdefault(speaker_id, deque())
        wait_s = len(waiting) * FRAME_S
        whole = np.zeros(-(-len(pcm) // FRAME_SAMPLES) * FRAME_SAMPLES, np.int16)
        whole[: len(pcm)] = pcm
        waiting.extend(whole.reshape(-1, FRAME_SAMPLES))
        return wait_s

    def voice_wait_s(self, speaker_id: str) -> float:
        """How long a voice still speaks for somebody."""
        return len(self._voices.get(speaker_id, ())) * FRAME_S

    def voices(self) -> frozenset[str]:
        """For whom a voice speaks, now or later."""
        return frozenset(self._voices)

    def hush(self, speaker_id: str) -> None:
        """Stop the voice that speaks for somebody."""
        self._voices.pop(speaker_id, None)

    def _next_of_voices(self) -> dict[str, Pcm]:
        said = {f"voice of {who}": frames.popleft() for who, frames in self._voices.items()}
        self._voices = {who: frames for who, frames in self._voices.items() if frames}
        return said

    def changes(self) -> tuple[Activity, ...]:
        """Take the activity changes that nobody was told of yet."""
        news, self._ended = self._ended, []
        for seat in self._seats.values():
            news += [_activity(seat.speaker, change) for change in seat.changes]
            seat.changes.clear()
        return tuple(news)

    def _listen(self, who: str, seat: _Seat, sample: int, now: float) -> Pcm | None:
        # pulled even when muted, so that unmuting does not play what was said meanwhile
        heard = seat.stream.pull(now)
        if self.off_record or who in self._muted:
            seat.kept_from = sample + FRAME_SAMPLES
        elif heard is not None:
            seat.sent += _kept(seat, heard.played, sample)
        if who in self._muted:
            return None
        last = seat.stream.last_packet_at
        seat.vanished = last is not None and now - last > VANISHED_AFTER_S
        if seat.vanished or heard is None:
            level = -127.0
        elif heard.level_dbov is not None:
            level = float(heard.level_dbov)
        else:
            level = level_dbov(heard.pcm)
        change = seat.activity.feed(sample, level)
        if change is not None:
            seat.changes.append(change)
        return heard.pcm if heard is not None else None

    def _sent(self) -> Iterator[Sent]:
        for seat in self._seats.values():
            yield from seat.sent
            seat.sent.clear()

    def _encode_minus(self, who: str, pcm: Pcm) -> bytes:
        seat = self._seats[who]
        if seat.encoder is None:
            seat.encoder = Encoder(complexity=_MINUS_COMPLEXITY)
        return seat.encoder.encode(pcm)

    def _stop(self, seat: _Seat) -> None:
        seat.vanished = False
        change = seat.activity.stop(self.sample)
        changes = [*seat.changes, change] if change else seat.changes
        self._ended += [_activity(seat.speaker, c) for c in changes]
        seat.changes = []


def _kept(seat: _Seat, played: Iterable[Played], sample: int) -> Iterator[Sent]:
    """Give those of the packets played from ``sample`` on whose sound may be kept.

    A packet brings a copy of the sound of the one before it, against losses: that one counts, too.
    Padding, in which newer encoders send what was said in the last second, is left out.
    """
    for one in played:
        first = sample + one.start
        if first - one.samples >= seat.kept_from or not seat.kept_from:
            yield Sent(speaker=seat.speaker, sample=first, packet=unpadded(one.payload))


def _activity(speaker: Speaker, change: Change) -> Activity:
    return Activity(speaker=speaker, on=change.on, t_s=seconds(change.sample))
