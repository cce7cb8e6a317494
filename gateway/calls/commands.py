"""Clients' commands, checked: one implementation behind REST and Socket.IO.

A body that does not fit is refused here in words; what fits becomes an event of the Call. Nothing
here waits for anything.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from gateway.calls.events import (
    Answer,
    Command,
    Decline,
    HangUp,
    MediaClosed,
    MediaOffered,
    Mute,
    SendDigits,
    SetHold,
    Silence,
)
from gateway.calls.webrtc import fingerprint_of
from gateway.ports import Problem

#: Verbs about more than one Call; see :mod:`gateway.calls.together`.
TOGETHER = frozenset({"swap", "consult", "transfer", "merge", "park"})

#: Verbs about where a Call is spoken; see :mod:`gateway.calls.movement`.
ELSEWHERE = frozenset({"pull", "move"})

#: Verbs that bring a call of somebody else here; see :mod:`gateway.calls.pickup`.
FETCH = frozenset({"pickup", "unpark"})

MAX_SDP = 32_768
MAX_DIGITS = 64
_DIGITS = re.compile(r"[0-9A-Da-d*#]+")


def problem(status: int, code: str, title: str, detail: str = "") -> Problem:
    return Problem(status, code, title, detail)


def call_id_of(body: Mapping[str, Any]) -> str:
    value = body.get("call_id")
    if not isinstance(value, str) or not 0 < len(value) <= 64:
        raise problem(422, "call_id_missing", "The command does not say which call it is for.")
    return value


def dial_target(body: Mapping[str, Any]) -> str:
    value = body.get("to")
    if not isinstance(value, str) or not value.strip():
        raise problem(422, "number_missing", "There is no number to dial.")
    if len(value) > 128 or not _storable(value):
        raise problem(422, "number_invalid", "This is not a number.")
    return value.strip()


def _storable(text: str) -> bool:
    """JSON can escape what no database stores as text: NUL and lone surrogates."""
    return not any(char == "\0" or "\ud800" <= char <= "\udfff" for char in text)


def _media_offer(device_id: str, body: Mapping[str, Any]) -> Command:
    sdp = body.get("sdp")
    if not isinstance(sdp, str) or not sdp.startswith("v=0"):
        raise problem(422, "sdp_invalid", "The session description is missing or unreadable.")
    if len(sdp) > MAX_SDP:
        raise problem(413, "sdp_too_large", "The session description is too large.")
    generation = body.get("generation", 0)
    if not isinstance(generation, int) or isinstance(generation, bool):
        raise problem(422, "generation_invalid", "generation must be a whole number.")
    take = body.get("take", False)
    if not isinstance(take, bool):
        raise problem(422, "take_invalid", "take must be true or false.")
    return MediaOffered(device_id, sdp, generation, fingerprint_of(sdp), take)


def _digits(device_id: str, body: Mapping[str, Any]) -> Command:
    digits = body.get("digits")
    if not isinstance(digits, str) or not _DIGITS.fullmatch(digits) or len(digits) > MAX_DIGITS:
        raise problem(422, "digits_invalid", "Digits are 0 to 9, *, # and A to D, at most 64.")
    return SendDigits(device_id, digits.upper())


_MAKERS: Mapping[str, Callable[[str, Mapping[str, Any]], Command]] = {
    "answer": lambda device, _: Answer(device),
    "decline": lambda device, _: Decline(device),
    "silence": lambda device, _: Silence(device),
    "hang_up": lambda device, _: HangUp(device),
    "mute": lambda device, _: Mute(device, True),
    "unmute": lambda device, _: Mute(device, False),
    "hold": lambda device, _: SetHold(device, True),
    "retrieve": lambda device, _: SetHold(device, False),
    "dtmf": _digits,
    "media.offer": _media_offer,
    "media.close": lambda device, _: MediaClosed(device),
}

#: Verbs about a sound path. Sent again they do no harm, and they come often: not remembered, they
#: push nothing out that must not happen twice, as a second dial must not.
UNREMEMBERED = frozenset({"media.offer", "media.candidate", "media.close"})

#: Accepted and without effect: the engine learns addresses from authenticated checks (ICE-lite).
IGNORED = frozenset({"media.candidate"})
VERBS = frozenset({"dial", *FETCH, *_MAKERS, *IGNORED, "drop", *TOGETHER, *ELSEWHERE})


def parse_command(verb: str, device_id: str, body: Mapping[str, Any]) -> Command:
    """The event for a command on an existing Call; raises :class:`Problem`."""
    maker = _MAKERS.get(verb)
    if maker is None:
        raise problem(404, "verb_unknown", "There is no such command.")
    return maker(device_id, body)
