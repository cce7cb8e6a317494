"""CSTA up the link: whatever fills the queue, the gateway gets a picture and no gap after it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from types import SimpleNamespace
from typing import Any

import pytest

from connector.mapping.line import Told
from connector.uplink import news as csta_news
from connector.uplink.news import CstaNews
from protocols.csta.events.device import DoNotDisturbEvent
from protocols.csta.services.features import GetDoNotDisturbResponse
from protocols.csta.services.system import SystemStatus
from protocols.csta.values import SystemState

EVENT = DoNotDisturbEvent(do_not_disturb_on=True)
MOST = 4


class Gateway:
    """The link, and who is at its other end. `holds`: answers come only when they are let go."""

    def __init__(self) -> None:
        self.site = SimpleNamespace(site_id="site", service_domain="link.test")
        self.flow: object | None = object()
        self.ua = self
        self.on_flow_up: list[Callable[[], None]] = []
        self.taken: list[tuple[str, str, bool]] = []
        self.status: Callable[[str], int] = lambda seq: 200
        self.go = asyncio.Event()
        self.go.set()
        self._changed = asyncio.Event()
        self.asked = 0

    async def request(self, method: str, target: str, **more: Any) -> Any:
        headers = dict(more["headers"])
        self.asked += 1
        self._changed.set()
        await self.go.wait()
        status = self.status(headers["Offhook-Seq"])
        if status == 200:
            line = target.removeprefix("sip:").partition("@")[0]
            self.taken.append((headers["Offhook-Seq"], line, "Offhook-History" in headers))
        self._changed.set()
        return SimpleNamespace(status=status)

    async def until(self, condition: Callable[[], object]) -> None:
        async with asyncio.timeout(5):
            while not condition():
                self._changed.clear()
                await self._changed.wait()

    def lines(self) -> list[str]:
        return [line for _, line, _ in self.taken]


def picture() -> list[Told]:
    lines = [
        Told(f"line-{n}", GetDoNotDisturbResponse(do_not_disturb_on=True)) for n in range(2 * MOST)
    ]
    return [Told("gateway", SystemStatus(system_status=SystemState.NORMAL)), *lines]


PICTURE = [told.line_id for told in picture()]


@pytest.fixture
def gateway() -> Gateway:
    return Gateway()


@pytest.fixture
async def news(gateway: Gateway, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[CstaNews]:
    monkeypatch.setattr(csta_news, "MOST_KEPT", MOST)
    made = CstaNews(gateway, picture, lambda: picture()[:1])  # type: ignore[arg-type]
    made.start()
    yield made
    await made.aclose()


async def test_a_picture_that_is_larger_than_the_queue_arrives_whole(
    gateway: Gateway, news: CstaNews
) -> None:
    gateway.go.clear()
    news.begin()
    await gateway.until(lambda: gateway.asked)
    for _ in range(MOST):
        news.tell(Told("live", EVENT))  # while the first of the picture is on its way
    gateway.go.set()
    await gateway.until(lambda: len(gateway.taken) == len(PICTURE) + MOST)

    assert gateway.lines() == [*PICTURE, *["live"] * MOST]
    assert [int(seq.partition(".")[2]) for seq, _, _ in gateway.taken] == list(range(13))
    assert news.lost == 0


async def test_what_is_live_is_never_cut_but_overtaken_by_a_new_picture(
    gateway: Gateway, news: CstaNews
) -> None:
    news.begin()
    await gateway.until(lambda: len(gateway.taken) == len(PICTURE))
    gateway.go.clear()
    gateway.taken.clear()
    for n in range(MOST + 2):
        news.tell(Told(f"live-{n}", EVENT))
    gateway.go.set()
    await gateway.until(lambda: ("live-5", False) in [told[1:] for told in gateway.taken])

    epoch = gateway.taken[-1][0].partition(".")[0]
    anew = [told[1:] for told in gateway.taken if told[0].startswith(f"{epoch}.")]
    assert [line for line, _ in anew[: len(PICTURE)]] == PICTURE
    # of what the picture overtook the journal hears, except for the oldest
    late = [line for line, history in anew if history]
    assert late == ["live-2", "live-3", "live-4"]
    assert news.lost == 2


async def test_a_gateway_that_has_not_heard_the_beginning_gets_the_picture(
    gateway: Gateway, news: CstaNews
) -> None:
    news.begin()
    await gateway.until(lambda: len(gateway.taken) == len(PICTURE))
    gateway.taken.clear()
    # another process by now
    gateway.status = lambda seq: 200 if gateway.taken or seq.endswith(".0") else 412
    (flow_up,) = gateway.on_flow_up
    flow_up()  # one flow is there again, the other was never missed

    await gateway.until(lambda: len(gateway.taken) == len(PICTURE))
    assert gateway.lines() == PICTURE


async def test_other_news_are_no_reason_to_hurry(
    gateway: Gateway, news: CstaNews, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A gateway that is busy is not asked more often because more happens."""
    tries = 0

    def busy(seq: str) -> int:
        nonlocal tries
        tries += 1
        return 503

    gateway.status = busy
    news.begin()
    await gateway.until(lambda: tries == 1)
    for _ in range(3):
        news.tell(Told("live", EVENT))
        for _ in range(10):
            await asyncio.sleep(0)
    assert tries == 1


async def test_what_is_refused_leaves_no_gap(gateway: Gateway, news: CstaNews) -> None:
    first = iter((400,))
    gateway.status = lambda seq: next(first, 200)
    news.begin()
    await gateway.until(lambda: len(gateway.taken) == len(PICTURE) - 1)

    assert gateway.lines() == PICTURE[1:]
    assert gateway.taken[0][0].endswith(".0")
