"""The platform's messages as the link has them: same meaning, one notation.

Numbers become canonical, device names those of the link, private data goes, and what a platform
says in its own way is said in the standard's.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

from connector.mapping.devices import LinkNames
from protocols.csta.dialects import Dialect
from protocols.csta.events.device import (
    BackInServiceEvent,
    DeviceCapsChangedEvent,
    ForwardingEvent,
    OutOfServiceEvent,
)
from protocols.csta.ids import ConnectionId, Device
from protocols.csta.message import Event, Message
from protocols.csta.services.features import AgentStateEntry
from protocols.csta.shapes import ForwardListItem, ServicesPermitted

M = TypeVar("M", bound=Message)


class ToLink:
    """For one line."""

    def __init__(self, names: LinkNames, dialect: Dialect) -> None:
        self._names = names
        self._dialect = dialect

    def event(self, event: Event) -> Event | None:
        """None for what says nothing that the link has words for."""
        if isinstance(event, DeviceCapsChangedEvent):
            # OpenScape says it this way; the standard has events for it
            there = None if event.private is None else event.private.desk_phone
            if there is None:
                return None
            told = BackInServiceEvent if there else OutOfServiceEvent
            event = told(device=event.device)
        return replace(self.message(event), monitor_cross_ref_id=self._names.devices.line_id)

    def message(self, message: M) -> M:
        mapped: M = self._value(message)
        match mapped:
            case ForwardingEvent(forward_to=to) if to:
                return replace(mapped, forward_to=self._number(to))
            case _:
                return mapped

    def _value(self, value: Any) -> Any:
        match value:
            case ConnectionId():
                return self._names.connection(value)
            case Device():
                return self._names.device(value)
            case ServicesPermitted():
                return self._services(value)
            case AgentStateEntry(agent_group=group) if group:
                return replace(value, agent_group=self._names.name(group))
            case ForwardListItem():
                return replace(value, forward_dn=self._number(value.forward_dn))
            case tuple():
                return tuple(self._value(item) for item in value)
            case _ if is_dataclass(value) and not isinstance(value, type):
                return replace(value, **self._fields(value))
            case _:
                return value

    def _fields(self, value: Any) -> dict[str, Any]:
        changed = {
            item.name: self._value(getattr(value, item.name))
            for item in fields(value)
            if item.name != "private"
        }
        return {**changed, "private": None} if isinstance(value, Message) else changed

    def _number(self, text: str) -> str:
        return self._names.canonical(text) if text else ""

    def _services(self, services: ServicesPermitted) -> ServicesPermitted:
        if not self._dialect.holds_by_consultation:
            return services
        # what can be consulted can be held, and what can be reconnected retrieved
        more = {
            ours for theirs, ours in _BY_CONSULTATION.items() if theirs in services.call_control
        }
        return replace(services, call_control=services.call_control | more)


_BY_CONSULTATION = {"consultationCall": "holdCall"}
