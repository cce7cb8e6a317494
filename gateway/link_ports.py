"""Where administration meets the links to connectors: typing Protocols and what they pass on.

As with :mod:`gateway.ports`, features know these and never each other; ``gateway/main.py`` wires.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from gateway.ports import ConnectorStatus, Line
from gateway.storage.storage import TenantSession


@dataclass(frozen=True, slots=True)
class LayerPicture:
    """One layer of a site's link: network tls key registration voice control audio."""

    layer: str
    state: str  # working | weak | down | refused | unknown
    since: datetime | None = None
    proved: datetime | None = None  # when it was last seen to work
    detail: str = ""


@dataclass(frozen=True, slots=True)
class LinePicture:
    """A line's registration at the PBX, as the connector says."""

    line_id: str
    registered: bool
    detail: str = ""


@dataclass(frozen=True, slots=True)
class LinkPicture:
    """All that can be said of a site's link now."""

    status: ConnectorStatus
    layers: tuple[LayerPicture, ...] = ()
    lines: tuple[LinePicture, ...] = ()
    flows: int = 0
    instances: tuple[str, ...] = ()
    key_ids: tuple[str, ...] = ()
    tls: str = ""
    round_trip: float | None = None  # seconds
    heard_ago: float | None = None  # seconds


class LinkPictures(Protocol):
    def picture(self, tenant_id: str, site_id: str) -> LinkPicture: ...


class SiteKeys(Protocol):
    async def remove_of_site(self, db: TenantSession, site_id: str) -> None:
        """Its API keys, with the site itself; after the commit their links are cut."""


class TenantLinks(Protocol):
    async def cut_links(self, tenant_id: str) -> None:
        """The tenant was suspended or is deleted: after that commit, end what lives by its keys."""


class SiteLinks(Protocol):
    """What this node knows of sites' links, and does over them."""

    def picture(self, tenant_id: str, site_id: str) -> LinkPicture: ...

    def calls_at(self, tenant_id: str, site_id: str) -> int:
        """Live calls through the site."""

    async def announce_config(self, tenant_id: str, site_id: str, version: int) -> bool:
        """Tell the site's connector that its configuration is another one now."""

    async def try_call(self, line: Line, number: str, heard: HeardStep, *, echo: bool) -> TrialEnd:
        """Place a call that proves itself, to its end; ``heard`` is told each step. ``echo``: who
        is called sends back what it hears. Cancelled, it hangs up. What a telephone system does
        never raises."""


TrialStep = Literal["connector", "ringing", "answered", "audio_out", "audio_back", "hang_up"]
StepState = Literal["running", "passed", "failed", "unproven"]
#: ``heard(step, state, detail)``
HeardStep = Callable[[TrialStep, StepState, str], None]


@dataclass(frozen=True, slots=True)
class TrialEnd:
    """``code`` is empty when all went well: connector_down, busy, no_answer, unreachable,
    number_unknown, refused, ended_early, audio_not_set_up (no way for sound between gateway and
    connector), nothing_back, one_way_out (we are not heard), out_unproven (we hear; nobody says
    that they hear us), silence (packets come, without sound)."""

    code: str = ""
    detail: str = ""
