"""Transfer, merge and park in one Call's own steps."""

from __future__ import annotations

import pytest

from gateway.calls import effects as fx
from gateway.calls import events as ev
from gateway.calls.parties import Number, Party, Referral
from gateway.calls.states import EndReason, Hold, Phase
from gateway.calls.view import call_json
from tests.support.call_script import Script, connected_out, only, outgoing, refused, ringing_in

CARLA = Number("103", "103", "103")
TRANSFER = Referral("transfer", CARLA, "Carla Lang")
MERGE = Referral("merge", CARLA, None, "c2", (Party("c1", CARLA), Party("c2", CARLA)))
FEATURES = ev.LineOffers(("transfer", "merge", "park"))
AGREED = (ev.LineDescribed("v=0 ours"), ev.LineOfferDone(True, "v=0 theirs"))


def talking() -> Script:
    script = connected_out()
    script.do(FEATURES)
    return script


def asked(referral: Referral = TRANSFER) -> Script:
    script = talking()
    script.do(ev.Refer("d1", referral), *AGREED)
    return script


def test_the_call_is_held_before_it_is_given_away() -> None:
    script = talking()
    first = script.do(ev.Refer("d1", TRANSFER))
    assert only(first, fx.OfferLine) and not only(first, fx.LineRefer)
    assert call_json(script.state)["actions"] == ["hang_up", "mute"]
    assert call_json(script.state)["transfer"] == {
        "to": {
            "name": "Carla Lang",
            "number": dict.fromkeys(("dialled", "canonical", "display"), "103"),
        },
        "with": None,
    }
    script.do(*AGREED)
    (refer,) = only(script.last, fx.LineRefer)
    assert refer.referral.number == CARLA
    assert refused(script.do(ev.Refer("d1", TRANSFER))) == "not_now", "one at a time"
    assert refused(script.do(ev.SetHold("d1", False))) == "not_now"


def test_a_transfer_that_works_ends_the_call() -> None:
    script = asked()
    assert script.do(ev.LineReferred(180, over=False)) == []
    script.do(ev.LineReferred(200, over=True))
    assert (script.state.phase, script.state.reason) == (Phase.ENDED, EndReason.TRANSFERRED)
    assert only(script.last, fx.LineHangUp) and only(script.last, fx.JournalSettle)


@pytest.mark.parametrize(
    ("status", "reason", "words"),
    [
        (486, "busy", "The call was not transferred. The number is busy."),
        (404, "unreachable", "The call was not transferred. This number does not exist."),
        (0, None, "The call was not transferred. Your phone system did not react."),
    ],
)
def test_a_transfer_that_fails_loses_nothing(status: int, reason: str, words: str) -> None:
    script = asked()
    script.do(ev.LineReferred(status, over=True))
    assert (script.state.phase, script.state.referral) == (Phase.CONNECTED, None)
    (notice,) = only(script.last, fx.TellDevice)
    told = dict(notice.payload)
    assert (told["code"], told["reason"], told["words"]) == ("transfer_failed", reason, words)
    assert "retrieve" in call_json(script.state)["actions"]


def test_no_word_of_the_phone_system_is_a_failure_in_the_end() -> None:
    script = asked()
    script.do(ev.TimerFired(ev.TimerName.REFER))
    assert script.state.referral is None
    assert only(script.last, fx.TellDevice)


def test_without_hold_there_is_no_transfer() -> None:
    script = talking()
    script.do(ev.Refer("d1", TRANSFER), ev.LineDescribed("v=0 ours"), ev.LineOfferDone(False))
    assert script.state.referral is None
    assert not script.seen(fx.LineRefer)
    assert (script.state.phase, script.state.hold) == (Phase.CONNECTED, Hold.NONE)


def test_who_hangs_up_during_a_transfer_has_handed_over() -> None:
    script = asked()
    script.do(ev.HangUp("d1"))
    assert script.state.reason is EndReason.TRANSFERRED


@pytest.mark.parametrize(
    ("referral", "reason"),
    [
        (TRANSFER, EndReason.TRANSFERRED),
        (Referral("park", CARLA), EndReason.TRANSFERRED),
        (MERGE, EndReason.HUNG_UP),
    ],
)
def test_a_call_that_ends_without_a_report_was_given_away(
    referral: Referral, reason: EndReason
) -> None:
    script = asked(referral)
    script.do(ev.LineReferred(100, over=False), ev.LineEnded(ev.LineEnd.BYE))
    assert script.state.reason is reason


def test_one_that_ends_after_a_refusal_was_not() -> None:
    script = asked()
    script.do(ev.LineReferred(486, over=True), ev.LineEnded(ev.LineEnd.BYE))
    assert script.state.reason is EndReason.HUNG_UP


def test_a_merge_makes_a_conference_of_this_call() -> None:
    script = asked(MERGE)
    script.do(ev.LineReferred(200, over=True))
    seen = call_json(script.state)
    assert (seen["kind"], seen["phase"], len(seen["participants"])) == (
        "conference",
        "connected",
        2,
    )


def test_what_the_phone_system_does_not_do_is_not_offered() -> None:
    script = connected_out()
    assert refused(script.do(ev.Refer("d1", TRANSFER))) == "not_offered"
    assert "transfer" not in call_json(script.state)["actions"]


def test_the_other_call_of_a_transfer_is_called_transferred_when_it_ends() -> None:
    script = connected_out()
    script.do(ev.LeavesAs(EndReason.TRANSFERRED), ev.LineEnded(ev.LineEnd.BYE))
    assert script.state.reason is EndReason.TRANSFERRED
    script = Script(outgoing())
    script.do(ev.Started(), ev.LineDescribed("v=0"), ev.LineRinging())
    script.do(ev.LeavesAs(EndReason.TRANSFERRED), ev.LineFailed(487))
    assert script.state.reason is EndReason.TRANSFERRED
    script = connected_out()
    script.do(ev.LeavesAs(EndReason.TRANSFERRED), ev.LeavesAs(None), ev.LineEnded(ev.LineEnd.BYE))
    assert script.state.reason is EndReason.HUNG_UP


def test_dialling_waits_for_the_hold_of_another_call() -> None:
    script = Script(outgoing(waits=True))
    script.do(ev.Started(), ev.LineDescribed("v=0 ours"))
    assert not script.seen(fx.LineInvite)
    assert only(script.do(ev.Proceed()), fx.LineInvite)
    script = Script(outgoing(waits=True))
    script.do(ev.Started(), ev.LineDescribed("v=0 ours"), ev.Abandoned("not held"))
    assert (script.state.reason, script.state.words) == (EndReason.NOT_HELD, "not held")
    assert not script.seen(fx.LineInvite)


def test_an_answer_waits_for_the_hold_of_another_call() -> None:
    script = ringing_in("d1", "d2")
    script.do(
        ev.MediaOffered("d1", "v=0", 1, "f"),
        ev.LegConnected("d1:1"),
        ev.Answer("d1", waits=True),
    )
    assert not script.seen(fx.LineAccept)
    assert refused(script.do(ev.Answer("d2"))) == "answered_elsewhere"
    assert only(script.do(ev.Proceed()), fx.LineAccept)
    script = ringing_in("d1")
    script.do(ev.Answer("d1", waits=True), ev.Abandoned("not held"))
    assert (script.state.phase, script.state.winner) == (Phase.RINGING_IN, None)
    (notice,) = only(script.last, fx.TellDevice)
    assert dict(notice.payload)["words"] == "not held"
