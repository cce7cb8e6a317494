"""Routing: the desk phone first, the desk phone alone, a device that answers by itself."""

from __future__ import annotations

import pytest

from gateway.calls import effects as fx
from gateway.calls import events as ev
from gateway.calls.model import CallState
from gateway.calls.states import EndReason
from gateway.ports import RingRule
from tests.support.call_script import Script, incoming, offer, only

LATER = RingRule("later", 8.0)
NEVER = RingRule("never")
BY_ITSELF = RingRule(auto_answer_device="d2", auto_answer_after=3.0)


def arrived(rule: RingRule, *devices: str) -> Script:
    script = Script(incoming())
    script.do(ev.Started(devices or ("d1", "d2"), rule=rule), ev.LineDescribed("v=0 ours"))
    return script


def trail(script: Script) -> list[tuple[str, str | None]]:
    return [(step.code, step.device_id) for step in script.state.trail]


def test_the_apps_ring_after_the_desk_phone_had_its_time() -> None:
    script = arrived(LATER)
    assert fx.SetTimer(ev.TimerName.LATER, 8.0) in script.effects
    assert script.seen(fx.RingOffer) == []
    effects = script.do(ev.TimerFired(ev.TimerName.LATER))
    assert only(effects, fx.RingOffer) == [fx.RingOffer("d1"), fx.RingOffer("d2")]
    assert trail(script) == [
        ("rings_later", "d1"),
        ("rings_later", "d2"),
        ("rang", "d1"),
        ("rang", "d2"),
    ]


def test_a_device_that_waits_may_answer_and_no_other_rings_then() -> None:
    script = arrived(LATER)
    script.do(ev.Answer("d1"), offer("d1"))
    assert fx.LineAccept("v=0 ours") in script.do(ev.LegConnected("d1:1"))
    assert script.seen(fx.RingOffer) == []
    assert trail(script)[-1] == ("answered", "d1")


def test_who_comes_while_the_desk_phone_rings_waits_for_what_is_left() -> None:
    script = arrived(LATER, "d1")
    effects = script.do(ev.DeviceOnline("d3"))
    assert only(effects, fx.RingOffer) == []
    (timer,) = only(effects, fx.SetTimer)
    assert isinstance(timer, fx.SetTimer) and 0 < timer.seconds < 8.0
    assert len(only(script.do(ev.TimerFired(ev.TimerName.LATER)), fx.RingOffer)) == 2


def test_a_winner_keeps_the_others_still_until_it_is_decided() -> None:
    script = arrived(LATER)
    script.do(ev.Answer("d1"))
    effects = script.do(ev.TimerFired(ev.TimerName.LATER))
    assert only(effects, fx.RingOffer) == [] and only(effects, fx.SetTimer)


def test_only_the_desk_phone_rings_and_the_apps_may_still_answer() -> None:
    script = arrived(NEVER)
    script.do(ev.DeviceOnline("d3"), ev.TimerFired(ev.TimerName.RENEW))
    assert script.seen(fx.RingOffer) == [] and script.seen(fx.RingRenew) == []
    assert trail(script) == [("kept_silent", d) for d in ("d1", "d2", "d3")]
    script.do(ev.Answer("d3"), offer("d3"))
    assert fx.LineAccept("v=0 ours") in script.do(ev.LegConnected("d3:1"))


@pytest.mark.parametrize("rule", [LATER, NEVER])
def test_when_all_have_gone_the_pbx_goes_on(rule: RingRule) -> None:
    script = arrived(rule, "d1")
    assert fx.SetTimer(ev.TimerName.NOBODY, 6.0) in script.do(ev.DeviceOffline("d1"))
    effects = script.do(ev.TimerFired(ev.TimerName.NOBODY))
    assert fx.LineReject(480, "no device signed in") in effects


def test_only_the_chosen_device_answers_by_itself() -> None:
    script = arrived(BY_ITSELF)
    assert script.seen(fx.RingOffer) == [fx.RingOffer("d1"), fx.RingOffer("d2", 3.0)]


def test_a_call_goes_on_elsewhere_and_the_journal_says_where() -> None:
    for event, kind, reason in (
        (ev.Diverted("104"), "forwarded", EndReason.FORWARDED),
        (ev.AnsweredElsewhere(by="Berta"), "answered_by", EndReason.ANSWERED_ELSEWHERE),
        (ev.AnsweredElsewhere(on="desk_phone"), "answered", EndReason.ANSWERED_ELSEWHERE),
    ):
        script = arrived(RingRule())
        effects = script.do(event)
        assert fx.JournalSettle(kind) in effects
        assert script.state.reason is reason
    assert script.state.answered_on == "desk_phone"


def test_a_trail_is_kept_with_the_call_and_does_not_grow_for_ever() -> None:
    script = arrived(RingRule(), "d1")
    for _ in range(100):
        script.do(ev.DeviceOffline("d1"), ev.DeviceOnline("d1"))
    assert len(script.state.trail) == 60
    assert CallState.from_dict(script.state.to_dict()) == script.state
