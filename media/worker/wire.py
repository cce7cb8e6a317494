"""The control protocol between parent and worker: JSON lines over a named Unix socket.

Request ``{"id": n, "do": name, ...}``, answer ``{"id": n, "ok": result}`` or ``{"id": n, "error":
[code, detail]}``, event ``{"event": kind, "session": id, ...}``.
"""

from __future__ import annotations

import json
from dataclasses import asdict, fields
from typing import Any

from media.engine import (
    DigitEvent,
    EngineLost,
    FirstAudioEvent,
    LegEvent,
    LegKind,
    LegProfile,
    LegState,
    LegStats,
    LocalSdpChanged,
    MediaEvent,
    Playback,
    PlayFile,
    PlayTone,
    SessionStats,
    Side,
    SilenceEvent,
    ToneName,
)

MAX_LINE = 1 << 20
JsonObject = dict[str, Any]

_EVENTS: dict[str, type[MediaEvent]] = {
    "leg": LegEvent,
    "silence": SilenceEvent,
    "digit": DigitEvent,
    "first_audio": FirstAudioEvent,
    "local_sdp": LocalSdpChanged,
    "lost": EngineLost,
}
_KINDS = {cls: name for name, cls in _EVENTS.items()}


def encode(message: JsonObject) -> bytes:
    return json.dumps(message, separators=(",", ":")).encode() + b"\n"


def decode(line: bytes) -> JsonObject:
    value = json.loads(line)
    if not isinstance(value, dict):
        raise ValueError("not an object")
    return value


def event_to_json(session_id: str, event: MediaEvent) -> JsonObject:
    return {**asdict(event), "event": _KINDS[type(event)], "session": session_id}


def event_from_json(data: JsonObject) -> MediaEvent:
    cls = _EVENTS[data["event"]]
    values = {f.name: data[f.name] for f in fields(cls)}
    if "side" in values:
        values["side"] = Side(values["side"])
    if "state" in values:
        values["state"] = LegState(values["state"])
    return cls(**values)


def profile_to_json(profile: LegProfile | None) -> JsonObject | None:
    return asdict(profile) if profile is not None else None


def profile_from_json(data: JsonObject | None) -> LegProfile | None:
    if data is None:
        return None
    return LegProfile(
        kind=LegKind(data["kind"]),
        codecs=tuple(data["codecs"]),
        telephone_event=data["telephone_event"],
        ptime_ms=data["ptime_ms"],
    )


def playback_to_json(what: Playback) -> JsonObject:
    return asdict(what)


def playback_from_json(data: JsonObject) -> Playback:
    if "tone" in data:
        return PlayTone(ToneName(data["tone"]), data["country"], data["seconds"])
    return PlayFile(data["path"], data["loop"])


def stats_from_json(data: JsonObject) -> SessionStats:
    rows = []
    for row in data["legs"]:
        rows.append(LegStats(**{**row, "side": Side(row["side"]), "state": LegState(row["state"])}))
    return SessionStats(tuple(rows))
