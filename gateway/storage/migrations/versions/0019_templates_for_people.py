"""Templates for new people"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from gateway.storage.migrations.locks import lock
from gateway.storage.types import UtcDateTime

revision = "0019"
down_revision = "0018"


def _text(name: str, length: int) -> sa.Column[Any]:
    return sa.Column(name, sa.String(length=length), nullable=False)


def upgrade() -> None:
    op.create_table(
        "people_template",
        _text("id", 36),
        _text("tenant_id", 36),
        _text("name", 100),
        sa.Column("is_default", sa.Boolean(), nullable=False),
        _text("role", 20),
        _text("department", 100),
        _text("language", 10),
        sa.Column("site_id", sa.String(length=36), nullable=True),
        _text("first_number", 15),
        _text("last_number", 15),
        _text("desk_number", 40),
        _text("device_id", 40),
        _text("mailbox_number", 40),
        _text("auth_user", 80),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"]),
        sa.ForeignKeyConstraint(["tenant_id", "site_id"], ["site.tenant_id", "site.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("tenant_id", "id"),
        sa.UniqueConstraint("tenant_id", "name"),
    )
    op.create_index("ix_people_template_tenant_id", "people_template", ["tenant_id"])
    lock("people_template")


def downgrade() -> None:
    op.drop_table("people_template")
