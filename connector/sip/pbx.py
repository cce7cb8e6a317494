"""The PBX-facing side: one registration per line, calls out, admission of calls in."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from dataclasses import dataclass

import structlog

from connector.config import PbxLink
from connector.lines import LineConfig, compare
from connector.uplink.session import sip_tls_context
from protocols.aio.endpoint import SipEndpoint
from protocols.aio.flow import Flow, Transport
from protocols.aio.listener import CallListener, Headers
from protocols.aio.registration import RegistrationClient, RegistrationState
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

_TRANSPORTS: dict[str, Transport] = {"udp": "UDP", "tcp": "TCP", "tls": "TLS"}


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
    ) -> None:
        self._config = config
        self._transport = _TRANSPORTS[config.transport]
        self._on_call = on_call
        self._on_lines = on_lines
        tls = sip_tls_context(config.ca_file) if config.transport == "tls" else None
        self.endpoint = SipEndpoint(tls_client=tls, user_agent=user_agent)
        # a PBX transfers by re-INVITE towards us until REFER and Replaces are built
        self.ua = UserAgent(self.endpoint, allow=(*CALL_ALLOW, "INFO"), supported=CALL_SUPPORTED)
        self.ua.on_invite = self._on_invite
        self.ua.authenticate = self._admit
        self.lines: dict[str, PbxLine] = {}
        self.local = ("", 0)
        self._pbx_addresses: frozenset[str] = frozenset()
        self._lock = asyncio.Lock()
        self._tried: set[str] = set()
        self.all_tried = asyncio.Event()

    # -- life ----------------------------------------------------------------------------------

    async def start(self) -> None:
        host = self._config.local_address or await self._route_address()
        port = self._config.local_port
        if self._transport == "TLS":
            # no certificate of our own: the PBX comes back over the connection we opened
            self.local = (host, 0)
        else:
            listener = await self.endpoint.listen(self._transport, host, port)
            self.local = (listener.host, listener.port)
        self._pbx_addresses = await self._resolve()

    async def aclose(self) -> None:
        async with self._lock:
            await asyncio.gather(*(line.registration.stop() for line in self.lines.values()))
            self.lines.clear()
        await self.ua.aclose()
        await self.endpoint.aclose()

    async def apply(self, lines: tuple[LineConfig, ...]) -> None:
        """Bring registrations in step with the configured lines; running calls stay."""
        async with self._lock:
            changes = compare([line.config for line in self.lines.values()], lines)
            for config in (*changes.removed, *changes.changed):
                await self.lines.pop(config.line_id).registration.stop()
            for config in (*changes.added, *changes.changed):
                self._add(config)
        self._check_tried()
        self._on_lines()

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
                registrar=f"sip:{self._target()}",
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
        if (registered, detail) != (line.registered, line.detail):
            line.registered, line.detail = registered, detail
            log.info("line", line_id=line_id, registered=registered, detail=detail)
            self._on_lines()

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
    def domain(self) -> str:
        return self._config.domain or self._config.host

    def aor(self, config: LineConfig) -> str:
        return str(SipUri.of(config.extension, self.domain))

    def _target(self) -> str:
        host = self._config.host
        written = f"[{host}]" if ":" in host else host
        return f"{written}:{self._config.effective_port};transport={self._config.transport}"

    async def _route_address(self) -> str:
        """Our address on the way to the PBX (the kernel's choice; nothing is sent)."""
        loop = asyncio.get_running_loop()
        found = await loop.getaddrinfo(
            self._config.host, self._config.effective_port, type=socket.SOCK_DGRAM
        )
        family, kind, proto, _, address = found[0]
        with socket.socket(family, kind, proto) as probe:
            probe.connect(address)
            return str(probe.getsockname()[0])

    async def _resolve(self) -> frozenset[str]:
        loop = asyncio.get_running_loop()
        found = await loop.getaddrinfo(self._config.host, None, type=socket.SOCK_STREAM)
        return frozenset(str(entry[4][0]) for entry in found)

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
            target=f"sip:{user}@{self._target()}",
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
        """An address of the PBX's name when we started, or one that took a registration since:
        its name may lead elsewhere after a fail-over."""
        if host in self._pbx_addresses:
            return True
        flows = (line.registration.registered_over for line in self.lines.values())
        return any(flow is not None and flow.peer.host == host for flow in flows)

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
