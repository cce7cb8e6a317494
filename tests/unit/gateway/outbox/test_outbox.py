"""The outbox: with its act or not at all, at least once, in turn, and never readable secrets."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from pathlib import Path

import pytest

from gateway.credentials.secrets import Secrets
from gateway.outbox import Delivery, Dispatcher, GiveUp, NotNow, Outbox, Policy
from gateway.storage.ids import utc_now
from gateway.storage.models import Tenant
from gateway.storage.storage import Storage
from gateway.storage.tables.outbox import OutboxItem
from tests.support.gateway_platform import empty_storage

FAST = Policy(first=0.2, longest=0.2, attempts=3, timeout=5)


class Receiver:
    """Keeps what it is given; ``answers`` are raised one after the other."""

    def __init__(self) -> None:
        self.got: list[Delivery] = []
        self.answers: list[Exception] = []
        self._news = asyncio.Event()

    async def __call__(self, delivery: Delivery) -> None:
        self.got.append(delivery)
        self._news.set()
        if self.answers:
            raise self.answers.pop(0)

    async def count(self, wanted: int) -> None:
        async with asyncio.timeout(10):
            while len(self.got) < wanted:
                self._news.clear()
                await self._news.wait()


class Rig:
    def __init__(self, storage: Storage) -> None:
        self.storage = storage
        self.secrets = Secrets.ephemeral()
        self.outbox = Outbox(self.secrets)
        self.receiver = Receiver()
        self.tenants: list[str] = []

    async def tenant(self) -> str:
        row = Tenant(name="T")
        async with self.storage.index(write=True) as index:
            await index.create_tenant(row)
        return row.id

    async def put(self, tenant_id: str, text: str = "x", secret: str = "") -> str:
        async with self.storage.write(tenant_id) as db:
            return await self.outbox.put(db, "test", {"text": text}, secret)

    async def item(self, tenant_id: str, item_id: str) -> OutboxItem:
        async with self.storage.read(tenant_id) as db:
            found = await db.get(OutboxItem, item_id)
        assert found is not None
        return found

    async def settled(self, tenant_id: str, item_id: str) -> OutboxItem:
        """The receiver has seen it; the note of that is one transaction later."""
        async with asyncio.timeout(10):
            while True:
                item = await self.item(tenant_id, item_id)
                if item.state != "pending":
                    return item
                await asyncio.sleep(0)

    @asynccontextmanager
    async def running(
        self, policy: Policy = FAST, look_every: float = 30.0
    ) -> AsyncIterator[Dispatcher]:
        dispatcher = Dispatcher(
            self.storage, self.secrets, self.outbox, jitter=lambda: 1.0, look_every=look_every
        )
        dispatcher.register("test", self.receiver, policy)
        task = asyncio.create_task(dispatcher.run())
        try:
            yield dispatcher
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[Rig]:
    storage = await empty_storage(tmp_path)
    yield Rig(storage)
    await storage.aclose()


async def test_it_leaves_after_the_commit_with_its_secret_which_is_then_wiped(rig: Rig) -> None:
    tenant = await rig.tenant()
    async with rig.running():
        async with rig.storage.write(tenant) as db:
            item = await rig.outbox.put(db, "test", {"text": "hello"}, "token-123")
            assert rig.receiver.got == []
        await rig.receiver.count(1)
        kept = await rig.settled(tenant, item)
    (got,) = rig.receiver.got
    assert (got.id, got.payload, got.secret, got.attempt) == (
        item,
        {"text": "hello"},
        "token-123",
        1,
    )
    assert (kept.state, kept.secret) == ("done", None)
    assert "token-123" not in repr(got)


async def test_what_is_rolled_back_never_leaves(rig: Rig) -> None:
    tenant = await rig.tenant()
    async with rig.running():
        with pytest.raises(RuntimeError):
            async with rig.storage.write(tenant) as db:
                await rig.outbox.put(db, "test", {"text": "never"})
                raise RuntimeError
        await rig.put(tenant, "after")
        await rig.receiver.count(1)
    assert [delivery.payload["text"] for delivery in rig.receiver.got] == ["after"]


async def test_the_secret_does_not_rest_readable(rig: Rig) -> None:
    tenant = await rig.tenant()
    item = await rig.put(tenant, secret="token-123")
    kept = await rig.item(tenant, item)
    assert kept.secret is not None and b"token-123" not in kept.secret
    assert "token-123" not in str(kept.payload)


async def test_it_survives_a_restart(rig: Rig) -> None:
    tenant = await rig.tenant()
    await rig.put(tenant, "from before")  # nobody runs yet: another process put it in
    async with rig.running():
        await rig.receiver.count(1)


async def test_a_failure_is_tried_again_and_then_given_up_and_kept(rig: Rig) -> None:
    tenant = await rig.tenant()
    rig.receiver.answers = [OSError("away"), OSError("away"), OSError("still away")]
    async with rig.running():
        item = await rig.put(tenant, secret="s")
        await rig.receiver.count(3)
        kept = await rig.settled(tenant, item)
    assert [delivery.attempt for delivery in rig.receiver.got] == [1, 2, 3]
    assert {delivery.id for delivery in rig.receiver.got} == {item}
    assert (kept.state, kept.error, kept.secret) == ("dead", "OSError: still away", None)
    async with rig.storage.read(tenant) as db:
        assert [dead.id for dead in await rig.outbox.dead(db, "test")] == [item]


async def test_a_final_no_is_final_and_may_be_tried_anew_by_hand(rig: Rig) -> None:
    tenant = await rig.tenant()
    rig.receiver.answers = [GiveUp("no such mailbox")]
    async with rig.running():
        item = await rig.put(tenant)
        await rig.receiver.count(1)
        assert (await rig.settled(tenant, item)).error == "no such mailbox"
        async with rig.storage.write(tenant) as db:
            assert await rig.outbox.again(db, item)
        await rig.receiver.count(2)
        assert (await rig.settled(tenant, item)).state == "done"


async def test_two_nodes_deliver_each_item_once(rig: Rig) -> None:
    tenant = await rig.tenant()
    items = [await rig.put(tenant, str(number)) for number in range(25)]
    async with rig.running(), rig.running():
        await rig.receiver.count(25)
        for item in items:
            await rig.settled(tenant, item)
    assert len(rig.receiver.got) == 25
    assert len({delivery.id for delivery in rig.receiver.got}) == 25


async def test_a_node_that_died_costs_one_lease(rig: Rig) -> None:
    tenant = await rig.tenant()
    item = await rig.put(tenant)
    async with rig.storage.write(tenant) as db:  # as it is after a claim
        await db.update(
            OutboxItem, OutboxItem.id == item, attempts=1, due_at=utc_now() + timedelta(hours=1)
        )
    async with rig.running(look_every=0.05):
        other = await rig.put(tenant, "other")
        await rig.settled(tenant, other)
        assert [delivery.id for delivery in rig.receiver.got] == [other]  # leased: not ours
        async with rig.storage.write(tenant) as db:
            await db.update(OutboxItem, OutboxItem.id == item, due_at=utc_now())
        await rig.receiver.count(2)
    assert rig.receiver.got[1].id == item and rig.receiver.got[1].attempt == 2


async def test_a_tenant_with_much_does_not_hold_up_the_others(rig: Rig) -> None:
    busy, calm = await rig.tenant(), await rig.tenant()
    for number in range(60):
        await rig.put(busy, str(number))
    await rig.put(calm, "calm")
    async with rig.running():
        await rig.receiver.count(61)
    order = [delivery.tenant_id for delivery in rig.receiver.got]
    assert order.index(calm) < 40


async def test_what_is_too_late_is_given_up_untried(rig: Rig) -> None:
    tenant = await rig.tenant()
    item = await rig.put(tenant, secret="s")
    async with rig.storage.write(tenant) as db:
        await db.update(OutboxItem, OutboxItem.id == item, expires_at=utc_now())
    async with rig.running():
        kept = await rig.settled(tenant, item)
    assert (kept.state, kept.secret) == ("dead", None) and rig.receiver.got == []


async def test_what_nobody_delivers_here_waits_and_is_counted(rig: Rig) -> None:
    tenant = await rig.tenant()
    async with rig.storage.write(tenant) as db:
        await rig.outbox.put(db, "unheard of", {})
    async with rig.running() as dispatcher:
        await dispatcher.look_at_all()
    assert (dispatcher.depth, dispatcher.dead) == (1, 0) and rig.receiver.got == []


def test_delays_double_up_to_a_bound_and_are_spread() -> None:
    policy = Policy(first=5, longest=60)
    longest = [policy.delay(attempt, lambda: 1.0).total_seconds() for attempt in range(1, 7)]
    assert longest == [5, 10, 20, 40, 60, 60]
    assert policy.delay(1000, lambda: 0.5).total_seconds() == 30
    assert policy.delay(1, lambda: 0.0).total_seconds() == 0.1


async def test_what_hangs_in_one_kind_holds_up_no_other(rig: Rig) -> None:
    tenants = [await rig.tenant() for _ in range(6)]
    stuck, free = asyncio.Event(), Receiver()
    dispatcher = Dispatcher(rig.storage, rig.secrets, rig.outbox, look_every=30.0)

    async def hang(_delivery: Delivery) -> None:
        await stuck.wait()

    dispatcher.register("slow", hang, Policy(workers=2))
    dispatcher.register("test", free)
    task = asyncio.create_task(dispatcher.run())
    for tenant in tenants:
        async with rig.storage.write(tenant) as db:
            await rig.outbox.put(db, "slow", {})
        await rig.put(tenant)
    await free.count(len(tenants))
    stuck.set()
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def test_not_now_counts_as_no_attempt(rig: Rig) -> None:
    tenant = await rig.tenant()
    rig.receiver.answers = [NotNow(0.1), NotNow(0.1), NotNow(0.1), NotNow(0.1)]
    async with rig.running():
        item = await rig.put(tenant)
        await rig.receiver.count(5)
        kept = await rig.settled(tenant, item)
    assert (kept.state, kept.attempts) == ("done", 1)
    assert {delivery.attempt for delivery in rig.receiver.got} == {1}


async def test_who_is_stopped_in_the_middle_leaves_it_due_at_once(rig: Rig) -> None:
    tenant, begun = await rig.tenant(), asyncio.Event()

    async def hang(_delivery: Delivery) -> None:
        begun.set()
        await asyncio.Event().wait()

    dispatcher = Dispatcher(rig.storage, rig.secrets, rig.outbox)
    dispatcher.register("test", hang, FAST)
    task = asyncio.create_task(dispatcher.run())
    item = await rig.put(tenant)
    await begun.wait()
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    assert (await rig.item(tenant, item)).due_at <= utc_now()
    async with rig.running():
        await rig.receiver.count(1)
    got = rig.receiver.got[0]
    assert (got.id, got.attempt) == (item, 1), "an attempt without an end is none"


async def test_dead_ones_of_a_target_get_another_life_of_their_own_length(rig: Rig) -> None:
    tenant = await rig.tenant()
    rig.receiver.answers = [GiveUp("no")] * 3
    async with rig.running():
        async with rig.storage.write(tenant) as db:
            mine = [
                await rig.outbox.put(db, "test", {}, target_id="a", keep=timedelta(days=1))
                for _ in range(2)
            ]
            other = await rig.outbox.put(db, "test", {}, target_id="b")
        for one in (*mine, other):
            assert (await rig.settled(tenant, one)).state == "dead"
        async with rig.storage.write(tenant) as db:
            await db.update(OutboxItem, OutboxItem.target_id == "a", expires_at=utc_now())
            assert await rig.outbox.again_to(db, "test", "a", timedelta(days=1), mine[0]) == 1
            assert await rig.outbox.again_to(db, "test", "a", timedelta(days=1)) == 1
            assert await rig.outbox.again_to(db, "other", "b", timedelta(days=1)) == 0
        await rig.receiver.count(5)
        for one in mine:
            assert (await rig.settled(tenant, one)).state == "done"
    assert (await rig.item(tenant, other)).state == "dead"


async def test_a_target_that_is_shut_puts_off_all_that_waits_for_it_at_once(rig: Rig) -> None:
    tenant = await rig.tenant()
    async with rig.storage.write(tenant) as db:
        items = [await rig.outbox.put(db, "test", {}, target_id="a") for _ in range(30)]
    rig.receiver.answers = [NotNow(3600.0)] * 30
    begun = utc_now()
    async with rig.running(Policy(batch=2)) as dispatcher:
        async with rig.storage.write(tenant) as db:
            other = await rig.outbox.put(db, "test", {}, target_id="b")
        await rig.receiver.count(3)
        kept = [await rig.item(tenant, one) for one in items]
        assert len(dispatcher._timers) <= 2, "one for each target"
    got = [delivery.id for delivery in rig.receiver.got]
    assert len(got) == 3 and got[2] == other, "a batch was refused, not each one by itself"
    assert min(one.due_at for one in kept) > begun + timedelta(minutes=59)
    assert {one.attempts for one in kept} == {0}


async def test_of_one_target_no_more_than_a_bound_is_kept(rig: Rig) -> None:
    tenant = await rig.tenant()
    async with rig.storage.write(tenant) as db:
        items = [await rig.outbox.put(db, "test", {}, target_id="a") for _ in range(8)]
        others = [await rig.outbox.put(db, "test", {}) for _ in range(8)]
    dispatcher = Dispatcher(rig.storage, rig.secrets, rig.outbox)
    dispatcher.register("test", rig.receiver, Policy(most_per_target=3))
    await dispatcher.look_at_all()
    async with rig.storage.read(tenant) as db:
        left = {one.id: one.state for one in await db.find(OutboxItem)}
    newest = sorted(items, reverse=True)
    assert {one for one in items if left.get(one) == "pending"} == set(newest[:3])
    assert {one for one in items if left.get(one) == "dead"} == set(newest[3:6])
    assert dispatcher.dead == 3
    assert all(left[one] == "pending" for one in others), "letters have no target"
