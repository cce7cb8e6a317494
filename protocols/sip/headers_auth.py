"""Challenges and credentials (RFC 3261 section 20.7, 20.44; RFC 7616; RFC 8898)."""

from __future__ import annotations

import re
from typing import NamedTuple

from protocols.sip.errors import ParseError
from protocols.sip.grammar import is_token, quote, split_outside, unquote
from protocols.sip.params import Params, get_param

_TOKEN68 = re.compile(r"[A-Za-z0-9\-._~+/]+=*").fullmatch


class _Auth(NamedTuple):
    scheme: str
    params: Params = ()
    token: str | None = None


def _parse(text: str) -> _Auth:
    scheme, _, rest = text.strip().partition(" ")
    rest = rest.strip()
    if not is_token(scheme):
        raise ParseError("malformed authentication scheme")
    if rest and scheme.lower() != "digest" and "," not in rest and _TOKEN68(rest):
        return _Auth(scheme, (), rest)
    params: list[tuple[str, str | None]] = []
    for part in split_outside(rest, ","):
        if not part:
            continue
        name, equals, value = part.partition("=")
        name, value = name.strip(), value.strip()
        if not equals or not is_token(name) or not value:
            raise ParseError(f"malformed authentication parameter {name[:40]!r}")
        if value[0] == '"' and (len(value) < 2 or value[-1] != '"'):
            raise ParseError(f"unbalanced quotes in authentication parameter {name[:40]!r}")
        params.append((name, value))
    return _Auth(scheme, tuple(params))


# written without quotes (RFC 7616 section 3.3, 3.4); everything else is quoted
_BARE = frozenset({"algorithm", "nc", "stale", "userhash"})


def _format(scheme: str, params: Params, token: str | None, bare: frozenset[str]) -> str:
    if token is not None:
        return f"{scheme} {token}"
    written = []
    for name, value in params:
        text = value or ""
        if text[:1] != '"' and name.lower() not in bare:
            text = quote(text)
        written.append(f"{name}={text}")
    return f"{scheme} " + ", ".join(written)


class AuthChallenge(NamedTuple):
    """WWW-Authenticate or Proxy-Authenticate, one challenge per header line."""

    scheme: str
    params: Params = ()
    token: str | None = None

    @classmethod
    def parse(cls, text: str) -> AuthChallenge:
        return cls(*_parse(text))

    def param(self, name: str) -> str | None:
        return get_param(self.params, name)

    @property
    def realm(self) -> str:
        return get_param(self.params, "realm") or ""

    @property
    def algorithm(self) -> str:
        return get_param(self.params, "algorithm") or "MD5"

    @property
    def qop(self) -> list[str]:
        value = get_param(self.params, "qop") or ""
        return [item.strip().lower() for item in value.split(",") if item.strip()]

    def __str__(self) -> str:
        return _format(self.scheme, self.params, self.token, _BARE)


class AuthCredentials(NamedTuple):
    """Authorization or Proxy-Authorization; `token` is set for Bearer."""

    scheme: str
    params: Params = ()
    token: str | None = None

    @classmethod
    def parse(cls, text: str) -> AuthCredentials:
        return cls(*_parse(text))

    def param(self, name: str) -> str | None:
        return get_param(self.params, name)

    def __str__(self) -> str:
        # unlike in a challenge, qop is a token here
        return _format(self.scheme, self.params, self.token, _BARE | {"qop"})


def plain(value: str) -> str:
    """A parameter value without its quotes."""
    return unquote(value)
