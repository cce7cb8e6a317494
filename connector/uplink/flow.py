"""One flow to one SIP edge: connect, REGISTER, keep alive, come back (RFC 5626 section 4)."""

from __future__ import annotations

import asyncio
import random
import ssl
from collections.abc import Callable
from dataclasses import dataclass

import structlog

from connector.uplink.backoff import Backoff
from connector.uplink.session import Edge, LinkToken, SessionError, SiteConfig
from protocols.aio.endpoint import SipEndpoint
from protocols.aio.flow import Flow
from protocols.aio.registration import RegistrationClient, RegistrationState
from protocols.aio.useragent import UserAgent

log = structlog.get_logger("connector.uplink")

CONNECT_TIMEOUT = 10.0
REGISTER_TIMEOUT = 35.0  # a non-INVITE transaction ends by itself after 64*T1 = 32 s
EXPIRES = 300
FLOW_TIMER = 20
PONG_TIMEOUT = 10.0


@dataclass(frozen=True, slots=True)
class FlowReport:
    """What happened to a flow: `layer` is the lowest that failed, None = registered."""

    reg_id: int
    layer: str | None
    detail: str = ""


class LinkFlow:
    """Keeps flow number `reg_id` registered until cancelled."""

    def __init__(
        self,
        *,
        endpoint: SipEndpoint,
        ua: UserAgent,
        token: LinkToken,
        instance: str,
        reg_id: int,
        ssl_context: ssl.SSLContext,
        on_report: Callable[[FlowReport], None],
        rng: random.Random,
    ) -> None:
        self.reg_id = reg_id
        self.flow: Flow | None = None
        self.registered = False
        self._endpoint = endpoint
        self._ua = ua
        self._token = token
        self._instance = instance
        self._ssl = ssl_context
        self._on_report = on_report
        self._rng = rng
        self._changed = asyncio.Event()
        self._state: RegistrationState | None = None
        self._registration: RegistrationClient | None = None

    def register_again(self) -> None:
        """Over the flow that is there: the token is another one now."""
        if self._registration is not None:
            self._registration.refresh()

    async def run(self) -> None:
        """Forever: one attempt after the other."""
        backoff = Backoff()
        while True:
            was_registered = await self._attempt()
            backoff = backoff.succeeded() if was_registered else backoff.failed()
            delay = backoff.delay(self._rng)
            log.info("link flow down", reg_id=self.reg_id, retry_in=round(delay, 2))
            await asyncio.sleep(delay)

    async def _attempt(self) -> bool:
        """Connect and hold the flow until it ends; True when it had been registered."""
        try:
            grant = await self._token.acquire()
            edge = _edge_of(grant.site, self.reg_id)
            async with asyncio.timeout(CONNECT_TIMEOUT):
                flow = await self._connect(edge)
        except SessionError as error:
            self._report(error.layer, error.detail)
            return False
        except ssl.SSLError as error:
            self._report("tls", str(error))
            return False
        except (OSError, TimeoutError) as error:
            self._report("network", str(error) or "no answer from the SIP edge")
            return False
        return await self._hold(flow, grant.site)

    async def _connect(self, edge: Edge) -> Flow:
        return await self._endpoint.connect(
            "TLS", edge.host, edge.port, server_name=edge.host, ssl_context=self._ssl
        )

    def _take(self, flow: Flow) -> None:
        self.flow, self._state = flow, None
        self._changed.clear()

    async def _hold(self, flow: Flow, site: SiteConfig) -> bool:
        self._take(flow)
        was_registered = False
        registration = RegistrationClient(
            self._ua,
            aor=f"sip:{site.site_id}@{site.service_domain}",
            registrar=f"sip:{site.service_domain}",
            contact=f"sip:{site.site_id}@{site.service_domain};transport=tls;ob",
            flow=flow,
            credentials=self._token,
            expires=EXPIRES,
            instance=f"urn:uuid:{self._instance}",
            reg_id=self.reg_id,
            on_state=self._on_state,
        )
        self._registration = registration
        try:
            registration.start()
            while flow.alive:
                timeout = None if was_registered else REGISTER_TIMEOUT
                async with asyncio.timeout(timeout):
                    await self._changed.wait()
                self._changed.clear()
                state = self._state
                if state is None:
                    continue
                if state.phase == "registered" and not was_registered:
                    was_registered = self.registered = True
                    flow.start_keepalive(float(state.flow_timer or FLOW_TIMER), PONG_TIMEOUT)
                    self._report(None, "")
                elif state.phase == "failed" and flow.alive:
                    # a refused flow is worth nothing: start again with a new connection
                    layer = "key" if state.status == 401 else "registration"
                    self._report(layer, f"{state.status or ''} {state.reason}".strip())
                    return was_registered
        except TimeoutError:
            self._report("registration", "no answer to REGISTER")
            return False
        finally:
            self.registered = False
            self._registration = None
            await registration.stop()
            if flow.alive:
                flow.close("link flow ends")
            self.flow = None
        self._report("network", flow.close_reason or "connection lost")
        return was_registered

    def _on_state(self, state: RegistrationState) -> None:
        self._state = state
        self._changed.set()

    def flow_closed(self, flow: Flow) -> None:
        """Told by the user agent; wakes the holder."""
        if flow is self.flow:
            self.registered = False
            self._changed.set()

    def _report(self, layer: str | None, detail: str) -> None:
        self._on_report(FlowReport(self.reg_id, layer, detail))


def _edge_of(site: SiteConfig, reg_id: int) -> Edge:
    """reg-id 1 and 2 go to the first two edges; a single edge takes both."""
    return site.edges[min(reg_id, len(site.edges)) - 1]
