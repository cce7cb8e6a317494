"""Calls on the desk phone: between the link's CSTA and the words of the API. Pure.

It never asks which platform speaks: what may be done is what ``servicesPermitted`` says.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from gateway.calls.effects import (
    AskName,
    Effect,
    JournalAnswered,
    JournalOpen,
    JournalSettle,
    Publish,
)
from gateway.calls.ending import entry_kind
from gateway.calls.model import CallState, Stage
from gateway.calls.parties import Number, Party
from gateway.calls.states import EndReason, Hold, Phase
from gateway.calls.view import Action, Call, Place, call_json
from gateway.ports import CutOff
from protocols.csta.device_names import DeviceName
from protocols.csta.ids import ConnectionId
from protocols.csta.message import Request
from protocols.csta.services import call_control as cc
from protocols.csta.values import Cause, LocalConnectionState
from protocols.csta.view.model import CallView, Direction, Ended

#: What the link calls the devices of a line (connector-link.md).
DESK, LINE = "desk", "line"

#: ECMA-323 names the permission otherwise than the service.
_SINGLE_STEP = frozenset(("singleStepTransferCall", "singleStepTransfer"))
_TALKING = frozenset((LocalConnectionState.CONNECTED, LocalConnectionState.HOLD))

_ELSEWHERE: tuple[Action, Action] = ("pull", "move")

#: Verb -> the service that must be permitted for it, while ringing and while talking.
_RINGING: tuple[tuple[Action, str], ...] = (
    ("answer", "answerCall"),
    ("decline", "clearConnection"),
)
_WAITING: tuple[tuple[Action, str], ...] = (("hang_up", "clearConnection"),)
_CONNECTED: tuple[tuple[Action, str], ...] = (
    ("hang_up", "clearConnection"),
    ("hold", "holdCall"),
    ("retrieve", "retrieveCall"),
    ("swap", "alternateCall"),
    ("consult", "consultationCall"),
    ("transfer", "singleStepTransferCall"),
    ("transfer", "singleStepTransfer"),
    ("transfer", "transferCall"),
    ("merge", "conferenceCall"),
    *((verb, service) for verb in _ELSEWHERE for service in sorted(_SINGLE_STEP)),
    ("dtmf", "generateDigits"),
    ("drop", "clearConnection"),
)

_FAILURES = {
    Cause.BUSY: EndReason.BUSY,
    Cause.DO_NOT_DISTURB: EndReason.BUSY,
    Cause.CALL_NOT_ANSWERED: EndReason.NO_ANSWER,
    Cause.BLOCKED: EndReason.BLOCKED,
    Cause.REORDER_TONE: EndReason.UNREACHABLE,
    Cause.DEST_NOT_OBTAINABLE: EndReason.UNREACHABLE,
    Cause.DEST_OUT_OF_ORDER: EndReason.UNREACHABLE,
    Cause.TRUNKS_BUSY: EndReason.UNREACHABLE,
    Cause.RESOURCES_NOT_AVAILABLE: EndReason.UNREACHABLE,
}
_TRANSFERS = frozenset((Cause.TRANSFER, Cause.SINGLE_STEP_TRANSFER))
_DIVERSIONS = frozenset(
    (
        Cause.CALL_FORWARD,
        Cause.CALL_FORWARD_IMMEDIATE,
        Cause.CALL_FORWARD_BUSY,
        Cause.CALL_FORWARD_NO_ANSWER,
        Cause.REDIRECTED,
        Cause.DISTRIBUTED,
    )
)


@dataclass(frozen=True, slots=True)
class DeskCall:
    """A Call that the user has on the desk phone. ``reachable``: the PBX takes commands now."""

    state: CallState
    connection: ConnectionId
    services: frozenset[str] = frozenset()
    reachable: bool = True
    failed: str | None = None
    #: The user declined it here: its end is no missed call.
    declined: bool = False

    @property
    def call_id(self) -> str:
        return self.connection.call_id


@dataclass(frozen=True, slots=True)
class Far:
    """Who is on the other side, in the forms of the API."""

    number: Number
    name: str | None
    participants: tuple[Party, ...] = ()


Followed = tuple[DeskCall, list[Effect]]


# -- reading ---------------------------------------------------------------------------------------
def rings_at_desk(call: CallView) -> bool:
    """One of the user's own parts in it is a desk phone that still rings."""
    return any(
        leg.key[1] == DESK and leg.state is LocalConnectionState.ALERTING for leg in call.legs
    )


def spoken_at_desk(call: CallView) -> bool:
    """The user's own part in the call is the desk phone's, not the line of our devices."""
    return call.answered and call.state in _TALKING and call.leg.key[1] == DESK


def phase_of(call: CallView) -> Phase:
    if call.answered and call.state in _TALKING:
        return Phase.CONNECTED
    if call.direction is Direction.OUT:
        initiated = call.state is LocalConnectionState.INITIATED
        return Phase.DIALLING if initiated else Phase.RINGING_OUT
    return Phase.RINGING_IN


def _hold_of(call: CallView) -> Hold:
    local, remote = call.state is LocalConnectionState.HOLD, bool(call.held_by)
    if local and remote:
        return Hold.BOTH
    return Hold.LOCAL if local else Hold.REMOTE if remote else Hold.NONE


def actions(desk: DeskCall) -> list[Action]:
    """Exactly what the PBX would take now."""
    if not desk.reachable:
        return []
    match desk.state.phase:
        case Phase.RINGING_IN:
            table = _RINGING
        case Phase.CONNECTED:
            table = _CONNECTED
        case Phase.ENDED:
            return []
        case _:
            table = _WAITING
    found = list(dict.fromkeys(verb for verb, service in table if service in desk.services))
    if desk.state.moving is not None:
        return [verb for verb in found if verb == "hang_up"]
    possible = {"move": bool(desk.state.places), "drop": len(desk.state.participants) > 1}
    return [verb for verb in found if possible.get(verb, True)]


def moves(desk: DeskCall) -> list[Place]:
    """Where it may go now: to any of the user's devices, if the PBX gives it away at all."""
    if "move" not in actions(desk):
        return []
    return [{"to": place.to, "name": place.name} for place in desk.state.places]


def desk_json(desk: DeskCall) -> Call:
    json = call_json(desk.state)
    json["on"] = "desk_phone"
    json["actions"] = actions(desk)
    json["moves"] = moves(desk)
    return json


def taken_up(state: CallState, cut_off: CutOff) -> CallState:
    """The Call as it was when another process of ours left it."""
    answered = cut_off.answered_at
    return replace(
        state,
        id=cut_off.call_id,
        created_at=cut_off.started_at.timestamp(),
        answered_at=None if answered is None else answered.timestamp(),
        answered_on=None if answered is None else "desk_phone",
    )


# -- following the PBX -----------------------------------------------------------------------------
def begin(state: CallState, call: CallView, now: float) -> Followed:
    """A call nobody knew. ``state`` says whose it is, where, and with whom."""
    phase = phase_of(call)
    ringing = phase in (Phase.RINGING_IN, Phase.RINGING_OUT)
    desk = _seen(
        DeskCall(replace(state, phase=phase, ringing_at=now if ringing else None), call.connection),
        call,
    )
    effects: list[Effect] = [JournalOpen()]
    if phase is Phase.CONNECTED and state.answered_at is None:
        desk, answered = _answered(desk, now)
        effects += answered
    if state.name is None:
        effects.append(AskName())
    return desk, [*effects, Publish("call.created")]


def take_over(state: CallState, call: CallView, now: float) -> Followed:
    """A Call of our devices goes on at the desk phone: the same Call, its journal entry too."""
    left = replace(
        state,
        stage=Stage.LIVE,
        ringing=(),
        winner=None,
        legs=(),
        leg=None,
        muted=False,
        leaving=False,
        moving=None,
        doubtful=False,
        may_push=False,
        ended_at=None,
        reason=None,
        words=None,
        journal_kind=None,
    )
    desk = _seen(DeskCall(replace(left, phase=phase_of(call)), call.connection), call)
    effects: list[Effect] = []
    if desk.state.phase is Phase.CONNECTED and state.answered_at is None:
        desk, effects = _answered(desk, now)
    else:
        desk = replace(desk, state=replace(desk.state, device_id=None))
    if state.name is None:  # this side may have asked as well; its answer finds no Call any more
        effects.append(AskName())
    return desk, [*effects, Publish("call.updated")]


def follow(desk: DeskCall, call: CallView, far: Far, now: float) -> Followed:
    """The call has changed: everything of it is read anew, its phase only forwards."""
    before, phase = desk, phase_of(call)
    if desk.state.phase is Phase.CONNECTED:
        phase = Phase.CONNECTED
    state = replace(desk.state, phase=phase, participants=far.participants)
    effects: list[Effect] = []
    if far.number.canonical and far.number.canonical != state.number.canonical:
        state = replace(state, number=far.number, name=far.name)
        effects += [AskName()] if far.name is None else []
    elif far.name is not None and state.name is None:
        state = replace(state, name=far.name)
    if phase in (Phase.RINGING_IN, Phase.RINGING_OUT) and state.ringing_at is None:
        state = replace(state, ringing_at=now)
    desk = _seen(replace(desk, state=state), call)
    if phase is Phase.CONNECTED and state.answered_at is None:
        desk, answered = _answered(desk, now)
        effects += answered
    if desk_json(desk) != desk_json(before):
        effects.append(Publish("call.updated"))
    return desk, effects


def _seen(desk: DeskCall, call: CallView) -> DeskCall:
    services = frozenset[str]()
    if call.services is not None:
        services = call.services.call_control | call.services.call_associated
    connected = phase_of(call) is Phase.CONNECTED
    hold = _hold_of(call) if connected else Hold.NONE
    return replace(
        desk,
        state=replace(desk.state, hold=hold),
        connection=call.connection,
        services=services,
        failed=call.failed,
    )


def _answered(desk: DeskCall, now: float) -> Followed:
    state = replace(desk.state, answered_at=now, device_id=None, answered_on="desk_phone")
    return replace(desk, state=state), [JournalAnswered(None)]


def ended(desk: DeskCall, end: Ended, now: float, *, merged: bool = False) -> Followed:
    """The PBX has let go of it."""
    return _ended(desk, EndReason.MERGED if merged else _reason(desk, end.cause), now)


def abandoned(desk: DeskCall, now: float) -> Followed:
    """This node goes, and with it what was known of the call, which may go on."""
    return _ended(desk, EndReason.NODE_FAILED, now)


def _ended(desk: DeskCall, reason: EndReason, now: float) -> Followed:
    before = desk.state
    state = replace(
        before,
        phase=Phase.ENDED,
        ended_at=now,
        reason=reason,
        hold=Hold.NONE,
    )
    if reason is EndReason.ANSWERED_ELSEWHERE:
        state = replace(state, answered_on="elsewhere")
    kind = entry_kind(state, reason)
    state = replace(state, journal_kind=kind)
    return replace(desk, state=state), [JournalSettle(kind), Publish("call.ended")]


def _reason(desk: DeskCall, cause: str | None) -> EndReason:
    state = desk.state
    if state.phase is Phase.CONNECTED:
        return EndReason.TRANSFERRED if cause in _TRANSFERS else EndReason.HUNG_UP
    if state.phase is Phase.RINGING_IN:
        if desk.declined:
            return EndReason.DECLINED
        if state.answered_by is not None or cause == Cause.CALL_PICKUP:
            return EndReason.ANSWERED_ELSEWHERE
        return EndReason.FORWARDED if cause in _DIVERSIONS else EndReason.CANCELLED
    failed = _FAILURES.get(desk.failed or cause or "")
    return failed or EndReason.CANCELLED


def takes(call: CallView, in_service: bool | None) -> bool:
    """The PBX would take this call of our line to the desk phone."""
    if call.services is None or in_service is False or call.leg.key[1] != LINE:
        return False
    return bool(_SINGLE_STEP & call.services.call_control)


# -- commands --------------------------------------------------------------------------------------
def dropping(call_id: str, state: CallState, participant: object) -> Request | None:
    """One of a conference is let go; None: there is no such participant."""
    for party in state.participants:
        if party.id == participant and party.number.canonical:
            device = str(DeviceName(party.number.canonical))
            return cc.ClearConnection(connection_to_be_cleared=ConnectionId(call_id, device))
    return None


def request_for(
    verb: str, desk: DeskCall, other: DeskCall | None, to: str | None, digits: str
) -> Request | None:
    """The service for a verb; None where one of its parts is missing.

    ``other``: the user's other call on the desk phone, for verbs about two.
    """
    connection = desk.connection
    match verb:
        case "answer":
            return cc.AnswerCall(call_to_be_answered=connection)
        case "decline" | "hang_up":
            return cc.ClearConnection(connection_to_be_cleared=connection)
        case "hold":
            return cc.HoldCall(call_to_be_held=connection)
        case "retrieve":
            return cc.RetrieveCall(call_to_be_retrieved=connection)
        case "dtmf":
            return cc.GenerateDigits(
                connection_to_send_digits=connection, characters_to_send=digits
            )
        case "consult" if to:
            return cc.ConsultationCall(existing_call=connection, consulted_device=to)
        case "transfer" if to:
            return cc.SingleStepTransferCall(active_call=connection, transferred_to=to)
        case "swap" | "transfer" | "merge" if other is not None:
            return _about_two(verb, desk, other)
        case _:
            return None


def _about_two(verb: str, desk: DeskCall, other: DeskCall) -> Request | None:
    held, active = (desk, other) if _is_held(desk) else (other, desk)
    if not _is_held(held) or _is_held(active):
        return None
    match verb:
        case "swap":
            return cc.AlternateCall(held_call=held.connection, active_call=active.connection)
        case "transfer":
            return cc.TransferCall(held_call=held.connection, active_call=active.connection)
        case _:
            return cc.ConferenceCall(held_call=held.connection, active_call=active.connection)


def _is_held(desk: DeskCall) -> bool:
    return desk.state.hold in (Hold.LOCAL, Hold.BOTH)


def other_of(desk: DeskCall, all_of_user: Sequence[DeskCall]) -> DeskCall | None:
    """The call that a swap, a transfer or a conference is made with, if there is just one."""
    others = [
        one
        for one in all_of_user
        if one.call_id != desk.call_id
        and one.state.phase in (Phase.CONNECTED, Phase.RINGING_OUT)
        and _is_held(one) is not _is_held(desk)
    ]
    return others[0] if len(others) == 1 else None
