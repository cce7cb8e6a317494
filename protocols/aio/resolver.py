"""Locating SIP servers (RFC 3263): from a URI to an ordered list of places to try."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Sequence
from typing import NamedTuple, Protocol

from protocols.aio.flow import Transport
from protocols.sip.errors import SipError
from protocols.sip.txn.routing import DEFAULT_PORTS, bare
from protocols.sip.uri import SipUri


class ResolveError(SipError, OSError):
    """No server could be found for a URI."""


class Target(NamedTuple):
    """One place to send to. `domain` is what the URI named: a TLS peer must prove it."""

    transport: Transport
    host: str
    port: int
    domain: str


class Resolver(Protocol):
    """Gives targets in the order in which to try them."""

    async def resolve(self, uri: SipUri) -> Sequence[Target]: ...


_TRANSPORTS: dict[str, Transport] = {"udp": "UDP", "tcp": "TCP", "tls": "TLS"}


def wanted_transport(uri: SipUri) -> Transport | None:
    """The transport that the URI itself fixes (RFC 3263 section 4.1), None when it leaves it open.

    `sips` is TLS always; `transport=tcp` with `sips` means TLS over TCP (RFC 3261 26.2.2).
    """
    name = uri.transport
    if name is not None and name not in _TRANSPORTS:
        raise ResolveError(f"transport {name} is not supported")
    if uri.scheme == "sips":
        if name == "udp":
            raise ResolveError("sips cannot be carried over UDP")
        return "TLS"
    return _TRANSPORTS[name] if name is not None else None


def numeric_target(uri: SipUri) -> Target | None:
    """The only target of a URI with a numeric host; needs no look-up."""
    host = bare(uri.param("maddr") or uri.host)
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return None
    transport = wanted_transport(uri) or "UDP"
    return Target(transport, host, uri.port or DEFAULT_PORTS[transport], bare(uri.host))


class SystemResolver:
    """A/AAAA by the system's resolver: for hosts files and lone names such as localhost."""

    async def resolve(self, uri: SipUri) -> Sequence[Target]:
        if (numeric := numeric_target(uri)) is not None:
            return [numeric]
        host = bare(uri.param("maddr") or uri.host)
        transport = wanted_transport(uri) or "UDP"
        port = uri.port or DEFAULT_PORTS[transport]
        loop = asyncio.get_running_loop()
        try:
            found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except OSError as error:
            raise ResolveError(f"{host}: {error}") from error
        return [Target(transport, str(entry[4][0]), port, bare(uri.host)) for entry in found]
