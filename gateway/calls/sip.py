"""The SIP side of a Call: effects become SIP, what SIP reports becomes Call events.

The only module of call control that knows SIP. The connectors give it the way to a site's flows
(:class:`LineLink`); what crosses is rebuilt from an allow-list, never forwarded.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import Protocol
from urllib.parse import quote

from gateway.calls.caller import SESSION_ID_NULL, header_text
from gateway.calls.events import (
    Event,
    LineAnswered,
    LineEarlyMedia,
    LineEnd,
    LineEnded,
    LineFailed,
    LineOfferDone,
    LineOffered,
    LineOffers,
    LineReferred,
    LineRinging,
)
from gateway.calls.parties import Referral
from protocols.aio.flow import Flow
from protocols.aio.useragent import Call, EndCause, RequestContext
from protocols.sdp.errors import SdpError
from protocols.sdp.model import SessionDescription
from protocols.sdp.negotiate import is_held
from protocols.sip.errors import SipError
from protocols.sip.event.refer import ReferProgress, refer_to
from protocols.sip.headers import Reason, Replaces, Warning_
from protocols.sip.message import Request, Response
from protocols.sip.uri import SipUri

logger = logging.getLogger(__name__)

Post = Callable[[Event], None]
Header = tuple[str, str]

NORMAL_CLEARING = 16  # ITU-T Q.850


class LineLink(Protocol):
    """The way to the PBX of a site: its connector's flows."""

    service_domain: str

    def flows(self, tenant_id: str, site_id: str, line_id: str) -> Sequence[Flow]:
        """Live flows, the one that last carried this line first (else reg-id 1)."""

    def invite(
        self,
        flow: Flow,
        *,
        tenant_id: str,
        site_id: str,
        line_id: str,
        number: str,
        sdp: bytes,
        headers: Sequence[Header],
        listener: LineLeg,
        feature: str = "",
    ) -> Call:
        """INVITE down this flow, which from now on is the line's flow. ``feature``: what is to be
        done with the number, if it is not simply called (docs/protocols/connector-link.md)."""

    def carries(self, call: Call, line_id: str) -> None:
        """The flow that brought this call is from now on the flow of this line, which exists."""


def _reasons(message: Request | Response | None) -> list[Reason]:
    reasons: list[Reason] = []
    for value in [] if message is None else message.headers.values("Reason"):
        try:
            reasons.append(Reason.parse(value))
        except SipError:
            logger.info("unreadable Reason header")
    return reasons


def answered_elsewhere(request: Request | None) -> bool:
    """RFC 3326: ``SIP;cause=200``; Q.850 cause 26 is "non-selected user clearing"."""
    pairs = {(reason.protocol.upper(), reason.cause) for reason in _reasons(request)}
    return bool(pairs & {("SIP", 200), ("Q.850", 26)})


def _q850(response: Response | None) -> int | None:
    causes = [r.cause for r in _reasons(response) if r.protocol.upper() == "Q.850"]
    return causes[0] if causes else None


def _warning_text(response: Response | None) -> str:
    for value in [] if response is None else response.headers.values("Warning"):
        try:
            return header_text(Warning_.parse(value).text)
        except SipError:
            continue
    return ""


def holds(sdp: str) -> bool:
    """The offer stops our sound: ``sendonly``/``inactive``, or the old ``c=0.0.0.0`` form."""
    try:
        return is_held(SessionDescription.parse(sdp))
    except SdpError:
        return False


class LineLeg:
    """The line's leg; a :class:`~protocols.aio.useragent.CallListener` that only enqueues."""

    def __init__(
        self, link: LineLink, *, tenant_id: str, site_id: str, line_id: str, session_id: str
    ) -> None:
        self._link = link
        self._tenant_id = tenant_id
        self._site_id = site_id
        self._line_id = line_id
        self._session_id = session_id
        self._remote_session_id = SESSION_ID_NULL
        self._unanswered = False
        self._post: Post | None = None
        self._early: list[Event] = []
        self._call: Call | None = None
        self._offer = b""
        self._number = ""
        self._feature = ""
        self._wishes: tuple[Header, ...] = ()
        self._tried: list[Flow] = []
        self._answered_sdp: bytes | None = None
        self._features: tuple[str, ...] = ()
        self._refer_id = ""

    # -- wiring ------------------------------------------------------------------------------------
    def bind(self, post: Post) -> None:
        """Give the owner's queue; what happened before is delivered now, in order."""
        self._post = post
        early, self._early = self._early, []
        for event in early:
            post(event)

    def incoming(self, call: Call, remote_session_id: str | None) -> None:
        """This leg is the one of a Call that the PBX started."""
        self._call = call
        self._unanswered = True
        self._offers(call.invite)
        self._remote_session_id = remote_session_id or SESSION_ID_NULL

    def line_found(self) -> None:
        """The line that the PBX called exists."""
        if self._call is not None:
            self._link.carries(self._call, self._line_id)

    def _emit(self, event: Event) -> None:
        if self._post is None:
            self._early.append(event)
        else:
            self._post(event)

    def _headers(self, *more: Header) -> tuple[Header, ...]:
        session = f"{self._session_id};remote={self._remote_session_id}"
        return (("Session-ID", session), *more)

    # -- effects -----------------------------------------------------------------------------------
    def invite(
        self, number: str, sdp: str, *, feature: str = "", hides_number: bool = False
    ) -> None:
        self._number, self._offer = number, sdp.encode()
        self._feature = feature
        # RFC 3325 section 9.3: who asserts the number leaves it out
        self._wishes = (("Privacy", "id"),) if hides_number else ()
        self._try_next(LineFailed(503, down=True))

    def _routes(self) -> Sequence[Flow]:
        return self._link.flows(self._tenant_id, self._site_id, self._line_id)

    def _try_next(self, otherwise: Event) -> None:
        """One flow after the other, never two at once."""
        flows = self._routes()
        flow = next((flow for flow in flows if flow not in self._tried), None)
        if flow is None:
            self._call = None
            self._emit(otherwise)
            return
        self._tried.append(flow)
        self._call = self._link.invite(
            flow,
            tenant_id=self._tenant_id,
            site_id=self._site_id,
            line_id=self._line_id,
            number=self._number,
            sdp=self._offer,
            headers=self._headers(*self._wishes),
            listener=self,
            feature=self._feature,
        )

    def ring(self, sdp: str | None) -> None:
        if self._call is not None and self._call.state in ("proceeding", "early"):
            body = None if sdp is None else sdp.encode()
            self._call.ring(180, sdp=body, headers=self._headers())

    def accept(self, sdp: str) -> None:
        if self._call is not None and self._call.state in ("proceeding", "early"):
            self._unanswered = False
            self._call.accept(sdp.encode(), headers=self._headers())

    def reject(self, status: int, warning: str | None) -> None:
        headers: list[Header] = []
        if warning is not None:
            headers.append(("Warning", str(Warning_(399, self._link.service_domain, warning))))
        if self._call is not None and self._call.state in ("proceeding", "early"):
            self._call.reject(status, headers=self._headers(*headers))

    def hang_up(self, text: str) -> None:
        self._tried = list(
            self._link.flows(self._tenant_id, self._site_id, self._line_id)
        )  # no further attempt
        if self._call is not None:
            reason = Reason.of("Q.850", NORMAL_CLEARING, text or None)
            self._call.hang_up(headers=self._headers(("Reason", str(reason))))

    def offer(self, sdp: str) -> None:
        if self._call is not None:
            self._call.offer(sdp.encode(), headers=self._headers())

    def withdraw_offer(self) -> None:
        if self._call is not None:
            self._call.withdraw_offer()

    def refer(self, referral: Referral, partner: LineLeg | None) -> None:
        """RFC 3515, in the line's dialog. ``partner``: the leg of the user's other Call."""
        call = self._call
        named = None if partner is None else partner.named
        # Without the other Call, gone meanwhile, it would be a transfer that nobody asked for.
        gone = referral.to_call is not None and named is None
        if call is None or call.state != "confirmed" or gone:
            self._emit(LineReferred(481, over=True))
            return
        to = self._refer_to(referral, named)
        asked = call.transmit("REFER", self._headers(("Refer-To", to)))
        self._refer_id = "" if call.dialog is None else str(call.dialog.local_cseq)
        asked.add_done_callback(lambda done: self._refer_answered(done.result()))

    def _refer_to(self, referral: Referral, named: Replaces | None) -> str:
        """What the connector makes of it: docs/protocols/connector-link.md."""
        host = f"{self._site_id}.{self._link.service_domain}"
        if referral.kind == "merge":
            uri = SipUri.of("conference", host, params=(("feature", "merge"),))
            join = "" if named is None else quote(str(named), safe="")
            return f"<{uri}?Join={join}>"  # RFC 3911
        params = (("user", "phone"),) if referral.kind == "transfer" else (("feature", "park"),)
        return refer_to(str(SipUri.of(referral.number.canonical, host, params=params)), named)

    @property
    def named(self) -> Replaces | None:
        """This leg's dialog as the connector sees it (RFC 3891 section 6.1)."""
        dialog = None if self._call is None else self._call.dialog
        if dialog is None:
            return None
        return Replaces(dialog.call_id, dialog.remote_tag, dialog.local_tag)

    def _refer_answered(self, response: Response) -> None:
        refused = response.status >= 300
        self._emit(LineReferred(response.status if refused else 100, over=refused))

    def answer_offer(self, sdp: str) -> None:
        if self._call is not None and self._call.state == "confirmed":
            self._call.answer(sdp.encode(), headers=self._headers())

    def refuse_offer(self, status: int) -> None:
        if self._call is not None and self._call.state == "confirmed":
            self._call.refuse_offer(status)

    def _offers(self, message: Request | Response) -> None:
        """What the connector says that its phone system does with this call."""
        value = message.headers.get("Offhook-Features")
        if value is None:
            return
        names = {name.strip().lower() for name in value.split(",")}
        features = tuple(name for name in ("transfer", "merge", "park") if name in names)
        if features != self._features:
            self._features = features
            self._emit(LineOffers(features))

    # -- CallListener ------------------------------------------------------------------------------
    def _learn(self, message: Request | Response) -> None:
        value = (message.headers.get("Session-ID") or "").partition(";")[0].strip().lower()
        if len(value) == 32:
            self._remote_session_id = value
        self._offers(message)

    def on_progress(self, call: Call, response: Response, sdp: bytes | None) -> None:
        if call is not self._call:
            return
        self._learn(response)
        if sdp is not None:
            ringing = response.status == 180
            self._answered_sdp = sdp
            self._emit(LineEarlyMedia(sdp.decode("utf-8", "replace"), ringing))
        elif response.status == 180:
            self._emit(LineRinging())

    def on_answer(self, call: Call, response: Response, sdp: bytes | None) -> None:
        if call is not self._call:
            return
        self._learn(response)
        body = sdp or self._answered_sdp
        self._emit(LineAnswered(None if body is None else body.decode("utf-8", "replace")))

    def on_failure(self, call: Call, status: int, response: Response | None) -> None:
        if call is not self._call:
            return
        local = response is None or bool(getattr(response, "local", False))
        failed = LineFailed(
            status,
            text=_warning_text(response),
            cause=_q850(response),
            down=local and status in (408, 503),
        )
        # RFC 5626 11.5: 430 Flow Failed. Once sound was agreed with one attempt, another would
        # bring a second answer to the same offer: then it is a failure like any other.
        if (local or status == 430) and self._answered_sdp is None:
            self._try_next(failed)
        else:
            self._emit(failed)

    def on_established(self, call: Call) -> None:
        """The ACK to our 200: nothing a user would notice."""

    def on_offer(self, call: Call, sdp: bytes | None, request: Request) -> None:
        text = None if sdp is None else sdp.decode("utf-8", "replace")
        self._emit(LineOffered(text, held=text is not None and holds(text)))

    def on_offer_result(self, call: Call, status: int, sdp: bytes | None) -> None:
        text = None if sdp is None else sdp.decode("utf-8", "replace")
        self._emit(LineOfferDone(200 <= status < 300, text))

    def on_end(self, call: Call, cause: EndCause, request: Request | None) -> None:
        if call is not self._call:
            return
        match cause:
            case "failure":
                return  # on_failure told it already, and may have begun another attempt
            case "bye":
                self._emit(LineEnded(LineEnd.BYE))
            case "cancel":
                elsewhere = answered_elsewhere(request)
                self._emit(LineEnded(LineEnd.CANCEL, elsewhere, unanswered=self._unanswered))
            case "local" | "rejected":
                pass
            case _:
                self._emit(LineEnded(LineEnd.LOST, text=cause, unanswered=self._unanswered))

    def on_request(self, call: Call, ctx: RequestContext) -> None:
        """How it goes with what we asked for by REFER; else nothing in the dialog is for us."""
        if ctx.request.method == "OPTIONS":
            ctx.respond(200)
        elif ctx.request.method == "NOTIFY":
            self._notified(ctx)
        else:
            ctx.respond(405, headers=(("Allow", "INVITE, ACK, CANCEL, BYE, UPDATE, PRACK"),))

    def _notified(self, ctx: RequestContext) -> None:
        event = ctx.request.event
        if event is None or event.package.lower() != "refer":
            ctx.respond(489)
            return
        try:
            # RFC 3515 section 2.4.6: what is told of an earlier REFER has come too late
            progress = ReferProgress(self._refer_id).take(ctx.request)
        except SipError:
            ctx.respond(400)
            return
        ctx.respond(200)
        if progress is not None:
            # A subscription that ends without a final status says nothing of the outcome.
            status = progress.status if progress.status >= 200 or not progress.over else 0
            self._emit(LineReferred(status, over=progress.over))
