"""A ringing Call that the user answers on the desk phone does not end: it goes on there."""

from __future__ import annotations

from gateway.calls import effects as fx
from gateway.calls import events as ev
from gateway.calls.model import Stage
from gateway.calls.states import EndReason, Phase
from gateway.calls.view import call_json
from tests.support.call_script import Script, incoming, refused

CANCELLED = ev.LineEnded(ev.LineEnd.CANCEL, answered_elsewhere=True)


def ringing() -> Script:
    script = Script(incoming())
    script.do(ev.Started(("d1", "d2")), ev.Watched())
    return script


def test_told_before_the_cancel_it_leaves_without_an_end() -> None:
    script = ringing()

    effects = script.do(ev.TakenByDesk())

    assert script.state.stage is Stage.OVER
    assert script.state.phase is Phase.RINGING_IN
    assert {e.device_id for e in effects if isinstance(e, fx.RingStop)} == {"d1", "d2"}
    assert fx.Done() in effects
    assert not script.seen(fx.JournalSettle)
    assert fx.Publish("call.ended") not in script.effects


def test_told_after_the_cancel_it_leaves_without_an_end_too() -> None:
    script = ringing()

    effects = script.do(CANCELLED)
    assert {e.device_id for e in effects if isinstance(e, fx.RingStop)} == {"d1", "d2"}
    assert call_json(script.state)["actions"] == []
    assert refused(script.do(ev.Answer("d1"))) is not None

    script.do(ev.TakenByDesk())
    assert script.state.stage is Stage.OVER
    assert fx.Publish("call.ended") not in script.effects
    assert not script.seen(fx.JournalSettle)


def test_when_nobody_tells_it_ends_after_a_moment() -> None:
    script = ringing()
    script.do(CANCELLED)
    assert fx.SetTimer(ev.TimerName.SETTLE, 2.0) in script.last

    script.do(ev.TimerFired(ev.TimerName.SETTLE))

    assert script.state.reason is EndReason.ANSWERED_ELSEWHERE
    assert script.seen(fx.JournalSettle) == [fx.JournalSettle("answered")]


def test_a_call_that_nobody_watches_ends_at_once() -> None:
    script = Script(incoming())
    script.do(ev.Started(("d1",)), CANCELLED)

    assert script.state.reason is EndReason.ANSWERED_ELSEWHERE


def test_a_talking_call_is_let_go_of_when_it_moves_to_the_desk() -> None:
    script = Script(incoming(phase=Phase.CONNECTED, answered_at=1.0))

    effects = script.do(ev.TakenByDesk())

    assert fx.LineHangUp() in effects
    assert fx.CloseMedia() in effects
    assert fx.Publish("call.ended") not in script.effects
