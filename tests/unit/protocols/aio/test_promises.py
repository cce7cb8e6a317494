"""What a user agent promises in Allow and Supported is what it does, and no more."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack

import pytest

from protocols.aio.call import IncomingCall
from protocols.aio.useragent import CALL_ALLOW, CALL_SUPPORTED
from protocols.sip.txn.timers import Timers
from tests.support.sip_calls import ANSWER, OFFER, Callee, Recorder, user_agent

QUICK = Timers(t1=0.05, t2=0.2, t4=0.05, d=0.05)


@pytest.mark.parametrize(("require", "status"), [(False, 481), (True, 420)])
async def test_without_replaces_nobody_takes_a_call_over(require: bool, status: int) -> None:
    # RFC 3891 section 3, RFC 3261 section 8.2.2.3
    async with AsyncExitStack() as stack:
        alice, _ = await stack.enter_async_context(user_agent(timers=QUICK))
        bob, at = await stack.enter_async_context(
            user_agent(timers=QUICK, allow=CALL_ALLOW, supported=CALL_SUPPORTED)
        )
        callee, caller, thief = Callee(bob), Recorder(), Recorder()
        call = alice.invite(
            target=f"sip:bob@{at}", from_="sip:alice@a.test", sdp=OFFER, listener=caller
        )
        (await callee.call()).accept(ANSWER)
        await callee.seen("established")
        dialog = call.dialog
        assert dialog is not None
        value = f"{dialog.call_id};to-tag={dialog.remote_tag};from-tag={dialog.local_tag}"
        headers = [("Replaces", value), *([("Require", "replaces")] if require else [])]
        alice.invite(
            target=f"sip:bob@{at}",
            from_="sip:thief@a.test",
            sdp=OFFER,
            headers=headers,
            listener=thief,
        )
        assert (await thief.seen("failure"))[1] == status
        assert len(callee.calls) == 1 and call.state == "confirmed"
        call.hang_up()
        await callee.seen("end")


@pytest.mark.parametrize("method", ["REFER", "NOTIFY", "MESSAGE", "INFO"])
async def test_a_method_that_was_not_promised_gets_405(method: str) -> None:
    async with AsyncExitStack() as stack:
        alice, _ = await stack.enter_async_context(user_agent(timers=QUICK))
        bob, at = await stack.enter_async_context(
            user_agent(timers=QUICK, allow=CALL_ALLOW, supported=CALL_SUPPORTED)
        )
        callee, caller = Callee(bob), Recorder()
        call = alice.invite(
            target=f"sip:bob@{at}", from_="sip:alice@a.test", sdp=OFFER, listener=caller
        )
        (await callee.call()).accept(ANSWER)
        await callee.seen("established")
        assert call.peer_allow == frozenset(CALL_ALLOW)
        response = await call.request(method, headers=[("Refer-To", "<sip:x@y>"), ("Event", "x")])
        assert (response.status, response.headers.get("Allow")) == (405, ", ".join(CALL_ALLOW))
        assert "request" not in callee.names()
        call.hang_up()
        await callee.seen("end")


@pytest.mark.parametrize("took", ["nothing", "listener", "answered"])
async def test_an_owner_that_fails_at_an_invite_leaves_no_call(took: str) -> None:
    async with AsyncExitStack() as stack:
        alice, _ = await stack.enter_async_context(user_agent(timers=QUICK))
        bob, at = await stack.enter_async_context(user_agent(timers=QUICK))
        caller, listener = Recorder(), Recorder()

        def broken(call: IncomingCall) -> None:
            if took != "nothing":
                call.take(listener)
            if took == "answered":
                call.accept(ANSWER)
            raise RuntimeError("a fault of the owner")

        bob.on_invite = broken
        alice.invite(target=f"sip:bob@{at}", from_="sip:alice@a.test", sdp=OFFER, listener=caller)
        if took == "answered":
            assert (await caller.seen("end"))[1] == "bye"
        else:
            assert (await caller.seen("failure"))[1] == 500
        async with asyncio.timeout(5):
            await bob.idle()
        assert bob.calls == []
