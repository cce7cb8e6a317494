"""Webhooks: the outlet that others put events in, what sends them, and their API."""

from __future__ import annotations

import time
from contextlib import AsyncExitStack
from dataclasses import dataclass

from gateway.admin_ports import AuditLog, Quotas
from gateway.bus import Bus
from gateway.config import OutboundConfig
from gateway.credentials.secrets import Secrets
from gateway.features.webhooks.api import WebhooksApi
from gateway.features.webhooks.breaker import Breaker
from gateway.features.webhooks.delivering import Deliverer
from gateway.features.webhooks.outlet import Outlet
from gateway.features.webhooks.reading import WebhookReader
from gateway.features.webhooks.service import WebhooksService
from gateway.features.webhooks.watching import StateWatch
from gateway.outbound import Outbound
from gateway.storage.storage import Storage
from gateway.wiring.post import Post

#: A name that hangs keeps its thread for longer than anybody waits.
_LOOKUPS = 32


@dataclass(frozen=True, slots=True)
class Webhooks:
    """``watch.run()`` is started by main."""

    watch: StateWatch
    outbound: Outbound
    apis: tuple[object, ...]


def build_webhooks(
    storage: Storage,
    secrets: Secrets,
    post: Post,
    config: OutboundConfig,
    stack: AsyncExitStack,
    outlet: Outlet,
    audit: AuditLog,
    quotas: Quotas,
    bus: Bus,
) -> Webhooks:
    # Not the way that sign-in takes: a receiver whose names or servers hang must hold up no other.
    outbound = Outbound(config, lookups=_LOOKUPS)
    stack.push_async_callback(outbound.aclose)
    breaker = Breaker(time.monotonic)
    Deliverer(storage, secrets, outbound, breaker, outlet, audit, post.mailer).register(
        post.dispatcher
    )
    service = WebhooksService(
        storage, secrets, outbound, post.outbox, outlet, breaker, audit, quotas
    )
    api = WebhooksApi(service, WebhookReader(storage, quotas))
    return Webhooks(StateWatch(storage, outlet, bus), outbound, (api,))
