"""A Call whose other side was transferred or parked says so at its end."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import pytest

from gateway.calls import events as ev
from gateway.calls.parties import Number, Referral
from gateway.calls.states import EndReason, Phase
from gateway.calls.view import call_json
from tests.support.call_script import Script, connected_out

BERTA = Number("102", "102", "102")


def given_away(kind: Literal["transfer", "park"], status: int) -> Script:
    script = connected_out()
    script.state = replace(script.state, features=("transfer", "park"))
    script.do(
        ev.Refer("d1", Referral(kind, BERTA, "Berta Schulz")),
        ev.LineDescribed("v=0 ours"),
        ev.LineOfferDone(True, "v=0 theirs"),
        ev.LineReferred(status, over=True),
    )
    return script


def test_who_has_it_now_is_told_with_the_end() -> None:
    call = call_json(given_away("transfer", 200).state)
    assert (call["phase"], call["reason"]) == (Phase.ENDED, EndReason.TRANSFERRED)
    assert call["transfer"] is not None
    assert call["transfer"]["to"]["name"] == "Berta Schulz"


@pytest.mark.parametrize(("kind", "status"), [("transfer", 486), ("park", 200)])
def test_nobody_is_named_who_has_it_not(kind: Literal["transfer", "park"], status: int) -> None:
    assert call_json(given_away(kind, status).state)["transfer"] is None
