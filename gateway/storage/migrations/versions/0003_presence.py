"""How users want to be seen"""

import sqlalchemy as sa
from alembic import op

from gateway.storage.types import UtcDateTime

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "presence",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("tenant_id", sa.String(length=36), nullable=False),
        sa.Column("user_id", sa.String(length=36), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("status_until", UtcDateTime(), nullable=True),
        sa.Column("dnd", sa.Boolean(), nullable=False),
        sa.Column("dnd_until", UtcDateTime(), nullable=True),
        sa.Column("dnd_since", UtcDateTime(), nullable=True),
        sa.Column("dnd_by", sa.String(length=10), nullable=False),
        sa.Column("dnd_at_pbx", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("note_until", UtcDateTime(), nullable=True),
        sa.Column("audience", sa.String(length=10), nullable=False),
        sa.Column("viewers", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "user_id"],
            ["user_account.tenant_id", "user_account.id"],
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("tenant_id", "user_id"),
    )
    with op.batch_alter_table("presence", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_presence_tenant_id"), ["tenant_id"], unique=False)
    if op.get_bind().dialect.name == "postgresql":
        # A second lock: without ``app.tenant`` set, a query sees no row.
        op.execute("ALTER TABLE presence ENABLE ROW LEVEL SECURITY")
        op.execute("ALTER TABLE presence FORCE ROW LEVEL SECURITY")
        op.execute(
            "CREATE POLICY tenant_only ON presence "
            "USING (tenant_id = current_setting('app.tenant', true)) "
            "WITH CHECK (tenant_id = current_setting('app.tenant', true))"
        )


def downgrade() -> None:
    op.drop_table("presence")
