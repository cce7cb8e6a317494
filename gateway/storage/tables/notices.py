"""What operators and administrators tell people, and what is counted for the bill."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Column, UniqueConstraint
from sqlmodel import Field

from gateway.storage.columns import now, time
from gateway.storage.models import TenantOwned


class Announcement(TenantOwned, table=True):
    """One in the platform's own tenant is for everybody's, any other for the people of its own."""

    __tablename__ = "announcement"
    __table_args__ = (UniqueConstraint("tenant_id", "id"),)
    kind: str = Field(max_length=20)  # maintenance, update, incident, news
    urgency: str = Field(max_length=20)  # scheduled, unplanned, emergency
    audience: str = Field(max_length=10)  # everyone, admins
    title: str = Field(max_length=200)
    text: str = Field(max_length=4000)
    #: ``{"de": {"title": ..., "text": ...}}``; the columns are what all others read.
    translations: dict[str, Any] = Field(
        default_factory=dict, sa_column=Column(JSON, nullable=False)
    )
    release: str = Field(default="", max_length=40)  # of an update
    starts_at: datetime | None = time()  # of the downtime itself
    ends_at: datetime | None = time()
    shown_from: datetime = time(nullable=False)
    shown_until: datetime = time(nullable=False, index=True)
    created_at: datetime = now()
    created_by: str = Field(max_length=200)
    version: int = 1


class UsageDay(TenantOwned, table=True):
    """The most that was seen on a day (UTC): what is deleted later stays counted."""

    __tablename__ = "usage_day"
    __table_args__ = (UniqueConstraint("tenant_id", "day"),)
    day: str = Field(max_length=10)  # 2026-11-22
    users: int = 0  # enabled, at the same time
    licences: int | None = None
    calls: int = 0
    answered: int = 0
    seconds: int = Field(default=0, sa_column=Column(BigInteger, nullable=False))
