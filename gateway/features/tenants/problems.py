"""What of a tenant stops or runs out soon, for the overview."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import col

from gateway.link_ports import SiteLinks
from gateway.running_out import SOON, capacity_warnings
from gateway.storage.models import ApiKey, Line, Site
from gateway.storage.storage import TenantSession
from gateway.storage.tables.webhooks import Webhook, name_of

_MOST = 100
#: A receiver that is restarted is no problem yet: deliveries are tried again.
_FAILING_FOR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Problems:
    """Names of those concerned."""

    webhooks_stopped: list[str]
    webhooks_failing: list[str]
    keys_ending: list[str]
    sites_nearly_full: list[str]


async def problems(
    db: TenantSession, links: SiteLinks, sites: list[Site], now: datetime
) -> Problems:
    webhooks = await db.find(
        Webhook,
        (col(Webhook.state) == "stopped")
        | (col(Webhook.state) == "active") & (col(Webhook.failing_since) <= now - _FAILING_FOR),
        order_by=[col(Webhook.id)],
        limit=_MOST,
    )
    keys = await db.find(
        ApiKey,
        col(ApiKey.revoked_at).is_(None),
        # One that was regenerated ends on purpose: its successor is in use, or is missing loudly.
        col(ApiKey.replaced_by).is_(None),
        col(ApiKey.expires_at) > now,
        col(ApiKey.expires_at) <= now + SOON,
        order_by=[col(ApiKey.expires_at)],
        limit=_MOST,
    )
    full: list[str] = []
    for site in sites:
        lines = await db.count(Line, Line.site_id == site.id) if site.ip_licences else 0
        if capacity_warnings(site, links.calls_at(site.tenant_id, site.id), lines):
            full.append(site.name)
    return Problems(
        webhooks_stopped=[name_of(one) for one in webhooks if one.state == "stopped"],
        webhooks_failing=[name_of(one) for one in webhooks if one.state != "stopped"],
        keys_ending=[key.name or key.key_id for key in keys],
        sites_nearly_full=full,
    )
