"""What administrators do about one person or many: each act is one transaction with its entry."""

from __future__ import annotations

from typing import Literal

from sqlmodel import col

from gateway.admin_ports import (
    AccountLetters,
    AuditLog,
    LineData,
    Mail,
    Mailer,
    PersonData,
    PersonWish,
    Principal,
    SessionEnder,
)
from gateway.features.people import erasing, factors
from gateway.features.people.filling import template_named
from gateway.features.people.judging import RULING, chunks, may_touch, none_left
from gateway.features.people.models import (
    AdminPersonView,
    Kept,
    Leave,
    LeaverForwardingView,
    LeaverKeyView,
    LeaverView,
    NewPerson,
    PersonShape,
    Provisioned,
    ProvisionedUser,
    Sent,
)
from gateway.features.people.reading import INVITATION, view_of
from gateway.features.people.service import PeopleService, not_allowed, unknown
from gateway.pbx_ports import PbxControl
from gateway.permissions import Permission, Role
from gateway.ports import Problem, UserKey
from gateway.storage.ids import utc_now
from gateway.storage.models import ApiKey, User
from gateway.storage.storage import Storage, TenantSession
from gateway.storage.tables.one_time import OneTimeToken


class PeopleCare:
    def __init__(
        self,
        storage: Storage,
        people: PeopleService,
        letters: AccountLetters,
        mailer: Mailer,
        sessions: SessionEnder,
        audit: AuditLog,
        pbx: PbxControl,
    ) -> None:
        self._storage = storage
        self._people = people
        self._letters = letters
        self._mailer = mailer
        self._sessions = sessions
        self._audit = audit
        self._pbx = pbx

    # --- one person -------------------------------------------------------------------------

    async def create(self, who: Principal, new: NewPerson) -> AdminPersonView:
        async with self._storage.write(who.tenant_id) as db:
            user_id = await self._people.create(db, who, data_of(new))
            if new.invite:
                await self._invite(db, who, user_id, new.name)
        return await self._view(who, user_id)

    async def change(
        self, who: Principal, user_id: str, wanted: PersonShape, version: int
    ) -> AdminPersonView:
        async with self._storage.write(who.tenant_id) as db:
            await self._people.change(db, who, user_id, data_of(wanted), version)
        return await self._view(who, user_id)

    async def set_disabled(
        self, who: Principal, user_id: str, disabled: bool, why: str
    ) -> AdminPersonView:
        async with self._storage.write(who.tenant_id) as db:
            await self._people.set_disabled(db, who, user_id, disabled, why)
        if disabled:
            await self._sessions.revoke_user(UserKey(who.tenant_id, user_id), "disabled")
        return await self._view(who, user_id)

    async def erase(self, who: Principal, user_id: str, why: str) -> None:
        async with self._storage.write(who.tenant_id) as db:
            await self._people.remove(db, who, user_id, why=why)

    async def sign_out(self, who: Principal, user_id: str) -> None:
        async with self._storage.write(who.tenant_id) as db:
            user = await _existing(db, user_id)
            await self._audit.record(
                db, who, "person.sign_out", "person", user_id, target_name=user.name
            )
        await self._sessions.revoke_user(UserKey(who.tenant_id, user_id), "signed_out_by_admin")

    async def exported(self, who: Principal, ids: list[str] | None = None) -> None:
        """Names, addresses and numbers leave for a file: of those who are there of the ones that
        were named, or of all that were found."""
        async with self._storage.write(who.tenant_id) as db:
            tenant = await db.tenant()
            name = "" if tenant is None else tenant.name
            after = {}
            if ids is not None:
                found = [await db.count(User, col(User.id).in_(some)) for some in chunks(ids)]
                after["people"] = sum(found)
            await self._audit.record(
                db, who, "people.export", "tenant", who.tenant_id, target_name=name, after=after
            )

    async def remove_second_factor(self, who: Principal, user_id: str, why: str) -> None:
        """Of somebody who has lost it. Who they are, whoever does this has to know."""
        if who.id == user_id:
            # Or the rule that there must be one could be got round.
            raise Problem(409, "own_account", "Change your own in your phone's settings")
        async with self._storage.write(who.tenant_id) as db:
            await db.lock_tenant()
            user = await _existing(db, user_id)
            if not may_touch(who, user):
                raise not_allowed()
            if not await factors.remove(db, user_id):
                raise Problem(409, "no_second_factor", "This person has no second factor")
            await self._audit.record(
                db,
                who,
                "person.remove_second_factor",
                "person",
                user_id,
                target_name=user.name,
                why=why,
            )
            values = {
                "name": user.name,
                "by": who.name,
                "at": utc_now().isoformat(timespec="seconds"),
            }
            letter = Mail(user.email, "second_factor_reset", user.language, values, "", user_id)
            await self._mailer.post(db, letter)
        await self._sessions.revoke_user(UserKey(who.tenant_id, user_id), "second_factor_removed")

    # --- letters ----------------------------------------------------------------------------

    async def invite(self, who: Principal, user_id: str) -> Sent:
        async with self._storage.write(who.tenant_id) as db:
            user = await _existing(db, user_id)
            await self._invite(db, who, user_id, user.name)
        return Sent(mail=self._mail())

    async def withdraw(self, who: Principal, user_id: str) -> None:
        async with self._storage.write(who.tenant_id) as db:
            user = await _existing(db, user_id)
            gone = await db.delete(
                OneTimeToken, OneTimeToken.user_id == user_id, OneTimeToken.kind == INVITATION
            )
            if not gone:
                raise Problem(409, "no_invitation", "There is no invitation to withdraw")
            await db.update(User, User.id == user_id, invited_at=None)
            await self._audit.record(
                db, who, "person.withdraw_invitation", "person", user_id, target_name=user.name
            )

    async def reset_password(self, who: Principal, user_id: str) -> Sent:
        async with self._storage.write(who.tenant_id) as db:
            user = await _existing(db, user_id)
            await self._letters.reset(db, who, user_id)
            await self._audit.record(
                db, who, "person.reset_password", "person", user_id, target_name=user.name
            )
        return Sent(mail=self._mail())

    async def _invite(self, db: TenantSession, who: Principal, user_id: str, name: str) -> None:
        await self._letters.invite(db, who, user_id)
        await self._audit.record(db, who, "person.invite", "person", user_id, target_name=name)

    def _mail(self) -> Literal["queued", "not_configured"]:
        return "queued" if self._mailer.configured else "not_configured"

    # --- leaving ----------------------------------------------------------------------------

    async def leaver(self, who: Principal, user_id: str) -> LeaverView:
        async with self._storage.read(who.tenant_id) as db:
            person = await view_of(db, user_id)
            kept = await erasing.what_is_kept(db, user_id)
            keys = await db.find(
                ApiKey, ApiKey.created_by == user_id, col(ApiKey.revoked_at).is_(None)
            )
            last = person.role in RULING and await none_left(db, {user_id})
        return LeaverView(
            person=person,
            kept=[Kept(kind=name, count=count) for name, count in kept.items()],
            forwardings=await self._forwardings(UserKey(who.tenant_id, user_id)),
            keys=[LeaverKeyView(key_id=key.key_id, name=key.name) for key in keys],
            last_admin=last,
        )

    async def _forwardings(self, user: UserKey) -> list[LeaverForwardingView] | None:
        try:
            found = await self._pbx.get_forwarding(user)
        except Problem:
            return None
        return [
            LeaverForwardingView(kind=one.kind, to=one.to.display if one.to else None)
            for one in found
            if one.active
        ]

    async def leave(self, who: Principal, user_id: str, wanted: Leave) -> None:
        """The number's new owner and the farewell are one transaction."""
        if wanted.then == "erase" and not who.may(Permission.PEOPLE_ERASE):
            raise Problem(403, "permission_missing", "This needs the permission people.erase")
        async with self._storage.write(who.tenant_id) as db:
            if wanted.number_to is not None:
                await self._people.give_line(db, who, user_id, wanted.number_to)
            if wanted.then == "erase":
                await self._people.remove(db, who, user_id, why=wanted.why)
            else:
                await self._people.set_disabled(db, who, user_id, True, wanted.why)
        if wanted.then == "disable":
            await self._sessions.revoke_user(UserKey(who.tenant_id, user_id), "disabled")

    # --- a PBX's own management -------------------------------------------------------------

    async def roles(self, who: Principal, wanted: ProvisionedUser) -> tuple[str, str]:
        """Before and after. Whoever is created is a user first, or what the template says."""
        async with self._storage.read(who.tenant_id) as db:
            user_id = await self._people.find_by_email(db, wanted.email)
            user = None if user_id is None else await db.get(User, user_id)
            before = Role.USER.value if user is None else user.role
            if "role" in wanted.model_fields_set:
                return before, wanted.role or Role.USER.value
            named = await template_named(db, wanted.template or "") if user is None else None
        return before, before if named is None else named.role

    async def provision(self, who: Principal, wanted: ProvisionedUser) -> tuple[Provisioned, bool]:
        said = wanted.model_dump(exclude_unset=True, exclude={"email"})
        wish = PersonWish(wanted.email, said)
        async with self._storage.write(who.tenant_id) as db:
            plan, user_id = await self._people.put(db, who, wish, "pbx")
        outcome = {"create": "created", "update": "updated"}.get(plan, "unchanged")
        view = await self._view(who, user_id)
        return Provisioned(outcome=outcome, person=view), plan == "create"  # type: ignore[arg-type]

    async def unprovision(self, who: Principal, email: str) -> None:
        """Disabled, and the number is free for somebody else; erasing is for people to decide."""
        async with self._storage.write(who.tenant_id) as db:
            user_id = await self._people.find_by_email(db, email)
            if user_id is None:
                raise unknown()
            await self._people.take_line(db, who, user_id)
            await self._people.set_disabled(db, who, user_id, True, "deleted at the PBX")
        await self._sessions.revoke_user(UserKey(who.tenant_id, user_id), "disabled")

    async def _view(self, who: Principal, user_id: str) -> AdminPersonView:
        async with self._storage.read(who.tenant_id) as db:
            return await view_of(db, user_id)


async def _existing(db: TenantSession, user_id: str) -> User:
    user = await db.get(User, user_id)
    if user is None:
        raise unknown()
    return user


def data_of(shape: PersonShape) -> PersonData:
    line = None if shape.line is None else LineData(**shape.line.model_dump())
    return PersonData(
        email=shape.email,
        name=shape.name,
        role=shape.role,
        department=shape.department,
        language=shape.language,
        external_id=shape.external_id,
        line=line,
    )
