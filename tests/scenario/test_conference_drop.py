"""A conference of the line: who is in it is followed, and single ones are let go."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from tests.scenario.test_cti_calls import desk_call
from tests.scenario.test_two_calls import talking
from tests.support.call_stack import Parts, call_stack
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


def numbers(call: dict[str, Any]) -> list[str]:
    return sorted(party["number"]["canonical"] for party in call["participants"])


def called(call: dict[str, Any], number: str) -> str:
    """The id of a participant."""
    ids: list[str] = [
        party["id"] for party in call["participants"] if party["number"]["canonical"] == number
    ]
    return ids[0]


async def conference(parts: Parts) -> tuple[Device, str]:
    """Anna with Berta and Carla."""
    anna, first = await talking(parts)
    second = (await anna.do("consult", call_id=first, to="103"))["call"]["id"]
    await anna.bring_sound(second)
    await anna.phase(second, "connected")
    await anna.until(lambda: "merge" in anna.calls[second]["actions"], "merge is offered")
    await anna.do("merge", call_id=second, **{"with": first})
    await anna.phase(first, "ended")
    await anna.until(lambda: "drop" in anna.calls[second]["actions"], "drop is offered")
    return anna, second


async def test_one_is_let_go_and_the_other_stays(parts: Parts) -> None:
    anna, call_id = await conference(parts)
    call = anna.calls[call_id]
    assert numbers(call) == ["102", "103"]
    with pytest.raises(Refused) as refusal:
        await anna.do("drop", call_id=call_id, participant="nobody")
    assert refusal.value.code == "participant_unknown"

    await anna.do("drop", call_id=call_id, participant=called(call, "103"))
    await anna.until(lambda: parts.phone("103").state == "idle", "Carla is out")
    single = await anna.until(
        lambda: anna.calls[call_id]["kind"] == "single" and anna.calls[call_id], "one is left"
    )
    assert single["remote"]["number"]["canonical"] == "102"
    assert "drop" not in single["actions"]
    await anna.hears(call_id, 500)
    await anna.hang_up(call_id)
    await anna.phase(call_id, "ended")


async def test_who_leaves_by_himself_is_missing(parts: Parts) -> None:
    anna, call_id = await conference(parts)
    parts.phone("102").hang_up()
    single = await anna.until(
        lambda: anna.calls[call_id]["kind"] == "single" and anna.calls[call_id], "one is left"
    )
    assert single["remote"]["number"]["canonical"] == "103"
    await anna.hears(call_id, 700)
    parts.phone("103").hang_up()
    await anna.phase(call_id, "ended")


async def test_at_the_desk_phone(parts: Parts) -> None:
    anna = await parts.device()
    for number in ("102", "103"):
        parts.phone(number).answer_after(0)
    await anna.do("dial", to="102", **{"from": "desk_phone"})
    first = (await desk_call(anna, phase="connected"))["id"]
    await anna.do("consult", call_id=first, to="103")
    await anna.until(
        lambda: any("merge" in call["actions"] for call in anna.calls.values()), "merge is offered"
    )
    second = next(call["id"] for call in anna.calls.values() if "merge" in call["actions"])
    await anna.do("merge", call_id=second, **{"with": first})
    call = await anna.until(
        lambda: next((c for c in anna.calls.values() if "drop" in c["actions"]), None), "drop"
    )
    await anna.do("drop", call_id=call["id"], participant=called(call, "102"))
    await anna.until(lambda: parts.phone("102").state == "idle", "Berta is out")
    await anna.until(lambda: anna.calls[call["id"]]["kind"] == "single", "one is left")
    await anna.do("hang_up", call_id=call["id"])
    await anna.phase(call["id"], "ended")
