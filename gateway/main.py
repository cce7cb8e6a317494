"""The gateway: builds its parts, wires them through the ports, and unwinds them in reverse.

Here and in ``gateway/wiring`` alone a feature's implementation meets another's need for it.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any

import structlog
from aiohttp import web

from gateway import logs
from gateway.config import GatewayConfig
from gateway.connectors.wiring import open_calls
from gateway.credentials.secrets import Secrets
from gateway.features.login.keeper import SessionKeeper
from gateway.http import openapi
from gateway.http.app import HttpParts, add_webapp, build_app
from gateway.http.client import ClientInfo
from gateway.http.headers import SecurityHeaders
from gateway.http.health import Check, Health, LoopLag
from gateway.http.idempotency import IdempotencyStore
from gateway.http.listening import listen
from gateway.http.metrics import Metrics
from gateway.http.rates import RequestRates
from gateway.http.server import (
    ConnectionLimits,
)
from gateway.http.webapp import WebApp
from gateway.lifecycle import Lifecycle, background, raise_open_files
from gateway.ports import (
    CallService,
    ConnectorStatus,
)
from gateway.realtime.server import PhoneServer
from gateway.realtime.snapshot import Snapshots, connector_json
from gateway.storage.storage import Storage
from gateway.storage.usage import StorageQuota
from gateway.wiring.apis import build_apis
from gateway.wiring.call_side import CallStack, Checkable, OpenCalls
from gateway.wiring.features import Features, build_features
from gateway.wiring.programs import Programs, build_programs
from gateway.wiring.scim import Scim
from gateway.wiring.sites import open_sites
from media.engine import MediaEngine
from media.worker import EmbeddedConfig, EmbeddedEngine

log = structlog.get_logger(__name__)

Config = GatewayConfig
Ready = Callable[[dict[str, Any]], None]
_PURGE_EVERY = 3600.0
_LOOPBACK = "127.0.0.1"


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
    programs: Programs


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
        features = build_features(config, storage, secrets, metrics, stack)
        await features.journal.reap()
        await features.tenants.watch.look()
        await features.people.worker.start()
        stack.push_async_callback(features.people.worker.aclose)
        await features.presence.start()
        stack.push_async_callback(features.presence.aclose)
        calls = await stack.enter_async_context(open_calls(config, features.ports, engine))
        features.pbx.open(calls.pbx)
        features.offers.follow(calls.connectors)
        calls.connectors.subscribe(features.webhooks.watch.link_changed)
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
        programs = build_programs(config, features, calls, lifecycle)
        own = build_apis(config, secrets, features, calls, lifecycle)
        apis = (*own, *site_apis, *programs.apis)
        room = StorageQuota(storage, features.quotas)
        app = _app(config, features, apis, phone, health, metrics, room)
        await stack.enter_async_context(
            background(
                asyncio.create_task(lag.measure(), name="loop-lag"),
                asyncio.create_task(_purge(features.sessions), name="session-purge"),
                asyncio.create_task(features.post.dispatcher.run(), name="outbox"),
                asyncio.create_task(features.webhooks.watch.run(), name="webhook-states"),
                asyncio.create_task(
                    features.tenants.watch.run(
                        features.tenants.life, features.keys, calls.calls.live_in
                    ),
                    name="tenant-watch",
                ),
                asyncio.create_task(features.tenants.usage.run(), name="usage"),
                asyncio.create_task(features.diagnostics.run(), name="diagnostics"),
                asyncio.create_task(room.run(), name="storage-quota"),
                asyncio.create_task(features.sso.watch.run(), name="sign-in-domains"),
                asyncio.create_task(features.sign_in.letters.run(), name="account-letters"),
            )
        )
        phone.start()
        addresses = await listen(config, app, metrics, limits, stack)
        stack.push_async_callback(phone.aclose)  # sockets end before their listeners do
        stack.callback(programs.feed.aclose)
        addresses["sip_edge"] = f"{config.sip_edge.host}:{calls.edge.port}"
        addresses["media"] = list(config.media.advertise)
        yield Gateway(
            features, calls.calls, phone, lifecycle, app, health, metrics, addresses, programs
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
    room: StorageQuota,
) -> web.Application:
    client = ClientInfo(config.http.trusted_proxies, config.allowed_origins)
    webapp = WebApp(config.http.webapp_dir)
    portal = WebApp(config.http.admin_dir, at="/admin")
    rates = RequestRates(features.quotas)
    scim = Scim(
        config,
        features.storage,
        features.audit,
        features.people.joiners,
        features.sessions,
        features.post,
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
            room=room,
        )
    )
    openapi.serve(app)
    scim.add_to(app, features.keys, rates)
    health.add_to(app)
    phone.attach(app)
    add_webapp(app, webapp, portal)
    return app


def _gauges(metrics: Metrics, phone: PhoneServer, calls: CallService, lag: LoopLag) -> None:
    metrics.gauge("offhook_sockets", "open client sockets", lambda: len(phone.sockets))
    metrics.gauge("offhook_calls", "live calls", calls.active)
    metrics.gauge("offhook_loop_lag_seconds", "worst of the last 10 s", lambda: lag.worst)


async def _purge(sessions: SessionKeeper) -> None:
    while True:
        try:
            await sessions.purge()
        except Exception:  # housekeeping must not end the gateway; it is tried again
            log.exception("session.purge_failed")
        await asyncio.sleep(_PURGE_EVERY)
