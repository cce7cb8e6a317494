"""The transactions as the user agent sees them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from protocols.aio.flow import Flow
from protocols.sip.message import Message, Request, Response
from protocols.sip.txn.layer import Transaction
from protocols.sip.txn.local import Cause, local_response

if TYPE_CHECKING:
    from protocols.aio.endpoint import SipEndpoint

logger = logging.getLogger(__name__)

OnResponse = Callable[[Response, Flow | None], None]
Prepare = Callable[[Request, Flow], None]


class ClientTransaction:
    """One request on its way, over as many attempts as RFC 3263 fail-over needs.

    `request` is the message as last sent (with our Via), `flow` where it went.
    """

    def __init__(
        self,
        endpoint: SipEndpoint,
        request: Request,
        on_response: OnResponse,
        prepare: Prepare | None,
    ) -> None:
        self.request = request
        self.flow: Flow | None = None
        self.finished = False
        self.returned = False  # whether `SipEndpoint.request` has given this object away
        self.original = request
        self.size = len(request.to_bytes())
        self.prepare = prepare
        self.attempt: Transaction | None = None
        # What to do instead of giving up when an attempt failed before any answer.
        self.next_attempt: Callable[[], bool] | None = None
        self._endpoint = endpoint
        self._on_response = on_response
        self._cancel: Sequence[tuple[str, str]] | None = None

    def cancel(self, headers: Sequence[tuple[str, str]] = ()) -> None:
        """CANCEL an INVITE (RFC 3261 9.1): waits for the first 1xx, no effect after a final."""
        if self.finished or self._cancel is not None or self.original.method != "INVITE":
            return
        self._cancel = tuple(headers)
        if self.attempt is not None:
            self._endpoint.cancel_attempt(self.attempt, self._cancel)
        else:
            # Nothing was sent yet, or the next attempt is being prepared (fail-over): nothing
            # is there to be cancelled, and nothing will be sent any more.
            self.deliver(local_response(self.request, "cancelled"))

    def abandon(self) -> None:
        """Nobody waits for the answer any more: nothing is sent again, no other place is tried.
        For requests other than INVITE, which has to be cancelled."""
        self.finished = True
        if self.attempt is not None:
            self._endpoint.abandon_attempt(self.attempt)

    @property
    def cancelled(self) -> bool:
        return self._cancel is not None

    def started(self, attempt: Transaction, flow: Flow) -> None:
        self.attempt = attempt
        self.request = attempt.request
        self.flow = flow

    def deliver(self, response: Response) -> None:
        """One response upwards; a transaction user never sees anything after its final one."""
        if response.status >= 200:
            if self.finished and not 200 <= response.status < 300:
                return
            self.finished = True
        if self.returned:
            self._on_response(response, self.flow)
        else:
            # The caller does not hold this object yet: nothing may happen to it so soon.
            loop = asyncio.get_running_loop()
            loop.call_soon(self._on_response, response, self.flow)

    # What the driver calls

    def on_message(self, message: Message) -> None:
        if not isinstance(message, Response):
            raise AssertionError("a client transaction receives responses")
        if message.status == 503 and self._try_next():
            return  # RFC 3263 4.3: a 503 fails over like a transport error
        self.deliver(message)

    def on_failed(self, cause: Cause) -> None:
        if cause != "cancelled" and self._try_next():
            return
        if not self.finished:
            self.deliver(local_response(self.request, cause))

    def on_cancelled(self, cancel: Request) -> None:
        raise AssertionError("a client transaction is not cancelled from outside")

    def on_finished(self) -> None:
        return

    def _try_next(self) -> bool:
        if self.finished or self.cancelled or self.next_attempt is None:
            return False
        self.attempt = None  # that one is over, whatever its machine still absorbs
        return self.next_attempt()


class ServerTransaction:
    """One received request. `to_tag` is this side's tag for responses without a dialog yet."""

    def __init__(self, endpoint: SipEndpoint, transaction: Transaction, flow: Flow) -> None:
        self.request = transaction.request
        self.flow = flow
        self.finished = False  # a final response was handed over
        self.on_failed_hook: Callable[[str], None] | None = None
        self._endpoint = endpoint
        self._transaction = transaction

    @property
    def to_tag(self) -> str:
        return self._transaction.to_tag

    @to_tag.setter
    def to_tag(self, tag: str) -> None:
        self._transaction.to_tag = tag

    def respond(self, response: Response) -> None:
        """Send a response; after a 2xx to INVITE the same 2xx may be re-sent here."""
        self._endpoint.respond(self._transaction, response)
        if response.status >= 200:
            self.finished = True

    def reply(
        self,
        status: int,
        reason: str | None = None,
        headers: Sequence[tuple[str, str]] = (),
        body: bytes = b"",
        content_type: str | None = None,
    ) -> Response:
        """Build from the request (RFC 3261 8.2.6, with `to_tag` unless 100) and send."""
        response = Response.for_request(self.request, status, reason, to_tag=self.to_tag)
        for name, value in headers:
            response.headers.add(name, value)
        if content_type is not None:
            response.headers.add("Content-Type", content_type)
        response.body = body
        self.respond(response)
        return response

    # What the driver calls

    def on_message(self, message: Message) -> None:
        if not isinstance(message, Request):
            raise AssertionError("a server transaction receives requests")
        if message.method == "ACK":
            self._endpoint.on_ack(message, self.flow)
            return
        try:
            self._endpoint.on_request(self, message, self.flow)
        except Exception:
            # One faulty handler must not cost the flow or other calls: it costs a 500.
            logger.exception("handling %s failed", message.method)
            if not self.finished:
                self._endpoint.give_up(self._transaction)
                self.finished = True

    def on_failed(self, cause: Cause) -> None:
        if self.on_failed_hook is not None:
            self.on_failed_hook(cause)

    def on_cancelled(self, cancel: Request) -> None:
        self._endpoint.on_cancel(self, cancel)

    def on_finished(self) -> None:
        return
