"""Hunt groups: what the PBX says is shown, and who logs out gets no calls of the group."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from tests.support.call_stack import ANNA, BERTA, Parts, call_stack
from tests.support.device_client import Device, Refused

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=["business", "voice", "os4000"])
async def stack(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Parts]:
    folder = tmp_path_factory.mktemp("stack")
    async with call_stack(folder, profile=request.param, csta=True) as parts:
        await parts.control_works()
        yield parts


@pytest_asyncio.fixture(loop_scope="module")
async def anna(stack: Parts) -> AsyncIterator[Device]:
    device = await stack.device(ANNA)
    await device.until(
        lambda: any("hunt_groups" in p["offers"] for _, p in device.events if "offers" in p),
        "the PBX has told of them",
    )
    yield device
    await stack.sign_off()
    await stack.nothing_left()


def group(view: dict[str, Any], number: str) -> dict[str, Any]:
    return next(item for item in view["groups"] if item["number"] == number)


async def told(device: Device, number: str, logged_in: bool) -> None:
    def found() -> bool:
        heard = [payload for name, payload in device.events if name == "hunt_groups.changed"]
        return bool(heard) and group(heard[-1], number)["logged_in"] is logged_in

    await device.until(found, f"{number} with logged_in {logged_in}")


async def test_the_groups_of_a_user_and_of_nobody(stack: Parts, anna: Device) -> None:
    view = await anna.rest("GET", "/hunt-groups")
    assert view["available"]
    assert [(item["number"], item["name"]) for item in view["groups"]] == [
        ("350", "Sales"),
        ("351", "Support"),
    ]
    assert all(item["logged_in"] for item in view["groups"])
    carla = await stack.device("carla@example.test")
    assert (await carla.rest("GET", "/hunt-groups"))["groups"] == []


async def test_who_logs_out_gets_no_calls_of_the_group(stack: Parts, anna: Device) -> None:
    view = await anna.rest("PUT", "/hunt-groups/351", json={"logged_in": False})
    assert not group(view, "351")["logged_in"] and group(view, "350")["logged_in"]
    await told(anna, "351", False)
    stack.phone("102").answer_after(0)
    await stack.phone("103").dial("351")
    await anna.until(lambda: stack.phone("102").state == "connected", "Berta has it")
    stack.phone("103").hang_up()
    assert anna.calls == {}

    view = await anna.rest("PUT", "/hunt-groups/351", json={"logged_in": True})
    assert group(view, "351")["logged_in"]
    await told(anna, "351", True)


async def test_what_is_dialled_at_the_desk_phone_is_told(stack: Parts, anna: Device) -> None:
    await stack.phone("101").dial("#85350")
    await told(anna, "350", False)
    assert not group(await anna.rest("GET", "/hunt-groups"), "350")["logged_in"]
    await anna.until(lambda: stack.phone("101").state == "idle", "the code is done")
    await stack.phone("101").dial("*85350")
    await told(anna, "350", True)
    await anna.until(lambda: stack.phone("101").state == "idle", "the code is done")


async def test_a_group_of_others_is_refused(anna: Device) -> None:
    with pytest.raises(Refused, match="group_unknown"):
        await anna.rest("PUT", "/hunt-groups/713", json={"logged_in": False})


async def test_what_another_member_takes_is_not_missed(stack: Parts, anna: Device) -> None:
    stack.phone("101").answer_after(None)
    stack.phone("102").answer_after(None)
    berta = await stack.device(BERTA)
    await stack.phone("103").dial("351")
    mine, hers = await anna.ringing(), await berta.ringing()
    await berta.answer(hers)
    await berta.phase(hers, "connected")
    entry = await anna.entry(mine)
    assert (entry["kind"], entry["answered_by"]) == ("answered_by", "Berta Schulz")
    await berta.hang_up(hers)
    await berta.phase(hers, "ended")
