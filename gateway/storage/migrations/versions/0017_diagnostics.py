"""Diagnostics that people send"""

import sqlalchemy as sa
from alembic import op

from gateway.storage.migrations.locks import lock
from gateway.storage.types import UtcDateTime

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    op.create_table(
        "diagnostics_bundle",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("tenant_id", sa.String(length=36), nullable=False),
        sa.Column("user_id", sa.String(length=36), nullable=False),
        sa.Column("source", sa.String(length=10), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("redacted", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"]),
        sa.ForeignKeyConstraint(
            ["tenant_id", "user_id"],
            ["user_account.tenant_id", "user_account.id"],
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("tenant_id", "id"),
    )
    op.create_index("ix_diagnostics_bundle_tenant_id", "diagnostics_bundle", ["tenant_id"])
    op.create_index("ix_diagnostics_bundle_user_id", "diagnostics_bundle", ["user_id"])
    lock("diagnostics_bundle")


def downgrade() -> None:
    op.drop_table("diagnostics_bundle")
