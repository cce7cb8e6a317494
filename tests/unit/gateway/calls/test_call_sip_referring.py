"""REFER as the line's leg sends it, and whose reports it believes."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from gateway.calls.events import Event, LineReferred
from gateway.calls.parties import Number, Referral
from gateway.calls.sip import LineLeg
from protocols.sip.dialog import Dialog
from protocols.sip.message import Request, Response

TARGET = Number("103", "103", "103")


class Link:
    service_domain = "calls.test"


class Talking:
    """A confirmed call that keeps what it is to send."""

    state = "confirmed"

    def __init__(self) -> None:
        self.dialog = Dialog("id", "ours", "theirs", "<sip:a@x>", "<sip:b@x>", "sip:b@x")
        self.sent: list[Sequence[tuple[str, str]]] = []

    def transmit(self, method: str, headers: Sequence[tuple[str, str]]) -> asyncio.Future[Response]:
        self.dialog, _ = self.dialog.request(method)
        self.sent.append(headers)
        return asyncio.get_running_loop().create_future()


@dataclass
class Context:
    request: Request
    answers: list[int] = field(default_factory=list)

    def respond(self, status: int) -> None:
        self.answers.append(status)


def leg() -> tuple[Any, Any, list[Event]]:
    made: Any = LineLeg(
        Link(),  # type: ignore[arg-type]
        tenant_id="t",
        site_id="s",
        line_id="l",
        session_id="a" * 32,
    )
    told: list[Event] = []
    made.bind(told.append)
    made._call = call = Talking()
    return made, call, told


@pytest.mark.parametrize("kind", ["transfer", "merge"])
async def test_without_the_other_call_nothing_is_asked_for(kind: Any) -> None:
    line, call, told = leg()
    line.refer(Referral(kind, TARGET, to_call="c2"), None)
    assert told == [LineReferred(481, over=True)]
    assert call.sent == []


async def test_a_transfer_to_a_number_needs_no_other_call() -> None:
    line, call, told = leg()
    line.refer(Referral("transfer", TARGET), None)
    assert (len(call.sent), told) == (1, [])


def report(refer_id: str, status: int) -> Context:
    headers = [
        ("Event", f"refer;id={refer_id}"),
        ("Subscription-State", "terminated;reason=noresource"),
    ]
    return Context(Request("NOTIFY", "sip:a@x", headers, f"SIP/2.0 {status} X\r\n".encode()))


async def test_a_late_report_of_an_earlier_refer_is_not_believed() -> None:
    line, call, told = leg()
    line.refer(Referral("transfer", TARGET), None)
    first = str(call.dialog.local_cseq)
    line.refer(Referral("transfer", TARGET), None)
    late, now = report(first, 200), report(str(call.dialog.local_cseq), 486)
    line.on_request(call, late)
    assert (late.answers, told) == ([200], [])
    line.on_request(call, now)
    assert told == [LineReferred(486, over=True)]
