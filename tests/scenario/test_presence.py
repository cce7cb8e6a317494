"""Presence between people: what one does, the others see, and only those who may."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from gateway.bus import ClientEvent
from gateway.ports import JsonObject, UserKey
from gateway.realtime.watching import MOST_AT_ONCE, MOST_PER_SOCKET
from gateway.storage.ids import new_id
from tests.support.api_events import misfit
from tests.support.gateway_platform import Bench, Phone
from tests.support.gateway_ports import soon


class Person:
    """Somebody signed in: REST, a socket, and what it was told."""

    def __init__(self, bench: Bench, token: str, phone: Phone, user: UserKey) -> None:
        self.bench = bench
        self.token = token
        self.phone = phone
        self.user = user

    async def change(self, **change: Any) -> JsonObject:
        status, body, _ = await self.bench.call("PATCH", "/presence", self.token, json=change)
        assert status == 200, body
        answer: JsonObject = body
        return answer

    async def watch(self, *people: Person) -> list[JsonObject]:
        ids = [person.user.user_id for person in people]
        answer = await self.phone.send("presence.watch", {"user_ids": ids})
        assert answer["ok"], answer
        seen: list[JsonObject] = answer["presence"]
        return seen

    async def sees(self, person: Person, **expected: Any) -> JsonObject:
        """The newest that was told of a person becomes as expected."""
        async with asyncio.timeout(5):
            while True:
                told = [
                    payload["presence"]
                    for name, payload in self.phone.events
                    if name == "presence.changed"
                    and payload["presence"]["user_id"] == person.user.user_id
                ]
                if told and expected.items() <= told[-1].items():
                    return told[-1]
                self.phone._news.clear()
                await self.phone._news.wait()


async def person(bench: Bench, name: str) -> Person:
    signed = await bench.login(f"{name}@example.test")
    phone = await bench.socket(signed["access_token"], {"id": signed["device_id"], "kind": "api"})
    await phone.next("snapshot")
    user = UserKey(bench.demo.tenant_id, bench.demo.users[f"{name}@example.test"])
    return Person(bench, signed["access_token"], phone, user)


async def test_colleagues_see_each_other_come_speak_and_go(bench: Bench) -> None:
    anna = await person(bench, "anna")
    berta_id = UserKey(bench.demo.tenant_id, bench.demo.users["berta@example.test"])
    answer = await anna.phone.send("presence.watch", {"user_ids": [berta_id.user_id]})
    assert [one["state"] for one in answer["presence"]] == ["offline"]
    berta = await person(bench, "berta")
    await anna.sees(berta, state="available")
    bench.calls.live[berta.user] = [{"phase": "connected"}]
    bench.gateway.features.bus.publish(ClientEvent(berta.user, None, "call.updated", {}))
    await anna.sees(berta, state="busy")
    bench.calls.live.clear()
    bench.gateway.features.bus.publish(ClientEvent(berta.user, None, "call.ended", {}))
    await anna.sees(berta, state="available")
    await berta.change(note={"text": "Back at three"}, status={"value": "away"})
    seen = await anna.sees(berta, state="away")
    assert seen["note"] == "Back at three"
    path = f"/presence/people?user_ids={berta.user.user_id},{new_id()}"
    status, body, _ = await bench.call("GET", path, anna.token)
    assert (status, body["items"][0]) == (200, seen)
    assert not [wrong for name, p in anna.phone.events if (wrong := misfit(name, p))]


async def test_the_own_devices_are_told_the_truth(bench: Bench) -> None:
    anna, other = await person(bench, "anna"), await person(bench, "anna")
    snapshot = await other.phone.next("snapshot")
    assert snapshot["presence"]["state"] == "available"
    await anna.change(status={"value": "appear_offline"})
    for device in (anna, other):
        await device.sees(anna, state="offline")
        own = [p["own"] for name, p in device.phone.events if name == "presence.changed"][-1]
        assert (own["state"], own["seen_as"]) == ("available", "offline")
    late = await person(bench, "anna")
    own = (await late.phone.next("snapshot"))["presence"]
    assert own["status"]["value"] == "appear_offline", "another device is there: no fresh sign-in"


async def test_who_may_not_see_is_told_nothing_and_at_once(bench: Bench) -> None:
    anna, berta = await person(bench, "anna"), await person(bench, "berta")
    carla = await person(bench, "carla")
    for viewer in (anna, carla):
        assert [one["state"] for one in await viewer.watch(berta)] == ["available"]
    await berta.change(note={"text": "Secret"}, visible_to={"who": "nobody"})
    for viewer in (anna, carla):
        assert (await viewer.sees(berta, state="unknown"))["note"] == ""
    await berta.change(visible_to={"who": "chosen", "user_ids": [carla.user.user_id]})
    assert (await carla.sees(berta, state="available"))["note"] == "Secret"
    await berta.change(status={"value": "away"})
    await carla.sees(berta, state="away")
    told = [p["presence"]["state"] for name, p in anna.phone.events if name == "presence.changed"]
    assert "away" not in told
    assert [one["state"] for one in await anna.watch(berta)] == ["unknown"]


async def test_another_tenant_watches_nobody(bench: Bench) -> None:
    anna = await person(bench, "anna")
    signed = await bench.login("mallory@other.test")
    mallory = await bench.socket(signed["access_token"], {"id": signed["device_id"], "kind": "api"})
    answer = await mallory.send("presence.watch", {"user_ids": [anna.user.user_id]})
    assert [one["state"] for one in answer["presence"]] == ["offline"]
    berta = await person(bench, "berta")
    await berta.watch(anna)
    await anna.change(status={"value": "away"})
    await berta.sees(anna, state="away")
    assert not [name for name, p in mallory.events if name == "presence.changed" and not p["own"]]
    status, body, _ = await bench.call(
        "GET", f"/presence/people?user_ids={anna.user.user_id}", signed["access_token"]
    )
    assert (status, body["items"][0]["state"]) == (200, "offline")


async def test_who_stops_watching_is_told_no_more(bench: Bench) -> None:
    anna, berta, carla = [await person(bench, name) for name in ("anna", "berta", "carla")]
    watchers = bench.gateway.phone.watchers
    await anna.watch(berta, carla)
    assert (await anna.phone.send("presence.unwatch", {"user_ids": [berta.user.user_id]}))["ok"]
    await berta.change(status={"value": "away"})
    await carla.change(status={"value": "away"})
    await anna.sees(carla, state="away")
    told = {p["presence"]["user_id"] for n, p in anna.phone.events if n == "presence.changed"}
    assert berta.user.user_id not in told
    assert len(watchers) == 1
    await anna.phone.client.disconnect()
    await soon(lambda: len(watchers) == 0)


@pytest.mark.parametrize(
    "body",
    [{}, {"user_ids": "all"}, {"user_ids": [new_id()] * (MOST_AT_ONCE + 1)}, {"user_ids": None}],
    ids=["nothing", "text", "too many", "null"],
)
async def test_a_watch_that_makes_no_sense_is_refused(bench: Bench, body: JsonObject) -> None:
    anna = await person(bench, "anna")
    answer = await anna.phone.send("presence.watch", body)
    assert (answer["ok"], answer["problem"]["code"]) == (False, "invalid")
    odd = {"user_ids": [1, None, "x" * 36, {"a": 1}]}
    assert (await anna.phone.send("presence.watch", odd))["presence"] == []


async def test_a_socket_watches_a_limited_number(bench: Bench) -> None:
    anna = await person(bench, "anna")
    for _ in range(MOST_PER_SOCKET // MOST_AT_ONCE):
        ids = [new_id() for _ in range(MOST_AT_ONCE)]
        assert (await anna.phone.send("presence.watch", {"user_ids": ids}))["ok"]
    answer = await anna.phone.send("presence.watch", {"user_ids": [new_id()]})
    assert answer["problem"]["code"] == "too_many_watched"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"status": {"value": "asleep"}}, "invalid"),
        ({"note": {"text": "x" * 201}}, "invalid"),
        ({"status": {"value": "away", "until": "2020-01-01T00:00:00Z"}}, "until_invalid"),
        ({"note": {"text": "", "until": "9999-12-31T23:59:59-12:00"}}, "until_invalid"),
        ({"note": {"text": "", "until": "0001-01-01T00:00:00+14:00"}}, "until_invalid"),
        ({"status": {"value": "away", "until": "2099-01-01T00:00:00"}}, "invalid"),
        ({"state": "busy"}, "invalid"),
    ],
)
async def test_a_bad_change_changes_nothing(bench: Bench, change: JsonObject, code: str) -> None:
    token = (await bench.login())["access_token"]
    status, body, _ = await bench.call("PATCH", "/presence", token, json=change)
    assert (status, body["code"]) == (422, code)
    status, body, _ = await bench.call("GET", "/presence", token)
    assert body["status"]["value"] == "available" and body["note"]["text"] == ""
