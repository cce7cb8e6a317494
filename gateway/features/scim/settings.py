"""What an administrator sees and says of SCIM: groups that have come, and roles by them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, StringConstraints
from sqlmodel import col

from gateway.admin_ports import AuditLog, Principal
from gateway.features.scim.roles import GroupRoles
from gateway.http.endpoint import ReplyModel, RequestModel
from gateway.ports import Problem
from gateway.storage.ids import utc_now
from gateway.storage.storage import Storage, TenantSession
from gateway.storage.tables.single_sign_on import ScimGroup, ScimMember, ScimSettings

_NOTED_EVERY = timedelta(minutes=1)

Role = Literal["user", "help_desk", "admin"]
GroupName = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class ScimSettingsIn(RequestModel):
    role_by_group: Annotated[dict[GroupName, Role], Field(max_length=100)]


class ScimGroupView(ReplyModel):
    id: str
    name: str
    members: int


class ScimSettingsView(ReplyModel):
    base_url: str = Field(description="to enter at the directory")
    role_by_group: dict[str, str] = Field(description="empty: roles are given here")
    groups: list[ScimGroupView]
    last_request: AwareDatetime | None
    version: int


class ScimAdmin:
    def __init__(
        self,
        storage: Storage,
        audit: AuditLog,
        roles: GroupRoles,
        base_url: str,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._storage = storage
        self._audit = audit
        self._roles = roles
        self._base_url = base_url
        self._now = now

    async def shown(self, who: Principal) -> ScimSettingsView:
        async with self._storage.read(who.tenant_id) as db:
            return await self._view(db, await db.first(ScimSettings))

    async def change(
        self, who: Principal, wanted: ScimSettingsIn, version: int
    ) -> ScimSettingsView:
        async with self._storage.write(who.tenant_id) as db:
            await db.lock_tenant()
            settings = await db.first(ScimSettings)
            if (0 if settings is None else settings.version) != version:
                raise Problem(412, "changed_meanwhile", "Somebody changed this meanwhile")
            before = {} if settings is None else settings.role_by_group
            if settings is None:
                settings = ScimSettings(tenant_id=who.tenant_id, version=0)
                await db.add(settings)
            settings.role_by_group = dict(wanted.role_by_group)
            settings.version = version + 1
            await self._audit.record(
                db,
                who,
                "scim.change",
                "scim",
                settings.id,
                before={"role_by_group": before},
                after={"role_by_group": settings.role_by_group},
            )
            changed = {
                name.casefold()
                for name in {*before, *settings.role_by_group}
                if before.get(name) != settings.role_by_group.get(name)
            }
            await self._renew(db, who, changed, settings.role_by_group)
            return await self._view(db, settings)

    async def _renew(
        self, db: TenantSession, who: Principal, changed: set[str], mapping: dict[str, str]
    ) -> None:
        groups = [
            group.id
            for group in await db.find(ScimGroup)
            if group.display_name.casefold() in changed
        ]
        if groups:
            user_ids = await db.values(
                ScimMember, col(ScimMember.user_id), col(ScimMember.group_id).in_(groups)
            )
            await self._roles.renew(db, who, user_ids, mapping)

    async def note_request(self, tenant_id: str, noted: dict[str, datetime]) -> None:
        """That the directory is at work; ``noted`` spares the database all but one a minute."""
        now = self._now()
        if now - noted.get(tenant_id, now - _NOTED_EVERY) < _NOTED_EVERY:
            return
        noted[tenant_id] = now
        async with self._storage.write(tenant_id) as db:
            await db.lock_tenant()
            if not await db.update(ScimSettings, last_request=now):
                await db.add(ScimSettings(tenant_id=tenant_id, version=0, last_request=now))

    async def _view(self, db: TenantSession, settings: ScimSettings | None) -> ScimSettingsView:
        groups = await db.find(ScimGroup, order_by=[col(ScimGroup.display_name)])
        sizes = await db.counts(ScimMember, col(ScimMember.group_id))
        return ScimSettingsView(
            base_url=self._base_url,
            role_by_group={} if settings is None else settings.role_by_group,
            groups=[
                ScimGroupView(
                    id=group.id,
                    name=group.display_name,
                    members=sizes.get(group.id, 0),
                )
                for group in groups
            ],
            last_request=None if settings is None else settings.last_request,
            version=0 if settings is None else settings.version,
        )
