"""Which addresses may be posted to."""

import asyncio

import pytest

from models.errors import Invalid
from notifications.network import AddressRefused, PublicNetwork, addresses, is_public
from notifications.webhook import WebhookPost


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "127.8.8.8", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1"),
        *("169.254.169.254", "100.64.0.1", "224.0.0.1", "255.255.255.255", "198.18.0.1"),
        *("::1", "::", "fe80::1%eth0", "fd00::1", "ff02::1", "::ffff:10.0.0.1"),
        *("::ffff:127.0.0.1", "64:ff9b::a00:1", "2002:7f00:1::", "2001:db8::1", "fec0::1"),
        "no address",
    ],
)
def test_this_machine_and_private_networks_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "1.1.1.1", "2606:4700:4700::1111"])
def test_the_internet_is_public(address: str) -> None:
    assert is_public(address)


async def test_a_name_of_which_one_address_is_private_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def both(host: str, port: int, **_: object) -> list[tuple[object, ...]]:
        return [(2, 1, 6, "", ("8.8.8.8", port)), (2, 1, 6, "", ("10.0.0.1", port))]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", both)

    with pytest.raises(AddressRefused):
        await addresses("rebound.example", 443, private=False)


async def test_what_is_connected_to_is_the_address_that_was_looked_at(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A name that leads elsewhere when it is asked for again gains nothing: it is asked once."""
    asked: list[str] = []

    async def rebinding(host: str, port: int, **_: object) -> list[tuple[object, ...]]:
        asked.append(host)
        address = "8.8.8.8" if len(asked) == 1 else "127.0.0.1"
        return [(2, 1, 6, "", (address, port))]

    connected: list[str] = []

    async def connect(_self: object, host: str, *_: object) -> None:
        connected.append(host)

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", rebinding)
    monkeypatch.setattr("httpcore.AnyIOBackend.connect_tcp", connect)

    await PublicNetwork(private=False).connect_tcp("rebinding.example", 443)

    assert connected == ["8.8.8.8"]


@pytest.mark.parametrize(
    "url",
    [
        *(
            "",
            "example.org",
            "ftp://example.org",
            "http://example.org/",
            "https://",
            "https://u@h/",
        ),
        *("https://127.0.0.1/", "https://localhost:8443/", "https://[::1]/", "https://0x7f000001/"),
        *("https://2130706433/", "https://h:99999/", "https://a b/", "https://h/\n", "https://é/"),
        *("https://169.254.169.254/latest", "https://no-such-host.invalid/"),
    ],
)
async def test_a_url_that_may_not_be_posted_to_is_refused_by_field(url: str) -> None:
    with pytest.raises(Invalid) as refused:
        await WebhookPost(private=False).accept(f"{url}")

    assert refused.value.field == "webhook"


async def test_private_addresses_may_be_allowed() -> None:
    accepted = await WebhookPost(private=True).accept(" http://127.0.0.1:9/x?y=1 ")

    assert accepted == "http://127.0.0.1:9/x?y=1"
