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
from media.engine import LegKind, LegProfile, MediaError, Side
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

    def reject(self, status: int, *_: Any) -> None:
        self.state = "terminated"
        self._note(f"reject {status}")

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
    """``incoming``: the PBX calls; else the gateway does."""

    def __init__(self, *, incoming: bool = False) -> None:
        self.engine = FakeEngine()
        self.link, self.line = Talker("proceeding"), Talker("confirmed")
        self.placed = asyncio.Event()
        plan_link = LegPlan(Side.DEVICE, LINK_LEG, PROFILE, lambda r: (), lambda r: ())
        plan_line = LegPlan(Side.LINE, LINE_LEG, PROFILE, lambda r: (), lambda r: ())
        ways = PbxWays(False, "", "", str, str, _nothing, _nothing)
        line: Any = self.line
        self.call = BridgedCall(
            name="one",
            user="line-101",
            engine=self.engine,
            plan_a=plan_line if incoming else plan_link,
            plan_b=plan_link if incoming else plan_line,
            invite_b=lambda sdp, listener: self._invite(line),
            ways=ways,
            early_media=False,
        )
        link: Any = self.link
        self.call.take(link)

    def _invite(self, line: Any) -> Any:
        self.placed.set()
        return line


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


class SlowEngine(FakeEngine):
    """Takes its time over an offer; ``refuses`` it in the end or not."""

    def __init__(self, *, refuses: bool = False) -> None:
        super().__init__()
        self.asked, self.go_on = asyncio.Event(), asyncio.Event()
        self.refuses = refuses

    async def open(self, *args: Any, **options: Any) -> Any:
        session = await super().open(*args, **options)
        accept = session.accept

        async def slowly(*args: Any, **options: Any) -> str | None:
            self.asked.set()
            await self.go_on.wait()
            if self.refuses:
                raise MediaError("sdp", "not this one")
            return await accept(*args, **options)

        session.accept = slowly  # type: ignore[method-assign]
        return session


async def test_the_pbx_is_called_while_the_offer_of_the_gateway_is_being_answered() -> None:
    bridge = Bridge()
    bridge.call._engine = engine = SlowEngine()
    running = asyncio.create_task(bridge.call.run())
    async with asyncio.timeout(2):
        await engine.asked.wait()
        await bridge.placed.wait()
        bridge.call.put(b2b.Ended(Leg.A))
        engine.go_on.set()
        await running
    assert bridge.line.log == ["hang up"]


async def test_a_call_whose_offer_cannot_be_answered_is_taken_back_from_the_pbx() -> None:
    bridge = Bridge()
    bridge.call._engine = engine = SlowEngine(refuses=True)
    running = asyncio.create_task(bridge.call.run())
    async with asyncio.timeout(2):
        await bridge.placed.wait()
        engine.go_on.set()
        await running
    assert bridge.line.log == ["hang up"]
    assert bridge.link.log == ["reject 488"]


async def test_nobody_is_called_for_an_offer_of_the_pbx_before_it_is_answered() -> None:
    bridge = Bridge(incoming=True)
    bridge.call._engine = engine = SlowEngine(refuses=True)
    running = asyncio.create_task(bridge.call.run())
    async with asyncio.timeout(2):
        await engine.asked.wait()
        engine.go_on.set()
        await running
    assert not bridge.placed.is_set()


@pytest.mark.parametrize("incoming", [False, True])
async def test_the_gateway_s_leg_is_attached_whoever_calls(incoming: bool) -> None:
    bridge = Bridge(incoming=incoming)
    running = asyncio.create_task(bridge.call.run())
    async with asyncio.timeout(2):
        await bridge.placed.wait()
        bridge.call.put(b2b.Ended(Leg.A))
        await running
    assert bridge.engine.sessions[0].attached == LINK_LEG


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


@pytest.mark.parametrize(("status", "ended"), [(481, True), (200, False), (408, False)])
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
