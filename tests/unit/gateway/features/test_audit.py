"""The audit's chain on both databases: acts at one moment, and whoever tampers with the rows."""

from __future__ import annotations

import asyncio
import csv
import io
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from gateway.admin_ports import Principal
from gateway.features.audit.models import AuditFileQuery, AuditQuery, NotedEntry, VerifyReply
from gateway.features.audit.reading import AuditReader
from gateway.features.audit.service import AuditService
from gateway.ports import Problem
from gateway.storage.models import Tenant, User
from gateway.storage.storage import Storage
from gateway.storage.tables.audit import AuditEntry
from tests.support import databases

START = datetime(2026, 3, 1, 12, tzinfo=UTC)


class World:
    """A tenant with its audit, and the hands of somebody with access to the database itself."""

    def __init__(self, storage: Storage, admin_url: str) -> None:
        self.storage = storage
        self._admin_url = admin_url
        self._now = START
        self.service = AuditService(self._later)
        self.reader = AuditReader(storage)
        self.tenant_id = ""

    def _later(self) -> datetime:
        self._now += timedelta(minutes=1)
        return self._now

    async def open(self) -> None:
        row = Tenant(name="T")
        async with self.storage.index(write=True) as index:
            await index.create_tenant(row)
        self.tenant_id = row.id

    def who(self, name: str = "Ada Admin") -> Principal:
        return Principal(self.tenant_id, "user", f"id of {name[:9]}", name, client_ip="192.0.2.7")

    async def act(self, action: str = "person.disable", **said: object) -> None:
        values: dict[str, object] = {"target_name": "Berta", "after": {"disabled": True}, **said}
        name = str(values.pop("by", "Ada Admin"))
        target, target_id = action.partition(".")[0], str(values.pop("target_id", "p1"))
        async with self.storage.write(self.tenant_id) as db:
            await self.service.record(
                db,
                self.who(name),
                action,
                target,
                target_id,
                **values,  # type: ignore[arg-type]
            )

    async def tamper(self, *statements: str) -> None:
        """As the database's own administrator, whom no policy holds."""
        engine = create_async_engine(self._admin_url)
        async with engine.begin() as connection:
            for statement in statements:
                assert (await connection.execute(text(statement))).rowcount >= 1, statement
        await engine.dispose()

    async def verify(self, noted: NotedEntry | None = None) -> VerifyReply:
        return await self.reader.verify(self.tenant_id, noted)

    async def numbers(self, **query: object) -> list[int]:
        page = await self.reader.page(self.tenant_id, AuditQuery.model_validate(query))
        return [item.number for item in page.items]


@pytest.fixture(params=["sqlite", "postgresql"])
async def world(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[World]:
    if request.param == "postgresql":
        database = await databases.postgres_copy(databases.MIGRATED)
        storage = await databases.open_storage(database)
        admin_url = database.admin_url.replace("postgresql:", "postgresql+asyncpg:")
    else:
        storage = await databases.empty_sqlite(tmp_path)
        admin_url = str(storage.engine.url)
    opened = World(storage, admin_url)
    await opened.open()
    yield opened
    await storage.aclose()


async def test_fifty_acts_at_one_moment_make_one_chain(world: World) -> None:
    async def act(number: int) -> None:
        email = f"u{number}@x.test"
        user = User(tenant_id=world.tenant_id, email=email, name=email, search_name=email)
        async with world.storage.write(world.tenant_id) as db:
            await db.add(user)
            await world.service.record(db, world.who(), "person.create", "person", user.id)

    await asyncio.gather(*(act(number) for number in range(50)))
    async with world.storage.read(world.tenant_id) as db:
        rows = await db.find(AuditEntry, order_by=[AuditEntry.number])
    assert [row.number for row in rows] == list(range(1, 51))
    assert len({row.target_id for row in rows}) == 50
    verdict = await world.verify()
    assert (verdict.whole, verdict.entries, verdict.last) == (True, 50, 50)


async def test_an_act_that_fails_leaves_no_entry_and_no_gap(world: World) -> None:
    await world.act()
    with pytest.raises(RuntimeError):
        async with world.storage.write(world.tenant_id) as db:
            await world.service.record(db, world.who(), "person.erase", "person", "p1")
            raise RuntimeError
    await world.act()
    assert (await world.verify()).last == 2


CHANGES = {
    "changed": ("UPDATE audit_entry SET actor_name = 'Nobody' WHERE number = 3", "changed", 3),
    "changed in its values": (
        """UPDATE audit_entry SET after = '{"disabled": false}' WHERE number = 4""",
        "changed",
        4,
    ),
    "changed in its time": (
        "UPDATE audit_entry SET at = (SELECT at FROM audit_entry WHERE number = 1)"
        " WHERE number = 2",
        "changed",
        2,
    ),
    "deleted": ("DELETE FROM audit_entry WHERE number = 3", "missing", 3),
    "deleted at the beginning": ("DELETE FROM audit_entry WHERE number = 1", "missing", 1),
    "moved to another tenant": (
        "UPDATE audit_entry SET tenant_id = (SELECT id FROM tenant WHERE name = 'Other')"
        " WHERE number = 2",
        "missing",
        2,
    ),
}


@pytest.mark.parametrize("how", CHANGES)
async def test_the_first_broken_number_is_found(world: World, how: str) -> None:
    async with world.storage.index(write=True) as index:
        await index.create_tenant(Tenant(name="Other"))
    for _ in range(5):
        await world.act()
    assert (await world.verify()).whole
    statement, fault, number = CHANGES[how]
    await world.tamper(statement)
    verdict = await world.verify()
    assert (verdict.whole, verdict.fault, verdict.first_broken) == (False, fault, number)


async def test_an_inserted_entry_and_swapped_ones_are_found(world: World) -> None:
    for number in range(5):
        await world.act(target_id=f"p{number}")
    columns = [column.name for column in AuditEntry.__table__.columns]  # type: ignore[attr-defined]
    copied = ", ".join(columns)
    taken = copied.replace("id,", "'00000000-0000-7000-8000-000000000000',", 1)
    await world.tamper(
        "UPDATE audit_entry SET number = -number WHERE number > 2",
        "UPDATE audit_entry SET number = 1 - number WHERE number < 0",
        f"INSERT INTO audit_entry ({copied}) SELECT"
        f" {taken.replace('number,', '3,', 1)} FROM audit_entry WHERE number = 2",
    )
    verdict = await world.verify()
    assert (verdict.first_broken, verdict.fault) == (3, "not_linked")
    await world.tamper(
        "DELETE FROM audit_entry WHERE number = 3",
        "UPDATE audit_entry SET number = -number WHERE number > 3",
        "UPDATE audit_entry SET number = -1 - number WHERE number < 0",
    )
    assert (await world.verify()).whole
    await world.tamper(
        "UPDATE audit_entry SET number = -2 WHERE number = 2",
        "UPDATE audit_entry SET number = 2 WHERE number = 3",
        "UPDATE audit_entry SET number = 3 WHERE number = -2",
    )
    verdict = await world.verify()
    assert (verdict.first_broken, verdict.fault) == (2, "not_linked")


async def test_a_chain_that_was_cut_or_written_anew_is_not_as_noted(world: World) -> None:
    for _ in range(4):
        await world.act()
    end = await world.verify()
    noted = NotedEntry(number=end.last, digest=end.digest)
    await world.act()
    assert (await world.verify(noted)).whole
    await world.tamper("DELETE FROM audit_entry WHERE number >= 4")
    assert (await world.verify()).whole  # alone, a chain cannot tell that it was longer
    verdict = await world.verify(noted)
    assert (verdict.whole, verdict.fault, verdict.first_broken) == (False, "not_as_noted", 4)
    await world.act("person.create")
    assert (await world.verify(noted)).first_broken == 4


async def test_entries_are_found_by_who_what_whom_and_when(world: World) -> None:
    await world.act("person.create", by="Ada Admin", target_id="p1")  # 12:01
    await world.act("person.disable", by="100%_sure", target_id="p2")
    await world.act("site.change", by="Oskar Öl", target_id="s1")
    await world.act("person.erase", by="Ada Admin", target_id="p1", why="left")
    assert await world.numbers() == [4, 3, 2, 1]
    assert await world.numbers(who="ada") == [4, 1]
    assert await world.numbers(who="id of Ada Admin") == [4, 1]
    assert await world.numbers(who="%") == [2]
    assert await world.numbers(who="_") == [2]
    assert await world.numbers(action="person.") == [4, 2, 1]
    assert await world.numbers(action="person.disable") == [2]
    assert await world.numbers(target="site") == [3]
    assert await world.numbers(target="person", target_id="p1") == [4, 1]
    second, third = (START + timedelta(minutes=n) for n in (2, 3))
    assert await world.numbers(since=second.isoformat(), until=third.isoformat()) == [3, 2]
    assert await world.numbers(since=(third + timedelta(hours=1)).isoformat()) == []


async def test_pages_go_on_where_they_ended_whatever_happened_meanwhile(world: World) -> None:
    for _ in range(5):
        await world.act()
    first = await world.reader.page(world.tenant_id, AuditQuery(limit=2))
    assert [item.number for item in first.items] == [5, 4] and first.next_cursor
    await world.act()
    second = await world.reader.page(world.tenant_id, AuditQuery(limit=2, cursor=first.next_cursor))
    third = await world.reader.page(world.tenant_id, AuditQuery(limit=2, cursor=second.next_cursor))
    assert [item.number for item in second.items + third.items] == [3, 2, 1]
    assert third.next_cursor is None
    for cursor in ("x", "WyIxIl0x", "WyItMSJd", "WyI5OTk5OTk5OTk5OTkiXQ", "WyLCsiJd"):
        with pytest.raises(Problem) as refused:
            await world.reader.page(world.tenant_id, AuditQuery(cursor=cursor))
        assert refused.value.code == "bad_cursor"


HOSTILE = '=HYPERLINK("http://evil.example","x")'


async def test_the_file_has_every_entry_and_no_formula(world: World) -> None:
    await world.act(by=HOSTILE, target_name="\t+1", before={"name": HOSTILE}, why="@SUM(1)")
    await world.act(by="x;=1+1", target_name="ok", after=None)
    query = AuditFileQuery(separator="semicolon", time_zone="Europe/Berlin")
    raw = b"".join([part async for part in world.reader.file(world.tenant_id, query)]).decode()
    rows = list(csv.reader(io.StringIO(raw.removeprefix("\ufeff")), delimiter=";"))
    assert [row[0] for row in rows] == ["number", "2", "1"]
    assert rows[2][1] == "2026-03-01 13:01:00"
    assert all(cell[:1] not in tuple("=+-@\t") for row in rows for cell in row)
    assert rows[2][2] == "'" + HOSTILE and rows[1][2] == "x;'=1+1"


async def test_long_texts_are_cut_and_odd_ones_kept(world: World) -> None:
    await world.act(by="n" * 300, target_name="z" * 300, why="w" * 600)
    odd = {"name": "Zoë \U0001f600 \u2028", "n": 1.5, "list": [1, None, {"b": True}], "big": 2**60}
    await world.act(before=odd, after={})
    page = await world.reader.page(world.tenant_id, AuditQuery())
    assert page.items[0].before == odd and page.items[0].after == {}
    assert len(page.items[1].why) == 500 and len(page.items[1].who.name) == 200
    assert (await world.verify()).whole
