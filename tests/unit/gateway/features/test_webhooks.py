"""Webhooks: signatures as the specification has them, and patience with receivers that fail."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from gateway.admin_ports import Mail, system
from gateway.bus import Bus, ClientEvent
from gateway.credentials.secrets import Secrets
from gateway.features.audit.service import AuditService
from gateway.features.webhooks import delivering, signing
from gateway.features.webhooks.breaker import FAILURES, LONGEST, PROBE, Breaker
from gateway.features.webhooks.delivering import POLICY, STOP_AFTER, Deliverer, secret_context
from gateway.features.webhooks.events import ABOUT, OF_AUDIT, Event
from gateway.features.webhooks.outlet import KIND, Outlet
from gateway.features.webhooks.watching import StateWatch
from gateway.outbound import OutboundError, OutboundReply
from gateway.outbox import Delivery, Failed, GiveUp, NotNow, Outbox
from gateway.ports import ConnectorStatus, UserKey
from gateway.storage.ids import new_id
from gateway.storage.models import Tenant, User
from gateway.storage.storage import Storage, TenantSession
from gateway.storage.tables.outbox import OutboxItem
from gateway.storage.tables.webhooks import Webhook
from tests.support.gateway_platform import empty_storage


# -- signatures ------------------------------------------------------------------------------------
def test_a_signature_is_that_of_the_specifications_example() -> None:
    """github.com/standard-webhooks/standard-webhooks, the vector of its libraries' tests."""
    signature = signing.sign(
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        1614265330,
        b'{"test": 2432232314}',
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    )
    assert signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_two_secrets_sign_side_by_side() -> None:
    one, two = signing.new_secret(), signing.new_secret()
    assert one != two and one.startswith("whsec_") and len(one) == 6 + 44
    sent = signing.headers("id", 7, b"{}", [one, two])
    assert sent["webhook-signature"] == " ".join(
        signing.sign("id", 7, b"{}", secret) for secret in (one, two)
    )
    assert (sent["webhook-id"], sent["webhook-timestamp"]) == ("id", "7")


# -- patience --------------------------------------------------------------------------------------
class Clock:
    def __init__(self) -> None:
        self.seconds = 1000.0
        self.start = datetime(2026, 1, 2, 10, tzinfo=UTC)

    def monotonic(self) -> float:
        return self.seconds

    def now(self) -> datetime:
        return self.start + timedelta(seconds=self.seconds)


def refusal(breaker: Breaker) -> float | None:
    try:
        breaker.admit("a")
    except NotNow as not_now:
        return not_now.seconds
    return None


def test_a_receiver_that_fails_is_left_alone_for_longer_and_longer() -> None:
    clock = Clock()
    breaker = Breaker(clock.monotonic, lambda: 0.0)
    for _ in range(FAILURES):
        assert refusal(breaker) is None
        breaker.failed("a")
    pauses = []
    for _ in range(10):
        pause = refusal(breaker)
        assert pause is not None
        breaker.admit("b")  # others are not held up
        pauses.append(round(pause))
        clock.seconds += pause
        assert refusal(breaker) is None, "one may try"
        assert refusal(breaker) == pytest.approx(PROBE + 0.1), "and the others wait for it"
        breaker.failed("a")
    assert pauses == [5, 10, 20, 40, 80, 160, LONGEST, LONGEST, LONGEST, LONGEST]
    breaker.forget("a")
    assert refusal(breaker) is None


def test_ten_that_were_under_way_together_count_as_they_fail_once() -> None:
    clock = Clock()
    breaker = Breaker(clock.monotonic, lambda: 0.0)
    for _ in range(10):
        breaker.failed("a")
    assert refusal(breaker) == pytest.approx(5.1)


def test_waiting_ones_do_not_all_come_back_at_the_same_moment() -> None:
    clock, draws = Clock(), iter((0.0, 0.5, 1.0))
    breaker = Breaker(clock.monotonic, lambda: next(draws))
    for _ in range(FAILURES):
        breaker.failed("a")
    assert [refusal(breaker) for _ in range(3)] == pytest.approx([5.1, 7.6, 10.1])


def test_attempts_go_on_for_most_of_a_day() -> None:
    delays = [POLICY.delay(attempt, lambda: 1.0) for attempt in range(1, POLICY.attempts)]
    assert delays[0] == timedelta(seconds=10) and max(delays) == timedelta(hours=4)
    assert delays == sorted(delays)
    assert timedelta(hours=36) < sum(delays, timedelta()) < timedelta(hours=48)
    assert POLICY.delay(5, lambda: 0.25) == delays[4] / 4, "full jitter"


# -- what is written down --------------------------------------------------------------------------
def test_every_act_that_is_told_has_a_payload_of_one_id() -> None:
    assert set(OF_AUDIT.values()) <= set(ABOUT) == set(Event)
    for event in OF_AUDIT.values():
        assert len(ABOUT[event].data.model_fields) == 1


class Answers:
    """In place of the way out: what it raises or answers is said by the test."""

    def __init__(self) -> None:
        self.next: OutboundError | int = 204
        self.sent: list[tuple[str, str, dict[str, Any]]] = []

    async def request(self, method: str, url: str, **options: Any) -> OutboundReply:
        self.sent.append((method, url, options))
        if isinstance(self.next, OutboundError):
            raise self.next
        return OutboundReply(self.next, {}, b"")


class Post:
    configured = True

    def __init__(self) -> None:
        self.letters: list[Mail] = []

    async def post(self, db: TenantSession, mail: Mail) -> str:
        self.letters.append(mail)
        return ""


class World:
    def __init__(self, storage: Storage) -> None:
        self.storage, self.clock = storage, Clock()
        self.secrets, self.answers, self.post = Secrets.ephemeral(), Answers(), Post()
        self.outbox = Outbox(self.secrets, self.clock.now)
        self.outlet = Outlet(self.outbox, self.clock.now, self.clock.monotonic)
        self.audit = AuditService(self.clock.now, self.outlet)
        self.tenant = ""
        self.deliverer = Deliverer(
            storage,
            self.secrets,
            self.answers,  # type: ignore[arg-type]
            Breaker(self.clock.monotonic, lambda: 0.0),
            self.outlet,
            self.audit,
            self.post,
            self.clock.now,
        )

    async def webhook(self, *events: str) -> Webhook:
        webhook_id = new_id()
        context = secret_context(self.tenant, webhook_id)
        row = Webhook(
            id=webhook_id,
            tenant_id=self.tenant,
            url="https://hooks.example.test/in?token=hidden",
            events=list(events),
            secret=self.secrets.seal(signing.new_secret(), context),
        )
        async with self.storage.write(self.tenant) as db:
            await db.add(row)
        self.outlet.changed(self.tenant)
        return row

    async def row(self, webhook: Webhook) -> Webhook:
        async with self.storage.read(self.tenant) as db:
            found = await db.get(Webhook, webhook.id)
        assert found is not None
        return found

    async def items(self) -> list[OutboxItem]:
        async with self.storage.read(self.tenant) as db:
            return await db.find(OutboxItem, OutboxItem.kind == KIND)

    async def deliver(self, webhook: Webhook, kind: str = "key.revoked") -> None:
        payload = {"type": kind, "version": 1, "data": {}}
        item = Delivery(new_id(), self.tenant, KIND, payload, "", 1, self.clock.now(), webhook.id)
        await self.deliverer.deliver(item)


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    storage = await empty_storage(tmp_path)
    made = World(storage)
    tenant = Tenant(name="T")
    async with storage.index(write=True) as index:
        await index.create_tenant(tenant)
    made.tenant = tenant.id
    yield made
    await storage.aclose()


async def act(world: World, action: str = "key.revoke") -> None:
    async with world.storage.write(world.tenant) as db:
        await world.audit.record(db, system(world.tenant, "test"), action, "key", "k-1")


async def test_an_act_is_told_with_its_commit_or_not_at_all(world: World) -> None:
    listening = await world.webhook("key.revoked", "person.erased")
    await world.webhook("call.ended")
    with pytest.raises(RuntimeError):
        async with world.storage.write(world.tenant) as db:
            await world.audit.record(db, system(world.tenant, "x"), "key.revoke", "key", "k-0")
            raise RuntimeError
    await act(world)
    await act(world, "key.create")
    (item,) = await world.items()
    assert item.target_id == listening.id
    assert (item.payload["type"], item.payload["data"]) == ("key.revoked", {"key_id": "k-1"})


async def test_who_listens_is_asked_anew_after_a_while(world: World) -> None:
    """Another process may have set one up."""
    await act(world)
    other = Outlet(world.outbox, world.clock.now, world.clock.monotonic)
    world.outlet.changed, told = other.changed, world.outlet.changed  # type: ignore[method-assign]
    await world.webhook("key.revoked")
    await act(world)
    assert await world.items() == []
    world.clock.seconds += 11
    await act(world)
    assert len(await world.items()) == 1
    told(world.tenant)


async def test_what_was_read_before_a_change_is_not_believed_after_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    find = TenantSession.find

    async def overtaken(db: TenantSession, model: Any, *where: Any, **options: Any) -> list[Any]:
        rows = await find(db, model, *where, **options)
        if model is Webhook:  # committed by another request while this one reads
            monkeypatch.undo()
            world.outlet.changed(world.tenant)
        return rows

    monkeypatch.setattr(TenantSession, "find", overtaken)
    await act(world)
    async with world.storage.write(world.tenant) as db:
        await db.add(Webhook(tenant_id=world.tenant, url="", events=["key.revoked"], secret=b""))
    await act(world)
    assert len(await world.items()) == 1


async def test_a_state_that_could_not_be_written_is_told_when_it_is_said_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await world.webhook("connector.up", "connector.down", "voicemail.changed")
    bus = Bus()
    watch = StateWatch(world.storage, world.outlet, bus)
    up = ConnectorStatus(
        "s-1", "working", (("registration", "working", "2026-01-02T10:00:00.000Z"),)
    )
    lamp = {"mwi": {"waiting": True, "new": 1, "old": 0}}
    async with world.storage.write(world.tenant) as db:
        anna = User(
            tenant_id=world.tenant, email="anna@example.test", name="Anna", search_name="anna"
        )
        await db.add(anna)
    lit = ClientEvent(UserKey(world.tenant, anna.id), None, "mwi.changed", lamp)

    async def away(*_args: Any, **_options: Any) -> bool:
        raise OSError

    running = asyncio.create_task(watch.run())
    with monkeypatch.context() as patch:
        patch.setattr(world.outlet, "wanted", away)
        watch.link_changed(world.tenant, up)
        bus.publish(lit)
        await watch.written()
    for _ in range(2):
        watch.link_changed(world.tenant, up)
        bus.publish(lit)
    await watch.written()
    down = ConnectorStatus("s-1", "down")
    with monkeypatch.context() as patch:
        patch.setattr(world.outlet, "wanted", away)
        watch.link_changed(world.tenant, down)
        await watch.written()
    for _ in range(2):
        watch.link_changed(world.tenant, down)
    await watch.written()
    running.cancel()
    told = sorted(item.payload["type"] for item in await world.items())
    assert told == ["connector.down", "connector.up", "voicemail.changed"]


async def test_days_of_failure_stop_it_with_a_letter_and_an_entry_in_the_audit(
    world: World,
) -> None:
    async with world.storage.write(world.tenant) as db:
        await db.add(
            User(
                tenant_id=world.tenant,
                email="ada@example.test",
                name="Ada",
                search_name="ada",
                role="admin",
            )
        )
    webhook = await world.webhook("key.revoked")
    world.answers.next = OutboundError("timed_out", "hooks.example.test does not answer in time")
    begun = world.clock.now()
    with pytest.raises(Failed, match="does not answer"):
        await world.deliver(webhook)
    row = await world.row(webhook)
    assert (row.state, row.failing_since) == ("active", begun)
    world.clock.seconds += STOP_AFTER.total_seconds() - 60
    with pytest.raises(Failed):
        await world.deliver(webhook)
    assert (await world.row(webhook)).state == "active"
    world.clock.seconds += 120
    with pytest.raises(Failed):
        await world.deliver(webhook)
    row = await world.row(webhook)
    assert (row.state, row.version, row.failing_since) == ("stopped", 2, begun)
    (letter,) = world.post.letters
    assert (letter.to, letter.template) == ("ada@example.test", "webhook_stopped")
    assert letter.values["webhook"] == "hooks.example.test", "and not the rest of the URL"
    with pytest.raises(GiveUp):
        await world.deliver(webhook)
    assert len(world.answers.sent) == 3
    await act(world)
    assert await world.items() == [], "nobody listens any more"


async def test_one_success_in_between_begins_the_count_anew(world: World) -> None:
    webhook = await world.webhook("key.revoked")
    for step in range(4):
        world.answers.next = 500
        with pytest.raises(Failed, match="answers 500"):
            await world.deliver(webhook)
        world.clock.seconds += STOP_AFTER.total_seconds()
        if step < 3:
            world.answers.next = 200
            await world.deliver(webhook)
            row = await world.row(webhook)
            assert (row.failing_since, row.delivered_at) == (None, world.clock.now())
    assert (await world.row(webhook)).state == "active"


async def test_hundreds_of_outcomes_a_minute_are_few_writes(world: World) -> None:
    webhook = await world.webhook("key.revoked")
    await world.deliver(webhook)
    noted = (await world.row(webhook)).delivered_at
    world.clock.seconds += 30
    await world.deliver(webhook)
    assert (await world.row(webhook)).delivered_at == noted
    world.clock.seconds += 31
    await world.deliver(webhook)
    assert (await world.row(webhook)).delivered_at == world.clock.now()


async def test_a_body_is_read_no_further_than_needed(world: World) -> None:
    webhook = await world.webhook("key.revoked")
    await world.deliver(webhook)
    ((method, url, options),) = world.answers.sent
    assert (method, url) == ("POST", webhook.url)
    assert options["max_bytes"] == delivering.MAX_ANSWER == 65536
    assert b"\n" not in options["body"]
    await asyncio.sleep(0)
