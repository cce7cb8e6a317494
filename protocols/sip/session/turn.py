"""One step of a session: the current value, the effects so far, and the moves that all share."""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from typing import Any

from protocols.sip.message import Request, Response
from protocols.sip.session.events import (
    Dispose,
    Effect,
    EndCause,
    Ended,
    Headers,
    Respond,
    Send,
    SetTimer,
    StopTimer,
    Timer,
)
from protocols.sip.session.state import Client, Fork, Phase, Purpose, Session


@dataclass(frozen=True, slots=True)
class Env:
    """What a step needs from outside: chance, and our Contact where the driver knows it.

    Without `contact` the driver adds the header when it knows which flow a message takes.
    """

    rng: random.Random
    contact: str | None = None


#: Methods that carry Contact, Allow and Supported (RFC 3261 table 2 and section 20.5, RFC 3311).
_DESCRIBING = frozenset({"INVITE", "UPDATE"})


@dataclass(slots=True)
class Turn:
    s: Session
    env: Env
    effects: list[Effect] = field(default_factory=list)

    def change(self, **changes: Any) -> None:
        self.s = replace(self.s, **changes)

    def emit(self, effect: Effect) -> None:
        self.effects.append(effect)

    def keep(self, fork: Fork) -> None:
        self.s = self.s.with_fork(fork)

    def set_timer(self, timer: Timer, delay: float) -> None:
        self.emit(SetTimer(timer, delay))

    def stop(self, *timers: Timer) -> None:
        for timer in timers:
            self.emit(StopTimer(timer))

    # -- messages --------------------------------------------------------------------------

    def describing_headers(self, *, allow: bool = True) -> list[tuple[str, str]]:
        """Contact, Allow, Supported, User-Agent of messages that make or change a session."""
        settings = self.s.settings
        items: list[tuple[str, str]] = []
        if self.env.contact is not None:
            items.append(("Contact", f"<{self.env.contact}>"))
        if allow:
            items.append(("Allow", ", ".join(settings.allow)))
        if allow and settings.supported:
            items.append(("Supported", ", ".join(settings.supported)))
        return items

    def send(
        self,
        fork: Fork,
        purpose: Purpose,
        method: str,
        headers: Headers = (),
        *,
        body: bytes = b"",
        content_type: str | None = None,
        **client: Any,
    ) -> Client:
        """Start a request in the dialog of `fork`; the fork is stored with its next CSeq."""
        extra = self.describing_headers() if method in _DESCRIBING else []
        if method in ("REFER", "SUBSCRIBE", "NOTIFY"):
            extra = self.describing_headers(allow=False)
        agent = self.s.settings.user_agent
        if agent:
            extra.append(("User-Agent", agent))
        dialog, request = fork.dialog.request(method, (*extra, *headers), body, content_type)
        self.keep(replace(fork, dialog=dialog))
        key = self.s.next_key
        made = Client(key, purpose, request, dialog.remote_tag, **client)
        self.change(next_key=key + 1, clients=(*self.s.clients, made))
        self.emit(Send(key, request))
        return made

    def response(
        self,
        request: Request,
        status: int,
        reason: str | None = None,
        headers: Headers = (),
        body: bytes = b"",
    ) -> Response:
        """A response with our tag; describing headers where the method wants them."""
        response = Response.for_request(request, status, reason, self.s.local_tag)
        success = 200 <= status < 300
        if request.method in _DESCRIBING and 100 < status < 300:
            response.headers.extend(self.describing_headers(allow=success))
            if request.method == "INVITE":
                # RFC 3261 12.1.1: the route set is mirrored into every response with a tag
                for route in request.headers.all("Record-Route"):
                    response.headers.add("Record-Route", route)
        response.headers.extend(headers)
        if body:
            if "Content-Type" not in response.headers:
                response.headers.add("Content-Type", "application/sdp")
            response.body = body
        return response

    def respond(
        self,
        key: int,
        request: Request,
        status: int,
        reason: str | None = None,
        headers: Headers = (),
        body: bytes = b"",
    ) -> Response:
        response = self.response(request, status, reason, headers, body)
        self.emit(Respond(key, response))
        return response

    # -- the end ---------------------------------------------------------------------------

    def report_end(self, cause: EndCause, request: Request | None = None) -> None:
        """Tell the owner, once."""
        if not self.s.reported:
            self.change(reported=True)
            self.emit(Ended(cause, request))

    def release_server(self) -> None:
        """Answer what the peer still waits for: its re-INVITE or UPDATE ends with 487 (15.1.2)."""
        server = self.s.server
        if server is None:
            return
        self.respond(server.key, server.request, 487)
        self.change(server=None)
        fork = self.s.fork(server.tag)
        if fork is not None:
            self.keep(replace(fork, oa=fork.oa.rollback()))

    def end(self, cause: EndCause, request: Request | None = None) -> None:
        """The session is over; requests of ours may still be on their way."""
        self.release_server()
        self.change(
            phase=Phase.ENDED, server=None, reliable=None, held=None, unacked=None, wanted=None
        )
        self.stop(*Timer)
        self.report_end(cause, request)

    def dispose_if_done(self) -> None:
        if self.s.phase is Phase.ENDED and self.s.reported and not self.s.clients:
            self.emit(Dispose())
