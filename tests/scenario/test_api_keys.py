"""API keys: whole or worthless, two for a change-over, dead when revoked, replaced or expired."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import col

from gateway.admin_ports import Principal, system
from gateway.bus import ApiKeyRevoked
from gateway.credentials import api_key
from gateway.features.api_keys.models import NewKey
from gateway.ports import Problem
from gateway.storage.ids import utc_now
from gateway.storage.models import ApiKey, Tenant, User
from gateway.storage.tables.audit import AuditEntry
from tests.support.gateway_platform import Bench

INSTANCE = "11111111-2222-4333-8444-555555555555"


def session_body(**changes: Any) -> dict[str, Any]:
    return {"instance": INSTANCE, "version": "0.1.0", "profile": "business", **changes}


async def open_session(bench: Bench, key: str, **changes: Any) -> tuple[int, Any]:
    status, body, _ = await bench.call(
        "POST", "/connector/session", key, json=session_body(**changes)
    )
    return status, body


def somebody(bench: Bench, tenant: str = "") -> Principal:
    return system(tenant or bench.demo.tenant_id, "test")


def of_site(bench: Bench, **changes: Any) -> NewKey:
    return NewKey(**{"name": "new", "kind": "connector", "site_id": bench.demo.site_id, **changes})


async def admin(bench: Bench, role: str = "admin") -> str:
    """Anna as administrator: her token."""
    async with bench.gateway.features.storage.write(bench.demo.tenant_id) as db:
        await db.update(User, User.email == "anna@example.test", role=role)
    return str((await bench.login())["access_token"])


def ended(bench: Bench) -> list[str]:
    """Ids of keys whose end is told on the bus, as links hear it."""
    told: list[str] = []
    bench.gateway.features.bus.subscribe(ApiKeyRevoked, lambda event: told.append(event.key_id))
    return told


# -- by the service --------------------------------------------------------------------------------
async def test_only_the_whole_key_counts(bench: Bench) -> None:
    unknown = api_key.new_key().text
    key_id = api_key.key_id_of(bench.api_key)
    body = f"gwc_{key_id}_{'0' * 43}"
    guessed = f"{body}_{api_key._checksum(body)}"
    assert api_key.key_id_of(guessed) == key_id  # well-formed, known id, wrong secret
    for wrong in (unknown, guessed, bench.api_key[:-1], bench.api_key + "x", "gwc_"):
        status, answer = await open_session(bench, wrong)
        assert (status, answer["code"]) == (401, "key_refused")


async def test_two_keys_may_live_for_a_change_over(bench: Bench) -> None:
    keys = bench.gateway.features.keys
    _, second = await keys.create(somebody(bench), of_site(bench))
    assert (await open_session(bench, second))[0] == 200
    assert (await open_session(bench, bench.api_key))[0] == 200
    with pytest.raises(Problem, match="409"):
        await keys.create(somebody(bench), of_site(bench))
    old = await keys.verify(bench.api_key)
    assert old is not None
    await keys.revoke(somebody(bench), old.key_id)
    assert await keys.create(somebody(bench), of_site(bench))


async def test_another_tenant_cannot_revoke(bench: Bench) -> None:
    keys = bench.gateway.features.keys
    mine = await keys.verify(bench.api_key)
    assert mine is not None
    for act in (
        keys.revoke(somebody(bench, bench.other_tenant), mine.key_id),
        keys.regenerate(somebody(bench, bench.other_tenant), mine.key_id, 0),
        keys.create(somebody(bench, bench.other_tenant), of_site(bench)),
    ):
        with pytest.raises(Problem, match=r"404|422"):
            await act
    assert await keys.verify(bench.api_key) == mine


async def test_use_and_expiry(bench: Bench) -> None:
    storage, tenant = bench.gateway.features.storage, bench.demo.tenant_id
    await open_session(bench, bench.api_key)
    async with storage.write(tenant) as db:
        row = await db.first(ApiKey)
        assert row is not None and row.last_used is not None
        row.expires_at = utc_now() - timedelta(seconds=1)
    assert (await open_session(bench, bench.api_key))[0] == 401


async def test_a_revoked_key_ends_its_tokens_and_tells_the_edge(bench: Bench) -> None:
    features = bench.gateway.features
    _, session = await open_session(bench, bench.api_key)
    told: list[tuple[str, str]] = []
    features.tokens.on_revoked(lambda site, key: told.append((site, key)))
    identity = await features.keys.verify(bench.api_key)
    assert identity is not None
    await features.keys.revoke(somebody(bench), identity.key_id)
    assert told == [(bench.demo.site_id, identity.key_id)]
    assert await features.tokens.verify(session["token"]) is None
    assert (await open_session(bench, bench.api_key))[0] == 401
    with pytest.raises(Problem, match="404"):
        await features.keys.revoke(somebody(bench), identity.key_id)


async def test_a_key_that_a_link_lives_by_ends_at_its_moment(bench: Bench) -> None:
    """Nobody looks at it, and yet its end is told within a second."""
    features, over = bench.gateway.features, asyncio.Event()
    features.bus.subscribe(ApiKeyRevoked, lambda _: over.set())
    _, session = await open_session(bench, bench.api_key)
    async with features.storage.write(bench.demo.tenant_id) as db:
        await db.update(ApiKey, expires_at=utc_now() + timedelta(seconds=1.5))
    assert await features.tokens.verify(session["token"]) is not None
    async with asyncio.timeout(5):
        await over.wait()
    assert await features.tokens.verify(session["token"]) is None


async def test_a_suspended_tenants_links_last_until_they_are_cut(bench: Bench) -> None:
    features, tenant = bench.gateway.features, bench.demo.tenant_id
    _, session = await open_session(bench, bench.api_key)

    async def become(status: str) -> None:
        async with features.storage.write(tenant) as db:
            row = await db.tenant()
            assert isinstance(row, Tenant)
            row.status = status

    await become("suspended")
    status, answer = await open_session(bench, bench.api_key)
    assert (status, answer["code"]) == (403, "tenant_suspended")
    assert await features.tokens.verify(session["token"]) is not None, "calls may end in peace"
    told = ended(bench)
    await features.keys.cut_links(tenant)
    assert told == [api_key.key_id_of(bench.api_key)]
    assert await features.tokens.verify(session["token"]) is None
    await become("active")
    assert await features.tokens.verify(session["token"]) is not None


async def test_who_shows_wrong_keys_is_slowed_down_the_right_one_is_not(bench: Bench) -> None:
    for _ in range(40):
        assert (await open_session(bench, bench.api_key))[0] == 200
    answers = {(await open_session(bench, api_key.new_key().text))[0] for _ in range(32)}
    assert answers == {401, 429}


# -- by the API ------------------------------------------------------------------------------------
async def test_an_admin_makes_a_key_sees_it_once_and_revokes_it(bench: Bench) -> None:
    token = await admin(bench)
    wanted = {"name": "second", "kind": "connector", "site_id": bench.demo.site_id}
    status, made, _ = await bench.call("POST", "/admin/keys", token, json=wanted)
    assert status == 201
    key, text = made["key"], made["text"]
    assert api_key.key_id_of(text) == key["id"] and text.startswith(key["prefix"] + "_")
    assert (key["state"], key["kind"], key["scopes"]) == ("active", "connector", ["connector"])
    assert key["site"] == {"id": bench.demo.site_id, "name": "Head office"}
    assert key["created_by"]["name"] == "Anna König" and key["last_used"] is None
    assert (await open_session(bench, text))[0] == 200
    status, listed, _ = await bench.call("GET", "/admin/keys", token)
    assert [row["name"] for row in listed["items"]] == ["second", "demo"]
    assert listed["items"][0]["last_used"] is not None
    assert text not in str(listed) and "scim" in listed["scopes"]
    told = ended(bench)
    assert (await bench.call("DELETE", f"/admin/keys/{key['id']}", token))[0] == 204
    assert told == [key["id"]]
    assert (await open_session(bench, text))[0] == 401
    _, listed, _ = await bench.call("GET", "/admin/keys", token)
    assert listed["items"][0]["state"] == "revoked"
    assert (await bench.call("DELETE", f"/admin/keys/{key['id']}", token))[0] == 404


@pytest.mark.parametrize("hours", [0, 1, 24])
async def test_regenerate_stops_the_old_key_at_once_or_after_the_change_over(
    bench: Bench, hours: int
) -> None:
    token, told = await admin(bench), ended(bench)
    old = api_key.key_id_of(bench.api_key)
    path = f"/admin/keys/{old}/regenerate"
    status, made, _ = await bench.call("POST", path, token, json={"change_over_hours": hours})
    assert status == 201 and made["key"]["name"] == "demo"
    assert (await open_session(bench, made["text"]))[0] == 200
    assert (await open_session(bench, bench.api_key))[0] == (200 if hours else 401)
    assert told == ([] if hours else [old])
    _, listed, _ = await bench.call("GET", "/admin/keys", token)
    row = next(row for row in listed["items"] if row["id"] == old)
    assert row["replaced_by"] == made["key"]["id"]
    assert row["state"] == ("expiring" if hours else "revoked")
    status, again, _ = await bench.call("POST", path, token, json={"change_over_hours": hours})
    assert (status, again["code"]) == ((409, "key_replaced") if hours else (404, "not_found"))


async def test_an_admin_key_does_what_its_scopes_say(bench: Bench) -> None:
    token = await admin(bench)
    wanted = {"name": "status", "kind": "admin", "scopes": ["connector.read"], "expires_in": 86400}
    status, made, _ = await bench.call("POST", "/admin/keys", token, json=wanted)
    assert status == 201 and made["key"]["state"] == "expiring"  # a day is soon
    assert (await bench.call("GET", "/admin/sites", made["text"]))[0] == 200
    status, refused, _ = await bench.call("GET", "/admin/keys", made["text"])
    assert (status, refused["code"]) == (403, "permission_missing")
    assert (await open_session(bench, made["text"]))[0] == 403


@pytest.mark.parametrize(
    "wanted",
    [
        {"name": "x", "kind": "connector"},
        {"name": "x", "kind": "admin"},
        {"name": "x", "kind": "admin", "scopes": ["keys.write"]},
        {"name": "x", "kind": "admin", "scopes": ["platform"]},
        {"name": "x", "kind": "admin", "scopes": ["connector"]},
        {"name": "x", "kind": "connector", "site_id": "{site}", "scopes": ["scim"]},
        {"name": "x", "kind": "connector", "site_id": "nowhere"},
        {"name": "a\nb", "kind": "connector", "site_id": "{site}"},
        {"name": "x", "kind": "connector", "site_id": "{site}", "expires_in": 1},
    ],
)
async def test_what_a_key_cannot_be(bench: Bench, wanted: dict[str, Any]) -> None:
    token = await admin(bench)
    said = {k: bench.demo.site_id if v == "{site}" else v for k, v in wanted.items()}
    status, answer, _ = await bench.call("POST", "/admin/keys", token, json=said)
    assert status == 422 and answer["code"] in ("invalid", "site_unknown")


async def test_help_desk_and_users_see_no_keys(bench: Bench) -> None:
    for role in ("user", "help_desk"):
        token = await admin(bench, role)
        assert (await bench.call("GET", "/admin/keys", token))[0] == 403
        path = f"/admin/keys/{api_key.key_id_of(bench.api_key)}"
        assert (await bench.call("DELETE", path, token))[0] == 403


async def test_a_key_is_in_no_log_no_audit_and_no_database(
    bench: Bench, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    token = await admin(bench)
    wanted = {"name": "hidden", "kind": "connector", "site_id": bench.demo.site_id}
    headers = {"Idempotency-Key": "key-once"}
    _, made, _ = await bench.call("POST", "/admin/keys", token, json=wanted, headers=headers)
    text = made["text"]
    await open_session(bench, text)
    await open_session(bench, text + "x")
    path = f"/admin/keys/{made['key']['id']}/regenerate"
    _, newer, _ = await bench.call("POST", path, token, json={"change_over_hours": 0})
    await bench.call("DELETE", f"/admin/keys/{newer['key']['id']}", token)
    features = bench.gateway.features
    async with features.storage.read(bench.demo.tenant_id) as db:
        in_order = [col(AuditEntry.number)]
        entries = await db.find(AuditEntry, AuditEntry.target == "key", order_by=in_order)
    assert [row.action for row in entries] == ["key.create", "key.regenerate", "key.revoke"]
    captured = capfd.readouterr()
    said = captured.out + captured.err + caplog.text + "".join(repr(row) for row in entries)
    assert "api_key.revoked" in said
    dumped = await dump(bench)
    for key in (text, newer["text"], bench.api_key):
        secret = key.split("_")[2]
        assert secret not in said
        assert secret not in dumped


async def dump(bench: Bench) -> str:
    """Everything that is in the tables, of whatever kind."""
    from sqlalchemy import MetaData, select

    async with bench.gateway.features.storage.engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            from sqlalchemy import text

            said = {"tenant": bench.demo.tenant_id}
            await connection.execute(text("SELECT set_config('app.tenant', :tenant, true)"), said)
        tables = MetaData()
        await connection.run_sync(tables.reflect)
        rows = [
            repr(tuple(row))
            for table in tables.sorted_tables
            for row in await connection.execute(select(table))
        ]
    return "\n".join(rows)
