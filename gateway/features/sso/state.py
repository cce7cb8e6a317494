"""What must come back from the provider, kept by the browser that set out.

Nothing of it is stored here: the cookie is sealed, so that anybody may begin a sign-on without
writing into anybody's database. The cookie also binds the answer to the browser: a link made by
somebody else ends in nothing (RFC 6749 section 10.12).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import secrets
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from aiohttp import web

from gateway.credentials.secrets import SealError, Secrets
from gateway.http.client import is_loopback
from gateway.http.endpoint import API_PREFIX, Exchange
from gateway.storage.ids import is_id

LIFE = timedelta(minutes=10)
_CONTEXT = "sso/state"
_SECURE = "__Host-offhook-sso-"
_LOOPBACK = "offhook-sso-"
_PATH = f"{API_PREFIX}/auth"

Destination = Literal["app", "admin"]


def _random() -> str:
    return secrets.token_urlsafe(32)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One sign-on under way. ``test``: it is one, and this is its id."""

    tenant_id: str
    connection_id: str
    to: Destination
    until: float
    test: str = ""
    device: str = ""
    device_name: str = ""
    #: The person has to prove anew who they are, whatever the provider's cookie says.
    fresh: bool = False
    state: str = field(default_factory=_random, repr=False)
    nonce: str = field(default_factory=_random, repr=False)
    verifier: str = field(default_factory=_random, repr=False)

    @property
    def begun(self) -> float:
        return self.until - LIFE.total_seconds()

    @property
    def challenge(self) -> str:
        """RFC 7636 section 4.2, S256."""
        digest = hashlib.sha256(self.verifier.encode()).digest()
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def write(
    exchange: Exchange, response: web.StreamResponse, attempt: Attempt, secrets: Secrets
) -> None:
    sealed = secrets.seal(json.dumps(asdict(attempt)), _CONTEXT)
    response.set_cookie(
        _name(exchange, attempt.state),
        base64.urlsafe_b64encode(sealed).decode(),
        max_age=int(LIFE.total_seconds()),
        path="/" if exchange.secure else _PATH,
        secure=exchange.secure,
        httponly=True,
        samesite="Lax",  # the provider sends the browser back from another site
    )


def read(exchange: Exchange, state: str, secrets_: Secrets, now: datetime) -> Attempt | None:
    """``None``: this browser never began it, or too long ago."""
    text = exchange.request.cookies.get(_name(exchange, state))
    if not text or (not exchange.secure and not is_loopback(exchange.request)):
        return None
    try:
        sealed = base64.urlsafe_b64decode(text)
        attempt = Attempt(**json.loads(secrets_.unseal(sealed, _CONTEXT)))
    except (SealError, binascii.Error, ValueError, TypeError):
        return None
    if not secrets.compare_digest(attempt.state, state) or attempt.until < now.timestamp():
        return None
    return attempt if is_id(attempt.tenant_id) else None


def clear(exchange: Exchange, response: web.StreamResponse, state: str) -> None:
    response.del_cookie(
        _name(exchange, state),
        path="/" if exchange.secure else _PATH,
        secure=exchange.secure,
        httponly=True,
        samesite="Lax",
    )


def _name(exchange: Exchange, state: str) -> str:
    """One for each attempt: two tabs do not disturb each other."""
    mark = hashlib.sha256(state.encode()).hexdigest()[:8]
    return (_SECURE if exchange.secure else _LOOPBACK) + mark
