"""Starts and stops the emulator."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable
from typing import Any

from emulator.config import EmulatorConfig
from emulator.console.app import ConsoleServer
from emulator.csta.face import CstaFace
from emulator.csta.notify import NotifyEdge
from emulator.csta.server import CstaServer
from emulator.pbx import Pbx
from emulator.plan.profiles import PROFILES
from protocols.aio.endpoint import Listener, SipEndpoint
from protocols.aio.tls import server_context

logger = logging.getLogger(__name__)


class Emulator:
    """A running PBX with its listeners; made by :func:`started`."""

    def __init__(self, config: EmulatorConfig, pbx: Pbx) -> None:
        self.config = config
        self.pbx = pbx
        self.csta = CstaFace(pbx)
        self.addresses: dict[str, Any] = {
            "sip_udp": None,
            "sip_tcp": None,
            "sip_tls": None,
            "console": None,
            "csta": None,
            "realm": config.sip.realm,
        }


@contextlib.asynccontextmanager
async def started(config: EmulatorConfig) -> AsyncIterator[Emulator]:
    """A PBX that serves inside the block and leaves nothing behind after it."""
    endpoint = SipEndpoint(user_agent=PROFILES[config.profile].server)
    async with contextlib.AsyncExitStack() as stack:
        stack.push_async_callback(endpoint.aclose)
        pbx = Pbx(config, endpoint)
        stack.push_async_callback(pbx.aclose)
        emulator = Emulator(config, pbx)
        await _listen(config, endpoint, emulator.addresses)
        stack.push_async_callback(emulator.csta.aclose)
        if config.csta.notify_user is not None:
            user, domain = config.csta.notify_user, config.sip.realm
            notify = NotifyEdge(pbx.agent, emulator.csta, user, domain)
            stack.push_async_callback(notify.aclose)
        if config.csta.port is not None:
            server = CstaServer(config.csta, emulator.csta)
            stack.push_async_callback(server.aclose)
            emulator.addresses["csta"] = await server.start()
        if config.console.enabled:
            console = ConsoleServer(config, pbx, emulator.csta)
            stack.push_async_callback(console.aclose)
            emulator.addresses["console"] = await console.start()
        yield emulator


async def _listen(config: EmulatorConfig, endpoint: SipEndpoint, addresses: dict[str, Any]) -> None:
    sip = config.sip
    if sip.udp_port is not None:
        listener = await endpoint.listen("UDP", sip.host, sip.udp_port)
        addresses["sip_udp"] = _shown(listener)
    if sip.tcp_port is not None:
        listener = await endpoint.listen("TCP", sip.host, sip.tcp_port)
        addresses["sip_tcp"] = _shown(listener)
    if sip.tls_port is not None and sip.cert_file is not None and sip.key_file is not None:
        context = server_context(sip.cert_file, sip.key_file)
        listener = await endpoint.listen("TLS", sip.host, sip.tls_port, context)
        addresses["sip_tls"] = _shown(listener)


def _shown(listener: Listener) -> str:
    host = f"[{listener.host}]" if ":" in listener.host else listener.host
    return f"{host}:{listener.port}"


async def run(
    config: EmulatorConfig, ready: Callable[[dict[str, Any]], None] | None = None
) -> None:
    """Serve until cancelled."""
    async with started(config) as emulator:
        logger.info("%s serves at %s", PROFILES[config.profile].title, emulator.addresses)
        if ready is not None:
            ready(emulator.addresses)
        await asyncio.get_running_loop().create_future()
