"""The roles that people have by their groups."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import structlog
from sqlmodel import col

from gateway.admin_ports import PeopleAdmin, Principal
from gateway.group_roles import role_of
from gateway.outbox import Delivery, Outbox, Policy
from gateway.permissions import Permission
from gateway.ports import Problem
from gateway.storage.models import User
from gateway.storage.storage import Storage, TenantSession
from gateway.storage.tables.single_sign_on import ScimGroup, ScimMember, ScimSettings

log = structlog.get_logger(__name__)

KIND = "scim_roles"
#: One attempt does a whole item; what it has not done in time the next one does.
POLICY = Policy(timeout=300.0)
#: Whose roles are renewed in the request itself, and in each transaction after it.
AT_ONCE = 100
_ITEM = 2000  # people of one outbox item


class GroupRoles:
    """Of a few people at once; of many through the outbox, so that no call waits for a company."""

    def __init__(self, storage: Storage, people: PeopleAdmin, outbox: Outbox) -> None:
        self._storage = storage
        self._people = people
        self._outbox = outbox

    async def renew(
        self,
        db: TenantSession,
        who: Principal,
        user_ids: Iterable[str],
        mapping: Mapping[str, str] | None = None,
    ) -> None:
        """Each one's highest role by all of their groups; nothing where nothing is mapped."""
        if mapping is None:
            mapping = await _mapping(db)
        affected = sorted(set(user_ids))
        if not mapping or not affected:
            return
        if len(affected) <= AT_ONCE:
            refused = await self._renew(db, who, affected, mapping)
            if refused:
                raise refused[0]
            return
        for start in range(0, len(affected), _ITEM):
            payload = {
                "user_ids": affected[start : start + _ITEM],
                "who": {"kind": who.kind, "id": who.id, "name": who.name, "ip": who.client_ip},
            }
            await self._outbox.put(db, KIND, payload)

    async def deliver(self, delivery: Delivery) -> None:
        """What the outbox calls. Done twice it changes nothing more."""
        told = delivery.payload
        who = Principal(
            delivery.tenant_id,
            told["who"]["kind"],
            told["who"]["id"],
            told["who"]["name"],
            # What was asked for was allowed when it was asked.
            frozenset({Permission.PEOPLE_WRITE, Permission.ROLES_WRITE, Permission.SCIM}),
            told["who"]["ip"],
        )
        ids: list[str] = told["user_ids"]
        refused: list[Problem] = []
        for start in range(0, len(ids), AT_ONCE):
            async with self._storage.write(delivery.tenant_id) as db:
                await db.lock_tenant()
                # As it is by now, not as it was when this was put in.
                mapping = await _mapping(db)
                if mapping:
                    refused += await self._renew(db, who, ids[start : start + AT_ONCE], mapping)
        if refused:  # after all others, so that none of them waits for these
            raise refused[0]

    async def _renew(
        self, db: TenantSession, who: Principal, user_ids: Sequence[str], mapping: Mapping[str, str]
    ) -> list[Problem]:
        """Why some keep the role they have."""
        users = await db.find(User, col(User.id).in_(user_ids))
        names = {group.id: group.display_name for group in await db.find(ScimGroup)}
        held: dict[str, list[str]] = {}
        for member in await db.find(ScimMember, col(ScimMember.user_id).in_(user_ids)):
            held.setdefault(member.user_id, []).append(names.get(member.group_id, ""))
        refused = []
        for user in sorted(users, key=lambda one: one.id):
            role = role_of(held.get(user.id, []), mapping) or "user"
            if user.role not in ("operator", role):
                try:
                    await self._give(db, who, user.id, role)
                except Problem as problem:
                    log.warning(
                        "scim.role_refused", tenant=db.tenant_id, user=user.id, code=problem.code
                    )
                    refused.append(problem)
        return refused

    async def _give(self, db: TenantSession, who: Principal, user_id: str, role: str) -> None:
        before = await self._people.find(db, user_id)
        if before is None:
            return
        try:
            await self._people.change(db, who, user_id, replace(before, role=role))
        except Problem as problem:
            # Groups must not leave a tenant without anybody who can repair the groups.
            if problem.code != "last_admin":
                raise


async def _mapping(db: TenantSession) -> dict[str, str]:
    settings = await db.first(ScimSettings)
    return {} if settings is None else settings.role_by_group
