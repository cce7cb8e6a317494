"""PostgreSQL's second lock, without the first one: raw SQL by the gateway's own role."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlmodel import SQLModel

from gateway.admin_ports import system
from gateway.features.audit.service import AuditService
from gateway.storage import migrate, roles
from gateway.storage.engine import create_engine
from gateway.storage.ids import new_id
from gateway.storage.models import KeyIndex, LoginIndex, Tenant, User
from gateway.storage.storage import Storage
from gateway.storage.tables.audit import AuditEntry
from tests.support import databases, postgres

INDEX_TABLES = {"login_index", "key_index"}


@pytest.fixture
async def database() -> postgres.Database:
    return await databases.postgres_copy(databases.MIGRATED)


@pytest.fixture
async def storage(database: postgres.Database) -> AsyncIterator[Storage]:
    opened = await databases.open_storage(database)
    yield opened
    await opened.aclose()


async def tenant(storage: Storage, name: str) -> str:
    """With a user, who can be found, and an audited act."""
    row = Tenant(name=name)
    async with storage.index(write=True) as index:
        await index.create_tenant(row)
    user = User(tenant_id=row.id, email=f"u@{name}.test", name=name, search_name=f" {name}")
    async with storage.write(row.id) as db:
        await db.add(user)
        await db.add_index(
            LoginIndex(email_hash=row.id.encode()[:32], tenant_id=row.id, user_id=user.id)
        )
        await db.add_index(KeyIndex(key_id=name, tenant_id=row.id))
        await AuditService().record(db, system(row.id, "test"), "person.create", "person", user.id)
    return row.id


async def acting(connection: AsyncConnection, tenant_id: str) -> None:
    await connection.execute(
        text("SELECT set_config('app.tenant', :tenant, true)"), {"tenant": tenant_id}
    )


async def rows(connection: AsyncConnection, table: str) -> int:
    return int((await connection.execute(text(f"SELECT count(*) FROM {table}"))).scalar_one())


async def test_every_table_of_the_models_is_locked_and_no_policy_forgets_the_tenant(
    storage: Storage,
) -> None:
    async with storage.engine.connect() as connection:
        tables = (
            await connection.execute(
                text(
                    "SELECT relname, relrowsecurity AND relforcerowsecurity,"
                    " relowner::regrole::text"
                    " FROM pg_class WHERE relkind IN ('r', 'p')"
                    " AND relnamespace = 'public'::regnamespace AND relname <> 'alembic_version'"
                )
            )
        ).all()
        policies = (
            await connection.execute(
                text("SELECT tablename, cmd, qual, with_check FROM pg_policies")
            )
        ).all()
    assert {name for name, _, _ in tables} == set(SQLModel.metadata.tables)
    assert [name for name, locked, _ in tables if not locked] == []
    assert {owner for _, _, owner in tables} == {"offhook_owner"}
    assert {policy.tablename for policy in policies} == set(SQLModel.metadata.tables)
    for policy in policies:
        column = "id" if policy.tablename == "tenant" else "tenant_id"
        said = [rule for rule in (policy.qual, policy.with_check) if rule is not None]
        if (policy.cmd, said) == ("SELECT", ["true"]):
            model = SQLModel.metadata.tables[policy.tablename]
            # What may be read without a tenant must not be more than what finds one.
            assert len(model.columns) <= 4 and "tenant_id" in model.columns, policy
            continue
        needed = f"(({column})::text = current_setting('app.tenant'::text, true))"
        assert said and all(needed in rule for rule in said), policy


async def test_the_working_role_owns_nothing_and_passes_nothing(storage: Storage) -> None:
    async with storage.engine.connect() as connection:
        role = (
            await connection.execute(
                text(
                    "SELECT rolname, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb,"
                    " (SELECT count(*) FROM pg_class WHERE relowner = r.oid) AS owned,"
                    " has_schema_privilege(r.oid, 'public', 'CREATE') AS makes_tables"
                    " FROM pg_roles r WHERE rolname = current_user"
                )
            )
        ).one()
        assert tuple(role) == ("offhook", False, False, False, False, 0, False)
        for statement in (
            "ALTER TABLE user_account DISABLE ROW LEVEL SECURITY",
            "DROP POLICY tenant_only ON user_account",
            "TRUNCATE audit_entry",
            "UPDATE alembic_version SET version_num = '0001'",
            "SET ROLE offhook_owner",
        ):
            with pytest.raises(ProgrammingError):
                async with connection.begin_nested():
                    await connection.execute(text(statement))


async def test_who_names_no_tenant_sees_and_writes_nothing(storage: Storage) -> None:
    mine = await tenant(storage, "mine")
    async with storage.engine.begin() as connection:
        for table in SQLModel.metadata.tables:
            seen = await rows(connection, table)
            assert seen == (1 if table in INDEX_TABLES else 0), table
        for table in ("user_account", *INDEX_TABLES):
            for statement in (f"UPDATE {table} SET tenant_id = tenant_id", f"DELETE FROM {table}"):
                assert (await connection.execute(text(statement))).rowcount == 0, statement
        for statement in (
            f"INSERT INTO key_index (key_id, tenant_id) VALUES ('stolen', '{mine}')",
            "INSERT INTO tenant SELECT * FROM jsonb_populate_record(null::tenant,"
            f""" '{{"id": "{new_id()}", "name": "x", "created_at": "2026-01-01", "kind": "",
            "status": "", "version": 1, "language": "", "support_email": "", "terms_version": "",
            "quotas": {{}}, "policy": {{}}, "suspended_why": ""}}')""",
        ):
            with pytest.raises(ProgrammingError, match="row-level security"):
                async with connection.begin_nested():
                    await connection.execute(text(statement))


async def test_a_tenant_sees_and_changes_itself_only(storage: Storage) -> None:
    mine, theirs = await tenant(storage, "mine"), await tenant(storage, "theirs")
    async with storage.engine.begin() as connection:
        await acting(connection, mine)
        for table in ("tenant", "user_account", "audit_entry"):
            assert await rows(connection, table) == 1, table
        for statement in (
            f"UPDATE user_account SET name = 'stolen' WHERE tenant_id = '{theirs}'",
            f"DELETE FROM user_account WHERE tenant_id = '{theirs}'",
            f"DELETE FROM login_index WHERE tenant_id = '{theirs}'",
            f"UPDATE key_index SET tenant_id = '{mine}' WHERE tenant_id = '{theirs}'",
            f"UPDATE tenant SET status = 'deleting' WHERE id = '{theirs}'",
            f"DELETE FROM tenant WHERE id = '{theirs}'",
        ):
            assert (await connection.execute(text(statement))).rowcount == 0, statement
        for statement in (
            f"UPDATE user_account SET tenant_id = '{theirs}'",
            f"UPDATE key_index SET tenant_id = '{theirs}' WHERE tenant_id = '{mine}'",
        ):
            with pytest.raises(ProgrammingError, match="row-level security"):
                async with connection.begin_nested():
                    await connection.execute(text(statement))


async def test_a_pooled_connection_forgets_whom_it_worked_for(
    storage: Storage, database: postgres.Database
) -> None:
    mine = await tenant(storage, "mine")
    one = create_async_engine(create_engine(database.url()).url, pool_size=1, max_overflow=0)
    narrow = Storage(one)
    backends = set()
    try:
        for act in (narrow.read, narrow.write):
            async with act(mine) as db:
                assert len(await db.find(User)) == 1
            async with one.connect() as connection:
                backends.add((await connection.execute(text("SELECT pg_backend_pid()"))).scalar())
                assert await rows(connection, "user_account") == 0
        with pytest.raises(RuntimeError):
            async with narrow.write(mine):
                raise RuntimeError
        async with one.connect() as connection:
            assert await rows(connection, "user_account") == 0
    finally:
        await one.dispose()
    assert len(backends) == 1


async def test_the_index_session_finds_tenants_and_none_of_their_rows(storage: Storage) -> None:
    made = {await tenant(storage, "mine"), await tenant(storage, "theirs")}
    async with storage.index() as index:
        assert set(await index.tenant_ids()) == made
        for table in SQLModel.metadata.tables.keys() - INDEX_TABLES - {"tenant"}:
            found = await index._session.execute(text(f"SELECT count(*) FROM {table}"))
            assert found.scalar_one() == 0, table
        for statement in ("UPDATE tenant SET name = 'x'", "DELETE FROM tenant"):
            assert (await index._session.execute(text(statement))).rowcount == 0


async def test_the_owner_sees_nothing_either_and_a_superuser_is_refused(
    storage: Storage, database: postgres.Database
) -> None:
    await tenant(storage, "mine")
    owner = create_engine(database.owner_url)
    async with owner.connect() as connection:
        assert await rows(connection, "user_account") == 0
    await owner.dispose()
    with pytest.raises(roles.UnsafeRole):
        await Storage.open(database.admin_url)


async def test_what_was_audited_stays_until_its_tenant_goes(storage: Storage) -> None:
    mine = await tenant(storage, "mine")
    with pytest.raises(ProgrammingError, match="permission denied"):
        async with storage.write(mine) as db:
            await db.update(AuditEntry, action="nothing")
    async with storage.write(mine) as db:
        assert await db.delete(AuditEntry) == 0
    for status, gone in (("deleting", 0), ("erasing", 1)):
        async with storage.write(mine) as db:
            one = await db.tenant()
            assert one is not None
            one.status = status
        async with storage.write(mine) as db:
            assert await db.delete(AuditEntry) == gone


async def test_gateways_that_start_together_make_the_tables_once() -> None:
    empty = postgres.server()
    database = await empty.create()
    opened = await asyncio.gather(*(databases.open_storage(database) for _ in range(3)))
    for storage in opened:
        assert await tenant(storage, new_id()[-12:])
        await storage.aclose()


OLD_ROWS = (
    "INSERT INTO tenant (id, name, created_at) VALUES (:t, 'Old', :at)",
    "INSERT INTO user_account (id, tenant_id, email, name, search_name, role, disabled, settings,"
    " settings_version, created_at)"
    " VALUES (:u, :t, 'o@x.test', 'O', ' o', 'user', false, '{}', 1, :at)",
    "INSERT INTO device (id, tenant_id, user_id, kind, name, created_at, last_seen)"
    " VALUES (:d, :t, :u, 'web', '', :at, :at)",
    "INSERT INTO session (id, tenant_id, user_id, device_id, created_at, expires_at)"
    " VALUES (:s, :t, :u, :d, :at, :at)",
    "INSERT INTO site (id, tenant_id, name, profile, country, area_code, exit_code,"
    " extension_digits, codecs, max_connectors, config_version)"
    " VALUES (:i, :t, 'S', 'business', 'de', '89', '0', 3, 'PCMA', 1, 1)",
    "INSERT INTO api_key (id, tenant_id, site_id, key_id, digest, scope, name, created_at)"
    " VALUES (:k, :t, :i, 'key', '\\x00', 'connector', '', :at)",
)
"""Rows as version 0005 had them."""


async def test_rows_of_an_older_version_are_taken_along_there_and_back() -> None:
    server = postgres.server()
    database = await server.create()
    owner = create_engine(database.owner_url)
    await migrate.upgrade(owner, "0005")
    ids: dict[str, Any] = {name: new_id() for name in "tudsik"}
    values = {name: f"'{value}'" for name, value in ids.items()} | {"at": "now()"}
    async with owner.begin() as connection:
        await acting(connection, ids["t"])
        for statement in OLD_ROWS:
            for name, value in values.items():
                statement = statement.replace(f":{name},", f"{value},")
                statement = statement.replace(f":{name})", f"{value})")
            await connection.execute(text(statement))
    await migrate.upgrade(owner)
    async with owner.begin() as connection:
        await acting(connection, ids["t"])
        same = "SELECT count(*) FROM session WHERE proven_at = created_at"
        assert (await connection.execute(text(same))).scalar() == 1
        scopes = await connection.execute(text("SELECT scopes FROM api_key"))
        assert scopes.scalar() == ["connector"]
    await migrate.downgrade(owner, "0005")
    async with owner.begin() as connection:
        await acting(connection, ids["t"])
        for table in ("tenant", "user_account", "device", "session", "site", "api_key"):
            assert await rows(connection, table) == 1, table
    await migrate.upgrade(owner)
    await owner.dispose()
