"""What of tenants must be known without asking the database, and what their state asks for.

The command line and other nodes change tenants too: every tenant is looked at again and again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace

import structlog

from gateway.admin_ports import TenantQuotas
from gateway.features.tenants.life import CLOSED, TenantLife
from gateway.link_ports import TenantLinks
from gateway.storage.models import Tenant
from gateway.storage.storage import Storage

log = structlog.get_logger(__name__)

LOOK_EVERY = 10.0  # s


class TenantWatch:
    """Implements the ``Quotas`` port.

    A suspended tenant's calls may come to their end: its connectors' links are cut with the last.
    """

    def __init__(
        self, storage: Storage, defaults: TenantQuotas, look_every: float = LOOK_EVERY
    ) -> None:
        self._storage = storage
        self._defaults = defaults
        self._look_every = look_every
        self._quotas: dict[str, TenantQuotas] = {}
        self._cut: set[str] = set()
        self._news = asyncio.Event()

    def of(self, tenant_id: str) -> TenantQuotas:
        return self._quotas.get(tenant_id, self._defaults)

    def changed(self, _tenant_id: str) -> None:
        """Look now."""
        self._news.set()

    async def look(self) -> list[Tenant]:
        """Takes up the quotas; all tenants."""
        async with self._storage.index() as index:
            tenants = await index.tenants()
        known = set(TenantQuotas.__dataclass_fields__)
        self._quotas = {
            tenant.id: replace(
                self._defaults,
                **{name: value for name, value in tenant.quotas.items() if name in known},
            )
            for tenant in tenants
            if tenant.quotas
        }
        return tenants

    async def run(
        self, life: TenantLife, links: TenantLinks, live_calls: Callable[[str], int]
    ) -> None:
        while True:
            self._news.clear()
            try:
                await self.act(await self.look(), links, live_calls)
                await life.remove_unfinished()
                await life.erase_due()
            except Exception:  # the database may be away; the next look finds the same
                log.exception("tenant.watch_failed")
            try:
                async with asyncio.timeout(self._look_every):
                    await self._news.wait()
            except TimeoutError:
                pass

    async def act(
        self, tenants: list[Tenant], links: TenantLinks, live_calls: Callable[[str], int]
    ) -> None:
        """What the tenants' state asks for now."""
        closed = {tenant.id for tenant in tenants if tenant.status in CLOSED}
        self._cut &= closed
        for tenant_id in closed - self._cut:
            if live_calls(tenant_id) == 0:
                await links.cut_links(tenant_id)
                self._cut.add(tenant_id)
