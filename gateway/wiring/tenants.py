"""Tenants, announcements and usage, put together for the gateway and for the command line."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

from gateway.admin_ports import AccountLetters, AuditLog, Mailer, PeopleAdmin, TenantQuotas
from gateway.bus import Bus
from gateway.config import GatewayConfig
from gateway.credentials.secrets import Secrets
from gateway.features.announcements.api import AnnouncementsApi
from gateway.features.announcements.letters import KIND, POLICY, AnnouncementLetters
from gateway.features.announcements.service import AnnouncementsService
from gateway.features.audit.service import AuditService
from gateway.features.passwords.letters import AccountLetterService
from gateway.features.people.service import PeopleService
from gateway.features.tenants.api import OperatorApi, TenantApi, TermsApi
from gateway.features.tenants.export import TenantExport
from gateway.features.tenants.life import TenantLife
from gateway.features.tenants.overview import Overview
from gateway.features.tenants.reading import TenantReader
from gateway.features.tenants.watch import TenantWatch
from gateway.features.usage.api import UsageApi
from gateway.features.usage.service import UsageService
from gateway.link_ports import SiteLinks
from gateway.mail.mailer import OutboxMailer
from gateway.numbers import NumberRules
from gateway.outbox import Outbox
from gateway.ports import ConnectorDirectory
from gateway.storage.storage import Storage
from gateway.wiring.post import Post


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
        self, connectors: ConnectorDirectory, live_calls: Callable[[str], int], links: SiteLinks
    ) -> tuple[object, ...]:
        reader = TenantReader(self.storage)
        terms, portal = self.config.terms, self.config.http.tls_cert
        certificates = [self.config.sip_edge.cert, *([portal] if portal is not None else [])]
        overview = Overview(
            self.storage, self.mailer, connectors, live_calls, links, certificates, terms.version
        )
        return (
            OperatorApi(self.life, reader, lambda: self.mailer.configured),
            TenantApi(self.life, reader, overview, TenantExport(self.storage)),
            TermsApi(self.life, reader, terms.version, terms.url),
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
    post: Post,
    audit: AuditLog,
    bus: Bus,
) -> Tenants:
    life = make_life(config, storage, people, letters, post.mailer, audit, bus)
    life.on_change = watch.changed
    announcing = AnnouncementLetters(storage, post.mailer)
    post.dispatcher.register(KIND, announcing.deliver, POLICY)
    return Tenants(
        config,
        storage,
        post.mailer,
        life,
        watch,
        AnnouncementsService(storage, announcing, post.outbox, audit, bus),
        UsageService(storage),
    )


@dataclass(frozen=True, slots=True)
class Desk:
    """What the command line needs of the platform, without a running gateway."""

    life: TenantLife
    reader: TenantReader
    export: TenantExport
    mailer: Mailer


@asynccontextmanager
async def open_desk(config: GatewayConfig) -> AsyncIterator[Desk]:
    """On the gateway's own database, beside the gateway or before its first start. Letters are put
    into the outbox; the gateway takes them from there."""
    storage = await Storage.open(*config.databases)
    try:
        secrets = Secrets.load(config.secrets_dir)
        mailer = OutboxMailer(Outbox(secrets), config.mail)
        audit, bus = AuditService(), Bus()
        people = PeopleService(secrets, NumberRules(), audit, bus, mailer)
        letters = AccountLetterService(storage, mailer, monotonic=time.monotonic)
        life = make_life(config, storage, people, letters, mailer, audit, bus)
        yield Desk(life, TenantReader(storage), TenantExport(storage), mailer)
    finally:
        await storage.aclose()
