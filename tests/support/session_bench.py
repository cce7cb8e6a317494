"""Two INVITE session machines face to face: no socket, no loop, a clock that is a number.

The bench plays the transaction layer (one response stream per request, CANCEL waits for a 1xx)
and the driver (Contact, timers). Messages lie on the wire until `deliver` or `run` takes them.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from protocols.sip.auth.credentials import DigestCredentials
from protocols.sip.message import Request, Response
from protocols.sip.session import Env, Phase, Session, Settings, events, incoming, outgoing, step
from protocols.sip.session.events import Timer

TOLD = (
    events.Progress,
    events.Answered,
    events.Failed,
    events.Established,
    events.Offered,
    events.OfferResult,
    events.Ended,
    events.Received,
    events.Reply,
)


def sdp(version: int, who: str = "a") -> bytes:
    return f"v=0\r\no={who} 1 {version} IN IP4 192.0.2.1\r\ns=-\r\nt=0 0\r\n".encode()


@dataclass
class Packet:
    sender: str
    kind: str  # request, response, ack, cancel
    key: int
    message: Request | Response | None = None
    headers: events.Headers = ()

    @property
    def name(self) -> str:
        if isinstance(self.message, Request):
            return self.message.method
        if isinstance(self.message, Response):
            return f"{self.message.status} {self.message.cseq.method}"
        return "CANCEL"


@dataclass
class Party:
    name: str
    bench: Bench
    session: Session | None = None
    told: list[events.Effect] = field(default_factory=list)
    timers: dict[Timer, float] = field(default_factory=dict)
    disposed: bool = False
    answered: dict[int, bool] = field(default_factory=dict)  # server key -> final response sent
    requests: dict[int, Request] = field(default_factory=dict)
    provisional: set[int] = field(default_factory=set)  # client keys that saw a 1xx
    finals: set[int] = field(default_factory=set)
    cancels: dict[int, events.Headers] = field(default_factory=dict)
    rng: random.Random = field(default_factory=lambda: random.Random(7))

    @property
    def s(self) -> Session:
        assert self.session is not None
        return self.session

    @property
    def phase(self) -> Phase:
        return self.s.phase

    def do(self, event: events.Event) -> list[events.Effect]:
        self.session, effects = step(self.s, event, Env(self.rng))
        for effect in effects:
            self._carry_out(effect)
        return effects

    def heard(self, kind: type) -> list[Any]:
        return [effect for effect in self.told if isinstance(effect, kind)]

    def kinds(self) -> list[str]:
        return [type(effect).__name__ for effect in self.told]

    def _carry_out(self, effect: events.Effect) -> None:
        match effect:
            case events.Send(key, request):
                message = request.copy()
                if "Contact" not in message.headers and message.method in ("INVITE", "UPDATE"):
                    message.headers.add("Contact", f"<sip:{self.name}@{self.name}.test>")
                message.headers.prepend("Via", f"SIP/2.0/TCP {self.name}.test;branch=z9hG4bK{key}")
                self.bench.put(Packet(self.name, "request", key, message))
            case events.SendAck(request):
                self.bench.put(Packet(self.name, "ack", 0, request))
            case events.Cancel(key, headers):
                if key in self.provisional:
                    self.bench.put(Packet(self.name, "cancel", key, headers=headers))
                else:
                    self.cancels[key] = headers
            case events.Respond(key, response):
                if response.cseq.method in ("INVITE", "UPDATE") and 100 < response.status < 300:
                    response.headers.set("Contact", f"<sip:{self.name}@{self.name}.test>")
                self.answered[key] = self.answered.get(key, False) or response.status >= 200
                self.bench.put(Packet(self.name, "response", key, response.copy()))
            case events.SetTimer(timer, delay):
                self.timers[timer] = self.bench.now + delay
            case events.StopTimer(timer):
                self.timers.pop(timer, None)
            case events.Dispose():
                self.disposed = True
            case _:
                self.told.append(effect)
                if isinstance(effect, events.Received):
                    self.answered[effect.key] = True
                    reply = Response.for_request(effect.request, 200)
                    self.bench.put(Packet(self.name, "response", effect.key, reply))

    def take(self, packet: Packet) -> None:
        """What arrives from the wire."""
        if packet.kind == "request":
            assert isinstance(packet.message, Request)
            self._take_request(packet.message)
        elif packet.kind == "ack":
            assert isinstance(packet.message, Request)
            if self.session is not None:
                self.do(events.GotAck(packet.message))
        elif packet.kind == "cancel":
            self._take_cancel(packet)
        else:
            assert isinstance(packet.message, Response)
            self._take_response(packet.message)

    def _take_request(self, request: Request) -> None:
        key = self.bench.next_key()
        self.requests[key] = request
        self.answered[key] = False
        if self.session is None:
            tag = f"tag-{self.name}"
            self.session = incoming(self.bench.settings[self.name], request, key, tag, 1)
            return
        self.do(events.GotRequest(key, request))

    def _take_cancel(self, packet: Packet) -> None:
        branch = f"z9hG4bK{packet.key}"
        for key, request in self.requests.items():
            if request.method == "INVITE" and request.via.branch == branch:
                if not self.answered[key]:
                    cancel = Request("CANCEL", request.uri, [*packet.headers])
                    self.do(events.GotCancel(key, cancel))
                return

    def _take_response(self, response: Response) -> None:
        key = int((response.via.branch or "z9hG4bK0")[7:])
        if key in self.finals and response.status // 100 != 2:
            return
        if response.status >= 200:
            self.finals.add(key)
        else:
            self.provisional.add(key)
            if key in self.cancels:
                self.bench.put(Packet(self.name, "cancel", key, headers=self.cancels.pop(key)))
        response.headers.remove_first_value("Via")
        self.do(events.GotResponse(key, response))


class Bench:
    """`a` calls `b`."""

    def __init__(
        self,
        offer: bytes | None = sdp(1),
        *,
        a: Settings | None = None,
        b: Settings | None = None,
        credentials: DigestCredentials | None = None,
        headers: events.Headers = (),
    ) -> None:
        plain = Settings(
            allow=("INVITE", "ACK", "CANCEL", "BYE", "PRACK", "UPDATE", "INFO"),
            session_expires=None,
        )
        self.settings = {"a": a or plain, "b": b or plain}
        self.now = 0.0
        self.wire: list[Packet] = []
        self.log: list[str] = []
        self._keys = 1000
        self.a, self.b = Party("a", self), Party("b", self)
        self.a.session = outgoing(
            self.settings["a"],
            target="sip:b@b.test",
            from_="<sip:a@a.test>;tag=tag-a",
            to="<sip:b@b.test>",
            call_id="call-1",
            local_tag="tag-a",
            sdp=offer,
            headers=headers,
            credentials=credentials,
        )
        self.a.do(events.Start())

    def next_key(self) -> int:
        self._keys += 1
        return self._keys

    def put(self, packet: Packet) -> None:
        self.wire.append(packet)
        self.log.append(f"{packet.sender}>{packet.name}")

    def other(self, name: str) -> Party:
        return self.b if name == "a" else self.a

    def deliver(self, index: int = 0) -> Packet:
        packet = self.wire.pop(index)
        self.other(packet.sender).take(packet)
        return packet

    def deliver_named(self, name: str) -> Packet:
        """The first packet on the wire of that name (`INVITE`, `200 BYE`, ...)."""
        index = next(i for i, p in enumerate(self.wire) if p.name == name)
        return self.deliver(index)

    def drop_named(self, name: str) -> Packet:
        index = next(i for i, p in enumerate(self.wire) if p.name == name)
        return self.wire.pop(index)

    def run(self) -> None:
        """Deliver everything in order until the wire is empty."""
        while self.wire:
            self.deliver()

    def advance(self, seconds: float, *, lossy: Callable[[Packet], bool] | None = None) -> None:
        """Let time pass; timers fire in order and what they send is delivered (or lost)."""
        end = self.now + seconds
        while True:
            due = [(t, p, n) for p in (self.a, self.b) for n, t in p.timers.items() if t <= end]
            if not due:
                break
            when, party, timer = min(due, key=lambda item: item[0])
            self.now = when
            del party.timers[timer]
            party.do(events.Fired(timer))
            if lossy is not None:
                self.wire = [p for p in self.wire if not lossy(p)]
            self.run()
        self.now = end


def ringing(**options: Any) -> Bench:
    bench = Bench(**options)
    bench.run()
    bench.b.do(events.Ring())
    bench.run()
    return bench


def talking(**options: Any) -> Bench:
    """A confirmed session with nothing on the wire."""
    bench = Bench(**options)
    bench.run()
    bench.b.do(events.Accept(sdp(1, "b")))
    bench.run()
    assert bench.a.phase is bench.b.phase is Phase.CONFIRMED
    bench.log.clear()
    bench.a.told.clear()
    bench.b.told.clear()
    return bench
