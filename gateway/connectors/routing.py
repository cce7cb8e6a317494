"""Requests down the link: which flow carries which line.

The flow that last carried the line, else the lowest reg-id; the others only after the chosen one
failed, never two at once. Calls are not tied to their flow: requests in a dialog take any live
flow of the site.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from weakref import WeakKeyDictionary

from gateway.calls.sip import Header, LineLeg
from gateway.connectors.registrar import SiteKey, SiteRegistrar
from gateway.connectors.suspicion import Suspicions
from protocols.aio.flow import Flow
from protocols.aio.useragent import Call, UserAgent
from protocols.sip.headers import NameAddr
from protocols.sip.uri import SipUri

MOST_LINES = 100_000


class LinkRoutes:
    """Implements :class:`gateway.calls.sip.LineLink`."""

    def __init__(
        self,
        service_domain: str,
        registrar: SiteRegistrar,
        flow_of: Callable[[str], Flow | None],
        ua: UserAgent,
        suspicions: Suspicions,
    ) -> None:
        self.service_domain = service_domain
        self._suspicions = suspicions
        self._registrar = registrar
        self._flow_of = flow_of
        self._ua = ua
        self._carried: OrderedDict[tuple[SiteKey, str], str] = OrderedDict()
        self._sites: WeakKeyDictionary[Call, SiteKey] = WeakKeyDictionary()

    # -- LineLink ----------------------------------------------------------------------------------
    def flows(self, tenant_id: str, site_id: str, line_id: str) -> Sequence[Flow]:
        site = SiteKey(tenant_id, site_id)
        flows = self.site_flows(site)
        last = self._carried.get((site, line_id))
        return sorted(flows, key=lambda flow: flow.id != last)

    def invite(
        self,
        flow: Flow,
        *,
        tenant_id: str,
        site_id: str,
        line_id: str,
        number: str,
        sdp: bytes,
        headers: Sequence[Header],
        listener: LineLeg,
        feature: str = "",
    ) -> Call:
        host = f"{site_id}.{self.service_domain}"
        params = (("feature", feature),) if feature else (("user", "phone"),)
        target = SipUri.of(number, host, params=params)
        from_ = NameAddr("", SipUri.of(line_id, self.service_domain))
        site = SiteKey(tenant_id, site_id)
        self._remember(site, line_id, flow)
        call = self._ua.invite(
            target=str(target),
            from_=str(from_),
            to=f"<{target}>",
            sdp=sdp,
            headers=headers,
            flow=flow,
            listener=listener,
        )
        self.belongs(call, site)
        self._suspicions.watch(flow, call)
        return call

    def carries(self, call: Call, line_id: str) -> None:
        site = self._sites.get(call)
        if site is not None and call.flow is not None:
            self._remember(site, line_id, call.flow)

    def _remember(self, site: SiteKey, line_id: str, flow: Flow) -> None:
        """Only lines that exist: what a site invents must not push out what others use."""
        self._carried[site, line_id] = flow.id
        self._carried.move_to_end((site, line_id))
        while len(self._carried) > MOST_LINES:
            self._carried.popitem(last=False)

    # -- what the edge needs -----------------------------------------------------------------------
    def site_flows(self, site: SiteKey) -> list[Flow]:
        """Live flows of the site, lowest reg-id first."""
        found = (self._flow_of(binding.flow_id) for binding in self._registrar.of_site(site))
        return [flow for flow in found if flow is not None and flow.alive]

    def belongs(self, call: Call, site: SiteKey) -> None:
        self._sites[call] = site

    def site_of(self, call: Call) -> SiteKey | None:
        return self._sites.get(call)

    def select_flow(self, call: Call) -> Flow | None:
        """For a request in the dialog whose flow is gone: any live flow of the same site."""
        site = self._sites.get(call)
        flows = [] if site is None else self.site_flows(site)
        return flows[0] if flows else None
