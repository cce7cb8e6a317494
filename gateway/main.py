"""The gateway: builds its parts, wires them through the ports, and unwinds them in reverse.

This is the only place where a feature's implementation meets another's need for it.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

import structlog
from aiohttp import web

from gateway import logs
from gateway.admin_ports import Quotas
from gateway.bus import Bus, BusEventSink
from gateway.config import GatewayConfig
from gateway.connectors.pbx_door import PbxDoor
from gateway.connectors.wiring import open_calls
from gateway.credentials.passwords import Passwords
from gateway.credentials.secrets import Secrets
from gateway.features.alternative_number.api import AlternativeNumberApi
from gateway.features.alternative_number.service import AlternativeNumberService
from gateway.features.api_keys.service import ApiKeysService
from gateway.features.audit.api import AuditApi
from gateway.features.audit.reading import AuditReader
from gateway.features.audit.service import AuditService
from gateway.features.connectors.api import ConnectorsApi
from gateway.features.connectors.service import ConnectorsService
from gateway.features.connectors.tokens import LinkTokens
from gateway.features.contacts.api import ContactsApi, SharedContactsApi
from gateway.features.contacts.names import NamesOfAll
from gateway.features.contacts.service import ContactsService
from gateway.features.devices.api import DevicesApi
from gateway.features.devices.service import DevicesService, OnlineDevices
from gateway.features.directory.api import DirectoryApi
from gateway.features.directory.service import DirectoryService
from gateway.features.forwarding.api import ForwardingApi
from gateway.features.forwarding.service import ForwardingService
from gateway.features.hunt_groups.api import HuntGroupsApi
from gateway.features.hunt_groups.service import HuntGroupsService
from gateway.features.journal.api import JournalApi
from gateway.features.journal.reading import JournalReader
from gateway.features.journal.service import JournalService
from gateway.features.login.keeper import SessionKeeper
from gateway.features.offers.api import OffersApi
from gateway.features.offers.service import OffersService
from gateway.features.presence.api import PresenceApi
from gateway.features.presence.service import PresenceService
from gateway.features.routing.api import RoutingApi
from gateway.features.routing.service import RoutingService
from gateway.features.turn_credentials.api import TurnCredentialsApi
from gateway.features.turn_credentials.service import TurnCredentials
from gateway.features.users.api import UsersApi
from gateway.features.users.service import UsersService
from gateway.features.voicemail.api import VoicemailApi
from gateway.features.voicemail.service import VoicemailService
from gateway.http import openapi
from gateway.http.app import HttpParts, add_webapp, build_app
from gateway.http.calls_api import CallsApi
from gateway.http.client import ClientInfo
from gateway.http.headers import SecurityHeaders
from gateway.http.health import Check, Health, LoopLag
from gateway.http.idempotency import IdempotencyStore
from gateway.http.metrics import Metrics
from gateway.http.rates import RequestRates
from gateway.http.server import (
    ConnectionLimits,
    GuardedRunner,
    follow_certificate,
    tls_context,
)
from gateway.http.webapp import WebApp
from gateway.ldap import LdapClient
from gateway.lifecycle import Lifecycle, background, raise_open_files
from gateway.link_ports import SiteLinks
from gateway.numbers import NumberRules
from gateway.outbound import Outbound
from gateway.ports import (
    CallPorts,
    CallService,
    ConnectorDirectory,
    ConnectorStatus,
    PbxControl,
)
from gateway.realtime.server import PhoneServer
from gateway.realtime.snapshot import Snapshots, connector_json
from gateway.storage.lines import StoredLines
from gateway.storage.storage import Storage
from gateway.storage.usage import StorageQuota
from gateway.wiring.people import People, build_people
from gateway.wiring.post import Post, make_post
from gateway.wiring.scim import Scim
from gateway.wiring.sign_in import SignIn, build_sign_in
from gateway.wiring.single_sign_on import SingleSignOn, build_single_sign_on
from gateway.wiring.sites import open_sites
from gateway.wiring.tenants import Tenants, build_tenants, make_watch
from media.engine import MediaEngine
from media.worker import EmbeddedConfig, EmbeddedEngine
from protocols.aio.tls import CertificateFiles

log = structlog.get_logger(__name__)

Config = GatewayConfig
Ready = Callable[[dict[str, Any]], None]
_PURGE_EVERY = 3600.0
_LOOPBACK = "127.0.0.1"


class Refusals(Protocol):
    refused: dict[str, int]


class Edge(Protocol):
    on_alert: Callable[[Any, str], None] | None

    @property
    def port(self) -> int: ...

    @property
    def counters(self) -> Refusals: ...


@runtime_checkable
class Checkable(Protocol):
    """A media engine that can tell whether it would carry a new call."""

    async def healthy(self) -> bool: ...


class CallStack(Protocol):
    """What ``gateway.connectors.wiring.open_calls`` gives."""

    @property
    def calls(self) -> CallService: ...

    @property
    def connectors(self) -> ConnectorDirectory: ...

    @property
    def edge(self) -> Edge: ...

    @property
    def pbx(self) -> PbxControl: ...

    @property
    def sites(self) -> SiteLinks: ...


class OpenCalls(Protocol):
    def __call__(
        self, config: GatewayConfig, ports: CallPorts, engine: MediaEngine, /
    ) -> AbstractAsyncContextManager[CallStack]: ...


@dataclass(frozen=True, slots=True)
class Features:
    """Everything that needs storage and the bus, but neither calls nor sockets."""

    bus: Bus
    storage: Storage
    sessions: SessionKeeper
    sign_in: SignIn
    sso: SingleSignOn
    outbound: Outbound
    ldap: LdapClient
    users: UsersService
    online: OnlineDevices
    devices: DevicesService
    directory: DirectoryService
    contacts: ContactsService
    journal: JournalService
    routing: RoutingService
    forwarding: ForwardingService
    hunt_groups: HuntGroupsService
    alternative: AlternativeNumberService
    offers: OffersService
    keys: ApiKeysService
    tokens: LinkTokens
    turn: TurnCredentials
    pbx: PbxDoor
    voicemail: VoicemailService
    presence: PresenceService
    audit: AuditService
    quotas: Quotas
    post: Post
    people: People
    tenants: Tenants
    ports: CallPorts


@dataclass(frozen=True, slots=True)
class Gateway:
    """A running gateway, as tests and ``run`` see it."""

    features: Features
    calls: CallService
    phone: PhoneServer
    lifecycle: Lifecycle
    app: web.Application
    health: Health
    metrics: Metrics
    addresses: dict[str, Any]


async def run(config: GatewayConfig, ready: Ready | None = None) -> None:
    """Runs until cancelled, or until SIGTERM and the last call's end."""
    logs.install()
    raise_open_files()
    media = config.media
    engine = EmbeddedEngine(
        EmbeddedConfig(
            port=media.port,
            workers=media.workers,
            bind=media.bind,
            advertise=media.advertise,
            rtp_bind=_LOOPBACK,  # the gateway's own end of test calls, and nothing else
            rtp_advertise=_LOOPBACK,
        )
    )
    async with AsyncExitStack() as stack:
        stack.push_async_callback(engine.aclose)
        await engine.start()
        gateway = await stack.enter_async_context(open_gateway(config, open_calls, engine))
        if ready is not None:
            ready(gateway.addresses)
        log.info("gateway.ready", **gateway.addresses)
        async with gateway.lifecycle.on_sigterm():
            await gateway.lifecycle.run_until_drained(gateway.calls.active)
    log.info("gateway.stopped")


@asynccontextmanager
async def open_gateway(
    config: GatewayConfig, open_calls: OpenCalls, engine: MediaEngine
) -> AsyncIterator[Gateway]:
    """All but the engine, which belongs to the caller, as does the choice of the call side."""
    async with AsyncExitStack() as stack:
        lifecycle = Lifecycle(config.drain_timeout)
        secrets = Secrets.load(config.secrets_dir)
        storage = await Storage.open(*config.databases)
        stack.push_async_callback(storage.aclose)
        metrics = Metrics()
        features = _features(config, storage, secrets, metrics, stack)
        await features.journal.reap()
        await features.tenants.watch.look()
        await features.people.worker.start()
        stack.push_async_callback(features.people.worker.aclose)
        await features.presence.start()
        stack.push_async_callback(features.presence.aclose)
        calls = await stack.enter_async_context(open_calls(config, features.ports, engine))
        features.pbx.open(calls.pbx)
        features.offers.follow(calls.connectors)
        stack.push_async_callback(features.offers.aclose)
        features.presence.follow_calls(calls.calls.calls_of)
        lifecycle.on_drain.append(calls.calls.drain)
        lag = LoopLag()
        phone = _phone(config, features, calls, lifecycle, metrics)
        _gauges(metrics, phone, calls.calls, lag)
        metrics.count_by_reason(
            "offhook_edge_refused", "SIP flows and requests refused", calls.edge.counters.refused
        )
        site_apis, calls.edge.on_alert = await open_sites(
            stack,
            config,
            storage=storage,
            bus=features.bus,
            audit=features.audit,
            mailer=features.post.mailer,
            keys=features.keys,
            connectors=calls.connectors,
            links=calls.sites,
            lines=features.ports.lines,
            numbers=features.ports.numbers,
        )
        limits = ConnectionLimits(config.http)
        checks: dict[str, Check] = {"storage": storage.healthy}
        if isinstance(engine, Checkable):
            checks["media"] = engine.healthy
        health = Health(lag, checks, lambda: lifecycle.draining)
        apis = (*_apis(config, secrets, features, calls, lifecycle), *site_apis)
        app = _app(config, features, apis, phone, health, metrics)
        await stack.enter_async_context(
            background(
                asyncio.create_task(lag.measure(), name="loop-lag"),
                asyncio.create_task(_purge(features.sessions), name="session-purge"),
                asyncio.create_task(features.post.dispatcher.run(), name="outbox"),
                asyncio.create_task(
                    features.tenants.watch.run(
                        features.tenants.life, features.keys, calls.calls.live_in
                    ),
                    name="tenant-watch",
                ),
                asyncio.create_task(features.tenants.usage.run(), name="usage"),
                asyncio.create_task(features.sign_in.letters.run(), name="account-letters"),
            )
        )
        phone.start()
        addresses = await _listen(config, app, metrics, limits, stack)
        stack.push_async_callback(phone.aclose)  # sockets end before their listeners do
        addresses["sip_edge"] = f"{config.sip_edge.host}:{calls.edge.port}"
        addresses["media"] = list(config.media.advertise)
        yield Gateway(features, calls.calls, phone, lifecycle, app, health, metrics, addresses)


def _features(
    config: GatewayConfig,
    storage: Storage,
    secrets: Secrets,
    metrics: Metrics,
    stack: AsyncExitStack,
) -> Features:
    bus = Bus()
    events = BusEventSink(bus)
    passwords = Passwords(parallel=config.auth.argon2_parallel, queue=config.auth.argon2_queue)
    stack.callback(passwords.close)
    online = OnlineDevices()
    directory = DirectoryService(storage)
    journal = JournalService(storage, events)
    audit = AuditService()
    quotas = make_watch(config, storage)
    keys = ApiKeysService(storage, bus, audit)
    stack.push_async_callback(keys.aclose)
    post = make_post(config, storage, secrets, metrics)
    numbers = NumberRules()
    contacts = ContactsService(storage, numbers, audit)
    outbound = Outbound(config.outbound)
    stack.push_async_callback(outbound.aclose)
    ldap = LdapClient(outbound.policy, config.outbound.ca_file)
    stack.callback(ldap.close)
    sso = build_single_sign_on(config, storage, secrets, numbers, audit, bus, outbound, ldap)
    sign_in = build_sign_in(
        config, storage, secrets, passwords, bus, audit, post.mailer, sso.directory
    )
    stack.push_async_callback(sign_in.throttle.settled)
    tokens = LinkTokens(secrets, keys, bus)
    lines = StoredLines(storage)
    voicemail = VoicemailService(lines, events, bus)
    pbx = PbxDoor()
    presence = PresenceService(storage, online, events, bus, pbx)
    routing = RoutingService(storage, events)
    alternative = AlternativeNumberService(storage, pbx, lines, numbers, events)
    offers = OffersService(pbx, lines, alternative, online, events, bus)
    alternative.on_change = offers.changed
    people = build_people(
        storage,
        secrets,
        numbers,
        audit,
        bus,
        sign_in.letters,
        post.mailer,
        sign_in.sessions,
        pbx,
    )
    tenants = build_tenants(
        config, storage, quotas, people.service, sign_in.letters, post.mailer, audit, bus
    )
    return Features(
        bus=bus,
        storage=storage,
        sessions=sign_in.sessions,
        sign_in=sign_in,
        sso=sso,
        outbound=outbound,
        ldap=ldap,
        users=UsersService(storage, events, config.demo_hints),
        online=online,
        devices=DevicesService(storage, online, events),
        directory=directory,
        contacts=contacts,
        journal=journal,
        routing=routing,
        forwarding=ForwardingService(pbx, lines, numbers, events, bus),
        hunt_groups=HuntGroupsService(pbx, events, bus),
        alternative=alternative,
        offers=offers,
        keys=keys,
        tokens=tokens,
        turn=TurnCredentials(config.turn),
        pbx=pbx,
        voicemail=voicemail,
        presence=presence,
        audit=audit,
        quotas=quotas,
        post=post,
        people=people,
        tenants=tenants,
        ports=CallPorts(
            lines=lines,
            directory=NamesOfAll(directory, contacts),
            numbers=numbers,
            journal=journal,
            devices=online,
            events=events,
            tokens=tokens,
            setup_stage=metrics.setup_stage,
            routing=routing,
            alternative=alternative,
            refuses_calls=presence.refuses_calls,
            announce=bus.publish,
            lamps=voicemail,
            most_calls=lambda tenant_id: quotas.of(tenant_id).calls,
        ),
    )


def _phone(
    config: GatewayConfig,
    features: Features,
    stack: CallStack,
    lifecycle: Lifecycle,
    metrics: Metrics,
) -> PhoneServer:
    phone = PhoneServer(
        config.realtime,
        config.allowed_origins,
        authenticator=features.sessions,
        devices=features.devices,
        snapshots=Snapshots(
            features.users,
            features.devices,
            features.journal,
            features.voicemail,
            features.presence,
            features.offers,
            stack.calls,
            stack.connectors,
        ),
        calls=stack.calls,
        presence=features.presence,
        bus=features.bus,
        quotas=features.quotas,
        monotonic=time.monotonic,
        admits=lifecycle.admits,
        observe=metrics.command_seconds.observe,
        body_timeout=config.http.body_timeout,
    )

    def connector_changed(tenant_id: str, status: ConnectorStatus) -> None:
        payload = {"connector": connector_json(status)}
        phone.to_site(tenant_id, status.site_id, "connector.changed", payload)

    stack.connectors.subscribe(connector_changed)
    return phone


def _app(
    config: GatewayConfig,
    features: Features,
    apis: Sequence[object],
    phone: PhoneServer,
    health: Health,
    metrics: Metrics,
) -> web.Application:
    client = ClientInfo(config.http.trusted_proxies, config.allowed_origins)
    webapp = WebApp(config.http.webapp_dir)
    portal = WebApp(config.http.admin_dir, at="/admin")
    rates = RequestRates(features.quotas)
    scim = Scim(
        config, features.storage, features.audit, features.people.service, features.sessions
    )
    app = build_app(
        HttpParts(
            apis=(*apis, scim.api),
            authenticator=features.sessions,
            keys=features.keys,
            client=client,
            headers=SecurityHeaders(config.public_url, config.allowed_origins),
            idempotency=IdempotencyStore(features.storage),
            body_timeout=config.http.body_timeout,
            observe=metrics.observe,
            rates=rates,
            room=StorageQuota(features.storage, features.quotas),
        )
    )
    openapi.serve(app)
    scim.add_to(app, features.keys, rates)
    health.add_to(app)
    phone.attach(app)
    add_webapp(app, webapp, portal)
    return app


def _apis(
    config: GatewayConfig,
    secrets: Secrets,
    features: Features,
    stack: CallStack,
    lifecycle: Lifecycle,
) -> Sequence[object]:
    edge = config.sip_edge

    def edges() -> list[tuple[str, int]]:
        return [(edge.public_host, edge.public_port or int(stack.edge.port))]

    connectors = ConnectorsService(
        features.storage, secrets, features.tokens, features.turn, edge.service_domain, edges
    )
    return (
        *features.sign_in.apis,
        *features.sso.apis(features.sessions, secrets, config),
        *features.people.apis,
        *features.tenants.apis(stack.connectors, stack.calls.live_in),
        UsersApi(features.users),
        DevicesApi(features.devices),
        DirectoryApi(features.directory),
        ContactsApi(features.contacts),
        SharedContactsApi(features.contacts),
        JournalApi(features.journal, JournalReader(features.storage, features.ports.directory)),
        RoutingApi(features.routing),
        ForwardingApi(features.forwarding),
        HuntGroupsApi(features.hunt_groups),
        AlternativeNumberApi(features.alternative),
        OffersApi(features.offers),
        VoicemailApi(features.voicemail),
        PresenceApi(features.presence),
        CallsApi(stack.calls, lifecycle.admits),
        TurnCredentialsApi(features.turn),
        ConnectorsApi(connectors),
        AuditApi(AuditReader(features.storage)),
    )


def _gauges(metrics: Metrics, phone: PhoneServer, calls: CallService, lag: LoopLag) -> None:
    metrics.gauge("offhook_sockets", "open client sockets", lambda: len(phone.sockets))
    metrics.gauge("offhook_calls", "live calls", calls.active)
    metrics.gauge("offhook_loop_lag_seconds", "worst of the last 10 s", lambda: lag.worst)


async def _listen(
    config: GatewayConfig,
    app: web.Application,
    metrics: Metrics,
    limits: ConnectionLimits,
    stack: AsyncExitStack,
) -> dict[str, Any]:
    """Plain HTTP, HTTPS if configured, and the metrics' own listener."""
    http = config.http
    runner = GuardedRunner(app, limits)
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    plain = web.TCPSite(runner, http.host, http.port)
    await plain.start()
    addresses: dict[str, Any] = {"http": f"http://{_bound(runner, 0)}"}
    if http.tls_port is not None and http.tls_cert is not None and http.tls_key is not None:
        context = await asyncio.to_thread(tls_context, http.tls_cert, http.tls_key)
        secure = web.TCPSite(runner, http.tls_host or http.host, http.tls_port, ssl_context=context)
        await secure.start()
        files = CertificateFiles(context, http.tls_cert, http.tls_key)
        await stack.enter_async_context(
            background(asyncio.create_task(follow_certificate(files), name="https-certificate"))
        )
        addresses["https"] = f"https://{_bound(runner, 1)}"
    if config.metrics.port is not None:
        metrics_runner = web.AppRunner(metrics.app(), handle_signals=False, access_log=None)
        await metrics_runner.setup()
        stack.push_async_callback(metrics_runner.cleanup)
        await web.TCPSite(metrics_runner, config.metrics.host, config.metrics.port).start()
        addresses["metrics"] = f"http://{_bound(metrics_runner, 0)}/metrics"
    return addresses


def _bound(runner: web.AppRunner, index: int) -> str:
    host, port = runner.addresses[index][:2]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


async def _purge(sessions: SessionKeeper) -> None:
    while True:
        try:
            await sessions.purge()
        except Exception:  # housekeeping must not end the gateway; it is tried again
            log.exception("session.purge_failed")
        await asyncio.sleep(_PURGE_EVERY)
