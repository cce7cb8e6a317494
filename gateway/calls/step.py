"""``step(state, event, now) -> (state, effects)``: the whole behaviour of a Call.

Pure: no loop, no socket, no clock. Rules live in the module named after them (``ringing``,
``line``, ``legs``, ``ending``); this module only knows which rule an event belongs to at which
point of a Call's life. What comes at the wrong moment from outside is absorbed here; commands that
cannot be obeyed any more are refused in words.
"""

from __future__ import annotations

from dataclasses import replace

from gateway.calls import (
    elsewhere,
    far_side,
    holding,
    legs,
    line,
    moving,
    pulling,
    referring,
    ringing,
)
from gateway.calls.effects import (
    Effect,
    LineHangUp,
    LineReject,
    MuteLine,
    PlayDigits,
    Publish,
    Refuse,
)
from gateway.calls.ending import end, finish, hand_over
from gateway.calls.events import (
    Abandoned,
    Accompanied,
    Answer,
    AnsweredElsewhere,
    Command,
    Decline,
    DeskTakes,
    DeviceOffline,
    DeviceOnline,
    Diverted,
    EngineGone,
    Event,
    FarSide,
    HandedOver,
    HangUp,
    LeavesAs,
    LeftDesk,
    LegConnected,
    LegDescribed,
    LegHeard,
    LegLost,
    LegNeedsOffer,
    LegQuiet,
    LegRefused,
    LineAnswered,
    LineDescribed,
    LineEarlyMedia,
    LineEnded,
    LineFailed,
    LineHeard,
    LineOfferDone,
    LineOffered,
    LineOffers,
    LineQuiet,
    LineReferred,
    LineRefused,
    LineRinging,
    MediaClosed,
    MediaOffered,
    MoveFailed,
    MoveTo,
    Mute,
    Named,
    Proceed,
    Reachable,
    Refer,
    SendDigits,
    SetHold,
    ShutDown,
    Silence,
    Started,
    Summoned,
    TakenByDesk,
    TimerFired,
    TimerName,
    Watched,
)
from gateway.calls.model import CallState, Result, Stage
from gateway.calls.states import EndReason, Phase
from gateway.calls.view import moves
from gateway.calls.words import WORDS_ELSEWHERE, WORDS_NODE

OVER = Refuse(409, "call_over", "The call is over.")


def step(state: CallState, event: Event, now: float) -> Result:
    """The next state, and what has to be done, in order."""
    match state.stage:
        case Stage.LIVE:
            return referring.go_on(_live(state, event, now))
        case Stage.PULLING:
            return pulling.pulling(state, event, now)
        case Stage.TAIL:
            return _tail(state, event, now)
        case _:
            return state, _refused(event)


def _refused(event: Event) -> list[Effect]:
    return [OVER] if isinstance(event, Command) else []


def _live(state: CallState, event: Event, now: float) -> Result:
    if state.leaving:
        return _leaving(state, event, now)
    match event:
        case Started():
            started = ringing.started_in if state.direction == "in" else line.started_out
            return started(state, event, now)
        case Named():
            shown = [Publish("call.updated")] if event.name != state.name else []
            return replace(state, name=event.name), [*shown]
        case TimerFired():
            return _timer(state, event.name, now)
        case ShutDown():
            return _shut_down(state, now)
        case Watched():
            return replace(state, watched=True), []
        case FarSide():
            return far_side.told(state, event)
        case TakenByDesk():
            return hand_over(state)
        case LeftDesk():
            return replace(state, doubtful=False), []
        case DeviceOnline() | DeviceOffline():
            return _device(state, event, now)
        case Proceed() | Abandoned() | Accompanied() | LeavesAs() | HandedOver():
            return _company(state, event, now)
        case Refer():
            return referring.refer(state, event)
        case MoveTo():
            return moving.move_to(state, event)
        case MoveFailed():
            pushed = state.pushed
            return moving.failed(state, event.words, told=event.told) if pushed else (state, [])
        case Reachable() | DeskTakes():
            return _places(state, event)
        case Answer() | Decline() | Silence() | HangUp() | SendDigits() | Mute() | SetHold():
            return _command(state, event, now)
        case Summoned():
            return legs.summoned(state, event)
        case MediaOffered():
            return legs.media_offered(state, event, now)
        case MediaClosed():
            return legs.media_closed(state, event, now)
        case LegDescribed() | LegRefused() | LegConnected() | LegHeard() | LegLost() | LegQuiet():
            return _leg(state, event, now)
        case LegNeedsOffer():
            return legs.leg_needs_offer(state, event, now)
        case _:
            return _line(state, event, now)


def _company(
    state: CallState, event: Proceed | Abandoned | Accompanied | LeavesAs | HandedOver, now: float
) -> Result:
    """What the user's other Calls are up to."""
    ringing_in = state.phase is Phase.RINGING_IN
    match event:
        case Proceed():
            return ringing.proceed_in(state, now) if ringing_in else line.proceed_out(state)
        case Abandoned() if ringing_in:
            return ringing.abandoned_in(state, event, now)
        case Abandoned():
            return line.abandoned_out(state, event, now)
        case Accompanied():
            if (event.swap, event.merge) == (state.may_swap, state.may_merge):
                return state, []
            state = replace(state, may_swap=event.swap, may_merge=event.merge)
            return state, [Publish("call.updated")]
        case LeavesAs():
            return replace(state, leaves_as=event.reason), []
        case HandedOver():
            return referring.handed_over(state, event, now)


def _places(state: CallState, event: Reachable | DeskTakes) -> Result:
    """Where the Call might go on."""
    if isinstance(event, Reachable):
        changed = replace(state, places=event.places)
    else:
        changed = replace(state, may_push=event.takes)
    shown = moves(changed) != moves(state)
    return changed, [Publish("call.updated")] if shown else []


def _leaving(state: CallState, event: Event, now: float) -> Result:
    """Answered elsewhere: where, the other view of the Call tells, or nobody."""
    if isinstance(event, Named):
        return replace(state, name=event.name), []
    if isinstance(event, Command):
        return state, [OVER]
    if state.phase is Phase.CONNECTED:
        return moving.leaving(state, event, now)
    match event:
        case TakenByDesk():
            return hand_over(state)
        case AnsweredElsewhere() | Diverted():
            return elsewhere.told(state, event, now)
        case TimerFired(TimerName.SETTLE) | ShutDown():
            state = replace(state, answered_on="elsewhere")
            return end(state, now, EndReason.ANSWERED_ELSEWHERE, words=WORDS_ELSEWHERE)
        case _:
            return state, []


def _line(state: CallState, event: Event, now: float) -> Result:
    match event:
        case LineDescribed():
            return line.line_described(state, event, now)
        case LineRefused():
            return line.line_refused(state, event, now)
        case LineRinging():
            return line.line_ringing(state, now)
        case LineEarlyMedia():
            return line.line_early_media(state, event, now)
        case LineAnswered():
            return line.line_answered(state, event, now)
        case LineFailed():
            return line.line_failed(state, event, now)
        case LineEnded():
            return line.line_ended(state, event, now)
        case LineOffered():
            return line.line_offered(state, event, now)
        case LineOfferDone():
            return line.line_offer_done(state, event, now)
        case LineOffers():
            return replace(state, features=event.features), []
        case LineReferred():
            return referring.referred(state, event, now)
        case LineHeard():
            return line.line_heard(state, now)
        case LineQuiet():
            return line.line_quiet(state, event, now)
        case EngineGone():
            return line.engine_gone(state, event, now)
        case AnsweredElsewhere() | Diverted() if state.phase is Phase.RINGING_IN:
            return elsewhere.told(state, event, now)
        case _:
            return state, []


def _leg(
    state: CallState,
    event: LegDescribed | LegRefused | LegConnected | LegHeard | LegLost | LegQuiet,
    now: float,
) -> Result:
    match event:
        case LegDescribed():
            return legs.leg_described(state, event, now)
        case LegRefused():
            return legs.leg_refused(state, event, now)
        case LegConnected():
            return legs.leg_connected(state, event, now)
        case LegHeard():
            return legs.leg_heard(state, event, now)
        case LegLost():
            return legs.leg_lost(state, event, now)
        case LegQuiet():
            return legs.leg_quiet(state, event, now)


def _device(state: CallState, event: DeviceOnline | DeviceOffline, now: float) -> Result:
    if state.phase is not Phase.RINGING_IN:
        return state, []  # a socket that comes or goes never changes a Call
    if isinstance(event, DeviceOnline):
        return ringing.device_online(state, event, now)
    return ringing.device_offline(state, event, now)


def _timer(state: CallState, name: TimerName, now: float) -> Result:
    ringing_in = state.phase is Phase.RINGING_IN
    match name:
        case TimerName.RENEW if ringing_in:
            return ringing.renew(state, now)
        case TimerName.NOBODY if ringing_in:
            return ringing.nobody_timer(state, now)
        case TimerName.RING if ringing_in:
            return ringing.ring_timer(state, now)
        case TimerName.LATER if ringing_in:
            return ringing.later_timer(state, now)
        case TimerName.WIN if ringing_in:
            return ringing.win_timer(state, now)
        case TimerName.DIAL if state.phase is Phase.DIALLING:
            return line.dial_timer(state, now)
        case TimerName.RINGBACK:
            return line.line_heard(state, now)
        case TimerName.COMFORT:
            return legs.comfort_timer(state, now)
        case TimerName.LOST:
            return legs.lost_timer(state, now)
        case TimerName.REFER:
            return referring.refer_timer(state)
        case TimerName.MOVE:
            return moving.move_timer(state)
        case TimerName.REBUILD:
            return line.rebuild_timer(state, now)
        case _:
            return state, []


def _command(
    state: CallState,
    event: Answer | Decline | Silence | HangUp | SendDigits | Mute | SetHold,
    now: float,
) -> Result:
    ringing_in = state.phase is Phase.RINGING_IN
    match event:
        case Answer() if ringing_in:
            return ringing.answer(state, event, now)
        case Answer():
            return state, [_late_answer(state, event)] if not _is_mine(state, event) else []
        case Decline() if ringing_in:
            return ringing.decline(state, event, now)
        case Silence() if ringing_in:
            return ringing.silence(state, event, now)
        case HangUp() if ringing_in:
            return ringing.decline(state, Decline(event.device_id), now)
        case HangUp():
            return _hang_up(state, now)
        case SetHold() if (
            state.phase is Phase.CONNECTED and state.referral is None and not state.pushed
        ):
            return holding.set_hold(state, event)
        case SendDigits() if state.phase in (Phase.CONNECTED, Phase.EARLY) and not state.held:
            return state, [PlayDigits(event.digits)]
        case Mute() if not ringing_in:
            muted = replace(state, muted=event.muted)
            return muted, [MuteLine(event.muted), Publish("call.updated")]
        case _:
            return state, [
                Refuse(409, "not_now", "That is not possible at this point of the call.")
            ]


def _is_mine(state: CallState, event: Answer) -> bool:
    return state.direction == "in" and state.device_id == event.device_id


def _late_answer(state: CallState, event: Answer) -> Refuse:
    if state.direction == "in":
        return Refuse(409, "answered_elsewhere", "The call was answered on another device.")
    return Refuse(409, "not_now", "That is not possible at this point of the call.")


def _hang_up(state: CallState, now: float) -> Result:
    if state.phase is Phase.CONNECTED:
        # The phone system goes on with what it was asked for, without us.
        reason = EndReason.TRANSFERRED if state.given_away else EndReason.HUNG_UP
        return end(state, now, reason, line=LineHangUp())
    return end(state, now, EndReason.CANCELLED, line=LineHangUp())


def _shut_down(state: CallState, now: float) -> Result:
    out: Effect = LineReject(503) if state.phase is Phase.RINGING_IN else LineHangUp("restart")
    return end(state, now, EndReason.NODE_FAILED, words=WORDS_NODE, line=out)


def _tail(state: CallState, event: Event, now: float) -> Result:
    """Ended: a tone is heard, or the journal waits. Everything else is history."""
    waiting = state.journal_kind is None
    match event:
        case AnsweredElsewhere() | Diverted() if waiting:
            return elsewhere.told_after(state, event)
        case TakenByDesk() if waiting:  # it rings on there, and its entry stays open
            return finish(state)
        case TimerFired(TimerName.SETTLE) | ShutDown() if waiting:
            return elsewhere.not_told(state)
        case Named() if waiting:
            return replace(state, name=event.name), []
        case _ if waiting:
            return state, _refused(event)
        case TimerFired(TimerName.TAIL) | ShutDown() | HangUp() | EngineGone() | LineRefused():
            return finish(state)
        case MediaClosed():
            return legs.media_closed(state, event, now)
        case MediaOffered() if state.device_id == event.device_id:
            return legs.media_offered(state, event, now)
        case LegDescribed():
            return legs.leg_described(state, event, now)
        case LegConnected():
            return legs.leg_connected(state, event, now)
        case LegLost() | LegRefused() if state.find_leg(event.leg) is not None:
            return finish(state)
        case _:
            return state, _refused(event)
