"""Imports of people, and what the list of people is sorted by"""

import sqlalchemy as sa
from alembic import op

from gateway.storage.migrations.locks import lock
from gateway.storage.types import UtcDateTime

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.create_table(
        "people_import",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("tenant_id", sa.String(length=36), nullable=False),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("format", sa.String(length=10), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("reading", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("created_by", sa.String(length=200), nullable=False),
        sa.Column("principal", sa.JSON(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("applied_at", UtcDateTime(), nullable=True),
        sa.Column("undone_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("tenant_id", "id"),
    )
    op.create_index("ix_people_import_tenant_id", "people_import", ["tenant_id"])
    op.create_table(
        "people_import_row",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("tenant_id", sa.String(length=36), nullable=False),
        sa.Column("import_id", sa.String(length=36), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("action", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("user_id", sa.String(length=36), nullable=True),
        sa.Column("wish", sa.JSON(), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=True),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("faults", sa.JSON(), nullable=False),
        sa.Column("warnings", sa.JSON(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=True),
        sa.Column("version_after", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"]),
        sa.ForeignKeyConstraint(
            ["tenant_id", "import_id"],
            ["people_import.tenant_id", "people_import.id"],
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("tenant_id", "import_id", "number"),
    )
    op.create_index("ix_people_import_row_tenant_id", "people_import_row", ["tenant_id"])
    op.create_index("ix_people_import_row_user_id", "people_import_row", ["user_id"])
    op.create_index(
        "ix_people_import_row_state",
        "people_import_row",
        ["tenant_id", "import_id", "state", "number"],
    )
    op.create_index("ix_user_account_email", "user_account", ["tenant_id", "email"])
    op.create_index("ix_user_account_external_id", "user_account", ["tenant_id", "external_id"])
    op.create_index("ix_user_account_last_sign_in", "user_account", ["tenant_id", "last_sign_in"])
    lock("people_import", "people_import_row")


def downgrade() -> None:
    op.drop_index("ix_user_account_last_sign_in", "user_account")
    op.drop_index("ix_user_account_external_id", "user_account")
    op.drop_index("ix_user_account_email", "user_account")
    op.drop_table("people_import_row")
    op.drop_table("people_import")
