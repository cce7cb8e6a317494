"""One computing function's link: its session, its monitors, its requests one after the other.

Transport-neutral: ``send`` and ``close`` are the transport's. While a request is being carried out
the events of this link are kept back, so that the answer goes first (ServerSession.answer lets
those overtake it that a platform is known to send first).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Protocol

from emulator.csta.names import Names
from emulator.switch.model import SwitchError
from protocols.csta.dialects import Dialect
from protocols.csta.message import (
    ErrorResponse,
    Event,
    Message,
    Request,
    Response,
    UnknownMessage,
    operation_error,
    resource_error,
    state_error,
)
from protocols.csta.services.monitoring import MonitorStart
from protocols.csta.session.actions import Asked, Close, Send, ServerAction
from protocols.csta.session.server import ServerSession
from protocols.csta.values import ErrorCategory, SystemState

logger = logging.getLogger(__name__)

#: How long an operation on a phone may take before the switch gives up on it.
OPERATION_SECONDS = 5.0
#: Reasons of the switch that ECMA-269 counts among the states and the resources.
_STATE = frozenset({"invalidObjectState", "noActiveCall", "noHeldCall", "noCallToAnswer"})
_RESOURCE = frozenset({"internalResourceBusy", "deviceOutOfService", "resourceBusy"})


class Transport(Protocol):
    name: str

    def send(self, invoke_id: int, message: Message) -> None: ...

    def raw(self, body: bytes) -> None: ...

    def close(self, reason: str) -> None: ...


CarryOut = Callable[[Request], Awaitable[Response]]


def refusal(error: SwitchError) -> ErrorResponse:
    """The standard's category for a reason of the switch."""
    reason = "invalidObjectState" if error.reason == "invalidConnectionState" else error.reason
    if reason in _STATE:
        return state_error(reason)
    if reason in _RESOURCE:
        return resource_error(reason)
    return operation_error(reason)


class CstaLink:
    """``begun(number)`` gives what a monitor is told at once; ``delay()`` is how much later answers
    go out (a fault)."""

    def __init__(
        self,
        transport: Transport,
        dialect: Dialect,
        names: Names,
        carry_out: CarryOut,
        *,
        first_cross_ref: int,
        max_monitors: int,
        begun: Callable[[str], list[Event]],
        delay: Callable[[], float],
    ) -> None:
        self.transport = transport
        self.session = ServerSession(dialect, first_cross_ref)
        self._names = names
        self._carry_out = carry_out
        self._max_monitors = max_monitors
        self._begun = begun
        self._delay = delay
        self._asked: asyncio.Queue[Asked] = asyncio.Queue()
        self._kept_back: list[tuple[str, Event]] | None = None
        self._loop = asyncio.get_running_loop()
        self._timer: asyncio.TimerHandle | None = None
        self.closed = False

    @property
    def monitored(self) -> list[str]:
        """Numbers under a monitor."""
        return sorted({self._names.monitored(text).number for text in self.session.monitored()})

    # -- the transport's side ----------------------------------------------------------------

    def connected(self) -> None:
        self._perform(self.session.connected(self._loop.time()))

    def received(self, invoke_id: int, message: Message | UnknownMessage) -> None:
        self._perform(self.session.receive(invoke_id, message, self._loop.time()))

    def garbled(self, invoke_id: int) -> None:
        self._perform(self.session.garbled(invoke_id))

    def end(self) -> None:
        """The transport is gone."""
        self.closed = True
        if self._timer is not None:
            self._timer.cancel()

    # -- the switch's side -------------------------------------------------------------------

    def report(self, number: str, event: Event) -> None:
        if self._kept_back is not None:
            self._kept_back.append((number, event))
            return
        for text in self._texts(number):
            self._perform(self.session.report(text, event))

    def status(self, state: SystemState) -> None:
        self._perform(self.session.set_state(state))

    def _texts(self, number: str) -> list[str]:
        """As which names a number is watched: each monitor keeps the one it was asked for."""
        return [
            text
            for text in sorted(self.session.monitored())
            if self._names.monitored(text).number == number
        ]

    # -- requests ----------------------------------------------------------------------------

    async def serve(self) -> None:
        """Carries requests out, in their order."""
        while True:
            asked = await self._asked.get()
            delay = self._delay()
            if delay:
                await asyncio.sleep(delay)
            await self._serve(asked)

    async def _serve(self, asked: Asked) -> None:
        if isinstance(asked.request, MonitorStart):
            self._start_monitor(asked.invoke_id, asked.request)
            return
        self._kept_back = []
        try:
            async with asyncio.timeout(OPERATION_SECONDS):
                answer = await self._carry_out(asked.request)
        except SwitchError as error:
            logger.info("%s: %s refused: %s", self.transport.name, asked.request, error)
            answer = refusal(error)
        except TimeoutError:
            answer = resource_error("internalResourceBusy")
        except Exception:
            logger.exception("%s: %s", self.transport.name, asked.request)
            answer = operation_error("generic")
        events, self._kept_back = self._kept_back, None
        reports = [(text, event) for number, event in events for text in self._texts(number)]
        if not self.closed:
            self._perform(self.session.answer(asked.invoke_id, answer, reports))

    def _start_monitor(self, invoke_id: int, request: MonitorStart) -> None:
        try:
            number = self._names.monitored(request.device).number
        except SwitchError as error:
            self._perform(self.session.answer(invoke_id, refusal(error)))
            return
        if self.session.monitors >= self._max_monitors:
            full = ErrorResponse(
                category=ErrorCategory.SUBSCRIBED_RESOURCE, value="overallMonitorLimitExceeded"
            )
            self._perform(self.session.answer(invoke_id, full))
            return
        self._perform(self.session.accept_monitor(invoke_id))
        for event in self._begun(number):
            self._perform(self.session.report(request.device, event))

    def _perform(self, actions: list[ServerAction]) -> None:
        for action in actions:
            if self.closed:
                return
            match action:
                case Send(invoke_id=invoke_id, message=message):
                    self.transport.send(invoke_id, message)
                case Close(reason=reason):
                    self.transport.close(reason)
                case Asked():
                    self._asked.put_nowait(action)
        self._arm()

    def _arm(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        due = None if self.closed else self.session.deadline()
        self._timer = None if due is None else self._loop.call_at(due, self._beat)

    def _beat(self) -> None:
        self._timer = None
        self._perform(self.session.timer(self._loop.time()))
