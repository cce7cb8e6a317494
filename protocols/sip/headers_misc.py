"""Small typed headers of dialogs, events and timers."""

from __future__ import annotations

import re
from typing import NamedTuple

from protocols.sip.errors import ParseError
from protocols.sip.grammar import is_token, quote, split_outside, unquote
from protocols.sip.params import (
    Params,
    format_params,
    get_param,
    has_param,
    parse_params,
    set_param,
)

_CSEQ = re.compile(r"([0-9]+)[ \t]+([A-Za-z0-9\-.!%*_+`'~]+)").fullmatch
_RACK = re.compile(r"([0-9]+)[ \t]+([0-9]+)[ \t]+([A-Za-z0-9\-.!%*_+`'~]+)").fullmatch
_DIGITS = re.compile(r"[0-9]+").fullmatch
_USUAL_METHODS = frozenset(
    ("INVITE", "ACK", "BYE", "CANCEL", "OPTIONS", "REGISTER", "PRACK", "UPDATE", "INFO", "NOTIFY")
)
_new = tuple.__new__
MAX_31 = 2**31 - 1
MAX_32 = 2**32 - 1


def parse_uint(text: str, limit: int, what: str) -> int:
    """A decimal number from 0 to `limit`."""
    if len(text) < 9 and text.isdecimal() and text.isascii():
        number = int(text)
        if number <= limit:
            return number
    text = text.strip()
    if _DIGITS(text) is None or len(text) > 64 or int(text) > limit:
        raise ParseError(f"{what} {text[:40]!r} is not a number in range")
    return int(text)


class CSeq(NamedTuple):
    number: int
    method: str

    @classmethod
    def parse(cls, text: str) -> CSeq:
        number, _, method = text.partition(" ")
        plain = method in _USUAL_METHODS and number.isdecimal() and number.isascii()
        if plain and len(number) < 9:
            return _new(cls, (int(number), method))
        match = _CSEQ(text.strip())
        if match is None:
            raise ParseError(f"malformed CSeq {text[:40]!r}")
        # RFC 3261 section 8.1.1.5: less than 2**31
        return cls(parse_uint(match[1], MAX_31, "CSeq"), match[2])

    def __str__(self) -> str:
        return f"{self.number} {self.method}"


class RAck(NamedTuple):
    """RFC 3262 section 7.2."""

    rseq: int
    cseq: int
    method: str

    @classmethod
    def parse(cls, text: str) -> RAck:
        match = _RACK(text)
        if match is None:
            raise ParseError(f"malformed RAck {text[:40]!r}")
        return cls(
            parse_uint(match[1], MAX_32, "RSeq"), parse_uint(match[2], MAX_31, "CSeq"), match[3]
        )

    def __str__(self) -> str:
        return f"{self.rseq} {self.cseq} {self.method}"


def _split_params(text: str) -> tuple[str, Params]:
    head, semicolon, rest = text.partition(";")
    return head.strip(), parse_params(rest) if semicolon else ()


class TokenParams(NamedTuple):
    """A value followed by parameters, kept generic: Accept, Supported-like and unknown ones."""

    value: str
    params: Params = ()

    @classmethod
    def parse(cls, text: str) -> TokenParams:
        return cls(*_split_params(text))

    def param(self, name: str) -> str | None:
        return get_param(self.params, name)

    def __str__(self) -> str:
        return f"{self.value}{format_params(self.params)}"


class MediaType(NamedTuple):
    """Content-Type (RFC 3261 section 20.15); `value` is lower case."""

    type: str
    subtype: str
    params: Params = ()

    @classmethod
    def parse(cls, text: str) -> MediaType:
        head, params = _split_params(text)
        kind, slash, subtype = head.partition("/")
        kind, subtype = kind.strip(), subtype.strip()
        if not slash or not is_token(kind) or not is_token(subtype):
            raise ParseError(f"malformed media type {text[:60]!r}")
        return cls(kind, subtype, params)

    @property
    def value(self) -> str:
        return f"{self.type}/{self.subtype}".lower()

    def param(self, name: str) -> str | None:
        return get_param(self.params, name)

    def __str__(self) -> str:
        return f"{self.type}/{self.subtype}{format_params(self.params)}"


class Event(NamedTuple):
    """RFC 6665 section 8.2.1."""

    package: str
    params: Params = ()

    @classmethod
    def parse(cls, text: str) -> Event:
        head, params = _split_params(text)
        if not is_token(head):
            raise ParseError(f"malformed Event {text[:60]!r}")
        return cls(head, params)

    @property
    def id(self) -> str | None:
        return get_param(self.params, "id")

    def param(self, name: str) -> str | None:
        return get_param(self.params, name)

    def __str__(self) -> str:
        return f"{self.package}{format_params(self.params)}"


class SubscriptionState(NamedTuple):
    """RFC 6665 section 8.2.3."""

    state: str
    params: Params = ()

    @classmethod
    def parse(cls, text: str) -> SubscriptionState:
        head, params = _split_params(text)
        if not is_token(head):
            raise ParseError(f"malformed Subscription-State {text[:60]!r}")
        return cls(head.lower(), params)

    @property
    def reason(self) -> str | None:
        return get_param(self.params, "reason")

    @property
    def expires(self) -> int | None:
        value = get_param(self.params, "expires")
        return None if value is None else parse_uint(value, MAX_32, "expires")

    @property
    def retry_after(self) -> int | None:
        value = get_param(self.params, "retry-after")
        return None if value is None else parse_uint(value, MAX_32, "retry-after")

    def __str__(self) -> str:
        return f"{self.state}{format_params(self.params)}"


class SessionExpires(NamedTuple):
    """RFC 4028 section 4."""

    seconds: int
    params: Params = ()

    @classmethod
    def parse(cls, text: str) -> SessionExpires:
        head, params = _split_params(text)
        return cls(parse_uint(head, MAX_32, "Session-Expires"), params)

    @property
    def refresher(self) -> str | None:
        value = get_param(self.params, "refresher")
        return value.lower() if value else None

    def with_refresher(self, role: str) -> SessionExpires:
        return self._replace(params=set_param(self.params, "refresher", role))

    def __str__(self) -> str:
        return f"{self.seconds}{format_params(self.params)}"


class Replaces(NamedTuple):
    """RFC 3891 section 6.1; Target-Dialog (RFC 4538) and Join have the same shape.

    The tags are those of the *recipient's* view: `to_tag` is its local tag.
    """

    call_id: str
    to_tag: str
    from_tag: str
    early_only: bool = False
    params: Params = ()

    @classmethod
    def parse(cls, text: str) -> Replaces:
        call_id, params = _split_params(text)
        to_tag = get_param(params, "to-tag") or get_param(params, "remote-tag")
        from_tag = get_param(params, "from-tag") or get_param(params, "local-tag")
        if not call_id or not to_tag or not from_tag:
            raise ParseError("Replaces needs a Call-ID and both tags")
        others = tuple(
            pair
            for pair in params
            if pair[0].lower()
            not in ("to-tag", "from-tag", "remote-tag", "local-tag", "early-only")
        )
        return cls(call_id, to_tag, from_tag, has_param(params, "early-only"), others)

    def __str__(self) -> str:
        early = ";early-only" if self.early_only else ""
        return (
            f"{self.call_id};to-tag={self.to_tag};from-tag={self.from_tag}{early}"
            f"{format_params(self.params)}"
        )


class Reason(NamedTuple):
    """RFC 3326: `SIP;cause=200;text="Call completed elsewhere"`."""

    protocol: str
    params: Params = ()

    @classmethod
    def parse(cls, text: str) -> Reason:
        parts = split_outside(text, ";")
        if not is_token(parts[0]):
            raise ParseError(f"malformed Reason {text[:60]!r}")
        return cls(parts[0], parse_params(";".join(parts[1:])) if len(parts) > 1 else ())

    @classmethod
    def of(cls, protocol: str, cause: int, text: str | None = None) -> Reason:
        params: Params = (("cause", str(cause)),)
        return cls(protocol, params if text is None else (*params, ("text", quote(text))))

    @property
    def cause(self) -> int | None:
        value = get_param(self.params, "cause")
        return int(value) if value and value.isdecimal() and len(value) < 6 else None

    @property
    def text(self) -> str | None:
        return get_param(self.params, "text")

    def __str__(self) -> str:
        return f"{self.protocol}{format_params(self.params)}"


_WARNING = re.compile(r'([0-9]{3})[ \t]+(\S+)[ \t]+("(?:[^"\\]|\\.)*")', re.DOTALL).fullmatch


class Warning_(NamedTuple):  # noqa: N801 - the builtin exception has the plain name
    """RFC 3261 section 20.43."""

    code: int
    agent: str
    text: str

    @classmethod
    def parse(cls, value: str) -> Warning_:
        match = _WARNING(value)
        if match is None:
            raise ParseError(f"malformed Warning {value[:60]!r}")
        return cls(int(match[1]), match[2], unquote(match[3]))

    def __str__(self) -> str:
        return f"{self.code:03d} {self.agent} {quote(self.text)}"


def parse_retry_after(text: str) -> int:
    """Seconds of a Retry-After header; comment and parameters are left aside (20.33)."""
    return parse_uint(re.split(r"[;(\s]", text.strip(), maxsplit=1)[0], MAX_32, "Retry-After")
