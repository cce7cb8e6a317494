"""The two roles on PostgreSQL: one owns the tables, the other one works with their rows.

A role that owns nothing can neither switch row-level security off nor change what was audited.
"""

from __future__ import annotations

import structlog
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

log = structlog.get_logger(__name__)

#: Tables of which the working role may do less than read, add, change and remove rows.
_LESS = {
    "audit_entry": "UPDATE",  # written once
    "alembic_version": "INSERT, UPDATE, DELETE",  # the owner's
}


class UnsafeRole(Exception):
    """The gateway will not work as this role."""


async def grant(owner: AsyncEngine, role: str) -> None:
    """What ``role`` may do with the tables there are now; the same again changes nothing."""
    name = owner.dialect.identifier_preparer.quote(role)
    async with owner.begin() as connection:
        await one_at_a_time(connection)
        await connection.execute(
            text(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {name}")
        )
        for table, rights in _LESS.items():
            await connection.execute(text(f"REVOKE {rights} ON {table} FROM {name}"))


async def check(engine: AsyncEngine) -> None:
    """Refuses a role that row-level security does not hold; warns of one that could end it."""
    if engine.dialect.name != "postgresql":
        return
    async with engine.connect() as connection:
        unbound, owns = (
            await connection.execute(
                text(
                    "SELECT (rolsuper OR rolbypassrls), EXISTS ("
                    " SELECT FROM pg_class WHERE relowner = r.oid AND relname = 'tenant')"
                    " FROM pg_roles r WHERE rolname = current_user"
                )
            )
        ).one()
    if unbound:
        raise UnsafeRole(
            "database_url: this role passes row-level security (SUPERUSER or BYPASSRLS); "
            "see infra/postgresql/set-up.sql"
        )
    if owns:
        log.warning("storage.role_owns_its_tables", advice="set database_owner_url")


async def one_at_a_time(connection: AsyncConnection) -> None:
    """Until the end of the transaction: gateways that start together change tables in turn."""
    await connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('offhook tables'))"))
