"""Put call control and the SIP edge together, and take them apart in reverse order."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from gateway.calls.service import Calls, CallsConfig, build
from gateway.config import GatewayConfig
from gateway.connectors.edge import EdgeConfig, SipEdge
from gateway.connectors.lamps import PACKAGE as LAMP
from gateway.connectors.lamps import LinkLamps
from gateway.connectors.status import StatusBoard
from gateway.ports import CallPorts
from media.engine import MediaEngine


@dataclass(frozen=True, slots=True)
class CallStack:
    calls: Calls
    connectors: StatusBoard
    edge: SipEdge


def edge_config(config: GatewayConfig) -> EdgeConfig:
    section = config.sip_edge
    return EdgeConfig(
        host=section.host,
        port=section.port,
        cert_file=section.cert,
        key_file=section.key,
        service_domain=section.service_domain,
        client_ca=section.client_ca,
    )


@asynccontextmanager
async def open_calls(
    config: GatewayConfig,
    ports: CallPorts,
    engine: MediaEngine,
    calls_config: CallsConfig | None = None,
) -> AsyncIterator[CallStack]:
    """The running call side of a gateway node; the engine belongs to the caller."""
    async with AsyncExitStack() as stack:
        edge = SipEdge(edge_config(config), tokens=ports.tokens)
        stack.push_async_callback(edge.aclose)
        calls = build(
            lines=ports.lines,
            directory=ports.directory,
            numbers=ports.numbers,
            journal=ports.journal,
            devices=ports.devices,
            events=ports.events,
            engine=engine,
            link=edge.link,
            setup_stage=ports.setup_stage,
            config=calls_config,
        )
        stack.push_async_callback(calls.shutdown)
        edge.on_call = calls.incoming
        lamps = LinkLamps(ports.lamps)
        stack.push_async_callback(lamps.aclose)
        edge.news[LAMP] = lamps.notified
        await edge.start()
        yield CallStack(calls, edge.directory, edge)
