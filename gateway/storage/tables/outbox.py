"""What is to leave by mail or webhook, written in the transaction of the act that caused it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, Index, LargeBinary, UniqueConstraint
from sqlmodel import Field

from gateway.storage.columns import now, ref, time
from gateway.storage.models import TenantOwned

#: Kinds of letters: those that somebody waits for, and those of which there may be thousands.
MAIL, BULK_MAIL = "mail", "mail_bulk"
LETTERS = (MAIL, BULK_MAIL)


class OutboxItem(TenantOwned, table=True):
    """``state``: pending, done or dead. A claim moves ``due_at`` to the end of its lease and counts
    ``attempts`` up, so that no two nodes deliver at one time and a node's death costs one lease.
    """

    __tablename__ = "outbox_item"
    __table_args__ = (
        UniqueConstraint("tenant_id", "id"),
        ref("user_account", "user_id", ondelete="CASCADE"),
        Index("ix_outbox_item_due", "tenant_id", "state", "due_at"),
        Index("ix_outbox_item_target", "tenant_id", "target_id", "id"),
    )
    kind: str = Field(max_length=30)
    #: The user whom it is about, if any; it goes with them.
    user_id: str | None = Field(default=None, max_length=36, index=True)
    #: What it goes to, where that is a thing of its own (a webhook): it goes with it.
    target_id: str | None = Field(default=None, max_length=36)
    payload: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    #: Sealed; wiped as soon as it has been delivered or given up.
    secret: bytes | None = Field(default=None, sa_column=Column(LargeBinary, nullable=True))
    state: str = Field(default="pending", max_length=10)
    attempts: int = 0
    due_at: datetime = now()
    created_at: datetime = now()
    expires_at: datetime = time(nullable=False)
    settled_at: datetime | None = time()
    error: str = Field(default="", max_length=500)
