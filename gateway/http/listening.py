"""The listeners: plain HTTP, HTTPS if configured, and the one of the metrics."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from typing import Any

from aiohttp import web

from gateway.config import GatewayConfig
from gateway.http.metrics import Metrics
from gateway.http.server import (
    ConnectionLimits,
    GuardedRunner,
    follow_certificate,
    tls_context,
)
from gateway.lifecycle import background
from protocols.aio.tls import CertificateFiles


async def listen(
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
