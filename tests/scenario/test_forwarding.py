"""Forwarding set in the gateway is true at the PBX, and set at the PBX is shown by the gateway."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from emulator.switch.features import When
from tests.support.call_stack import ANNA, Parts, call_stack
from tests.support.device_client import Device

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
    yield await stack.device(ANNA)
    await stack.sign_off()


def entry(view: dict[str, Any], kind: str) -> dict[str, Any]:
    return next(item for item in view["entries"] if item["kind"] == kind)


async def test_a_number_a_mailbox_and_off_again(stack: Parts, anna: Device) -> None:
    view = await anna.rest("GET", "/forwarding")
    assert view["available"] and view["kinds"] == ["immediate", "busy", "no_answer"]

    view = await anna.rest("PUT", "/forwarding/no_answer", json={"active": True, "to": "102"})
    assert entry(view, "no_answer")["active"]
    assert entry(view, "no_answer")["to"]["canonical"] == "102"
    assert not entry(view, "no_answer")["voicemail"]
    assert stack.pbx.features.of("101").forwarding(When.NO_ANSWER, external=False) == "102"

    view = await anna.rest("PUT", "/forwarding/busy", json={"active": True, "voicemail": True})
    assert entry(view, "busy")["active"] and entry(view, "busy")["voicemail"]

    for kind in ("no_answer", "busy"):
        view = await anna.rest("PUT", f"/forwarding/{kind}", json={"active": False})
        assert not entry(view, kind)["active"]


async def test_what_somebody_sets_at_the_pbx_is_told(stack: Parts, anna: Device) -> None:
    stack.pbx.features.set_forwarding("101", When.IMMEDIATE, "102")

    def told() -> bool:
        heard = [payload for name, payload in anna.events if name == "forwarding.changed"]
        on = entry(heard[-1], "immediate") if heard else None
        return on is not None and on["active"] and on["to"]["canonical"] == "102"

    await anna.until(told, "the forwarding that was set at the PBX")
    stack.pbx.features.set_forwarding("101", When.IMMEDIATE, None)
