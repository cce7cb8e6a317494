"""Time-limited credentials of coturn's ``use-auth-secret``.

The user name is the time of expiry and an opaque name, the password its HMAC-SHA1 under the secret
shared with the TURN server (draft-uberti-behave-turn-rest-00 section 2.2).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable
from datetime import datetime

from gateway.config import TurnConfig
from gateway.ports import JsonObject
from gateway.storage.ids import utc_now


class TurnCredentials:
    """Implements the ``TurnIssuer`` port."""

    def __init__(self, config: TurnConfig, now: Callable[[], datetime] = utc_now) -> None:
        self._config = config
        self._now = now

    def issue(self, name: str) -> JsonObject:
        ttl = self._config.ttl
        if self._config.secret is None:
            return {"urls": list(self._config.urls), "username": "", "credential": "", "ttl": ttl}
        username = f"{int(self._now().timestamp()) + ttl}:{name}"
        secret = self._config.secret.get_secret_value().encode()
        # SHA-1 is what the protocol prescribes; HMAC does not need collision resistance.
        credential = base64.b64encode(
            hmac.new(secret, username.encode(), hashlib.sha1).digest()
        ).decode()
        return {
            "urls": list(self._config.urls),
            "username": username,
            "credential": credential,
            "ttl": ttl,
        }
