"""The calls of a device: what single events and snapshots mean, and how platforms tell them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from protocols.csta.dialects import BUSINESS
from protocols.csta.events.call import (
    CallInformationEvent,
    ConferencedEvent,
    ConnectionClearedEvent,
    DeliveredEvent,
    DivertedEvent,
    EstablishedEvent,
    FailedEvent,
    HeldEvent,
    NetworkReachedEvent,
    OfferedEvent,
    OriginatedEvent,
    QueuedEvent,
    RetrievedEvent,
    ServiceInitiatedEvent,
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
from protocols.csta.ids import ConnectionId, Device, DeviceStatus, RedirectionDevice
from protocols.csta.message import Event, Response
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
from protocols.csta.view.model import DeviceView, Direction, Ended, Party, new_view
from protocols.csta.view.reduce import reduce
from protocols.csta.view.snapshots import complete, reconcile

ME = "4989700100"
CALLER = Device("N<4930555>Doe;displayNumber=0555")
OWN = Device(f"N<{ME}>Anna;displayNumber=100")
ANSWER = ServicesPermitted(call_control=frozenset(("answerCall", "deflectCall")))


def run(view: DeviceView, *events: Event) -> DeviceView:
    for event in events:
        view = reduce(view, event)
    return view


def ringing(device_id: str = ME, call_id: str = "A1") -> DeliveredEvent:
    return DeliveredEvent(
        connection=ConnectionId(call_id, device_id),
        alerting_device=OWN,
        calling_device=CALLER,
        called_device=OWN,
        local_connection_info=State.ALERTING,
        services_permitted=ANSWER,
        cause="newCall",
    )


def answered(device_id: str = ME, call_id: str = "A1") -> EstablishedEvent:
    return EstablishedEvent(
        established_connection=ConnectionId(call_id, device_id),
        answering_device=OWN,
        calling_device=CALLER,
        local_connection_info=State.CONNECTED,
    )


TALKING = run(new_view(ME), ringing(), answered())


def test_an_incoming_call() -> None:
    view = run(new_view(ME), ringing())
    (call,) = view.calls
    assert (call.state, call.direction, call.answered) == (State.ALERTING, Direction.IN, False)
    assert call.parties == (Party("4930555", "Doe"),)
    assert call.permits("answerCall") and not call.permits("holdCall")
    assert call.connection == ConnectionId("A1", ME)


def test_an_event_without_permissions_keeps_the_last() -> None:
    (call,) = TALKING.calls
    assert (call.state, call.answered) == (State.CONNECTED, True)
    assert call.services == ANSWER


def test_an_outgoing_call_answered_by_someone_else() -> None:
    own, far = ConnectionId("B1", ME), ConnectionId("B1", "4989700102")
    view = run(
        new_view(ME),
        ServiceInitiatedEvent(initiated_connection=own, local_connection_info=State.INITIATED),
        OriginatedEvent(
            originated_connection=own, calling_device=OWN, called_device=Device("4989700101")
        ),
        DeliveredEvent(
            connection=ConnectionId("B1", "4989700101"),
            alerting_device=Device("N<4989700101>Berta"),
            calling_device=OWN,
        ),
        EstablishedEvent(
            established_connection=far,
            answering_device=Device("N<4989700102>Carla"),
            calling_device=OWN,
            cause="callPickup",
        ),
    )
    (call,) = view.calls
    assert (call.state, call.direction, call.cause) == (
        State.CONNECTED,
        Direction.OUT,
        "callPickup",
    )
    assert call.parties == (Party("4989700102", "Carla"),)
    assert not view.doubtful


def test_a_call_into_a_network_that_says_no_more() -> None:
    own = ConnectionId("B1", ME)
    view = run(
        new_view(ME),
        OriginatedEvent(originated_connection=own, calling_device=OWN),
        NetworkReachedEvent(
            outbound_connection=ConnectionId("B1", "trunk7"),
            calling_device=OWN,
            called_device=Device("+4312345"),
            local_connection_info=State.CONNECTED,
        ),
    )
    assert view.calls[0].parties == (Party("+4312345"),)
    assert not view.doubtful


def test_a_caller_without_number() -> None:
    hidden = replace(ringing(), calling_device=Device(status=DeviceStatus.RESTRICTED))
    assert run(new_view(ME), hidden).calls[0].parties == (Party(restricted=True),)
    silent = replace(ringing(), calling_device=Device(status=DeviceStatus.NOT_KNOWN))
    later = CallInformationEvent(connection=ConnectionId("A1", ME), calling_device=CALLER)
    view = run(new_view(ME), silent)
    assert view.calls[0].parties == ()
    assert run(view, later).calls[0].parties == (Party("4930555", "Doe"),)
    assert run(new_view(ME), later) == new_view(ME)


def test_a_call_is_offered_before_it_rings() -> None:
    offered = OfferedEvent(
        offered_connection=ConnectionId("A1", ME),
        offered_device=OWN,
        calling_device=CALLER,
        last_redirection_device=RedirectionDevice("4989700105"),
        local_connection_info=State.ALERTING,
    )
    view = run(new_view(ME), offered)
    assert view.calls[0].offered
    view = run(view, ringing())
    assert not view.calls[0].offered
    assert view.calls[0].redirected_from == "4989700105"
    assert not view.doubtful


def test_several_devices_of_one_number_are_one_call() -> None:
    """OpenScape Voice: desk, client and cell ring with one call id; one of them answers."""
    desk, client, cell = (f"<{ME}>;ond=4989700{n}" for n in (100, 190, 191))
    view = run(new_view(ME), ringing(desk), ringing(client), ringing(cell))
    (call,) = view.calls
    assert [leg.device_id for leg in call.legs] == [desk, client, cell]
    view = run(view, answered(client))
    (call,) = view.calls
    assert call.connection == ConnectionId("A1", client)
    for other in (desk, cell):
        cleared = ConnectionClearedEvent(
            dropped_connection=ConnectionId("A1", other), local_connection_info=State.CONNECTED
        )
        view = run(view, cleared)
    assert [(leg.device_id, leg.state) for leg in view.calls[0].legs] == [(client, State.CONNECTED)]
    end = ConnectionClearedEvent(
        dropped_connection=ConnectionId("A1", client), local_connection_info=State.NULL
    )
    view = run(view, end)
    assert (view.calls, view.doubtful) == ((), False)


def test_one_ring_that_stops_leaves_the_others() -> None:
    desk, client = f"<{ME}>;ond=4989700100", f"<{ME}>;ond=4989700190"
    view = run(new_view(ME), ringing(desk), ringing(client))
    stopped = ConnectionClearedEvent(dropped_connection=ConnectionId("A1", desk))
    view = run(view, stopped)
    assert [leg.device_id for leg in view.calls[0].legs] == [client]
    last = ConnectionClearedEvent(dropped_connection=ConnectionId("A1", client))
    assert run(view, last).calls == ()


def test_parallel_ringing_of_a_mulap_group_does_not_end_the_call() -> None:
    """OpenScape Business: a member's ring is cleared with cause multipleAlerting."""
    view = new_view("350", ignored_clears=BUSINESS.clears_of_other_devices)
    ring = DeliveredEvent(
        connection=ConnectionId("1A2B", "N<350/102>"),
        alerting_device=Device("N<350/102>Berta"),
        calling_device=Device("N<030555>"),
        called_device=Device("N<350>"),
        local_connection_info=State.ALERTING,
    )
    view = run(view, ring)
    cleared = ConnectionClearedEvent(
        dropped_connection=ConnectionId("1A2B", "N<350/102>"),
        local_connection_info=State.ALERTING,
        cause="multipleAlerting",
    )
    assert run(view, cleared) == view
    gone = replace(cleared, local_connection_info=State.NULL)
    assert run(view, gone).calls == ()


def test_another_number_can_mean_the_same_device() -> None:
    view = run(new_view(ME, also=("N<700100>",)), ringing("700100"))
    assert view.calls[0].connection == ConnectionId("A1", "700100")


def test_hold_of_either_side() -> None:
    own_hold = HeldEvent(
        held_connection=ConnectionId("A1", ME),
        holding_device=OWN,
        local_connection_info=State.HOLD,
    )
    far_hold = HeldEvent(
        held_connection=ConnectionId("A1", "4930555"),
        holding_device=CALLER,
        local_connection_info=State.HOLD,
    )
    back = RetrievedEvent(
        retrieved_connection=ConnectionId("A1", ME),
        retrieving_device=OWN,
        local_connection_info=State.CONNECTED,
    )
    view = run(TALKING, own_hold, far_hold)
    assert (view.calls[0].state, view.calls[0].held_by) == (State.HOLD, {"4930555"})
    view = run(view, back)
    assert (view.calls[0].state, view.calls[0].held_by) == (State.CONNECTED, {"4930555"})
    assert not view.doubtful
    assert run(view, back).doubtful  # nothing was held any more


def test_hold_by_someone_who_is_not_in_the_call_raises_doubt() -> None:
    stranger = HeldEvent(
        held_connection=ConnectionId("A1", "4312345"),
        holding_device=Device("4312345"),
        local_connection_info=State.CONNECTED,
    )
    assert run(TALKING, stranger).doubtful


def test_an_event_in_another_state_than_known_raises_doubt() -> None:
    missed = FailedEvent(
        failed_connection=ConnectionId("A1", "4930555"), local_connection_info=State.HOLD
    )
    view = run(TALKING, missed)
    assert (view.calls[0].state, view.doubtful) == (State.HOLD, True)


def test_an_unknown_call_is_taken_over_and_doubted() -> None:
    held = HeldEvent(
        held_connection=ConnectionId("Z9", ME),
        holding_device=OWN,
        local_connection_info=State.HOLD,
    )
    view = run(new_view(ME), held)
    assert (view.calls[0].state, view.calls[0].incomplete, view.doubtful) == (
        State.HOLD,
        True,
        True,
    )


@pytest.mark.parametrize(
    "late",
    [
        ringing(f"<{ME}>;ond=190"),
        answered(),
        ServiceInitiatedEvent(
            initiated_connection=ConnectionId("A1", ME), local_connection_info=State.INITIATED
        ),
    ],
    ids=["rings elsewhere", "answered again", "begins"],
)
def test_what_comes_after_its_time_changes_nothing_but_raises_doubt(late: Event) -> None:
    view = run(TALKING, late)
    assert [leg.state for leg in view.calls[0].legs] == [State.CONNECTED]
    assert view.doubtful


def test_an_outgoing_call_is_not_taken_back_to_its_beginning() -> None:
    own = ConnectionId("B1", ME)
    view = run(
        new_view(ME),
        OriginatedEvent(originated_connection=own, calling_device=OWN),
        ServiceInitiatedEvent(initiated_connection=own, local_connection_info=State.INITIATED),
    )
    assert (view.calls[0].state, view.doubtful) == (State.CONNECTED, True)


def test_only_so_many_ended_calls_are_remembered() -> None:
    view = new_view(ME)
    for number in range(100):
        view = run(view, ringing(call_id=f"A{number}"))
        end = ConnectionClearedEvent(
            dropped_connection=ConnectionId(f"A{number}", ME), local_connection_info=State.NULL
        )
        view = run(view, end)
    assert [end.call_id for end in view.ended] == [f"A{number}" for number in range(36, 100)]


def test_a_failed_call_says_why() -> None:
    failed = FailedEvent(
        failed_connection=ConnectionId("A1", ME),
        failing_device=OWN,
        local_connection_info=State.FAIL,
        cause="busy",
    )
    view = run(TALKING, failed)
    assert (view.calls[0].state, view.calls[0].failed) == (State.FAIL, "busy")


def test_camp_on_and_queues() -> None:
    waits = QueuedEvent(
        queued_connection=ConnectionId("A1", ME),
        queue=OWN,
        calling_device=CALLER,
        local_connection_info=State.QUEUED,
        cause="campOn",
    )
    view = run(new_view(ME), waits)
    assert (view.calls[0].state, view.calls[0].direction) == (State.QUEUED, Direction.IN)
    assert run(view, ringing()).calls[0].state is State.ALERTING
    calls_out = QueuedEvent(
        queued_connection=ConnectionId("B1", "4989700101"),
        queue=Device("4989700101"),
        calling_device=OWN,
    )
    view = run(new_view(ME), calls_out)
    assert view.calls[0].parties == (Party("4989700101"),)
    assert (view.calls[0].state, view.calls[0].direction) == (State.CONNECTED, Direction.OUT)


def test_a_diverted_call_is_gone_from_here() -> None:
    away = DivertedEvent(
        connection=ConnectionId("A1", ME),
        diverting_device=OWN,
        new_destination=Device("4989700900"),
        cause="callForwardNoAnswer",
    )
    view = run(new_view(ME), ringing(), away)
    assert (view.calls, view.ended) == ((), (Ended("A1", "callForwardNoAnswer"),))
    late = run(view, ringing())
    assert (late.calls, late.doubtful) == ((), True)


def test_what_we_call_is_sent_on() -> None:
    outgoing = run(
        new_view(ME),
        OriginatedEvent(
            originated_connection=ConnectionId("B1", ME),
            calling_device=OWN,
            called_device=Device("4989700101"),
        ),
    )
    away = DivertedEvent(
        connection=ConnectionId("B1", "4989700101"),
        diverting_device=Device("4989700101"),
        new_destination=Device("4989700105"),
        local_connection_info=State.CONNECTED,
    )
    assert run(outgoing, away).calls[0].parties == (Party("4989700105"),)


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
