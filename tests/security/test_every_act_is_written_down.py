"""Whatever an administrator or an operator does stands in the audit: every route that is no mere
look is done once, and leaves an entry. A new route without its act here fails the test."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from gateway.http.endpoint import Access, endpoints_of
from gateway.http.openapi import APIS
from gateway.storage.ids import utc_now
from gateway.storage.models import Tenant
from gateway.storage.tables.audit import AuditEntry
from gateway.storage.tables.outbox import OutboxItem
from gateway.storage.tables.sign_in import Totp
from gateway.storage.tables.single_sign_on import SignInDomain, SsoIdentity
from tests.security.test_tenant_walls import ANNOUNCEMENT, WEBHOOK
from tests.support.callers import appoint
from tests.support.gateway_platform import Bench, open_bench

#: What leaves for a file.
EXPORTS = {("GET", "/admin/people.csv")}
ACTS = EXPORTS | {
    (declared.method, declared.path)
    for api in APIS
    for declared in endpoints_of(api)
    if declared.access is Access.ADMIN and declared.method != "GET"
}
WITHOUT = {
    ("POST", "/admin/audit/verify"): "only reads",
    ("POST", "/admin/contact-sources/ldap/test"): "changes nothing",
    ("POST", "/admin/contact-sources/microsoft/test"): "changes nothing",
    ("POST", "/admin/directory-sign-in/test"): "changes nothing",
    ("POST", "/admin/sso/{id}/test"): "changes nothing",
    ("POST", "/admin/webhooks/{id}/test"): "changes nothing; it stands among the deliveries",
    ("POST", "/admin/imports/columns"): "only reads the file's head",
    ("POST", "/users/{id}/calls"): "a call, not administration: it stands in the journal",
    ("POST", "/users/{id}/calls/{call}/{verb}"): "the same",
}
#: Claimed by nobody while the test runs.
LATER = timedelta(days=1)
SITE = {"name": "Depot", "profile": "business", "country": "de"}
SSO = {"name": "Company", "issuer": "https://login.example.test", "client_id": "offhook"}
LDAP = {"host": "ldap.example.test", "base_dn": "dc=example,dc=test"}
MICROSOFT = {"directory_id": "example.test", "client_id": "offhook", "client_secret": "secret"}
PEOPLE = {"format": "offhook-people", "version": 1}


@pytest.fixture
async def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Bench]:
    plenty = {
        "auth": {"logins_per_ip": 10_000},
        "quotas": {"requests_per_minute_each": 10_000},
    }
    async with open_bench(tmp_path, monkeypatch, plenty) as opened:
        yield opened


class Walk:
    """Acts as one administrator, and looks into the audit after each."""

    def __init__(self, bench: Bench, token: str, tenant_id: str) -> None:
        self._bench = bench
        self._token = token
        self._tenant_id = tenant_id
        self.done: set[tuple[str, str]] = set()

    async def _entries(self, tenant_id: str, action: str) -> int:
        async with self._bench.gateway.features.storage.read(tenant_id) as db:
            return await db.count(AuditEntry, AuditEntry.action == action)

    async def __call__(
        self,
        act: str,
        action: str,
        body: Any = None,
        *,
        of: str = "",
        ids: dict[str, str] | None = None,
        tag: str = "",
        query: str = "",
        **more: Any,
    ) -> Any:
        """``of``: the tenant whose audit it is, if not the own one."""
        method, route = act.split(" ")
        path = route
        for name, value in (ids or {}).items():
            path = path.replace("{" + name + "}", value)
        before = await self._entries(of or self._tenant_id, action)
        if tag:
            more["headers"] = {"If-Match": tag, **more.get("headers", {})}
        if body is not None:
            more["json"] = body
        status, reply, _ = await self._bench.call(method, path + query, self._token, **more)
        assert 200 <= status < 300, (act, status, reply)
        assert await self._entries(of or self._tenant_id, action) > before, (act, action)
        self.done.add((method, route))
        return reply

    async def tag(self, path: str) -> str:
        _, _, headers = await self._bench.call("GET", path, self._token)
        return headers.get("ETag", "")

    async def comes_to(self, path: str, state: str) -> None:
        async with asyncio.timeout(20):
            while (await self._bench.call("GET", path, self._token))[1]["state"] != state:
                pass


async def test_every_act_of_an_administrator_leaves_an_entry(bench: Bench) -> None:
    tenant_id, storage = bench.demo.tenant_id, bench.gateway.features.storage
    await appoint(bench, "admin", "adele@example.test")
    token = (await bench.login("adele@example.test"))["access_token"]
    act = Walk(bench, token, tenant_id)
    await people(bench, act)
    await contacts_and_sources(act)
    await sign_in(bench, act)
    await sites_and_keys(bench, act)
    await hooks_and_news(bench, act)
    own = {"name": "Example GmbH", "language": "de", "support_email": "help@example.test"}
    await act("PUT /admin/tenant", "tenant.change", own, tag=await act.tag("/admin/tenant"))
    _, terms, _ = await bench.call("GET", "/terms")
    await act("POST /admin/tenant/terms", "tenant.terms", {"version": terms["version"]})
    await act("POST /admin/tenant/export", "tenant.export")
    platform = Tenant(name="Platform", kind="platform")
    async with storage.index(write=True) as index:
        await index.create_tenant(platform)
    await appoint(bench, "operator", "olga@platform.test", platform.id)
    token = (await bench.login("olga@platform.test"))["access_token"]
    operator = Walk(bench, token, platform.id)
    await operators(bench, operator)
    await act("POST /admin/tenant/delete", "tenant.delete", {"name": "Example GmbH"})
    assert act.done | operator.done == ACTS - set(WITHOUT)
    assert set(WITHOUT) <= ACTS


async def people(bench: Bench, act: Walk) -> None:
    await act("GET /admin/people.csv", "people.export")
    berta, carla = (bench.demo.users[f"{name}@example.test"] for name in ("berta", "carla"))
    await act("POST /admin/people.csv", "people.export", {"ids": [berta]})
    new = {"email": "nora@example.test", "name": "Nora"}
    nora = await act("POST /admin/people", "person.create", new)
    ids, one = {"id": nora["id"]}, "/admin/people/{id}"
    await act(f"POST {one}/invite", "person.invite", ids=ids)
    await act(f"DELETE {one}/invite", "person.withdraw_invitation", ids=ids)
    await act("POST /admin/people/invite", "people.invite", {"ids": [nora["id"]]})
    await act(f"PUT {one}", "person.change", new | {"name": "Nora N."}, ids=ids, tag='"1"')
    async with bench.gateway.features.storage.write(bench.demo.tenant_id) as db:
        at = utc_now()
        await db.add(
            Totp(tenant_id=db.tenant_id, user_id=nora["id"], secret=b"x", confirmed_at=at),
            OutboxItem(
                tenant_id=db.tenant_id,
                kind="invite_people",
                payload={"by": {"name": "Adele"}, "ids": [], "sent": 0},
                due_at=at + LATER,
                expires_at=at + 2 * LATER,
            ),
        )
    await act("DELETE /admin/people/invite", "people.stop_inviting")
    why = {"why": "phone lost"}
    await act(f"POST {one}/remove-second-factor", "person.remove_second_factor", why, ids=ids)
    await act(f"POST {one}/disable", "person.disable", {"why": "left"}, ids=ids)
    await act(f"POST {one}/enable", "person.enable", ids=ids)
    await act(f"DELETE {one}", "person.erase", {"why": "asked for"}, ids=ids)
    await act(f"POST {one}/sign-out", "person.sign_out", ids={"id": berta})
    await act(f"POST {one}/reset-password", "person.reset_password", ids={"id": berta})
    await act(f"POST {one}/leave", "person.disable", {"then": "disable"}, ids={"id": carla})
    managed = {"email": "pbx@example.test", "name": "Paul"}
    await act("PUT /provisioning/users", "person.create", managed)
    gone = "?email=pbx@example.test"
    await act("DELETE /provisioning/users", "person.disable", query=gone)
    templates, template = "/admin/people-templates", {"name": "Office"}
    made = await act(f"POST {templates}", "people_template.create", template)
    ids = {"id": made["id"]}
    other = {"name": "Home"}
    await act(f"PUT {templates}/{{id}}", "people_template.change", other, ids=ids, tag='"1"')
    await act(f"DELETE {templates}/{{id}}", "people_template.delete", ids=ids)
    await imports(bench, act)


async def imports(bench: Bench, act: Walk) -> None:
    rows = {"people": [{"email": "ida@example.test", "name": "Ida"}]}
    made = await act("POST /admin/imports", "import.upload", PEOPLE | rows)
    ids, one = {"id": made["id"]}, "/admin/imports/{id}"
    await act.comes_to(f"/admin/imports/{made['id']}", "planned")
    await act(f"POST {one}/apply", "import.start", {}, ids=ids)
    await act.comes_to(f"/admin/imports/{made['id']}", "applied")
    await act(f"POST {one}/undo", "import.start_undo", ids=ids)
    await act.comes_to(f"/admin/imports/{made['id']}", "undone")
    await act(f"DELETE {one}", "import.delete", ids=ids)


async def contacts_and_sources(act: Walk) -> None:
    path = "/admin/contacts"
    made = await act(f"POST {path}", "contact.create", {"name": "Taxi"})
    ids = {"id": made["id"]}
    await act(f"PUT {path}/{{id}}", "contact.change", {"name": "Cab"}, ids=ids, tag='"1"')
    await act(f"DELETE {path}/{{id}}", "contact.delete", ids=ids)
    csv = {"Content-Type": "text/csv"}
    lines = b"Name;Phone\nBerta;089 1234567\n"
    await act(f"POST {path}/import", "contact.import", data=lines, headers=csv)
    for kind, wish in (("ldap", LDAP), ("microsoft", MICROSOFT)):
        source = f"/admin/contact-sources/{kind}"
        await act(f"PUT {source}", "contact_source.change", wish, tag='"0"')
        await act(f"DELETE {source}", "contact_source.remove")


async def sign_in(bench: Bench, act: Walk) -> None:
    rules = {"second_factor": "optional", "password_min_length": 12, "session_days": 30}
    await act("PUT /admin/sign-in", "sign_in.change", rules, tag=await act.tag("/admin/sign-in"))
    ldap = {**LDAP, "role_by_group": {}}
    await act("PUT /admin/directory-sign-in", "directory_sign_in.change", ldap, tag='"0"')
    groups = {"role_by_group": {"Helpers": "help_desk"}}
    await act("PUT /admin/scim", "scim.change", groups, tag=await act.tag("/admin/scim"))
    made = await act("POST /admin/sso", "sso.create", SSO)
    ids, one = {"id": made["id"]}, "/admin/sso/{id}"
    anna = bench.demo.users["anna@example.test"]
    async with bench.gateway.features.storage.write(bench.demo.tenant_id) as db:
        await db.add(
            SsoIdentity(
                tenant_id=db.tenant_id, connection_id=made["id"], user_id=anna, subject="anna"
            )
        )
    account = ids | {"user_id": anna}
    await act(f"DELETE {one}/accounts/{{user_id}}", "sso.forget_account", ids=account)
    domains, domain = "/admin/sign-in-domains", {"domain": "walk.test", "connection_id": made["id"]}
    added = await act(f"POST {domains}", "sign_in_domain.add", domain)

    async def published(name: str) -> Sequence[str]:
        return [added["dns_value"]]

    bench.gateway.features.sso.domains.lookup = published
    await act(f"POST {domains}/{{id}}/check", "sign_in_domain.prove", ids={"id": added["id"]})
    await act(f"DELETE {domains}/{{id}}", "sign_in_domain.remove", ids={"id": added["id"]})
    await act(f"PUT {one}", "sso.change", SSO | {"name": "Firm"}, ids=ids, tag='"1"')
    await act(f"DELETE {one}", "sso.remove", ids=ids)


async def sites_and_keys(bench: Bench, act: Walk) -> None:
    made = await act("POST /admin/sites", "site.create", SITE)
    ids, one = {"id": made["id"]}, "/admin/sites/{id}"
    await act(f"PUT {one}", "site.change", SITE | {"name": "Store"}, ids=ids, tag='"1"')
    await act(f"DELETE {one}", "site.delete", ids=ids)
    call = {"from_line": "101", "to": "711"}
    ids = {"id": bench.demo.site_id}
    await act(f"POST {one}/test-calls", "test_call.place", call, ids=ids)
    wish = {"name": "Order desk", "kind": "admin", "scopes": ["people.read"]}
    key = await act("POST /admin/keys", "key.create", wish)
    ids, one = {"id": key["key"]["id"]}, "/admin/keys/{id}"
    hours = {"change_over_hours": 0}
    anew = await act(f"POST {one}/regenerate", "key.regenerate", hours, ids=ids)
    await act(f"DELETE {one}", "key.revoke", ids={"id": anew["key"]["id"]})


async def hooks_and_news(bench: Bench, act: Walk) -> None:
    made = (await act("POST /admin/webhooks", "webhook.create", WEBHOOK))["webhook"]
    ids, one = {"id": made["id"]}, "/admin/webhooks/{id}"
    at = utc_now()
    dead = [
        OutboxItem(
            tenant_id=bench.demo.tenant_id,
            kind="webhook",
            target_id=made["id"],
            payload={"id": "e", "type": "call.ended", "time": at.isoformat(), "data": {}},
            state="dead",
            due_at=at,
            settled_at=at,
            expires_at=at + LATER,
        )
        for _ in range(2)
    ]
    async with bench.gateway.features.storage.write(bench.demo.tenant_id) as db:
        await db.add(*dead)
    again = {**ids, "delivery": dead[0].id}
    await act(f"POST {one}/deliveries/{{delivery}}/again", "webhook.send_again", ids=again)
    await act(f"POST {one}/deliveries/again", "webhook.send_again", ids=ids)
    await act(f"POST {one}/secret", "webhook.rotate_secret", {"change_over_hours": 0}, ids=ids)
    paused = WEBHOOK | {"paused": True}
    tag = await act.tag(f"/admin/webhooks/{made['id']}")
    await act(f"PUT {one}", "webhook.change", paused, ids=ids, tag=tag)
    await act(f"DELETE {one}", "webhook.delete", ids=ids)
    await announcements(act, "/admin/announcements")


async def announcements(act: Walk, path: str) -> None:
    made = await act(f"POST {path}", "announcement.create", ANNOUNCEMENT)
    ids = {"id": made["id"]}
    other = ANNOUNCEMENT | {"title": "Winter party"}
    await act(f"PUT {path}/{{id}}", "announcement.change", other, ids=ids, tag='"1"')
    await act(f"DELETE {path}/{{id}}", "announcement.remove", ids=ids)


async def operators(bench: Bench, act: Walk) -> None:
    await announcements(act, "/operator/announcements")
    invited = {"email": "boss@new.test"}
    made = await act("POST /operator/tenants", "tenant.create", {"name": "New", "admin": invited})
    made = made["tenant"]
    ids, one, new = {"id": made["id"]}, "/operator/tenants/{id}", made["id"]
    other = {"email": "second@new.test"}
    await act(f"POST {one}/invite-admin", "tenant.invite_admin", other, ids=ids)
    tag = await act.tag(f"/operator/tenants/{new}")
    await act(f"PUT {one}/quotas", "tenant.agree", {"calls": 5}, ids=ids, tag=tag)
    added = {"domain": "new.test", "challenge": "x"}
    async with bench.gateway.features.storage.write(new) as db:
        await db.add(SignInDomain(tenant_id=new, **added))
    proof = {"tenant_id": new, "domain": "new.test", "why": "seen the contract"}
    await act("POST /operator/sign-in-domains/confirm", "sign_in_domain.prove", proof, of=new)
    await act(f"POST {one}/suspend", "tenant.suspend", {"why": "unpaid"}, ids=ids)
    await act(f"POST {one}/resume", "tenant.resume", ids=ids)
    await act(f"POST {one}/delete", "tenant.delete", {"name": "New"}, ids=ids)
