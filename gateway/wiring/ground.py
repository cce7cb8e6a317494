"""What nearly every feature stands on."""

from __future__ import annotations

from contextlib import AsyncExitStack
from dataclasses import dataclass

from gateway.bus import Bus, BusEventSink
from gateway.config import GatewayConfig
from gateway.credentials.passwords import Passwords
from gateway.credentials.secrets import Secrets
from gateway.features.api_keys.service import ApiKeysService
from gateway.features.audit.service import AuditService
from gateway.features.devices.service import OnlineDevices
from gateway.features.tenants.watch import TenantWatch
from gateway.features.webhooks.outlet import Outlet
from gateway.http.metrics import Metrics
from gateway.ldap import LdapClient
from gateway.numbers import NumberRules
from gateway.outbound import Outbound
from gateway.storage.storage import Storage
from gateway.wiring.post import Post, make_post
from gateway.wiring.tenants import make_watch


@dataclass(frozen=True, slots=True)
class Ground:
    config: GatewayConfig
    storage: Storage
    secrets: Secrets
    bus: Bus
    events: BusEventSink
    passwords: Passwords
    online: OnlineDevices
    post: Post
    outlet: Outlet
    audit: AuditService
    quotas: TenantWatch
    keys: ApiKeysService
    numbers: NumberRules
    outbound: Outbound

    def ldap(self, stack: AsyncExitStack) -> LdapClient:
        """One with connections of its own."""
        client = LdapClient(self.outbound.policy, self.config.outbound.ca_file)
        stack.callback(client.close)
        return client


def lay_ground(
    config: GatewayConfig,
    storage: Storage,
    secrets: Secrets,
    metrics: Metrics,
    stack: AsyncExitStack,
) -> Ground:
    bus = Bus()
    passwords = Passwords(parallel=config.auth.argon2_parallel, queue=config.auth.argon2_queue)
    stack.callback(passwords.close)
    post = make_post(config, storage, secrets, metrics)
    outlet = Outlet(post.outbox)
    audit = AuditService(follower=outlet)
    keys = ApiKeysService(storage, bus, audit)
    stack.push_async_callback(keys.aclose)
    outbound = Outbound(config.outbound)
    stack.push_async_callback(outbound.aclose)
    return Ground(
        config=config,
        storage=storage,
        secrets=secrets,
        bus=bus,
        events=BusEventSink(bus),
        passwords=passwords,
        online=OnlineDevices(),
        post=post,
        outlet=outlet,
        audit=audit,
        quotas=make_watch(config, storage),
        keys=keys,
        numbers=NumberRules(),
        outbound=outbound,
    )
