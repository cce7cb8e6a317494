"""Contacts from an LDAP directory and from Microsoft 365"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from gateway.storage.migrations.locks import lock
from gateway.storage.types import UtcDateTime

revision = "0018"
down_revision = "0017"

_TABLES = ("ldap_contacts", "microsoft_contacts", "microsoft_account")


def _text(name: str, length: int) -> sa.Column[Any]:
    return sa.Column(name, sa.String(length=length), nullable=False)


def _sealed(name: str, *, nullable: bool = True) -> sa.Column[Any]:
    return sa.Column(name, sa.LargeBinary(), nullable=nullable)


def _time(name: str, *, nullable: bool = True) -> sa.Column[Any]:
    return sa.Column(name, UtcDateTime(), nullable=nullable)


def _number(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer(), nullable=False)


def _flag(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Boolean(), nullable=False)


def _table(name: str, *parts: sa.Column[Any] | sa.Constraint) -> None:
    op.create_table(
        name,
        _text("id", 36),
        _text("tenant_id", 36),
        *parts,
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(f"ix_{name}_tenant_id", name, ["tenant_id"])


def upgrade() -> None:
    _table(
        "ldap_contacts",
        _text("host", 253),
        _number("port"),
        _text("security", 10),
        _text("ca_pem", 20_000),
        _text("bind_dn", 500),
        _sealed("bind_password"),
        _text("base_dn", 500),
        _text("filter", 500),
        _text("name_attribute", 60),
        _text("company_attribute", 60),
        _text("email_attribute", 60),
        *(
            sa.Column(f"{kind}_attributes", sa.JSON(), nullable=False)
            for kind in ("work", "mobile", "home")
        ),
        _flag("active"),
        _number("version"),
        _text("last_error", 60),
        _time("last_error_at"),
        sa.UniqueConstraint("tenant_id"),
    )
    _table(
        "microsoft_contacts",
        _text("directory_id", 253),
        _text("client_id", 100),
        _sealed("client_secret"),
        _time("secret_expires_at"),
        _flag("private_contacts"),
        _flag("global_contacts"),
        _flag("active"),
        _number("version"),
        _text("last_error", 60),
        _time("last_error_at"),
        sa.UniqueConstraint("tenant_id"),
    )
    _table(
        "microsoft_account",
        _text("user_id", 36),
        _text("account", 320),
        _sealed("refresh_token", nullable=False),
        _time("connected_at", nullable=False),
        _time("lost_at"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "user_id"],
            ["user_account.tenant_id", "user_account.id"],
            ondelete="CASCADE",
        ),
        sa.UniqueConstraint("tenant_id", "user_id"),
    )
    lock(*_TABLES)


def downgrade() -> None:
    for table in reversed(_TABLES):
        op.drop_table(table)
