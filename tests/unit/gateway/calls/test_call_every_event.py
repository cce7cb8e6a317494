"""Every reachable kind of state with every event: nothing raises, the promises of a Call hold."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.calls import effects as fx
from gateway.calls import events as ev
from gateway.calls.events import Command, Event
from gateway.calls.model import CallState, Stage
from gateway.calls.parties import Number, Party, Place, Referral
from gateway.calls.states import EndReason, Phase
from gateway.calls.step import step
from gateway.calls.view import call_json
from tests.support.call_script import (
    NOW,
    Script,
    connected_in,
    connected_out,
    incoming,
    offer,
    outgoing,
    refused,
    ringing_in,
)

TRANSFER = Referral("transfer", Number("103", "103", "103"), "Carla", "c2")
MERGE = Referral("merge", Number("103", "103", "103"), None, "c2", (Party("c2", TRANSFER.number),))
PLACES = (Place("alternative", "0170"), Place("d1", "PC"), Place("d2", "Mobile"))

EVENTS: list[Event] = [
    ev.Named("Carla Lang"),
    ev.Answer("d1"),
    ev.Answer("d2"),
    ev.Decline("d1"),
    ev.Silence("d1"),
    ev.HangUp("d1"),
    ev.SendDigits("d1", "12"),
    ev.Mute("d1", True),
    ev.Mute("d1", False),
    ev.SetHold("d1", True),
    ev.SetHold("d2", False),
    offer("d1"),
    offer("d1", "f2", 2),
    offer("d2", "f3"),
    offer("d2", "f4", 9, take=True),
    ev.MediaClosed("d1"),
    ev.MediaClosed("d2"),
    *(ev.TimerFired(name) for name in ev.TimerName),
    ev.DeviceOnline("d1"),
    ev.DeviceOnline("d3"),
    ev.DeviceOffline("d1"),
    ev.DeviceOffline("d2"),
    ev.ShutDown(),
    ev.LineRinging(),
    ev.LineEarlyMedia("v=0 early"),
    ev.LineEarlyMedia("v=0 early", True),
    ev.LineAnswered("v=0 theirs"),
    ev.LineAnswered(None),
    *(ev.LineFailed(status) for status in (404, 480, 486, 500, 603)),
    ev.LineFailed(503, down=True),
    ev.LineEnded(ev.LineEnd.BYE),
    ev.LineEnded(ev.LineEnd.CANCEL),
    ev.LineEnded(ev.LineEnd.CANCEL, answered_elsewhere=True),
    ev.LineEnded(ev.LineEnd.LOST),
    ev.LineOffered("v=0 again"),
    ev.LineOffered("v=0 a=sendonly", held=True),
    ev.LineOffered(None),
    ev.LineOfferDone(True, "v=0 x"),
    ev.LineOfferDone(False),
    ev.AnsweredElsewhere(),
    ev.AnsweredElsewhere("Berta"),
    ev.LineDescribed("v=0 ours"),
    ev.LineRefused("no port"),
    *(ev.LegDescribed(leg, "v=0 answer") for leg in ("d1:1", "nobody:9")),
    *(ev.LegRefused(leg, "bad") for leg in ("d1:1", "nobody:9")),
    *(ev.LegConnected(leg) for leg in ("d1:1", "d2:1", "d1:2", "nobody:9")),
    *(ev.LegHeard(leg) for leg in ("d1:1", "d2:2", "nobody:9")),
    *(ev.LegLost(leg, "closed") for leg in ("d1:1", "d2:2", "nobody:9")),
    *(ev.LegQuiet("d1:1", seconds) for seconds in (0.0, 0.5, 3.0, 5.0)),
    *(ev.LineQuiet(seconds) for seconds in (0.0, 5.0, 30.0)),
    ev.LineHeard(),
    ev.LegNeedsOffer("d1:1"),
    ev.EngineGone("killed"),
    ev.Answer("d1", waits=True),
    ev.Proceed(),
    ev.Abandoned("another call could not be held"),
    ev.Accompanied(swap=True, merge=True),
    ev.LeavesAs(EndReason.TRANSFERRED),
    ev.LeavesAs(None),
    ev.HandedOver(EndReason.MERGED),
    ev.LineOffers(("transfer", "merge", "park")),
    ev.LineReferred(100, over=False),
    ev.LineReferred(200, over=True),
    ev.LineReferred(486, over=True),
    ev.LineReferred(0, over=True),
    *(ev.Refer("d1", referral) for referral in (TRANSFER, MERGE)),
    *(ev.MoveTo("d1", to) for to in ("d1", "d2", "desk_phone", "nowhere")),
    ev.MoveTo("d2", "d2"),
    ev.Reachable(PLACES),
    ev.Reachable(()),
    ev.DeskTakes(True),
    ev.DeskTakes(False),
    ev.MoveFailed("It is busy."),
    ev.Watched(),
    ev.LeftDesk(),
]


def after(script: Script, *events: Event) -> CallState:
    script.do(*events)
    return script.state


OFFERED = (ev.LineOffers(("transfer", "merge", "park")),)
AGREED_HOLD = (ev.LineDescribed("v=0 ours"), ev.LineOfferDone(True, "v=0 theirs"))

STATES: dict[str, CallState] = {
    "new out": after(Script(outgoing()), ev.Started()),
    "invited": after(Script(outgoing()), ev.Started(), ev.LineDescribed("v=0 ours")),
    "ringing out": after(
        Script(outgoing()), ev.Started(), ev.LineDescribed("v=0"), offer(), ev.LineRinging()
    ),
    "early": after(
        Script(outgoing()),
        ev.Started(),
        ev.LineDescribed("v=0"),
        offer(),
        ev.LegConnected("d1:1"),
        ev.LineEarlyMedia("v=0 early"),
    ),
    "connected out": connected_out().state,
    "new in": after(Script(incoming()), ev.Started(("d1", "d2"))),
    "ringing in": ringing_in().state,
    "pre-armed": after(ringing_in(), offer("d1"), ev.LegConnected("d1:1")),
    "answering": after(ringing_in(), offer("d1"), ev.Answer("d1")),
    "silenced": after(ringing_in(), ev.Silence("d1")),
    "connected in": connected_in().state,
    "microphone closed": after(ringing_in(), offer("d1"), ev.LegConnected("d1:1"), ev.Answer("d1")),
    "lost": after(connected_in(), ev.LegQuiet("d1:1", 5.0)),
    "comforted": after(connected_in(), ev.LegQuiet("d1:1", 3.0)),
    "taking over": after(connected_in(), offer("d2", "f9", take=True)),
    "held": after(connected_in(), ev.LineOffered("v=0 a=sendonly", held=True)),
    "remote hold": after(
        connected_in(), ev.LineOffered("v=0 a=sendonly", held=True), ev.LineDescribed("v=0 ours")
    ),
    "holding": after(connected_in(), ev.SetHold("d1", True)),
    "hold asked": after(connected_in(), ev.SetHold("d1", True), ev.LineDescribed("v=0 ours")),
    "held here": after(
        connected_in(),
        ev.SetHold("d1", True),
        ev.LineDescribed("v=0 ours"),
        ev.LineOfferDone(True, "v=0 theirs"),
    ),
    "stranded": after(
        connected_in(),
        ev.SetHold("d1", True),
        ev.LineDescribed("v=0 ours"),
        ev.EngineGone("killed"),
    ),
    "waits to dial": after(
        Script(outgoing(waits=True)), ev.Started(), ev.LineDescribed("v=0 ours")
    ),
    "waits to answer": after(ringing_in(), offer("d1"), ev.Answer("d1", waits=True)),
    "transfers, holding": after(connected_in(), *OFFERED, ev.Refer("d1", TRANSFER)),
    "transfers": after(connected_in(), *OFFERED, ev.Refer("d1", TRANSFER), *AGREED_HOLD),
    "merges": after(connected_in(), *OFFERED, ev.Refer("d1", MERGE), *AGREED_HOLD),
    "conference": after(
        connected_in(),
        *OFFERED,
        ev.Refer("d1", MERGE),
        *AGREED_HOLD,
        ev.LineReferred(200, over=True),
    ),
    "moves to a device": after(
        connected_in(), ev.Reachable(PLACES), ev.MoveTo("d1", "d2"), offer("d2", "f9")
    ),
    "moves to the desk phone": after(
        connected_in(), ev.Watched(), ev.DeskTakes(True), ev.MoveTo("d1", "desk_phone")
    ),
    "gone to the desk phone": after(
        connected_in(),
        ev.Watched(),
        ev.DeskTakes(True),
        ev.MoveTo("d1", "desk_phone"),
        ev.LineEnded(ev.LineEnd.BYE),
    ),
    "rebuilding": after(connected_in(), ev.EngineGone("killed")),
    "re-offered": after(connected_in(), ev.EngineGone("killed"), ev.LineDescribed("v=0 new")),
    "tail": after(Script(outgoing()), ev.Started(), ev.LineDescribed("v=0"), ev.LineFailed(486)),
    "settling": after(
        Script(incoming(watched=True)), ev.Started(("d1",)), ev.LineEnded(ev.LineEnd.CANCEL)
    ),
    "over": after(connected_in(), ev.HangUp("d1")),
}


@pytest.mark.parametrize("name", STATES)
def test_every_state_takes_every_event(name: str) -> None:
    before = STATES[name]
    for event in EVENTS:
        try:
            state, effects = step(before, event, NOW + 100)
            check_promises(before, event, state, effects)
        except Exception as error:
            error.add_note(f"in state {name!r} at {event}")
            raise


def check_promises(
    before: CallState, event: Event, state: CallState, effects: list[fx.Effect]
) -> None:
    call_json(state)
    assert (state.id, state.session_id, state.direction) == (
        before.id,
        before.session_id,
        before.direction,
    )
    if before.phase is Phase.ENDED:
        assert state.phase is Phase.ENDED, "an ended Call never comes back"
        assert (state.reason, state.ended_at) == (before.reason, before.ended_at)
    if before.stage is Stage.OVER:
        assert state is before
        assert effects == [] or isinstance(event, Command)
    if state.phase is Phase.ENDED and before.phase is not Phase.ENDED:
        assert state.reason is not None
        assert state.ringing == ()
        kinds = [type(effect) for effect in effects]
        assert kinds.count(fx.Publish) == 1
        if fx.JournalSettle in kinds:  # journal first, then signal
            settled = kinds.index(fx.JournalSettle)
            signals = (fx.LineHangUp, fx.LineReject, fx.Publish, fx.RingStop)
            assert all(kinds.index(kind) > settled for kind in signals if kind in kinds)
        else:
            assert state.stage is Stage.TAIL
    if state.stage is Stage.OVER and before.stage is not Stage.OVER:
        assert fx.CloseMedia() in effects
        assert effects[-1] == fx.Done()
        assert fx.StopTimers() in effects
        assert state.legs == ()
        assert state.journal_kind is not None
    if refused(effects) is not None:
        assert isinstance(event, Command), "only commands are refused"
        assert state == before, "a refused command changes nothing"
    if state.leg is not None:
        assert state.bridged is not None, "the bridged leg exists"
    assert len({leg.name for leg in state.legs}) == len(state.legs)
    if state.answered_at is not None and before.answered_at is None:
        assert any(isinstance(effect, fx.JournalAnswered) for effect in effects)
        if any(isinstance(effect, fx.LineAccept) for effect in effects):
            kinds = [type(effect) for effect in effects]
            assert kinds.index(fx.JournalAnswered) < kinds.index(fx.LineAccept)


@settings(max_examples=150, deadline=None)
@given(
    st.booleans(),
    st.booleans(),
    st.lists(st.sampled_from(EVENTS), min_size=1, max_size=40),
)
def test_a_stored_call_goes_on_as_if_nothing_had_happened(
    out: bool, watched: bool, events: list[Event]
) -> None:
    """Restore from JSON at any point, apply the next event: same state, same effects."""
    state = outgoing(watched=watched) if out else incoming(watched=watched)
    state, _ = step(state, ev.Started(("d1", "d2")), NOW)
    settles = 0
    for index, event in enumerate(events):
        restored = CallState.from_dict(json.loads(json.dumps(state.to_dict())))
        assert restored == state
        now = NOW + index
        expected = step(state, event, now)
        assert step(restored, event, now) == expected
        check_promises(state, event, *expected)
        settles += sum(isinstance(effect, fx.JournalSettle) for effect in expected[1])
        state = expected[0]
    assert settles <= 1, "the journal entry is settled once"
    assert (settles == 1) == (state.journal_kind is not None)
