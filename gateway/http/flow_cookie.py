"""What must come back from a provider, kept by the browser that set out.

Nothing of it is stored here: the cookie is sealed. It also binds the answer to the browser: a link
made by somebody else ends in nothing (RFC 6749 section 10.12).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from gateway.credentials.secrets import SealError, Secrets
from gateway.http.client import is_loopback
from gateway.http.endpoint import Exchange


@dataclass(frozen=True, slots=True)
class FlowCookie:
    """``name``: of one kind of flow. ``path``: where it is sent to on this machine alone; over TLS
    it is a ``__Host-`` cookie, which has none."""

    secrets: Secrets
    name: str
    path: str
    life: int  # s

    def write(
        self, exchange: Exchange, response: web.StreamResponse, state: str, kept: dict[str, Any]
    ) -> None:
        sealed = self.secrets.seal(json.dumps(kept), self._context)
        response.set_cookie(
            self._name(exchange, state),
            base64.urlsafe_b64encode(sealed).decode(),
            max_age=self.life,
            path="/" if exchange.secure else self.path,
            secure=exchange.secure,
            httponly=True,
            samesite="Lax",  # the provider sends the browser back from another site
        )

    def read(self, exchange: Exchange, state: str) -> dict[str, Any] | None:
        """``None``: this browser never began it."""
        text = exchange.request.cookies.get(self._name(exchange, state))
        if not text or (not exchange.secure and not is_loopback(exchange.request)):
            return None
        try:
            kept = json.loads(self.secrets.unseal(base64.urlsafe_b64decode(text), self._context))
        except (SealError, binascii.Error, ValueError):
            return None
        return kept if isinstance(kept, dict) else None

    def clear(self, exchange: Exchange, response: web.StreamResponse, state: str) -> None:
        response.del_cookie(
            self._name(exchange, state),
            path="/" if exchange.secure else self.path,
            secure=exchange.secure,
            httponly=True,
            samesite="Lax",
        )

    @property
    def _context(self) -> str:
        return f"{self.name}/state"

    def _name(self, exchange: Exchange, state: str) -> str:
        """One for each attempt: two tabs do not disturb each other."""
        mark = hashlib.sha256(state.encode()).hexdigest()[:8]
        prefix = "__Host-offhook" if exchange.secure else "offhook"
        return f"{prefix}-{self.name}-{mark}"


def pkce_challenge(verifier: str) -> str:
    """RFC 7636 section 4.2, S256."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
