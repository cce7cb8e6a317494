"""Recorded flows of a line with a client of its own, as the gateway is told of them: either view
first, late by nothing or by much. A call is one Call, and one entry in the journal."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from gateway.calls.desk import DeskPhones
from gateway.calls.events import TakenByDesk
from gateway.calls.journaling import Journaling
from gateway.calls.model import CallState
from gateway.calls.parties import Number
from gateway.calls.states import Phase
from gateway.ports import UserKey
from protocols.csta.codec import decode, encode
from protocols.csta.dialects import LINK as DIALECT
from protocols.csta.message import Message
from tests.support.csta_recording import NUMBER
from tests.support.gateway_ports import (
    ANNA,
    LINE,
    SITE,
    TENANT,
    FakeJournal,
    FakeLines,
    FakeNumbers,
    Sink,
)
from tests.unit.connector.test_csta_recorded import FIRST, LATE, PAIRS, replay

#: There the user speaks at the desk phone in the end. A pull begins with a call of the gateway's.
AT_THE_DESK = ("f4_answered_at_the_desk", "f10_pushed")
FLOWS = [(profile, name) for profile, name in PAIRS if name != "f9_pulled"]


class Owner:
    """The task of a SIP call of the line, as far as the desk phone's side asks for it."""

    def __init__(self, session_id: str) -> None:
        self.left_it = False
        self.state = CallState(
            id=f"call of {session_id}",
            tenant_id=TENANT,
            user_id=ANNA.user_id,
            site_id=SITE,
            line_id=LINE,
            direction="in",
            number=Number("102", "102", "102"),
            session_id=session_id,
            created_at=1_700_000_000.0,
            phase=Phase.RINGING_IN,
        )

    def post(self, event: object) -> None:
        self.left_it = self.left_it or isinstance(event, TakenByDesk)

    async def left(self) -> CallState:
        assert self.left_it
        return self.state


class Book:
    def __init__(self) -> None:
        self.owners = [Owner("session-1"), Owner("session-2")]

    def of(self, user: UserKey) -> list[Owner]:
        return [owner for owner in self.owners if not owner.left_it]


@pytest.mark.parametrize("late", LATE)
@pytest.mark.parametrize("first", FIRST)
@pytest.mark.parametrize(("profile", "name"), FLOWS)
async def test_a_call_of_the_line_is_one_call(
    profile: str, name: str, first: str, late: float
) -> None:
    book: Any = Book()
    journal, sink, lines = FakeJournal(), Sink(), FakeLines()
    for owner in book.owners:  # each has opened its entry
        journal.rows[owner.state.id] = {"kind": "pending", "user": ANNA}
    phones = DeskPhones(
        book=book,
        numbers=FakeNumbers(),
        journal=Journaling(journal),
        events=sink,
        ask_name=lambda user, canonical, known: None,
        on_features=lambda line: None,
    )
    phones.set_reachable(TENANT, SITE, True)
    line = replace(lines.lines[LINE], number=NUMBER)
    for item in replay(profile, name, first, late).told:
        crossed = decode(encode(item.message, DIALECT.style)).message
        assert isinstance(crossed, Message)
        await phones.told(line, lines.profile, crossed, item.session_id)

    shown = [payload["call"] for payload in (*sink.of("call.created"), *sink.of("call.updated"))]
    assert sink.of("call.created") == []  # never another one
    if name in AT_THE_DESK:
        assert {(call["id"], call["on"]) for call in shown} == {("call of session-1", "desk_phone")}
        assert journal.rows["call of session-1"]["kind"] == "answered"
    else:
        assert shown == []
        assert not any(owner.left_it for owner in book.owners)
    assert set(journal.rows) == {"call of session-1", "call of session-2"}
    assert phones.of(ANNA) == []
    await phones.aclose()
    assert sink.misfits == []
