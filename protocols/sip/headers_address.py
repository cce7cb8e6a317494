"""Headers built on addresses: name-addr (From, To, Contact, Route ...) and Via."""

from __future__ import annotations

import re
from typing import NamedTuple, TypeAlias

from protocols.sip.errors import ParseError
from protocols.sip.grammar import (
    end_of_quoted,
    is_display_words,
    is_token,
    quote,
    split_list,
    unquote,
)
from protocols.sip.known import remember
from protocols.sip.params import (
    Params,
    format_params,
    get_param,
    has_param,
    parse_params,
    set_param,
    without_param,
)
from protocols.sip.uri import SipUri, Uri, parse_uri

# spares the argument handling of the generated constructor
_new = tuple.__new__

# the common shape: optional token or plain quoted display, <uri>, parameters
_PLAIN = re.compile(
    r'(?:"([^"\\]*)"[ \t]*|([A-Za-z0-9\-.!%*_+`\'~]+(?:[ \t]+[A-Za-z0-9\-.!%*_+`\'~]+)*)[ \t]*)?'
    r"<([^<>\s\"]+)>[ \t]*(;.*)?"
).fullmatch


class NameAddr(NamedTuple):
    """`"Display" <uri>;params`. `display` is the text without quotes, "" for none."""

    display: str
    uri: Uri
    params: Params = ()

    @classmethod
    def parse(cls, text: str) -> NameAddr:
        known = _addresses.get(text)
        if known is not None:
            return known
        # a tag is new in each dialog, the address before it comes again and again; since any
        # token may be the tag, the text before it means the same whatever the tag is
        address, found, tag = text.partition(">;tag=")
        if not found:
            return remember(_addresses, text, _read_name_addr(text))
        if not (tag.isalnum() and tag.isascii()) and not is_token(tag):
            return _read_name_addr(text)
        display, uri, params = _before_tag.get(address) or _read_before_tag(address)
        own: Params = (("tag", tag),)
        return _new(cls, (display, uri, params + own))

    @property
    def tag(self) -> str | None:
        return get_param(self.params, "tag") or None

    def param(self, name: str) -> str | None:
        """A header parameter: None when absent, "" when it has no value."""
        return get_param(self.params, name)

    def with_param(self, name: str, value: str | None = None) -> NameAddr:
        return self._replace(params=set_param(self.params, name, value))

    def without_param(self, name: str) -> NameAddr:
        return self._replace(params=without_param(self.params, name))

    def with_tag(self, tag: str) -> NameAddr:
        return self.with_param("tag", tag)

    @property
    def user(self) -> str:
        """User part of a SIP URI or number of a tel URI, unescaped; "" when there is none."""
        uri = self.uri
        if isinstance(uri, SipUri):
            return uri.user_text
        return getattr(uri, "number", "")

    def __str__(self) -> str:
        head = f"{quote(self.display)} " if self.display else ""
        return f"{head}<{self.uri}>{format_params(self.params)}"


_addresses: dict[str, NameAddr] = {}
_before_tag: dict[str, tuple[str, Uri, Params]] = {}


def _read_before_tag(text: str) -> tuple[str, Uri, Params]:
    display, uri, params = _read_name_addr(text + ">")
    return remember(_before_tag, text, (display, uri, params))


def _read_name_addr(text: str) -> NameAddr:
    match = _PLAIN(text)
    if match is not None:
        quoted, words, uri, params = match.groups()
        return NameAddr(
            quoted or words or "", parse_uri(uri), parse_params(params[1:]) if params else ()
        )
    return _read_odd_name_addr(text.strip())


def _read_odd_name_addr(text: str) -> NameAddr:
    display = ""
    if text.startswith('"'):
        after = end_of_quoted(text, 0)
        if after < 0:
            raise ParseError("unbalanced quotes in a display name")
        display = unquote(text[:after])
        text = text[after:].lstrip()
        if not text.startswith("<"):
            raise ParseError("a display name must be followed by <URI>")
    elif "<" in text:
        words, _, rest = text.partition("<")
        words = words.strip()
        if words and not is_display_words(words) and not _lenient_words(words):
            raise ParseError(f"display name {words[:40]!r} needs quotes")
        display = words
        text = "<" + rest
    if text.startswith("<"):
        uri, closed, rest = text[1:].partition(">")
        if not closed:
            raise ParseError("missing > after a URI")
        rest = rest.strip()
        if rest and rest[0] != ";":
            raise ParseError(f"unexpected text after <URI>: {rest[:40]!r}")
        return NameAddr(display, parse_uri(uri), parse_params(rest[1:]) if rest else ())
    # addr-spec: what follows the first semicolon are header parameters, and a comma or
    # question mark needs angle brackets (RFC 3261 section 20)
    uri, semicolon, rest = text.partition(";")
    uri = uri.strip()
    if "," in uri or "?" in uri:
        raise ParseError("a URI with comma or question mark needs angle brackets")
    return NameAddr("", parse_uri(uri), parse_params(rest) if semicolon else ())


def _lenient_words(words: str) -> bool:
    # DEVIATION(PBXs): raw UTF-8 or Latin-1 names without quotes are accepted, ASCII specials not
    return all(ord(c) > 127 or c in " \t" or is_display_words(c) for c in words)


_VIA = re.compile(
    r"SIP[ \t]*/[ \t]*2\.0[ \t]*/[ \t]*([A-Za-z0-9\-.!%*_+`'~]+)[ \t]+"
    r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9\-._]+)(?:[ \t]*:[ \t]*([0-9]{1,5}))?[ \t]*(;.*)?",
    re.IGNORECASE,
).fullmatch

MAGIC_COOKIE = "z9hG4bK"


class Via(NamedTuple):
    """One Via element (RFC 3261 section 20.42)."""

    transport: str
    host: str
    port: int | None = None
    params: Params = ()

    @classmethod
    def parse(cls, text: str) -> Via:
        # only the branch is new in each message; what stands around it is read once, with "x"
        # as the branch, and means the same with any other token there
        sent, _, rest = text.partition(";branch=")
        branch, more, after = rest.partition(";")
        if (branch.isalnum() and branch.isascii()) or is_token(branch):
            around = f"{sent};branch=x{more}{after}"
            known = _around_branch.get(around) or _read_around_branch(around)
            if known is not None:
                transport, host, port, before, behind = known
                own: Params = (("branch", branch),)
                return _new(cls, (transport, host, port, before + own + behind))
        return _read_via(text)

    @property
    def branch(self) -> str | None:
        return get_param(self.params, "branch") or None

    @property
    def received(self) -> str | None:
        return get_param(self.params, "received") or None

    @property
    def rport(self) -> int | None:
        """The port written into `rport`; see `wants_rport` for the bare parameter (RFC 3581)."""
        value = get_param(self.params, "rport")
        return int(value) if value and value.isdecimal() and len(value) <= 5 else None

    @property
    def wants_rport(self) -> bool:
        return has_param(self.params, "rport")

    @property
    def has_cookie(self) -> bool:
        """True when the branch was made as RFC 3261 asks (section 8.1.1.7)."""
        branch = self.branch
        return branch is not None and branch[:7].lower() == MAGIC_COOKIE.lower()

    def param(self, name: str) -> str | None:
        return get_param(self.params, name)

    def with_param(self, name: str, value: str | None = None) -> Via:
        return self._replace(params=set_param(self.params, name, value))

    def __str__(self) -> str:
        port = "" if self.port is None else f":{self.port}"
        return f"SIP/2.0/{self.transport} {self.host}{port}{format_params(self.params)}"


def _read_via(text: str) -> Via:
    match = _VIA(text.strip())
    if match is None:
        raise ParseError(f"malformed Via {text[:80]!r}")
    transport, host, port_text, params = match.groups()
    port = None if port_text is None else int(port_text)
    if port is not None and not 0 < port < 65536:
        raise ParseError(f"port {port} in Via is out of range")
    return Via(
        transport.upper(), host, port, parse_params(params[1:]) if params is not None else ()
    )


# transport, host, port, parameters before and behind the branch
_Around: TypeAlias = tuple[str, str, int | None, Params, Params]
_around_branch: dict[str, _Around] = {}


def _read_around_branch(text: str) -> _Around | None:
    if '"' in text:  # what stands between quotes may look like a branch
        return None
    transport, host, port, params = _read_via(text)
    if params.count(("branch", "x")) != 1:  # another one, written with white space
        return None
    at = params.index(("branch", "x"))
    return remember(_around_branch, text, (transport, host, port, params[:at], params[at + 1 :]))


def parse_address_list(lines: list[str]) -> list[NameAddr]:
    """All addresses of one or more header lines."""
    return [NameAddr.parse(part) for line in lines for part in split_list(line)]
