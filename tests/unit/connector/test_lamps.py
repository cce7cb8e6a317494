"""Telling the gateway of lamps: what it did not take is told again after a moment, not at once."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from connector.mwi import lamps as mwi
from connector.mwi.lamps import Lamps
from protocols.sip.event.mwi import MessageSummary


class Gateway:
    """The link to a gateway that takes nothing while news go on coming."""

    def __init__(self) -> None:
        self.site = SimpleNamespace(site_id="site", service_domain="link.test")
        self.flow = object()
        self.ua = self
        self.on_flow_up: list[Any] = []
        self.lamps: Lamps | None = None
        self.refused = 0
        self.waits = asyncio.Event()

    async def request(self, *args: object, **more: object) -> Any:
        assert self.lamps is not None
        self.refused += 1
        text = f"Messages-Waiting: yes\r\nVoice-Message: {self.refused}/0\r\n"
        summary = MessageSummary.parse(text.encode())
        self.lamps.told("line-1", summary, asked=True)
        return SimpleNamespace(status=503)


async def test_a_gateway_that_refuses_is_left_alone_for_a_moment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    gateway = Gateway()
    lamps = Lamps(SimpleNamespace(news={}), gateway)  # type: ignore[arg-type]
    gateway.lamps = lamps
    rest = lamps._wait_for_news
    rests = 0

    async def counted() -> None:
        nonlocal rests
        rests += 1
        gateway.waits.set()
        await rest()

    monkeypatch.setattr(lamps, "_wait_for_news", counted)
    monkeypatch.setattr(mwi, "TELL_AGAIN", 60.0)
    lamps.start()
    lamps.told("line-1", MessageSummary.parse(b"Messages-Waiting: no\r\n"), asked=True)
    async with asyncio.timeout(5):
        await gateway.waits.wait()
    for _ in range(10):
        await asyncio.sleep(0)

    assert (gateway.refused, rests) == (1, 1)
    await lamps.aclose()
