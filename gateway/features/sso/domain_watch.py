"""Proves domains again, day by day: whoever gives one up must not keep its people's sign-in."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from sqlmodel import col

from gateway.admin_ports import AuditLog, Mail, Mailer, system
from gateway.features.sso.domains import Domains, view
from gateway.permissions import Role
from gateway.storage.ids import utc_now
from gateway.storage.models import User
from gateway.storage.storage import Storage, TenantSession
from gateway.storage.tables.single_sign_on import SignInDomain

log = structlog.get_logger(__name__)

LOOK_EVERY = 3600.0  # s
AGAIN_AFTER = timedelta(days=1)
_AT_ONCE = 8  # look-ups
#: Between the letter that says that the record is gone and the end of the domain's effect.
GRACE = timedelta(days=14)


class DomainWatch:
    """What an operator has confirmed is not for DNS to say."""

    def __init__(
        self,
        storage: Storage,
        domains: Domains,
        audit: AuditLog,
        mailer: Mailer,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._storage = storage
        self._domains = domains
        self._audit = audit
        self._mailer = mailer
        self._now = now

    async def run(self) -> None:
        while True:
            try:
                await self.look_at_all()
            except Exception:  # looked at again next time
                log.exception("domains.look_failed")
            await asyncio.sleep(LOOK_EVERY)

    async def look_at_all(self) -> None:
        async with self._storage.index() as index:
            tenants = await index.tenant_ids()
        due = [domain for tenant_id in tenants for domain in await self._due(tenant_id)]
        # A name server that is away takes seconds for each: side by side, but not all at once.
        turns = asyncio.Semaphore(_AT_ONCE)
        await asyncio.gather(*(self._in_turn(turns, domain) for domain in due))

    async def _in_turn(self, turns: asyncio.Semaphore, domain: SignInDomain) -> None:
        async with turns:
            try:
                await self._look(domain)
            except Exception:  # of one domain: the others are looked at all the same
                log.exception("domain.look_failed", tenant=domain.tenant_id, domain=domain.domain)

    async def _due(self, tenant_id: str) -> list[SignInDomain]:
        checked = col(SignInDomain.checked_at)
        async with self._storage.read(tenant_id) as db:
            return await db.find(
                SignInDomain,
                col(SignInDomain.proven_at).is_not(None),
                SignInDomain.proven_by == "dns",
                checked.is_(None) | (checked <= self._now() - AGAIN_AFTER),
            )

    async def _look(self, domain: SignInDomain) -> None:
        wanted = view(domain)
        records = await self._domains.lookup(wanted.dns_name)
        if records is None:
            return  # name servers that are away prove nothing
        there = wanted.dns_value in records
        async with self._storage.write(domain.tenant_id) as db:
            await db.lock_tenant()
            known = await db.get(SignInDomain, domain.id)
            if known is None or known.proven_at is None or known.challenge != domain.challenge:
                return
            now = self._now()
            known.checked_at = now
            if there:
                known.missing_since = None
            elif known.missing_since is None:
                known.missing_since = now
                await self._tell(db, known, "domain_missing", now + GRACE)
            elif now - known.missing_since >= GRACE:
                await self._end(db, known)

    async def _end(self, db: TenantSession, domain: SignInDomain) -> None:
        await self._domains.unlist(db, domain)
        domain.proven_at, domain.proven_by = None, ""
        await self._audit.record(
            db,
            system(db.tenant_id, "domain check"),
            "sign_in_domain.lose",
            "sign_in_domain",
            domain.id,
            target_name=domain.domain,
            before={"proven_by": "dns"},
        )
        await self._tell(db, domain, "domain_lost", self._now())
        log.warning("domain.lost", tenant=db.tenant_id, domain=domain.domain)

    async def _tell(
        self, db: TenantSession, domain: SignInDomain, template: str, at: datetime
    ) -> None:
        admins = await db.find(
            User,
            col(User.role).in_((Role.ADMIN.value, Role.OPERATOR.value)),
            col(User.disabled).is_(False),
        )
        shown = view(domain)
        for admin in admins:
            values = {
                "name": admin.name,
                "domain": domain.domain,
                "record": f"{shown.dns_name} TXT {shown.dns_value}",
                "at": at.isoformat(timespec="seconds"),
            }
            letter = Mail(admin.email, template, admin.language, values, user_id=admin.id)
            await self._mailer.post(db, letter)
