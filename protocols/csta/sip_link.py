"""CSTA inside SIP: one message a request, the answer in the body of its 200.

Two carriers: out-of-dialog NOTIFY with `Event: b2buaCSTA` (PBX to cloud connector, and our link),
and INFO inside a dialog (uaCSTA, ECMA TR/87). SIP pairs questions and answers by itself, so there
are no invoke ids on the wire; sessions get local ones. Nothing here sends: the caller makes the
SIP requests and responses out of what is returned.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import TypeAlias

from protocols.csta.codec import Style, decode, encode
from protocols.csta.errors import LocalError, ParseError
from protocols.csta.framing import MAX_REQUEST_ID, UNSOLICITED
from protocols.csta.limits import DEFAULT_LIMITS, Limits
from protocols.csta.link import Garbled, Incoming
from protocols.csta.message import Message, Request, Response, UnknownMessage

EVENT_PACKAGE = "b2buaCSTA"
CONTENT_TYPE = "application/csta+xml"

Headers: TypeAlias = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Carrier:
    method: str
    headers: Headers
    event: str | None = None


NOTIFY = Carrier("NOTIFY", (("Event", EVENT_PACKAGE),), EVENT_PACKAGE)
INFO = Carrier("INFO", (("Content-Disposition", "signal;handling=required"),))


@dataclass(frozen=True, slots=True)
class SipRequest:
    """Send this; hand its final response to `answered` with the same invoke id."""

    method: str
    invoke_id: int
    headers: Headers
    body: bytes


@dataclass(frozen=True, slots=True)
class SipAnswer:
    """Answer the SIP request that `asked` was told of as `key`."""

    key: Hashable
    status: int
    headers: Headers = ()
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Asked:
    """A message came. `answer` is due at once where there is one; else a Response of the session
    with this invoke id answers."""

    incoming: Incoming
    answer: SipAnswer | None


class SipLink:
    """`unanswered` requests at most wait for the session; more are refused with 503."""

    def __init__(
        self,
        style: Style,
        carrier: Carrier = NOTIFY,
        unanswered: int = 200,
        limits: Limits = DEFAULT_LIMITS,
    ) -> None:
        self._style = style
        self._carrier = carrier
        self._unanswered = unanswered
        self._limits = limits
        self._waiting: dict[int, Hashable] = {}
        self._next = 0

    def outgoing(self, invoke_id: int, message: Message) -> SipRequest | SipAnswer:
        """What a session's Send becomes. Raises LocalError for what cannot be written."""
        body = encode(message, self._style)
        content = ("Content-Type", CONTENT_TYPE)
        if not isinstance(message, Response):
            headers = (*self._carrier.headers, content)
            return SipRequest(self._carrier.method, invoke_id, headers, body)
        if invoke_id not in self._waiting:
            raise LocalError(f"nobody waits for answer {invoke_id}")
        return SipAnswer(self._waiting.pop(invoke_id), 200, (content,), body)

    def asked(
        self, key: Hashable, event: str | None, content_type: str | None, body: bytes
    ) -> Asked | SipAnswer:
        """A SIP request of this carrier came; `event` and `content_type` are header values."""
        refusal = self._refusal(key, event, content_type)
        if refusal is not None:
            return refusal
        try:
            message = decode(body, self._limits).message
        except ParseError:
            return SipAnswer(key, 400)
        unknown = isinstance(message, UnknownMessage) and message.wants_answer
        if not (isinstance(message, Request) or unknown):
            return Asked(Incoming(UNSOLICITED, message), SipAnswer(key, 200))
        if len(self._waiting) >= self._unanswered:
            return SipAnswer(key, 503, (("Retry-After", "5"),))
        while self._next in self._waiting:
            self._next = (self._next + 1) % (MAX_REQUEST_ID + 1)
        invoke_id, self._next = self._next, (self._next + 1) % (MAX_REQUEST_ID + 1)
        self._waiting[invoke_id] = key
        return Asked(Incoming(invoke_id, message), None)

    def gone(self, key: Hashable) -> None:
        """The SIP request of this key can no longer be answered."""
        for invoke_id in [i for i, waiting in self._waiting.items() if waiting == key]:
            del self._waiting[invoke_id]

    def answered(
        self, invoke_id: int, status: int, content_type: str | None, body: bytes
    ) -> Incoming | Garbled | None:
        """The final response to a SipRequest. None: taken, and nothing said (events, mostly)."""
        if not 200 <= status < 300:
            return Garbled(invoke_id, f"SIP {status}", "")
        if not body:
            return None
        if _token(content_type) != CONTENT_TYPE:
            return Garbled(invoke_id, "answer in another format", "")
        try:
            return Incoming(invoke_id, decode(body, self._limits).message)
        except ParseError as error:
            return Garbled(invoke_id, error.reason, error.name)

    def _refusal(
        self, key: Hashable, event: str | None, content_type: str | None
    ) -> SipAnswer | None:
        wanted = self._carrier.event
        if wanted is not None and _token(event) != wanted.lower():
            return SipAnswer(key, 489, (("Allow-Events", wanted),))  # RFC 6665 section 8.3.2
        if _token(content_type) != CONTENT_TYPE:
            return SipAnswer(key, 415, (("Accept", CONTENT_TYPE),))  # RFC 3261 section 21.4.13
        return None


def _token(value: str | None) -> str:
    return (value or "").partition(";")[0].strip().lower()
