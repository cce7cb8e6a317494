"""Two user agents over real sockets on loopback: the basic life of a call."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import NamedTuple

import pytest

from protocols.aio.call import Call
from protocols.aio.tls import client_context, server_context
from protocols.aio.useragent import UserAgent
from protocols.sip.auth.credentials import DigestCredentials
from protocols.sip.auth.digest_server import DigestServer, Refused
from protocols.sip.errors import LocalError
from protocols.sip.txn.timers import Timers
from tests.support.pki import TestCa
from tests.support.sip_calls import ANSWER, OFFER, Callee, Recorder, user_agent

QUICK = Timers(t1=0.05, t2=0.2, t4=0.2)


class Pair(NamedTuple):
    alice: UserAgent
    bob: UserAgent
    bob_at: str
    callee: Callee

    def dial(self, **options: object) -> tuple[Call, Recorder]:
        caller = Recorder()
        arguments: dict[str, object] = {
            "target": f"sip:bob@{self.bob_at}",
            "from_": '"Alice A" <sip:alice@example.test>',
            "sdp": OFFER,
            "listener": caller,
        }
        return self.alice.invite(**(arguments | options)), caller  # type: ignore[arg-type]


@pytest.fixture(params=["UDP", "TCP", "TLS"])
async def pair(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Pair]:
    server = client = None
    if request.param == "TLS":
        ca = TestCa(tmp_path_factory.mktemp("pki"))
        server = server_context(*ca.issue("loopback", addresses=["127.0.0.1"]))
        client = client_context(ca.ca_file)
    async with AsyncExitStack() as stack:
        alice, _ = await stack.enter_async_context(
            user_agent(request.param, server=server, client=client, timers=QUICK)
        )
        bob, bob_at = await stack.enter_async_context(
            user_agent(request.param, server=server, client=client, timers=QUICK)
        )
        yield Pair(alice, bob, bob_at, Callee(bob))
        assert alice.calls == []
        assert bob.calls == []


async def test_call_ring_answer_and_hang_up_by_the_caller(pair: Pair) -> None:
    call, caller = pair.dial()
    incoming = await pair.callee.call()
    assert incoming.remote_sdp == OFFER
    assert incoming.invite.from_.display == "Alice A"
    incoming.ring()
    assert (await caller.seen("progress"))[1:] == (180, None)
    incoming.accept(ANSWER)
    assert (await caller.seen("answer"))[1:] == (200, ANSWER)
    await pair.callee.seen("established")
    assert (call.state, incoming.state) == ("confirmed", "confirmed")
    assert (call.local_sdp, call.remote_sdp) == (OFFER, ANSWER)
    call.hang_up()
    assert (await caller.seen("end"))[1] == "local"
    assert (await pair.callee.seen("end"))[1] == "bye"
    await _gone(pair)


async def test_hang_up_by_the_callee_carries_its_reason(pair: Pair) -> None:
    _, caller = pair.dial()
    incoming = await pair.callee.call()
    incoming.accept(ANSWER)
    await pair.callee.seen("established")
    incoming.hang_up(headers=[("Reason", 'Q.850;cause=16;text="Normal call clearing"')])
    _, cause, bye = await caller.seen("end")
    assert cause == "bye"
    assert bye.headers.get("Reason") == 'Q.850;cause=16;text="Normal call clearing"'
    await _gone(pair)


async def test_cancel_while_ringing(pair: Pair) -> None:
    call, caller = pair.dial()
    incoming = await pair.callee.call()
    incoming.ring()
    await caller.seen("progress")
    call.hang_up(headers=[("Reason", 'SIP;cause=200;text="Call completed elsewhere"')])
    assert (await caller.seen("end"))[1] == "local"
    _, cause, cancel = await pair.callee.seen("end")
    assert cause == "cancel"
    assert "cause=200" in cancel.headers.get("Reason")
    assert caller.names() == ["progress", "end"]
    await _gone(pair)


async def test_hang_up_before_the_first_response(pair: Pair) -> None:
    call, caller = pair.dial()
    call.hang_up()
    assert (await caller.seen("end"))[1] == "local"
    await _gone(pair)


async def test_reject(pair: Pair) -> None:
    _, caller = pair.dial()
    (await pair.callee.call()).reject(486, headers=[("Warning", '399 pbx "in a meeting"')])
    _, status, response = await caller.seen("failure")
    assert status == 486
    assert "in a meeting" in response.headers.get("Warning")
    assert (await caller.seen("end"))[1] == "failure"
    assert (await pair.callee.seen("end"))[1] == "rejected"
    await _gone(pair)


async def test_callee_hangs_up_while_ringing(pair: Pair) -> None:
    _, caller = pair.dial()
    incoming = await pair.callee.call()
    incoming.ring()
    incoming.hang_up()
    assert (await caller.seen("failure"))[1] == 480
    await _gone(pair)


async def test_delayed_offer_is_answered_in_the_ack(pair: Pair) -> None:
    call, caller = pair.dial(sdp=None)
    incoming = await pair.callee.call()
    assert incoming.remote_sdp is None
    incoming.accept(OFFER)
    assert (await caller.seen("answer"))[2] == OFFER
    call.acknowledge(ANSWER)
    await pair.callee.seen("established")
    assert incoming.remote_sdp == ANSWER
    incoming.hang_up()
    await caller.seen("end")
    await _gone(pair)


async def test_hold_and_retrieve_by_reinvite_from_both_sides(pair: Pair) -> None:
    call, caller = pair.dial()
    incoming = await pair.callee.call()
    incoming.accept(ANSWER)
    await pair.callee.seen("established")
    held = OFFER + b"a=sendonly\r\n"
    call.offer(held)
    assert (await pair.callee.seen("offer"))[1] == held
    incoming.answer(ANSWER + b"a=recvonly\r\n")
    assert (await caller.seen("offer result"))[1:] == (200, ANSWER + b"a=recvonly\r\n")
    incoming.offer(ANSWER)
    assert (await caller.seen("offer"))[1] == ANSWER
    call.refuse_offer(488)
    assert (await pair.callee.seen("offer result"))[1:] == (488, None)
    assert incoming.local_sdp == ANSWER + b"a=recvonly\r\n"
    call.hang_up()
    await pair.callee.seen("end")
    await _gone(pair)


async def test_early_media_is_reliable_and_acknowledged(pair: Pair) -> None:
    _, caller = pair.dial()
    incoming = await pair.callee.call()
    incoming.ring(183, sdp=ANSWER)
    incoming.accept()  # held back until the PRACK (RFC 3262 section 3)
    assert (await caller.seen("progress"))[1:] == (183, ANSWER)
    assert (await caller.seen("answer"))[2] is None
    await pair.callee.seen("established")
    incoming.hang_up()
    await caller.seen("end")
    await _gone(pair)


async def test_requests_inside_the_dialog(pair: Pair) -> None:
    call, _ = pair.dial()
    incoming = await pair.callee.call()
    incoming.accept(ANSWER)
    await pair.callee.seen("established")
    response = await call.request(
        "INFO", content_type="application/dtmf-relay", body=b"Signal=5\r\nDuration=160\r\n"
    )
    assert response.status == 200
    ctx = (await pair.callee.seen("request"))[1]
    assert ctx.request.body.startswith(b"Signal=5")
    assert (await incoming.request("OPTIONS")).headers.get("Allow") is not None
    call.hang_up()
    await pair.callee.seen("end")
    assert (await call.request("INFO")).status == 481
    await _gone(pair)


async def test_in_a_call_that_the_peer_began_challenges_are_answered_too(pair: Pair) -> None:
    digest = DigestServer("example.test", {"bob": "secret"}.get)

    def authenticate(request, flow):
        if request.method != "REFER":
            return None
        verdict = digest.check(request, asyncio.get_running_loop().time())
        return verdict.response if isinstance(verdict, Refused) else None

    pair.alice.authenticate = authenticate
    pair.bob.on_invite = lambda call: call.take(
        pair.callee, credentials=DigestCredentials("bob", "secret")
    ).accept(ANSWER)
    call, caller = pair.dial()
    await pair.callee.seen("established")
    (incoming,) = pair.bob.calls
    response = await incoming.request("REFER", [("Refer-To", "<sip:carol@example.test>")])
    assert response.status == 200
    asked = (await caller.seen("request"))[1].request
    assert 'username="bob"' in asked.headers.get("Authorization")
    call.hang_up()
    await pair.callee.seen("end")
    await _gone(pair)


async def test_a_challenged_invite_is_signed(pair: Pair) -> None:
    digest = DigestServer("example.test", {"alice": "secret"}.get, algorithms=("SHA-256", "MD5"))

    def authenticate(request, flow):
        if request.method != "INVITE":
            return None
        verdict = digest.check(request, asyncio.get_running_loop().time())
        return verdict.response if isinstance(verdict, Refused) else None

    pair.bob.authenticate = authenticate
    _, wrong = pair.dial(credentials=DigestCredentials("alice", "guess"))
    assert (await wrong.seen("failure"))[1] == 401
    _, foreign = pair.dial(credentials=DigestCredentials("alice", "secret", realm="other"))
    assert (await foreign.seen("failure"))[1] == 401
    call, caller = pair.dial(credentials=DigestCredentials("alice", "secret"))
    (await pair.callee.call()).accept(ANSWER)
    await caller.seen("answer")
    assert "algorithm=SHA-256" in call.invite.headers.get("Authorization")
    call.hang_up()
    await pair.callee.seen("end")
    await _gone(pair)


async def test_headers_that_smuggle_are_refused_and_change_nothing(pair: Pair) -> None:
    call, caller = pair.dial()
    incoming = await pair.callee.call()
    incoming.accept(ANSWER)
    await caller.seen("answer")
    for headers in ([("Reason", "x\r\nInjected: 1")], [("Bad Name", "x")], [("X", "\0")]):
        with pytest.raises(LocalError):
            call.hang_up(headers=headers)
        with pytest.raises(LocalError):
            pair.dial(headers=headers)
    assert call.state == "confirmed"
    call.hang_up()
    await pair.callee.seen("end")
    await _gone(pair)


async def _gone(pair: Pair) -> None:
    """Both sides forget the call (the BYE got its answer)."""
    async with asyncio.timeout(5):
        await pair.alice.idle()
        await pair.bob.idle()
