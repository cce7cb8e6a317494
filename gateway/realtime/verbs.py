"""The names a client may send (api.md) and what every message must have, whatever it asks for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gateway.ports import Problem
from gateway.storage.ids import new_id

VERBS = frozenset(
    [
        "dial",
        "answer",
        "decline",
        "silence",
        "hang_up",
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
        "dtmf",
        "mute",
        "unmute",
        "pickup",
        "unpark",
    ]
)
#: These make a call, all others are about one.
CALL_MAKERS = frozenset(("dial", "pickup", "unpark"))
MEDIA = frozenset(("media.offer", "media.candidate", "media.close"))
PING = "ping"  # answered at once and without effect: the client's own look at the round trip
MAX_ID = 64


@dataclass(frozen=True, slots=True)
class ClientCommand:
    verb: str
    body: Mapping[str, Any]
    command_id: str


def body_of(args: tuple[Any, ...]) -> dict[str, Any]:
    if len(args) != 1 or not isinstance(args[0], dict):
        raise Problem(422, "invalid", "A command carries exactly one JSON object")
    body: dict[str, Any] = args[0]
    return body


def parse(event: str, args: tuple[Any, ...]) -> ClientCommand:
    """Raises :class:`Problem` for what no client of ours would send."""
    if event not in VERBS and event not in MEDIA:
        raise Problem(404, "verb_unknown", "There is no such command")
    body = body_of(args)
    command_id = body.get("command_id")
    if command_id is None and event in MEDIA:
        command_id = new_id()  # media is not repeated: the next offer replaces this one
    if not isinstance(command_id, str) or not 1 <= len(command_id) <= MAX_ID:
        raise Problem(422, "command_id_missing", f"command_id: a text of 1 to {MAX_ID}")
    call_id = body.get("call_id")
    if call_id is not None and (not isinstance(call_id, str) or len(call_id) > MAX_ID):
        raise Problem(422, "call_id_missing", "call_id must be a call's id")
    if call_id is None and event not in CALL_MAKERS:
        raise Problem(422, "call_id_missing", "The command does not say which call it is for")
    return ClientCommand(event, body, command_id)
