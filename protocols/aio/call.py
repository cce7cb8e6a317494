"""One INVITE session as the application sees it: `Call`, its listener and request contexts.

`Call` holds no protocol rule: every command and every message becomes an event for the pure
session machine (`protocols.sip.session`), whose effects are carried out here.

All listener methods are called synchronously while a datagram or a segment is being worked on:
they must only enqueue. A listener may call methods of the same `Call` again; the resulting events
are queued and run after the current one (one mutation at a time).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    from protocols.aio.flow import Flow
    from protocols.sip.dialog import Dialog
    from protocols.sip.message import Request, Response

Headers = Sequence[tuple[str, str]]
CallState = Literal["calling", "proceeding", "early", "confirmed", "terminated"]
Direction = Literal["in", "out"]

#: Why a call ended, the `cause` of `CallListener.on_end`:
#: "local"     we hung up (`hang_up`), whatever that needed (CANCEL, BYE or a final response)
#: "rejected"  we rejected the incoming call (`reject`)
#: "failure"   our INVITE failed; `on_failure` came right before
#: "bye"       the far end sent BYE          "cancel"   the caller sent CANCEL before our answer
#: "no_ack"    our 200 was never acknowledged (64*T1; a BYE was sent)
#: "no_prack"  a reliable 1xx was never acknowledged (64*T1; a 5xx was sent)
#: "expired"   session timer ran out (RFC 4028) "dialog_lost"  the peer answered 481/408 in dialog
#: "replaced"  another call took this one over (RFC 3891)
#: "flow_lost" the connection of an unanswered incoming call broke
EndCause = Literal[
    "local",
    "rejected",
    "failure",
    "bye",
    "cancel",
    "no_ack",
    "no_prack",
    "expired",
    "dialog_lost",
    "replaced",
    "flow_lost",
]


class RequestContext:
    """One request that wants a final response. `respond` may be called later, once."""

    request: Request
    flow: Flow

    def respond(
        self,
        status: int,
        reason: str | None = None,
        headers: Headers = (),
        body: bytes = b"",
        content_type: str | None = None,
    ) -> None:
        raise NotImplementedError


class CallListener(Protocol):
    """What a call tells its owner. Every call ends with exactly one `on_end`, the last event."""

    def on_progress(self, call: Call, response: Response, sdp: bytes | None) -> None:
        """UAC: a response 101..199 (100 is not reported), with its SDP if it carried any.

        A forked call reports each fork's responses; `response.to.tag` tells them apart.
        """

    def on_answer(self, call: Call, response: Response, sdp: bytes | None) -> None:
        """UAC: the first 2xx. The UA sends the ACK, except when the INVITE had no offer: then
        `sdp` is the peer's offer and the owner must call `call.acknowledge(sdp)`."""

    def on_failure(self, call: Call, status: int, response: Response | None) -> None:
        """UAC: the INVITE failed. `response` is None when nobody answered (408) or the transport
        failed (503). `on_end(cause="failure")` follows at once."""

    def on_established(self, call: Call) -> None:
        """UAS: the ACK for our 2xx arrived. `call.remote_sdp` is final now, also when the answer
        came in the ACK (delayed offer)."""

    def on_offer(self, call: Call, sdp: bytes | None, request: Request) -> None:
        """The peer sent re-INVITE or UPDATE with an offer; None = it wants our offer in the 2xx.
        The owner must call `call.answer(sdp)` or `call.refuse_offer()`; a re-INVITE may wait."""

    def on_offer_result(self, call: Call, status: int, sdp: bytes | None) -> None:
        """The result of our `offer`: 200 with the answer, or the failure that left the session as
        it was. 491 and 500 with Retry-After are retried before this is called."""

    def on_end(self, call: Call, cause: EndCause, request: Request | None) -> None:
        """The call is over; `request` is the BYE or CANCEL that ended it, if one did."""

    def on_request(self, call: Call, ctx: RequestContext) -> None:
        """In-dialog INFO, NOTIFY, REFER, MESSAGE, OPTIONS. Must be answered."""


class Call:
    """One INVITE session (a dialog set when it forks), as UAC or UAS."""

    id: str
    call_id: str
    direction: Direction
    #: The INVITE: ours (as last sent), or the one received.
    invite: Request
    #: The confirmed dialog, else the most recent early one, else None.
    dialog: Dialog | None
    #: Last session descriptions that were agreed on (or offered and still open).
    local_sdp: bytes | None
    remote_sdp: bytes | None
    #: The flow in-dialog requests use while it is alive; None = resolved per RFC 3263. Settable.
    flow: Flow | None
    listener: CallListener

    @property
    def state(self) -> CallState:
        raise NotImplementedError

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
        raise NotImplementedError

    def accept(self, sdp: bytes | None = None, headers: Headers = ()) -> None:
        """Send the 200; held back until a reliable 1xx with SDP is PRACKed (RFC 3262 section 3).
        `sdp` may be None when the answer already went out in a reliable 1xx."""
        raise NotImplementedError

    def reject(self, status: int, reason: str | None = None, headers: Headers = ()) -> None:
        """Send a final failure (300..699)."""
        raise NotImplementedError

    # -- UAC ---------------------------------------------------------------------------------
    def acknowledge(self, sdp: bytes, headers: Headers = ()) -> None:
        """Delayed offer: send the ACK with our answer (after `on_answer` gave an offer)."""
        raise NotImplementedError

    # -- both --------------------------------------------------------------------------------
    def hang_up(self, headers: Headers = ()) -> None:
        """End the call as its state demands: CANCEL, BYE or 480/487. `on_end("local")` is
        reported at once; what is left (late 200, forks, crossing BYE) is settled in silence.
        Harmless when the call is over."""
        raise NotImplementedError

    def offer(self, sdp: bytes | None, headers: Headers = ()) -> None:
        """Offer a change: re-INVITE, or UPDATE in an early dialog. None asks the peer for its
        offer (offerless re-INVITE). Waits while another offer is open; retries after glare."""
        raise NotImplementedError

    def answer(self, sdp: bytes, headers: Headers = ()) -> None:
        """Answer the offer reported by `on_offer` (or give the offer it asked for)."""
        raise NotImplementedError

    def refuse_offer(self, status: int = 488, headers: Headers = ()) -> None:
        """Refuse the offer reported by `on_offer`; the session stays as it was."""
        raise NotImplementedError

    async def request(
        self,
        method: str,
        headers: Headers = (),
        content_type: str | None = None,
        body: bytes = b"",
    ) -> Response:
        """Send INFO, NOTIFY, REFER, MESSAGE, OPTIONS in the dialog; gives the final response."""
        raise NotImplementedError


class IncomingCall(Call):
    """A new INVITE. `invite` and `remote_sdp` are set; the handler must give it a listener by
    `take(listener)` before it returns, or reject it (nobody took it: 480)."""

    def take(self, listener: CallListener) -> Call:
        raise NotImplementedError
