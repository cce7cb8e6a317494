"""Digest, server side (RFC 3261 section 22, RFC 7616, RFC 8760).

A nonce carries its own birth time and algorithm under an HMAC, so a challenge costs no memory;
only nonces that were answered are remembered, each with a window of nonce counts (RFC 7616
section 3.4: a count must not come twice). Unknown users take the same path and the same time as
wrong passwords, so that answers do not tell which users exist.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import struct
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from protocols.sip.auth.digest import base_algorithm, digest_a1, digest_response
from protocols.sip.errors import ParseError
from protocols.sip.headers import AuthChallenge, AuthCredentials
from protocols.sip.message import Request, Response
from protocols.sip.uri import equivalent, parse_uri

_WINDOW = 64  # nonce counts may overtake each other by so much
_MAX_NONCES = 20_000


@dataclass(frozen=True, slots=True)
class Verified:
    """The request is `username`'s."""

    username: str


@dataclass(frozen=True, slots=True)
class Refused:
    """Not authenticated; send `response` (401 or 407 with fresh challenges)."""

    response: Response
    #: "missing", "stale", "wrong" (user or password), "replayed", "malformed"
    reason: str
    username: str | None = None


@dataclass(slots=True)
class _Counts:
    highest: int = 0
    seen: int = 0  # bit n set: count `highest - n` was used


class DigestServer:
    """`password_of(username)` gives the password or None. `proxy` chooses 407 over 401.

    `algorithms` is the default list, strongest first; a peer that chokes on more than one
    challenge is given its own list in `check`.
    """

    def __init__(
        self,
        realm: str,
        password_of: Callable[[str], str | None],
        *,
        algorithms: Sequence[str] = ("SHA-256", "MD5"),
        nonce_lifetime: float = 300.0,
        proxy: bool = False,
        secret: bytes | None = None,
    ) -> None:
        self.realm = realm
        self._password_of = password_of
        self._algorithms = tuple(algorithms)
        self._lifetime = nonce_lifetime
        self._proxy = proxy
        self._secret = secret or secrets.token_bytes(32)
        self._counts: OrderedDict[str, _Counts] = OrderedDict()
        self._decoy = secrets.token_hex(16)

    def check(
        self, request: Request, now: float, algorithms: Sequence[str] | None = None
    ) -> Verified | Refused:
        """Judge a request. ACK and CANCEL must not be challenged (RFC 3261 22.1, 9.1)."""
        allowed = tuple(algorithms or self._algorithms)
        name = "Proxy-Authorization" if self._proxy else "Authorization"
        reason, username = "missing", None
        # RFC 8760 section 2.4: some clients send one header per challenge.
        for line in request.headers.all(name):
            try:
                credentials = AuthCredentials.parse(line)
            except ParseError:
                reason = "malformed"
                continue
            if credentials.scheme.lower() != "digest" or credentials.param("realm") != self.realm:
                continue
            username = credentials.param("username")
            reason = self._judge(request, credentials, allowed, now)
            if reason == "ok":
                return Verified(username or "")
        return Refused(self.challenge(request, now, reason == "stale", allowed), reason, username)

    def challenge(
        self,
        request: Request,
        now: float,
        stale: bool = False,
        algorithms: Sequence[str] | None = None,
    ) -> Response:
        """One header per algorithm, each with a nonce of its own (RFC 8760 section 2.4)."""
        response = Response.for_request(
            request, 407 if self._proxy else 401, to_tag=secrets.token_hex(6)
        )
        name = "Proxy-Authenticate" if self._proxy else "WWW-Authenticate"
        for algorithm in algorithms or self._algorithms:
            params: list[tuple[str, str | None]] = [
                ("realm", self.realm),
                ("nonce", self._nonce(algorithm, now)),
                ("algorithm", algorithm),
                ("qop", "auth"),
            ]
            if stale:
                params.append(("stale", "true"))
            response.headers.add(name, AuthChallenge("Digest", tuple(params)))
        return response

    def _judge(
        self, request: Request, given: AuthCredentials, allowed: Sequence[str], now: float
    ) -> str:
        algorithm = given.param("algorithm") or "MD5"
        nonce = given.param("nonce") or ""
        if base_algorithm(algorithm) not in [a.lower() for a in allowed]:
            return "malformed"
        qop, nc = given.param("qop"), given.param("nc") or ""
        if qop not in (None, "auth", "auth-int") or not _same_target(request, given.param("uri")):
            return "malformed"
        born = self._birth(nonce, algorithm)
        if born is None:
            return "stale"  # of an earlier run of ours, or made up: either way a new one is due
        username = given.param("username") or ""
        password = self._password_of(username)
        expected = digest_response(
            algorithm,
            digest_a1(
                algorithm, username, self.realm, self._decoy if password is None else password
            ),
            method=request.method,
            uri=given.param("uri") or "",
            nonce=nonce,
            qop=qop,
            nc=nc,
            cnonce=given.param("cnonce") or "",
            body=request.body,
        )
        right = hmac.compare_digest(
            expected.encode(), (given.param("response") or "").lower().encode("utf-8", "replace")
        )
        if not right or not password:  # an empty password is no password
            return "wrong"
        # RFC 7616 section 3.3: stale says that the digest was right, only the nonce too old
        if not 0 <= now - born <= self._lifetime:
            return "stale"
        if qop is not None and not self._count(nonce, nc):
            return "stale" if nonce not in self._counts else "replayed"
        return "ok"

    def _count(self, nonce: str, nc: str) -> bool:
        """Whether this count is new for this nonce."""
        try:
            number = int(nc, 16)
        except ValueError:
            return False
        counts = self._counts.get(nonce)
        if counts is None:
            counts = self._counts[nonce] = _Counts()
            while len(self._counts) > _MAX_NONCES:
                self._counts.popitem(last=False)
        self._counts.move_to_end(nonce)
        if number > counts.highest:
            shift = number - counts.highest
            counts.seen = ((counts.seen << shift) | 1) & ((1 << _WINDOW) - 1) if shift < 64 else 1
            counts.highest = number
            return True
        behind = counts.highest - number
        if number <= 0 or behind >= _WINDOW or counts.seen >> behind & 1:
            return False
        counts.seen |= 1 << behind
        return True

    def _nonce(self, algorithm: str, now: float) -> str:
        head = struct.pack(">d", now) + secrets.token_bytes(6)
        return base64.urlsafe_b64encode(head + self._mac(head, algorithm)).decode()

    def _birth(self, nonce: str, algorithm: str) -> float | None:
        """When we made this nonce for this algorithm; None when we did not."""
        try:
            raw = base64.urlsafe_b64decode(nonce.encode("ascii"))
        except ValueError:
            return None
        head, mac = raw[:14], raw[14:]
        if len(head) != 14 or not hmac.compare_digest(mac, self._mac(head, algorithm)):
            return None
        born: float = struct.unpack(">d", head[:8])[0]
        return born

    def _mac(self, head: bytes, algorithm: str) -> bytes:
        bound = head + base_algorithm(algorithm).encode() + b"\0" + self.realm.encode("utf-8")
        return hmac.new(self._secret, bound, hashlib.sha256).digest()[:16]


def _same_target(request: Request, uri: str | None) -> bool:
    """The digest must be about this Request-URI (RFC 3261 section 22.4 item 5; RFC 7616 3.4.6)."""
    if uri is None:
        return False
    if uri == request.uri:
        return True
    try:
        return equivalent(parse_uri(uri), request.request_uri)
    except ParseError:
        return False
