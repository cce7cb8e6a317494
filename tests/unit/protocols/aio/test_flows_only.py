"""An endpoint with `flows_only`: no word of a peer makes it open a way of its own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack

import pytest

from protocols.aio.endpoint import ServerTransaction, SipEndpoint
from protocols.aio.flow import Flow
from protocols.aio.resolver import Target
from protocols.aio.tcp import StreamFlow
from protocols.aio.useragent import UserAgent
from protocols.sip.uri import SipUri
from tests.support.sip_calls import ANSWER, OFFER, Callee, Recorder, user_agent
from tests.support.sip_requests import FAST, make


class NeverAsked:
    """A resolver that must not be reached."""

    async def resolve(self, uri: SipUri) -> list[Target]:
        raise AssertionError(f"asked for {uri}")


@pytest.fixture
async def edge() -> AsyncIterator[SipEndpoint]:
    endpoint = SipEndpoint(timers=FAST, resolver=NeverAsked(), flows_only=True)
    yield endpoint
    await endpoint.aclose()


@pytest.fixture
async def inside() -> AsyncIterator[tuple[int, list[str]]]:
    """A host only we can reach: TCP and UDP on one port, and what came there."""
    came: list[str] = []

    def accepted(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        came.append("TCP")
        writer.close()

    class Datagrams(asyncio.DatagramProtocol):
        def datagram_received(self, data: bytes, address: object) -> None:
            came.append("UDP")

    server = await asyncio.start_server(accepted, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
        Datagrams, ("127.0.0.1", port)
    )
    yield port, came
    transport.close()
    server.close()
    await server.wait_closed()


PLACES = ("sip:x@127.0.0.1:{}", "sip:x@127.0.0.1:{};transport=tcp", "sip:x@inside.example:{}")


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("method", ["INVITE", "BYE", "UPDATE"])
async def test_a_request_without_flow_is_a_local_503(
    edge: SipEndpoint, inside: tuple[int, list[str]], method: str, place: str
) -> None:
    port, came = inside
    response = await edge.send(make(method, place.format(port)))
    assert (response.status, response.local) == (503, True)
    await edge.drained()
    assert edge.idle and not list(edge.manager.flows) and came == []


@pytest.mark.parametrize("place", PLACES)
async def test_an_ack_without_flow_is_dropped(
    edge: SipEndpoint, inside: tuple[int, list[str]], place: str
) -> None:
    port, came = inside
    edge.send_ack(make("ACK", place.format(port)))
    assert edge.idle and not list(edge.manager.flows) and came == []


async def test_an_answer_whose_connection_is_gone_is_dropped(
    edge: SipEndpoint, inside: tuple[int, list[str]]
) -> None:
    port, came = inside
    waiting: asyncio.Future[ServerTransaction] = asyncio.get_running_loop().create_future()
    edge.on_request = lambda txn, request, flow: waiting.set_result(txn)
    gone: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    edge.on_flow_closed = lambda flow, reason: gone.set_result(reason)
    listener = await edge.listen("TCP", "127.0.0.1", 0)
    request = make("INVITE", "sip:x@127.0.0.1")
    request.headers.prepend("Via", f"SIP/2.0/TCP 127.0.0.1:{port};branch=z9hG4bKhome")
    _, writer = await asyncio.open_connection("127.0.0.1", listener.port)
    writer.write(request.to_bytes())
    async with asyncio.timeout(5):
        txn = await waiting
    writer.close()
    async with asyncio.timeout(5):
        await gone
    txn.reply(486)
    async with asyncio.timeout(5):
        await edge.drained()
    assert edge.idle and not list(edge.manager.flows) and came == []


@pytest.mark.parametrize("action", ["hang up", "offer", "info"])
async def test_a_call_whose_connection_is_gone_reaches_out_to_nobody(
    edge: SipEndpoint, action: str
) -> None:
    async with AsyncExitStack() as stack:
        alice, _ = await stack.enter_async_context(user_agent("TCP", timers=FAST))
        opened: list[Flow] = []
        alice.endpoint.on_flow_opened = opened.append
        listener = await edge.listen("TCP", "127.0.0.1", 0)
        bob = UserAgent(edge)
        callee, caller = Callee(bob), Recorder()
        gone = asyncio.Event()
        bob.on_flow_closed = lambda flow, reason: gone.set()
        alice.invite(
            target=f"sip:bob@127.0.0.1:{listener.port};transport=tcp",
            from_="sip:alice@a.test",
            sdp=OFFER,
            listener=caller,
        )
        incoming = await callee.call()
        incoming.accept(ANSWER)
        await callee.seen("established")
        for flow in alice.endpoint.manager.flows:
            assert isinstance(flow, StreamFlow)
            flow.close("gone")
        async with asyncio.timeout(5):
            await gone.wait()
        steps: dict[str, Callable[[], object]] = {
            "hang up": incoming.hang_up,
            "offer": lambda: incoming.offer(ANSWER.replace(b"1 1 IN", b"1 2 IN")),
        }
        if action == "info":
            assert (await incoming.request("INFO")).status == 503
        else:
            steps[action]()
        if action == "offer":
            assert (await callee.seen("offer result"))[1] == 503
        assert opened == [] and not list(edge.manager.flows)
        incoming.hang_up()
        async with asyncio.timeout(5):
            await bob.idle()
        assert opened == []
