"""The Call as clients see it: JSON of the API, made from the state and nothing else."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from gateway.calls.model import CallState
from gateway.calls.states import Phase


def timestamp(seconds: float | None) -> str | None:
    """RFC 3339, UTC, milliseconds."""
    if seconds is None:
        return None
    moment = datetime.fromtimestamp(seconds, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def actions(state: CallState) -> list[str]:
    """Verbs that make sense now; a client shows a control only for what is listed."""
    mute = "unmute" if state.muted else "mute"
    match state.phase:
        case Phase.RINGING_IN:
            return ["answer", "decline", "silence"]
        case Phase.DIALLING | Phase.RINGING_OUT:
            return ["hang_up", mute]
        case Phase.EARLY | Phase.CONNECTED:
            return ["hang_up", mute, "dtmf"]
        case Phase.ENDED:
            return []


def call_json(state: CallState) -> dict[str, Any]:
    return {
        "id": state.id,
        "direction": state.direction,
        "kind": "single",
        "phase": state.phase.value,
        "hold": state.hold.value,
        "media": state.media.value,
        "muted": state.muted,
        "remote": {
            "name": state.name,
            "number": {
                "dialled": state.number.dialled,
                "canonical": state.number.canonical,
                "display": state.number.display,
            },
        },
        "diverted_by": state.diverted_by,
        "line_id": state.line_id,
        "device_id": state.device_id,
        "created_at": timestamp(state.created_at),
        "ringing_at": timestamp(state.ringing_at),
        "answered_at": timestamp(state.answered_at),
        "ended_at": timestamp(state.ended_at),
        "reason": None if state.reason is None else state.reason.value,
        "actions": actions(state),
        "words": state.words,
        "session_id": state.session_id,
    }
