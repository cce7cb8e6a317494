"""What arrives is handled in order, once; callbacks may answer and ask while being called."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from protocols.aio.endpoint import ServerTransaction, SipEndpoint
from protocols.aio.flow import Address, Flow
from protocols.sip.message import Request
from protocols.testkit import Faults, MemoryNetwork, ScriptedUA, run_simulated
from tests.support.sip_requests import FAST, Responses, make


def simulated(script: Callable[[SipEndpoint, ScriptedUA], object]) -> None:
    """One endpoint at 10.0.0.1 and a scripted peer at 10.0.0.2, in simulated time."""

    async def run() -> None:
        loop = asyncio.get_running_loop()
        network = MemoryNetwork(loop, 1, Faults(jitter=0))
        endpoint = SipEndpoint(
            open_udp=network.opener("10.0.0.1"), source_of=lambda peer: "10.0.0.1"
        )
        await endpoint.listen("UDP", "10.0.0.1", 5060)
        peer = ScriptedUA("10.0.0.2", 5060, open_udp=network.opener("10.0.0.2"))
        peer.peer = Address("10.0.0.1", 5060)
        await script(endpoint, peer)  # type: ignore[misc]
        await endpoint.aclose()

    run_simulated(run())


async def test_a_burst_on_a_stream_is_handled_in_order() -> None:
    seen: list[int] = []
    done = asyncio.Event()

    def on_request(txn: ServerTransaction, request: Request, flow: Flow) -> None:
        seen.append(request.cseq.number)
        txn.reply(200)
        if len(seen) == 600:
            done.set()

    server, client = SipEndpoint(timers=FAST), SipEndpoint(timers=FAST)
    server.on_request = on_request
    listener = await server.listen("TCP", "127.0.0.1", 0)
    flow = await client.connect("TCP", "127.0.0.1", listener.port)
    methods = ("INFO", "MESSAGE", "INVITE")
    for number in range(1, 601):
        request = make(methods[number % 3], "sip:x@y", cseq=number)
        client.request(request, flow=flow, on_response=lambda response, flow: None)
    async with asyncio.timeout(10):
        await done.wait()
    assert seen == list(range(1, 601))
    await client.aclose()
    await server.aclose()


def test_a_request_sent_again_reaches_the_user_once_and_gets_the_same_answer() -> None:
    async def script(endpoint: SipEndpoint, peer: ScriptedUA) -> None:
        requests: list[Request] = []

        def on_request(txn: ServerTransaction, request: Request, flow: Flow) -> None:
            requests.append(request)
            txn.reply(200)

        endpoint.on_request = on_request
        request = peer.request("MESSAGE", "sip:x@10.0.0.1")
        answers = []
        for _ in range(3):
            peer.send(request)
            answers.append((await peer.expect_status(200)).to_bytes())
        assert len(set(answers)) == 1
        assert len(requests) == 1
        await asyncio.sleep(33)  # Timer J: now it is a new request
        peer.send(request)
        await peer.expect_status(200)
        assert len(requests) == 2

    simulated(script)


def test_an_invite_sent_again_gets_the_latest_provisional() -> None:
    async def script(endpoint: SipEndpoint, peer: ScriptedUA) -> None:
        waiting: list[ServerTransaction] = []
        endpoint.on_request = lambda txn, request, flow: waiting.append(txn)
        invite = peer.request("INVITE", "sip:x@10.0.0.1")
        peer.send(invite)
        await peer.expect_status(100)
        [txn] = waiting
        txn.reply(183)
        await peer.expect_status(183)
        peer.send(invite)
        await peer.expect_status(183)
        txn.reply(200)
        await peer.expect_status(200)
        peer.send(invite)  # RFC 6026: absorbed, the user re-sends the 200 by itself
        await asyncio.sleep(1)
        assert peer.waiting == 0
        assert len(waiting) == 1

    simulated(script)


def test_a_failure_is_sent_until_the_ack_and_the_user_hears_if_none_comes() -> None:
    async def script(endpoint: SipEndpoint, peer: ScriptedUA) -> None:
        failures: list[str] = []

        def on_request(txn: ServerTransaction, request: Request, flow: Flow) -> None:
            txn.on_failed_hook = failures.append
            txn.reply(486)

        endpoint.on_request = on_request
        peer.send(peer.request("INVITE", "sip:x@10.0.0.1"))
        await asyncio.sleep(31.9)
        # RFC 3261 17.2.1: at 0, 0.5, 1.5, 3.5 and every 4 s until 64*T1
        assert peer.waiting == 11
        assert failures == []
        await asyncio.sleep(0.2)
        assert failures == ["timeout"]
        assert endpoint.idle

    simulated(script)


@pytest.mark.parametrize("status", [200, 486])
def test_ack_in_the_same_instant_as_a_duplicate_final(status: int) -> None:
    async def script(endpoint: SipEndpoint, peer: ScriptedUA) -> None:
        responses = Responses()
        txn = endpoint.request(make("INVITE", "sip:x@10.0.0.2"), on_response=responses)
        invite = await peer.expect("INVITE")
        peer.respond(invite, status)
        peer.respond(invite, status)
        assert (await responses.next()).status == status
        if status == 200:
            assert (await responses.next()).status == 200  # every copy asks for its ACK
            ack = make("ACK", "sip:x@10.0.0.2", to_tag="t")
            endpoint.send_ack(ack, txn.flow)
            endpoint.send_ack(ack, txn.flow)
        first, second = await peer.expect("ACK"), await peer.expect("ACK")
        assert first.to_bytes() == second.to_bytes()
        await asyncio.sleep(1)
        assert responses.queue.empty()

    simulated(script)


def test_callbacks_may_send_and_cancel_from_within() -> None:
    async def script(endpoint: SipEndpoint, peer: ScriptedUA) -> None:
        log: list[str] = []

        def on_response(response, flow) -> None:  # type: ignore[no-untyped-def]
            log.append(f"invite {response.status}")
            if response.status == 180:
                txn.cancel([("Reason", "SIP;cause=200")])
                endpoint.request(
                    make("OPTIONS", "sip:x@10.0.0.2"),
                    on_response=lambda r, f: log.append(f"options {r.status}"),
                )

        txn = endpoint.request(make("INVITE", "sip:x@10.0.0.2"), on_response=on_response)
        invite = await peer.expect("INVITE")
        peer.respond(invite, 180)
        cancel = await peer.expect("CANCEL")
        assert cancel.headers.get("Reason") == "SIP;cause=200"
        assert cancel.via.branch == invite.via.branch
        options = await peer.expect("OPTIONS")
        peer.respond(cancel, 200)
        peer.respond(invite, 487)
        peer.respond(options, 200)
        await peer.expect("ACK")
        await asyncio.sleep(1)
        assert log == ["invite 180", "invite 487", "options 200"]

    simulated(script)


def test_cancel_crossing_a_200_leaves_the_call_to_the_user() -> None:
    # RFC 3261 9.1: the 200 was under way already
    async def script(endpoint: SipEndpoint, peer: ScriptedUA) -> None:
        responses = Responses()
        txn = endpoint.request(make("INVITE", "sip:x@10.0.0.2"), on_response=responses)
        invite = await peer.expect("INVITE")
        peer.respond(invite, 180)
        assert (await responses.next()).status == 180
        peer.respond(invite, 200)
        txn.cancel()
        cancel = await peer.expect("CANCEL")
        peer.respond(cancel, 481)
        assert (await responses.next()).status == 200
        await asyncio.sleep(100)
        assert responses.queue.empty()
        assert endpoint.idle

    simulated(script)


@pytest.mark.parametrize("method", ["INVITE", "INFO"])
def test_request_that_cannot_be_answered_leaves_nothing(method: str) -> None:
    # a NUL in a header that every response would have to repeat
    async def script(endpoint: SipEndpoint, peer: ScriptedUA) -> None:
        endpoint.on_request = lambda txn, request, flow: txn.reply(200)
        request = peer.request(method, "sip:x@10.0.0.1").to_bytes()
        peer.send(request.replace(b"scripted@example.com>", b"scri\0pted@example.com>"))
        await asyncio.sleep(100)
        assert endpoint.idle

    simulated(script)


def test_cancel_before_any_answer_waits_for_one() -> None:
    # RFC 3261 9.1: no CANCEL before a provisional response
    async def script(endpoint: SipEndpoint, peer: ScriptedUA) -> None:
        responses = Responses()
        txn = endpoint.request(make("INVITE", "sip:x@10.0.0.2"), on_response=responses)
        txn.cancel()
        invite = await peer.expect("INVITE")
        assert (await peer.expect("INVITE")).to_bytes() == invite.to_bytes()
        peer.respond(invite, 100)
        await peer.expect("CANCEL")
        await asyncio.sleep(40)  # 9.1: 64*T1 later the client gives up on its own
        while (response := await responses.next()).status < 200:
            pass
        assert (response.status, response.local) == (487, True)

    simulated(script)
