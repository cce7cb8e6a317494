"""Subscriptions between two user agents over real sockets: a message lamp."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest

from protocols.aio.subscription import NotifierService, SubscriptionClient
from protocols.aio.useragent import UserAgent
from protocols.sip.event.mwi import CONTENT_TYPE, MessageSummary
from protocols.sip.event.notifier import Package
from protocols.sip.event.values import Ended
from protocols.sip.message import Request
from tests.support.sip_calls import user_agent


class Lamp:
    """A mailbox at one side, a subscriber at the other."""

    def __init__(self, pbx: UserAgent, phone: UserAgent, host: str) -> None:
        self.new = 0
        self.service = NotifierService(
            pbx,
            Package("message-summary", CONTENT_TYPE),
            resource_of=lambda request: request.to.user if request.to.user == "100" else None,
            body_of=lambda _: MessageSummary(self.new > 0, new=self.new, old=0).to_bytes(),
        )
        pbx.handle("SUBSCRIBE", self.service.serve)
        self.phone, self.host = phone, host
        self.notifies: asyncio.Queue[Request] = asyncio.Queue()
        self.ends: asyncio.Queue[Ended] = asyncio.Queue()

    def subscribe(self, user: str = "100") -> SubscriptionClient:
        client = SubscriptionClient(
            self.phone,
            target=f"sip:{user}@{self.host}",
            from_=f"<sip:{user}@pbx.test>",
            event="message-summary",
            accept=CONTENT_TYPE,
            on_notify=self.notifies.put_nowait,
            on_end=self.ends.put_nowait,
        )
        client.start()
        return client

    async def shows(self) -> MessageSummary:
        async with asyncio.timeout(5):
            return MessageSummary.parse((await self.notifies.get()).body)

    async def ended(self) -> Ended:
        async with asyncio.timeout(5):
            return await self.ends.get()


@pytest.fixture(params=["UDP", "TCP"])
async def lamp(request: pytest.FixtureRequest) -> AsyncIterator[Lamp]:
    async with AsyncExitStack() as stack:
        pbx, host = await stack.enter_async_context(user_agent(request.param))
        phone, _ = await stack.enter_async_context(user_agent(request.param))
        yield Lamp(pbx, phone, host)


async def test_the_lamp_follows_the_mailbox(lamp: Lamp) -> None:
    client = lamp.subscribe()
    assert await lamp.shows() == MessageSummary(False, new=0, old=0)
    assert client.active
    lamp.new = 2
    lamp.service.changed("100")
    assert await lamp.shows() == MessageSummary(True, new=2, old=0)
    assert lamp.service.subscribers("100") == 1
    client.stop()
    assert (await lamp.ended()).retry_in is None
    await lamp.shows()
    assert not client.active


async def test_the_service_says_good_bye(lamp: Lamp) -> None:
    lamp.subscribe()
    await lamp.shows()
    lamp.service.end()
    ended = await lamp.ended()
    assert (ended.reason, ended.retry_in) == ("deactivated", 0.0)


async def test_an_unknown_mailbox_is_refused(lamp: Lamp) -> None:
    lamp.subscribe("999")
    assert (await lamp.ended()).status == 404
