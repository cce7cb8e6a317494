"""From what a provider or a directory says of somebody to the user here, made if need be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlmodel import col

from gateway.admin_ports import PeopleAdmin, PersonData, Source, system
from gateway.features.sso.failures import SignOnFailed
from gateway.group_roles import role_of
from gateway.ports import Problem
from gateway.storage.folding import domain_of
from gateway.storage.models import User
from gateway.storage.storage import TenantSession
from gateway.storage.tables.single_sign_on import SignInDomain, SsoConnection, SsoIdentity


@dataclass(frozen=True, slots=True)
class Arrival:
    """Somebody as they are known elsewhere."""

    email: str
    name: str
    #: None: it is not said, and the role stays.
    groups: Sequence[str] | None = None
    #: Never given to somebody else; None: the directory has only addresses.
    subject: str | None = None
    #: Their other addresses there, proven to be nobody else's.
    also: Sequence[str] = ()
    #: When they last showed there who they are.
    proven_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Door:
    """What the tenant has set up for those who come this way."""

    source: Source
    name: str
    role_by_group: Mapping[str, str]
    create_users: bool
    connection_id: str | None = None


def arrival_from(claims: Mapping[str, Any], groups: Sequence[str] | None) -> Arrival:
    email = claims.get("email")
    if not isinstance(email, str) or not 3 <= len(email) <= 254 or "@" not in email:
        raise SignOnFailed("email_missing", "The provider gives no e-mail address")
    # Directories of companies often do not say; who says no is believed.
    if claims.get("email_verified") in (False, "false"):
        raise SignOnFailed("email_unverified", "The provider has not verified the address")
    parts = [claims.get("given_name"), claims.get("family_name")]
    spelled = " ".join(part for part in parts if isinstance(part, str) and part)
    said = claims.get("name")
    name = said if isinstance(said, str) and said.strip() else spelled or email.partition("@")[0]
    return Arrival(email.strip(), name.strip()[:200], groups, str(claims["sub"]))


class Arrivals:
    def __init__(self, people: PeopleAdmin) -> None:
        self._people = people

    async def check_domain(self, db: TenantSession, email: str, connection_id: str | None) -> None:
        """A provider speaks for the proven domains of its tenant and for no other address."""
        if not await self._speaks_for(db, email, connection_id):
            raise SignOnFailed("domain_foreign", f"{domain_of(email)} is not proven")

    async def _speaks_for(self, db: TenantSession, email: str, connection_id: str | None) -> bool:
        domain = await db.first(
            SignInDomain,
            SignInDomain.domain == domain_of(email),
            SignInDomain.connection_id == connection_id,
            col(SignInDomain.proven_at).is_not(None),
        )
        return domain is not None

    async def account(self, db: TenantSession, email: str) -> str | None:
        """Who has the address here."""
        return await self._people.find_by_email(db, email)

    async def needed(
        self, db: TenantSession, arrival: Arrival, others: Sequence[str], connection_id: str | None
    ) -> list[str]:
        """Of their other addresses those that say who they are here, if the first does not."""
        if await self._people.find_by_email(db, arrival.email) is not None:
            return []
        return [
            address
            for address in others
            if await self._speaks_for(db, address, connection_id)
            and await self._people.find_by_email(db, address) is not None
        ]

    async def settle(self, db: TenantSession, arrival: Arrival, door: Door) -> str:
        """The user's id, in the caller's transaction."""
        user_id = await self._known(db, arrival, door)
        try:
            if user_id is None:
                user_id = await self._create(db, arrival, door)
            else:
                await self._renew(db, user_id, arrival, door)
        except Problem as problem:
            raise SignOnFailed(problem.code, problem.title) from problem
        if door.connection_id is not None and arrival.subject is not None:
            await self._bind(db, user_id, door.connection_id, arrival.subject)
        # What opens the door elsewhere opens it alone: the local password ends here.
        await db.update(User, User.id == user_id, password_hash=None)
        return user_id

    async def _known(self, db: TenantSession, arrival: Arrival, door: Door) -> str | None:
        if arrival.subject is not None:
            bound = await db.first(
                SsoIdentity,
                SsoIdentity.connection_id == door.connection_id,
                SsoIdentity.subject == arrival.subject,
            )
            if bound is not None:
                return bound.user_id
        user_id = await self._people.find_by_email(db, arrival.email)
        if user_id is None and arrival.also:
            user_id = await self._by_another_address(db, arrival, door)
        if user_id is not None and arrival.subject is not None:
            other = await db.first(
                SsoIdentity,
                SsoIdentity.connection_id == door.connection_id,
                SsoIdentity.user_id == user_id,
            )
            if other is not None:
                # The address was given to somebody new: not a reason to hand over the extension.
                raise SignOnFailed("account_other", "The address belonged to another account")
        return user_id

    async def _by_another_address(
        self, db: TenantSession, arrival: Arrival, door: Door
    ) -> str | None:
        """Whoever has several would be made a second time, without the extension."""
        found = set()
        for address in arrival.also:
            if await self._speaks_for(db, address, door.connection_id):
                found.add(await self._people.find_by_email(db, address))
        found.discard(None)
        if len(found) > 1:
            raise SignOnFailed("account_other", "The addresses belong to several accounts")
        return found.pop() if found else None

    async def _create(self, db: TenantSession, arrival: Arrival, door: Door) -> str:
        if not door.create_users:
            raise SignOnFailed("account_unknown", "Nobody here has this address")
        new = PersonData(
            email=arrival.email,
            name=arrival.name,
            role=role_of(arrival.groups, door.role_by_group) or "user",
            source=door.source,
        )
        return await self._people.create(db, system(db.tenant_id, door.name), new)

    async def _renew(self, db: TenantSession, user_id: str, arrival: Arrival, door: Door) -> None:
        before = await self._people.find(db, user_id)
        user = await db.get(User, user_id)
        if before is None or user is None or user.disabled:
            raise SignOnFailed("account_disabled", "The account is disabled")
        who = system(db.tenant_id, door.name)
        wanted = replace(before, source=door.source)
        role = role_of(arrival.groups, door.role_by_group)
        if role is not None and before.role != "operator":
            wanted = replace(wanted, role=role)
        if wanted == before:
            return
        try:
            await self._people.change(db, who, user_id, wanted)
        except Problem as problem:
            if problem.code != "last_admin":
                raise
            # Groups must not leave a tenant without anybody who can repair the groups.
            await self._people.change(db, who, user_id, replace(wanted, role=before.role))

    async def _bind(
        self, db: TenantSession, user_id: str, connection_id: str, subject: str
    ) -> None:
        known = await db.first(
            SsoIdentity,
            SsoIdentity.connection_id == connection_id,
            SsoIdentity.user_id == user_id,
        )
        if known is None:
            await db.add(
                SsoIdentity(
                    tenant_id=db.tenant_id,
                    connection_id=connection_id,
                    user_id=user_id,
                    subject=subject,
                )
            )


def preview(connection: SsoConnection, arrival: Arrival) -> dict[str, Any]:
    """What a test shows: who would come, and as what."""
    return {
        "email": arrival.email,
        "name": arrival.name,
        "groups": list(arrival.groups or ())[:50],
        "role": role_of(arrival.groups, connection.role_by_group) or "",
    }
