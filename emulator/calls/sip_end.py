"""A registered device as an end: one :class:`protocols.aio.call.Call`, either direction."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from emulator.calls.end import End, Headers, Party
from emulator.calls.secure import SecureRelay, wants_srtp
from emulator.faults import Faults
from protocols.aio.useragent import Call, EndCause, IncomingCall, RequestContext
from protocols.b2bua.policy import LINK_POLICY, crossing
from protocols.sdp import Origin, SdpError, SessionDescription
from protocols.sdp.negotiate import versioned
from protocols.sip.headers import NameAddr
from protocols.sip.info.dtmf import PLAIN, RELAY
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


@dataclass(frozen=True, slots=True)
class Line:
    """What every SIP end of this PBX has in common. ``secure_media``: devices on TLS are offered
    SDES-SRTP first."""

    agent: UserAgent
    domain: str
    tasks: TaskScope
    open_relay: Callable[[], SecureRelay]
    faults: Faults
    refer: Callable[[SipEnd, RequestContext], None]
    secure_media: bool = True


class SipEnd(End):
    """Listens to its :class:`Call`; events arrive inside the socket's callback, in order.

    Inside the PBX descriptions are plain RTP; ``_inward`` and ``_tell`` translate for a device that
    speaks SRTP (see :mod:`emulator.calls.secure`).
    """

    def __init__(self, name: str, party: Party, line: Line, route: Route | None = None) -> None:
        self.name = name
        self.party = party
        self.call: Call | None = None
        self._line = line
        self._route = route
        self._describer = Describer()
        self._relay: SecureRelay | None = None
        self._again: Callable[[], None] | None = None
        self._over = False

    def vanish(self) -> None:
        """Forget the call without a word to the device: what a crash does."""
        self._again = None
        if self.call is not None:
            self.call.abandon()
        self._over = True
        self._close_relay()

    @classmethod
    def caller(cls, name: str, party: Party, line: Line, incoming: IncomingCall) -> SipEnd:
        """The end of a device that called us."""
        end = cls(name, party, line)
        end.call = incoming.take(end)
        return end

    def first_offer(self) -> bytes | None:
        """The caller's offer as the called side sees it. Raises ``SdpError``, ``OSError``."""
        if self.call is None:
            return None
        sdp, flow = self.call.remote_sdp, self.call.flow
        late = sdp is None and flow is not None and flow.secure and self._line.secure_media
        if wants_srtp(sdp) or late:
            self._relay = self._line.open_relay()
        return self._inward(sdp)

    # -- translation -------------------------------------------------------------------------

    def _inward(self, sdp: bytes | None, *, final: bool = True) -> bytes | None:
        if sdp is None or self._relay is None:
            return sdp
        return self._relay.inward(sdp, final=final)

    def _tell(self, sdp: bytes | None, *, final: bool = True) -> bytes | None:
        if sdp is None:
            return None
        self.told = sdp
        if self._relay is not None:
            sdp = self._relay.outward(sdp, final=final)
        return self._describer.describe(sdp)

    # -- commands ----------------------------------------------------------------------------

    def invite(self, offer: bytes | None, caller: Party, dialled: str, headers: Headers) -> None:
        if self._route is None:
            raise RuntimeError(f"{self.name} cannot be called: no route")
        flow = self._route.flow
        if flow is not None and flow.secure and self._line.secure_media:
            try:
                self._relay = self._line.open_relay()
            except OSError as error:
                logger.warning("%s: %s", self.name, error)
                asyncio.get_running_loop().call_soon(self.events.failed, self, 503, "")
                return
            # a device on TLS that takes plain RTP only refuses and is asked again
            self._again = lambda: self._invite(offer, caller, headers)
        self._invite(offer, caller, headers)

    def _invite(self, offer: bytes | None, caller: Party, headers: Headers) -> None:
        assert self._route is not None
        domain = self._line.domain
        self.call = self._line.agent.invite(
            target=self._route.target,
            from_=str(identity(caller, domain)),
            to=str(SipUri.of(self.party.number, domain)),
            sdp=self._tell(offer),
            headers=[*asserted(caller, domain), *headers],
            flow=self._route.flow,
            route=self._route.path,
            listener=self,
        )

    def acknowledge(self, sdp: bytes) -> None:
        if self.call is not None:
            self.call.acknowledge(self._tell(sdp) or sdp)

    def progress(self, status: int, sdp: bytes | None, connected: Party | None) -> None:
        if sdp is None and self._line.faults.now.skip_ringing:
            return
        if self.call is not None:
            headers = asserted(connected, self._line.domain)
            self.call.ring(status, sdp=self._tell(sdp, final=False), headers=headers)

    def accept(self, sdp: bytes | None, connected: Party | None, headers: Headers) -> None:
        if self.call is not None:
            self.call.accept(
                self._tell(sdp), headers=[*asserted(connected, self._line.domain), *headers]
            )

    def refuse(self, status: int, reason: str | None = None, headers: Headers = ()) -> None:
        if self.call is not None and not self._over:
            self.call.reject(status, reason, headers)

    def hang_up(self, headers: Headers = ()) -> None:
        self._again = None
        if self.call is not None and not self._over:
            if self._line.faults.now.no_bye and self.call.state == "confirmed":
                self.call.abandon()
            else:
                self.call.hang_up(headers)
        self._close_relay()

    def offer(self, sdp: bytes) -> None:
        if self.call is not None:
            self.call.offer(self._tell(sdp))

    def answer(self, sdp: bytes) -> None:
        if self.call is not None:
            self.call.answer(self._tell(sdp) or sdp)

    def refuse_offer(self, status: int) -> None:
        if self._relay is not None:
            self._relay.rollback()
        if self.call is not None:
            self.call.refuse_offer(status)

    def send_info(self, content_type: str, body: bytes) -> None:
        if self.call is not None and not self._over:
            work = self.call.request("INFO", content_type=content_type, body=body)
            self._line.tasks.start(work, f"info {self.name}")

    def _close_relay(self) -> None:
        if self._relay is not None:
            self._relay.close()

    # -- CallListener ------------------------------------------------------------------------

    def on_progress(self, call: Call, response: Response, sdp: bytes | None) -> None:
        try:
            sdp = self._inward(sdp, final=False)
        except SdpError as error:
            logger.info("%s: early media is unusable: %s", self.name, error)
            sdp = None
        self.events.ringing(self, response.status, sdp)

    def on_answer(self, call: Call, response: Response, sdp: bytes | None) -> None:
        self._again = None
        try:
            answer = self._inward(sdp)
        except SdpError as error:
            logger.info("%s: the answer is unusable: %s", self.name, error)
            self.hang_up()
            self.events.failed(self, 488, "")
            return
        self.events.answered(self, answer, crossing(response.headers, _FROM_DEVICES))

    def on_failure(self, call: Call, status: int, response: Response | None) -> None:
        again, self._again = self._again, None
        if again is not None and status in (415, 488, 606):
            self._close_relay()
            self._relay, self._describer = None, Describer()
            again()
            return
        self._over = True
        self._close_relay()
        reason = response.reason if response is not None else ""
        self.events.failed(self, status, reason)

    def on_established(self, call: Call) -> None:
        if call.direction != "in":
            return
        if self.events.awaits_ack(self):
            try:
                self.described = self._inward(call.remote_sdp)
            except SdpError as error:
                logger.info("%s: the answer is unusable: %s", self.name, error)
                self.described = None
        self.events.established(self)

    def on_offer(self, call: Call, sdp: bytes | None, request: Request) -> None:
        try:
            offer = self._inward(sdp)
        except SdpError as error:
            logger.info("%s: the offer is unusable: %s", self.name, error)
            self.refuse_offer(488)
            return
        self.events.offered(self, offer)

    def on_offer_result(self, call: Call, status: int, sdp: bytes | None) -> None:
        try:
            answer = self._inward(sdp)
        except SdpError as error:
            logger.info("%s: the answer is unusable: %s", self.name, error)
            status, answer = 488, None
        if status >= 300 and self._relay is not None:
            self._relay.rollback()
        self.events.offer_result(self, status, answer)

    def on_end(self, call: Call, cause: EndCause, request: Request | None) -> None:
        if call is not self.call:
            return  # the first attempt, asked again without SRTP
        already, self._over = self._over, True
        self._close_relay()
        if not already and cause not in ("local", "rejected", "failure"):
            headers = crossing(request.headers if request is not None else None, _ENDINGS)
            self.events.ended(self, headers)

    def on_request(self, call: Call, ctx: RequestContext) -> None:
        if ctx.request.method == "INFO":
            self._info(ctx)
        elif ctx.request.method == "OPTIONS":
            ctx.respond(200)
        elif ctx.request.method == "REFER":
            self._line.refer(self, ctx)
        else:
            ctx.respond(405)

    def _info(self, ctx: RequestContext) -> None:
        request = ctx.request
        content_type = (request.headers.get("Content-Type") or "").partition(";")[0].strip().lower()
        if content_type not in (RELAY, PLAIN, ""):
            ctx.respond(415)  # RFC 6086 4.2.2: not understood
            return
        ctx.respond(200)
        if request.body:
            self.events.info(self, content_type, request.body)
