"""What a tenant's admin demands of everybody's sign-in."""

from __future__ import annotations

from datetime import datetime, timedelta

from gateway.storage.ids import utc_now
from gateway.storage.models import User
from gateway.storage.tables.audit import AuditEntry
from tests.support.gateway_platform import PASSWORD, Bench

STRICT = {"second_factor": "required", "password_min_length": 16, "session_days": 7}


async def admin(bench: Bench, role: str = "admin") -> str:
    async with bench.gateway.features.storage.write(bench.demo.tenant_id) as db:
        await db.update(User, User.email == "anna@example.test", role=role)
    return str((await bench.login())["access_token"])


async def test_read_change_and_what_comes_of_it(bench: Bench) -> None:
    token = await admin(bench)
    status, body, headers = await bench.call("GET", "/admin/sign-in", token)
    assert status == 200
    assert body["second_factor"] == "optional" and body["session_days"] is None
    etag = {"If-Match": headers["ETag"]}
    wanted = {**STRICT, "second_factor": "optional"}
    status, body, headers = await bench.call(
        "PUT", "/admin/sign-in", token, json=wanted, headers=etag
    )
    assert status == 200 and body == {**wanted, "version": body["version"]}
    assert headers["ETag"] == f'"{body["version"]}"'
    status, body, _ = await bench.call("PUT", "/admin/sign-in", token, json=STRICT, headers=etag)
    assert (status, body["code"]) == (412, "changed_meanwhile")
    change = {"old_password": PASSWORD, "new_password": "xq7 umbrella 2w"}  # 15
    status, body, _ = await bench.call("PUT", "/me/password", token, json=change)
    assert (status, body["min_length"]) == (422, 16)
    berta = (await bench.login("berta@example.test"))["access_token"]
    _, sessions, _ = await bench.call("GET", "/me/sessions", berta)
    ends = datetime.fromisoformat(sessions["items"][0]["expires_at"])
    assert timedelta(days=6) < ends - utc_now() <= timedelta(days=7)
    async with bench.gateway.features.storage.read(bench.demo.tenant_id) as db:
        (entry,) = await db.find(AuditEntry, AuditEntry.action == "sign_in.change")
    assert entry.after == {"password_min_length": 16, "session_days": 7}
    assert entry.before == {"password_min_length": 12, "session_days": None}


async def test_whose_business_it_is_not(bench: Bench) -> None:
    for role in ("user", "help_desk"):
        token = await admin(bench, role)
        status, body, _ = await bench.call("GET", "/admin/sign-in", token)
        assert (status, body["code"]) == (403, "permission_missing")


async def test_what_it_cannot_be(bench: Bench) -> None:
    token = await admin(bench)
    etag = {"If-Match": '"1"'}
    for wrong in (
        {"password_min_length": 7},
        {"password_min_length": 65},
        {"second_factor": "sometimes"},
        {"session_days": 0},
        {"session_days": 91},
    ):
        body = {**STRICT, **wrong}
        assert (await bench.call("PUT", "/admin/sign-in", token, json=body, headers=etag))[0] == 422
