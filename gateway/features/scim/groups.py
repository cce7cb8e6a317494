"""Groups, and the roles that their members have by them (RFC 7643 section 4.2)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from scim2_models import (
    InvalidValueException,
    Meta,
    NotFoundException,
    PatchOp,
    Reference,
    TooManyException,
)
from sqlmodel import col

from gateway.admin_ports import PeopleAdmin, Principal
from gateway.features.scim.filters import equal_of
from gateway.features.scim.resources import GROUPS, POLICY, Group, GroupMember
from gateway.group_roles import role_of
from gateway.ports import Problem
from gateway.storage.ids import is_id, utc_now
from gateway.storage.models import User
from gateway.storage.storage import Storage, TenantSession
from gateway.storage.tables.single_sign_on import ScimGroup, ScimMember, ScimSettings

_MAX_GROUPS = 1000
_CHUNK = 500


class ScimGroups:
    def __init__(
        self,
        storage: Storage,
        people: PeopleAdmin,
        base_url: str,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._storage = storage
        self._people = people
        self._base_url = base_url
        self._now = now

    async def get(self, who: Principal, group_id: str) -> Any:
        async with self._storage.read(who.tenant_id) as db:
            return await self._resource(db, await self._known(db, group_id))

    async def page(
        self, who: Principal, text: str | None, start: int, count: int, *, members: bool
    ) -> tuple[int, list[Any]]:
        async with self._storage.read(who.tenant_id) as db:
            where: tuple[Any, ...] = ()
            if text is not None:
                wanted = equal_of(GROUPS.filter(text))
                column: Any = {
                    "displayname": ScimGroup.display_name,
                    "externalid": ScimGroup.external_id,
                    "id": ScimGroup.id,
                }.get(wanted.attribute)
                if column is None:
                    raise wanted.unusable()
                where = (column == wanted.value,)
            total = await db.count(ScimGroup, *where)
            found = await db.find(
                ScimGroup, *where, order_by=[col(ScimGroup.id)], limit=count, offset=start - 1
            )
            return total, [await self._resource(db, group, members=members) for group in found]

    async def create(self, who: Principal, resource: Any) -> Any:
        async with self._storage.write(who.tenant_id) as db:
            await db.lock_tenant()
            if await db.count(ScimGroup) >= _MAX_GROUPS:
                raise TooManyException(detail=f"There can be {_MAX_GROUPS} groups")
            group = ScimGroup(
                tenant_id=who.tenant_id,
                display_name=resource.display_name.strip(),
                external_id=resource.external_id,
            )
            await db.add(group)
            await self._set_members(db, who, group, resource)
            return await self._resource(db, group)

    async def replace(self, who: Principal, group_id: str, wanted: Any) -> Any:
        def put(known: Any) -> Any:
            wanted.replace(known)
            return wanted

        return await self._change(who, group_id, put)

    async def patch(self, who: Principal, group_id: str, operations: PatchOp[Any]) -> Any:
        def apply(known: Any) -> Any:
            operations.patch(known, POLICY)
            return known

        return await self._change(who, group_id, apply)

    async def remove(self, who: Principal, group_id: str) -> None:
        async with self._storage.write(who.tenant_id) as db:
            await db.lock_tenant()
            group = await self._known(db, group_id)
            members = await self._members(db, group_id)
            await db.delete(ScimGroup, ScimGroup.id == group.id)
            await self.renew_roles(db, who, members)

    async def _change(self, who: Principal, group_id: str, act: Callable[[Any], Any]) -> Any:
        async with self._storage.write(who.tenant_id) as db:
            await db.lock_tenant()
            group = await self._known(db, group_id)
            known = await self._resource(db, group)
            # Of a group of thousands this takes a while.
            wanted = await asyncio.to_thread(act, known)
            renamed = group.display_name != wanted.display_name.strip()
            group.display_name = wanted.display_name.strip()
            group.external_id = wanted.external_id
            group.changed_at = self._now()
            await self._set_members(db, who, group, wanted, all_roles=renamed)
            return await self._resource(db, group)

    # --- members and roles ---------------------------------------------------------------------

    async def _set_members(
        self,
        db: TenantSession,
        who: Principal,
        group: ScimGroup,
        resource: Any,
        *,
        all_roles: bool = False,
    ) -> None:
        wanted = {str(member.value) for member in resource.members or [] if member.value}
        had = await self._members(db, group.id)
        new, gone = sorted(wanted - had), sorted(had - wanted)
        await self._check_users(db, new)
        for chunk in _chunks(gone):
            await db.delete(
                ScimMember, ScimMember.group_id == group.id, col(ScimMember.user_id).in_(chunk)
            )
        for user_id in new:
            await db.add(ScimMember(tenant_id=db.tenant_id, group_id=group.id, user_id=user_id))
        await self.renew_roles(db, who, {*new, *gone, *(wanted if all_roles else ())})

    async def _check_users(self, db: TenantSession, user_ids: Sequence[str]) -> None:
        """A group of groups is not kept: directories resolve them before."""
        if not all(is_id(user_id) for user_id in user_ids):
            raise InvalidValueException(detail="A member is not a user of this tenant")
        for chunk in _chunks(user_ids):
            if await db.count(User, col(User.id).in_(chunk)) != len(chunk):
                raise InvalidValueException(detail="A member is not a user of this tenant")

    async def renew_roles(
        self,
        db: TenantSession,
        who: Principal,
        user_ids: Iterable[str],
        mapping: Mapping[str, str] | None = None,
    ) -> None:
        """Each one's highest role by all of their groups; nothing where nothing is mapped."""
        if mapping is None:
            settings = await db.first(ScimSettings)
            mapping = {} if settings is None else settings.role_by_group
        affected = sorted(set(user_ids))
        if not mapping or not affected:
            return
        names = {group.id: group.display_name for group in await db.find(ScimGroup)}
        held: dict[str, list[str]] = {user_id: [] for user_id in affected}
        for chunk in _chunks(affected):
            for member in await db.find(ScimMember, col(ScimMember.user_id).in_(chunk)):
                held[member.user_id].append(names.get(member.group_id, ""))
        for user_id, groups in held.items():
            await self._give_role(db, who, user_id, role_of(groups, mapping) or "user")

    async def _give_role(self, db: TenantSession, who: Principal, user_id: str, role: str) -> None:
        before = await self._people.find(db, user_id)
        if before is None or before.role in ("operator", role):
            return
        try:
            await self._people.change(db, who, user_id, replace(before, role=role))
        except Problem as problem:
            # Groups must not leave a tenant without anybody who can repair the groups.
            if problem.code != "last_admin":
                raise

    # --- inside ----------------------------------------------------------------------------------

    async def _known(self, db: TenantSession, group_id: str) -> ScimGroup:
        group = await db.get(ScimGroup, group_id)
        if group is None:
            raise NotFoundException(detail="There is no such group")
        return group

    async def _members(self, db: TenantSession, group_id: str) -> set[str]:
        found = await db.find(ScimMember, ScimMember.group_id == group_id)
        return {member.user_id for member in found}

    async def _resource(self, db: TenantSession, group: ScimGroup, *, members: bool = True) -> Any:
        resource = Group(
            id=group.id,
            external_id=group.external_id,
            display_name=group.display_name,
            meta=Meta(
                resource_type="Group",
                created=group.created_at,
                last_modified=group.changed_at,
                location=f"{self._base_url}/Groups/{group.id}",
            ),
        )
        if members:
            ids = sorted(await self._members(db, group.id))
            resource.members = [
                GroupMember(value=user_id, ref=Reference(f"{self._base_url}/Users/{user_id}"))
                for user_id in ids
            ] or None
        return resource


def _chunks(values: Sequence[str]) -> Iterable[Sequence[str]]:
    for start in range(0, len(values), _CHUNK):
        yield values[start : start + _CHUNK]
