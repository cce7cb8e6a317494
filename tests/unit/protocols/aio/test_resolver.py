"""RFC 3263: which servers a URI leads to, and in which order; a real DNS exchange as well."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Sequence
from typing import cast

import dns.flags
import dns.message
import dns.rrset
import pytest

from protocols.aio.dns import NaptrRecord, SrvRecord, SystemDns
from protocols.aio.resolver import DnsResolver, ResolveError, in_srv_order
from protocols.sip.uri import SipUri, parse_uri


class Zone:
    """Records by name; also which questions were asked."""

    def __init__(
        self,
        naptr: dict[str, list[NaptrRecord]] | None = None,
        srv: dict[str, list[SrvRecord]] | None = None,
        addresses: dict[str, list[str]] | None = None,
    ) -> None:
        self._naptr, self._srv, self._addresses = naptr or {}, srv or {}, addresses or {}
        self.asked: list[str] = []

    async def naptr(self, name: str) -> Sequence[NaptrRecord]:
        self.asked.append(f"NAPTR {name}")
        return self._naptr.get(name, [])

    async def srv(self, name: str) -> Sequence[SrvRecord]:
        self.asked.append(f"SRV {name}")
        return self._srv.get(name, [])

    async def addresses(self, name: str) -> Sequence[str]:
        self.asked.append(f"A {name}")
        return self._addresses.get(name, [])


def example() -> Zone:
    return Zone(
        naptr={
            "example.com": [
                NaptrRecord(90, 50, "s", "SIP+D2U", "_sip._udp.example.com"),
                NaptrRecord(50, 50, "s", "SIPS+D2T", "_sips._tcp.example.com"),
                NaptrRecord(90, 20, "s", "SIP+D2T", "_sip._tcp.example.com"),
                NaptrRecord(10, 10, "u", "E2U+sip", "!^.*$!sip:x@y!"),
                NaptrRecord(10, 10, "s", "SIP+D2S", "_sip._sctp.example.com"),
            ]
        },
        srv={
            "_sip._udp.example.com": [SrvRecord(0, 1, 5060, "u.example.com")],
            "_sip._tcp.example.com": [SrvRecord(0, 1, 5062, "t.example.com")],
            "_sips._tcp.example.com": [
                SrvRecord(2, 1, 5069, "b.example.com"),
                SrvRecord(1, 1, 5068, "a.example.com"),
            ],
            "_sip._udp.plain.example": [SrvRecord(0, 1, 5070, "u.example.com")],
            "_sip._tcp.plain.example": [SrvRecord(0, 1, 5071, "t.example.com")],
        },
        addresses={
            "u.example.com": ["192.0.2.1"],
            "t.example.com": ["192.0.2.2", "2001:db8::2"],
            "a.example.com": ["192.0.2.3"],
            "b.example.com": ["192.0.2.4"],
            "host.example.net": ["192.0.2.9"],
            "lone": ["192.0.2.10"],
        },
    )


def sip(text: str) -> SipUri:
    uri = parse_uri(text)
    assert isinstance(uri, SipUri)
    return uri


async def places(zone: Zone, uri: str, transports: str = "TLS TCP UDP") -> list[str]:
    resolver = DnsResolver(zone, transports=transports.split())  # type: ignore[arg-type]
    return [f"{t.transport} {t.host} {t.port}" for t in await resolver.resolve(sip(uri))]


@pytest.mark.parametrize(
    ("uri", "expected"),
    [
        # 4.1: NAPTR decides, by order and preference, among what we speak
        (
            "sip:x@example.com",
            [
                "TLS 192.0.2.3 5068",
                "TLS 192.0.2.4 5069",
                "TCP 192.0.2.2 5062",
                "TCP 2001:db8::2 5062",
                "UDP 192.0.2.1 5060",
            ],
        ),
        # the transport parameter decides; SRV of that transport
        ("sip:x@example.com;transport=udp", ["UDP 192.0.2.1 5060"]),
        ("sips:x@example.com", ["TLS 192.0.2.3 5068", "TLS 192.0.2.4 5069"]),
        ("sips:x@example.com;transport=tcp", ["TLS 192.0.2.3 5068", "TLS 192.0.2.4 5069"]),
        # no NAPTR: SRV of each transport in our order
        (
            "sip:x@plain.example",
            ["TCP 192.0.2.2 5071", "TCP 2001:db8::2 5071", "UDP 192.0.2.1 5070"],
        ),
        # neither: address records, UDP, default port
        ("sip:x@host.example.net", ["UDP 192.0.2.9 5060"]),
        ("sips:x@host.example.net", ["TLS 192.0.2.9 5061"]),
        ("sip:x@HOST.example.net.;transport=tls", ["TLS 192.0.2.9 5061"]),
        # an explicit port: address records only
        ("sip:x@host.example.net:5090", ["UDP 192.0.2.9 5090"]),
        ("sip:x@host.example.net:5090;transport=tcp", ["TCP 192.0.2.9 5090"]),
        ("sip:x@example.com;maddr=host.example.net:5060", None),
        ("sip:x@example.com;maddr=host.example.net", ["UDP 192.0.2.9 5060"]),
        ("sip:x@example.com;maddr=192.0.2.77", ["UDP 192.0.2.77 5060"]),
        ("sip:x@192.0.2.8", ["UDP 192.0.2.8 5060"]),
        ("sips:x@[2001:db8::9]", ["TLS 2001:db8::9 5061"]),
        ("sip:x@lone", ["UDP 192.0.2.10 5060"]),
        ("sip:x@nowhere.example.org", None),
        ("sips:x@example.com;transport=udp", None),
        ("sip:x@example.com;transport=sctp", None),
    ],
)
async def test_places_of_a_uri(uri: str, expected: list[str] | None) -> None:
    if expected is None:
        with pytest.raises(ResolveError):
            await places(example(), uri)
    else:
        assert await places(example(), uri) == expected


async def test_only_transports_we_speak() -> None:
    assert await places(example(), "sip:x@example.com", "UDP") == ["UDP 192.0.2.1 5060"]


async def test_an_explicit_port_or_a_lone_name_asks_for_no_services() -> None:
    for uri in ("sip:x@host.example.net:5090", "sip:x@lone"):
        zone = example()
        await places(zone, uri)
        assert [question.split()[0] for question in zone.asked] == ["A"]


async def test_the_domain_of_the_uri_is_what_tls_has_to_prove() -> None:
    # RFC 5922 7.1: not the SRV target, which came from unsigned DNS
    targets = await DnsResolver(example()).resolve(sip("sips:x@example.com"))
    assert {target.domain for target in targets} == {"example.com"}


def test_srv_order_by_priority_then_weight() -> None:
    # RFC 2782
    records = [SrvRecord(20, 0, 1, "last"), SrvRecord(10, 30, 1, "light")]
    records += [SrvRecord(10, 70, 1, "heavy"), SrvRecord(10, 0, 1, "zero"), SrvRecord(5, 1, 1, ".")]
    dice = random.Random(4)
    first: Counter[str] = Counter()
    for _ in range(2000):
        order = [record.target for record in in_srv_order(records, dice)]
        assert sorted(order[:3]) == ["heavy", "light", "zero"]
        assert order[3:] == ["last"]
        first[order[0]] += 1
    assert 0.66 < first["heavy"] / 2000 < 0.74
    assert first["zero"] < 20


class NameServer(asyncio.DatagramProtocol):
    """Answers from a list of RRs in presentation format."""

    def __init__(self, *records: str) -> None:
        self.records = [dns.rrset.from_text(*line.split(maxsplit=4)) for line in records]
        self.questions = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        query = dns.message.from_wire(data)
        self.questions += 1
        answer = dns.message.make_response(query)
        answer.flags |= dns.flags.RA
        [question] = query.question
        answer.answer = [
            rr for rr in self.records if rr.name == question.name and rr.rdtype == question.rdtype
        ]
        self.transport.sendto(answer.to_wire(), addr)


async def test_real_questions_over_the_wire() -> None:
    loop = asyncio.get_running_loop()
    transport, server = await loop.create_datagram_endpoint(
        lambda: NameServer(
            'corp.example. 60 IN NAPTR 10 5 "s" "SIPS+D2T" "" _sips._tcp.corp.example.',
            "_sips._tcp.corp.example. 60 IN SRV 0 0 5061 127.0.0.1.",
        ),
        local_addr=("127.0.0.1", 0),
    )
    port = transport.get_extra_info("sockname")[1]
    system = SystemDns(nameservers=["127.0.0.1"], port=port)
    assert await system.naptr("corp.example") == [
        NaptrRecord(10, 5, "s", "SIPS+D2T", "_sips._tcp.corp.example")
    ]
    assert await system.srv("_sips._tcp.corp.example") == [SrvRecord(0, 0, 5061, "127.0.0.1")]
    assert await system.srv("_sip._udp.corp.example") == []
    asked = server.questions
    await system.srv("_sips._tcp.corp.example")
    assert server.questions == asked  # from the cache, within its TTL
    assert await system.addresses("localhost")
    transport.close()


async def test_dead_name_server_gives_no_records() -> None:
    system = SystemDns(nameservers=["127.0.0.1"], port=9, lifetime=0.1)
    assert await system.srv("_sip._udp.corp.example") == []
