"""Address books: a user's own, and one that everybody in the tenant reads."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from gateway.storage.columns import now, ref
from gateway.storage.models import TenantOwned


class Contact(TenantOwned, table=True):
    """``user_id`` None: shared by the whole tenant."""

    __tablename__ = "contact"
    __table_args__ = (
        UniqueConstraint("tenant_id", "id"),
        ref("user_account", "user_id", ondelete="CASCADE"),
        Index("ix_contact_page", "tenant_id", "user_id", "search_name", "id"),
    )
    user_id: str | None = Field(default=None, max_length=36)
    name: str = Field(max_length=200)
    search_name: str = Field(max_length=200)
    company: str = Field(default="", max_length=200)
    email: str = Field(default="", max_length=254)
    note: str = Field(default="", max_length=500)
    version: int = 1
    created_at: datetime = now()
    updated_at: datetime = now()


class ContactNumber(TenantOwned, table=True):
    """One of a contact's numbers, in its three forms."""

    __tablename__ = "contact_number"
    __table_args__ = (
        UniqueConstraint("tenant_id", "id"),
        ref("contact", "contact_id", ondelete="CASCADE"),
        Index("ix_contact_number_canonical", "tenant_id", "canonical"),
    )
    contact_id: str = Field(max_length=36, index=True)
    position: int
    kind: str = Field(max_length=10)  # work, mobile, home, other
    dialled: str = Field(max_length=100)
    canonical: str = Field(max_length=100)
    display: str = Field(max_length=100)
