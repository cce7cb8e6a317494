"""Locating SIP servers (RFC 3263): from a URI to an ordered list of places to try."""

from __future__ import annotations

import asyncio
import ipaddress
import random
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple, Protocol

from protocols.aio.dns import Dns, NaptrRecord, SrvRecord, SystemDns
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
    """Gives targets in the order in which to try them. Raises ResolveError."""

    async def resolve(self, uri: SipUri) -> Sequence[Target]: ...


_TRANSPORTS: Final[dict[str, Transport]] = {"udp": "UDP", "tcp": "TCP", "tls": "TLS"}
_SERVICES: Final[dict[str, Transport]] = {"SIP+D2U": "UDP", "SIP+D2T": "TCP", "SIPS+D2T": "TLS"}
_SRV_PREFIX: Final[dict[Transport, str]] = {
    "UDP": "_sip._udp.",
    "TCP": "_sip._tcp.",
    "TLS": "_sips._tcp.",
}


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
    host = _target_name(uri)
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return None
    # 4.1: a numeric host without transport parameter means UDP (TLS for sips).
    transport = wanted_transport(uri) or "UDP"
    return Target(transport, host, uri.port or DEFAULT_PORTS[transport], bare(uri.host))


def _target_name(uri: SipUri) -> str:
    """4: TARGET is the maddr parameter if there is one, else the host."""
    return bare(uri.param("maddr") or uri.host).rstrip(".").lower()


class DnsResolver:
    """RFC 3263 section 4 on any DNS.

    `transports` are those we can speak, best first: it decides between SRV records when the
    domain has no NAPTR records (4.1).
    """

    def __init__(
        self,
        dns: Dns | None = None,
        *,
        transports: Sequence[Transport] = ("TLS", "TCP", "UDP"),
        dice: random.Random | None = None,
    ) -> None:
        self._dns: Dns = dns or SystemDns()
        self._transports = tuple(transports)
        self._dice = dice or random.Random()

    async def resolve(self, uri: SipUri) -> Sequence[Target]:
        if (numeric := numeric_target(uri)) is not None:
            return [numeric]
        name = _target_name(uri)
        domain = bare(uri.host)
        targets = await self._by_records(uri, name, domain)
        if not targets:
            raise ResolveError(f"{name}: no address")
        return targets

    async def _by_records(self, uri: SipUri, name: str, domain: str) -> list[Target]:
        transport = wanted_transport(uri)
        if uri.port is not None or not _may_have_services(name):
            # 4.1, 4.2: an explicit port means address records only.
            transport = transport or "UDP"
            return await self._addresses(
                transport, name, uri.port or DEFAULT_PORTS[transport], domain
            )
        if transport is not None:
            targets = await self._services(transport, _SRV_PREFIX[transport] + name, domain)
        else:
            targets = await self._by_naptr(name, domain) or await self._by_srv(name, domain)
        if targets:
            return targets
        # 4.2: no SRV records: address records and the default port.
        transport = transport or "UDP"
        return await self._addresses(transport, name, DEFAULT_PORTS[transport], domain)

    async def _by_naptr(self, name: str, domain: str) -> list[Target]:
        targets: list[Target] = []
        for record in self._usable(await self._dns.naptr(name)):
            transport = _SERVICES[record.service.upper()]
            targets += await self._services(transport, record.replacement, domain)
        return targets

    def _usable(self, records: Iterable[NaptrRecord]) -> list[NaptrRecord]:
        """4.1: services we know and speak, lowest order and preference first."""
        return sorted(
            (
                record
                for record in records
                if record.flags.lower() == "s"
                and _SERVICES.get(record.service.upper()) in self._transports
            ),
            key=lambda record: (record.order, record.preference),
        )

    async def _by_srv(self, name: str, domain: str) -> list[Target]:
        """4.1: without NAPTR records each transport's SRV records are asked for."""
        found = await asyncio.gather(
            *(self._services(t, _SRV_PREFIX[t] + name, domain) for t in self._transports)
        )
        return [target for targets in found for target in targets]

    async def _services(self, transport: Transport, name: str, domain: str) -> list[Target]:
        records = await self._dns.srv(name)
        targets: list[Target] = []
        for record in in_srv_order(records, self._dice):
            targets += await self._addresses(transport, record.target, record.port, domain)
        return targets

    async def _addresses(
        self, transport: Transport, name: str, port: int, domain: str
    ) -> list[Target]:
        hosts = await self._dns.addresses(name)
        return [Target(transport, host, port, domain) for host in hosts]


def _may_have_services(name: str) -> bool:
    """Lone names (hosts files, container names) and localhost have no NAPTR or SRV records."""
    return "." in name and not name.endswith(".localhost")


def in_srv_order(records: Iterable[SrvRecord], dice: random.Random) -> list[SrvRecord]:
    """RFC 2782: lowest priority first; within one, drawn by weight."""
    # RFC 2782: a target of "." says that the service is decidedly not available.
    left = [record for record in records if record.target not in ("", ".")]
    ordered: list[SrvRecord] = []
    for priority in sorted({record.priority for record in left}):
        group = sorted((r for r in left if r.priority == priority), key=lambda r: r.weight)
        while group:
            draw = dice.uniform(0, sum(record.weight for record in group))
            running = 0
            for record in group:
                running += record.weight
                if running >= draw:
                    break
            group.remove(record)
            ordered.append(record)
    return ordered
