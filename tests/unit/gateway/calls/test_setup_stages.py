"""The figures that tell an operator which stage of a call's set-up is slow."""

from __future__ import annotations

from gateway.calls import events as ev
from gateway.calls.events import Event
from gateway.calls.model import CallState
from gateway.calls.stages import SetupStages
from tests.support.call_script import Script, incoming, offer, outgoing


class Watched:
    """A Call whose events take a second to wait for, and whose effects take one to carry out."""

    def __init__(self, state: CallState) -> None:
        self.script = Script(state)
        self.now = 100.0
        self.told: list[tuple[str, float]] = []
        self.stages = SetupStages(lambda *stage: self.told.append(stage), lambda: self.now)

    def do(self, *events: Event) -> None:
        for event in events:
            self.now += 1
            at, before = self.stages.now(), self.script.state
            effects = self.script.do(event)
            self.now += 1
            self.stages.passed(at, before, event, self.script.state, effects)


def test_an_outgoing_call_tells_its_stages_once() -> None:
    call = Watched(outgoing())
    call.do(ev.Started(), ev.LineDescribed("v=0 ours"))
    assert call.told == [("invite", 4.0)]
    call.do(ev.LineRinging(), offer(), ev.LegConnected("d1:1"), ev.LineAnswered("v=0 theirs"))
    assert call.told[1:] == [("progress", 2.0)]
    call.do(ev.LineHeard(), ev.LegHeard("d1:1"))
    assert call.told[2:] == [("audio", 3.0)]
    call.do(ev.HangUp("d1"))
    assert len(call.told) == 3


def test_an_incoming_call_counts_from_the_answer_that_won() -> None:
    call = Watched(incoming())
    call.do(ev.Started(("d1", "d2")))
    assert call.told == [("offer", 2.0)]
    call.do(ev.DeviceOnline("d3"), ev.LineDescribed("v=0 ours"), ev.Answer("d1"), ev.Answer("d2"))
    assert len(call.told) == 1
    call.do(offer("d1"), ev.LegConnected("d1:1"), ev.LineHeard())
    assert call.told[1:] == [("answer", 7.0), ("audio", 3.0)]


def test_an_answer_over_a_prepared_path_takes_one_step() -> None:
    call = Watched(incoming())
    call.do(ev.Started(("d1",)), ev.LineDescribed("v=0"), offer("d1"), ev.LegConnected("d1:1"))
    call.do(ev.Answer("d1"))
    assert call.told[1:] == [("answer", 1.0)]


def test_sound_before_the_answer_leaves_no_stage_open() -> None:
    call = Watched(outgoing())
    call.do(ev.Started(), ev.LineDescribed("v=0 ours"), offer(), ev.LegConnected("d1:1"))
    call.do(ev.LineEarlyMedia("v=0 early"), ev.LineHeard(), ev.LineAnswered("v=0 early"))
    call.do(ev.EngineGone("killed"), ev.LineHeard())
    assert [stage for stage, _ in call.told] == ["invite", "progress"]


def test_sound_after_a_repair_says_nothing_about_the_set_up() -> None:
    call = Watched(outgoing())
    call.do(ev.Started(), ev.LineDescribed("v=0 ours"), offer(), ev.LegConnected("d1:1"))
    call.do(ev.LineAnswered("v=0 theirs"), ev.EngineGone("killed"), ev.LineHeard())
    assert [stage for stage, _ in call.told] == ["invite", "progress"]


def test_a_withdrawn_win_does_not_count_for_the_next_answer() -> None:
    call = Watched(incoming())
    call.do(ev.Started(("d1", "d2")), ev.LineDescribed("v=0"), ev.Answer("d1"))
    call.do(ev.TimerFired(ev.TimerName.WIN))
    assert call.script.state.winner is None
    call.do(offer("d2"), ev.LegConnected("d2:1"), ev.Answer("d2"))
    assert call.told[1:] == [("answer", 1.0)]


def test_a_call_that_gets_nowhere_tells_nothing_more() -> None:
    call = Watched(outgoing())
    call.do(ev.Started(), ev.LineDescribed("v=0 ours"), ev.LineFailed(486))
    assert [stage for stage, _ in call.told] == ["invite"]
