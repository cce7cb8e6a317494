"""Devices come and go; a device is there while one of its sockets is."""

from __future__ import annotations

import asyncio
from typing import Any

from gateway.ports import UserKey
from tests.support.gateway_platform import Bench


def user_of(bench: Bench, name: str = "anna") -> UserKey:
    return UserKey(bench.demo.tenant_id, bench.demo.users[f"{name}@example.test"])


async def eventually(true: Any) -> None:
    async with asyncio.timeout(5):
        while not true():  # noqa: ASYNC110 - what is awaited has no event of its own
            await asyncio.sleep(0.01)


def seen(events: list[tuple[str, Any]]) -> list[tuple[str, bool]]:
    return [(n, p["device"]["online"]) for n, p in events if n == "devices.changed"]


async def test_a_device_is_online_while_one_of_its_sockets_lives(bench: Bench) -> None:
    grant = await bench.login()
    device = {"id": grant["device_id"], "kind": "web"}
    first = await bench.socket(grant["access_token"], device)
    second = await bench.socket(grant["access_token"], device)
    await first.next("snapshot")
    await second.next("snapshot")
    registry = bench.gateway.features.online
    assert registry.online(user_of(bench)) == (grant["device_id"],)
    assert bench.calls.online == [(user_of(bench), grant["device_id"])]
    await first.client.disconnect()
    await second.send("mute", {"call_id": "c", "command_id": "x"})
    assert registry.online(user_of(bench)) == (grant["device_id"],)
    await second.client.disconnect()
    await eventually(lambda: registry.online(user_of(bench)) == ())
    assert bench.calls.offline == [(user_of(bench), grant["device_id"])]
    assert len(bench.gateway.phone.sockets) == 0


async def test_devices_see_each_other_come_and_go(bench: Bench) -> None:
    grant, other = await bench.login(), await bench.login()
    phone = await bench.socket(grant["access_token"])
    await phone.next("snapshot")
    guest = await bench.socket(other["access_token"])
    await eventually(lambda: ("devices.changed", True) in seen(phone.events))
    await guest.client.disconnect()
    await eventually(lambda: ("devices.changed", False) in seen(phone.events))
