"""A small PBX of our own user agent: digest, registrar, calls to whoever registered, real RTP."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

from media.endpoint import Recorder as HeardRecorder
from media.endpoint import RtpEndpoint, ToneSource
from protocols.aio.call import Call
from protocols.aio.flow import Flow
from protocols.aio.listener import RequestContext
from protocols.aio.useragent import UserAgent
from protocols.rtp.dtmf import ReceivedDigit
from protocols.sdp.negotiate import Srtp
from protocols.sip.auth.digest_server import DigestServer, Refused
from protocols.sip.message import Request, Response
from protocols.sip.registration.registrar import Binding, Registrar
from tests.support.sip_calls import Callee, Recorder, user_agent

PASSWORDS = {"5101": "pw-5101", "5102": "pw-5102"}
OUR_TONE = 600


class OwnPbx:
    """`calls` takes what phones dial; `dial(user)` calls a registered phone."""

    def __init__(self, ua: UserAgent, host: str, transport: str) -> None:
        self.ua = ua
        self.transport = transport
        self.server = host.split(";")[0]
        self.calls = Callee(ua)
        self.registrar = Registrar(aor_of=lambda uri: uri.user_text, gruu_host=self.server)
        # baresip 1.0 sends nothing at all when it meets a challenge it does not know
        self.digest = DigestServer("pbx.test", PASSWORDS.get, algorithms=("MD5",))
        self.refusals: list[Refused] = []
        self._flows: dict[str, Flow] = {}
        self._changed = asyncio.Event()
        self.seen: list[str] = []  # the first word of every message, both ways
        ua.endpoint.on_trace = self._trace
        ua.authenticate = self._authenticate
        ua.handle("REGISTER", self._register)

    def now(self) -> float:
        return asyncio.get_running_loop().time()

    def _trace(self, event: dict[str, Any]) -> None:
        self.seen.append(event["data"].partition(b" ")[0].decode("ascii", "replace"))

    def _authenticate(self, request: Request, flow: Flow) -> Response | None:
        if request.method not in ("REGISTER", "INVITE") or request.to.tag is not None:
            return None
        verdict = self.digest.check(request, self.now())
        if isinstance(verdict, Refused):
            self.refusals.append(verdict)
            self._changed.set()
            return verdict.response
        return None

    def _register(self, ctx: RequestContext) -> None:
        self._flows[ctx.flow.id] = ctx.flow
        ctx.send(self.registrar.handle(ctx.request, ctx.flow.id, str(ctx.flow.peer), self.now()))
        self._changed.set()

    async def until(self, condition: Any, within: float = 15.0) -> None:
        """Wait until `condition()` holds; looked at after every REGISTER and refusal."""
        async with asyncio.timeout(within):
            while not condition():
                self._changed.clear()
                await self._changed.wait()

    def binding(self, user: str) -> Binding | None:
        found = self.registrar.bindings(user, self.now())
        return found[0] if found else None

    async def registered(self, user: str) -> Binding:
        await self.until(lambda: self.binding(user) is not None)
        binding = self.binding(user)
        assert binding is not None
        return binding

    async def dial(self, user: str, sdp: bytes | None, **options: Any) -> tuple[Call, Recorder]:
        binding = await self.registered(user)
        listener = Recorder()
        call = self.ua.invite(
            target=binding.contact,
            from_='"Front Desk" <sip:100@pbx.test>',
            to=f"<sip:{user}@pbx.test>",
            sdp=sdp,
            flow=self._flows[binding.flow_id],
            listener=listener,
            **options,
        )
        return call, listener


@asynccontextmanager
async def own_pbx(transport: str, server: ssl.SSLContext | None = None) -> AsyncIterator[OwnPbx]:
    async with user_agent(transport, server=server) as (ua, host):
        yield OwnPbx(ua, host, transport)


class Talk:
    """Our side of the audio: says `OUR_TONE`, records what comes, notes digits."""

    def __init__(self, rtp: RtpEndpoint) -> None:
        self.rtp = rtp
        self.heard = HeardRecorder()
        self.digits = ""
        self._digit = asyncio.Event()
        rtp.source = ToneSource.sine(OUR_TONE)
        rtp.sinks.append(self.heard)
        rtp.on_digit = self._on_digit

    def _on_digit(self, received: ReceivedDigit) -> None:
        self.digits += received.digit
        self._digit.set()

    async def pressed(self, digits: str, within: float = 10.0) -> None:
        async with asyncio.timeout(within):
            while self.digits != digits:
                self._digit.clear()
                await self._digit.wait()

    async def hears(self, frequency: float, within: float = 8.0) -> None:
        """Wait until the last half second is that tone (looked at as it comes in)."""
        async with asyncio.timeout(within):
            while True:
                report = self.heard.tone(frequency, 0.5)
                if report.share > 0.7 and report.level_dbfs > -40 and self.heard.seconds > 0.5:
                    return
                await asyncio.sleep(0.05)  # sinks have no event


@asynccontextmanager
async def talk(encrypted: bool = False) -> AsyncIterator[Talk]:
    async with AsyncExitStack() as stack:
        rtp = await RtpEndpoint.open("127.0.0.1", srtp=Srtp.REQUIRED if encrypted else Srtp.OFF)
        stack.push_async_callback(rtp.aclose)
        yield Talk(rtp)
