"""Where a tenant wants to be told of what happens."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy import JSON, Column, LargeBinary, UniqueConstraint
from sqlmodel import Field

from gateway.storage.columns import now, time
from gateway.storage.models import TenantOwned


class Webhook(TenantOwned, table=True):
    """``state``: active; paused by an administrator; stopped by the gateway, after days in which
    nothing could be delivered. Its deliveries are items of the outbox."""

    __tablename__ = "webhook"
    __table_args__ = (UniqueConstraint("tenant_id", "id"),)
    url: str = Field(max_length=2048)
    description: str = Field(default="", max_length=200)
    events: list[str] = Field(sa_column=Column(JSON, nullable=False))
    state: str = Field(default="active", max_length=10)
    #: Sealed. For a change-over the one before signs as well until ``old_secret_until``.
    secret: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    old_secret: bytes | None = Field(default=None, sa_column=Column(LargeBinary, nullable=True))
    old_secret_until: datetime | None = time()
    created_at: datetime = now()
    created_by: str = Field(default="", max_length=200)
    version: int = 1
    #: Since when every attempt has failed; ``None``: the last one did not.
    failing_since: datetime | None = time()
    delivered_at: datetime | None = time()
    failed_at: datetime | None = time()
    error: str = Field(default="", max_length=500)


def name_of(webhook: Webhook) -> str:
    """For people. Never more of the URL than its host: the rest may be a secret of its owner."""
    return webhook.description or urlsplit(webhook.url).netloc
