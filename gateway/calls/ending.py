"""How a Call ends: journal first, then the signalling, then nothing is left."""

from __future__ import annotations

from dataclasses import replace

from gateway.calls.effects import (
    CloseMedia,
    Done,
    Effect,
    JournalSettle,
    Play,
    Publish,
    RingStop,
    SetTimer,
    StopTimers,
    Tone,
)
from gateway.calls.events import TimerName
from gateway.calls.model import CallState, Result, Stage
from gateway.calls.states import PHASES, EndReason, PhaseInput, move
from gateway.calls.words import journal_kind


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
    kind = journal_kind(state.direction, state.answered_at is not None, reason)
    ended = replace(
        state,
        phase=move(PHASES, state.phase, PhaseInput.ENDED),
        ended_at=now,
        reason=reason,
        words=words,
        ringing=(),
        winner=None,
        ringback=False,
        comfort=False,
        asked_hold=None,
        want_hold=None,
        offered_hold=None,
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


def finish(state: CallState) -> Result:
    """Let go of what an ended Call still held."""
    return _over(state, [StopTimers(), CloseMedia(), Done()])


def settle(state: CallState, kind: str) -> Result:
    """The pending journal entry gets its one and final kind."""
    settled = replace(state, journal_kind=kind)
    return _over(settled, [StopTimers(), JournalSettle(kind), CloseMedia(), Done()])


def _over(state: CallState, effects: list[Effect]) -> Result:
    return replace(state, stage=Stage.OVER, legs=(), leg=None), effects
