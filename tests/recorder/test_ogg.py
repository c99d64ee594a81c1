import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recorder import ogg

PACKETS = st.lists(st.binary(min_size=1, max_size=1300).map(lambda b: b"\xf8" + b), max_size=8)


def bitwise_crc32(data: bytes) -> int:
    crc = 0
    for byte in data:
        crc ^= byte << 24
        for _ in range(8):
            crc = (crc << 1 ^ (0x04C11DB7 if crc & 0x80000000 else 0)) & 0xFFFFFFFF
    return crc


def a_page(packets: tuple[bytes, ...], number: int = 2) -> ogg.Page:
    return ogg.Page(packets=packets, granule=960 * len(packets), serial=7, number=number)


@given(st.binary(max_size=300))
def test_the_checksum_is_that_of_the_standard(data: bytes) -> None:
    assert ogg.crc32(data) == bitwise_crc32(data)


@settings(deadline=None)
@given(PACKETS)
def test_pages_come_back_as_they_were_written(packets: list[bytes]) -> None:
    pages = [a_page(group, number) for number, group in enumerate(ogg.split(packets))]

    data = b"".join(map(ogg.page_bytes, pages))

    assert list(ogg.read_pages(data)) == pages
    assert [packet for page in pages for packet in page.packets] == packets


def test_a_cut_anywhere_leaves_the_whole_pages_before_it() -> None:
    pages = [a_page((b"\xf8" + bytes([n]) * 40, ogg.SILENCE), n) for n in range(4)]
    data = b"".join(map(ogg.page_bytes, pages))
    length = len(data) // 4

    for cut in range(len(data) + 1):
        assert list(ogg.read_pages(data[:cut])) == pages[: cut // length]


def test_a_damaged_byte_costs_one_page() -> None:
    pages = [a_page((b"\xf8" + bytes([n]) * 40,), n) for n in range(3)]
    data = b"".join(map(ogg.page_bytes, pages))
    length = len(data) // 3

    for at in range(length, 2 * length):
        damaged = bytearray(data)
        damaged[at] ^= 0x55
        assert list(ogg.read_pages(bytes(damaged))) == [pages[0], pages[2]]


def test_headers_come_back_with_their_comments() -> None:
    data = ogg.header_pages(7, 312, ["TITLE=a = b", "ROOM=téa"])

    assert ogg.read_headers(data) == (312, {"TITLE": "a = b", "ROOM": "téa"})
    assert list(ogg.audio_pages(data)) == []
    assert ogg.read_headers(data[:-1]) is None


@pytest.mark.parametrize(
    ("packet", "samples"),
    [
        (ogg.SILENCE, 960),
        (b"\x08", 960),
        (b"\x18", 2880),
        (b"\x80", 120),
        (b"\xf9", 1920),
        (b"\xfb\x03", 2880),
        (b"\xfb", 0),
        (b"", 0),
    ],
)
def test_a_packet_tells_its_length(packet: bytes, samples: int) -> None:
    assert ogg.packet_samples(packet) == samples


def test_packets_that_do_not_fit_one_page_are_refused() -> None:
    with pytest.raises(ValueError, match="do not fit"):
        ogg.page_bytes(a_page((b"\xf8",) * 256))
