"""Takes due items and delivers them: each kind by workers of its own, tenant by tenant in turn.

Items are claimed by a lease, so that several nodes may run this at one time. What this process puts
in leaves at once; what others left behind is found by a look at every tenant.
"""

from __future__ import annotations

import asyncio
import random
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlmodel import col

from gateway.credentials.secrets import SealError, Secrets
from gateway.outbox.box import Outbox, secret_context
from gateway.outbox.delivery import Deliver, Delivery, Failed, GiveUp, NotNow, Policy
from gateway.storage.ids import utc_now
from gateway.storage.storage import Storage, TenantSession
from gateway.storage.tables.outbox import OutboxItem

log = structlog.get_logger(__name__)

LOOK_EVERY = 10.0  # s, for what other processes put in
LOOK_REST = 0.01  # s between two tenants


@dataclass(slots=True)
class _Lane:
    """One kind, and the tenants that may have something of it to deliver."""

    deliver: Deliver
    policy: Policy
    waiting: OrderedDict[str, None] = field(default_factory=OrderedDict)
    busy: set[str] = field(default_factory=set)
    again: set[str] = field(default_factory=set)  # marked while they were busy
    news: asyncio.Event = field(default_factory=asyncio.Event)


class Dispatcher:
    """``depth`` and ``oldest`` are as of the last look at every tenant, ``dead`` as of the last
    purge: there may be many of those, and they change little."""

    def __init__(
        self,
        storage: Storage,
        secrets: Secrets,
        outbox: Outbox,
        *,
        now: Callable[[], datetime] = utc_now,
        jitter: Callable[[], float] = random.random,
        look_every: float = LOOK_EVERY,
    ) -> None:
        self._storage = storage
        self._secrets = secrets
        self._now = now
        self._jitter = jitter
        self._look_every = look_every
        self._lanes: dict[str, _Lane] = {}
        self._under_way: dict[str, OutboxItem] = {}
        self._timers: set[asyncio.TimerHandle] = set()
        #: Tenant, kind, target: until when all that waits for it was put off.
        self._shut: dict[tuple[str, str, str], datetime] = {}
        self._purged: datetime | None = None
        self.depth = 0
        self.oldest = 0.0
        self.dead = 0
        outbox.on_put = self.mark

    def register(self, kind: str, deliver: Deliver, policy: Policy | None = None) -> None:
        """Before :meth:`run`. Items of a kind that nobody registered wait."""
        self._lanes[kind] = _Lane(deliver, policy or Policy())

    def mark(self, tenant_id: str, kind: str) -> None:
        """There may be something to deliver."""
        lane = self._lanes.get(kind)
        if lane is None:
            return
        if tenant_id in lane.busy:
            lane.again.add(tenant_id)
            return
        lane.waiting[tenant_id] = None
        lane.news.set()

    async def run(self) -> None:
        """Until cancelled. What is being delivered then is due again at once; where there is no
        time to say so, when its lease is over."""
        try:
            async with asyncio.TaskGroup() as group:
                for kind, lane in self._lanes.items():
                    for _ in range(lane.policy.workers):
                        group.create_task(self._work(kind, lane))
                group.create_task(self._look())
        finally:
            for timer in self._timers:
                timer.cancel()
            await self._release()

    async def _release(self) -> None:
        try:
            for item in self._under_way.values():
                async with self._storage.write(item.tenant_id) as db:
                    # This attempt came to no end: it counts for nothing.
                    unmade = item.attempts - 1
                    await db.update(
                        OutboxItem, *_claimed(item), due_at=self._now(), attempts=unmade
                    )
        except Exception:  # the leases end by themselves
            log.exception("outbox.not_released")

    # --- looking ---------------------------------------------------------------------------

    async def _look(self) -> None:
        while True:
            try:
                await self.look_at_all()
            except Exception:  # the database may be away; what is due stays due
                log.exception("outbox.look_failed")
            await asyncio.sleep(self._look_every)

    async def look_at_all(self) -> None:
        """Find what others put in or left, and take the figures."""
        now = self._now()
        purge = self._purged is None or now - self._purged > timedelta(hours=1)
        async with self._storage.index() as index:
            tenants = await index.tenant_ids()
        depth, oldest, dead = 0, 0.0, 0
        for tenant_id in tenants:
            pending, age = await self._look_at(tenant_id, now)
            depth, oldest = depth + pending, max(oldest, age)
            if purge:
                dead += await self._purge(tenant_id, now)
            await asyncio.sleep(LOOK_REST)
        self.depth, self.oldest = depth, oldest
        if purge:
            self.dead, self._purged = dead, now

    async def _look_at(self, tenant_id: str, now: datetime) -> tuple[int, float]:
        pending = OutboxItem.state == "pending"
        async with self._storage.read(tenant_id) as db:
            first = await db.find(
                OutboxItem, pending, order_by=[col(OutboxItem.created_at)], limit=1
            )
            if not first:
                return 0, 0.0
            depth = await db.count(OutboxItem, pending)
            for kind in self._lanes:
                if await db.count(OutboxItem, *_due(kind, now)):
                    self.mark(tenant_id, kind)
        return depth, (now - first[0].created_at).total_seconds()

    async def _purge(self, tenant_id: str, now: datetime) -> int:
        """What nobody asks for any more goes; what is too late, or too much for one target, is
        given up. How much is given up, then."""
        settled = col(OutboxItem.settled_at)
        async with self._storage.write(tenant_id) as db:
            for kind, lane in self._lanes.items():
                of_kind = OutboxItem.kind == kind
                kept = (("done", lane.policy.done_kept), ("dead", lane.policy.dead_kept))
                for state, age in kept:
                    await db.delete(
                        OutboxItem, of_kind, OutboxItem.state == state, settled < now - age
                    )
            await db.update(
                OutboxItem,
                OutboxItem.state == "pending",
                col(OutboxItem.expires_at) <= now,
                **_settled("dead", now, "it was too late to deliver this"),
            )
            for kind, lane in self._lanes.items():
                if lane.policy.most_per_target is not None:
                    await _bound(db, kind, lane.policy.most_per_target, now)
            return await db.count(OutboxItem, OutboxItem.state == "dead")

    # --- delivering ------------------------------------------------------------------------

    async def _work(self, kind: str, lane: _Lane) -> None:
        while True:
            while not lane.waiting:
                lane.news.clear()
                await lane.news.wait()
            tenant_id, _ = lane.waiting.popitem(last=False)
            lane.busy.add(tenant_id)
            more = False
            try:
                more = await self._deliver_some(tenant_id, kind, lane)
            except Exception:
                log.exception("outbox.work_failed", kind=kind)
            finally:
                lane.busy.discard(tenant_id)
            if more or tenant_id in lane.again:
                lane.again.discard(tenant_id)
                self.mark(tenant_id, kind)

    async def _deliver_some(self, tenant_id: str, kind: str, lane: _Lane) -> bool:
        """One batch; True: there is more, when it is this tenant's turn again."""
        async with self._storage.write(tenant_id) as db:
            items = await self._claim(db, kind, lane.policy)
        self._under_way |= {item.id: item for item in items}
        await asyncio.gather(*(self._deliver(item, lane) for item in items))
        return len(items) == lane.policy.batch

    async def _claim(self, db: TenantSession, kind: str, policy: Policy) -> list[OutboxItem]:
        now = self._now()
        lease = now + timedelta(seconds=policy.timeout * 2 + 10)
        due = await db.find(
            OutboxItem, *_due(kind, now), order_by=[col(OutboxItem.due_at)], limit=policy.batch
        )
        claimed = []
        for item in due:
            if item.expires_at <= now or item.attempts >= policy.attempts:
                late = _settled("dead", now, item.error or "it was too late to deliver this")
                await db.update(OutboxItem, *_claimed(item), **late)
                continue
            # Compare and set: another node may have read the same row.
            next_attempt = item.attempts + 1
            if await db.update(OutboxItem, *_claimed(item), attempts=next_attempt, due_at=lease):
                item.attempts = next_attempt
                claimed.append(item)
        return claimed

    async def _deliver(self, item: OutboxItem, lane: _Lane) -> None:
        try:
            await self._attempt(item, lane)
        except Exception:  # it could not be noted: its lease ends, and it is delivered again
            log.exception("outbox.not_noted", kind=item.kind, item=item.id)
        self._under_way.pop(item.id, None)

    async def _attempt(self, item: OutboxItem, lane: _Lane) -> None:
        try:
            delivery = self._delivery(item)
            async with asyncio.timeout(lane.policy.timeout):
                await lane.deliver(delivery)
        except NotNow as refusal:
            delay = timedelta(seconds=max(0.1, refusal.seconds))
            await self._put_all_off(item, delay)
        except (GiveUp, SealError) as error:
            await self._settle(item, "dead", str(error))
        except Exception as error:
            await self._failed(item, lane.policy, error)
        else:
            await self._settle(item, "done", "")

    def _delivery(self, item: OutboxItem) -> Delivery:
        secret = ""
        if item.secret is not None:
            secret = self._secrets.unseal(item.secret, secret_context(item.tenant_id, item.id))
        return Delivery(
            item.id,
            item.tenant_id,
            item.kind,
            item.payload,
            secret,
            item.attempts,
            item.created_at,
            item.target_id,
        )

    async def _failed(self, item: OutboxItem, policy: Policy, error: Exception) -> None:
        # The type alone where there are no words: a timeout has none.
        kind = "" if isinstance(error, Failed) else f"{type(error).__name__}: "
        words = f"{kind}{error}".rstrip(": ")[:500]
        if item.attempts >= policy.attempts:
            await self._settle(item, "dead", words)
            return
        delay = policy.delay(item.attempts, self._jitter)
        await self._put_off(item, delay, error=words)
        log.info("outbox.later", kind=item.kind, attempt=item.attempts, delay=delay.seconds)

    async def _put_off(self, item: OutboxItem, delay: timedelta, **values: Any) -> None:
        async with self._storage.write(item.tenant_id) as db:
            await db.update(OutboxItem, *_claimed(item), due_at=self._now() + delay, **values)
        self._mark_later(delay, item.tenant_id, item.kind)

    async def _put_all_off(self, item: OutboxItem, delay: timedelta) -> None:
        """With everything that waits for the same target: each one by itself would be a claim and
        a refusal for every item, over and over."""
        unmade = item.attempts - 1
        if item.target_id is None:
            await self._put_off(item, delay, attempts=unmade)
            return
        target = (item.tenant_id, item.kind, item.target_id)
        until, first = self._shut.get(target), False
        if until is None:
            until, first = self._now() + delay, True
            self._shut[target] = until
            self._mark_later(delay, item.tenant_id, item.kind, target)
        async with self._storage.write(item.tenant_id) as db:
            await db.update(OutboxItem, *_claimed(item), due_at=until, attempts=unmade)
            if first:
                await db.update(
                    OutboxItem,
                    OutboxItem.state == "pending",
                    OutboxItem.kind == item.kind,
                    OutboxItem.target_id == item.target_id,
                    col(OutboxItem.due_at) < until,
                    due_at=until,
                )

    def _mark_later(
        self,
        delay: timedelta,
        tenant_id: str,
        kind: str,
        target: tuple[str, str, str] | None = None,
    ) -> None:
        def fire() -> None:
            self._timers.discard(timer)
            if target is not None:
                self._shut.pop(target, None)
            self.mark(tenant_id, kind)

        timer = asyncio.get_running_loop().call_later(delay.total_seconds(), fire)
        self._timers.add(timer)

    async def _settle(self, item: OutboxItem, state: str, error: str) -> None:
        async with self._storage.write(item.tenant_id) as db:
            await db.update(
                OutboxItem, *_claimed(item), **_settled(state, self._now(), error[:500])
            )
        if state == "dead":
            log.warning("outbox.dead", kind=item.kind, item=item.id, attempts=item.attempts)


def _due(kind: str, now: datetime) -> tuple[Any, ...]:
    return (
        OutboxItem.state == "pending",
        OutboxItem.kind == kind,
        col(OutboxItem.due_at) <= now,
    )


def _claimed(item: OutboxItem) -> tuple[Any, ...]:
    """Still ours: whoever claims it after our lease counts ``attempts`` up."""
    return (
        OutboxItem.id == item.id,
        OutboxItem.state == "pending",
        OutboxItem.attempts == item.attempts,
    )


def _settled(state: str, now: datetime, error: str) -> dict[str, Any]:
    return {"state": state, "settled_at": now, "error": error, "secret": None}


async def _bound(db: TenantSession, kind: str, most: int, now: datetime) -> None:
    """Of what waits for one target, and of what was given up, the newest are kept."""
    for state in ("pending", "dead"):
        of_state = (OutboxItem.kind == kind, OutboxItem.state == state)
        for target_id, count in (
            await db.counts(OutboxItem, OutboxItem.target_id, *of_state)
        ).items():
            if target_id is None or count <= most:
                continue
            to_it = (*of_state, OutboxItem.target_id == target_id)
            newest = [col(OutboxItem.id).desc()]
            (last,) = await db.find(OutboxItem, *to_it, order_by=newest, offset=most - 1, limit=1)
            older = (*to_it, col(OutboxItem.id) < last.id)
            if state == "pending":
                words = "too much waited to be delivered"
                await db.update(OutboxItem, *older, **_settled("dead", now, words))
            else:
                await db.delete(OutboxItem, *older)
