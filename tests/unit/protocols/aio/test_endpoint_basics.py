"""Two endpoints over real loopback sockets: requests, INVITE, CANCEL, ACK on each transport."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest

from protocols.aio.endpoint import ServerTransaction, SipEndpoint
from protocols.aio.flow import Flow
from protocols.sip.message import Request
from protocols.sip.txn.timers import Timers
from tests.support.sip_requests import FAST, Responses, make


@dataclass
class Pair:
    """`server` listens on the transport under test; `uri` leads to it."""

    client: SipEndpoint
    server: SipEndpoint
    uri: str
    requests: list[tuple[ServerTransaction, Request, Flow]] = field(default_factory=list)


@pytest.fixture(params=["UDP", "TCP"])
async def pair(request: pytest.FixtureRequest) -> AsyncIterator[Pair]:
    client, server = SipEndpoint(timers=FAST), SipEndpoint(timers=FAST)
    listener = await server.listen(request.param, "127.0.0.1", 0)
    await client.listen(request.param, "127.0.0.1", 0)
    uri = f"sip:bob@127.0.0.1:{listener.port};transport={request.param.lower()}"
    yield Pair(client, server, uri)
    await client.aclose()
    await server.aclose()
    assert client.idle
    assert len(server.scope) == 0


async def test_request_gets_its_response(pair: Pair) -> None:
    pair.server.on_request = lambda txn, request, flow: txn.reply(200, "Fine")
    response = await pair.client.send(make("OPTIONS", pair.uri))
    assert (response.status, response.reason, response.local) == (200, "Fine", False)
    assert response.via.received == "127.0.0.1"
    assert response.to_tag


async def test_invite_rings_is_answered_and_acknowledged(pair: Pair) -> None:
    acked: asyncio.Future[Request] = asyncio.get_running_loop().create_future()

    def on_request(txn: ServerTransaction, request: Request, flow: Flow) -> None:
        txn.reply(180)
        txn.reply(200)

    pair.server.on_request = on_request
    pair.server.on_ack = lambda ack, flow: acked.set_result(ack)
    responses = Responses()
    txn = pair.client.request(make("INVITE", pair.uri), on_response=responses)
    assert (await responses.next()).status == 180
    answer = await responses.next()
    assert answer.status == 200
    ack = make("ACK", pair.uri, to_tag=answer.to_tag)
    pair.client.send_ack(ack, txn.flow)
    async with asyncio.timeout(5):
        assert (await acked).method == "ACK"


async def test_failure_is_acknowledged_by_the_transaction(pair: Pair) -> None:
    pair.server.on_request = lambda txn, request, flow: txn.reply(486)
    strays: list[Request] = []
    pair.server.on_ack = lambda ack, flow: strays.append(ack)
    responses = Responses()
    pair.client.request(make("INVITE", pair.uri), on_response=responses)
    assert (await responses.next()).status == 486
    async with asyncio.timeout(5):
        await pair.server.drained()
    assert strays == []


async def test_cancel_waits_for_a_provisional_and_ends_in_487(pair: Pair) -> None:
    waiting: asyncio.Future[ServerTransaction] = asyncio.get_running_loop().create_future()
    pair.server.on_request = lambda txn, request, flow: waiting.set_result(txn)
    reasons: list[str | None] = []

    def on_cancel(txn: ServerTransaction, cancel: Request) -> None:
        reasons.append(cancel.headers.get("Reason"))
        txn.reply(487)

    pair.server.on_cancel = on_cancel
    responses = Responses()
    txn = pair.client.request(make("INVITE", pair.uri), on_response=responses)
    async with asyncio.timeout(5):
        await waiting
    txn.cancel([("Reason", "SIP;cause=200")])
    assert (await responses.next()).status == 100  # by the timer: the user said nothing
    assert (await responses.next()).status == 487
    assert reasons == ["SIP;cause=200"]


async def test_refused_connection_is_a_local_503() -> None:
    client = SipEndpoint(timers=FAST)
    closed = await client.listen("TCP", "127.0.0.1", 0)
    closed.close()
    response = await client.send(make("OPTIONS", f"sip:x@127.0.0.1:{closed.port};transport=tcp"))
    assert (response.status, response.local) == (503, True)
    await client.aclose()


async def test_silence_is_a_local_408() -> None:
    client, server = SipEndpoint(timers=Timers(t1=0.002)), SipEndpoint()
    listener = await server.listen("UDP", "127.0.0.1", 0)
    server.on_request = lambda txn, request, flow: None
    response = await client.send(make("OPTIONS", f"sip:x@127.0.0.1:{listener.port}"))
    assert (response.status, response.local) == (408, True)
    await client.aclose()
    await server.aclose()


async def test_handler_that_raises_costs_a_500(pair: Pair) -> None:
    def on_request(txn: ServerTransaction, request: Request, flow: Flow) -> None:
        if request.method == "INFO":
            raise RuntimeError("a bug")
        txn.reply(200)

    pair.server.on_request = on_request
    assert (await pair.client.send(make("INFO", pair.uri))).status == 500
    assert (await pair.client.send(make("OPTIONS", pair.uri))).status == 200
