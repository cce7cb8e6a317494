"""A client and a server session face to face, over real bytes, with a clock that jumps."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from protocols.csta.dialects import VOICE, Dialect
from protocols.csta.events.call import DivertedEvent
from protocols.csta.framing import FramingFault
from protocols.csta.ids import ConnectionId
from protocols.csta.link import Garbled, StreamLink
from protocols.csta.message import ErrorResponse, Event, Request, Response, operation_error
from protocols.csta.services.call_control import DeflectCall, DeflectCallResponse
from protocols.csta.services.features import GetDoNotDisturb, GetDoNotDisturbResponse
from protocols.csta.services.monitoring import (
    MonitorStart,
    SnapshotCall,
    SnapshotCallResponse,
    SnapshotDevice,
    SnapshotDeviceResponse,
)
from protocols.csta.session.actions import Asked, ClientAction, Close, Phase, Send, ServerAction
from protocols.csta.session.client import ClientSession
from protocols.csta.session.server import ServerSession
from protocols.csta.shapes import SnapshotDeviceItem
from protocols.csta.values import LocalConnectionState

#: What the switching function says to a request: an answer, and the events that follow from it.
Reply = tuple[Response, Iterable[tuple[str, Event]]]
Switch = Callable[[Request], Reply]


def accept_all(request: Request) -> Reply:
    raise AssertionError(f"nobody answers {request!r}")


@dataclass
class Pair:
    """`wire` records every message in order as (from, invoke id, message)."""

    dialect: Dialect = VOICE
    switch: Switch = accept_all
    now: float = 1000.0
    refuse: dict[str, ErrorResponse] = field(default_factory=dict)
    muted: bool = False  # the server's bytes get lost
    wire: list[tuple[str, int, object]] = field(default_factory=list)
    seen: list[ClientAction] = field(default_factory=list)
    server_seen: list[ServerAction] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.client = ClientSession(self.dialect.heartbeat)
        self.connect()

    def connect(self) -> None:
        self.server = ServerSession(self.dialect)
        self.client_link = StreamLink(self.dialect.style)
        self.server_link = StreamLink(self.dialect.style, mirror=True)
        self.run(self.client.connected(self.now))
        self.run_server(self.server.connected(self.now))

    def disconnect(self) -> None:
        self.run(self.client.closed(self.now))

    def run(self, actions: list[ClientAction]) -> None:
        self.seen += [action for action in actions if not isinstance(action, Send)]
        for action in actions:
            if isinstance(action, Send):
                self.wire.append(("client", action.invoke_id, action.message))
                self._to_server(self.client_link.encode(action.invoke_id, action.message))

    def run_server(self, actions: list[ServerAction]) -> None:
        for action in actions:
            match action:
                case Send(invoke_id, message):
                    self.wire.append(("server", invoke_id, message))
                    if not self.muted:
                        self.to_client(self.server_link.encode(invoke_id, message))
                case Asked(invoke_id, request):
                    self._decide(invoke_id, request)
                case _:
                    self.server_seen.append(action)

    def to_client(self, data: bytes) -> None:
        for item in self.client_link.feed(data):
            assert not isinstance(item, FramingFault)
            if isinstance(item, Garbled):
                self.run(self.client.garbled(item.invoke_id, self.now))
            else:
                self.run(self.client.receive(item.invoke_id, item.message, self.now))

    def _to_server(self, data: bytes) -> None:
        for item in self.server_link.feed(data):
            assert not isinstance(item, FramingFault)
            if isinstance(item, Garbled):
                self.run_server(self.server.garbled(item.invoke_id))
            else:
                self.run_server(self.server.receive(item.invoke_id, item.message, self.now))

    def _decide(self, invoke_id: int, request: Request) -> None:
        if isinstance(request, MonitorStart):
            refusal = self.refuse.get(request.device)
            if refusal is None:
                self.run_server(self.server.accept_monitor(invoke_id))
            else:
                self.run_server(self.server.answer(invoke_id, refusal))
            return
        response, events = self.switch(request)
        self.run_server(self.server.answer(invoke_id, response, events))

    def ask(self, request: Request) -> int:
        token, actions = self.client.request(request, self.now)
        self.run(actions)
        return token

    def pass_time(self, until: float) -> None:
        """Run every timer of both ends up to then."""
        while True:
            client_at, server_at = self.client.deadline(), self.server.deadline()
            due = [at for at in (client_at, server_at) if at is not None and at <= until]
            if not due:
                break
            self.now = max(self.now, min(due))
            if client_at is not None and client_at <= self.now:
                self.run(self.client.timer(self.now))
            if server_at is not None and server_at <= self.now:
                self.run_server(self.server.timer(self.now))
            if any(isinstance(action, Close) for action in (*self.seen, *self.server_seen)):
                return
        self.now = until

    def names(self) -> list[str]:
        return [f"{who} {type(message).__name__}" for who, _, message in self.wire]


CALL = ConnectionId("FF00AA", "100")
ITEM = SnapshotDeviceItem(
    connection_identifier=CALL, states=(LocalConnectionState.CONNECTED, LocalConnectionState.HOLD)
)


def one_call(request: Request) -> Reply:
    match request:
        case SnapshotDevice():
            return SnapshotDeviceResponse(calls=(ITEM,)), ()
        case SnapshotCall():
            return SnapshotCallResponse(), ()
        case GetDoNotDisturb():
            return GetDoNotDisturbResponse(do_not_disturb_on=True), ()
        case DeflectCall(call_to_be_diverted=call):
            return DeflectCallResponse(), [("100", DivertedEvent(connection=call))]
        case _:
            return operation_error("invalidConnectionID"), ()


def up(**changes: object) -> Pair:
    pair = Pair(switch=one_call, **changes)  # type: ignore[arg-type]
    assert pair.client.phase is Phase.UP
    return pair
