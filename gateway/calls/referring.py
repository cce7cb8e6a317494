"""Transfer, merge and park: the phone system is asked, and what it says is what happened.

The Call is held first (RFC 5589 section 6.1), then the phone system gets one REFER and reports how
it goes (RFC 3515). If it cannot, nothing is lost: the other side is still there and the user reads
why.
"""

from __future__ import annotations

from dataclasses import replace

from gateway.calls.effects import (
    Effect,
    LineHangUp,
    LineRefer,
    Note,
    Publish,
    Refuse,
    SetTimer,
    StopTimer,
    TellDevice,
)
from gateway.calls.ending import end
from gateway.calls.events import HandedOver, LineReferred, Refer, SetHold, TimerName
from gateway.calls.holding import set_hold
from gateway.calls.model import CallState, LineStage, Result
from gateway.calls.parties import Referral
from gateway.calls.states import EndReason, Phase
from gateway.calls.words import referral_failure

NOT_NOW = Refuse(409, "not_now", "That is not possible at this point of the call.")
_CODES = {
    "transfer": "transfer_failed",
    "merge": "merge_refused",
    "park": "park_refused",
    "move": "move_failed",
}


def refer(state: CallState, event: Refer) -> Result:
    referral = event.referral
    if referral.kind not in state.features:
        return state, [Refuse(409, "not_offered", "The phone system does not offer this.")]
    if state.phase is not Phase.CONNECTED or state.referral or state.moving:
        return state, [NOT_NOW]
    state = replace(
        state, referral=replace(referral, device_id=event.device_id, back=not state.held)
    )
    note = Note(f"{event.device_id} asks for {referral.kind} to {referral.number.canonical}")
    if state.held:
        return state, [note, Publish("call.updated")]
    state, effects = set_hold(state, SetHold(event.device_id, True))
    return state, [note, *effects]


def go_on(result: Result) -> Result:
    """After every event: ask as soon as the Call is held, give up when that is not to be."""
    state, effects = result
    referral = state.referral
    if referral is None or referral.sent or state.phase is not Phase.CONNECTED:
        return result
    if state.want_hold is None and not state.held_here:  # refused; the user was told so
        note = Note(f"no {referral.kind}: the call could not be held")
        return replace(state, referral=None), [*effects, note, Publish("call.updated")]
    if not state.held_here or state.line is not LineStage.AGREED:
        return result
    referral = replace(referral, sent=True)
    timer = SetTimer(TimerName.REFER, state.limits.refer)
    return replace(state, referral=referral), [*effects, LineRefer(referral), timer]


def referred(state: CallState, event: LineReferred, now: float) -> Result:
    referral = state.referral
    if referral is None or not referral.sent or not event.over:
        return state, []
    if 200 <= event.status < 300:
        return _done(state, referral, now)
    return _failed(state, referral, event.status)


def refer_timer(state: CallState) -> Result:
    referral = state.referral
    return (state, []) if referral is None else _failed(state, referral, 0)


def _done(state: CallState, referral: Referral, now: float) -> Result:
    note = Note(f"{referral.kind} done")
    if referral.kind == "merge":
        there = {party.number.canonical for party in state.participants}
        gains = (party for party in referral.gains if party.number.canonical not in there)
        parties = (*state.participants, *gains)
        state = replace(state, referral=None, participants=parties, hosts=True)
        return state, [StopTimer(TimerName.REFER), note, Publish("call.updated")]
    # RFC 5589 section 6.1: who transferred hangs up; the phone system may have done so already
    state, effects = end(state, now, EndReason.TRANSFERRED, line=LineHangUp())
    return state, [note, *effects]


def _failed(state: CallState, referral: Referral, status: int) -> Result:
    what = referral.kind if referral.place is None else "move"
    words, reason = referral_failure(what, status)
    payload = (("code", _CODES[what]), ("words", words), ("reason", reason))
    effects: list[Effect] = [
        StopTimer(TimerName.REFER),
        Note(f"{referral.kind} failed with {status}"),
        TellDevice(referral.device_id, "notice", payload),
        Publish("call.updated"),
    ]
    return replace(state, referral=None), effects


def handed_over(state: CallState, event: HandedOver, now: float) -> Result:
    """What another Call asked for has taken this one's party along."""
    return end(state, now, event.reason, line=LineHangUp())
