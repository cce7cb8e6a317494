"""Requests and responses: raw header lines plus typed views that are parsed once, on demand.

A view of a malformed header raises ParseError. `parser.parse_datagram` has already looked at
the start line, top Via, From, To, Call-ID, CSeq, Contact-independent framing and limits, so
those views never raise on a message that came from the wire.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TypeAlias

from protocols.sip.errors import LocalError, ParseError
from protocols.sip.grammar import first_element
from protocols.sip.header_list import HeaderList
from protocols.sip.headers_address import NameAddr, Via, parse_address_list
from protocols.sip.headers_misc import (
    MAX_32,
    CSeq,
    Event,
    MediaType,
    RAck,
    Replaces,
    SessionExpires,
    SubscriptionState,
    parse_uint,
)
from protocols.sip.reasons import reason_phrase
from protocols.sip.uri import Uri, parse_uri

__all__ = ["HeaderList", "Message", "Request", "Response", "reason_phrase"]

HeaderItems: TypeAlias = HeaderList | Iterable[tuple[str, str]]

_new_object = object.__new__
# a quoted-pair may carry NUL (RFC 3261 section 25.1), nothing may carry CR or LF
_unwritable = re.compile(r"[\r\n]|(?<!\\)\0").search


def _required(headers: HeaderList, name: str) -> str:
    value = headers.get(name)
    if value is None:
        raise ParseError(f"missing {name}")
    return value


def _top_via(headers: HeaderList) -> Via:
    line = _required(headers, "Via")
    return Via.parse(first_element(line) if "," in line else line)


def _from(headers: HeaderList) -> NameAddr:
    return NameAddr.parse(_required(headers, "From"))


def _to(headers: HeaderList) -> NameAddr:
    return NameAddr.parse(_required(headers, "To"))


def _call_id(headers: HeaderList) -> str:
    return _required(headers, "Call-ID")


def _cseq(headers: HeaderList) -> CSeq:
    return CSeq.parse(_required(headers, "CSeq"))


def _contacts(headers: HeaderList) -> list[NameAddr]:
    line = headers.views.get("contact_line") or headers.only("Contact")
    if line is None or "," in line:
        lines = headers.all("Contact")
        return [] if lines == ["*"] else parse_address_list(lines)
    line = line.strip(" \t")
    return [] if line == "*" else [NameAddr.parse(line)]


class _Base:
    """What requests and responses share."""

    __slots__ = ("body", "headers")

    def __init__(self, headers: HeaderItems = (), body: bytes = b"") -> None:
        self.headers = headers if isinstance(headers, HeaderList) else HeaderList(headers)
        self.body = body

    def _start_line(self) -> str:
        raise NotImplementedError

    @property
    def via(self) -> Via:
        """The top Via."""
        return self.headers.views.get("via") or self.headers.typed("via", _top_via)

    @property
    def vias(self) -> list[Via]:
        return self.headers.typed("vias", lambda h: [Via.parse(v) for v in h.values("Via")])

    @property
    def from_(self) -> NameAddr:
        return self.headers.views.get("from") or self.headers.typed("from", _from)

    @property
    def to(self) -> NameAddr:
        return self.headers.views.get("to") or self.headers.typed("to", _to)

    @property
    def from_tag(self) -> str | None:
        return self.from_.tag

    @property
    def to_tag(self) -> str | None:
        return self.to.tag

    @property
    def cseq(self) -> CSeq:
        return self.headers.views.get("cseq") or self.headers.typed("cseq", _cseq)

    @property
    def call_id(self) -> str:
        return self.headers.views.get("call_id") or self.headers.typed("call_id", _call_id)

    @property
    def contacts(self) -> list[NameAddr]:
        """All Contact values; empty for `*`, see `contact_star`."""
        views = self.headers.views
        found: list[NameAddr] | None = views.get("contacts")
        if found is None:
            found = views["contacts"] = _contacts(self.headers)
        return found

    @property
    def contact(self) -> NameAddr | None:
        """The first Contact, None when there is none."""
        contacts = self.contacts
        return contacts[0] if contacts else None

    @property
    def contact_star(self) -> bool:
        """`Contact: *` alone: remove all bindings (RFC 3261 section 10.2.2)."""
        value = self.headers.get("Contact")
        return value is not None and value.strip() == "*"

    @property
    def routes(self) -> list[NameAddr]:
        return self.headers.typed("routes", lambda h: parse_address_list(h.all("Route")))

    @property
    def record_routes(self) -> list[NameAddr]:
        return self.headers.typed("rr", lambda h: parse_address_list(h.all("Record-Route")))

    @property
    def media_type(self) -> MediaType | None:
        value = self.headers.get("Content-Type")
        return None if value is None else MediaType.parse(value)

    @property
    def content_type(self) -> str | None:
        """`type/subtype` in lower case without parameters, None when absent."""
        kind = self.media_type
        return None if kind is None else kind.value

    @property
    def expires(self) -> int | None:
        value = self.headers.get("Expires")
        return None if value is None else parse_uint(value, MAX_32, "Expires")

    @property
    def max_forwards(self) -> int | None:
        value = self.headers.get("Max-Forwards")
        return None if value is None else parse_uint(value, 255, "Max-Forwards")

    @property
    def supported(self) -> set[str]:
        return self.headers.tokens("Supported")

    @property
    def required(self) -> set[str]:
        return self.headers.tokens("Require")

    @property
    def allow(self) -> set[str]:
        """Methods of Allow, as written (methods are case-sensitive)."""
        return set(self.headers.values("Allow"))

    @property
    def event(self) -> Event | None:
        value = self.headers.get("Event")
        return None if value is None else Event.parse(value)

    @property
    def subscription_state(self) -> SubscriptionState | None:
        value = self.headers.get("Subscription-State")
        return None if value is None else SubscriptionState.parse(value)

    @property
    def session_expires(self) -> SessionExpires | None:
        value = self.headers.get("Session-Expires")
        return None if value is None else SessionExpires.parse(value)

    @property
    def rack(self) -> RAck | None:
        value = self.headers.get("RAck")
        return None if value is None else RAck.parse(value)

    @property
    def rseq(self) -> int | None:
        value = self.headers.get("RSeq")
        return None if value is None else parse_uint(value, MAX_32, "RSeq")

    @property
    def replaces(self) -> Replaces | None:
        value = self.headers.get("Replaces")
        return None if value is None else Replaces.parse(value)

    def to_bytes(self) -> bytes:
        """The message on the wire, Content-Length always right. Raises LocalError."""
        lines = [self._start_line()]
        length = str(len(self.body))
        written = False
        for name, value in self.headers.items():
            if name in ("Content-Length", "l") or name.lower() == "content-length":
                if written:
                    continue
                written, value = True, length
            lines.append(f"{name}: {value}")
        if not written:
            lines.append(f"Content-Length: {length}")
        text = "\r\n".join(lines)
        if text.count("\n") != len(lines) - 1 or text.count("\r") != len(lines) - 1 or "\0" in text:
            for line in lines:
                if _unwritable(line):
                    raise LocalError(f"control character in {line.partition(':')[0][:40]!r}")
        return f"{text}\r\n\r\n".encode("utf-8", "surrogateescape") + self.body

    def __str__(self) -> str:
        return self._start_line()


class Request(_Base):
    """A SIP request (RFC 3261 section 7.1)."""

    __slots__ = ("method", "uri")

    def __init__(self, method: str, uri: str, headers: HeaderItems = (), body: bytes = b"") -> None:
        self.headers = headers if isinstance(headers, HeaderList) else HeaderList(headers)
        self.body = body
        self.method = method
        self.uri = uri

    @classmethod
    def received(cls, method: str, uri: str, headers: HeaderList) -> Request:
        """As the parser makes it, without the choices of the constructor."""
        self = _new_object(cls)
        self.headers, self.body, self.method, self.uri = headers, b"", method, uri
        return self

    @property
    def request_uri(self) -> Uri:
        return parse_uri(self.uri)

    def _start_line(self) -> str:
        return f"{self.method} {self.uri} SIP/2.0"

    def copy(self) -> Request:
        return Request(self.method, self.uri, self.headers.copy(), self.body)

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Request)
            and self.method == other.method
            and self.uri == other.uri
            and self.headers == other.headers
            and self.body == other.body
        )

    __hash__ = object.__hash__

    def __repr__(self) -> str:
        return f"<Request {self.method} {self.uri}>"


class Response(_Base):
    """A SIP response (RFC 3261 section 7.2)."""

    __slots__ = ("local", "reason", "status")

    def __init__(
        self,
        status: int,
        reason: str | None = None,
        headers: HeaderItems = (),
        body: bytes = b"",
        *,
        local: bool = False,
    ) -> None:
        super().__init__(headers, body)
        self.status = status
        self.reason = reason_phrase(status) if reason is None else reason
        # made here, not received: a timeout as 408, a transport error as 503 (8.1.3.1)
        self.local = local

    @classmethod
    def for_request(
        cls,
        request: Request,
        status: int,
        reason: str | None = None,
        to_tag: str | None = None,
        *,
        local: bool = False,
    ) -> Response:
        """A response with what must be copied from the request (RFC 3261 section 8.2.6.2)."""
        items: list[tuple[str, str]] = []
        source = request.headers
        for value in source.all("Via"):
            items.append(("Via", value))
        for name in ("From", "To", "Call-ID", "CSeq"):
            value_or_none = source.get(name)
            if value_or_none is None:
                continue
            value = value_or_none
            if name == "To" and to_tag is not None and status > 100:
                value = _with_tag(value, to_tag)
            items.append((name, value))
        if status == 100:
            # 8.2.6.1: a Timestamp of the request is copied into 100
            items.extend(("Timestamp", value) for value in source.all("Timestamp"))
        return cls(status, reason, items, local=local)

    def _start_line(self) -> str:
        return f"SIP/2.0 {self.status} {self.reason}"

    def copy(self) -> Response:
        return Response(self.status, self.reason, self.headers.copy(), self.body, local=self.local)

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Response)
            and self.status == other.status
            and self.reason == other.reason
            and self.headers == other.headers
            and self.body == other.body
        )

    __hash__ = object.__hash__

    def __repr__(self) -> str:
        return f"<Response {self.status} {self.reason}>"


def _with_tag(to: str, tag: str) -> str:
    # the text is kept as received; only a missing tag is appended
    try:
        parsed = NameAddr.parse(to)
    except ParseError:
        return f"{to};tag={tag}"  # a 400 about the To itself still has to be sent
    if parsed.tag is not None:
        return to
    return f"{to};tag={tag}"


Message: TypeAlias = Request | Response
