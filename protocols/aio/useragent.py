"""The user agent: INVITE sessions and out-of-dialog requests over one `SipEndpoint`.

```
            application (emulator, connector, gateway)
   on_invite | handle(method) | invite() | request()      CallListener
            UserAgent  --------- Call (drives protocols.sip.session)
            SipEndpoint (transactions, flows)
```
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from protocols.aio.call import (
    Call,
    CallListener,
    CallState,
    EndCause,
    Headers,
    IncomingCall,
    RequestContext,
)

if TYPE_CHECKING:
    from protocols.aio.endpoint import SipEndpoint
    from protocols.aio.flow import Flow
    from protocols.sip.auth.credentials import Credentials
    from protocols.sip.message import Request, Response

__all__ = [
    "Call",
    "CallListener",
    "CallState",
    "EndCause",
    "IncomingCall",
    "RequestContext",
    "UserAgent",
]


class UserAgent:
    """Owns the endpoint's callbacks. `contact(flow)` gives our Contact URI per flow; without it
    `sip:<local ip>:<port>;transport=<t>` of the flow's local side is used."""

    #: A new dialog-forming INVITE. Sync; call `incoming.take(listener)` or `reject`.
    on_invite: Callable[[IncomingCall], None] | None
    #: Asked for every request outside a dialog; a Response (401, 403, ...) is sent instead of
    #: handling the request. ACK and CANCEL are never asked about (RFC 3261 22.1).
    authenticate: Callable[[Request, Flow], Response | None] | None

    def __init__(
        self,
        endpoint: SipEndpoint,
        *,
        contact: Callable[[Flow], str] | None = None,
        user_agent: str = "Offhook",
        session_expires: int | None = 1800,
    ) -> None:
        raise NotImplementedError

    def handle(self, method: str, handler: Callable[[RequestContext], None]) -> None:
        """Handler for a method outside dialogs (OPTIONS REGISTER NOTIFY SUBSCRIBE MESSAGE PUBLISH
        REFER). Methods without a handler get 405 with Allow; OPTIONS gets 200 by itself."""
        raise NotImplementedError

    def invite(
        self,
        *,
        target: str,
        from_: str,
        to: str | None = None,
        sdp: bytes | None,
        headers: Headers = (),
        flow: Flow | None = None,
        route: Sequence[str] = (),
        credentials: Credentials | None = None,
        listener: CallListener,
        call_id: str | None = None,
    ) -> Call:
        """Start a call. `from_`/`to` are name-addr or URI without tag; `sdp` None = delayed offer.
        Never raises for what the network does: failures come by `listener.on_failure`."""
        raise NotImplementedError

    async def request(
        self,
        method: str,
        target: str,
        *,
        from_: str,
        to: str | None = None,
        headers: Headers = (),
        content_type: str | None = None,
        body: bytes = b"",
        flow: Flow | None = None,
        route: Sequence[str] = (),
        credentials: Credentials | None = None,
        call_id: str | None = None,
    ) -> Response:
        """An out-of-dialog request; answers a challenge when credentials are given. Timeout and
        transport failure come back as locally made 408 and 503."""
        raise NotImplementedError

    @property
    def calls(self) -> Sequence[Call]:
        """Calls that are not over yet (what a leak test looks at)."""
        raise NotImplementedError

    async def aclose(self) -> None:
        """Hang up everything, wait for the transactions within 2 s, let go of the endpoint."""
        raise NotImplementedError
