"""Tenants, announcements and usage, put together for the gateway and for the command line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from gateway.admin_ports import AccountLetters, AuditLog, Mailer, PeopleAdmin, TenantQuotas
from gateway.bus import Bus
from gateway.config import GatewayConfig
from gateway.features.announcements.api import AnnouncementsApi
from gateway.features.announcements.service import AnnouncementsService
from gateway.features.tenants.api import OperatorApi, TenantApi, TermsApi
from gateway.features.tenants.export import TenantExport
from gateway.features.tenants.life import TenantLife
from gateway.features.tenants.overview import Overview
from gateway.features.tenants.reading import TenantReader
from gateway.features.tenants.watch import TenantWatch
from gateway.features.usage.api import UsageApi
from gateway.features.usage.service import UsageService
from gateway.ports import ConnectorDirectory
from gateway.storage.storage import Storage


@dataclass(frozen=True, slots=True)
class Tenants:
    """``watch.run()`` and ``usage.run()`` are started by main."""

    config: GatewayConfig
    storage: Storage
    mailer: Mailer
    life: TenantLife
    watch: TenantWatch
    announcements: AnnouncementsService
    usage: UsageService

    def apis(
        self, connectors: ConnectorDirectory, live_calls: Callable[[str], int]
    ) -> tuple[object, ...]:
        reader = TenantReader(self.storage)
        overview = Overview(self.storage, self.mailer, connectors, live_calls)
        terms = self.config.terms
        return (
            OperatorApi(self.life, reader, lambda: self.mailer.configured),
            TenantApi(self.life, reader, overview, TenantExport(self.storage)),
            TermsApi(terms.version, terms.url),
            AnnouncementsApi(self.announcements),
            UsageApi(self.usage),
        )


def make_watch(config: GatewayConfig, storage: Storage) -> TenantWatch:
    return TenantWatch(storage, TenantQuotas(**config.quotas.model_dump()))


def make_life(
    config: GatewayConfig,
    storage: Storage,
    people: PeopleAdmin,
    letters: AccountLetters,
    mailer: Mailer,
    audit: AuditLog,
    bus: Bus,
) -> TenantLife:
    grace = timedelta(days=config.tenants.grace_days)
    return TenantLife(storage, people, letters, mailer, audit, bus, grace)


def build_tenants(
    config: GatewayConfig,
    storage: Storage,
    watch: TenantWatch,
    people: PeopleAdmin,
    letters: AccountLetters,
    mailer: Mailer,
    audit: AuditLog,
    bus: Bus,
) -> Tenants:
    life = make_life(config, storage, people, letters, mailer, audit, bus)
    life.on_change = watch.changed
    return Tenants(
        config,
        storage,
        mailer,
        life,
        watch,
        AnnouncementsService(storage, mailer, audit, bus),
        UsageService(storage),
    )
