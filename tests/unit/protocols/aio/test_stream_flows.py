"""TCP flows under pressure: framing, silence, slow and dead peers, reuse, keep-alive."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from protocols.aio.endpoint import ServerTransaction, SipEndpoint
from protocols.aio.flow import Flow
from protocols.aio.gates import MessageRate
from protocols.aio.resolver import Target
from protocols.aio.responding import return_targets
from protocols.aio.tcp import StreamLimits
from protocols.sip.headers import Via
from protocols.sip.message import Request
from protocols.sip.txn.timers import Timers
from protocols.sip.uri import SipUri
from tests.support.sip_requests import FAST, Responses, make

Raw = tuple[asyncio.StreamReader, asyncio.StreamWriter]
Dial = Callable[[], Awaitable[Raw]]


@pytest.fixture
def limits() -> StreamLimits:
    return StreamLimits()


@pytest.fixture
async def server(limits: StreamLimits) -> AsyncIterator[SipEndpoint]:
    endpoint = SipEndpoint(timers=FAST, stream_limits=limits)
    endpoint.on_request = lambda txn, request, flow: txn.reply(200)
    yield endpoint
    await endpoint.aclose()


@pytest.fixture
async def dial(server: SipEndpoint) -> AsyncIterator[Dial]:
    """Raw connections to the server."""
    listener = await server.listen("TCP", "127.0.0.1", 0)
    opened: list[asyncio.StreamWriter] = []

    async def connect() -> Raw:
        reader, writer = await asyncio.open_connection("127.0.0.1", listener.port)
        opened.append(writer)
        return reader, writer

    yield connect
    for writer in opened:
        writer.close()


def wire(method: str = "OPTIONS", branch: str = "z9hG4bK1") -> bytes:
    request = make(method, "sip:bob@127.0.0.1")
    request.headers.prepend("Via", f"SIP/2.0/TCP client.example;branch={branch}")
    return request.to_bytes()


async def head(reader: asyncio.StreamReader) -> bytes:
    async with asyncio.timeout(5):
        return await reader.readuntil(b"\r\n\r\n")


async def ended(reader: asyncio.StreamReader) -> bytes:
    """What still comes until the server closes."""
    async with asyncio.timeout(5):
        return await reader.read()


async def test_messages_split_and_joined(dial: Dial) -> None:
    reader, writer = await dial()
    one, two = wire(branch="z9hG4bK1"), wire(branch="z9hG4bK2")
    for i in range(len(one)):
        writer.write(one[i : i + 1])
        await writer.drain()
    assert b"branch=z9hG4bK1" in await head(reader)
    writer.write(b"\r\n" + two + wire(branch="z9hG4bK3"))
    assert b"branch=z9hG4bK2" in await head(reader)
    assert b"branch=z9hG4bK3" in await head(reader)


async def test_ping_gets_its_pong(dial: Dial) -> None:
    # RFC 5626 4.4.1
    reader, writer = await dial()
    writer.write(b"\r\n\r\n")
    async with asyncio.timeout(5):
        assert await reader.readexactly(2) == b"\r\n"


async def test_missing_content_length_is_answered_400_and_closed(
    server: SipEndpoint, dial: Dial
) -> None:
    # RFC 3261 18.3: on a stream it is mandatory
    reader, writer = await dial()
    writer.write(wire().replace(b"Content-Length: 0\r\n", b""))
    assert (await ended(reader)).startswith(b"SIP/2.0 400")
    assert server.counters["malformed"] == 1


async def test_rubbish_closes_only_its_own_flow(server: SipEndpoint, dial: Dial) -> None:
    good_reader, good_writer = await dial()
    bad_reader, bad_writer = await dial()
    bad_writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n" * 10)
    await ended(bad_reader)
    good_writer.write(wire())
    assert (await head(good_reader)).startswith(b"SIP/2.0 200")


async def test_headers_without_end_are_cut(server: SipEndpoint, dial: Dial) -> None:
    reader, writer = await dial()
    writer.write(b"OPTIONS sip:x@y SIP/2.0\r\n" + b"X: y\r\n" * 20_000)
    with contextlib.suppress(ConnectionResetError):  # bytes of ours were still unread
        await ended(reader)
    assert server.manager.flows == []
    assert server.counters["malformed"] == 1


@pytest.mark.parametrize("limits", [StreamLimits(message_idle=0.05)])
async def test_message_that_never_completes_is_cut(dial: Dial) -> None:
    reader, writer = await dial()
    writer.write(wire() + b"OPTIONS sip:bob@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/T")
    assert (await ended(reader)).startswith(b"SIP/2.0 200")


@pytest.mark.parametrize("limits", [StreamLimits(first_message=0.05)])
async def test_connection_that_says_nothing_is_cut(dial: Dial) -> None:
    reader, _ = await dial()
    assert await ended(reader) == b""


@pytest.mark.parametrize("limits", [StreamLimits(first_message=0.1, message_idle=0.1)])
async def test_quiet_connection_lives_on_after_a_message(server: SipEndpoint, dial: Dial) -> None:
    reader, writer = await dial()
    writer.write(wire())
    await head(reader)
    reader_two, _ = await dial()
    await ended(reader_two)  # a newer, silent one has met its limit meanwhile
    assert len(server.manager.flows) == 1
    writer.write(wire(branch="z9hG4bK9"))
    assert b"200" in await head(reader)


@pytest.mark.parametrize("limits", [StreamLimits(high_water=64 * 1024)])
async def test_peer_that_does_not_read_loses_its_flow(server: SipEndpoint, dial: Dial) -> None:
    flows: list[Flow] = []
    server.on_flow_opened = flows.append
    closed: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    server.on_flow_closed = lambda _, reason: closed.set_result(reason)
    reader, writer = await dial()
    writer.write(wire())
    await head(reader)
    [flow] = flows
    with pytest.raises(ConnectionError):
        for _ in range(10_000):
            flow.send(b"x" * 16_384)
    async with asyncio.timeout(5):
        assert await closed == "peer does not read"


async def test_too_many_messages_cost_the_flow(dial: Dial, server: SipEndpoint) -> None:
    server._message_gate = MessageRate(rate=1, burst=3)
    reader, writer = await dial()
    writer.write(b"".join(wire(branch=f"z9hG4bK{i}") for i in range(10)))
    assert (await ended(reader)).count(b"SIP/2.0 200") == 3


async def test_requests_in_flight_fail_at_once_when_the_flow_goes(server: SipEndpoint) -> None:
    seen: asyncio.Queue[Flow] = asyncio.Queue()
    server.on_request = lambda txn, request, flow: seen.put_nowait(flow)
    listener = await server.listen("TCP", "127.0.0.1", 0)
    client = SipEndpoint(timers=Timers())  # real timers: 32 s would exceed the test's limit
    reasons: list[str] = []
    client.on_flow_closed = lambda flow, reason: reasons.append(reason)
    uri = f"sip:x@127.0.0.1:{listener.port};transport=tcp"
    invite, options = Responses(), Responses()
    client.request(make("INVITE", uri), on_response=invite)
    client.request(make("OPTIONS", uri), on_response=options)
    first, second = await seen.get(), await seen.get()
    assert first is second  # one connection, shared by both requests
    first.close("pulled")
    for responses in (invite, options):
        response = await responses.next()
        while response.status == 100:
            response = await responses.next()
        assert (response.status, response.local) == (503, True)
    assert reasons == ["closed by peer"]
    assert client.idle
    await client.aclose()


async def test_connection_is_reused_and_opened_once(server: SipEndpoint) -> None:
    opened: list[Flow] = []
    server.on_flow_opened = opened.append
    listener = await server.listen("TCP", "127.0.0.1", 0)
    client = SipEndpoint(timers=FAST)
    uri = f"sip:x@127.0.0.1:{listener.port};transport=tcp"
    answers = await asyncio.gather(*(client.send(make("OPTIONS", uri)) for _ in range(20)))
    assert {a.status for a in answers} == {200}
    assert (await client.send(make("OPTIONS", uri))).status == 200
    assert len(opened) == 1
    await client.aclose()


async def test_response_finds_its_way_when_the_connection_is_gone(server: SipEndpoint) -> None:
    # RFC 3261 18.2.2: open a connection to the address in Via
    waiting: asyncio.Future[ServerTransaction] = asyncio.get_running_loop().create_future()
    server.on_request = lambda txn, request, flow: waiting.set_result(txn)
    listener = await server.listen("TCP", "127.0.0.1", 0)
    arrived: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        arrived.set_result(await reader.readuntil(b"\r\n\r\n"))
        writer.close()

    home = await asyncio.start_server(accept, "127.0.0.1", 0)
    port = home.sockets[0].getsockname()[1]
    request = make("INVITE", "sip:x@127.0.0.1")
    request.headers.prepend("Via", f"SIP/2.0/TCP 127.0.0.1:{port};branch=z9hG4bKhome")
    _, writer = await asyncio.open_connection("127.0.0.1", listener.port)
    writer.write(request.to_bytes())
    async with asyncio.timeout(5):
        txn = await waiting
    gone: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    server.on_flow_closed = lambda flow, reason: gone.done() or gone.set_result(reason)
    writer.close()
    async with asyncio.timeout(5):
        await gone
    txn.reply(486)
    async with asyncio.timeout(5):
        assert (await arrived).startswith(b"SIP/2.0 486")
    home.close()
    await home.wait_closed()


@pytest.mark.parametrize(
    ("via", "places"),
    [
        # RFC 3261 18.2.2: the address it came from, with the port of sent-by
        ("192.0.2.1:5080;received=192.0.2.7;rport=40000", ["192.0.2.7 5080"]),
        ("192.0.2.1", ["192.0.2.1 5060"]),
        # RFC 3263 5: then whatever the name in sent-by leads to
        ("pbx.example;received=192.0.2.7", ["192.0.2.7 5060", "198.51.100.1 5099"]),
        ("pbx.example", ["198.51.100.1 5099"]),
    ],
)
async def test_places_for_a_response_without_its_connection(via: str, places: list[str]) -> None:
    class OneServer:
        async def resolve(self, uri: SipUri) -> list[Target]:
            return [Target("TCP", "198.51.100.1", 5099, uri.host)]

    parsed = Via.parse(f"SIP/2.0/TCP {via.replace(';', ';branch=z9hG4bKx;', 1)}")
    targets = await return_targets(OneServer(), "TCP", parsed)
    assert [f"{target.host} {target.port}" for target in targets] == places


async def test_no_pong_ends_the_flow(server: SipEndpoint) -> None:
    async def deaf(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    home = await asyncio.start_server(deaf, "127.0.0.1", 0)
    flow = await server.connect("TCP", "127.0.0.1", home.sockets[0].getsockname()[1])
    closed: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    server.on_flow_closed = lambda _, reason: closed.set_result(reason)
    flow.start_keepalive(0.02, 0.05)
    async with asyncio.timeout(5):
        assert await closed == "no keep-alive answer"
    home.close()
    await home.wait_closed()


async def test_answered_pings_keep_the_flow() -> None:
    pings = 0
    enough = asyncio.Event()

    async def polite(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal pings
        while await reader.read(4):
            pings += 1
            writer.write(b"\r\n")
            if pings == 5:
                enough.set()
        writer.close()

    home = await asyncio.start_server(polite, "127.0.0.1", 0)
    client = SipEndpoint(timers=FAST)
    flow = await client.connect("TCP", "127.0.0.1", home.sockets[0].getsockname()[1])
    flow.start_keepalive(0.02, 0.05)
    async with asyncio.timeout(5):
        await enough.wait()
    assert flow.alive and flow.tls_version is None
    assert flow.round_trip is not None and 0 <= flow.round_trip < 0.05
    assert flow.heard_at is not None
    await client.aclose()
    home.close()
    await home.wait_closed()


async def test_malformed_request_is_answered_and_the_flow_goes_on(dial: Dial) -> None:
    # A message whose end is known costs a 400, not the connection
    reader, writer = await dial()
    bad = wire(branch="z9hG4bKbad").replace(b"CSeq: 1 OPTIONS", b"CSeq: one OPTIONS")
    writer.write(bad + wire(branch="z9hG4bKgood"))
    assert (await head(reader)).startswith(b"SIP/2.0 400")
    assert (await head(reader)).startswith(b"SIP/2.0 200")


@pytest.mark.parametrize("hook", ["on_request", "on_trace", "on_flow_opened", "on_ack"])
async def test_a_hook_that_raises_harms_nobody(dial: Dial, server: SipEndpoint, hook: str) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("a bug in the application")

    setattr(server, hook, broken)
    reader, writer = await dial()
    writer.write(wire("ACK", "z9hG4bKa") + wire(branch="z9hG4bKb"))
    expected = b"SIP/2.0 500" if hook == "on_request" else b"SIP/2.0 200"
    assert (await head(reader)).startswith(expected)


async def test_ack_is_never_answered(dial: Dial, server: SipEndpoint) -> None:
    acks: list[Request] = []
    server.on_ack = lambda ack, flow: acks.append(ack)
    reader, writer = await dial()
    bad = wire("ACK", "z9hG4bKa").replace(b"CSeq: 1 ACK", b"CSeq: one ACK")
    writer.write(bad + wire("ACK", "z9hG4bKb") + wire(branch="z9hG4bKc"))
    assert (await head(reader)).startswith(b"SIP/2.0 200")
    assert len(acks) == 1
