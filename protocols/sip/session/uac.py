"""The calling side of the first INVITE: dialog set, forks, answers, challenges, failures."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from protocols.sip.auth.credentials import DigestCredentials
from protocols.sip.auth.digest_client import DigestClient
from protocols.sip.dialog import build_request, from_response
from protocols.sip.message import Request, Response
from protocols.sip.oa import OfferAnswer, OfferAnswerError, Slot, refuse_all, session_description
from protocols.sip.session import session_timer
from protocols.sip.session.auth import resign
from protocols.sip.session.events import (
    Acknowledge,
    Answered,
    Failed,
    Headers,
    Progress,
    Send,
    SendAck,
)
from protocols.sip.session.prack import send_prack, take_reliable
from protocols.sip.session.state import Fork, Phase, Session, Settings
from protocols.sip.session.turn import Turn

_TRYING = (Phase.CALLING, Phase.PROCEEDING, Phase.EARLY)

#: INVITEs of one call: challenges and interval demands beyond that are somebody playing with us.
MAX_TRIES = 6


def outgoing(
    settings: Settings,
    *,
    target: str,
    from_: str,
    to: str,
    call_id: str,
    local_tag: str,
    sdp: bytes | None,
    headers: Headers = (),
    routes: Iterable[str] = (),
    credentials: DigestCredentials | None = None,
) -> Session:
    """A session that will send this INVITE on `Start`. `from_` carries `local_tag` already."""
    invite = build_request(
        "INVITE",
        target,
        routes=routes,
        from_=from_,
        to=to,
        call_id=call_id,
        cseq=1,
        headers=headers,
        body=sdp or b"",
    )
    return Session(
        uac=True,
        phase=Phase.CALLING,
        settings=settings,
        invite=invite,
        local_tag=local_tag,
        key=0,
        offer=sdp,
        auth=DigestClient.of(credentials) if credentials is not None else None,
    )


def start(t: Turn) -> None:
    """Send the INVITE as described by the factory, with what our side can do."""
    invite = t.s.invite.copy()
    described = [
        (name, value) for name, value in t.describing_headers() if name not in invite.headers
    ]
    invite.headers.extend(described)
    if t.s.settings.user_agent:
        invite.headers.add("User-Agent", t.s.settings.user_agent)
    for name, value in session_timer.request_headers(t):
        invite.headers.set(name, value)
    t.change(invite=invite)
    t.emit(Send(t.s.key, invite))


def _again(t: Turn, invite: Request) -> None:
    """The same INVITE as a new transaction: next CSeq, no trace of the former forks
    (RFC 3261 8.1.3.5: same Call-ID, To and From)."""
    invite.headers.remove("Via")
    invite.headers.set("CSeq", f"{invite.cseq.number + 1} INVITE")
    key = t.s.next_key
    t.change(invite=invite, key=key, next_key=key + 1, phase=Phase.CALLING, forks=())
    t.emit(Send(key, invite))


def on_response(t: Turn, response: Response) -> None:
    if response.status < 200:
        if t.s.phase in _TRYING:
            _provisional(t, response)
    elif response.status < 300:
        _success(t, response)
    else:
        _failure(t, response)


# -- 1xx ---------------------------------------------------------------------------------------


def _provisional(t: Turn, response: Response) -> None:
    if response.status == 100 or response.to.tag is None:
        if t.s.phase is Phase.CALLING:
            t.change(phase=Phase.PROCEEDING)
        if response.status != 100:
            t.emit(Progress(response, session_description(response)))
        return
    fork = t.s.fork(response.to.tag) or _new_fork(t, response)
    if fork is None:
        return
    if response.status == 199:
        # RFC 6228: this fork got a final failure; its early dialog is gone.
        t.change(forks=tuple(f for f in t.s.forks if f.dialog.id != fork.dialog.id))
        t.emit(Progress(response, None))
        return
    fork = replace(_heard(fork, response), dialog=fork.dialog.refresh_target(response))
    sdp = session_description(response)
    reliable = take_reliable(fork, response)
    if reliable is not None:
        taken, acknowledge = reliable
        if taken is None:
            return  # a copy, or one out of order: RFC 3262 section 4
        fork = taken
        _bring_forward(t, fork)
        if acknowledge:
            send_prack(t, fork, response)
    else:
        if sdp is not None:
            fork = replace(fork, oa=fork.oa.foretell(sdp))
        _bring_forward(t, fork)
    t.change(phase=Phase.EARLY)
    t.emit(Progress(response, sdp))


def _new_fork(t: Turn, response: Response) -> Fork | None:
    dialog = from_response(t.s.invite, response)
    if dialog is None:
        return None
    oa = OfferAnswer()
    if t.s.offer is not None:
        oa = oa.send(Slot.INVITE, t.s.offer)
    return Fork(dialog, oa)


def _heard(fork: Fork, response: Response) -> Fork:
    """Remember the peer's Allow."""
    return replace(fork, allow=frozenset(response.allow)) if response.allow else fork


def _bring_forward(t: Turn, fork: Fork) -> None:
    """Store the fork as the most recent one."""
    others = tuple(f for f in t.s.forks if f.dialog.id != fork.dialog.id)
    t.change(forks=(*others, fork))


# -- 2xx ---------------------------------------------------------------------------------------


def _success(t: Turn, response: Response) -> None:
    known = t.s.fork(response.to.tag or "")
    if known is not None and known.dialog.confirmed:
        # A copy: our ACK was lost (13.2.2.4). While our answer is awaited there is none yet.
        if known.ack is not None and known.ack.cseq.number == response.cseq.number:
            t.emit(SendAck(known.ack))
        return
    fork = known or _new_fork(t, response)
    if fork is None:
        return
    fork = replace(_heard(fork, response), dialog=fork.dialog.confirm(response))
    if t.s.phase not in _TRYING:
        _too_late(t, fork, response)
        return
    if t.s.server is not None and t.s.server.tag != fork.dialog.remote_tag:
        t.release_server()  # an UPDATE of a fork that lost
    # 13.2.2.4: this dialog is the session; 2xx of other forks will be too late
    t.change(forks=(fork,), chosen=fork.dialog.remote_tag)
    session_timer.take_answer(t, response)
    _settle(t, fork, response)


def _settle(t: Turn, fork: Fork, response: Response) -> None:
    """Offer/answer of the chosen 2xx, then ACK or wait for the owner's answer."""
    sdp = session_description(response)
    cseq = response.cseq.number
    try:
        if fork.oa.settled:
            sdp = None  # in a reliable 1xx: a repetition here says nothing new
        elif sdp is not None:
            fork = replace(fork, oa=fork.oa.receive(Slot.INVITE_OK, sdp))
        elif fork.oa.preview is not None:
            # DEVIATION(PBXs): the answer came in an unreliable 1xx only
            sdp = fork.oa.preview
            fork = replace(fork, oa=fork.oa.receive(Slot.INVITE_OK, sdp))
        else:
            raise OfferAnswerError("2xx to INVITE without session description")
    except OfferAnswerError:
        _unusable(t, fork, response)
        return
    if not fork.oa.settled:
        t.keep(fork)
        t.change(phase=Phase.UNACKED, delayed=cseq)
        t.emit(Answered(response, sdp))
        return
    _acknowledge(t, fork, cseq)
    t.change(phase=Phase.CONFIRMED)
    t.emit(Answered(response, sdp))


def _acknowledge(t: Turn, fork: Fork, cseq: int, body: bytes = b"", headers: Headers = ()) -> None:
    auth = _credentials_of(t.s.invite)
    ack = fork.dialog.ack(cseq, (*auth, *headers), body)
    t.keep(replace(fork, ack=ack))
    t.emit(SendAck(ack))


def _credentials_of(invite: Request) -> Headers:
    """13.2.2.4: the ACK carries the same credentials as the INVITE."""
    return tuple(
        (name, value)
        for name in ("Authorization", "Proxy-Authorization")
        for value in invite.headers.all(name)
    )


def acknowledge(t: Turn, command: Acknowledge) -> None:
    """The owner's answer to an offer of the peer: in ACK, or in PRACK of its reliable 1xx."""
    fork = t.s.current
    if fork is None:
        return
    if t.s.delayed is not None and fork.dialog.confirmed:
        fork = replace(fork, oa=fork.oa.send(Slot.ACK, command.sdp))
        cseq = t.s.delayed
        t.change(delayed=None)
        _acknowledge(t, fork, cseq, command.sdp, command.headers)
        if t.s.phase is Phase.UNACKED:
            t.change(phase=Phase.CONFIRMED)
        return
    waiting = next((f for f in reversed(t.s.forks) if f.unpracked is not None), None)
    if waiting is not None and waiting.unpracked is not None and t.s.phase is Phase.EARLY:
        oa = waiting.oa.send(Slot.PRACK, command.sdp)
        response = waiting.unpracked
        waiting = replace(waiting, oa=oa, unpracked=None)
        send_prack(t, waiting, response, command.sdp, command.headers)


def _too_late(t: Turn, fork: Fork, response: Response) -> None:
    """A 2xx of another fork, or after our CANCEL: ACK, then BYE (13.2.2.4, 9.1)."""
    sdp = session_description(response)
    body = refuse_all(sdp) if t.s.offer is None and sdp is not None else b""
    ack = fork.dialog.ack(response.cseq.number, _credentials_of(t.s.invite), body)
    fork = replace(fork, ack=ack)
    t.keep(fork)
    t.emit(SendAck(ack))
    t.send(fork, "bye", "BYE")
    if t.s.phase is Phase.CANCELLING:
        t.end("local")


def _unusable(t: Turn, fork: Fork, response: Response) -> None:
    """A 2xx that leaves no session: acknowledge and hang up, for the owner it failed."""
    _acknowledge(t, replace(fork, oa=fork.oa.rollback()), response.cseq.number)
    current = t.s.current
    if current is not None:
        t.send(current, "bye", "BYE")
    t.emit(Failed(488, response))
    t.end("failure")


# -- 3xx to 6xx --------------------------------------------------------------------------------


def _failure(t: Turn, response: Response) -> None:
    if t.s.phase is Phase.CANCELLING:
        t.end("local")
        return
    if t.s.phase not in _TRYING:
        return
    invite = _improved(t, response) if t.s.invite.cseq.number < MAX_TRIES else None
    if invite is not None:
        _again(t, invite)
        return
    t.change(forks=())
    t.emit(Failed(response.status, response))
    t.end("failure")


def _improved(t: Turn, response: Response) -> Request | None:
    """The INVITE as this failure asks for it: with credentials, or a longer session interval."""
    if response.status in (401, 407):
        return resign(t, t.s.invite, response)
    if response.status == 422 and session_timer.raised(t, response):
        invite = t.s.invite.copy()
        for name, value in session_timer.request_headers(t):
            invite.headers.set(name, value)
        return invite
    return None
