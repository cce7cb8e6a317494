"""Hold by our user: the wish, the offer that carries it, what the far side makes of it.

Nothing passes the line from the wish on; the Call counts as held when the far side has agreed
(RFC 3264 8.4), and talks on when it has not. One offer is under way at a time: a wish that comes
meanwhile is the next one's, and one that was taken back is never offered.
"""

from __future__ import annotations

from dataclasses import replace

from gateway.calls.effects import (
    Effect,
    Note,
    OfferLine,
    PassLine,
    Publish,
    SetTimer,
    StopPlaying,
    StopTimer,
    TellDevice,
)
from gateway.calls.events import SetHold, TimerName
from gateway.calls.model import CallState, LineStage, Result
from gateway.calls.states import HOLDS, HoldInput, Phase, move
from gateway.calls.words import WORDS_HOLD_REFUSED, WORDS_RETRIEVE_REFUSED


def set_hold(state: CallState, event: SetHold) -> Result:
    """Any device of the user may ask, also while the one that talks is lost."""
    if event.held == state.held:
        return state, []
    effects: list[Effect] = [Note(f"{event.device_id} {'holds' if event.held else 'retrieves'}")]
    if event.held and state.line is not LineStage.AGREED:
        effects.append(PassLine(False))  # the offer has to wait, the silence has not
    if event.held and state.comfort:
        state = replace(state, comfort=False)
        effects.append(StopPlaying("line"))
    state, more = offer_hold(replace(state, want_hold=event.held))
    return state, [*effects, *more, Publish("call.updated")]


def offer_hold(state: CallState) -> Result:
    """Ask the line for what the user wants, as soon as nothing else is being agreed."""
    if state.want_hold is None or state.line is not LineStage.AGREED:
        return state, []
    if state.want_hold == state.held_here:
        return replace(state, want_hold=None), [PassLine(not state.held), *_talks_again(state)]
    state = replace(state, line=LineStage.HOLDING, offered_hold=state.want_hold)
    return state, [OfferLine(held=state.want_hold)]


def offer_agreed(state: CallState) -> Result:
    """The far side agreed to our offer, and with it to the hold that it says."""
    offered, want = state.offered_hold, state.want_hold
    was = state.held_here
    state = replace(state, line=LineStage.AGREED, offered_hold=None)
    if offered is not None and offered != was:
        what = HoldInput.LOCAL_HOLD if offered else HoldInput.LOCAL_RETRIEVE
        state = replace(state, hold=move(HOLDS, state.hold, what))
    if want == state.held_here:
        state = replace(state, want_hold=None)
    effects = _talks_again(state) if was else []
    state, more = offer_hold(state)
    return state, [*effects, *more, Publish("call.updated")]


def _talks_again(state: CallState) -> list[Effect]:
    """Nobody comforted the far end while it was held; if our device is silent, now it is time."""
    if state.held:
        return []
    bridged = state.bridged
    if state.phase is not Phase.CONNECTED or (bridged is not None and bridged.speaks):
        return [StopTimer(TimerName.COMFORT)]
    return [SetTimer(TimerName.COMFORT, state.limits.comfort)]


def not_agreed(state: CallState, why: str) -> Result:
    """The session stays as it was (RFC 3261 14.1), and the user reads so."""
    tried = state.offered_hold
    state = replace(state, line=LineStage.AGREED, want_hold=None, offered_hold=None)
    effects: list[Effect] = [PassLine(not state.held_here), *_talks_again(state)]
    if tried is not None and tried != state.held_here:
        effects.append(Note(f"{'hold' if tried else 'retrieve'} failed: {why}"))
        words = WORDS_HOLD_REFUSED if tried else WORDS_RETRIEVE_REFUSED
        code = "hold_refused" if tried else "retrieve_refused"
        if state.device_id is not None:
            payload = (("code", code), ("words", words))
            effects.append(TellDevice(state.device_id, "notice", payload))
    return state, [*effects, Publish("call.updated")]
