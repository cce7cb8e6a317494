"""Shows an invitation and accepts it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from gateway.admin_ports import AuditLog, Principal
from gateway.config import AuthConfig
from gateway.credentials import one_time
from gateway.credentials.password_rules import PasswordRules
from gateway.credentials.passwords import Passwords, TooBusy
from gateway.features.invitations.models import (
    Acceptance,
    InvitationView,
    InvitingTenant,
    TermsView,
)
from gateway.http.limits import RateLimiter, subscriber
from gateway.ports import Problem, UserKey
from gateway.sign_in_policy import PASSWORD_ELSEWHERE, SignInPolicy
from gateway.sign_in_ports import Grant, Method, Passkeys, SessionOpener
from gateway.storage.ids import utc_now
from gateway.storage.models import Tenant, User
from gateway.storage.storage import Storage, TenantSession
from gateway.storage.tables.one_time import OneTimeToken

log = structlog.get_logger(__name__)

_KIND = "invitation"
_ADMIN_ROLES = ("admin", "operator")


@dataclass(frozen=True, slots=True)
class Terms:
    """What a company agrees to."""

    version: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Invitation:
    row: OneTimeToken
    user: User
    tenant: Tenant

    @property
    def begins_tenant(self) -> bool:
        """The company's first person: accepts the terms for it."""
        return self.tenant.status == "invited"

    @property
    def user_key(self) -> UserKey:
        return UserKey(self.tenant.id, self.user.id)


def _link_over() -> Problem:
    return Problem(410, "link_over", "This link was used already or is too old")


class InvitationsService:
    def __init__(
        self,
        storage: Storage,
        passwords: Passwords,
        rules: PasswordRules,
        passkeys: Passkeys,
        sessions: SessionOpener,
        audit: AuditLog,
        terms: Terms,
        config: AuthConfig,
        *,
        monotonic: Callable[[], float],
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._storage = storage
        self._passwords = passwords
        self._rules = rules
        self._passkeys = passkeys
        self._sessions = sessions
        self._audit = audit
        self._terms = terms
        self._monotonic = monotonic
        self._now = now
        self._by_ip = RateLimiter(config.logins_per_ip)

    async def show(self, token: str, client_ip: str) -> InvitationView:
        found = await self._find(token, client_ip)
        policy = SignInPolicy.of(found.tenant)
        return InvitationView(
            email=found.user.email,
            name=found.user.name,
            tenant=InvitingTenant(name=found.tenant.name),
            terms=TermsView(
                version=self._terms.version, url=self._terms.url, required=found.begins_tenant
            ),
            second_factor=policy.second_factor,
            password_min_length=policy.password_min_length,
            expires_at=found.row.expires_at,
        )

    async def passkey_options(self, token: str, client_ip: str) -> dict[str, Any]:
        found = await self._find(token, client_ip)
        user = found.user
        return self._passkeys.creation_options(found.tenant.id, user.id, user.email, user.name)

    async def accept(self, wanted: Acceptance, client_ip: str) -> Grant:
        found = await self._find(wanted.token, client_ip)
        if found.begins_tenant and wanted.terms_version != self._terms.version:
            raise Problem(
                422, "terms_required", "Accept the terms first", version=self._terms.version
            )
        hashed = None if wanted.password is None else await self._hashed(found, wanted.password)
        try:
            async with self._storage.write(found.tenant.id) as db:
                await self._accept_in(db, found, wanted, hashed, client_ip)
        except IntegrityError:  # the passkey, or its challenge, was used before
            raise Problem(422, "passkey_refused", "This passkey cannot be used here") from None
        log.info("invitation.accepted", tenant=found.tenant.id, user=found.user.id)
        method: Method = "password" if hashed is not None else "passkey"
        return await self._sessions.open(found.user_key, wanted.device, client_ip, method)

    async def _find(self, token: str, client_ip: str) -> Invitation:
        self._by_ip.take(subscriber(client_ip), self._monotonic())
        tenant_id = one_time.tenant_of(token)
        if tenant_id is None:
            raise _link_over()
        async with self._storage.read(tenant_id) as db:
            row = await db.first(
                OneTimeToken,
                OneTimeToken.kind == _KIND,
                OneTimeToken.digest == one_time.digest(token),
            )
            user = await db.get(User, row.user_id or "") if row is not None else None
            tenant = await db.tenant()
        if row is None or user is None or tenant is None:
            raise _link_over()
        if row.used_at is not None or row.expires_at <= self._now():
            raise _link_over()
        if user.disabled or user.source in PASSWORD_ELSEWHERE:
            raise _link_over()
        if tenant.status not in ("active", "invited"):
            raise Problem(403, "tenant_suspended", "Your company's account is suspended")
        if tenant.status == "invited" and user.role not in _ADMIN_ROLES:
            raise Problem(403, "tenant_not_active", "An administrator of your company has to begin")
        return Invitation(row, user, tenant)

    async def _hashed(self, found: Invitation, password: str) -> str:
        about = (found.user.email, found.user.name, found.tenant.name)
        least = SignInPolicy.of(found.tenant).password_min_length
        await self._rules.check(password, least, about)
        try:
            return await self._passwords.hash(password)
        except TooBusy:
            raise Problem(
                503, "busy", "Many people are signing in: try again", retry_after=2
            ) from None

    async def _accept_in(
        self,
        db: TenantSession,
        found: Invitation,
        wanted: Acceptance,
        hashed: str | None,
        client_ip: str,
    ) -> None:
        now, user = self._now(), found.user
        used = await db.update(
            OneTimeToken,
            OneTimeToken.id == found.row.id,
            col(OneTimeToken.used_at).is_(None),
            used_at=now,
        )
        if not used:
            raise _link_over()
        who = Principal(found.tenant.id, "user", user.id, user.name, frozenset(), client_ip)
        if hashed is not None:
            await db.update(User, User.id == user.id, password_hash=hashed, password_changed_at=now)
        else:
            await self._passkeys.register(
                db, user.id, wanted.passkey or {}, wanted.device.name or "Passkey"
            )
        await db.update(User, User.id == user.id, activated_at=now)
        await self._audit.record(
            db,
            who,
            "invitation.accept",
            "person",
            user.id,
            target_name=user.name,
            after={"by": "password" if hashed is not None else "passkey"},
        )
        if found.begins_tenant:
            await self._begin_tenant(db, who, now)

    async def _begin_tenant(self, db: TenantSession, who: Principal, now: datetime) -> None:
        await db.lock_tenant()
        tenant = await db.tenant()
        if tenant is None or tenant.status != "invited":
            return  # a co-admin was faster
        tenant.status = "active"
        tenant.version += 1
        tenant.terms_version = self._terms.version
        tenant.terms_accepted_at = now
        tenant.terms_accepted_by = who.id
        await self._audit.record(
            db,
            who,
            "tenant.activate",
            "tenant",
            tenant.id,
            target_name=tenant.name,
            before={"status": "invited"},
            after={"status": "active", "terms_version": self._terms.version},
        )
