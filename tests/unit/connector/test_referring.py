"""Referrals of one bridged call, when the PBX is slow or silent."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from connector.sip import referring as module
from connector.sip.leg import LINE_LEG, LegEventIn, LegListener, LegPlan, Notified, Referred
from connector.sip.referring import PbxWays, Referring
from media.engine import LegKind, LegProfile, Side
from protocols.b2bua.call import Leg
from protocols.sip.dialog import Dialog
from protocols.sip.event.refer import parse_sipfrag
from protocols.sip.headers import Replaces
from protocols.sip.message import Request, Response
from tests.support.fake_media import FakeEngine, FakeSession

PROFILE = LegProfile(LegKind.RTP, ("PCMA",))
JOIN = "conf%3Bto-tag%3Da%3Bfrom-tag%3Db"


class Talking:
    """A confirmed call that keeps what it is to send; the test answers."""

    state = "confirmed"

    def __init__(self) -> None:
        self.dialog = Dialog("id", "ours", "theirs", "<sip:a@x>", "<sip:b@x>", "sip:b@x")
        self.sent: list[tuple[str, dict[str, str], bytes]] = []
        self.replies: list[asyncio.Future[Response]] = []
        self.ended = False

    def transmit(
        self,
        method: str,
        headers: Sequence[tuple[str, str]],
        content_type: str | None = None,
        body: bytes = b"",
    ) -> asyncio.Future[Response]:
        self.dialog, _ = self.dialog.request(method)
        self.sent.append((method, dict(headers), body))
        self.replies.append(asyncio.get_running_loop().create_future())
        return self.replies[-1]

    def hang_up(self) -> None:
        self.ended = True

    @property
    def outcomes(self) -> list[int]:
        return [parse_sipfrag(body)[0] for method, _, body in self.sent if method == "NOTIFY"]


class Context:
    def __init__(self, request: Request) -> None:
        self.request = request
        self.answers: list[int] = []

    def respond(self, status: int, **_: Any) -> None:
        self.answers.append(status)


class Owner:
    """A bridged call whose events the test takes one by one."""

    line_leg = Leg.B
    line_plan = LegPlan(Side.LINE, LINE_LEG, PROFILE, lambda r: (), lambda r: ())

    def __init__(self) -> None:
        self.events: asyncio.Queue[Any] = asyncio.Queue()
        self.link_call, self.line_call, self.room = Talking(), Talking(), Talking()
        self.media: Any = FakeSession("s", lambda e: None, FakeEngine())
        other: Any = Talking()
        ways = PbxWays(
            transfer=True,
            park="",
            conference="*3",
            to_pbx=lambda number: number,
            domain=lambda: "pbx.test",
            line_dialog=lambda named: other if named == Replaces("conf", "a", "b") else None,
            dial=lambda number, sdp, listener: self.room,
        )
        made: Any = self
        self.referring = Referring(made, ways)

    def put(self, event: LegEventIn, source: LegListener | None = None) -> None:
        self.events.put_nowait(event)

    async def step(self) -> None:
        async with asyncio.timeout(2):
            await self.referring.take(await self.events.get())

    async def asked(self, number: int, to: str) -> Any:
        ctx: Any = Context(
            Request("REFER", "sip:a@x", [("Refer-To", to), ("CSeq", f"{number} REFER")])
        )
        await self.referring.take(Referred(ctx))
        return ctx

    async def transferred(self, number: int, challenged: bool = False) -> Any:
        ctx = await self.asked(number, "<sip:103@site;user=phone>")
        if challenged:  # the call signs it by itself, and sends it with the next number
            self.line_call.dialog, _ = self.line_call.dialog.request("REFER")
        if not ctx.answers:
            answered = self.line_call.dialog.local_cseq
            reply = Response(202, "", [("CSeq", f"{answered} REFER")])
            self.line_call.replies[-1].set_result(reply)
            await self.step()
        return ctx

    async def told(self, refer_id: int | None, status: int) -> list[int]:
        event = "refer" if refer_id is None else f"refer;id={refer_id}"
        headers = [("Event", event), ("Subscription-State", "terminated;reason=noresource")]
        ctx: Any = Context(
            Request("NOTIFY", "sip:a@x", headers, f"SIP/2.0 {status} X\r\n".encode())
        )
        await self.referring.take(Notified(ctx))
        return list(ctx.answers)


async def test_a_pbx_that_never_reports_blocks_no_later_transfer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "REPORT_LIMIT", 0.0)
    owner = Owner()
    await owner.transferred(7)
    await owner.step()  # nothing came
    assert owner.link_call.outcomes == [100, 504]
    assert (await owner.transferred(8)).answers == [202]
    owner.referring.close()


async def test_a_conference_that_rings_for_ever_is_given_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "REPORT_LIMIT", 0.0)
    owner = Owner()
    ctx = await owner.asked(7, f"<sip:conference@site;feature=merge?Join={JOIN}>")
    assert ctx.answers == [202]
    await owner.step()
    assert owner.room.ended
    assert owner.link_call.outcomes == [100, 408]
    assert owner.media.directions[-1] == (Side.LINE, True, False), "held as before"
    owner.referring.close()


async def test_the_limit_of_a_transfer_that_is_over_ends_no_other() -> None:
    owner = Owner()
    await owner.transferred(7)
    limit = owner.referring._limit
    await owner.told(None, 486)
    assert limit.cancelled()
    await owner.transferred(8)
    owner.put(module.ReferOverdue("7"))
    await owner.step()
    assert owner.link_call.outcomes == [100, 486, 100]
    owner.referring.close()


@pytest.mark.parametrize("challenged", [False, True])
async def test_a_late_report_of_an_earlier_transfer_is_not_passed_on(challenged: bool) -> None:
    owner = Owner()
    await owner.transferred(7, challenged)
    first = owner.line_call.dialog.local_cseq
    owner.put(module.ReferOverdue("7"))
    await owner.step()
    await owner.transferred(8)
    assert await owner.told(first, 200) == [200]
    assert owner.link_call.outcomes == [100, 504, 100]
    await owner.told(owner.line_call.dialog.local_cseq, 486)
    assert owner.link_call.outcomes == [100, 504, 100, 486]
