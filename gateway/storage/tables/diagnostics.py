"""Bundles that people sent to whoever helps them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, Text, UniqueConstraint
from sqlmodel import Field

from gateway.storage.columns import now, ref
from gateway.storage.models import TenantOwned


class DiagnosticsBundle(TenantOwned, table=True):
    """Without secrets, names and numbers: what is stored was redacted here before."""

    __tablename__ = "diagnostics_bundle"
    __table_args__ = (
        UniqueConstraint("tenant_id", "id"),
        ref("user_account", "user_id", ondelete="CASCADE"),
    )
    user_id: str = Field(max_length=36, index=True)
    source: str = Field(max_length=10)  # webapp, portal
    note: str = Field(default="", max_length=500)
    content: str = Field(sa_column=Column(Text, nullable=False))  # JSON
    size: int  # bytes of the content
    redacted: int  # places where the gateway took something out
    created_at: datetime = now()
