"""What must come back from the provider, kept by the browser that set out: in a sealed cookie, so
that anybody may begin a sign-on without writing into anybody's database."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

from gateway.credentials.secrets import Secrets
from gateway.http.endpoint import API_PREFIX
from gateway.http.flow_cookie import FlowCookie, pkce_challenge
from gateway.storage.ids import is_id

LIFE = timedelta(minutes=10)

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
        return pkce_challenge(self.verifier)


def cookie_of(secrets: Secrets) -> FlowCookie:
    return FlowCookie(secrets, "sso", f"{API_PREFIX}/auth", int(LIFE.total_seconds()))


def attempt_from(kept: dict[str, Any] | None, state: str, now: datetime) -> Attempt | None:
    """``None``: this browser never began it, or too long ago."""
    try:
        attempt = Attempt(**(kept or {}))
    except TypeError:
        return None
    if (
        not secrets.compare_digest(attempt.state.encode(), state.encode())
        or attempt.until < now.timestamp()
    ):
        return None
    return attempt if is_id(attempt.tenant_id) else None
