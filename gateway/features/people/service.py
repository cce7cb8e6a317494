"""Creates, changes, disables and finds people: the ``PeopleAdmin`` and ``PeopleBulk`` ports."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from gateway.admin_ports import (
    AuditLog,
    Carried,
    Changes,
    Fault,
    Filling,
    Mailer,
    PersonData,
    PersonPlan,
    PersonWish,
    Principal,
    Promised,
    Source,
)
from gateway.bus import Bus
from gateway.credentials.secrets import Secrets
from gateway.features.people import erasing, filling, flat, undoing
from gateway.features.people.judging import (
    RULING,
    Candidate,
    Judge,
    may_touch,
    none_left,
)
from gateway.features.people.wishes import Sites, candidates_of
from gateway.features.people.writing import Writer
from gateway.permissions import Permission
from gateway.ports import NumberNormaliser, Problem
from gateway.storage import licences
from gateway.storage.folding import email_hash
from gateway.storage.ids import utc_now
from gateway.storage.models import Line, Site, User
from gateway.storage.storage import TenantSession

#: The status that a fault has where one person is asked for; 422 for all others.
_STATUS = {
    "email_taken": 409,
    "number_taken": 409,
    "external_id_taken": 409,
    "range_used_up": 409,
    "last_admin": 409,
    "licences_used_up": 402,
    "permission_missing": 403,
}
_CHANGED = Fault("email", "changed_meanwhile", "This person has changed since the plan was made")
#: These do not change by what an administrator edits; a directory takes people over.
_DIRECTORIES = ("sso", "scim", "ldap")


class PeopleService:
    def __init__(
        self,
        secrets: Secrets,
        numbers: NumberNormaliser,
        audit: AuditLog,
        bus: Bus,
        mailer: Mailer,
    ) -> None:
        self._judge = Judge(secrets, numbers)
        self._writer = Writer(secrets, bus, mailer)
        self._audit = audit
        self._bus = bus

    # --- one person -------------------------------------------------------------------------

    async def create(self, db: TenantSession, who: Principal, new: PersonData) -> str:
        await db.lock_tenant()
        one = Candidate(new)
        await self._judge.judge(db, who, [one], await db.find(Site))
        refuse(one.faults.found)
        (done,) = await self._writer.write(db, [one])
        await self._record(db, who, "person.create", done.user_id, one)
        return done.user_id

    async def change(
        self,
        db: TenantSession,
        who: Principal,
        user_id: str,
        wanted: PersonData,
        version: int | None = None,
    ) -> int:
        await db.lock_tenant()
        user, line = await self._known(db, user_id)
        if version is not None and user.version != version:
            raise Problem(412, "changed_meanwhile", "This person was changed meanwhile")
        one = Candidate(_kept_source(wanted, user), user, line)
        await self._judge.judge(db, who, [one], await db.find(Site))
        refuse(one.faults.found)
        if not one.changes():
            return user.version
        (done,) = await self._writer.write(db, [one])
        await self._record(db, who, "person.change", user_id, one)
        return done.version

    async def set_disabled(
        self, db: TenantSession, who: Principal, user_id: str, disabled: bool, why: str = ""
    ) -> None:
        await db.lock_tenant()
        user, _ = await self._known(db, user_id)
        # A directory says who has left, whoever it is.
        if not may_touch(who, user) and not who.may(Permission.SCIM):
            raise not_allowed()
        if user.disabled == disabled:
            return
        if disabled and user.role in RULING and await none_left(db, {user_id}):
            raise _last_admin()
        if not disabled and await licences.room(db) == 0:
            raise Problem(402, "licences_used_up", "All licences are in use")
        await db.update(
            User,
            User.id == user_id,
            disabled=disabled,
            disabled_at=utc_now() if disabled else None,
            disabled_why=why[:500] if disabled else "",
            version=user.version + 1,
        )
        action = "person.disable" if disabled else "person.enable"
        await self._audit.record(
            db, who, action, "person", user_id, target_name=user.name, why=why[:500]
        )

    async def remove(
        self, db: TenantSession, who: Principal, user_id: str, *, why: str = ""
    ) -> None:
        await db.lock_tenant()
        user, line = await self._known(db, user_id)
        if not may_touch(who, user):
            raise not_allowed()
        if user.role in RULING and not user.disabled and await none_left(db, {user_id}):
            raise _last_admin()
        await erasing.erase(db, self._bus, user)
        if line is not None:
            await self._writer.sites_changed(db, {line.site_id})
        # The act is kept; whom it concerned is not, save by an id that leads nowhere any more.
        await self._audit.record(db, who, "person.erase", "person", user_id, why=why[:500])

    async def give_line(self, db: TenantSession, who: Principal, user_id: str, to_id: str) -> None:
        """The number with all that belongs to it at the PBX goes to somebody without one."""
        await db.lock_tenant()
        user, line = await self._known(db, user_id)
        other, others_line = await self._known(db, to_id)
        if not may_touch(who, user) or not may_touch(who, other):
            raise not_allowed()
        if line is None:
            raise Problem(409, "no_number", "This person has no number")
        if others_line is not None:
            raise Problem(409, "has_a_number", f"{other.name} has a number already")
        await db.update(Line, Line.id == line.id, user_id=to_id)
        for one in (user, other):
            await db.update(User, User.id == one.id, version=one.version + 1)
        await self._writer.sites_changed(db, {line.site_id})
        for one, before, after in (
            (user, line.number, None),
            (other, None, line.number),
        ):
            await self._audit.record(
                db,
                who,
                "person.change",
                "person",
                one.id,
                target_name=one.name,
                before={"number": before},
                after={"number": after},
            )

    async def take_line(self, db: TenantSession, who: Principal, user_id: str) -> None:
        """The number is free; nothing happens to who had none."""
        known = await self.find(db, user_id)
        if known is not None and known.line is not None:
            await self.change(db, who, user_id, replace(known, line=None))

    async def put(
        self, db: TenantSession, who: Principal, wish: PersonWish, source: Source
    ) -> tuple[str, str]:
        """Create or change who has this address: what happened, and the user's id."""
        await db.lock_tenant()
        (filled,) = await self.fill_in(db, [wish])
        refuse(filled.faults)
        (one,) = await self._judged(db, who, [filled.into(wish)], source, 0)
        refuse(one.faults.found)
        plan = _plan(one)
        if plan.action == "unchanged":
            assert plan.user_id is not None
            return plan.action, plan.user_id
        (done,) = await self._writer.write(db, [one])
        action = "person.create" if one.user is None else "person.change"
        await self._record(db, who, action, done.user_id, one)
        return plan.action, done.user_id

    async def find(self, db: TenantSession, user_id: str) -> PersonData | None:
        user = await db.get(User, user_id)
        if user is None:
            return None
        return flat.person_of(user, await db.first(Line, Line.user_id == user_id))

    async def find_by_email(self, db: TenantSession, email: str) -> str | None:
        for login in await db.find_logins([email_hash(email)]):
            if login.tenant_id == db.tenant_id:
                return login.user_id
        return None

    async def find_by_external_id(self, db: TenantSession, external_id: str) -> str | None:
        user = await db.first(User, User.external_id == external_id)
        return None if user is None else user.id

    # --- many -------------------------------------------------------------------------------

    async def fill_in(
        self,
        db: TenantSession,
        wishes: Sequence[PersonWish],
        promised: Promised = filling.nothing,
    ) -> list[Filling]:
        return await filling.fillings(db, wishes, promised)

    async def plan(
        self,
        db: TenantSession,
        who: Principal,
        wishes: Sequence[PersonWish],
        *,
        source: Source,
        planned: int = 0,
    ) -> list[PersonPlan]:
        return [_plan(one) for one in await self._judged(db, who, wishes, source, planned)]

    async def carry_out(
        self,
        db: TenantSession,
        who: Principal,
        wishes: Sequence[PersonWish],
        *,
        source: Source,
        expected: Sequence[Changes] | None = None,
    ) -> list[tuple[PersonPlan, Carried | None]]:
        await db.lock_tenant()
        candidates = await self._judged(db, who, wishes, source, 0)
        plans = [_plan(one) for one in candidates]
        if expected is not None:
            plans = [_as_expected(*pair) for pair in zip(plans, expected, strict=True)]
        doing = [
            one
            for one, plan in zip(candidates, plans, strict=True)
            if plan.action in ("create", "update")
        ]
        done = iter(await self._writer.write(db, doing))
        return [
            (plan, next(done) if plan.action in ("create", "update") else None) for plan in plans
        ]

    async def undo(
        self, db: TenantSession, who: Principal, done: Sequence[Carried]
    ) -> list[Fault | None]:
        await db.lock_tenant()
        return await undoing.undo(db, self._writer, done)

    async def _judged(
        self,
        db: TenantSession,
        who: Principal,
        wishes: Sequence[PersonWish],
        source: Source,
        planned: int,
    ) -> list[Candidate]:
        sites = await db.find(Site)
        candidates = await candidates_of(db, wishes, Sites(sites), source)
        await self._judge.judge(db, who, candidates, sites, planned)
        return candidates

    # --- inside -----------------------------------------------------------------------------

    async def _known(self, db: TenantSession, user_id: str) -> tuple[User, Line | None]:
        user = await db.get(User, user_id)
        if user is None:
            raise unknown()
        return user, await db.first(Line, Line.user_id == user_id)

    async def _record(
        self, db: TenantSession, who: Principal, action: str, user_id: str, one: Candidate
    ) -> None:
        changed = one.changes()
        before: dict[str, Any] = {name: values[0] for name, values in changed.items()}
        await self._audit.record(
            db,
            who,
            action,
            "person",
            user_id,
            target_name=one.wanted.name,
            before=None if one.user is None else before,
            after={name: values[1] for name, values in changed.items()},
        )


def _plan(one: Candidate) -> PersonPlan:
    changed = one.changes()
    user_id = None if one.user is None else one.user.id
    if one.faults.found:
        return PersonPlan("error", user_id, None, {}, tuple(one.faults.found))
    warnings = tuple(one.warnings)
    if one.user is None:
        return PersonPlan("create", None, one.wanted, changed, (), warnings)
    action = "update" if changed else "unchanged"
    return PersonPlan(action, user_id, one.wanted, changed, (), warnings)  # type: ignore[arg-type]


def _as_expected(plan: PersonPlan, expected: Changes) -> PersonPlan:
    """What nobody was shown is not done. What somebody else has done meanwhile need not be."""
    if plan.action not in ("create", "update") or dict(plan.changes) == dict(expected):
        return plan
    return replace(plan, action="error", faults=(_CHANGED,))


def _kept_source(wanted: PersonData, user: User) -> PersonData:
    if wanted.source in _DIRECTORIES:
        return wanted
    return replace(wanted, source=user.source)  # type: ignore[arg-type]


def refuse(faults: Iterable[Fault]) -> None:
    """The gravest first: one cannot mend a value where one must not act."""
    found = sorted(faults, key=lambda fault: _STATUS.get(fault.code, 422) == 422)
    if not found:
        return
    first = found[0]
    errors = [{"where": "body", "path": [f.field], "message": f.words} for f in found]
    status = _STATUS.get(first.code, 422)
    raise Problem(status, first.code, first.words, field=first.field, errors=errors)


def unknown() -> Problem:
    return Problem(404, "person_unknown", "There is no such person")


def not_allowed() -> Problem:
    return Problem(403, "permission_missing", "This needs the permission roles.write")


def _last_admin() -> Problem:
    return Problem(409, "last_admin", "There must be an administrator")
