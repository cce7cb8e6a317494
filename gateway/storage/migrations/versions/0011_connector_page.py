"""What the connector page shows"""

import sqlalchemy as sa
from alembic import op

from gateway.storage.migrations.locks import lock
from gateway.storage.types import UtcDateTime

revision = "0011"
down_revision = "0010"


def _of_site() -> tuple[sa.Constraint, ...]:
    return (
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"]),
        sa.ForeignKeyConstraint(
            ["tenant_id", "site_id"], ["site.tenant_id", "site.id"], ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id"),
    )


def upgrade() -> None:
    op.create_table(
        "link_trouble",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("tenant_id", sa.String(length=36), nullable=False),
        sa.Column("site_id", sa.String(length=36), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("layer", sa.String(length=20), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("detail", sa.String(length=200), nullable=False),
        *_of_site(),
    )
    op.create_index("ix_link_trouble_tenant_id", "link_trouble", ["tenant_id"])
    op.create_index("ix_link_trouble_site", "link_trouble", ["tenant_id", "site_id", "id"])
    op.create_table(
        "link_alarm",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("tenant_id", sa.String(length=36), nullable=False),
        sa.Column("site_id", sa.String(length=36), nullable=False),
        sa.Column("down_since", UtcDateTime(), nullable=False),
        sa.Column("mailed_at", UtcDateTime(), nullable=True),
        *_of_site(),
        sa.UniqueConstraint("tenant_id", "site_id"),
    )
    op.create_index("ix_link_alarm_tenant_id", "link_alarm", ["tenant_id"])
    op.create_table(
        "call_proof",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("tenant_id", sa.String(length=36), nullable=False),
        sa.Column("site_id", sa.String(length=36), nullable=False),
        sa.Column("by_id", sa.String(length=40), nullable=False),
        sa.Column("from_line", sa.String(length=40), nullable=False),
        sa.Column("to_number", sa.String(length=100), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("steps", sa.JSON(), nullable=False),
        sa.Column("pbx_release", sa.String(length=40), nullable=False),
        sa.Column("connector_version", sa.String(length=64), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        *_of_site(),
    )
    op.create_index("ix_call_proof_tenant_id", "call_proof", ["tenant_id"])
    op.create_index("ix_call_proof_site", "call_proof", ["tenant_id", "site_id", "id"])
    lock("link_trouble", "link_alarm", "call_proof")


def downgrade() -> None:
    op.drop_table("call_proof")
    op.drop_table("link_alarm")
    op.drop_table("link_trouble")
