"""What else than a password proves who somebody is."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Column, LargeBinary, UniqueConstraint
from sqlmodel import Field

from gateway.storage.columns import now, ref, time
from gateway.storage.models import TenantOwned


class Totp(TenantOwned, table=True):
    """An authenticator app's secret (RFC 6238), sealed. Counts once ``confirmed_at`` is there."""

    __tablename__ = "totp"
    __table_args__ = (
        UniqueConstraint("tenant_id", "user_id"),
        ref("user_account", "user_id", ondelete="CASCADE"),
    )
    user_id: str = Field(max_length=36)
    secret: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    created_at: datetime = now()
    confirmed_at: datetime | None = time()
    #: The newest time step whose code was used: none up to it counts again (section 5.2).
    last_step: int = 0


class RecoveryCode(TenantOwned, table=True):
    """80 random bits each, so SHA-256 is enough; gone when used."""

    __tablename__ = "recovery_code"
    __table_args__ = (
        UniqueConstraint("tenant_id", "user_id", "digest"),
        ref("user_account", "user_id", ondelete="CASCADE"),
    )
    user_id: str = Field(max_length=36, index=True)
    digest: bytes = Field(sa_column=Column(LargeBinary(32), nullable=False))


class Passkey(TenantOwned, table=True):
    """A discoverable credential (WebAuthn); its user handle names tenant and user."""

    __tablename__ = "passkey"
    __table_args__ = (
        UniqueConstraint("tenant_id", "id"),
        UniqueConstraint("tenant_id", "credential_id"),
        ref("user_account", "user_id", ondelete="CASCADE"),
    )
    user_id: str = Field(max_length=36, index=True)
    credential_id: bytes = Field(sa_column=Column(LargeBinary(1023), nullable=False))
    public_key: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    #: Up to 2**32 - 1 (WebAuthn section 6.1).
    sign_count: int = Field(default=0, sa_type=BigInteger)
    name: str = Field(default="", max_length=100)
    #: Kept by its maker's cloud for all devices of the person.
    synced: bool = False
    created_at: datetime = now()
    last_used: datetime | None = time()


class FailedProof(TenantOwned, table=True):
    """Wrong passwords and codes of late for one account from one place: outlives a restart."""

    __tablename__ = "failed_proof"
    __table_args__ = (
        UniqueConstraint("tenant_id", "user_id", "origin"),
        ref("user_account", "user_id", ondelete="CASCADE"),
    )
    user_id: str = Field(max_length=36)
    origin: str = Field(max_length=50)  # an address or network; "*": from anywhere
    failures: int = 0
    last_at: datetime = now()
