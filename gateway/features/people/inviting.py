"""Many are invited in the background: it goes on when the page is closed, and after a restart.

The job is an item of the outbox; how far it is stands in it, written down in the transaction of the
invitations themselves, so that none is sent twice and none is left out.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any, Literal

from sqlmodel import col

from gateway.admin_ports import AccountLetters, AuditLog, Mailer, Principal, system
from gateway.features.people.models import InviteMany, InvitingState, InvitingView
from gateway.outbox import Delivery, GiveUp, NotNow, Outbox, Policy
from gateway.permissions import Permission, of_role
from gateway.ports import Problem
from gateway.storage.ids import utc_now
from gateway.storage.models import ApiKey, User
from gateway.storage.storage import Storage, TenantSession
from gateway.storage.tables.outbox import LETTERS, OutboxItem
from gateway.storage.tables.people import PeopleImport, PeopleImportRow

KIND = "invite_people"
POLICY = Policy(workers=2, batch=1, timeout=60.0)
#: Invitations of one transaction: while it is written, a call's journal entry waits for it.
_BATCH = 20
_REST = 0.01  # s between two of them: calls go first
_SLICE = 5.0  # s, then other tenants have their turn
_LOOK_AGAIN = 1.0  # s, while the import goes on whose people are to be invited
#: Who comes by a directory is invited only by name.
_ELSEWHERE = ("sso", "scim", "ldap")
_LEFT_OUT = ("already_active", "person_disabled", "managed_elsewhere", "person_unknown")
_STATES: dict[str, InvitingState] = {"pending": "running", "done": "done", "dead": "failed"}


@dataclass(slots=True)
class _Job:
    """``ids``: those who are still to be invited; or ``import_id``, whose new people; or everybody
    without an invitation. Of these those after ``after`` are still to come."""

    by: dict[str, Any]
    ids: list[str] | None = None
    import_id: str | None = None
    after: str = ""
    total: int | None = None
    sent: int = 0
    left_out: int = 0
    stopped: bool = False

    def who(self, tenant_id: str) -> Principal:
        by = self.by
        return Principal(tenant_id, by["kind"], by["id"], by["name"], frozenset(), by["client_ip"])


class Inviting:
    """Implements the ``Inviter`` port."""

    def __init__(
        self,
        storage: Storage,
        outbox: Outbox,
        letters: AccountLetters,
        mailer: Mailer,
        audit: AuditLog,
        *,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._storage = storage
        self._outbox = outbox
        self._letters = letters
        self._mailer = mailer
        self._audit = audit
        self._monotonic = monotonic

    async def start(self, who: Principal, wanted: InviteMany) -> InvitingView:
        """Who asks again for all while all are being invited hears how far that is."""
        async with self._storage.write(who.tenant_id) as db:
            await db.lock_tenant()
            if not (wanted.all_new and any(map(_is_of_all, await _pending(db)))):
                ids = None if wanted.all_new else list(dict.fromkeys(wanted.ids))
                await self._begin(db, who, _Job(_told(who), ids=ids))
        return await self.show(who.tenant_id)

    async def invite_import(self, db: TenantSession, who: Principal, import_id: str) -> None:
        await self._begin(db, who, _Job(_told(who), import_id=import_id))

    async def show(self, tenant_id: str) -> InvitingView:
        """What goes on, or else what has ended last: a few invited beside thousands hide none."""
        async with self._storage.read(tenant_id) as db:
            running = await _pending(db, limit=1)
            item = running[0] if running else await _ended_last(db)
            letters = (col(OutboxItem.kind).in_(LETTERS), OutboxItem.state == "pending")
            waiting = await db.count(OutboxItem, *letters)
        mail: Literal["queued", "not_configured"]
        mail = "queued" if self._mailer.configured else "not_configured"
        if item is None:
            return InvitingView(state="none", letters_waiting=waiting, mail=mail)
        job = _Job(**item.payload)
        handled = job.sent + job.left_out
        return InvitingView(
            state="stopped" if job.stopped else _STATES[item.state],
            total=max(job.total or 0, handled),
            sent=job.sent,
            left_out=job.left_out,
            letters_waiting=waiting,
            started_at=item.created_at,
            started_by=job.by["name"],
            ended_at=item.settled_at,
            mail=mail,
        )

    async def stop(self, who: Principal) -> InvitingView:
        """Letters that are written already leave all the same."""
        async with self._storage.write(who.tenant_id) as db:
            await db.lock_tenant()
            for item in await _pending(db):
                await self._stop(db, who, item)
        return await self.show(who.tenant_id)

    # --- the job ----------------------------------------------------------------------------

    async def deliver(self, delivery: Delivery) -> None:
        """What the outbox calls, until nobody is left."""
        until = self._monotonic() + _SLICE
        while await self._invite_some(delivery.tenant_id, delivery.id):
            if self._monotonic() > until:
                raise NotNow(0)
            await asyncio.sleep(_REST)

    async def _invite_some(self, tenant_id: str, item_id: str) -> bool:
        async with self._storage.write(tenant_id) as db:
            await db.lock_tenant()
            item = await db.get(OutboxItem, item_id)
            if item is None or item.state != "pending":
                return False  # somebody has stopped it
            job = _Job(**item.payload)
            if not await _may_go_on(db, job):
                await self._stop(db, system(tenant_id, "invitations"), item)
                return False
            await _wait_for_import(db, job)
            if job.total is None:
                job.total = await _count(db, job)
            people = await _next(db, job)
            for user_id in people:
                await self._invite(db, job, user_id)
            await db.update(OutboxItem, OutboxItem.id == item_id, payload=asdict(job))
        return len(people) == _BATCH

    async def _invite(self, db: TenantSession, job: _Job, user_id: str) -> None:
        who = job.who(db.tenant_id)
        try:
            await self._letters.invite(db, who, user_id, bulk=True)
        except Problem as problem:
            if problem.code not in _LEFT_OUT:
                raise
            job.left_out += 1
            return
        user = await db.get(User, user_id)
        name = user.name if user is not None else ""
        await self._audit.record(db, who, "person.invite", "person", user_id, target_name=name)
        job.sent += 1

    async def _stop(self, db: TenantSession, who: Principal, item: OutboxItem) -> None:
        stopped = {**item.payload, "stopped": True}
        values = {"state": "done", "settled_at": utc_now(), "payload": stopped}
        await db.update(OutboxItem, OutboxItem.id == item.id, **values)
        await self._record(db, who, "people.stop_inviting", {"sent": stopped["sent"]})

    async def _begin(self, db: TenantSession, who: Principal, job: _Job) -> None:
        # It names who has begun it: whoever is erased takes it along.
        owner = who.id if who.kind == "user" else None
        await self._outbox.put(db, KIND, asdict(job), user_id=owner)
        whom: dict[str, Any] = {"all_new": True}
        if job.ids is not None:
            whom = {"people": len(job.ids)}
        elif job.import_id is not None:
            whom = {"import": job.import_id}
        await self._record(db, who, "people.invite", whom)

    async def _record(
        self, db: TenantSession, who: Principal, action: str, after: dict[str, Any]
    ) -> None:
        await self._audit.record(db, who, action, "people", after=after)


def _told(who: Principal) -> dict[str, Any]:
    return {"kind": who.kind, "id": who.id, "name": who.name, "client_ip": who.client_ip}


async def _pending(db: TenantSession, limit: int | None = None) -> list[OutboxItem]:
    """The oldest first."""
    of_kind = (OutboxItem.kind == KIND, OutboxItem.state == "pending")
    return await db.find(OutboxItem, *of_kind, order_by=[col(OutboxItem.id)], limit=limit)


async def _ended_last(db: TenantSession) -> OutboxItem | None:
    of_kind = (OutboxItem.kind == KIND, col(OutboxItem.settled_at).is_not(None))
    latest = [col(OutboxItem.settled_at).desc(), col(OutboxItem.id).desc()]
    found = await db.find(OutboxItem, *of_kind, order_by=latest, limit=1)
    return found[0] if found else None


def _is_of_all(item: OutboxItem) -> bool:
    return item.payload["ids"] is None and item.payload["import_id"] is None


async def _may_go_on(db: TenantSession, job: _Job) -> bool:
    """In nobody's name who has been shut out since."""
    kind, by = job.by["kind"], job.by["id"]
    if kind == "user":
        user = await db.get(User, by)
        if user is None or user.disabled:
            return False
        return Permission.PEOPLE_INVITE in of_role(user.role)
    if kind == "key":
        key = await db.first(ApiKey, ApiKey.key_id == by)
        return key is not None and key.revoked_at is None
    return True


async def _wait_for_import(db: TenantSession, job: _Job) -> None:
    if job.import_id is None:
        return
    one = await db.get(PeopleImport, job.import_id)
    if one is not None and one.state == "applying":
        raise NotNow(_LOOK_AGAIN)
    if one is None or one.state != "applied":
        raise GiveUp("the import did not come to its end")


def _who_is_new(db: TenantSession, job: _Job) -> list[Any]:
    where = [
        col(User.id) > job.after,
        col(User.disabled).is_(False),
        col(User.password_hash).is_(None),
        col(User.activated_at).is_(None),
        col(User.last_sign_in).is_(None),
        col(User.invited_at).is_(None),
        col(User.source).not_in(_ELSEWHERE),
    ]
    if job.import_id is not None:
        created = db.ids_of(
            PeopleImportRow,
            col(PeopleImportRow.user_id),
            PeopleImportRow.import_id == job.import_id,
            PeopleImportRow.action == "create",
            PeopleImportRow.state == "applied",
        )
        where.append(col(User.id).in_(created))
    return where


async def _count(db: TenantSession, job: _Job) -> int:
    return len(job.ids) if job.ids is not None else await db.count(User, *_who_is_new(db, job))


async def _next(db: TenantSession, job: _Job) -> list[str]:
    """Whoever is new but cannot be invited is met once, and not for ever."""
    if job.ids is not None:
        first, job.ids = job.ids[:_BATCH], job.ids[_BATCH:]
        return first
    where = _who_is_new(db, job)
    people = await db.find(User, *where, order_by=[col(User.id)], limit=_BATCH)
    job.after = people[-1].id if people else job.after
    return [user.id for user in people]
