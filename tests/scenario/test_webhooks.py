"""Webhooks over real HTTPS: signed, repeated until they are taken, and never lost by a restart."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from gateway.bus import PbxFeatureChanged
from gateway.features.webhooks import delivering
from gateway.permissions import Permission
from gateway.ports import ConnectorStatus, Numbers, UserKey
from gateway.storage.ids import new_id, utc_now
from gateway.storage.tables.outbox import OutboxItem
from gateway.storage.tables.webhooks import Webhook
from tests.support.callers import key, signed_in
from tests.support.gateway_platform import Bench, open_bench
from tests.support.webhook_receiver import WebhookReceiver, webhook_receiver

PATH = "/admin/webhooks"
CALLS = ["call.ringing", "call.answered", "call.ended", "call.missed"]


@pytest.fixture
async def receiver(tmp_path: Path) -> AsyncIterator[WebhookReceiver]:
    async with webhook_receiver(tmp_path) as opened:
        yield opened


@pytest.fixture
async def bench(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, receiver: WebhookReceiver
) -> AsyncIterator[Bench]:
    quick = replace(delivering.POLICY, first=0.05, longest=0.05, attempts=3)
    monkeypatch.setattr(delivering, "POLICY", quick)
    async with open_bench(tmp_path / "gateway", monkeypatch, receiver.config) as opened:
        yield opened


class Hook:
    """One webhook, and an administrator who looks after it."""

    def __init__(self, bench: Bench, token: str, made: dict[str, Any]) -> None:
        self.bench, self.token = bench, token
        self.id, self.secret = made["webhook"]["id"], made["secret"]

    async def call(self, method: str, path: str = "", **options: Any) -> tuple[int, Any]:
        url = f"{PATH}/{self.id}{path}"
        status, body, _ = await self.bench.call(method, url, self.token, **options)
        return status, body

    async def view(self) -> dict[str, Any]:
        status, body = await self.call("GET")
        assert status == 200
        return dict(body)

    async def change(self, **values: Any) -> tuple[int, Any]:
        view = await self.view()
        wanted = {name: view[name] for name in ("url", "description", "events")}
        wanted |= {"paused": view["state"] != "active", **values}
        etag = {"If-Match": f'"{view["version"]}"'}
        return await self.call("PUT", json=wanted, headers=etag)

    async def deliveries(self, state: str = "") -> list[dict[str, Any]]:
        status, page = await self.call(
            "GET", f"/deliveries?state={state}" if state else "/deliveries"
        )
        assert status == 200, page
        return list(page["items"])

    async def settled(self, state: str, count: int = 1) -> list[dict[str, Any]]:
        """The receiver has seen it; the note of that is one transaction later."""
        async with asyncio.timeout(10):
            while True:
                items = await self.deliveries(state)
                if len(items) >= count:
                    return items
                await asyncio.sleep(0.01)

    async def becomes(self, state: str) -> None:
        async with asyncio.timeout(10):
            while True:
                if (await self.view())["state"] == state:
                    return
                await asyncio.sleep(0.01)


async def set_up(bench: Bench, url: str, events: list[str]) -> Hook:
    boss = await signed_in(bench, "admin", "adele@example.test")
    wanted = {"url": url, "description": "Ticket system", "events": events}
    status, made, _ = await bench.call("POST", PATH, boss, json=wanted)
    assert status == 201, made
    return Hook(bench, boss, made)


def anna(bench: Bench) -> UserKey:
    return UserKey(bench.demo.tenant_id, bench.demo.users["anna@example.test"])


async def a_call(bench: Bench, kind: str = "answered") -> str:
    journal, call_id, now = bench.gateway.features.journal, new_id(), utc_now()
    user, numbers = anna(bench), Numbers("0171", "+491715550199", "0171 5550199")
    await journal.open(user, call_id, direction="in", numbers=numbers, name="Dora", started_at=now)
    if kind == "answered":
        await journal.answered(user, call_id, device_id=None, at=now)
    await journal.settle(
        user,
        call_id,
        kind=kind,
        reason="hung_up" if kind == "answered" else "no_answer",
        name=None,
        device_id=None,
        ended_at=now + timedelta(seconds=9),
        duration_ms=9000,
    )
    return call_id


async def test_calls_are_told_signed_and_without_names(
    bench: Bench, receiver: WebhookReceiver
) -> None:
    hook = await set_up(bench, receiver.url, CALLS)
    call_id = await a_call(bench)
    await a_call(bench, "missed")
    taken = await receiver.count(6)
    assert all(one.signed_by(hook.secret) for one in taken)
    assert len({one.id for one in taken}) == 6
    kinds = sorted(one.event["type"] for one in taken)
    assert kinds == sorted([*CALLS, "call.ringing", "call.ended"])
    (ended,) = [
        one.event
        for one in taken
        if one.event["type"] == "call.ended" and one.event["data"]["call_id"] == call_id
    ]
    at = datetime.fromisoformat(ended.pop("timestamp"))
    assert abs(at - datetime.now(UTC)) < timedelta(minutes=1)
    said = ended["data"]
    assert said.pop("started_at") == said.pop("answered_at") < said.pop("ended_at")
    assert ended == {
        "type": "call.ended",
        "version": 1,
        "tenant_id": bench.demo.tenant_id,
        "data": {
            "call_id": call_id,
            "user_id": anna(bench).user_id,
            "direction": "in",
            "number": "+491715550199",
            "outcome": "answered",
            "reason": "hung_up",
            "duration_ms": 9000,
        },
    }
    assert b"Dora" not in b"".join(one.body for one in taken)
    items = await hook.settled("delivered", 6)
    assert {item["attempts"] for item in items} == {1}
    assert "+49171" not in str(items)


async def test_what_is_not_taken_is_sent_again_under_the_same_id_until_it_is_given_up(
    bench: Bench, receiver: WebhookReceiver
) -> None:
    hook = await set_up(bench, receiver.url, ["call.dialling", "person.disabled"])
    receiver.answers = [500, 302]
    boss, berta = hook.token, bench.demo.users["berta@example.test"]
    status, _, _ = await bench.call("POST", f"/admin/people/{berta}/disable", boss, json={})
    assert status == 200
    taken = await receiver.count(3)
    assert len({one.id for one in taken}) == 1 and len({one.body for one in taken}) == 1
    assert taken[0].event["data"] == {"person_id": berta}
    (item,) = await hook.settled("delivered")
    assert (item["id"], item["event"], item["attempts"]) == (taken[0].id, "person.disabled", 3)

    receiver.taken.clear()
    receiver.answers = [500, 404, 503]
    await bench.call("POST", f"/admin/people/{berta}/enable", boss)
    assert (await hook.change(events=["person.enabled"]))[0] == 200
    assert receiver.taken == [], "nobody had asked for that one"
    await bench.call("POST", f"/admin/people/{berta}/disable", boss, json={})
    await bench.call("POST", f"/admin/people/{berta}/enable", boss)
    (dead,) = await hook.settled("dead")
    assert (dead["event"], dead["attempts"]) == ("person.enabled", 3)
    assert dead["error"] == "The server answers 503"
    view = await hook.view()
    assert (view["dead"], view["error"], view["failing_since"] is None) == (
        1,
        "The server answers 500",
        False,
    )
    status, again = await hook.call("POST", f"/deliveries/{dead['id']}/again")
    assert (status, again["state"]) == (202, "waiting")
    taken = await receiver.count(4)
    assert {one.id for one in taken} == {dead["id"]}
    await hook.settled("delivered", 2)
    assert (await hook.view())["failing_since"] is None
    status, problem = await hook.call("POST", f"/deliveries/{dead['id']}/again")
    assert (status, problem["code"]) == (409, "not_given_up")
    assert await hook.call("POST", "/deliveries/again") == (200, {"count": 0})


async def test_a_restart_in_the_middle_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, receiver: WebhookReceiver
) -> None:
    folder = tmp_path / "gateway"
    receiver.answers = [0]
    async with open_bench(folder, monkeypatch, receiver.config) as bench:
        hook = await set_up(bench, receiver.url, ["call.ringing"])
        await bench.gateway.features.journal.open(
            anna(bench),
            new_id(),
            direction="in",
            numbers=Numbers("102", "102", "102"),
            name=None,
            started_at=utc_now(),
        )
        await receiver.count(1)  # and nobody answers: the gateway ends while it waits
        config = bench.config
    async with open_bench(folder, monkeypatch, config=config) as bench:
        first, second = await receiver.count(2)
        hook.bench = bench
        (item,) = await hook.settled("delivered")
    assert (first.id, first.body) == (second.id, second.body)
    # an attempt that came to no end counts for nothing
    assert (item["id"], item["attempts"]) == (first.id, 1)
    assert second.signed_by(hook.secret)


async def test_a_new_secret_signs_beside_the_old_one_for_the_change_over(
    bench: Bench, receiver: WebhookReceiver
) -> None:
    hook = await set_up(bench, receiver.url, CALLS)
    status, made = await hook.call("POST", "/secret", json={"change_over_hours": 1})
    assert status == 201 and made["secret"] != hook.secret
    assert (await hook.call("POST", "/test"))[0] == 202
    (one,) = await receiver.count(1)
    assert one.signed_by(hook.secret) and one.signed_by(made["secret"])
    assert one.event["type"] == "webhook.test" and one.event["data"] == {"webhook_id": hook.id}
    _, last = await hook.call("POST", "/secret", json={"change_over_hours": 0})
    await hook.call("POST", "/test")
    _, two = await receiver.count(2)
    assert two.signed_by(last["secret"]) and not two.signed_by(made["secret"])
    async with bench.gateway.features.storage.read(bench.demo.tenant_id) as db:
        row = await db.get(Webhook, hook.id)
    assert row is not None and last["secret"].encode() not in row.secret


async def test_a_paused_one_is_left_alone_and_a_test_fails_at_once(
    bench: Bench, receiver: WebhookReceiver
) -> None:
    hook = await set_up(bench, receiver.url, CALLS)
    receiver.answers = [500]
    await hook.call("POST", "/test")
    (item,) = await hook.settled("dead")
    assert (item["attempts"], item["error"]) == (1, "The server answers 500")
    assert (await hook.view())["failing_since"] is None, "a test says nothing of the others"
    status, view = await hook.change(paused=True)
    assert (status, view["state"]) == (200, "paused")
    await a_call(bench)
    assert len(await hook.deliveries()) == 1, "nothing is kept for it"
    for path in ("/test", "/deliveries/again", f"/deliveries/{item['id']}/again"):
        status, problem = await hook.call("POST", path)
        assert (status, problem["code"]) == (409, "webhook_paused")
    assert (await hook.change(paused=False))[1]["state"] == "active"
    assert await hook.call("POST", "/deliveries/again") == (200, {"count": 1})
    await receiver.count(2)
    assert (await hook.call("DELETE"))[0] == 204
    assert (await hook.call("GET"))[0] == 404
    async with bench.gateway.features.storage.read(bench.demo.tenant_id) as db:
        assert await db.count(OutboxItem, OutboxItem.target_id == hook.id) == 0


async def test_lamps_and_links_are_told_once_each(bench: Bench, receiver: WebhookReceiver) -> None:
    await set_up(bench, receiver.url, ["voicemail.changed", "connector.up", "connector.down"])
    bus = bench.gateway.features.bus
    for waiting in (True, True, False):
        bus.publish(PbxFeatureChanged(anna(bench), message_waiting=waiting))
    up = (("registration", "working", "2026-01-02T10:00:00.000Z"),)
    for layers in ((), up, up, ()):
        for listener in bench.connectors.listeners:
            status = ConnectorStatus(bench.demo.site_id, "working", layers)
            listener(bench.demo.tenant_id, status)
    await bench.gateway.features.webhooks.watch.written()
    taken = await receiver.count(4)
    told = [(one.event["type"], one.event["data"].get("waiting")) for one in taken]
    assert sorted(told, key=str) == sorted(
        [
            ("voicemail.changed", True),
            ("voicemail.changed", False),
            ("connector.up", None),
            ("connector.down", None),
        ],
        key=str,
    )


async def test_a_server_that_is_gone_stops_it_and_the_admins_hear_of_that(
    bench: Bench, receiver: WebhookReceiver
) -> None:
    hook = await set_up(bench, receiver.url, CALLS)
    receiver.answers = [410]
    await bench.gateway.features.journal.open(
        anna(bench),
        new_id(),
        direction="in",
        numbers=Numbers("102", "102", "102"),
        name=None,
        started_at=utc_now(),
    )
    await hook.becomes("stopped")
    async with bench.gateway.features.storage.read(bench.demo.tenant_id) as db:
        letters = [row.payload for row in await db.find(OutboxItem, OutboxItem.kind == "mail")]
    assert "adele@example.test" in {letter["to"] for letter in letters}
    assert {letter["template"] for letter in letters} == {"webhook_stopped"}
    assert {letter["values"]["webhook"] for letter in letters} == {"Ticket system"}
    _, audit, _ = await bench.call("GET", "/admin/audit?action=webhook", hook.token)
    assert [entry["action"] for entry in audit["items"]] == ["webhook.stop", "webhook.create"]
    assert receiver.url not in str(audit)


async def test_a_key_hears_only_what_it_may_ask_for(
    bench: Bench, receiver: WebhookReceiver
) -> None:
    program = await key(bench, [Permission.WEBHOOKS_WRITE, Permission.PEOPLE_READ])
    wanted = {"url": receiver.url, "events": ["person.created"]}
    status, made, _ = await bench.call("POST", PATH, program, json=wanted)
    assert status == 201 and made["webhook"]["created_by"] == "a test's"
    status, problem, _ = await bench.call(
        "POST", PATH, program, json=wanted | {"events": ["person.created", "call.ringing"]}
    )
    assert (status, problem["code"]) == (403, "permission_missing")
    boss = await set_up(bench, receiver.url, CALLS)
    view = await boss.view()
    stolen = {"url": receiver.url + "?mine", "events": view["events"], "paused": False}
    headers = {"If-Match": f'"{view["version"]}"'}
    status, problem, _ = await bench.call(
        "PUT", f"{PATH}/{boss.id}", program, json=stolen, headers=headers
    )
    assert (status, problem["code"]) == (403, "permission_missing")


async def test_a_key_comes_by_nothing_that_was_meant_for_others(
    bench: Bench, receiver: WebhookReceiver
) -> None:
    """What the webhook was told of, or was told of once and still holds, is judged as well."""
    hook = await set_up(bench, receiver.url, ["call.ringing"])
    receiver.answers = [500, 500, 500]
    ringing = Numbers("102", "102", "102")
    await bench.gateway.features.journal.open(
        anna(bench), new_id(), direction="in", numbers=ringing, name=None, started_at=utc_now()
    )
    (dead,) = await hook.settled("dead")
    thief = await key(bench, [Permission.WEBHOOKS_WRITE, Permission.CONNECTOR_READ])
    program = Hook(bench, thief, {"webhook": {"id": hook.id}, "secret": ""})
    for narrowed in (False, True):
        if narrowed:  # by the administrator: its events are harmless now, what it holds is not
            assert (await hook.change(events=["connector.up"]))[0] == 200
        for status, problem in (
            await program.change(url=receiver.url + "?mine", events=["connector.up"]),
            await program.call("POST", "/secret", json={"change_over_hours": 0}),
            await program.call("POST", "/deliveries/again"),
            await program.call("POST", f"/deliveries/{dead['id']}/again"),
        ):
            assert (status, problem.get("code")) == (403, "permission_missing"), problem
    assert (await hook.view())["url"] == receiver.url
    assert len(receiver.taken) == 3
    reader = await key(bench, list(Permission))
    entitled = Hook(bench, reader, {"webhook": {"id": hook.id}, "secret": ""})
    assert await entitled.call("POST", "/deliveries/again") == (200, {"count": 1})
    await receiver.count(4)


async def test_where_it_may_lead_and_how_many_there_may_be(
    bench: Bench, receiver: WebhookReceiver
) -> None:
    boss = await signed_in(bench, "admin", "adele@example.test")
    port = receiver.url.rpartition(":")[2]
    for url in (
        f"http://127.0.0.1:{port}",
        f"https://127.0.0.2:{port}",
        f"https://user:secret@127.0.0.1:{port}",
        f"https://[::ffff:127.0.0.1]:{port}",
        f"https://0x7f.1:{port}",
        "ftp://example.test/",
        "no address",
    ):
        wanted = {"url": url, "events": CALLS}
        status, problem, _ = await bench.call("POST", PATH, boss, json=wanted)
        assert (status, problem["code"]) == (422, "url_refused"), url
    for _ in range(10):
        wanted = {"url": receiver.url, "events": CALLS}
        assert (await bench.call("POST", PATH, boss, json=wanted))[0] == 201
    status, problem, _ = await bench.call("POST", PATH, boss, json=wanted)
    assert (status, problem["code"]) == (409, "too_many_webhooks")
    _, page, _ = await bench.call("GET", PATH, boss)
    assert (len(page["items"]), page["limit"]) == (10, 10)
    assert "whsec_" not in str(page)
