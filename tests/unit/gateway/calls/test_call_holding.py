"""Hold by the user: the wish silences at once, the far side's word makes it true."""

from __future__ import annotations

import pytest

from gateway.calls import effects as fx
from gateway.calls import events as ev
from gateway.calls.model import LineStage
from gateway.calls.states import Hold, Phase
from gateway.calls.view import actions
from tests.support.call_script import (
    Script,
    connected_in,
    connected_out,
    only,
    outgoing,
    refused,
    ringing_in,
)

HOLD, RETRIEVE = ev.SetHold("d1", True), ev.SetHold("d1", False)
OURS = ev.LineDescribed("v=0 ours")
AGREED = ev.LineOfferDone(True, "v=0 theirs")
REFUSED = ev.LineOfferDone(False)
UPDATED = fx.Publish("call.updated")


def held() -> Script:
    script = connected_out()
    script.do(HOLD, OURS, AGREED)
    assert script.state.hold is Hold.LOCAL
    return script


def test_hold_is_offered_at_once_and_true_when_the_far_side_agrees():
    script = connected_out()
    assert actions(script.state) == ["hang_up", "mute", "dtmf", "hold", "consult", "pull"]
    assert fx.OfferLine(held=True) in script.do(HOLD)
    assert script.state.hold is Hold.NONE, "nobody has agreed yet"
    assert actions(script.state) == ["hang_up", "mute", "retrieve", "consult", "pull"]
    assert script.do(OURS) == [fx.LineOffer("v=0 ours")]
    assert script.do(AGREED) == [fx.ApplyLine("v=0 theirs"), UPDATED]
    assert script.state.hold is Hold.LOCAL


def test_retrieve():
    script = held()
    assert fx.OfferLine(held=False) in script.do(RETRIEVE)
    script.do(OURS, AGREED)
    assert script.state.hold is Hold.NONE
    assert script.state.line is LineStage.AGREED


def test_the_same_wish_again_changes_nothing():
    script = connected_out()
    assert script.do(RETRIEVE) == []
    script.do(HOLD)
    assert script.do(HOLD) == []
    script.do(OURS, AGREED)
    assert script.do(HOLD) == []


def test_only_a_talking_call_can_be_held():
    assert refused(ringing_in().do(HOLD)) == "not_now"
    dialling = Script(outgoing())
    dialling.do(ev.Started())
    assert refused(dialling.do(HOLD)) == "not_now"
    over = connected_in()
    over.do(ev.HangUp("d1"))
    assert refused(over.do(HOLD)) == "call_over"


def test_any_device_of_the_user_may_hold():
    assert fx.OfferLine(held=True) in connected_out().do(ev.SetHold("d7", True))


def test_a_refused_hold_leaves_the_call_talking_and_says_why():
    script = connected_out()
    effects = script.do(HOLD, OURS, REFUSED)
    assert fx.PassLine(True) in effects
    (notice,) = only(effects, fx.TellDevice)
    assert ("code", "hold_refused") in notice.payload
    assert (script.state.hold, script.state.held) == (Hold.NONE, False)
    assert fx.OfferLine(held=True) in script.do(HOLD), "it may be tried again"


def test_a_refused_retrieve_leaves_it_held():
    script = held()
    effects = script.do(RETRIEVE, OURS, REFUSED)
    assert fx.PassLine(False) in effects
    assert ("code", "retrieve_refused") in only(effects, fx.TellDevice)[0].payload
    assert script.state.hold is Hold.LOCAL


def test_an_engine_that_cannot_make_the_offer_holds_nothing_and_ends_nothing():
    script = connected_out()
    script.do(HOLD)
    assert fx.PassLine(True) in script.do(ev.LineRefused("no worker"))
    assert (script.state.phase, script.state.hold) == (Phase.CONNECTED, Hold.NONE)


def test_a_wish_that_changes_while_the_offer_is_out_is_offered_next():
    script = connected_out()
    script.do(HOLD, OURS)
    assert not only(script.do(RETRIEVE), fx.OfferLine), "one offer at a time"
    effects = script.do(AGREED)
    assert fx.OfferLine(held=False) in effects
    script.do(OURS, AGREED)
    assert (script.state.hold, script.state.want_hold) == (Hold.NONE, None)


def test_a_wish_taken_back_before_its_offer_is_never_offered():
    script = connected_out()
    script.do(ev.LineOffered("v=0 a", held=False))
    assert fx.PassLine(False) in script.do(HOLD), "the silence does not wait"
    script.do(RETRIEVE)
    effects = script.do(OURS)
    assert not only(effects, fx.OfferLine)
    assert fx.PassLine(True) in effects
    assert script.state.want_hold is None


def test_held_by_both_in_either_order_and_back():
    script = held()
    assert fx.AnswerLine("v=0 a=sendonly", True) in script.do(
        ev.LineOffered("v=0 a=sendonly", held=True)
    )
    script.do(OURS)
    assert script.state.hold is Hold.BOTH
    script.do(RETRIEVE, OURS, AGREED)
    assert script.state.hold is Hold.REMOTE
    script.do(HOLD, OURS, AGREED)
    assert script.state.hold is Hold.BOTH
    script.do(ev.LineOffered("v=0", held=False), OURS)
    assert script.state.hold is Hold.LOCAL
    script.do(RETRIEVE, OURS, AGREED)
    assert script.state.hold is Hold.NONE


def test_an_offer_of_the_far_side_while_the_engine_makes_ours_is_glare():
    script = connected_out()
    script.do(HOLD)
    assert script.do(ev.LineOffered("v=0", held=True)) == [fx.LineRefuseOffer(491)]
    script.do(OURS, AGREED)
    assert script.state.hold is Hold.LOCAL


def test_after_glare_theirs_is_answered_and_ours_made_anew():
    script = connected_out()
    script.do(HOLD, OURS)
    effects = script.do(ev.LineOffered("v=0 a=sendonly", held=True))
    assert effects == [fx.LineWithdraw(), fx.AnswerLine("v=0 a=sendonly", True)]
    effects = script.do(OURS)
    assert fx.LineAnswerOffer("v=0 ours") in effects
    assert fx.OfferLine(held=True) in effects
    assert script.state.hold is Hold.REMOTE
    script.do(OURS, AGREED)
    assert script.state.hold is Hold.BOTH


def test_a_held_party_hears_music_and_no_comfort_tone():
    script = held()
    assert not only(script.do(ev.LegQuiet("d1:1", 3.0)), fx.Play)
    effects = script.do(ev.LegQuiet("d1:1", 5.0))
    assert fx.SetTimer(ev.TimerName.LOST, 85.0) in effects, "the limit of a lost leg stays"
    assert not only(script.do(ev.TimerFired(ev.TimerName.COMFORT)), fx.Play)
    # taken back while the device is still away: now somebody waits in silence
    effects = script.do(RETRIEVE, OURS, AGREED)
    assert fx.SetTimer(ev.TimerName.COMFORT, 3.0) in effects
    assert fx.Play("line", "comfort") in script.do(ev.TimerFired(ev.TimerName.COMFORT))


def test_the_comfort_tone_gives_way_to_the_music():
    script = connected_out()
    script.do(ev.LegQuiet("d1:1", 3.0))
    assert fx.StopPlaying("line") in script.do(HOLD)
    assert not script.state.comfort


def test_a_hold_outlives_the_loss_of_the_device_and_its_return():
    script = held()
    script.do(ev.LegLost("d1:1", "reload"))
    assert script.state.hold is Hold.LOCAL
    script.do(ev.MediaOffered("d1", "v=0", 2, "f2"), ev.LegConnected("d1:2"), ev.LegHeard("d1:2"))
    assert (script.state.hold, script.state.leg) == (Hold.LOCAL, "d1:2")


def test_a_held_call_stays_held_on_the_device_that_takes_it():
    script = held()
    script.do(ev.MediaOffered("d2", "v=0", 9, "f9", True), ev.LegConnected("d2:2"))
    assert (script.state.hold, script.state.device_id) == (Hold.LOCAL, "d2")


def test_a_call_is_held_while_its_device_is_lost():
    script = connected_out()
    script.do(ev.LegQuiet("d1:1", 5.0), HOLD, OURS, AGREED)
    assert script.state.hold is Hold.LOCAL


def test_no_digits_into_music():
    assert refused(held().do(ev.SendDigits("d1", "1"))) == "not_now"


def test_a_held_line_may_be_silent():
    assert held().do(ev.LineQuiet(30.0)) == []


def test_a_held_call_is_rebuilt_held():
    script = held()
    effects = script.do(ev.EngineGone("killed"))
    assert fx.OfferLine(fresh=True, held=True) in effects
    script.do(OURS, AGREED)
    assert (script.state.hold, script.state.line) == (Hold.LOCAL, LineStage.AGREED)


def test_a_worker_that_dies_before_the_offer_left_holds_by_the_new_path():
    script = connected_out()
    assert fx.OfferLine(fresh=True, held=True) in script.do(HOLD, ev.EngineGone("killed"))
    script.do(OURS, AGREED)
    assert script.state.hold is Hold.LOCAL


@pytest.mark.parametrize(("outcome", "hold"), [(AGREED, Hold.LOCAL), (REFUSED, Hold.NONE)])
def test_a_worker_that_dies_while_the_offer_is_out_waits_for_its_answer(outcome, hold):
    script = connected_out()
    assert not only(script.do(HOLD, OURS, ev.EngineGone("killed")), fx.OfferLine)
    effects = script.do(outcome)
    assert not only(effects, fx.ApplyLine), "of that path nothing is left"
    fresh = fx.OfferLine(fresh=True, held=True if hold is Hold.LOCAL else None)
    assert fresh in effects
    script.do(OURS, AGREED)
    assert (script.state.hold, script.state.line) == (hold, LineStage.AGREED)


def test_a_worker_that_dies_while_their_offer_waits_refuses_it():
    script = connected_out()
    script.do(ev.LineOffered("v=0", held=True))
    assert fx.LineRefuseOffer(500) in script.do(ev.EngineGone("killed"))


def test_a_held_call_ends_like_any_other():
    script = held()
    effects = script.do(ev.LineEnded(ev.LineEnd.BYE))
    assert only(effects, fx.JournalSettle) == [fx.JournalSettle("answered")]
    assert script.state.over
