"""A plain CSTA client on TCP for tests: session, view and what was told, waited for by events."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

from protocols.csta.dialects import DIALECTS, Dialect
from protocols.csta.framing import FramingFault
from protocols.csta.link import Garbled, Incoming, StreamLink
from protocols.csta.message import ErrorResponse, Event, Message, Request, Response, UnknownMessage
from protocols.csta.pickup import pickup_notice
from protocols.csta.session.actions import (
    CallSnapshot,
    ClientAction,
    Close,
    DeviceSnapshot,
    MonitorDown,
    MonitorUp,
    Outcome,
    Phase,
    Reported,
    Send,
)
from protocols.csta.session.client import ClientSession
from protocols.csta.view.model import DeviceView, new_view
from protocols.csta.view.reduce import reduce
from protocols.csta.view.snapshots import complete, reconcile

T = TypeVar("T", bound=Event)


class CstaClient(asyncio.Protocol):
    """``wire`` is every message in its order: (direction, invoke id, message)."""

    def __init__(self, dialect: Dialect) -> None:
        self.dialect = dialect
        self.session = ClientSession(dialect.heartbeat)
        self.wire: list[tuple[str, int, Message | UnknownMessage]] = []
        self.raw: list[bytes] = []
        self.told: list[tuple[str, Event]] = []
        #: What rings in the pickup group: no call of the number that is told of it.
        self.notices: list[tuple[str, Event]] = []
        self.doubts: list[tuple[str, Event]] = []  # events that did not fit the view
        self.refused: dict[str, object] = {}
        self.views: dict[str, DeviceView] = {}
        self.unreadable = 0
        self.closed = asyncio.Event()
        self._link = StreamLink(dialect.style)
        self._outcomes: dict[int, object] = {}
        self._changed = asyncio.Event()
        self._transport: asyncio.Transport | None = None
        self._loop = asyncio.get_running_loop()
        self._timer: asyncio.TimerHandle | None = None

    # -- asyncio.Protocol

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._perform(self.session.connected(self._loop.time()))

    def data_received(self, data: bytes) -> None:
        self.raw.append(data)
        for received in self._link.feed(data):
            now = self._loop.time()
            match received:
                case Incoming(invoke_id=invoke_id, message=message):
                    self.wire.append(("in", invoke_id, message))
                    self._perform(self.session.receive(invoke_id, message, now))
                case Garbled(invoke_id=invoke_id):
                    self.unreadable += 1
                    self._perform(self.session.garbled(invoke_id, now))
                case FramingFault():
                    self.cut()

    def connection_lost(self, exc: Exception | None) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = None
        self._perform(self.session.closed(self._loop.time()))
        if self._timer is not None:
            self._timer.cancel()
        self.closed.set()

    # -- what a test does

    def cut(self) -> None:
        if self._transport is not None:
            self._transport.abort()

    def send_bytes(self, data: bytes) -> None:
        assert self._transport is not None
        self._transport.write(data)

    def send(self, invoke_id: int, message: Message) -> None:
        """Past the session."""
        self.wire.append(("out", invoke_id, message))
        self.send_bytes(self._link.encode(invoke_id, message))

    async def watch(self, *numbers: str) -> None:
        """Monitor numbers; waits until each is up and looked at."""
        for number in numbers:
            self._perform(self.session.watch(number, self._loop.time()))
        await self.until(
            lambda: all(n in self.views or n in self.refused for n in numbers), f"{numbers} up"
        )

    async def ask(self, request: Request) -> Response:
        token, actions = self.session.request(request, self._loop.time())
        self._perform(actions)
        await self.until(lambda: token in self._outcomes, f"an answer to {request}")
        result = self._outcomes[token]
        assert isinstance(result, Response), result
        return result

    async def refusal(self, request: Request) -> str:
        answer = await self.ask(request)
        assert isinstance(answer, ErrorResponse), answer
        return str(answer)

    def view(self, number: str) -> DeviceView:
        return self.views[number]

    def names(self, number: str) -> list[str]:
        """What the monitor of a number told, without the word Event."""
        return [type(e).__name__.removesuffix("Event") for n, e in self.told if n == number]

    def events(self, number: str, kind: type[T]) -> list[T]:
        return [event for n, event in self.told if n == number and isinstance(event, kind)]

    async def event(self, number: str, kind: type[T], count: int = 1) -> T:
        """The ``count``-th event of a kind that the monitor of a number tells."""
        await self.until(lambda: len(self.events(number, kind)) >= count, f"{kind.__name__}")
        return self.events(number, kind)[count - 1]

    async def until(self, condition: Callable[[], bool], what: str, within: float = 5.0) -> None:
        try:
            async with asyncio.timeout(within):
                while not condition():
                    self._changed.clear()
                    await self._changed.wait()
        except TimeoutError:
            told = [f"{n} {type(e).__name__}" for n, e in self.told]
            raise AssertionError(f"not within {within} s: {what}; told: {told}") from None

    # -- inside

    def _perform(self, actions: list[ClientAction]) -> None:
        for action in actions:
            match action:
                case Send(invoke_id=invoke_id, message=message):
                    self.send(invoke_id, message)
                case Close():
                    self.cut()
                case Outcome(token=token, result=result):
                    self._outcomes[token] = result
                case MonitorUp(device=device):
                    self.refused.pop(device, None)
                case MonitorDown(device=device, reason=reason):
                    self.refused[device] = reason
                case Reported(device=device, event=event) if pickup_notice(event) is not None:
                    self.notices.append((device, event))
                case Reported(device=device, event=event):
                    self.told.append((device, event))
                    if device in self.views:
                        before = self.views[device]
                        self.views[device] = reduce(before, event)
                        if self.views[device].doubtful and not before.doubtful:
                            self.doubts.append((device, event))
                case DeviceSnapshot(device=device, snapshot=snapshot):
                    known = self.views.get(device) or new_view(
                        device, ignored_clears=self.dialect.clears_of_other_devices
                    )
                    self.views[device] = reconcile(known, snapshot)
                case CallSnapshot(device=device, connection=connection, snapshot=of_call):
                    self.views[device] = complete(self.views[device], connection, of_call)
        self._changed.set()
        if self._timer is not None:
            self._timer.cancel()
        due = self.session.deadline()
        self._timer = None if due is None else self._loop.call_at(due, self._beat)

    def _beat(self) -> None:
        self._perform(self.session.timer(self._loop.time()))


@asynccontextmanager
async def csta_client(
    address: str, profile: str, tls: ssl.SSLContext | None = None
) -> AsyncIterator[CstaClient]:
    """A client whose session is up."""
    client = CstaClient(DIALECTS[profile])
    host, port = address.rsplit(":", 1)
    await asyncio.get_running_loop().create_connection(lambda: client, host, int(port), ssl=tls)
    try:
        await client.until(lambda: client.session.phase is Phase.UP, "the session is up")
        yield client
    finally:
        client.cut()
        async with asyncio.timeout(5):
            await client.closed.wait()
