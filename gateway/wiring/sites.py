"""Sites, their keys and connectors, as administrators see them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from datetime import timedelta

import structlog

from gateway.admin_ports import AuditLog, Mailer
from gateway.bus import Bus, SiteConfigChanged
from gateway.config import GatewayConfig
from gateway.connectors.registrar import SiteKey
from gateway.features.api_keys.api import ApiKeysApi
from gateway.features.api_keys.reading import KeyReader
from gateway.features.api_keys.service import ApiKeysService
from gateway.features.connector_page.api import ConnectorPageApi
from gateway.features.connector_page.service import ConnectorPageService
from gateway.features.connector_page.troubles import LinkWatch
from gateway.features.sites.api import SitesApi
from gateway.features.sites.service import SitesService
from gateway.features.test_calls.api import TestCallsApi
from gateway.features.test_calls.service import TestCallsService
from gateway.link_ports import SiteLinks
from gateway.ports import ConnectorDirectory, LineDirectory, NumberNormaliser
from gateway.storage.models import Site
from gateway.storage.storage import Storage
from protocols.aio.scope import TaskScope

log = structlog.get_logger(__name__)


async def open_sites(
    stack: AsyncExitStack,
    config: GatewayConfig,
    *,
    storage: Storage,
    bus: Bus,
    audit: AuditLog,
    mailer: Mailer,
    keys: ApiKeysService,
    connectors: ConnectorDirectory,
    links: SiteLinks,
    lines: LineDirectory,
    numbers: NumberNormaliser,
) -> tuple[tuple[object, ...], Callable[[SiteKey, str], None]]:
    """The API, and who is told of alerts of the SIP edge."""
    watch = LinkWatch(
        storage, mailer, links, after=timedelta(minutes=config.sip_edge.alert_after_minutes)
    )
    stack.push_async_callback(watch.aclose)
    await watch.start()
    connectors.subscribe(watch.changed)
    _announce_changes(stack, storage, bus, links)
    trials = TestCallsService(storage, links, lines, numbers, audit)
    stack.push_async_callback(trials.aclose)
    page = ConnectorPageService(
        storage,
        links,
        public_url=config.public_url,
        edge_certificate=config.sip_edge.cert,
        portal_certificate=config.http.tls_cert,
    )
    apis = (
        ApiKeysApi(keys, KeyReader(storage)),
        SitesApi(SitesService(storage, bus, audit, connectors, keys)),
        ConnectorPageApi(page),
        TestCallsApi(trials),
    )

    def alert(site: SiteKey, text: str) -> None:
        log.error("connector.alert", site=site.site_id, alert=text)
        watch.alert(site.tenant_id, site.site_id, text)

    return apis, alert


def _announce_changes(stack: AsyncExitStack, storage: Storage, bus: Bus, links: SiteLinks) -> None:
    """A site's connector fetches its configuration as soon as it is another one."""
    scope = TaskScope("site configuration")
    stack.push_async_callback(scope.aclose)
    waiting: set[tuple[str, str]] = set()

    async def announce(tenant_id: str, site_id: str) -> None:
        await asyncio.sleep(0)  # what changes in one go is announced once
        waiting.discard((tenant_id, site_id))
        async with storage.read(tenant_id) as db:
            site = await db.get(Site, site_id)
        if site is not None:
            await links.announce_config(tenant_id, site_id, site.config_version)

    def changed(event: SiteConfigChanged) -> None:
        key = (event.tenant_id, event.site_id)
        if key not in waiting:
            waiting.add(key)
            scope.start(announce(*key), f"of site {event.site_id}")

    bus.subscribe(SiteConfigChanged, changed)
