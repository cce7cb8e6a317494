"""What the gateway needs of the side that carries calls, and how it is opened."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol, runtime_checkable

from gateway.config import GatewayConfig
from gateway.link_ports import SiteLinks
from gateway.pbx_ports import PbxControl
from gateway.ports import CallPorts, CallService, ConnectorDirectory
from media.engine import MediaEngine


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
