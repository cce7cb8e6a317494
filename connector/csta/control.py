"""The PBX's control side as a whole: every line watched, joined to its calls, told to the gateway.

```
 CstaClient --actions--> LineWatch (view, join) --Told--> CstaNews --NOTIFY--> gateway
 CstaClient <--request-- ToPlatform <------------- NOTIFY b2buaCSTA ---------- gateway
```
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable

import structlog

from connector.csta.carrier import Carrier
from connector.csta.client import CstaClient, Refused, Unanswered
from connector.csta.guard import LoopGuard
from connector.lines import LineConfig
from connector.mapping.devices import LineDevices
from connector.mapping.join import Dialog, JoinTable
from connector.mapping.line import LineWatch, Told
from connector.mapping.to_platform import ToPlatform, Unmapped
from connector.profiles.numbers import NumberPlan
from connector.status import State
from protocols.aio.listener import RequestContext
from protocols.aio.scope import TaskScope
from protocols.csta.codec import decode, encode
from protocols.csta.dialects import LINK, Dialect
from protocols.csta.errors import ParseError
from protocols.csta.events.call import OfferedEvent
from protocols.csta.message import (
    ErrorResponse,
    Request,
    Response,
    operation_error,
    resource_error,
)
from protocols.csta.services.call_control import AcceptCall
from protocols.csta.services.features import (
    GetAgentState,
    GetDoNotDisturb,
    GetForwarding,
    GetMessageWaitingIndicator,
    SetAgentState,
    SetDoNotDisturb,
    SetForwarding,
)
from protocols.csta.services.monitoring import SnapshotDeviceResponse
from protocols.csta.services.system import (
    RequestSystemStatus,
    RequestSystemStatusResponse,
    SystemStatus,
)
from protocols.csta.session.actions import (
    CallSnapshot,
    ClientAction,
    DeviceSnapshot,
    MonitorDown,
    MonitorUp,
    Phase,
    PhaseChanged,
    Reported,
)
from protocols.csta.session.client import ClientSession
from protocols.csta.sip_link import CONTENT_TYPE
from protocols.csta.values import ErrorCategory, SystemState
from protocols.sip.uri import SipUri

log = structlog.get_logger("connector.csta")

TOO_FAST = ErrorResponse(category=ErrorCategory.PERFORMANCE, value="performanceLimitExceeded")
PLATFORM_DOWN = resource_error("systemResourceUnavailable")


class PbxControlLink:
    """`tell` takes news for the gateway, `observe` the state of the layer, `came_back` each line
    that the PBX lets us watch again: started anew, it may have forgotten its registration and its
    calls."""

    def __init__(
        self,
        carrier: Carrier,
        session: ClientSession,
        dialect: Dialect,
        *,
        plan: Callable[[], NumberPlan],
        can_ring: Callable[[str], bool],
        tell: Callable[[Told], None],
        observe: Callable[[State, str], None],
        came_back: Callable[[str], None] = lambda line_id: None,
    ) -> None:
        self._dialect = dialect
        self._plan = plan
        self._can_ring = can_ring
        self._tell = tell
        self._observe = observe
        self._came_back = came_back
        self._once_watched: set[str] = set()
        self._join = JoinTable()
        self._unjoined = 0
        self._configs: dict[str, LineConfig] = {}
        self._lines: dict[str, LineWatch] = {}
        self._by_device: dict[str, LineWatch] = {}
        self._guards: dict[tuple[str, str], LoopGuard] = {}
        self._unwatched: dict[str, str] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._scope = TaskScope("csta")
        self.client = CstaClient(carrier, session, on_action=self._on_action, on_down=self._down)

    # -- life ----------------------------------------------------------------------------------

    def start(self) -> None:
        self.client.start()

    async def aclose(self) -> None:
        self._stop_timer()
        await self._scope.aclose()
        await self.client.aclose()

    def apply(self, lines: Iterable[LineConfig]) -> None:
        """Watch these lines, and no others."""
        wanted = {line.line_id: line for line in lines if line.number}
        for line_id, config in list(self._configs.items()):
            if wanted.get(line_id) != config:
                self._drop(line_id)
        for line_id, config in wanted.items():
            if line_id not in self._configs:
                self._add(config)
        self._judge()

    def _add(self, config: LineConfig) -> None:
        line_id, plan = config.line_id, self._plan()
        devices = LineDevices(line_id, config.number, plan.to_pbx(config.number), config.extension)
        watch = LineWatch(
            devices,
            self._dialect,
            self._join,
            canonical=lambda shown: self._plan().to_canonical(shown),
            can_ring=lambda: self._can_ring(line_id),
        )
        self._configs[line_id] = config
        self._lines[line_id] = watch
        self._by_device[devices.monitored] = watch
        self.client.watch(devices.monitored)

    def _drop(self, line_id: str) -> None:
        del self._configs[line_id]
        self._guards = {key: guard for key, guard in self._guards.items() if key[0] != line_id}
        watch = self._lines.pop(line_id)
        self._by_device.pop(watch.devices.monitored, None)
        self._unwatched.pop(line_id, None)
        self.client.unwatch(watch.devices.monitored)
        self._tell(Told(line_id, SnapshotDeviceResponse()))  # nothing more is known of it

    # -- what others tell ----------------------------------------------------------------------

    def dialog_opened(self, dialog: Dialog) -> None:
        """A call of the line over SIP has begun."""
        self._join.opened(dialog)
        watch = self._lines.get(dialog.line_id)
        if watch is not None:
            self._settle(watch)

    def dialog_closed(self, key: str) -> None:
        self._join.closed(key, self._now())

    @property
    def waiting(self) -> bool:
        """News of some call wait for its dialog."""
        return any(watch.waiting for watch in self._lines.values())

    def picture(self) -> list[Told]:
        """Everything, for a gateway that may know nothing."""
        told = [self.status()]
        if self.client.up:
            for watch in self._lines.values():
                try:
                    # not part of the picture: what is told so becomes history by it
                    self._pass_on(watch, watch.over_while_waiting(self._now()))
                    told += watch.picture()
                except Exception:
                    log.exception("csta picture not drawn", line=watch.devices.line_id)
        return told

    def status(self) -> Told:
        """Whether the PBX takes commands."""
        state = SystemState.NORMAL if self.client.up else SystemState.DISABLED
        return Told("gateway", SystemStatus(system_status=state))

    # -- from the PBX --------------------------------------------------------------------------

    def _on_action(self, action: ClientAction) -> None:
        match action:
            case PhaseChanged():
                self._phase(action.phase)
            case MonitorUp(device):
                self._monitored(device)
            case MonitorDown(device, reason):
                self._refused(device, str(reason))
            case Reported(device, event):
                watch = self._by_device.get(device)
                if watch is not None:
                    if isinstance(event, OfferedEvent):
                        self._let_ring(event)
                    self._pass_on(watch, watch.reported(event, self._now()))
            case DeviceSnapshot(device, snapshot):
                watch = self._by_device.get(device)
                if watch is not None:
                    self._pass_on(watch, watch.device_snapshot(snapshot))
            case CallSnapshot(device, connection, detail):
                watch = self._by_device.get(device)
                if watch is not None:
                    told = watch.call_snapshot(connection, detail, self._now())
                    self._pass_on(watch, told)
            case _:
                pass

    def _let_ring(self, event: OfferedEvent) -> None:
        """Whether a call may ring is decided by the user's routing, at the PBX or at the gateway;
        here nobody stands in its way (ECMA-269 AcceptCall)."""
        accept = AcceptCall(call_to_be_accepted=event.offered_connection)
        self._scope.start(self._try(accept), "accept an offered call")

    def _monitored(self, device: str) -> None:
        watch = self._by_device.get(device)
        if watch is None:
            return
        watch.begun()
        self._unwatched.pop(watch.devices.line_id, None)
        if watch.devices.line_id in self._once_watched:
            self._came_back(watch.devices.line_id)
        self._once_watched.add(watch.devices.line_id)
        self._judge()
        self._scope.start(self._learn(watch), f"settings of {watch.devices.line_id}")

    async def _learn(self, watch: LineWatch) -> None:
        """What a snapshot does not say; a platform may lack any of it."""
        device = watch.devices.monitored
        for request in (
            GetDoNotDisturb(device=device),
            GetForwarding(device=device),
            GetMessageWaitingIndicator(device=device),
            GetAgentState(device=device),
        ):
            answer = await self._try(request)
            if answer is not None and self._lines.get(watch.devices.line_id) is watch:
                self._pass_on(watch, watch.learned(answer))

    async def _try(self, request: Request) -> Response | None:
        try:
            return await self.client.request(request)
        except (Refused, Unanswered) as error:
            log.info("csta request without success", request=type(request).__name__, why=str(error))
            return None

    def _refused(self, device: str, reason: str) -> None:
        watch = self._by_device.get(device)
        if watch is not None:
            log.warning("line not monitored", line=watch.devices.line_id, reason=reason)
            self._unwatched[watch.devices.line_id] = reason
            self._judge()

    def _phase(self, phase: Phase) -> None:
        if phase in (Phase.UP, Phase.DOWN, Phase.DISABLED):
            self._tell(self.status())
        if phase is Phase.DISABLED:
            self._observe(State.DOWN, "the PBX says that it is out of service")
        self._judge()

    def _judge(self) -> None:
        if not self.client.up:
            return  # why it is down was said when it went
        if self._unwatched:
            some = next(iter(self._unwatched.values()))
            detail = f"{len(self._unwatched)} of {len(self._lines)} lines not monitored: {some}"
            self._observe(State.WEAK, detail)
        else:
            self._observe(State.WORKING, f"{len(self._lines)} lines monitored")

    def _down(self, reason: str) -> None:
        self._observe(State.DOWN, reason)

    # -- to the gateway ------------------------------------------------------------------------

    def _pass_on(self, watch: LineWatch, told: list[Told]) -> None:
        for item in told:
            self._tell(item)
        if self._join.unjoined > self._unjoined:
            self._unjoined = self._join.unjoined
            # the line's own device was in it: its INVITE was lost, or came by far too late
            log.warning(
                "call at the line without a dialog",
                line=watch.devices.line_id,
                so_many=self._unjoined,
            )
        if watch.view.doubtful:
            self.client.resync(watch.devices.monitored)
        self._arm()

    def _now(self) -> float:
        return asyncio.get_running_loop().time()

    def _arm(self) -> None:
        self._stop_timer()
        times = [time for watch in self._lines.values() if (time := watch.deadline()) is not None]
        if times:
            self._timer = asyncio.get_running_loop().call_at(min(times), self._fire)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _fire(self) -> None:
        self._timer = None
        for watch in list(self._lines.values()):
            self._settle(watch)
        self._arm()

    def _settle(self, watch: LineWatch) -> None:
        """Let go of what waits. What goes wrong with one line is not to be felt at another, nor by
        the call that brought us here."""
        try:
            self._pass_on(watch, watch.dialogs_changed(self._now()))
        except Exception:
            log.exception("csta news not told", line=watch.devices.line_id)
            watch.drop_held()
            self.client.resync(watch.devices.monitored)

    # -- from the gateway ----------------------------------------------------------------------

    def notified(self, context: RequestContext) -> None:
        """A NOTIFY b2buaCSTA down the link; its answer travels in the 200."""
        self._scope.start(self._answer(context), "csta request of the gateway")

    async def _answer(self, context: RequestContext) -> None:
        try:
            message = decode(context.request.body).message
        except ParseError:
            context.respond(400)
            return
        if not isinstance(message, Request):
            context.respond(200)
            return
        answer = await self.ask(_line_of(context), message)
        context.respond(200, content_type=CONTENT_TYPE, body=encode(answer, LINK.style))

    async def ask(self, line_id: str, request: Request) -> Response:
        """The PBX's answer to a request about one line, or ours where it need not be asked."""
        if isinstance(request, RequestSystemStatus):
            state = SystemState.NORMAL if self.client.up else SystemState.DISABLED
            return RequestSystemStatusResponse(system_status=state)
        watch = self._lines.get(line_id)
        if watch is None:
            return operation_error("invalidDeviceID")
        if not self.client.up:
            return PLATFORM_DOWN
        setting = _setting_of(request)
        if setting is not None:
            guard = self._guards.setdefault((line_id, setting), LoopGuard())
            if not guard.admits(self._now()):
                return TOO_FAST
        platform = ToPlatform(watch.devices, self._dialect, self._plan().to_pbx)
        try:
            asked = platform.request(request, watch.view)
            return watch.answer(await self.client.request(asked))
        except (Unmapped, Refused) as refusal:
            if refusal.error.value == "invalidConnectionID":
                # somebody believes in a call that is not there: the snapshot tells the gateway too
                self.client.resync(watch.devices.monitored)
            return refusal.error
        except Unanswered:
            return PLATFORM_DOWN


def _setting_of(request: Request) -> str | None:
    """What a request changes for good, if it does."""
    match request:
        case SetDoNotDisturb():
            return "do not disturb"
        case SetForwarding(forwarding_type=kind):
            return kind or "forwarding"
        case SetAgentState(group=group):
            return f"hunt group {group}"
        case _:
            return None


def _line_of(context: RequestContext) -> str:
    uri = context.request.request_uri
    return uri.user_text if isinstance(uri, SipUri) else ""
