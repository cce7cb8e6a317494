"""A request outside a dialog, its challenges answered: digest (RFC 7616), Bearer (RFC 8898)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from protocols.aio.flow import Flow
from protocols.sip.auth.credentials import BearerSource, Credentials, DigestCredentials
from protocols.sip.auth.digest_client import DigestClient, signed
from protocols.sip.message import Request, Response

if TYPE_CHECKING:
    from protocols.aio.useragent import UserAgent

#: Requests per exchange: the first, its challenge, a stale nonce, and one to spare.
MAX_TRIES = 4

_WITH_CONTACT = frozenset({"SUBSCRIBE", "REFER", "NOTIFY"})


class Exchange:
    """Keeps what was learnt about the peer's challenges, so that a later request of the same
    kind (the refresh of a registration) is signed at once. Requests run one after another."""

    def __init__(
        self,
        ua: UserAgent,
        credentials: Credentials | None,
        flow: Flow | None,
        contact: Callable[[Flow], str] | None = None,
    ) -> None:
        self.flow = flow
        self._contact = contact
        self._ua = ua
        self._bearer: BearerSource | None = None
        self._digest: DigestClient | None = None
        if isinstance(credentials, DigestCredentials):
            self._digest = DigestClient.of(credentials)
        else:
            self._bearer = credentials
        #: CSeq of the last request sent, and the flow its last response came by.
        self.cseq = 0
        self.last_flow: Flow | None = None

    async def run(self, request: Request) -> Response:
        """Send `request` (no Via yet) until its response is no challenge we can answer."""
        if self._bearer is not None:
            return await self._with_token(request, self._bearer)
        request = self._sign(request) if self._digest is not None else request
        response = await self._send(request)
        for _ in range(MAX_TRIES - 1):
            if response.status not in (401, 407) or self._digest is None or response.local:
                break
            challenged = self._digest.challenged(request, response)
            if challenged is None:
                break
            self._digest = challenged
            request = self._next(self._sign(request))
            response = await self._send(request)
        return response

    async def _with_token(self, request: Request, source: BearerSource) -> Response:
        """RFC 8898: the token on every request; 401 = fetch a new one, once."""
        token = await source.token()
        request = signed(request, (("Authorization", f"Bearer {token}"),))
        response = await self._send(request)
        if response.status == 401 and not response.local:
            token = await source.token(fresh=True)
            request = self._next(signed(request, (("Authorization", f"Bearer {token}"),)))
            response = await self._send(request)
        return response

    def _sign(self, request: Request) -> Request:
        assert self._digest is not None
        if not self._digest.protections:
            return request
        cnonce = f"{self._ua.rng.getrandbits(64):016x}"
        self._digest, headers = self._digest.sign(request.method, request.uri, request.body, cnonce)
        return signed(request, headers)

    def _next(self, request: Request) -> Request:
        request.headers.set("CSeq", f"{request.cseq.number + 1} {request.method}")
        return request

    async def _send(self, request: Request) -> Response:
        self.cseq = request.cseq.number
        future: asyncio.Future[Response] = asyncio.get_running_loop().create_future()

        def on_response(response: Response, flow: Flow | None) -> None:
            self.last_flow = flow
            if response.status >= 200 and not future.done():
                future.set_result(response)

        client = self._ua.endpoint.request(
            request, flow=self.flow, on_response=on_response, prepare=self._prepare
        )
        try:
            return await future
        except asyncio.CancelledError:
            # sent again later it might undo what was asked for since, as a REGISTER with
            # Expires: 0 would the binding of a newer client (RFC 3261 10.3)
            client.abandon()
            raise

    def _prepare(self, request: Request, flow: Flow) -> None:
        if "Contact" in request.headers:
            return
        if self._contact is not None:
            request.headers.add("Contact", self._contact(flow))
        elif request.method in _WITH_CONTACT:
            contact = self._ua.contact_for(flow, request.from_.user or None)
            request.headers.add("Contact", f"<{contact}>")
