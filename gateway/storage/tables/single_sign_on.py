"""Signing in elsewhere: identity providers, a company's directory, and who comes by SCIM."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, LargeBinary, UniqueConstraint
from sqlmodel import Field, SQLModel

from gateway.storage.columns import now, ref, time
from gateway.storage.models import TenantOwned


def _object() -> Any:
    return Field(default_factory=dict, sa_column=Column(JSON, nullable=False))


class SsoConnection(TenantOwned, table=True):
    """An OpenID provider of the tenant."""

    __tablename__ = "sso_connection"
    __table_args__ = (UniqueConstraint("tenant_id", "id"),)
    name: str = Field(max_length=100)
    issuer: str = Field(max_length=500)
    client_id: str = Field(max_length=200)
    #: Sealed; None: a public client, PKCE alone.
    client_secret: bytes | None = Field(default=None, sa_column=Column(LargeBinary, nullable=True))
    #: As the provider told the administrator: nobody can be asked for it.
    secret_expires_at: datetime | None = time()
    scopes: str = Field(default="openid email profile", max_length=200)
    groups_claim: str = Field(default="groups", max_length=60)
    role_by_group: dict[str, str] = _object()
    create_users: bool = True
    active: bool = False
    version: int = 1
    created_at: datetime = now()
    last_sign_in: datetime | None = time()
    last_error: str = Field(default="", max_length=60)
    last_error_at: datetime | None = time()
    last_test: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON, nullable=True))


class SsoIdentity(TenantOwned, table=True):
    """Which account at the provider a user is: addresses are given to others, subjects never."""

    __tablename__ = "sso_identity"
    __table_args__ = (
        UniqueConstraint("tenant_id", "connection_id", "subject"),
        UniqueConstraint("tenant_id", "connection_id", "user_id"),
        ref("sso_connection", "connection_id", ondelete="CASCADE"),
        ref("user_account", "user_id", ondelete="CASCADE"),
    )
    connection_id: str = Field(max_length=36)
    user_id: str = Field(max_length=36)
    subject: str = Field(max_length=255)
    created_at: datetime = now()


class SignInDomain(TenantOwned, table=True):
    """A domain of e-mail addresses that the tenant says is its own; ``proven_at``: it is.

    ``connection_id`` None: of the directory.
    """

    __tablename__ = "sign_in_domain"
    __table_args__ = (
        UniqueConstraint("tenant_id", "id"),
        UniqueConstraint("tenant_id", "domain"),
        ref("sso_connection", "connection_id", ondelete="CASCADE"),
    )
    domain: str = Field(max_length=253)
    connection_id: str | None = Field(default=None, max_length=36, index=True)
    challenge: str = Field(max_length=64)
    proven_at: datetime | None = time()
    proven_by: str = Field(default="", max_length=10)  # dns, operator
    #: When the record was last looked for, and since when it is not there any more.
    checked_at: datetime | None = time()
    missing_since: datetime | None = time()
    created_at: datetime = now()


class DirectorySignIn(TenantOwned, table=True):
    """A tenant's LDAP directory."""

    __tablename__ = "directory_sign_in"
    __table_args__ = (UniqueConstraint("tenant_id"),)
    host: str = Field(max_length=253)
    port: int
    security: str = Field(max_length=10)  # starttls, ldaps
    ca_pem: str = Field(default="", max_length=20_000)
    method: str = Field(max_length=10)  # search, bind
    user_dn: str = Field(default="", max_length=500)  # of bind: "uid={user},ou=people,dc=..."
    base_dn: str = Field(default="", max_length=500)
    user_filter: str = Field(default="(mail={email})", max_length=500)
    bind_dn: str = Field(default="", max_length=500)
    bind_password: bytes | None = Field(default=None, sa_column=Column(LargeBinary, nullable=True))
    email_attribute: str = Field(default="mail", max_length=60)
    name_attribute: str = Field(default="cn", max_length=60)
    group_attribute: str = Field(default="memberOf", max_length=60)
    role_by_group: dict[str, str] = _object()
    create_users: bool = True
    active: bool = False
    version: int = 1
    last_sign_in: datetime | None = time()
    last_error: str = Field(default="", max_length=60)
    last_error_at: datetime | None = time()


class ScimSettings(TenantOwned, table=True):
    __tablename__ = "scim_settings"
    __table_args__ = (UniqueConstraint("tenant_id"),)
    role_by_group: dict[str, str] = _object()
    version: int = 1
    last_request: datetime | None = time()


class ScimUser(TenantOwned, table=True):
    """What SCIM said of a user and nobody else keeps: ``data`` is its resource as it came."""

    __tablename__ = "scim_user"
    __table_args__ = (
        UniqueConstraint("tenant_id", "user_id"),
        UniqueConstraint("tenant_id", "user_name"),
        ref("user_account", "user_id", ondelete="CASCADE"),
    )
    user_id: str = Field(max_length=36)
    user_name: str = Field(max_length=254)  # folded: it has no case
    data: dict[str, Any] = _object()
    changed_at: datetime = now()


class ScimGroup(TenantOwned, table=True):
    __tablename__ = "scim_group"
    __table_args__ = (UniqueConstraint("tenant_id", "id"),)
    display_name: str = Field(max_length=200)
    external_id: str | None = Field(default=None, max_length=200)
    created_at: datetime = now()
    changed_at: datetime = now()


class ScimMember(TenantOwned, table=True):
    __tablename__ = "scim_member"
    __table_args__ = (
        UniqueConstraint("tenant_id", "group_id", "user_id"),
        ref("scim_group", "group_id", ondelete="CASCADE"),
        ref("user_account", "user_id", ondelete="CASCADE"),
    )
    group_id: str = Field(max_length=36)
    user_id: str = Field(max_length=36, index=True)


class SsoIndex(SQLModel, table=True):
    """Exempt from tenancy: finds who signs in a domain's people, once the domain is proven."""

    __tablename__ = "sso_index"
    domain: str = Field(primary_key=True, max_length=253)
    tenant_id: str = Field(max_length=36)
    connection_id: str | None = Field(default=None, max_length=36)
