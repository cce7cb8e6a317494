"""A link on a bad day: what the faults do to what is sent. Our own state stays honest."""

from __future__ import annotations

import asyncio
from typing import Protocol

from emulator.faults import Faults
from protocols.csta.message import Event, Message, Response

#: How long an event waits for another one that could overtake it.
OVERTAKEN_SECONDS = 0.3


class Wire(Protocol):
    """A transport as it is; ``garble`` sends a whole frame whose message cannot be read, ``raw``
    one around these bytes."""

    name: str

    def send(self, invoke_id: int, message: Message) -> None: ...

    def garble(self, invoke_id: int, message: Message) -> None: ...

    def raw(self, body: bytes) -> None: ...

    def close(self, reason: str) -> None: ...


class Disturbed:
    """Stands between a link and its wire."""

    def __init__(self, wire: Wire, faults: Faults) -> None:
        self.name = wire.name
        self._wire = wire
        self._faults = faults
        self._waiting: tuple[int, Event] | None = None
        self._flush: asyncio.TimerHandle | None = None

    def send(self, invoke_id: int, message: Message) -> None:
        faults = self._faults.now
        if faults.csta_deaf and isinstance(message, Response):
            return
        if not isinstance(message, Event):
            self._let_go()  # an answer does not lose its place
            self._wire.send(invoke_id, message)
        elif faults.csta_reorder and self._waiting is None:
            self._waiting = invoke_id, message
            loop = asyncio.get_running_loop()
            self._flush = loop.call_later(OVERTAKEN_SECONDS, self._let_go)
        else:
            self._event(invoke_id, message)
            self._let_go()

    def _event(self, invoke_id: int, event: Event) -> None:
        if self._faults.garbles_event():
            self._wire.garble(invoke_id, event)
        else:
            self._wire.send(invoke_id, event)

    def _let_go(self) -> None:
        waiting, self._waiting = self._waiting, None
        if self._flush is not None:
            self._flush.cancel()
            self._flush = None
        if waiting is not None:
            self._event(*waiting)

    def raw(self, body: bytes) -> None:
        self._wire.raw(body)

    def close(self, reason: str) -> None:
        if self._flush is not None:
            self._flush.cancel()
        self._wire.close(reason)
