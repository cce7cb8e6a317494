"""Whose domain an address has: proven by a DNS record, or seen to by an operator.

Only a proven domain leads its people to a tenant's provider, and no domain leads to two tenants.
"""

from __future__ import annotations

import asyncio
import re
import secrets
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

import dns.asyncresolver
import dns.exception
import dns.resolver
from sqlalchemy.exc import IntegrityError

from gateway.admin_ports import AuditLog, Principal
from gateway.features.sso.models import DomainView
from gateway.ports import Problem
from gateway.storage.folding import domain_of
from gateway.storage.ids import utc_now
from gateway.storage.models import Tenant
from gateway.storage.storage import Storage, TenantSession
from gateway.storage.tables.single_sign_on import SignInDomain, SsoConnection, SsoIndex

#: ``None``: nobody can tell now.
TxtLookup = Callable[[str], Awaitable[Sequence[str] | None]]

_LABEL = "_offhook-challenge"
_PREFIX = "offhook-domain="
_MAX_DOMAINS = 50
_LOOKUP_TIME = 5.0
_DOMAIN = re.compile(r"(?=.{3,240}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}")


async def txt_records(name: str) -> Sequence[str] | None:
    """By the machine's own name servers."""
    try:
        resolver = await asyncio.to_thread(dns.asyncresolver.Resolver)  # reads files
        found = await resolver.resolve(name, "TXT", lifetime=_LOOKUP_TIME)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return []
    except (dns.exception.DNSException, OSError):
        return None
    return [b"".join(record.strings).decode(errors="replace") for record in found]


def view(domain: SignInDomain) -> DomainView:
    return DomainView(
        id=domain.id,
        domain=domain.domain,
        connection_id=domain.connection_id,
        state="waiting" if domain.proven_at is None else "proven",
        proven_by=domain.proven_by,  # type: ignore[arg-type]
        dns_name=f"{_LABEL}.{domain.domain}",
        dns_value=_PREFIX + domain.challenge,
        missing_since=domain.missing_since,
    )


class Domains:
    def __init__(
        self,
        storage: Storage,
        audit: AuditLog,
        lookup: TxtLookup = txt_records,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._storage = storage
        self._audit = audit
        self.lookup = lookup
        self._now = now

    async def all(self, who: Principal) -> list[DomainView]:
        async with self._storage.read(who.tenant_id) as db:
            found = await db.find(SignInDomain)
        return [view(domain) for domain in sorted(found, key=lambda one: one.domain)]

    async def add(self, who: Principal, text: str, connection_id: str | None) -> DomainView:
        name = domain_of(f"@{text.lstrip('@')}")
        if not _DOMAIN.fullmatch(name):
            raise Problem(422, "domain_invalid", "This is not a domain")
        async with self._storage.write(who.tenant_id) as db:
            await db.lock_tenant()
            if connection_id is not None and await db.get(SsoConnection, connection_id) is None:
                raise Problem(404, "not_found", "There is no such connection")
            known = await db.first(SignInDomain, SignInDomain.domain == name)
            if known is not None:
                raise Problem(409, "domain_known", "This domain is on your list already")
            if await db.count(SignInDomain) >= _MAX_DOMAINS:
                raise Problem(409, "too_many", f"There can be {_MAX_DOMAINS} domains")
            domain = SignInDomain(
                tenant_id=who.tenant_id,
                domain=name,
                connection_id=connection_id,
                challenge=secrets.token_hex(20),
            )
            await db.add(domain)
            await self._audit.record(
                db, who, "sign_in_domain.add", "sign_in_domain", domain.id, target_name=name
            )
        return view(domain)

    async def check(self, who: Principal, domain_id: str) -> DomainView:
        """Looks for the record; 409 ``domain_unproven`` if it is not there (yet)."""
        async with self._storage.read(who.tenant_id) as db:
            domain = await self._get(db, domain_id)
        if domain.proven_at is not None:
            return view(domain)
        wanted = view(domain)
        if wanted.dns_value not in (await self.lookup(wanted.dns_name) or ()):
            raise Problem(
                409,
                "domain_unproven",
                "The record was not found. It can take an hour until a new one is seen",
            )
        return await self._prove(who, domain_id, "dns")

    async def confirm(self, operator: Principal, tenant_id: str, text: str, why: str) -> DomainView:
        """By an operator who has seen another proof: a contract, for example."""
        who = operator.in_tenant(tenant_id)
        name = domain_of(f"@{text}")
        try:
            async with self._storage.read(tenant_id) as db:
                domain = await db.first(SignInDomain, SignInDomain.domain == name)
        except ValueError:
            domain = None
        if domain is None:
            raise Problem(404, "not_found", "The tenant has not asked for this domain")
        return await self._prove(who, domain.id, "operator", why)

    async def remove(self, who: Principal, domain_id: str) -> None:
        async with self._storage.write(who.tenant_id) as db:
            domain = await self._get(db, domain_id)
            await self.unlist(db, domain)
            await db.delete(SignInDomain, SignInDomain.id == domain_id)
            await self._audit.record(
                db,
                who,
                "sign_in_domain.remove",
                "sign_in_domain",
                domain_id,
                target_name=domain.domain,
            )

    async def unlist(self, db: TenantSession, domain: SignInDomain) -> None:
        """It finds nobody any more."""
        if domain.proven_at is not None:
            await db.remove_index(SsoIndex(domain=domain.domain, tenant_id=db.tenant_id))

    async def tenant_of(self, email: str) -> SsoIndex | None:
        async with self._storage.index() as index:
            return await index.get(SsoIndex, domain_of(email))

    async def _prove(self, who: Principal, domain_id: str, by: str, why: str = "") -> DomainView:
        try:
            async with self._storage.write(who.tenant_id) as db:
                await db.lock_tenant()
                domain = await self._get(db, domain_id)
                if domain.proven_at is not None:
                    return view(domain)
                domain.proven_at, domain.proven_by = self._now(), by
                domain.checked_at, domain.missing_since = domain.proven_at, None
                await db.add_index(
                    SsoIndex(
                        domain=domain.domain,
                        tenant_id=who.tenant_id,
                        connection_id=domain.connection_id,
                    )
                )
                await self._audit.record(
                    db,
                    who,
                    "sign_in_domain.prove",
                    "sign_in_domain",
                    domain_id,
                    target_name=domain.domain,
                    after={"proven_by": by},
                    why=why,
                )
        except IntegrityError:
            # The index has it: another tenant was first. An operator has to decide.
            raise Problem(409, "domain_taken", "This domain is used by somebody else") from None
        return view(domain)

    async def _get(self, db: TenantSession, domain_id: str) -> SignInDomain:
        domain = await db.get(SignInDomain, domain_id)
        if domain is None:
            raise Problem(404, "not_found", "There is no such domain")
        return domain


async def is_active(db: TenantSession) -> bool:
    tenant: Tenant | None = await db.tenant()
    return tenant is not None and tenant.status == "active"
