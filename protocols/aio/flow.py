"""A flow: one pair of transport addresses over which SIP messages travel both ways.

RFC 5626 section 3 calls this a flow: a TCP or TLS connection, or, for UDP, the local
socket together with the peer's address. Everything above names a flow object, never a
socket, so a registrar can bind a contact to "the way it came in".
"""

from __future__ import annotations

import itertools
import logging
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any, Literal, NamedTuple

logger = logging.getLogger(__name__)

Transport = Literal["UDP", "TCP", "TLS"]

_ids = itertools.count(1)


class Address(NamedTuple):
    """A numeric host and a port. IPv6 hosts are kept without brackets."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


class FlowClosedError(ConnectionError):
    """Raised by `Flow.send` when the flow can carry nothing any more."""


class Flow(ABC):
    """One flow. Created by the endpoint only; applications hold it and compare identity.

    `context` belongs to the application: the proven site of a connector link, for example.
    """

    __slots__ = (
        "__weakref__",
        "close_reason",
        "context",
        "heard_at",
        "id",
        "local",
        "peer",
        "round_trip",
        "transport",
    )

    def __init__(self, transport: Transport, local: Address, peer: Address) -> None:
        self.id = f"{transport.lower()}-{next(_ids)}"
        self.transport: Transport = transport
        self.local = local
        self.peer = peer
        self.context: Any = None
        self.close_reason: str | None = None
        #: When the peer was heard last, by the loop's clock; None: never.
        self.heard_at: float | None = None
        #: Seconds from the last keep-alive ping to its pong; None: not measured.
        self.round_trip: float | None = None

    @property
    def reliable(self) -> bool:
        """Whether the transport retransmits for us (RFC 3261 section 17.1.1.2)."""
        return self.transport != "UDP"

    @property
    def secure(self) -> bool:
        return self.transport == "TLS"

    @property
    def alive(self) -> bool:
        return self.close_reason is None

    @property
    def peer_certificate(self) -> dict[str, Any] | None:
        """The verified certificate of the peer as `ssl.SSLSocket.getpeercert()` gives it."""
        return None

    @property
    def tls_version(self) -> str | None:
        """What was negotiated: ``TLSv1.3``; None without TLS."""
        return None

    @abstractmethod
    def send(self, data: bytes) -> None:
        """Queue `data` for the peer. Raises `FlowClosedError` when the flow is gone."""

    @abstractmethod
    def close(self, reason: str) -> None:
        """End the flow; the endpoint's `on_flow_closed` tells everyone once."""

    @abstractmethod
    def start_keepalive(self, interval: float = 25.0, pong_timeout: float = 10.0) -> None:
        """Send CRLFCRLF every `interval` seconds; no CRLF back in time closes the flow.

        RFC 5626 section 4.4.1. UDP flows send the ping as a NAT refresh but expect no pong.
        """

    def __repr__(self) -> str:
        state = "" if self.alive else f" closed: {self.close_reason}"
        return f"<{type(self).__name__} {self.id} {self.local} <-> {self.peer}{state}>"


OnFlowClosed = Callable[[Flow, str], None]
