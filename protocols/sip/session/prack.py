"""Reliable provisional responses, calling side (RFC 3262 section 4)."""

from __future__ import annotations

from dataclasses import replace

from protocols.sip.errors import ParseError
from protocols.sip.message import Response
from protocols.sip.oa import OfferAnswerError, Slot, session_description
from protocols.sip.session.events import Headers
from protocols.sip.session.state import Fork
from protocols.sip.session.turn import Turn


def take_reliable(fork: Fork, response: Response) -> tuple[Fork | None, bool] | None:
    """What a 1xx means for `fork`: None = it is not reliable; else the fork with its RSeq and
    SDP taken (None = ignore this copy) and whether to PRACK it now."""
    try:
        rseq = response.rseq
    except ParseError:
        rseq = None
    if rseq is None or "100rel" not in response.required:
        return None
    if fork.rseq is not None and rseq != fork.rseq + 1:
        return None, False
    fork = replace(fork, rseq=rseq)
    sdp = session_description(response)
    if sdp is None or (fork.oa.settled and not fork.oa.invite_open):
        return fork, True  # nothing new: the exchange is settled (RFC 6337 section 3.1)
    try:
        fork = replace(fork, oa=fork.oa.receive(Slot.PROVISIONAL, sdp))
    except OfferAnswerError:
        return fork, True
    if fork.oa.stable:
        return fork, True
    return replace(fork, unpracked=response), False  # an offer: our answer goes into the PRACK


def send_prack(
    t: Turn, fork: Fork, response: Response, sdp: bytes = b"", headers: Headers = ()
) -> None:
    """PRACK inside the early dialog: to the Contact of the 1xx, not to the Request-URI."""
    rack = f"{response.rseq} {response.cseq.number} {response.cseq.method}"
    t.send(fork, "prack", "PRACK", (("RAck", rack), *headers), body=sdp)
