"""The voicemail lamp: from the PBX's mailbox over connector and gateway to every device."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from protocols.aio.useragent import UserAgent
from tests.support.call_stack import BERTA, PATIENCE, Parts, call_stack
from tests.support.device_client import Device

pytestmark = pytest.mark.asyncio(loop_scope="module")

DARK = {"waiting": False, "new": 0, "old": 0}


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=["business", "voice", "os4000"])
async def stack(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Parts]:
    folder = tmp_path_factory.mktemp("stack")
    async with call_stack(folder, profile=request.param) as parts:
        yield parts


@pytest_asyncio.fixture(loop_scope="module")
async def parts(stack: Parts) -> AsyncIterator[Parts]:
    yield stack
    await stack.sign_off()
    for box in stack.pbx.voicemail.boxes.values():
        for message in box.messages:
            box.delete(message.id)


def leave(parts: Parts, number: str = "101") -> int:
    message = parts.pbx.voicemail.boxes[number].add(b"\0" * 16000, "710", "Deniz", 0.0)
    return int(message.id)


def lamp(device: Device) -> Any:
    """What the device shows: the newest of snapshot and events."""
    told = [p["mwi"] for name, p in device.events if name in ("snapshot", "mwi.changed")]
    return told[-1]


async def shows(device: Device, expected: Any) -> None:
    await device.until(lambda: lamp(device) == expected, f"a lamp of {expected}")


async def known(parts: Parts) -> tuple[Device, Device]:
    """Two devices of Anna that know her lamp."""
    one, two = await parts.device(), await parts.device()
    await shows(one, DARK)
    await shows(two, DARK)
    return one, two


async def test_every_device_sees_the_lamp_go_on_and_off(parts: Parts) -> None:
    one, two = await known(parts)
    berta = await parts.device(BERTA)
    message = leave(parts)
    for device in (one, two):
        await shows(device, {"waiting": True, "new": 1, "old": 0})
    parts.pbx.voicemail.boxes["101"].mark_heard(message)
    for device in (one, two):
        await shows(device, {"waiting": False, "new": 0, "old": 1})
    assert not [p for name, p in berta.events if name == "mwi.changed" and p["mwi"]["old"]]
    late = await parts.device()
    assert lamp(late) == {"waiting": False, "new": 0, "old": 1}
    answer = await late.rest("GET", "/voicemail")
    assert answer == {"number": "199", "mwi": {"waiting": False, "new": 0, "old": 1}}


async def test_a_connector_that_comes_back_tells_what_happened_meanwhile(parts: Parts) -> None:
    one, two = await known(parts)
    await parts.stop_connector()
    leave(parts)
    leave(parts)
    await parts.start_connector()
    for device in (one, two):
        await shows(device, {"waiting": True, "new": 2, "old": 0})


async def test_a_gateway_that_forgot_is_told_with_the_next_flow(parts: Parts) -> None:
    one, _ = await known(parts)
    leave(parts)
    await shows(one, {"waiting": True, "new": 1, "old": 0})
    parts.gateway.features.voicemail._lamps.clear()  # as a restart would
    for flow in parts.link_flows():
        flow.close("the test breaks the link")
    late = await parts.device()
    await shows(late, {"waiting": True, "new": 1, "old": 0})


async def test_after_a_restart_of_the_pbx_the_lamp_is_right_again(parts: Parts) -> None:
    one, two = await known(parts)
    await parts.stop_pbx()
    await parts.start_pbx()
    leave(parts)  # before any line is back: nobody is told
    assert parts.connector is not None
    for line in parts.connector.pbx.lines.values():
        line.registration.refresh()
    for device in (one, two):
        await shows(device, {"waiting": True, "new": 1, "old": 0})
    watch = parts.connector.lamps._watches["line-101"]
    await one.until(lambda: watch._client is not None and watch._client.active, "a subscription")
    leave(parts)
    await shows(one, {"waiting": True, "new": 2, "old": 0})


async def test_a_pbx_that_takes_no_subscription_is_listened_to(parts: Parts) -> None:
    """Unsolicited NOTIFYs alone, as the PBX sends them to whoever has not subscribed."""
    one, _ = await known(parts)
    agent: UserAgent = parts.pbx.agent
    refused = asyncio.Event()

    def refuse(ctx: Any) -> None:
        ctx.respond(489)
        refused.set()

    served = agent._handlers["SUBSCRIBE"]
    await parts.stop_connector()
    agent.handle("SUBSCRIBE", refuse)
    try:
        await parts.start_connector()
        async with asyncio.timeout(PATIENCE):
            await refused.wait()
        message = leave(parts)
        await shows(one, {"waiting": True, "new": 1, "old": 0})
        parts.pbx.voicemail.boxes["101"].delete(message)
        await shows(one, DARK)
    finally:
        agent.handle("SUBSCRIBE", served)
        await parts.stop_connector()
        await parts.start_connector()
