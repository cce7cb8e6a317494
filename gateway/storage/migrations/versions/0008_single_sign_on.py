"""Single sign-on and directories"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from gateway.storage.migrations.locks import lock, lock_index
from gateway.storage.types import UtcDateTime

revision = "0008"
down_revision = "0007"

_OWNED = (
    "sso_connection",
    "sso_identity",
    "sign_in_domain",
    "directory_sign_in",
    "scim_settings",
    "scim_user",
    "scim_group",
    "scim_member",
)


def _text(name: str, length: int, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.String(length=length), nullable=nullable)


def _time(name: str, *, nullable: bool = True) -> sa.Column[Any]:
    return sa.Column(name, UtcDateTime(), nullable=nullable)


def _number(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer(), nullable=False)


def _flag(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Boolean(), nullable=False)


def _json(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.JSON(), nullable=nullable)


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


def _ref(table: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["tenant_id", column], [f"{table}.tenant_id", f"{table}.id"], ondelete="CASCADE"
    )


def upgrade() -> None:
    _sign_on()
    _directory()
    _scim()
    op.create_table(
        "sso_index",
        _text("domain", 253),
        _text("tenant_id", 36),
        _text("connection_id", 36, nullable=True),
        sa.PrimaryKeyConstraint("domain"),
    )
    lock(*_OWNED)
    lock_index("sso_index")


def _sign_on() -> None:
    _table(
        "sso_connection",
        _text("name", 100),
        _text("issuer", 500),
        _text("client_id", 200),
        sa.Column("client_secret", sa.LargeBinary(), nullable=True),
        _time("secret_expires_at"),
        _text("scopes", 200),
        _text("groups_claim", 60),
        _json("role_by_group"),
        _flag("create_users"),
        _flag("active"),
        _number("version"),
        _time("created_at", nullable=False),
        _time("last_sign_in"),
        _text("last_error", 60),
        _time("last_error_at"),
        _json("last_test", nullable=True),
        sa.UniqueConstraint("tenant_id", "id"),
    )
    _table(
        "sso_identity",
        _text("connection_id", 36),
        _text("user_id", 36),
        _text("subject", 255),
        _time("created_at", nullable=False),
        _ref("sso_connection", "connection_id"),
        _ref("user_account", "user_id"),
        sa.UniqueConstraint("tenant_id", "connection_id", "subject"),
        sa.UniqueConstraint("tenant_id", "connection_id", "user_id"),
    )
    _table(
        "sign_in_domain",
        _text("domain", 253),
        _text("connection_id", 36, nullable=True),
        _text("challenge", 64),
        _time("proven_at"),
        _text("proven_by", 10),
        _time("created_at", nullable=False),
        _ref("sso_connection", "connection_id"),
        sa.UniqueConstraint("tenant_id", "id"),
        sa.UniqueConstraint("tenant_id", "domain"),
    )
    op.create_index("ix_sign_in_domain_connection_id", "sign_in_domain", ["connection_id"])


def _directory() -> None:
    _table(
        "directory_sign_in",
        _text("host", 253),
        _number("port"),
        _text("security", 10),
        _text("ca_pem", 20_000),
        _text("method", 10),
        _text("user_dn", 500),
        _text("base_dn", 500),
        _text("user_filter", 500),
        _text("bind_dn", 500),
        sa.Column("bind_password", sa.LargeBinary(), nullable=True),
        _text("email_attribute", 60),
        _text("name_attribute", 60),
        _text("group_attribute", 60),
        _json("role_by_group"),
        _flag("create_users"),
        _flag("active"),
        _number("version"),
        _time("last_sign_in"),
        _text("last_error", 60),
        _time("last_error_at"),
        sa.UniqueConstraint("tenant_id"),
    )


def _scim() -> None:
    _table(
        "scim_settings",
        _json("role_by_group"),
        _number("version"),
        _time("last_request"),
        sa.UniqueConstraint("tenant_id"),
    )
    _table(
        "scim_user",
        _text("user_id", 36),
        _text("user_name", 254),
        _json("data"),
        _time("changed_at", nullable=False),
        _ref("user_account", "user_id"),
        sa.UniqueConstraint("tenant_id", "user_id"),
        sa.UniqueConstraint("tenant_id", "user_name"),
    )
    _table(
        "scim_group",
        _text("display_name", 200),
        _text("external_id", 200, nullable=True),
        _time("created_at", nullable=False),
        _time("changed_at", nullable=False),
        sa.UniqueConstraint("tenant_id", "id"),
    )
    _table(
        "scim_member",
        _text("group_id", 36),
        _text("user_id", 36),
        _ref("scim_group", "group_id"),
        _ref("user_account", "user_id"),
        sa.UniqueConstraint("tenant_id", "group_id", "user_id"),
    )
    op.create_index("ix_scim_member_user_id", "scim_member", ["user_id"])


def downgrade() -> None:
    op.drop_table("sso_index")
    for table in reversed(_OWNED):
        op.drop_table(table)
