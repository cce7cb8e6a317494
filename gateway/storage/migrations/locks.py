"""Row-level security of PostgreSQL: the second lock (the first is ``TenantSession``)."""

from __future__ import annotations

from alembic import op


def lock(*tables: str) -> None:
    """Without ``app.tenant`` set, a query sees no row, not even the table's owner."""
    if op.get_bind().dialect.name != "postgresql":
        return
    for table in tables:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY tenant_only ON {table} "
            "USING (tenant_id = current_setting('app.tenant', true)) "
            "WITH CHECK (tenant_id = current_setting('app.tenant', true))"
        )
