"""The calls of a device: what single events and snapshots mean, and how platforms tell them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from protocols.csta.dialects import BUSINESS
from protocols.csta.events.call import (
    CallInformationEvent,
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
)
from protocols.csta.ids import ConnectionId, Device, DeviceStatus, RedirectionDevice
from protocols.csta.message import Event
from protocols.csta.values import LocalConnectionState as State
from protocols.csta.view.model import Direction, Ended, Party, new_view
from tests.support.csta_view_events import ANSWER, CALLER, ME, OWN, TALKING, answered, ringing, run


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


def test_a_peer_that_tells_of_ever_more_calls_fills_no_memory() -> None:
    view = new_view(ME)
    for number in range(100):
        view = run(view, ringing(call_id=f"A{number}"))
    assert [call.call_id for call in view.calls] == [f"A{number}" for number in range(36, 100)]


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
