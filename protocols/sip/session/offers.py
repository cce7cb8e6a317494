"""Changes of a running session that we ask for: re-INVITE and UPDATE (RFC 3261 14, RFC 3311)."""

from __future__ import annotations

from dataclasses import replace

from protocols.sip.errors import ParseError
from protocols.sip.headers import parse_retry_after
from protocols.sip.message import Request, Response
from protocols.sip.oa import OaState, OfferAnswerError, Slot, session_description
from protocols.sip.session import session_timer
from protocols.sip.session.auth import resign
from protocols.sip.session.closing import acknowledge_in_vain, dialog_lost
from protocols.sip.session.events import Offer, OfferResult, Send, SendAck, Timer, Withdraw
from protocols.sip.session.prack import send_prack, take_reliable
from protocols.sip.session.state import Client, Fork, Phase, Purpose, Wanted
from protocols.sip.session.turn import Turn

#: Glare is retried so often before the owner is told (each try is 2 to 4 s apart).
MAX_TRIES = 8
#: A refresh that failed is repeated after so many seconds.
REFRESH_AGAIN = (5.0, 10.0)


def offer(t: Turn, command: Offer) -> None:
    """Make the offer now or as soon as nothing is in its way; a later one takes its place."""
    if t.s.phase in (Phase.ENDED, Phase.CLOSING, Phase.CANCELLING):
        return
    if t.s.wanted is not None:
        t.stop(Timer.RETRY_OFFER)
    t.change(wanted=Wanted(command.sdp, command.headers))
    next_offer(t)


def withdraw(t: Turn, command: Withdraw) -> None:
    """After glare the peer's offer came first and makes what we wanted to offer out of date."""
    if t.s.wanted is not None:
        t.stop(Timer.RETRY_OFFER)
        t.change(wanted=None)


def next_offer(t: Turn) -> None:
    """Send the wanted offer if the dialog is free for it."""
    wanted, fork = t.s.wanted, t.s.current
    if wanted is None or wanted.waiting or fork is None:
        return
    method = _method_now(t, fork)
    if method is None or (method == "UPDATE" and wanted.sdp is None):
        return
    t.change(wanted=None)
    send_offer(t, fork, method, "offer", wanted)


def _method_now(t: Turn, fork: Fork) -> str | None:
    """INVITE in a confirmed dialog, UPDATE in an early one, None while something is open
    (RFC 3261 14.1: no second INVITE; RFC 3311 5.1, RFC 3264 4: no second offer)."""
    busy = any(t.s.open_clients("offer", "refresh", "prack"))
    if busy or t.s.server is not None or not fork.oa.stable or t.s.unacked is not None:
        return None
    if t.s.phase is Phase.CONFIRMED:
        return "INVITE"
    if t.s.phase is Phase.EARLY and fork.oa.local is not None and may_update(fork):
        return "UPDATE"
    return None


def may_update(fork: Fork) -> bool:
    """RFC 3311 section 4: only towards a peer whose Allow lists it."""
    return fork.allow is not None and "UPDATE" in fork.allow


def send_offer(t: Turn, fork: Fork, method: str, purpose: Purpose, wanted: Wanted) -> None:
    slot = Slot.INVITE if method == "INVITE" else Slot.UPDATE
    if wanted.sdp is not None:
        fork = replace(fork, oa=fork.oa.send(slot, wanted.sdp))
    if method == "INVITE":
        fork = replace(fork, rseq=None)  # RSeq starts anew with each INVITE (RFC 3262 section 3)
    headers = (*session_timer.request_headers(t), *wanted.headers)
    t.send(
        fork,
        purpose,
        method,
        headers,
        body=wanted.sdp or b"",
        offer=wanted.sdp,
        extra=wanted.headers,
        tries=wanted.tries,
    )


def on_response(t: Turn, client: Client, response: Response) -> None:
    """A response to our re-INVITE or UPDATE, also after the session ended."""
    fork = t.s.fork(client.tag)
    if fork is None:
        if response.status >= 200:
            # an UPDATE in an early dialog that lost against another fork
            t.s = t.s.without_client(client.key)
            if t.s.phase is not Phase.ENDED and client.purpose == "offer":
                t.emit(OfferResult(487, None))
        return
    if response.status < 200:
        if client.request.method == "INVITE" and response.status > 100:
            _provisional(t, fork, response)
        return
    t.s = t.s.without_client(client.key)
    if response.status < 300:
        _success(t, client, fork, response)
    else:
        _failure(t, client, fork, response)
    next_offer(t)


def _provisional(t: Turn, fork: Fork, response: Response) -> None:
    reliable = take_reliable(fork, response)
    if reliable is None or t.s.phase is not Phase.CONFIRMED:
        return
    taken, acknowledge = reliable
    if taken is None:
        return
    t.keep(taken)
    if acknowledge:
        send_prack(t, taken, response)


def _success(t: Turn, client: Client, fork: Fork, response: Response) -> None:
    fork = replace(fork, dialog=fork.dialog.refresh_target(response))
    if response.allow:
        fork = replace(fork, allow=frozenset(response.allow))
    before, sdp = fork.oa.remote, session_description(response)
    invite = client.request.method == "INVITE"
    try:
        if fork.oa.state is OaState.LOCAL_OFFER and client.offer is not None:
            if sdp is None:
                raise OfferAnswerError("2xx without the answer")
            fork = replace(fork, oa=fork.oa.receive(_ok_slot(invite), sdp))
        elif client.offer is None and invite and sdp is not None:
            fork = replace(fork, oa=fork.oa.receive(Slot.INVITE_OK, sdp))
    except OfferAnswerError:
        fork, sdp = replace(fork, oa=fork.oa.rollback()), None
    t.keep(fork)
    if t.s.phase is not Phase.ENDED:
        session_timer.take_answer(t, response)
    if invite and fork.oa.state is OaState.REMOTE_OFFER:
        # Offerless: the ACK waits for the owner's answer (`acknowledge`).
        t.change(delayed=response.cseq.number)
        if t.s.phase is Phase.ENDED:
            acknowledge_in_vain(t)
    elif invite:
        ack = fork.dialog.ack(response.cseq.number)
        t.keep(replace(fork, ack=ack))
        t.emit(SendAck(ack))
    if t.s.phase is Phase.ENDED:
        return
    if client.purpose == "offer":
        failed = sdp is None and (client.offer is not None or invite)
        t.emit(OfferResult(488 if failed else response.status, sdp))
    elif sdp is not None and fork.oa.remote != before:
        t.emit(OfferResult(response.status, sdp))  # a refresh that changed the peer's side


def _ok_slot(invite: bool) -> Slot:
    return Slot.INVITE_OK if invite else Slot.UPDATE_OK


def resend_ack(t: Turn, response: Response) -> None:
    """A copy of the 2xx to a re-INVITE (13.2.2.4)."""
    fork = t.s.fork(response.to.tag or "")
    ack = fork.ack if fork is not None else None
    if ack is not None and ack.cseq.number == response.cseq.number:
        t.emit(SendAck(ack))


def _failure(t: Turn, client: Client, fork: Fork, response: Response) -> None:
    """14.1: the session stays as it was, unless the peer lost the dialog (481, 408)."""
    if client.offer is not None and fork.oa.state is OaState.LOCAL_OFFER:
        fork = replace(fork, oa=fork.oa.rollback())
        t.keep(fork)
    if t.s.phase is Phase.ENDED:
        return
    status = response.status
    if status in (408, 481):
        if client.purpose == "offer":
            t.emit(OfferResult(status, None))
        dialog_lost(t)
        return
    if t.s.phase not in (Phase.CONFIRMED, Phase.EARLY) or _retry(t, client, fork, response):
        return
    if client.purpose == "offer":
        t.emit(OfferResult(status, None))
    elif t.s.timer.interval:
        # RFC 4028 section 10: the session lives until it expires; until then we try again, for a
        # connection may come back and an overloaded peer recover
        t.set_timer(Timer.REFRESH, t.env.rng.uniform(*REFRESH_AGAIN))


def _retry(t: Turn, client: Client, fork: Fork, response: Response) -> bool:
    """Failures that ask for another try, now or later."""
    if client.tries >= MAX_TRIES:
        return False
    status, method = response.status, client.request.method
    wanted = Wanted(client.offer, client.extra, client.tries + 1)
    if status in (401, 407):
        again = resign(t, client.request, response)
        if again is not None:
            send_signed(t, client, fork, again)
            return True
    if status == 422 and session_timer.raised(t, response):
        send_offer(t, fork, method, client.purpose, wanted)
        return True
    unsigned = status in (401, 407) and t.s.auth is not None
    if method == "UPDATE" and (status in (405, 501) or unsigned) and t.s.phase is Phase.CONFIRMED:
        # The peer does not know UPDATE after all, or wants it signed, which only an INVITE is
        # (auth.py): a re-INVITE does the same.
        fork = replace(fork, allow=(fork.allow or frozenset()) - {"UPDATE"})
        if client.purpose == "refresh":
            wanted = replace(wanted, sdp=fork.oa.local)
        send_offer(t, fork, "INVITE", client.purpose, wanted)
        return True
    delay = _glare_delay(t, response)
    if delay is None:
        return False
    if client.purpose == "refresh":
        t.set_timer(Timer.REFRESH, delay)
    elif t.s.wanted is None:  # a newer wish of the owner needs no retry of the old
        t.change(wanted=replace(wanted, waiting=True))
        t.set_timer(Timer.RETRY_OFFER, delay)
    return True


def send_signed(t: Turn, client: Client, fork: Fork, again: Request) -> None:
    """The challenged request once more: same dialog, next CSeq, with credentials."""
    if again.method == "INVITE":
        fork = replace(fork, rseq=None)
    if client.offer is not None:
        fork = replace(fork, oa=fork.oa.send(Slot.INVITE, client.offer))
    number = fork.dialog.local_cseq + 1
    t.keep(replace(fork, dialog=replace(fork.dialog, local_cseq=number)))
    again.headers.set("CSeq", f"{number} {again.method}")
    key = t.s.next_key
    made = replace(client, key=key, request=again, tries=client.tries + 1)
    t.change(next_key=key + 1, clients=(*t.s.clients, made))
    t.emit(Send(key, again))


def _glare_delay(t: Turn, response: Response) -> float | None:
    """When to try again: after 491 by 14.1, after 500 as the peer says; None = do not."""
    if response.status == 491:
        if t.s.uac:  # the owner of the Call-ID waits 2.1 to 4 s, the other 0 to 2 s, in 10 ms steps
            return t.env.rng.randint(210, 400) / 100
        return t.env.rng.randint(0, 200) / 100
    if response.status == 500:
        value = response.headers.get("Retry-After")
        try:
            delay = None if value is None else float(parse_retry_after(value))
        except ParseError:
            return None
        return delay if delay is not None and delay <= 10 else None
    return None


def retry_now(t: Turn) -> None:
    if t.s.wanted is not None:
        t.change(wanted=replace(t.s.wanted, waiting=False))
        next_offer(t)


def refresh(t: Turn) -> None:
    """RFC 4028 section 7.4: UPDATE without offer if the peer allows it, else a re-INVITE that
    repeats our last description unchanged (same o= version, so the peer leaves media alone)."""
    fork = t.s.current
    if fork is None or t.s.phase is not Phase.CONFIRMED:
        return
    busy = any(t.s.open_clients("offer", "refresh")) or t.s.server is not None
    if busy or not fork.oa.stable:
        t.set_timer(Timer.REFRESH, 1.0)  # whatever is going on refreshes too, or we try again
        return
    if may_update(fork):
        send_offer(t, fork, "UPDATE", "refresh", Wanted(None))
    else:
        send_offer(t, fork, "INVITE", "refresh", Wanted(fork.oa.local))
