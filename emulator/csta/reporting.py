"""Switch events as CSTA events, one for each monitored number that takes part.

Pure but for the names it keeps: the same switch event gives the same CSTA events. The order of
openscape.md (ServiceInitiated, Originated, Delivered, Established, ConnectionCleared) is the
switch's own; here each is written as its platform writes it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from emulator.csta.names import Names
from emulator.csta.permitted import PREFERENCE
from emulator.csta.quirks import Quirks
from emulator.plan.model import Extension
from emulator.switch.model import CallEvent, ConnectionId, Event, Setting, SettingEvent, State, What
from protocols.csta.events import call as ev
from protocols.csta.events import device as dev
from protocols.csta.ids import (
    NOT_KNOWN,
    NOT_REQUIRED,
    Device,
    DeviceStatus,
    Endpoint,
    RedirectionDevice,
)
from protocols.csta.message import Event as CstaEvent
from protocols.csta.shapes import (
    ConnectionListItem,
    PrimaryOrSecondaryCall,
    Private,
    ServicesPermitted,
)
from protocols.csta.values import Cause, ForwardingType, LocalConnectionState

Permitted = Callable[[str, str], ServicesPermitted]


class Reporter:
    """``permitted(call, number)`` tells what the number may ask for in a call now,
    ``withheld(call, device)`` whether a caller wants to stay unknown there."""

    def __init__(
        self,
        names: Names,
        quirks: Quirks,
        permitted: Permitted,
        withheld: Callable[[str, str], bool] = lambda _, __: False,
    ) -> None:
        self._names = names
        self._quirks = quirks
        self._permitted = permitted
        self._withheld = withheld

    def events(self, event: Event) -> Iterator[tuple[str, CstaEvent]]:
        """(monitored number, what its monitors are told)."""
        if isinstance(event, SettingEvent):
            yield from self._setting(event)
            return
        if event.what is What.TRANSFERRED:
            self._names.renamed(event.old[0].call, event.connection.call)
        for extension in self._watching(event):
            yield extension.number, self._call(event, extension)

    def _watching(self, event: CallEvent) -> list[Extension]:
        """Every number with a device in the call, each once, in the order of the call."""
        found: dict[str, Extension] = {}
        for device in event.states:
            owner = self._names.owner(device)
            if owner is not None:
                found.setdefault(owner.number, owner)
        if event.what is What.DIVERTED and event.to is not None:
            # who takes a call over hears of it when it has it
            taker, giver = (self._names.owner(d) for d in (event.to, event.connection.device))
            if taker is not None and taker is not giver:
                found.pop(taker.number, None)
        return list(found.values())

    # -- events about calls ------------------------------------------------------------------

    def _call(self, event: CallEvent, extension: Extension) -> CstaEvent:
        what, cause, device = event.what, event.cause, event.connection.device
        if what is What.FAILED and self._talks(event, extension):
            return self._move_failed(event, extension)
        owner = self._names.owner(device)
        if what is What.FAILED and owner is not None and self._talks(event, owner):
            what = What.CLEARED  # to the other party nothing has failed
        lost = event.states.get(device) is State.NULL and cause == Cause.NORMAL_CLEARING
        if what is What.FAILED and lost:
            what = What.CLEARED  # it stopped ringing; nothing failed for anybody
        own = device in extension.device_users
        if what is What.CLEARED and own and self._goes_on(event, extension):
            cause = self._quirks.lost_ring
        if what is What.DELIVERED and own and self._rings_already(event, extension):
            cause = self._quirks.second_ring
        kind, fields = _FIELDS[what]
        common: dict[str, Any] = {
            "local_connection_info": self._local(event, extension, what),
            "cause": cause,
            "services_permitted": self._permitted(event.connection.call, extension.number),
        }
        special = fields(self, event)
        foreign = self._names.owner(event.calling) is not extension
        named = "calling_device" in special and foreign
        if named and self._withheld(event.connection.call, event.calling):
            special["calling_device"] = Device(status=DeviceStatus.RESTRICTED)
        return kind(**common, **special)

    @staticmethod
    def _talks(event: CallEvent, extension: Extension) -> bool:
        """One device of the number speaks while another one of it was to take the call over."""
        own = [event.states.get(device) for device in extension.device_users]
        failing = event.connection.device in extension.device_users
        return failing and (State.CONNECTED in own or State.HOLD in own)

    def _move_failed(self, event: CallEvent, extension: Extension) -> CstaEvent:
        """The service was answered positively and failed later: the call is where it was."""
        call_id = event.connection.call
        talks = next(
            device
            for device in extension.device_users
            if event.states.get(device) in (State.CONNECTED, State.HOLD)
        )
        primary = PrimaryOrSecondaryCall(
            device_id=self._names.device_id(talks),
            connection_id=self._names.connection(call_id, talks),
            local_connection_state=LocalConnectionState(event.states[talks].value),
        )
        return ev.ServiceCompletionFailureEvent(
            primary_call=primary,
            cause=event.cause,
            services_permitted=self._permitted(call_id, extension.number),
        )

    @staticmethod
    def _goes_on(event: CallEvent, extension: Extension) -> bool:
        """Another device of this number is still in the call."""
        return any(
            event.states.get(device, State.NULL) is not State.NULL
            for device in extension.device_users
        )

    @staticmethod
    def _rings_already(event: CallEvent, extension: Extension) -> bool:
        return any(
            event.states.get(device) is State.ALERTING
            for device in extension.device_users
            if device != event.connection.device
        )

    @staticmethod
    def _local(event: CallEvent, extension: Extension, what: What) -> LocalConnectionState:
        """The state of the number's own connection: the one that the event is about, else the best.

        Where one of several own connections ends, the others' state tells that the call goes on.
        """
        states = {d: event.states[d] for d in extension.device_users if d in event.states}
        concerned = states.get(event.connection.device)
        if concerned is not None and concerned is not State.NULL and what is not What.CLEARED:
            return LocalConnectionState(concerned.value)
        left = [state for state in states.values() if state is not State.NULL]
        state = min(left, key=PREFERENCE.index, default=State.NULL)
        return LocalConnectionState(state.value)

    # -- what stands in each of them ---------------------------------------------------------

    def _id(self, connection: ConnectionId) -> Any:
        return self._names.connection(connection.call, connection.device)

    def _device(self, device: str | None) -> Device:
        return self._names.device(device) if device else NOT_KNOWN

    def _parties(self, event: CallEvent) -> dict[str, Any]:
        redirected = event.redirected_from
        return {
            "calling_device": self._device(event.calling),
            "called_device": self._names.number(event.called) if event.called else NOT_KNOWN,
            "last_redirection_device": RedirectionDevice(
                self._device(redirected).identifier, self._device(redirected).status
            )
            if redirected
            else NOT_REQUIRED,
        }

    def _initiated(self, event: CallEvent) -> dict[str, Any]:
        own = event.connection
        return {
            "initiated_connection": self._id(own),
            "initiating_device": self._device(own.device),
        }

    def _originated(self, event: CallEvent) -> dict[str, Any]:
        parties = self._parties(event)
        del parties["last_redirection_device"]
        return {"originated_connection": self._id(event.connection), **parties}

    def _offered(self, event: CallEvent) -> dict[str, Any]:
        return self._with_parties(event, "offered_connection", "offered_device")

    def _delivered(self, event: CallEvent) -> dict[str, Any]:
        return self._with_parties(event, "connection", "alerting_device")

    def _established(self, event: CallEvent) -> dict[str, Any]:
        return self._with_parties(event, "established_connection", "answering_device")

    def _failed(self, event: CallEvent) -> dict[str, Any]:
        return self._with_parties(event, "failed_connection", "failing_device")

    def _with_parties(self, event: CallEvent, connection: str, device: str) -> dict[str, Any]:
        return {
            connection: self._id(event.connection),
            device: self._device(event.connection.device),
            **self._parties(event),
        }

    def _queued(self, event: CallEvent) -> dict[str, Any]:
        return {
            "queued_connection": self._id(event.connection),
            "queue": self._device(event.to),
            **self._parties(event),
        }

    def _held(self, event: CallEvent) -> dict[str, Any]:
        own = event.connection
        return {"held_connection": self._id(own), "holding_device": self._device(own.device)}

    def _retrieved(self, event: CallEvent) -> dict[str, Any]:
        own = event.connection
        return {
            "retrieved_connection": self._id(own),
            "retrieving_device": self._device(own.device),
        }

    def _diverted(self, event: CallEvent) -> dict[str, Any]:
        to = event.to
        return {
            "connection": self._id(event.connection),
            "diverting_device": self._device(event.connection.device),
            "new_destination": self._names.number(to) if to else NOT_KNOWN,
            **self._parties(event),
        }

    def _cleared(self, event: CallEvent) -> dict[str, Any]:
        own = event.connection
        return {"dropped_connection": self._id(own), "releasing_device": self._device(own.device)}

    def _transferred(self, event: CallEvent) -> dict[str, Any]:
        return {
            **self._old(event),
            "transferring_device": self._device(event.connection.device),
            "transferred_to_device": self._device(event.to),
            "connections": self._listed(event),
        }

    def _conferenced(self, event: CallEvent) -> dict[str, Any]:
        return {
            **self._old(event),
            "conferencing_device": self._device(event.connection.device),
            "added_party": self._device(event.to),
            "connections": self._listed(event),
        }

    def _old(self, event: CallEvent) -> dict[str, Any]:
        primary, *rest = event.old or (event.connection,)
        secondary = {"secondary_old_call": self._id(rest[0])} if rest else {}
        return {"primary_old_call": self._id(primary), **secondary}

    def _listed(self, event: CallEvent) -> tuple[ConnectionListItem, ...]:
        return tuple(
            ConnectionListItem(
                new_connection=self._names.connection(event.connection.call, device),
                endpoint=Endpoint(shown.identifier, shown.status),
            )
            for device in event.parties
            for shown in (self._names.device(device),)
        )

    # -- events about an extension -----------------------------------------------------------

    def _setting(self, event: SettingEvent) -> Iterator[tuple[str, CstaEvent]]:
        number, device = event.device, self._names.device(event.device)
        match event.what:
            case Setting.DO_NOT_DISTURB:
                yield number, dev.DoNotDisturbEvent(device=device, do_not_disturb_on=event.on)
            case Setting.FORWARDING:
                forwarding = dev.ForwardingEvent(
                    device=device,
                    forwarding_type=ForwardingType(event.kind) if event.kind else None,
                    forward_status=event.on,
                    forward_to=event.to or "",
                )
                yield number, forwarding
            case Setting.MESSAGE_WAITING:
                lamp = dev.MessageWaitingEvent(target_device=device, message_waiting_on=event.on)
                yield number, lamp
            case Setting.CALL_BACK:
                yield (
                    number,
                    dev.CallBackEvent(
                        originating_device=device,
                        target_device=self._device(event.to),
                        call_back_set_canceled="callBackSet" if event.on else "callBackCanceled",
                    ),
                )
            case what if what.value in _OF_AGENTS:
                agent = _OF_AGENTS[what.value]
                yield number, agent(agent_device=device, agent_group=event.to)
            case Setting.BACK_IN_SERVICE | Setting.OUT_OF_SERVICE:
                yield from self._service(event)

    def _service(self, event: SettingEvent) -> Iterator[tuple[str, CstaEvent]]:
        """Only the desk phone is the number's; a client line comes and goes unnoticed."""
        owner = self._names.owner(event.device)
        if owner is None or event.device != owner.desk_user or owner.virtual_desk:
            return
        device = self._names.device(owner.number)
        kind = dev.BackInServiceEvent if event.on else dev.OutOfServiceEvent
        yield owner.number, kind(device=device)
        private = Private(desk_phone=event.on)
        yield owner.number, dev.DeviceCapsChangedEvent(device=device, private=private)


_OF_AGENTS: dict[str, type[dev.AgentEvent]] = {
    "agentLoggedOn": dev.AgentLoggedOnEvent,
    "agentLoggedOff": dev.AgentLoggedOffEvent,
}
#: Which event it is, and what stands in it beside the common part.
_FIELDS: dict[What, tuple[type[ev.CallEvent], Callable[[Reporter, CallEvent], dict[str, Any]]]] = {
    What.SERVICE_INITIATED: (ev.ServiceInitiatedEvent, Reporter._initiated),
    What.ORIGINATED: (ev.OriginatedEvent, Reporter._originated),
    What.OFFERED: (ev.OfferedEvent, Reporter._offered),
    What.DELIVERED: (ev.DeliveredEvent, Reporter._delivered),
    What.ESTABLISHED: (ev.EstablishedEvent, Reporter._established),
    What.HELD: (ev.HeldEvent, Reporter._held),
    What.RETRIEVED: (ev.RetrievedEvent, Reporter._retrieved),
    What.DIVERTED: (ev.DivertedEvent, Reporter._diverted),
    What.TRANSFERRED: (ev.TransferredEvent, Reporter._transferred),
    What.CONFERENCED: (ev.ConferencedEvent, Reporter._conferenced),
    What.FAILED: (ev.FailedEvent, Reporter._failed),
    What.QUEUED: (ev.QueuedEvent, Reporter._queued),
    What.CLEARED: (ev.ConnectionClearedEvent, Reporter._cleared),
}
