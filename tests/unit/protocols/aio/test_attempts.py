"""Attempts that fail on our side, or are given up between two targets."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from protocols.aio.endpoint import ServerTransaction, SipEndpoint
from protocols.aio.flow import Flow
from protocols.aio.resolver import Target
from protocols.sip.errors import LocalError
from protocols.sip.message import Request
from protocols.sip.txn.timers import Timers
from protocols.sip.uri import SipUri
from protocols.testkit import ScriptedUA
from tests.support.sip_requests import FAST, Responses, make


class Slow:
    """A resolver whose answer comes when the test says so."""

    def __init__(self, targets: Sequence[Target]) -> None:
        self.targets = targets
        self.asked = asyncio.Event()
        self.go = asyncio.Event()

    async def resolve(self, uri: SipUri) -> Sequence[Target]:
        self.asked.set()
        await self.go.wait()
        return self.targets


async def test_cancel_while_the_name_is_looked_up() -> None:
    peer = ScriptedUA()
    resolver = Slow([Target("UDP", *peer.local, "x")])
    client = SipEndpoint(timers=FAST, resolver=resolver)
    responses = Responses()
    txn = client.request(make("INVITE", "sip:x@pbx.example"), on_response=responses)
    async with asyncio.timeout(5):
        await resolver.asked.wait()
    txn.cancel()
    response = await responses.next()
    assert (response.status, response.local) == (487, True)
    resolver.go.set()
    client.request(make("OPTIONS", f"sip:{peer.local}"), on_response=responses)
    await peer.expect("OPTIONS")  # and no INVITE before it
    await client.aclose()
    peer.close()


async def test_cancel_between_two_targets_sends_no_second_invite() -> None:
    peer = ScriptedUA()
    accepted: list[bytes] = []

    async def deaf(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        accepted.append(await reader.read())
        writer.close()

    second = await asyncio.start_server(deaf, "127.0.0.1", 0)
    resolver = Slow(
        [
            Target("UDP", *peer.local, "x"),
            Target("TCP", *second.sockets[0].getsockname()[:2], "x"),
        ]
    )
    resolver.go.set()
    client = SipEndpoint(timers=Timers(), resolver=resolver)
    responses = Responses()
    txn = client.request(make("INVITE", "sip:x@pbx.example"), on_response=responses)
    invite = await peer.expect("INVITE")
    client.on_trace = lambda record: (
        txn.cancel() if record["data"].startswith(b"SIP/2.0 503") else None
    )
    peer.respond(invite, 503)
    # The trace hook runs before the response is handled: the wish is noted on a live attempt,
    # so the 503 is the end and no second target is tried.
    assert (await responses.next()).status == 503
    await client.aclose()
    second.close()
    await second.wait_closed()
    assert accepted in ([], [b""])
    peer.close()


async def test_cancel_while_the_second_target_is_dialled() -> None:
    peer = ScriptedUA()
    client = SipEndpoint(timers=Timers())
    client._resolver = Slow([Target("UDP", *peer.local, "x"), Target("TCP", "127.0.0.1", 9, "x")])
    client._resolver.go.set()
    dialled, release = asyncio.Event(), asyncio.Event()

    async def flow_to(target: Target) -> Flow:
        dialled.set()
        await release.wait()
        return client.manager.existing(Target("UDP", *peer.local, "x"))

    client.manager.flow_to = flow_to  # type: ignore[assignment,method-assign]
    responses = Responses()
    txn = client.request(make("INVITE", "sip:x@pbx.example"), on_response=responses)
    peer.respond(await peer.expect("INVITE"), 503)
    await peer.expect("ACK")
    async with asyncio.timeout(5):
        await dialled.wait()
    txn.cancel()
    response = await responses.next()
    assert (response.status, response.local) == (487, True)
    release.set()
    client.request(make("OPTIONS", f"sip:{peer.local}"), on_response=responses)
    await peer.expect("OPTIONS")  # and no INVITE before it
    await client.aclose()
    peer.close()


async def test_prepare_that_raises_is_a_local_503() -> None:
    peer = ScriptedUA()
    client = SipEndpoint(timers=FAST)

    def prepare(request: Request, flow: Flow) -> None:
        raise RuntimeError("a bug")

    responses = Responses()
    request = make("OPTIONS", f"sip:{peer.local}")
    client.request(request, on_response=responses, prepare=prepare)
    response = await responses.next()
    assert (response.status, response.local) == (503, True)
    assert client.counters["internal errors"] == 1
    assert client.idle
    await client.aclose()
    peer.close()


async def test_a_request_that_cannot_be_written_is_the_callers_fault() -> None:
    client = SipEndpoint(timers=FAST)
    request = make("OPTIONS", "sip:x@127.0.0.1")
    request.headers.add("Subject", "two\r\nlines: injected")
    with pytest.raises(LocalError):
        client.request(request, on_response=Responses())
    assert client.idle
    await client.aclose()


async def test_a_response_that_cannot_be_written_becomes_a_500() -> None:
    server, client = SipEndpoint(timers=FAST), SipEndpoint(timers=FAST)

    def on_request(txn: ServerTransaction, request: Request, flow: Flow) -> None:
        txn.reply(200, headers=[("X-Name", "two\r\nlines: injected")])

    server.on_request = on_request
    listener = await server.listen("UDP", "127.0.0.1", 0)
    response = await client.send(make("OPTIONS", f"sip:x@127.0.0.1:{listener.port}"))
    assert response.status == 500
    await client.aclose()
    await server.aclose()


async def test_ack_to_a_name_and_over_a_lost_flow() -> None:
    peer = ScriptedUA()
    resolver = Slow([Target("TCP", "127.0.0.1", 9, "x"), Target("UDP", *peer.local, "x")])
    resolver.go.set()
    client = SipEndpoint(timers=FAST, resolver=resolver)
    client.send_ack(make("ACK", "sip:x@pbx.example"))
    first = await peer.expect("ACK")  # the refused first target did not stop it
    lost = await client.connect("UDP", *peer.local)
    lost.close("lost")
    client.send_ack(make("ACK", f"sip:x@{peer.local}"), lost)
    second = await peer.expect("ACK")
    assert first.via.branch != second.via.branch
    client.send_ack(make("ACK", "tel:+49"))  # nowhere to go: no exception, no trace
    assert client.idle
    await client.aclose()
    peer.close()


async def test_closing_ends_everything_that_is_under_way() -> None:
    peer = ScriptedUA()
    resolver = Slow([])
    client = SipEndpoint(timers=Timers(), resolver=resolver)
    looking, waiting = Responses(), Responses()
    client.request(make("OPTIONS", "sip:x@pbx.example"), on_response=looking)
    client.request(make("OPTIONS", f"sip:{peer.local}"), on_response=waiting)
    await peer.expect("OPTIONS")
    await client.aclose()
    response = await waiting.next()
    assert (response.status, response.local) == (503, True)
    assert client.idle
    late = Responses()
    client.request(make("OPTIONS", f"sip:{peer.local}"), on_response=late)
    assert (await late.next()).local
    peer.close()
