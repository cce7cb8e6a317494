"""Users: who joins, changes and leaves (RFC 7644 section 3)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from scim2_models import (
    Meta,
    NotFoundException,
    PatchOp,
    Reference,
    UniquenessException,
)
from sqlmodel import col

from gateway.admin_ports import PeopleAdmin, Principal, SessionEnder
from gateway.features.scim.filters import Equal, equal_of
from gateway.features.scim.mapping import kept, person_of, resource_of
from gateway.features.scim.resources import POLICY, USERS, EnterpriseUser, UserGroup
from gateway.ports import UserKey
from gateway.storage.ids import is_id, utc_now
from gateway.storage.models import User as UserRow
from gateway.storage.storage import Storage, TenantSession
from gateway.storage.tables.single_sign_on import ScimGroup, ScimMember, ScimUser

_LEFT = "left, says the directory"


class ScimUsers:
    def __init__(
        self,
        storage: Storage,
        people: PeopleAdmin,
        sessions: SessionEnder,
        base_url: str,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._storage = storage
        self._people = people
        self._sessions = sessions
        self._base_url = base_url
        self._now = now

    async def get(self, who: Principal, user_id: str) -> Any:
        async with self._storage.read(who.tenant_id) as db:
            return await self._one(db, user_id)

    async def page(
        self, who: Principal, text: str | None, start: int, count: int
    ) -> tuple[int, list[Any]]:
        """How many there are, and those from ``start`` (1: the first)."""
        async with self._storage.read(who.tenant_id) as db:
            where = () if text is None else await self._where(db, equal_of(USERS.filter(text)))
            if where is None:
                return 0, []
            total = await db.count(UserRow, *where)
            users = await db.find(
                UserRow, *where, order_by=[col(UserRow.id)], limit=count, offset=start - 1
            )
            return total, await self._resources(db, users)

    async def create(self, who: Principal, resource: Any) -> Any:
        async with self._storage.write(who.tenant_id) as db:
            await db.lock_tenant()
            await self._name_free(db, resource.user_name, None)
            user_id = await self._people.create(db, who, person_of(resource, None))
            await self._keep(db, user_id, resource)
            if resource.active is False:
                await self._people.set_disabled(db, who, user_id, True, _LEFT)
            return await self._one(db, user_id)

    async def replace(self, who: Principal, user_id: str, wanted: Any) -> Any:
        def put(known: Any) -> Any:
            wanted.replace(known)
            # What is left out of a replacement has its default; nobody leaves by being left out.
            wanted.active = known.active if wanted.active is None else wanted.active
            # Nor does a directory that never speaks of departments take away what is said here.
            if wanted[EnterpriseUser] is None:
                wanted[EnterpriseUser] = known[EnterpriseUser]
            return wanted

        return await self._change(who, user_id, put)

    async def patch(self, who: Principal, user_id: str, operations: PatchOp[Any]) -> Any:
        def apply(known: Any) -> Any:
            operations.patch(known, POLICY)
            return known

        return await self._change(who, user_id, apply)

    async def remove(self, who: Principal, user_id: str) -> None:
        async with self._storage.write(who.tenant_id) as db:
            await self._known(db, user_id)
            sessions_of = UserKey(who.tenant_id, user_id)
            await self._people.remove(db, who, user_id, why=_LEFT)
        await self._sessions.revoke_user(sessions_of, "disabled")

    async def _change(self, who: Principal, user_id: str, act: Callable[[Any], Any]) -> Any:
        async with self._storage.write(who.tenant_id) as db:
            await db.lock_tenant()
            known = await self._one(db, user_id)
            was_active = known.active
            wanted = act(known)
            await self._name_free(db, wanted.user_name, user_id)
            before = await self._people.find(db, user_id)
            person = person_of(wanted, before)
            if person != before:
                await self._people.change(db, who, user_id, person)
            # Taken away it says nothing: nobody comes back, or leaves, by what is not said.
            active = was_active if wanted.active is None else bool(wanted.active)
            if active != was_active:
                await self._people.set_disabled(db, who, user_id, not active, _LEFT)
            await self._keep(db, user_id, wanted)
            changed = await self._one(db, user_id)
        if was_active and not active:
            await self._sessions.revoke_user(UserKey(who.tenant_id, user_id), "disabled")
        return changed

    # --- inside ------------------------------------------------------------------------------

    async def _known(self, db: TenantSession, user_id: str) -> UserRow:
        user = await db.get(UserRow, user_id)
        if user is None:
            raise NotFoundException(detail="There is no such user")
        return user

    async def _one(self, db: TenantSession, user_id: str) -> Any:
        (resource,) = await self._resources(db, [await self._known(db, user_id)])
        return resource

    async def _resources(self, db: TenantSession, users: Sequence[UserRow]) -> list[Any]:
        ids = [user.id for user in users]
        rows = {row.user_id: row for row in await db.find(ScimUser, col(ScimUser.user_id).in_(ids))}
        groups = await self._groups_of(db, ids)
        made = []
        for user in users:
            row = rows.get(user.id)
            resource = resource_of(user, row)
            resource.groups = groups.get(user.id)
            resource.meta = Meta(
                resource_type="User",
                created=user.created_at,
                last_modified=user.created_at if row is None else row.changed_at,
                location=f"{self._base_url}/Users/{user.id}",
            )
            made.append(resource)
        return made

    async def _groups_of(
        self, db: TenantSession, user_ids: Sequence[str]
    ) -> dict[str, list[UserGroup]]:
        members = await db.find(ScimMember, col(ScimMember.user_id).in_(user_ids))
        wanted = {member.group_id for member in members}
        names = {
            group.id: group.display_name
            for group in (await db.find(ScimGroup, col(ScimGroup.id).in_(wanted)) if wanted else [])
        }
        found: dict[str, list[UserGroup]] = {}
        for member in members:
            group = UserGroup(
                value=member.group_id,
                ref=Reference(f"{self._base_url}/Groups/{member.group_id}"),
                display=names.get(member.group_id, ""),
            )
            found.setdefault(member.user_id, []).append(group)
        return found

    async def _where(self, db: TenantSession, wanted: Equal) -> tuple[Any, ...] | None:
        """``None``: nobody can match."""
        if wanted.attribute == "username":
            found = await self._by_name(db, wanted.value)
            return None if found is None else (UserRow.id == found,)
        if wanted.attribute == "externalid":
            return (UserRow.external_id == wanted.value,)
        if wanted.attribute == "id":
            return (UserRow.id == wanted.value,) if is_id(wanted.value) else None
        if wanted.attribute in ("emails", "emails.value"):
            found = await self._people.find_by_email(db, wanted.value)
            return None if found is None else (UserRow.id == found,)
        raise wanted.unusable()

    async def _by_name(self, db: TenantSession, user_name: str) -> str | None:
        row = await db.first(ScimUser, ScimUser.user_name == user_name.casefold())
        if row is not None:
            return row.user_id
        # Whoever was here before SCIM has the address as name.
        user_id = await self._people.find_by_email(db, user_name)
        if user_id is None or await db.count(ScimUser, ScimUser.user_id == user_id):
            return None
        return user_id

    async def _name_free(self, db: TenantSession, user_name: str, but: str | None) -> None:
        holder = await self._by_name(db, user_name)
        if holder is not None and holder != but:
            raise UniquenessException(detail="This userName is taken")

    async def _keep(self, db: TenantSession, user_id: str, resource: Any) -> None:
        values = {
            "user_name": resource.user_name.casefold(),
            "data": kept(resource),
            "changed_at": self._now(),
        }
        if not await db.update(ScimUser, ScimUser.user_id == user_id, **values):
            await db.add(ScimUser(tenant_id=db.tenant_id, user_id=user_id, **values))
