"""What the connector page keeps: what went wrong, who was told of it, and test calls as proof."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, Index, UniqueConstraint
from sqlmodel import Field

from gateway.storage.columns import ref, time
from gateway.storage.models import TenantOwned


class LinkTrouble(TenantOwned, table=True):
    """Something that went wrong with a site's link; the latest fifty of a site are kept."""

    __tablename__ = "link_trouble"
    __table_args__ = (
        ref("site", "site_id", ondelete="CASCADE"),
        Index("ix_link_trouble_site", "tenant_id", "site_id", "id"),
    )
    site_id: str = Field(max_length=36)
    at: datetime = time(nullable=False)
    layer: str = Field(max_length=20)
    code: str = Field(max_length=40)
    detail: str = Field(default="", max_length=200)


class LinkAlarm(TenantOwned, table=True):
    """A link that is down, and whether the tenant's admins were written to."""

    __tablename__ = "link_alarm"
    __table_args__ = (
        UniqueConstraint("tenant_id", "site_id"),
        ref("site", "site_id", ondelete="CASCADE"),
    )
    site_id: str = Field(max_length=36)
    down_since: datetime = time(nullable=False)
    mailed_at: datetime | None = time()


class CallProof(TenantOwned, table=True):
    """A test call: step by step what worked, with which releases."""

    __tablename__ = "call_proof"
    __table_args__ = (
        ref("site", "site_id", ondelete="CASCADE"),
        Index("ix_call_proof_site", "tenant_id", "site_id", "id"),
    )
    site_id: str = Field(max_length=36)
    by_id: str = Field(max_length=40)
    from_line: str = Field(max_length=40)
    to_number: str = Field(max_length=100)
    state: str = Field(max_length=10)  # running, passed, partly, failed
    code: str = Field(default="", max_length=40)
    steps: list[dict[str, Any]] = Field(
        default_factory=list, sa_column=Column(JSON, nullable=False)
    )
    pbx_release: str = Field(default="", max_length=40)
    connector_version: str = Field(default="", max_length=64)
    started_at: datetime = time(nullable=False)
    ended_at: datetime | None = time()
