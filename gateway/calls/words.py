"""What a failure is called: the reason, the plain words, and the tone that is heard.

One table for API, UI and logs, so that all of them tell the user the same story.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from gateway.calls.states import EndReason

FailureTone = Literal["busy", "reorder"]

NO_DEVICE_WARNING = "no device signed in"

WORDS_DOWN = "The connection to your phone system is down. Your administrator has been told."
WORDS_MEDIA_LOST = "The sound connection of your device was lost and did not come back."
WORDS_LINE_SILENT = "The phone system stopped sending sound."
WORDS_MEDIA_SETUP = "The sound connection could not be set up."
WORDS_NODE = "The service was restarted during the call."
WORDS_NO_DEVICE = "No device was signed in."
WORDS_RANG_OUT = "Nobody answered."
WORDS_BUSY_WISH = "You were in a call and take no second one."
WORDS_BUSY_SELF = "You already had the most calls you can have at a time."
WORDS_QUIET = "You did not want to be disturbed."
WORDS_ELSEWHERE = "The call was answered on another device."
WORDS_HOLD_REFUSED = "The phone system did not put the call on hold."
WORDS_RETRIEVE_REFUSED = "The phone system did not take the call off hold. Try again."
WORDS_NOT_HELD = "The phone system did not put your other call on hold, so this was not done."
WORDS_NOT_PULLED = "The sound connection of this device could not be set up in time. Try again."
WORDS_NOT_MOVED = "The other device did not take the call."
WORDS_NOT_FETCHED = "Your phone system did not hand the call over from the desk phone."
WORDS_DESK_RANG_OUT = "Your desk phone did not take the call."
WORDS_NOT_THERE = "Nothing rings there any more."
WORDS_NOT_PARKED = "Nobody waits at this park place."
WORDS_NO_REPLY = "Your phone system did not react."


@dataclass(frozen=True, slots=True)
class Failure:
    reason: EndReason
    words: str
    tone: FailureTone | None


_BUSY = Failure(EndReason.BUSY, "The number is busy.", "busy")
_DECLINED = Failure(EndReason.DECLINED, "The call was declined.", "busy")
_NO_ANSWER = Failure(EndReason.NO_ANSWER, WORDS_RANG_OUT, "busy")
_UNKNOWN = Failure(EndReason.UNREACHABLE, "This number does not exist.", "reorder")
_AWAY = Failure(EndReason.UNREACHABLE, "This number cannot be reached at the moment.", "reorder")
_BLOCKED = Failure(
    EndReason.BLOCKED, "Your phone system does not let you call this number.", "reorder"
)
_MEDIA = Failure(
    EndReason.MEDIA_FAILED, "The far end does not support the kind of sound we offer.", "reorder"
)
_CANCELLED = Failure(EndReason.CANCELLED, "The call was cancelled.", None)
_NO_REPLY = Failure(EndReason.UNREACHABLE, WORDS_NO_REPLY, "reorder")
_DOWN = Failure(EndReason.UNREACHABLE, WORDS_DOWN, "reorder")
_BROKEN = Failure(EndReason.UNREACHABLE, "Your phone system reported a problem.", "reorder")
_LINE_OUT = Failure(
    EndReason.UNREACHABLE, "Your own line is not registered at the phone system.", "reorder"
)
_TRUNKS_FULL = Failure(
    EndReason.UNREACHABLE, "All outside lines of your phone system are in use.", "reorder"
)
_PBX_OUT = Failure(
    EndReason.UNREACHABLE,
    "Your phone system does not react. Your administrator can see it in the connector's status.",
    "reorder",
)

#: RFC 3261 section 21 and ITU-T Q.850 table 1, as far as users can tell the cases apart.
_BY_STATUS = {
    401: _BLOCKED,
    402: _BLOCKED,
    403: _BLOCKED,
    404: _UNKNOWN,
    407: _BLOCKED,
    408: _NO_ANSWER,
    410: _UNKNOWN,
    415: _MEDIA,
    480: _AWAY,
    484: _UNKNOWN,
    485: _UNKNOWN,
    486: _BUSY,
    487: _CANCELLED,
    488: _MEDIA,
    503: _AWAY,
    504: _NO_REPLY,
    600: _BUSY,
    603: _DECLINED,
    604: _UNKNOWN,
    606: _MEDIA,
}
_BY_CAUSE = {
    1: _UNKNOWN,
    17: _BUSY,
    18: _NO_ANSWER,
    19: _NO_ANSWER,
    20: _AWAY,
    21: _DECLINED,
    28: _UNKNOWN,
    34: _TRUNKS_FULL,
    42: _TRUNKS_FULL,
    44: _TRUNKS_FULL,
}
#: Words of our own connector's Warning headers.
_BY_TEXT = {"line not registered": _LINE_OUT, "pbx not reachable": _PBX_OUT}
#: Statuses that say little, so that a Q.850 cause beside them decides.
_VAGUE = frozenset({480, 486, 487, 500, 503, 603})


def failure(
    status: int, cause: int | None, text: str, down: bool, *, rang: bool = False
) -> Failure:
    """Name the outcome of an unanswered outgoing Call. ``rang``: somebody's phone did."""
    if down:
        return _DOWN
    if (named := _BY_TEXT.get(text.strip().lower())) is not None:
        return named
    if cause in _BY_CAUSE and status in _VAGUE:
        return _BY_CAUSE[cause]
    # RFC 3261 section 21.4.18: nobody is there now. A phone that rang was there, unlike its owner.
    if status == 480 and rang:
        return _NO_ANSWER
    if status in _BY_STATUS:
        return _BY_STATUS[status]
    return _BROKEN if status >= 500 else _AWAY


_REFERRALS = {
    "transfer": "The call was not transferred.",
    "merge": "The calls were not merged.",
    "park": "The call was not parked.",
    "move": "The call was not moved.",
}


def referral_failure(kind: str, status: int) -> tuple[str, str | None]:
    """Why the phone system did not do what it was asked (RFC 3515): words, and the reason in the
    terms of a Call's end. ``status`` 0: it did not say."""
    what = _REFERRALS[kind]
    if status == 0:
        return f"{what} {WORDS_NO_REPLY}", None
    outcome = failure(status, None, "", False, rang=status == 480)
    return f"{what} {outcome.words}", outcome.reason.value


#: Kind of the journal entry of an unanswered outgoing Call; everything else is ``failed``.
_OUT_KINDS = frozenset(
    {EndReason.BUSY, EndReason.NO_ANSWER, EndReason.CANCELLED, EndReason.DECLINED}
)


def journal_kind(direction: str, answered: bool, reason: EndReason) -> str:
    """The kind of the user's journal entry; only ``missed`` counts as unread."""
    if answered:
        return "answered"
    if direction == "out":
        return reason.value if reason in _OUT_KINDS else "failed"
    match reason:
        case EndReason.DECLINED:
            return "declined"
        case EndReason.FORWARDED:
            return "forwarded"
        case EndReason.ANSWERED_ELSEWHERE:
            return "answered"
        case _:
            return "missed"
