"""A small switching function that always tells the truth: the events and snapshots of one device.

It knows nothing of the code under test but the message types. Operations return the events that
the monitor of `ME` reports, in order.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from protocols.csta.events.call import (
    CallEvent,
    ConferencedEvent,
    ConnectionClearedEvent,
    DeliveredEvent,
    DivertedEvent,
    EstablishedEvent,
    FailedEvent,
    HeldEvent,
    OriginatedEvent,
    RetrievedEvent,
    ServiceInitiatedEvent,
    TransferredEvent,
)
from protocols.csta.ids import NOT_REQUIRED, ConnectionId, Device, Endpoint
from protocols.csta.services.monitoring import SnapshotCallResponse, SnapshotDeviceResponse
from protocols.csta.shapes import (
    ConnectionListItem,
    ServicesPermitted,
    SnapshotCallItem,
    SnapshotDeviceItem,
)
from protocols.csta.values import LocalConnectionState as State

ME = "4989700100"
FAR = ("4989700101", "4989700102", "4989700103", "4930555", "+4312345")


class Draw(Protocol):
    def __call__(self, choices: list[object]) -> object: ...


@dataclass
class TrueCall:
    call_id: str
    state: State
    incoming: bool
    far: dict[str, State] = field(default_factory=dict)
    conference: bool = False

    @property
    def talking(self) -> bool:
        return self.state in (State.CONNECTED, State.HOLD) and State.ALERTING not in (
            self.far.values()
        )


def shown(number: str) -> Device:
    return Device(f"N<{number}>Name {number[-2:]};displayNumber={number[-3:]};noa=nk")


@dataclass
class Switch:
    calls: dict[str, TrueCall] = field(default_factory=dict)
    made: int = 0

    def _new(self, state: State, incoming: bool, far: dict[str, State]) -> TrueCall:
        self.made += 1
        call_id = f"FF{self.made:04X}00"
        self.calls[call_id] = TrueCall(call_id, state, incoming, far)
        return self.calls[call_id]

    def services(self, call: TrueCall) -> ServicesPermitted:
        allowed = {
            State.ALERTING: ("answerCall", "deflectCall"),
            State.HOLD: ("retrieveCall", "clearConnection"),
            State.CONNECTED: ("holdCall", "clearConnection")
            if call.talking
            else ("clearConnection",),
        }.get(call.state, ("clearConnection",))
        return ServicesPermitted(call_control=frozenset(allowed))

    def _event(
        self, kind: type[CallEvent], call: TrueCall, cause: str, **more: object
    ) -> CallEvent:
        return kind(  # type: ignore[call-arg]
            monitor_cross_ref_id="1",
            local_connection_info=call.state,
            cause=cause,
            services_permitted=self.services(call),
            **more,
        )

    # -- what happens

    def rings(self, number: str) -> list[CallEvent]:
        call = self._new(State.ALERTING, True, {number: State.CONNECTED})
        return [
            self._event(
                DeliveredEvent,
                call,
                "newCall",
                connection=ConnectionId(call.call_id, ME),
                alerting_device=shown(ME),
                calling_device=shown(number),
                called_device=shown(ME),
                last_redirection_device=NOT_REQUIRED,
            )
        ]

    def answer(self, call: TrueCall) -> list[CallEvent]:
        call.state = State.CONNECTED
        (number,) = call.far
        return [self._established(call, shown(ME), shown(number), ME)]

    def _established(
        self, call: TrueCall, answering: Device, calling: Device, number: str
    ) -> CallEvent:
        return self._event(
            EstablishedEvent,
            call,
            "newCall",
            established_connection=ConnectionId(call.call_id, number),
            answering_device=answering,
            calling_device=calling,
            called_device=answering,
        )

    def divert(self, call: TrueCall) -> list[CallEvent]:
        del self.calls[call.call_id]
        call.state = State.NULL
        connection = ConnectionId(call.call_id, ME)
        return [
            self._event(
                DivertedEvent,
                call,
                "redirected",
                connection=connection,
                diverting_device=shown(ME),
                new_destination=shown("4989700900"),
            )
        ]

    def dial(self, number: str) -> list[CallEvent]:
        call = self._new(State.INITIATED, False, {})
        connection = ConnectionId(call.call_id, ME)
        events = [
            self._event(
                ServiceInitiatedEvent,
                call,
                "makeCall",
                initiated_connection=connection,
                initiating_device=shown(ME),
            )
        ]
        call.state, call.far = State.CONNECTED, {number: State.ALERTING}
        events.append(
            self._event(
                OriginatedEvent,
                call,
                "newCall",
                originated_connection=connection,
                calling_device=Device(ME),
                called_device=shown(number),
            )
        )
        events.append(
            self._event(
                DeliveredEvent,
                call,
                "newCall",
                connection=ConnectionId(call.call_id, number),
                alerting_device=shown(number),
                calling_device=shown(ME),
                called_device=shown(number),
            )
        )
        return events

    def far_answers(self, call: TrueCall) -> list[CallEvent]:
        (number,) = call.far
        call.far[number] = State.CONNECTED
        return [self._established(call, shown(number), shown(ME), number)]

    def far_fails(self, call: TrueCall) -> list[CallEvent]:
        (number,) = call.far
        failed = self._event(
            FailedEvent,
            call,
            "busy",
            failed_connection=ConnectionId(call.call_id, number),
            failing_device=shown(number),
            calling_device=shown(ME),
            called_device=shown(number),
        )
        return [failed, *self.clear(call)]

    def hold(self, call: TrueCall) -> list[CallEvent]:
        call.state = State.HOLD
        return [self._held(call, ME)]

    def retrieve(self, call: TrueCall) -> list[CallEvent]:
        call.state = State.CONNECTED
        return [self._retrieved(call, ME)]

    def far_holds(self, call: TrueCall, number: str) -> list[CallEvent]:
        call.far[number] = State.HOLD
        return [self._held(call, number)]

    def far_retrieves(self, call: TrueCall, number: str) -> list[CallEvent]:
        call.far[number] = State.CONNECTED
        return [self._retrieved(call, number)]

    def _held(self, call: TrueCall, number: str) -> CallEvent:
        connection = ConnectionId(call.call_id, number)
        return self._event(
            HeldEvent, call, "normal", held_connection=connection, holding_device=shown(number)
        )

    def _retrieved(self, call: TrueCall, number: str) -> CallEvent:
        return self._event(
            RetrievedEvent,
            call,
            "normal",
            retrieved_connection=ConnectionId(call.call_id, number),
            retrieving_device=shown(number),
        )

    def clear(self, call: TrueCall) -> list[CallEvent]:
        del self.calls[call.call_id]
        call.state = State.NULL
        return [self._dropped(call, ME)]

    def far_leaves(self, call: TrueCall, number: str) -> list[CallEvent]:
        del call.far[number]
        call.conference = len(call.far) > 1
        if call.far:
            return [self._dropped(call, number)]
        del self.calls[call.call_id]
        call.state = State.NULL
        return [self._dropped(call, number)]

    def _dropped(self, call: TrueCall, number: str) -> CallEvent:
        return self._event(
            ConnectionClearedEvent,
            call,
            "normalClearing",
            dropped_connection=ConnectionId(call.call_id, number),
            releasing_device=shown(number),
        )

    def transfer(self, held: TrueCall, active: TrueCall) -> list[CallEvent]:
        """The two far parties talk, we are out."""
        del self.calls[held.call_id], self.calls[active.call_id]
        held.state = State.NULL
        far = {**held.far, **active.far}
        return [
            self._event(
                TransferredEvent,
                held,
                "transfer",
                primary_old_call=ConnectionId(held.call_id, ME),
                secondary_old_call=ConnectionId(active.call_id, ME),
                transferring_device=shown(ME),
                transferred_to_device=shown(next(iter(active.far))),
                connections=self._listed("03" + held.call_id[2:], [*far]),
            )
        ]

    def far_transfers(self, call: TrueCall, to: str) -> list[CallEvent]:
        """Our partner gives us to someone else, under a new id."""
        (number,) = call.far
        del self.calls[call.call_id]
        old, self.made = call.call_id, self.made + 1
        call.call_id = f"03{self.made:04X}00"
        call.far = {to: State.CONNECTED}
        self.calls[call.call_id] = call
        return [
            self._event(
                TransferredEvent,
                call,
                "singleStepTransfer",
                primary_old_call=ConnectionId(old, number),
                transferring_device=shown(number),
                transferred_to_device=shown(to),
                connections=self._listed(call.call_id, [to, ME]),
            )
        ]

    def conference(self, held: TrueCall, active: TrueCall) -> list[CallEvent]:
        """`active` goes on as the conference."""
        del self.calls[held.call_id]
        active.far = {**held.far, **active.far}
        active.conference = len(active.far) > 1
        active.state = State.CONNECTED
        for number in active.far:
            active.far[number] = State.CONNECTED
        return [
            self._event(
                ConferencedEvent,
                active,
                "conference",
                primary_old_call=ConnectionId(held.call_id, ME),
                secondary_old_call=ConnectionId(active.call_id, ME),
                conferencing_device=shown(ME),
                added_party=shown(next(reversed(active.far))),
                connections=self._listed(active.call_id, [*active.far, ME]),
            )
        ]

    def _listed(self, call_id: str, numbers: list[str]) -> tuple[ConnectionListItem, ...]:
        return tuple(
            ConnectionListItem(
                new_connection=ConnectionId(call_id, number),
                endpoint=Endpoint(shown(number).identifier),
            )
            for number in numbers
        )

    # -- what may happen next, and what is true now

    def step(self, draw: Draw) -> list[CallEvent]:
        """One operation that is possible now."""
        options: list[object] = []
        if len(self.calls) < 3:
            options += [("rings",), ("dial",)]
        for call in self.calls.values():
            options += [(name, call) for name in self._possible(call)]
        held = [c for c in self.calls.values() if c.state is State.HOLD and c.talking]
        active = [c for c in self.calls.values() if c.state is State.CONNECTED and c.talking]
        pairs = [(h, a) for h in held for a in active if not (h.far.keys() & a.far.keys())]
        options += [("conference", h, a) for h, a in pairs]
        options += [("transfer", h, a) for h, a in pairs if not (h.conference or a.conference)]
        name, *about = draw(options)  # type: ignore[misc]
        return self._perform(str(name), about, draw)

    def _perform(self, name: str, about: list[TrueCall], draw: Draw) -> list[CallEvent]:
        if name in ("rings", "dial"):
            busy = {number for call in self.calls.values() for number in call.far}
            about = [draw([number for number in FAR if number not in busy])]  # type: ignore[list-item]
        elif name in ("far_holds", "far_retrieves", "far_leaves"):
            states = {"far_holds": State.CONNECTED, "far_retrieves": State.HOLD}
            wanted = states.get(name)
            far = [n for n, s in about[0].far.items() if wanted is None or s is wanted]
            about = [about[0], draw(list(far))]  # type: ignore[list-item]
        elif name == "far_transfers":
            busy = {number for call in self.calls.values() for number in call.far}
            about = [about[0], draw([n for n in FAR if n not in busy])]  # type: ignore[list-item]
        events: list[CallEvent] = getattr(self, name)(*about)
        return events

    def _possible(self, call: TrueCall) -> list[str]:
        if call.state is State.ALERTING:
            return ["answer", "divert", "far_leaves"]
        if not call.talking:
            return ["far_answers", "far_fails", "clear"]
        names = ["clear", "far_leaves", "hold" if call.state is State.CONNECTED else "retrieve"]
        if State.CONNECTED in call.far.values():
            names.append("far_holds")
        if State.HOLD in call.far.values():
            names.append("far_retrieves")
        if not call.conference and call.state is State.CONNECTED:
            names.append("far_transfers")
        return names

    def device_snapshot(self) -> SnapshotDeviceResponse:
        return SnapshotDeviceResponse(
            calls=tuple(
                SnapshotDeviceItem(
                    connection_identifier=ConnectionId(call.call_id, ME),
                    states=(call.state, *call.far.values()),
                    services_permitted=self.services(call),
                )
                for call in self.calls.values()
            )
        )

    def call_snapshot(self, call_id: str) -> SnapshotCallResponse:
        call = self.calls[call_id]
        far = [
            SnapshotCallItem(
                device_on_call=shown(number),
                call_identifier=ConnectionId(call_id, number),
                local_connection_info=state,
            )
            for number, state in call.far.items()
        ]
        me = SnapshotCallItem(
            device_on_call=shown(ME),
            call_identifier=ConnectionId(call_id, ME),
            local_connection_info=call.state,
        )
        first = next(iter(call.far), None)
        other = shown(first) if first else None
        return SnapshotCallResponse(
            endpoints=(me, *far),
            calling_device=other if call.incoming else shown(ME),
            called_device=shown(ME) if call.incoming else other,
        )

    def truth(self) -> dict[str, tuple[object, ...]]:
        """What a view must agree with."""
        return {
            call.call_id: (
                call.state,
                frozenset(call.far),
                frozenset(number for number, state in call.far.items() if state is State.HOLD),
                call.conference,
                call.talking,
                call.incoming,
            )
            for call in self.calls.values()
        }
