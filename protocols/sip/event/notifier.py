"""The notifier of RFC 6665 section 4.2: one accepted subscription, pure.

NOTIFYs go one at a time: while one is unanswered only the newest state waits (section 4.2.2 asks
for the present state, not for its history).
"""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from protocols.sip.dialog import Dialog, Order, from_invitation
from protocols.sip.errors import ParseError
from protocols.sip.event.values import (
    Effect,
    Ended,
    Event,
    Fired,
    GotRequest,
    GotResponse,
    Publish,
    Respond,
    Send,
    SetTimer,
    Stop,
    StopTimer,
    SubTimer,
)
from protocols.sip.headers import Event as EventHeader
from protocols.sip.message import Request, Response


class NotifierPhase(enum.Enum):
    PENDING = "pending"
    ACTIVE = "active"
    TERMINATED = "terminated"


@dataclass(frozen=True, slots=True)
class Package:
    """What a notifier of one event package offers."""

    name: str
    content_type: str
    default_expires: int = 3600
    min_expires: int = 60
    max_expires: int = 7200


@dataclass(frozen=True, slots=True)
class Notifier:
    package: Package
    dialog: Dialog
    event: EventHeader
    ends_at: float
    phase: NotifierPhase = NotifierPhase.ACTIVE
    body: bytes = b""
    key: int | None = None  # of the NOTIFY on its way
    next_key: int = 1
    waiting: bool = False  # the state changed while one was on its way
    reason: str = ""


def refusal(package: Package, request: Request, to_tag: str) -> Response | None:
    """Why a SUBSCRIBE for this package cannot be served, None when it can."""

    def refuse(status: int, *headers: tuple[str, str]) -> Response:
        response = Response.for_request(request, status, to_tag=to_tag)
        response.headers.extend(headers)
        return response

    try:
        event, expires, contact = request.event, request.expires, request.contact
    except ParseError:
        return refuse(400)
    if event is None or event.package != package.name:
        return refuse(489, ("Allow-Events", package.name))
    if contact is None:
        return refuse(400)
    if expires is not None and 0 < expires < package.min_expires:
        return refuse(423, ("Min-Expires", str(package.min_expires)))
    accepted = [
        value.partition(";")[0].strip().lower() for value in request.headers.values("Accept")
    ]
    if accepted and not {package.content_type, "*/*", "application/*"} & set(accepted):
        return refuse(406)
    return None


def accept(
    package: Package,
    request: Request,
    key: int,
    local_tag: str,
    body: bytes,
    now: float,
    *,
    pending: bool = False,
) -> tuple[Notifier, list[Effect]]:
    """Serve a SUBSCRIBE outside a dialog: 200 and the first NOTIFY at once (section 4.2.1.2).

    Expires 0 is a fetch: one NOTIFY, and it is over.
    """
    event = request.event
    if event is None:
        raise ValueError("a SUBSCRIBE without Event was to be refused")
    granted = _granted(package, request)
    dialog = replace(from_invitation(request, local_tag), confirmed=True)
    phase = NotifierPhase.PENDING if pending else NotifierPhase.ACTIVE
    turn = _Turn(Notifier(package, dialog, event, now + granted, phase, body), now)
    turn.answer(key, request, granted)
    if granted == 0:
        turn.change(phase=NotifierPhase.TERMINATED, reason="timeout")
    else:
        turn.effects.append(SetTimer(SubTimer.EXPIRE, float(granted)))
    turn.notify()
    return turn.s, turn.effects


def step(notifier: Notifier, event: Event, now: float) -> tuple[Notifier, list[Effect]]:
    turn = _Turn(notifier, now)
    handler = _HANDLERS.get(type(event))
    if handler is None:
        raise ValueError(f"{type(event).__name__} is no event of a notifier")
    handler(turn, event)
    return turn.s, turn.effects


def _granted(package: Package, request: Request) -> int:
    """Section 4.2.1.1: shorten, never extend."""
    asked = package.default_expires if request.expires is None else request.expires
    return min(asked, package.max_expires)


@dataclass(slots=True)
class _Turn:
    s: Notifier
    now: float
    effects: list[Effect] = field(default_factory=list)

    def change(self, **changes: Any) -> None:
        self.s = replace(self.s, **changes)

    def answer(self, key: int, request: Request, expires: int) -> None:
        response = Response.for_request(request, 200, to_tag=self.s.dialog.local_tag)
        response.headers.add("Expires", str(expires))
        for route in request.headers.all("Record-Route"):
            response.headers.add("Record-Route", route)
        self.effects.append(Respond(key, response))

    def notify(self) -> None:
        """Send the present state, or note that it is to be sent."""
        s = self.s
        if s.key is not None:
            self.change(waiting=True)
            return
        state = s.phase.value
        if s.phase is NotifierPhase.TERMINATED:
            state += f";reason={s.reason}"
        else:
            state += f";expires={max(int(s.ends_at - self.now), 0)}"
        body = b"" if s.phase is NotifierPhase.PENDING else s.body
        dialog, request = s.dialog.request(
            "NOTIFY",
            (("Event", str(s.event)), ("Subscription-State", state)),
            body,
            s.package.content_type,
        )
        self.change(dialog=dialog, key=s.next_key, next_key=s.next_key + 1, waiting=False)
        self.effects.append(Send(s.next_key, request))

    def finish(self, reason: str) -> None:
        """The last NOTIFY tells the reason."""
        if self.s.phase is not NotifierPhase.TERMINATED:
            self.change(phase=NotifierPhase.TERMINATED, reason=reason)
            self.effects.append(StopTimer(SubTimer.EXPIRE))
            self.notify()


def _got_request(t: _Turn, event: GotRequest) -> None:
    """A refresh or the end of it, inside the dialog (section 4.2.1)."""
    request = event.request
    refused = refusal(t.s.package, request, t.s.dialog.local_tag)
    dialog, order = t.s.dialog.receive(request)
    if t.s.phase is NotifierPhase.TERMINATED:
        t.effects.append(Respond(event.key, Response.for_request(request, 481)))
    elif order is Order.TOO_LOW:
        t.effects.append(Respond(event.key, Response.for_request(request, 500)))
    elif refused is not None:
        t.effects.append(Respond(event.key, refused))
    else:
        granted = _granted(t.s.package, request)
        t.change(dialog=dialog.refresh_target(request), ends_at=t.now + granted)
        t.answer(event.key, request, granted)
        if granted == 0:
            t.finish("timeout")
            return
        t.effects.append(SetTimer(SubTimer.EXPIRE, float(granted)))
        t.notify()


def _got_response(t: _Turn, event: GotResponse) -> None:
    if event.key != t.s.key or event.response.status < 200:
        return
    t.change(key=None)
    status = event.response.status
    if status in (404, 405, 410, 416, 480, 481, 482, 483, 484, 485, 489, 501, 604, 408):
        # Section 4.2.2 with RFC 5057 section 5.1: the subscriber is gone.
        t.effects.append(StopTimer(SubTimer.EXPIRE))
        t.change(phase=NotifierPhase.TERMINATED, reason="lost", waiting=False)
        t.effects.append(Ended("lost", status))
    elif t.s.waiting:
        t.notify()
    elif t.s.phase is NotifierPhase.TERMINATED:
        t.effects.append(Ended(t.s.reason))


def _fired(t: _Turn, event: Fired) -> None:
    if event.timer is SubTimer.EXPIRE:
        t.finish("timeout")


def _publish(t: _Turn, event: Publish) -> None:
    if t.s.phase is NotifierPhase.TERMINATED:
        return
    phase = NotifierPhase.ACTIVE if event.active else NotifierPhase.PENDING
    t.change(body=event.body, phase=phase)
    t.notify()


def _stop(t: _Turn, event: Stop) -> None:
    if event.body:
        t.change(body=event.body)
    t.finish(event.reason)


_HANDLERS: dict[type, Callable[[_Turn, Any], None]] = {
    GotRequest: _got_request,
    GotResponse: _got_response,
    Fired: _fired,
    Publish: _publish,
    Stop: _stop,
}
