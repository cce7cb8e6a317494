"""An authenticator app: set up, asked for at sign-in, lost, removed."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pyotp
import pytest
from socketio.exceptions import ConnectionError as ConnectionRefused

from gateway.features.login.service import STEP_ATTEMPTS
from gateway.features.second_factor import codes
from gateway.features.second_factor.codes import matching_step
from gateway.storage.ids import utc_now
from gateway.storage.models import Session, Tenant, User
from gateway.storage.storage import Storage
from gateway.storage.tables.sign_in import FailedProof, RecoveryCode, Totp
from tests.support.callers import signed_in
from tests.support.gateway_platform import PASSWORD, Bench, open_bench
from tests.support.letters import Letters

ANNA = "anna@example.test"
LOGIN = {"email": ANNA, "password": PASSWORD, "device": {"kind": "api"}}


@pytest.fixture
def letters(monkeypatch: pytest.MonkeyPatch) -> Letters:
    return Letters.tap(monkeypatch)


class App:
    """The authenticator app on Anna's phone; codes are of steps that were not used yet."""

    #: A test begins and ends in one step of 30 s, however slow the machine is.
    moment = datetime.now(UTC)

    def __init__(self, secret: str) -> None:
        self._totp = pyotp.TOTP(secret)
        self._step = -1

    def code(self) -> str:
        code = self._totp.at(self.moment, counter_offset=self._step)
        self._step += 1
        return code

    def wrong(self) -> str:
        near = {self._totp.at(self.moment, counter_offset=step) for step in range(-3, 4)}
        return next(code for code in (f"{i:06d}" for i in range(9)) if code not in near)


@pytest.fixture(autouse=True)
def one_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    moment = datetime.now(UTC)
    monkeypatch.setattr(App, "moment", moment)

    def judged(secret: str, code: str, _now: float, last: int) -> int | None:
        return matching_step(secret, code, moment.timestamp(), last)

    monkeypatch.setattr(codes, "matching_step", judged)


async def set_up(bench: Bench, token: str) -> tuple[App, list[str]]:
    status, made, _ = await bench.call("POST", "/me/totp", token, json={})
    assert status == 200 and made["qr_svg"].startswith("<svg")
    assert made["secret"] in made["uri"] and "issuer=Offhook" in made["uri"]
    app = App(made["secret"])
    status, body, _ = await bench.call("POST", "/me/totp/confirm", token, json={"code": app.code()})
    assert status == 200, body
    return app, body["recovery_codes"]


async def begin(bench: Bench) -> dict[str, Any]:
    status, body, _ = await bench.call("POST", "/auth/login", json=LOGIN)
    assert (status, body["code"]) == (401, "second_factor_required")
    return dict(body)


async def step(bench: Bench, begun: dict[str, Any], code: str, method: str = "totp") -> Any:
    sent = {"step_token": begun["step_token"], "method": method, "code": code}
    status, body, _ = await bench.call("POST", "/auth/second-step", json=sent)
    return status, body


async def test_from_the_picture_to_the_sign_in(bench: Bench) -> None:
    other = (await bench.login())["access_token"]
    token = (await bench.login())["access_token"]
    app, codes = await set_up(bench, token)
    # Who was in by the password alone is out; who has set it up is not.
    assert (await bench.call("GET", "/me", other))[0] == 401
    assert (await bench.call("GET", "/me", token))[0] == 200
    assert len(set(codes)) == 10
    begun = await begin(bench)
    assert begun["methods"] == ["totp", "recovery_code"] and "access_token" not in begun
    status, body = await step(bench, begun, app.wrong())
    assert (status, body["code"]) == (401, "second_factor_refused")
    assert body["attempts_left"] == STEP_ATTEMPTS - 1
    code = app.code()
    status, grant = await step(bench, begun, f"{code[:3]} {code[3:]}")
    assert status == 200
    assert (await bench.call("GET", "/me", grant["access_token"]))[0] == 200
    _, sessions, _ = await bench.call("GET", "/me/sessions", grant["access_token"])
    assert sessions["items"][0]["method"] == "password+totp"


async def test_a_code_and_a_step_work_once(bench: Bench) -> None:
    token = (await bench.login())["access_token"]
    app, _ = await set_up(bench, token)
    begun, code = await begin(bench), app.code()
    assert (await step(bench, begun, code))[0] == 200
    status, body = await step(bench, begun, app.code())
    assert (status, body["code"]) == (401, "step_over")
    status, body = await step(bench, await begin(bench), code)
    assert (status, body["code"]) == (401, "second_factor_refused")


async def test_guessing_ends_the_step_and_then_takes_long(
    bench: Bench, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = (await bench.login())["access_token"]
    app, _ = await set_up(bench, token)
    answers = []
    for _ in range(2):
        begun = await begin(bench)
        for _ in range(STEP_ATTEMPTS):
            answers.append((await step(bench, begun, app.wrong()))[0])
        status, body = await step(bench, begun, app.code())
        assert (status, body["code"]) in ((401, "step_over"), (429, "rate_limited"))
    assert set(answers) == {401}
    status, body = await step(bench, await begin(bench), app.code())
    assert (status, body["code"]) == (429, "rate_limited") and body["retry_after"] > 0
    await bench.gateway.features.sign_in.throttle.settled()
    storage: Storage = bench.gateway.features.storage
    async with storage.read(bench.demo.tenant_id) as db:
        rows = await db.find(FailedProof)
    assert [(row.origin, row.failures) for row in rows] == [("*", 10)]  # outlives this process


async def test_recovery_codes_work_once_each_and_can_be_renewed(bench: Bench) -> None:
    token = (await bench.login())["access_token"]
    _, codes = await set_up(bench, token)
    spelled = codes[0].upper().replace("-", " ")
    assert (await step(bench, await begin(bench), spelled, "recovery_code"))[0] == 200
    assert (await step(bench, await begin(bench), codes[0], "recovery_code"))[0] == 401
    status, renewed, _ = await bench.call("POST", "/me/recovery-codes", token, json={})
    assert status == 200 and not set(renewed["recovery_codes"]) & set(codes)
    assert (await step(bench, await begin(bench), codes[1], "recovery_code"))[0] == 401
    fresh = renewed["recovery_codes"][0]
    assert (await step(bench, await begin(bench), fresh, "recovery_code"))[0] == 200
    _, security, _ = await bench.call("GET", "/me/security", token)
    assert security["second_factor"]["recovery_codes_left"] == 9


async def test_nothing_readable_is_stored(bench: Bench) -> None:
    token = (await bench.login())["access_token"]
    _, made, _ = await bench.call("POST", "/me/totp", token, json={})
    app = App(made["secret"])
    _, body, _ = await bench.call("POST", "/me/totp/confirm", token, json={"code": app.code()})
    async with bench.gateway.features.storage.read(bench.demo.tenant_id) as db:
        totp = await db.find(Totp)
        kept = await db.find(RecoveryCode)
    stored = repr([totp, kept]).encode() + b"".join(row.digest for row in kept) + totp[0].secret
    assert made["secret"].encode() not in stored
    assert not any(code.encode() in stored for code in body["recovery_codes"])


async def test_removing_it_is_told_and_another_begins_anew(letters: Letters, bench: Bench) -> None:
    token = (await bench.login())["access_token"]
    await set_up(bench, token)
    status, body, _ = await bench.call("POST", "/me/totp", token, json={})
    assert (status, body["code"]) == (409, "totp_set_up")
    assert (await bench.call("DELETE", "/me/totp", token))[0] == 204
    assert (await letters.next("second_factor_removed")).values["what"] == "totp"
    assert (await bench.login())["access_token"]
    await set_up(bench, token)


async def test_each_new_proof_is_told(letters: Letters, bench: Bench) -> None:
    token = (await bench.login())["access_token"]
    await set_up(bench, token)
    told = await letters.next("second_factor_added")
    assert (told.to, told.values["client_ip"]) == (ANNA, "127.0.0.1")
    assert (await bench.call("POST", "/me/recovery-codes", token, json={}))[0] == 200
    await letters.next("second_factor_added", 2)


async def test_the_help_desk_takes_away_a_lost_one(letters: Letters, bench: Bench) -> None:
    grant = await bench.login()
    await set_up(bench, grant["access_token"])
    desk = await signed_in(bench, "help_desk", "hilde@example.test")
    boss = await signed_in(bench, "admin", "boss@example.test")
    people = "/admin/people"
    anna, berta = bench.demo.users[ANNA], bench.demo.users["berta@example.test"]
    _, shown, _ = await bench.call("GET", f"{people}/{anna}", desk)
    assert shown["second_factors"] == ["totp"]

    async def remove(who: str, user_id: str) -> tuple[int, str]:
        path, body = f"{people}/{user_id}/remove-second-factor", {"why": "phone lost"}
        status, reply, _ = await bench.call("POST", path, who, json=body)
        return status, reply["code"] if reply else ""

    async with bench.gateway.features.storage.write(bench.demo.tenant_id) as db:
        await db.update(User, User.id == anna, role="user")
        hilde = await db.first(User, User.email == "hilde@example.test")
        admin = await db.first(User, User.email == "boss@example.test")
        assert hilde is not None and admin is not None
    phone = await bench.socket(grant["access_token"])
    await phone.next("snapshot")
    assert await remove(desk, berta) == (409, "no_second_factor")
    assert await remove(desk, hilde.id) == (409, "own_account")
    assert await remove(desk, admin.id) == (403, "permission_missing")
    user = (await bench.login("berta@example.test"))["access_token"]
    assert await remove(user, anna) == (403, "permission_missing")
    assert await remove(desk, anna) == (204, "")
    async with asyncio.timeout(5):
        await phone.gone.wait()
    assert (await bench.call("GET", "/me", grant["access_token"]))[0] == 401
    told = await letters.next("second_factor_reset")
    assert (told.to, told.values["by"]) == (ANNA, "Hilde")
    assert (await bench.login())["access_token"]  # the password alone
    _, audit, _ = await bench.call("GET", "/admin/audit?action=person.remove_second_factor", boss)
    (entry,) = audit["items"]
    assert (entry["target"]["id"], entry["why"]) == (anna, "phone lost")
    async with bench.gateway.features.storage.write(bench.demo.tenant_id) as db:
        assert await db.count(RecoveryCode) == 0
        await db.update(Session, proven_at=utc_now() - timedelta(minutes=16))
    assert await remove(desk, anna) == (403, "step_up_required")


async def test_who_has_an_old_proof_must_step_up(bench: Bench) -> None:
    grant = await bench.login()
    token = grant["access_token"]
    async with bench.gateway.features.storage.write(bench.demo.tenant_id) as db:
        long_ago = utc_now() - timedelta(minutes=16)
        await db.update(Session, Session.id == grant["session_id"], proven_at=long_ago)
    status, body, _ = await bench.call("POST", "/me/totp", token, json={})
    assert (status, body["code"]) == (403, "step_up_required")
    assert body["methods"] == ["password"]
    proof = {"method": "password", "password": "not this one"}
    status, body, _ = await bench.call("POST", "/auth/step-up", token, json=proof)
    assert (status, body["code"]) == (403, "proof_refused")
    proof["password"] = PASSWORD
    status, body, _ = await bench.call("POST", "/auth/step-up", token, json=proof)
    assert status == 200 and datetime.fromisoformat(body["proven_until"]) > utc_now()
    app, codes = await set_up(bench, token)
    for method, code in (("totp", app.code()), ("recovery_code", codes[0])):
        proof = {"method": method, "code": code}
        assert (await bench.call("POST", "/auth/step-up", token, json=proof))[0] == 200
        assert (await bench.call("POST", "/auth/step-up", token, json=proof))[0] == 403
    async with bench.gateway.features.storage.write(bench.demo.tenant_id) as db:
        await db.update(Session, Session.id == grant["session_id"], proven_at=long_ago)
    _, body, _ = await bench.call("POST", "/me/recovery-codes", token, json={})
    assert body["methods"] == ["password", "totp", "recovery_code"]


class TestRequired:
    async def demand(self, bench: Bench, level: str) -> None:
        async with bench.gateway.features.storage.write(bench.demo.tenant_id) as db:
            tenant = await db.tenant()
            assert isinstance(tenant, Tenant)
            tenant.policy = {"second_factor": level}

    async def test_nothing_but_the_set_up_until_it_is_there(self, bench: Bench) -> None:
        await self.demand(bench, "required")
        token = (await bench.login())["access_token"]
        for method, path in (("GET", "/me"), ("GET", "/directory"), ("DELETE", "/me/totp")):
            status, body, _ = await bench.call(method, path, token)
            assert (status, body["code"]) == (403, "second_factor_setup_required"), path
        with pytest.raises(ConnectionRefused):
            await bench.socket(token)
        assert (await bench.call("GET", "/me/security", token))[0] == 200
        await set_up(bench, token)
        assert (await bench.call("GET", "/me", token))[0] == 200  # at once
        await (await bench.socket(token)).next("snapshot")
        status, body, _ = await bench.call("DELETE", "/me/totp", token)
        assert (status, body["code"]) == (409, "second_factor_needed")

    async def test_off_offers_none_but_keeps_asking_who_has_one(self, bench: Bench) -> None:
        anna = (await bench.login())["access_token"]
        await set_up(bench, anna)
        await self.demand(bench, "off")
        berta = (await bench.login("berta@example.test"))["access_token"]
        status, body, _ = await bench.call("POST", "/me/totp", berta, json={})
        assert (status, body["code"]) == (403, "second_factor_off")
        await begin(bench)

    async def test_the_companys_own_sign_in_is_not_asked(self, bench: Bench) -> None:
        await self.demand(bench, "required")
        token = (await bench.login())["access_token"]
        async with bench.gateway.features.storage.write(bench.demo.tenant_id) as db:
            await db.update(User, User.id == bench.demo.users[ANNA], source="sso")
        assert (await bench.call("GET", "/me", token))[0] == 200
        status, body, _ = await bench.call("POST", "/me/totp", token, json={})
        assert (status, body["code"]) == (409, "managed_elsewhere")


async def test_a_suspended_company_is_told_after_the_right_password_only(bench: Bench) -> None:
    async with bench.gateway.features.storage.write(bench.demo.tenant_id) as db:
        tenant = await db.tenant()
        assert tenant is not None
        tenant.status = "suspended"
    status, body, _ = await bench.call("POST", "/auth/login", json=LOGIN)
    assert (status, body["code"]) == (403, "tenant_suspended")
    wrong = {**LOGIN, "password": "not my password"}
    status, body, _ = await bench.call("POST", "/auth/login", json=wrong)
    assert (status, body["code"]) == (401, "bad_credentials")


async def test_guesses_are_remembered_by_the_next_process(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = {**LOGIN, "password": "not my password"}
    many = {"auth": {"logins_per_account": 100, "logins_per_ip": 100}}
    async with open_bench(tmp_path, monkeypatch, many) as bench:
        for email in (ANNA, "nobody@example.test"):
            answers = [
                (await bench.call("POST", "/auth/login", json={**wrong, "email": email}))[0]
                for _ in range(12)
            ]
            assert answers == [401] * 10 + [429] * 2, email  # nobody's address is no exception
        await bench.gateway.features.sign_in.throttle.settled()
        storage = bench.gateway.features.storage
        async with storage.read(bench.demo.tenant_id) as db:
            (row,) = await db.find(FailedProof)
        assert row.failures == 10
        # As a process would that has just begun:
        bench.gateway.features.sign_in.throttle._counts.clear()
        status, body, _ = await bench.call("POST", "/auth/login", json=LOGIN)
        assert (status, body["code"]) == (429, "rate_limited")
        async with storage.write(bench.demo.tenant_id) as db:
            await db.update(
                FailedProof, FailedProof.id == row.id, last_at=utc_now() - timedelta(seconds=6)
            )
        bench.gateway.features.sign_in.throttle._counts.clear()
        assert (await bench.call("POST", "/auth/login", json=LOGIN))[0] == 200
        async with storage.read(bench.demo.tenant_id) as db:
            assert await db.find(FailedProof) == []
