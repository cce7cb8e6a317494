"""The state of every connector in layers: which layer fails, and since when.

The layers build on each other: network, TLS, key, registration, then what only the connector can
see and reports itself: the PBX's voice side, its control side, and audio.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from gateway.connectors.registrar import SiteKey
from gateway.link_ports import LayerPicture, LinePicture
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
    detail: str = ""
    proved: float | None = None  # when it last was seen to work


@dataclass(slots=True)
class _Site:
    layers: dict[str, _Layer] = field(default_factory=dict)
    flows: int = 0
    most_flows: int = 0
    version: str = ""
    offers: tuple[str, ...] = ()
    lines: tuple[LinePicture, ...] = ()
    #: The connector's own words while its key file holds a key that is refused.
    key_note: str = ""


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

    def layers(self, key: SiteKey) -> tuple[LayerPicture, ...]:
        """All of them, with what was said of each."""
        site = self._sites.get(key) or _Site()
        found = (_picture(name, site.layers.get(name)) for name in LAYERS)
        return tuple(
            replace(layer, state="weak", detail=site.key_note)
            if layer.layer == "key" and layer.state == "working" and site.key_note
            else layer
            for layer in found
        )

    def lines(self, key: SiteKey) -> tuple[LinePicture, ...]:
        """How each line is registered at the PBX, as the connector says."""
        site = self._sites.get(key)
        return () if site is None else site.lines

    def sites(self) -> list[SiteKey]:
        """Sites that were ever seen by this node."""
        return list(self._sites)

    def subscribe(self, listener: Listener) -> None:
        self._listeners.append(listener)

    # -- what the edge sees ------------------------------------------------------------------------
    def registered(self, key: SiteKey, flows: int, now: float) -> None:
        self._update(key, dict.fromkeys(LINK_LAYERS, "working"), now, flows=flows)

    def flow_lost(self, key: SiteKey, flows: int, now: float, reason: str = "") -> None:
        """With the last flow gone nothing is known of the layers above."""
        changes = {}
        if flows == 0:
            changes = {"network": "down", "registration": "down"}
            changes |= dict.fromkeys(("tls", "key", *PBX_LAYERS), "unknown")
        details = {"network": reason} if flows == 0 else {}
        self._update(key, changes, now, flows=flows, details=details)

    def refused(self, key: SiteKey, now: float, reason: str = "") -> None:
        """A genuine token, but not allowed in (second installation); only if nobody else is."""
        site = self._sites.get(key)
        if site is None or site.flows == 0:
            changes = {"network": "working", "tls": "working", "registration": "refused"}
            self._update(key, changes, now, flows=0, details={"registration": reason})

    def revoked(self, key: SiteKey, now: float) -> None:
        """Its key has ended; only if it does not go on by another one."""
        site = self._sites.get(key)
        if site is None or site.flows == 0:
            changes = dict.fromkeys(("network", "tls"), "unknown")
            changes |= dict.fromkeys(("key", "registration"), "refused")
            self._update(key, changes, now)

    def reported(
        self,
        key: SiteKey,
        layers: dict[str, str],
        version: str,
        now: float,
        offers: tuple[str, ...] = (),
        *,
        details: Mapping[str, str] | None = None,
        lines: tuple[LinePicture, ...] | None = None,
    ) -> None:
        known = {n: s for n, s in layers.items() if n in PBX_LAYERS and s in STATES}
        said = {name: (details or {}).get(name, "") for name in known}
        site = self._sites.setdefault(key, _Site())
        # The one thing that it knows better of the link's own layers.
        refused = layers.get("key") == "weak"
        site.key_note = (details or {}).get("key", "") or "refused" if refused else ""
        if lines is not None:
            site.lines = lines
        self._update(key, known, now, version=version, offers=offers, details=said)

    def _update(
        self,
        key: SiteKey,
        changes: dict[str, str],
        now: float,
        *,
        flows: int | None = None,
        version: str | None = None,
        offers: tuple[str, ...] | None = None,
        details: Mapping[str, str] | None = None,
    ) -> None:
        before = self.status(*key)
        site = self._sites.setdefault(key, _Site())
        for name, state in changes.items():
            old = site.layers.get(name)
            proved = now if state == "working" else old.proved if old else None
            since = now if old is None or old.state != state else old.since
            site.layers[name] = _Layer(state, since, (details or {}).get(name, ""), proved)
        if flows is not None:
            site.flows = flows
            site.most_flows = max(site.most_flows, flows) if flows else 0
        if flows == 0:
            site.lines = ()
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


def _picture(name: str, layer: _Layer | None) -> LayerPicture:
    if layer is None:
        return LayerPicture(name, "unknown")
    proved = None if layer.proved is None else datetime.fromtimestamp(layer.proved, UTC)
    return LayerPicture(
        name, layer.state, datetime.fromtimestamp(layer.since, UTC), proved, layer.detail
    )


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
