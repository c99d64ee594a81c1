"""Connections to addresses that strangers named: to public ones alone, unless more is allowed.

The name is resolved once, and what is connected to is the very address that was looked at: a name
that means another address a moment later gains nothing. Redirects are not followed (`webhook`).
"""

import asyncio
import ipaddress
import socket
from collections.abc import Iterable
from typing import Any

import httpcore

_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


class AddressRefused(Exception):
    """A name that leads to this machine, into a private network, or nowhere that is public."""


class PublicNetwork(httpcore.AsyncNetworkBackend):
    """Connects for httpcore; ``private`` addresses too, where that is allowed."""

    def __init__(self, *, private: bool) -> None:
        self._private = private
        self._network = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        failed: Exception = httpcore.ConnectError("the name has no address")
        for address in await addresses(host, port, private=self._private):
            try:
                return await self._network.connect_tcp(
                    address, port, timeout, local_address, socket_options
                )
            except httpcore.ConnectError as error:
                failed = error
        raise failed

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


async def addresses(host: str, port: int, *, private: bool) -> list[str]:
    """Give a name's addresses. Raises `AddressRefused`, where one is not public, and `OSError`."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    every = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    if not private and not all(is_public(address) for address in every):
        raise AddressRefused("it is an address of this machine or of a private network")
    return every


def is_public(address: str) -> bool:
    """Whether an address is one of the public internet; one that stands for another is not."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped:
            return is_public(str(ip.ipv4_mapped))
        if ip.sixtofour or ip.teredo or ip in _NAT64 or ip.is_site_local:
            return False
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified)
