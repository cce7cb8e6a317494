"""Incoming Calls: leases, who answers, who stops.

A ring is a lease that this side renews; a device that hears nothing for its lease falls silent by
itself. One compare-and-set picks the winner. The far side gets its answer only when the winner's
sound path is up, and the win is withdrawn if that takes too long.
"""

from __future__ import annotations

from dataclasses import replace

from gateway.calls.effects import (
    AnswerLine,
    Attach,
    DropLeg,
    Effect,
    JournalAnswered,
    JournalOpen,
    LineAccept,
    LineReject,
    Note,
    Publish,
    Refuse,
    RingOffer,
    RingRenew,
    RingStop,
    SetTimer,
    StopTimer,
    StopTimers,
    TellDevice,
)
from gateway.calls.ending import end
from gateway.calls.events import (
    Answer,
    Decline,
    DeviceOffline,
    DeviceOnline,
    Silence,
    Started,
    TimerName,
)
from gateway.calls.model import CallState, LineStage, Result
from gateway.calls.states import PHASES, EndReason, Media, Phase, PhaseInput, move
from gateway.calls.words import (
    NO_DEVICE_WARNING,
    WORDS_BUSY_SELF,
    WORDS_NO_DEVICE,
    WORDS_RANG_OUT,
)

WORDS_WITHDRAWN = "The sound connection of this device could not be set up in time. Try again."


def started_in(state: CallState, event: Started, now: float) -> Result:
    opened: list[Effect] = [JournalOpen()]
    if event.busy:
        state, effects = end(
            state, now, EndReason.BUSY, words=WORDS_BUSY_SELF, line=LineReject(486)
        )
        return state, [*opened, Note("did not ring: too many calls"), *effects]
    if not event.devices:
        state, effects = _nobody(state, now)
        return state, [*opened, Note("did not ring: no device signed in"), *effects]
    state = replace(state, ringing=event.devices, ringing_at=now)
    effects = [AnswerLine(state.line_offer or "")]
    effects += [*opened, Publish("call.created")]
    effects += [RingOffer(device) for device in event.devices]
    effects.append(SetTimer(TimerName.RENEW, state.limits.renew))
    effects.append(SetTimer(TimerName.RING, state.limits.ring))
    effects.append(Note(f"rings on {', '.join(event.devices)}"))
    return state, effects


def _nobody(state: CallState, now: float) -> Result:
    """So that the PBX goes on to desk phone, mailbox or alternative at once."""
    return end(
        state,
        now,
        EndReason.UNREACHABLE,
        words=WORDS_NO_DEVICE,
        line=LineReject(480, NO_DEVICE_WARNING),
    )


def renew(state: CallState, now: float) -> Result:
    effects: list[Effect] = [RingRenew(device) for device in state.ringing]
    return state, [*effects, SetTimer(TimerName.RENEW, state.limits.renew)]


def device_online(state: CallState, event: DeviceOnline, now: float) -> Result:
    device = event.device_id
    if device in state.silenced:
        return state, []
    if device in state.away:
        state = replace(
            state, silenced=(*state.silenced, device), away=_without(state.away, device)
        )
        return state, [StopTimer(TimerName.NOBODY)]
    if device in state.ringing:  # its socket is new: it may have forgotten
        return state, [RingOffer(device)]
    state = replace(state, ringing=(*state.ringing, device))
    note = Note(f"rings on {device} as well")
    return state, [RingOffer(device), StopTimer(TimerName.NOBODY), note]


def device_offline(state: CallState, event: DeviceOffline, now: float) -> Result:
    """Its lease runs out by itself; a pre-armed path is kept in case the socket comes back.

    That goes for the winner as well: it stays the winner until its time is over.
    """
    device = event.device_id
    if device in state.silenced:
        state = replace(
            state, silenced=_without(state.silenced, device), away=(*state.away, device)
        )
    elif device in state.ringing:
        state = replace(state, ringing=_without(state.ringing, device))
    else:
        return state, []
    return state, [Note(f"{device} went away while ringing"), *_nobody_left(state)]


def _without(devices: tuple[str, ...], gone: str) -> tuple[str, ...]:
    return tuple(device for device in devices if device != gone)


def _nobody_left(state: CallState) -> list[Effect]:
    """Nobody rings, nobody who silenced the ring is there to answer it, nobody answers."""
    if state.ringing or state.silenced or state.winner is not None:
        return []
    return [SetTimer(TimerName.NOBODY, state.limits.lease)]


def nobody_timer(state: CallState, now: float) -> Result:
    if state.ringing or state.winner is not None or state.silenced:
        return state, []
    return _nobody(state, now)


def ring_timer(state: CallState, now: float) -> Result:
    return end(
        state, now, EndReason.NO_ANSWER, words=WORDS_RANG_OUT, line=LineReject(480, "no answer")
    )


def answer(state: CallState, event: Answer, now: float) -> Result:
    if state.winner == event.device_id:
        return state, []
    if state.winner is not None:
        return state, [
            Refuse(409, "answered_elsewhere", "The call was answered on another device.")
        ]
    if event.device_id not in (*state.ringing, *state.silenced):
        return state, [Refuse(409, "not_ringing", "This call does not ring on this device.")]
    ringing = state.ringing
    if event.device_id not in ringing:
        ringing = (*ringing, event.device_id)
    silenced = _without(state.silenced, event.device_id)
    state = replace(state, winner=event.device_id, ringing=ringing, silenced=silenced)
    note = Note(f"{event.device_id} answers")
    state, effects = connect_winner(state, now)
    if state.phase is Phase.CONNECTED:
        return state, [note, *effects]
    return state, [note, SetTimer(TimerName.WIN, state.limits.win), *effects]


def connect_winner(state: CallState, now: float) -> Result:
    """Answer the line once both the winner's path and our description for the line are there."""
    if state.winner is None or state.line_sdp is None:
        return state, []
    device = state.winner
    leg = next((leg for leg in state.legs_of(device) if leg.media is Media.ATTACHED), None)
    if leg is None:
        return state, []
    losers = tuple(other for other in state.ringing if other != device)
    stale = tuple(other.name for other in state.legs if other.name != leg.name)
    state = replace(
        state,
        phase=move(PHASES, state.phase, PhaseInput.ANSWERED),
        line=LineStage.AGREED,
        legs=(leg,),
        leg=leg.name,
        device_id=device,
        winner=None,
        ringing=(),
        silenced=(),
        away=(),
        answered_at=now,
    )
    effects: list[Effect] = [StopTimers(), Attach(leg.name)]
    effects += [JournalAnswered(device), LineAccept(state.line_sdp or "")]
    effects += [RingStop(other, "answered_elsewhere", device) for other in losers]
    effects += [RingStop(device, "answered", device), Publish("call.updated")]
    effects += [DropLeg(name) for name in stale]
    if not leg.heard:
        effects += watch_for_sound(state)
    return state, effects


def watch_for_sound(state: CallState) -> list[Effect]:
    """A talking Call without sound of ours: comfort the far end, and do not wait for ever."""
    effects: list[Effect] = [SetTimer(TimerName.LOST, state.limits.lost)]
    if not state.comfort:
        effects.append(SetTimer(TimerName.COMFORT, state.limits.comfort))
    return effects


def withdraw(state: CallState, now: float, why: str) -> Result:
    """The winner cannot be heard: the Call rings on, the user reads why."""
    device = state.winner
    if device is None:
        return state, []
    state = replace(state, winner=None)
    effects: list[Effect] = [Note(f"{device} did not get the call: {why}")]
    if device in state.ringing:  # else its socket is gone: nobody there to be told
        payload = (("code", "answer_failed"), ("words", WORDS_WITHDRAWN))
        effects += [TellDevice(device, "notice", payload), RingOffer(device)]
    return state, [*effects, Publish("call.updated"), *_nobody_left(state)]


def win_timer(state: CallState, now: float) -> Result:
    state, effects = withdraw(state, now, "its sound path was not up in time")
    return state, effects


def decline(state: CallState, event: Decline, now: float) -> Result:
    """486, never 6xx: that would stop the desk phone too (RFC 3261 21.6)."""
    if state.winner is not None and state.winner != event.device_id:
        return state, [
            Refuse(409, "answered_elsewhere", "The call was answered on another device.")
        ]
    return end(state, now, EndReason.DECLINED, line=LineReject(486), by=event.device_id)


def silence(state: CallState, event: Silence, now: float) -> Result:
    if event.device_id not in state.ringing or event.device_id == state.winner:
        return state, []
    silenced = (*state.silenced, event.device_id)
    state = replace(state, ringing=_without(state.ringing, event.device_id), silenced=silenced)
    return state, [RingStop(event.device_id, "silenced", event.device_id)]
