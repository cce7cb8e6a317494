"""Create tenants, sites and users with their lines."""

from __future__ import annotations

from dataclasses import dataclass, field

from gateway.credentials.passwords import Passwords
from gateway.credentials.secrets import Secrets, line_context
from gateway.ports import Problem
from gateway.storage.folding import email_hash, search_name
from gateway.storage.ids import utc_now
from gateway.storage.models import Line, LoginIndex, Site, Tenant, User
from gateway.storage.storage import Storage


@dataclass(frozen=True, slots=True)
class NewLine:
    line_id: str
    number: str
    desk_number: str
    device_id: str
    auth_user: str
    auth_password: str = field(repr=False)
    mailbox_number: str | None = None


@dataclass(frozen=True, slots=True)
class NewUser:
    email: str
    name: str
    password: str = field(repr=False)
    role: str = "user"


class ProvisioningService:
    def __init__(self, storage: Storage, secrets: Secrets, passwords: Passwords) -> None:
        self._storage = storage
        self._secrets = secrets
        self._passwords = passwords

    async def tenant_of(self, email: str) -> tuple[str, str] | None:
        """(tenant, user) of an address that can sign in."""
        async with self._storage.index() as index:
            found = await index.get(LoginIndex, email_hash(email))
        return (found.tenant_id, found.user_id) if found else None

    async def create_tenant(self, name: str, kind: str = "customer") -> str:
        tenant = Tenant(name=name, kind=kind)
        async with self._storage.index(write=True) as index:
            await index.create_tenant(tenant)
        return tenant.id

    async def create_site(
        self,
        tenant_id: str,
        name: str,
        *,
        profile: str,
        country: str,
        area_code: str,
        extension_digits: int,
        exit_code: str = "0",
    ) -> str:
        site = Site(
            tenant_id=tenant_id,
            name=name,
            profile=profile,
            country=country,
            area_code=area_code,
            extension_digits=extension_digits,
            exit_code=exit_code,
        )
        async with self._storage.write(tenant_id) as db:
            await db.add(site)
        return site.id

    async def create_user(
        self, tenant_id: str, new: NewUser, site_id: str | None = None, line: NewLine | None = None
    ) -> str:
        user = User(
            tenant_id=tenant_id,
            email=new.email,
            name=new.name,
            search_name=search_name(new.name),
            password_hash=await self._passwords.hash(new.password),
            role=new.role,
            activated_at=utc_now(),  # with a password there is nothing to accept
        )
        index = LoginIndex(email_hash=email_hash(new.email), tenant_id=tenant_id, user_id=user.id)
        if await self.tenant_of(new.email) is not None:
            raise Problem(409, "email_taken", "This e-mail address can sign in already")
        async with self._storage.write(tenant_id) as db:
            await db.add(user)
            await db.add_index(index)
            if line is not None and site_id is not None:
                await db.add(self._line(tenant_id, site_id, user.id, line))
                site = await db.get(Site, site_id)
                if site is not None:
                    site.config_version += 1
        return user.id

    def _line(self, tenant_id: str, site_id: str, user_id: str, new: NewLine) -> Line:
        sealed = self._secrets.seal(
            new.auth_password, line_context(tenant_id, site_id, new.line_id)
        )
        return Line(
            tenant_id=tenant_id,
            site_id=site_id,
            user_id=user_id,
            line_id=new.line_id,
            device_id=new.device_id,
            number=new.number,
            desk_number=new.desk_number,
            mailbox_number=new.mailbox_number,
            auth_user=new.auth_user,
            auth_password=sealed,
        )
