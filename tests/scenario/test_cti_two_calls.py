"""Two calls of the desk phone: ask first, swap, hand over, join. The PBX does it, clients see."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from tests.support.call_stack import Parts, call_stack
from tests.support.device_client import Device

pytestmark = pytest.mark.asyncio(loop_scope="module")

Json = dict[str, Any]


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=["business", "voice", "os4000"])
async def stack(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Parts]:
    folder = tmp_path_factory.mktemp("stack")
    async with call_stack(folder, profile=request.param, csta=True) as parts:
        yield parts


@pytest_asyncio.fixture(loop_scope="module")
async def parts(stack: Parts) -> AsyncIterator[Parts]:
    await stack.control_works()
    for number in ("102", "103"):
        stack.phone(number).answer_after(0)
    yield stack
    await stack.sign_off()
    await stack.nothing_left()


async def with_(device: Device, number: str, **wanted: Any) -> Json:
    """The desk phone's call with this number, as soon as it is as wanted."""

    def found() -> Json | None:
        for call in device.calls.values():
            ours = call["on"] == "desk_phone" and call["phase"] != "ended"
            fits = all(call[key] == value for key, value in wanted.items())
            if ours and fits and call["remote"]["number"]["canonical"] == number:
                return call
        return None

    call: Json = await device.until(found, f"a call with {number}: {wanted}")
    return call


async def listed(device: Device, call: Json, *actions: str) -> None:
    await device.until(
        lambda: set(actions) <= set(device.calls[call["id"]]["actions"]), f"{actions}"
    )


async def ended(device: Device, call: Json) -> str:
    await device.until(lambda: device.calls[call["id"]]["phase"] == "ended", "the end")
    reason: str = device.calls[call["id"]]["reason"]
    return reason


async def asking(parts: Parts) -> tuple[Device, Json, Json]:
    """Anna's desk phone holds Berta (102) and talks to Carla (103)."""
    anna = await parts.device()
    await parts.phone("101").dial("102")
    berta = await with_(anna, "102", phase="connected")
    await listed(anna, berta, "consult")
    await anna.do("consult", call_id=berta["id"], to="103")
    carla = await with_(anna, "103", phase="connected", hold="none")
    berta = await with_(anna, "102", hold="local")
    return anna, berta, carla


async def test_ask_swap_and_go_back(parts: Parts) -> None:
    anna, berta, carla = await asking(parts)
    await listed(anna, carla, "swap", "transfer", "merge")

    await anna.do("swap", call_id=carla["id"])
    await with_(anna, "102", hold="none")
    await with_(anna, "103", hold="local")

    await anna.do("hang_up", call_id=anna.calls[berta["id"]]["id"])
    assert await ended(anna, berta) == "hung_up"
    await listed(anna, carla, "retrieve")
    await anna.do("retrieve", call_id=carla["id"])
    await with_(anna, "103", hold="none")
    await anna.do("hang_up", call_id=carla["id"])
    assert await ended(anna, carla) == "hung_up"


async def test_ask_and_hand_over(parts: Parts) -> None:
    anna, berta, carla = await asking(parts)
    await listed(anna, carla, "transfer")

    await anna.do("transfer", call_id=carla["id"], **{"with": berta["id"]})

    assert await ended(anna, berta) == "transferred"
    assert await ended(anna, carla) == "transferred"
    assert parts.phone("102").active is not None and parts.phone("103").active is not None
    parts.phone("102").hang_up()


async def test_hand_over_without_asking(parts: Parts) -> None:
    anna = await parts.device()
    await parts.phone("101").dial("102")
    berta = await with_(anna, "102", phase="connected")
    await listed(anna, berta, "transfer")

    await anna.do("transfer", call_id=berta["id"], to="103")

    assert await ended(anna, berta) == "transferred"
    parts.phone("102").hang_up()


async def test_join_both(parts: Parts) -> None:
    anna, berta, carla = await asking(parts)
    await listed(anna, carla, "merge")

    await anna.do("merge", call_id=carla["id"], **{"with": berta["id"]})

    def conference() -> Json | None:
        calls = [c for c in anna.calls.values() if c["phase"] != "ended"]
        return calls[0] if len(calls) == 1 and calls[0]["kind"] == "conference" else None

    call = await anna.until(conference, "a conference")
    assert {p["number"]["canonical"] for p in call["participants"]} == {"102", "103"}
    assert call["id"] == carla["id"]  # the one that was spoken in goes on
    assert await ended(anna, berta) == "merged"
    await anna.do("hang_up", call_id=call["id"])
    assert await ended(anna, call) == "hung_up"
    entries = {e["call_id"]: e["kind"] for e in await anna.journal()}
    assert (entries[berta["id"]], entries[carla["id"]]) == ("answered", "answered")


async def test_digits_reach_the_far_end(parts: Parts) -> None:
    anna = await parts.device()
    await parts.phone("101").dial("199")  # the mailbox listens to keys
    call = await with_(anna, "199", phase="connected")
    await listed(anna, call, "dtmf")

    await anna.do("dtmf", call_id=call["id"], digits="12#")

    await anna.do("hang_up", call_id=call["id"])
    assert await ended(anna, call) == "hung_up"


async def test_calls_of_our_devices_are_joined_and_never_shown_as_the_desk_phone_s(
    parts: Parts,
) -> None:
    anna = await parts.device()
    first = await anna.dial("102")
    await anna.phase(first, "connected")
    second = await anna.dial("103")
    await anna.phase(second, "connected")
    await anna.until(lambda: "merge" in anna.calls[second]["actions"], "merge is offered")

    await anna.do("merge", call_id=second, **{"with": first})
    await anna.until(lambda: anna.calls[second]["kind"] == "conference", "a conference")
    await anna.until(lambda: anna.calls[first]["phase"] == "ended", "the other is in it")
    assert anna.calls[second]["phase"] == "connected"
    await anna.hang_up(second)

    assert set(anna.calls) == {first, second}
    assert {call["on"] for call in anna.calls.values()} == {"device"}
