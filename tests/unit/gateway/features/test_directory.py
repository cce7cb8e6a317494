"""Searching people, and the name behind a number."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from gateway.features.directory.service import DirectoryService
from gateway.ports import Problem
from gateway.storage import folding
from gateway.storage.models import Line, Site, Tenant, User
from gateway.storage.storage import Storage
from tests.support.databases import empty_sqlite, empty_storage


@pytest.fixture
async def storage(tmp_path: Path) -> AsyncIterator[Storage]:
    opened = await empty_storage(tmp_path)
    yield opened
    await opened.aclose()


async def people(storage: Storage, *names: str, first_number: int = 101) -> str:
    tenant = Tenant(name="T")
    async with storage.index(write=True) as index:
        await index.create_tenant(tenant)
    site = Site(tenant_id=tenant.id, name="S", profile="business", country="de")
    async with storage.write(tenant.id) as db:
        await db.add(site)
        for number, name in enumerate(names, first_number):
            user = User(
                tenant_id=tenant.id,
                email=f"u{number}@x.test",
                name=name,
                search_name=folding.search_name(name),
            )
            await db.add(user)
            await db.add(
                Line(
                    tenant_id=tenant.id,
                    site_id=site.id,
                    user_id=user.id,
                    line_id=f"l{number}",
                    device_id=f"6{number}",
                    number=str(number),
                    desk_number=f"5{number}",
                    auth_user=f"6{number}",
                    auth_password=b"sealed",
                )
            )
    return tenant.id


NAMES = (
    "Anna König",
    "Berta Schulz-Groß",
    "Çelik, Ömer",
    "Jürgen Müller",
    "Łukasz Nowák",
    "O'Neill 100%",
)


SEARCHES: tuple[tuple[str, list[str]], ...] = (
    ("anna", ["Anna König"]),
    ("kön", ["Anna König"]),
    ("kon", ["Anna König"]),
    ("koenig", ["Anna König"]),
    ("KÖNIG anna", ["Anna König"]),
    ("gross", ["Berta Schulz-Groß"]),
    ("groß", ["Berta Schulz-Groß"]),
    ("schulz gr", ["Berta Schulz-Groß"]),
    ("omer", ["Çelik, Ömer"]),
    ("cel", ["Çelik, Ömer"]),
    ("mueller", ["Jürgen Müller"]),
    ("muller", ["Jürgen Müller"]),
    ("müller", ["Jürgen Müller"]),
    ("juergen", ["Jürgen Müller"]),
    ("lukasz", ["Łukasz Nowák"]),
    ("nowak", ["Łukasz Nowák"]),
    ("ller", []),  # beginnings of words only
    ("anna müller", []),
    ("102", ["Berta Schulz-Groß"]),
    ("10", list(NAMES)),
    ("100", ["O'Neill 100%"]),
    ("%", []),
    ("_", []),
    ("'; DROP TABLE user_account; --", []),
    ("😀", []),
    ("", list(NAMES)),
)


async def test_search(storage: Storage) -> None:
    tenant_id = await people(storage, *NAMES)
    directory = DirectoryService(storage)
    for query, found in SEARCHES:
        page = await directory.search(tenant_id, query, None, 50)
        assert sorted(person.name for person in page.items) == sorted(found), query


async def test_pages_are_complete_and_without_repeats(storage: Storage) -> None:
    names = [f"Same Name {n % 3}" for n in range(25)]
    tenant_id = await people(storage, *names)
    directory = DirectoryService(storage)
    seen: list[str] = []
    after = None
    while True:
        page = await directory.search(tenant_id, "same", after, 4)
        seen += [person.user_id for person in page.items]
        after = page.next_cursor
        if after is None:
            break
    assert len(seen) == len(set(seen)) == 25


async def test_a_made_up_cursor_is_refused(storage: Storage) -> None:
    tenant_id = await people(storage, "A")
    directory = DirectoryService(storage)
    for cursor in ("x", "WzFd", "W10", "bnVsbA", "é", "WyJhIiwiYlwwIl0"):
        with pytest.raises(Problem) as caught:
            await directory.search(tenant_id, "", cursor, 4)
        assert caught.value.code == "bad_cursor"


async def test_the_name_behind_a_number(storage: Storage) -> None:
    tenant_id = await people(storage, "Anna König", "Berta")
    other = await people(storage, "Mallory")
    directory = DirectoryService(storage)
    anna = await directory.name_of(tenant_id, "101")
    assert anna is not None and anna.name == "Anna König"
    desk = await directory.name_of(tenant_id, "5102")
    assert desk is not None and desk.name == "Berta"
    assert await directory.name_of(tenant_id, "999") is None
    theirs = await directory.name_of(other, "101")
    assert theirs is not None and theirs.name == "Mallory"


async def test_the_disabled_are_not_found(storage: Storage) -> None:
    tenant_id = await people(storage, "Anna", "Berta")
    async with storage.write(tenant_id) as db:
        await db.update(User, User.name == "Anna", disabled=True)
    page = await DirectoryService(storage).search(tenant_id, "", None, 10)
    assert [person.name for person in page.items] == ["Berta"]


async def test_a_search_reads_the_tenants_part_of_an_index_only(tmp_path: Path) -> None:
    storage = await empty_sqlite(tmp_path)
    tenant_id = await people(storage, "Anna König")
    seen: list[tuple[str, Any]] = []
    event.listen(
        storage.engine.sync_engine,
        "before_cursor_execute",
        lambda _c, _cursor, statement, parameters, _x, _m: seen.append((statement, parameters)),
    )
    await DirectoryService(storage).search(tenant_id, "kön", None, 50)
    statement, parameters = next(row for row in seen if "user_account" in row[0])
    async with storage.engine.connect() as connection:
        plan = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        steps = [row[3] for row in plan]
    assert any("ix_user_account_search (tenant_id=?)" in step for step in steps), steps
    assert not any(step.startswith("SCAN") for step in steps), steps
    await storage.aclose()
