"""The in-process bus: typed events from whoever knows to whoever cares.

Delivery is in order, in the publisher's own step, and a listener that fails harms neither the
publisher nor the next listener. An implementation over several nodes keeps these rules per node.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import structlog

from gateway.pbx_ports import Forwarding, HuntGroup
from gateway.ports import UserKey

log = structlog.get_logger(__name__)

E = TypeVar("E")


@dataclass(frozen=True, slots=True)
class ClientEvent:
    """An event of api.md for one user's devices, or for one device."""

    user: UserKey
    device_id: str | None
    event: str
    payload: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SessionRevoked:
    """Sign-out, reuse of a refresh token, a disabled user: its sockets close."""

    tenant_id: str
    user_id: str
    session_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class SignedIn:
    """By password or another proof; a page that is loaded anew does not sign in."""

    user: UserKey


@dataclass(frozen=True, slots=True)
class PersonErased:
    """Committed: what is remembered of them in memory goes as well."""

    user: UserKey


@dataclass(frozen=True, slots=True)
class DevicesChanged:
    """A device of the user has come online or gone offline."""

    user: UserKey


@dataclass(frozen=True, slots=True)
class PresenceShown:
    """How a user is seen has changed: ``seen`` by those in ``audience`` (None: by all of the
    tenant), ``hidden`` by the others."""

    user: UserKey
    seen: Mapping[str, Any]
    hidden: Mapping[str, Any]
    audience: frozenset[str] | None


@dataclass(frozen=True, slots=True)
class AnnouncementsChanged:
    """``tenant_id`` None: the operator's, which everybody sees."""

    tenant_id: str | None


@dataclass(frozen=True, slots=True)
class ApiKeyRevoked:
    tenant_id: str
    site_id: str
    key_id: str


@dataclass(frozen=True, slots=True)
class PbxFeatureChanged:
    """What the PBX says of a user's extension, whoever changed it. ``None``: nobody knows.

    The whole of what is known, told when one part has changed, when the PBX or the line has been
    lost for good, and again after a link came back.
    """

    user: UserKey
    do_not_disturb: bool | None = None
    forwarding: tuple[Forwarding, ...] | None = None
    message_waiting: bool | None = None
    desk_phone_in_service: bool | None = None
    hunt_groups: tuple[HuntGroup, ...] = ()


@dataclass(frozen=True, slots=True)
class PbxReachable:
    """The control side of a site's PBX answers again, or no more: capabilities have changed."""

    tenant_id: str
    site_id: str
    reachable: bool


@dataclass(frozen=True, slots=True)
class SiteConfigChanged:
    """What the site's connector works by has changed, and is committed: it is told to fetch it."""

    tenant_id: str
    site_id: str


class Bus:
    def __init__(self) -> None:
        self._listeners: dict[type, list[Callable[[Any], None]]] = defaultdict(list)

    def subscribe(self, kind: type[E], listener: Callable[[E], None]) -> None:
        self._listeners[kind].append(listener)

    def publish(self, event: object) -> None:
        for listener in self._listeners[type(event)]:
            try:
                listener(event)
            except Exception:  # a listener's fault must not reach the publisher
                log.exception("bus.listener_failed", kind=type(event).__name__)


class BusEventSink:
    """Implements the ``EventSink`` port: events leave by whatever listens for ``ClientEvent``."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus

    def to_user(self, user: UserKey, event: str, payload: Mapping[str, Any]) -> None:
        self._bus.publish(ClientEvent(user, None, event, payload))

    def to_device(
        self, user: UserKey, device_id: str, event: str, payload: Mapping[str, Any]
    ) -> None:
        self._bus.publish(ClientEvent(user, device_id, event, payload))
