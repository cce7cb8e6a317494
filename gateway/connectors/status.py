"""The state of every connector in layers: which layer fails, and since when.

The layers build on each other: network, TLS, key, registration, then what only the connector can
see and reports itself: the PBX's voice side, its control side, and audio.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from gateway.connectors.registrar import SiteKey
from gateway.ports import ConnectorStatus

logger = logging.getLogger(__name__)

LINK_LAYERS = ("network", "tls", "key", "registration")
PBX_LAYERS = ("voice", "control", "audio")
LAYERS = LINK_LAYERS + PBX_LAYERS
STATES = frozenset({"working", "weak", "down", "unknown"})

Listener = Callable[[str, ConnectorStatus], None]


@dataclass(frozen=True, slots=True)
class _Layer:
    state: str = "unknown"
    since: float = 0.0


@dataclass(slots=True)
class _Site:
    layers: dict[str, _Layer] = field(default_factory=dict)
    flows: int = 0
    most_flows: int = 0
    version: str = ""
    offers: tuple[str, ...] = ()


def _rfc3339(seconds: float) -> str:
    moment = datetime.fromtimestamp(seconds, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


class StatusBoard:
    """Implements :class:`gateway.ports.ConnectorDirectory`."""

    def __init__(self) -> None:
        self._sites: dict[SiteKey, _Site] = {}
        self._listeners: list[Listener] = []

    # -- ConnectorDirectory ------------------------------------------------------------------------
    def status(self, tenant_id: str, site_id: str) -> ConnectorStatus:
        site = self._sites.get(SiteKey(tenant_id, site_id))
        if site is None:
            return ConnectorStatus(site_id, "unknown")
        layers = tuple((name, layer.state, _rfc3339(layer.since)) for name, layer in _ordered(site))
        return ConnectorStatus(site_id, overall(site), layers, site.version, site.offers)

    def sites(self) -> list[SiteKey]:
        """Sites that were ever seen by this node."""
        return list(self._sites)

    def subscribe(self, listener: Listener) -> None:
        self._listeners.append(listener)

    # -- what the edge sees ------------------------------------------------------------------------
    def registered(self, key: SiteKey, flows: int, now: float) -> None:
        self._update(key, dict.fromkeys(LINK_LAYERS, "working"), now, flows=flows)

    def flow_lost(self, key: SiteKey, flows: int, now: float) -> None:
        """With the last flow gone nothing is known of the layers above."""
        changes = {}
        if flows == 0:
            changes = {"network": "down", "registration": "down"}
            changes |= dict.fromkeys(("tls", "key", *PBX_LAYERS), "unknown")
        self._update(key, changes, now, flows=flows)

    def refused(self, key: SiteKey, now: float) -> None:
        """A genuine token, but not allowed in (second installation); only if nobody else is."""
        site = self._sites.get(key)
        if site is None or site.flows == 0:
            changes = {"network": "working", "tls": "working", "registration": "refused"}
            self._update(key, changes, now, flows=0)

    def revoked(self, key: SiteKey, now: float) -> None:
        self._update(key, {"key": "refused", "registration": "refused"}, now)

    def reported(
        self,
        key: SiteKey,
        layers: dict[str, str],
        version: str,
        now: float,
        offers: tuple[str, ...] = (),
    ) -> None:
        known = {n: s for n, s in layers.items() if n in PBX_LAYERS and s in STATES}
        self._update(key, known, now, version=version, offers=offers)

    def _update(
        self,
        key: SiteKey,
        changes: dict[str, str],
        now: float,
        *,
        flows: int | None = None,
        version: str | None = None,
        offers: tuple[str, ...] | None = None,
    ) -> None:
        before = self.status(*key)
        site = self._sites.setdefault(key, _Site())
        for name, state in changes.items():
            if site.layers.get(name, _Layer()).state != state or name not in site.layers:
                site.layers[name] = _Layer(state, now)
        if flows is not None:
            site.flows = flows
            site.most_flows = max(site.most_flows, flows) if flows else 0
        if version:
            site.version = version
        if offers is not None:
            site.offers = offers
        after = self.status(*key)
        if after != before:
            logger.info("site %s: connector %s -> %s", key.site_id, before.state, after.state)
            for listener in self._listeners:
                self._tell(listener, key.tenant_id, after)

    def _tell(self, listener: Listener, tenant_id: str, status: ConnectorStatus) -> None:
        try:
            listener(tenant_id, status)
        except Exception:
            logger.exception("a listener for connector status failed")


def _ordered(site: _Site) -> list[tuple[str, _Layer]]:
    return [(name, site.layers[name]) for name in LAYERS if name in site.layers]


def overall(site: _Site) -> str:
    """One word for users: the lowest failing layer decides."""
    states = {name: layer.state for name, layer in site.layers.items()}
    if "refused" in (states.get("key"), states.get("registration")):
        return "refused"
    if site.flows == 0:
        return "down" if states.get("network") == "down" else "connecting"
    if states.get("voice") in ("down", "weak") or site.flows < site.most_flows:
        return "weak"
    return "working"
