"""Changes of a running session that the peer asks for: its re-INVITE and UPDATE."""

from __future__ import annotations

from dataclasses import replace

from protocols.sip.message import Request
from protocols.sip.oa import OaState, Slot, session_description
from protocols.sip.session import session_timer
from protocols.sip.session.events import Answer, Offered, Refuse, Respond
from protocols.sip.session.offers import next_offer
from protocols.sip.session.state import Fork, Phase, Server
from protocols.sip.session.turn import Turn
from protocols.sip.session.uas import accept_held, implicit_ack, repeat_until_ack


def got_invite(t: Turn, key: int, request: Request, fork: Fork) -> None:
    if _refused(t, key, request):
        return
    verdict = _invite_verdict(t, fork)
    if verdict != 0:
        _busy(t, key, request, verdict)
        return
    if t.s.unacked is not None:
        implicit_ack(t)
        if t.s.phase is Phase.ENDED:  # a hang-up waited for that ACK
            t.respond(key, request, 487)
            return
    _open(t, key, request, fork, Slot.INVITE)


def _invite_verdict(t: Turn, fork: Fork) -> int:
    """0 to go on, else the status of RFC 3261 section 14.2."""
    if t.s.phase is Phase.CONFIRMED:
        ours = any(
            c.request.method == "INVITE" or c.offer is not None
            for c in t.s.open_clients("offer", "refresh")
        )
        if ours or t.s.delayed is not None:
            return 491  # our INVITE (or the offer in our UPDATE) is in progress
        if t.s.server is not None:
            return 500  # theirs is, and has no final response
        return 0 if fork.oa.stable else 491
    if t.s.phase in (Phase.ACCEPTED, Phase.CLOSING):
        return 0 if fork.oa.stable else 491  # else the answer is still in that ACK
    return 491 if t.s.uac else 500


def got_update(t: Turn, key: int, request: Request, fork: Fork) -> None:
    """RFC 3311 section 5.2."""
    if _refused(t, key, request):
        return
    if session_description(request) is None:
        t.keep(replace(fork, dialog=fork.dialog.refresh_target(request)))
        headers = session_timer.answer_headers(t, request) if _confirmed(t) else ()
        t.respond(key, request, 200, headers=headers)
        return
    if fork.oa.state is OaState.REMOTE_OFFER or t.s.server is not None:
        _busy(t, key, request, 500)  # their offer is open: they must not make a second
    elif fork.oa.state is OaState.LOCAL_OFFER or fork.oa.local is None:
        _busy(t, key, request, 491)  # ours is
    elif any(t.s.open_clients("offer")):
        _busy(t, key, request, 491)  # our offerless re-INVITE will bring one
    else:
        _open(t, key, request, fork, Slot.UPDATE)


def _confirmed(t: Turn) -> bool:
    return t.s.phase in (Phase.CONFIRMED, Phase.ACCEPTED, Phase.UNACKED)


def _refused(t: Turn, key: int, request: Request) -> bool:
    settings = t.s.settings
    unknown = sorted(request.required - set(settings.supported))
    if unknown:
        t.respond(key, request, 420, headers=(("Unsupported", ", ".join(unknown)),))
        return True
    if "timer" in settings.supported and session_timer.too_small(request, settings.min_se):
        t.respond(key, request, 422, headers=(("Min-SE", str(settings.min_se)),))
        return True
    return False


def _busy(t: Turn, key: int, request: Request, status: int) -> None:
    # 500 (14.2, RFC 3311 5.2) tells a random wait of 0 to 10 s
    wait = (("Retry-After", str(t.env.rng.randint(0, 10))),) if status == 500 else ()
    t.respond(key, request, status, headers=wait)


def _open(t: Turn, key: int, request: Request, fork: Fork, slot: Slot) -> None:
    """Take the offer and ask the owner."""
    sdp = session_description(request)
    fork = t.s.fork(fork.dialog.remote_tag) or fork
    if sdp is not None:
        fork = replace(fork, oa=fork.oa.receive(slot, sdp))
    t.keep(fork)
    t.change(server=Server(key, request, fork.dialog.remote_tag))
    t.emit(Offered(sdp, request))


def answer(t: Turn, command: Answer) -> None:
    """The owner's answer (or the offer it was asked for). Without effect when the request was
    cancelled or the session ended meanwhile."""
    server = t.s.server
    fork = t.s.fork(server.tag) if server is not None else None
    if server is None or fork is None:
        return
    request, method = server.request, server.request.method
    slot = {"INVITE": Slot.INVITE_OK, "UPDATE": Slot.UPDATE_OK}.get(method, Slot.PRACK_OK)
    fork = replace(fork, oa=fork.oa.send(slot, command.sdp))
    if method != "PRACK":
        fork = replace(fork, dialog=fork.dialog.refresh_target(request))
    t.keep(fork)
    t.change(server=None)
    headers = command.headers
    if method != "PRACK" and _confirmed(t):
        headers = (*session_timer.answer_headers(t, request), *headers)
    response = t.response(request, 200, None, headers, command.sdp)
    if method == "INVITE":
        repeat_until_ack(t, server.key, response, initial=False)
    else:
        t.emit(Respond(server.key, response))
    accept_held(t)
    next_offer(t)


def refuse(t: Turn, command: Refuse) -> None:
    """The session stays as it was (14.2)."""
    if not 300 <= command.status <= 699:
        raise ValueError(f"{command.status} is no status to refuse an offer with")
    server = t.s.server
    if server is None:
        return
    t.respond(server.key, server.request, command.status, headers=command.headers)
    t.change(server=None)
    fork = t.s.fork(server.tag)
    if fork is not None and fork.oa.state is OaState.REMOTE_OFFER:
        t.keep(replace(fork, oa=fork.oa.rollback()))
    accept_held(t)
    next_offer(t)
