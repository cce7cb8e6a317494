"""The bridge of two legs: every phase with every event, and the flows that matter."""

from __future__ import annotations

import itertools

import pytest

from protocols.b2bua.call import (
    Accept,
    Answered,
    Apply,
    BridgeCall,
    Effect,
    Ended,
    Event,
    Failed,
    HangUp,
    Invite,
    Leg,
    MediaFailed,
    Phase,
    Placed,
    Progress,
    Reject,
    Release,
    Ring,
    step,
)
from protocols.b2bua.status import relayed_failure

EVENTS: tuple[Event, ...] = (
    Placed("offer"),
    Progress(180),
    Progress(183, sdp="s1"),
    Progress(199),
    Answered("s1"),
    Answered(None),
    Failed(486),
    Failed(603),
    Ended(Leg.A),
    Ended(Leg.B),
    MediaFailed(488),
)


def run(*events: Event, early_media: bool = True) -> tuple[BridgeCall, list[Effect]]:
    call, effects = BridgeCall(early_media=early_media), []
    for event in events:
        call, more = step(call, event)
        effects += more
    return call, effects


@pytest.mark.parametrize("phase", list(Phase))
@pytest.mark.parametrize("event", EVENTS, ids=repr)
def test_every_phase_and_event(phase: Phase, event: Event) -> None:
    """Whatever comes when: A is answered once at most, an ended call does nothing more, and
    whoever ends it releases it and leaves no leg up."""
    before = BridgeCall(phase)
    after, effects = step(before, event)
    finals = [e for e in effects if isinstance(e, Accept | Reject)]
    assert len(finals) <= 1
    if phase is Phase.ENDED:
        assert (after, effects) == (before, [])
    if after.phase is Phase.ENDED and phase is not Phase.ENDED:
        assert isinstance(effects[-1], Release)
        a_gone = isinstance(event, Ended) and event.leg is Leg.A
        b_gone = phase is Phase.INCOMING or (isinstance(event, Failed | Ended) and not a_gone)
        told = {e.leg for e in effects if isinstance(e, HangUp)}
        if any(isinstance(e, Reject) for e in effects):
            told.add(Leg.A)
        assert a_gone or Leg.A in told
        assert b_gone or Leg.B in told
    if phase is Phase.CONNECTED:
        assert not finals


@pytest.mark.parametrize("events", list(itertools.permutations(EVENTS[:6], 4)))
def test_a_gets_one_final_answer_in_any_order(events: tuple[Event, ...]) -> None:
    _, effects = run(*events, Ended(Leg.B), Ended(Leg.A))
    assert sum(isinstance(e, Accept | Reject) for e in effects) <= 1
    assert sum(isinstance(e, Release) for e in effects) == 1


def test_a_plain_call() -> None:
    call, effects = run(Placed("o"), Progress(180, "Ringing"), Answered("s", (("X", "1"),)))
    assert call.phase is Phase.CONNECTED
    assert effects == [Invite("o"), Ring(180, "Ringing", False), Apply("s"), Accept((("X", "1"),))]


def test_early_media_is_applied_once() -> None:
    _, effects = run(Placed("o"), Progress(183, "P", "s"), Progress(183, "P", "s"), Answered("s"))
    assert effects == [Invite("o"), Apply("s"), Ring(183, "P", True), Accept()]


def test_without_early_media_a_hears_no_early_audio() -> None:
    _, effects = run(Placed("o"), Progress(180, "R", "s"), Answered("s"), early_media=False)
    assert effects == [Invite("o"), Apply("s"), Ring(180, "R", False), Accept()]


def test_another_fork_answers() -> None:
    _, effects = run(Placed("o"), Progress(183, "P", "fork 1"), Answered("fork 2"))
    assert effects[-2:] == [Apply("fork 2"), Accept()]


def test_an_ended_fork_is_not_told() -> None:
    call, effects = run(Placed("o"), Progress(199))
    assert call.phase is Phase.CALLING
    assert effects == [Invite("o")]


def test_an_answer_without_description_cannot_be_bridged() -> None:
    call, effects = run(Placed("o"), Answered(None))
    assert call.phase is Phase.ENDED
    assert effects[1:] == [HangUp(Leg.B), Reject(488), Release()]


def test_reasons_cross() -> None:
    headers = (("Reason", "SIP;cause=200"),)
    _, effects = run(Placed("o"), Ended(Leg.A, headers))
    assert effects[1:] == [HangUp(Leg.B, headers), Release()]
    _, effects = run(Placed("o"), Answered("s"), Ended(Leg.B, headers))
    assert effects[-2:] == [HangUp(Leg.A, headers), Release()]


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (486, 486),
        (404, 404),
        (408, 408),
        (480, 480),
        (503, 503),
        (401, 403),
        (407, 403),
        (302, 480),
        (487, 480),
        (491, 480),
        (600, 486),
        (603, 486),
        (604, 404),
        (606, 488),
        (666, 480),
    ],
)
def test_failures_are_translated(status: int, expected: int) -> None:
    assert relayed_failure(status)[0] == expected
    _, effects = run(Placed("o"), Failed(status))
    assert isinstance(effects[1], Reject)
    assert effects[1].status == expected


def test_a_phrase_stays_with_its_status() -> None:
    assert relayed_failure(486, "Gone fishing") == (486, "Gone fishing")
    assert relayed_failure(603, "No") == (486, "Busy Here")
