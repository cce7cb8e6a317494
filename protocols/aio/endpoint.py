"""`SipEndpoint`: sockets, flows and transactions behind one small interface.

SKELETON: signatures are final, bodies arrive with the transaction layer.
"""

from __future__ import annotations

import ssl
from collections.abc import Callable, Sequence
from typing import Any

from protocols.aio.flow import Flow, Transport
from protocols.sip.message import Request, Response
from protocols.sip.txn.timers import Timers

OnResponse = Callable[[Response, Flow | None], None]


class Listener:
    """An open listening socket."""

    transport: Transport
    host: str
    port: int


class ClientTransaction:
    """One request on its way, over as many attempts as RFC 3263 fail-over needs.

    `request` is the message as last sent (with our Via), `flow` where it went.
    """

    request: Request
    flow: Flow | None
    finished: bool  # a final response (or a local one) was delivered

    def cancel(self, headers: Sequence[tuple[str, str]] = ()) -> None:
        """CANCEL an INVITE (RFC 3261 9.1): waits for the first 1xx, no effect after a final."""
        raise NotImplementedError


class ServerTransaction:
    """One received request. `to_tag` is this side's tag for responses without a dialog yet."""

    request: Request
    flow: Flow
    to_tag: str
    finished: bool  # a final response was handed over

    def respond(self, response: Response) -> None:
        """Send a response; after a 2xx to INVITE the same 2xx may be re-sent here."""
        raise NotImplementedError

    def reply(
        self,
        status: int,
        reason: str | None = None,
        headers: Sequence[tuple[str, str]] = (),
        body: bytes = b"",
        content_type: str | None = None,
    ) -> Response:
        """Build from the request (RFC 3261 8.2.6, with `to_tag` unless 100) and send."""
        raise NotImplementedError


class SipEndpoint:
    """The SIP stack of one process. All callbacks are synchronous and in order of arrival."""

    on_request: Callable[[ServerTransaction, Request, Flow], None]
    on_ack: Callable[[Request, Flow], None]
    on_cancel: Callable[[ServerTransaction], None]
    on_flow_closed: Callable[[Flow, str], None]
    on_flow_opened: Callable[[Flow], None] | None
    on_trace: Callable[[dict[str, Any]], None] | None

    def __init__(
        self,
        *,
        timers: Timers | None = None,
        resolver: Any = None,
        tls_client: ssl.SSLContext | None = None,
        user_agent: str = "Offhook",
    ) -> None:
        self.timers = timers or Timers()
        self.user_agent = user_agent

    async def listen(
        self,
        transport: Transport,
        host: str,
        port: int = 0,
        ssl_context: ssl.SSLContext | None = None,
    ) -> Listener:
        raise NotImplementedError

    async def connect(
        self,
        transport: Transport,
        host: str,
        port: int,
        *,
        server_name: str | None = None,
        ssl_context: ssl.SSLContext | None = None,
    ) -> Flow:
        raise NotImplementedError

    def request(
        self, request: Request, *, flow: Flow | None = None, on_response: OnResponse
    ) -> ClientTransaction:
        """Start a client transaction (a copy of `request` gets our Via on top).

        Every 1xx, 2xx (all forks) and final response goes to `on_response`; a timeout or a
        dead transport arrives as a `LocalResponse` 408 or 503 (protocols/sip/txn/local.py).
        """
        raise NotImplementedError

    async def send(self, request: Request, *, flow: Flow | None = None) -> Response:
        """The final response to a request."""
        raise NotImplementedError

    def send_ack(self, request: Request, flow: Flow | None = None) -> None:
        """Send the ACK to a 2xx. Puts a Via on `request` if it has none: re-send the same."""
        raise NotImplementedError

    async def aclose(self) -> None:
        raise NotImplementedError
