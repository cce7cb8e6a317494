"""Challenges that need not be stored before they are answered: nonce, end and a MAC over both.

Whoever asks for one is nobody yet, so a row for each would let anybody fill the database. That an
answered challenge is not answered again is for the caller to note.
"""

from __future__ import annotations

import hmac
import secrets as random
from collections.abc import Callable
from datetime import datetime, timedelta

from gateway.credentials.secrets import Secrets
from gateway.storage.ids import utc_now

_NONCE, _END, _MAC = 16, 8, 32


class Challenges:
    def __init__(
        self,
        secrets: Secrets,
        valid: timedelta = timedelta(minutes=5),
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._secrets = secrets
        self._valid = valid
        self._now = now

    def new(self, purpose: str) -> bytes:
        """``purpose``: what it may be answered for, and by whom if that is known."""
        end = int((self._now() + self._valid).timestamp())
        body = random.token_bytes(_NONCE) + end.to_bytes(_END, "big")
        return body + self._secrets.mac(f"challenge/{purpose}", body)

    def end_of(self, challenge: bytes, purpose: str) -> datetime | None:
        """``None``: not ours, not for this, or over."""
        if len(challenge) != _NONCE + _END + _MAC:
            return None
        body, mac = challenge[:-_MAC], challenge[-_MAC:]
        if not hmac.compare_digest(mac, self._secrets.mac(f"challenge/{purpose}", body)):
            return None
        now = self._now()
        end = datetime.fromtimestamp(int.from_bytes(body[_NONCE:], "big"), now.tzinfo)
        return end if now < end else None
