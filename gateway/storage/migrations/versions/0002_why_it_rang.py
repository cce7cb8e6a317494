"""What the journal says beside the kind, and what users want to happen when somebody calls"""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from alembic import op

from gateway.storage.folding import search_name

revision = "0002"
down_revision = "0001"

_TEXTS = (("original_called", 200), ("answered_on", 20), ("answered_by", 200))
_ADDED = (*(name for name, _ in _TEXTS), "forwarded_to", "search_name", "trail")


def _row_level_security(table: str) -> None:
    """A second lock on PostgreSQL: without ``app.tenant`` set, a query sees no row."""
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(
        f"CREATE POLICY tenant_only ON {table} "
        "USING (tenant_id = current_setting('app.tenant', true)) "
        "WITH CHECK (tenant_id = current_setting('app.tenant', true))"
    )


def upgrade() -> None:
    with op.batch_alter_table("journal_entry", schema=None) as batch_op:
        for name, length in (*_TEXTS, ("forwarded_to", 200)):
            batch_op.add_column(sa.Column(name, sa.String(length=length), nullable=True))
        batch_op.add_column(
            sa.Column("search_name", sa.String(length=200), nullable=False, server_default="")
        )
        batch_op.add_column(sa.Column("trail", sa.JSON(), nullable=True))
    with _every_tenants_rows("journal_entry"):
        _make_old_entries_findable()
    op.create_table(
        "routing",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("tenant_id", sa.String(length=36), nullable=False),
        sa.Column("user_id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("apps", sa.String(length=10), nullable=False),
        sa.Column("delay_ms", sa.Integer(), nullable=False),
        sa.Column("auto_answer_device", sa.String(length=36), nullable=True),
        sa.Column("auto_answer_ms", sa.Integer(), nullable=False),
        sa.Column("when_busy", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "user_id"],
            ["user_account.tenant_id", "user_account.id"],
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("tenant_id", "user_id"),
    )
    with op.batch_alter_table("routing", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_routing_tenant_id"), ["tenant_id"], unique=False)
    if op.get_bind().dialect.name == "postgresql":
        _row_level_security("routing")


@contextmanager
def _every_tenants_rows(table: str) -> Iterator[None]:
    """On PostgreSQL the second lock would hide them from this program as well, their owner."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
        yield
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    else:
        yield


def _make_old_entries_findable() -> None:
    entry = sa.table(
        "journal_entry", sa.column("name", sa.String), sa.column("search_name", sa.String)
    )
    connection = op.get_bind()
    names = connection.scalars(sa.select(entry.c.name).where(entry.c.name.is_not(None)).distinct())
    for name in names.all():
        folded = search_name(name)
        connection.execute(sa.update(entry).where(entry.c.name == name).values(search_name=folded))


def downgrade() -> None:
    op.drop_table("routing")
    with op.batch_alter_table("journal_entry", schema=None) as batch_op:
        for name in _ADDED:
            batch_op.drop_column(name)
