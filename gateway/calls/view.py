"""The Call as clients see it: JSON of the API, made from the state and nothing else.

The API document takes the shape of a Call from the types here, and the clients theirs from the
document.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Literal

from typing_extensions import TypedDict

from gateway.calls.far_side import droppable
from gateway.calls.model import CallState, Direction
from gateway.calls.parties import ALTERNATIVE, DESK_PHONE, Number, Referral
from gateway.calls.states import EndReason, Hold, Media, Phase

Action = Literal[
    "answer",
    "decline",
    "silence",
    "hang_up",
    "mute",
    "unmute",
    "dtmf",
    "hold",
    "retrieve",
    "swap",
    "consult",
    "transfer",
    "merge",
    "drop",
    "park",
    "move",
    "pull",
]


class CallNumber(TypedDict):
    """The three forms of a number: as typed, canonical, for people."""

    dialled: str
    canonical: str
    display: str


class Remote(TypedDict):
    """The other side of a Call."""

    name: str | None
    number: CallNumber


class Participant(TypedDict):
    """One of the others in a conference. ``id`` is good for this conference only."""

    id: str
    name: str | None
    number: CallNumber


class Place(TypedDict):
    """Where a Call may go on: ``to`` is ``desk_phone``, ``alternative`` or the id of a device.

    ``name``: the device's name, or the alternative number.
    """

    to: str
    name: str | None


class Moving(TypedDict):
    """A Call is on its way. ``by``: the device that asked."""

    to: str
    by: str


#: Where the other side of a Call is given to; ``with``: the user's Call with that party.
Transfer = TypedDict("Transfer", {"to": Remote, "with": str | None})


class Call(TypedDict):
    """A Call of the user, always whole. Times are RFC 3339.

    ``on`` says what the user speaks through: a device with sound of ours, or the desk phone.
    ``consults`` names the Call that this one was made to ask about. ``participants`` are the
    others in a conference, as far as the phone system tells. ``moves`` are the places that ``move``
    takes now; ``pull`` is for any device but the one in ``device_id``.
    """

    id: str
    direction: Direction
    kind: Literal["single", "conference"]
    on: Literal["device", "desk_phone"]
    phase: Phase
    hold: Hold
    media: Media
    muted: bool
    remote: Remote
    diverted_by: str | None
    original_called: str | None
    line_id: str
    device_id: str | None
    created_at: str
    ringing_at: str | None
    answered_at: str | None
    ended_at: str | None
    reason: EndReason | None
    actions: list[Action]
    words: str | None
    session_id: str | None
    consults: str | None
    transfer: Transfer | None
    participants: list[Participant]
    moves: list[Place]
    moving: Moving | None


def timestamp(seconds: float) -> str:
    """RFC 3339, UTC, milliseconds."""
    moment = datetime.fromtimestamp(seconds, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _timestamp(seconds: float | None) -> str | None:
    return None if seconds is None else timestamp(seconds)


def actions(state: CallState) -> list[Action]:
    """Verbs that make sense now; a client shows a control only for what is listed."""
    mute: Action = "unmute" if state.muted else "mute"
    match state.phase:
        case Phase.RINGING_IN if state.leaving:
            return []
        case Phase.RINGING_IN:
            return ["answer", "decline", "silence"]
        case Phase.DIALLING | Phase.RINGING_OUT:
            return ["hang_up", mute]
        case Phase.EARLY:
            return ["hang_up", mute, "dtmf"]
        case Phase.CONNECTED if state.leaving:
            return []
        case Phase.CONNECTED if state.referral is not None or state.pushed:
            return ["hang_up", mute]
        case Phase.CONNECTED if state.held:
            return ["hang_up", mute, "retrieve", *_with_others(state), *_elsewhere(state)]
        case Phase.CONNECTED:
            more = [*_with_others(state), *_elsewhere(state)]
            return ["hang_up", mute, "dtmf", "hold", *more]
        case Phase.ENDED:
            return []


def _with_others(state: CallState) -> list[Action]:
    """What brings a connected Call together with another one, or with somebody else."""
    listed: list[Action] = ["consult"]
    if state.may_swap:
        listed.append("swap")
    if "transfer" in state.features:
        listed.append("transfer")
    if state.may_merge and "merge" in state.features:
        listed.append("merge")
    if "park" in state.features:
        listed.append("park")
    if droppable(state):
        listed.append("drop")
    return listed


def _elsewhere(state: CallState) -> list[Action]:
    """One move at a time."""
    if state.moving is not None:
        return []
    return ["pull", "move"] if moves(state) else ["pull"]


def moves(state: CallState) -> list[Place]:
    """Where the Call may go now: not where it is."""
    free = state.moving is None and state.referral is None and not state.leaving
    if state.phase is not Phase.CONNECTED or not free:
        return []
    found: list[Place] = [{"to": DESK_PHONE, "name": None}] if state.may_push else []
    for place in state.places:
        takes = place.to != state.device_id
        if place.to == ALTERNATIVE:
            takes = "transfer" in state.features
        if takes:
            found.append({"to": place.to, "name": place.name})
    return found


def _moving(state: CallState) -> Moving | None:
    referral = state.referral
    if referral is not None and referral.place is not None and state.phase is Phase.CONNECTED:
        return {"to": referral.place, "by": referral.device_id}
    return None if state.moving is None else {"to": state.moving.to, "by": state.moving.by}


def call_json(state: CallState) -> Call:
    return {
        "id": state.id,
        "direction": state.direction,
        "kind": "conference" if state.participants else "single",
        "on": "device",
        "phase": state.phase,
        "hold": state.hold,
        "media": state.media,
        "muted": state.muted,
        "remote": remote_json(state.name, state.number),
        "diverted_by": state.diverted_by,
        "original_called": state.original_called,
        "line_id": state.line_id,
        "device_id": state.device_id,
        "created_at": timestamp(state.created_at),
        "ringing_at": _timestamp(state.ringing_at),
        "answered_at": _timestamp(state.answered_at),
        "ended_at": _timestamp(state.ended_at),
        "reason": state.reason,
        "actions": actions(state),
        "words": state.words,
        "session_id": state.session_id,
        "consults": state.consults,
        "transfer": _transfer(state.referral),
        "participants": [
            {"id": party.id, "name": party.name, "number": _number(party.number)}
            for party in state.participants
        ],
        "moves": moves(state),
        "moving": _moving(state),
    }


def _number(number: Number) -> CallNumber:
    return {
        "dialled": number.dialled,
        "canonical": number.canonical,
        "display": number.display,
    }


def remote_json(name: str | None, number: Number) -> Remote:
    return {"name": name, "number": _number(number)}


def _transfer(referral: Referral | None) -> Transfer | None:
    if referral is None or referral.kind == "merge" or referral.place is not None:
        return None
    return {"to": remote_json(referral.name, referral.number), "with": referral.to_call}
