"""What rings in the pickup group is shown to its members, and one of them takes it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from tests.scenario.test_two_calls import both_hear, desk
from tests.support.call_stack import BERTA, Parts, call_stack
from tests.support.device_client import Device, Refused

pytestmark = pytest.mark.asyncio(loop_scope="module")


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
    yield stack
    await stack.sign_off()
    await stack.nothing_left()


async def offered(device: Device) -> dict[str, Any]:
    """What is told of Carla's call to Berta, with both names."""

    def found() -> dict[str, Any] | None:
        offers = [payload for name, payload in device.events if name == "pickup.offer"]
        named = [offer for offer in offers if offer["for"]["name"] is not None]
        return named[-1] if named else None

    offer: dict[str, Any] = await device.until(found, "an offer")
    return offer


async def fetch(device: Device, verb: str, **body: Any) -> str:
    reply = await device.do(verb, **body)
    call_id: str = reply["call"]["id"]
    device.calls.setdefault(call_id, reply["call"])
    await device.bring_sound(call_id)
    return call_id


async def test_what_rings_in_the_group_is_told_until_it_is_over(parts: Parts) -> None:
    anna = await parts.device()
    parts.phone("102").answer_after(None)
    await parts.phone("103").dial("102")
    offer = await offered(anna)
    assert offer["from"]["number"]["canonical"] == "103"
    assert offer["from"]["name"] == "Carla Lang"
    assert offer["for"]["number"]["canonical"] == "102"
    assert offer["group"] == "1"
    assert [name for name, _ in anna.events].count("ring.offer") == 0
    assert anna.calls == {}

    late = await parts.device()
    snapshot = await late.event("snapshot")
    assert [ringing["id"] for ringing in snapshot["pickups"]] == [offer["id"]]

    parts.phone("103").hang_up()
    for device in (anna, late):
        await device.event("pickup.gone", id=offer["id"])
    with pytest.raises(Refused) as refusal:
        await anna.do("pickup", id=offer["id"])
    assert refusal.value.code == "pickup_unknown"


async def test_a_member_takes_it(parts: Parts) -> None:
    anna, berta = await parts.device(hertz=900), await parts.device(BERTA)
    parts.phone("102").answer_after(None)
    parts.phone("103").say("tone:700")
    await parts.phone("103").dial("102")
    offer = await offered(anna)
    rings = await berta.ringing()

    call_id = await fetch(anna, "pickup", id=offer["id"])
    await anna.phase(call_id, "connected")
    await both_hear(parts, anna, call_id, "103", 700)
    assert anna.calls[call_id]["remote"]["number"]["canonical"] == "103"
    await anna.event("pickup.gone", id=offer["id"])

    hers = await berta.entry(rings)
    assert (hers["kind"], hers["answered_by"], hers["unread"]) == (
        "answered_by",
        "Anna König",
        False,
    )
    assert berta.calls[rings]["reason"] == "answered_elsewhere"
    parts.phone("103").hang_up()
    await anna.phase(call_id, "ended")
    entry = await anna.entry(call_id)
    assert (entry["direction"], entry["kind"]) == ("in", "answered")
    assert entry["number"]["canonical"] == "103"
    assert entry["original_called"] == "Berta Schulz"
    assert set(anna.calls) == {call_id}


async def test_whoever_has_nobody_signed_in_did_not_miss_what_was_picked_up(parts: Parts) -> None:
    anna = await parts.device()
    parts.phone("102").answer_after(None)
    await parts.phone("103").dial("102")
    await offered(anna)
    call_id = await fetch(anna, "pickup", number="102")
    await anna.phase(call_id, "connected")
    await anna.hang_up(call_id)
    await anna.phase(call_id, "ended")
    berta = await parts.device(BERTA)
    newest = await berta.journal()
    assert (newest[0]["kind"], newest[0]["answered_by"]) == ("answered_by", "Anna König")


async def test_where_nothing_rings_nothing_is_picked_up(parts: Parts) -> None:
    anna = await parts.device()
    call_id = await fetch(anna, "pickup", number="102")
    ended = await anna.phase(call_id, "ended")
    assert ended["words"] == "Nothing rings there any more."
    assert (await anna.entry(call_id))["kind"] == "failed"


async def test_what_rings_is_told_again_when_the_csta_link_is_back(parts: Parts) -> None:
    anna = await parts.device()
    parts.phone("102").answer_after(None)
    await parts.phone("103").dial("102")
    first = await offered(anna)
    parts.cut_csta()
    await anna.event("pickup.gone", id=first["id"])
    await anna.until(
        lambda: any(
            name == "pickup.offer" and payload["id"] != first["id"] for name, payload in anna.events
        ),
        "the offer again",
    )
    parts.phone("103").hang_up()


async def test_a_parked_call_is_fetched(parts: Parts) -> None:
    anna = await parts.device(hertz=900)
    desk(parts, "102", 500)
    first = await anna.dial("102")
    await anna.phase(first, "connected")
    await anna.do("park", call_id=first, slot="43")
    await anna.phase(first, "ended")
    call_id = await fetch(anna, "unpark", slot="43")
    await anna.phase(call_id, "connected")
    await both_hear(parts, anna, call_id, "102", 500)
    await anna.until(
        lambda: anna.calls[call_id]["remote"]["number"]["canonical"] == "102", "who was parked"
    )
    with pytest.raises(Refused) as refusal:
        await anna.do("unpark", slot="4*")
    assert refusal.value.code == "slot_invalid"
