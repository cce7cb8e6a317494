"""The switching function's end of one connection: what the protocol settles by itself, and the
bookkeeping of monitors. What a request does to calls is decided by whoever gets `Asked`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from protocols.csta.dialects import Dialect
from protocols.csta.framing import UNSOLICITED
from protocols.csta.message import (
    ErrorResponse,
    Event,
    Message,
    Request,
    Response,
    UnknownMessage,
    operation_error,
)
from protocols.csta.services.monitoring import (
    MonitorStart,
    MonitorStartResponse,
    MonitorStop,
    MonitorStopResponse,
)
from protocols.csta.services.system import (
    RequestSystemStatus,
    RequestSystemStatusResponse,
    SystemRegister,
    SystemRegisterResponse,
    SystemStatus,
    SystemStatusResponse,
)
from protocols.csta.session.actions import Asked, Close, MonitorEnded, Send, ServerAction
from protocols.csta.values import ErrorCategory, SystemState

#: Requests of one client that may wait for an answer.
MAX_OUTSTANDING = 100


class ServerSession:
    """`first_cross_ref` keeps the monitors of several connections apart."""

    def __init__(self, dialect: Dialect, first_cross_ref: int = 1_000_000_001) -> None:
        self._dialect = dialect
        self._next_cross_ref = first_cross_ref
        self._devices: dict[str, str] = {}  # cross reference -> device
        self._asked: dict[int, Request] = {}
        self._register_id = ""
        self._state = SystemState.ENABLED
        self._unanswered = 0
        self._beat_at: float | None = None

    def connected(self, now: float) -> list[ServerAction]:
        self._beat_at = now + self._dialect.heartbeat.interval
        return [self._status()]

    def monitored(self) -> frozenset[str]:
        return frozenset(self._devices.values())

    @property
    def monitors(self) -> int:
        return len(self._devices)

    def receive(
        self, invoke_id: int, message: Message | UnknownMessage, now: float
    ) -> list[ServerAction]:
        match message:
            case SystemStatusResponse():
                self._unanswered = 0
                return []
            case Response() | Event():
                return []  # ECMA-269: what answers nothing of ours has no effect
            case UnknownMessage(wants_answer=True):
                return [Send(invoke_id, operation_error("serviceNotSupported"))]
            case UnknownMessage():
                return []
            case Request():
                return self._request(invoke_id, message)
            case _:
                raise AssertionError(f"neither request, response nor event: {message!r}")

    def garbled(self, invoke_id: int) -> list[ServerAction]:
        """A frame came whose message cannot be read."""
        return [Send(invoke_id, operation_error("generic"))]

    def _request(self, invoke_id: int, request: Request) -> list[ServerAction]:
        if invoke_id == UNSOLICITED or invoke_id in self._asked:
            return [Send(invoke_id, operation_error("generic"))]
        match request:
            case SystemRegister():
                self._register_id = f"{invoke_id}ss"
                answer = SystemRegisterResponse(sys_stat_register_id=self._register_id)
                return [Send(invoke_id, answer)]
            case RequestSystemStatus():
                return [Send(invoke_id, RequestSystemStatusResponse(system_status=self._normal()))]
            case SystemStatus():
                return [Send(invoke_id, SystemStatusResponse())]
            case MonitorStop(monitor_cross_ref_id=cross_ref_id):
                device = self._devices.pop(cross_ref_id, None)
                if device is None:
                    return [Send(invoke_id, operation_error("invalidMonitorCrossRefID"))]
                return [Send(invoke_id, MonitorStopResponse()), MonitorEnded(device, cross_ref_id)]
        if len(self._asked) >= MAX_OUTSTANDING:
            category = ErrorCategory.SUBSCRIBED_RESOURCE
            full = ErrorResponse(category=category, value="outstandingReqLimitExceeded")
            return [Send(invoke_id, full)]
        self._asked[invoke_id] = request
        return [Asked(invoke_id, request)]

    def answer(
        self, invoke_id: int, response: Response, events: Iterable[tuple[str, Event]] = ()
    ) -> list[ServerAction]:
        """Answer an Asked request and report what it changed: (monitored device, event).

        The response goes first, unless the dialect lets this one be overtaken.
        """
        request = self._asked.pop(invoke_id)
        reports = [action for device, event in events for action in self.report(device, event)]
        if type(request).__name__ in self._dialect.late_responses:
            return [*reports, Send(invoke_id, response)]
        return [Send(invoke_id, response), *reports]

    def accept_monitor(self, invoke_id: int) -> list[ServerAction]:
        """Positive answer to an Asked MonitorStart."""
        request = self._asked[invoke_id]
        if not isinstance(request, MonitorStart):
            raise AssertionError(f"{invoke_id} asked for {type(request).__name__}")
        cross_ref_id = str(self._next_cross_ref)
        self._next_cross_ref += 1
        self._devices[cross_ref_id] = request.device
        return self.answer(invoke_id, MonitorStartResponse(monitor_cross_ref_id=cross_ref_id))

    def report(self, device: str, event: Event) -> list[ServerAction]:
        """One copy for each monitor on the device, with that monitor's cross reference."""
        return [
            Send(UNSOLICITED, replace(event, monitor_cross_ref_id=cross_ref_id))
            for cross_ref_id, watched in self._devices.items()
            if watched == device
        ]

    def end_monitors(self, device: str) -> list[ServerAction]:
        """The device is gone: tell each of its monitors."""
        gone = [ref for ref, watched in self._devices.items() if watched == device]
        actions: list[ServerAction] = []
        for cross_ref_id in gone:
            del self._devices[cross_ref_id]
            actions.append(Send(UNSOLICITED, MonitorStop(monitor_cross_ref_id=cross_ref_id)))
            actions.append(MonitorEnded(device, cross_ref_id))
        return actions

    def set_state(self, state: SystemState) -> list[ServerAction]:
        """Tell a change of the switching function. Out of service ends every monitor."""
        self._state = state
        if not state.working:
            self._devices.clear()
        return [self._status()]

    def deadline(self) -> float | None:
        return self._beat_at

    def timer(self, now: float) -> list[ServerAction]:
        heartbeat = self._dialect.heartbeat
        if self._beat_at is None or now < self._beat_at:
            return []
        if self._unanswered >= heartbeat.misses:
            self._beat_at = None
            return [Close(f"{self._unanswered} heartbeats without answer")]
        self._beat_at = now + heartbeat.interval
        return [self._status()]

    def _normal(self) -> SystemState:
        return SystemState.NORMAL if self._state is SystemState.ENABLED else self._state

    def _status(self) -> Send:
        self._unanswered += 1
        status = SystemStatus(
            system_status=self._state, sys_stat_register_id=self._register_id or None
        )
        return Send(UNSOLICITED, status)
