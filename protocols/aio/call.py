"""One INVITE session as the application sees it: `Call`.

`Call` holds no protocol rule: every command and every message becomes an event for the pure
session machine (`protocols.sip.session`), whose effects are carried out here.

A listener may call methods of the same `Call` again; the resulting events are queued and run
after the current one (one mutation at a time).
"""

from __future__ import annotations

import asyncio
import functools
import logging
from collections import deque
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from protocols.aio.flow import Flow
from protocols.aio.listener import CallListener, Headers, RequestContext, checked
from protocols.aio.transactions import ClientTransaction, ServerTransaction
from protocols.sip.auth.credentials import DigestCredentials
from protocols.sip.auth.digest_client import DigestClient
from protocols.sip.dialog import Dialog
from protocols.sip.message import Request, Response
from protocols.sip.session import Env, Phase, Session, events, step

if TYPE_CHECKING:
    from protocols.aio.useragent import UserAgent

logger = logging.getLogger(__name__)

CallState = Literal["calling", "proceeding", "early", "confirmed", "terminated"]
Direction = Literal["in", "out"]


class Call:
    """One INVITE session (a dialog set when it forks), as UAC or UAS."""

    def __init__(
        self,
        ua: UserAgent,
        session: Session,
        *,
        flow: Flow | None,
        contact_user: str | None,
        listener: CallListener | None = None,
    ) -> None:
        self.id = ua.next_call_id()
        self.call_id = session.invite.call_id
        self.direction: Direction = "out" if session.uac else "in"
        #: The flow of in-dialog requests while it is alive; None = RFC 3263. May be set.
        self.flow = flow
        self.listener = listener
        #: The call this one takes over when it is accepted (RFC 3891), if its INVITE says so.
        self.replaces: Call | None = None
        #: INVITE transactions of the peer: the user agent's index for CANCEL.
        self.invitations: list[ServerTransaction] = []
        self._ua = ua
        self._session = session
        self._contact_user = contact_user
        self._clients: dict[int, ClientTransaction] = {}
        self._servers: dict[int, ServerTransaction] = {}
        self._timers: dict[events.Timer, asyncio.TimerHandle] = {}
        self._queue: deque[events.Event] = deque()
        self._running = False
        self._replies: dict[int, asyncio.Future[Response]] = {}
        self._next_token = 1

    # -- what is known -----------------------------------------------------------------------

    @property
    def state(self) -> CallState:
        phase = self._session.phase
        if self._session.reported or phase is Phase.ENDED:
            return "terminated"
        return _STATES[phase]

    @property
    def session(self) -> Session:
        """The machine's state, immutable: for tests, traces and Replaces."""
        return self._session

    @property
    def invite(self) -> Request:
        """The INVITE: ours (as last sent), or the one received."""
        return self._session.invite

    @property
    def dialog(self) -> Dialog | None:
        """The confirmed dialog, else the most recent early one, else None."""
        fork = self._session.current
        return fork.dialog if fork is not None else None

    @property
    def local_sdp(self) -> bytes | None:
        """What we said last, agreed or still open."""
        fork = self._session.current
        return fork.oa.shown_local if fork is not None else self._session.offer

    @property
    def remote_sdp(self) -> bytes | None:
        """What the peer said last, agreed or still open."""
        fork = self._session.current
        return fork.oa.shown_remote if fork is not None else None

    @property
    def peer_allow(self) -> frozenset[str] | None:
        """Methods the peer allows; None while it has not said."""
        fork = self._session.current
        return fork.allow if fork is not None else None

    # -- UAS ---------------------------------------------------------------------------------

    def ring(
        self,
        status: int = 180,
        reason: str | None = None,
        sdp: bytes | None = None,
        headers: Headers = (),
    ) -> None:
        """Send a 1xx. Reliable (RFC 3262) when the caller requires 100rel, or supports it and
        `sdp` is given."""
        if not 100 <= status < 200:
            raise ValueError(f"{status} is no provisional status")
        self._handle(events.Ring(status, reason, sdp, checked(headers)))

    def accept(self, sdp: bytes | None = None, headers: Headers = ()) -> None:
        """Send the 200; held back until a reliable 1xx with SDP is PRACKed (RFC 3262 section 3).
        `sdp` may be None when the answer already went out in a reliable 1xx."""
        self._handle(events.Accept(sdp, checked(headers)))

    def reject(self, status: int, reason: str | None = None, headers: Headers = ()) -> None:
        """Send a final failure (300..699)."""
        self._handle(events.Reject(status, reason, checked(headers)))

    # -- UAC ---------------------------------------------------------------------------------

    def acknowledge(self, sdp: bytes, headers: Headers = ()) -> None:
        """Delayed offer: send the ACK with our answer (after `on_answer` gave an offer), or the
        PRACK (after `on_progress` brought one in a reliable 1xx)."""
        self._handle(events.Acknowledge(sdp, checked(headers)))

    # -- both --------------------------------------------------------------------------------

    def hang_up(self, headers: Headers = ()) -> None:
        """End the call as its state demands: CANCEL, BYE or 480. `on_end("local")` is reported
        at once; what is left (late 200, forks, crossing BYE) is settled in silence. Harmless
        when the call is over."""
        self._handle(events.HangUp(checked(headers)))

    def offer(self, sdp: bytes | None, headers: Headers = ()) -> None:
        """Offer a change: re-INVITE, or UPDATE in an early dialog. None asks the peer for its
        offer (offerless re-INVITE; answer it by `acknowledge`). Waits while another offer is
        open; retries after glare."""
        self._handle(events.Offer(sdp, checked(headers)))

    def withdraw_offer(self) -> None:
        """An offer that still waits (for another one, or for its retry after glare) is not made;
        nothing is reported about it. One that has left is not affected."""
        self._handle(events.Withdraw())

    def answer(self, sdp: bytes, headers: Headers = ()) -> None:
        """Answer the offer reported by `on_offer` (or give the offer it asked for; the peer's
        answer then comes by `on_offer_result`)."""
        self._handle(events.Answer(sdp, checked(headers)))

    def refuse_offer(self, status: int = 488, headers: Headers = ()) -> None:
        """Refuse the offer reported by `on_offer`; the session stays as it was."""
        self._handle(events.Refuse(status, checked(headers)))

    async def request(
        self,
        method: str,
        headers: Headers = (),
        content_type: str | None = None,
        body: bytes = b"",
    ) -> Response:
        """Send INFO, NOTIFY, REFER, MESSAGE, OPTIONS in the dialog; gives the final response
        (a local 481 when there is no dialog). Cancelling the wait does not recall the request."""
        return await self.transmit(method, headers, content_type, body)

    def transmit(
        self,
        method: str,
        headers: Headers = (),
        content_type: str | None = None,
        body: bytes = b"",
    ) -> asyncio.Future[Response]:
        """As :meth:`request`, and sent before this returns: what is sent next comes after it."""
        token = self._next_token
        self._next_token += 1
        future: asyncio.Future[Response] = asyncio.get_running_loop().create_future()
        self._replies[token] = future
        future.add_done_callback(lambda _: self._replies.pop(token, None))
        self._handle(events.Transmit(token, method, checked(headers), content_type, body))
        return future

    # -- the user agent's side -----------------------------------------------------------------

    def start(self) -> None:
        self._handle(events.Start())

    def adopt(self, key: int, transaction: ServerTransaction) -> None:
        """The INVITE this call was made from."""
        self._servers[key] = transaction
        transaction.to_tag = self._session.local_tag

    def received(self, key: int, transaction: ServerTransaction, flow: Flow) -> None:
        if self.flow is not None and not self.flow.alive:
            self.flow = flow  # the peer came back another way: so do we
        self._servers[key] = transaction
        self._handle(events.GotRequest(key, transaction.request))

    def acknowledged(self, ack: Request) -> None:
        self._handle(events.GotAck(ack))
        unacked = self._session.unacked
        for key, transaction in tuple(self._servers.items()):
            # A 2xx to INVITE was kept for repetition; its ACK ends that.
            if transaction.finished and (unacked is None or unacked.key != key):
                del self._servers[key]

    def cancelled(self, transaction: ServerTransaction, cancel: Request) -> bool:
        """Whether `transaction` is one of this call's."""
        for key, known in self._servers.items():
            if known is transaction:
                self._handle(events.GotCancel(key, cancel))
                return True
        return False

    def flow_closed(self, flow: Flow) -> None:
        if flow is self.flow:
            self._handle(events.FlowLost())

    def replaced(self) -> None:
        """Another call took over (RFC 3891 section 3)."""
        self._handle(events.HangUp(cause="replaced"))

    def abandon(self) -> None:
        """The user agent goes away: no timer and no waiter stays behind."""
        self._dispose()

    # -- one event at a time -------------------------------------------------------------------

    def _handle(self, event: events.Event) -> None:
        """Run `event`, then what its effects caused. Events that come meanwhile wait."""
        if self._running:
            self._queue.append(event)
            return
        self._running = True
        try:
            self._step(event)
            while self._queue:
                queued = self._queue.popleft()
                try:
                    self._step(queued)
                except Exception:
                    logger.exception("%s: %s failed", self.id, type(queued).__name__)
        finally:
            self._running = False

    def _step(self, event: events.Event) -> None:
        before = self._session.phase
        self._session, effects = step(self._session, event, Env(self._ua.rng))
        if self._session.phase is not before:
            logger.debug(
                "%s: %s -> %s -> %s",
                self.id,
                before.value,
                type(event).__name__,
                self._session.phase.value,
            )
        for effect in effects:
            self._run(effect)

    def _run(self, effect: events.Effect) -> None:
        match effect:
            case events.Send(key, request):
                self._send(key, request)
            case events.SendAck(request):
                self._ua.endpoint.send_ack(request, self._outgoing_flow())
            case events.Cancel(key, headers):
                self._clients[key].cancel(headers)
            case events.Respond(key, response):
                self._respond(key, response)
            case events.SetTimer(timer, delay):
                self._set_timer(timer, delay)
            case events.StopTimer(timer):
                self._stop_timer(timer)
            case events.Reply(token, response):
                future = self._replies.get(token)
                if future is not None and not future.done():
                    future.set_result(response)
            case events.Received(key, request):
                self._pass_on(self._servers.pop(key))
            case events.Dispose():
                self._dispose()
            case _:
                self._tell(effect)

    def _tell(self, effect: events.Effect) -> None:
        listener = self.listener
        if listener is None:
            return
        try:
            match effect:
                case events.Progress(response, sdp):
                    listener.on_progress(self, response, sdp)
                case events.Answered(response, sdp):
                    listener.on_answer(self, response, sdp)
                case events.Failed(status, response):
                    listener.on_failure(self, status, response)
                case events.Established():
                    listener.on_established(self)
                case events.Offered(sdp, request):
                    listener.on_offer(self, sdp, request)
                case events.OfferResult(status, sdp):
                    listener.on_offer_result(self, status, sdp)
                case events.Ended(cause, request):
                    listener.on_end(self, cause, request)
        except Exception:
            # The owner's fault must not leave the protocol half done.
            logger.exception("%s: listener failed at %s", self.id, type(effect).__name__)

    # -- effects -------------------------------------------------------------------------------

    def _outgoing_flow(self) -> Flow | None:
        if self.flow is None or not self.flow.alive:
            chosen = self._ua.select_flow(self) if self._ua.select_flow is not None else None
            if chosen is not None:
                self.flow = chosen
                return chosen
            return None
        return self.flow

    def _send(self, key: int, request: Request, *, again: bool = False) -> None:
        flow = self._outgoing_flow()
        in_dialog = request.to.tag is not None
        self._clients[key] = self._ua.endpoint.request(
            request,
            flow=flow,
            on_response=functools.partial(
                self._got_response, key, request if in_dialog and not again else None
            ),
            prepare=self._prepare,
        )

    def _another_way(self, response: Response, flow: Flow | None) -> bool:
        """Whether an in-dialog request whose flow died may go out once more over another (a BYE
        lost with its connection would leave the far side in a call)."""
        if not response.local or response.status != 503:
            return False
        chosen = self._outgoing_flow()
        return chosen is not None and chosen is not flow

    def _prepare(self, request: Request, flow: Flow) -> None:
        if request.method in _WITH_CONTACT and "Contact" not in request.headers:
            contact = self._ua.contact_for(flow, self._contact_user)
            request.headers.add("Contact", f"<{contact}>")

    def _got_response(
        self, key: int, retry: Request | None, response: Response, flow: Flow | None
    ) -> None:
        if retry is not None and self._another_way(response, flow):
            self._send(key, retry, again=True)
            return
        if response.status >= 200:
            self._clients.pop(key, None)
        self._handle(events.GotResponse(key, response))

    def _respond(self, key: int, response: Response) -> None:
        transaction = self._servers[key]
        method = response.cseq.method
        if (
            method in ("INVITE", "UPDATE")
            and 100 < response.status < 300
            and "Contact" not in response.headers
        ):
            contact = self._ua.contact_for(transaction.flow, self._contact_user)
            response.headers.add("Contact", f"<{contact}>")
        initial = transaction.request is self._session.invite
        transaction.respond(response)
        if response.status >= 200 and (method != "INVITE" or response.status >= 300):
            self._servers.pop(key, None)  # a 2xx to INVITE is sent again until its ACK
        if initial and 200 <= response.status < 300 and self.replaces is not None:
            replaced, self.replaces = self.replaces, None
            replaced.replaced()  # RFC 3891 section 3: after our 200

    def _pass_on(self, transaction: ServerTransaction) -> None:
        """An in-dialog request for the owner."""
        request, allow = transaction.request, self._ua.settings.allow
        ctx = RequestContext(transaction, transaction.flow)
        if request.method == "OPTIONS":
            ctx.respond(200, headers=(("Allow", ", ".join(allow)), ("Accept", "application/sdp")))
        elif request.method not in allow or self.listener is None:
            ctx.respond(405, headers=(("Allow", ", ".join(allow)),))
        else:
            try:
                self.listener.on_request(self, ctx)
            except Exception:
                logger.exception("%s: listener failed at %s", self.id, request.method)
                ctx.respond(500)

    def _set_timer(self, timer: events.Timer, delay: float) -> None:
        self._stop_timer(timer)
        loop = asyncio.get_running_loop()
        self._timers[timer] = loop.call_later(delay, self._fired, timer)

    def _stop_timer(self, timer: events.Timer) -> None:
        handle = self._timers.pop(timer, None)
        if handle is not None:
            handle.cancel()

    def _fired(self, timer: events.Timer) -> None:
        self._timers.pop(timer, None)
        self._handle(events.Fired(timer))

    def _dispose(self) -> None:
        for timer in tuple(self._timers):
            self._stop_timer(timer)
        self._servers.clear()
        for future in self._replies.values():
            if not future.done():
                future.set_result(Response(481, "No Dialog", local=True))
        self._ua.forget(self)


class IncomingCall(Call):
    """A new INVITE. `invite`, `flow` and `remote_sdp` are set; the handler must give it a listener
    by `take(listener)` before it returns, or reject it (nobody took it: 480)."""

    def take(self, listener: CallListener, *, credentials: DigestCredentials | None = None) -> Call:
        """`credentials`: for a caller that challenges what we ask of it in this call."""
        self.listener = listener
        if credentials is not None:
            self._session = replace(self._session, auth=DigestClient.of(credentials))
        return self


_STATES: dict[Phase, CallState] = {
    Phase.CALLING: "calling",
    Phase.PROCEEDING: "proceeding",
    Phase.INCOMING: "proceeding",
    Phase.EARLY: "early",
    Phase.HELD: "early",
    Phase.UNACKED: "confirmed",
    Phase.CANCELLING: "terminated",
    Phase.ACCEPTED: "confirmed",
    Phase.CLOSING: "terminated",
    Phase.CONFIRMED: "confirmed",
    Phase.ENDED: "terminated",
}

_WITH_CONTACT = frozenset({"INVITE", "UPDATE", "SUBSCRIBE", "NOTIFY", "REFER"})
