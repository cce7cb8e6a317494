"""What happens to a tenant, whoever asks for it: the API, the command line or a job.

Each act is audited in the tenant it happens to, in its own transaction, and once more in the
platform's tenant: that entry is still there when the tenant is not.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import structlog
from email_validator import EmailNotValidError, validate_email
from sqlmodel import col

from gateway.admin_ports import (
    AccountLetters,
    AuditLog,
    Mail,
    Mailer,
    PeopleAdmin,
    PersonData,
    Principal,
    system,
)
from gateway.bus import Bus, SessionRevoked
from gateway.features.tenants.models import (
    AdminInvitation,
    Agreement,
    NewTenant,
    OwnTenantChange,
)
from gateway.permissions import PERMISSIONS, Role
from gateway.ports import Problem
from gateway.storage import erasure
from gateway.storage.ids import is_id, utc_now
from gateway.storage.models import Session, Tenant, User
from gateway.storage.storage import Storage, TenantSession

log = structlog.get_logger(__name__)

#: ``erasing``: nobody takes it back any more; in replies it is ``deleting``, which it began as.
_UNFINISHED_AFTER = timedelta(hours=1)
CLOSED = ("suspended", "deleting", "erasing")


@dataclass(frozen=True, slots=True)
class Invitation:
    """``secret`` is the link's: for an operator without mail, to be shown once."""

    tenant_id: str
    secret: str = field(repr=False)


class TenantLife:
    def __init__(
        self,
        storage: Storage,
        people: PeopleAdmin,
        letters: AccountLetters,
        mailer: Mailer,
        audit: AuditLog,
        bus: Bus,
        grace: timedelta,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._storage = storage
        self._people = people
        self._letters = letters
        self._mailer = mailer
        self._audit = audit
        self._bus = bus
        self._grace = grace
        self._erasing = asyncio.Lock()
        self._now = now
        #: Told after every change, for what is kept in memory.
        self.on_change: Callable[[str], None] = lambda _: None

    # --- beginning -------------------------------------------------------------------------

    async def platform(self) -> Tenant | None:
        async with self._storage.index() as index:
            return await index.platform()

    async def create_operator(
        self, who: Callable[[str], Principal], new: AdminInvitation, language: str = "en"
    ) -> Invitation:
        """Into the platform's own tenant, which is made with the first one."""
        platform = await self.platform()
        if platform is None:
            platform = Tenant(name="Platform", kind="platform", status="invited", language=language)
            async with self._storage.index(write=True) as index:
                await index.create_tenant(platform)
        return await self._invite(platform.id, who(platform.id), new, Role.OPERATOR)

    async def create(self, who: Principal, new: NewTenant) -> Invitation:
        """The tenant, its first administrator and the letter to them."""
        check_address(new.admin.email)
        tenant = Tenant(
            name=new.name, status="invited", language=new.language, licences=new.licences
        )
        async with self._storage.index(write=True) as index:
            await index.create_tenant(tenant)
        there = who.in_tenant(tenant.id)
        try:
            made = await self._invite(tenant.id, there, new.admin, Role.ADMIN, tenant)
        except BaseException:
            # A tenant without an administrator is nobody's: it never was.
            async with self._storage.write(tenant.id) as db:
                await db.delete_tenant()
            raise
        await self._note(who, "tenant.create", tenant)
        self.on_change(tenant.id)
        return made

    async def invite_admin(
        self, who: Principal, tenant_id: str, new: AdminInvitation
    ) -> Invitation:
        """A further one, or the first one again."""
        check_address(new.email)
        tenant = await self.known(tenant_id)
        role = Role.OPERATOR if tenant.kind == "platform" else Role.ADMIN
        made = await self._invite(tenant_id, who.in_tenant(tenant_id), new, role)
        await self._note(who, "tenant.invite_admin", tenant)
        return made

    async def _invite(
        self,
        tenant_id: str,
        who: Principal,
        new: AdminInvitation,
        role: Role,
        created: Tenant | None = None,
    ) -> Invitation:
        # Whoever may make tenants may appoint in them, whatever they may otherwise do there.
        who = Principal(
            tenant_id, who.kind, who.id, who.name, PERMISSIONS[Role.OPERATOR], who.client_ip
        )
        async with self._storage.write(tenant_id) as db:
            if created is not None:
                await self._audit.record(
                    db,
                    who,
                    "tenant.create",
                    "tenant",
                    tenant_id,
                    target_name=created.name,
                    after={"language": created.language, "licences": created.licences},
                )
            user_id = await self._people.find_by_email(db, new.email)
            if user_id is None:
                person = PersonData(new.email, new.name or new.email, role.value)
                user_id = await self._people.create(db, who, person)
            else:
                user = await db.get(User, user_id)
                if user is None or user.role != role.value:
                    raise Problem(
                        409, "email_taken", "This e-mail address belongs to somebody else there"
                    )
            secret = await self._letters.invite(db, who, user_id, "admin_invitation")
        return Invitation(tenant_id, secret)

    # --- changing --------------------------------------------------------------------------

    async def known(self, tenant_id: str) -> Tenant:
        if is_id(tenant_id):
            async with self._storage.read(tenant_id) as db:
                tenant = await db.tenant()
            if tenant is not None:
                return tenant
        raise Problem(404, "tenant_unknown", "There is no such tenant")

    async def agree(self, who: Principal, tenant_id: str, wanted: Agreement) -> None:
        """Licences and quotas."""
        await self.known(tenant_id)
        async with self._storage.write(tenant_id) as db:
            tenant = await _locked(db)
            before = {"licences": tenant.licences, "quotas": dict(tenant.quotas)}
            tenant.licences, tenant.quotas = wanted.licences, wanted.quotas()
            tenant.version += 1
            after = {"licences": tenant.licences, "quotas": dict(tenant.quotas)}
            await self._record(db, who, "tenant.agree", tenant, before=before, after=after)
        await self._note(who, "tenant.agree", tenant)
        self.on_change(tenant_id)

    async def change(self, who: Principal, wanted: OwnTenantChange, version: int) -> Tenant:
        """By its own administrators."""
        if wanted.support_email:
            check_address(wanted.support_email)
        async with self._storage.write(who.tenant_id) as db:
            tenant = await _locked(db)
            if tenant.version != version:
                raise Problem(412, "changed_meanwhile", "This was changed meanwhile")
            names = ("name", "language", "support_email")
            before = {name: getattr(tenant, name) for name in names}
            after = wanted.model_dump()
            changed = [name for name in names if before[name] != after[name]]
            if not changed:
                return tenant
            for name in changed:
                setattr(tenant, name, after[name])
            tenant.version += 1
            await self._audit.record(
                db,
                who,
                "tenant.change",
                "tenant",
                tenant.id,
                target_name=tenant.name,
                before={name: before[name] for name in changed},
                after={name: after[name] for name in changed},
            )
        self.on_change(tenant.id)
        return tenant

    async def accept_terms(self, who: Principal, version: str) -> None:
        """New ones: the first were accepted with the first administrator's invitation."""
        async with self._storage.write(who.tenant_id) as db:
            tenant = await _locked(db)
            if tenant.terms_version == version:
                return
            before = {"terms_version": tenant.terms_version}
            tenant.terms_version, tenant.terms_accepted_at = version, self._now()
            tenant.terms_accepted_by = who.id if who.kind == "user" else None
            tenant.version += 1
            after = {"terms_version": version}
            await self._record(db, who, "tenant.terms", tenant, before=before, after=after)

    # --- suspending ------------------------------------------------------------------------

    async def suspend(self, who: Principal, tenant_id: str, why: str) -> None:
        """Sessions end now; calls that go on may do so until they are over."""
        tenant = await self.known(tenant_id)
        if tenant.kind == "platform":
            raise Problem(409, "platform_tenant", "The platform's own tenant stays")
        async with self._storage.write(tenant_id) as db:
            tenant = await _locked(db)
            if tenant.status in CLOSED:
                raise Problem(409, "already_closed", "This tenant is suspended already")
            await self._close(db, tenant, "suspended")
            tenant.suspended_why = why
            await self._record(db, who, "tenant.suspend", tenant, why=why)
            await self._tell_admins(db, "tenant_suspended", {"reason": why or "-"})
        await self._note(who, "tenant.suspend", tenant, why)
        self.on_change(tenant_id)

    async def resume(self, who: Principal, tenant_id: str) -> None:
        """Back from a suspension or from being deleted, as it was."""
        await self.known(tenant_id)
        async with self._storage.write(tenant_id) as db:
            tenant = await _locked(db)
            if tenant.status not in CLOSED:
                raise Problem(409, "not_closed", "This tenant is not suspended")
            if tenant.status == "erasing":
                raise Problem(409, "being_erased", "This tenant is being erased already")
            before = tenant.status
            tenant.status = "active" if await _was_active(db, tenant) else "invited"
            tenant.suspended_at, tenant.suspended_why, tenant.delete_after = None, "", None
            tenant.version += 1
            await self._record(db, who, "tenant.resume", tenant, before={"status": before})
        await self._note(who, "tenant.resume", tenant)
        self.on_change(tenant_id)

    async def mark_for_deletion(self, who: Principal, tenant_id: str, name: str) -> datetime:
        """``name`` as typed by whoever wants it. Erased after the time of grace."""
        tenant = await self.known(tenant_id)
        if tenant.kind == "platform":
            raise Problem(409, "platform_tenant", "The platform's own tenant stays")
        if name.strip() != tenant.name:
            raise Problem(422, "name_differs", "This is not the tenant's name")
        async with self._storage.write(tenant_id) as db:
            tenant = await _locked(db)
            if tenant.status in ("deleting", "erasing"):
                raise Problem(409, "already_closed", "This tenant is being deleted already")
            await self._close(db, tenant, "deleting")
            tenant.delete_after = until = self._now() + self._grace
            after = {"delete_after": until.isoformat()}
            await self._record(db, who, "tenant.delete", tenant, after=after)
        await self._note(who, "tenant.delete", tenant)
        self.on_change(tenant_id)
        return until

    async def _close(self, db: TenantSession, tenant: Tenant, status: str) -> None:
        now = self._now()
        tenant.status, tenant.suspended_at = status, tenant.suspended_at or now
        tenant.version += 1
        live = await db.find(Session, col(Session.revoked_at).is_(None), Session.expires_at > now)
        await db.update(
            Session,
            col(Session.revoked_at).is_(None),
            revoked_at=now,
            revoked_reason="tenant_suspended",
        )

        def tell() -> None:
            for one in live:
                self._bus.publish(
                    SessionRevoked(one.tenant_id, one.user_id, one.id, "tenant_suspended")
                )

        db.after_commit(tell)

    async def remove_unfinished(self) -> list[str]:
        """Tenants that were made when the gateway ended before anybody was invited: nobody's."""
        before = self._now() - _UNFINISHED_AFTER
        async with self._storage.index() as index:
            tenants = await index.tenants()
        removed = []
        for tenant in tenants:
            if tenant.status != "invited" or tenant.created_at > before:
                continue
            async with self._storage.write(tenant.id) as db:
                await db.lock_tenant()
                if not await db.count(User) and await db.delete_tenant():
                    removed.append(tenant.id)
                    log.warning("tenant.unfinished_removed", tenant=tenant.id)
        return removed

    async def erase_due(self) -> list[str]:
        """Those whose time of grace is over; their ids."""
        async with self._erasing:
            async with self._storage.index() as index:
                tenants = await index.tenants()
            return [tenant.id for tenant in tenants if await self._erase_if_due(tenant)]

    async def _erase_if_due(self, tenant: Tenant) -> bool:
        if not self._is_due(tenant) or not await self._begin_erasing(tenant.id):
            return False
        rows = await erasure.erase(self._storage, tenant.id)
        if rows is None:
            return False
        log.warning("tenant.erased", tenant=tenant.id, rows=sum(rows.values()))
        await self._note(system("", "erasure"), "tenant.erase", tenant, rows=rows)
        self.on_change(tenant.id)
        return True

    def _is_due(self, tenant: Tenant) -> bool:
        until = tenant.delete_after
        return (
            tenant.status in ("deleting", "erasing") and until is not None and until <= self._now()
        )

    async def _begin_erasing(self, tenant_id: str) -> bool:
        """What was listed may have been taken back meanwhile; after this it cannot be."""
        async with self._storage.write(tenant_id) as db:
            await db.lock_tenant()
            tenant = await db.tenant()
            if tenant is None or not self._is_due(tenant):
                return False
            tenant.status = "erasing"
        return True

    # --- telling ---------------------------------------------------------------------------

    async def _tell_admins(
        self, db: TenantSession, template: str, values: Mapping[str, Any]
    ) -> None:
        """A letter to every administrator of the tenant."""
        admins = await db.find(
            User, col(User.role) == Role.ADMIN.value, col(User.disabled).is_(False)
        )
        for admin in admins:
            said = {"name": admin.name, **values}
            letter = Mail(admin.email, template, admin.language, said, user_id=admin.id)
            await self._mailer.post(db, letter)

    async def exported(self, who: Principal) -> None:
        """Before the first byte leaves: audited, and every administrator is told."""
        async with self._storage.write(who.tenant_id) as db:
            tenant = await _locked(db)
            await self._audit.record(
                db, who, "tenant.export", "tenant", tenant.id, target_name=tenant.name
            )
            values = {"by": who.name, "at": self._now().isoformat(timespec="seconds")}
            await self._tell_admins(db, "export_ready", values)

    async def _record(
        self, db: TenantSession, who: Principal, action: str, tenant: Tenant, **more: Any
    ) -> None:
        if who.tenant_id != tenant.id:
            who = who.in_tenant(tenant.id)
        await self._audit.record(
            db, who, action, "tenant", tenant.id, target_name=tenant.name, **more
        )

    async def _note(
        self,
        who: Principal,
        action: str,
        tenant: Tenant,
        why: str = "",
        rows: Mapping[str, int] | None = None,
    ) -> None:
        """In the platform's audit, if there is a platform tenant and this is not its own act."""
        platform = await self.platform()
        if platform is None or platform.id == tenant.id:
            return
        here = Principal(platform.id, who.kind, who.id, who.name, client_ip=who.client_ip)
        async with self._storage.write(platform.id) as db:
            await self._audit.record(
                db,
                here,
                action,
                "tenant",
                tenant.id,
                target_name=tenant.name,
                after=None if rows is None else {"rows": dict(rows)},
                why=why,
            )


async def _locked(db: TenantSession) -> Tenant:
    await db.lock_tenant()
    tenant = await db.tenant()
    if tenant is None:
        raise Problem(404, "tenant_unknown", "There is no such tenant")
    return tenant


async def _was_active(db: TenantSession, tenant: Tenant) -> bool:
    """Tenants that were made with their people have nobody who accepted an invitation."""
    if tenant.terms_accepted_at is not None:
        return True
    return await db.count(User, col(User.password_hash).is_not(None)) > 0


def check_address(email: str) -> None:
    try:
        validate_email(
            email, check_deliverability=False, allow_smtputf8=False, test_environment=True
        )
    except EmailNotValidError as error:
        raise Problem(422, "email_invalid", "This is not an e-mail address", str(error)) from None
