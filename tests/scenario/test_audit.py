"""The audit over HTTP: what administrators did is listed, filed and proven."""

from __future__ import annotations

import csv
import io

from gateway.admin_ports import Principal
from gateway.permissions import Permission
from tests.support.callers import key, signed_in
from tests.support.gateway_platform import Bench

MARKUP = "<img src=x onerror=alert(1)>"


async def acts(bench: Bench, tenant_id: str, *names: str) -> None:
    who = Principal(tenant_id, "user", "ada", "=Ada", client_ip="192.0.2.7")
    features = bench.gateway.features
    async with features.storage.write(tenant_id) as db:
        for name in names:
            after = {"name": name}
            await features.audit.record(
                db, who, "person.create", "person", name, target_name=name, after=after
            )


async def test_an_admin_reads_files_and_proves_the_audit(bench: Bench) -> None:
    ada = await signed_in(bench, "admin", "ada@walls.test")
    _, start, _ = await bench.call("GET", "/admin/audit", ada)
    already = len(start["items"])
    await acts(bench, bench.demo.tenant_id, "Berta", MARKUP, "Carla")
    await acts(bench, bench.other_tenant, "Mallory")
    status, page, headers = await bench.call("GET", "/admin/audit?who=ada&limit=2", ada)
    assert status == 200
    assert [item["target"]["name"] for item in page["items"]] == ["Carla", MARKUP]
    assert page["items"][0]["after"] == {"name": "Carla"}
    # Markup is data: JSON, which no browser takes for a page.
    assert headers["Content-Type"].startswith("application/json")
    assert headers["X-Content-Type-Options"] == "nosniff"
    cursor = page["next_cursor"]
    _, rest, _ = await bench.call("GET", f"/admin/audit?who=ada&cursor={cursor}", ada)
    assert [item["target"]["name"] for item in rest["items"]] == ["Berta"]
    status, raw, headers = await bench.call("GET", "/admin/audit.csv?who=ada", ada)
    assert status == 200 and headers["Content-Type"].startswith("text/csv")
    assert "attachment" in headers["Content-Disposition"]
    rows = list(csv.reader(io.StringIO(raw.decode().removeprefix("\ufeff"))))
    assert [row[9] for row in rows[1:]] == ["Carla", MARKUP, "Berta"]
    assert {row[2] for row in rows[1:]} == {"'=Ada"}
    status, verdict, _ = await bench.call("POST", "/admin/audit/verify", ada, json={})
    assert status == 200 and verdict["whole"] is True and verdict["last"] == already + 3
    noted = {"number": verdict["last"], "digest": verdict["digest"]}
    await acts(bench, bench.demo.tenant_id, "Dora")
    body = {"noted": noted}
    _, verdict, _ = await bench.call("POST", "/admin/audit/verify", ada, json=body)
    assert verdict["whole"] is True and verdict["last"] == already + 4
    forged = {"noted": {**noted, "digest": "0" * 64}}
    _, verdict, _ = await bench.call("POST", "/admin/audit/verify", ada, json=forged)
    assert verdict["whole"] is False and verdict["fault"] == "not_as_noted"


async def test_a_key_reads_it_by_its_scope(bench: Bench) -> None:
    await acts(bench, bench.demo.tenant_id, "Berta")
    reader = await key(bench, {Permission.AUDIT_READ})
    status, page, _ = await bench.call("GET", "/admin/audit?target_id=Berta", reader)
    assert status == 200 and len(page["items"]) == 1
    other = await key(bench, {Permission.PEOPLE_READ})
    status, refused, _ = await bench.call("GET", "/admin/audit", other)
    assert (status, refused["code"]) == (403, "permission_missing")


async def test_what_no_filter_means_is_refused(bench: Bench) -> None:
    ada = await signed_in(bench, "admin", "ada@walls.test")
    for query in (
        "since=yesterday",
        "since=2026-01-01T00:00:00",  # of which zone?
        "since=0001-01-01T00:00:00%2B14:00",
        "until=9999-12-31T23:59:59-14:00",
        "limit=0",
        "limit=99999999999999999999",
        "cursor=x",
        "tenant_id=1",
        "who=%00",
    ):
        status, refused, _ = await bench.call("GET", f"/admin/audit?{query}", ada)
        assert status == 422, (query, refused)
    status, _, _ = await bench.call("GET", "/admin/audit.csv?time_zone=../../etc/passwd", ada)
    assert status == 422
