"""All data of a tenant as a ZIP of JSON lines, made while it is sent.

Nothing that opens a door is in it: no password or its hash, no key, no token, nothing sealed.
"""

from __future__ import annotations

import asyncio
import json
import zipfile
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

from sqlalchemy import LargeBinary
from sqlmodel import SQLModel, col

from gateway.storage import tables
from gateway.storage.models import Tenant, TenantOwned
from gateway.storage.storage import Storage

assert tables  # all of them are registered

PAGE = 500
#: Of no use to anybody but this gateway, and full of what opens doors.
LEFT_OUT = frozenset({"one_time_token", "refresh_token", "outbox_item", "command"})
#: Columns beside the binary ones, which are digests and sealed values all.
SECRET_COLUMNS = frozenset({"password_hash", "push"})
_README = """All data of {name}, {at}.

One file for each kind of thing, one JSON object on each line, in UTF-8. Times are UTC. Passwords,
keys, tokens and other secrets are left out: they are of no use elsewhere. The column `tenant_id` is
the same everywhere; other `..._id` columns lead to the `id` of another file.
"""


def owned_models() -> list[type[TenantOwned]]:
    """Every table of tenants, by name."""
    found: dict[str, type[TenantOwned]] = {}

    def visit(model: type[TenantOwned]) -> None:
        for sub in model.__subclasses__():
            if hasattr(sub, "__table__"):
                found[str(sub.__tablename__)] = sub
            visit(sub)

    visit(TenantOwned)
    return [found[name] for name in sorted(found)]


def exported_columns(model: type[SQLModel]) -> list[str]:
    table = getattr(model, "__table__")  # noqa: B009 - SQLModel does not declare it
    return [
        column.name
        for column in table.columns
        if not isinstance(column.type, LargeBinary) and column.name not in SECRET_COLUMNS
    ]


class _Sink:
    """Where the ZIP is written to: what was written is taken away again and again."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def write(self, data: bytes) -> int:
        self._parts.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        return None

    def take(self) -> bytes:
        parts, self._parts = self._parts, []
        return b"".join(parts)


class TenantExport:
    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    async def parts(self, tenant: Tenant, at: datetime) -> AsyncIterator[bytes]:
        """Page by page: neither the database nor this process holds the whole of it."""
        sink = _Sink()
        archive = zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED)  # type: ignore[call-overload]
        words = _README.format(name=tenant.name, at=at.isoformat(timespec="seconds"))
        archive.writestr("README.txt", words)
        archive.writestr("tenant.jsonl", _line(tenant, exported_columns(Tenant)))
        yield sink.take()
        for model in owned_models():
            if str(model.__tablename__) in LEFT_OUT:
                continue
            columns = exported_columns(model)
            with archive.open(f"{model.__tablename__}.jsonl", "w", force_zip64=True) as file:
                async for rows in self._pages(tenant.id, model):
                    text = "".join(_line(row, columns) for row in rows).encode()
                    await asyncio.to_thread(file.write, text)  # compresses
                    if part := sink.take():
                        yield part
        archive.close()
        yield sink.take()

    async def _pages(
        self, tenant_id: str, model: type[TenantOwned]
    ) -> AsyncIterator[list[TenantOwned]]:
        last = ""
        while True:
            async with self._storage.read(tenant_id) as db:
                rows = await db.find(
                    model, col(model.id) > last, order_by=[col(model.id)], limit=PAGE
                )
            if rows:
                yield rows
            if len(rows) < PAGE:
                return
            last = rows[-1].id


def _line(row: SQLModel, columns: list[str]) -> str:
    told = {name: _plain(getattr(row, name)) for name in columns}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")) + "\n"


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
