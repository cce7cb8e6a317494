"""The mobile client as most scenarios use it: a device that remembers all that it was told.

It knows the public API and nothing else, so it is an independent judge of the gateway.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

from tests.support.mobile_client import MobileClient, Refused
from tests.support.mobile_client.session import Json

__all__ = ["Device", "Refused", "device"]

PATIENCE = 10.0


class Device(MobileClient):
    """It does what the test says, and little by itself: its link stays broken when it breaks, and
    a call of before is taken back only when it is told to."""

    def __init__(self, url: str, hertz: float, *, pre_arm: bool = True) -> None:
        super().__init__(
            url, kind="api", name="headless", hertz=hertz, pre_arm=pre_arm, comes_back=False
        )
        self.url = url
        self.repairs = True  # brings its sound again when asked to
        self.events: list[tuple[str, Json]] = []

    @property
    def token(self) -> str:
        return self.session.access_token

    async def rest(
        self,
        method: str,
        path: str,
        *,
        json: Json | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Any:
        return await self.session.request(method, path, json, **(headers or {}))

    async def download(self, path: str) -> str:
        return await self.session.download(path)

    async def journal(self) -> list[Json]:
        entries: list[Json] = (await self.rest("GET", "/journal"))["items"]
        return entries

    async def entry(self, call_id: str) -> Json:
        """The one settled journal entry of a call."""
        async with asyncio.timeout(PATIENCE):
            while True:
                found = [e for e in await self.journal() if e["call_id"] == call_id]
                assert len(found) <= 1, found
                if found and found[0]["kind"] != "pending":
                    return found[0]
                await self._some_news()

    def _event(self, name: str, payload: Json) -> None:
        self.events.append((name, payload))
        super()._event(name, payload)

    def _resume(self, call_id: str) -> None:
        pass

    def _restart(self, call_id: str) -> None:
        pass

    def _repair(self, call_id: str) -> None:
        if self.repairs:
            super()._repair(call_id)

    async def until(self, holds: Callable[[], Any], what: str = "") -> Any:
        try:
            return await super().until(holds, what)
        except AssertionError as failure:
            seen = [name for name, _ in self.events]
            raise AssertionError(f"{failure}; {seen}") from None

    async def event(self, name: str, **match: Any) -> Json:
        def found() -> Json | None:
            for event, payload in self.events:
                if event == name and all(payload.get(k) == v for k, v in match.items()):
                    return payload
            return None

        value: Json = await self.until(found, name)
        return value

    async def ringing(self) -> str:
        """Wait for a call to ring; its id."""
        call_id: str = (await self.event("ring.offer"))["call"]["id"]
        return call_id


@asynccontextmanager
async def device(
    url: str,
    email: str,
    password: str,
    *,
    hertz: float = 1000.0,
    pre_arm: bool = True,
    device_id: str | None = None,
) -> AsyncIterator[Device]:
    made = Device(url, hertz, pre_arm=pre_arm)
    try:
        await made.sign_in(email, password, device_id=device_id)
        yield made
    finally:
        await made.aclose()
