"""A call that another device takes over: own devices, colleagues who pick up, places to wait."""

from __future__ import annotations

from dataclasses import replace

from protocols.csta.events.call import (
    ConnectionClearedEvent,
    DeliveredEvent,
    DivertedEvent,
    EstablishedEvent,
    ServiceCompletionFailureEvent,
    TransferredEvent,
)
from protocols.csta.ids import ConnectionId, Device, DeviceStatus
from protocols.csta.shapes import ConnectionListItem, PrimaryOrSecondaryCall
from protocols.csta.values import LocalConnectionState as State
from protocols.csta.view.model import Party, new_view
from protocols.csta.view.reduce import reduce
from tests.support.csta_view_events import ME, OWN, TALKING, answered, ringing, run

CLIENT = f"<{ME}>;ond=190"
TAKES_OVER = replace(ringing(CLIENT), cause="singleStepTransfer", calling_device=OWN)


def test_another_own_device_rings_to_take_the_call_over() -> None:
    view = run(TALKING, TAKES_OVER)
    (call,) = view.calls
    assert (call.state, view.doubtful) == (State.CONNECTED, False)
    assert [leg.state for leg in call.legs] == [State.CONNECTED, State.ALERTING]
    assert call.parties == TALKING.calls[0].parties


def test_a_move_that_fails_ends_that_ringing() -> None:
    primary = PrimaryOrSecondaryCall(connection_id=ConnectionId("A1", ME))
    failure = ServiceCompletionFailureEvent(primary_call=primary, cause="destNotObtainable")
    view = run(TALKING, TAKES_OVER, failure)
    assert (view.calls[0].legs, view.doubtful) == (TALKING.calls[0].legs, False)
    assert run(new_view(ME), failure).calls == ()


def test_only_a_move_lets_an_answered_call_ring() -> None:
    for late in (ringing(CLIENT), replace(TAKES_OVER, connection=ConnectionId("A1", ME))):
        assert run(TALKING, late).doubtful


def test_whom_our_partner_gives_us_to_answers_once() -> None:
    event = TransferredEvent(
        primary_old_call=ConnectionId("A1", "4930555"),
        connections=tuple(
            ConnectionListItem(new_connection=ConnectionId("03A1", n)) for n in ("4312345", ME)
        ),
        local_connection_info=State.CONNECTED,
        cause="singleStepTransfer",
    )
    target = Device("4312345")
    rings = DeliveredEvent(
        connection=ConnectionId("03A1", "4312345"),
        alerting_device=target,
        calling_device=OWN,
        local_connection_info=State.CONNECTED,
    )
    answers = EstablishedEvent(
        established_connection=ConnectionId("03A1", "4312345"),
        answering_device=target,
        calling_device=OWN,
        local_connection_info=State.CONNECTED,
    )
    view = run(TALKING, event, rings, answers)
    assert (view.doubtful, view.calls[0].parties) == (False, (Party("4312345"),))
    assert reduce(view, answers).doubtful


def test_a_call_picked_up_elsewhere_begins_with_its_answer() -> None:
    view = run(new_view(ME), replace(answered(), cause="callPickup"))
    assert (view.calls[0].state, view.calls[0].incomplete) == (State.CONNECTED, False)
    assert not view.doubtful
    assert run(new_view(ME), answered()).doubtful


def test_a_caller_without_a_number_leaves() -> None:
    unknown = Device(status=DeviceStatus.RESTRICTED)
    view = run(
        new_view(ME),
        replace(ringing(), calling_device=unknown),
        replace(answered(), calling_device=unknown),
        ConnectionClearedEvent(
            dropped_connection=ConnectionId("A1", "4930555"),
            local_connection_info=State.CONNECTED,
        ),
    )
    assert (view.doubtful, view.calls[0].parties) == (False, (Party(restricted=True),))


def test_a_parked_party_waits_and_is_fetched() -> None:
    parked = DivertedEvent(
        connection=ConnectionId("A1", "4930555"),
        diverting_device=Device("4930555"),
        new_destination=Device("5"),
        local_connection_info=State.QUEUED,
        cause="park",
    )
    view = run(TALKING, parked)
    assert (view.calls[0].state, view.doubtful) == (State.QUEUED, False)
    assert view.calls[0].parties == (Party("5"),)
    fetched = EstablishedEvent(
        established_connection=ConnectionId("A1", "4312345"),
        answering_device=Device("4312345"),
        calling_device=OWN,
        local_connection_info=State.CONNECTED,
    )
    view = run(view, fetched)
    assert (view.calls[0].state, view.doubtful) == (State.CONNECTED, False)
