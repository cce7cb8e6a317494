"""What carries CSTA between the client and the PBX: a stream, or SIP."""

from __future__ import annotations

from typing import Protocol

from protocols.csta.link import Garbled, Incoming
from protocols.csta.message import Message


class Peer(Protocol):
    """The client, as its carrier sees it."""

    def opened(self) -> None:
        """Messages can be sent."""

    def received(self, received: Incoming | Garbled) -> None: ...


class Carrier(Protocol):
    async def carry(self, peer: Peer) -> str:
        """Connect, stay until it ends, say why it did. Raises OSError if there is no connection."""

    def send(self, invoke_id: int, message: Message) -> None:
        """Nothing when not connected. Raises LocalError for what cannot be written."""

    def close(self, reason: str) -> None:
        """`carry` returns the reason."""
