"""Another phone of a user"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "alternative_number",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("tenant_id", sa.String(length=36), nullable=False),
        sa.Column("user_id", sa.String(length=36), nullable=False),
        sa.Column("dialled", sa.String(length=100), nullable=False),
        sa.Column("canonical", sa.String(length=100), nullable=False),
        sa.Column("display", sa.String(length=100), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "user_id"],
            ["user_account.tenant_id", "user_account.id"],
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("tenant_id", "user_id"),
    )
    with op.batch_alter_table("alternative_number", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_alternative_number_tenant_id"), ["tenant_id"], unique=False
        )
    if op.get_bind().dialect.name == "postgresql":
        # A second lock: without ``app.tenant`` set, a query sees no row.
        op.execute("ALTER TABLE alternative_number ENABLE ROW LEVEL SECURITY")
        op.execute("ALTER TABLE alternative_number FORCE ROW LEVEL SECURITY")
        op.execute(
            "CREATE POLICY tenant_only ON alternative_number "
            "USING (tenant_id = current_setting('app.tenant', true)) "
            "WITH CHECK (tenant_id = current_setting('app.tenant', true))"
        )


def downgrade() -> None:
    op.drop_table("alternative_number")
