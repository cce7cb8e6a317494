"""A connector by hand at the gateway's SIP edge: real TLS, its steps are the test's."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

from protocols.aio.endpoint import SipEndpoint
from protocols.aio.flow import Flow
from protocols.aio.tcp import StreamFlow
from protocols.aio.tls import client_context
from protocols.aio.useragent import Call, IncomingCall, RequestContext, UserAgent
from protocols.sip.message import Request, Response
from tests.support.gateway_ports import INSTANCE, LINE, SITE, TIMEOUT

DOMAIN = "calls.offhook.test"


class Listener:
    """Keeps what a call of the scripted connector reports."""

    def __init__(self) -> None:
        self.progress: list[tuple[int, bytes | None]] = []
        self.responses: list[Response] = []
        self.answer: bytes | None = None
        self.failure: int | None = None
        self.ended: str | None = None
        self.end_request: Request | None = None
        self.offers: list[bytes | None] = []
        self.refuses: int | None = None  # with this status, what it is offered
        self.requests: list[Request] = []
        self.answers = 200
        self.established = False

    def on_progress(self, call: Call, response: Response, sdp: bytes | None) -> None:
        self.progress.append((response.status, sdp))

    def on_answer(self, call: Call, response: Response, sdp: bytes | None) -> None:
        self.responses.append(response)
        self.answer = sdp or b"(none)"

    def on_failure(self, call: Call, status: int, response: Response | None) -> None:
        self.failure = status
        if response is not None:
            self.responses.append(response)

    def on_established(self, call: Call) -> None:
        self.established = True

    def on_offer(self, call: Call, sdp: bytes | None, request: Request) -> None:
        self.offers.append(sdp)
        if self.refuses is not None:
            call.refuse_offer(self.refuses)
            return
        call.answer(b"v=0\r\ns=connector answers again\r\n")

    def on_offer_result(self, call: Call, status: int, sdp: bytes | None) -> None:
        self.progress.append((status, sdp))

    def on_end(self, call: Call, cause: str, request: Request | None) -> None:
        self.ended, self.end_request = cause, request

    def on_request(self, call: Call, ctx: RequestContext) -> None:
        self.requests.append(ctx.request)
        ctx.respond(self.answers)


class Connector:
    """A scripted connector: flows, REGISTER with Bearer, calls both ways."""

    def __init__(self, ca: Path, port: int) -> None:
        self.endpoint = SipEndpoint(tls_client=client_context(ca), user_agent="connector double")
        self.ua = UserAgent(self.endpoint, contact=lambda _: f"sip:{SITE}@{DOMAIN};transport=tls")
        self.port = port
        self.invited: asyncio.Queue[tuple[IncomingCall, Listener]] = asyncio.Queue()
        self.flows: list[Flow] = []
        self.ua.on_invite = self._on_invite

    def _on_invite(self, call: IncomingCall) -> None:
        listener = Listener()
        call.take(listener)
        self.invited.put_nowait((call, listener))

    async def next_call(self) -> tuple[IncomingCall, Listener]:
        async with asyncio.timeout(TIMEOUT):
            return await self.invited.get()

    async def connect(self) -> Flow:
        flow = await self.endpoint.connect("TLS", "127.0.0.1", self.port, server_name="localhost")
        self.flows.append(flow)
        return flow

    def go_deaf(self, flow: Flow) -> None:
        """The connection stays open and nothing is read from it any more."""
        assert isinstance(flow, StreamFlow) and flow._wire is not None
        flow._wire.pause_reading()

    def listen_again(self, flow: Flow) -> None:
        assert isinstance(flow, StreamFlow) and flow._wire is not None
        flow._wire.resume_reading()

    async def register(
        self,
        flow: Flow,
        token: str | None = "token-1",
        *,
        reg_id: int = 1,
        site: str = SITE,
        instance: str = INSTANCE,
        expires: int = 300,
    ) -> Response:
        aor = f"sip:{site}@{DOMAIN}"
        contact = f'<{aor};transport=tls;ob>;+sip.instance="<urn:uuid:{instance}>";reg-id={reg_id}'
        headers = [("Contact", contact), ("Supported", "path, outbound")]
        headers.append(("Expires", str(expires)))
        if token is not None:
            headers.append(("Authorization", f"Bearer {token}"))
        return await self.ua.request(
            "REGISTER", f"sip:{DOMAIN}", from_=f"<{aor}>", to=f"<{aor}>", headers=headers, flow=flow
        )

    def call(
        self,
        flow: Flow,
        *,
        line: str = LINE,
        domain: str = DOMAIN,
        caller: str = '"Berta" <sip:102@site.example>',
        headers: Sequence[tuple[str, str]] = (),
        sdp: bytes | None = b"v=0\r\no=- 7 1 IN IP4 192.0.2.7\r\ns=connector offer\r\n",
    ) -> tuple[Call, Listener]:
        listener = Listener()
        target = f"sip:{line}@{domain}"
        call = self.ua.invite(
            target=target, from_=caller, sdp=sdp, headers=headers, flow=flow, listener=listener
        )
        return call, listener

    async def aclose(self) -> None:
        await self.ua.aclose()
        await self.endpoint.aclose()
