"""Ways to end a session: hang up, BYE and CANCEL from either side, lost dialogs and flows."""

from __future__ import annotations

from dataclasses import replace

from protocols.sip.message import Request
from protocols.sip.oa import refuse_all
from protocols.sip.session.events import (
    Cancel,
    EndCause,
    GotCancel,
    HangUp,
    Headers,
    SendAck,
)
from protocols.sip.session.state import Client, Fork, Phase
from protocols.sip.session.turn import Turn

_UAC_TRYING = (Phase.CALLING, Phase.PROCEEDING, Phase.EARLY)
_UAS_TRYING = (Phase.INCOMING, Phase.EARLY, Phase.HELD)


def hang_up(t: Turn, command: HangUp) -> None:
    phase = t.s.phase
    if t.s.uac and phase in _UAC_TRYING:
        # RFC 3261 9.1; the transaction layer waits for the first 1xx if none came yet.
        t.release_server()
        t.change(phase=Phase.CANCELLING, wanted=None)
        t.report_end(command.cause)
        t.emit(Cancel(t.s.key, command.headers))
    elif not t.s.uac and phase in _UAS_TRYING:
        t.respond(t.s.key, t.s.invite, 480, headers=command.headers)
        t.end(command.cause)
    elif phase is Phase.ACCEPTED:
        # RFC 3261 section 15: the callee sends no BYE before the ACK (or its timeout).
        t.change(phase=Phase.CLOSING, close_headers=command.headers)
        t.report_end(command.cause)
    elif phase in (Phase.UNACKED, Phase.CONFIRMED):
        bye(t, command.headers, command.cause)


def bye(t: Turn, headers: Headers, cause: EndCause) -> None:
    """BYE in the session's dialog; for us it is over with that (RFC 3261 15.1.1)."""
    t.release_server()
    acknowledge_in_vain(t)
    fork = t.s.current
    if fork is not None:
        t.send(fork, "bye", "BYE", headers)
    t.end(cause)


def acknowledge_in_vain(t: Turn) -> None:
    """The ACK owed to a 2xx with an offer, if one is, taking nothing of it (13.2.2.4)."""
    fork = t.s.current
    if fork is None or t.s.delayed is None:
        return
    ack = fork.dialog.ack(t.s.delayed, body=refuse_all(fork.oa.open or b""))
    t.keep(replace(fork, ack=ack, oa=fork.oa.rollback()))
    t.change(delayed=None)
    t.emit(SendAck(ack))


def got_bye(t: Turn, key: int, request: Request, fork: Fork) -> None:
    t.respond(key, request, 200)
    phase = t.s.phase
    if phase in (Phase.ENDED, Phase.CANCELLING):
        return  # both sides hung up at once, or a fork that was never ours any more
    if t.s.uac and phase in _UAC_TRYING:
        # RFC 3261 section 15 forbids it in an early dialog, so this callee answered: its 200 was
        # lost and it has given up waiting for our ACK. This fork is gone; without others, all is.
        forks = tuple(f for f in t.s.forks if f is not fork)
        t.change(forks=forks)
        if not forks:
            t.release_server()
            t.change(phase=Phase.CANCELLING, wanted=None)
            t.report_end("bye", request)
            t.emit(Cancel(t.s.key))
        return
    t.release_server()
    acknowledge_in_vain(t)
    if not t.s.uac and phase in _UAS_TRYING:
        t.respond(t.s.key, t.s.invite, 487)
    t.end("bye", request)


def got_cancel(t: Turn, event: GotCancel) -> None:
    """RFC 3261 9.2: only a request without final response is touched."""
    if not t.s.uac and event.key == t.s.key and t.s.phase in _UAS_TRYING:
        t.respond(t.s.key, t.s.invite, 487)
        t.end("cancel", event.request)
    elif t.s.server is not None and event.key == t.s.server.key:
        t.release_server()


def flow_lost(t: Turn) -> None:
    """The connection an unanswered INVITE came by is gone: the caller is told over another, if
    one can be made (18.2.2), and at any rate the transaction ends. Confirmed sessions live on;
    media and session timers judge them."""
    if not t.s.uac and t.s.phase in _UAS_TRYING:
        t.respond(t.s.key, t.s.invite, 480)
        t.end("flow_lost")


def dialog_lost(t: Turn) -> None:
    """481 or 408 in the dialog (RFC 3261 12.2.1.2): give it up, with a BYE for proxies that keep
    state and for a peer that only lost the response."""
    if t.s.phase in (Phase.CONFIRMED, Phase.ACCEPTED, Phase.UNACKED):
        hang_up(t, HangUp(cause="dialog_lost"))  # an early one is the INVITE's to decide


def bye_done(t: Turn, client: Client) -> None:
    # Whatever the response, 481 and 407 included: it is over. A challenge to BYE is never
    # answered: that is how a callee would harvest digests.
    t.s = t.s.without_client(client.key)
