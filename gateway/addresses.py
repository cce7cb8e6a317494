"""Which addresses the gateway may connect to on behalf of a tenant.

A tenant's administrator names hosts: identity providers, webhooks, directories. None of them may
lead into the operator's own network, neither by a literal address in any notation nor by a name
whose owner points it there.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor

IpAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
IpNetwork = ipaddress.IPv4Network | ipaddress.IPv6Network

#: RFC 6890 and the registries that followed it: whatever is not a host of the public Internet.
_DENIED_V4 = tuple(
    ipaddress.IPv4Network(network)
    for network in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/3",
    )
)
#: RFC 4291 section 2.4: all else is no global unicast, mapped and NAT64 addresses among it.
_GLOBAL_V6 = ipaddress.IPv6Network("2000::/3")
#: Protocol assignments with Teredo, documentation twice, 6to4 (an IPv4 address is inside).
_DENIED_V6 = tuple(
    ipaddress.IPv6Network(network)
    for network in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")
)
LOOKUPS = 8

Lookup = Callable[[str], Awaitable[Sequence[str]]]


class AddressRefused(Exception):
    """The host is, or has, an address that nothing may be sent to."""


class AddressUnknown(Exception):
    """The name has no address, or nobody says so in time."""


def is_public(address: IpAddress) -> bool:
    if isinstance(address, ipaddress.IPv4Address):
        return not any(address in network for network in _DENIED_V4)
    return address in _GLOBAL_V6 and not any(address in network for network in _DENIED_V6)


class SystemLookup:
    """As the machine's own resolver says, hosts file included.

    In threads of its own: whoever owns a domain decides how long its look-up takes, and must not
    hold up what else goes to threads.
    """

    def __init__(self, threads: int = LOOKUPS) -> None:
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="lookup")

    async def __call__(self, host: str) -> Sequence[str]:
        loop = asyncio.get_running_loop()
        found = await loop.run_in_executor(self._threads, _getaddrinfo, host)
        return list(dict.fromkeys(found))

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)


def _getaddrinfo(host: str) -> list[str]:
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise AddressUnknown(f"{host} has no address") from error
    return [str(info[4][0]) for info in found]


class AddressPolicy:
    """``allowed``: names and networks that the operator opens although they are private."""

    def __init__(self, allowed: Iterable[str], lookup: Lookup) -> None:
        self._lookup = lookup
        self._names: set[str] = set()
        self._networks: list[IpNetwork] = []
        for entry in allowed:
            try:
                self._networks.append(ipaddress.ip_network(entry, strict=False))
            except ValueError:
                self._names.add(_plain(entry))

    def lists(self, host: str) -> bool:
        """The operator named this very host, or its network if it is an address."""
        name = _plain(host)
        literal = _literal(name)
        if literal is None:
            return name in self._names
        return any(literal in network for network in self._networks)

    def may(self, address: IpAddress, host: str) -> bool:
        if is_public(address) or any(address in network for network in self._networks):
            return True
        return _literal(_plain(host)) is None and _plain(host) in self._names

    async def resolve(self, host: str) -> list[str]:
        """The addresses to connect to. One that is refused refuses them all: whose name leads
        there at times means no good."""
        literal = _literal(_plain(host))
        found = [str(literal)] if literal is not None else await self._lookup(host)
        addresses = [_literal(text) for text in found]
        if not addresses:
            raise AddressUnknown(f"{host} has no address")
        for address in addresses:
            if address is None or not self.may(address, host):
                raise AddressRefused(f"{host} is not a host of the public Internet")
        return [str(address) for address in addresses]


def _plain(host: str) -> str:
    return host.strip("[]").rstrip(".").lower()


def _literal(text: str) -> IpAddress | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None
