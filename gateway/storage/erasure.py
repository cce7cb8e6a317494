"""Every row of a tenant goes, what refers to others first, and it is proved that none is left."""

from __future__ import annotations

from sqlalchemy import Table
from sqlmodel import SQLModel

from gateway.storage import tables
from gateway.storage.storage import Storage

assert tables  # all of them are registered


class NotErased(Exception):
    """Rows are left: somebody wrote meanwhile. It is tried again."""


def tables_of_tenants() -> list[Table]:
    """Those that refer to others before those that they refer to; the index tables too."""
    ordered = reversed(SQLModel.metadata.sorted_tables)
    return [table for table in ordered if "tenant_id" in table.c]


async def erase(storage: Storage, tenant_id: str) -> dict[str, int] | None:
    """How many rows of each table went; ``None`` if another node was faster. The tenant must be in
    the state ``erasing``.

    One transaction for each table: it may be broken off anywhere and begun again.
    """
    erased = {}
    for table in tables_of_tenants():
        async with storage.write(tenant_id) as db:
            erased[table.name] = await db.delete_rows(table)
    async with storage.write(tenant_id) as db:
        for table in tables_of_tenants():
            if await db.count_rows(table):
                raise NotErased(table.name)
        if not await db.delete_tenant():
            return None
    return erased
