"""Ogg pages (RFC 3533) that carry Opus (RFC 7845), without any I/O.

Pages here hold whole packets only, at most 255 lacing values of them. A granule position is the
48 kHz sample at which a page's last packet ends, so files that Roomscribe cuts from one room keep
their place in the room clock.
"""

import mmap
import struct
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from models.audio import FRAME_SAMPLES

SILENCE = b"\xf8\xff\xfe"
"""Twenty milliseconds of silence: a fullband CELT frame with its silence flag set."""

SHORTEST_SAMPLES = 120
"""The shortest Opus packet, 2.5 ms."""

MAX_LACINGS = 255
_CAPTURE = b"OggS"
_HEADER = struct.Struct("<4sBBqIIIB")
_BOS, _EOS, _CONTINUED = 0x02, 0x04, 0x01

_REVERSED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))

# RFC 6716, table 2: the samples of one frame by the configuration number in the packet's first byte
_SILK_FRAMES = (480, 960, 1920, 2880)
_FRAME_SAMPLES = (*_SILK_FRAMES * 3, *(480, 960) * 2, *(120, 240, 480, 960) * 4)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page: its whole packets and the sample at which the last of them ends."""

    packets: tuple[bytes, ...]
    granule: int
    serial: int
    number: int
    first: bool = False
    last: bool = False

    @property
    def samples(self) -> int:
        """How many 48 kHz samples the packets decode to."""
        return sum(packet_samples(packet) for packet in self.packets)


def crc32(data: bytes) -> int:
    """Ogg's CRC-32: polynomial 0x04c11db7, most significant bit first, no initial or final xor.

    zlib computes the same polynomial least significant bit first, so bits are reversed on the way
    in (by a table) and out; zlib's own initial and final xor are undone.
    """
    mirrored = zlib.crc32(data.translate(_REVERSED), 0xFFFFFFFF) ^ 0xFFFFFFFF
    return int.from_bytes(mirrored.to_bytes(4, "little").translate(_REVERSED), "big")


def packet_samples(packet: bytes) -> int:
    """How many 48 kHz samples an Opus packet decodes to (RFC 6716, 3.1); 0 when it is malformed."""
    if not packet:
        return 0
    code = packet[0] & 3
    if code == 3 and len(packet) < 2:
        return 0
    frames = (1, 2, 2, packet[1] & 63 if code == 3 else 0)[code]
    return frames * _FRAME_SAMPLES[packet[0] >> 3]


def silence(samples: int) -> list[bytes]:
    """Packets for ``samples`` of silence, or up to 2.5 ms less, most of them of 20 ms."""
    packets = [SILENCE] * (samples // FRAME_SAMPLES)
    steps = samples % FRAME_SAMPLES // SHORTEST_SAMPLES
    for config, length in ((30, 4), (29, 2), (28, 1)):  # 10, 5 and 2.5 ms
        if steps & length:
            packets.append(bytes([config << 3]) + SILENCE[1:])
    return packets


def concealment(before: bytes, samples: int) -> list[bytes]:
    """Packets that make a decoder conceal ``samples``, or up to 2.5 ms less, after ``before``.

    They are empty frames of the same mode and bandwidth (RFC 7845, 4.1), in steps of 20 ms.
    """
    first = before[0]
    config = first >> 3
    # of 20 ms are the second of SILK's four, the last of hybrid's two and of CELT's four
    config = (config & ~3) + 1 if config < 12 else config | 1 if config < 16 else config | 3
    empty = bytes([config << 3 | first & 4])
    return [empty] * (samples // FRAME_SAMPLES) + silence(samples % FRAME_SAMPLES)


def page_bytes(page: Page) -> bytes:
    """Write a page; raises ValueError when its packets do not fit into one."""
    lacing = bytearray()
    for packet in page.packets:
        lacing += b"\xff" * (len(packet) // 255)
        lacing.append(len(packet) % 255)
    if len(lacing) > MAX_LACINGS:
        raise ValueError("the packets do not fit into one page")
    flags = page.first * _BOS | page.last * _EOS
    head = _HEADER.pack(_CAPTURE, 0, flags, page.granule, page.serial, page.number, 0, len(lacing))
    data = bytearray(head + lacing + b"".join(page.packets))
    data[22:26] = crc32(bytes(data)).to_bytes(4, "little")
    return bytes(data)


def header_pages(serial: int, pre_skip: int, comments: Sequence[str] = ()) -> bytes:
    """OpusHead and OpusTags for mono audio, as the two pages that begin a file.

    ``pre_skip`` is how many decoded samples players drop; ``comments`` are ``KEY=value``.
    """
    head = struct.pack("<8sBBHIhB", b"OpusHead", 1, 1, pre_skip, 48_000, 0, 0)
    tags = b"OpusTags" + _length_prefixed("roomscribe") + struct.pack("<I", len(comments))
    tags += b"".join(_length_prefixed(comment) for comment in comments)
    pages = (
        Page(packets=(head,), granule=0, serial=serial, number=0, first=True),
        Page(packets=(tags,), granule=0, serial=serial, number=1),
    )
    return b"".join(page_bytes(page) for page in pages)


def split(packets: Sequence[bytes]) -> Iterator[tuple[bytes, ...]]:
    """Group packets so that each group fits into one page of at most a second."""
    group: list[bytes] = []
    lacings = 0
    for packet in packets:
        needed = len(packet) // 255 + 1
        if group and (lacings + needed > MAX_LACINGS or len(group) == 50):
            yield tuple(group)
            group, lacings = [], 0
        group.append(packet)
        lacings += needed
    if group:
        yield tuple(group)


def read_pages(data: bytes | mmap.mmap) -> Iterator[Page]:
    """Yield every whole page whose checksum is right, passing over whatever else is there."""
    at = data.find(_CAPTURE)
    while at >= 0:
        length = _page_length(data, at)
        page = _read_page(data[at : at + length]) if length else None
        if page is not None:
            yield page
        at = data.find(_CAPTURE, at + (length if page is not None else 1))


def whole_pages(file: BinaryIO, size: int = 1 << 18) -> Iterator[bytes]:
    """Yield a well-formed file as pieces of about ``size`` bytes that hold whole pages.

    What does not end a page stands in the last piece.
    """
    rest = b""
    while data := file.read(size):
        rest += data
        at = 0
        while length := _page_length(rest, at):
            at += length
        if at:
            yield rest[:at]
            rest = rest[at:]
    if rest:
        yield rest


def audio_pages(data: bytes | mmap.mmap) -> Iterator[Page]:
    """Yield the pages of `read_pages` that carry sound."""
    for page in read_pages(data):
        if page.samples and not page.packets[0].startswith((b"OpusHead", b"OpusTags")):
            yield page


def read_headers(data: bytes | mmap.mmap) -> tuple[int, dict[str, str]] | None:
    """The pre-skip and comments that a file begins with, None when its headers are not whole."""
    packets = [page.packets[0] for page in read_pages(data[: 1 << 16]) if page.packets][:2]
    if [packet[:8] for packet in packets] != [b"OpusHead", b"OpusTags"]:
        return None
    pre_skip = int.from_bytes(packets[0][10:12], "little")
    return pre_skip, _comments(packets[1])


def _length_prefixed(text: str) -> bytes:
    data = text.encode("utf-8", "replace")
    return struct.pack("<I", len(data)) + data


def _comments(tags: bytes) -> dict[str, str]:
    fields = []
    vendor_length = int.from_bytes(tags[8:12], "little")
    at = 16 + vendor_length
    while at + 4 <= len(tags):
        end = at + 4 + int.from_bytes(tags[at : at + 4], "little")
        fields.append(tags[at + 4 : end].decode("utf-8", "replace"))
        at = end
    return dict(field.split("=", 1) for field in fields if "=" in field)


def _page_length(data: bytes | mmap.mmap, at: int) -> int:
    """The length of the page that begins at ``at``, 0 when it is not whole."""
    lacings_at = at + _HEADER.size
    if lacings_at > len(data):
        return 0
    count = data[lacings_at - 1]
    length = _HEADER.size + count + sum(data[lacings_at : lacings_at + count])
    return length if at + length <= len(data) else 0


def _read_page(data: bytes) -> Page | None:
    _, version, flags, granule, serial, number, checksum, count = _HEADER.unpack_from(data)
    lacing = data[_HEADER.size : _HEADER.size + count]
    if version or flags & _CONTINUED or crc32(data[:22] + bytes(4) + data[26:]) != checksum:
        return None
    packets, start, end = [], _HEADER.size + count, _HEADER.size + count
    for value in lacing:
        end += value
        if value < 255:
            packets.append(data[start:end])
            start = end
    return Page(
        packets=tuple(packets),
        granule=granule,
        serial=serial,
        number=number,
        first=bool(flags & _BOS),
        last=bool(flags & _EOS),
    )
