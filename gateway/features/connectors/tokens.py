"""Link tokens: ten minutes, for the SIP edge only, worthless once the key is revoked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from gateway.bus import ApiKeyRevoked, Bus
from gateway.credentials.secrets import Secrets
from gateway.credentials.tokens import TokenError, TokenSigner
from gateway.ports import ApiKeyVerifier, ConnectorIdentity, KeyIdentity
from gateway.storage.ids import is_id, utc_now

AUDIENCE = "offhook-edge"
TTL = 600


class LinkTokens:
    """Implements the ``ConnectorTokens`` port."""

    def __init__(
        self,
        secrets: Secrets,
        keys: ApiKeyVerifier,
        bus: Bus,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._signer = TokenSigner(secrets, audience=AUDIENCE, ttl=TTL, now=now)
        self._keys = keys
        self._bus = bus

    def issue(self, key: KeyIdentity, instance: str) -> str:
        token, _ = self._signer.issue(
            key.site_id, tid=key.tenant_id, kid=key.key_id, instance=instance
        )
        return token

    async def verify(self, token: str) -> ConnectorIdentity | None:
        try:
            claims = self._signer.verify(token)
            key = KeyIdentity(claims.text("tid"), claims.subject, claims.text("kid"))
            instance = claims.text("instance")
        except TokenError:
            return None
        if not is_id(key.tenant_id) or not await self._keys.still_valid(key):
            return None
        return ConnectorIdentity(
            key.tenant_id, key.site_id, key.key_id, instance, claims.expires_at
        )

    def on_revoked(self, listener: Callable[[str, str], None]) -> None:
        def heard(event: ApiKeyRevoked) -> None:
            listener(event.site_id, event.key_id)

        self._bus.subscribe(ApiKeyRevoked, heard)
