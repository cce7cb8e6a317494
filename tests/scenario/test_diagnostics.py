"""Diagnostics: sent by a user, redacted here, read by who may, gone after 30 days."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from gateway.features.diagnostics import service as module
from gateway.storage.ids import utc_now
from gateway.storage.storage import Storage
from gateway.storage.tables.diagnostics import DiagnosticsBundle
from tests.support.callers import signed_in
from tests.support.gateway_platform import PASSWORD, PBX_PASSWORD, Bench, open_bench

pytestmark = pytest.mark.asyncio


@pytest.fixture
async def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Bench]:
    monkeypatch.setattr(module, "SENT_PER_HOUR", 12)
    monkeypatch.setattr(module, "MOST", 8)
    async with open_bench(tmp_path, monkeypatch) as opened:
        yield opened


async def send(bench: Bench, token: str, bundle: Any, note: str = "", **sent: Any) -> Any:
    body = {"source": "webapp", "note": note, "bundle": bundle, **sent}
    status, reply, _ = await bench.call("POST", "/diagnostics", token, json=body)
    assert status == 201, reply
    return reply


async def listed(bench: Bench, token: str, path: str = "/admin/diagnostics") -> list[Any]:
    status, page, _ = await bench.call("GET", f"{path}?limit=100", token)
    assert status == 200, page
    items: list[Any] = page["items"]
    return items


async def test_a_list_reads_no_contents(bench: Bench) -> None:
    token = (await bench.login())["access_token"]
    admin = await signed_in(bench, "admin", "ada@help.test")
    await send(bench, token, {"link": "lost"})
    asked: list[str] = []
    engine = bench.gateway.features.storage.engine.sync_engine

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if "FROM diagnostics_bundle" in statement:
            asked.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    (one,) = await listed(bench, admin)
    assert asked and not any("content" in statement for statement in asked)
    assert (await bench.call("GET", f"/admin/diagnostics/{one['id']}", admin))[1]["link"] == "lost"
    assert "content" in asked[-1]


async def test_a_bundle_full_of_secrets_is_stored_without_them(bench: Bench) -> None:
    grant = await bench.login()
    token, admin = grant["access_token"], await signed_in(bench, "admin", "ada@help.test")
    bundle = {
        "password": PASSWORD,
        "log": [
            {"now": f"authorization: Bearer {token}"},
            {"now": f"key {bench.api_key} of sip:101@pbx.example.test"},
            {"now": f"refresh {grant['refresh_token']}"},
            {"now": "a=ice-pwd:x9cml/YzichV2+XlhiMu8g"},
            {"now": "INVITE tel:+49895550199 from 192.168.3.7"},
        ],
        "turn": {"credential": PBX_PASSWORD, "username": "1700000000:anna"},
        "calls": [{"remote": {"name": "Berta Schulz", "number": "+49 89 555 0102"}}],
        "anna@example.test": {"token_of_push": "abc"},
        "link": "reconnecting",
    }
    note = "Berta at +49 89 555 0102 hears nothing, my password is=hunter2"
    taken = await send(bench, token, bundle, note)
    assert taken["redacted"] >= 10
    (one,) = await listed(bench, admin)
    assert one["sender"] == {"id": bench.demo.users["anna@example.test"], "name": "Anna König"}
    assert one["note"].startswith("Berta at …02 hears nothing") and "0102" not in one["note"]
    assert (one["reference"], one["redacted"]) == (taken["reference"], taken["redacted"])
    status, raw, headers = await bench.call("GET", f"/admin/diagnostics/{one['id']}", admin)
    assert status == 200 and raw["link"] == "reconnecting"
    assert headers["Content-Disposition"] == (
        f'attachment; filename="diagnostics-{one["reference"]}.json"'
    )
    assert headers["X-Content-Type-Options"] == "nosniff"
    async with bench.gateway.features.storage.read(bench.demo.tenant_id) as db:
        (row,) = await db.find(DiagnosticsBundle)
    for text in (json.dumps(raw, ensure_ascii=False), row.content + row.note):
        for secret in (
            *(PASSWORD, token, bench.api_key, grant["refresh_token"], PBX_PASSWORD),
            *("x9cml", "5550199", "0102", "192.168.3.7", "Berta Schulz", "anna@", "101@", "abc"),
        ):
            assert secret not in text, secret


async def test_who_may_reads_it_and_the_audit_says_so(bench: Bench) -> None:
    token = (await bench.login("berta@example.test"))["access_token"]
    taken = await send(bench, token, {"link": "online"}, "no sound", source="portal")
    assert (await bench.call("GET", "/admin/diagnostics", token))[0] == 403
    help_desk = await signed_in(bench, "help_desk", "hugo@help.test")
    assert [one["note"] for one in await listed(bench, help_desk)] == ["no sound"]
    operator = await signed_in(bench, "operator", "olga@platform.test", await platform(bench))
    path = f"/operator/tenants/{bench.demo.tenant_id}/diagnostics"
    (one,) = await listed(bench, operator, path)
    assert one["reference"] == taken["reference"] and one["source"] == "portal"
    assert "sender" not in one and "note" not in one
    assert (await bench.call("GET", f"{path}/{one['id']}", operator))[1] == {"link": "online"}
    nowhere = f"/operator/tenants/{bench.other_tenant}/diagnostics/{one['id']}"
    assert (await bench.call("GET", nowhere, operator))[0] == 404
    unknown = "/operator/tenants/00000000-0000-7000-8000-000000000000/diagnostics"
    assert (await bench.call("GET", unknown, operator))[0] == 404
    admin = await signed_in(bench, "admin", "ada@help.test")
    _, audit, _ = await bench.call("GET", "/admin/audit?action=diagnostics", admin)
    acts = [(entry["action"], entry["who"]["kind"]) for entry in audit["items"]]
    assert acts == [("diagnostics.read", "operator"), ("diagnostics.send", "user")]
    assert {entry["target"]["name"] for entry in audit["items"]} == {taken["reference"]}


async def test_it_ends_after_30_days_and_the_newest_take_the_room(bench: Bench) -> None:
    features = bench.gateway.features
    admin = await signed_in(bench, "admin", "ada@help.test")
    anna = (await bench.login())["access_token"]
    berta = (await bench.login("berta@example.test"))["access_token"]
    first = await send(bench, berta, {"n": 0})
    sent = [await send(bench, anna, {"n": n}) for n in range(7)]
    kept = [one["id"] for one in await listed(bench, admin)]
    assert kept == [*(one["id"] for one in reversed(sent[2:])), first["id"]]
    others = [await send(bench, berta, {"n": n}) for n in range(3)]
    kept = [one["id"] for one in await listed(bench, admin)]
    newest = [*reversed(others), *reversed(sent[2:])]
    assert kept == [one["id"] for one in newest], "eight in all: the oldest went"
    await age(features.storage, bench.demo.tenant_id, sent[4]["id"], timedelta(days=30))
    kept = [one["id"] for one in await listed(bench, admin)]
    assert sent[4]["id"] not in kept and len(kept) == 7, "not shown any more"
    gone = await bench.call("GET", f"/admin/diagnostics/{sent[4]['id']}", admin)
    assert (gone[0], gone[1]["code"]) == (404, "diagnostics_unknown")
    await features.diagnostics.purge()
    async with features.storage.read(bench.demo.tenant_id) as db:
        assert sorted(row.id for row in await db.find(DiagnosticsBundle)) == sorted(kept)


async def test_size_shape_and_pace_are_limited(bench: Bench) -> None:
    token = (await bench.login())["access_token"]
    for body, expected in (
        ({"source": "webapp", "bundle": {}}, 422),
        ({"source": "elsewhere", "bundle": {"a": 1}}, 422),
        ({"source": "webapp", "bundle": ["a"]}, 422),
        ({"source": "webapp", "bundle": {"a": 1}, "note": "x" * 501}, 422),
        ({"source": "webapp", "bundle": {"a": "x" * 65_536}}, 413),
    ):
        status, reply, _ = await bench.call("POST", "/diagnostics", token, json=body)
        assert status == expected, reply
    for _ in range(12):
        await send(bench, token, {"a": 1})
    status, reply, _ = await bench.call(
        "POST", "/diagnostics", token, json={"source": "webapp", "bundle": {"a": 1}}
    )
    assert (status, reply["code"]) == (429, "rate_limited")


async def test_where_the_storage_is_full_nothing_is_taken_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "SENT_PER_HOUR", 50)
    monkeypatch.setattr(module, "MOST_OF_ONE", 50)
    async with open_bench(tmp_path, monkeypatch, {"quotas": {"storage_mb": 1}}) as bench:
        token = (await bench.login())["access_token"]
        body = {"source": "webapp", "bundle": {"log": ["quiet words " * 5_000]}}
        answers = []
        for _ in range(25):
            status, reply, _ = await bench.call("POST", "/diagnostics", token, json=body)
            answers.append((status, reply.get("code")))
        # What comes in while the gateway measures at its start may count twice until the next time.
        assert answers[:8] == [(201, None)] * 8
        assert answers[-1] == (507, "storage_full")


async def age(storage: Storage, tenant_id: str, bundle_id: str, by: timedelta) -> None:
    async with storage.write(tenant_id) as db:
        old = utc_now() - by
        await db.update(DiagnosticsBundle, DiagnosticsBundle.id == bundle_id, created_at=old)


async def platform(bench: Bench) -> str:
    from gateway.storage.models import Tenant

    own = Tenant(name="Platform", kind="platform", status="active", language="en")
    async with bench.gateway.features.storage.index(write=True) as index:
        await index.create_tenant(own)
    return own.id
