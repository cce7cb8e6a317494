"""Usage over real HTTP: counted day by day, told month by month, never less than it was."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta
from typing import Any

from gateway.features.usage.service import UsageService
from gateway.ports import Numbers, UserKey
from gateway.storage.ids import new_id, utc_now
from gateway.storage.models import JournalEntry, Tenant, User
from gateway.storage.tables.notices import UsageDay
from tests.support.callers import appoint
from tests.support.gateway_platform import Bench


async def admin(bench: Bench) -> str:
    await appoint(bench, "admin", "adele@example.test")
    return str((await bench.login("adele@example.test"))["access_token"])


async def a_call(bench: Bench, started: datetime, seconds: int) -> None:
    """One of Anna's; it was answered if it lasted."""
    anna = UserKey(bench.demo.tenant_id, bench.demo.users["anna@example.test"])
    journal, call_id = bench.gateway.features.journal, new_id()
    await journal.open(
        anna,
        call_id,
        direction="out",
        numbers=Numbers("102", "102", "102"),
        name=None,
        started_at=started,
    )
    if seconds:
        await journal.answered(anna, call_id, device_id=None, at=started)
    await journal.settle(
        anna,
        call_id,
        kind="answered" if seconds else "failed",
        reason="hung_up",
        name=None,
        device_id=None,
        ended_at=started + timedelta(seconds=seconds),
        duration_ms=seconds * 1000,
    )


async def usage(bench: Bench, token: str, query: str = "") -> dict[str, Any]:
    status, reply, _ = await bench.call("GET", f"/admin/usage{query}", token)
    assert status == 200, reply
    body: dict[str, Any] = reply
    return body


async def test_people_calls_and_minutes_of_this_month(bench: Bench) -> None:
    token, now = await admin(bench), utc_now()
    await a_call(bench, now, 61)
    await a_call(bench, now, 0)
    view = await usage(bench, token)
    assert len(view["items"]) == 12 and view["next_cursor"] is None
    assert view["items"][-1] == {
        "month": now.strftime("%Y-%m"),
        "peak_users": 4,
        "licences": None,
        "calls": 2,
        "answered": 1,
        "minutes": 2,
    }
    assert view["licences"] == {"used": 4, "available": None, "total": None}


async def test_what_is_deleted_stays_counted(bench: Bench) -> None:
    token, now = await admin(bench), utc_now()
    await a_call(bench, now, 60)
    before = await usage(bench, token)
    async with bench.gateway.features.storage.write(bench.demo.tenant_id) as db:
        await db.delete(JournalEntry)
        await db.update(User, User.email == "carla@example.test", disabled=True)
    after = await usage(bench, token)
    assert after["items"] == before["items"]
    assert after["licences"]["used"] == 3


async def test_licences_say_what_is_left(bench: Bench) -> None:
    token = await admin(bench)
    async with bench.gateway.features.storage.write(bench.demo.tenant_id) as db:
        tenant = await db.tenant()
        assert tenant is not None
        tenant.licences = 10
    view = await usage(bench, token)
    assert view["licences"] == {"used": 4, "available": 6, "total": 10}


async def test_months_can_be_chosen_and_bad_ones_are_refused(bench: Bench) -> None:
    token = await admin(bench)
    async with bench.gateway.features.storage.write(bench.demo.tenant_id) as db:
        for day, users in (("2025-12-31", 7), ("2026-01-01", 9), ("2026-01-15", 8)):
            row = UsageDay(tenant_id=db.tenant_id, day=day, users=users, calls=10, seconds=30)
            await db.add(row)
    view = await usage(bench, token, "?from=2025-12&to=2026-02")
    assert [(item["month"], item["peak_users"], item["calls"]) for item in view["items"]] == [
        ("2025-12", 7, 10),
        ("2026-01", 9, 20),
        ("2026-02", 0, 0),
    ]
    assert [item["minutes"] for item in view["items"]] == [1, 1, 0]
    for query, code in (
        ("?from=2026-02&to=2026-01", "bad_month"),
        ("?from=1000-01&to=2026-01", "bad_month"),
        ("?to=0000-01", "bad_month"),
        ("?from=2026-13", "invalid"),
        ("?from=x", "invalid"),
    ):
        status, reply, _ = await bench.call("GET", f"/admin/usage{query}", token)
        assert (status, reply["code"]) == (422, code), query


async def test_the_file_says_the_same(bench: Bench) -> None:
    token = await admin(bench)
    await a_call(bench, utc_now(), 60)
    status, raw, headers = await bench.call("GET", "/admin/usage.csv?separator=semicolon", token)
    assert status == 200 and "usage.csv" in headers["Content-Disposition"]
    rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig")), delimiter=";"))
    assert rows[0] == ["month", "peak users", "licences", "calls", "answered", "minutes"]
    assert rows[-1][1:] == ["4", "", "1", "1", "1"] and len(rows) == 13


async def test_the_operators_file_has_every_customer(bench: Bench) -> None:
    platform = Tenant(name="Platform", kind="platform")
    features = bench.gateway.features
    async with features.storage.index(write=True) as index:
        await index.create_tenant(platform)
    await appoint(bench, "operator", "olga@platform.test", platform.id)
    token = (await bench.login("olga@platform.test"))["access_token"]
    await features.tenants.usage.count_all()
    status, raw, _ = await bench.call("GET", "/operator/usage.csv", token)
    assert status == 200
    rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"))))
    assert {row[0] for row in rows[1:]} == {"Example GmbH", "Other AG"}
    assert {row[3] for row in rows[1:] if row[0] == "Example GmbH"} == {"3"}


async def test_each_month_keeps_the_licences_that_it_ended_with(bench: Bench) -> None:
    features, tenant_id = bench.gateway.features, bench.demo.tenant_id
    clock = [datetime(2026, 1, 30, 12, tzinfo=UTC)]
    service = UsageService(features.storage, lambda: clock[-1])
    for at, licences in (
        (datetime(2026, 1, 30, 12, tzinfo=UTC), 10),
        (datetime(2026, 1, 31, 12, tzinfo=UTC), 20),
        (datetime(2026, 2, 1, 12, tzinfo=UTC), 30),
        (datetime(2026, 2, 3, 12, tzinfo=UTC), None),
        (datetime(2026, 3, 1, 12, tzinfo=UTC), 5),
    ):
        async with features.storage.write(tenant_id) as db:
            tenant = await db.tenant()
            assert tenant is not None
            tenant.licences = licences
        clock.append(at)
        await service.count(tenant_id)
    own = [row async for row in service.file(tenant_id, "2026-01", "2026-03", ",")]
    every = [row async for row in service.file_of_all("2026-01", "2026-03", ",")]
    wanted = [("2026-01", "20"), ("2026-02", ""), ("2026-03", "5")]
    rows = list(csv.reader(io.StringIO(b"".join(own).decode("utf-8-sig"))))
    assert [(row[0], row[2]) for row in rows[1:]] == wanted
    rows = list(csv.reader(io.StringIO(b"".join(every).decode("utf-8-sig"))))
    assert rows[0][4] == "licences"
    ours = [row for row in rows if row[1] == tenant_id]
    assert [(row[2], row[4]) for row in ours] == wanted
