"""A platform played from a script, and CSTA texts as OpenScape Voice writes them."""

from __future__ import annotations

from dataclasses import dataclass, field

from protocols.csta.codec import decode
from protocols.csta.dialects import VOICE, Dialect
from protocols.csta.framing import Frame, StreamFramer, encode_frame
from protocols.csta.link import Incoming, StreamLink
from protocols.csta.message import Request
from protocols.csta.services.monitoring import MonitorStart, SnapshotDevice
from protocols.csta.services.system import SystemRegister
from protocols.csta.session.actions import (
    CallSnapshot,
    ClientAction,
    DeviceSnapshot,
    Outcome,
    Reported,
    Send,
)
from protocols.csta.session.client import ClientSession
from protocols.csta.view.model import DeviceView, new_view
from protocols.csta.view.reduce import reduce
from protocols.csta.view.snapshots import complete, reconcile

ME = "100"
NO_CALLS = (
    "<SnapshotDeviceResponse><crossRefIDorSnapshotData><snapshotData/>"
    "</crossRefIDorSnapshotData></SnapshotDeviceResponse>"
)


@dataclass
class Platform:
    """Answers from a script: for the class of a request, what goes out, in order.

    A text that starts with "=" is the response, any other an event.
    """

    dialect: Dialect = VOICE
    script: dict[type[Request], list[str]] = field(default_factory=dict)
    view: DeviceView = field(default_factory=lambda: new_view(ME))
    states: list[dict[str, str]] = field(default_factory=list)
    outcomes: list[object] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.client = ClientSession(self.dialect.heartbeat)
        self.link = StreamLink(self.dialect.style)
        self.framer = StreamFramer()
        self.script = {
            SystemRegister: [
                "=<SystemRegisterResponse><sysStatRegisterID>27ss</sysStatRegisterID></SystemRegisterResponse>"
            ],
            MonitorStart: ["=<MSR><mCRI>1000000001</mCRI></MSR>"],
            SnapshotDevice: ["=" + NO_CALLS],
            **self.script,
        }
        self.start()

    def start(self) -> None:
        self.run(self.client.connected(0.0))
        self.tell("<SystemStatus><systemStatus>enabled</systemStatus></SystemStatus>")
        self.run(self.client.watch(ME, 0.0))
        self.states.clear()

    def run(self, actions: list[ClientAction]) -> None:
        for action in actions:
            match action:
                case Send(invoke_id, message):
                    self._receive(self.link.encode(invoke_id, message))
                case Outcome(result=result):
                    self.outcomes.append(result)
                case Reported(event=event):
                    self._see(reduce(self.view, event))
                case DeviceSnapshot(snapshot=snapshot):
                    self._see(reconcile(self.view, snapshot))
                case CallSnapshot(connection=connection, snapshot=details):
                    self._see(complete(self.view, connection, details))

    def _see(self, view: DeviceView) -> None:
        self.view = view
        self.states.append({call.call_id: call.state.value for call in view.calls})

    def _receive(self, data: bytes) -> None:
        for frame in self.framer.feed(data):
            assert isinstance(frame, Frame)
            message = decode(frame.payload).message
            if isinstance(message, Request):
                for text in self.script.get(
                    type(message),
                    ["=<CSTAErrorCode><operation>generic</operation></CSTAErrorCode>"],
                ):
                    if text.startswith("="):
                        self._send(frame.invoke_id, text[1:])
                    else:
                        self.tell(text)

    def tell(self, *texts: str) -> None:
        for text in texts:
            self._send(9999, text)

    def _send(self, invoke_id: int, text: str) -> None:
        for item in self.link.feed(encode_frame(invoke_id, text.encode())):
            assert isinstance(item, Incoming), item
            self.run(self.client.receive(item.invoke_id, item.message, 0.0))

    def ask(self, request: Request) -> object:
        before = len(self.outcomes)
        self.run(self.client.request(request, 0.0)[1])
        (outcome,) = self.outcomes[before:]
        return outcome


def event(name: str, body: str, state: str, cause: str = "normal") -> str:
    return (
        f"<{name}><monitorCrossRefID>1000000001</monitorCrossRefID>{body}"
        f"<localConnectionInfo>{state}</localConnectionInfo><cause>{cause}</cause></{name}>"
    )


def connection(tag: str, call: str, device: str = ME) -> str:
    return f"<{tag}><callID>{call}</callID><deviceID>{device}</deviceID></{tag}>"


def device(tag: str, number: str) -> str:
    return f"<{tag}><deviceIdentifier>N&lt;{number}&gt;;noa=nk</deviceIdentifier></{tag}>"


def initiated(call: str) -> str:
    body = connection("initiatedConnection", call) + device("initiatingDevice", ME)
    return event("ServiceInitiatedEvent", body, "initiated", "makeCall")


def originated(call: str, far: str) -> str:
    body = connection("originatedConnection", call)
    body += device("callingDevice", ME) + device("calledDevice", far)
    return event("OriginatedEvent", body, "connected", "newCall")


def delivered(call: str, rings: str, calling: str, state: str, cause: str = "newCall") -> str:
    body = connection("connection", call, rings) + device("alertingDevice", rings)
    body += device("callingDevice", calling) + device("calledDevice", rings)
    return event("DeliveredEvent", body, state, cause)


def established(call: str, answers: str, calling: str, cause: str = "newCall") -> str:
    body = connection("establishedConnection", call, answers) + device("answeringDevice", answers)
    body += device("callingDevice", calling)
    return event("EstablishedEvent", body, "connected", cause)


def held(call: str, by: str = ME, state: str = "hold") -> str:
    return event(
        "HeldEvent", connection("heldConnection", call, by) + device("holdingDevice", by), state
    )


def retrieved(call: str, by: str = ME) -> str:
    body = connection("retrievedConnection", call, by) + device("retrievingDevice", by)
    return event("RetrievedEvent", body, "connected")


def cleared(call: str, who: str = ME, state: str = "null") -> str:
    body = connection("droppedConnection", call, who) + device("releasingDevice", who)
    return event("ConnectionClearedEvent", body, state, "normalClearing")


def positive(name: str, body: str = "") -> str:
    return f"=<{name}Response>{body}</{name}Response>"


def moved(call: str, *numbers: str) -> str:
    items = "".join(
        f"<connectionListItem>{connection('newConnection', call, number)}<endpoint><deviceID>"
        f"N&lt;{number}&gt;;noa=nk</deviceID></endpoint></connectionListItem>"
        for number in numbers
    )
    return items
