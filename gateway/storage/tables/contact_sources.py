"""Where contacts come from that are kept elsewhere: the company's LDAP directory, Microsoft 365."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, LargeBinary, UniqueConstraint
from sqlmodel import Field

from gateway.storage.columns import now, ref, time
from gateway.storage.models import TenantOwned


def _list() -> Any:
    return Field(default_factory=list, sa_column=Column(JSON, nullable=False))


def _sealed() -> Any:
    return Field(default=None, sa_column=Column(LargeBinary, nullable=True))


class LdapContacts(TenantOwned, table=True):
    """A tenant's LDAP directory, asked for contacts."""

    __tablename__ = "ldap_contacts"
    __table_args__ = (UniqueConstraint("tenant_id"),)
    host: str = Field(max_length=253)
    port: int
    security: str = Field(max_length=10)  # starttls, ldaps
    ca_pem: str = Field(default="", max_length=20_000)
    bind_dn: str = Field(default="", max_length=500)
    bind_password: bytes | None = _sealed()
    base_dn: str = Field(default="", max_length=500)
    filter: str = Field(max_length=500)
    name_attribute: str = Field(max_length=60)
    company_attribute: str = Field(default="", max_length=60)
    email_attribute: str = Field(default="", max_length=60)
    work_attributes: list[str] = _list()
    mobile_attributes: list[str] = _list()
    home_attributes: list[str] = _list()
    active: bool = False
    version: int = 1
    last_error: str = Field(default="", max_length=60)
    last_error_at: datetime | None = time()


class MicrosoftContacts(TenantOwned, table=True):
    """The tenant's application at Microsoft, by which its users let their contacts be read."""

    __tablename__ = "microsoft_contacts"
    __table_args__ = (UniqueConstraint("tenant_id"),)
    directory_id: str = Field(max_length=253)
    client_id: str = Field(max_length=100)
    client_secret: bytes | None = _sealed()
    #: As Microsoft told the administrator: nobody can be asked for it.
    secret_expires_at: datetime | None = time()
    private_contacts: bool = True
    global_contacts: bool = True
    active: bool = False
    version: int = 1
    last_error: str = Field(default="", max_length=60)
    last_error_at: datetime | None = time()


class MicrosoftAccount(TenantOwned, table=True):
    """What a user agreed to; a new row, with a new id, each time."""

    __tablename__ = "microsoft_account"
    __table_args__ = (
        UniqueConstraint("tenant_id", "user_id"),
        ref("user_account", "user_id", ondelete="CASCADE"),
    )
    user_id: str = Field(max_length=36)
    account: str = Field(default="", max_length=320)
    refresh_token: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    connected_at: datetime = now()
    #: Microsoft takes the token no more: the user must sign in again.
    lost_at: datetime | None = time()
