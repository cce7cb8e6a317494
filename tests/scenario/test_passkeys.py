"""Passkeys, with an authenticator in software at the other end."""

from __future__ import annotations

from typing import Any

import pytest

from gateway.credentials.challenges import Challenges
from gateway.credentials.secrets import Secrets
from gateway.ports import UserKey
from gateway.storage.models import Tenant, User
from gateway.storage.tables.sign_in import Passkey
from tests.support.authenticator import BE, BS, UP, UV, Authenticator, b64, unb64
from tests.support.gateway_platform import PASSWORD, Bench
from tests.support.letters import Letters

ANNA, BERTA = "anna@example.test", "berta@example.test"
API = {"kind": "api"}


@pytest.fixture
def letters(monkeypatch: pytest.MonkeyPatch) -> Letters:
    return Letters.tap(monkeypatch)


@pytest.fixture
def phone(bench: Bench) -> Authenticator:
    return Authenticator(bench.origin)


async def options(bench: Bench) -> dict[str, Any]:
    status, body, _ = await bench.call("POST", "/auth/passkey/begin", json={})
    assert status == 200
    return dict(body["options"])


async def add(bench: Bench, phone: Authenticator, token: str, name: str = "Phone") -> Any:
    status, body, _ = await bench.call("POST", "/me/passkeys/begin", token, json={})
    assert status == 200, body
    made = {"name": name, "credential": phone.create(body["options"])}
    return await bench.call("POST", "/me/passkeys", token, json=made)


async def finish(bench: Bench, credential: dict[str, Any]) -> tuple[int, Any]:
    sent = {"credential": credential, "device": API}
    status, body, _ = await bench.call("POST", "/auth/passkey/finish", json=sent)
    return status, body


async def test_made_named_used_and_removed(
    letters: Letters, bench: Bench, phone: Authenticator
) -> None:
    other = (await bench.login())["access_token"]
    token = (await bench.login())["access_token"]
    _, begun, _ = await bench.call("POST", "/me/passkeys/begin", token, json={})
    assert begun["options"]["rp"]["id"] == "localhost"
    selection = begun["options"]["authenticatorSelection"]
    assert selection["residentKey"] == selection["userVerification"] == "required"
    status, row, _ = await add(bench, phone, token)
    assert status == 201 and row["name"] == "Phone" and row["last_used"] is None
    told = await letters.next("second_factor_added")
    assert (told.to, told.values["what"]) == (ANNA, "passkey")
    assert (await bench.call("GET", "/me", other))[0] == 401, "in by the password alone"
    asked = await options(bench)
    assert asked["userVerification"] == "required" and not asked.get("allowCredentials")
    status, grant = await finish(bench, phone.get(asked))
    assert status == 200
    _, me, _ = await bench.call("GET", "/me", grant["access_token"])
    assert me["user"]["email"] == ANNA  # though nobody typed an address
    _, again, _ = await bench.call("POST", "/me/passkeys/begin", token, json={})
    assert [one["id"] for one in again["options"]["excludeCredentials"]] == [
        b64(phone.credentials[0].id)
    ]
    named = {"name": "My old phone"}
    path = f"/me/passkeys/{row['id']}"
    assert (await bench.call("PATCH", path, token, json=named))[1]["name"] == "My old phone"
    _, listed, _ = await bench.call("GET", "/me/passkeys", token)
    assert [item["name"] for item in listed["items"]] == ["My old phone"]
    assert listed["items"][0]["last_used"] is not None
    assert (await bench.call("DELETE", path, token))[0] == 204
    assert (await letters.next("second_factor_removed")).values["what"] == "passkey"
    assert (await finish(bench, phone.get(await options(bench))))[0] == 401


async def test_made_up_passkeys_do_not_queue_for_the_writer(
    bench: Bench, phone: Authenticator, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = (await bench.login())["access_token"]
    await add(bench, phone, token)
    unknown = Authenticator(bench.origin)
    _, begun, _ = await bench.call("POST", "/me/passkeys/begin", token, json={})
    unknown.create(begun["options"])  # never kept by the gateway
    wrong, right = unknown.get(await options(bench)), phone.get(await options(bench))
    forged = {**right, "response": {**right["response"], "signature": b64(b"not this")}}

    def refuse(_tenant_id: str) -> None:
        raise AssertionError("this needs no writer")

    with monkeypatch.context() as patch:
        patch.setattr(bench.gateway.features.storage, "write", refuse)
        for credential in (wrong, forged):
            assert (await finish(bench, credential))[0] == 401
    assert (await finish(bench, right))[0] == 200


async def test_it_stands_for_both_factors(bench: Bench, phone: Authenticator) -> None:
    async with bench.gateway.features.storage.write(bench.demo.tenant_id) as db:
        tenant = await db.tenant()
        assert isinstance(tenant, Tenant)
        tenant.policy = {"second_factor": "required"}
    token = (await bench.login())["access_token"]
    assert (await bench.call("GET", "/me", token))[0] == 403
    assert (await add(bench, phone, token))[0] == 201
    assert (await bench.call("GET", "/me", token))[0] == 200
    login = {"email": ANNA, "password": PASSWORD, "device": API}
    status, body, _ = await bench.call("POST", "/auth/login", json=login)
    assert (status, body["methods"]) == (401, ["passkey"])
    status, grant = await finish(bench, phone.get(await options(bench)))
    assert status == 200
    assert (await bench.call("GET", "/me", grant["access_token"]))[0] == 200
    _, listed, _ = await bench.call("GET", "/me/passkeys", token)
    path = f"/me/passkeys/{listed['items'][0]['id']}"
    status, body, _ = await bench.call("DELETE", path, token)
    assert (status, body["code"]) == (409, "second_factor_needed")


async def test_it_proves_ones_own_session_only(bench: Bench, phone: Authenticator) -> None:
    anna = (await bench.login())["access_token"]
    berta = (await bench.login(BERTA))["access_token"]
    await add(bench, phone, anna)
    for token, status in ((berta, 403), (anna, 200)):
        proof = {"method": "passkey", "credential": phone.get(await options(bench))}
        assert (await bench.call("POST", "/auth/step-up", token, json=proof))[0] == status


async def test_what_does_not_sign_in(bench: Bench, phone: Authenticator) -> None:
    token = (await bench.login())["access_token"]
    await add(bench, phone, token)
    used = phone.get(await options(bench), step=50)
    assert (await finish(bench, used))[0] == 200
    thief = Authenticator("https://evil.example")
    thief.credentials = phone.credentials
    unseen = Authenticator(bench.origin, UP)  # nobody's finger, face or PIN
    unseen.credentials = phone.credentials
    foreign = Challenges(Secrets.ephemeral()).new("sign in")
    other = {**await options(bench), "challenge": b64(foreign)}
    mallorys = phone.get(await options(bench))
    ours = UserKey(bench.demo.tenant_id, bench.demo.users[BERTA])
    handle = unb64(mallorys["response"]["userHandle"])
    copy = phone.get(await options(bench), step=-20)  # counts for itself
    phone.credentials[0].count = 99
    for broken in (
        used,  # a second time
        thief.get(await options(bench)),
        unseen.get(await options(bench)),
        phone.get(other),
        phone.get({"challenge": b64(b"made up")}),
        copy,
        phone.get(await register_challenge(bench, token)),
        with_(mallorys, userHandle=b64(handle[:16] + uuid_bytes(ours.user_id))),
        with_(mallorys, userHandle=b64(b"x")),
        with_(mallorys, signature=b64(b"\x30" * 70)),
        with_(mallorys, clientDataJSON="e30"),
        {"id": "x", "rawId": "x", "type": "public-key", "response": {}},
        {"id": 7, "response": "no"},
        {},
    ):
        status, body = await finish(bench, broken)
        assert (status, body["code"]) == (401, "passkey_refused")
    assert (await finish(bench, phone.get(await options(bench))))[0] == 200
    async with bench.gateway.features.storage.write(bench.demo.tenant_id) as db:
        await db.update(User, User.id == bench.demo.users[ANNA], disabled=True)
    assert (await finish(bench, phone.get(await options(bench))))[0] == 401


def with_(credential: dict[str, Any], **response: str) -> dict[str, Any]:
    return {**credential, "response": {**credential["response"], **response}}


def uuid_bytes(text: str) -> bytes:
    from uuid import UUID

    return UUID(text).bytes


async def register_challenge(bench: Bench, token: str) -> dict[str, Any]:
    _, body, _ = await bench.call("POST", "/me/passkeys/begin", token, json={})
    return dict(body["options"])


async def test_what_is_not_registered(bench: Bench, phone: Authenticator) -> None:
    anna = (await bench.login())["access_token"]
    berta = (await bench.login(BERTA))["access_token"]
    begun = await register_challenge(bench, berta)
    used = phone.create(await register_challenge(bench, anna))
    first = {"name": "first", "credential": used}
    assert (await bench.call("POST", "/me/passkeys", anna, json=first))[0] == 201
    for broken in (
        used,
        phone.create(begun),  # somebody else's challenge
        Authenticator("https://evil.example").create(await register_challenge(bench, anna)),
        Authenticator(bench.origin, UP).create(await register_challenge(bench, anna)),
        {**used, "response": {"clientDataJSON": "e30", "attestationObject": "oA"}},
        {},
    ):
        sent = {"name": "x", "credential": broken}
        status, body, _ = await bench.call("POST", "/me/passkeys", anna, json=sent)
        assert (status, body["code"]) == (422, "passkey_refused")
    async with bench.gateway.features.storage.read(bench.demo.tenant_id) as db:
        assert await db.count(Passkey) == 1


async def test_a_synced_one_is_told_and_strangers_cannot_touch_it(bench: Bench) -> None:
    anna = (await bench.login())["access_token"]
    berta = (await bench.login(BERTA))["access_token"]
    cloud = Authenticator(bench.origin, UP | UV | BE | BS)
    status, row, _ = await add(bench, cloud, anna)
    assert status == 201 and row["synced"] is True
    path = f"/me/passkeys/{row['id']}"
    assert (await bench.call("PATCH", path, berta, json={"name": "mine"}))[0] == 404
    assert (await bench.call("DELETE", path, berta))[0] == 404


async def test_the_last_way_in_stays(bench: Bench, phone: Authenticator) -> None:
    token = (await bench.login())["access_token"]
    _, row, _ = await add(bench, phone, token)
    async with bench.gateway.features.storage.write(bench.demo.tenant_id) as db:
        await db.update(User, User.id == bench.demo.users[ANNA], password_hash=None)
    status, body, _ = await bench.call("DELETE", f"/me/passkeys/{row['id']}", token)
    assert (status, body["code"]) == (409, "last_way_in")
    change = {"new_password": "seven green umbrellas fly"}
    assert (await bench.call("PUT", "/me/password", token, json=change))[0] == 204
    assert (await bench.call("DELETE", f"/me/passkeys/{row['id']}", token))[0] == 204
