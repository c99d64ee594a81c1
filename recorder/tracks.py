"""What one speaker sent, as a track of its own on the recording's clock; nothing is encoded again.

Each packet is put where its sound begins in the mix. Where nothing was heard of the speaker there
is silence: short holes, which are lost packets, have the decoder conceal them as the mix does.
"""

from collections.abc import Iterator

from models.audio import FRAME_SAMPLES, Sent
from recorder import ogg
from recorder.segments import Segments, runs

TRACK_PRE_SKIP = 0
"""Nothing is skipped: the mix holds what a speaker's decoder gives, from its first sample on."""

CONCEALED_SAMPLES = 5 * FRAME_SAMPLES
"""The longest hole that is concealed, as in `rooms.embedded.receive`."""


class TrackWriter:
    """Writes a track's packets into ``stream``; `add` only remembers."""

    def __init__(self, id: str, stream: Segments) -> None:
        self.id = id
        self.stream = stream
        self._waiting: list[tuple[int, bytes]] = []
        self._newest = ogg.SILENCE
        self._hushed = False
        self._behind_silence: set[int] = set()

    def add(self, sent: Sent) -> None:
        """Remember a packet; one that is no Opus is left out."""
        if not ogg.packet_samples(sent.packet):
            return
        self._waiting.append((sent.sample, sent.packet))
        if self._hushed:
            self._behind_silence.add(sent.sample)
            self._hushed = False

    def hush(self) -> None:
        """Have silence before the next packet, however short: it is off the record."""
        self._hushed = True

    def flush(self, now: int) -> Iterator[tuple[int, int, OSError]]:
        """Write what waits, ``now`` being the next sample; gives spans that were lost, and why."""
        waiting, self._waiting = self._waiting, []
        for sample, packets in runs(waiting):
            fill = ogg.silence if sample in self._behind_silence else self._fill
            try:
                self.stream.append(sample, packets, fill)
            except OSError as error:
                yield sample, sum(map(ogg.packet_samples, packets)), error
            self._newest = packets[-1]
        self._behind_silence.clear()
        self.stream.close_overdue(now)  # nothing more may come for hours

    def _fill(self, samples: int) -> list[bytes]:
        if samples > CONCEALED_SAMPLES:
            return ogg.silence(samples)
        return ogg.concealment(self._newest, samples)
