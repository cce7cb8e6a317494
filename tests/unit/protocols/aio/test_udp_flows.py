"""UDP: where answers go, what becomes of bad and big datagrams, dead peers, fail-over."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Sequence

import pytest

from protocols.aio.endpoint import ServerTransaction, SipEndpoint
from protocols.aio.flow import Address, Flow
from protocols.aio.gates import MessageRate
from protocols.aio.resolver import ResolveError, Target
from protocols.sip.message import Request, Response
from protocols.sip.txn.timers import Timers
from protocols.sip.uri import SipUri
from protocols.testkit import ScriptedUA
from tests.support.sip_requests import FAST, Responses, make


@pytest.fixture
async def server() -> AsyncIterator[SipEndpoint]:
    endpoint = SipEndpoint(timers=FAST)
    endpoint.on_request = lambda txn, request, flow: txn.reply(200)
    yield endpoint
    await endpoint.aclose()


@pytest.fixture
async def peer() -> AsyncIterator[ScriptedUA]:
    ua = ScriptedUA()
    yield ua
    ua.close()


async def test_malformed_datagram_is_answered_400(server: SipEndpoint, peer: ScriptedUA) -> None:
    listener = await server.listen("UDP", "127.0.0.1", 0)
    to = Address("127.0.0.1", listener.port)
    good = peer.request("OPTIONS", "sip:x@127.0.0.1")
    peer.send(good.to_bytes().replace(b"Content-Length: 0", b"Content-Length: 9"), to)
    await peer.expect_status(400)
    for rubbish in (b"\0" * 40, b"SIP/2.0 200 OK\r\n\r\n", b"\xff\xfe hello", b"\r\n\r\n", b"x"):
        peer.send(rubbish, to)
    peer.send(good, to)
    assert (await peer.expect_status(200)).call_id == good.call_id
    assert server.counters["malformed"] == 4  # keep-alives are not malformed


async def test_unsupported_version_is_answered_505(server: SipEndpoint, peer: ScriptedUA) -> None:
    listener = await server.listen("UDP", "127.0.0.1", 0)
    bad = peer.request("OPTIONS", "sip:x@127.0.0.1").to_bytes().replace(b" SIP/2.0", b" SIP/7.0", 1)
    peer.send(bad, Address("127.0.0.1", listener.port))
    await peer.expect_status(505)


async def test_rport_is_filled_in_and_used(server: SipEndpoint, peer: ScriptedUA) -> None:
    # RFC 3581 section 4: answer to the source address and port, whatever sent-by says
    listener = await server.listen("UDP", "127.0.0.1", 0)
    request = peer.request("OPTIONS", "sip:x@127.0.0.1")
    request.headers.set("Via", "SIP/2.0/UDP 192.0.2.9:5999;rport;branch=z9hG4bKrport")
    peer.send(request, Address("127.0.0.1", listener.port))
    response = await peer.expect_status(200)
    assert (response.via.received, response.via.rport) == ("127.0.0.1", peer.local.port)


async def test_without_rport_the_port_of_sent_by_counts(
    server: SipEndpoint, peer: ScriptedUA
) -> None:
    # RFC 3261 18.2.2: received address, sent-by port
    other = ScriptedUA()
    listener = await server.listen("UDP", "127.0.0.1", 0)
    request = peer.request("OPTIONS", "sip:x@127.0.0.1")
    request.headers.set("Via", f"SIP/2.0/UDP host.example:{other.local.port};branch=z9hG4bKnorport")
    peer.send(request, Address("127.0.0.1", listener.port))
    response = await other.expect_status(200)
    assert response.via.received == "127.0.0.1"
    assert peer.waiting == 0
    other.close()


@pytest.mark.parametrize("planted", ["received=192.0.2.66", "maddr=slow-name.invalid"])
async def test_sender_cannot_point_the_answer_elsewhere(
    server: SipEndpoint, peer: ScriptedUA, planted: str
) -> None:
    listener = await server.listen("UDP", "127.0.0.1", 0)
    request = peer.request("OPTIONS", "sip:x@127.0.0.1")
    request.headers.set("Via", f"SIP/2.0/UDP {peer.local};{planted};branch=z9hG4bKplanted")
    peer.send(request, Address("127.0.0.1", listener.port))
    await peer.expect_status(200)


@pytest.mark.parametrize("home", ["127.0.0.1", "127.0.0.2", "127.0.0.3"])
async def test_multi_homed_host_answers_from_the_address_asked(
    server: SipEndpoint, home: str
) -> None:
    listener = await server.listen("UDP", "0.0.0.0", 0)
    loop = asyncio.get_running_loop()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.setblocking(False)
        sock.connect((home, listener.port))  # takes datagrams from there only
        request = make("OPTIONS", f"sip:x@{home}")
        port = sock.getsockname()[1]
        request.headers.prepend("Via", f"SIP/2.0/UDP 127.0.0.1:{port};branch=z9hG4bKm;rport")
        await loop.sock_sendall(sock, request.to_bytes())
        async with asyncio.timeout(5):
            answer = await loop.sock_recv(sock, 65535)
    assert answer.startswith(b"SIP/2.0 200")


async def test_ipv6(server: SipEndpoint) -> None:
    listener = await server.listen("UDP", "::1", 0)
    stream = await server.listen("TCP", "::1", 0)
    client = SipEndpoint(timers=FAST)
    response = await client.send(make("OPTIONS", f"sip:x@[::1]:{listener.port}"))
    assert (response.status, response.local) == (200, False)
    assert response.via.host == "[::1]"
    assert response.via.received == "::1"
    response = await client.send(make("OPTIONS", f"sip:x@[::1]:{stream.port};transport=tcp"))
    assert (response.status, response.local) == (200, False)
    await client.aclose()


async def test_dead_port_fails_at_once_by_icmp() -> None:
    # RFC 3261 18.4: port unreachable is a transport error; no waiting for Timer F
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", 0))
        port = sock.getsockname()[1]
    client = SipEndpoint(timers=Timers())
    began = time.monotonic()
    response = await client.send(make("OPTIONS", f"sip:x@127.0.0.1:{port}"))
    assert (response.status, response.local) == (503, True)
    assert time.monotonic() - began < 2
    await client.aclose()


def big(uri: str) -> Request:
    request = make("MESSAGE", uri)
    request.body = b"x" * 1400
    return request


async def test_large_request_goes_by_tcp(server: SipEndpoint) -> None:
    # RFC 3261 18.1.1
    flows: list[Flow] = []

    def on_request(txn: ServerTransaction, request: Request, flow: Flow) -> None:
        flows.append(flow)
        txn.reply(200)

    server.on_request = on_request
    udp = await server.listen("UDP", "127.0.0.1", 0)
    await server.listen("TCP", "127.0.0.1", udp.port)
    client = SipEndpoint(timers=FAST)
    uri = f"sip:x@127.0.0.1:{udp.port}"
    assert (await client.send(big(uri))).via.transport == "TCP"
    assert (await client.send(make("OPTIONS", uri))).via.transport == "UDP"
    assert [flow.transport for flow in flows] == ["TCP", "UDP"]
    await client.aclose()


async def test_large_request_falls_back_to_udp(server: SipEndpoint) -> None:
    # RFC 3261 18.1.1: where the connection is refused, UDP after all
    udp = await server.listen("UDP", "127.0.0.1", 0)
    client = SipEndpoint(timers=FAST)
    response = await client.send(big(f"sip:x@127.0.0.1:{udp.port}"))
    assert (response.status, response.via.transport) == (200, "UDP")
    await client.aclose()


async def test_message_rate_over_udp_is_per_address(peer: ScriptedUA) -> None:
    server = SipEndpoint(timers=FAST, message_gate=MessageRate(rate=1, burst=2))
    server.on_request = lambda txn, request, flow: txn.reply(200)
    listener = await server.listen("UDP", "127.0.0.1", 0)
    to = Address("127.0.0.1", listener.port)
    for _ in range(5):
        peer.send(peer.request("OPTIONS", "sip:x@127.0.0.1"), to)
    await peer.expect_status(200)
    await peer.expect_status(200)
    peer.send(b"\r\n\r\n", to)
    assert server.counters["over the message rate"] == 3
    await server.aclose()


async def test_flood_is_refused_without_state(peer: ScriptedUA) -> None:
    server = SipEndpoint(timers=FAST, max_transactions=3)
    server.on_request = lambda txn, request, flow: txn.reply(200)
    listener = await server.listen("UDP", "127.0.0.1", 0)
    requests = [peer.request("OPTIONS", "sip:x@127.0.0.1") for _ in range(5)]
    for request in [*requests, requests[0]]:
        peer.send(request, Address("127.0.0.1", listener.port))
    answers = [await peer.receive() for _ in range(6)]
    assert [a.status for a in answers] == [200, 200, 200, 503, 503, 200]  # what is known goes on
    assert answers[3].headers.get("Retry-After") == "10"
    assert len(server.layer) == 3
    await server.aclose()


class Listed:
    """A resolver that knows one answer."""

    def __init__(self, targets: Sequence[Target]) -> None:
        self.targets = targets

    async def resolve(self, uri: SipUri) -> Sequence[Target]:
        if not self.targets:
            raise ResolveError(f"{uri.host}: nothing")
        return self.targets


async def test_fail_over_after_refusal_and_503_with_a_new_branch(peer: ScriptedUA) -> None:
    # RFC 3263 4.3: the next target after a transport error or a 503, each with its own branch
    second = ScriptedUA()
    closed = await SipEndpoint().listen("TCP", "127.0.0.1", 0)
    closed.close()
    resolver = Listed(
        [
            Target("TCP", "127.0.0.1", closed.port, "pbx.example"),
            Target("UDP", *peer.local, "pbx.example"),
            Target("UDP", *second.local, "pbx.example"),
        ]
    )
    client = SipEndpoint(timers=Timers(), resolver=resolver)
    responses = Responses()
    client.request(make("OPTIONS", "sip:x@pbx.example"), on_response=responses)
    first_try = await peer.expect("OPTIONS")
    peer.respond(first_try, 503)
    second_try = await second.expect("OPTIONS")
    assert second_try.via.branch != first_try.via.branch
    assert second_try.call_id == first_try.call_id
    second.respond(second_try, 200)
    assert (await responses.next()).status == 200
    assert responses.queue.empty()  # the 503 was ours to deal with
    await client.aclose()
    second.close()


async def test_fail_over_after_a_timeout(peer: ScriptedUA) -> None:
    second = ScriptedUA()
    resolver = Listed([Target("UDP", *peer.local, "x"), Target("UDP", *second.local, "x")])
    client = SipEndpoint(timers=Timers(t1=0.002), resolver=resolver)
    responses = Responses()
    client.request(make("INVITE", "sip:x@pbx.example"), on_response=responses)
    await peer.expect("INVITE")  # and says nothing
    invite = await second.expect("INVITE")
    second.respond(invite, 486)
    assert (await responses.next()).status == 486
    await client.aclose()
    second.close()


async def test_the_last_503_reaches_the_user(peer: ScriptedUA) -> None:
    client = SipEndpoint(timers=FAST, resolver=Listed([Target("UDP", *peer.local, "x")]))
    responses = Responses()
    client.request(make("OPTIONS", "sip:x@pbx.example"), on_response=responses)
    peer.respond(await peer.expect("OPTIONS"), 503)
    response = await responses.next()
    assert (response.status, response.local) == (503, False)
    await client.aclose()


async def test_unknown_name_is_a_local_503() -> None:
    client = SipEndpoint(timers=FAST, resolver=Listed([]))
    response = await client.send(make("OPTIONS", "sip:x@nowhere.example"))
    assert (response.status, response.local) == (503, True)
    await client.aclose()


@pytest.mark.parametrize("uri", ["tel:+4930123", "urn:service:sos", "sip:x@y;transport=carrier"])
async def test_no_sip_next_hop_is_a_local_503(uri: str) -> None:
    client = SipEndpoint(timers=FAST)
    response = await client.send(make("OPTIONS", uri))
    assert (response.status, response.local) == (503, True)
    await client.aclose()


async def test_route_wins_over_request_uri(peer: ScriptedUA) -> None:
    # RFC 3261 8.1.2
    client = SipEndpoint(timers=FAST)
    request = make("OPTIONS", "sip:x@nowhere.invalid")
    request.headers.add("Route", f"<sip:{peer.local};lr>")
    client.request(request, on_response=Responses())
    assert (await peer.expect("OPTIONS")).uri == "sip:x@nowhere.invalid"
    await client.aclose()


async def test_response_to_nobody_is_dropped_and_counted(
    server: SipEndpoint, peer: ScriptedUA
) -> None:
    listener = await server.listen("UDP", "127.0.0.1", 0)
    stray = Response.for_request(peer.request("INVITE", "sip:x@y"), 200, to_tag="t")
    peer.send(stray, Address("127.0.0.1", listener.port))
    peer.send(peer.request("OPTIONS", "sip:x@y"), Address("127.0.0.1", listener.port))
    await peer.expect_status(200)
    assert server.counters["unmatched responses"] == 1
