"""How a desk phone is, in the one word that its owner's apps show."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gateway.calls.desk_phone import busiest, state_of
from protocols.csta.values import LocalConnectionState as State
from protocols.csta.view.model import CallView, DeviceView, Leg, new_view

FREE = replace(new_view("101"), in_service=True)


def with_leg(state: State, device: str = "desk") -> DeviceView:
    leg = Leg(("101", device), "101", state)
    return replace(FREE, calls=(CallView("1", legs=(leg,)),))


@pytest.mark.parametrize(
    ("view", "expected"),
    [
        (FREE, "free"),
        (replace(FREE, in_service=False), "not_signed_in"),
        (replace(FREE, in_service=None), "unknown"),
        (with_leg(State.ALERTING), "ringing"),
        (with_leg(State.INITIATED), "in_call"),
        (with_leg(State.CONNECTED), "in_call"),
        (with_leg(State.HOLD), "in_call"),
        (with_leg(State.CONNECTED, "line"), "free"),  # our own line speaks, not the desk phone
    ],
)
def test_one_word_says_how_it_is(view: DeviceView, expected: str) -> None:
    assert state_of(view, reachable=True) == expected
    assert state_of(view, reachable=False) == "unknown"


def test_of_several_the_one_where_most_happens_is_told() -> None:
    assert busiest(["free", "in_call", "unknown"]) == {"state": "in_call"}
    assert busiest([]) is None
