"""A bridged call between two calls that the test speaks for."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from connector.sip.bridge import BridgedCall
from connector.sip.leg import (
    LINE_LEG,
    LINK_LEG,
    InfoReceived,
    LegPlan,
    Notified,
    Offered,
    Referred,
)
from connector.sip.referring import PbxWays
from media.engine import LegKind, LegProfile, Side
from protocols.b2bua import call as b2b
from protocols.b2bua.call import Leg
from protocols.sip.message import Response
from tests.support.fake_media import FakeEngine, sdp

PROFILE = LegProfile(LegKind.RTP, ("PCMA",))
HELD = sdp(9000, direction="inactive").encode()


class Talker:
    """One side's call: keeps what it is told."""

    def __init__(self, state: str) -> None:
        self.state = state
        self.remote_sdp = sdp(9000).encode()
        self.call_id = "call"
        self.knows = 200
        self.log: list[str] = []
        self.stirred = asyncio.Event()

    def _note(self, what: str) -> None:
        self.log.append(what)
        self.stirred.set()

    def accept(self, *_: Any) -> None:
        self.state = "confirmed"
        self._note("accept")

    def hang_up(self, *_: Any) -> None:
        self.state = "terminated"
        self._note("hang up")

    def offer(self, _: bytes) -> None:
        self._note("offer")

    def answer(self, _: bytes) -> None:
        self._note("answer")

    def refuse_offer(self, status: int) -> None:
        self._note(f"refuse {status}")

    async def request(self, method: str) -> Response:
        self._note(method)
        return Response(self.knows, "")

    def withdraw_offer(self) -> None:
        self._note("withdraw")

    async def logged(self, *log: str) -> None:
        async with asyncio.timeout(2):
            while self.log != list(log):
                self.stirred.clear()
                await self.stirred.wait()


class Bridge:
    def __init__(self) -> None:
        self.engine = FakeEngine()
        self.link, self.line = Talker("proceeding"), Talker("confirmed")
        ways = PbxWays(False, "", "", str, str, _nothing, _nothing)
        line: Any = self.line
        self.call = BridgedCall(
            name="one",
            user="line-101",
            engine=self.engine,
            plan_a=LegPlan(Side.DEVICE, LINK_LEG, PROFILE, lambda r: (), lambda r: ()),
            plan_b=LegPlan(Side.LINE, LINE_LEG, PROFILE, lambda r: (), lambda r: ()),
            invite_b=lambda sdp, listener: line,
            ways=ways,
            early_media=False,
        )
        link: Any = self.link
        self.call.take(link)


@asynccontextmanager
async def talking() -> AsyncIterator[Bridge]:
    bridge = Bridge()
    running = asyncio.create_task(bridge.call.run())
    bridge.call.put(b2b.Answered(sdp(7100)))
    await bridge.link.logged("accept")
    yield bridge
    bridge.call.put(b2b.Ended(Leg.A))
    async with asyncio.timeout(2):
        await running


@pytest.mark.parametrize(("broken", "status"), [(True, 488), (False, 500)])
async def test_a_hold_that_gave_way_to_an_offer_is_asked_again_when_that_is_refused(
    broken: bool, status: int
) -> None:
    async with talking() as bridge:
        bridge.call.put(Offered(Leg.A, HELD))
        await bridge.line.logged("offer")
        session = bridge.engine.sessions[0]
        theirs = sdp(7100).encode()
        if broken:
            theirs = b"v=0\r\n"
        else:
            session.accept = _no_answer
        bridge.call.put(Offered(Leg.B, theirs))
        await bridge.line.logged("offer", "withdraw", f"refuse {status}", "offer")


class Context:
    def __init__(self) -> None:
        self.answers: list[int] = []

    def respond(self, status: int) -> None:
        self.answers.append(status)


@pytest.mark.parametrize(("status", "ended"), [(481, True), (200, False), (500, False)])
async def test_a_pbx_that_is_back_is_asked_whether_it_knows_the_call(
    status: int, ended: bool
) -> None:
    async with talking() as bridge:
        bridge.line.knows = status
        bridge.call.ask_line()
        await bridge.line.logged("OPTIONS")
        if ended:
            await bridge.link.logged("accept", "hang up")
    assert bridge.link.log.count("hang up") == 1


async def test_a_request_that_comes_when_the_call_ends_is_answered() -> None:
    late: Any = [Context() for _ in range(3)]
    async with talking() as bridge:
        bridge.call.put(b2b.Ended(Leg.A))
        for event, ctx in zip((InfoReceived, Notified, Referred), late, strict=True):
            bridge.call.put(event(ctx))
    assert [ctx.answers for ctx in late] == [[481]] * 3


async def test_a_request_in_a_dialog_that_was_left_is_answered() -> None:
    ctx: Any = Context()
    async with talking() as bridge:
        left: Any = object()
        bridge.call.put(Notified(ctx), left)
    assert ctx.answers == [481]


async def _no_answer(*_: Any, **__: Any) -> None:
    return None


def _nothing(*_: Any) -> Any:
    return None
