"""From the letter of invitation to the first session."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from gateway.admin_ports import system
from gateway.ports import Problem
from gateway.storage.folding import email_hash, search_name
from gateway.storage.ids import utc_now
from gateway.storage.models import LoginIndex, Tenant, User
from gateway.storage.tables.audit import AuditEntry
from gateway.storage.tables.one_time import OneTimeToken
from tests.support.authenticator import Authenticator
from tests.support.gateway_platform import Bench
from tests.support.letters import Letters

EVA = "eva@new.test"
GOOD = "seven green umbrellas fly"
API = {"kind": "api"}


@pytest.fixture
def letters(monkeypatch: pytest.MonkeyPatch) -> Letters:
    return Letters.tap(monkeypatch)


async def invited(
    bench: Bench, email: str = EVA, role: str = "admin", status: str = "invited"
) -> tuple[Tenant, str]:
    """A company of its own with one person, who has a letter; and the link's secret."""
    features = bench.gateway.features
    tenant = Tenant(name="New & Co", status=status)
    async with features.storage.index(write=True) as index:
        await index.create_tenant(tenant)
    user = User(
        tenant_id=tenant.id, email=email, name="Eva Neu", search_name=search_name("x"), role=role
    )
    who = system(tenant.id, "Operator")
    async with features.storage.write(tenant.id) as db:
        await db.add(user)
        row = LoginIndex(email_hash=email_hash(email), tenant_id=tenant.id, user_id=user.id)
        await db.add_index(row)
        text = await features.sign_in.letters.invite(db, who, user.id)
    return tenant, text


async def accept(bench: Bench, token: str, **said: Any) -> tuple[int, Any]:
    body = {"token": token, "device": API, **said}
    status, reply, _ = await bench.call("POST", "/auth/invitation/accept", json=body)
    return status, reply


async def test_the_first_admin_begins_the_company(letters: Letters, bench: Bench) -> None:
    tenant, token = await invited(bench)
    letter = await letters.next("invitation")
    assert letter.to == EVA and letter.secret == token
    assert letter.values["tenant"] == "New & Co" and letter.values["days"] == 7
    status, shown, _ = await bench.call("POST", "/auth/invitation", json={"token": token})
    assert status == 200
    assert (shown["email"], shown["name"]) == (EVA, "Eva Neu")
    assert shown["tenant"] == {"name": "New & Co"} and shown["terms"]["required"] is True
    version = shown["terms"]["version"]
    for terms in (None, "0"):
        status, body = await accept(bench, token, password=GOOD, terms_version=terms)
        assert (status, body["code"]) == (422, "terms_required")
    status, body = await accept(bench, token, password="short", terms_version=version)
    assert (status, body["code"]) == (422, "password_too_short")
    status, grant = await accept(bench, token, password=GOOD, terms_version=version)
    assert status == 200
    assert (await bench.call("GET", "/me", grant["access_token"]))[1]["user"]["role"] == "admin"
    async with bench.gateway.features.storage.read(tenant.id) as db:
        now = await db.tenant()
        (user,) = await db.find(User)
        actions = [row.action for row in await db.find(AuditEntry)]
    assert now is not None and now.status == "active"
    assert (now.terms_version, now.terms_accepted_by) == (version, user.id)
    assert now.terms_accepted_at is not None and user.activated_at is not None
    assert actions[-2:] == ["invitation.accept", "tenant.activate"]
    status, body = await accept(bench, token, password=GOOD, terms_version=version)
    assert (status, body["code"]) == (410, "link_over")
    login = {"email": EVA, "password": GOOD, "device": API}
    assert (await bench.call("POST", "/auth/login", json=login))[0] == 200


async def test_with_a_passkey_and_no_password(bench: Bench) -> None:
    tenant, token = await invited(bench, role="user", status="active")
    _, shown, _ = await bench.call("POST", "/auth/invitation", json={"token": token})
    assert shown["terms"]["required"] is False
    phone = Authenticator(bench.origin)
    _, begun, _ = await bench.call("POST", "/auth/invitation/passkey", json={"token": token})
    assert begun["options"]["user"]["name"] == EVA
    wrong = Authenticator("https://evil.example").create(begun["options"])
    status, body = await accept(bench, token, passkey=wrong)
    assert (status, body["code"]) == (422, "passkey_refused")  # and the link still counts
    status, grant = await accept(bench, token, passkey=phone.create(begun["options"]))
    assert status == 200
    assert (await bench.call("GET", "/me/security", grant["access_token"]))[1]["session"][
        "method"
    ] == "passkey"
    _, begun, _ = await bench.call("POST", "/auth/passkey/begin", json={})
    sent = {"credential": phone.get(begun["options"]), "device": API}
    assert (await bench.call("POST", "/auth/passkey/finish", json=sent))[0] == 200
    assert tenant.status == "active"


async def test_links_that_are_over(bench: Bench) -> None:
    tenant, first = await invited(bench, status="active")
    features = bench.gateway.features
    async with features.storage.write(tenant.id) as db:
        (user,) = await db.find(User)
        second = await features.sign_in.letters.invite(db, system(tenant.id, "Operator"), user.id)
    for token in (first, "x", f"{tenant.id}.{'A' * 43}"):
        status, body = await accept(bench, token, password=GOOD)
        assert (status, body["code"]) == (410, "link_over")
    async with features.storage.write(tenant.id) as db:
        past = utc_now() - timedelta(seconds=1)
        await db.update(OneTimeToken, OneTimeToken.kind == "invitation", expires_at=past)
    status, body, _ = await bench.call("POST", "/auth/invitation", json={"token": second})
    assert (status, body["code"]) == (410, "link_over")


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"disabled": True}, 410, "link_over"),
        ({"source": "sso"}, 410, "link_over"),
        ({"role": "user"}, 403, "tenant_not_active"),
    ],
)
async def test_who_may_not_accept(
    bench: Bench, change: dict[str, Any], status: int, code: str
) -> None:
    tenant, token = await invited(bench)
    async with bench.gateway.features.storage.write(tenant.id) as db:
        await db.update(User, User.email == EVA, **change)
    got, body = await accept(bench, token, password=GOOD, terms_version="1")
    assert (got, body["code"]) == (status, code)
    async with bench.gateway.features.storage.read(tenant.id) as db:
        now = await db.tenant()
    assert now is not None and now.status == "invited"


async def test_nobody_is_invited_twice_or_in_vain(bench: Bench) -> None:
    features, tenant = bench.gateway.features, bench.demo.tenant_id
    who = system(tenant, "Operator")
    for user_id, code in (
        (bench.demo.users["anna@example.test"], "already_active"),
        ("01a20019-14a5-7472-8cdf-edbe29ad83c0", "person_unknown"),
    ):
        with pytest.raises(Problem) as refused:
            async with features.storage.write(tenant) as db:
                await features.sign_in.letters.invite(db, who, user_id)
        assert refused.value.code == code
