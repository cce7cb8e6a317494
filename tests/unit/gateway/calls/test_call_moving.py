"""A talking Call goes to another device or to the desk phone of its user: one winner, no gap."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gateway.calls import effects as fx
from gateway.calls import events as ev
from gateway.calls.model import Stage
from gateway.calls.parties import Number, Place, Referral
from gateway.calls.states import EndReason, Phase
from gateway.calls.view import call_json
from gateway.calls.words import WORDS_DESK_RANG_OUT
from tests.support.call_script import Script, connected_in, offer, only, refused

PLACES = (Place("d1", "Desk PC"), Place("d2", "Mobile"))


def talking() -> Script:
    script = connected_in()
    script.do(ev.Reachable(PLACES), ev.DeskTakes(True), ev.Watched())
    return script


def notices(script: Script) -> list[tuple[str, str]]:
    told = [e for e in script.seen(fx.TellDevice) if isinstance(e, fx.TellDevice)]
    return [(e.device_id, str(dict(e.payload)["code"])) for e in told if e.event == "notice"]


def reasons(script: Script) -> list[object]:
    told = [e for e in script.seen(fx.TellDevice) if isinstance(e, fx.TellDevice)]
    return [dict(e.payload).get("reason") for e in told if e.event == "notice"]


def test_a_call_says_where_it_may_go():
    json = call_json(talking().state)
    assert json["moves"] == [{"to": "desk_phone", "name": None}, {"to": "d2", "name": "Mobile"}]
    assert json["actions"][-2:] == ["pull", "move"]
    assert json["moving"] is None


def test_a_pull_asks_the_device_for_its_sound_and_switches_when_it_is_heard():
    script = talking()
    effects = script.do(ev.MoveTo("d2", "d2"))
    assert fx.TellDevice("d2", "media.renegotiate", (("fresh", True),)) in effects
    assert call_json(script.state)["moving"] == {"to": "d2", "by": "d2"}
    assert call_json(script.state)["moves"] == []
    script.do(offer("d2", "f9", 7))
    effects = script.do(ev.LegConnected("d2:2"))
    assert not only(effects, fx.Attach), "its microphone may still be closed"
    effects = script.do(ev.LegHeard("d2:2"))
    assert effects[:2] == [fx.Attach("d2:2"), fx.DropLeg("d1:1")]
    assert script.state.device_id == "d2" and script.state.moving is None
    assert not script.seen(fx.LineOffer), "the line notices nothing"


def test_a_held_call_goes_as_soon_as_the_path_is_up():
    script = talking()
    script.do(ev.SetHold("d1", True), ev.MoveTo("d1", "d2"), offer("d2", "f9", 7))
    script.do(ev.LegConnected("d2:2"))
    assert script.state.device_id == "d2" and script.state.held


def test_a_device_that_is_not_heard_in_time_does_not_get_the_call():
    script = talking()
    script.do(ev.MoveTo("d1", "d2"), offer("d2", "f9", 7), ev.LegConnected("d2:2"))
    effects = script.do(ev.TimerFired(ev.TimerName.MOVE))
    assert fx.DropLeg("d2:2") in effects
    assert notices(script) == [("d1", "move_failed")]
    assert reasons(script) == ["no_answer"]
    assert (script.state.device_id, script.state.leg) == ("d1", "d1:1")
    assert script.state.moving is None


def test_a_refused_path_ends_the_move_at_once():
    script = talking()
    script.do(ev.MoveTo("d2", "d2"), offer("d2", "f9", 7), ev.LegRefused("d2:2", "no"))
    assert ("d2", "pull_failed") in notices(script)
    assert script.state.device_id == "d1"


def reloaded(script: Script) -> list[fx.Effect]:
    """The device that has the Call comes back with a new path."""
    script.do(offer("d1", "f1 reloaded", 2))
    made = script.state.legs[-1].name
    return [*script.do(ev.LegConnected(made)), *script.do(ev.LegHeard(made))]


def test_a_reload_leaves_a_push_to_the_desk_phone_alone():
    script = talking()
    script.do(ev.MoveTo("d1", "desk_phone"))
    effects = reloaded(script)
    assert script.state.leg == "d1:2" and fx.DropLeg("d1:1") in effects
    assert call_json(script.state)["moving"] == {"to": "desk_phone", "by": "d1"}
    assert fx.StopTimer(ev.TimerName.MOVE) not in effects
    script.do(ev.LineEnded(ev.LineEnd.BYE))
    assert script.state.leaving and not script.seen(fx.JournalSettle)
    script.do(ev.TakenByDesk())
    assert script.state.over and not script.seen(fx.JournalSettle)


def test_a_reload_of_the_old_device_leaves_the_move_to_the_new_one_alone():
    script = talking()
    script.do(ev.MoveTo("d2", "d2"), offer("d2", "f9", 7), ev.LegConnected("d2:2"))
    effects = reloaded(script)
    assert only(effects, fx.DropLeg) == [fx.DropLeg("d1:1")]
    assert (script.state.device_id, script.state.leg) == ("d1", "d1:3")
    effects = script.do(ev.LegHeard("d2:2"))
    assert only(effects, fx.Attach, fx.DropLeg) == [fx.Attach("d2:2"), fx.DropLeg("d1:3")]
    assert script.state.device_id == "d2" and script.state.moving is None
    assert notices(script) == []


def test_a_third_device_that_takes_the_call_ends_the_move_in_words():
    script = talking()
    script.do(ev.MoveTo("d2", "d2"), offer("d2", "f9", 7), ev.LegConnected("d2:2"))
    script.do(replace(offer("d3", "f3", 9), take=True))
    effects = script.do(ev.LegConnected("d3:3"))
    assert only(effects, fx.DropLeg) == [fx.DropLeg("d1:1"), fx.DropLeg("d2:2")]
    assert script.state.device_id == "d3" and script.state.moving is None
    assert notices(script) == [("d2", "pull_failed")]


def test_of_two_pulls_one_wins():
    script = talking()
    script.do(ev.MoveTo("d2", "d2"))
    assert refused(script.do(ev.MoveTo("d3", "d3"))) == "moving"
    assert refused(script.do(offer("d3", "f3", 9))) == "on_other_device"


def test_the_device_that_has_the_call_has_it():
    assert refused(talking().do(ev.MoveTo("d1", "d1"))) == "not_now"


@pytest.mark.parametrize("to", ["d9", "alternative"])
def test_a_place_that_is_not_there(to: str):
    assert refused(talking().do(ev.MoveTo("d1", to))) == "not_offered"


def test_the_far_end_hangs_up_during_a_move():
    script = talking()
    script.do(ev.MoveTo("d2", "d2"), offer("d2", "f9", 7), ev.LineEnded(ev.LineEnd.BYE))
    assert (script.state.reason, script.state.stage) == (EndReason.HUNG_UP, Stage.OVER)
    assert call_json(script.state)["moving"] is None


def test_a_worker_that_dies_ends_the_move():
    script = talking()
    script.do(ev.MoveTo("d2", "d2"), offer("d2", "f9", 7), ev.EngineGone("died"))
    assert notices(script) == [("d2", "pull_failed")]
    assert script.state.phase is Phase.CONNECTED and script.state.moving is None


# -- to the desk phone -----------------------------------------------------------------------------
def test_the_desk_phone_takes_the_call_whether_the_line_or_the_other_view_is_first():
    for early in (False, True):
        script = talking()
        script.do(ev.MoveTo("d1", "desk_phone"))
        assert call_json(script.state)["actions"] == ["hang_up", "mute"]
        if early:
            script.do(ev.LineEnded(ev.LineEnd.BYE))
            assert script.state.phase is Phase.CONNECTED and script.state.leaving
        effects = script.do(ev.TakenByDesk())
        assert script.state.stage is Stage.OVER and script.state.journal_kind is None
        assert not only(effects, fx.JournalSettle) and not only(effects, fx.Publish)


def test_the_far_end_hangs_up_while_the_desk_phone_rings():
    for told in (ev.MoveFailed(), ev.TimerFired(ev.TimerName.SETTLE)):
        script = talking()
        script.do(ev.MoveTo("d1", "desk_phone"), ev.LineEnded(ev.LineEnd.BYE), told)
        assert (script.state.reason, script.state.journal_kind) == (EndReason.HUNG_UP, "answered")


@pytest.mark.parametrize(
    ("why", "reason"),
    [
        (ev.MoveFailed("It is busy."), None),
        (ev.MoveFailed(WORDS_DESK_RANG_OUT), "no_answer"),
        (ev.TimerFired(ev.TimerName.MOVE), "no_answer"),
    ],
)
def test_a_desk_phone_that_does_not_take_it_leaves_the_call_here(why: ev.Event, reason: str | None):
    script = talking()
    script.do(ev.MoveTo("d2", "desk_phone"), why)
    assert notices(script) == [("d2", "move_failed")] and reasons(script) == [reason]
    assert script.state.phase is Phase.CONNECTED and script.state.device_id == "d1"
    assert call_json(script.state)["moving"] is None


def test_without_the_phone_system_s_word_the_desk_phone_is_no_choice():
    script = talking()
    script.do(ev.DeskTakes(False))
    assert [m["to"] for m in call_json(script.state)["moves"]] == ["d2"]
    assert refused(script.do(ev.MoveTo("d1", "desk_phone"))) == "not_offered"


# -- to the alternative number ---------------------------------------------------------------------
NUMBER = Number("0170", "+49170", "0170")
AGREED_HOLD = (ev.LineDescribed("v=0 ours"), ev.LineOfferDone(True, "v=0 theirs"))


def asked_for_the_alternative() -> Script:
    script = talking()
    script.do(ev.LineOffers(("transfer",)), ev.Reachable((Place("alternative", "0170"),)))
    assert call_json(script.state)["moves"][-1] == {"to": "alternative", "name": "0170"}
    script.do(ev.Refer("d2", Referral("transfer", NUMBER, place="alternative")), *AGREED_HOLD)
    return script


def test_the_alternative_number_takes_the_call():
    script = asked_for_the_alternative()
    assert call_json(script.state)["moving"] == {"to": "alternative", "by": "d2"}
    assert call_json(script.state)["transfer"] is None
    script.do(ev.LineReferred(200, over=True))
    assert script.state.reason is EndReason.TRANSFERRED


def test_an_alternative_number_that_does_not_answer_leaves_the_call():
    script = asked_for_the_alternative()
    script.do(ev.LineReferred(486, over=True))
    assert notices(script) == [("d2", "move_failed")]
    words = [dict(e.payload)["words"] for e in script.seen(fx.TellDevice) if e.event == "notice"]
    assert words == ["The call was not moved. The number is busy."]
    assert script.state.phase is Phase.CONNECTED and call_json(script.state)["moving"] is None


def test_a_phone_system_that_does_not_transfer_offers_no_alternative_number():
    script = talking()
    script.do(ev.Reachable((Place("alternative", "0170"),)))
    assert [m["to"] for m in call_json(script.state)["moves"]] == ["desk_phone"]
