"""Secrets that are used once: links of letters, codes, the state of a sign-on elsewhere."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, LargeBinary, UniqueConstraint
from sqlmodel import Field

from gateway.storage.columns import now, ref, time
from gateway.storage.models import TenantOwned


class OneTimeToken(TenantOwned, table=True):
    """``<tenant>.<secret>`` is what its holder has; the digest is what is kept.

    ``kind``: invitation, password_reset, email_change, sso_state, passkey_challenge, second_step.
    """

    __tablename__ = "one_time_token"
    __table_args__ = (
        UniqueConstraint("tenant_id", "id"),
        UniqueConstraint("tenant_id", "digest"),
        ref("user_account", "user_id", ondelete="CASCADE"),
    )
    kind: str = Field(max_length=20)
    user_id: str | None = Field(default=None, max_length=36, index=True)
    digest: bytes = Field(sa_column=Column(LargeBinary(32), nullable=False))
    data: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    attempts: int = 0
    created_at: datetime = now()
    expires_at: datetime = time(nullable=False, index=True)
    used_at: datetime | None = time()
