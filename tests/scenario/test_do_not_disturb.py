"""Do not disturb and busy: one state of the user here and at the PBX, whichever side sets it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from tests.support.call_stack import BERTA, Parts, call_stack
from tests.support.device_client import Device

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=["business", "voice", "os4000"])
async def stack(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Parts]:
    folder = tmp_path_factory.mktemp("stack")
    async with call_stack(folder, profile=request.param, csta=True) as parts:
        yield parts


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def plain_stack(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Parts]:
    """A PBX that can only be called."""
    async with call_stack(tmp_path_factory.mktemp("plain")) as parts:
        yield parts


@pytest_asyncio.fixture(loop_scope="module")
async def parts(stack: Parts) -> AsyncIterator[Parts]:
    await stack.control_works()
    yield stack
    stack.pbx.features.set_do_not_disturb("101", False)
    await stack.sign_off()
    await stack.nothing_left()


def own(device: Device) -> Any:
    """The newest that the device was told of its user."""
    told = [
        payload["presence"] if name == "snapshot" else payload["own"]
        for name, payload in device.events
        if name == "snapshot" or (name == "presence.changed" and payload["own"])
    ]
    return told[-1]


async def quiet(device: Device, **expected: Any) -> None:
    def as_expected() -> bool:
        told: dict[str, Any] = own(device)["do_not_disturb"]
        return expected.items() <= told.items()

    await device.until(as_expected, f"do not disturb {expected}")


async def test_set_here_it_is_set_at_the_pbx_and_ended_there(parts: Parts) -> None:
    one, two = await parts.device(), await parts.device()
    await one.rest("PATCH", "/presence", json={"do_not_disturb": {"on": True}})
    assert parts.pbx.features.of("101").do_not_disturb
    for device in (one, two):
        await quiet(device, on=True, at_pbx=True, by="user")
    # The PBX refuses the caller: no phone of hers rings, and nothing comes up the link.
    berta = await parts.device(BERTA)
    call_id = await berta.dial("101")
    assert (await berta.phase(call_id, "ended"))["reason"] == "busy"
    assert not [name for name, _ in one.events if name == "ring.offer"]
    assert parts.phone("101").state == "idle"
    await one.rest("PATCH", "/presence", json={"do_not_disturb": {"on": False}})
    assert not parts.pbx.features.of("101").do_not_disturb
    for device in (one, two):
        await quiet(device, on=False)


async def test_set_at_the_desk_phone_it_is_shown_to_all_and_ended_from_either_side(
    parts: Parts,
) -> None:
    anna, berta = await parts.device(), await parts.device(BERTA)
    me = (await anna.rest("GET", "/me"))["user"]["id"]
    await berta.watch(me)
    parts.pbx.features.set_do_not_disturb("101", True)
    await quiet(anna, on=True, by="pbx", at_pbx=True)
    await berta.until(
        lambda: any(
            name == "presence.changed" and p["presence"]["state"] == "do_not_disturb"
            for name, p in berta.events
        ),
        "Berta sees it",
    )
    await anna.rest("PATCH", "/presence", json={"do_not_disturb": {"on": False}})
    assert not parts.pbx.features.of("101").do_not_disturb
    parts.pbx.features.set_do_not_disturb("101", True)
    await quiet(anna, on=True)
    parts.pbx.features.set_do_not_disturb("101", False)
    await quiet(anna, on=False)


async def test_set_while_the_link_was_cut_it_counts_afterwards(parts: Parts) -> None:
    anna = await parts.device()
    parts.cut_csta()
    parts.pbx.features.set_do_not_disturb("101", True)
    await quiet(anna, on=True, by="pbx")


async def test_a_call_of_the_desk_phone_makes_busy(parts: Parts) -> None:
    anna = await parts.device()
    await anna.until(lambda: own(anna)["state"] == "available", "available")
    await parts.phone("101").dial("715")
    await anna.until(lambda: own(anna)["state"] == "busy", "busy")
    parts.phone("101").hang_up()
    await anna.until(lambda: own(anna)["state"] == "available", "available again")


async def test_where_the_pbx_cannot_hold_it_the_gateway_refuses_the_calls(
    plain_stack: Parts,
) -> None:
    parts = plain_stack
    anna, berta = await parts.device(), await parts.device(BERTA)
    await anna.rest("PATCH", "/presence", json={"do_not_disturb": {"on": True}})
    await quiet(anna, on=True, at_pbx=False)
    call_id = await berta.dial("101")
    await parts.rings("101")  # the desk phone, of which the gateway has no say
    assert not [name for name, _ in anna.events if name == "ring.offer"]
    await berta.hang_up(call_id)
    await anna.until(lambda: "journal.added" in [name for name, _ in anna.events], "an entry")
    [missed] = await anna.journal()
    assert missed["kind"] == "missed"
    detail = await anna.rest("GET", f"/journal/{missed['id']}")
    assert "do_not_disturb" in str(detail["trail"])
    await anna.rest("PATCH", "/presence", json={"do_not_disturb": {"on": False}})
    call_id = await berta.dial("101")
    await anna.event("ring.offer")
    await berta.hang_up(call_id)
    await parts.sign_off()
    await parts.nothing_left()
