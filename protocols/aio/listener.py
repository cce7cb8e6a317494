"""What a user agent calls back: the listener of a call, and requests that want an answer.

All methods are called synchronously while a datagram or a segment is being worked on: they must
only enqueue.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from protocols.aio.flow import Flow
from protocols.aio.transactions import ServerTransaction
from protocols.sip.errors import LocalError
from protocols.sip.grammar import is_token
from protocols.sip.message import Request, Response
from protocols.sip.session.events import EndCause

if TYPE_CHECKING:
    from protocols.aio.call import Call

Headers = Sequence[tuple[str, str]]


def checked(headers: Headers) -> tuple[tuple[str, str], ...]:
    """The application's headers, refused (LocalError) before any state has changed when they
    could not be written: a CR, LF or NUL would smuggle in other headers."""
    for name, value in headers:
        if not is_token(name) or any(c in value for c in "\r\n\0"):
            raise LocalError(f"header {name[:40]!r} cannot be written")
    return tuple(headers)


# Why a call ended, the `cause` of `CallListener.on_end`:
#   "local"     we hung up (`hang_up`), whatever that needed (CANCEL, BYE or a final response)
#   "rejected"  we rejected the incoming call (`reject`)
#   "failure"   our INVITE failed (`on_failure` came right before), or an answer was missing
#   "bye"       the far end sent BYE        "cancel"  the caller sent CANCEL before our answer
#   "no_ack"    our 200 was never acknowledged (64*T1; a BYE was sent)
#   "no_prack"  a reliable 1xx was never acknowledged (64*T1; a 5xx was sent)
#   "expired"   the session timer ran out (RFC 4028)
#   "dialog_lost"  the peer answered 481 or 408 in the dialog
#   "replaced"  another call took this one over (RFC 3891)
#   "flow_lost" the connection of an unanswered incoming call broke


class RequestContext:
    """One request that wants a final response. `respond` may be called later, once."""

    def __init__(self, transaction: ServerTransaction, flow: Flow) -> None:
        self._transaction = transaction
        self.request: Request = transaction.request
        self.flow = flow

    @property
    def answered(self) -> bool:
        return self._transaction.finished

    @property
    def to_tag(self) -> str:
        """Our tag, should the response make a dialog."""
        return self._transaction.to_tag

    def respond(
        self,
        status: int,
        reason: str | None = None,
        headers: Headers = (),
        body: bytes = b"",
        content_type: str | None = None,
    ) -> None:
        """Send the response. A second one has no effect (the first is out)."""
        if not self._transaction.finished:
            self._transaction.reply(status, reason, headers, body, content_type)

    def send(self, response: Response) -> None:
        """Send a response made elsewhere (a registrar core, a challenge)."""
        if not self._transaction.finished:
            self._transaction.respond(response)


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
        """UAC: the INVITE failed. `response.local` is True when nobody answered (408) or the
        transport failed (503). `on_end(cause="failure")` follows at once."""

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
