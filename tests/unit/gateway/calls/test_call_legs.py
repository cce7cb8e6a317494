"""Device legs: lost, repaired, replaced, taken over; the far end notices no more than it must."""

from __future__ import annotations

import pytest

from gateway.calls import effects as fx
from gateway.calls import events as ev
from gateway.calls.model import Stage
from gateway.calls.states import EndReason, Media, Phase
from tests.support.call_script import (
    Script,
    connected_in,
    connected_out,
    offer,
    only,
    outgoing,
    refused,
    ringing_in,
)


def test_the_answer_goes_to_the_device_that_offered_with_its_generation():
    script = Script(outgoing())
    script.do(ev.Started(), offer("d1", "f1", 42))
    (told,) = script.do(ev.LegDescribed("d1:1", "v=0 answer"))
    assert told == fx.TellDevice("d1", "media.answer", (("sdp", "v=0 answer"), ("generation", 42)))


def test_the_same_path_again_is_a_restart_of_the_same_leg():
    script = connected_out()
    assert script.do(offer("d1", "f1", 1)) == [fx.AcceptLeg("d1:1", "v=0 d1 f1")]
    assert script.state.media is Media.ATTACHED
    effects = script.do(ev.LegConnected("d1:1"))
    assert not only(effects, fx.Attach, fx.DropLeg)


def test_a_reload_brings_a_new_leg_that_replaces_the_old_one():
    script = connected_out()
    effects = script.do(offer("d1", "f2", 2))
    assert effects == [fx.AcceptLeg("d1:2", "v=0 d1 f2")]
    assert script.state.leg == "d1:1", "nothing moves before the new path is up"
    effects = script.do(ev.LegConnected("d1:2"))
    assert effects[:2] == [fx.Attach("d1:2"), fx.DropLeg("d1:1")]
    assert [leg.name for leg in script.state.legs] == ["d1:2"]


def test_two_reloads_in_a_row_leave_one_leg():
    script = connected_out()
    script.do(offer("d1", "f2", 2))
    assert fx.DropLeg("d1:2") in script.do(offer("d1", "f3", 3))
    script.do(ev.LegConnected("d1:3"))
    assert [leg.name for leg in script.state.legs] == ["d1:3"]
    assert script.do(ev.LegConnected("d1:2")) == [], "the superseded path is history"


def test_an_older_path_does_not_displace_a_newer_one():
    script = connected_out()
    script.do(offer("d1", "f5", 5))
    assert refused(script.do(offer("d1", "f4", 4))) == "superseded"


def test_another_device_takes_the_call_over():
    script = connected_in()
    script.do(offer("d2", "f9", 7, take=True))
    effects = script.do(ev.LegConnected("d2:2"))
    assert effects[:2] == [fx.Attach("d2:2"), fx.DropLeg("d1:1")]
    assert script.state.device_id == "d2"


def test_a_device_that_only_repairs_its_path_takes_no_talking_call():
    script = connected_in()
    assert refused(script.do(offer("d2", "f9", 7))) == "on_other_device"
    script.do(ev.LegHeard("d1:1"))
    assert (script.state.device_id, script.state.leg) == ("d1", "d1:1")
    script.do(offer("d2", "f9", 7, take=True), ev.LegConnected("d2:2"))
    assert refused(script.do(offer("d1", "f1", 2))) == "on_other_device", "nor does it take it back"


def test_a_lost_call_is_saved_by_any_device():
    script = connected_in()
    script.do(ev.LegQuiet("d1:1", 5.0))
    script.do(offer("d2", "f9", 7), ev.LegConnected("d2:2"))
    assert script.state.device_id == "d2"


def test_who_comes_to_save_a_call_that_is_no_longer_lost_comes_too_late():
    script = connected_in()
    script.do(ev.LegQuiet("d1:1", 5.0), offer("d2", "f9", 7), ev.LegQuiet("d1:1", 0.0))
    effects = script.do(ev.LegConnected("d2:2"))
    assert fx.DropLeg("d2:2") in effects
    assert not only(effects, fx.Attach)
    assert [leg.name for leg in script.state.legs] == ["d1:1"]


def test_before_the_answer_only_the_dialling_device_brings_sound():
    script = Script(outgoing())
    script.do(ev.Started())
    assert refused(script.do(offer("d2", "f2"))) == "on_other_device"


def test_silence_is_repaired_step_by_step():
    script = connected_in()
    assert script.do(ev.LegQuiet("d1:1", 0.5)) == [fx.TellDevice("d1", "media.restart")]
    assert fx.Play("line", "comfort") in script.do(ev.LegQuiet("d1:1", 3.0))
    effects = script.do(ev.LegQuiet("d1:1", 5.0))
    assert script.state.media is Media.LOST
    assert fx.SetTimer(ev.TimerName.LOST, 85.0) in effects
    assert fx.TellDevice("d1", "media.renegotiate", (("fresh", True),)) in effects
    effects = script.do(ev.LegQuiet("d1:1", 0.0))
    assert script.state.media is Media.ATTACHED
    assert only(effects, fx.StopPlaying, fx.StopTimer) == [
        fx.StopTimer(ev.TimerName.LOST),
        fx.StopTimer(ev.TimerName.COMFORT),
        fx.StopPlaying("line"),
    ]
    assert not script.state.comfort


def test_a_closed_path_is_never_a_hang_up():
    script = connected_in()
    effects = script.do(ev.LegLost("d1:1", "close_notify"))
    assert script.state.phase is Phase.CONNECTED
    assert not only(effects, fx.LineHangUp)
    assert fx.SetTimer(ev.TimerName.COMFORT, 3.0) in effects
    assert fx.SetTimer(ev.TimerName.LOST, 90.0) in effects
    assert fx.Play("line", "comfort") in script.do(ev.TimerFired(ev.TimerName.COMFORT))
    script.do(offer("d1", "f2", 2), ev.LegConnected("d1:2"))
    assert script.state.comfort, "until the new path is really heard"
    effects = script.do(ev.LegHeard("d1:2"))
    assert fx.StopPlaying("line") in effects
    assert fx.StopTimer(ev.TimerName.LOST) in effects


def test_media_close_of_a_running_call_is_a_lost_leg():
    script = connected_in()
    script.do(ev.MediaClosed("d1"))
    assert (script.state.phase, script.state.media) == (Phase.CONNECTED, Media.LOST)


def test_nobody_comes_back_within_the_limit():
    script = connected_in()
    script.do(ev.LegLost("d1:1"))
    effects = script.do(ev.TimerFired(ev.TimerName.LOST))
    assert script.state.reason is EndReason.MEDIA_FAILED
    assert script.state.words
    assert only(effects, fx.LineHangUp)
    assert script.state.stage is Stage.OVER


def test_an_answered_call_without_a_device_comforts_the_far_end():
    script = Script(outgoing())
    effects = script.do(ev.Started(), ev.LineDescribed("v=0"), ev.LineAnswered("v=0 theirs"))
    assert fx.SetTimer(ev.TimerName.COMFORT, 3.0) in effects
    assert fx.Play("line", "comfort") in script.do(ev.TimerFired(ev.TimerName.COMFORT))
    script.do(offer(), ev.LegConnected("d1:1"), ev.LegHeard("d1:1"))
    assert not script.state.comfort


def test_a_closed_microphone_is_no_broken_path_but_not_for_ever():
    script = ringing_in("d1")
    script.do(offer("d1"), ev.LegConnected("d1:1"))
    effects = script.do(ev.Answer("d1"))
    assert only(effects, fx.SetTimer) == [
        fx.SetTimer(ev.TimerName.LOST, 90.0),
        fx.SetTimer(ev.TimerName.COMFORT, 3.0),
    ]
    for seconds in (0.5, 3.0, 5.0):
        assert script.do(ev.LegQuiet("d1:1", seconds)) == [], "no restart mends a microphone"
    assert fx.Play("line", "comfort") in script.do(ev.TimerFired(ev.TimerName.COMFORT))
    effects = script.do(ev.LegHeard("d1:1"))
    assert fx.StopPlaying("line") in effects
    assert fx.StopTimer(ev.TimerName.LOST) in effects


def test_a_refused_re_offer_leaves_the_path_as_it_was():
    script = connected_in()
    script.do(offer("d1", "f1", 1))
    effects = script.do(ev.LegRefused("d1:1", "bad sdp"))
    assert script.state.media is Media.ATTACHED
    assert not only(effects, fx.DropLeg)


def test_sockets_come_and_go_without_any_effect_on_a_call():
    script = connected_in()
    before = script.state
    assert script.do(ev.DeviceOffline("d1")) == []
    assert script.do(ev.DeviceOnline("d1")) == []
    assert script.state == before


def test_a_dead_worker_is_replaced_once():
    script = connected_in()
    effects = script.do(ev.EngineGone("killed"))
    assert only(effects, fx.OfferLine) == [fx.OfferLine(fresh=True)]
    assert fx.TellDevice("d1", "media.renegotiate", (("fresh", True),)) in effects
    assert script.do(ev.LineDescribed("v=0 new")) == [fx.LineOffer("v=0 new")]
    effects = script.do(ev.LineOfferDone(True, "v=0 agreed"))
    assert fx.ApplyLine("v=0 agreed") in effects
    script.do(offer("d1", "f2", 2))
    assert fx.Attach("d1:2") in script.do(ev.LegConnected("d1:2"))
    assert (script.state.phase, script.state.media) == (Phase.CONNECTED, Media.ATTACHED)


@pytest.mark.parametrize(
    "failure",
    [
        ev.EngineGone("again"),
        ev.LineRefused("no worker"),
        ev.TimerFired(ev.TimerName.REBUILD),
    ],
)
def test_a_rebuild_that_fails_ends_the_call_in_words(failure):
    script = connected_in()
    script.do(ev.EngineGone("killed"))
    effects = script.do(failure)
    assert script.state.reason is EndReason.MEDIA_FAILED
    assert only(effects, fx.LineHangUp)


def test_a_refused_rebuild_at_the_far_end_ends_the_call():
    script = connected_in()
    script.do(ev.EngineGone("killed"), ev.LineDescribed("v=0"), ev.LineOfferDone(False))
    assert script.state.reason is EndReason.MEDIA_FAILED


def test_a_pre_armed_leg_that_breaks_only_loses_itself():
    script = ringing_in("d1", "d2")
    script.do(offer("d1"), ev.LegConnected("d1:1"))
    assert script.do(ev.LegLost("d1:1", "closed")) == [fx.DropLeg("d1:1")]
    assert script.state.phase is Phase.RINGING_IN


def test_mute_is_state_of_the_call():
    script = connected_in()
    assert script.do(ev.Mute("d1", True)) == [fx.MuteLine(True), fx.Publish("call.updated")]
    assert script.state.muted
    script.do(offer("d2", "f2", take=True), ev.LegConnected("d2:2"))
    assert script.state.muted, "it moves along with the call"
