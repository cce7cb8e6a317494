"""Digest, client side (RFC 3261 section 22, RFC 7616, RFC 8760): an immutable value.

Only the pinned realm is answered, and only the caller decides which requests may be: a challenge
to a BYE, for example, never reaches this file (see `session/auth.py`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from protocols.sip.auth.credentials import DigestCredentials
from protocols.sip.auth.digest import base_algorithm, digest_a1, digest_response, is_known
from protocols.sip.errors import ParseError
from protocols.sip.headers import AuthChallenge, AuthCredentials
from protocols.sip.message import Request, Response

_HEADERS = {401: ("WWW-Authenticate", "Authorization")}
_PROXY_HEADERS = {407: ("Proxy-Authenticate", "Proxy-Authorization")}
CHALLENGE_HEADERS = _HEADERS | _PROXY_HEADERS


@dataclass(frozen=True, slots=True)
class Protection:
    """A challenge we can answer. `uses` counts the requests signed with its nonce (the `nc`)."""

    header: str  # Authorization or Proxy-Authorization
    realm: str
    nonce: str
    algorithm: str | None  # as written in the challenge; None = absent, which means MD5
    qop: str | None
    opaque: str | None
    uses: int = 0
    renewed: bool = False  # it replaced one that was called stale at its very first use


@dataclass(frozen=True, slots=True)
class DigestClient:
    credentials: DigestCredentials
    realm: str | None = None
    protections: tuple[Protection, ...] = ()

    @classmethod
    def of(cls, credentials: DigestCredentials) -> DigestClient:
        return cls(credentials, credentials.realm)

    def challenged(self, request: Request, response: Response) -> DigestClient | None:
        """Take the challenge of a 401 or 407 to `request`. None: it must not be answered
        (foreign realm, unknown algorithm) or was answered already, which means a wrong password.
        """
        offered, answers = CHALLENGE_HEADERS[response.status]
        best = self._best(response.headers.all(offered))
        if best is None:
            return None
        previous, renewed = self._protection(answers), False
        if previous is not None and _signed_with(request, answers, previous.nonce):
            # Signed freshly (first use) and refused: wrong password, unless only the nonce was
            # too old (RFC 7616 section 3.3, stale). A re-used nonce may have run out silently.
            stale = (best.param("stale") or "").lower() == "true"
            fresh = previous.uses <= 1
            if (fresh and (not stale or previous.renewed)) or previous.nonce == best.param("nonce"):
                return None
            renewed = fresh
        protection = Protection(
            header=answers,
            realm=best.realm,
            nonce=best.param("nonce") or "",
            algorithm=best.param("algorithm"),
            qop=_pick_qop(best),
            opaque=best.param("opaque"),
            renewed=renewed,
        )
        kept = tuple(p for p in self.protections if p.header != answers)
        return replace(self, realm=best.realm, protections=(*kept, protection))

    def sign(
        self, method: str, uri: str, body: bytes, cnonce: str
    ) -> tuple[DigestClient, tuple[tuple[str, str], ...]]:
        """Credentials for every known protection; also for later requests, unasked
        (RFC 3261 section 22.3), each with the next nonce count."""
        used = tuple(replace(p, uses=p.uses + 1) for p in self.protections)
        headers = tuple(
            (p.header, str(self._credentials(p, method, uri, body, cnonce))) for p in used
        )
        return replace(self, protections=used), headers

    def _protection(self, header: str) -> Protection | None:
        return next((p for p in self.protections if p.header == header), None)

    def _best(self, lines: list[str]) -> AuthChallenge | None:
        """The strongest challenge of our realm by our list (RFC 8760 section 2.4)."""
        allowed = [name.lower() for name in self.credentials.algorithms]
        best: tuple[int, AuthChallenge] | None = None
        for line in lines:
            try:
                challenge = AuthChallenge.parse(line)
            except ParseError:
                continue
            if challenge.scheme.lower() != "digest" or not challenge.param("nonce"):
                continue
            if self.realm is not None and challenge.realm != self.realm:
                continue
            name = base_algorithm(challenge.algorithm)
            if name not in allowed or not is_known(name) or not _qop_known(challenge):
                continue
            rank = allowed.index(name)
            if best is None or rank < best[0]:
                best = rank, challenge
        return best[1] if best else None

    def _credentials(
        self, p: Protection, method: str, uri: str, body: bytes, cnonce: str
    ) -> AuthCredentials:
        algorithm = p.algorithm or "MD5"
        user, password = self.credentials.username, self.credentials.password
        nc = f"{p.uses:08x}"
        response = digest_response(
            algorithm,
            digest_a1(algorithm, user, p.realm, password),
            method=method,
            uri=uri,
            nonce=p.nonce,
            qop=p.qop,
            nc=nc,
            cnonce=cnonce,
            body=body,
        )
        params: list[tuple[str, str | None]] = [
            ("username", user),
            ("realm", p.realm),
            ("nonce", p.nonce),
            ("uri", uri),
            ("response", response),
        ]
        if p.algorithm is not None:
            params.append(("algorithm", p.algorithm))
        if p.qop is not None or algorithm.lower().endswith("-sess"):
            params.append(("cnonce", cnonce))
        if p.qop is not None:
            params += [("qop", p.qop), ("nc", nc)]
        if p.opaque is not None:
            params.append(("opaque", p.opaque))
        return AuthCredentials("Digest", tuple(params))


def _qop_known(challenge: AuthChallenge) -> bool:
    return not challenge.qop or "auth" in challenge.qop or "auth-int" in challenge.qop


def _pick_qop(challenge: AuthChallenge) -> str | None:
    if not challenge.qop:
        return None
    return "auth" if "auth" in challenge.qop else "auth-int"


def _signed_with(request: Request, header: str, nonce: str) -> bool:
    for line in request.headers.all(header):
        try:
            if AuthCredentials.parse(line).param("nonce") == nonce:
                return True
        except ParseError:
            continue
    return False


def signed(request: Request, headers: tuple[tuple[str, str], ...]) -> Request:
    """A copy of `request` with these credentials instead of its former ones, without Via."""
    copy = request.copy()
    copy.headers.remove("Via")
    copy.headers.remove("Authorization")
    copy.headers.remove("Proxy-Authorization")
    copy.headers.extend(headers)
    return copy
