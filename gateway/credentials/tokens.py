"""Signed tokens (JWT, RFC 7519): one algorithm, our own keys, every claim required.

A token names its purpose in ``aud``: what lets a user in cannot register a connector. The header
chooses among our keys by ``kid`` and nothing else: ``alg``, ``jku``, ``jwk`` and ``x5u`` of a
received token are never followed (RFC 8725 3.1, 3.10).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec

from gateway.credentials.secrets import Secrets
from gateway.storage.ids import new_id, utc_now

ALGORITHM = "ES256"
ISSUER = "offhook-gateway"
_REQUIRED = ["iss", "aud", "sub", "exp", "nbf", "iat", "jti"]
_LEEWAY = timedelta(seconds=5)


class TokenError(Exception):
    """The token is not ours, not for this use, or its time is over."""


@dataclass(frozen=True, slots=True)
class Claims:
    subject: str
    expires_at: datetime
    values: Mapping[str, Any]

    def text(self, name: str) -> str:
        value = self.values.get(name)
        if not isinstance(value, str):
            raise TokenError(f"claim {name} is missing")
        return value


class TokenSigner:
    def __init__(
        self,
        secrets: Secrets,
        *,
        audience: str,
        ttl: int,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._signing_id = secrets.signing_id
        self._private: dict[str, ec.EllipticCurvePrivateKey] = dict(secrets.signing)
        self._public = {kid: key.public_key() for kid, key in secrets.signing.items()}
        self._audience = audience
        self._ttl = timedelta(seconds=ttl)
        self._now = now

    def issue(self, subject: str, **claims: str) -> tuple[str, datetime]:
        now = self._now()
        expires_at = now + self._ttl
        payload = {
            **claims,
            "iss": ISSUER,
            "aud": self._audience,
            "sub": subject,
            "iat": now,
            "nbf": now,
            "exp": expires_at,
            "jti": new_id(),
        }
        key = self._private[self._signing_id]
        return (
            jwt.encode(payload, key, ALGORITHM, headers={"kid": self._signing_id}),
            expires_at,
        )

    def verify(self, token: str) -> Claims:
        try:
            header = jwt.get_unverified_header(token)
            key = self._public.get(str(header.get("kid")))
            if key is None or header.get("alg") != ALGORITHM or "crit" in header:
                raise TokenError("unknown key or algorithm")
            payload = jwt.decode(
                token,
                key,
                algorithms=[ALGORITHM],
                audience=self._audience,
                issuer=ISSUER,
                # Times are compared with the injected clock below.
                options={
                    "require": _REQUIRED,
                    "verify_exp": False,
                    "verify_nbf": False,
                    "verify_iat": False,
                    "strict_aud": True,
                },
            )
        except (jwt.PyJWTError, ValueError, RecursionError) as error:
            raise TokenError(str(error)) from error
        return self._in_time(payload)

    def _in_time(self, payload: dict[str, Any]) -> Claims:
        now = self._now()
        try:
            expires_at = datetime.fromtimestamp(payload["exp"], UTC)
            not_before = datetime.fromtimestamp(payload["nbf"], UTC)
        except (TypeError, ValueError, OverflowError, OSError) as error:
            raise TokenError("exp or nbf is no time") from error
        if now >= expires_at + _LEEWAY or now < not_before - _LEEWAY:
            raise TokenError("not valid at this time")
        return Claims(str(payload["sub"]), expires_at, payload)
