"""The called side of the first INVITE: 1xx (reliable or not), 2xx until ACK, refusal."""

from __future__ import annotations

from dataclasses import replace

from protocols.sip.dialog import from_invitation
from protocols.sip.errors import ParseError
from protocols.sip.message import Request, Response
from protocols.sip.oa import OaState, OfferAnswer, OfferAnswerError, Slot, session_description
from protocols.sip.session import session_timer
from protocols.sip.session.closing import bye
from protocols.sip.session.events import (
    Accept,
    Established,
    GotAck,
    Offered,
    OfferResult,
    Reject,
    Respond,
    Ring,
    Timer,
)
from protocols.sip.session.state import (
    Fork,
    Phase,
    Reliable,
    Server,
    Session,
    Settings,
    Unacked,
)
from protocols.sip.session.turn import Turn

_RINGING = (Phase.INCOMING, Phase.EARLY)


def refusal(settings: Settings, request: Request, to_tag: str) -> Response | None:
    """The answer to an INVITE that cannot become a session (RFC 3261 8.2.2, 8.2.3; RFC 4028 9)."""
    unknown = sorted(request.required - set(settings.supported))
    if unknown:
        response = Response.for_request(request, 420, to_tag=to_tag)
        response.headers.add("Unsupported", ", ".join(unknown))
        return response
    try:
        kind = request.content_type
        usable = request.contact is not None
        request.record_routes  # noqa: B018 - raises when one is malformed
    except ParseError:
        return Response.for_request(request, 400, to_tag=to_tag)
    if not usable:
        return Response.for_request(request, 400, "Missing Contact", to_tag)
    if request.body and session_description(request) is None and kind != "application/sdp":
        response = Response.for_request(request, 415, to_tag=to_tag)
        response.headers.add("Accept", "application/sdp")
        return response
    if "timer" in settings.supported and session_timer.too_small(request, settings.min_se):
        response = Response.for_request(request, 422, to_tag=to_tag)
        response.headers.add("Min-SE", str(settings.min_se))
        return response
    return None


def incoming(
    settings: Settings, request: Request, key: int, local_tag: str, first_rseq: int
) -> Session:
    """The session of a received INVITE (`refusal` gave None)."""
    oa = OfferAnswer()
    sdp = session_description(request)
    if sdp is not None:
        oa = oa.receive(Slot.INVITE, sdp)
    dialog = from_invitation(request, local_tag)
    allow = frozenset(request.allow) if request.allow else None
    return Session(
        uac=False,
        phase=Phase.INCOMING,
        settings=settings,
        invite=request,
        local_tag=local_tag,
        key=key,
        forks=(Fork(dialog, oa, allow=allow),),
        chosen=dialog.remote_tag,
        next_rseq=first_rseq,
    )


# -- 1xx ---------------------------------------------------------------------------------------


def ring(t: Turn, command: Ring) -> None:
    fork = t.s.current
    if t.s.uac or fork is None or t.s.phase not in _RINGING:
        return
    if command.status == 100:
        t.respond(t.s.key, t.s.invite, 100)
        return
    sdp = command.sdp
    wants = "100rel" in t.s.invite.required
    may = wants or "100rel" in t.s.invite.supported
    # RFC 3262 section 3: all of them when required; our choice is those with SDP.
    reliable = "100rel" in t.s.settings.supported and (wants or (may and sdp is not None))
    if sdp is not None:
        answering = fork.oa.state is OaState.REMOTE_OFFER
        if fork.oa.settled or not (answering or (reliable and fork.oa.stable)):
            sdp = None  # settled, or no offer fits here (RFC 6337 section 2.2)
        elif reliable:
            t.keep(replace(fork, oa=fork.oa.send(Slot.PROVISIONAL, sdp)))
    t.change(phase=Phase.EARLY)
    response = t.response(t.s.invite, command.status, command.reason, command.headers, sdp or b"")
    if not reliable:
        t.emit(Respond(t.s.key, response))
    elif t.s.reliable is not None:
        # RFC 3262 section 3: the second waits until the first is acknowledged
        queue = (*t.s.reliable.queue, (response, sdp))
        t.change(reliable=replace(t.s.reliable, queue=queue))
    else:
        _send_reliable(t, response, sdp, ())


def _send_reliable(
    t: Turn,
    response: Response,
    sdp: bytes | None,
    queue: tuple[tuple[Response, bytes | None], ...],
) -> None:
    rseq, t1 = t.s.next_rseq, t.s.settings.timers.t1
    # RFC 3311 section 5.1: the early dialog may see UPDATEs only if the caller knows we take them
    response.headers.add("Allow", ", ".join(t.s.settings.allow))
    response.headers.add("Require", "100rel")
    response.headers.add("RSeq", str(rseq))
    t.change(reliable=Reliable(response, rseq, t1, sdp is not None, queue), next_rseq=rseq + 1)
    t.emit(Respond(t.s.key, response))
    t.set_timer(Timer.RESEND_1XX, t1)
    t.set_timer(Timer.NO_PRACK, 64 * t1)


def resend_provisional(t: Turn) -> None:
    reliable = t.s.reliable
    if reliable is None or t.s.phase not in (*_RINGING, Phase.HELD):
        return
    interval = reliable.interval * 2  # RFC 3262 section 3: doubling, no cap at T2
    t.change(reliable=replace(reliable, interval=interval))
    t.emit(Respond(t.s.key, reliable.response))
    t.set_timer(Timer.RESEND_1XX, interval)


def no_prack(t: Turn) -> None:
    """RFC 3262 section 3: after 64*T1 the INVITE should be refused with a 5xx."""
    if t.s.reliable is not None and t.s.phase in (*_RINGING, Phase.HELD):
        t.respond(t.s.key, t.s.invite, 504)
        t.end("no_prack")


def got_prack(t: Turn, key: int, request: Request, fork: Fork) -> None:
    reliable = t.s.reliable
    try:
        rack = request.rack
    except ParseError:
        rack = None
    if (
        reliable is None
        or rack is None
        or rack.rseq != reliable.rseq
        or rack.cseq != t.s.invite.cseq.number
        or rack.method != "INVITE"
    ):
        t.respond(key, request, 481)
        return
    t.stop(Timer.RESEND_1XX, Timer.NO_PRACK)
    t.change(reliable=None)
    _take_prack_body(t, key, request, fork)
    if reliable.queue and t.s.phase in (*_RINGING, Phase.HELD):
        (response, sdp), *rest = reliable.queue
        _send_reliable(t, response, sdp, tuple(rest))
    accept_held(t)


def _take_prack_body(t: Turn, key: int, request: Request, fork: Fork) -> None:
    sdp = session_description(request)
    if fork.oa.state is OaState.LOCAL_OFFER and fork.oa.slot is Slot.PROVISIONAL:
        if sdp is None:
            # RFC 3262 section 5: the answer to our offer must be here
            t.respond(key, request, 400, "Missing Answer")
            t.keep(replace(fork, oa=fork.oa.rollback()))
            return
        t.keep(replace(fork, oa=fork.oa.receive(Slot.PRACK, sdp)))
        t.respond(key, request, 200)
        t.emit(OfferResult(200, sdp))
    elif sdp is not None and fork.oa.stable and fork.oa.local is not None:
        t.keep(replace(fork, oa=fork.oa.receive(Slot.PRACK, sdp)))
        t.change(server=Server(key, request, fork.dialog.remote_tag))
        t.emit(Offered(sdp, request))
    else:
        t.respond(key, request, 200)


# -- final responses ---------------------------------------------------------------------------


def accept(t: Turn, command: Accept) -> None:
    if t.s.uac or t.s.phase not in _RINGING:
        return
    if _sdp_unacknowledged(t.s) or t.s.server is not None:
        # RFC 3262 section 3: no 2xx while a reliable 1xx with a description is unacknowledged
        t.change(phase=Phase.HELD, held=(command.sdp, command.headers))
        return
    _send_success(t, command.sdp, command.headers)


def _sdp_unacknowledged(s: Session) -> bool:
    reliable = s.reliable
    if reliable is None:
        return False
    return reliable.with_sdp or any(sdp is not None for _, sdp in reliable.queue)


def accept_held(t: Turn) -> None:
    """Send the 2xx that waited, when nothing is in its way any more."""
    if t.s.phase is not Phase.HELD or t.s.held is None:
        return
    if _sdp_unacknowledged(t.s) or t.s.server is not None:
        return
    sdp, headers = t.s.held
    t.change(held=None)
    _send_success(t, sdp, headers)


def _send_success(t: Turn, sdp: bytes | None, headers: tuple[tuple[str, str], ...]) -> None:
    fork = t.s.current
    assert fork is not None
    if fork.oa.settled:
        sdp = None  # in a reliable 1xx
    elif sdp is None:
        raise OfferAnswerError("this 2xx must carry a session description")
    else:
        fork = replace(fork, oa=fork.oa.send(Slot.INVITE_OK, sdp))
    t.stop(Timer.RESEND_1XX, Timer.NO_PRACK)
    t.keep(replace(fork, dialog=replace(fork.dialog, confirmed=True)))
    timer_headers = session_timer.answer_headers(t, t.s.invite)
    response = t.response(t.s.invite, 200, None, (*timer_headers, *headers), sdp or b"")
    t.change(phase=Phase.ACCEPTED)
    repeat_until_ack(t, t.s.key, response, initial=True)


def repeat_until_ack(t: Turn, key: int, response: Response, *, initial: bool) -> None:
    """Send a 2xx to INVITE and start its repetition (RFC 3261 13.3.1.4)."""
    t1 = t.s.settings.timers.t1
    t.change(unacked=Unacked(key, response, response.cseq.number, t1, initial))
    t.emit(Respond(key, response))
    t.set_timer(Timer.RESEND_2XX, t1)
    t.set_timer(Timer.NO_ACK, 64 * t1)


def resend_success(t: Turn) -> None:
    unacked = t.s.unacked
    if unacked is None:
        return
    interval = min(2 * unacked.interval, t.s.settings.timers.t2)
    t.change(unacked=replace(unacked, interval=interval))
    t.emit(Respond(unacked.key, unacked.response))
    t.set_timer(Timer.RESEND_2XX, interval)


def no_ack(t: Turn) -> None:
    """13.3.1.4: no ACK within 64*T1: the dialog is confirmed, but the session ends with BYE."""
    if t.s.unacked is not None:
        t.stop(Timer.RESEND_2XX)
        t.change(unacked=None)
        bye(t, t.s.close_headers, "no_ack")


def got_ack(t: Turn, event: GotAck) -> None:
    unacked = t.s.unacked
    fork = t.s.fork(event.request.from_.tag or "")
    if unacked is None or fork is None or event.request.cseq.number != unacked.cseq:
        return
    acknowledged(t)
    sdp = session_description(event.request)
    if fork.oa.state is OaState.LOCAL_OFFER and fork.oa.slot is Slot.INVITE_OK:
        if sdp is None:
            _missing_answer(t, fork, initial=unacked.initial)
            return
        t.keep(replace(fork, oa=fork.oa.receive(Slot.ACK, sdp)))
        if not unacked.initial:
            t.emit(OfferResult(200, sdp))
    _established(t)


def acknowledged(t: Turn) -> None:
    t.stop(Timer.RESEND_2XX, Timer.NO_ACK)
    t.change(unacked=None)


def implicit_ack(t: Turn) -> None:
    """A new request of the peer proves that our 2xx arrived although its ACK did not (yet):
    RFC 5407 section 3.1.4."""
    acknowledged(t)
    _established(t)


def _established(t: Turn) -> None:
    if t.s.phase is Phase.CLOSING:
        bye(t, t.s.close_headers, "local")
    elif t.s.phase is Phase.ACCEPTED:
        t.change(phase=Phase.CONFIRMED)
        t.emit(Established())


def _missing_answer(t: Turn, fork: Fork, *, initial: bool) -> None:
    """The ACK owed us an answer (RFC 3261 13.2.2.4): without it there is no session."""
    t.keep(replace(fork, oa=fork.oa.rollback()))
    if initial:
        bye(t, t.s.close_headers, "failure")
    else:
        t.emit(OfferResult(488, None))


def reject(t: Turn, command: Reject) -> None:
    if not 300 <= command.status <= 699:
        raise ValueError(f"{command.status} is no status to reject a call with")
    if t.s.uac or t.s.phase not in (*_RINGING, Phase.HELD):
        return
    t.respond(t.s.key, t.s.invite, command.status, command.reason, command.headers)
    t.end("rejected")
