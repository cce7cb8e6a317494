"""A connection that breaks at any step of a call: both sides come to an end, nothing is left."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack

import pytest

from protocols.aio.tcp import StreamFlow
from protocols.aio.useragent import UserAgent
from protocols.sip.txn.timers import Timers
from tests.support.sip_calls import ANSWER, OFFER, Callee, Recorder, user_agent

QUICK = Timers(t1=0.02, t2=0.08, t4=0.05, trying=0.02, d=0.05)
STEPS = ("invited", "ringing", "answered", "established", "offered", "hanging up")


def cut(ua: UserAgent) -> None:
    """As a cable does: no FIN, no goodbye of TLS, just gone."""
    for flow in ua.endpoint.manager.flows:
        assert isinstance(flow, StreamFlow)
        assert flow._wire is not None
        flow._wire.abort()


@pytest.mark.parametrize("side", ["caller", "callee"])
@pytest.mark.parametrize("step", STEPS)
async def test_connection_breaks(step: str, side: str) -> None:
    async with AsyncExitStack() as stack:
        alice, _ = await stack.enter_async_context(user_agent("TCP", timers=QUICK))
        bob, at = await stack.enter_async_context(user_agent("TCP", timers=QUICK))
        callee, caller = Callee(bob), Recorder()
        cutter = alice if side == "caller" else bob
        call = alice.invite(
            target=f"sip:bob@{at}", from_="sip:alice@a.test", sdp=OFFER, listener=caller
        )
        incoming = await callee.call()
        for reached in STEPS:
            match reached:
                case "ringing":
                    incoming.ring()
                    await caller.seen("progress")
                case "answered":
                    incoming.accept(ANSWER)
                case "established":
                    await callee.seen("established")
                case "offered":
                    incoming.offer(ANSWER.replace(b"1 1 IN", b"1 2 IN"))
                case "hanging up":
                    call.hang_up()
            if reached == step:
                cut(cutter)
                break
        # An established call outlives its connection (the next request opens another), so
        # somebody hangs up; all else ends by itself.
        async with asyncio.timeout(10):
            if step in ("invited", "ringing"):
                await caller.seen("end")
                await callee.seen("end")
            else:
                await caller.seen("answer") if step == "established" else None
                for leg in (call, incoming):
                    if leg.state != "terminated":
                        leg.hang_up()
            for agent in (alice, bob):
                await agent.idle()
            if step in ("invited", "ringing"):
                # nobody waits for an answer any more, so none may be owed
                await alice.endpoint.drained()
                await bob.endpoint.drained()
        for listener in (caller, callee):
            assert listener.names().count("end") == 1
            assert listener.names()[-1] == "end"
        assert alice.calls == bob.calls == []


async def test_established_call_goes_on_over_a_new_connection() -> None:
    async with AsyncExitStack() as stack:
        alice, _ = await stack.enter_async_context(user_agent("TCP", timers=QUICK))
        bob, at = await stack.enter_async_context(user_agent("TCP", timers=QUICK))
        callee, caller = Callee(bob), Recorder()
        call = alice.invite(
            target=f"sip:bob@{at}", from_="sip:alice@a.test", sdp=OFFER, listener=caller
        )
        incoming = await callee.call()
        incoming.accept(ANSWER)
        await callee.seen("established")
        gone = asyncio.get_running_loop().create_future()
        bob.on_flow_closed = lambda flow, reason: gone.set_result(reason)
        cut(alice)
        async with asyncio.timeout(5):
            await gone
        incoming.hang_up()  # finds the caller by its Contact
        assert (await caller.seen("end"))[1] == "bye"
        assert call.state == "terminated"
        async with asyncio.timeout(10):
            await alice.idle()
            await bob.idle()
