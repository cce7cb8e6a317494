"""How much a tenant has stored: what its quota is compared with before more is taken in."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, BigInteger, LargeBinary, String, Table, Text, cast, func, literal
from sqlmodel import SQLModel
from sqlmodel.sql.sqltypes import AutoString

from gateway.admin_ports import Quotas
from gateway.ports import Problem
from gateway.storage.storage import Storage

#: Of a row beside its texts: ids, times, numbers and what indexes hold of it.
_ROW_BYTES = 500
MB = 1024 * 1024


async def stored_megabytes(storage: Storage, tenant_id: str) -> float:
    """Texts and binary values by their length; an estimate that grows as the tables do."""
    total = 0
    for table in SQLModel.metadata.sorted_tables:
        if "tenant_id" in table.columns:
            async with storage.read(tenant_id) as db:
                total += await db.sum_of(table, _bytes_of(table))
    return total / MB


class StorageQuota:
    """Asked before a file is taken in: that is what tenants fill tables with."""

    def __init__(self, storage: Storage, quotas: Quotas) -> None:
        self._storage = storage
        self._quotas = quotas

    async def check(self, tenant_id: str) -> None:
        stored = await stored_megabytes(self._storage, tenant_id)
        if stored >= self._quotas.of(tenant_id).storage_mb:
            raise Problem(507, "storage_full", "Your company has stored as much as was agreed")


def _bytes_of(table: Table) -> Any:
    size: Any = literal(_ROW_BYTES)
    for column in table.columns:
        if isinstance(column.type, LargeBinary):
            length = func.length(column)
        elif isinstance(column.type, String | AutoString | JSON):
            length = func.length(cast(column, Text))
        else:
            continue
        size = size + func.coalesce(length, 0)
    return cast(func.coalesce(func.sum(size), 0), BigInteger)
