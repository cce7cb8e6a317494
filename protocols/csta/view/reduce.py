"""One event more: the view after it.

Events of one link come in order, yet platforms let some overtake others, report the same one
twice, and nothing that was said while the link was down comes again. So no event is trusted
blindly: one that takes a call back is late and has no effect, one for an ended call does not bring
it back, and whatever shows that something was missed puts the view in doubt. Then a snapshot is
due, and `snapshots.reconcile` makes the view right.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from protocols.csta.events.call import (
    CallEvent,
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
    ServiceCompletionFailureEvent,
    ServiceInitiatedEvent,
    TransferredEvent,
)
from protocols.csta.ids import ConnectionId, Device, RedirectionDevice
from protocols.csta.message import Event
from protocols.csta.values import RECALLS, Cause, LocalConnectionState
from protocols.csta.view.features import reduce_feature
from protocols.csta.view.model import (
    RANK,
    CallView,
    DeviceView,
    Direction,
    Leg,
    Party,
    leg_key,
    party,
    put_leg,
)
from protocols.csta.view.moves import conferenced, transferred

_CONNECTED, _HOLD = LocalConnectionState.CONNECTED, LocalConnectionState.HOLD
_ALERTING, _NULL = LocalConnectionState.ALERTING, LocalConnectionState.NULL


def reduce(view: DeviceView, event: Event) -> DeviceView:
    """The view after `event`; the same view when it says nothing about calls or features."""
    handler = _HANDLERS.get(type(event))
    return handler(view, event) if handler is not None else reduce_feature(view, event)


@dataclass(frozen=True, slots=True)
class _News:
    """What one event says about one call."""

    event: CallEvent
    connection: ConnectionId
    #: The own connection's state where the event does not say it.
    state: LocalConnectionState
    far: Device | None = None
    direction: Direction | None = None
    redirected: RedirectionDevice | None = None
    #: Calls begin with this event. Any other about an unknown call shows that we missed some.
    begins: bool = True


def _apply(view: DeviceView, news: _News, **changes: Any) -> DeviceView:
    """The common part: find or make the call, move the own connection, note who is far."""
    event, call_id = news.event, news.connection.call_id
    if not call_id:
        return view.in_doubt()
    if view.end_of(call_id) is not None and event.cause not in RECALLS:
        return view.in_doubt()
    state = event.local_connection_info or news.state
    if state is _NULL:
        return view.without((call_id,), event.cause)
    known = view.call(call_id)
    far = party(news.far)
    if known is not None and known.answered and RANK[state] < RANK[_CONNECTED]:
        if not _takes_over(view, known, news):
            return view.in_doubt()  # told late: it rang, before it was answered
        far = Party()  # whom it speaks to is known better
    call = known or CallView(call_id, incomplete=not news.begins)
    call, doubt = put_leg(call, _own_device(view, news), state)
    call = replace(
        call,
        parties=_with_far(call, far),
        direction=call.direction or news.direction,
        redirected_from=_redirected(news.redirected) or call.redirected_from,
        cause=event.cause,
        services=event.services_permitted or call.services,
        **changes,
    )
    return view.with_call(call, doubt or (known is None and not news.begins))


def _takes_over(view: DeviceView, known: CallView, news: _News) -> bool:
    """Another own device rings, to take the call over from the one that speaks (push and pull)."""
    if news.event.cause != Cause.SINGLE_STEP_TRANSFER:
        return False
    key = leg_key(_own_device(view, news))
    return all(leg.key != key or leg.state is _ALERTING for leg in known.legs)


def _own_device(view: DeviceView, news: _News) -> str:
    device_id = news.connection.device_id
    return device_id if view.is_own(device_id) else view.device


def _with_far(call: CallView, far: Party) -> tuple[Party, ...]:
    """Of a call with one partner the newest word counts; a conference names its own parties."""
    if call.conference or (call.parties and not far.number):
        return call.parties
    if call.parties and call.parties[0].number == far.number and not far.name:
        return call.parties
    return (far,) if far.number or far.restricted else ()


def _may_be_party(call: CallView, number: str) -> bool:
    """Whoever withholds his number may be anyone."""
    return any(other.number == number or other.restricted for other in call.parties)


def _redirected(device: RedirectionDevice | None) -> str:
    return device.identifier if device is not None and device.known else ""


def _initiated(view: DeviceView, event: ServiceInitiatedEvent) -> DeviceView:
    state = LocalConnectionState.INITIATED
    return _apply(view, _News(event, event.initiated_connection, state, direction=Direction.OUT))


def _originated(view: DeviceView, event: OriginatedEvent) -> DeviceView:
    connection, far = event.originated_connection, event.called_device
    return _apply(view, _News(event, connection, _CONNECTED, far, Direction.OUT))


def _offered(view: DeviceView, event: OfferedEvent) -> DeviceView:
    news = _rings(view, event, event.offered_connection, event.offered_device)
    return _apply(view, news, offered=True)


def _delivered(view: DeviceView, event: DeliveredEvent) -> DeviceView:
    news = _rings(view, event, event.connection, event.alerting_device)
    return _apply(view, news, offered=False)


def _rings(
    view: DeviceView,
    event: OfferedEvent | DeliveredEvent,
    connection: ConnectionId,
    rings: Device | None,
) -> _News:
    """Someone's phone rings: the far one when we call, else ours (or a group's that we are in)."""
    outgoing = view.owns(event.calling_device) and not view.owns(rings)
    if outgoing or (
        event.local_connection_info is _CONNECTED and not view.is_own(connection.device_id)
    ):
        far = rings if rings is not None and rings.known else event.called_device
        state, direction = _CONNECTED, Direction.OUT
    else:
        far, state, direction = event.calling_device, _ALERTING, Direction.IN
    return _News(event, connection, state, far, direction, event.last_redirection_device)


def _established(view: DeviceView, event: EstablishedEvent) -> DeviceView:
    connection = event.established_connection
    known = view.call(connection.call_id)
    ours = view.owns(event.answering_device) or view.is_own(connection.device_id)
    ours = ours and not view.owns(event.calling_device)
    if known is not None and not ours and _rings_on(known, event):
        # another member of the group has it: our ring ends by an event of its own
        services = event.services_permitted or known.services
        return view.with_call(replace(known, services=services))
    far = event.calling_device if ours else event.answering_device
    direction = Direction.IN if ours else Direction.OUT
    redirected = event.last_redirection_device
    picked = ours and event.cause == Cause.CALL_PICKUP  # it never rang here
    news = _News(event, connection, _CONNECTED, far, direction, redirected, begins=picked)
    again = known is not None and known.answered and not known.moved
    if known is not None and ours:  # the user's other devices stop ringing
        still = tuple(leg for leg in known.legs if leg.state is not _ALERTING)
        view = view.with_call(replace(known, legs=still))
    after = _apply(view, news, answered=True, offered=False, failed=None, moved=False)
    return after.in_doubt() if again else after


def _rings_on(call: CallView, event: EstablishedEvent) -> bool:
    rings = call.state is _ALERTING and call.direction is Direction.IN
    return rings and event.local_connection_info in (None, _ALERTING)


def _network_reached(view: DeviceView, event: NetworkReachedEvent) -> DeviceView:
    connection, far = event.outbound_connection, event.called_device
    return _apply(view, _News(event, connection, _CONNECTED, far, Direction.OUT, begins=False))


def _queued(view: DeviceView, event: QueuedEvent) -> DeviceView:
    outgoing = view.owns(event.calling_device)
    far = event.called_device or event.queue if outgoing else event.calling_device
    state = _CONNECTED if outgoing else LocalConnectionState.QUEUED
    direction = Direction.OUT if outgoing else Direction.IN
    redirected = event.last_redirection_device
    return _apply(view, _News(event, event.queued_connection, state, far, direction, redirected))


def _failed(view: DeviceView, event: FailedEvent) -> DeviceView:
    ours = view.owns(event.failing_device)
    state = LocalConnectionState.FAIL if ours else _CONNECTED
    far = event.calling_device if ours else event.called_device
    news = _News(event, event.failed_connection, state, far, begins=False)
    return _apply(view, news, failed=event.cause or "unknown")


def _held(view: DeviceView, event: HeldEvent) -> DeviceView:
    return _hold(view, event, event.held_connection, event.holding_device, True)


def _retrieved(view: DeviceView, event: RetrievedEvent) -> DeviceView:
    return _hold(view, event, event.retrieved_connection, event.retrieving_device, False)


def _hold(
    view: DeviceView, event: CallEvent, connection: ConnectionId, by: Device | None, held: bool
) -> DeviceView:
    call = view.call(connection.call_id)
    default = _HOLD if held else _CONNECTED
    if call is None:
        return _apply(view, _News(event, connection, default, begins=False), answered=True)
    call = replace(call, cause=event.cause, services=event.services_permitted or call.services)
    if view.owns(by) or (by is None and view.is_own(connection.device_id)):
        state = event.local_connection_info or default
        idle = call.state is state  # late, doubled, or its counterpart was missed
        call, doubt = put_leg(call, connection.device_id, state, expected=True)
        return view.with_call(call, doubt or idle)
    number = party(by).number
    known = _may_be_party(call, number)
    idle = (number in call.held_by) is held
    held_by = call.held_by | {number} if held else call.held_by - {number}
    call = replace(call, held_by=held_by)
    doubt = False
    if event.local_connection_info not in (None, _NULL, call.state):
        call, doubt = put_leg(call, call.leg.device_id, event.local_connection_info or _CONNECTED)
    return view.with_call(call, doubt or idle or not known)


def _diverted(view: DeviceView, event: DivertedEvent) -> DeviceView:
    connection = event.connection
    if view.owns(event.diverting_device):
        return _cleared_own(view, event, connection)
    far = event.new_destination
    known, queued = view.call(connection.call_id), LocalConnectionState.QUEUED
    if known is not None and event.cause == Cause.PARK and event.local_connection_info is queued:
        parked = replace(known.leg, state=queued)  # waits for whoever fetches it
        services = event.services_permitted or known.services
        parties = _with_far(known, party(far))
        call = replace(known, legs=(parked,), parties=parties, services=services, moved=True)
        return view.with_call(call)
    return _apply(view, _News(event, connection, _CONNECTED, far, Direction.OUT, begins=False))


def _cleared(view: DeviceView, event: ConnectionClearedEvent) -> DeviceView:
    connection = event.dropped_connection
    if event.cause in view.ignored_clears and event.local_connection_info is not _NULL:
        return view
    call = view.call(connection.call_id)
    if view.is_own(connection.device_id) or event.local_connection_info is _NULL or call is None:
        return _cleared_own(view, event, connection)
    number = party(Device(connection.device_id)).number
    left = tuple(other for other in call.parties if other.number != number)
    missing = not _may_be_party(call, number)
    call = replace(
        call,
        parties=left if call.conference else call.parties,
        conference=call.conference and len(left) > 1,
        held_by=call.held_by - {number},
        cause=event.cause,
        services=event.services_permitted or call.services,
    )
    return view.with_call(call, missing)


def _cleared_own(view: DeviceView, event: CallEvent, connection: ConnectionId) -> DeviceView:
    """One of our connections is gone; the call is too, unless another of them is left."""
    call = view.call(connection.call_id)
    state = event.local_connection_info
    if call is None or state is _NULL:
        return view.without((connection.call_id,), event.cause)
    left = _without_leg(call, connection.device_id)
    if left:
        services = event.services_permitted or call.services
        return view.with_call(replace(call, legs=left, services=services))
    if state is None:
        return view.without((connection.call_id,), event.cause)
    return view.in_doubt()  # our last connection is gone, yet said to be in a state


def _without_leg(call: CallView, device_id: str) -> tuple[Leg, ...]:
    return tuple(leg for leg in call.legs if leg.key != leg_key(device_id))


def _completion_failed(view: DeviceView, event: ServiceCompletionFailureEvent) -> DeviceView:
    """A move failed: the device that was to take the call over rings no more."""
    call = view.call(event.primary_call.connection_id.call_id)
    if call is None or not call.answered:
        return view
    left = tuple(leg for leg in call.legs if leg.state is not _ALERTING)
    services = event.services_permitted or call.services
    return view.with_call(replace(call, legs=left or call.legs, services=services))


def _information(view: DeviceView, event: CallInformationEvent) -> DeviceView:
    call = view.call(event.connection.call_id)
    if call is None:
        return view
    services = event.services_permitted or call.services
    if call.direction is Direction.IN:
        call = replace(call, parties=_with_far(call, party(event.calling_device)))
    return view.with_call(replace(call, services=services))


_HANDLERS: dict[type[Event], Callable[[DeviceView, Any], DeviceView]] = {
    ServiceInitiatedEvent: _initiated,
    OriginatedEvent: _originated,
    OfferedEvent: _offered,
    DeliveredEvent: _delivered,
    EstablishedEvent: _established,
    NetworkReachedEvent: _network_reached,
    QueuedEvent: _queued,
    FailedEvent: _failed,
    HeldEvent: _held,
    RetrievedEvent: _retrieved,
    DivertedEvent: _diverted,
    ConnectionClearedEvent: _cleared,
    CallInformationEvent: _information,
    ServiceCompletionFailureEvent: _completion_failed,
    TransferredEvent: transferred,
    ConferencedEvent: conferenced,
}
