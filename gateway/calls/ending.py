"""How a Call ends: journal first, then the signalling, then nothing is left."""

from __future__ import annotations

from dataclasses import replace

from gateway.calls.effects import (
    CloseMedia,
    Done,
    Effect,
    JournalSettle,
    LineHangUp,
    LineReject,
    Play,
    Publish,
    RingStop,
    SetTimer,
    StopTimers,
    Tone,
)
from gateway.calls.events import TimerName
from gateway.calls.model import CallState, Result, Stage
from gateway.calls.parties import Referral
from gateway.calls.states import PHASES, EndReason, Phase, PhaseInput, move
from gateway.calls.words import journal_kind


def _told(state: CallState, reason: EndReason) -> Referral | None:
    """Clients say of a Call that was given away who has it now."""
    referral = state.referral
    if reason is not EndReason.TRANSFERRED or referral is None or referral.kind != "transfer":
        return None
    return referral


def end(
    state: CallState,
    now: float,
    reason: EndReason,
    *,
    words: str | None = None,
    line: Effect | None = None,
    tail: Tone | None = None,
    by: str | None = None,
    wait_for_view: bool = False,
) -> Result:
    """End a live Call.

    ``line`` is what the far side is told; ``tail`` a tone for the own device before its path goes;
    ``by`` the device that decided. ``wait_for_view``: another view of the Call may still tell who
    answered, so the journal entry stays pending for a moment.
    """
    kind = entry_kind(state, reason)
    ended = replace(
        state,
        phase=move(PHASES, state.phase, PhaseInput.ENDED),
        ended_at=now,
        reason=reason,
        words=words,
        ringing=(),
        later=(),
        winner=None,
        ringback=False,
        comfort=False,
        asked_hold=None,
        want_hold=None,
        offered_hold=None,
        referral=_told(state, reason),
        moving=None,
        leaving=False,
        leaves_as=None,
        waits=False,
        journal_kind=None if wait_for_view else kind,
    )
    effects: list[Effect] = [StopTimers()]
    if not wait_for_view:
        effects.append(JournalSettle(kind))
    if line is not None:
        effects.append(line)
    effects += [RingStop(device, reason.value, by) for device in state.ringing]
    effects.append(Publish("call.ended"))
    if tail is not None:
        effects += [Play("device", tail, state.limits.tail)]
        effects += [SetTimer(TimerName.TAIL, state.limits.tail)]
        return replace(ended, stage=Stage.TAIL), effects
    effects.append(CloseMedia())
    if wait_for_view:
        effects.append(SetTimer(TimerName.SETTLE, state.limits.settle))
        return replace(ended, stage=Stage.TAIL, legs=(), leg=None), effects
    return _over(ended, [*effects, Done()])


def entry_kind(state: CallState, reason: EndReason) -> str:
    """The kind of the entry as far as this side knows; a colleague's answer is their own."""
    if state.answered_by is not None:
        return "answered_by"
    return journal_kind(state.direction, state.answered_at is not None, reason)


def hand_over(state: CallState) -> Result:
    """The desk phone has the Call: all of ours goes, and nothing is said of an end."""
    ringing = state.phase is Phase.RINGING_IN
    effects: list[Effect] = [StopTimers(), LineReject(486) if ringing else LineHangUp()]
    effects += [
        RingStop(device, EndReason.ANSWERED_ELSEWHERE.value, None) for device in state.ringing
    ]
    return _over(state, [*effects, CloseMedia(), Done()])


def finish(state: CallState) -> Result:
    """Let go of what an ended Call still held."""
    return _over(state, [StopTimers(), CloseMedia(), Done()])


def settle(state: CallState, kind: str) -> Result:
    """The pending journal entry gets its one and final kind."""
    settled = replace(state, journal_kind=kind)
    return _over(settled, [StopTimers(), JournalSettle(kind), CloseMedia(), Done()])


def _over(state: CallState, effects: list[Effect]) -> Result:
    return replace(state, stage=Stage.OVER, legs=(), leg=None), effects
