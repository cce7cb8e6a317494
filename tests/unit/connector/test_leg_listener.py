"""Which description of a forked call the bridge hears with the answer."""

from __future__ import annotations

from typing import Any, cast

import pytest

from connector.sip.leg import LINE_LEG, LegEventIn, LegListener, LegPlan
from media.engine import LegKind, LegProfile, Side
from protocols.aio.call import Call
from protocols.b2bua import call as b2b
from protocols.b2bua.call import Leg
from protocols.sip.message import Response
from tests.support.fake_media import sdp


class Owner:
    def __init__(self) -> None:
        self.events: list[LegEventIn] = []

    def put(self, event: LegEventIn, source: LegListener | None = None) -> None:
        self.events.append(event)


class ForkedCall:
    """As a `Call` shows itself at the callback: `remote_sdp` is that of the answering fork."""

    def __init__(self, remote_sdp: bytes) -> None:
        self.remote_sdp = remote_sdp


def response(status: int, tag: str) -> Response:
    return Response(status, "", [("To", f"<sip:710@pbx.test>;tag={tag}")])


@pytest.fixture
def owner() -> Owner:
    return Owner()


@pytest.fixture
def listener(owner: Owner) -> LegListener:
    profile = LegProfile(LegKind.RTP, ("PCMA",))
    return LegListener(
        owner, Leg.B, LegPlan(Side.LINE, LINE_LEG, profile, lambda r: (), lambda r: ())
    )


def answered(owner: Owner) -> str | None:
    event = owner.events[-1]
    assert isinstance(event, b2b.Answered)
    return event.sdp


def test_the_answering_fork_s_description_counts_not_the_one_heard_last(
    owner: Owner, listener: LegListener
) -> None:
    # RFC 3262: both forks gave their answer in a reliable 183, so the 200 carries none
    one, two = sdp(7100).encode(), sdp(7200).encode()
    call: Any = cast(Call, ForkedCall(one))
    listener.on_progress(call, response(183, "one"), one)
    listener.on_progress(call, response(183, "two"), two)
    listener.on_answer(call, response(200, "one"), None)
    assert answered(owner) == sdp(7100)


def test_the_fork_heard_last_answers_without_saying_it_again(
    owner: Owner, listener: LegListener
) -> None:
    one, two = sdp(7100).encode(), sdp(7200).encode()
    call: Any = cast(Call, ForkedCall(two))
    listener.on_progress(call, response(183, "one"), one)
    listener.on_progress(call, response(183, "two"), two)
    listener.on_progress(call, response(180, "one"), None)
    listener.on_answer(call, response(200, "two"), None)
    assert answered(owner) is None
