"""Everything a transaction can ask of the world around it.

The machines return these; the driver carries them out in order.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from protocols.sip.message import Message, Request, Response
from protocols.sip.txn.timers import Timer


@dataclass(frozen=True, slots=True)
class Send:
    """Put the message on the wire, to where this transaction talks."""

    message: Message


@dataclass(frozen=True, slots=True)
class SetTimer:
    """(Re)start the named timer; on expiry feed it back to the machine as an event."""

    timer: Timer
    delay: float


@dataclass(frozen=True, slots=True)
class StopTimer:
    timer: Timer


@dataclass(frozen=True, slots=True)
class ToUser:
    """Give the message to the transaction user (TU)."""

    message: Message


@dataclass(frozen=True, slots=True)
class Failed:
    """Tell the TU that the transaction ended without the peer's help."""

    cause: Literal["timeout", "transport", "cancelled"]


@dataclass(frozen=True, slots=True)
class Finished:
    """Forget the transaction and all its timers. Always the last effect."""


@dataclass(frozen=True, slots=True)
class Cancelled:
    """Layer: a CANCEL matched this INVITE before its final response (RFC 3261 9.2).

    The CANCEL itself was answered already; what becomes of the INVITE is up to the TU.
    """

    cancel: Request


@dataclass(frozen=True, slots=True)
class StrayAck:
    """Layer: an ACK that belongs to no transaction, so to a 2xx: for the TU (13.3.1.4)."""

    ack: Request
    peer: Any  # where it came from


@dataclass(frozen=True, slots=True)
class Stateless:
    """Layer: answer without a transaction; there are too many already."""

    response: Response
    peer: Any


Effect = Send | SetTimer | StopTimer | ToUser | Failed | Finished | Cancelled | StrayAck | Stateless
Effects = tuple[Effect, ...]
