"""A talking Call goes to another place of its user: another device, or the desk phone.

To a device: it is asked for its sound, and the Call goes there as soon as that device is heard, so
that nobody hears a gap; if it is not heard in time the Call stays where it is. The line notices
nothing. To the desk phone: the phone system is asked, and until the desk phone answers the Call is
spoken here.
"""

from __future__ import annotations

from dataclasses import replace

from gateway.calls.effects import (
    DropLeg,
    Effect,
    Note,
    Publish,
    Refuse,
    SetTimer,
    StopTimer,
    StopTimers,
    TellDevice,
)
from gateway.calls.ending import end, hand_over
from gateway.calls.events import (
    Event,
    MoveFailed,
    MoveTo,
    ShutDown,
    TakenByDesk,
    TimerFired,
    TimerName,
)
from gateway.calls.model import CallState, Leg, Result
from gateway.calls.parties import DESK_PHONE, Move
from gateway.calls.states import EndReason, Media, Phase
from gateway.calls.words import WORDS_DESK_RANG_OUT, WORDS_NOT_MOVED, WORDS_NOT_PULLED

NOT_NOW = Refuse(409, "not_now", "That is not possible at this point of the call.")
MOVING = Refuse(409, "moving", "The call is already on its way to another device.")
NOT_THERE = Refuse(409, "not_offered", "The call cannot be moved there.")


def move_to(state: CallState, event: MoveTo) -> Result:
    """One move at a time: the first one wins."""
    if state.phase is not Phase.CONNECTED or state.referral is not None:
        return state, [NOT_NOW]
    if state.moving is not None:
        return state, [MOVING]
    note = Note(f"{event.device_id} moves the call to {event.to}")
    move = Move(event.to, event.device_id)
    if event.to == DESK_PHONE:
        if not state.may_push:
            return state, [NOT_THERE]
        timer = SetTimer(TimerName.MOVE, state.limits.push)
        return replace(state, moving=move), [note, timer, Publish("call.updated")]
    if event.to == state.device_id and state.media is Media.ATTACHED:
        return state, [Refuse(409, "not_now", "The call is already on this device.")]
    if event.to != event.device_id and not any(place.to == event.to for place in state.places):
        return state, [NOT_THERE]
    return replace(state, moving=move), [
        note,
        TellDevice(event.to, "media.renegotiate", (("fresh", True),)),
        SetTimer(TimerName.MOVE, state.limits.win),
        Publish("call.updated"),
    ]


def is_awaited(state: CallState, device_id: str) -> bool:
    """The Call is on its way to this device."""
    return state.moving is not None and state.moving.to == device_id


def has_arrived(state: CallState, leg: Leg) -> bool:
    """The device's path is up, and its microphone open unless nobody would hear it anyway."""
    if leg.media is not Media.ATTACHED or not is_awaited(state, leg.device_id):
        return False
    return leg.heard or state.held or state.muted


def arrived(state: CallState) -> Result:
    """Whoever has the Call now: nothing is on its way any more."""
    if state.moving is None:
        return state, []
    return replace(state, moving=None), [StopTimer(TimerName.MOVE)]


def move_timer(state: CallState) -> Result:
    if state.moving is None:
        return state, []
    reason = "" if state.moving.to == state.moving.by else "no_answer"
    return failed(state, WORDS_DESK_RANG_OUT if state.pushed else "", reason=reason)


def failed(state: CallState, words: str = "", *, told: bool = False, reason: str = "") -> Result:
    """The Call stays where it is, and who asked reads why."""
    move = state.moving
    if move is None:
        return state, []
    effects: list[Effect] = [StopTimer(TimerName.MOVE), Note(f"not moved to {move.to}")]
    for leg in state.legs_of(move.to):
        if leg.name != state.leg:
            state = state.without_leg(leg.name)
            effects.append(DropLeg(leg.name))
    pulled = move.to == move.by
    code = "pull_failed" if pulled else "move_failed"
    words = words or (WORDS_NOT_PULLED if pulled else WORDS_NOT_MOVED)
    if not told:
        why = "no_answer" if words == WORDS_DESK_RANG_OUT else reason
        notice = (("code", code), ("words", words), *((("reason", why),) if why else ()))
        effects.append(TellDevice(move.by, "notice", notice))
    return replace(state, moving=None), [*effects, Publish("call.updated")]


# -- the phone system has let go of us -------------------------------------------------------------
def let_go(state: CallState) -> Result:
    """The line ended while the Call was on its way between it and the desk phone: whether the desk
    phone has it now, CSTA tells."""
    settle = SetTimer(TimerName.SETTLE, state.limits.settle)
    return replace(state, leaving=True), [StopTimers(), settle, Publish("call.updated")]


def leaving(state: CallState, event: Event, now: float) -> Result:
    match event:
        case TakenByDesk():
            return hand_over(state)
        case MoveFailed() | TimerFired(TimerName.SETTLE) | ShutDown():
            return end(state, now, EndReason.HUNG_UP)
        case _:
            return state, []
