"""Flows F2 to F10 of a line with a client of its own tell exactly what was recorded.

The unit tests of the join replay these recordings in every order. To record anew after a change
that is meant: OFFHOOK_RECORD=1, and read what has changed.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.support.csta_client import CstaClient, csta_client
from tests.support.csta_flows import FLOWS, PLAN
from tests.support.csta_recording import LINE, NUMBER, path, record
from tests.support.pbx_rig import Device, PbxRig, pbx_rig

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=["business", "voice", "os4000"])
async def rig(request: pytest.FixtureRequest) -> AsyncIterator[PbxRig]:
    async with pbx_rig(extensions=PLAN, profile=request.param, csta={"port": 0}) as rig:
        yield rig


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def line(rig: PbxRig) -> Device:
    return await rig.device(LINE)


@pytest_asyncio.fixture(loop_scope="module")
async def csta(rig: PbxRig) -> AsyncIterator[CstaClient]:
    profile = rig.pbx.config.profile
    async with csta_client(rig.emulator.addresses["csta"], profile) as client:
        await client.watch(NUMBER)
        yield client
    await rig.nothing_left()


@pytest.mark.parametrize("name", FLOWS)
async def test_a_flow_tells_what_was_recorded(
    rig: PbxRig, csta: CstaClient, line: Device, name: str
) -> None:
    profile = rig.pbx.config.profile
    kept = path(profile, name)
    told = await record(FLOWS[name], rig, csta, line)
    if os.environ.get("OFFHOOK_RECORD"):
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text(f"{told}\n")
    assert sorted(told.splitlines()) == sorted(kept.read_text().splitlines())
    assert csta_lines(told) == csta_lines(kept.read_text())


def csta_lines(text: str) -> list[str]:
    """Between SIP and CSTA there is no order."""
    return [line for line in text.splitlines() if line.startswith("csta ")]
