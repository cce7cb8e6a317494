"""`step(session, event, env) -> (session, effects)`: the INVITE session, UAC and UAS (RFC 3261 13
to 15, RFC 3262, 3311, 4028, 6026). Pure; one event at a time; the effects are in order.

Commands that come too late (the owner did not know yet that the call ended) have no effect.
Requests of the peer always get their answer.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from protocols.sip.dialog import Order
from protocols.sip.message import Request, Response
from protocols.sip.session import closing, events, offers, peer_offers, uac, uas
from protocols.sip.session.auth import resign
from protocols.sip.session.events import (
    Effect,
    Event,
    Fired,
    GotAck,
    GotCancel,
    GotRequest,
    GotResponse,
    Received,
    Reply,
    Timer,
    Transmit,
)
from protocols.sip.session.state import Client, Fork, Phase, Session
from protocols.sip.session.turn import Env, Turn


def step(session: Session, event: Event, env: Env) -> tuple[Session, list[Effect]]:
    t = Turn(session, env)
    _HANDLERS[type(event)](t, event)
    t.dispose_if_done()
    return t.s, t.effects


# -- responses ---------------------------------------------------------------------------------


def _got_response(t: Turn, event: GotResponse) -> None:
    response = event.response
    if event.key == t.s.key and t.s.uac:
        uac.on_response(t, response)
        offers.next_offer(t)
        return
    client = t.s.client(event.key)
    if client is None:
        if response.status // 100 == 2 and response.cseq.method == "INVITE":
            offers.resend_ack(t, response)
        return
    if client.purpose in ("offer", "refresh"):
        offers.on_response(t, client, response)
    elif response.status >= 200:
        _finished(t, client, response)


def _finished(t: Turn, client: Client, response: Response) -> None:
    """A final response to BYE, PRACK or a request of the owner."""
    if client.purpose == "bye":
        closing.bye_done(t, client)
        return
    t.s = t.s.without_client(client.key)
    if client.purpose == "request":
        if response.status in (401, 407) and _sent_signed(t, client, response):
            return
        t.emit(Reply(client.token, response))
        # NOTIFY and REFER belong to another usage of the dialog (RFC 5057 section 5.1)
        if response.status == 481 and client.request.method not in ("NOTIFY", "REFER", "SUBSCRIBE"):
            closing.dialog_lost(t)
    offers.next_offer(t)


def _sent_signed(t: Turn, client: Client, response: Response) -> bool:
    fork = t.s.fork(client.tag)
    if fork is None or client.tries >= offers.MAX_TRIES or t.s.phase is Phase.ENDED:
        return False
    again = resign(t, client.request, response)
    if again is not None:
        offers.send_signed(t, client, fork, again)
    return again is not None


# -- requests ----------------------------------------------------------------------------------


def _still_served(t: Turn, method: str) -> bool:
    """After the owner heard of the end only BYE is; a re-INVITE too while BYE waits for an ACK."""
    if t.s.phase is Phase.ENDED:
        return method == "BYE"
    return not t.s.reported or method in ("BYE", "INVITE")


def _got_request(t: Turn, event: GotRequest) -> None:
    request = event.request
    fork = t.s.fork(request.from_.tag or "")
    if fork is None or not _still_served(t, request.method):
        t.respond(event.key, request, 481)  # RFC 3261 12.2.2
        return
    dialog, order = fork.dialog.receive(request)
    if order is Order.TOO_LOW:
        t.respond(event.key, request, 500)
        return
    fork = replace(fork, dialog=dialog)
    if request.allow:
        fork = replace(fork, allow=frozenset(request.allow))
    t.keep(fork)
    handler = _METHODS.get(request.method)
    if handler is not None:
        handler(t, event.key, request, fork)
    else:
        t.emit(Received(event.key, request))


_METHODS: dict[str, Callable[[Turn, int, Request, Fork], None]] = {
    "BYE": closing.got_bye,
    "INVITE": peer_offers.got_invite,
    "UPDATE": peer_offers.got_update,
    "PRACK": uas.got_prack,
}


def _got_ack(t: Turn, event: GotAck) -> None:
    uas.got_ack(t, event)
    offers.next_offer(t)


def _transmit(t: Turn, command: Transmit) -> None:
    fork = t.s.current
    if fork is None or t.s.phase in (Phase.ENDED, Phase.CANCELLING, Phase.INCOMING):
        # INCOMING: no response with our tag went out, so the peer knows no dialog yet
        gone = Response(481, "No Dialog", local=True)
        t.emit(Reply(command.token, gone))
        return
    t.send(
        fork,
        "request",
        command.method,
        command.headers,
        body=command.body,
        content_type=command.content_type,
        token=command.token,
    )


# -- timers ------------------------------------------------------------------------------------


def _expired(t: Turn) -> None:
    """RFC 4028 section 10: no refresh came in time."""
    if t.s.phase in (Phase.CONFIRMED, Phase.ACCEPTED):
        closing.bye(t, (("Reason", 'SIP;cause=408;text="Session timer expired"'),), "expired")


_TIMERS: dict[Timer, Callable[[Turn], None]] = {
    Timer.RESEND_1XX: uas.resend_provisional,
    Timer.NO_PRACK: uas.no_prack,
    Timer.RESEND_2XX: uas.resend_success,
    Timer.NO_ACK: uas.no_ack,
    Timer.REFRESH: offers.refresh,
    Timer.EXPIRE: _expired,
    Timer.RETRY_OFFER: offers.retry_now,
}


def _fired(t: Turn, event: Fired) -> None:
    _TIMERS[event.timer](t)


_HANDLERS: dict[type, Callable[[Turn, Any], None]] = {
    events.Start: lambda t, _: uac.start(t),
    events.Ring: uas.ring,
    events.Accept: uas.accept,
    events.Reject: uas.reject,
    events.HangUp: closing.hang_up,
    events.Acknowledge: uac.acknowledge,
    events.Offer: offers.offer,
    events.Withdraw: offers.withdraw,
    events.Answer: peer_offers.answer,
    events.Refuse: peer_offers.refuse,
    Transmit: _transmit,
    GotResponse: _got_response,
    GotRequest: _got_request,
    GotAck: _got_ack,
    GotCancel: closing.got_cancel,
    events.FlowLost: lambda t, _: closing.flow_lost(t),
    Fired: _fired,
}
