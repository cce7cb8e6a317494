"""A Call that rang here and went on elsewhere: to a desk phone, a colleague, or by diversion.

The SIP dialog says that the ring is over, and at best that somebody answered (RFC 3326). Who it was
another view of the Call tells (CTI), before the CANCEL or shortly after it; the journal waits for
that moment and is then settled once.
"""

from __future__ import annotations

from dataclasses import replace

from gateway.calls.effects import LineReject
from gateway.calls.ending import end, entry_kind, settle
from gateway.calls.events import AnsweredElsewhere, Diverted
from gateway.calls.model import CallState, Result
from gateway.calls.states import EndReason
from gateway.calls.words import WORDS_ELSEWHERE


def told(state: CallState, event: AnsweredElsewhere | Diverted, now: float) -> Result:
    """The far side's CANCEL may still follow; nobody needs to go on ringing until then."""
    state, reason = _learned(state, event)
    words = WORDS_ELSEWHERE if reason is EndReason.ANSWERED_ELSEWHERE else None
    line = None if state.leaving else LineReject(486)
    return end(state, now, reason, words=words, line=line)


def told_after(state: CallState, event: AnsweredElsewhere | Diverted) -> Result:
    """The ring was over already, and clients know how it ended; the journal learns the rest."""
    state, reason = _learned(state, event)
    return settle(state, entry_kind(state, reason))


def not_told(state: CallState) -> Result:
    """Nobody said more than the end of the ring did."""
    return settle(state, entry_kind(state, state.reason or EndReason.CANCELLED))


def _learned(state: CallState, event: AnsweredElsewhere | Diverted) -> tuple[CallState, EndReason]:
    if isinstance(event, Diverted):
        return replace(state, forwarded_to=event.to), EndReason.FORWARDED
    known = replace(state, answered_by=event.by, answered_on=event.on or "elsewhere")
    return known, EndReason.ANSWERED_ELSEWHERE
