"""A registered device as an end: one :class:`protocols.aio.call.Call`, either direction."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from emulator.calls.end import End, Headers, Party
from protocols.aio.useragent import Call, EndCause, IncomingCall, RequestContext
from protocols.b2bua.policy import LINK_POLICY, crossing
from protocols.sdp import Origin, SdpError, SessionDescription
from protocols.sdp.negotiate import versioned
from protocols.sip.headers import NameAddr
from protocols.sip.message import Request, Response
from protocols.sip.uri import SipUri

if TYPE_CHECKING:
    from protocols.aio.flow import Flow
    from protocols.aio.scope import TaskScope
    from protocols.aio.useragent import UserAgent

logger = logging.getLogger(__name__)

# What a device may say about a call that the other side is told; identity is ours to assert.
_FROM_DEVICES = frozenset({"session-id", "privacy"})
_ENDINGS = LINK_POLICY.endings


@dataclass(frozen=True, slots=True)
class Route:
    """Where a device is: its Contact, the flow it registered over, and the Path in between."""

    target: str
    flow: Flow | None
    path: tuple[str, ...] = ()


def identity(party: Party, domain: str) -> NameAddr:
    """How a party is named in From and P-Asserted-Identity."""
    if party.anonymous:
        # RFC 3323 4.1.1.3
        return NameAddr("Anonymous", SipUri.of("anonymous", "anonymous.invalid"))
    return NameAddr(party.name, SipUri.of(party.number, domain))


def asserted(party: Party | None, domain: str) -> list[tuple[str, str]]:
    """P-Asserted-Identity (RFC 3325), left out for who wants to stay unknown."""
    if party is None or party.anonymous:
        return []
    return [("P-Asserted-Identity", str(identity(party, domain)))]


class Describer:
    """Our side of the offer/answer with one device: its own ``o=`` line and version (RFC 3264 8).

    What we relay comes from different peers over time (other phone, music); the device must see one
    session whose version moves only when something changed.
    """

    def __init__(self) -> None:
        self._session_id = int.from_bytes(os.urandom(5), "big")
        self._last: SessionDescription | None = None

    def describe(self, sdp: bytes) -> bytes:
        try:
            new = SessionDescription.parse(sdp).copy()
            theirs = new.origin
            new.origin = Origin(
                "-", self._session_id, 1, theirs.address, theirs.address_type, theirs.net_type
            )
        except SdpError:
            return sdp  # not ours to judge: the device answers 488 or 400 itself
        self._last = versioned(new, self._last)
        return self._last.to_bytes()


class SipEnd(End):
    """Listens to its :class:`Call`; events arrive inside the socket's callback, in order."""

    def __init__(
        self,
        name: str,
        party: Party,
        *,
        domain: str,
        agent: UserAgent | None = None,
        route: Route | None = None,
        tasks: TaskScope,
        on_gone: Callable[[SipEnd], None] | None = None,
    ) -> None:
        self.name = name
        self.party = party
        self.call: Call | None = None
        self._domain = domain
        self._agent = agent
        self._route = route
        self._tasks = tasks
        self._on_gone = on_gone
        self._describer = Describer()
        self._over = False

    @classmethod
    def caller(
        cls,
        name: str,
        party: Party,
        incoming: IncomingCall,
        *,
        domain: str,
        tasks: TaskScope,
        on_gone: Callable[[SipEnd], None] | None = None,
    ) -> SipEnd:
        """The end of a device that called us."""
        end = cls(name, party, domain=domain, tasks=tasks, on_gone=on_gone)
        end.call = incoming.take(end)
        return end

    def _tell(self, sdp: bytes | None) -> bytes | None:
        if sdp is None:
            return None
        self.told = self._describer.describe(sdp)
        return self.told

    # -- commands ----------------------------------------------------------------------------

    def invite(self, offer: bytes | None, caller: Party, dialled: str, headers: Headers) -> None:
        if self._agent is None or self._route is None:
            raise RuntimeError(f"{self.name} cannot be called: no route")
        who = identity(caller, self._domain)
        self.call = self._agent.invite(
            target=self._route.target,
            from_=str(who),
            to=str(SipUri.of(self.party.number, self._domain)),
            sdp=self._tell(offer),
            headers=[*asserted(caller, self._domain), *headers],
            flow=self._route.flow,
            route=self._route.path,
            listener=self,
        )

    def acknowledge(self, sdp: bytes) -> None:
        if self.call is not None:
            told = self._tell(sdp)
            self.call.acknowledge(told or sdp)

    def progress(self, status: int, sdp: bytes | None, connected: Party | None) -> None:
        if self.call is not None:
            self.call.ring(status, sdp=self._tell(sdp), headers=asserted(connected, self._domain))

    def accept(self, sdp: bytes | None, connected: Party | None, headers: Headers) -> None:
        if self.call is not None:
            self.call.accept(
                self._tell(sdp), headers=[*asserted(connected, self._domain), *headers]
            )

    def refuse(self, status: int, reason: str | None = None, headers: Headers = ()) -> None:
        if self.call is not None and not self._over:
            self.call.reject(status, reason, headers)

    def hang_up(self, headers: Headers = ()) -> None:
        if self.call is not None and not self._over:
            self.call.hang_up(headers)

    def offer(self, sdp: bytes) -> None:
        if self.call is not None:
            self.call.offer(self._tell(sdp))

    def answer(self, sdp: bytes) -> None:
        if self.call is not None:
            self.call.answer(self._tell(sdp) or sdp)

    def refuse_offer(self, status: int) -> None:
        if self.call is not None:
            self.call.refuse_offer(status)

    def send_info(self, content_type: str, body: bytes) -> None:
        if self.call is not None and not self._over:
            work = self.call.request("INFO", content_type=content_type, body=body)
            self._tasks.start(work, f"info {self.name}")

    # -- CallListener ------------------------------------------------------------------------

    def on_progress(self, call: Call, response: Response, sdp: bytes | None) -> None:
        self.events.ringing(self, response.status, sdp)

    def on_answer(self, call: Call, response: Response, sdp: bytes | None) -> None:
        self.events.answered(self, sdp, crossing(response.headers, _FROM_DEVICES))

    def on_failure(self, call: Call, status: int, response: Response | None) -> None:
        self._over = True
        reason = response.reason if response is not None else ""
        self.events.failed(self, status, reason)

    def on_established(self, call: Call) -> None:
        if call.direction == "in":
            self.described = call.remote_sdp or self.described
            self.events.established(self)

    def on_offer(self, call: Call, sdp: bytes | None, request: Request) -> None:
        self.events.offered(self, sdp)

    def on_offer_result(self, call: Call, status: int, sdp: bytes | None) -> None:
        self.events.offer_result(self, status, sdp)

    def on_end(self, call: Call, cause: EndCause, request: Request | None) -> None:
        already, self._over = self._over, True
        if self._on_gone is not None:
            self._on_gone(self)
        if not already and cause not in ("local", "rejected", "failure"):
            headers = crossing(request.headers if request is not None else None, _ENDINGS)
            self.events.ended(self, headers)

    def on_request(self, call: Call, ctx: RequestContext) -> None:
        if ctx.request.method == "INFO":
            self._info(ctx)
        elif ctx.request.method == "OPTIONS":
            ctx.respond(200)
        elif ctx.request.method == "REFER":
            # not offered yet; a refusal leaves the call as it is (RFC 3515 2.4.2)
            ctx.respond(603)
        else:
            ctx.respond(405)

    def _info(self, ctx: RequestContext) -> None:
        request = ctx.request
        content_type = (request.headers.get("Content-Type") or "").partition(";")[0].strip().lower()
        if content_type not in ("application/dtmf-relay", "application/dtmf", ""):
            ctx.respond(415)  # RFC 6086 4.2.2: not understood
            return
        ctx.respond(200)
        if request.body:
            self.events.info(self, content_type, request.body)
