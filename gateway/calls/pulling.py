"""The desk phone's call is on its way to a device: until the phone system has our answer it is
spoken there, and nobody is told of this side.

The device brings its sound, the phone system calls our line; when both are there the line is
answered, and from then on it is a Call like any other. If either fails this side goes without a
word: the desk phone never let go.
"""

from __future__ import annotations

from dataclasses import replace

from gateway.calls import far_side, legs
from gateway.calls.effects import (
    AnswerLine,
    Attach,
    CloseMedia,
    Done,
    DropLeg,
    Effect,
    LineAccept,
    LineReject,
    LineRing,
    Note,
    Publish,
    Refuse,
    SetTimer,
    StopTimers,
    TellDevice,
)
from gateway.calls.events import (
    Command,
    DeskTakes,
    EngineGone,
    Event,
    FarSide,
    LegConnected,
    LegDescribed,
    LegHeard,
    LegLost,
    LegRefused,
    LineCame,
    LineDescribed,
    LineEnded,
    LineOffers,
    LineRefused,
    MediaClosed,
    MediaOffered,
    MoveFailed,
    Reachable,
    ShutDown,
    Started,
    TimerFired,
    TimerName,
)
from gateway.calls.model import CallState, LineStage, Result, Stage
from gateway.calls.parties import Move
from gateway.calls.states import MEDIA, PHASES, Hold, Media, MediaInput, Phase, PhaseInput, move
from gateway.calls.words import WORDS_NOT_FETCHED, WORDS_NOT_PULLED


def begun(at_desk: CallState, to: Move) -> CallState:
    """This side of a Call that is spoken on the desk phone; the rest of it stays as it is."""
    return replace(
        at_desk,
        stage=Stage.PULLING,
        phase=Phase.RINGING_IN,
        winner=to.to,
        moving=to,
        device_id=to.to,
        watched=True,
        hold=Hold.NONE,
        line=LineStage.PREPARING,
        line_offer=None,
        line_sdp=None,
        participants=(),
        may_push=False,
    )


def pulling(state: CallState, event: Event, now: float) -> Result:
    match event:
        case Started():
            ask = TellDevice(state.winner or "", "media.renegotiate", (("fresh", True),))
            return state, [ask, SetTimer(TimerName.MOVE, state.limits.pull)]
        case LineCame(sdp, session_id):
            return replace(state, line_offer=sdp, session_id=session_id), [AnswerLine(sdp)]
        case LineDescribed(sdp):
            # as for any Call: it brings up the secure path of the link (docs/calls.md, Ringing)
            state = replace(state, line=LineStage.READY, line_sdp=sdp)
            state, effects = _connect(state)
            return state, [LineRing(sdp), *effects]
        case LineOffers(features):
            return replace(state, features=features), []
        case Reachable(places):
            return replace(state, places=places), []
        case DeskTakes(takes):
            return replace(state, may_push=takes), []
        case FarSide():
            return far_side.told(state, event)[0], []
        case MediaOffered() if event.device_id == state.winner:
            return legs.media_offered(state, event, now)
        case LegDescribed():
            return legs.leg_described(state, event, now)
        case LegConnected(name) | LegHeard(name):
            return _came(state, name, heard=isinstance(event, LegHeard))
        case LegRefused() | LegLost() if state.find_leg(event.leg) is not None:
            return _give_up(state, "the sound of the device failed")
        case MediaClosed() if event.device_id == state.winner:
            return _give_up(state, "the device closed its sound")
        case MoveFailed(told=told):
            return _give_up(state, "the phone system refused", told=told)
        case TimerFired(TimerName.MOVE) | ShutDown() | LineRefused() | EngineGone():
            return _give_up(state, type(event).__name__)
        case LineEnded():
            return _give_up(state, "the phone system withdrew it")
        case _ if isinstance(event, Command):
            return state, [Refuse(409, "moving", "The call is already on its way to a device.")]
        case _:
            return state, []


def _came(state: CallState, name: str, *, heard: bool) -> Result:
    leg = state.find_leg(name)
    if leg is None:
        return state, []
    if heard:
        leg = replace(leg, heard=True)
    else:
        leg = replace(leg, media=move(MEDIA, leg.media, MediaInput.CONNECTED))
    return _connect(state.with_leg(leg))


def _connect(state: CallState) -> Result:
    """The device is heard, and the phone system waits for our answer."""
    leg = next((leg for leg in state.legs if leg.media is Media.ATTACHED and leg.heard), None)
    if leg is None or state.line_sdp is None:
        return state, []
    sdp, stale = state.line_sdp, [other for other in state.legs if other.name != leg.name]
    state = replace(
        state,
        stage=Stage.LIVE,
        phase=move(PHASES, state.phase, PhaseInput.ANSWERED),
        line=LineStage.AGREED,
        legs=(leg,),
        leg=leg.name,
        winner=None,
        moving=None,
        doubtful=True,
        muted=False,
    )
    note = Note(f"{leg.device_id} has the call from the desk phone")
    effects: list[Effect] = [StopTimers(), note, Attach(leg.name), LineAccept(sdp)]
    return state, [*effects, *(DropLeg(old.name) for old in stale), Publish("call.updated")]


def _give_up(state: CallState, why: str, *, told: bool = False) -> Result:
    """``words`` are what who asked has to read yet."""
    words = WORDS_NOT_FETCHED if state.line_offer is None else WORDS_NOT_PULLED
    over = replace(state, stage=Stage.OVER, legs=(), leg=None, words=None if told else words)
    note = Note(f"not taken from the desk phone: {why}")
    return over, [note, StopTimers(), LineReject(480), CloseMedia(), Done()]
