"""The line: what the PBX side does to a Call, and our description towards it."""

from __future__ import annotations

from dataclasses import replace

from gateway.calls.effects import (
    AnswerLine,
    ApplyLine,
    AskName,
    Effect,
    JournalAnswered,
    JournalOpen,
    LineAnswerOffer,
    LineHangUp,
    LineInvite,
    LineOffer,
    LineRefuseOffer,
    LineReject,
    LineRing,
    LineWithdraw,
    Note,
    OfferLine,
    PassLine,
    Play,
    Publish,
    RingStop,
    SetTimer,
    StopPlaying,
    StopTimer,
    StopTimers,
    TellDevice,
)
from gateway.calls.ending import end
from gateway.calls.events import (
    Abandoned,
    EngineGone,
    LineAnswered,
    LineDescribed,
    LineEarlyMedia,
    LineEnd,
    LineEnded,
    LineFailed,
    LineOfferDone,
    LineOffered,
    LineQuiet,
    LineRefused,
    Started,
    TimerName,
)
from gateway.calls.holding import not_agreed, offer_agreed, offer_hold
from gateway.calls.legs import gone
from gateway.calls.model import CallState, LineStage, Result
from gateway.calls.moving import failed, let_go
from gateway.calls.ringing import connect_winner, watch_for_sound
from gateway.calls.states import (
    HOLDS,
    PHASES,
    EndReason,
    Hold,
    HoldInput,
    Phase,
    PhaseInput,
    allows,
    move,
)
from gateway.calls.words import (
    WORDS_ELSEWHERE,
    WORDS_LINE_SILENT,
    WORDS_MEDIA_SETUP,
    WORDS_NOT_PARKED,
    WORDS_NOT_THERE,
    failure,
)

#: How phone systems refuse a code that makes no sense now.
_NOT_FETCHED = frozenset({403, 404, 480, 481})
LINE_QUIET_WARN = 5.0
LINE_QUIET_END = 30.0


# -- dialling --------------------------------------------------------------------------------------
def started_out(state: CallState, event: Started, now: float) -> Result:
    """The engine describes the line while the journal commits; the INVITE needs both.

    The name is asked for after the commit: both need the database, and the INVITE needs no name.
    """
    return state, [
        OfferLine(),
        JournalOpen(),
        AskName(),
        Publish("call.created"),
        SetTimer(TimerName.DIAL, state.limits.dial),
        SetTimer(TimerName.LOST, state.limits.lost),
    ]


def line_described(state: CallState, event: LineDescribed, now: float) -> Result:
    state = replace(state, line_sdp=event.sdp)
    match state.line, state.direction:
        case LineStage.PREPARING, "out" if state.waits:
            return replace(state, line=LineStage.READY), []
        case LineStage.PREPARING, "out":
            return replace(state, line=LineStage.INVITED), [LineInvite(event.sdp)]
        case LineStage.PREPARING, _:
            # Our answer travels in the 180 already, so that the link's secure path is up when
            # somebody answers; the PBX is not shown it.
            state = replace(state, line=LineStage.READY)
            state, effects = connect_winner(state, now)
            return state, [LineRing(event.sdp), *effects]
        case LineStage.ANSWERING, _:
            return _offer_answered(state, event.sdp)
        case LineStage.REBUILDING, _:
            return replace(state, line=LineStage.REOFFERED), [LineOffer(event.sdp)]
        case LineStage.HOLDING, _:
            return replace(state, line=LineStage.HOLD_ASKED), [LineOffer(event.sdp)]
        case _:
            return state, [Note("a description of the line came unasked")]


def proceed_out(state: CallState) -> Result:
    """What the dialling waited for is done."""
    if not state.waits:
        return state, []
    state = replace(state, waits=False)
    if state.line is not LineStage.READY or state.line_sdp is None:
        return state, []  # the engine is still at it
    return replace(state, line=LineStage.INVITED), [LineInvite(state.line_sdp)]


def abandoned_out(state: CallState, event: Abandoned, now: float) -> Result:
    if not state.waits:
        return state, []
    note = Note("not dialled: another call could not be put on hold")
    state, effects = end(state, now, EndReason.NOT_HELD, words=event.words)
    return state, [note, *effects]


def _offer_answered(state: CallState, sdp: str) -> Result:
    """Only now the session is as the far side wants it (RFC 3264 4: refused, it is as before)."""
    hold = state.asked_hold
    effects: list[Effect] = [LineAnswerOffer(sdp)]
    state = replace(state, line=LineStage.AGREED, asked_hold=None)
    if hold is not None:
        state = replace(state, hold=hold)
        effects.append(Publish("call.updated"))
    state, more = offer_hold(state)
    return state, [*effects, *more]


def line_ringing(state: CallState, now: float) -> Result:
    if state.phase is Phase.EARLY:  # the sound of the far side goes on (RFC 3960)
        return replace(state, ringing_at=state.ringing_at or now), []
    if state.phase is not Phase.DIALLING:
        return state, []
    state = replace(
        state,
        phase=move(PHASES, state.phase, PhaseInput.RINGING),
        ringing_at=now,
        ringback=True,
    )
    return state, [StopTimer(TimerName.DIAL), Play("device", "ringback"), Publish("call.updated")]


def line_early_media(state: CallState, event: LineEarlyMedia, now: float) -> Result:
    if state.phase is Phase.EARLY and event.ringing:
        return line_ringing(state, now)
    if not allows(PHASES, state.phase, PhaseInput.EARLY_MEDIA):
        return state, []
    effects: list[Effect] = [StopTimer(TimerName.DIAL)]
    if state.line is LineStage.INVITED:
        effects.append(ApplyLine(event.sdp))
    if event.ringing and not state.ringback:  # ring-back until its sound really comes
        effects.append(Play("device", "ringback"))
    state = replace(
        state,
        phase=move(PHASES, state.phase, PhaseInput.EARLY_MEDIA),
        line=LineStage.AGREED,
        ringback=state.ringback or event.ringing,
        # an announcement is no ring: what it ends with is not "no answer"
        ringing_at=state.ringing_at or (now if event.ringing else None),
    )
    return state, [*effects, Publish("call.updated")]


def line_answered(state: CallState, event: LineAnswered, now: float) -> Result:
    if not allows(PHASES, state.phase, PhaseInput.ANSWERED):
        return state, []
    effects: list[Effect] = [StopTimer(TimerName.DIAL)]
    if state.line is LineStage.INVITED:
        if event.sdp is None:
            return end(
                state,
                now,
                EndReason.MEDIA_FAILED,
                words=WORDS_MEDIA_SETUP,
                line=LineHangUp("no session description in the answer"),
            )
        effects.append(ApplyLine(event.sdp))
    state = replace(
        state,
        phase=move(PHASES, state.phase, PhaseInput.ANSWERED),
        line=LineStage.AGREED,
        answered_at=now,
    )
    if state.ringback:
        effects.append(SetTimer(TimerName.RINGBACK, state.limits.ringback))
    effects.append(JournalAnswered(state.device_id))
    bridged = state.bridged
    if bridged is None or not bridged.speaks:
        effects += watch_for_sound(state)
    return state, [*effects, Publish("call.updated")]


def line_heard(state: CallState, now: float) -> Result:
    if not state.ringback:
        return state, []
    return replace(state, ringback=False), [
        StopPlaying("device"),
        StopTimer(TimerName.RINGBACK),
    ]


def line_failed(state: CallState, event: LineFailed, now: float) -> Result:
    if state.direction != "out" or state.phase is Phase.CONNECTED:
        return state, []
    if state.leaves_as is not None:
        # its party was taken along by another Call of the user while it still rang
        return end(state, now, state.leaves_as)
    rang = state.ringing_at is not None
    outcome = failure(event.status, event.cause, event.text, event.down, rang=rang)
    words = outcome.words
    if state.fetch is not None and event.status in _NOT_FETCHED:
        words = WORDS_NOT_THERE if state.fetch.kind == "pickup" else WORDS_NOT_PARKED
    note = Note(f"refused with {event.status} {event.text}".rstrip())
    state, effects = end(
        state,
        now,
        outcome.reason,
        words=words,
        tail=outcome.tone,
    )
    return state, [note, *effects]


def dial_timer(state: CallState, now: float) -> Result:
    """Not even a sign of life: the far side of the link hangs."""
    outcome = failure(408, None, "", False)
    words = failure(504, None, "", False).words
    return end(
        state,
        now,
        EndReason.UNREACHABLE,
        words=words,
        line=LineHangUp("no reaction"),
        tail=outcome.tone,
    )


# -- the far side ends or changes the Call ---------------------------------------------------------
def line_ended(state: CallState, event: LineEnded, now: float) -> Result:
    if state.doubtful and event.how is not LineEnd.LOST:
        return let_go(state)  # our answer came too late, or it is over: CSTA tells which
    if event.unanswered and not state.doubtful and state.direction == "in":
        # It ended while the winner was being written down, so our 200 never left (RFC 3261 9.2):
        # nobody has talked, whatever we were about to say.
        state = replace(state, answered_at=None, device_id=None)
        return _cancelled(state, event, now)
    if event.how is LineEnd.CANCEL or state.phase is Phase.RINGING_IN:
        return _cancelled(state, event, now)
    if event.how is LineEnd.LOST:
        return end(
            state, now, EndReason.UNREACHABLE, words="The phone system lost the call.", line=None
        )
    if state.pushed and state.watched:
        return let_go(state)
    # A phone system may let go of us without a report (RFC 5589 6.1 has us hang up after it).
    given = EndReason.TRANSFERRED if state.given_away else None
    return end(state, now, state.leaves_as or given or EndReason.HUNG_UP)


def _cancelled(state: CallState, event: LineEnded, now: float) -> Result:
    if event.answered_elsewhere and state.watched and not state.leaving:
        # The other view knows whether it was our desk phone: then the Call goes on there.
        effects: list[Effect] = [
            RingStop(device, EndReason.ANSWERED_ELSEWHERE.value, None) for device in state.ringing
        ]
        left = replace(state, leaving=True, ringing=(), winner=None)
        timer = SetTimer(TimerName.SETTLE, state.limits.settle)
        return left, [StopTimers(), *effects, timer, Publish("call.updated")]
    if event.answered_elsewhere:
        state = replace(state, answered_on="elsewhere")
        return end(state, now, EndReason.ANSWERED_ELSEWHERE, words=WORDS_ELSEWHERE)
    note = Note("the caller gave up or the phone system stopped the ring")
    state, effects = end(state, now, EndReason.CANCELLED, wait_for_view=state.watched)
    return state, [note, *effects]


def line_offered(state: CallState, event: LineOffered, now: float) -> Result:
    if event.sdp is None or state.phase is not Phase.CONNECTED:
        # DEVIATION: an offerless re-INVITE (RFC 3264 section 8 allows it) is refused: our only
        # peer, the connector, always offers, and a browser leg could not give a fresh answer.
        return state, [LineRefuseOffer(488)]
    if state.line not in (LineStage.AGREED, LineStage.HOLD_ASKED):
        return state, [LineRefuseOffer(491)]
    held = HoldInput.REMOTE_HOLD if event.held else HoldInput.REMOTE_RETRIEVE
    hold = move(HOLDS, state.hold, held) if allows(HOLDS, state.hold, held) else None
    effects: list[Effect] = [AnswerLine(event.sdp, state.held)]
    if state.line is LineStage.HOLD_ASKED:
        # It is let through only after glare, while ours waits for its time (RFC 3261 14.1):
        # theirs is answered, then ours is made anew.
        effects.insert(0, LineWithdraw())
    state = replace(state, line=LineStage.ANSWERING, asked_hold=hold, offered_hold=None)
    return state, effects


def line_offer_done(state: CallState, event: LineOfferDone, now: float) -> Result:
    """The outcome of an offer of ours: to hold or retrieve, or of a new media path."""
    stage = state.line
    if stage not in (LineStage.HOLD_ASKED, LineStage.STRANDED, LineStage.REOFFERED):
        return state, []
    if not event.ok or event.sdp is None:
        if stage is LineStage.REOFFERED:
            return _media_failed(state, now, "the far side refused the new media path")
        state, effects = not_agreed(state, "the far side refused it")
    else:
        state, effects = offer_agreed(state)
        effects = [ApplyLine(event.sdp), *effects]
    if stage is LineStage.REOFFERED:
        return state, [StopTimer(TimerName.REBUILD), *effects]
    if stage is LineStage.HOLD_ASKED:
        return state, effects
    # Of the path that this was about nothing is left: only what was said counts.
    lost = (ApplyLine, PassLine, OfferLine)
    state, more = _rebuild(state)
    return state, [*(effect for effect in effects if not isinstance(effect, lost)), *more]


# -- the engine ------------------------------------------------------------------------------------
def line_refused(state: CallState, event: LineRefused, now: float) -> Result:
    if state.line is LineStage.ANSWERING:
        state = replace(state, line=LineStage.AGREED, asked_hold=None)
        state, effects = offer_hold(state)
        return state, [Note(f"offer refused: {event.detail}"), LineRefuseOffer(488), *effects]
    if state.line is LineStage.HOLDING:
        return not_agreed(state, event.detail)
    return _media_failed(state, now, event.detail)


def engine_gone(state: CallState, event: EngineGone, now: float) -> Result:
    """The worker died. A talking Call is rebuilt once; a ringing one is given up."""
    rebuilding = state.line in (LineStage.REBUILDING, LineStage.REOFFERED, LineStage.STRANDED)
    if state.phase is not Phase.CONNECTED or rebuilding:
        return _media_failed(state, now, event.detail)
    state = replace(state, legs=(), leg=None, comfort=False, asked_hold=None)
    unmoved: list[Effect] = []
    if state.moving is not None and not state.pushed:
        state, unmoved = failed(state)
    effects: list[Effect] = [
        *unmoved,
        Note(f"media worker lost: {event.detail}; building the path again"),
        SetTimer(TimerName.REBUILD, state.limits.rebuild),
    ]
    if state.line is LineStage.HOLD_ASKED:
        # One offer at a time (RFC 3264 4): the new path follows when this one is answered.
        state = replace(state, line=LineStage.STRANDED)
    else:
        state, more = _rebuild(state)
        effects += more
    state, more = gone(state, state.limits.comfort, state.limits.lost)
    return state, [*effects, *more]


def _rebuild(state: CallState) -> Result:
    effects: list[Effect] = []
    if state.line is LineStage.ANSWERING:  # no answer is to come from the dead worker
        effects.append(LineRefuseOffer(500))
    held = state.held if state.held or state.held_here else None
    state = replace(state, line=LineStage.REBUILDING, offered_hold=held)
    return state, [*effects, OfferLine(fresh=True, held=held)]


def rebuild_timer(state: CallState, now: float) -> Result:
    return _media_failed(state, now, "the media path could not be built again in time")


def _media_failed(state: CallState, now: float, detail: str) -> Result:
    line: Effect = LineHangUp("media failure")
    if state.phase is Phase.RINGING_IN:
        line = LineReject(500)
    state, effects = end(state, now, EndReason.MEDIA_FAILED, words=WORDS_MEDIA_SETUP, line=line)
    return state, [Note(f"media failed: {detail}"), *effects]


def line_quiet(state: CallState, event: LineQuiet, now: float) -> Result:
    """One direction without sound: say so at 5 s, give up at 30 s, unless the Call is held."""
    if state.phase is not Phase.CONNECTED or state.hold is not Hold.NONE:
        return state, []
    if event.seconds >= LINE_QUIET_END:
        return end(
            state,
            now,
            EndReason.MEDIA_FAILED,
            words=WORDS_LINE_SILENT,
            line=LineHangUp("no sound from the line"),
        )
    if state.device_id is None:
        return state, []
    if event.seconds >= LINE_QUIET_WARN:
        payload = (("code", "line_silent"), ("words", "No sound arrives from the other side."))
        return state, [Note("line silent"), TellDevice(state.device_id, "notice", payload)]
    return state, []
