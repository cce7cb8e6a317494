"""Leases, the winner, withdrawals: what each device and the line are told, and in which order."""

from __future__ import annotations

import pytest

from gateway.calls import effects as fx
from gateway.calls import events as ev
from gateway.calls.model import LineStage, Stage
from gateway.calls.states import EndReason, Phase
from gateway.ports import RingRule
from tests.support.call_script import Script, incoming, offer, only, refused, ringing_in

OVERALL = (fx.JournalOpen, fx.Publish, fx.RingOffer)


def test_the_journal_is_written_before_any_device_hears_of_the_call():
    script = Script(incoming())
    effects = script.do(ev.Started(("d1", "d2")))
    assert only(effects, *OVERALL) == [
        fx.JournalOpen(),
        fx.Publish("call.created"),
        fx.RingOffer("d1"),
        fx.RingOffer("d2"),
    ]
    assert fx.SetTimer(ev.TimerName.RENEW, 2.0) in effects
    assert fx.SetTimer(ev.TimerName.RING, 180.0) in effects


@pytest.mark.parametrize("shown", [None, "what the PBX says"])
def test_a_name_that_took_too_long_is_asked_for_again_and_shown_when_it_comes(shown):
    script = Script(incoming(name=shown, name_late=True))
    effects = script.do(ev.Started(("d1",)))
    assert only(effects, fx.JournalOpen, fx.AskName, fx.RingOffer) == [
        fx.JournalOpen(),
        fx.AskName(),
        fx.RingOffer("d1"),
    ]
    assert script.do(ev.Named("Berta Schulz")) == [fx.Publish("call.updated")]
    assert script.state.name == "Berta Schulz"
    assert script.do(ev.Named("Berta Schulz")) == []


@pytest.mark.parametrize(
    "started",
    [
        ev.Started(()),
        ev.Started(("d1",), busy=True),
        ev.Started(("d1",), quiet=True),
        ev.Started(("d1",), rule=RingRule(when_busy="busy"), talks=True),
    ],
)
def test_who_is_not_rung_for_is_asked_for_all_the_same_for_the_journal(started):
    effects = Script(incoming(name_late=True)).do(started)
    assert only(effects, fx.JournalOpen, fx.AskName, fx.JournalSettle)[:2] == [
        fx.JournalOpen(),
        fx.AskName(),
    ]


@pytest.mark.parametrize("name", [None, "Berta Schulz"])
def test_a_name_that_the_directory_has_said_is_not_asked_for_again(name):
    assert fx.AskName() not in Script(incoming(name=name)).do(ev.Started(("d1",)))


def test_a_name_that_comes_while_the_entry_waits_is_kept():
    script = Script(incoming(name_late=True, watched=True))
    script.do(ev.Started(("d1",)), ev.LineEnded(ev.LineEnd.CANCEL), ev.Named("Berta Schulz"))
    script.do(ev.TimerFired(ev.TimerName.SETTLE))
    assert (script.state.stage, script.state.name) == (Stage.OVER, "Berta Schulz")


def test_our_answer_for_the_line_travels_in_the_180():
    script = Script(incoming())
    script.do(ev.Started(("d1",)))
    assert script.do(ev.LineDescribed("v=0 ours")) == [fx.LineRing("v=0 ours")]
    assert script.state.line is LineStage.READY


def test_leases_are_renewed_for_those_who_ring():
    script = ringing_in("d1", "d2")
    script.do(ev.Silence("d1"))
    effects = script.do(ev.TimerFired(ev.TimerName.RENEW))
    assert effects == [fx.RingRenew("d2"), fx.SetTimer(ev.TimerName.RENEW, 2.0)]


def test_a_device_that_comes_online_rings_too_and_its_offline_stops_the_renewal():
    script = ringing_in("d1")
    assert fx.RingOffer("d2") in script.do(ev.DeviceOnline("d2"))
    script.do(ev.DeviceOffline("d1"))
    assert fx.RingRenew("d1") not in script.do(ev.TimerFired(ev.TimerName.RENEW))
    assert script.state.ringing == ("d2",)


def test_a_ringing_device_with_a_new_socket_is_offered_the_call_again():
    script = ringing_in("d1", "d2")
    assert script.do(ev.DeviceOnline("d1")) == [fx.RingOffer("d1")]
    assert script.state.ringing == ("d1", "d2")


def test_when_the_last_device_is_gone_for_a_lease_the_pbx_goes_on():
    script = ringing_in("d1")
    assert fx.SetTimer(ev.TimerName.NOBODY, 6.0) in script.do(ev.DeviceOffline("d1"))
    effects = script.do(ev.TimerFired(ev.TimerName.NOBODY))
    assert fx.LineReject(480, "no device signed in") in effects
    assert script.state.journal_kind == "missed"


def test_a_device_that_comes_back_within_its_lease_rings_on():
    script = ringing_in("d1")
    script.do(ev.DeviceOffline("d1"))
    effects = script.do(ev.DeviceOnline("d1"))
    assert fx.RingOffer("d1") in effects
    assert fx.StopTimer(ev.TimerName.NOBODY) in effects
    assert script.do(ev.TimerFired(ev.TimerName.NOBODY)) == []


@pytest.mark.parametrize(
    ("how", "elsewhere", "kind"),
    [
        (ev.LineEnd.CANCEL, False, "missed"),
        (ev.LineEnd.CANCEL, True, "answered"),
        (ev.LineEnd.LOST, False, "missed"),
    ],
)
def test_an_answer_that_never_left_is_no_answer(how, elsewhere, kind):
    script = ringing_in("d1")
    script.do(offer("d1"), ev.LegConnected("d1:1"), ev.Answer("d1"))
    effects = script.do(ev.LineEnded(how, elsewhere, unanswered=True))
    assert fx.JournalSettle(kind) in effects
    assert script.state.reason is (
        EndReason.ANSWERED_ELSEWHERE if elsewhere else EndReason.CANCELLED
    )
    assert (script.state.answered_at, script.state.device_id) == (None, None)


def test_a_winner_that_vanishes_leaves_no_endless_ring():
    script = ringing_in("d1")
    script.do(ev.Answer("d1"))
    assert not only(script.do(ev.DeviceOffline("d1")), fx.SetTimer), "it may still come back"
    assert script.do(ev.TimerFired(ev.TimerName.RENEW)) == [fx.SetTimer(ev.TimerName.RENEW, 2.0)]
    effects = script.do(ev.TimerFired(ev.TimerName.WIN))
    assert not only(effects, fx.RingOffer, fx.TellDevice), "there is nobody to be told"
    assert fx.SetTimer(ev.TimerName.NOBODY, 6.0) in effects
    effects = script.do(ev.TimerFired(ev.TimerName.NOBODY))
    assert fx.LineReject(480, "no device signed in") in effects


def test_a_winner_that_comes_back_in_time_gets_its_call():
    script = ringing_in("d1")
    script.do(offer("d1"), ev.Answer("d1"), ev.DeviceOffline("d1"))
    assert refused(script.do(offer("d1", "f1", 2))) is None, "its path needs no event stream"
    script.do(ev.DeviceOnline("d1"))
    assert fx.LineAccept("v=0 ours") in script.do(ev.LegConnected("d1:1"))


def test_the_others_ring_on_when_the_winner_vanishes():
    script = ringing_in("d1", "d2")
    script.do(ev.Answer("d1"), ev.DeviceOffline("d1"))
    assert not only(script.do(ev.TimerFired(ev.TimerName.WIN)), fx.SetTimer)
    assert script.state.ringing == ("d2",)


def test_the_last_silenced_device_going_away_ends_the_wait():
    script = ringing_in("d1", "d2")
    script.do(ev.Silence("d1"), ev.DeviceOffline("d2"))
    assert fx.SetTimer(ev.TimerName.NOBODY, 6.0) in script.do(ev.DeviceOffline("d1"))
    assert fx.LineReject(480, "no device signed in") in script.do(
        ev.TimerFired(ev.TimerName.NOBODY)
    )


def test_a_silenced_device_comes_back_silent_and_may_answer():
    script = ringing_in("d1")
    script.do(ev.Silence("d1"), ev.DeviceOffline("d1"))
    assert script.do(ev.DeviceOnline("d1")) == [fx.StopTimer(ev.TimerName.NOBODY)]
    assert script.do(ev.TimerFired(ev.TimerName.NOBODY)) == []
    assert refused(script.do(ev.Answer("d1"))) is None


def test_silence_stops_one_device_and_sends_nothing():
    script = ringing_in("d1", "d2")
    assert script.do(ev.Silence("d1")) == [fx.RingStop("d1", "silenced", "d1")]
    assert script.state.ringing == ("d2",)
    assert script.do(ev.DeviceOnline("d1")) == [], "it stays silent"
    script.do(ev.DeviceOffline("d2"))
    assert script.do(ev.TimerFired(ev.TimerName.NOBODY)) == [], "a silenced user may still answer"
    assert refused(script.do(ev.Answer("d1"))) is None
    assert script.state.winner == "d1"


def test_a_pre_armed_device_answers_at_once():
    script = ringing_in("d1", "d2")
    script.do(offer("d1"), offer("d2", "f2"), ev.LegConnected("d1:1"))
    effects = script.do(ev.Answer("d1"))
    assert script.state.phase is Phase.CONNECTED
    assert only(
        effects, fx.Attach, fx.JournalAnswered, fx.LineAccept, fx.RingStop, fx.Publish, fx.DropLeg
    ) == [
        fx.Attach("d1:1"),
        fx.JournalAnswered("d1"),
        fx.LineAccept("v=0 ours"),
        fx.RingStop("d2", "answered_elsewhere", "d1"),
        fx.RingStop("d1", "answered", "d1"),
        fx.Publish("call.updated"),
        fx.DropLeg("d2:2"),
    ]
    assert script.state.device_id == "d1"


def test_one_winner_and_the_other_is_told():
    script = ringing_in("d1", "d2")
    script.do(ev.Answer("d1"))
    assert refused(script.do(ev.Answer("d2"))) == "answered_elsewhere"
    assert refused(script.do(ev.Decline("d2"))) == "answered_elsewhere"
    assert script.state.winner == "d1"
    assert refused(script.do(ev.Answer("d1"))) is None, "the same answer again is no mistake"


def test_a_stranger_cannot_answer():
    script = ringing_in("d1")
    assert refused(script.do(ev.Answer("d9"))) == "not_ringing"
    assert refused(script.do(offer("d9"))) == "not_ringing"


def test_the_line_waits_for_the_winners_path_and_rings_on_for_the_others():
    script = ringing_in("d1", "d2")
    effects = script.do(ev.Answer("d1"))
    assert fx.SetTimer(ev.TimerName.WIN, 3.0) in effects
    assert not only(effects, fx.LineAccept, fx.RingStop)
    script.do(offer("d1"))
    assert fx.LineAccept("v=0 ours") in script.do(ev.LegConnected("d1:1"))


def test_the_line_description_may_be_the_last_to_come():
    script = Script(incoming())
    script.do(ev.Started(("d1",)), offer("d1"), ev.LegConnected("d1:1"), ev.Answer("d1"))
    assert script.state.phase is Phase.RINGING_IN
    effects = script.do(ev.LineDescribed("v=0 ours"))
    assert only(effects, fx.LineRing, fx.LineAccept) == [
        fx.LineRing("v=0 ours"),
        fx.LineAccept("v=0 ours"),
    ]


def test_a_win_without_sound_is_withdrawn_and_the_others_ring_on():
    script = ringing_in("d1", "d2")
    script.do(ev.Answer("d1"), offer("d1"))
    effects = script.do(ev.TimerFired(ev.TimerName.WIN))
    assert script.state.winner is None
    assert script.state.phase is Phase.RINGING_IN
    (notice,) = only(effects, fx.TellDevice)
    assert notice.event == "notice"
    assert ("code", "answer_failed") in notice.payload
    assert fx.RingOffer("d1") in effects
    script.do(offer("d2", "f2"), ev.LegConnected("d2:2"))
    script.do(ev.Answer("d2"))
    assert script.state.phase is Phase.CONNECTED
    assert script.state.device_id == "d2"


def test_a_winner_whose_path_breaks_loses_at_once():
    for broken in (ev.LegLost("d1:1", "closed"), ev.LegRefused("d1:1", "bad")):
        script = ringing_in("d1", "d2")
        script.do(offer("d1"), ev.Answer("d1"), broken)
        assert script.state.winner is None
        assert script.state.legs == ()


def test_decline_is_486_for_the_line_and_the_end_of_the_ring_for_all():
    script = ringing_in("d1", "d2")
    effects = script.do(ev.Decline("d2"))
    assert fx.LineReject(486) in effects
    assert only(effects, fx.RingStop) == [
        fx.RingStop("d1", "declined", "d2"),
        fx.RingStop("d2", "declined", "d2"),
    ]
    assert (script.state.reason, script.state.journal_kind) == (EndReason.DECLINED, "declined")


def test_hang_up_on_a_ringing_call_declines_it():
    script = ringing_in("d1")
    assert fx.LineReject(486) in script.do(ev.HangUp("d1"))


def test_a_ring_without_end_ends():
    script = ringing_in("d1")
    effects = script.do(ev.TimerFired(ev.TimerName.RING))
    assert fx.LineReject(480, "no answer") in effects
    assert script.state.reason is EndReason.NO_ANSWER


def test_too_many_calls_is_busy_and_recorded():
    script = Script(incoming())
    effects = script.do(ev.Started(("d1",), busy=True))
    assert only(effects, fx.JournalOpen, fx.JournalSettle, fx.LineReject, fx.RingOffer) == [
        fx.JournalOpen(),
        fx.JournalSettle("missed"),
        fx.LineReject(486),
    ]


def test_who_is_not_to_be_disturbed_is_busy_and_finds_it_in_the_journal():
    script = Script(incoming())
    effects = script.do(ev.Started(("d1",), quiet=True))
    assert only(effects, fx.JournalOpen, fx.JournalSettle, fx.LineReject, fx.RingOffer) == [
        fx.JournalOpen(),
        fx.JournalSettle("missed"),
        fx.LineReject(486),
    ]
    assert [step.code for step in script.state.trail] == ["do_not_disturb"]
    assert fx.RingOffer("d2") not in script.do(ev.DeviceOnline("d2"))


def test_media_that_cannot_be_had_refuses_the_line():
    script = Script(incoming())
    script.do(ev.Started(("d1",)))
    effects = script.do(ev.LineRefused("no port"))
    assert fx.LineReject(500) in effects
    assert script.state.reason is EndReason.MEDIA_FAILED


def test_cancel_with_a_second_view_waits_for_who_answered_and_settles_once():
    script = Script(incoming(watched=True))
    script.do(ev.Started(("d1",)), ev.LineDescribed("v=0"))
    effects = script.do(ev.LineEnded(ev.LineEnd.CANCEL))
    assert not only(effects, fx.JournalSettle)
    assert fx.SetTimer(ev.TimerName.SETTLE, 2.0) in effects
    effects = script.do(ev.AnsweredElsewhere("Carla Lang"))
    assert fx.JournalSettle("answered_by") in effects
    assert script.state.stage is Stage.OVER
    assert script.do(ev.TimerFired(ev.TimerName.SETTLE)) == []


def test_without_news_from_the_second_view_the_call_was_missed():
    script = Script(incoming(watched=True))
    script.do(ev.Started(("d1",)), ev.LineEnded(ev.LineEnd.CANCEL))
    assert fx.JournalSettle("missed") in script.do(ev.TimerFired(ev.TimerName.SETTLE))


def test_the_second_view_may_stop_the_ring_before_the_cancel():
    script = ringing_in("d1", "d2")
    effects = script.do(ev.AnsweredElsewhere())
    assert len(only(effects, fx.RingStop)) == 2
    assert script.state.journal_kind == "answered"


def test_without_a_device_the_pbx_goes_on_at_once_and_the_call_is_recorded():
    script = Script(incoming())
    effects = script.do(ev.Started(()))
    assert only(effects, fx.JournalOpen, fx.JournalSettle, fx.LineReject, fx.RingOffer) == [
        fx.JournalOpen(),
        fx.JournalSettle("missed"),
        fx.LineReject(480, "no device signed in"),
    ]
    assert script.state.reason is EndReason.UNREACHABLE
    assert script.state.stage is Stage.OVER


@pytest.mark.parametrize(("when_busy", "rings"), [("busy", False), ("second_call", True)])
def test_while_the_user_talks_a_second_call_rings_or_is_busy(when_busy: str, rings: bool) -> None:
    script = Script(incoming())
    script.do(ev.Started(("d1",), rule=RingRule(when_busy=when_busy), talks=True))  # type: ignore[arg-type]
    assert bool(script.seen(fx.RingOffer)) is rings
    if not rings:
        assert fx.LineReject(486) in script.effects
        assert script.state.words == "You were in a call and take no second one."
    script = Script(incoming())
    script.do(ev.Started(("d1",), rule=RingRule(when_busy=when_busy)))  # type: ignore[arg-type]
    assert script.seen(fx.RingOffer), "who does not talk is not busy"
