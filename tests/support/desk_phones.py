"""The emulator's desk phones, driven by its console's API."""

from __future__ import annotations

import asyncio
import io
import time
import wave
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

import aiohttp

from tests.support.netns import connector_in

#: Between two questions to the console; it has no event for "this tone is heard now".
ASK_EVERY_S = 0.05


class Console:
    """``async with Console(url) as console``."""

    def __init__(self, url: str, *, namespace: str | None = None) -> None:
        self._url = url
        self._namespace = namespace
        self._http: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        self._http = aiohttp.ClientSession(
            timeout=aiohttp.ClientTimeout(total=10), connector=connector_in(self._namespace)
        )
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._http is not None:
            await self._http.close()

    async def get(self, path: str) -> Any:
        assert self._http is not None
        async with self._http.get(self._url + path) as reply:
            assert reply.status == 200, f"{path}: {reply.status} {await reply.text()}"
            return await reply.json()

    async def recording(self, phone: str) -> bytes:
        """What the phone heard of its last call: 16 bit mono PCM at 8 kHz."""
        assert self._http is not None
        async with self._http.get(f"{self._url}/api/phones/{phone}/heard.wav") as reply:
            assert reply.status == 200, await reply.text()
            with wave.open(io.BytesIO(await reply.read())) as file:
                assert (file.getframerate(), file.getnchannels()) == (8000, 1)
                return file.readframes(file.getnframes())

    async def post(self, path: str, body: dict[str, Any] | None = None) -> Any:
        assert self._http is not None
        async with self._http.post(self._url + path, json=body or {}) as reply:
            assert reply.status < 300, f"{path}: {reply.status} {await reply.text()}"
            return await reply.json()

    async def phone(self, number: str) -> dict[str, Any]:
        row: dict[str, Any] = await self.get(f"/api/phones/{number}")
        return row

    async def dial(self, phone: str, number: str) -> None:
        await self.post(f"/api/phones/{phone}/dial", {"number": number})

    async def answer(self, phone: str) -> None:
        await self.post(f"/api/phones/{phone}/answer")

    async def hang_up(self, phone: str) -> None:
        await self.post(f"/api/phones/{phone}/hangup")

    async def keys(self, phone: str, digits: str) -> None:
        await self.post(f"/api/phones/{phone}/digits", {"digits": digits})

    async def say(self, phone: str, what: str) -> None:
        await self.post(f"/api/phones/{phone}/say", {"what": what})

    async def heard(self, phone: str, hertz: float, seconds: float = 1.0) -> dict[str, Any]:
        query = f"seconds={seconds}&frequency={hertz}"
        row: dict[str, Any] = await self.get(f"/api/phones/{phone}/heard?{query}")
        return row

    async def until(
        self, phone: str, holds: Callable[[dict[str, Any]], bool], what: str, within_s: float = 10.0
    ) -> dict[str, Any]:
        """Wait until the phone's row satisfies ``holds``."""
        limit = time.monotonic() + within_s
        while True:
            row = await self.phone(phone)
            if holds(row):
                return row
            assert time.monotonic() < limit, f"{phone}: not {what} within {within_s} s: {row}"
            await asyncio.sleep(ASK_EVERY_S)

    async def expect_nothing_left(self, within_s: float = 10.0) -> None:
        """No call, no dialog, no port of a call is left at the phone system."""
        limit = time.monotonic() + within_s
        while True:
            status = await self.get("/api/status")
            left = {name: status[name] for name in ("calls", "dialogs", "media_ports")}
            if not any(left.values()):
                return
            assert time.monotonic() < limit, f"left at the phone system: {left}"
            await asyncio.sleep(ASK_EVERY_S)

    async def expect_state(self, phone: str, state: str, within_s: float = 10.0) -> dict[str, Any]:
        return await self.until(phone, lambda row: row["state"] == state, state, within_s)

    async def expect_heard(self, phone: str, hertz: float, within_s: float = 10.0) -> None:
        """The phone hears a second of this tone, and nothing at the control frequency."""
        limit = time.monotonic() + within_s
        while True:
            row = await self.heard(phone, hertz)
            if row["tone"]["heard"] and row["tone"]["control"] < 0.1:
                return
            assert time.monotonic() < limit, f"{phone} does not hear {hertz} Hz: {row}"
            await asyncio.sleep(ASK_EVERY_S)

    async def expect_not_heard(self, phone: str, hertz: float, within_s: float = 10.0) -> None:
        """A second passes at the phone without this tone, whatever else is heard."""
        limit = time.monotonic() + within_s
        while True:
            row = await self.heard(phone, hertz)
            if row["seconds"] >= 1.0 and row["tone"]["share"] < 0.01:
                return
            assert time.monotonic() < limit, f"{phone} still hears {hertz} Hz: {row}"
            await asyncio.sleep(ASK_EVERY_S)

    async def expect_held(self, within_s: float = 10.0) -> None:
        """The phone system counts a call as held by one of its ends."""
        limit = time.monotonic() + within_s
        while not any(call["held_by"] for call in (await self.get("/api/calls"))["calls"]):
            assert time.monotonic() < limit, "nobody holds a call"
            await asyncio.sleep(ASK_EVERY_S)
