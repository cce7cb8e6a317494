"""Names that are markup or formulas: stored as they are, and harmless wherever they come out."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from gateway.http.endpoint import API_PREFIX, endpoints_of
from gateway.http.openapi import APIS
from gateway.permissions import Permission
from gateway.ports import Numbers, UserKey
from gateway.storage.ids import new_id, utc_now
from gateway.storage.models import Tenant
from gateway.storage.tables.notices import UsageDay
from tests.support.callers import signed_in
from tests.support.gateway_platform import Bench, open_bench

NAMES = (
    "<img src=x onerror=alert(1)>",
    "</script><script>alert(1)</script>",
    '"><svg onload=alert(1)>',
    "{{7*7}}${7*7}",
    '=HYPERLINK("http://evil.example";"x")',
    "+1+1",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)",
    ";=1+1",
    "\uff1d1+1",
)
LISTS = [
    API_PREFIX + declared.path
    for api in APIS
    for declared in endpoints_of(api)
    if declared.method == "GET" and "{" not in declared.path and declared.reply is not None
]
FILES = [
    API_PREFIX + declared.path
    for api in APIS
    for declared in endpoints_of(api)
    if declared.file_type == "text/csv"
    and "{" not in declared.path
    and declared.permission is not Permission.PLATFORM  # has no names of the tenant's people
]


@pytest.fixture
async def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Bench]:
    async with open_bench(tmp_path, monkeypatch) as opened:
        yield opened


async def hostile_company(bench: Bench) -> str:
    """People, a caller, keys and a company with such names; an admin's token."""
    admin = await signed_in(bench, "admin", "ada@walls.test")
    for number, name in enumerate(NAMES):
        person = {"email": f"p{number}@walls.test", "name": name, "department": name[:60]}
        status, reply, _ = await bench.call("POST", "/admin/people", admin, json=person)
        assert status == 201 and reply["name"] == name.strip(), reply
        wanted = {"name": name[:60], "kind": "admin", "scopes": ["audit.read"]}
        status, reply, _ = await bench.call("POST", "/admin/keys", admin, json=wanted)
        assert status in (201, 409), reply
        contact = {"name": name, "numbers": [{"kind": "work", "number": f"+4989555012{number:02}"}]}
        status, reply, _ = await bench.call("POST", "/admin/contacts", admin, json=contact)
        assert status == 201, reply
    _, me, _ = await bench.call("GET", "/me", admin)
    ada, journal = UserKey(bench.demo.tenant_id, me["user"]["id"]), bench.gateway.features.journal
    for name in NAMES:
        call_id = new_id()
        await journal.open(
            ada,
            call_id,
            direction="in",
            numbers=Numbers(name, name, name),
            name=name,
            started_at=utc_now(),
        )
        await journal.settle(
            ada,
            call_id,
            kind="missed",
            reason="no_answer",
            name=None,
            device_id=None,
            ended_at=utc_now(),
            duration_ms=0,
        )
    return admin


async def test_markup_is_only_ever_data(bench: Bench) -> None:
    """JSON that no browser takes for a page, under a policy that runs nothing inline."""
    admin = await hostile_company(bench)
    shown = 0
    for path in LISTS:
        status, body, headers = await bench.call("GET", "/" + path, admin)
        if status != 200:
            assert status in (401, 403, 422), (path, body)
            continue
        shown += NAMES[0] in str(body)
        assert headers["Content-Type"].startswith("application/json"), path
        assert headers["X-Content-Type-Options"] == "nosniff", path
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy and "unsafe-inline" not in policy, path
    assert shown >= 5


async def test_no_cell_of_any_file_is_a_formula(bench: Bench) -> None:
    admin = await hostile_company(bench)
    seen = set()
    for path in FILES:
        for word, sign in (("comma", ","), ("semicolon", ";")):
            status, raw, headers = await bench.call("GET", f"/{path}?separator={word}", admin)
            assert status == 200, (path, raw)
            assert headers["Content-Disposition"].startswith("attachment"), path
            text = no_formula(raw)
            rows = csv.reader(io.StringIO(text), delimiter=sign)
            if any("evil.example" in cell for row in rows for cell in row):
                seen.add(path)
    assert len(seen) >= 3, seen


async def test_what_others_are_called_is_no_formula_either(bench: Bench) -> None:
    """Files of those whom somebody picked, and the operator's, whose tenants name themselves."""
    admin = await hostile_company(bench)
    _, people, _ = await bench.call("GET", "/admin/people?limit=100", admin)
    ids = [one["id"] for one in people["items"] if one["name"] in NAMES]
    assert len(ids) == len(NAMES)
    status, raw, _ = await bench.call("POST", "/admin/people.csv", admin, json={"ids": ids})
    assert status == 200 and "evil.example" in no_formula(raw)
    month = utc_now().strftime("%Y-%m")
    for name in NAMES:
        tenant = Tenant(name=name, status="active", language="en")
        async with bench.gateway.features.storage.index(write=True) as index:
            await index.create_tenant(tenant)
        async with bench.gateway.features.storage.write(tenant.id) as db:
            await db.add(UsageDay(tenant_id=tenant.id, day=f"{month}-01", users=1, calls=1))
    platform = Tenant(name="Platform", kind="platform", status="active", language="en")
    async with bench.gateway.features.storage.index(write=True) as index:
        await index.create_tenant(platform)
    operator = await signed_in(bench, "operator", "olga@platform.test", platform.id)
    for separator in ("comma", "semicolon"):
        path = f"/operator/usage.csv?separator={separator}"
        status, raw, _ = await bench.call("GET", path, operator)
        assert status == 200 and "evil.example" in no_formula(raw)


def no_formula(raw: bytes) -> str:
    """Whatever separator the reader's spreadsheet is set to."""
    text = raw.decode().removeprefix("\ufeff")
    for read_by in ",;\t":
        for row in csv.reader(io.StringIO(text), delimiter=read_by):
            for cell in row:
                plain = cell.strip().strip('"')
                assert plain[:1] not in tuple("=+-@\t\r\uff1d") or plain == "-", cell
    return text
