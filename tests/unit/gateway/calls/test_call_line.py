"""The line's side of a Call: tones, early media, failures, changes, ends."""

from __future__ import annotations

import pytest

from gateway.calls import effects as fx
from gateway.calls import events as ev
from gateway.calls.model import LineStage, Stage
from gateway.calls.states import EndReason, Hold, Phase
from gateway.calls.words import failure, journal_kind
from tests.support.call_script import (
    Script,
    connected_in,
    connected_out,
    offer,
    only,
    outgoing,
    refused,
)


def invited(*more: ev.Event) -> Script:
    script = Script(outgoing())
    script.do(ev.Started(), ev.LineDescribed("v=0 ours"), offer(), ev.LegConnected("d1:1"), *more)
    return script


def test_the_engine_works_while_the_journal_commits_and_the_invite_needs_both():
    script = Script(outgoing())
    effects = script.do(ev.Started())
    assert only(effects, fx.OfferLine, fx.JournalOpen, fx.AskName, fx.Publish) == [
        fx.OfferLine(),
        fx.JournalOpen(),
        fx.AskName(),
        fx.Publish("call.created"),
    ]
    assert not only(effects, fx.LineInvite)
    assert script.do(ev.LineDescribed("v=0 ours")) == [fx.LineInvite("v=0 ours")]


def test_ringback_from_the_180_until_the_first_sound():
    script = invited()
    assert fx.Play("device", "ringback") in script.do(ev.LineRinging())
    assert script.do(ev.LineRinging()) == [], "a second 180 changes nothing"
    effects = script.do(ev.LineAnswered("v=0 theirs"))
    assert fx.SetTimer(ev.TimerName.RINGBACK, 1.0) in effects
    assert fx.StopPlaying("device") in script.do(ev.LineHeard())
    assert script.do(ev.TimerFired(ev.TimerName.RINGBACK)) == []


def test_ringback_does_not_outlive_the_answer_of_a_silent_far_end():
    script = invited(ev.LineRinging(), ev.LineAnswered("v=0"))
    assert fx.StopPlaying("device") in script.do(ev.TimerFired(ev.TimerName.RINGBACK))


def test_early_media_without_ringing_is_heard_as_it_is():
    script = invited()
    effects = script.do(ev.LineEarlyMedia("v=0 early"))
    assert script.state.phase is Phase.EARLY
    assert fx.ApplyLine("v=0 early") in effects
    assert not only(effects, fx.Play)
    assert script.do(ev.LineRinging()) == [], "the far side's sound goes on"


def test_ringing_with_a_description_rings_back_until_sound_comes():
    script = invited()
    assert fx.Play("device", "ringback") in script.do(ev.LineEarlyMedia("v=0", ringing=True))
    assert fx.StopPlaying("device") in script.do(ev.LineHeard())


def test_ringback_goes_on_from_180_into_a_183_until_its_sound():
    script = invited(ev.LineRinging())
    effects = script.do(ev.LineEarlyMedia("v=0"))
    assert not only(effects, fx.StopPlaying)
    assert fx.StopPlaying("device") in script.do(ev.LineHeard())


def test_the_answer_already_agreed_in_early_media_is_not_applied_twice():
    script = invited(ev.LineEarlyMedia("v=0 early"))
    effects = script.do(ev.LineAnswered("v=0 early"))
    assert not only(effects, fx.ApplyLine)
    assert script.state.line is LineStage.AGREED


def test_an_answer_without_description_is_no_call():
    script = invited()
    effects = script.do(ev.LineAnswered(None))
    assert script.state.reason is EndReason.MEDIA_FAILED
    assert only(effects, fx.LineHangUp)


def test_the_journal_knows_before_clients_do():
    effects = invited().do(ev.LineAnswered("v=0"))
    assert only(effects, fx.JournalAnswered, fx.Publish) == [
        fx.JournalAnswered("d1"),
        fx.Publish("call.updated"),
    ]


@pytest.mark.parametrize(
    ("progress", "reason"),
    [
        ((ev.LineEarlyMedia("v=0 announcement"),), EndReason.UNREACHABLE),
        ((ev.LineEarlyMedia("v=0", ringing=True),), EndReason.NO_ANSWER),
        ((ev.LineEarlyMedia("v=0 announcement"), ev.LineRinging()), EndReason.NO_ANSWER),
        (
            (ev.LineEarlyMedia("v=0"), ev.LineEarlyMedia("v=0", ringing=True)),
            EndReason.NO_ANSWER,
        ),
    ],
)
def test_only_a_180_says_that_a_phone_rang(progress, reason):
    script = invited(*progress, ev.LineFailed(480))
    assert script.state.reason is reason


def test_after_a_failure_the_tone_is_heard_and_then_everything_goes():
    script = invited()
    effects = script.do(ev.LineFailed(486))
    assert fx.Play("device", "busy", 5.0) in effects
    assert script.state.stage is Stage.TAIL
    effects = script.do(ev.TimerFired(ev.TimerName.TAIL))
    assert effects == [fx.StopTimers(), fx.CloseMedia(), fx.Done()]
    assert script.state.stage is Stage.OVER


def test_a_device_that_is_late_still_hears_the_tone():
    script = Script(outgoing())
    script.do(ev.Started(), ev.LineDescribed("v=0"), ev.LineFailed(404), offer())
    assert fx.Attach("d1:1") in script.do(ev.LegConnected("d1:1"))
    script.do(ev.HangUp("d1"))
    assert script.state.stage is Stage.OVER
    assert script.state.reason is EndReason.UNREACHABLE


def test_nothing_else_is_possible_in_the_tail():
    script = invited(ev.LineFailed(486))
    for command in (ev.Answer("d1"), ev.Mute("d1", True), ev.SendDigits("d1", "1"), offer("d2")):
        assert refused(script.do(command)) == "call_over"


@pytest.mark.parametrize(
    ("status", "cause", "text", "down", "reason", "tone"),
    [
        (486, None, "", False, EndReason.BUSY, "busy"),
        (600, None, "", False, EndReason.BUSY, "busy"),
        (486, 21, "", False, EndReason.DECLINED, "busy"),
        (603, None, "", False, EndReason.DECLINED, "busy"),
        (404, 21, "", False, EndReason.UNREACHABLE, "reorder"),
        (480, None, "", False, EndReason.UNREACHABLE, "reorder"),
        (480, 18, "", False, EndReason.NO_ANSWER, "busy"),
        (480, 17, "", False, EndReason.BUSY, "busy"),
        (480, None, "line not registered", False, EndReason.UNREACHABLE, "reorder"),
        (408, None, "", False, EndReason.NO_ANSWER, "busy"),
        (403, None, "", False, EndReason.BLOCKED, "reorder"),
        (488, None, "", False, EndReason.MEDIA_FAILED, "reorder"),
        (503, None, "", True, EndReason.UNREACHABLE, "reorder"),
        (503, None, "PBX not reachable", False, EndReason.UNREACHABLE, "reorder"),
        (500, None, "", False, EndReason.UNREACHABLE, "reorder"),
        (499, None, "", False, EndReason.UNREACHABLE, "reorder"),
        (302, None, "", False, EndReason.UNREACHABLE, "reorder"),
    ],
)
def test_every_failure_has_a_reason_words_and_a_tone(status, cause, text, down, reason, tone):
    outcome = failure(status, cause, text, down)
    assert (outcome.reason, outcome.tone) == (reason, tone)
    assert outcome.words.endswith(".")


def test_a_phone_that_rang_was_not_answered_rather_than_away():
    assert failure(480, None, "", False, rang=True).reason is EndReason.NO_ANSWER
    assert failure(480, 20, "", False, rang=True).reason is EndReason.UNREACHABLE
    assert failure(404, None, "", False, rang=True).reason is EndReason.UNREACHABLE


def test_words_tell_apart_what_the_user_can_act_on():
    texts = {
        failure(503, None, "", True).words,
        failure(503, None, "PBX not reachable", False).words,
        failure(480, None, "line not registered", False).words,
        failure(480, None, "", False).words,
        failure(404, None, "", False).words,
        failure(403, None, "", False).words,
    }
    assert len(texts) == 6


@pytest.mark.parametrize(
    ("direction", "answered", "reason", "kind"),
    [
        ("in", True, EndReason.HUNG_UP, "answered"),
        ("in", True, EndReason.MEDIA_FAILED, "answered"),
        ("in", False, EndReason.DECLINED, "declined"),
        ("in", False, EndReason.ANSWERED_ELSEWHERE, "answered"),
        ("in", False, EndReason.FORWARDED, "forwarded"),
        ("in", False, EndReason.CANCELLED, "missed"),
        ("in", False, EndReason.NO_ANSWER, "missed"),
        ("in", False, EndReason.UNREACHABLE, "missed"),
        ("in", False, EndReason.NODE_FAILED, "missed"),
        ("in", False, EndReason.BUSY, "missed"),
        ("out", True, EndReason.HUNG_UP, "answered"),
        ("out", False, EndReason.BUSY, "busy"),
        ("out", False, EndReason.NO_ANSWER, "no_answer"),
        ("out", False, EndReason.CANCELLED, "cancelled"),
        ("out", False, EndReason.DECLINED, "declined"),
        ("out", False, EndReason.UNREACHABLE, "failed"),
        ("out", False, EndReason.BLOCKED, "failed"),
    ],
)
def test_kinds_of_journal_entries(direction, answered, reason, kind):
    assert journal_kind(direction, answered, reason) == kind


def test_the_far_end_hangs_up():
    script = connected_out()
    effects = script.do(ev.LineEnded(ev.LineEnd.BYE))
    assert script.state.reason is EndReason.HUNG_UP
    assert not only(effects, fx.LineHangUp)
    assert script.state.stage is Stage.OVER


def test_the_user_hangs_up_journal_first():
    effects = connected_out().do(ev.HangUp("d1"))
    assert only(effects, fx.JournalSettle, fx.LineHangUp, fx.Publish) == [
        fx.JournalSettle("answered"),
        fx.LineHangUp(),
        fx.Publish("call.ended"),
    ]


def test_any_device_of_the_user_may_hang_up():
    script = connected_out()
    script.do(ev.HangUp("d7"))
    assert script.state.phase is Phase.ENDED


def test_hang_up_before_the_answer_is_a_cancel():
    script = invited(ev.LineRinging())
    assert fx.LineHangUp() in script.do(ev.HangUp("d1"))
    assert script.state.reason is EndReason.CANCELLED


def test_no_sign_of_life_from_the_far_side():
    script = invited()
    effects = script.do(ev.TimerFired(ev.TimerName.DIAL))
    assert script.state.reason is EndReason.UNREACHABLE
    assert only(effects, fx.LineHangUp)


def test_the_far_side_holds_and_retrieves():
    script = connected_out()
    effects = script.do(ev.LineOffered("v=0 a=sendonly", held=True))
    assert effects == [fx.AnswerLine("v=0 a=sendonly")]
    assert script.do(ev.LineDescribed("v=0 recvonly")) == [
        fx.LineAnswerOffer("v=0 recvonly"),
        fx.Publish("call.updated"),
    ]
    assert script.state.hold is Hold.REMOTE
    assert script.do(ev.LineQuiet(30.0)) == [], "a held line may be silent"
    script.do(ev.LineOffered("v=0 sendrecv"), ev.LineDescribed("v=0 sendrecv"))
    assert script.state.hold is Hold.NONE


def test_an_offer_that_the_engine_refuses_holds_nothing():
    script = connected_out()
    script.do(ev.LineOffered("v=0 a=sendonly", held=True))
    assert fx.LineRefuseOffer(488) in script.do(ev.LineRefused("no such codec"))
    assert script.state.hold is Hold.NONE
    script.do(ev.LineOffered("v=0 again"), ev.LineDescribed("v=0 ours"))
    assert script.state.hold is Hold.NONE


def test_two_offers_at_once_get_491():
    script = connected_out()
    script.do(ev.LineOffered("v=0 a"))
    assert script.do(ev.LineOffered("v=0 b")) == [fx.LineRefuseOffer(491)]


def test_an_offer_the_engine_cannot_serve_leaves_the_call_as_it_was():
    script = connected_out()
    script.do(ev.LineOffered("v=0 video only"))
    assert fx.LineRefuseOffer(488) in script.do(ev.LineRefused("no audio"))
    assert script.state.phase is Phase.CONNECTED
    assert script.state.line is LineStage.AGREED


def test_a_silent_line_is_told_and_then_ended():
    script = connected_in()
    (note, notice) = script.do(ev.LineQuiet(5.0))
    assert isinstance(note, fx.Note)
    assert ("code", "line_silent") in notice.payload
    effects = script.do(ev.LineQuiet(30.0))
    assert only(effects, fx.LineHangUp)
    assert script.state.reason is EndReason.MEDIA_FAILED


def test_digits_only_where_somebody_can_hear_them():
    assert refused(invited().do(ev.SendDigits("d1", "1"))) == "not_now"
    assert invited(ev.LineEarlyMedia("v=0")).do(ev.SendDigits("d1", "1")) == [fx.PlayDigits("1")]
    assert connected_out().do(ev.SendDigits("d1", "12#")) == [fx.PlayDigits("12#")]


def test_shutdown_ends_in_order_with_words():
    script = connected_out()
    effects = script.do(ev.ShutDown())
    assert only(effects, fx.JournalSettle, fx.LineHangUp)
    assert script.state.reason is EndReason.NODE_FAILED
