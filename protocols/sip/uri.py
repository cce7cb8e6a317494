"""sip, sips, tel and any other URI as immutable values (RFC 3261 section 19.1, RFC 3966)."""

from __future__ import annotations

import re
from typing import NamedTuple, TypeAlias

from protocols.sip.errors import ParseError
from protocols.sip.grammar import escape, has_bad_escape, unescape
from protocols.sip.known import remember
from protocols.sip.params import (
    Params,
    format_params,
    get_param,
    set_param,
    without_param,
)

# unreserved marks plus the specials each part may hold unescaped (RFC 3261 section 25.1)
USER_SAFE = "-_.!~*'()&=+$,;?/"
SUBFIELD_SAFE = "-_.!~*'()&=+$,"
PARAM_SAFE = "-_.!~*'()[]/:&+$"

_SIP = re.compile(
    r"(?P<scheme>sips?):"
    r"(?:(?P<user>[A-Za-z0-9\-_.!~*'()%&=+$,;?/#]+)(?::(?P<password>[A-Za-z0-9\-_.!~*'()%&=+$,]*))?@)?"
    r"(?P<host>\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9\-.]+)"
    r"(?::(?P<port>[0-9]{1,5}))?"
    r"(?P<params>(?:;[^;?<>\"\s@]+)*)"
    r"(?:\?(?P<headers>[^<>\"\s@?]+))?",
    re.IGNORECASE,
).fullmatch
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+\-.]*):([^\s<>\"]+)").fullmatch
_TEL_NUMBER = re.compile(r"\+?[0-9A-Fa-f*#\-.()]+").fullmatch
_HOSTNAME = re.compile(
    r"(?:[A-Za-z0-9](?:[A-Za-z0-9\-]*[A-Za-z0-9])?\.)*[A-Za-z0-9](?:[A-Za-z0-9\-]*[A-Za-z0-9])?\.?"
).fullmatch

Headers = tuple[tuple[str, str], ...]


class SipUri(NamedTuple):
    """`sip:` or `sips:`. `user` and `password` are kept as written; see `user_text`."""

    scheme: str
    user: str | None
    password: str | None
    host: str
    port: int | None = None
    params: Params = ()
    headers: Headers = ()

    @classmethod
    def of(
        cls,
        user: str | None,
        host: str,
        port: int | None = None,
        *,
        scheme: str = "sip",
        params: Params = (),
    ) -> SipUri:
        """Build from plain text: the user part is escaped where needed."""
        return cls(
            scheme, None if user is None else escape(user, USER_SAFE), None, host, port, params
        )

    @property
    def user_text(self) -> str:
        """The user part with escapes undone, "" when there is none."""
        return unescape(self.user) if self.user else ""

    def param(self, name: str) -> str | None:
        """A URI parameter: None when absent, "" when it has no value."""
        return get_param(self.params, name)

    def with_param(self, name: str, value: str | None = None) -> SipUri:
        return self._replace(params=set_param(self.params, name, value))

    def without_param(self, name: str) -> SipUri:
        return self._replace(params=without_param(self.params, name))

    @property
    def transport(self) -> str | None:
        value = get_param(self.params, "transport")
        return value.lower() if value else None

    @property
    def hostport(self) -> str:
        return self.host if self.port is None else f"{self.host}:{self.port}"

    def __str__(self) -> str:
        text = f"{self.scheme}:"
        if self.user is not None:
            text += self.user if self.password is None else f"{self.user}:{self.password}"
            text += "@"
        text += self.host
        if self.port is not None:
            text += f":{self.port}"
        if self.params:
            text += format_params(self.params)
        if self.headers:
            text += "?" + "&".join([f"{name}={value}" for name, value in self.headers])
        return text


class TelUri(NamedTuple):
    """`tel:` (RFC 3966)."""

    number: str
    params: Params = ()

    @property
    def scheme(self) -> str:
        return "tel"

    def param(self, name: str) -> str | None:
        return get_param(self.params, name)

    def with_param(self, name: str, value: str | None = None) -> TelUri:
        return self._replace(params=set_param(self.params, name, value))

    @property
    def digits(self) -> str:
        """The number without visual separators."""
        return re.sub(r"[-.()]", "", self.number)

    def __str__(self) -> str:
        return f"tel:{self.number}{format_params(self.params)}"


class AbsoluteUri(NamedTuple):
    """Any other scheme, opaque."""

    scheme: str
    opaque: str

    def param(self, name: str) -> str | None:
        return None

    def __str__(self) -> str:
        return f"{self.scheme}:{self.opaque}"


Uri: TypeAlias = SipUri | TelUri | AbsoluteUri


_known: dict[str, Uri] = {}


def parse_uri(text: str) -> Uri:
    """Parse one URI, without angle brackets. Raises ParseError(400) when malformed."""
    return _known.get(text) or remember(_known, text, _parse(text))


def _parse(text: str) -> Uri:
    head = text[:5].lower()
    if head.startswith(("sip:", "sips:")):
        return _parse_sip(text)
    if head.startswith("tel:"):
        return _parse_tel(text)
    match = _SCHEME(text)
    if match is None or has_bad_escape(text):
        raise ParseError(f"malformed URI {text[:80]!r}")
    return AbsoluteUri(match[1], match[2])


def _parse_sip(text: str) -> SipUri:
    match = _SIP(text)
    if match is None or has_bad_escape(text):
        raise ParseError(f"malformed SIP URI {text[:80]!r}")
    scheme, user, password, host, port_text, params_text, headers_text = match.groups()
    port = None if port_text is None else int(port_text)
    if port is not None and not 0 < port < 65536:
        raise ParseError(f"port {port} of a URI is out of range")
    if host[0] != "[" and _HOSTNAME(host) is None:
        raise ParseError(f"malformed host {host!r}")
    params: Params = ()
    if params_text:
        params = _parse_uri_params(params_text[1:])
    headers: Headers = ()
    if headers_text:
        headers = _parse_uri_headers(headers_text)
    return SipUri(scheme.lower(), user, password, host, port, params, headers)


def _parse_uri_params(text: str) -> Params:
    out: list[tuple[str, str | None]] = []
    seen: set[str] = set()
    for piece in text.split(";"):
        name, equals, value = piece.partition("=")
        if not name or name.lower() in seen:
            # RFC 3261 section 19.1.1: a parameter name must not appear more than once
            raise ParseError(f"repeated or empty URI parameter {name!r}")
        seen.add(name.lower())
        out.append((name, value if equals else None))
    return tuple(out)


def _parse_uri_headers(text: str) -> Headers:
    out: list[tuple[str, str]] = []
    for piece in text.split("&"):
        name, equals, value = piece.partition("=")
        if not name or not equals:
            raise ParseError(f"malformed URI header {piece[:40]!r}")
        out.append((name, value))
    return tuple(out)


def _parse_tel(text: str) -> TelUri:
    number, _, rest = text[4:].partition(";")
    if _TEL_NUMBER(number) is None or has_bad_escape(text):
        raise ParseError(f"malformed tel URI {text[:80]!r}")
    return TelUri(number, _parse_uri_params(rest) if rest else ())


# -- comparison (RFC 3261 section 19.1.4) ------------------------------------------------------

# parameters that must match even when only one side has them
_MUST_MATCH = ("user", "ttl", "method", "maddr", "transport")


def equivalent(a: Uri, b: Uri) -> bool:
    """RFC 3261 section 19.1.4 for sip and sips, RFC 3966 section 4 for tel."""
    if isinstance(a, SipUri) and isinstance(b, SipUri):
        return (
            a.scheme == b.scheme
            and _canonical(a.user, USER_SAFE) == _canonical(b.user, USER_SAFE)
            and _canonical(a.password, SUBFIELD_SAFE) == _canonical(b.password, SUBFIELD_SAFE)
            and a.host.lower().rstrip(".") == b.host.lower().rstrip(".")
            and a.port == b.port
            and _params_match(a.params, b.params)
            and _headers_match(a.headers, b.headers)
        )
    if isinstance(a, TelUri) and isinstance(b, TelUri):
        return a.digits.lower() == b.digits.lower() and _param_dict(a.params) == _param_dict(
            b.params
        )
    if isinstance(a, AbsoluteUri) and isinstance(b, AbsoluteUri):
        return a.scheme.lower() == b.scheme.lower() and a.opaque == b.opaque
    return False


def _canonical(part: str | None, safe: str) -> str | None:
    return None if part is None else escape(unescape(part), safe)


def _param_dict(params: Params) -> dict[str, str]:
    return {name.lower(): unescape(value or "").lower() for name, value in params}


def _params_match(a: Params, b: Params) -> bool:
    left, right = _param_dict(a), _param_dict(b)
    for name in _MUST_MATCH:
        if left.get(name) != right.get(name):
            return False
    return all(right[name] == value for name, value in left.items() if name in right)


def _headers_match(a: Headers, b: Headers) -> bool:
    def canonical(headers: Headers) -> list[tuple[str, str]]:
        return sorted((name.lower(), unescape(value)) for name, value in headers)

    return canonical(a) == canonical(b)
