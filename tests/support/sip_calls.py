"""Call listeners for tests: they write down what they are told and can be waited for."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from protocols.aio.call import Call, IncomingCall
from protocols.aio.endpoint import SipEndpoint
from protocols.aio.listener import RequestContext
from protocols.aio.useragent import UserAgent
from protocols.sip.message import Request, Response
from protocols.sip.txn.timers import Timers

OFFER = (
    b"v=0\r\no=a 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
    b"m=audio 9 RTP/AVP 8\r\n"
)
ANSWER = OFFER.replace(b"o=a", b"o=b")


class Recorder:
    """A CallListener. `events` holds (name, details...); `await seen(name)` waits for one."""

    def __init__(self) -> None:
        self.events: list[tuple[Any, ...]] = []
        self._changed = asyncio.Condition()
        self._waiters: list[tuple[str, int, asyncio.Future[tuple[Any, ...]]]] = []

    def names(self) -> list[str]:
        return [event[0] for event in self.events]

    def _note(self, name: str, *details: Any) -> None:
        self.events.append((name, *details))
        for waiter in list(self._waiters):
            wanted, count, future = waiter
            if self.names().count(wanted) >= count and not future.done():
                self._waiters.remove(waiter)
                future.set_result([e for e in self.events if e[0] == wanted][count - 1])

    async def seen(self, name: str, count: int = 1, within: float = 5.0) -> tuple[Any, ...]:
        """The `count`-th event of that name, also one that came already."""
        matching = [event for event in self.events if event[0] == name]
        if len(matching) >= count:
            return matching[count - 1]
        future: asyncio.Future[tuple[Any, ...]] = asyncio.get_running_loop().create_future()
        self._waiters.append((name, count, future))
        try:
            async with asyncio.timeout(within):
                return await future
        except TimeoutError:
            raise AssertionError(f"no {name!r} within {within} s, only {self.names()}") from None

    def on_progress(self, call: Call, response: Response, sdp: bytes | None) -> None:
        self._note("progress", response.status, sdp)

    def on_answer(self, call: Call, response: Response, sdp: bytes | None) -> None:
        self._note("answer", response.status, sdp)

    def on_failure(self, call: Call, status: int, response: Response | None) -> None:
        self._note("failure", status, response)

    def on_established(self, call: Call) -> None:
        self._note("established")

    def on_offer(self, call: Call, sdp: bytes | None, request: Request) -> None:
        self._note("offer", sdp, request)

    def on_offer_result(self, call: Call, status: int, sdp: bytes | None) -> None:
        self._note("offer result", status, sdp)

    def on_end(self, call: Call, cause: str, request: Request | None) -> None:
        self._note("end", cause, request)

    def on_request(self, call: Call, ctx: RequestContext) -> None:
        self._note("request", ctx)
        ctx.respond(200)


class Callee(Recorder):
    """Takes every incoming call; `calls` in order of arrival."""

    def __init__(self, ua: UserAgent) -> None:
        super().__init__()
        self.calls: list[IncomingCall] = []
        ua.on_invite = self._invited

    def _invited(self, call: IncomingCall) -> None:
        call.take(self)
        self.calls.append(call)
        self._note("invite", call)

    async def call(self, count: int = 1) -> IncomingCall:
        call: IncomingCall = (await self.seen("invite", count))[1]
        return call


@asynccontextmanager
async def user_agent(
    transport: str = "UDP",
    *,
    server: ssl.SSLContext | None = None,
    client: ssl.SSLContext | None = None,
    timers: Timers | None = None,
    **options: Any,
) -> AsyncIterator[tuple[UserAgent, str]]:
    """A user agent that listens on loopback, and the URI suffix that reaches it."""
    endpoint = SipEndpoint(timers=timers, tls_client=client)
    listener = await endpoint.listen(transport, "127.0.0.1", 0, server)  # type: ignore[arg-type]
    ua = UserAgent(endpoint, **options)
    suffix = "" if transport == "UDP" else f";transport={transport.lower()}"
    try:
        yield ua, f"127.0.0.1:{listener.port}{suffix}"
    finally:
        await ua.aclose()
        await endpoint.aclose()
