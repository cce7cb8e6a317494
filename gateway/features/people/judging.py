"""Whether people can be as they are wanted: rules, the tenant's other people, its licences."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlmodel import col

from gateway.admin_ports import Fault, PersonData, Principal
from gateway.credentials.secrets import Secrets, line_context
from gateway.features.people import flat
from gateway.features.people.rules import Faults, normalised
from gateway.permissions import Permission, Role
from gateway.ports import NumberNormaliser
from gateway.storage import licences
from gateway.storage.folding import email_hash
from gateway.storage.models import Line, Site, User
from gateway.storage.storage import TenantSession

#: Values in one IN (...): PostgreSQL's drivers and SQLite take many more.
CHUNK = 500
#: Up to so many people are checked where they are; calls would wait for more.
_FEW = 10
#: Who can appoint others; a tenant must keep one of them.
RULING = (Role.ADMIN.value, Role.OPERATOR.value)


@dataclass(slots=True)
class Candidate:
    """Somebody as wanted, beside what is there. ``given``: faults that were found before."""

    wanted: PersonData
    user: User | None = None
    line: Line | None = None
    faults: Faults = field(default_factory=Faults)
    warnings: list[Fault] = field(default_factory=list)
    new_password: bool = False

    @property
    def before(self) -> PersonData | None:
        return None if self.user is None else flat.person_of(self.user, self.line)

    def changes(self) -> dict[str, tuple[str | None, str | None]]:
        return flat.changes(self.before, self.wanted, self.new_password)


class Judge:
    def __init__(self, secrets: Secrets, numbers: NumberNormaliser) -> None:
        self._secrets = secrets
        self._numbers = numbers

    async def judge(
        self,
        db: TenantSession,
        who: Principal,
        candidates: Sequence[Candidate],
        sites: Sequence[Site],
        planned: int = 0,
    ) -> None:
        """Brings each to its stored form and adds what is against it."""
        by_id = {site.id: site for site in sites}
        if len(candidates) < _FEW:
            self._normalise(candidates, by_id)
        else:
            await asyncio.to_thread(self._normalise, candidates, by_id)
        await self._addresses(db, candidates)
        await self._numbers_free(db, candidates)
        await self._external_ids(db, candidates)
        await self._roles(db, who, candidates)
        await self._licences(db, candidates, planned)

    def _normalise(self, candidates: Sequence[Candidate], sites: Mapping[str, Site]) -> None:
        for one in candidates:
            one.wanted = normalised(one.wanted, sites, self._numbers, one.faults)
            one.new_password = self._password_differs(one)

    def _password_differs(self, one: Candidate) -> bool:
        line = one.wanted.line
        if line is None or not line.auth_password:
            return False
        if one.line is None:
            return True
        return self.password_of(one.line) != line.auth_password

    def password_of(self, line: Line) -> str:
        context = line_context(line.tenant_id, line.site_id, line.line_id)
        return self._secrets.unseal(line.auth_password, context)

    async def _addresses(self, db: TenantSession, candidates: Sequence[Candidate]) -> None:
        """Unique over all tenants: it is what one signs in with."""
        new = {
            email_hash(one.wanted.email): one
            for one in candidates
            if one.wanted.email
            and (one.user is None or email_hash(one.user.email) != email_hash(one.wanted.email))
        }
        for chunk in chunks(list(new)):
            for login in await db.find_logins(chunk):
                new[login.email_hash].faults.add(
                    "email", "email_taken", "This e-mail address can sign in already"
                )

    async def _numbers_free(self, db: TenantSession, candidates: Sequence[Candidate]) -> None:
        wanted = {one.wanted.line.number for one in candidates if one.wanted.line is not None}
        holders: dict[tuple[str, str], str] = {}
        for chunk in chunks(sorted(wanted - {""})):
            for held in await db.find(Line, col(Line.number).in_(chunk)):
                holders[held.site_id, held.number] = held.user_id
        taken: list[tuple[Candidate, str]] = []
        for one in candidates:
            line = one.wanted.line
            holder = None if line is None else holders.get((line.site_id, line.number))
            if holder is not None and (one.user is None or one.user.id != holder):
                taken.append((one, holder))
        names = await _names(db, {holder for _, holder in taken})
        for one, holder in taken:
            one.faults.add(
                "number", "number_taken", f"{names.get(holder, 'Somebody else')} has this number"
            )

    async def _external_ids(self, db: TenantSession, candidates: Sequence[Candidate]) -> None:
        new = {
            one.wanted.external_id: one
            for one in candidates
            if one.wanted.external_id
            and (one.user is None or one.user.external_id != one.wanted.external_id)
        }
        for chunk in chunks(list(new)):
            for user in await db.find(User, col(User.external_id).in_(chunk)):
                new[user.external_id or ""].faults.add(
                    "external_id", "external_id_taken", f"{user.name} has this id"
                )

    async def _roles(
        self, db: TenantSession, who: Principal, candidates: Sequence[Candidate]
    ) -> None:
        leaving: list[Candidate] = []
        for one in candidates:
            was = Role.USER.value if one.user is None else one.user.role
            changed = one.wanted.role != was
            touches = one.user is not None and not may_touch(who, one.user) and one.changes()
            if touches or (changed and not may_rule(who)):
                one.faults.add("role", "permission_missing", "This needs roles.write")
            if changed and Role.OPERATOR.value in (one.wanted.role, was):
                tenant = await db.tenant()
                if tenant is None or tenant.kind != "platform":
                    one.faults.add("role", "role_unknown", "Operators belong to the platform")
            if one.user is not None and was in RULING and one.wanted.role not in RULING:
                leaving.append(one)
        if leaving and await none_left(db, {one.user.id for one in leaving if one.user}):
            for one in leaving:
                one.faults.add("role", "last_admin", "There must be an administrator")

    async def _licences(
        self, db: TenantSession, candidates: Sequence[Candidate], planned: int
    ) -> None:
        new = [one for one in candidates if one.user is None]
        if not new:
            return
        room = await licences.room(db)
        if room is None:
            return
        room -= planned
        for one in new:
            if one.faults.found:
                continue
            if room <= 0:
                one.faults.add("email", "licences_used_up", "All licences are in use")
            room -= 1


def may_rule(who: Principal) -> bool:
    """The gateway itself acts by rules that an administrator made."""
    return who.kind == "system" or who.may(Permission.ROLES_WRITE)


def may_touch(who: Principal, user: User) -> bool:
    """Whoever changes an administrator could become one."""
    return user.role == Role.USER.value or may_rule(who)


async def none_left(db: TenantSession, without: set[str]) -> bool:
    """True when nobody else is there who can appoint administrators."""
    others = await db.count(
        User,
        col(User.role).in_(RULING),
        col(User.disabled).is_(False),
        col(User.id).not_in(without),
    )
    return others == 0


async def _names(db: TenantSession, ids: Iterable[str]) -> dict[str, str]:
    names: dict[str, str] = {}
    for chunk in chunks(sorted(ids)):
        names |= {user.id: user.name for user in await db.find(User, col(User.id).in_(chunk))}
    return names


def chunks(values: list[Any]) -> Iterable[list[Any]]:
    for start in range(0, len(values), CHUNK):
        yield values[start : start + CHUNK]
