"""The one door to the tables: tenant by tenant, synced, migrated."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text
from sqlalchemy.exc import IntegrityError
from sqlmodel import SQLModel

from gateway.storage import migrate, models
from gateway.storage.engine import create_engine
from gateway.storage.ids import is_id, new_id
from gateway.storage.models import Device, LoginIndex, Site, Tenant, TenantOwned, User
from gateway.storage.storage import Storage, TenantSession
from tests.support.databases import MIGRATED, empty_sqlite, empty_storage, postgres_copy


@pytest.fixture
async def storage(tmp_path: Path) -> AsyncIterator[Storage]:
    opened = await empty_storage(tmp_path)
    yield opened
    await opened.aclose()


async def tenant(storage: Storage, name: str = "T") -> str:
    row = Tenant(name=name)
    async with storage.index(write=True) as index:
        await index.create_tenant(row)
    return row.id


def user(tenant_id: str, name: str = "U") -> User:
    return User(tenant_id=tenant_id, email="u@x.test", name=name, search_name=f" {name}")


async def test_sqlite_is_durable_before_anything_is_acknowledged(tmp_path: Path) -> None:
    storage = await empty_sqlite(tmp_path)
    async with storage.engine.connect() as connection:
        pragmas = {
            name: (await connection.execute(text(f"PRAGMA {name}"))).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}  # 2 = FULL
    await storage.aclose()


async def test_a_transaction_without_a_tenant_is_refused(storage: Storage) -> None:
    for nobody in ("", "x", None, "' OR 1=1"):
        with pytest.raises(ValueError, match="tenant"):
            async with storage.read(nobody):  # type: ignore[arg-type]
                pass


async def test_index_tables_cannot_be_asked_through_a_tenant(storage: Storage) -> None:
    tenant_id = await tenant(storage)
    async with storage.read(tenant_id) as db:
        with pytest.raises(TypeError):
            await db.find(LoginIndex)  # type: ignore[type-var]


async def test_another_tenants_rows_do_not_exist(storage: Storage) -> None:
    mine, theirs = await tenant(storage, "mine"), await tenant(storage, "theirs")
    row = user(theirs)
    async with storage.write(theirs) as db:
        await db.add(row)
    async with storage.write(mine) as db:
        assert await db.get(User, row.id) is None
        assert await db.find(User) == []
        assert await db.count(User) == 0
        assert await db.update(User, User.id == row.id, name="stolen") == 0
        assert await db.delete(User, User.id == row.id) == 0
        with pytest.raises(ValueError, match="another tenant"):
            await db.add(user(theirs))
    async with storage.read(theirs) as db:
        kept = await db.get(User, row.id)
        assert kept is not None and kept.name == "U"


async def test_a_reference_cannot_leave_its_tenant(storage: Storage) -> None:
    mine, theirs = await tenant(storage), await tenant(storage)
    row = user(theirs)
    async with storage.write(theirs) as db:
        await db.add(row)
    with pytest.raises(IntegrityError):
        async with storage.write(mine) as db:
            await db.add(Device(tenant_id=mine, user_id=row.id, kind="web"))


async def test_what_fails_leaves_nothing(storage: Storage) -> None:
    tenant_id = await tenant(storage)
    with pytest.raises(RuntimeError):
        async with storage.write(tenant_id) as db:
            await db.add(user(tenant_id))
            raise RuntimeError
    async with storage.read(tenant_id) as db:
        assert await db.count(User) == 0


async def test_reading_does_not_wait_for_a_writer(storage: Storage) -> None:
    tenant_id = await tenant(storage)
    async with storage.write(tenant_id) as writing:
        await writing.add(user(tenant_id))
        async with storage.read(tenant_id) as db:
            assert await db.count(User) == 0  # not committed yet, and not blocked either


async def test_times_come_back_in_utc_and_naive_ones_are_refused(storage: Storage) -> None:
    from datetime import UTC, datetime, timedelta, timezone

    tenant_id = await tenant(storage)
    row = user(tenant_id)
    row.created_at = datetime(2026, 3, 29, 3, 30, tzinfo=timezone(timedelta(hours=2)))
    async with storage.write(tenant_id) as db:
        await db.add(row)
    async with storage.read(tenant_id) as db:
        read = await db.get(User, row.id)
    assert read is not None and read.created_at == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    assert read.created_at.tzinfo is UTC
    naive = user(tenant_id)
    naive.created_at = datetime(2026, 1, 1)
    with pytest.raises(Exception, match="without zone"):
        async with storage.write(tenant_id) as db:
            await db.add(naive)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
async def test_migrations_make_the_models_tables_and_take_them_away(
    kind: str, tmp_path: Path
) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    def differences(connection: object) -> list[object]:
        context = MigrationContext.configure(connection)  # type: ignore[arg-type]
        return list(compare_metadata(context, SQLModel.metadata))

    if kind == "sqlite":
        storage = await empty_sqlite(tmp_path)
    else:
        storage = Storage(create_engine((await postgres_copy(MIGRATED)).owner_url))
    async with storage.engine.connect() as connection:
        assert await connection.run_sync(differences) == []
    await migrate.downgrade(storage.engine, "base")
    async with storage.engine.connect() as connection:
        tables = await connection.run_sync(lambda c: set(inspect(c).get_table_names()))
    assert tables <= {"alembic_version"}
    await migrate.upgrade(storage.engine)
    assert await tenant(storage)
    await storage.aclose()


def test_head_is_the_newest_migration() -> None:
    assert ScriptDirectory(str(migrate.SCRIPTS)).get_current_head() == migrate.HEAD


def test_every_table_but_the_index_tables_has_a_tenant() -> None:
    exempt = {"tenant", "login_index", "key_index", "sso_index"}
    tables = {m.__tablename__: m for m in SQLModel.__subclasses__() if hasattr(m, "__table__")}
    owned = {m.__tablename__ for m in TenantOwned.__subclasses__()}
    assert set(tables) <= exempt
    assert owned == set(SQLModel.metadata.tables) - exempt
    assert set(models.LoginIndex.model_fields) == {"email_hash", "tenant_id", "user_id"}
    assert set(models.KeyIndex.model_fields) == {"key_id", "tenant_id", "site_id"}


def test_every_method_that_reads_names_its_tenant() -> None:
    """A query can only be made by ``TenantSession``, which has its tenant from birth."""
    assert "tenant_id" in TenantSession.__init__.__annotations__


def test_ids_are_sorted_by_time_and_recognised() -> None:
    ids = [new_id() for _ in range(100)]
    assert ids == sorted(ids) and all(map(is_id, ids))
    assert not any(map(is_id, ("", "x" * 36, ids[0].upper(), ids[0] + "0", None, 7)))


def test_site_defaults() -> None:
    site = Site(tenant_id=new_id(), name="S", profile="business", country="de")
    assert (site.max_connectors, site.config_version, site.codecs) == (1, 1, "PCMA,PCMU")


async def test_a_row_without_its_object_belongs_to_the_tenant_and_has_all_defaults(
    storage: Storage,
) -> None:
    mine, theirs = await tenant(storage), await tenant(storage)
    values = {"email": "u@x.test", "name": "U", "search_name": " U", "settings": {}}
    async with storage.write(mine) as db:
        await db.insert(User, tenant_id=theirs, **values)
        (row,) = await db.find(User)
    assert is_id(row.id)
    plain = user(mine)
    same = ("tenant_id", "role", "disabled", "settings", "settings_version")
    assert [getattr(row, name) for name in same] == [getattr(plain, name) for name in same]
    async with storage.read(theirs) as db:
        assert await db.count(User) == 0
