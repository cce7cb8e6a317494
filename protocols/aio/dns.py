"""The look-ups that RFC 3263 needs: NAPTR, SRV and addresses."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Sequence
from typing import Any, NamedTuple, Protocol

import dns.asyncresolver
import dns.exception
import dns.resolver

logger = logging.getLogger(__name__)


class NaptrRecord(NamedTuple):
    order: int
    preference: int
    flags: str
    service: str
    replacement: str


class SrvRecord(NamedTuple):
    priority: int
    weight: int
    port: int
    target: str


class Dns(Protocol):
    """Empty answers mean that there is no such record; nothing is raised."""

    async def naptr(self, name: str) -> Sequence[NaptrRecord]: ...

    async def srv(self, name: str) -> Sequence[SrvRecord]: ...

    async def addresses(self, name: str) -> Sequence[str]: ...


class SystemDns:
    """dnspython for NAPTR and SRV; the system's own resolver for addresses.

    Addresses go through `getaddrinfo` because site names often live in a hosts file or a
    search domain, which only the system knows; it also orders IPv6 and IPv4 (RFC 6724).
    """

    def __init__(
        self, *, lifetime: float = 3.0, nameservers: Sequence[str] = (), port: int = 53
    ) -> None:
        self._lifetime = lifetime
        self._nameservers = list(nameservers)
        self._port = port
        self._resolver: dns.asyncresolver.Resolver | None = None

    def _asking(self) -> dns.asyncresolver.Resolver | None:
        if self._resolver is None:
            try:
                resolver = dns.asyncresolver.Resolver(configure=not self._nameservers)
            except dns.resolver.NoResolverConfiguration:
                return None  # a host without DNS: addresses may still come from its hosts file
            if self._nameservers:
                resolver.nameservers = list(self._nameservers)
                resolver.port = self._port
            resolver.lifetime = self._lifetime
            resolver.cache = dns.resolver.LRUCache()
            self._resolver = resolver
        return self._resolver

    async def _ask(self, name: str, kind: str) -> list[Any]:
        resolver = self._asking()
        if resolver is None:
            return []
        try:
            answer = await resolver.resolve(name, kind, raise_on_no_answer=False)
        except (dns.exception.DNSException, OSError, ValueError) as error:
            logger.debug("%s %s: %s", kind, name, error)
            return []
        return list(answer.rrset or ())

    async def naptr(self, name: str) -> Sequence[NaptrRecord]:
        return [
            NaptrRecord(
                record.order,
                record.preference,
                record.flags.decode("ascii", "replace"),
                record.service.decode("ascii", "replace"),
                record.replacement.to_text(omit_final_dot=True),
            )
            for record in await self._ask(name, "NAPTR")
        ]

    async def srv(self, name: str) -> Sequence[SrvRecord]:
        return [
            SrvRecord(
                record.priority,
                record.weight,
                record.port,
                record.target.to_text(omit_final_dot=True),
            )
            for record in await self._ask(name, "SRV")
        ]

    async def addresses(self, name: str) -> Sequence[str]:
        loop = asyncio.get_running_loop()
        try:
            found = await loop.getaddrinfo(name, None, type=socket.SOCK_DGRAM)
        except OSError as error:
            logger.debug("address of %s: %s", name, error)
            return []
        return list(dict.fromkeys(str(entry[4][0]) for entry in found))
