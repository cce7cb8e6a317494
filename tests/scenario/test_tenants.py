"""A tenant's life over real HTTP: invited by letter, active, suspended, exported, erased."""

from __future__ import annotations

import asyncio
import io
import json
import re
import zipfile
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from sqlalchemy import update

from gateway.admin_ports import Principal, TenantQuotas
from gateway.bus import Bus
from gateway.credentials.secrets import Secrets
from gateway.features.tenants.export import (
    LEFT_OUT,
    SECRET_COLUMNS,
    exported_columns,
    owned_models,
)
from gateway.features.tenants.life import TenantLife
from gateway.features.tenants.models import AdminInvitation
from gateway.features.tenants.watch import TenantWatch
from gateway.outbox import Outbox
from gateway.permissions import PERMISSIONS, Role
from gateway.ports import UserKey
from gateway.storage.erasure import tables_of_tenants
from gateway.storage.ids import utc_now
from gateway.storage.models import ApiKey, Site, Tenant
from gateway.storage.tables.webhooks import Webhook
from tests.support.api_events import a_call
from tests.support.callers import appoint, contents
from tests.support.gateway_platform import PASSWORD, PBX_PASSWORD, Bench, open_bench
from tests.support.mail_server import MailServer, mail_server, text_of

OPERATOR = "olga@platform.test"


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[MailServer]:
    (tmp_path / "mail").mkdir()
    async with mail_server(tmp_path / "mail") as opened:
        yield opened


@pytest.fixture
async def bench(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, server: MailServer
) -> AsyncIterator[Bench]:
    mail = {
        "host": "localhost",
        "port": server.port,
        "ca_file": server.ca_file,
        "sender": "Offhook <noreply@platform.test>",
    }
    (tmp_path / "gateway").mkdir()
    async with open_bench(tmp_path / "gateway", monkeypatch, {"mail": mail}) as opened:
        yield opened


async def operator(bench: Bench) -> str:
    """An access token of the platform's operator."""
    platform = Tenant(name="Platform", kind="platform")
    async with bench.gateway.features.storage.index(write=True) as index:
        await index.create_tenant(platform)
    await appoint(bench, "operator", OPERATOR, platform.id)
    return str((await bench.login(OPERATOR))["access_token"])


async def admin(bench: Bench, email: str = "adele@example.test") -> str:
    await appoint(bench, "admin", email)
    return str((await bench.login(email))["access_token"])


async def refused(bench: Bench, email: str) -> tuple[int, str]:
    body = {"email": email, "password": PASSWORD, "device": {"kind": "api"}}
    status, reply, _ = await bench.call("POST", "/auth/login", json=body)
    return status, reply["code"]


async def test_an_operator_invites_and_the_admin_becomes_active(
    bench: Bench, server: MailServer
) -> None:
    token = await operator(bench)
    new = {
        "name": "Neue GmbH",
        "language": "de",
        "admin": {"email": "nora@neue.test", "name": "Nora Neu"},
        "licences": 2,
    }
    status, made, _ = await bench.call("POST", "/operator/tenants", token, json=new)
    assert status == 201 and made["mail"] == "queued"
    assert made["tenant"]["status"] == "invited" and made["tenant"]["licences"] == 2
    letter = await server.letter("nora@neue.test")
    assert letter["Subject"] == "Neue GmbH: Einladung zur Verwaltung von Offhook"
    link = re.search(r"/welcome#token=(\S+)", text_of(letter))
    assert link is not None
    _, terms, _ = await bench.call("GET", "/terms?language=de")
    assert terms["text"].startswith("# Nutzungsbedingungen")
    accept = {
        "token": link[1],
        "password": "an excellent long secret 7",
        "terms_version": terms["version"],
        "device": {"kind": "api"},
    }
    status, grant, _ = await bench.call("POST", "/auth/invitation/accept", json=accept)
    assert status == 200, grant
    nora = grant["access_token"]
    _, own, _ = await bench.call("GET", "/admin/tenant", nora)
    assert own["status"] == "active" and own["terms_version"] == terms["version"]
    _, overview, _ = await bench.call("GET", "/admin/overview", nora)
    assert overview["verdict"] == "setting_up"
    assert "no_site" in [item["code"] for item in overview["todo"]]
    assert not any(overview["first_steps"].values())
    # The licences that were agreed on count.
    person = {"email": "second@neue.test", "name": "Second"}
    status, _, _ = await bench.call("POST", "/admin/people", nora, json=person)
    assert status == 201
    person = {"email": "third@neue.test", "name": "Third"}
    status, reply, _ = await bench.call("POST", "/admin/people", nora, json=person)
    assert (status, reply["code"]) == (402, "licences_used_up")


async def test_an_address_that_is_taken_makes_no_tenant(bench: Bench) -> None:
    token = await operator(bench)
    _, before, _ = await bench.call("GET", "/operator/tenants", token)
    for email, code in (
        ("anna@example.test", "email_taken"),
        ("no address", "email_invalid"),
        ("jürgen@neue.test", "email_invalid"),
    ):
        new = {"name": "Neue GmbH", "admin": {"email": email}}
        status, reply, _ = await bench.call("POST", "/operator/tenants", token, json=new)
        assert reply["code"] == code and status in (409, 422)
    _, after, _ = await bench.call("GET", "/operator/tenants", token)
    assert after == before


async def test_a_tenant_that_was_left_unfinished_goes(bench: Bench) -> None:
    """The gateway ended between making it and inviting its administrator."""
    features = bench.gateway.features
    long_ago = utc_now() - timedelta(hours=2)
    left = Tenant(name="Left", status="invited", created_at=long_ago)
    fresh = Tenant(name="Fresh", status="invited")
    invited = Tenant(name="Invited", status="invited", created_at=long_ago)
    async with features.storage.index(write=True) as index:
        for tenant in (left, fresh, invited):
            await index.create_tenant(tenant)
    await appoint(bench, "admin", "ina@invited.test", invited.id)
    # the gateway looks for them too, and may have been faster
    assert await features.tenants.life.remove_unfinished() in ([left.id], [])
    async with features.storage.index() as index:
        there = {tenant.name for tenant in await index.tenants()}
    assert {"Fresh", "Invited", "Example GmbH"} <= there and "Left" not in there


async def test_the_list_finds_pages_and_names_nobody(bench: Bench) -> None:
    token = await operator(bench)
    _, page, _ = await bench.call("GET", "/operator/tenants?limit=1", token)
    assert page["total"] == 3 and page["items"][0]["kind"] == "platform"
    _, rest, _ = await bench.call(
        "GET", f"/operator/tenants?limit=50&cursor={page['next_cursor']}", token
    )
    assert {item["name"] for item in rest["items"]} == {"Example GmbH", "Other AG"}
    assert "@" not in json.dumps(rest)
    _, found, _ = await bench.call("GET", "/operator/tenants?q=example", token)
    assert [item["users"] for item in found["items"]] == [3]
    status, _, _ = await bench.call("GET", "/operator/tenants?cursor=x", token)
    assert status == 422
    status, _, _ = await bench.call("GET", f"/operator/tenants/{bench.demo.site_id}", token)
    assert status == 404


async def test_suspension_ends_sessions_and_sockets_and_lets_calls_end(bench: Bench) -> None:
    token = await operator(bench)
    anna = await bench.login()
    phone = await bench.socket(anna["access_token"])
    await phone.next("snapshot")
    key = UserKey(bench.demo.tenant_id, bench.demo.users["anna@example.test"])
    bench.calls.live[key] = [a_call(id="a call")]
    path = f"/operator/tenants/{bench.demo.tenant_id}"
    status, tenant, _ = await bench.call(
        "POST", f"{path}/suspend", token, json={"why": "unpaid bills"}
    )
    assert status == 200
    assert (tenant["status"], tenant["suspended_why"]) == ("suspended", "unpaid bills")
    async with asyncio.timeout(5):
        await phone.gone.wait()
    status, _, _ = await bench.call("GET", "/me", anna["access_token"])
    assert status == 401
    assert await refused(bench, "anna@example.test") == (403, "tenant_suspended")
    # The wrong password is told nothing.
    body = {"email": "anna@example.test", "password": "wrong", "device": {"kind": "api"}}
    status, reply, _ = await bench.call("POST", "/auth/login", json=body)
    assert (status, reply["code"]) == (401, "bad_credentials")
    session = {"instance": bench.demo.site_id, "version": "1", "profile": "business"}
    status, reply, _ = await bench.call("POST", "/connector/session", bench.api_key, json=session)
    assert (status, reply["code"]) == (403, "tenant_suspended")
    status, reply, _ = await bench.call("POST", f"{path}/suspend", token, json={})
    assert (status, reply["code"]) == (409, "already_closed")
    status, tenant, _ = await bench.call("POST", f"{path}/resume", token)
    assert status == 200 and tenant["suspended_why"] == ""
    await bench.login()
    _, audit, _ = await bench.call("GET", "/admin/audit", await admin(bench))
    acts = [item["action"] for item in audit["items"]]
    assert "tenant.suspend" in acts and "tenant.resume" in acts


async def test_what_the_command_line_suspends_is_closed_within_seconds(bench: Bench) -> None:
    """Another process: nothing of this one's memory hears of it."""
    features = bench.gateway.features
    anna = await bench.login()
    phone = await bench.socket(anna["access_token"])
    await phone.next("snapshot")
    elsewhere = TenantLife(
        features.storage,
        features.people.service,
        features.sign_in.letters,
        features.post.mailer,
        features.audit,
        Bus(),
        timedelta(days=30),
    )
    who = Principal("", "operator", "", "root", PERMISSIONS[Role.OPERATOR])
    await elsewhere.suspend(who, bench.demo.tenant_id, "unpaid")
    async with asyncio.timeout(5):
        await phone.gone.wait()


async def test_the_first_operator_accepts_and_runs_the_platform(
    bench: Bench, server: MailServer
) -> None:
    features = bench.gateway.features
    who = Principal("", "operator", "", "root", PERMISSIONS[Role.OPERATOR])
    new = AdminInvitation(email=OPERATOR, name="Olga")
    made = await features.tenants.life.create_operator(who.in_tenant, new)
    letter = await server.letter(OPERATOR)
    assert made.secret in text_of(letter) and made.secret not in repr(made)
    _, terms, _ = await bench.call("GET", "/terms")
    accept = {
        "token": made.secret,
        "password": "an excellent long secret 7",
        "terms_version": terms["version"],
        "device": {"kind": "api"},
    }
    status, grant, _ = await bench.call("POST", "/auth/invitation/accept", json=accept)
    assert status == 200, grant
    status, page, _ = await bench.call("GET", "/operator/tenants", grant["access_token"])
    assert status == 200 and page["total"] == 3
    # Of a tenant's people an operator sees nothing: the list is that of the platform.
    _, people, _ = await bench.call("GET", "/admin/people", grant["access_token"])
    assert [person["email"] for person in people["items"]] == [OPERATOR]


async def test_links_are_cut_when_the_last_call_is_over(bench: Bench) -> None:
    features = bench.gateway.features
    cut: list[str] = []

    class Links:
        async def cut_links(self, tenant_id: str) -> None:
            cut.append(tenant_id)

    token = await operator(bench)
    path = f"/operator/tenants/{bench.demo.tenant_id}"
    assert (await bench.call("POST", f"{path}/suspend", token, json={}))[0] == 200
    watch, live = TenantWatch(features.storage, TenantQuotas()), {bench.demo.tenant_id: 1}
    for calls, expected in ((1, []), (0, [bench.demo.tenant_id]), (0, [bench.demo.tenant_id])):
        live[bench.demo.tenant_id] = calls
        await watch.act(await watch.look(), Links(), lambda tenant: live.get(tenant, 0))
        assert cut == expected


async def test_quotas_are_taken_up_at_once(bench: Bench) -> None:
    token = await operator(bench)
    path = f"/operator/tenants/{bench.demo.tenant_id}/quotas"
    agreed = {"licences": 10, "calls": 3, "sockets": None}
    status, tenant, _ = await bench.call("PUT", path, token, json=agreed)
    assert status == 200 and tenant["quotas"] == {"calls": 3} and tenant["licences"] == 10
    watch = bench.gateway.features.tenants.watch
    await watch.look()
    assert watch.of(bench.demo.tenant_id).calls == 3
    assert watch.of(bench.demo.tenant_id).sockets == watch.of(bench.other_tenant).sockets
    assert watch.of(bench.other_tenant).calls == 200


async def test_an_admin_changes_what_is_theirs(bench: Bench) -> None:
    token = await admin(bench)
    _, before, headers = await bench.call("GET", "/admin/tenant", token)
    change = {"name": "Example AG", "language": "de", "support_email": "help@example.test"}
    status, _, _ = await bench.call("PUT", "/admin/tenant", token, json=change)
    assert status == 428
    tag = {"If-Match": headers["ETag"]}
    status, after, _ = await bench.call("PUT", "/admin/tenant", token, json=change, headers=tag)
    assert status == 200 and after == before | change | {"version": 2}
    status, reply, _ = await bench.call("PUT", "/admin/tenant", token, json=change, headers=tag)
    assert (status, reply["code"]) == (412, "changed_meanwhile")
    bad = change | {"support_email": "nobody"}
    status, reply, _ = await bench.call("PUT", "/admin/tenant", token, json=bad, headers=tag)
    assert (status, reply["code"]) == (422, "email_invalid")
    _, me, _ = await bench.call("GET", "/me", token)
    assert me["tenant"]["support_email"] == "help@example.test"


async def test_the_overview_counts_what_is_there(bench: Bench) -> None:
    token = await admin(bench)
    _, view, _ = await bench.call("GET", "/admin/overview?time_zone=Europe/Berlin", token)
    assert view["verdict"] in ("good", "attention")
    assert view["users"]["total"] == 4 and view["users"]["without_number"] == 1
    assert [one["state"] for one in view["connectors"]] == ["working"]
    # Nothing has connected and nobody has tested: this bench's link is a stand-in.
    steps = {"site": True, "key": True, "connector": False, "people": True, "test_call": False}
    assert view["first_steps"] == steps
    bench.connectors.state = "down"
    _, view, _ = await bench.call("GET", "/admin/overview", token)
    assert view["verdict"] == "down" and view["users"]["ready"] == 0
    first = view["todo"][0]
    assert (first["code"], first["severity"], first["names"]) == (
        "connector_down",
        "critical",
        ["Head office"],
    )
    status, reply, _ = await bench.call("GET", "/admin/overview?time_zone=Nowhere/Now", token)
    assert (status, reply["code"]) == (422, "bad_time_zone")


async def test_the_overview_says_how_many_speak_now(bench: Bench) -> None:
    token = await admin(bench)

    async def now() -> int:
        _, view, _ = await bench.call("GET", "/admin/overview", token)
        calls: int = view["calls"]["now"]
        return calls

    assert await now() == 0
    anna = UserKey(bench.demo.tenant_id, bench.demo.users["anna@example.test"])
    bench.calls.live[anna] = [a_call()]
    bench.calls.live[UserKey(bench.other_tenant, "mallory")] = [a_call(), a_call()]
    assert await now() == 1
    bench.calls.live.clear()
    assert await now() == 0


def certificate(file: Path, ends: datetime) -> None:
    """In place of the one that is served."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "edge.example.test")])
    made = x509.CertificateBuilder(
        issuer_name=name,
        subject_name=name,
        public_key=key.public_key(),
        serial_number=1,
        not_valid_before=ends - timedelta(days=90),
        not_valid_after=ends,
    ).sign(key, hashes.SHA256())
    file.write_bytes(made.public_bytes(Encoding.PEM))


async def test_what_stops_or_runs_out_soon_is_something_to_do(bench: Bench) -> None:
    token, now = await admin(bench), utc_now()
    storage, tenant_id = bench.gateway.features.storage, bench.demo.tenant_id
    codes = ("webhook_stopped", "webhook_failing", "key_ends", "capacity_low", "certificate_ends")

    async def to_do() -> dict[str, Any]:
        _, view, _ = await bench.call("GET", "/admin/overview", token)
        items = [item for item in view["todo"] if item["code"] in codes]
        return {item["code"]: (item["severity"], item["names"], item["target"]) for item in items}

    served = bench.config.sip_edge.cert
    await asyncio.to_thread(certificate, served, now + timedelta(days=30))
    assert await to_do() == {}

    def webhook(name: str, **values: Any) -> Webhook:
        url = f"https://hooks.example.test/{name}?key=s3cret"
        return Webhook(tenant_id=tenant_id, url=url, events=[], secret=b"s", **values)

    def key(name: str, **values: Any) -> ApiKey:
        return ApiKey(tenant_id=tenant_id, key_id=name, name=name, digest=b"0" * 32, **values)

    long_ago, day = now - timedelta(hours=3), timedelta(days=1)
    async with storage.write(tenant_id) as db:
        for row in (
            webhook("old", state="stopped", failing_since=long_ago, description="Tickets"),
            webhook("bad", failing_since=long_ago),
            webhook("restarts", failing_since=now),
            webhook("paused", state="paused", failing_since=long_ago),
            key("Order desk", expires_at=now + 13 * day),
            key("Lasts", expires_at=now + 15 * day),
            key("Gone", expires_at=now - day),
            key("Revoked", expires_at=now + day, revoked_at=now),
            key("Replaced", expires_at=now + day, replaced_by="Order desk"),
        ):
            await db.add(row)
        await db.update(Site, Site.id == bench.demo.site_id, channels=10)
    await asyncio.to_thread(certificate, served, now + timedelta(days=13))
    bench.sites.calls = 8
    assert await to_do() == {
        "webhook_stopped": ("warning", ["Tickets"], "webhooks"),
        "webhook_failing": ("warning", ["hooks.example.test"], "webhooks"),
        "key_ends": ("warning", ["Order desk"], "keys"),
        "capacity_low": ("warning", ["Head office"], "connector"),
        "certificate_ends": ("warning", [], None),
    }


async def test_new_terms_are_something_to_do_until_they_are_accepted(bench: Bench) -> None:
    token = await admin(bench)

    async def to_do() -> list[str]:
        _, view, _ = await bench.call("GET", "/admin/overview", token)
        return [item["code"] for item in view["todo"]]

    assert "terms_outdated" not in await to_do()
    async with bench.gateway.features.storage.write(bench.demo.tenant_id) as db:
        tenant = await db.tenant()
        assert tenant is not None
        tenant.terms_version = "2020-01"
    assert "terms_outdated" in await to_do()
    _, terms, _ = await bench.call("GET", "/terms")
    path, body = "/admin/tenant/terms", {"version": "2020-01"}
    status, reply, _ = await bench.call("POST", path, token, json=body)
    assert (status, reply["code"]) == (409, "terms_changed")
    body = {"version": terms["version"]}
    status, own, _ = await bench.call("POST", path, token, json=body)
    assert status == 200 and own["terms_version"] == terms["version"]
    assert "terms_outdated" not in await to_do()


async def exported(bench: Bench, token: str) -> dict[str, list[Any]]:
    status, raw, headers = await bench.call("POST", "/admin/tenant/export", token)
    assert status == 200, raw
    assert "example-gmbh-export.zip" in headers["Content-Disposition"]
    archive = zipfile.ZipFile(io.BytesIO(raw))
    assert archive.testzip() is None
    return {
        name.removesuffix(".jsonl"): [json.loads(line) for line in archive.read(name).splitlines()]
        for name in archive.namelist()
        if name.endswith(".jsonl")
    }


async def test_the_export_has_everything_but_secrets(bench: Bench, server: MailServer) -> None:
    token = await admin(bench)
    files = await exported(bench, token)
    assert set(files) == {"tenant"} | {str(model.__tablename__) for model in owned_models()} - set(
        LEFT_OUT
    )
    assert {row["email"] for row in files["user_account"]} >= {"anna@example.test"}
    assert len(files["line"]) == 3
    everything = json.dumps(files)
    assert bench.other_tenant not in everything and "mallory" not in everything
    assert PBX_PASSWORD not in everything and "$argon2" not in everything
    letter = await server.letter("adele@example.test")
    assert "Adele downloaded all data of Example GmbH" in text_of(letter)
    _, audit, _ = await bench.call("GET", "/admin/audit", token)
    assert audit["items"][0]["action"] == "tenant.export"


def test_no_column_that_sounds_like_a_secret_is_exported() -> None:
    known = {str(model.__tablename__) for model in owned_models()}
    assert known >= LEFT_OUT
    suspicious = re.compile(r"secret|password|token|digest|hash|private|credential|push|otp")
    harmless = {
        "password_changed_at",
        "password_min_length",
        "old_secret_until",
        "private_contacts",
        "secret_expires_at",
    }
    for model in owned_models():
        if model.__tablename__ in LEFT_OUT:
            continue
        for name in exported_columns(model):
            assert name not in SECRET_COLUMNS
            assert not suspicious.search(name) or name in harmless, (model.__tablename__, name)


async def test_deletion_takes_the_name_waits_and_can_be_taken_back(bench: Bench) -> None:
    token, boss = await operator(bench), await admin(bench)
    status, reply, _ = await bench.call(
        "POST", "/admin/tenant/delete", boss, json={"name": "Example"}
    )
    assert (status, reply["code"]) == (422, "name_differs")
    status, reply, _ = await bench.call(
        "POST", "/admin/tenant/delete", boss, json={"name": "Example GmbH"}
    )
    assert status == 202
    assert reply["delete_after"] > (utc_now() + timedelta(days=29)).isoformat()
    assert await refused(bench, "anna@example.test") == (403, "tenant_suspended")
    assert await bench.gateway.features.tenants.life.erase_due() == []
    path = f"/operator/tenants/{bench.demo.tenant_id}"
    status, tenant, _ = await bench.call("POST", f"{path}/resume", token)
    assert status == 200 and tenant["delete_after"] is None
    await bench.login()


async def test_erasure_leaves_no_row_in_any_table_and_touches_nobody_else(bench: Bench) -> None:
    token, boss = await operator(bench), await admin(bench)
    features, tenant_id = bench.gateway.features, bench.demo.tenant_id
    async with features.storage.write(tenant_id) as db:  # one that refers to a user
        outbox = Outbox(Secrets.ephemeral())
        user = bench.demo.users["anna@example.test"]
        await outbox.put(db, "none", {}, "secret", user_id=user)
    others = await contents(bench, bench.other_tenant)
    body = {"name": "Example GmbH"}
    assert (await bench.call("POST", "/admin/tenant/delete", boss, json=body))[0] == 202
    before = await contents(bench, tenant_id)
    assert before["user_account"] and before["audit_entry"] and before["login_index"]
    async with features.storage.write(tenant_id) as db:
        await db._session.execute(
            update(Tenant).where(Tenant.id == tenant_id).values(delete_after=utc_now())
        )
    # Or the gateway's own look was faster; then this one waits for it.
    assert await features.tenants.life.erase_due() in ([tenant_id], [])
    after = await contents(bench, tenant_id)
    assert set(after) >= {table.name for table in tables_of_tenants()} | {"tenant"}
    assert {name: rows for name, rows in after.items() if rows} == {}
    assert await contents(bench, bench.other_tenant) == others
    _, audit, _ = await bench.call("GET", "/admin/audit", token)
    (entry,) = [item for item in audit["items"] if item["action"] == "tenant.erase"]
    assert entry["after"]["rows"]["user_account"] == len(before["user_account"])
    status, _, _ = await bench.call("GET", f"/operator/tenants/{tenant_id}", token)
    assert status == 404


async def test_erasure_asks_again_and_nobody_takes_it_back_once_it_has_begun(
    bench: Bench,
) -> None:
    token = await operator(bench)
    features, tenant_id = bench.gateway.features, bench.demo.tenant_id
    path = f"/operator/tenants/{tenant_id}"
    body = {"name": "Example GmbH"}
    assert (await bench.call("POST", f"{path}/delete", token, json=body))[0] == 200
    async with features.storage.read(tenant_id) as db:
        listed = await db.tenant()
    assert listed is not None and listed.status == "deleting"
    assert (await bench.call("POST", f"{path}/resume", token))[0] == 200
    late = TenantLife(
        features.storage,
        features.people.service,
        features.sign_in.letters,
        features.post.mailer,
        features.audit,
        Bus(),
        timedelta(days=30),
        lambda: utc_now() + timedelta(days=31),
    )
    assert not await late._erase_if_due(listed)  # taken back after it was listed
    before = await contents(bench, tenant_id)
    assert before["user_account"] and before["line"]

    assert (await bench.call("POST", f"{path}/delete", token, json=body))[0] == 200
    assert await late._begin_erasing(tenant_id)
    for act, said, code in (
        ("resume", {}, "being_erased"),
        ("suspend", {}, "already_closed"),
        ("delete", body, "already_closed"),
    ):
        status, reply, _ = await bench.call("POST", f"{path}/{act}", token, json=said)
        assert (status, reply["code"]) == (409, code)
    _, view, _ = await bench.call("GET", path, token)
    assert view["status"] == "deleting"
    _, page, _ = await bench.call("GET", "/operator/tenants?status=deleting", token)
    assert [one["id"] for one in page["items"]] == [tenant_id]
    assert await late.erase_due() == [tenant_id]  # what was broken off goes on
    assert not any((await contents(bench, tenant_id)).values())


async def test_the_platforms_own_tenant_stays(bench: Bench) -> None:
    token = await operator(bench)
    _, page, _ = await bench.call("GET", "/operator/tenants?q=Platform", token)
    path = f"/operator/tenants/{page['items'][0]['id']}"
    for act, body in (("suspend", {}), ("delete", {"name": "Platform"})):
        status, reply, _ = await bench.call("POST", f"{path}/{act}", token, json=body)
        assert (status, reply["code"]) == (409, "platform_tenant")
