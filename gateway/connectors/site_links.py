"""What administration asks of this node's links: how they are, and test calls over them."""

from __future__ import annotations

from gateway.calls.service import Calls
from gateway.calls.states import Phase
from gateway.calls.trial import Trials
from gateway.connectors.edge import SipEdge
from gateway.connectors.registrar import SiteKey
from gateway.link_ports import HeardStep, LinkPicture, TrialEnd
from gateway.ports import Line


class LiveSiteLinks:
    """Implements :class:`gateway.link_ports.SiteLinks`."""

    def __init__(self, edge: SipEdge, calls: Calls, trials: Trials) -> None:
        self._edge = edge
        self._calls = calls
        self._trials = trials

    def picture(self, tenant_id: str, site_id: str) -> LinkPicture:
        return self._edge.picture(tenant_id, site_id)

    def calls_at(self, tenant_id: str, site_id: str) -> int:
        wanted = (tenant_id, site_id)
        return sum(
            (owner.state.tenant_id, owner.state.site_id) == wanted
            and owner.state.phase is not Phase.ENDED
            for owner in self._calls.book
        )

    async def announce_config(self, tenant_id: str, site_id: str, version: int) -> bool:
        return await self._edge.announce_config(SiteKey(tenant_id, site_id), version)

    async def try_call(self, line: Line, number: str, heard: HeardStep, *, echo: bool) -> TrialEnd:
        return await self._trials.try_call(line, number, heard, echo=echo)
