"""The PBX-facing side: one registration per line, calls out, admission of calls in."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import structlog

from connector.config import PbxLink
from connector.lines import LineConfig, compare
from connector.sip.addresses import TRANSPORTS, PbxAddresses
from connector.uplink.session import sip_tls_context
from protocols.aio.endpoint import SipEndpoint
from protocols.aio.flow import Address, Flow
from protocols.aio.listener import CallListener, Headers, RequestContext
from protocols.aio.registration import RegistrationClient, RegistrationState
from protocols.aio.resolver import Resolver
from protocols.aio.scope import TaskScope
from protocols.aio.udp import source_towards
from protocols.aio.useragent import (
    CALL_ALLOW,
    CALL_SUPPORTED,
    Call,
    IncomingCall,
    UserAgent,
)
from protocols.sip.auth.credentials import DigestCredentials
from protocols.sip.errors import ParseError
from protocols.sip.headers import NameAddr
from protocols.sip.message import Request, Response
from protocols.sip.uri import SipUri

log = structlog.get_logger("connector.pbx")

#: Lines that sign off at the same time, and how long signing off may take in all.
SIGN_OFF_AT_ONCE = 16
SIGN_OFF_WITHIN = 5.0


@dataclass(slots=True)
class PbxLine:
    """A line and the state of its registration."""

    config: LineConfig
    credentials: DigestCredentials
    registration: RegistrationClient
    registered: bool = False
    detail: str = ""


class PbxSide:
    """Owns the PBX-facing endpoint. `on_call(line, incoming)` gets every admitted INVITE."""

    def __init__(
        self,
        config: PbxLink,
        *,
        user_agent: str,
        on_call: Callable[[PbxLine, IncomingCall], None],
        on_lines: Callable[[], None],
        dns: Resolver | None = None,
    ) -> None:
        self._config = config
        self._transport = TRANSPORTS[config.transport]
        self._on_call = on_call
        self._on_lines = on_lines
        tls = sip_tls_context(config.ca_file) if config.transport == "tls" else None
        self.addresses = PbxAddresses(config, dns)
        self.endpoint = SipEndpoint(tls_client=tls, user_agent=user_agent, resolver=self.addresses)
        # a PBX transfers by re-INVITE towards us; its NOTIFYs tell how our own REFER goes
        self.ua = UserAgent(
            self.endpoint, allow=(*CALL_ALLOW, "INFO", "NOTIFY"), supported=CALL_SUPPORTED
        )
        self.ua.on_invite = self._on_invite
        self.ua.authenticate = self._admit
        self.ua.handle("NOTIFY", self._on_notify)
        #: Who takes which event package: of the PBX as a whole, or for one of our lines.
        self.site_news: dict[str, Callable[[RequestContext], None]] = {}
        self.news: dict[str, Callable[[PbxLine, RequestContext], None]] = {}
        self.lines: dict[str, PbxLine] = {}
        self.local = ("", 0)
        self._scope = TaskScope("pbx side")
        self._lock = asyncio.Lock()
        self._tried: set[str] = set()
        self.all_tried = asyncio.Event()

    # -- life ----------------------------------------------------------------------------------

    async def start(self) -> None:
        pbx = await self.addresses.look_up()
        there = Address(pbx, self._config.effective_port)
        host = self._config.local_address or source_towards(there)
        if self._transport == "TLS":
            # no certificate of our own: the PBX comes back over the connection we opened
            self.local = (host, 0)
        else:
            listener = await self.endpoint.listen(self._transport, host, self._config.local_port)
            self.local = (listener.host, listener.port)

    async def aclose(self) -> None:
        async with self._lock:
            await self._sign_off(self.lines.values())
            self.lines.clear()
        await self._scope.aclose()
        await self.ua.aclose()
        await self.endpoint.aclose()

    async def apply(self, lines: tuple[LineConfig, ...]) -> None:
        """Bring registrations in step with the configured lines; running calls stay."""
        async with self._lock:
            changes = compare([line.config for line in self.lines.values()], lines)
            gone = (*changes.removed, *changes.changed)
            await self._sign_off([self.lines.pop(config.line_id) for config in gone])
            for config in (*changes.added, *changes.changed):
                self._add(config)
        self._check_tried()
        self._on_lines()

    async def _sign_off(self, lines: Iterable[PbxLine]) -> None:
        """Deregister some lines at a time. A PBX that does not answer must not keep us: whose turn
        comes too late just falls silent, and its binding runs out."""
        turns = asyncio.Semaphore(SIGN_OFF_AT_ONCE)
        loop = asyncio.get_running_loop()
        end = loop.time() + SIGN_OFF_WITHIN

        async def sign_off(line: PbxLine) -> None:
            async with turns:
                await line.registration.stop(within=end - loop.time())

        await asyncio.gather(*(sign_off(line) for line in lines))

    # -- lines ---------------------------------------------------------------------------------

    def _add(self, config: LineConfig) -> None:
        credentials = DigestCredentials(config.auth_user, config.auth_password, self._config.realm)

        def changed(state: RegistrationState) -> None:
            self._registration_changed(config.line_id, state)

        line = PbxLine(
            config,
            credentials,
            RegistrationClient(
                self.ua,
                aor=self.aor(config),
                registrar=f"sip:{self.addresses.target()}",
                credentials=credentials,
                expires=self._config.register_expires,
                on_state=changed,
            ),
        )
        self.lines[config.line_id] = line
        line.registration.start()

    def _registration_changed(self, line_id: str, state: RegistrationState) -> None:
        line = self.lines.get(line_id)
        if line is None:
            return
        registered = state.phase == "registered" or (
            # a refresh under way does not make a registered line unregistered
            state.phase == "registering" and line.registered
        )
        detail = "" if registered else f"{state.status or ''} {state.reason}".strip()
        if state.phase in ("registered", "failed"):
            self._tried.add(line_id)
            self._check_tried()
            self._follow_name(line.registration, state)
        if (registered, detail) != (line.registered, line.detail):
            line.registered, line.detail = registered, detail
            log.info("line", line_id=line_id, registered=registered, detail=detail)
            self._on_lines()

    def register_again(self, line_id: str) -> None:
        """At once, not when the binding would run out: the PBX may have lost it (10.2.4)."""
        line = self.lines.get(line_id)
        if line is not None:
            line.registration.refresh()

    def _check_tried(self) -> None:
        if self.lines and self._tried >= self.lines.keys():
            self.all_tried.set()

    def line_of(self, user: str) -> PbxLine | None:
        """The line whose extension or account is `user` (our Contacts carry the extension)."""
        for line in self.lines.values():
            if user and user in (line.config.extension, line.config.auth_user):
                return line
        return None

    # -- addresses -----------------------------------------------------------------------------

    @property
    def register_expires(self) -> int:
        return self._config.register_expires

    @property
    def domain(self) -> str:
        return self._config.domain or self._config.host

    def aor(self, config: LineConfig) -> str:
        return str(SipUri.of(config.extension, self.domain))

    def _follow_name(self, registration: RegistrationClient, state: RegistrationState) -> None:
        """The name may lead elsewhere: look again after a failure, and when another address
        than we know took a registration."""
        flow = registration.registered_over
        moved = flow is not None and flow.peer.host not in self.addresses.known
        if (state.phase == "failed" or moved) and not len(self._scope):
            self._scope.start(self._look_up(), "look up")

    async def _look_up(self) -> None:
        try:
            await self.addresses.look_up()
        except OSError as error:
            log.warning("the PBX's name leads nowhere", name=self.addresses.name, error=str(error))

    # -- calls ---------------------------------------------------------------------------------

    def invite(
        self,
        line: PbxLine,
        number: str,
        sdp: bytes | None,
        headers: Headers,
        listener: CallListener,
    ) -> Call:
        """Call `number` (as the PBX dials) on a line."""
        user = str(SipUri.of(number, "x")).removeprefix("sip:").partition("@")[0]
        return self.ua.invite(
            target=f"sip:{user}@{self.addresses.target()}",
            from_=f"<{self.aor(line.config)}>",
            to=f"<sip:{user}@{self.domain}>",
            sdp=sdp,
            headers=headers,
            credentials=line.credentials,
            listener=listener,
        )

    def _admit(self, request: Request, flow: Flow) -> Response | None:
        # only the PBX may call in: an INVITE from elsewhere on the LAN is refused
        if self._is_pbx(flow.peer.host):
            return None
        log.warning("refused a request from a stranger", peer=str(flow.peer), method=request.method)
        return Response.for_request(request, 403)

    def _is_pbx(self, host: str) -> bool:
        """An address that the PBX's name led to when we last looked, or one that took the
        registration that a line has now: the name may have moved since."""
        if host in self.addresses.known:
            return True
        held = (line for line in self.lines.values() if line.registered)
        flows = (line.registration.registered_over for line in held)
        return any(flow is not None and flow.peer.host == host for flow in flows)

    def _on_notify(self, ctx: RequestContext) -> None:
        """Outside of a subscription: what a PBX tells a registered line without being asked."""
        event = ctx.request.event
        of_site = None if event is None else self.site_news.get(event.package)
        if of_site is not None:
            of_site(ctx)
            return
        handler = None if event is None else self.news.get(event.package)
        line = self.line_of(_called_user(ctx.request))
        if handler is None:
            ctx.respond(489, headers=(("Allow-Events", ", ".join(sorted(self.news))),))
        elif line is None:
            ctx.respond(404)
        else:
            handler(line, ctx)

    def _on_invite(self, incoming: IncomingCall) -> None:
        line = self.line_of(_called_user(incoming.invite))
        if line is None:
            incoming.reject(404)
            return
        self._on_call(line, incoming)


def _called_user(request: Request) -> str:
    """The extension an INVITE is for: our Contact's user in the Request-URI, else the To."""
    try:
        uri = request.request_uri
    except ParseError:
        return ""
    if isinstance(uri, SipUri) and uri.user:
        return uri.user_text
    to: NameAddr = request.to
    return to.user
