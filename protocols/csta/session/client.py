"""The computing function's end: asks, watches devices, takes snapshots after every reconnect.

Start: the switching function sends SystemStatus, we answer it and send SystemRegister; then a
MonitorStart, a SnapshotDevice and a SnapshotCall for each call of every wanted device. All of it
again after every reconnect. `now` is any monotonic clock in seconds.
"""

from __future__ import annotations

from protocols.csta.codec import response_type
from protocols.csta.dialects import Heartbeat
from protocols.csta.framing import UNSOLICITED
from protocols.csta.ids import ConnectionId
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
    SnapshotCall,
    SnapshotCallResponse,
    SnapshotDevice,
    SnapshotDeviceResponse,
)
from protocols.csta.services.system import (
    RequestSystemStatus,
    RequestSystemStatusResponse,
    SystemRegister,
    SystemRegisterResponse,
    SystemStatus,
    SystemStatusResponse,
)
from protocols.csta.session.actions import (
    CallSnapshot,
    ClientAction,
    Close,
    DeviceSnapshot,
    Failure,
    MonitorDown,
    MonitorUp,
    Outcome,
    Phase,
    PhaseChanged,
    Reported,
    Send,
)
from protocols.csta.session.monitors import Monitor, MonitorRegistry, MonitorState
from protocols.csta.session.pending import RequestTable
from protocols.csta.session.purposes import (
    Detail,
    Look,
    Probe,
    Purpose,
    Register,
    Stop,
    Token,
    Watch,
)
from protocols.csta.values import SystemState

REQUEST_TIMEOUT = 10.0
#: How long to wait for the first SystemStatus before asking without it.
GREETING_TIMEOUT = 1.0
WINDOW = 16
#: Silence of so many heartbeats' length makes us ask whether anyone is there.
SILENCE = 1.5
#: Seconds between two looks at every device, for what a platform says unreadably it says often.
LOOK_ROUND_AGAIN = 30.0


class ClientSession:
    """Every method returns what to do, in this order. After each, arm a timer for `deadline`.

    `connectionless`: the carrier is SIP, no connection shows that the switching function is
    another one now. It does not greet before it was asked something, and a SystemStatus for
    another registration than ours says that it was started anew (ECMA-269 SystemRegister).
    """

    def __init__(
        self, heartbeat: Heartbeat, window: int = WINDOW, *, connectionless: bool = False
    ) -> None:
        self.phase = Phase.DOWN
        self.strays = 0  # answers and events that belong to nothing of ours
        self._heartbeat = heartbeat
        self._connectionless = connectionless
        self._register_id = ""
        self._monitors = MonitorRegistry()
        self._requests: RequestTable[Purpose] = RequestTable(window, REQUEST_TIMEOUT)
        self._tokens = 0
        self._greeting_by: float | None = None
        self._heard = 0.0
        self._misses = 0
        self._probing = False
        self._looked_round: float | None = None
        self._look_round_at: float | None = None
        self._actions: list[ClientAction] = []

    # -- what the program asks for

    def request(self, request: Request, now: float) -> tuple[int, list[ClientAction]]:
        """Ask for a service; an Outcome with the returned token follows, at once when not up."""
        self._tokens += 1
        if self.phase is Phase.UP:
            self._requests.hurry(request, Token(self._tokens), now)
        else:
            self._actions.append(Outcome(self._tokens, Failure.LINK_LOST))
        return self._tokens, self._flush(now)

    def watch(self, device: str, now: float) -> list[ClientAction]:
        """Monitor a device from now on, over every reconnect. A refused one is tried anew."""
        monitor = self._monitors.want(device)
        if monitor.state is MonitorState.REFUSED:
            monitor.state = MonitorState.WANTED
        self._start(monitor)
        return self._flush(now)

    def unwatch(self, device: str, now: float) -> list[ClientAction]:
        monitor = self._monitors.forget(device)
        if monitor is not None and monitor.state is MonitorState.ACTIVE:
            stop = MonitorStop(monitor_cross_ref_id=monitor.cross_ref_id)
            self._requests.enqueue(stop, Stop())
        return self._flush(now)

    def resync(self, device: str, now: float) -> list[ClientAction]:
        """Take a snapshot, because what was reported does not fit together. One on its way will
        do: what was reported before its answer is in it."""
        monitor = self._monitors.get(device)
        if monitor is not None:
            self._look_afresh(monitor)
        return self._flush(now)

    def resync_all(self, now: float) -> list[ClientAction]:
        """Something was lost, and nobody knows of which device: look at each, at once or soon."""
        again = -1.0 if self._looked_round is None else self._looked_round + LOOK_ROUND_AGAIN
        self._look_round_at = max(now, again)
        if self._look_round_at <= now:
            self._look_round(now)
        return self._flush(now)

    # -- the connection

    def connected(self, now: float) -> list[ClientAction]:
        self._alive(now)
        self._change(Phase.STARTING)
        if self._connectionless:
            self._register(now)
        else:
            self._greeting_by = now + GREETING_TIMEOUT
        return self._flush(now)

    def closed(self, now: float) -> list[ClientAction]:
        """The connection is gone. Wanted monitors stay wanted."""
        for purpose in self._requests.clear():
            if isinstance(purpose, Token):
                self._actions.append(Outcome(purpose.number, Failure.LINK_LOST))
        self._monitors.lose_all()
        self._greeting_by = None
        self._probing = False
        self._looked_round = self._look_round_at = None
        self._change(Phase.DOWN)
        return self._flush(now)

    def receive(
        self, invoke_id: int, message: Message | UnknownMessage, now: float
    ) -> list[ClientAction]:
        self._alive(now)
        match message:
            case Event():
                self._reported(message)
            case Response():
                self._answered(invoke_id, message, now)
            case Request():
                self._asked(invoke_id, message, now)
            case UnknownMessage(wants_answer=True):
                self._send(invoke_id, operation_error("serviceNotSupported"))
            case UnknownMessage(name=name) if name.endswith("Response"):
                self._answered(invoke_id, None, now)
            case _:
                self.strays += 1
        return self._flush(now)

    def garbled(self, invoke_id: int, now: float) -> list[ClientAction]:
        """A frame came whose message cannot be read."""
        self._alive(now)
        if invoke_id == UNSOLICITED:  # an event, as good as lost
            self.strays += 1
            return self.resync_all(now)
        self._answered(invoke_id, None, now)
        return self._flush(now)

    # -- time

    def deadline(self) -> float | None:
        """When `timer` is to be called next, None for not at all."""
        times = [self._requests.deadline(), self._greeting_by, *self._monitors.due.values()]
        times += [self._probe_at(), self._look_round_at]
        return min((time for time in times if time is not None), default=None)

    def timer(self, now: float) -> list[ClientAction]:
        if self._greeting_by is not None and now >= self._greeting_by:
            self._register(now)  # some peers wait to be asked
        for waiting in self._requests.expired(now):
            self._finish(waiting.purpose, Failure.TIMEOUT, now)
        for device, due in list(self._monitors.due.items()):
            if now >= due:
                self._retry(device)
        if self._look_round_at is not None and now >= self._look_round_at:
            self._look_round(now)
        probe_at = self._probe_at()
        if probe_at is not None and now >= probe_at:
            self._probe(now)
        return self._flush(now)

    # -- inside

    def _alive(self, now: float) -> None:
        self._heard, self._misses = now, 0

    def _probe_at(self) -> float | None:
        if self._probing or self.phase not in (Phase.UP, Phase.DISABLED):
            return None
        return self._heard + SILENCE * self._heartbeat.interval

    def _probe(self, now: float) -> None:
        self._probing = True
        self._requests.hurry(RequestSystemStatus(), Probe(), now)

    def _change(self, phase: Phase) -> None:
        if phase is not self.phase:
            self.phase = phase
            self._actions.append(PhaseChanged(phase))

    def _send(self, invoke_id: int, message: Message) -> None:
        self._actions.append(Send(invoke_id, message))

    def _flush(self, now: float) -> list[ClientAction]:
        if self.phase is not Phase.DOWN:
            for invoke_id, request in self._requests.due(now):
                self._send(invoke_id, request)
        actions, self._actions = self._actions, []
        return actions

    def _register(self, now: float) -> None:
        self._greeting_by = None
        self._requests.hurry(SystemRegister(system_status=True), Register(), now)

    def _reported(self, event: Event) -> None:
        monitor = self._monitors.owner(event.monitor_cross_ref_id)
        if monitor is None:  # of a monitor that is just ending, or not yet confirmed
            self.strays += 1
        else:
            self._actions.append(Reported(monitor.device, event))

    def _asked(self, invoke_id: int, request: Request, now: float) -> None:
        match request:
            case SystemStatus(system_status=state, sys_stat_register_id=register_id):
                self._send(invoke_id, SystemStatusResponse())
                if self._forgotten(register_id or ""):
                    self._monitors.lose_all()
                    self._change(Phase.STARTING)
                    self._register(now)
                else:
                    self._status(state, now)
            case RequestSystemStatus():
                answer = RequestSystemStatusResponse(system_status=SystemState.NORMAL)
                self._send(invoke_id, answer)
            case MonitorStop(monitor_cross_ref_id=cross_ref_id):
                self._send(invoke_id, MonitorStopResponse())
                monitor = self._monitors.owner(cross_ref_id)
                if monitor is not None:
                    self._lost(monitor, Failure.STOPPED, now)
            case _ if invoke_id != UNSOLICITED:
                self._send(invoke_id, operation_error("serviceNotSupported"))
            case _:
                self.strays += 1

    def _forgotten(self, register_id: str) -> bool:
        """The switching function was started anew: it has neither our registration nor monitors."""
        ours = self._register_id
        return (
            self._connectionless and self.phase is Phase.UP and ours != "" and register_id != ours
        )

    def _status(self, state: SystemState | None, now: float) -> None:
        if state is not None and not state.working:
            # the switching function forgets monitors while it is out of service
            if self.phase is Phase.UP:
                self._monitors.lose_all()
            self._greeting_by = None
            self._change(Phase.DISABLED)
        elif self.phase is Phase.DISABLED:
            self._change(Phase.STARTING)
            self._register(now)
        elif self._greeting_by is not None:
            self._register(now)
        elif state is SystemState.MESSAGES_LOST:
            self._look_round(now)

    def _look_round(self, now: float) -> None:
        self._looked_round, self._look_round_at = now, None
        for monitor in self._monitors.all():
            self._look_afresh(monitor)

    def _answered(self, invoke_id: int, response: Response | None, now: float) -> None:
        waiting = self._requests.answered(invoke_id)
        if waiting is None:  # too late, or never ours
            self.strays += 1
            return
        fits = isinstance(response, ErrorResponse | response_type(waiting.request))
        result = response if response is not None and fits else Failure.NONSENSE
        self._finish(waiting.purpose, result, now)

    def _finish(self, purpose: Purpose, result: Response | Failure, now: float) -> None:
        match purpose:
            case Token(number=number):
                self._actions.append(Outcome(number, result))
            case Register():
                self._registered(result)
            case Probe():
                self._probed(result, now)
            case Watch(monitor=monitor):
                self._watched(monitor, result, now)
            case Look(monitor=monitor):
                self._looked(monitor, result, now)
            case Detail(monitor=monitor, connection=connection):
                self._detailed(monitor, connection, result, now)
            case Stop():
                pass

    def _registered(self, result: Response | Failure) -> None:
        if result is Failure.TIMEOUT:
            self._actions.append(Close("no answer to SystemRegister"))
        elif self.phase is Phase.STARTING:  # refused is as good: not every platform has it
            self._register_id = ""
            if isinstance(result, SystemRegisterResponse):
                self._register_id = result.sys_stat_register_id
            self._change(Phase.UP)
            for monitor in self._monitors.all():
                self._start(monitor)

    def _probed(self, result: Response | Failure, now: float) -> None:
        self._probing = False
        if isinstance(result, RequestSystemStatusResponse):
            self._status(result.system_status, now)
        if result is not Failure.TIMEOUT:
            return
        self._misses += 1
        if self._misses >= self._heartbeat.misses:
            self._actions.append(Close(f"silent over {self._misses} requests for a sign of life"))
            self._alive(now)  # nothing more is due until `closed`
        else:
            self._probe(now)

    def _start(self, monitor: Monitor) -> None:
        if self.phase is Phase.UP and monitor.state is MonitorState.WANTED:
            monitor.state = MonitorState.STARTING
            self._monitors.due.pop(monitor.device, None)
            start = MonitorStart(device=monitor.device)
            self._requests.enqueue(start, Watch(monitor))

    def _retry(self, device: str) -> None:
        del self._monitors.due[device]
        monitor = self._monitors.get(device)
        if monitor is not None:
            self._start(monitor)
            self._look(monitor)

    def _current(self, monitor: Monitor, state: MonitorState) -> bool:
        """False for answers about a monitor that was given up, or lost, since they were asked."""
        return self._monitors.get(monitor.device) is monitor and monitor.state is state

    def _watched(self, monitor: Monitor, result: Response | Failure, now: float) -> None:
        if not self._current(monitor, MonitorState.STARTING):
            if isinstance(result, MonitorStartResponse):  # it runs there, nobody wants it here
                stop = MonitorStop(monitor_cross_ref_id=result.monitor_cross_ref_id)
                self._requests.enqueue(stop, Stop())
        elif isinstance(result, MonitorStartResponse):
            self._monitors.activate(monitor, result.monitor_cross_ref_id)
            self._actions.append(MonitorUp(monitor.device))
            self._look_afresh(monitor)
        else:
            reason = result if isinstance(result, ErrorResponse | Failure) else Failure.NONSENSE
            self._lost(monitor, reason, now)

    def _lost(self, monitor: Monitor, reason: ErrorResponse | Failure, now: float) -> None:
        retry_in = self._monitors.fail(monitor, reason, now)
        self._actions.append(MonitorDown(monitor.device, reason, retry_in))

    def _look_afresh(self, monitor: Monitor) -> None:
        if monitor.state is MonitorState.ACTIVE:
            monitor.snapshot_failures = 0
            self._monitors.due.pop(monitor.device, None)
            self._look(monitor)

    def _look(self, monitor: Monitor) -> None:
        if monitor.state is MonitorState.ACTIVE and not monitor.snapshot_pending:
            monitor.snapshot_pending = True
            ask = SnapshotDevice(snapshot_object=monitor.device)
            self._requests.enqueue(ask, Look(monitor))

    def _looked(self, monitor: Monitor, result: Response | Failure, now: float) -> None:
        if not self._current(monitor, MonitorState.ACTIVE):
            return
        monitor.snapshot_pending = False
        if not isinstance(result, SnapshotDeviceResponse):
            self._monitors.look_again(monitor, now)
            return
        self._actions.append(DeviceSnapshot(monitor.device, result))
        for call in result.calls:
            ask = SnapshotCall(snapshot_object=call.connection_identifier)
            purpose = Detail(monitor, call.connection_identifier)
            self._requests.enqueue(ask, purpose)

    def _detailed(
        self,
        monitor: Monitor,
        connection: ConnectionId,
        result: Response | Failure,
        now: float,
    ) -> None:
        if not self._current(monitor, MonitorState.ACTIVE):
            return
        if isinstance(result, SnapshotCallResponse):
            self._actions.append(CallSnapshot(monitor.device, connection, result))
        else:  # the call may just have ended: invalidConnectionID asks for a new look
            self._monitors.look_again(monitor, now)
