"""Incoming Calls: leases, who answers, who stops.

A ring is a lease that this side renews; a device that hears nothing for its lease falls silent by
itself. One compare-and-set picks the winner. The far side gets its answer only when the winner's
sound path is up, and the win is withdrawn if that takes too long.
"""

from __future__ import annotations

from dataclasses import replace

from gateway.calls.effects import (
    AnswerLine,
    AskName,
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
    Abandoned,
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
    WORDS_BUSY_WISH,
    WORDS_NO_DEVICE,
    WORDS_QUIET,
    WORDS_RANG_OUT,
)

WORDS_WITHDRAWN = "The sound connection of this device could not be set up in time. Try again."


def started_in(state: CallState, event: Started, now: float) -> Result:
    opened: list[Effect] = [JournalOpen()]
    if state.name_late:  # a name of the directory is better than the PBX's, and than none
        opened.append(AskName())
    if event.busy:
        state = state.trailed(now, "too_many_calls", *event.devices)
        state, effects = _not_here(state, now, WORDS_BUSY_SELF)
        return state, [*opened, Note("did not ring: too many calls"), *effects]
    if event.talks and event.rule.when_busy == "busy":
        state = state.trailed(now, "busy", *event.devices)
        state, effects = _not_here(state, now, WORDS_BUSY_WISH)
        return state, [*opened, Note("did not ring: no second call is wanted"), *effects]
    if event.quiet:
        state = state.trailed(now, "do_not_disturb", *event.devices)
        state, effects = _not_here(state, now, WORDS_QUIET)
        return state, [*opened, Note("did not ring: do not disturb"), *effects]
    if not event.devices:
        state, effects = _nobody(state.trailed(now, "no_device"), now)
        return state, [*opened, Note("did not ring: no device signed in"), *effects]
    state = replace(state, rule=event.rule, ringing_at=now)
    state, ring = _devices_ring(state, event.devices, now)
    effects = [AnswerLine(state.line_offer or "")]
    effects += [*opened, Publish("call.created"), *ring]
    effects.append(SetTimer(TimerName.RENEW, state.limits.renew))
    effects.append(SetTimer(TimerName.RING, state.limits.ring))
    return state, effects


def _devices_ring(state: CallState, devices: tuple[str, ...], now: float) -> Result:
    """At once, after the desk phone, or not at all: then the Call is shown there, and silent."""
    rule, names = state.rule, ", ".join(devices)
    match rule.apps:
        case "never":
            state = replace(state, silenced=devices).trailed(now, "kept_silent", *devices)
            return state, [Note(f"shown, and silent, on {names}: only the desk phone rings")]
        case "later":
            seconds = f"{rule.delay:g}"
            state = replace(state, later=devices)
            state = state.trailed(now, "rings_later", *devices, detail=seconds)
            note = Note(f"rings in {seconds} s on {names}")
            return state, [SetTimer(TimerName.LATER, rule.delay), note]
        case _:
            state = replace(state, ringing=devices).trailed(now, "rang", *devices)
            offers = [_offer(state, device) for device in devices]
            return state, [*offers, Note(f"rings on {names}")]


def _offer(state: CallState, device: str) -> RingOffer:
    mine = device == state.rule.auto_answer_device
    return RingOffer(device, state.rule.auto_answer_after if mine else None)


def later_timer(state: CallState, now: float) -> Result:
    """The desk phone had its time: now the apps."""
    if state.winner is not None:  # it may yet be withdrawn, until then it rings nowhere else
        return state, [SetTimer(TimerName.LATER, state.limits.win)]
    devices = state.later
    if not devices:
        return state, []
    state = replace(state, ringing=(*state.ringing, *devices), later=())
    state = state.trailed(now, "rang", *devices)
    offers = [_offer(state, device) for device in devices]
    return state, [*offers, Note(f"rings now on {', '.join(devices)}")]


def _not_here(state: CallState, now: float, words: str) -> Result:
    """The desk phone may ring all the same; another view of the Call, if there is one, tells."""
    busy, line = EndReason.BUSY, LineReject(486)
    return end(state, now, busy, words=words, line=line, wait_for_view=state.watched)


def _nobody(state: CallState, now: float) -> Result:
    """So that the PBX goes on to desk phone, mailbox or alternative at once."""
    return end(
        state,
        now,
        EndReason.UNREACHABLE,
        words=WORDS_NO_DEVICE,
        line=LineReject(480, NO_DEVICE_WARNING),
        wait_for_view=state.watched,
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
        return state, [_offer(state, device)]
    if device in state.later:
        return state, []
    return _joins(state, device, now)


def _joins(state: CallState, device: str, now: float) -> Result:
    """One more device; it does as those do that were there from the start."""
    rule, stop = state.rule, StopTimer(TimerName.NOBODY)
    if rule.apps == "never":
        state = replace(state, silenced=(*state.silenced, device))
        return state.trailed(now, "kept_silent", device), [stop]
    waited = now - (state.ringing_at or now)
    if rule.apps == "later" and waited < rule.delay:
        left = rule.delay - waited
        state = replace(state, later=(*state.later, device))
        state = state.trailed(now, "rings_later", device, detail=f"{left:.0f}")
        return state, [stop, SetTimer(TimerName.LATER, left)]
    state = replace(state, ringing=(*state.ringing, device)).trailed(now, "rang", device)
    return state, [_offer(state, device), stop, Note(f"rings on {device} as well")]


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
    elif device in state.later:
        state = replace(state, later=_without(state.later, device))
    else:
        return state, []
    state = state.trailed(now, "went_away", device)
    return state, [Note(f"{device} went away while ringing"), *_nobody_left(state)]


def _without(devices: tuple[str, ...], gone: str) -> tuple[str, ...]:
    return tuple(device for device in devices if device != gone)


def _nobody_left(state: CallState) -> list[Effect]:
    """Nobody rings, nobody who silenced the ring is there to answer it, nobody answers."""
    if state.ringing or state.later or state.silenced or state.winner is not None:
        return []
    return [SetTimer(TimerName.NOBODY, state.limits.lease)]


def nobody_timer(state: CallState, now: float) -> Result:
    if state.ringing or state.later or state.winner is not None or state.silenced:
        return state, []
    return _nobody(state, now)


def ring_timer(state: CallState, now: float) -> Result:
    return end(
        state,
        now,
        EndReason.NO_ANSWER,
        words=WORDS_RANG_OUT,
        line=LineReject(480, "no answer"),
        wait_for_view=state.watched,
    )


def answer(state: CallState, event: Answer, now: float) -> Result:
    if state.winner == event.device_id:
        return state, []
    if state.winner is not None:
        return state, [
            Refuse(409, "answered_elsewhere", "The call was answered on another device.")
        ]
    if event.device_id not in (*state.ringing, *state.later, *state.silenced):
        return state, [Refuse(409, "not_ringing", "This call does not ring on this device.")]
    ringing = state.ringing
    if event.device_id not in ringing:
        ringing = (*ringing, event.device_id)
    state = replace(
        state,
        winner=event.device_id,
        waits=event.waits,
        ringing=ringing,
        later=_without(state.later, event.device_id),
        silenced=_without(state.silenced, event.device_id),
    )
    note = Note(f"{event.device_id} answers")
    state, effects = connect_winner(state, now)
    if state.phase is Phase.CONNECTED or state.waits:
        return state, [note, *effects]
    return state, [note, SetTimer(TimerName.WIN, state.limits.win), *effects]


def proceed_in(state: CallState, now: float) -> Result:
    """The user's other Call is on hold: now the answer counts."""
    if not state.waits:
        return state, []
    state, effects = connect_winner(replace(state, waits=False), now)
    if state.phase is Phase.CONNECTED:
        return state, effects
    return state, [SetTimer(TimerName.WIN, state.limits.win), *effects]


def abandoned_in(state: CallState, event: Abandoned, now: float) -> Result:
    if not state.waits:
        return state, []
    why = "another call could not be put on hold"
    return withdraw(state, now, why, event.words, code="not_held")


def connect_winner(state: CallState, now: float) -> Result:
    """Answer the line once both the winner's path and our description for the line are there."""
    if state.winner is None or state.waits or state.line_sdp is None:
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
        later=(),
        silenced=(),
        away=(),
        answered_at=now,
    ).trailed(now, "answered", device)
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


def withdraw(
    state: CallState,
    now: float,
    why: str,
    words: str = WORDS_WITHDRAWN,
    *,
    code: str = "answer_failed",
) -> Result:
    """The winner cannot be heard: the Call rings on, the user reads why."""
    device = state.winner
    if device is None:
        return state, []
    state = replace(state, winner=None, waits=False).trailed(now, "answer_failed", device)
    effects: list[Effect] = [Note(f"{device} did not get the call: {why}")]
    if device in state.ringing:  # else its socket is gone: nobody there to be told
        payload = (("code", code), ("words", words))
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
    state = state.trailed(now, "declined", event.device_id)
    return end(state, now, EndReason.DECLINED, line=LineReject(486), by=event.device_id)


def silence(state: CallState, event: Silence, now: float) -> Result:
    device = event.device_id
    if device not in (*state.ringing, *state.later) or device == state.winner:
        return state, []
    state = replace(
        state,
        ringing=_without(state.ringing, device),
        later=_without(state.later, device),
        silenced=(*state.silenced, device),
    ).trailed(now, "silenced", device)
    return state, [RingStop(event.device_id, "silenced", event.device_id)]
