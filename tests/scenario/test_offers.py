"""Each platform offers exactly its list, and what goes is told."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from connector.uplink.backoff import Backoff
from tests.support.call_stack import ANNA, Parts, call_stack
from tests.support.device_client import Device, Refused

pytestmark = pytest.mark.asyncio(loop_scope="module")

OF_THE_PBX = ["park", "unpark", "pickup", "hide_number"]
BY_CONTROL = ["do_not_disturb", "forwarding", "hunt_groups", "alternative_number"]
#: The emulator's desk phones are virtual on each of them; a site's own decide about the last one.
OFFERED = {
    "business": [*OF_THE_PBX, *BY_CONTROL, "dial_desk_phone"],
    "voice": [*OF_THE_PBX, *BY_CONTROL, "dial_desk_phone"],
    "os4000": [*OF_THE_PBX, *BY_CONTROL, "dial_desk_phone"],
}


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=list(OFFERED))
async def stack(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[tuple[Parts, list[str]]]:
    folder = tmp_path_factory.mktemp("stack")
    async with call_stack(folder, profile=request.param, csta=True) as parts:
        await parts.control_works()
        yield parts, OFFERED[request.param]


@pytest_asyncio.fixture(loop_scope="module")
async def anna(stack: tuple[Parts, list[str]]) -> AsyncIterator[Device]:
    parts, _ = stack
    yield await parts.device(ANNA)
    await parts.sign_off()
    await parts.nothing_left()


async def offered(device: Device, offers: list[str]) -> None:
    def told() -> bool:
        heard = [payload["offers"] for _, payload in device.events if "offers" in payload]
        return heard[-1] == offers

    await device.until(told, f"{offers}")
    assert (await device.rest("GET", "/offers"))["offers"] == offers


async def test_exactly_its_list(stack: tuple[Parts, list[str]], anna: Device) -> None:
    await offered(anna, stack[1])


async def test_without_the_control_side_only_what_is_dialled_is_left(
    stack: tuple[Parts, list[str]], anna: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts, offers = stack
    await offered(anna, offers)
    monkeypatch.setattr(Backoff, "delay", lambda self, rng: 1.0)  # before it comes back
    parts.cut_csta()
    await offered(anna, OF_THE_PBX)
    await offered(anna, offers)


async def test_what_the_site_has_no_code_for_is_refused(
    stack: tuple[Parts, list[str]], anna: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts, _ = stack
    monkeypatch.setattr(parts.calls, "site_offers", lambda tenant, site: ("park",))
    for verb, body in (
        ("pickup", {"number": "102"}),
        ("unpark", {"slot": "42"}),
        ("dial", {"to": "102", "hide_number": True}),
    ):
        with pytest.raises(Refused) as refusal:
            await anna.do(verb, **body)
        assert refusal.value.code == "not_offered"
