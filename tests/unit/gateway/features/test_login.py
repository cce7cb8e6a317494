"""Sessions: sign-in, rotation, reuse, the grace for two tabs, revocation, limits."""

from __future__ import annotations

import asyncio
import unicodedata
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyotp
import pytest
from sqlmodel import col

from gateway.admin_ports import oneself
from gateway.bus import Bus, SessionRevoked
from gateway.config import AuthConfig
from gateway.credentials.password_rules import PasswordRules
from gateway.credentials.passwords import Passwords
from gateway.credentials.secrets import Secrets
from gateway.features.audit.service import AuditService
from gateway.features.login import refresh
from gateway.features.login.keeper import SessionKeeper
from gateway.features.login.service import STEP_ATTEMPTS, LoginService
from gateway.features.passwords.letters import AccountLetterService
from gateway.features.passwords.service import PasswordsService
from gateway.features.provisioning.service import NewUser, ProvisioningService
from gateway.features.second_factor.service import SecondFactorService
from gateway.features.sessions.models import StepUpRequest
from gateway.features.sessions.service import SessionsService
from gateway.http.limits import RateLimiter, subscriber
from gateway.http.shapes import DeviceInfo
from gateway.ports import Problem, UserKey
from gateway.sign_in_ports import Grant, NoDirectory
from gateway.storage.models import RefreshToken, Session, User
from gateway.storage.storage import Storage, TenantSession
from gateway.storage.tables.one_time import OneTimeToken
from gateway.throttle import FREE, ProofThrottle
from tests.support.gateway_platform import CHEAP, empty_storage
from tests.support.letters import KeptMail

PASSWORD = "a long enough one"
WEB = DeviceInfo(kind="web", name="Chromium")


class Clock:
    def __init__(self) -> None:
        self.at = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return self.at.timestamp()

    def pass_(self, **span: float) -> None:
        self.at += timedelta(**span)


class Rig:
    def __init__(self, storage: Storage, passwords: Passwords) -> None:
        self.storage = storage
        self.clock = Clock()
        self.bus = Bus()
        self.revoked: list[SessionRevoked] = []
        self.bus.subscribe(SessionRevoked, self.revoked.append)
        self.secrets = Secrets.ephemeral()
        self.passwords = passwords
        self.sessions = SessionKeeper(
            storage,
            self.secrets,
            self.bus,
            AuthConfig(),
            monotonic=self.clock.monotonic,
            now=self.clock.now,
        )
        self.throttle = ProofThrottle(storage, self.clock.now)
        self.mailer = KeptMail()
        self.second = SecondFactorService(
            storage,
            self.secrets,
            AuditService(self.clock.now),
            self.mailer,
            self.throttle,
            self.sessions,
            "Test",
            now=self.clock.now,
        )
        self.service = LoginService(
            storage,
            passwords,
            self.sessions,
            self.second,
            NoDirectory(),
            self.throttle,
            AuthConfig(),
            monotonic=self.clock.monotonic,
            now=self.clock.now,
        )

    async def sign_in(self, password: str = PASSWORD, ip: str = "192.0.2.1", **device: Any) -> Any:
        wanted = WEB.model_copy(update=device)
        return await self.service.sign_in("anna@x.test", password, wanted, ip)

    async def set_up_totp(self, grant: Grant) -> pyotp.TOTP:
        made = await self.second.begin(grant.actor)
        app = pyotp.TOTP(made.secret)
        who = oneself(grant.actor, "192.0.2.1")
        await self.second.confirm(who, app.at(self.clock.at), grant.actor.session_id)
        self.clock.pass_(seconds=30)  # a code works once
        return app

    async def step_token(self) -> str:
        with pytest.raises(Problem) as asked:
            await self.sign_in()
        assert asked.value.code == "second_factor_required"
        return str(asked.value.extra["step_token"])

    async def change_password(self, grant: Grant, new: str) -> None:
        service = PasswordsService(
            self.storage,
            self.passwords,
            PasswordRules(),
            self.sessions,
            AuditService(self.clock.now),
            self.mailer,
            self.throttle,
            AuthConfig(),
            monotonic=self.clock.monotonic,
            now=self.clock.now,
        )
        await service.change(grant.actor, oneself(grant.actor, "192.0.2.1"), PASSWORD, new)


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[Rig]:
    storage = await empty_storage(tmp_path)
    passwords = Passwords(hasher=CHEAP)
    made = Rig(storage, passwords)
    provisioning = ProvisioningService(storage, made.secrets, passwords)
    tenant_id = await provisioning.create_tenant("T")
    await provisioning.create_user(tenant_id, NewUser("Anna@x.test", "Anna", PASSWORD))
    yield made
    passwords.close()
    await storage.aclose()


async def refused(awaitable: Any) -> str:
    with pytest.raises(Problem) as caught:
        await awaitable
    return caught.value.code


async def test_the_address_is_found_in_any_case(rig: Rig) -> None:
    grant = await rig.service.sign_in(" ANNA@X.test ", PASSWORD, WEB, "192.0.2.1")
    assert (await rig.sessions.authenticate(grant.access_token)) == grant.actor


@pytest.mark.parametrize(
    "spelled",
    [
        "jurg@müller.test",
        unicodedata.normalize("NFD", "jurg@müller.test"),
        "J\u0075rg@xn--mller-kva.test",
    ],
)
async def test_the_address_is_found_in_every_spelling(rig: Rig, spelled: str) -> None:
    provisioning = ProvisioningService(rig.storage, rig.secrets, rig.passwords)
    tenant_id = await provisioning.create_tenant("M")
    await provisioning.create_user(tenant_id, NewUser("jurg@müller.test", "Jurg", PASSWORD))
    grant = await rig.service.sign_in(spelled, PASSWORD, WEB, "192.0.2.1")
    assert grant.actor.user.tenant_id == tenant_id
    letters = AccountLetterService(rig.storage, rig.mailer, monotonic=rig.clock.monotonic)
    letters.ask(spelled, "192.0.2.1")
    await letters._answer(letters._asked.get_nowait())
    assert rig.mailer.last("password_reset").to == "jurg@müller.test"


async def test_wrong_password_unknown_and_disabled_user_get_one_answer(rig: Rig) -> None:
    grant = await rig.sign_in()
    user = grant.actor.user
    answers = set()
    with pytest.raises(Problem) as wrong:
        await rig.sign_in("wrong")
    answers.add(str(wrong.value.to_json()))
    with pytest.raises(Problem) as unknown:
        await rig.service.sign_in("nobody@x.test", PASSWORD, WEB, "192.0.2.1")
    answers.add(str(unknown.value.to_json()))
    async with rig.storage.write(user.tenant_id) as db:
        await db.update(User, User.id == user.user_id, disabled=True)
    with pytest.raises(Problem) as disabled:
        await rig.sign_in()
    answers.add(str(disabled.value.to_json()))
    assert len(answers) == 1


async def test_a_device_stays_the_same_if_it_is_ones_own(rig: Rig) -> None:
    first = await rig.sign_in()
    again = await rig.sign_in(id=first.actor.device_id)
    assert again.actor.device_id == first.actor.device_id
    assert again.actor.session_id != first.actor.session_id
    foreign = await rig.sign_in(id="01a20019-14a5-7472-8cdf-edbe29ad83c0")
    assert foreign.actor.device_id not in (
        first.actor.device_id,
        "01a20019-14a5-7472-8cdf-edbe29ad83c0",
    )


async def test_a_refresh_rotates_and_the_old_token_ends_the_session(rig: Rig) -> None:
    grant = await rig.sign_in()
    rig.clock.pass_(minutes=9)
    second = await rig.sessions.refresh(grant.refresh_token, grant.actor.device_id)
    assert second.refresh_token != grant.refresh_token
    assert second.actor == grant.actor
    rig.clock.pass_(minutes=9)
    third = await rig.sessions.refresh(second.refresh_token, grant.actor.device_id)
    rig.clock.pass_(seconds=11)
    reused = rig.sessions.refresh(grant.refresh_token, grant.actor.device_id)
    assert await refused(reused) == "session_revoked"
    # The thief and the owner are both out, at once and for good.
    assert [event.reason for event in rig.revoked] == ["token_reused"]
    assert await refused(rig.sessions.authenticate(third.access_token)) == "session_ended"
    again = rig.sessions.refresh(third.refresh_token, grant.actor.device_id)
    assert await refused(again) == "refresh_refused"


async def test_a_lost_answer_does_not_end_the_session(rig: Rig) -> None:
    grant = await rig.sign_in()
    device = grant.actor.device_id
    lost = await rig.sessions.refresh(grant.refresh_token, device)
    rig.clock.pass_(seconds=11)
    lost_too = await rig.sessions.refresh(grant.refresh_token, device)
    rig.clock.pass_(hours=3)
    tabs = await asyncio.gather(
        rig.sessions.refresh(grant.refresh_token, device),
        rig.sessions.refresh(grant.refresh_token, device),
    )
    assert tabs[0].refresh_token == tabs[1].refresh_token
    assert len({grant.refresh_token, lost.refresh_token, lost_too.refresh_token}) == 3
    assert tabs[0].refresh_token not in (lost.refresh_token, lost_too.refresh_token)
    rig.clock.pass_(minutes=9)
    after = await rig.sessions.refresh(tabs[0].refresh_token, device)
    assert rig.revoked == []
    # From here on the answer is known to have arrived.
    rig.clock.pass_(seconds=11)
    reused = rig.sessions.refresh(grant.refresh_token, device)
    assert await refused(reused) == "session_revoked"
    assert await refused(rig.sessions.refresh(after.refresh_token, device)) == "refresh_refused"


@pytest.mark.parametrize("later", [0, 11])
async def test_a_token_that_was_lost_and_comes_back_was_stolen(rig: Rig, later: int) -> None:
    grant = await rig.sign_in()
    device = grant.actor.device_id
    lost = await rig.sessions.refresh(grant.refresh_token, device)
    rig.clock.pass_(seconds=11)
    await rig.sessions.refresh(grant.refresh_token, device)
    rig.clock.pass_(seconds=later)
    assert await refused(rig.sessions.refresh(lost.refresh_token, device)) == "session_revoked"
    assert [event.reason for event in rig.revoked] == ["token_reused"]


async def test_another_device_lost_no_answer(rig: Rig) -> None:
    for stranger in (None, "01a20019-14a5-7472-8cdf-edbe29ad83c0"):
        grant = await rig.sign_in()
        await rig.sessions.refresh(grant.refresh_token, grant.actor.device_id)
        rig.clock.pass_(seconds=11)
        stolen = rig.sessions.refresh(grant.refresh_token, stranger)
        assert await refused(stolen) == "session_revoked"


async def test_two_tabs_of_one_device_get_the_same_answer_for_ten_seconds(rig: Rig) -> None:
    grant = await rig.sign_in()
    device = grant.actor.device_id
    first, second = await asyncio.gather(
        rig.sessions.refresh(grant.refresh_token, device),
        rig.sessions.refresh(grant.refresh_token, device),
    )
    assert first.refresh_token == second.refresh_token
    rig.clock.pass_(seconds=9)
    third = await rig.sessions.refresh(grant.refresh_token, device)
    assert third.refresh_token == first.refresh_token
    assert rig.revoked == []


async def test_within_the_grace_another_device_is_a_thief(rig: Rig) -> None:
    for stranger in (None, "01a20019-14a5-7472-8cdf-edbe29ad83c0"):
        grant = await rig.sign_in()
        await rig.sessions.refresh(grant.refresh_token, grant.actor.device_id)
        stolen = rig.sessions.refresh(grant.refresh_token, stranger)
        assert await refused(stolen) == "session_revoked"


async def test_a_late_tab_gets_the_newest_token_never_a_used_one(rig: Rig) -> None:
    grant = await rig.sign_in()
    device = grant.actor.device_id
    second = await rig.sessions.refresh(grant.refresh_token, device)
    third = await rig.sessions.refresh(second.refresh_token, device)
    late = await rig.sessions.refresh(grant.refresh_token, device)
    assert late.refresh_token == third.refresh_token
    rig.clock.pass_(minutes=5)
    await rig.sessions.refresh(late.refresh_token, device)
    assert rig.revoked == []


async def test_tokens_are_not_in_the_database(rig: Rig) -> None:
    grant = await rig.sign_in()
    async with rig.storage.read(grant.actor.user.tenant_id) as db:
        rows = await db.find(RefreshToken)
    assert [row.digest for row in rows] == [refresh.digest(grant.refresh_token)]
    assert grant.refresh_token not in repr(grant) and grant.access_token not in repr(grant)


async def test_rubbish_is_refused(rig: Rig) -> None:
    grant = await rig.sign_in()
    tenant = grant.actor.user.tenant_id
    for token in ("", ".", "x", f"{tenant}.", f"{tenant}.{'a' * 43}", f"{tenant}.{'ä' * 43}"):
        assert await refused(rig.sessions.refresh(token, None)) == "refresh_refused"
    other = refresh.first_token("01a20019-14a5-7472-8cdf-edbe29ad83c0")
    assert await refused(rig.sessions.refresh(other, None)) == "refresh_refused"


async def test_access_ends_after_ten_minutes_the_session_does_not(rig: Rig) -> None:
    grant = await rig.sign_in()
    rig.clock.pass_(minutes=10, seconds=6)
    assert await refused(rig.sessions.authenticate(grant.access_token)) == "token_refused"
    assert await rig.sessions.session_live(grant.actor.user.tenant_id, grant.actor.session_id)


async def test_a_session_ends_when_unused_or_too_old(rig: Rig) -> None:
    config = AuthConfig()
    grant = await rig.sign_in()
    rig.clock.pass_(seconds=config.refresh_ttl + 1)
    assert not await rig.sessions.session_live(grant.actor.user.tenant_id, grant.actor.session_id)
    token = (await rig.sign_in(ip="192.0.2.2")).refresh_token
    device = None
    with pytest.raises(Problem):
        for _ in range(10):  # 10 x 20 days: used all the time, but older than 90 days
            rig.clock.pass_(days=20)
            token = (await rig.sessions.refresh(token, device)).refresh_token


async def test_revocation_is_known_at_once_and_found_by_the_sweep(rig: Rig) -> None:
    one, two = await rig.sign_in(), await rig.sign_in()
    tenant, service = one.actor.user.tenant_id, rig.sessions
    both = {one.actor.session_id, two.actor.session_id}
    assert await service.live_sessions(tenant, both) == both
    assert await service.session_live(tenant, one.actor.session_id)
    await service.sign_out(one.actor)
    assert not await service.session_live(tenant, one.actor.session_id)  # no stale cache
    assert await service.live_sessions(tenant, both) == {two.actor.session_id}
    # Another process disables the user: no event, but the cache is believed for 2 s only.
    assert await service.session_live(tenant, two.actor.session_id)
    async with rig.storage.write(tenant) as db:
        await db.update(User, User.id == two.actor.user.user_id, disabled=True)
    assert await service.live_sessions(tenant, both) == set()
    rig.clock.pass_(seconds=2.1)
    assert not await service.session_live(tenant, two.actor.session_id)


async def test_all_sessions_of_a_user_can_be_ended(rig: Rig) -> None:
    grants = [await rig.sign_in(), await rig.sign_in()]
    user: UserKey = grants[0].actor.user
    await rig.sessions.revoke_user(user, "password_changed")
    assert {event.session_id for event in rig.revoked} == {g.actor.session_id for g in grants}
    await rig.sessions.revoke_user(user, "password_changed")
    assert len(rig.revoked) == 2


async def test_signing_out_by_refresh_token_and_twice_is_no_error(rig: Rig) -> None:
    grant = await rig.sign_in()
    await rig.sessions.sign_out_by_token(grant.refresh_token)
    await rig.sessions.sign_out_by_token(grant.refresh_token)
    await rig.sessions.sign_out_by_token("rubbish")
    assert [event.reason for event in rig.revoked] == ["signed_out"]


async def test_guessing_is_slowed_per_account_and_address(rig: Rig) -> None:
    for _ in range(5):
        assert await refused(rig.sign_in("wrong")) == "bad_credentials"
    with pytest.raises(Problem) as limited:
        await rig.sign_in()  # right, but too many before
    assert limited.value.status == 429 and limited.value.extra["retry_after"] >= 1
    assert await rig.sign_in(ip="198.51.100.7")  # the owner, elsewhere
    rig.clock.pass_(seconds=13)
    assert await rig.sign_in()


async def test_one_address_cannot_try_many_accounts(rig: Rig) -> None:
    codes = [
        await refused(rig.service.sign_in(f"u{n}@x.test", "x", WEB, "203.0.113.9"))
        for n in range(31)
    ]
    assert codes[:30] == ["bad_credentials"] * 30 and codes[30] == "rate_limited"


async def test_one_ipv6_host_has_one_share_whatever_address_it_takes(rig: Rig) -> None:
    for n in range(5):
        assert await refused(rig.sign_in("wrong", ip=f"2001:db8:0:1::{n}")) == "bad_credentials"
    assert await refused(rig.sign_in(ip="2001:db8:0:1:ffff::1")) == "rate_limited"
    assert await rig.sign_in(ip="2001:db8:0:2::1")


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:0:1:2:3:4:5", "2001:db8:0:1::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::1", "::/64"),
        ("unknown", "unknown"),
    ],
)
def test_whom_limits_count(address: str, counted: str) -> None:
    assert subscriber(address) == counted


async def test_success_resets_the_accounts_count(rig: Rig) -> None:
    for _ in range(3):
        for _ in range(4):
            await refused(rig.sign_in("wrong"))
        await rig.sign_in()


def test_the_limiter_forgets_the_oldest_keys() -> None:
    limiter = RateLimiter(1, max_keys=3)
    assert [limiter.wait(key, 0.0) for key in "abc"] == [0.0] * 3
    assert limiter.wait("a", 1.0) == pytest.approx(59.0)
    limiter.wait("d", 1.0)
    assert limiter.wait("b", 1.0) == 0.0  # forgotten: it was the oldest


async def test_an_address_belongs_to_one_user_of_one_tenant(rig: Rig) -> None:
    provisioning = ProvisioningService(rig.storage, rig.secrets, rig.passwords)
    other = await provisioning.create_tenant("Other")
    again = provisioning.create_user(other, NewUser("ANNA@x.test", "Impostor", PASSWORD))
    assert await refused(again) == "email_taken"
    async with rig.storage.read(other) as db:
        assert await db.count(User) == 0


async def test_old_sessions_are_purged(rig: Rig) -> None:
    grant = await rig.sign_in()
    rig.clock.pass_(days=32)
    await rig.sessions.purge()
    async with rig.storage.read(grant.actor.user.tenant_id) as db:
        assert await db.count(Session) == 0 and await db.count(RefreshToken) == 0


# --- at one moment ---------------------------------------------------------------------------


async def outcomes(tries: list[Any]) -> Counter[str]:
    got = await asyncio.gather(*tries, return_exceptions=True)
    assert all(isinstance(each, Problem) for each in got), got
    return Counter(each.code for each in got if isinstance(each, Problem))


async def test_a_hundred_codes_at_once_are_no_more_than_one_by_one(rig: Rig) -> None:
    grant = await rig.sign_in()
    await rig.set_up_totp(grant)
    pending = [await rig.service.pending(await rig.step_token())]
    async with rig.storage.write(grant.actor.user.tenant_id) as db:
        (row,) = await db.find(OneTimeToken, OneTimeToken.kind == "second_step")
        for n in range(19):  # as if as many were there
            more = OneTimeToken(
                tenant_id=row.tenant_id,
                kind=row.kind,
                user_id=row.user_id,
                digest=bytes([n]) * 32,
                data=row.data,
                expires_at=row.expires_at,
            )
            await db.add(more)
            pending.append(replace(pending[0], row_id=more.id))
    tries = [
        rig.service.second_step(step, "totp", f"wrong{n}", "192.0.2.1")
        for step in pending
        for n in range(STEP_ATTEMPTS)
    ]
    assert len(tries) == 100
    got = await outcomes(tries)
    assert got == {"second_factor_refused": FREE, "rate_limited": 100 - FREE}


@pytest.mark.parametrize("method", ["totp", "password"])
async def test_a_hundred_proofs_at_once_are_no_more_than_one_by_one(rig: Rig, method: str) -> None:
    grant = await rig.sign_in()
    await rig.set_up_totp(grant)
    service = SessionsService(
        rig.storage,
        rig.sessions,
        rig.passwords,
        rig.second,
        None,  # type: ignore[arg-type]  # no passkeys here
        NoDirectory(),
        rig.throttle,
        timedelta(minutes=15),
        now=rig.clock.now,
    )
    proof = StepUpRequest.model_validate({"method": method, "code": "wrong", "password": "wrong"})
    got = await outcomes([service.step_up(grant.actor, proof, "192.0.2.1") for _ in range(100)])
    assert got == {"proof_refused": FREE, "rate_limited": 100 - FREE}


async def test_what_was_not_judged_does_not_count(rig: Rig) -> None:
    grant = await rig.sign_in()
    app = await rig.set_up_totp(grant)
    token = await rig.step_token()
    pending = await rig.service.pending(token)
    over = replace(pending, row_id="01a20019-14a5-7472-8cdf-edbe29ad83c0")
    for _ in range(2 * FREE):
        step = rig.service.second_step(over, "totp", "wrong", "192.0.2.1")
        assert await refused(step) == "step_over"
    code = app.at(rig.clock.at)
    assert await rig.service.second_step(pending, "totp", code, "192.0.2.1")


async def test_a_new_step_ends_the_one_before(rig: Rig) -> None:
    await rig.set_up_totp(await rig.sign_in())
    first, second = await rig.step_token(), await rig.step_token()
    assert await refused(rig.service.pending(first)) == "step_over"
    assert await rig.service.pending(second)


@pytest.mark.parametrize("stepped", [False, True])
async def test_the_old_password_opens_nothing_once_it_is_changed(
    rig: Rig, stepped: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = await rig.sign_in()
    app = await rig.set_up_totp(owner) if stepped else None
    real = rig.sessions.open

    async def late(*args: Any, **options: Any) -> Any:
        """The password was right, and is changed before the session begins."""
        monkeypatch.undo()
        await rig.change_password(owner, "seven green umbrellas fly")
        return await real(*args, **options)

    pending = await rig.service.pending(await rig.step_token()) if app else None
    monkeypatch.setattr(rig.sessions, "open", late)
    if app and pending:
        code = app.at(rig.clock.at)
        entering = rig.service.second_step(pending, "totp", code, "192.0.2.1")
    else:
        entering = rig.sign_in()
    assert await refused(entering) == "bad_credentials"
    async with rig.storage.read(owner.actor.user.tenant_id) as db:
        live = await db.find(Session, col(Session.revoked_at).is_(None))
    assert [session.id for session in live] == [owner.actor.session_id]


async def test_the_app_is_removed_when_no_passkey_can_be_at_the_same_time(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    grant = await rig.sign_in()
    await rig.set_up_totp(grant)
    done: list[str] = []
    for name in ("lock_tenant", "get", "first", "delete"):
        real = getattr(TenantSession, name)

        def noted(*args: Any, _name: str = name, _real: Any = real) -> Any:
            done.append(_name)
            return _real(*args)

        monkeypatch.setattr(TenantSession, name, noted)
    await rig.second.remove(oneself(grant.actor, "192.0.2.1"))
    assert done[0] == "lock_tenant" and "first" in done and "delete" in done
