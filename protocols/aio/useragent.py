"""The user agent: INVITE sessions and out-of-dialog requests over one `SipEndpoint`.

```
            application (emulator, connector, gateway)
   on_invite | handle(method) | invite() | request()      CallListener
            UserAgent  --------- Call (drives protocols.sip.session)
            SipEndpoint (transactions, flows)
```
"""

from __future__ import annotations

import asyncio
import itertools
import logging
import random
from collections.abc import Callable, Sequence
from typing import Protocol

from protocols.aio.call import Call, CallState, IncomingCall
from protocols.aio.endpoint import SipEndpoint
from protocols.aio.exchange import Exchange
from protocols.aio.flow import Flow
from protocols.aio.listener import CallListener, Headers, RequestContext, checked
from protocols.aio.transactions import ServerTransaction
from protocols.sip.auth.credentials import Credentials, DigestCredentials
from protocols.sip.dialog import build_request
from protocols.sip.errors import ParseError
from protocols.sip.headers import NameAddr
from protocols.sip.message import Request, Response
from protocols.sip.session import Settings, incoming, outgoing, refusal
from protocols.sip.session.events import EndCause
from protocols.sip.session.replaces import judge
from protocols.sip.txn.routing import reference
from protocols.sip.uri import SipUri, parse_uri

__all__ = [
    "Call",
    "CallListener",
    "CallState",
    "EndCause",
    "IncomingCall",
    "RequestContext",
    "UserAgent",
]

logger = logging.getLogger(__name__)

#: What a call serves by itself. A user agent whose listeners take no more says no more: a peer
#: that reads REFER in Allow transfers by it (RFC 3261 section 20.5).
CALL_ALLOW = ("INVITE", "ACK", "CANCEL", "BYE", "OPTIONS", "PRACK", "UPDATE")
CALL_SUPPORTED = ("100rel", "timer")
DEFAULT_ALLOW = (*CALL_ALLOW, "INFO", "NOTIFY", "REFER", "MESSAGE")
DEFAULT_SUPPORTED = ("100rel", "timer", "replaces", "norefersub")
_KNOWN_METHODS = frozenset({*DEFAULT_ALLOW, "REGISTER", "SUBSCRIBE", "PUBLISH"})


class DialogUsage(Protocol):
    """A subscription (or another usage that is no call) that owns a dialog of its own."""

    def received(self, ctx: RequestContext) -> None: ...


class UserAgent:
    """Owns the endpoint's callbacks. `contact(flow)` gives our Contact URI per flow; without it
    `sip:<user>@<local address>;transport=<t>` of the flow's local side is used. `allow` and
    `supported` are what we promise: other methods in a dialog get 405 before a listener sees
    them, and without `replaces` no call can be taken over (RFC 3891)."""

    def __init__(
        self,
        endpoint: SipEndpoint,
        *,
        contact: Callable[[Flow], str] | None = None,
        allow: Sequence[str] = DEFAULT_ALLOW,
        supported: Sequence[str] = DEFAULT_SUPPORTED,
        session_expires: int | None = 1800,
        min_se: int = 90,
        rng: random.Random | None = None,
    ) -> None:
        self.endpoint = endpoint
        #: A new dialog-forming INVITE. Sync; call `incoming.take(listener)` or `reject`.
        self.on_invite: Callable[[IncomingCall], None] | None = None
        #: Asked for every request but ACK and CANCEL (RFC 3261 22.1), inside dialogs too; a
        #: Response (401, 403, ...) is sent instead of handling the request.
        self.authenticate: Callable[[Request, Flow], Response | None] | None = None
        #: Asked for a flow when a call's own is gone; None = resolve the target (RFC 3263).
        self.select_flow: Callable[[Call], Flow | None] | None = None
        #: A stream flow of this endpoint ended (calls were told before).
        self.on_flow_closed: Callable[[Flow, str], None] | None = None
        self.rng = rng or random.SystemRandom()
        self.settings = Settings(
            timers=endpoint.timers,
            allow=tuple(allow),
            supported=tuple(supported),
            session_expires=session_expires,
            min_se=min_se,
            user_agent=endpoint.user_agent,
        )
        self._contact = contact
        self._handlers: dict[str, Callable[[RequestContext], None]] = {}
        self._calls: dict[tuple[str, str], Call] = {}
        self._usages: dict[tuple[str, str], DialogUsage] = {}
        self._watchers: dict[str, list[Callable[[], None]]] = {}
        self._invitations: dict[ServerTransaction, Call] = {}
        self._keys = itertools.count(1)
        self._ids = itertools.count(1)
        self._no_calls = asyncio.Event()
        self._no_calls.set()
        endpoint.on_request = self._on_request
        endpoint.on_ack = self._on_ack
        endpoint.on_cancel = self._on_cancel
        endpoint.on_flow_closed = self._on_flow_closed

    # -- what the application does ---------------------------------------------------------------

    def handle(self, method: str, handler: Callable[[RequestContext], None]) -> None:
        """Handler for a method outside dialogs (OPTIONS REGISTER NOTIFY SUBSCRIBE MESSAGE PUBLISH
        REFER). Methods without a handler get 405 with Allow; OPTIONS gets 200 by itself."""
        self._handlers[method] = handler

    def invite(
        self,
        *,
        target: str,
        from_: str,
        to: str | None = None,
        sdp: bytes | None,
        headers: Headers = (),
        flow: Flow | None = None,
        route: Sequence[str] = (),
        credentials: DigestCredentials | None = None,
        listener: CallListener,
        call_id: str | None = None,
    ) -> Call:
        """Start a call. `from_`/`to` are name-addr or URI without tag; `sdp` None = delayed offer.
        Never raises for what the network does: failures come by `listener.on_failure`."""
        tag = self.new_tag()
        origin = NameAddr.parse(from_)
        session = outgoing(
            self.settings,
            target=target,
            from_=str(origin.with_tag(tag)),
            to=_to(to, target),
            call_id=call_id or self.new_dialog_id(),
            local_tag=tag,
            sdp=sdp,
            headers=checked(headers),
            routes=[str(NameAddr.parse(r)) for r in route],
            credentials=credentials,
        )
        call = Call(self, session, flow=flow, contact_user=_user(origin), listener=listener)
        self._remember(call)
        call.start()
        return call

    async def request(
        self,
        method: str,
        target: str,
        *,
        from_: str,
        to: str | None = None,
        headers: Headers = (),
        content_type: str | None = None,
        body: bytes = b"",
        flow: Flow | None = None,
        route: Sequence[str] = (),
        credentials: Credentials | None = None,
        call_id: str | None = None,
    ) -> Response:
        """An out-of-dialog request; answers a challenge when credentials are given. Timeout and
        transport failure come back as locally made 408 and 503."""
        exchange = Exchange(self, credentials, flow)
        return await exchange.run(
            build_request(
                method,
                target,
                routes=[str(NameAddr.parse(r)) for r in route],
                from_=str(NameAddr.parse(from_).with_tag(self.new_tag())),
                to=_to(to, target),
                call_id=call_id or self.new_dialog_id(),
                cseq=1,
                headers=(*checked(headers), ("User-Agent", self.settings.user_agent)),
                body=body,
                content_type=content_type,
            )
        )

    @property
    def calls(self) -> list[Call]:
        """Calls that are not over yet (what a leak test looks at)."""
        return list(self._calls.values())

    def find_call(self, call_id: str, local_tag: str) -> Call | None:
        """The call of a dialog named by its Call-ID and our tag: in Replaces, in Target-Dialog
        (RFC 4538), in a Refer-To of a transfer."""
        return self._calls.get((call_id, local_tag))

    async def idle(self) -> None:
        """Wait until no call is left."""
        await self._no_calls.wait()

    async def aclose(self) -> None:
        """Hang up everything, wait for the transactions within 2 s, let go of the endpoint."""
        for call in self.calls:
            call.hang_up()
        try:
            async with asyncio.timeout(2):
                await self._no_calls.wait()
        except TimeoutError:
            logger.info("%d calls were not hung up cleanly", len(self._calls))
        for call in self.calls:
            call.abandon()

    # -- names and addresses ---------------------------------------------------------------------

    def new_tag(self) -> str:
        return f"{self.rng.getrandbits(64):016x}"

    def new_dialog_id(self) -> str:
        """A Call-ID: no address in it, it would tell where we are (RFC 3261 8.1.1.4)."""
        return f"{self.rng.getrandbits(128):032x}"

    def next_call_id(self) -> str:
        return f"call-{next(self._ids)}"

    def contact_for(self, flow: Flow, user: str | None = None) -> str:
        """Our Contact URI on this flow."""
        if self._contact is not None:
            return self._contact(flow)
        host, port = self.endpoint.sent_by(flow)
        uri = SipUri.of(user, reference(host), port)
        if flow.transport != "UDP":
            uri = uri.with_param("transport", flow.transport.lower())
        return str(uri)

    # -- dialogs of other usages -----------------------------------------------------------------

    def add_usage(self, call_id: str, local_tag: str, usage: DialogUsage) -> None:
        """Requests with this Call-ID and our tag go to `usage`."""
        self._usages[call_id, local_tag] = usage

    def remove_usage(self, call_id: str, local_tag: str) -> None:
        self._usages.pop((call_id, local_tag), None)

    def watch_flow(self, flow: Flow, ended: Callable[[], None]) -> None:
        """Call `ended` when this flow closes (stream flows; UDP flows do not)."""
        self._watchers.setdefault(flow.id, []).append(ended)

    # -- calls -----------------------------------------------------------------------------------

    def _remember(self, call: Call) -> None:
        self._calls[call.call_id, call.session.local_tag] = call
        self._no_calls.clear()

    def _expect_cancel(self, transaction: ServerTransaction, call: Call) -> None:
        """A CANCEL names its INVITE by transaction, not by dialog (RFC 3261 9.2)."""
        self._invitations[transaction] = call
        call.invitations.append(transaction)

    def forget(self, call: Call) -> None:
        """A call is done with."""
        self._calls.pop((call.call_id, call.session.local_tag), None)
        for transaction in call.invitations:
            self._invitations.pop(transaction, None)
        call.invitations.clear()
        if not self._calls:
            self._no_calls.set()

    # -- what the endpoint reports -----------------------------------------------------------------

    def _on_request(self, transaction: ServerTransaction, request: Request, flow: Flow) -> None:
        if self.authenticate is not None:
            refused = self.authenticate(request, flow)
            if refused is not None:
                transaction.respond(refused)
                return
        tag = request.to.tag
        if tag is not None:
            self._in_dialog(transaction, request, flow, tag)
        elif request.method == "INVITE":
            self._invited(transaction, request, flow)
        else:
            self._outside(transaction, request, flow)

    def _in_dialog(
        self, transaction: ServerTransaction, request: Request, flow: Flow, tag: str
    ) -> None:
        call = self._calls.get((request.call_id, tag))
        if call is not None:
            if request.method == "INVITE":
                self._expect_cancel(transaction, call)
            call.received(next(self._keys), transaction, flow)
            return
        usage = self._usages.get((request.call_id, tag))
        if usage is not None:
            usage.received(RequestContext(transaction, flow))
        else:
            transaction.reply(481)  # RFC 3261 12.2.2

    def _outside(self, transaction: ServerTransaction, request: Request, flow: Flow) -> None:
        ctx = RequestContext(transaction, flow)
        handler = self._handlers.get(request.method)
        allow = ("Allow", ", ".join(self._allowed()))
        if handler is not None:
            handler(ctx)
        elif request.method == "OPTIONS":
            supported = ("Supported", ", ".join(self.settings.supported))
            ctx.respond(200, headers=(allow, supported, ("Accept", "application/sdp")))
        elif request.method in ("BYE", "PRACK", "UPDATE", "INFO"):
            ctx.respond(481)  # only in a dialog, and there is none
        elif request.method in _KNOWN_METHODS:
            ctx.respond(405, headers=(allow,))
        else:
            ctx.respond(501, headers=(allow,))

    def _allowed(self) -> list[str]:
        return [*self.settings.allow, *(m for m in self._handlers if m not in self.settings.allow)]

    def _invited(self, transaction: ServerTransaction, request: Request, flow: Flow) -> None:
        if self.on_invite is None:
            transaction.reply(480)
            return
        refused = refusal(self.settings, request, transaction.to_tag)
        if refused is not None:
            transaction.respond(refused)
            return
        replaced = self._replaced_by(request)
        if isinstance(replaced, int):
            transaction.reply(replaced)
            return
        key, tag = next(self._keys), self.new_tag()
        session = incoming(self.settings, request, key, tag, self.rng.randint(1, 2**30))
        call = IncomingCall(
            self,
            session,
            flow=flow if _adjacent(request) else None,
            contact_user=_user(request.to),
        )
        call.adopt(key, transaction)
        call.replaces = replaced
        self._expect_cancel(transaction, call)
        self._remember(call)
        try:
            self.on_invite(call)
        except Exception:
            # The owner's fault: whatever it left half done, the call comes to its end.
            logger.exception("%s: on_invite failed", call.id)
            if call.state in ("proceeding", "early"):
                call.reject(500)
            else:
                call.hang_up()
            return
        if call.listener is None and call.state != "terminated":
            call.reject(480)

    def _replaced_by(self, request: Request) -> Call | int | None:
        """The call an INVITE wants to take over (RFC 3891), or the status that refuses it."""
        try:
            replaces = request.replaces
        except ParseError:
            return 400
        if replaces is None:
            return None
        if len(request.headers.all("Replaces")) > 1:
            return 400
        if "replaces" not in self.settings.supported:
            # section 3: a header that matches nothing is 481; here no call is up for replacement.
            # (`Require: replaces` was refused with 420 before.)
            return 481
        call = self.find_call(replaces.call_id, replaces.to_tag)
        status = judge(call.session if call is not None else None, replaces)
        return call if status == 0 else status

    def _on_ack(self, request: Request, flow: Flow) -> None:
        call = self._calls.get((request.call_id, request.to.tag or ""))
        if call is not None:
            call.acknowledged(request)

    def _on_cancel(self, transaction: ServerTransaction, cancel: Request) -> None:
        call = self._invitations.get(transaction)
        known = call is not None and call.cancelled(transaction, cancel)
        if not known and not transaction.finished:
            transaction.reply(487)

    def _on_flow_closed(self, flow: Flow, reason: str) -> None:
        for call in self.calls:
            call.flow_closed(flow)
        for ended in self._watchers.pop(flow.id, ()):
            ended()
        if self.on_flow_closed is not None:
            self.on_flow_closed(flow, reason)


def _user(address: NameAddr) -> str | None:
    return address.user or None


def _to(to: str | None, target: str) -> str:
    """The To of a request: as given, else the target without what may not be in To
    (RFC 3261 19.1.1, table 1)."""
    if to is not None:
        return str(NameAddr.parse(to))
    uri = parse_uri(target)
    if isinstance(uri, SipUri):
        uri = uri._replace(headers=())
        for name in ("transport", "maddr", "ttl", "method", "lr"):
            uri = uri.without_param(name)
    return f"<{uri}>"


def _adjacent(request: Request) -> bool:
    """Whether in-dialog requests may go back the way the INVITE came: from the peer itself (one
    Via; its Contact may lie behind a NAT), or from a proxy that stays in the route."""
    return len(request.vias) == 1 or bool(request.record_routes)
