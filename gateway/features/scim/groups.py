"""Groups and their members (RFC 7643 section 4.2)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

from scim2_models import (
    Context,
    InvalidValueException,
    Meta,
    NotFoundException,
    PatchOp,
    TooManyException,
)
from sqlmodel import col

from gateway.admin_ports import Principal
from gateway.features.scim.filters import equal_of
from gateway.features.scim.members import MemberChange, NotPlain, ids_of, split
from gateway.features.scim.resources import GROUPS, POLICY, Group, GroupMember
from gateway.features.scim.roles import GroupRoles
from gateway.storage.ids import is_id, new_id, utc_now
from gateway.storage.models import User
from gateway.storage.storage import Storage, TenantSession
from gateway.storage.tables.single_sign_on import ScimGroup, ScimMember

_MAX_GROUPS = 1000
_CHUNK = 500
#: Members on one page of groups. A page may have fewer than was asked for (RFC 7644 3.4.2.4).
_MAX_MEMBERS = 20_000


class ScimGroups:
    def __init__(
        self,
        storage: Storage,
        roles: GroupRoles,
        base_url: str,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._storage = storage
        self._roles = roles
        self._base_url = base_url
        self._now = now

    async def get(self, who: Principal, group_id: str, *, members: bool = True) -> Any:
        async with self._storage.read(who.tenant_id) as db:
            return await self._resource(db, await self._known(db, group_id), members=members)

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
            if members:
                found = await _few_enough(db, found)
            return total, [await self._resource(db, group, members=members) for group in found]

    async def create(self, who: Principal, resource: Any) -> Any:
        wanted = ids_of(resource.members)
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
            await self._roles.renew(db, who, await self._apply(db, group, _all(wanted)))
            return await self._resource(db, group)

    async def replace(self, who: Principal, group_id: str, wanted: Any) -> Any:
        change = _all(ids_of(wanted.members))
        wanted.members = None

        def put(known: Any) -> Any:
            wanted.replace(known)
            return wanted

        async with self._storage.write(who.tenant_id) as db:
            group = await self._change(db, who, group_id, put, change)
            return await self._resource(db, group)

    async def patch(self, who: Principal, group_id: str, operations: PatchOp[Any]) -> None:
        """Its answer is empty (RFC 7644 section 3.5.2): the group may be of thousands."""
        async with self._storage.write(who.tenant_id) as db:
            await db.lock_tenant()
            try:
                change, others = split(operations.operations or [])
            except NotPlain:
                patched = await self._by_the_book(db, group_id, operations)
                change = _all(ids_of(patched.members))
                await self._change(db, who, group_id, lambda _: patched, change)
                return

            def apply(known: Any) -> Any:
                if others:
                    rest = GROUPS.patch.model_validate(
                        {"schemas": operations.schemas, "Operations": others},
                        scim_ctx=Context.RESOURCE_PATCH_REQUEST,
                        scim_policy=POLICY,
                    )
                    rest.patch(known, POLICY)
                return known

            await self._change(db, who, group_id, apply, change)

    async def _by_the_book(self, db: TenantSession, group_id: str, operations: PatchOp[Any]) -> Any:
        """What no directory was seen to say; the library knows what it means."""
        known = self._without_members(await self._known(db, group_id))
        known.members = [
            GroupMember(value=one, ref=None) for one in await self._members(db, group_id)
        ]
        await asyncio.to_thread(operations.patch, known, POLICY)
        return known

    async def remove(self, who: Principal, group_id: str) -> None:
        async with self._storage.write(who.tenant_id) as db:
            await db.lock_tenant()
            group = await self._known(db, group_id)
            members = await self._members(db, group_id)
            await db.delete(ScimGroup, ScimGroup.id == group.id)
            await self._roles.renew(db, who, members)

    async def _change(
        self,
        db: TenantSession,
        who: Principal,
        group_id: str,
        act: Callable[[Any], Any],
        change: MemberChange,
    ) -> ScimGroup:
        await db.lock_tenant()
        group = await self._known(db, group_id)
        was = group.display_name
        wanted = act(self._without_members(group))
        group.display_name = wanted.display_name.strip()
        group.external_id = wanted.external_id
        group.changed_at = self._now()
        affected = await self._apply(db, group, change)
        if group.display_name != was:
            affected |= set(await self._members(db, group_id))
        await self._roles.renew(db, who, affected)
        return group

    # --- members -------------------------------------------------------------------------------

    async def _apply(self, db: TenantSession, group: ScimGroup, change: MemberChange) -> set[str]:
        """Who came or went."""
        if change.whole:
            had = set(await self._members(db, group.id))
            new, gone = sorted(change.added - had), sorted(had - change.added)
        else:
            touched = sorted(change.added | change.removed)
            had = set()
            for chunk in _chunks(touched):
                had |= set(await self._members(db, group.id, col(ScimMember.user_id).in_(chunk)))
            new, gone = sorted(change.added - had), sorted(change.removed & had)
        await self._check_users(db, new)
        for chunk in _chunks(gone):
            await db.delete(
                ScimMember, ScimMember.group_id == group.id, col(ScimMember.user_id).in_(chunk)
            )
        for chunk in _chunks(new):
            rows = [{"id": new_id(), "group_id": group.id, "user_id": one} for one in chunk]
            await db.insert_all(ScimMember, rows)
        return {*new, *gone}

    async def _check_users(self, db: TenantSession, user_ids: Sequence[str]) -> None:
        """A group of groups is not kept: directories resolve them before."""
        if not all(is_id(user_id) for user_id in user_ids):
            raise InvalidValueException(detail="A member is not a user of this tenant")
        for chunk in _chunks(user_ids):
            if await db.count(User, col(User.id).in_(chunk)) != len(chunk):
                raise InvalidValueException(detail="A member is not a user of this tenant")

    # --- inside ----------------------------------------------------------------------------------

    async def _known(self, db: TenantSession, group_id: str) -> ScimGroup:
        group = await db.get(ScimGroup, group_id)
        if group is None:
            raise NotFoundException(detail="There is no such group")
        return group

    async def _members(self, db: TenantSession, group_id: str, *where: Any) -> list[str]:
        user_id = col(ScimMember.user_id)
        return await db.values(
            ScimMember, user_id, ScimMember.group_id == group_id, *where, order_by=[user_id]
        )

    def _without_members(self, group: ScimGroup) -> Any:
        return Group(
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

    async def _resource(self, db: TenantSession, group: ScimGroup, *, members: bool = True) -> Any:
        resource = self._without_members(group)
        if members:
            resource.set_member_ids(await self._members(db, group.id), f"{self._base_url}/Users/")
        return resource


def _all(ids: set[str]) -> MemberChange:
    return MemberChange(whole=True, added=ids)


async def _few_enough(db: TenantSession, groups: Sequence[ScimGroup]) -> list[ScimGroup]:
    """One at least, and as many more as one answer can hold."""
    ids = [group.id for group in groups]
    sizes = await db.counts(ScimMember, col(ScimMember.group_id), col(ScimMember.group_id).in_(ids))
    taken, members = list(groups[:1]), sizes.get(ids[0], 0) if ids else 0
    for group in groups[1:]:
        members += sizes.get(group.id, 0)
        if members > _MAX_MEMBERS:
            break
        taken.append(group)
    return taken


def _chunks(values: Sequence[str]) -> Iterable[Sequence[str]]:
    for start in range(0, len(values), _CHUNK):
        yield values[start : start + _CHUNK]
