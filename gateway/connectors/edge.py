"""The SIP edge: TLS listener for connectors, trust per flow, requests up and down the link.

```
 connector --TLS--> Admission (per address, before TLS) -> flow: Unproven, 10 s
                      REGISTER + Bearer -> SiteRegistrar -> flow: Proven(site) -> StatusBoard
                      INVITE up --> on_call(...)            LinkRoutes --INVITE--> down
```
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from gateway.connectors.registrar import SiteKey, SiteRegistrar
from gateway.connectors.report import read_report
from gateway.connectors.routing import LinkRoutes
from gateway.connectors.status import StatusBoard
from gateway.connectors.suspicion import DEFAULT_KEEP_ALIVE, KeepAlive, Suspicions
from gateway.connectors.trust import (
    OPEN_METHODS,
    Admission,
    Counters,
    FlowContext,
    Proven,
    TrustLimits,
    Unproven,
)
from gateway.link_ports import LinkPicture
from gateway.ports import ConnectorIdentity, ConnectorTokens
from protocols.aio.endpoint import Listener, SipEndpoint
from protocols.aio.flow import Flow
from protocols.aio.scope import TaskScope
from protocols.aio.tls import CertificateFiles, server_context
from protocols.aio.useragent import IncomingCall, RequestContext, UserAgent
from protocols.sip.message import Request, Response
from protocols.sip.uri import SipUri

logger = logging.getLogger(__name__)

OnCall = Callable[[str, str, str, IncomingCall], None]
OnAlert = Callable[[SiteKey, str], None]
#: Takes a NOTIFY of a proven flow, and answers it.
OnNews = Callable[[SiteKey, RequestContext], None]

SWEEP_EVERY = 5.0
TOKEN_TIMEOUT = 5.0
DEFAULT_TRUST = TrustLimits()
#: What crosses the link: calls. Everything else in a dialog is answered 405 (see LineLeg).
ALLOW = ("INVITE", "ACK", "CANCEL", "BYE", "OPTIONS", "PRACK", "UPDATE", "NOTIFY")
SUPPORTED = ("100rel", "timer")
MAX_LINE_ID = 128
Header = tuple[str, str]


@dataclass(frozen=True, slots=True)
class EdgeConfig:
    """Where connectors reach this node. ``port`` 0: any free port."""

    host: str
    port: int
    cert_file: Path
    key_file: Path
    service_domain: str
    client_ca: Path | None = None
    two_installations: frozenset[SiteKey] = frozenset()
    trust: TrustLimits = DEFAULT_TRUST
    keep_alive: KeepAlive = DEFAULT_KEEP_ALIVE


class SipEdge:
    """Owns the endpoint, the user agent and everything that is known about flows."""

    def __init__(
        self,
        config: EdgeConfig,
        *,
        tokens: ConnectorTokens,
        endpoint: SipEndpoint | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.config = config
        self.directory = StatusBoard()
        self.counters = Counters()
        self.on_call: OnCall | None = None
        self.on_alert: OnAlert | None = None
        #: Who takes which event package.
        self.news: dict[str, OnNews] = {"offhook-status": self._status_reported}
        self._tokens = tokens
        self._clock = clock
        self._scope = TaskScope("sip edge")
        trust = config.trust
        self._admission = Admission(trust.connections, trust.window, trust.addresses)
        self._invites = Admission(trust.invites, trust.window, trust.addresses)
        self._news_rate = Admission(trust.news, trust.window, trust.addresses)
        self._registrar = SiteRegistrar(config.service_domain, config.two_installations)
        self._flows: dict[str, Flow] = {}
        self._proving: dict[str, asyncio.TimerHandle] = {}
        #: Keys that ended a moment ago, and when: a token of theirs may be being checked just now.
        self._void: dict[tuple[str, str], float] = {}
        self._listener: Listener | None = None
        self._certificate: CertificateFiles | None = None
        # A connector's Contact or Via never makes this node connect anywhere: its own flows only.
        self.endpoint = endpoint or SipEndpoint(user_agent="Offhook gateway", flows_only=True)
        contact = f"sip:gateway@{config.service_domain};transport=tls"
        self.ua = UserAgent(
            self.endpoint, contact=lambda _: contact, allow=ALLOW, supported=SUPPORTED
        )
        self._suspicions = Suspicions(config.keep_alive)
        self.link = LinkRoutes(
            config.service_domain, self._registrar, self._flows.get, self.ua, self._suspicions
        )
        self.ua.select_flow = self.link.select_flow
        self.ua.authenticate = self._authenticate
        self.ua.on_invite = self._invited
        self.ua.handle("REGISTER", self._register)
        self.ua.handle("NOTIFY", self._notified)
        self.endpoint.on_flow_opened = self._opened
        self.ua.on_flow_closed = self._closed
        tokens.on_revoked(self.revoke)

    # -- life --------------------------------------------------------------------------------------
    async def start(self) -> None:
        config = self.config
        context = await asyncio.to_thread(
            server_context, config.cert_file, config.key_file, client_ca=config.client_ca
        )
        self._certificate = CertificateFiles(context, config.cert_file, config.key_file)
        self._listener = await self.endpoint.listen(
            "TLS", config.host, config.port, context, admit=self._admit
        )
        self._scope.start(self._sweep(), "sweep")

    @property
    def port(self) -> int:
        if self._listener is None:
            raise RuntimeError("the edge is not started")
        return self._listener.port

    async def aclose(self) -> None:
        for handle in self._proving.values():
            handle.cancel()
        self._proving.clear()
        await self._scope.aclose()
        await self.ua.aclose()
        await self.endpoint.aclose()

    def _admit(self, address: str) -> bool:
        """Per address and in total, before any TLS work is done for the stranger."""
        admitted = self._admission.admit(address, self._clock())
        if admitted and len(self._proving) >= self.config.trust.unproven_flows:
            admitted = False
        if not admitted:
            self.counters.count("connection rate")
        return admitted

    # -- flows -------------------------------------------------------------------------------------
    def _opened(self, flow: Flow) -> None:
        flow.context = Unproven(self._clock())
        self._flows[flow.id] = flow
        loop = asyncio.get_running_loop()
        wait = self.config.trust.prove_within
        self._proving[flow.id] = loop.call_later(wait, self._unproven_too_long, flow)

    def _unproven_too_long(self, flow: Flow) -> None:
        self._proving.pop(flow.id, None)
        if isinstance(flow.context, Unproven):
            self.counters.count("not proven in time")
            flow.close("no accepted REGISTER in time")

    def _closed(self, flow: Flow, reason: str) -> None:
        self._flows.pop(flow.id, None)
        self._suspicions.forget(flow)
        self._stop_proving(flow)
        binding = self._registrar.drop_flow(flow.id)
        if binding is not None:
            logger.info("site %s: flow %s closed: %s", binding.site.site_id, flow.id, reason)
            self._flow_lost(binding.site, reason)

    def _flow_lost(self, site: SiteKey, reason: str = "") -> None:
        self.directory.flow_lost(site, len(self._registrar.of_site(site)), self._clock(), reason)

    def _stop_proving(self, flow: Flow) -> None:
        handle = self._proving.pop(flow.id, None)
        if handle is not None:
            handle.cancel()

    def _close(self, flow_id: str, reason: str) -> None:
        flow = self._flows.get(flow_id)
        if flow is not None:
            flow.close(reason)

    async def _sweep(self) -> None:
        """Bindings that were not refreshed lose their flow (RFC 3261 10.3, RFC 5626 7); a renewed
        certificate is taken up."""
        while True:
            await asyncio.sleep(SWEEP_EVERY)
            await self.renew_certificate()
            self._forget_void()
            for binding in self._registrar.expired(self._clock()):
                self._flow_lost(binding.site, "registration expired")
                self._close(binding.flow_id, "registration expired")

    async def renew_certificate(self) -> None:
        """Serve the pair that is on disk now; flows that live go on."""
        files = self._certificate
        try:
            if files is not None and await asyncio.to_thread(files.changed):
                files.take_up()
                logger.info("the edge's certificate was renewed")
        except OSError as error:
            logger.error("the edge's new certificate cannot be used, the old one stays: %s", error)

    def revoke(self, site_id: str, key_id: str) -> None:
        """The key is void: its flows close now; media of established calls goes on."""
        self._void[site_id, key_id] = self._clock()
        for binding in list(self._registrar.of_key(site_id, key_id)):
            self._registrar.drop_flow(binding.flow_id)
            self._flow_lost(binding.site)
            self.directory.revoked(binding.site, self._clock())
            self._close(binding.flow_id, "API key revoked")

    def _forget_void(self) -> None:
        since = self._clock() - 2 * TOKEN_TIMEOUT
        self._void = {key: at for key, at in self._void.items() if at > since}

    def picture(self, tenant_id: str, site_id: str) -> LinkPicture:
        """All that this node can say of a site's link now."""
        key = SiteKey(tenant_id, site_id)
        flows, bindings = self.link.site_flows(key), self._registrar.of_site(key)
        trips = [flow.round_trip for flow in flows if flow.round_trip is not None]
        heard = [flow.heard_at for flow in flows if flow.heard_at is not None]
        now = asyncio.get_running_loop().time()
        return LinkPicture(
            status=self.directory.status(tenant_id, site_id),
            layers=self.directory.layers(key),
            lines=self.directory.lines(key),
            flows=len(bindings),
            instances=tuple(sorted({binding.instance for binding in bindings})),
            key_ids=tuple(sorted({binding.key_id for binding in bindings})),
            tls=next((version for flow in flows if (version := flow.tls_version)), ""),
            round_trip=min(trips, default=None),
            heard_ago=None if not heard else now - max(heard),
        )

    # -- trust -------------------------------------------------------------------------------------
    def _authenticate(self, request: Request, flow: Flow) -> Response | None:
        """Asked for every request except ACK and CANCEL: what may this flow do?"""
        context: FlowContext | None = flow.context
        if isinstance(context, Proven):
            return self._replaces(request) or self._foreign_dialog(request, context)
        if not isinstance(context, Unproven):  # no connector brought it: we did not listen there
            self.counters.count("request on no link")
            return Response.for_request(request, 403)
        context.requests += 1
        if context.requests > self.config.trust.requests_unproven:
            self.counters.count("too many requests unproven")
            flow.close("too many requests without proof")
        if request.method in OPEN_METHODS:
            return None
        self.counters.count("request unproven")
        return Response.for_request(request, 403, "Register first")

    def _replaces(self, request: Request) -> Response | None:
        """No call is taken over across the link: a transfer is carried out by the PBX.

        RFC 3891 section 3 answers 481 when a Replaces header names no dialog; here it never names
        one, whoever's call it means, so that no site can end the call of another.
        """
        if request.method != "INVITE" or not request.headers.all("Replaces"):
            return None
        self.counters.count("replaces")
        return Response.for_request(request, 481)

    def _foreign_dialog(self, request: Request, context: Proven) -> Response | None:
        """A site can only speak in its own dialogs, whatever tags it has learnt."""
        call = self.ua.find_call(request.call_id, request.to_tag or "")
        if call is None:
            return None
        site = _site_of(context)
        if self.link.site_of(call) in (site, None):
            return None
        self.counters.count("foreign dialog")
        return Response.for_request(request, 481)

    # -- REGISTER ----------------------------------------------------------------------------------
    def _register(self, ctx: RequestContext) -> None:
        self._scope.start(self._judge(ctx), f"REGISTER on {ctx.flow.id}")

    async def _judge(self, ctx: RequestContext) -> None:
        identity = await self._identity(ctx)
        if identity is None or not ctx.flow.alive:
            return
        verdict = self._registrar.register(ctx.request, identity, ctx.flow.id, self._clock())
        site = SiteKey(identity.tenant_id, identity.site_id)
        if verdict.alert:
            logger.error("site %s: %s", site.site_id, verdict.alert)
            if self.on_alert is not None:
                self.on_alert(site, verdict.alert)
        if verdict.status == 200 and verdict.binding is not None:
            self._registered(ctx.flow, identity, site, verdict.binding.expires_at)
        elif verdict.status == 403:
            self.counters.count("registration refused")
            self.directory.refused(site, self._clock(), verdict.reason)
        ctx.respond(verdict.status, verdict.reason, headers=verdict.headers)
        for flow_id in verdict.closed_flows:
            self._close(flow_id, "replaced by a newer flow")

    def _registered(
        self, flow: Flow, identity: ConnectorIdentity, site: SiteKey, expires_at: float
    ) -> None:
        self._stop_proving(flow)
        if expires_at == 0.0:  # it signed off; the flow has to prove itself anew
            self._opened(flow)
            self._flow_lost(site)
            return
        if not isinstance(flow.context, Proven):
            # RFC 5626 4.4.1 lets the client ping; we ping as well, so that a dead connector is
            # seen within Flow-Timer plus pong time although nothing is sent to it.
            self._suspicions.begin(flow)
        flow.context = Proven(
            identity.tenant_id, identity.site_id, identity.key_id, identity.instance
        )
        self.directory.registered(site, len(self._registrar.of_site(site)), self._clock())

    async def _identity(self, ctx: RequestContext) -> ConnectorIdentity | None:
        """RFC 8898: the Bearer token, or 401 with the challenge."""
        token = _bearer(ctx.request)
        if token is None:
            ctx.respond(401, headers=(self._challenge(None),))
            return None
        try:
            async with asyncio.timeout(TOKEN_TIMEOUT):
                identity = await self._tokens.verify(token)
        except Exception:
            # Whatever the store raises: fail closed, let the connector come back.
            logger.exception("a connector token could not be checked")
            ctx.respond(503, headers=(("Retry-After", "5"),))
            return None
        if identity is not None and (identity.site_id, identity.key_id) in self._void:
            identity = None  # it ended while its token was being checked
        if identity is None:
            self.counters.count("token refused")
            ctx.respond(401, headers=(self._challenge("invalid_token"),))
        return identity

    def _challenge(self, error: str | None) -> Header:
        value = f'Bearer realm="{self.config.service_domain}"'
        if error is not None:
            value += f', error="{error}"'
        return ("WWW-Authenticate", value)

    # -- requests up -------------------------------------------------------------------------------
    def _invited(self, call: IncomingCall) -> None:
        context = None if call.flow is None else call.flow.context
        uri = call.invite.request_uri
        if not isinstance(context, Proven) or call.flow is None:
            call.reject(403)
            return
        if self.on_call is None:
            call.reject(503)
            return
        if not isinstance(uri, SipUri) or uri.host.lower() != self.config.service_domain.lower():
            call.reject(404)
            return
        if not 0 < len(uri.user_text) <= MAX_LINE_ID or not uri.user_text.isprintable():
            call.reject(404)
            return
        site = _site_of(context)
        if not self._invites.admit(site, self._clock()):
            self.counters.count("invite rate")
            call.reject(503, headers=(("Retry-After", "2"),))
            return
        self.link.belongs(call, site)
        self.on_call(site.tenant_id, site.site_id, uri.user_text, call)

    # -- requests down -----------------------------------------------------------------------------
    async def announce_config(self, site: SiteKey, version: int) -> bool:
        """Tell the site's connector that its configuration changed; it fetches it by REST.

        False: nobody took the news; the connector compares versions when it comes back.
        """
        aor = f"sip:{site.site_id}@{self.config.service_domain}"
        for flow in self.link.site_flows(site):
            response = await self.ua.request(
                "NOTIFY",
                aor,
                from_=f"<sip:gateway@{self.config.service_domain}>",
                headers=(("Event", "offhook-config"), ("Subscription-State", "active")),
                content_type="application/json",
                body=json.dumps({"config_version": version}).encode(),
                flow=flow,
            )
            if response.status == 200:
                return True
        return False

    def _notified(self, ctx: RequestContext) -> None:
        context: FlowContext | None = ctx.flow.context
        event = ctx.request.event
        handler = None if event is None else self.news.get(event.package)
        if not isinstance(context, Proven):
            ctx.respond(403)
        elif handler is None:
            ctx.respond(489, headers=(("Allow-Events", ", ".join(sorted(self.news))),))
        elif not self._news_rate.admit(site := _site_of(context), self._clock()):
            self.counters.count("news rate")
            ctx.respond(503, headers=(("Retry-After", "2"),))
        else:
            handler(site, ctx)

    def _status_reported(self, site: SiteKey, ctx: RequestContext) -> None:
        report = read_report(ctx.request.body)
        if report is None:
            ctx.respond(400, "Unreadable status")
            return
        self.directory.reported(
            site,
            report.layers,
            report.version,
            self._clock(),
            report.offers,
            details=report.details,
            lines=report.lines,
        )
        ctx.respond(200)


def _site_of(context: Proven) -> SiteKey:
    return SiteKey(context.tenant_id, context.site_id)


def _bearer(request: Request) -> str | None:
    """RFC 8898 section 2.2: ``Authorization: Bearer <token>``; other schemes are not ours."""
    for value in request.headers.all("Authorization"):
        scheme, _, token = value.strip().partition(" ")
        if scheme.lower() == "bearer" and token.strip():
            return token.strip()
    return None
