"""Transfers, conferences, features and snapshots in the view of a device."""

from __future__ import annotations

from dataclasses import replace

import pytest

from protocols.csta.events.call import (
    ConferencedEvent,
    ConnectionClearedEvent,
    EstablishedEvent,
    HeldEvent,
    OriginatedEvent,
    TransferredEvent,
)
from protocols.csta.events.device import (
    AgentReadyEvent,
    BackInServiceEvent,
    DeviceCapsChangedEvent,
    DoNotDisturbEvent,
    ForwardingEvent,
    MessageWaitingEvent,
    OutOfServiceEvent,
)
from protocols.csta.ids import ConnectionId, Device
from protocols.csta.message import Response
from protocols.csta.services.features import (
    GetAgentStateResponse,
    GetDoNotDisturbResponse,
    GetForwardingResponse,
    GetMessageWaitingIndicatorResponse,
    SetDoNotDisturbResponse,
)
from protocols.csta.services.monitoring import SnapshotCallResponse, SnapshotDeviceResponse
from protocols.csta.services.system import GetLogicalDeviceInformationResponse
from protocols.csta.shapes import (
    ConnectionListItem,
    ForwardListItem,
    HuntGroupState,
    Private,
    ServicesPermitted,
    SnapshotCallItem,
    SnapshotDeviceItem,
)
from protocols.csta.values import ForwardingType
from protocols.csta.values import LocalConnectionState as State
from protocols.csta.view.changes import CallChanged, CallEnded, FeaturesChanged, changes
from protocols.csta.view.features import learn
from protocols.csta.view.model import Direction, Ended, Party, new_view
from protocols.csta.view.snapshots import complete, reconcile
from tests.support.csta_view_events import CALLER, ME, OWN, TALKING, answered, ringing, run


def moved(new_id: str, *numbers: str) -> tuple[ConnectionListItem, ...]:
    return tuple(ConnectionListItem(new_connection=ConnectionId(new_id, n)) for n in numbers)


def test_a_blind_transfer_that_fails_brings_the_call_back() -> None:
    away = TransferredEvent(
        primary_old_call=ConnectionId("A1", ME),
        transferring_device=OWN,
        local_connection_info=State.NULL,
        cause="singleStepTransfer",
    )
    view = run(TALKING, away)
    assert (view.calls, view.doubtful) == ((), False)
    back = replace(answered(), cause="recall")
    view = run(view, back)
    assert (view.calls[0].state, view.end_of("A1")) == (State.CONNECTED, None)


def test_our_partner_gives_us_to_someone_else() -> None:
    event = TransferredEvent(
        primary_old_call=ConnectionId("A1", "4930555"),
        transferring_device=CALLER,
        connections=moved("03A1", "4312345", ME),
        local_connection_info=State.CONNECTED,
    )
    view = run(TALKING, event)
    (call,) = view.calls
    assert (call.call_id, call.parties, call.direction) == (
        "03A1",
        (Party("4312345"),),
        Direction.IN,
    )
    assert view.ended == (Ended("A1", None, "03A1"),)
    assert [type(change) for change in changes(TALKING, view)][1:] == [CallEnded]


def test_a_conference_keeps_names_and_shrinks_to_two() -> None:
    second = run(
        TALKING,
        HeldEvent(
            held_connection=ConnectionId("A1", ME),
            holding_device=OWN,
            local_connection_info=State.HOLD,
        ),
        OriginatedEvent(originated_connection=ConnectionId("B1", ME), calling_device=OWN),
        EstablishedEvent(
            established_connection=ConnectionId("B1", "4989700102"),
            answering_device=Device("N<4989700102>Carla"),
            calling_device=OWN,
        ),
    )
    event = ConferencedEvent(
        primary_old_call=ConnectionId("A1", ME),
        secondary_old_call=ConnectionId("B1", ME),
        connections=moved("B1", "4930555", "4989700102", ME),
        local_connection_info=State.CONNECTED,
        cause="conference",
    )
    view = run(second, event)
    (call,) = view.calls
    assert (call.call_id, call.conference) == ("B1", True)
    assert call.parties == (Party("4930555", "Doe"), Party("4989700102", "Carla"))
    holds = HeldEvent(
        held_connection=ConnectionId("B1", "4930555"),
        holding_device=CALLER,
        local_connection_info=State.CONNECTED,
    )
    leaves = ConnectionClearedEvent(
        dropped_connection=ConnectionId("B1", "4930555"), local_connection_info=State.CONNECTED
    )
    view = run(view, holds)
    assert view.calls[0].held_by == {"4930555"}
    view = run(view, leaves)
    assert view.calls[0].held_by == frozenset()
    assert (view.calls[0].conference, view.calls[0].parties) == (
        False,
        (Party("4989700102", "Carla"),),
    )
    assert not view.doubtful


def test_a_transfer_of_calls_that_nobody_told_us_of() -> None:
    event = TransferredEvent(
        primary_old_call=ConnectionId("Q1", "5"),
        connections=moved("Q2", "4312345", ME),
        local_connection_info=State.CONNECTED,
    )
    view = run(new_view(ME), event)
    assert (view.calls[0].call_id, view.calls[0].incomplete, view.doubtful) == ("Q2", True, True)
    nameless = TransferredEvent(primary_old_call=ConnectionId())
    assert run(new_view(ME), nameless) == new_view(ME).in_doubt()


def test_a_transfer_into_a_call_that_has_ended_already() -> None:
    ended = ConnectionClearedEvent(
        dropped_connection=ConnectionId("03A1", ME), local_connection_info=State.NULL
    )
    event = TransferredEvent(
        primary_old_call=ConnectionId("A1", "4930555"),
        transferring_device=CALLER,
        connections=moved("03A1", "4312345", ME),
        local_connection_info=State.CONNECTED,
    )
    view = run(TALKING, ended, event)
    assert (view.calls, view.doubtful) == ((), True)


def test_a_consultation_that_rings_here_becomes_the_transferred_call() -> None:
    event = TransferredEvent(
        primary_old_call=ConnectionId("Q1", "4989700101"),
        secondary_old_call=ConnectionId("A1", ME),
        transferring_device=CALLER,
        connections=moved("03A1", "4312345", ME),
        local_connection_info=State.ALERTING,
    )
    view = run(new_view(ME), ringing(), event)
    (call,) = view.calls
    assert (call.call_id, call.state, call.answered) == ("03A1", State.ALERTING, False)
    assert not view.doubtful
    again = replace(event, local_connection_info=State.CONNECTED)
    assert run(new_view(ME), ringing(), again).doubtful  # its answer was missed


def test_a_conference_of_two_is_a_call() -> None:
    event = ConferencedEvent(
        primary_old_call=ConnectionId("A1", ME),
        connections=moved("A1", "4930555", ME),
        local_connection_info=State.CONNECTED,
    )
    assert not run(TALKING, event).calls[0].conference


def test_features() -> None:
    device = Device(ME)
    view = run(
        new_view(ME),
        DoNotDisturbEvent(device=device, do_not_disturb_on=True),
        MessageWaitingEvent(target_device=device, message_waiting_on=True),
        OutOfServiceEvent(device=device),
        ForwardingEvent(forwarding_type=ForwardingType.BUSY, forward_status=True, forward_to="5"),
        ForwardingEvent(forwarding_type=ForwardingType.IMMEDIATE, forward_status=False),
        ForwardingEvent(forwarding_type=ForwardingType.BUSY, forward_status=True, forward_to="6"),
        AgentReadyEvent(private=Private(hunt_groups=(HuntGroupState(name="Sales", busy=False),))),
    )
    assert (view.do_not_disturb, view.message_waiting, view.in_service) == (True, True, False)
    assert [(item.forwarding_type, item.forward_dn) for item in view.forwarding] == [
        (ForwardingType.IMMEDIATE, ""),
        (ForwardingType.BUSY, "6"),
    ]
    assert view.hunt_groups[0].name == "Sales"
    assert run(view, BackInServiceEvent()).in_service is True
    caps = DeviceCapsChangedEvent(private=Private(desk_phone=True))
    assert run(view, caps).in_service is True
    assert run(view, DeviceCapsChangedEvent()) == view
    assert changes(new_view(ME), view) == [FeaturesChanged(view)]


@pytest.mark.parametrize(
    ("response", "field", "value"),
    [
        (GetDoNotDisturbResponse(do_not_disturb_on=False), "do_not_disturb", False),
        (GetMessageWaitingIndicatorResponse(message_waiting_on=True), "message_waiting", True),
        (GetLogicalDeviceInformationResponse(has_physical_element=False), "in_service", False),
        (SnapshotDeviceResponse(private=Private(desk_phone=True)), "in_service", True),
        (
            GetForwardingResponse(forwarding_list=(ForwardListItem(forward_status=True),)),
            "forwarding",
            (ForwardListItem(forward_status=True),),
        ),
        (
            GetAgentStateResponse(private=Private(hunt_groups=(HuntGroupState(name="S"),))),
            "hunt_groups",
            (HuntGroupState(name="S"),),
        ),
        (SetDoNotDisturbResponse(), "do_not_disturb", None),
    ],
)
def test_answers_teach(response: Response, field: str, value: object) -> None:
    assert getattr(learn(new_view(ME), response), field) == value


def test_a_snapshot_ends_what_it_does_not_list_and_finds_what_we_missed() -> None:
    snapshot = SnapshotDeviceResponse(
        calls=(
            SnapshotDeviceItem(
                connection_identifier=ConnectionId("N1", ME),
                states=(State.HOLD, State.CONNECTED),
                services_permitted=ServicesPermitted(call_control=frozenset(("retrieveCall",))),
            ),
            SnapshotDeviceItem(connection_identifier=ConnectionId("", ME), states=(State.HOLD,)),
            SnapshotDeviceItem(connection_identifier=ConnectionId("N2", ME), states=(State.NULL,)),
        )
    )
    view = reconcile(TALKING.in_doubt(), snapshot)
    (call,) = view.calls
    assert (call.call_id, call.state, call.answered, call.incomplete) == (
        "N1",
        State.HOLD,
        True,
        True,
    )
    assert call.permits("retrieveCall")
    assert (view.doubtful, view.end_of("A1")) == (False, Ended("A1"))


@pytest.mark.parametrize(
    ("simple", "state", "talks"),
    [
        ("callReceived", State.ALERTING, False),
        ("callEstablished", State.CONNECTED, True),
        ("callEstablishedOnHold", State.HOLD, True),
        ("callFailed", State.FAIL, False),
        ("somethingNew", State.CONNECTED, True),
    ],
)
def test_simple_call_states(simple: str, state: State, talks: bool) -> None:
    item = SnapshotDeviceItem(connection_identifier=ConnectionId("N1"), simple_state=simple)
    (call,) = reconcile(new_view(ME), SnapshotDeviceResponse(calls=(item,))).calls
    assert (call.state, call.answered, call.connection) == (state, talks, ConnectionId("N1", ME))


def test_a_snapshot_with_several_own_devices() -> None:
    ids = [f"<{ME}>;ond={n}" for n in (1, 2)]
    items = tuple(
        SnapshotDeviceItem(connection_identifier=ConnectionId("N1", text), states=(State.ALERTING,))
        for text in ids
    )
    (call,) = reconcile(new_view(ME), SnapshotDeviceResponse(calls=items)).calls
    assert [leg.device_id for leg in call.legs] == ids


def test_the_details_of_a_call() -> None:
    snapshot = SnapshotCallResponse(
        endpoints=(
            SnapshotCallItem(device_on_call=CALLER, local_connection_info=State.HOLD),
            SnapshotCallItem(
                device_on_call=OWN,
                call_identifier=ConnectionId("A1", ME),
                local_connection_info=State.CONNECTED,
            ),
        ),
        calling_device=OWN,
    )
    before = replace(TALKING, calls=(replace(TALKING.calls[0], parties=(), incomplete=True),))
    view = complete(before, ConnectionId("A1", ME), snapshot)
    (call,) = view.calls
    assert (call.parties, call.held_by) == ((Party("4930555", "Doe"),), {"4930555"})
    assert (call.direction, call.incomplete) == (Direction.OUT, False)
    assert [type(change) for change in changes(before, view)] == [CallChanged]
    assert complete(before, ConnectionId("gone", ME), snapshot) == before


def test_details_of_the_called_side() -> None:
    snapshot = SnapshotCallResponse(called_device=OWN)
    view = complete(TALKING, ConnectionId("A1", ME), snapshot)
    assert view.calls[0].direction is Direction.IN
