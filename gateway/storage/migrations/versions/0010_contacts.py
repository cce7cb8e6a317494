"""Contacts and where they come from"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from gateway.storage.migrations.locks import lock
from gateway.storage.types import UtcDateTime

revision = "0010"
down_revision = "0009"


def _text(name: str, length: int, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.String(length=length), nullable=nullable)


def upgrade() -> None:
    op.create_table(
        "contact",
        _text("id", 36),
        _text("tenant_id", 36),
        _text("user_id", 36, nullable=True),
        _text("name", 200),
        _text("search_name", 200),
        _text("company", 200),
        _text("email", 254),
        _text("note", 500),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"]),
        sa.ForeignKeyConstraint(
            ["tenant_id", "user_id"],
            ["user_account.tenant_id", "user_account.id"],
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("tenant_id", "id"),
    )
    op.create_index("ix_contact_tenant_id", "contact", ["tenant_id"])
    op.create_index("ix_contact_page", "contact", ["tenant_id", "user_id", "search_name", "id"])
    op.create_table(
        "contact_number",
        _text("id", 36),
        _text("tenant_id", 36),
        _text("contact_id", 36),
        sa.Column("position", sa.Integer(), nullable=False),
        _text("kind", 10),
        _text("dialled", 100),
        _text("canonical", 100),
        _text("display", 100),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"]),
        sa.ForeignKeyConstraint(
            ["tenant_id", "contact_id"], ["contact.tenant_id", "contact.id"], ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("tenant_id", "id"),
    )
    op.create_index("ix_contact_number_tenant_id", "contact_number", ["tenant_id"])
    op.create_index("ix_contact_number_contact_id", "contact_number", ["contact_id"])
    op.create_index("ix_contact_number_canonical", "contact_number", ["tenant_id", "canonical"])
    lock("contact", "contact_number")


def downgrade() -> None:
    op.drop_table("contact_number")
    op.drop_table("contact")
