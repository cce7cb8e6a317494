"""A name server of our own on loopback whose answers change from one question to the next."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from typing import Any

import dns.asyncresolver
import dns.flags
import dns.message
import dns.rdatatype
import dns.resolver
import dns.rrset

from gateway.addresses import AddressUnknown


class DnsStub(asyncio.DatagramProtocol):
    """``answers``: name to what it says in turn, each a list of addresses."""

    def __init__(self, answers: dict[str, Iterable[Sequence[str]]]) -> None:
        self._turns = {name: itertools.cycle(list(turns)) for name, turns in answers.items()}
        self._current: dict[str, Sequence[str]] = {}
        self.asked: list[str] = []
        self.port = 0

    def connection_made(self, transport: Any) -> None:
        self._transport = transport
        self.port = transport.get_extra_info("sockname")[1]

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        query = dns.message.from_wire(data)
        question = query.question[0]
        name = question.name.to_text().rstrip(".")
        reply = dns.message.make_response(query)
        reply.flags |= dns.flags.RA
        if question.rdtype == dns.rdatatype.A and name in self._turns:
            # AAAA belongs to the same look-up: the turn ends with the question for A.
            self._current[name] = next(self._turns[name])
            self.asked.append(name)
        of_six = question.rdtype == dns.rdatatype.AAAA
        found = [text for text in self._current.get(name, ()) if (":" in text) == of_six]
        if found:
            kind = dns.rdatatype.to_text(question.rdtype)
            reply.answer.append(dns.rrset.from_text(question.name, 0, "IN", kind, *found))
        self._transport.sendto(reply.to_wire(), addr)

    async def lookup(self, host: str) -> Sequence[str]:
        """As the system's resolver would, had it been told of this server."""
        resolver = dns.asyncresolver.Resolver(configure=False)
        resolver.nameservers, resolver.port, resolver.cache = ["127.0.0.1"], self.port, None
        found: list[str] = []
        for kind in ("A", "AAAA"):
            try:
                found += [item.to_text() for item in await resolver.resolve(host, kind)]
            except (dns.resolver.NoAnswer, dns.resolver.NXDOMAIN):
                continue
        if not found:
            raise AddressUnknown(f"{host} has no address")
        return found


@asynccontextmanager
async def dns_stub(answers: dict[str, Iterable[Sequence[str]]]) -> AsyncIterator[DnsStub]:
    loop = asyncio.get_running_loop()
    transport, stub = await loop.create_datagram_endpoint(
        lambda: DnsStub(answers), local_addr=("127.0.0.1", 0)
    )
    try:
        yield stub
    finally:
        transport.close()
