"""Signing in at the company's provider (a stand-in here; the real one is in tests/interop)."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from gateway.storage.ids import utc_now
from gateway.storage.models import Session
from gateway.storage.tables.audit import AuditEntry
from gateway.storage.tables.single_sign_on import SsoConnection
from tests.support.gateway_platform import PASSWORD
from tests.support.oidc_provider import Browser
from tests.support.oidc_standin import StandIn, stand_in
from tests.support.pki import TestCa
from tests.support.sign_on import SignOnBench, sign_on_bench


@pytest.fixture
async def world(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[tuple[SignOnBench, StandIn]]:
    async with sign_on_bench(tmp_path, monkeypatch) as bench, stand_in() as provider:
        yield bench, provider


async def refreshed(bench: SignOnBench, browser: Browser) -> int:
    """What the app does when it is loaded: the cookie for a token."""
    url = f"{bench.public_url}/api/v1/auth/refresh"
    headers = {"Origin": bench.public_url}
    async with browser.http.post(url, json={}, headers=headers) as response:
        return response.status


async def test_a_new_colleague_signs_in_and_is_made(world: tuple[SignOnBench, StandIn]) -> None:
    bench, provider = world
    made = await bench.connect(provider.issuer)
    status, body, _ = await bench.bench.call("GET", "/auth/methods?email=someone@Example.TEST")
    assert status == 200 and body["sso"]["name"] == "Example Login"
    async with Browser() as browser:
        start = body["sso"]["start_url"] + "?to=admin&email=new@example.test"
        asked, _ = await browser.step(start)
        query = {name: values[0] for name, values in parse_qs(urlsplit(asked).query).items()}
        assert query["tenant"] == "7", "what the provider's address has of its own stays"
        assert query["login_hint"] == "new@example.test"
        assert query["code_challenge_method"] == "S256"
        assert await bench.arrive(browser, start) == f"{bench.public_url}/admin/#signed_in"
        assert await refreshed(bench, browser) == 200
    user = await bench.user("new@example.test")
    assert user is not None
    assert (user.name, user.role, user.source) == ("New Person", "user", "sso")
    shown = await bench.admin("GET", f"/admin/sso/{made['id']}")
    assert shown["last_sign_in"] and shown["last_error"] == "" and shown["warnings"] == []
    assert provider.redeemed[0]["authorization"].startswith("Basic ")
    assert "client_secret" not in provider.redeemed[0]


async def test_who_had_a_password_has_none_afterwards(world: tuple[SignOnBench, StandIn]) -> None:
    bench, provider = world
    made = await bench.connect(provider.issuer)
    provider.person["email"] = "berta@example.test"
    credentials = {"email": "berta@example.test", "password": PASSWORD, "device": {"kind": "api"}}
    status, _, _ = await bench.bench.call("POST", "/auth/login", json=credentials)
    assert status == 200
    async with Browser() as browser:
        assert await bench.arrive(browser, made["start_url"]) == bench.home
    status, body, _ = await bench.bench.call("POST", "/auth/login", json=credentials)
    assert (status, body["code"]) == (401, "bad_credentials")
    user = await bench.user("berta@example.test")
    assert user is not None and user.source == "sso" and user.password_hash is None


async def test_groups_make_roles_each_time(world: tuple[SignOnBench, StandIn]) -> None:
    bench, provider = world
    mapping = {"Phone Admins": "admin", "cn=help,dc=example": "help_desk"}
    made = await bench.connect(provider.issuer, role_by_group=mapping, groups_claim="their.groups")
    roles = []
    for groups in (["CN=Help,DC=example", "x"], ["phone admins"], [], "cn=help,dc=example"):
        provider.person["their"] = {"groups": groups}
        async with Browser() as browser:
            assert await bench.arrive(browser, made["start_url"]) == bench.home
        user = await bench.user("new@example.test")
        assert user is not None
        roles.append(user.role)
    assert roles == ["help_desk", "admin", "user", "help_desk"]


async def test_groups_do_not_leave_a_tenant_without_administrator(
    world: tuple[SignOnBench, StandIn],
) -> None:
    bench, provider = world
    made = await bench.connect(provider.issuer, role_by_group={"Admins": "admin"})
    provider.person |= {"email": "anna@example.test", "groups": []}
    async with Browser() as browser:
        assert await bench.arrive(browser, made["start_url"]) == bench.home
    user = await bench.user("anna@example.test")
    assert user is not None and user.role == "admin"


@pytest.mark.parametrize(
    "said", [{}, {"_claim_names": {"groups": "src1"}}, {"groups": None}, {"group": ["Staff"]}]
)
async def test_a_provider_that_says_nothing_of_groups_changes_no_role(
    world: tuple[SignOnBench, StandIn], said: dict[str, object]
) -> None:
    bench, provider = world
    made = await bench.connect(provider.issuer, role_by_group={"Admins": "admin"})
    roles = []
    for claims in ({"groups": ["Admins"]}, said, {"groups": []}):
        provider.person.pop("groups", None)
        provider.person |= claims
        async with Browser() as browser:
            assert await bench.arrive(browser, made["start_url"]) == bench.home
        user = await bench.user("new@example.test")
        assert user is not None
        roles.append(user.role)
    assert roles == ["admin", "admin", "user"]


@pytest.mark.parametrize(
    ("person", "code"),
    [
        ({"email": "boss@other.test"}, "domain_foreign"),
        ({"email": "mallory@other.test"}, "domain_foreign"),
        ({"email_verified": False}, "email_unverified"),
        ({"email": None}, "email_missing"),
    ],
)
async def test_a_provider_speaks_for_its_own_domain_only(
    world: tuple[SignOnBench, StandIn], person: dict[str, object], code: str
) -> None:
    bench, provider = world
    made = await bench.connect(provider.issuer)
    provider.person |= person
    async with Browser() as browser:
        ended = await bench.arrive(browser, made["start_url"])
        assert ended == f"{bench.public_url}/#sign_in_error={code}"
        assert await refreshed(bench, browser) == 401
    shown = await bench.admin("GET", f"/admin/sso/{made['id']}")
    assert shown["last_error"] == code


async def test_an_address_given_to_somebody_new_is_not_the_old_account(
    world: tuple[SignOnBench, StandIn],
) -> None:
    bench, provider = world
    made = await bench.connect(provider.issuer)
    async with Browser() as browser:
        await bench.arrive(browser, made["start_url"])
    provider.person["sub"] = "subject-2"
    async with Browser() as browser:
        ended = await bench.arrive(browser, made["start_url"])
        assert ended.endswith("#sign_in_error=account_other")
    user = await bench.user("new@example.test")
    assert user is not None
    await bench.admin("DELETE", f"/admin/sso/{made['id']}/accounts/{user.id}")
    async with Browser() as browser:
        assert await bench.arrive(browser, made["start_url"]) == bench.home


async def test_nobody_is_made_where_that_is_off_and_nobody_disabled_comes_in(
    world: tuple[SignOnBench, StandIn],
) -> None:
    bench, provider = world
    made = await bench.connect(provider.issuer, create_users=False)
    async with Browser() as browser:
        ended = await bench.arrive(browser, made["start_url"])
        assert ended.endswith("#sign_in_error=account_unknown")
        assert await bench.user("new@example.test") is None
        provider.person["email"] = "berta@example.test"
        berta = await bench.user("berta@example.test")
        assert berta is not None
        await bench.admin("POST", f"/admin/people/{berta.id}/disable", json={"why": "left"})
        ended = await bench.arrive(browser, made["start_url"])
        assert ended.endswith("#sign_in_error=account_disabled")


async def test_a_test_changes_nothing_and_shows_what_would_be(
    world: tuple[SignOnBench, StandIn],
) -> None:
    bench, provider = world
    mapping = {"admins": "admin"}
    made = await bench.connect(provider.issuer, active=False, role_by_group=mapping)
    provider.person["groups"] = ["admins"]
    test = await bench.admin("POST", f"/admin/sso/{made['id']}/test")
    async with Browser() as browser:
        ended = await bench.arrive(browser, test["url"])
        assert ended == f"{bench.public_url}/admin/#sso_test={made['id']}"
        assert await refreshed(bench, browser) == 401, "nobody is signed in"
        off = await browser.step(made["start_url"])
        assert off[0].endswith("#sign_in_error=connection_off")
    result = (await bench.admin("GET", f"/admin/sso/{made['id']}"))["last_test"]
    assert (result["id"], result["ok"], result["role"]) == (test["id"], True, "admin")
    assert result["email"] == "new@example.test"
    assert await bench.user("new@example.test") is None
    provider.person["email"] = "somebody@elsewhere.test"
    test = await bench.admin("POST", f"/admin/sso/{made['id']}/test")
    async with Browser() as browser:
        await bench.arrive(browser, test["url"])
    result = (await bench.admin("GET", f"/admin/sso/{made['id']}"))["last_test"]
    assert (result["ok"], result["code"]) == (False, "domain_foreign")


async def test_the_secret_is_never_shown_and_a_change_needs_the_version(
    world: tuple[SignOnBench, StandIn],
) -> None:
    bench, provider = world
    made = await bench.connect(provider.issuer, secret_expires_at="2020-01-01T00:00:00Z")
    assert made["has_secret"] and "a secret" not in str(made)
    shown = await bench.admin("GET", f"/admin/sso/{made['id']}")
    assert shown["warnings"] == ["secret_expired"]
    wanted = {"name": "New", "issuer": provider.issuer, "client_id": "x"}
    path = f"/admin/sso/{made['id']}"
    for tag, answer in (('"9"', 412), ('"1"', 200)):
        status, body, _ = await bench.bench.call(
            "PUT", path, bench.token, json=wanted, headers={"If-Match": tag}
        )
        assert status == answer
    assert (body["name"], body["has_secret"], body["active"]) == ("New", True, False)
    status, _, _ = await bench.bench.call("DELETE", path, bench.token)
    assert status == 204
    _, body, _ = await bench.bench.call("GET", "/auth/methods?email=x@example.test")
    assert body == {"password": True, "sso": None}
    async with bench.bench.gateway.features.storage.read(bench.tenant_id) as db:
        entries = await db.find(AuditEntry)
    told = {entry.action for entry in entries}
    assert {"sso.create", "sso.change", "sso.remove", "sign_in_domain.prove"} <= told
    assert "a secret" not in str(entries)


async def test_a_stored_client_secret_goes_to_no_other_issuer(
    world: tuple[SignOnBench, StandIn],
) -> None:
    bench, provider = world
    made = await bench.connect(provider.issuer)
    path = f"/admin/sso/{made['id']}"
    elsewhere = {"name": "L", "issuer": "https://elsewhere.example", "client_id": "x"}
    tag = {"If-Match": f'"{made["version"]}"'}
    status, body, _ = await bench.bench.call("PUT", path, bench.token, json=elsewhere, headers=tag)
    assert (status, body["code"]) == (422, "secret_required")
    shown = await bench.admin("GET", path)
    assert (shown["issuer"], shown["version"]) == (provider.issuer, made["version"])
    anew = elsewhere | {"client_secret": "another"}
    shown = await bench.admin("PUT", path, json=anew, headers=tag)
    assert (shown["issuer"], shown["has_secret"]) == ("https://elsewhere.example", True)
    none = {"name": "L", "issuer": provider.issuer, "client_id": "x", "client_secret": ""}
    tag = {"If-Match": f'"{shown["version"]}"'}
    shown = await bench.admin("PUT", path, json=none, headers=tag)
    assert not shown["has_secret"]
    tag = {"If-Match": f'"{shown["version"]}"'}
    shown = await bench.admin("PUT", path, json=elsewhere, headers=tag)
    assert shown["issuer"] == "https://elsewhere.example", "there is nothing to lose"


async def test_a_stored_directory_password_goes_to_no_other_server(
    world: tuple[SignOnBench, StandIn], tmp_path: Path
) -> None:
    bench, _ = world
    path = "/admin/directory-sign-in"
    (tmp_path / "ca").mkdir()
    own_ca = TestCa(tmp_path / "ca").ca_file.read_text()
    wanted = {"host": "ldap.example", "bind_dn": "cn=reader", "bind_password": "never shown"}
    shown = await bench.admin("PUT", path, json=wanted, headers={"If-Match": '"0"'})
    kept = {"host": "ldap.example", "bind_dn": "cn=reader", "base_dn": "dc=example"}
    shown = await bench.admin("PUT", path, json=kept, headers={"If-Match": '"1"'})
    assert shown["has_bind_password"]
    tag = {"If-Match": '"2"'}
    for other in ({"host": "elsewhere.example"}, {"port": 3890}, {"ca_pem": own_ca}):
        status, body, _ = await bench.bench.call(
            "PUT", path, bench.token, json=kept | other, headers=tag
        )
        assert (status, body["code"]) == (422, "secret_required"), other
    shown = await bench.admin("GET", path)
    assert (shown["host"], shown["version"]) == ("ldap.example", 2)
    moved = kept | {"host": "elsewhere.example", "bind_password": "another"}
    shown = await bench.admin("PUT", path, json=moved, headers=tag)
    assert (shown["host"], shown["has_bind_password"]) == ("elsewhere.example", True)
    by_name = kept | {"method": "bind", "user_dn": "uid={user}"}
    shown = await bench.admin("PUT", path, json=by_name, headers={"If-Match": '"3"'})
    assert (shown["host"], shown["has_bind_password"]) == ("ldap.example", False)


async def test_a_domain_leads_nowhere_until_it_is_proven_and_to_one_tenant_only(
    world: tuple[SignOnBench, StandIn],
) -> None:
    bench, provider = world
    setup = {"name": "L", "issuer": provider.issuer, "client_id": "x", "active": True}
    made = await bench.admin("POST", "/admin/sso", json=setup)
    wanted = {"domain": "Example.test", "connection_id": made["id"]}
    added = await bench.admin("POST", "/admin/sign-in-domains", json=wanted)
    check = f"/admin/sign-in-domains/{added['id']}/check"
    bench.records[added["dns_name"]] = ["offhook-domain=guessed"]
    status, body, _ = await bench.bench.call("POST", check, bench.token)
    assert (status, body["code"]) == (409, "domain_unproven")
    _, body, _ = await bench.bench.call("GET", "/auth/methods?email=x@example.test")
    assert body["sso"] is None
    async with Browser() as browser:
        ended = await bench.arrive(browser, made["start_url"])
        assert ended.endswith("#sign_in_error=domain_foreign")

    await _take_elsewhere(bench, "example.test")
    bench.records[added["dns_name"]] = [added["dns_value"]]
    status, body, _ = await bench.bench.call("POST", check, bench.token)
    assert (status, body["code"]) == (409, "domain_taken")
    for wrong in ("localhost", "exa mple.test", "-a.test", "a..test", "x" * 250 + ".test"):
        status, body, _ = await bench.bench.call(
            "POST", "/admin/sign-in-domains", bench.token, json={"domain": wrong}
        )
        assert status == 422, wrong


async def _take_elsewhere(bench: SignOnBench, domain: str) -> None:
    """Another tenant has proven it before."""
    from gateway.storage.tables.single_sign_on import SsoIndex

    other = bench.bench.other_tenant
    async with bench.bench.gateway.features.storage.write(other) as db:
        await db.add_index(SsoIndex(domain=domain, tenant_id=other))


async def test_a_providers_cookie_is_no_new_proof(world: tuple[SignOnBench, StandIn]) -> None:
    bench, provider = world
    made = await bench.connect(provider.issuer)
    provider.person["email"] = "anna@example.test"
    now = int(time.time())
    async with Browser() as browser:
        # Not said, or long ago: the sign-on counts, but for nothing dangerous.
        for auth_time in (None, now - 3600):
            provider.auth_time = auth_time
            assert await bench.arrive(browser, made["start_url"]) == bench.home
            assert "prompt" not in provider.asked[-1]
            status, body = await bench.ask_for_much(browser)
            assert (status, body["code"], body["methods"]) == (403, "step_up_required", [])
        again = f"{bench.public_url}{body['sign_on']}?to=admin&fresh=true"
        assert made["id"] in again
        # A provider that does not ask again says so by an old time, or by none.
        for auth_time, code in ((now - 3600, "proof_old"), (None, "proof_missing")):
            provider.auth_time = auth_time
            arrived = await bench.arrive(browser, again)
            assert arrived == f"{bench.public_url}/admin/#sign_in_error={code}"
        provider.auth_time = int(time.time())
        assert await bench.arrive(browser, again) == f"{bench.public_url}/admin/#signed_in"
        assert (provider.asked[-1]["prompt"], provider.asked[-1]["max_age"]) == ("login", "0")
        assert (await bench.ask_for_much(browser))[0] == 201


async def test_nobody_is_sent_to_a_provider_that_is_switched_off(
    world: tuple[SignOnBench, StandIn],
) -> None:
    bench, provider = world
    made = await bench.connect(provider.issuer)
    provider.person["email"] = "anna@example.test"
    async with Browser() as browser:
        assert await bench.arrive(browser, made["start_url"]) == bench.home
        assert "sign_on" in (await bench.ask_for_much(browser))[1]
        async with bench.bench.gateway.features.storage.write(bench.bench.demo.tenant_id) as db:
            await db.update(SsoConnection, active=False)
        status, body = await bench.ask_for_much(browser)
    assert (status, body["code"], body["methods"]) == (403, "step_up_required", [])
    assert "sign_on" not in body


async def test_a_time_that_is_none_proves_nothing(world: tuple[SignOnBench, StandIn]) -> None:
    bench, provider = world
    made = await bench.connect(provider.issuer)
    provider.person["email"] = "anna@example.test"
    honest = provider.honest
    for said in ("now", True, 10**18, -5, float(2**70)):
        provider.sign = lambda claims, said=said: honest(claims | {"auth_time": said})
        async with Browser() as browser:
            arrived = await bench.arrive(browser, made["start_url"] + "?fresh=true")
            assert "sign_in_error=" in arrived, said


async def test_the_future_is_no_proof_for_longer(world: tuple[SignOnBench, StandIn]) -> None:
    bench, provider = world
    made = await bench.connect(provider.issuer)
    provider.person["email"] = "anna@example.test"
    provider.auth_time = int(time.time()) + 365 * 86400
    async with Browser() as browser:
        assert await bench.arrive(browser, made["start_url"]) == bench.home
    anna = bench.bench.demo.users["anna@example.test"]
    async with bench.bench.gateway.features.storage.read(bench.tenant_id) as db:
        sessions = await db.find(Session, Session.user_id == anna, Session.method == "sso")
    assert all(session.proven_at <= utc_now() for session in sessions) and sessions
