"""Few trips to the connection's thread, and transactions as if there were many."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiosqlite
import pytest
from sqlalchemy.exc import OperationalError
from sqlmodel import col

from gateway.storage.models import Tenant, User
from gateway.storage.sqlite import OneTripConnection
from gateway.storage.storage import Storage
from tests.support.gateway_platform import empty_storage


@pytest.fixture
async def storage(tmp_path: Path) -> AsyncIterator[Storage]:
    opened = await empty_storage(tmp_path)
    yield opened
    await opened.aclose()


@pytest.fixture
async def tenant(storage: Storage) -> str:
    row = Tenant(name="T")
    async with storage.index(write=True) as index:
        await index.create_tenant(row)
    return row.id


@pytest.fixture
def trips(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    made: list[Any] = []
    execute = aiosqlite.Connection._execute

    async def counted(self: Any, work: Any, *args: Any, **options: Any) -> Any:
        made.append(work)
        return await execute(self, work, *args, **options)

    monkeypatch.setattr(aiosqlite.Connection, "_execute", counted)
    return made


def user(tenant_id: str, name: str) -> User:
    return User(tenant_id=tenant_id, email=f"{name}@x.test", name=name, search_name=f" {name}")


async def test_a_row_is_read_and_written_in_two_trips(
    storage: Storage, tenant: str, trips: list[Any]
) -> None:
    async with storage.write(tenant) as db:
        await db.add(user(tenant, "anna"))
    assert len(trips) == 2  # the row, and the commit
    trips.clear()
    async with storage.read(tenant) as db:
        assert [row.name for row in await db.find(User)] == ["anna"]
    assert len(trips) == 2  # the rows, and the end


async def test_a_transaction_without_a_statement_makes_no_trip(
    storage: Storage, tenant: str, trips: list[Any]
) -> None:
    async with storage.write(tenant):
        pass
    assert trips == []


async def test_what_fails_is_rolled_back(storage: Storage, tenant: str) -> None:
    with pytest.raises(RuntimeError):
        async with storage.write(tenant) as db:
            await db.add(user(tenant, "anna"))
            raise RuntimeError
    async with storage.write(tenant) as db:
        assert await db.count(User) == 0
        await db.add(user(tenant, "berta"))
    async with storage.read(tenant) as db:
        assert await db.count(User) == 1


async def test_reads_of_one_transaction_see_one_moment(storage: Storage, tenant: str) -> None:
    async with storage.read(tenant) as reading:
        assert await reading.count(User) == 0
        async with storage.write(tenant) as db:
            await db.add(user(tenant, "anna"))
        assert await reading.count(User) == 0


async def test_a_statement_that_nobody_waits_for_leaves_no_transaction_behind(
    storage: Storage, tenant: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The task is cancelled while its statement is on the thread."""
    queued = asyncio.Event()
    trip = OneTripConnection.trip

    async def told(self: OneTripConnection, work: Any) -> Any:
        result = asyncio.ensure_future(trip(self, work))
        await asyncio.sleep(0)  # its work is in the thread's queue
        queued.set()
        return await result

    async def write() -> None:
        async with storage.write(tenant) as db:
            await db.update(User, col(User.name) == "x", name="y")

    with monkeypatch.context() as patch:
        patch.setattr(OneTripConnection, "trip", told)
        task = asyncio.create_task(write())
        await queued.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    async with storage.write(tenant) as db:
        await db.add(user(tenant, "anna"))


async def test_a_writer_that_gets_no_lock_writes_nothing(
    storage: Storage, tenant: str, tmp_path: Path
) -> None:
    path = str(storage.engine.url.database)
    async with storage.engine.connect() as connection:  # this one would wait five seconds
        await connection.exec_driver_sql("PRAGMA busy_timeout=1")
    other = sqlite3.connect(path, isolation_level=None)
    try:
        other.execute("BEGIN IMMEDIATE")
        async with storage.write(tenant) as db:
            for _ in range(2):  # whoever goes on after the first has no transaction either
                with pytest.raises(OperationalError, match="locked"):
                    await db.count(User)
            other.execute("ROLLBACK")
            assert await db.count(User) == 0
    finally:
        other.close()
