"""Kamailio as a foreign registrar and proxy: we register, call and are called through it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from protocols.aio.flow import Transport
from protocols.aio.registration import RegistrationClient
from tests.support.kamailio import Kamailio, kamailio
from tests.support.kamailio_phones import Phone, phones
from tests.support.sip_calls import ANSWER, OFFER


@pytest.fixture(params=["UDP", "TCP", "TLS"])
def transport(request: pytest.FixtureRequest) -> Transport:
    return request.param  # type: ignore[no-any-return]


@pytest.fixture
async def proxy(tmp_path: Path) -> AsyncIterator[Kamailio]:
    async with kamailio(tmp_path) as running:
        yield running


async def test_register_and_leave(proxy: Kamailio, transport: Transport) -> None:
    async with phones(proxy, transport, "101", "102") as (one, two):
        assert one.registration.state.expires == 60
        await two.registration.stop()
        _, caller = one.dial("102")
        assert (await caller.seen("failure"))[1] == 404


async def test_wrong_password_is_refused(proxy: Kamailio, transport: Transport) -> None:
    phone = Phone(proxy, transport, "101", "guess")
    state = await phone.register()
    assert (state.phase, state.status) == ("failed", 401)
    assert state.retry_in is not None and state.retry_in >= 30  # no hammering
    await phone.aclose()


async def test_somebody_elses_address_is_refused(proxy: Kamailio) -> None:
    phone = Phone(proxy, "UDP", "101", "pw-101")
    phone.registration = RegistrationClient(
        phone.ua,
        aor="sip:102@pbx.test",
        registrar=f"sip:{phone.at}",
        credentials=phone.credentials,
        on_state=phone.states.put_nowait,
    )
    assert (await phone.register()).status == 403
    await phone.aclose()


@pytest.mark.parametrize("who", ["caller", "callee"])
async def test_call_through_the_proxy(proxy: Kamailio, transport: Transport, who: str) -> None:
    async with phones(proxy, transport, "101", "102") as (one, two):
        call, caller = one.dial("102")
        incoming = await two.callee.call()
        assert len(incoming.invite.record_routes) == 1
        incoming.ring()
        await caller.seen("progress")
        incoming.accept(ANSWER)
        assert (await caller.seen("answer"))[2] == ANSWER
        await two.callee.seen("established")  # the ACK found its way by the route set
        ending, other = (call, two.callee) if who == "caller" else (incoming, caller)
        ending.hang_up()
        assert (await other.seen("end"))[1] == "bye"


async def test_hold_through_the_proxy(proxy: Kamailio, transport: Transport) -> None:
    async with phones(proxy, transport, "101", "102") as (one, two):
        call, caller = one.dial("102")
        incoming = await two.callee.call()
        incoming.accept(ANSWER)
        await two.callee.seen("established")
        incoming.offer(ANSWER.replace(b"1 1 IN", b"1 2 IN") + b"a=sendonly\r\n")
        _, sdp, _ = await caller.seen("offer")
        assert b"a=sendonly" in sdp
        call.answer(OFFER.replace(b"1 1 IN", b"1 2 IN") + b"a=recvonly\r\n")
        assert (await two.callee.seen("offer result"))[1] == 200
        call.hang_up()
        await two.callee.seen("end")


async def test_cancel_through_the_proxy(proxy: Kamailio, transport: Transport) -> None:
    async with phones(proxy, transport, "101", "102") as (one, two):
        call, caller = one.dial("102")
        (await two.callee.call()).ring()
        await caller.seen("progress")
        call.hang_up()
        assert (await two.callee.seen("end"))[1] == "cancel"
        assert caller.names() == ["progress", "end"]


async def test_busy_through_the_proxy(proxy: Kamailio, transport: Transport) -> None:
    async with phones(proxy, transport, "101", "102") as (one, two):
        _, caller = one.dial("102")
        (await two.callee.call()).reject(486)
        assert (await caller.seen("failure"))[1] == 486


async def test_two_transports_in_one_call(proxy: Kamailio) -> None:
    async with (
        phones(proxy, "TLS", "101") as (one,),
        phones(proxy, "UDP", "102") as (two,),
    ):
        call, caller = one.dial("102")
        incoming = await two.callee.call()
        # two Record-Routes: one per side of the proxy
        assert len(incoming.invite.record_routes) == 2
        incoming.accept(ANSWER)
        await caller.seen("answer")
        await two.callee.seen("established")
        incoming.hang_up()
        assert (await caller.seen("end"))[1] == "bye"
        assert call.state == "terminated"
