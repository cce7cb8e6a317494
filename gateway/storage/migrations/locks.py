"""Row-level security of PostgreSQL: the second lock (the first is ``TenantSession``).

Every transaction says whom it works for in ``app.tenant``: a tenant's id, or ``*`` for the index
session, which no row of a tenant answers to. Nothing said, nothing seen.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from alembic import op

CURRENT = "current_setting('app.tenant', true)"
_OWN = f"tenant_id = {CURRENT}"


def is_postgresql() -> bool:
    name: str = op.get_bind().dialect.name
    return name == "postgresql"


def force(*tables: str) -> None:
    """Without ``app.tenant`` set, a query sees no row, not even the table's owner."""
    for table in tables:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")


def unlock(*tables: str) -> None:
    for table in tables:
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")


def policy(
    table: str, name: str, command: str, using: str | None, check: str | None = None
) -> None:
    """``using``: which rows are there; ``check``: which ones may be written."""
    text = f"CREATE POLICY {name} ON {table} FOR {command}"
    text += f" USING ({using})" if using else ""
    op.execute(text + (f" WITH CHECK ({check})" if check else ""))


def lock(*tables: str) -> None:
    """Rows of a tenant are there for its own sessions only."""
    if not is_postgresql():
        return
    force(*tables)
    for table in tables:
        policy(table, "tenant_only", "ALL", _OWN, _OWN)


def lock_index(*tables: str) -> None:
    """What finds a tenant can be read before the tenant is known; only itself may write it."""
    if not is_postgresql():
        return
    force(*tables)
    for table in tables:
        policy(table, "anyone_reads", "SELECT", "true")
        policy(table, "tenant_adds", "INSERT", None, _OWN)
        policy(table, "tenant_changes", "UPDATE", _OWN, _OWN)
        policy(table, "tenant_removes", "DELETE", _OWN)


@contextmanager
def every_tenants_rows(*tables: str) -> Iterator[None]:
    """For changes of data: the second lock would hide the rows from their owner as well."""
    if not is_postgresql():
        yield
        return
    for table in tables:
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    yield
    for table in tables:
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
