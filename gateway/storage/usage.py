"""How much a tenant has stored: what its quota is compared with before more is taken in."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import structlog
from sqlalchemy import JSON, BigInteger, LargeBinary, String, Table, Text, cast, func, literal
from sqlmodel import SQLModel
from sqlmodel.sql.sqltypes import AutoString

from gateway.admin_ports import Quotas
from gateway.ports import Problem
from gateway.storage.storage import Storage

log = structlog.get_logger(__name__)

#: Of a row beside its texts: ids, times, numbers and what indexes hold of it.
_ROW_BYTES = 500
MB = 1024 * 1024
MEASURE_EVERY = 3600.0  # s


async def stored_megabytes(storage: Storage, tenant_id: str) -> float:
    """Texts and binary values by their length; an estimate that grows as the tables do."""
    total = 0
    for table in SQLModel.metadata.sorted_tables:
        if "tenant_id" in table.columns:
            async with storage.read(tenant_id) as db:
                total += await db.sum_of(table, _bytes_of(table))
    return total / MB


class StorageQuota:
    """Asked before a file is taken in: that is what tenants fill tables with.

    Answers from memory, by what :meth:`run` measured last and what was taken in since: adding up a
    million rows is not for a request. What grows otherwise (calls in journals, people by SCIM) is
    measured with the rest and never refused for it.
    """

    def __init__(self, storage: Storage, quotas: Quotas) -> None:
        self._storage = storage
        self._quotas = quotas
        self._stored: dict[str, float] = {}  # MB
        self._coming: dict[str, int] = {}  # bytes of files that are being taken in

    def check(self, tenant_id: str, size: int = 0) -> None:
        """Whether there is room, for a file of so many bytes if that is known."""
        held = self._stored.get(tenant_id, 0.0) + self._coming.get(tenant_id, 0) / MB
        agreed = self._quotas.of(tenant_id).storage_mb
        if held >= agreed or held + size / MB > agreed:
            raise Problem(507, "storage_full", "Your company has stored as much as was agreed")

    @contextmanager
    def taking(self, tenant_id: str, size: int) -> Iterator[None]:
        """A file of so many bytes, while it is taken in: others that come meanwhile find that much
        less room. It stays counted unless the block fails."""
        self.check(tenant_id, size)
        self._coming[tenant_id] = self._coming.get(tenant_id, 0) + size
        try:
            yield
            self.took(tenant_id, size)
        finally:
            left = self._coming.pop(tenant_id) - size
            if left:
                self._coming[tenant_id] = left

    def took(self, tenant_id: str, size: int) -> None:
        """Bytes of a file; what becomes of it is known when it is measured."""
        self._stored[tenant_id] = self._stored.get(tenant_id, 0.0) + size / MB

    async def run(self) -> None:
        while True:
            try:
                await self.measure_all()
            except Exception:  # measured again next time
                log.exception("storage.measure_failed")
            await asyncio.sleep(MEASURE_EVERY)

    async def measure_all(self) -> None:
        async with self._storage.index() as index:
            tenants = await index.tenant_ids()
        for tenant_id in tenants:
            before = self._stored.get(tenant_id, 0.0)
            measured = await stored_megabytes(self._storage, tenant_id)
            # What was taken in meanwhile may be in none of the sums.
            meanwhile = self._stored.get(tenant_id, 0.0) - before
            self._stored[tenant_id] = measured + meanwhile
        for gone in set(self._stored) - set(tenants):
            del self._stored[gone]


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
