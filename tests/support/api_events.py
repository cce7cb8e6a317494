"""Does an event's payload have the shape that the API document promises?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import TypeAdapter, ValidationError

from gateway.realtime.events import ServerEvents

_SHAPES = {
    field.alias: TypeAdapter(field.annotation) for field in ServerEvents.model_fields.values()
}
EVENTS = frozenset(_SHAPES)


def misfit(event: str, payload: Mapping[str, Any]) -> str | None:
    """What is wrong with it, or None. The stamp of the wire is no part of a payload."""
    shape = _SHAPES.get(event)
    if shape is None:
        return f"{event} is not in the API document"
    bare = {name: value for name, value in payload.items() if name not in ("epoch", "seq")}
    try:
        shape.validate_python(bare)
    except ValidationError as error:
        return f"{event}: {error}"
    return None


def a_call(**change: Any) -> dict[str, Any]:
    """A Call as the API gives it."""
    number = {"dialled": "102", "canonical": "102", "display": "102"}
    return {
        "id": "c1",
        "direction": "out",
        "kind": "single",
        "on": "device",
        "phase": "dialling",
        "hold": "none",
        "media": "none",
        "muted": False,
        "remote": {"name": "Far End", "number": number},
        "diverted_by": None,
        "original_called": None,
        "line_id": "line-1",
        "device_id": None,
        "created_at": "2026-01-02T10:00:00.000Z",
        "ringing_at": None,
        "answered_at": None,
        "ended_at": None,
        "reason": None,
        "actions": ["hang_up", "mute"],
        "words": None,
        "session_id": None,
        "consults": None,
        "transfer": None,
        "participants": [],
        "moves": [],
        "moving": None,
        **change,
    }
