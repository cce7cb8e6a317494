"""Changing a password, by the old one or by a letter."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import structlog
from sqlmodel import col

from gateway.admin_ports import AuditLog, Mail, Mailer, Principal
from gateway.config import AuthConfig
from gateway.credentials import one_time
from gateway.credentials.password_rules import PasswordRules
from gateway.credentials.passwords import Passwords, TooBusy
from gateway.features.passwords.letters import KIND_INVITATION, KIND_RESET
from gateway.http.limits import RateLimiter, subscriber
from gateway.ports import Actor, Problem, UserKey
from gateway.sign_in_policy import PASSWORD_ELSEWHERE, SignInPolicy
from gateway.sign_in_ports import Sessions
from gateway.storage.ids import utc_now
from gateway.storage.models import Tenant, User
from gateway.storage.storage import Storage, TenantSession
from gateway.storage.tables.one_time import OneTimeToken
from gateway.throttle import ProofThrottle

log = structlog.get_logger(__name__)


def link_over() -> Problem:
    return Problem(410, "link_over", "This link was used already or is too old")


class PasswordsService:
    def __init__(
        self,
        storage: Storage,
        passwords: Passwords,
        rules: PasswordRules,
        sessions: Sessions,
        audit: AuditLog,
        mailer: Mailer,
        throttle: ProofThrottle,
        config: AuthConfig,
        *,
        monotonic: Callable[[], float],
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._storage = storage
        self._passwords = passwords
        self._rules = rules
        self._sessions = sessions
        self._audit = audit
        self._mailer = mailer
        self._throttle = throttle
        self._monotonic = monotonic
        self._now = now
        self._by_ip = RateLimiter(config.logins_per_ip)

    # --- by the old one --------------------------------------------------------------------

    async def change(self, actor: Actor, who: Principal, old: str | None, new: str) -> None:
        user_key, origin = actor.user, subscriber(who.client_ip or "")
        async with self._throttle.trying(origin, user_key, user_key):
            async with self._storage.read(user_key.tenant_id) as db:
                user, tenant = await db.get(User, user_key.user_id), await db.tenant()
            if user is None:
                raise Problem(404, "not_found", "This user is gone")
            if user.source in PASSWORD_ELSEWHERE:
                raise Problem(409, "managed_elsewhere", "Change it where your company keeps it")
            right = user.password_hash is None or await self._verify(user.password_hash, old or "")
            if user.password_hash is None:
                await self._sessions.require_fresh(actor)
        if not right:
            self._throttle.failed(origin, user_key, user_key)
            raise Problem(403, "password_wrong", "The old password is wrong")
        await self._throttle.succeeded(origin, user_key, user_key)
        await self._check(user, tenant, new)
        hashed = await self._hash(new)
        async with self._storage.write(user_key.tenant_id) as db:
            # Not if somebody else was faster: the old password was theirs to know, too.
            same = (
                col(User.password_hash).is_(None)
                if user.password_hash is None
                else User.password_hash == user.password_hash
            )
            if not await db.update(User, User.id == user.id, same, **self._new(hashed)):
                raise Problem(403, "password_wrong", "The old password is wrong")
            await self._told(db, user, who, "person.change_password")
        await self._sessions.revoke_user(user_key, "password_changed", but=actor.session_id)

    # --- by a letter -----------------------------------------------------------------------

    async def finish_reset(self, token: str, new: str, client_ip: str) -> None:
        self._by_ip.take(subscriber(client_ip), self._monotonic())
        tenant_id = one_time.tenant_of(token)
        if tenant_id is None:
            raise link_over()
        digest = one_time.digest(token)
        async with self._storage.read(tenant_id) as db:
            row = await db.first(
                OneTimeToken, OneTimeToken.kind == KIND_RESET, OneTimeToken.digest == digest
            )
            tenant = await db.tenant()
            user = await db.get(User, row.user_id or "") if row is not None else None
        if row is None or user is None or not self._counts(row, user, tenant):
            raise link_over()
        await self._check(user, tenant, new)
        hashed = await self._hash(new)
        who = Principal(tenant_id, "user", user.id, user.name, frozenset(), client_ip)
        async with self._storage.write(tenant_id) as db:
            used = await db.update(
                OneTimeToken,
                OneTimeToken.id == row.id,
                col(OneTimeToken.used_at).is_(None),
                used_at=self._now(),
            )
            if not used:
                raise link_over()
            await db.update(User, User.id == user.id, **self._new(hashed))
            await db.update(
                User, User.id == user.id, col(User.activated_at).is_(None), activated_at=self._now()
            )
            await self._told(db, user, who, "person.reset_own_password")
        await self._sessions.revoke_user(UserKey(tenant_id, user.id), "password_changed")
        log.info("password.reset", tenant=tenant_id, user=user.id)

    def _counts(self, row: OneTimeToken, user: User, tenant: Tenant | None) -> bool:
        if tenant is None or tenant.status != "active" or user.disabled:
            return False
        if user.source in PASSWORD_ELSEWHERE:
            return False
        return row.used_at is None and row.expires_at > self._now()

    # --- both ------------------------------------------------------------------------------

    async def _check(self, user: User, tenant: Tenant | None, new: str) -> None:
        about = (user.email, user.name, tenant.name if tenant else "")
        await self._rules.check(new, SignInPolicy.of(tenant).password_min_length, about)

    def _new(self, hashed: str) -> dict[str, object]:
        return {"password_hash": hashed, "password_changed_at": self._now()}

    async def _told(self, db: TenantSession, user: User, who: Principal, action: str) -> None:
        # What lies in a mailbox, and what the old password has begun, is over with it.
        await db.delete(
            OneTimeToken,
            OneTimeToken.user_id == user.id,
            col(OneTimeToken.kind).in_((KIND_RESET, KIND_INVITATION, "second_step")),
        )
        await self._audit.record(db, who, action, "person", user.id, target_name=user.name)
        values = {
            "name": user.name,
            "at": self._now().isoformat(timespec="seconds"),
            "client_ip": who.client_ip or "",
        }
        await self._mailer.post(
            db, Mail(user.email, "password_changed", user.language, values, "", user.id)
        )

    async def _verify(self, stored: str, password: str) -> bool:
        try:
            return await self._passwords.verify(stored, password)
        except TooBusy:
            raise busy() from None

    async def _hash(self, password: str) -> str:
        try:
            return await self._passwords.hash(password)
        except TooBusy:
            raise busy() from None


def busy() -> Problem:
    return Problem(503, "busy", "Many people are signing in: try again", retry_after=2)
