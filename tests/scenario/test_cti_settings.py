"""Do not disturb and forwarding through the port that features use, both ways with the PBX."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from emulator.faults import FaultSettings
from emulator.switch.features import When
from gateway.bus import PbxFeatureChanged, PbxReachable
from gateway.pbx_ports import Forwarding, PbxCapabilities, PbxControl
from gateway.ports import Numbers, Problem, UserKey
from tests.support.call_stack import ANNA, Parts, call_stack

pytestmark = pytest.mark.asyncio(loop_scope="module")

TO_BERTA = Numbers("102", "102", "102")


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=["business", "voice", "os4000"])
async def stack(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Parts]:
    folder = tmp_path_factory.mktemp("stack")
    async with call_stack(folder, profile=request.param, csta=True) as parts:
        yield parts


class Settings:
    """Anna's settings as a feature of the gateway sees them."""

    def __init__(self, parts: Parts, user: UserKey) -> None:
        self.parts, self.user = parts, user
        self.pbx: PbxControl = parts.gateway.features.pbx
        self.told: list[PbxFeatureChanged] = []
        self.reached: list[bool] = []
        bus = parts.gateway.features.bus
        bus.subscribe(PbxFeatureChanged, self._changed)
        bus.subscribe(PbxReachable, lambda news: self.reached.append(news.reachable))

    def _changed(self, news: PbxFeatureChanged) -> None:
        if news.user == self.user:
            self.told.append(news)

    async def until(self, what: str, condition: object) -> None:
        assert callable(condition)
        await self.parts._until(condition, what)

    async def capabilities(self) -> PbxCapabilities:
        return await self.pbx.capabilities(self.user)


@pytest_asyncio.fixture(loop_scope="module")
async def anna(stack: Parts) -> AsyncIterator[Settings]:
    await stack.control_works()
    device = await stack.device(ANNA)
    me = await device.rest("GET", "/me")
    settings = Settings(stack, UserKey(me["tenant"]["id"], me["user"]["id"]))
    async with asyncio.timeout(10):
        while not (await settings.capabilities()).do_not_disturb:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    yield settings
    stack.pbx.features.set_do_not_disturb("101", False)
    await stack.sign_off()


async def test_what_the_pbx_can_is_offered(anna: Settings) -> None:
    able = await anna.capabilities()

    assert able.reachable and able.do_not_disturb and able.desk_phone and able.tells_changes
    assert able.forwarding == ("immediate", "busy", "no_answer")


async def test_do_not_disturb_is_set_at_the_pbx(anna: Settings) -> None:
    await anna.pbx.set_do_not_disturb(anna.user, True)

    assert anna.parts.pbx.features.of("101").do_not_disturb
    assert await anna.pbx.get_do_not_disturb(anna.user)
    await anna.until("the news", lambda: anna.told and anna.told[-1].do_not_disturb)


async def test_do_not_disturb_set_at_the_desk_is_told(anna: Settings) -> None:
    anna.parts.pbx.features.set_do_not_disturb("101", True)
    await anna.until("on", lambda: anna.told and anna.told[-1].do_not_disturb is True)

    anna.parts.pbx.features.set_do_not_disturb("101", False)
    await anna.until("off", lambda: anna.told[-1].do_not_disturb is False)


@pytest.mark.parametrize(
    ("kind", "when"),
    [("immediate", When.IMMEDIATE), ("busy", When.BUSY), ("no_answer", When.NO_ANSWER)],
)
async def test_forwarding_is_set_and_shown_as_the_pbx_reports_it(
    anna: Settings, kind: str, when: When
) -> None:
    await anna.pbx.set_forwarding(anna.user, kind, active=True, to=TO_BERTA)  # type: ignore[arg-type]

    assert anna.parts.pbx.features.of("101").forwarding(when, external=False) == "102"
    assert Forwarding(kind, True, TO_BERTA) in await anna.pbx.get_forwarding(anna.user)  # type: ignore[arg-type]
    await anna.until(
        "the news",
        lambda: anna.told and Forwarding(kind, True, TO_BERTA) in (anna.told[-1].forwarding or ()),  # type: ignore[arg-type]
    )

    await anna.pbx.set_forwarding(anna.user, kind, active=False)  # type: ignore[arg-type]
    assert anna.parts.pbx.features.of("101").forwarding(when, external=False) is None
    assert not any(item.active for item in await anna.pbx.get_forwarding(anna.user))


async def test_two_that_correct_each_other_are_stopped(anna: Settings) -> None:
    async def change_for_ever() -> None:
        on = False
        while True:
            on = not on
            await anna.pbx.set_do_not_disturb(anna.user, on)

    with pytest.raises(Problem) as refusal:
        async with asyncio.timeout(5):
            await change_for_ever()
    assert (refusal.value.status, refusal.value.code) == (429, "too_fast")


async def test_while_the_link_is_cut_nothing_is_offered(anna: Settings) -> None:
    anna.parts.pbx.features.set_do_not_disturb("101", True)
    anna.parts.pbx.faults.now = FaultSettings(csta_delay=1.0)  # or it is back before we look
    anna.parts.cut_csta()
    await anna.until("unreachable", lambda: anna.reached == [False])
    assert await anna.capabilities() == PbxCapabilities()
    with pytest.raises(Problem) as refusal:
        await anna.pbx.get_do_not_disturb(anna.user)
    assert (refusal.value.status, refusal.value.code) == (503, "pbx_unreachable")

    anna.told.clear()
    anna.parts.pbx.faults.now = FaultSettings()
    await anna.until("reachable", lambda: anna.reached == [False, True])
    await anna.until("told anew", lambda: any(news.do_not_disturb for news in anna.told))
