"""The desk phone's call comes to a device: nobody is told before, and nothing is lost."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.calls import effects as fx
from gateway.calls import events as ev
from gateway.calls import pulling
from gateway.calls.model import CallState, Stage
from gateway.calls.parties import Move, Number, Party
from gateway.calls.states import EndReason, Phase
from gateway.calls.words import WORDS_NOT_FETCHED, WORDS_NOT_PULLED
from tests.support.call_script import NOW, Script, offer, only, outgoing, refused


def at_desk() -> CallState:
    return replace(outgoing(), phase=Phase.CONNECTED, device_id=None, answered_at=NOW)


def begun() -> Script:
    script = Script(pulling.begun(at_desk(), Move("d1", "d1")))
    script.do(ev.Started())
    return script


CAME = ev.LineCame("v=0 line offer", "b" * 32)
DESCRIBED = ev.LineDescribed("v=0 ours")
SOUND = (offer("d1"), ev.LegConnected("d1:1"), ev.LegHeard("d1:1"))


def test_the_device_is_asked_for_its_sound_and_nobody_else_is_told():
    script = Script(pulling.begun(at_desk(), Move("d1", "d2")))
    effects = script.do(ev.Started())
    assert fx.TellDevice("d1", "media.renegotiate", (("fresh", True),)) in effects
    assert not script.seen(fx.Publish) and not script.seen(fx.RingOffer)


@pytest.mark.parametrize("sound_first", [True, False])
def test_the_line_is_answered_when_the_device_is_heard(sound_first: bool):
    script = begun()
    line = (CAME, DESCRIBED)
    first, last = (SOUND, line) if sound_first else (line, SOUND)
    script.do(*first)
    assert not script.seen(fx.LineAccept)
    effects = script.do(*last)
    assert only(effects, fx.Attach, fx.LineAccept) == [
        fx.Attach("d1:1"),
        fx.LineAccept("v=0 ours"),
    ]
    state = script.state
    assert (state.stage, state.phase, state.device_id) == (
        Stage.LIVE,
        Phase.CONNECTED,
        "d1",
    )
    assert (state.answered_at, state.session_id) == (NOW, "b" * 32)
    assert state.moving is None and state.winner is None
    assert not script.seen(fx.JournalOpen) and not script.seen(fx.JournalAnswered)


@pytest.mark.parametrize(
    "event",
    [
        ev.LineEnded(ev.LineEnd.CANCEL, unanswered=True),
        ev.LineEnded(ev.LineEnd.CANCEL),
        ev.LineEnded(ev.LineEnd.BYE),
    ],
)
@pytest.mark.parametrize("taken_back", [True, False])
def test_a_line_that_ends_before_the_pbx_said_whose_it_is(event: ev.LineEnded, taken_back: bool):
    script = Script(pulling.begun(replace(at_desk(), direction="in"), Move("d1", "d1")))
    script.do(ev.Started(), CAME, DESCRIBED, *SOUND, event)
    assert script.state.leaving and script.state.answered_at == NOW
    assert not script.seen(fx.JournalSettle)
    if taken_back:
        script.do(ev.TakenByDesk())
        assert script.state.over and not script.seen(fx.JournalSettle)
    else:
        script.do(ev.TimerFired(ev.TimerName.SETTLE))
        assert script.state.reason is EndReason.HUNG_UP
        assert fx.JournalSettle("answered") in script.seen(fx.JournalSettle)


def test_a_line_that_ends_when_the_pbx_had_said_that_it_is_ours_ends_the_call():
    script = begun()
    script.do(CAME, DESCRIBED, *SOUND, ev.LeftDesk(), ev.LineEnded(ev.LineEnd.BYE))
    assert script.state.over and script.state.reason is EndReason.HUNG_UP


@pytest.mark.parametrize(
    ("came", "what", "words"),
    [
        (False, ev.TimerFired(ev.TimerName.MOVE), WORDS_NOT_FETCHED),
        (False, ev.MoveFailed(), WORDS_NOT_FETCHED),
        (True, ev.TimerFired(ev.TimerName.MOVE), WORDS_NOT_PULLED),
        (True, ev.LegRefused("d1:1", "no"), WORDS_NOT_PULLED),
        (True, ev.LegLost("d1:1"), WORDS_NOT_PULLED),
        (True, ev.MediaClosed("d1"), WORDS_NOT_PULLED),
        (True, ev.LineEnded(ev.LineEnd.CANCEL), WORDS_NOT_PULLED),
        (True, ev.LineRefused("no port"), WORDS_NOT_PULLED),
        (True, ev.ShutDown(), WORDS_NOT_PULLED),
        (True, ev.EngineGone("killed"), WORDS_NOT_PULLED),
    ],
)
def test_what_fails_leaves_no_trace(came: bool, what: ev.Event, words: str):
    script = begun()
    script.do(*((CAME, DESCRIBED) if came else ()), offer("d1"))
    effects = script.do(what)
    assert (script.state.stage, script.state.words) == (Stage.OVER, words)
    assert only(effects, fx.LineReject, fx.CloseMedia) == [fx.LineReject(480), fx.CloseMedia()]
    assert not script.seen(fx.JournalSettle) and not script.seen(fx.Publish)


EVENTS: list[ev.Event] = [
    CAME,
    DESCRIBED,
    offer("d1"),
    offer("d1", "f2", 2),
    offer("d2", "f3"),
    *(ev.LegConnected(leg) for leg in ("d1:1", "d1:2", "nobody:9")),
    *(ev.LegHeard(leg) for leg in ("d1:1", "d1:2")),
    *(ev.LegQuiet("d1:1", seconds) for seconds in (0.0, 5.0)),
    ev.LegDescribed("d1:1", "v=0 answer"),
    ev.LegRefused("d1:1", "bad"),
    ev.LegLost("d1:2"),
    ev.LineOffers(("transfer",)),
    ev.LineEnded(ev.LineEnd.CANCEL),
    ev.LineQuiet(30.0),
    ev.MoveFailed(),
    ev.Watched(),
    ev.TakenByDesk(),
    ev.LeftDesk(),
    ev.DeskTakes(True),
    ev.FarSide(Number("303", "303", "303"), "Carla"),
    ev.Reachable(()),
    ev.DeviceOffline("d1"),
    ev.HangUp("d1"),
    ev.MoveTo("d2", "d2"),
    ev.MediaClosed("d2"),
    ev.TimerFired(ev.TimerName.MOVE),
    ev.EngineGone("killed"),
]


@given(st.lists(st.sampled_from(EVENTS), max_size=30))
def test_it_comes_whole_or_not_at_all(events: list[ev.Event]):
    script = begun()
    for event in events:
        if script.state.stage is not Stage.PULLING:
            break
        effects = script.do(event)
        if script.state.stage is Stage.LIVE:
            bridged = script.state.bridged
            assert bridged is not None and bridged.device_id == "d1" and bridged.speaks
            assert fx.Attach(bridged.name) in effects
            assert only(effects, fx.LineAccept) and only(effects, fx.Publish)
        else:
            assert not only(effects, fx.LineAccept, fx.Publish, fx.JournalSettle)
        if script.state.stage is Stage.OVER:
            assert effects[-2:] == [fx.CloseMedia(), fx.Done()]


def test_what_the_pbx_says_meanwhile_counts_afterwards():
    script = begun()
    parties = tuple(Party(digits, Number(digits, digits, digits)) for digits in ("202", "303"))
    told = ev.FarSide(parties[0].number, participants=parties)
    effects = script.do(CAME, DESCRIBED, ev.DeskTakes(True), told)
    assert not only(effects, fx.Publish)
    script.do(*SOUND)
    assert script.state.stage is Stage.LIVE and script.state.may_push
    assert script.state.participants == parties


def test_another_device_has_no_part_in_it():
    script = begun()
    script.do(CAME, offer("d2", "f2"), ev.LegConnected("d2:1"), ev.LegHeard("d2:1"), DESCRIBED)
    assert not script.state.legs and not script.seen(fx.LineAccept)
    assert refused(script.do(offer("d2", "f2"))) == "moving"


def test_it_can_be_written_down_and_read_again():
    state = begun().state
    assert CallState.from_dict(state.to_dict()) == state
