"""What programs use: call control for a user, and the stream of a tenant's events."""

from __future__ import annotations

from dataclasses import dataclass

from gateway.config import GatewayConfig
from gateway.features.call_control.api import CallControlApi
from gateway.features.call_control.service import CallControl
from gateway.features.event_stream.api import EventStreamApi
from gateway.features.event_stream.service import EventFeed
from gateway.lifecycle import Lifecycle
from gateway.ports import ConnectorStatus
from gateway.realtime.snapshot import connector_json
from gateway.wiring.call_side import CallStack
from gateway.wiring.features import Features


@dataclass(frozen=True, slots=True)
class Programs:
    """``feed`` is closed by main before its listeners are."""

    feed: EventFeed
    apis: tuple[object, ...]


def build_programs(
    config: GatewayConfig, features: Features, stack: CallStack, lifecycle: Lifecycle
) -> Programs:
    feed = EventFeed(features.bus, features.keys, config.realtime.session_check)

    def connector_changed(tenant_id: str, status: ConnectorStatus) -> None:
        feed.connector_changed(tenant_id, status.site_id, connector_json(status))

    stack.connectors.subscribe(connector_changed)
    control = CallControl(
        features.storage,
        features.people.service,
        features.online,
        stack.calls,
        features.audit,
        lifecycle.admits,
    )
    return Programs(feed, (CallControlApi(control), EventStreamApi(feed)))
