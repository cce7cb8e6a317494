"""The life of a tenant, who acts on it, and secrets that are used once"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from gateway.storage.migrations.locks import every_tenants_rows, lock
from gateway.storage.types import UtcDateTime

revision = "0006"
down_revision = "0005"


def _columns(table: str, *columns: sa.Column[Any]) -> None:
    with op.batch_alter_table(table, schema=None) as batch_op:
        for column in columns:
            batch_op.add_column(column)


def _text(name: str, length: int, default: str = "") -> sa.Column[Any]:
    return sa.Column(name, sa.String(length=length), nullable=False, server_default=default)


def _json(name: str, default: str) -> sa.Column[Any]:
    return sa.Column(name, sa.JSON(), nullable=False, server_default=default)


def _number(name: str, default: str | None = None) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer(), nullable=default is None, server_default=default)


def _time(name: str) -> sa.Column[Any]:
    return sa.Column(name, UtcDateTime(), nullable=True)


def upgrade() -> None:
    _columns(
        "tenant",
        _text("kind", 10, "customer"),
        _text("status", 10, "active"),
        _number("version", "1"),
        _text("language", 10, "en"),
        _text("support_email", 254),
        _text("terms_version", 20),
        _time("terms_accepted_at"),
        sa.Column("terms_accepted_by", sa.String(length=36), nullable=True),
        _number("licences"),
        _json("quotas", "{}"),
        _json("policy", "{}"),
        _time("suspended_at"),
        _text("suspended_why", 500),
        _time("delete_after"),
    )
    _columns(
        "user_account",
        _time("disabled_at"),
        _text("disabled_why", 500),
        _number("version", "1"),
        _text("department", 100),
        _text("language", 10),
        sa.Column("external_id", sa.String(length=200), nullable=True),
        _text("source", 10, "local"),
        _time("invited_at"),
        _time("activated_at"),
        _time("password_changed_at"),
        _time("last_sign_in"),
    )
    _columns(
        "site",
        _json("extension_ranges", "[]"),
        _text("trunk_prefix", 5, "0"),
        _text("number_block", 20),
        _text("pbx_release", 40),
        _number("channels"),
        _number("ip_licences"),
        _number("version", "1"),
    )
    _columns("session", _time("proven_at"), _text("method", 20, "password"), _text("client_ip", 45))
    with every_tenants_rows("session"):
        op.execute("UPDATE session SET proven_at = created_at")
    with op.batch_alter_table("session", schema=None) as batch_op:
        batch_op.alter_column("proven_at", existing_type=UtcDateTime(), nullable=False)
    _columns(
        "api_key",
        _json("scopes", '["connector"]'),
        _text("created_by", 36),
        sa.Column("replaced_by", sa.String(length=40), nullable=True),
    )
    with op.batch_alter_table("api_key", schema=None) as batch_op:
        batch_op.alter_column("site_id", existing_type=sa.String(length=36), nullable=True)
        batch_op.drop_column("scope")
    with op.batch_alter_table("key_index", schema=None) as batch_op:
        batch_op.alter_column("site_id", existing_type=sa.String(length=36), nullable=True)
    op.create_table(
        "one_time_token",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("tenant_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("user_id", sa.String(length=36), nullable=True),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("used_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"]),
        sa.ForeignKeyConstraint(
            ["tenant_id", "user_id"],
            ["user_account.tenant_id", "user_account.id"],
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("tenant_id", "id"),
        sa.UniqueConstraint("tenant_id", "digest"),
    )
    for column in ("tenant_id", "user_id", "expires_at"):
        op.create_index(f"ix_one_time_token_{column}", "one_time_token", [column])
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("tenant_id", sa.String(length=36), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("actor_kind", sa.String(length=10), nullable=False),
        sa.Column("actor_id", sa.String(length=40), nullable=False),
        sa.Column("actor_name", sa.String(length=200), nullable=False),
        sa.Column("client_ip", sa.String(length=45), nullable=True),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("target", sa.String(length=30), nullable=False),
        sa.Column("target_id", sa.String(length=64), nullable=False),
        sa.Column("target_name", sa.String(length=200), nullable=False),
        sa.Column("before", sa.JSON(), nullable=True),
        sa.Column("after", sa.JSON(), nullable=True),
        sa.Column("why", sa.String(length=500), nullable=False),
        sa.Column("previous", sa.LargeBinary(length=32), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("tenant_id", "number"),
    )
    op.create_index("ix_audit_entry_tenant_id", "audit_entry", ["tenant_id"])
    op.create_index("ix_audit_entry_target", "audit_entry", ["tenant_id", "target", "target_id"])
    lock("one_time_token", "audit_entry")


def downgrade() -> None:
    op.drop_table("audit_entry")
    op.drop_table("one_time_token")
    # A key of the whole tenant has no place in the older tables.
    op.execute("DELETE FROM key_index WHERE site_id IS NULL")
    with every_tenants_rows("api_key"):
        op.execute("DELETE FROM api_key WHERE site_id IS NULL")
    with op.batch_alter_table("key_index", schema=None) as batch_op:
        batch_op.alter_column("site_id", existing_type=sa.String(length=36), nullable=False)
    with op.batch_alter_table("api_key", schema=None) as batch_op:
        batch_op.alter_column("site_id", existing_type=sa.String(length=36), nullable=False)
        batch_op.add_column(
            sa.Column("scope", sa.String(length=20), nullable=False, server_default="connector")
        )
    _drop("api_key", "replaced_by", "created_by", "scopes")
    _drop("session", "client_ip", "method", "proven_at")
    _drop(
        "site",
        "version",
        "ip_licences",
        "channels",
        "pbx_release",
        "number_block",
        "trunk_prefix",
        "extension_ranges",
    )
    _drop(
        "user_account",
        "last_sign_in",
        "password_changed_at",
        "activated_at",
        "invited_at",
        "source",
        "external_id",
        "language",
        "department",
        "version",
        "disabled_why",
        "disabled_at",
    )
    _drop(
        "tenant",
        "delete_after",
        "suspended_why",
        "suspended_at",
        "policy",
        "quotas",
        "licences",
        "terms_accepted_by",
        "terms_accepted_at",
        "terms_version",
        "support_email",
        "language",
        "version",
        "status",
        "kind",
    )


def _drop(table: str, *names: str) -> None:
    with op.batch_alter_table(table, schema=None) as batch_op:
        for name in names:
            batch_op.drop_column(name)
