"""What administrators did: a chain of entries, each of which proves the one before it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, Index, LargeBinary, UniqueConstraint
from sqlmodel import Field

from gateway.storage.columns import time
from gateway.storage.models import TenantOwned


class AuditEntry(TenantOwned, table=True):
    """``digest`` = SHA-256 over the entry and ``previous``; written once, never changed."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        UniqueConstraint("tenant_id", "number"),
        Index("ix_audit_entry_target", "tenant_id", "target", "target_id"),
    )
    number: int  # 1, 2, 3 ... in each tenant
    at: datetime = time(nullable=False)
    actor_kind: str = Field(max_length=10)
    actor_id: str = Field(max_length=40)
    actor_name: str = Field(max_length=200)
    client_ip: str | None = Field(default=None, max_length=45)
    action: str = Field(max_length=60)
    target: str = Field(max_length=30)
    target_id: str = Field(max_length=64)
    target_name: str = Field(max_length=200)
    before: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON, nullable=True))
    after: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON, nullable=True))
    why: str = Field(default="", max_length=500)
    previous: bytes = Field(sa_column=Column(LargeBinary(32), nullable=False))
    digest: bytes = Field(sa_column=Column(LargeBinary(32), nullable=False))
