"""The tables. Every one but the index tables carries ``tenant_id``; references are composite, so
that a row of one tenant cannot point at a row of another even by mistake.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, Index, LargeBinary, UniqueConstraint
from sqlmodel import Field, SQLModel

from gateway.storage.columns import id_, now, ref, time


class Tenant(SQLModel, table=True):
    """A company. ``kind`` platform: the operator's own, of which there is one."""

    __tablename__ = "tenant"
    id: str = id_()
    name: str = Field(max_length=200)
    kind: str = Field(default="customer", max_length=10)
    status: str = Field(default="active", max_length=10)  # invited, active, suspended, deleting
    version: int = 1
    created_at: datetime = now()
    language: str = Field(default="en", max_length=10)
    support_email: str = Field(default="", max_length=254)
    terms_version: str = Field(default="", max_length=20)  # the accepted one
    terms_accepted_at: datetime | None = time()
    terms_accepted_by: str | None = Field(default=None, max_length=36)
    #: Users that may exist; None: as many as there are.
    licences: int | None = None
    #: What differs from the platform's quotas: ``{"calls": 50}``.
    quotas: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    #: Of sign-in: ``{"second_factor": "required"}``.
    policy: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    suspended_at: datetime | None = time()
    suspended_why: str = Field(default="", max_length=500)
    delete_after: datetime | None = time()


class TenantOwned(SQLModel):
    """What every table of a tenant has. ``TenantSession`` refuses models without it."""

    id: str = id_()
    tenant_id: str = Field(max_length=36, index=True, foreign_key="tenant.id")


class Site(TenantOwned, table=True):
    """One PBX."""

    __tablename__ = "site"
    __table_args__ = (UniqueConstraint("tenant_id", "id"),)
    name: str = Field(max_length=200)
    profile: str = Field(max_length=20)
    country: str = Field(max_length=2)
    area_code: str = Field(max_length=10, default="")
    exit_code: str = Field(max_length=5, default="0")
    extension_digits: int = 3
    #: ``[["100", "499"]]``; empty: every number of ``extension_digits`` digits.
    extension_ranges: list[list[str]] = Field(
        default_factory=list, sa_column=Column(JSON, nullable=False)
    )
    trunk_prefix: str = Field(max_length=5, default="0")  # before national numbers, as people write
    #: The site's own block without extension, +498955501 for example: extension 42 is +49895550142.
    number_block: str = Field(max_length=20, default="")
    pbx_release: str = Field(max_length=40, default="")
    channels: int | None = None  # of the SBC or trunk licence
    ip_licences: int | None = None
    version: int = 1
    codecs: str = Field(max_length=200, default="PCMA,PCMU")
    max_connectors: int = 1
    config_version: int = 1


class User(TenantOwned, table=True):
    __tablename__ = "user_account"  # "user" is reserved in PostgreSQL
    __table_args__ = (
        UniqueConstraint("tenant_id", "id"),
        Index("ix_user_account_search", "tenant_id", "search_name"),
        Index("ix_user_account_email", "tenant_id", "email"),
        Index("ix_user_account_external_id", "tenant_id", "external_id"),
        Index("ix_user_account_last_sign_in", "tenant_id", "last_sign_in"),
    )
    email: str = Field(max_length=254)
    name: str = Field(max_length=200)
    search_name: str = Field(max_length=200)
    password_hash: str | None = Field(default=None, max_length=200)
    role: str = Field(max_length=20, default="user")
    disabled: bool = False
    disabled_at: datetime | None = time()
    disabled_why: str = Field(default="", max_length=500)
    version: int = 1
    department: str = Field(default="", max_length=100)
    language: str = Field(default="", max_length=10)
    external_id: str | None = Field(default=None, max_length=200)
    source: str = Field(default="local", max_length=10)
    invited_at: datetime | None = time()
    activated_at: datetime | None = time()
    password_changed_at: datetime | None = time()
    last_sign_in: datetime | None = time()
    settings: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    settings_version: int = 1
    created_at: datetime = now()


class Line(TenantOwned, table=True):
    """A user's extension: the connector registers ``auth_user`` at the PBX for it."""

    __tablename__ = "line"
    __table_args__ = (
        UniqueConstraint("tenant_id", "id"),
        UniqueConstraint("tenant_id", "site_id", "number"),
        UniqueConstraint("tenant_id", "site_id", "line_id"),
        UniqueConstraint("tenant_id", "user_id"),
        ref("site", "site_id"),
        ref("user_account", "user_id", ondelete="CASCADE"),
    )
    site_id: str = Field(max_length=36)
    user_id: str = Field(max_length=36)
    line_id: str = Field(max_length=40)
    device_id: str = Field(max_length=40)  # the client's device at the PBX, e.g. its AOR user
    number: str = Field(max_length=40)
    desk_number: str = Field(max_length=40, default="")
    mailbox_number: str | None = Field(default=None, max_length=40)
    auth_user: str = Field(max_length=80)
    auth_password: bytes = Field(sa_column=Column(LargeBinary, nullable=False))  # sealed


class Connector(TenantOwned, table=True):
    """An installation of the connector at a site, by its instance UUID."""

    __tablename__ = "connector"
    __table_args__ = (
        UniqueConstraint("tenant_id", "id"),
        UniqueConstraint("tenant_id", "site_id", "instance"),
        ref("site", "site_id", ondelete="CASCADE"),
    )
    site_id: str = Field(max_length=36)
    instance: str = Field(max_length=36)
    version: str = Field(max_length=40, default="")
    profile: str = Field(max_length=20, default="")
    last_seen: datetime = now()


class ApiKey(TenantOwned, table=True):
    """``gwc_<key id>_<secret>_<crc32>``; only the SHA-256 of the whole key is kept."""

    __tablename__ = "api_key"
    __table_args__ = (UniqueConstraint("tenant_id", "id"), ref("site", "site_id"))
    site_id: str | None = Field(default=None, max_length=36)  # None: a key of the whole tenant
    key_id: str = Field(max_length=40, unique=True)
    digest: bytes = Field(sa_column=Column(LargeBinary(32), nullable=False))
    scopes: list[str] = Field(
        default_factory=lambda: ["connector"], sa_column=Column(JSON, nullable=False)
    )
    name: str = Field(max_length=100, default="")
    created_by: str = Field(max_length=36, default="")
    #: A regenerated key lives on until then, so that nothing stops meanwhile.
    replaced_by: str | None = Field(default=None, max_length=40)
    created_at: datetime = now()
    expires_at: datetime | None = time()
    last_used: datetime | None = time()
    revoked_at: datetime | None = time()


class Device(TenantOwned, table=True):
    __tablename__ = "device"
    __table_args__ = (
        UniqueConstraint("tenant_id", "id"),
        ref("user_account", "user_id", ondelete="CASCADE"),
    )
    user_id: str = Field(max_length=36, index=True)
    kind: str = Field(max_length=10)
    name: str = Field(max_length=100, default="")
    push: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON, nullable=True))
    created_at: datetime = now()
    last_seen: datetime = now()


class Session(TenantOwned, table=True):
    """A signed-in device. Access tokens and sockets are bound to it."""

    __tablename__ = "session"
    __table_args__ = (
        UniqueConstraint("tenant_id", "id"),
        ref("user_account", "user_id", ondelete="CASCADE"),
        ref("device", "device_id", ondelete="CASCADE"),
    )
    user_id: str = Field(max_length=36, index=True)
    device_id: str = Field(max_length=36)
    created_at: datetime = now()
    #: When the person last proved who they are; dangerous acts want it to be recent.
    proven_at: datetime = now()
    method: str = Field(default="password", max_length=20)
    client_ip: str = Field(default="", max_length=45)
    expires_at: datetime = time(nullable=False)
    revoked_at: datetime | None = time()
    revoked_reason: str | None = Field(default=None, max_length=40)


class RefreshToken(TenantOwned, table=True):
    """One link of a session's chain; ``digest`` is SHA-256, ``used_at`` marks the rotation."""

    __tablename__ = "refresh_token"
    __table_args__ = (
        UniqueConstraint("tenant_id", "id"),
        UniqueConstraint("tenant_id", "digest"),
        ref("session", "session_id", ondelete="CASCADE"),
    )
    session_id: str = Field(max_length=36, index=True)
    digest: bytes = Field(sa_column=Column(LargeBinary(32), nullable=False))
    created_at: datetime = now()
    expires_at: datetime = time(nullable=False)
    used_at: datetime | None = time()


class JournalEntry(TenantOwned, table=True):
    __tablename__ = "journal_entry"
    __table_args__ = (
        UniqueConstraint("tenant_id", "id"),
        UniqueConstraint("tenant_id", "user_id", "call_id"),
        ref("user_account", "user_id", ondelete="CASCADE"),
        Index("ix_journal_entry_page", "tenant_id", "user_id", "id"),
        Index("ix_journal_entry_unread", "tenant_id", "user_id", "unread"),
    )
    user_id: str = Field(max_length=36)
    call_id: str = Field(max_length=36)
    direction: str = Field(max_length=3)
    kind: str = Field(max_length=20)
    reason: str | None = Field(default=None, max_length=30)
    name: str | None = Field(default=None, max_length=200)
    dialled: str = Field(max_length=100)
    canonical: str = Field(max_length=100)
    display: str = Field(max_length=100)
    started_at: datetime = time(nullable=False)
    answered_at: datetime | None = time()
    ended_at: datetime | None = time()
    duration_ms: int = 0
    device_id: str | None = Field(default=None, max_length=36)
    unread: bool = False
    diverted_by: str | None = Field(default=None, max_length=200)
    original_called: str | None = Field(default=None, max_length=200)
    answered_on: str | None = Field(default=None, max_length=20)
    answered_by: str | None = Field(default=None, max_length=200)
    forwarded_to: str | None = Field(default=None, max_length=200)
    search_name: str = Field(default="", max_length=200)
    #: What the PBX calls it, if it was the desk phone's: the call may outlive this process.
    pbx_call: str | None = Field(default=None, max_length=120)
    trail: list[dict[str, Any]] = Field(default_factory=list, sa_column=Column(JSON))


class Routing(TenantOwned, table=True):
    """What a user wants to happen on their own devices when somebody calls."""

    __tablename__ = "routing"
    __table_args__ = (
        UniqueConstraint("tenant_id", "user_id"),
        ref("user_account", "user_id", ondelete="CASCADE"),
    )
    user_id: str = Field(max_length=36)
    version: int = 1
    apps: str = Field(max_length=10, default="now")
    delay_ms: int = 0
    auto_answer_device: str | None = Field(default=None, max_length=36)
    auto_answer_ms: int = 0
    when_busy: str = Field(max_length=20, default="second_call")


class AlternativeNumber(TenantOwned, table=True):
    """Another phone of a user. Whether calls go there the PBX knows."""

    __tablename__ = "alternative_number"
    __table_args__ = (
        UniqueConstraint("tenant_id", "user_id"),
        ref("user_account", "user_id", ondelete="CASCADE"),
    )
    user_id: str = Field(max_length=36)
    dialled: str = Field(max_length=100)
    canonical: str = Field(max_length=100)
    display: str = Field(max_length=100)


class Presence(TenantOwned, table=True):
    """What a user chose of how to be seen. Who never chose anything has no row."""

    __tablename__ = "presence"
    __table_args__ = (
        UniqueConstraint("tenant_id", "user_id"),
        ref("user_account", "user_id", ondelete="CASCADE"),
    )
    user_id: str = Field(max_length=36)
    status: str = Field(max_length=20, default="available")
    status_until: datetime | None = time()
    dnd: bool = False
    dnd_until: datetime | None = time()
    dnd_since: datetime | None = time()
    dnd_by: str = Field(max_length=10, default="user")
    dnd_at_pbx: bool = False
    note: str = Field(max_length=200, default="")
    note_until: datetime | None = time()
    audience: str = Field(max_length=10, default="everyone")
    viewers: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))


class Command(TenantOwned, table=True):
    """Answers of REST commands by ``Idempotency-Key``, so that a repeat has one effect."""

    __tablename__ = "command"
    __table_args__ = (UniqueConstraint("tenant_id", "user_id", "command_id"),)
    user_id: str = Field(max_length=36)
    command_id: str = Field(max_length=64)
    fingerprint: bytes = Field(sa_column=Column(LargeBinary(32), nullable=False))
    status: int = 0
    body: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON, nullable=True))
    created_at: datetime = time(nullable=False, index=True)


class LoginIndex(SQLModel, table=True):
    """Exempt from tenancy: finds the tenant of a sign-in and holds nothing else."""

    __tablename__ = "login_index"
    email_hash: bytes = Field(sa_column=Column(LargeBinary(32), primary_key=True))
    tenant_id: str = Field(max_length=36)
    user_id: str = Field(max_length=36)


class KeyIndex(SQLModel, table=True):
    """Exempt from tenancy: finds the tenant of an API key and holds nothing else."""

    __tablename__ = "key_index"
    key_id: str = Field(primary_key=True, max_length=40)
    tenant_id: str = Field(max_length=36)
    site_id: str | None = Field(default=None, max_length=36)
