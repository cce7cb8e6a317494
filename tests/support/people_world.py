"""A tenant with a site and the people feature on it, without HTTP: for tests and benches."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import Any

from gateway.admin_ports import LineData, PersonData, Principal
from gateway.bus import Bus, SiteConfigChanged
from gateway.credentials.secrets import Secrets
from gateway.features.audit.service import AuditService
from gateway.features.imports.models import ImportView, RowsQuery, RowView, UploadQuery
from gateway.features.imports.service import ImportsService
from gateway.features.imports.steps import ImportSteps
from gateway.features.passwords.letters import AccountLetterService
from gateway.features.people.inviting import Inviting
from gateway.features.people.reading import PeopleReader
from gateway.features.people.service import PeopleService
from gateway.numbers import NumberRules
from gateway.outbox import Outbox
from gateway.permissions import PERMISSIONS, Role
from gateway.storage.folding import email_hash, search_name
from gateway.storage.models import Line, LoginIndex, Site, Tenant, TenantOwned, User
from gateway.storage.storage import Storage
from gateway.storage.tables.audit import AuditEntry
from gateway.storage.tables.one_time import OneTimeToken
from tests.support.letters import KeptMail

#: Counters go on and are no state.
_COUNTERS = ("version", "config_version")


class PeopleWorld:
    def __init__(self, storage: Storage, secrets: Secrets | None = None) -> None:
        self.storage = storage
        self.bus = Bus()
        self.secrets = secrets or Secrets.ephemeral()
        self.audit = AuditService()
        self.mail = KeptMail()
        self.people = PeopleService(self.secrets, NumberRules(), self.audit, self.bus, self.mail)
        self.reader = PeopleReader(storage)
        self.steps = ImportSteps(storage, self.people, self.audit, self.secrets)
        self.outbox = Outbox(self.secrets)
        letters = AccountLetterService(storage, self.mail, monotonic=time.monotonic)
        self.inviting = Inviting(storage, self.outbox, letters, self.mail, self.audit)
        self.imports = ImportsService(
            storage, self.secrets, self.audit, self.inviting, lambda *_: None
        )
        self.told: list[SiteConfigChanged] = []
        self.bus.subscribe(SiteConfigChanged, self.told.append)
        self.tenant_id = self.site_id = self.admin_id = ""

    async def open(self, licences: int | None = None, admin: str = "ada@x.test") -> None:
        tenant = Tenant(name="T", licences=licences)
        async with self.storage.index(write=True) as index:
            await index.create_tenant(tenant)
        self.tenant_id = tenant.id
        self.site_id = await self.site("Head office")
        self.admin_id = await self.admin(admin)

    async def site(self, name: str, **values: Any) -> str:
        said = {"profile": "business", "country": "de", "area_code": "89", **values}
        site = Site(tenant_id=self.tenant_id, name=name, extension_digits=5, **said)
        async with self.storage.write(self.tenant_id) as db:
            await db.add(site)
        return site.id

    async def admin(self, email: str) -> str:
        user = User(
            tenant_id=self.tenant_id,
            email=email,
            name="Ada Admin",
            search_name=search_name("Ada Admin"),
            password_hash="x",
            role="admin",
        )
        login = LoginIndex(email_hash=email_hash(email), tenant_id=self.tenant_id, user_id=user.id)
        async with self.storage.write(self.tenant_id) as db:
            await db.add(user)
            await db.add_index(login)
        return user.id

    def who(self, role: Role = Role.ADMIN) -> Principal:
        return Principal(self.tenant_id, "user", self.admin_id, "Ada Admin", PERMISSIONS[role])

    def line(self, number: str, **values: Any) -> LineData:
        return LineData(site_id=values.pop("site_id", self.site_id), number=number, **values)

    async def create(self, new: PersonData, who: Principal | None = None) -> str:
        async with self.storage.write(self.tenant_id) as db:
            return await self.people.create(db, who or self.who(), new)

    async def person(self, name: str, number: str | None = None, **values: Any) -> str:
        line = None if number is None else self.line(number)
        email = values.pop("email", f"{name.lower()}@x.test")
        return await self.create(PersonData(email, name, line=line, **values))

    async def find(self, user_id: str) -> PersonData | None:
        async with self.storage.read(self.tenant_id) as db:
            return await self.people.find(db, user_id)

    # --- imports ----------------------------------------------------------------------------

    async def plan(self, raw: bytes | str, **query: Any) -> ImportView:
        data = raw.encode() if isinstance(raw, str) else raw
        made = await self.imports.upload(self.who(), data, UploadQuery(**query))
        return await self.finish(made.id)

    async def apply(self, import_id: str, skip_errors: bool = False) -> ImportView:
        await self.imports.apply(self.who(), import_id, skip_errors)
        return await self.finish(import_id)

    async def undo(self, import_id: str) -> ImportView:
        await self.imports.undo(self.who(), import_id)
        return await self.finish(import_id)

    async def finish(self, import_id: str, size: int = 100) -> ImportView:
        while await self.steps.step(self.tenant_id, import_id, size):
            pass
        return await self.imports.get(self.tenant_id, import_id)

    async def rows(self, import_id: str, **query: Any) -> list[RowView]:
        page = await self.imports.rows(self.tenant_id, import_id, RowsQuery(limit=200, **query))
        return page.items

    # --- what is there ----------------------------------------------------------------------

    async def dump(self) -> str:
        """Every row that says who is who, without the counters."""
        async with self.storage.read(self.tenant_id) as db:
            models: tuple[type[TenantOwned], ...] = (Site, User, Line, OneTimeToken)
            tables: dict[str, list[Mapping[str, Any]]] = {}
            for model in models:
                rows = await db.find(model)
                tables[model.__name__] = sorted(
                    (_values(row) for row in rows), key=lambda row: str(row["id"])
                )
            users = await db.find(User)
            logins = await db.find_logins([email_hash(user.email) for user in users])
        tables["login"] = sorted(
            ({"hash": one.email_hash.hex(), "user": one.user_id} for one in logins),
            key=lambda row: str(row["hash"]),
        )
        return json.dumps(tables, indent=1, default=str)

    async def acts(self) -> list[AuditEntry]:
        async with self.storage.read(self.tenant_id) as db:
            return await db.find(AuditEntry, order_by=[AuditEntry.number])


def _values(row: TenantOwned) -> dict[str, Any]:
    found = {}
    for name in type(row).model_fields:
        value = getattr(row, name)
        if name not in _COUNTERS:
            found[name] = value.hex() if isinstance(value, bytes) else value
    return found
