"""Signing in by password, and by what is asked for after it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlmodel import col

from gateway.config import AuthConfig
from gateway.credentials import one_time
from gateway.credentials.passwords import Passwords, TooBusy
from gateway.features.login.keeper import SessionKeeper, suspended
from gateway.http.limits import RateLimiter, subscriber
from gateway.http.shapes import DeviceInfo
from gateway.ports import Problem, UserKey
from gateway.sign_in_policy import PASSWORD_ELSEWHERE, SignInPolicy
from gateway.sign_in_ports import (
    DirectorySignIn,
    Grant,
    Method,
    ProvenPassword,
    SecondFactors,
    SecondMethod,
)
from gateway.storage.folding import email_hash
from gateway.storage.ids import new_id, utc_now
from gateway.storage.models import LoginIndex, User
from gateway.storage.storage import Storage
from gateway.storage.tables.one_time import OneTimeToken
from gateway.storage.tables.sign_in import Passkey
from gateway.throttle import ANYWHERE, ProofThrottle

log = structlog.get_logger(__name__)

_STEP = "second_step"
_STEP_FOR = timedelta(minutes=10)
STEP_ATTEMPTS = 5
_NOBODY = UserKey(new_id(), new_id())


def _refused() -> Problem:
    return Problem(401, "bad_credentials", "E-mail address or password is wrong")


def _step_over() -> Problem:
    return Problem(401, "step_over", "This took too long or too many tries: sign in again")


@dataclass(frozen=True, slots=True)
class Pending:
    """A sign-in whose password was right."""

    row_id: str
    user: UserKey
    device: DeviceInfo
    method: Method
    password: ProvenPassword | None


class LoginService:
    def __init__(
        self,
        storage: Storage,
        passwords: Passwords,
        sessions: SessionKeeper,
        second: SecondFactors,
        directory: DirectorySignIn,
        throttle: ProofThrottle,
        config: AuthConfig,
        *,
        monotonic: Callable[[], float],
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._storage = storage
        self._passwords = passwords
        self._sessions = sessions
        self._second = second
        self._directory = directory
        self._throttle = throttle
        self._monotonic = monotonic
        self._now = now
        self._by_account = RateLimiter(config.logins_per_account)
        self._by_ip = RateLimiter(config.logins_per_ip)

    # --- the password ----------------------------------------------------------------------

    async def sign_in(self, email: str, password: str, device: DeviceInfo, client_ip: str) -> Grant:
        """Raises 401 ``second_factor_required`` with a ``step_token`` when there is more to ask."""
        digest, origin = email_hash(email), subscriber(client_ip)
        now = self._monotonic()
        self._by_ip.take(origin, now)
        self._by_account.take((origin, digest), now)
        user = await self._user_of(digest)
        known = None if user is None else UserKey(user.tenant_id, user.id)
        method: Method = "password"
        async with self._throttle.trying(origin, digest, known or _NOBODY):
            proven = known if await self._right(user, password) else None
            if proven is None:
                proven, method = await self._directory.verify(email, password), "ldap"
        if proven is None:
            log.warning("login.refused", client=client_ip, account=digest.hex()[:12])
            self._throttle.failed(origin, digest, known)
            raise _refused()
        self._by_account.reset((origin, digest))
        await self._throttle.succeeded(origin, digest, proven)
        right = None
        if user is not None and method == "password":
            right = ProvenPassword(user.password_changed_at)
            await self._rehash(user, password)
        await self._ask_for_more(proven, device, method, right)
        return await self._sessions.open(proven, device, client_ip, method, right)

    async def _right(self, user: User | None, password: str) -> bool:
        local = user is not None and not user.disabled and user.source not in PASSWORD_ELSEWHERE
        stored = user.password_hash if user is not None and local else None
        try:
            return await self._passwords.verify(stored, password)
        except TooBusy:
            raise Problem(
                503, "busy", "Many people are signing in: try again", retry_after=2
            ) from None

    async def _user_of(self, digest: bytes) -> User | None:
        async with self._storage.index() as index:
            found = await index.get(LoginIndex, digest)
        # Nobody is asked for in the same way: an unknown address takes as long as a known one.
        who = UserKey(found.tenant_id, found.user_id) if found is not None else _NOBODY
        async with self._storage.read(who.tenant_id) as db:
            return await db.get(User, who.user_id)

    async def _rehash(self, user: User, password: str) -> None:
        """The hash parameters of today, where the stored ones are older."""
        old = user.password_hash
        if old is None or not self._passwords.needs_rehash(old):
            return
        new = await self._passwords.hash(password)
        async with self._storage.write(user.tenant_id) as db:
            # Not if it was changed meanwhile.
            await db.update(User, User.id == user.id, User.password_hash == old, password_hash=new)

    # --- the second step -------------------------------------------------------------------

    async def _ask_for_more(
        self, who: UserKey, device: DeviceInfo, method: Method, password: ProvenPassword | None
    ) -> None:
        async with self._storage.read(who.tenant_id) as db:
            tenant, user = await db.tenant(), await db.get(User, who.user_id)
            if user is None or user.disabled or tenant is None:
                raise _refused()
            if tenant.status != "active":
                raise suspended()
            methods: list[str] = list(await self._second.methods(db, user))
            passkey = await db.first(Passkey, Passkey.user_id == user.id)
            demanded = methods or SignInPolicy.of(tenant).second_factor == "required"
            if demanded and passkey is not None:
                methods.append("passkey")
        if not methods:
            return
        text, digest = one_time.new(who.tenant_id)
        row = OneTimeToken(
            tenant_id=who.tenant_id,
            kind=_STEP,
            user_id=who.user_id,
            digest=digest,
            data={
                "device": device.model_dump(),
                "method": method,
                "password": None if password is None else password.to_json(),
            },
            expires_at=self._now() + _STEP_FOR,
        )
        async with self._storage.write(who.tenant_id) as db:
            # One at a time: whoever has the password must not collect tries.
            await db.delete(
                OneTimeToken, OneTimeToken.user_id == who.user_id, OneTimeToken.kind == _STEP
            )
            await db.add(row)
        raise Problem(
            401,
            "second_factor_required",
            "Show with a second factor that it is you",
            step_token=text,
            methods=methods,
            expires_in=round(_STEP_FOR.total_seconds()),
        )

    async def pending(self, step_token: str) -> Pending:
        tenant_id = one_time.tenant_of(step_token)
        if tenant_id is None:
            raise _step_over()
        async with self._storage.read(tenant_id) as db:
            row = await db.first(
                OneTimeToken,
                OneTimeToken.kind == _STEP,
                OneTimeToken.digest == one_time.digest(step_token),
            )
        if row is None or row.user_id is None or not self._open(row):
            raise _step_over()
        user = UserKey(tenant_id, row.user_id)
        device = DeviceInfo.model_validate(row.data["device"])
        password = row.data["password"]
        right = None if password is None else ProvenPassword.from_json(password)
        return Pending(row.id, user, device, row.data["method"], right)

    def _open(self, row: OneTimeToken) -> bool:
        return row.used_at is None and row.attempts < STEP_ATTEMPTS and row.expires_at > self._now()

    async def second_step(
        self, pending: Pending, method: SecondMethod, code: str, client_ip: str
    ) -> Grant:
        user = pending.user
        # From anywhere: who has the password can change the address, not the account.
        async with (
            self._throttle.trying(ANYWHERE, user, user),
            self._storage.write(user.tenant_id) as db,
        ):
            # Takes one try and locks the row: tries at one moment are counted one by one.
            taken = await db.update(
                OneTimeToken,
                OneTimeToken.id == pending.row_id,
                col(OneTimeToken.used_at).is_(None),
                OneTimeToken.attempts < STEP_ATTEMPTS,
                attempts=OneTimeToken.attempts + 1,
            )
            if not taken:
                raise _step_over()
            right = await self._second.use(db, user.user_id, method, code)
            row = await db.get(OneTimeToken, pending.row_id)
            assert row is not None
            left = STEP_ATTEMPTS - row.attempts
            if right:
                row.used_at = self._now()
        if not right:
            log.warning("login.second_step_refused", client=client_ip, user=user.user_id)
            self._throttle.failed(ANYWHERE, user, user)
            raise Problem(
                401, "second_factor_refused", "This code is not right", attempts_left=left
            )
        await self._throttle.succeeded(ANYWHERE, user, user)
        stepped: Method = "ldap+totp" if pending.method == "ldap" else "password+totp"
        return await self._sessions.open(user, pending.device, client_ip, stepped, pending.password)
