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
from gateway.storage.ids import utc_now
from gateway.storage.models import Tenant
from gateway.storage.tables.notices import UsageDay
from tests.support.callers import signed_in
from tests.support.gateway_platform import Bench, open_bench
from tests.support.hostile_company import NAMES, hostile_company

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
