"""Calls and connections as ECMA-269 sees them, and the events that tell of them.

A call is a set of connections; a connection is one device's part in it and has a local state.
Devices are opaque names: which of them belong to one extension is the dial plan's matter.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType


class State(StrEnum):
    """ECMA-269 local connection state."""

    NULL = "null"
    INITIATED = "initiated"
    ALERTING = "alerting"
    CONNECTED = "connected"
    HOLD = "hold"
    QUEUED = "queued"
    FAIL = "fail"


class What(StrEnum):
    """Kinds of events about calls."""

    SERVICE_INITIATED = "serviceInitiated"
    ORIGINATED = "originated"
    OFFERED = "offered"
    DELIVERED = "delivered"
    ESTABLISHED = "established"
    HELD = "held"
    RETRIEVED = "retrieved"
    DIVERTED = "diverted"
    TRANSFERRED = "transferred"
    CONFERENCED = "conferenced"
    FAILED = "failed"
    QUEUED = "queued"
    CLEARED = "connectionCleared"


class SwitchError(Exception):
    """An operation that this state does not allow; ``reason`` is the CSTA error value."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(detail or reason)
        self.reason = reason


@dataclass(frozen=True, slots=True, order=True)
class ConnectionId:
    call: str
    device: str


@dataclass(slots=True)
class Call:
    """``connections`` holds what is not null. ``recall_to``: who gets the call back when a single
    step transfer fails."""

    id: str
    calling: str
    called: str = ""
    redirected_from: str | None = None
    recall_to: str | None = None
    parked_at: str | None = None
    connections: dict[str, State] = field(default_factory=dict)

    def at(self, *states: State) -> list[str]:
        return [device for device, state in self.connections.items() if state in states]


@dataclass(frozen=True, slots=True)
class CallEvent:
    """One event, told to every device in ``states``, with that device's local connection state.

    ``old`` are the calls that a transfer or a conference ended; ``parties`` who is in the new one.
    """

    what: What
    at: float
    connection: ConnectionId
    cause: str
    calling: str
    called: str
    states: Mapping[str, State]
    redirected_from: str | None = None
    to: str | None = None
    old: tuple[ConnectionId, ...] = ()
    parties: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "states", MappingProxyType(dict(self.states)))


class Setting(StrEnum):
    """Kinds of events about an extension."""

    DO_NOT_DISTURB = "doNotDisturb"
    FORWARDING = "forwarding"
    MESSAGE_WAITING = "messageWaiting"
    BACK_IN_SERVICE = "backInService"
    OUT_OF_SERVICE = "outOfService"
    AGENT_LOGGED_ON = "agentLoggedOn"  # to the hunt group in ``to``
    AGENT_LOGGED_OFF = "agentLoggedOff"
    CALL_BACK = "callBack"  # ``to`` is whom the extension waits for


@dataclass(frozen=True, slots=True)
class SettingEvent:
    what: Setting
    at: float
    device: str
    on: bool
    kind: str | None = None  # of a forwarding
    to: str | None = None


Event = CallEvent | SettingEvent
