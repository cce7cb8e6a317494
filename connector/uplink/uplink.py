"""Both flows together: which one carries a request, what the gateway is told about our state."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Callable, Mapping
from typing import Any

import structlog

from connector.config import GatewayLink
from connector.status import Layer, State, StatusReport
from connector.uplink.flow import FlowReport, LinkFlow
from connector.uplink.session import (
    GatewayApi,
    Grant,
    LinkToken,
    SessionError,
    SiteConfig,
    sip_tls_context,
)
from protocols.aio.endpoint import SipEndpoint
from protocols.aio.flow import Flow
from protocols.aio.listener import RequestContext
from protocols.aio.useragent import CALL_ALLOW, CALL_SUPPORTED, UserAgent
from protocols.csta.sip_link import EVENT_PACKAGE
from protocols.sip.message import Request, Response

log = structlog.get_logger("connector.uplink")

KEY_REFUSED = "the new key was refused, the former one is still used"
TELL_AGAIN = 5.0  # seconds until a status the gateway did not take is sent again

_ORDER = (Layer.NETWORK, Layer.TLS, Layer.KEY, Layer.REGISTRATION)


class Uplink:
    """The link to the gateway. `on_site` is told the configuration, also when it changes;
    `on_up` when the first flow is registered, also after a loss of both; `on_turn` each
    set of relay credentials."""

    def __init__(
        self,
        link: GatewayLink,
        *,
        instance: str,
        version: str,
        profile: str,
        on_site: Callable[[SiteConfig], None],
        on_up: Callable[[], None],
        on_turn: Callable[[Mapping[str, Any]], None],
        rng: random.Random | None = None,
    ) -> None:
        loop = asyncio.get_running_loop()
        self._now = loop.time
        self._ssl = sip_tls_context(link.ca_file)
        self.endpoint = SipEndpoint(tls_client=self._ssl, user_agent=f"Offhook-Connector/{version}")
        self.ua = UserAgent(
            self.endpoint,
            contact=self._contact,
            allow=(*CALL_ALLOW, "REFER"),
            supported=CALL_SUPPORTED,
        )
        # in-dialog requests may take any live flow of the site
        self.ua.select_flow = lambda _: self.flow
        self.ua.authenticate = self._authenticate
        self.ua.on_flow_closed = self._flow_closed
        self.ua.handle("NOTIFY", self._on_notify)
        self._api = GatewayApi(link, instance=instance, version=version, profile=profile)
        self.token = LinkToken(self._api, self._now)
        self.token.on_grant = self._on_grant
        self._version = version
        self._on_site = on_site
        self._on_up = on_up
        self._on_turn = on_turn
        rng = rng or random.Random()
        self._flows = [
            LinkFlow(
                endpoint=self.endpoint,
                ua=self.ua,
                token=self.token,
                instance=instance,
                reg_id=reg_id,
                ssl_context=self._ssl,
                on_report=self._flow_report,
                rng=rng,
            )
            for reg_id in (1, 2)
        ]
        self._tasks: set[asyncio.Task[None]] = set()
        self.report = StatusReport()
        self.registered = asyncio.Event()
        self._lines: tuple[dict[str, object], ...] = ()
        #: What lines of this PBX may ask for, beside their calls.
        self.offers: tuple[str, ...] = ()
        self._told = ""
        self._tell = asyncio.Event()
        #: Takes CSTA requests of the gateway; without it this event package is unknown.
        self.on_csta: Callable[[RequestContext], None] | None = None
        #: Called after every change of status, flows or lines.
        self.on_change: Callable[[], None] | None = None
        #: Called whenever a flow is registered: the gateway may be a new one that knows nothing.
        self.on_flow_up: list[Callable[[], None]] = []

    # -- life ----------------------------------------------------------------------------------

    def start(self) -> None:
        for flow in self._flows:
            self._spawn(flow.run(), f"link flow {flow.reg_id}")
        self._spawn(self._tell_changes(), "link status")
        self._spawn(self._follow_key(), "link key")

    async def aclose(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.ua.aclose()
        await self.endpoint.aclose()
        await self._api.aclose()

    def _spawn(self, coroutine: object, name: str) -> None:
        task: asyncio.Task[None] = asyncio.create_task(coroutine, name=name)  # type: ignore[arg-type]
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    # -- what others ask ------------------------------------------------------------------------

    @property
    def site(self) -> SiteConfig | None:
        grant = self.token.grant
        return None if grant is None else grant.site

    @property
    def flow(self) -> Flow | None:
        """The flow for a new request: reg-id 1, else 2, None while the link is down."""
        for candidate in self._flows:
            if candidate.registered and candidate.flow is not None and candidate.flow.alive:
                return candidate.flow
        return None

    def owns(self, flow: Flow) -> bool:
        """True for a connection that we opened: its certificate proved it to be the gateway's.

        Not only once we have read that it took our registration: its first INVITE may stand in
        the same segment as that 200.
        """
        return any(f.flow is flow for f in self._flows)

    # -- what happens ---------------------------------------------------------------------------

    def _contact(self, flow: Flow) -> str:
        # names the service domain, never an address of the local network
        site = self.site
        if site is None:
            return "sip:connector@invalid;transport=tls"
        return f"sip:{site.site_id}@{site.service_domain};transport=tls"

    def _authenticate(self, request: Request, flow: Flow) -> Response | None:
        # trust is bound to the flow (RFC 5626)
        if self.owns(flow) or request.method == "OPTIONS":
            return None
        return Response.for_request(request, 403)

    def _flow_closed(self, flow: Flow, reason: str) -> None:
        for candidate in self._flows:
            candidate.flow_closed(flow)
        self._changed()

    def _on_grant(self, grant: Grant) -> None:
        self.observe(Layer.NETWORK, State.WORKING)
        self.observe(Layer.TLS, State.WORKING)
        if self._api.key.refused:
            self.observe(Layer.KEY, State.WEAK, KEY_REFUSED)
        else:
            self.observe(Layer.KEY, State.WORKING)
        self._on_turn(grant.turn)
        self._on_site(grant.site)

    def _flow_report(self, report: FlowReport) -> None:
        if report.layer is None:
            for layer in _ORDER:
                if layer is not Layer.KEY or not self._api.key.refused:
                    self.observe(layer, State.WORKING)
            was_down = not self.registered.is_set()
            self.registered.set()
            if was_down:
                self._on_up()
            log.info("link flow registered", reg_id=report.reg_id)
            self._told = ""  # the gateway may have been restarted: tell it everything
            self._tell.set()
            for told in self.on_flow_up:
                told()
            return
        log.warning(
            "link flow failed", reg_id=report.reg_id, layer=report.layer, detail=report.detail
        )
        if self.flow is not None:
            self.observe(Layer.REGISTRATION, State.WEAK, f"flow {report.reg_id}: {report.detail}")
            return
        self.registered.clear()
        self.observe(Layer(report.layer), State.DOWN, report.detail)

    def _on_notify(self, context: RequestContext) -> None:
        event = context.request.event
        package = "" if event is None else event.package.lower()
        if package == EVENT_PACKAGE.lower() and self.on_csta is not None:
            self.on_csta(context)
            return
        if package != "offhook-config":
            known = "offhook-config" + (f", {EVENT_PACKAGE}" if self.on_csta is not None else "")
            context.respond(489, headers=(("Allow-Events", known),))
            return
        context.respond(200)
        self._spawn(self._fetch_config(), "fetch configuration")

    async def _follow_key(self) -> None:
        """A new key in the file: both flows register anew with it, and stay as they are. The old
        key may end from then on."""
        while True:
            await self._api.key.changed()
            log.info("the API key was changed")
            try:
                await self.token.acquire(fresh=True)
            except SessionError as error:
                # the next token is fetched with it anyway
                log.warning("no token for the new key", layer=error.layer, detail=error.detail)
                continue
            for flow in self._flows:
                flow.register_again()

    async def _fetch_config(self) -> None:
        site = self.site
        if site is None:
            return
        try:
            newer = await self._api.config_since(site.version)
        except SessionError as error:
            # the next token brings the whole configuration anyway
            log.warning("configuration not fetched", layer=error.layer, detail=error.detail)
            return
        if newer is not None:
            self.token.keep_config(newer)
            self._on_site(newer)

    # -- status up the link -----------------------------------------------------------------------

    def observe(self, layer: Layer, state: State, detail: str = "") -> None:
        """Anyone's observation of a layer."""
        self.report = self.report.observe(layer, state, self._now(), detail)
        self._changed()

    def lines_changed(self, rows: tuple[dict[str, object], ...]) -> None:
        self._lines = rows
        self._changed()

    def _changed(self) -> None:
        self._tell.set()
        if self.on_change is not None:
            self.on_change()

    async def _tell_changes(self) -> None:
        while True:
            await self._tell.wait()
            self._tell.clear()
            flow, site = self.flow, self.site
            body = self._status_body()
            if flow is None or site is None or body == self._told:
                continue
            response = await self.ua.request(
                "NOTIFY",
                f"sip:gateway@{site.service_domain}",
                from_=f"<sip:{site.site_id}@{site.service_domain}>",
                headers=(("Event", "offhook-status"), ("Subscription-State", "active")),
                content_type="application/json",
                body=body.encode(),
                flow=flow,
            )
            if 200 <= response.status < 300:
                self._told = body
            else:
                log.info("status not taken by the gateway", status=response.status)
                await self._until_told_again()

    async def _until_told_again(self) -> None:
        """Wait a while, or for news."""
        try:
            async with asyncio.timeout(TELL_AGAIN):
                await self._tell.wait()
        except TimeoutError:
            self._tell.set()

    def _status_body(self) -> str:
        layers = [
            {"layer": row.layer.value, "state": row.state.value, "detail": row.detail}
            for row in self.report.layers
        ]
        body = {"version": self._version, "layers": layers, "lines": self._lines}
        return json.dumps(body | {"offers": self.offers})
