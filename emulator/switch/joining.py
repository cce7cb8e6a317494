"""Transfer and conference: operations that make one call of two, or move a party to another."""

from __future__ import annotations

from emulator.switch.core import Switch
from emulator.switch.model import Call, ConnectionId, State, SwitchError, What


def transfer(switch: Switch, held: ConnectionId, active: ConnectionId) -> str:
    """Join the held party with the active one and leave; gives the new call's id.

    The active call may still ring: then the held party hears it ring.
    """
    first, second = switch.require_pair(held, active)
    mover = held.device
    _require_distinct(first, second, mover)
    new = switch.open(first.calling, second.called)
    new.redirected_from = mover
    if mover == first.calling:
        new.calling = next(d for d in first.connections if d != mover)
    _move(first, new, mover)
    _move(second, new, mover)
    _close(switch, first, second)
    switch.tell(
        What.TRANSFERRED,
        new,
        mover,
        "transfer",
        gone=(mover,),
        to=next((d for d in second.connections if d != mover), None),
        old=(held, active),
    )
    switch.settle(new)
    return new.id


def single_step(switch: Switch, active: ConnectionId, to: str) -> str:
    """Send the other party to ``to``, which rings; gives the new call's id.

    A held call may be moved too. If ``to`` cannot be reached, :func:`recall` brings it back.
    """
    call = switch.require(active, State.CONNECTED, State.HOLD)
    others = [d for d in call.connections if d != active.device]
    if len(others) != 1 or call.connections[others[0]] not in (State.CONNECTED, State.HOLD):
        raise SwitchError("invalidConnectionState", "there is nobody to be transferred")
    if to in call.connections:
        raise SwitchError("invalidCalledDeviceID", f"{to} is in the call")
    moved = others[0]
    new = switch.open(moved, to)
    new.redirected_from = new.recall_to = active.device
    new.connections[moved] = State.CONNECTED
    _close(switch, call)
    switch.tell(
        What.TRANSFERRED,
        new,
        active.device,
        "singleStepTransfer",
        gone=(active.device,),
        to=to,
        old=(active,),
    )
    switch.deliver(new.id, to, "singleStepTransfer")
    return new.id


def hand_over(
    switch: Switch,
    connection: ConnectionId,
    to: str,
    ringing: ConnectionId | None,
    cause: str,
) -> str:
    """Report that a device gave its party to ``to`` and left before anybody answered there; gives
    the new call's id. ``ringing``: its part in the call that rings there already."""
    call = switch.require(connection, State.CONNECTED, State.HOLD)
    second = switch.call(ringing.call) if ringing is not None else None
    new = switch.open(call.calling, second.called if second is not None else to)
    if new.calling == connection.device:
        new.calling = next((d for d in call.connections if d != connection.device), new.calling)
    new.redirected_from = new.recall_to = connection.device
    _move(call, new, connection.device)
    if second is not None and ringing is not None:
        _move(second, new, ringing.device)
    _close(switch, call, *([second] if second is not None else []))
    old = (connection, *([ringing] if ringing is not None else []))
    device = connection.device
    switch.tell(What.TRANSFERRED, new, device, cause, gone=(device,), to=to, old=old)
    return new.id


def recall(switch: Switch, call_id: str, cause: str) -> None:
    """A single step transfer failed with ``cause``: who began it rings, and gets the party back."""
    call = switch.call(call_id)
    back = call.recall_to
    if back is None or back in call.connections:
        raise SwitchError("invalidConnectionState", "nobody waits for this call")
    for target in call.at(State.ALERTING):
        del call.connections[target]
        switch.tell(What.FAILED, call, target, cause, gone=(target,))
    call.recall_to = None
    switch.deliver(call_id, back, "recall")


def replace(
    switch: Switch, connection: ConnectionId, device: str, other_id: str | None, cause: str
) -> str:
    """Report that ``device`` took the place of a connection, coming from ``other_id``: what a
    transfer looks like that a SIP device carried out. Gives the new call's id."""
    call = switch.require(connection, State.CONNECTED, State.HOLD, State.QUEUED)
    other = switch.call(other_id) if other_id is not None else None
    new = switch.open(call.calling, call.called)
    new.redirected_from = connection.device
    _move(call, new, connection.device)
    holds = other is not None and other.connections.get(device) is State.HOLD
    new.connections[device] = State.HOLD if holds else State.CONNECTED
    left = {connection.device} | set(other.connections if other is not None else ())
    mover = connection.device
    if other is not None and mover not in other.connections:
        mover = device
    old = (connection, *([ConnectionId(other.id, mover)] if other is not None else []))
    _close(switch, call, *([other] if other is not None else []))
    gone = tuple(sorted(left - new.connections.keys()))
    switch.tell(What.TRANSFERRED, new, connection.device, cause, gone=gone, to=device, old=old)
    return new.id


def conference(switch: Switch, held: ConnectionId, active: ConnectionId) -> str:
    """Join both calls and stay; gives the id of the conference."""
    first, second = switch.require_pair(held, active)
    owner = held.device
    _require_distinct(first, second, owner)
    if not [d for d in second.at(State.CONNECTED, State.HOLD) if d != owner]:
        raise SwitchError("invalidConnectionState", "the second party has not answered")
    added = next((d for d in second.connections if d != owner), None)
    if switch.keeps_second_id:
        new = second
        del switch.calls[first.id]
    else:
        new = switch.open(first.calling, first.called)
        _move(second, new, owner)
        _close(switch, first, second)
    _move(first, new, owner)
    new.connections[owner] = State.CONNECTED
    switch.tell(What.CONFERENCED, new, owner, "conference", to=added, old=(held, active))
    return new.id


def gather(switch: Switch, connections: list[ConnectionId], device: str) -> str:
    """Report a conference that ``device`` made of its calls by dialling: all their parties and
    itself are in one call then. Gives its id."""
    calls = [switch.require(connection, State.CONNECTED, State.HOLD) for connection in connections]
    first = calls[0]
    if switch.keeps_second_id:
        _close(switch, *calls)
        new = calls[-1]
        switch.calls[new.id] = new
    else:
        new = switch.open(first.calling, first.called)
        _close(switch, *calls)
    for call, connection in zip(calls, connections, strict=True):
        if call is not new:
            _move(call, new, connection.device)
        new.connections.pop(connection.device, None)
    new.connections[device] = State.CONNECTED
    old = tuple(connections)
    gone = tuple(sorted({c.device for c in connections} - {device}))
    switch.tell(What.CONFERENCED, new, device, "conference", gone=gone, old=old)
    return new.id


def join(switch: Switch, call_id: str, device: str) -> ConnectionId:
    """Add a device to a call in speech: a conference grows, a party joins by itself."""
    call = switch.call(call_id)
    if device in call.connections:
        raise SwitchError("invalidCalledDeviceID", f"{device} is in the call")
    if len(call.at(State.CONNECTED, State.HOLD)) < 2 or call.at(State.ALERTING):
        raise SwitchError("invalidConnectionState", "the call is not in speech")
    switch.require_free(device)
    call.connections[device] = State.CONNECTED
    switch.tell(What.ESTABLISHED, call, device, "conference")
    return ConnectionId(call_id, device)


def _require_distinct(first: Call, second: Call, owner: str) -> None:
    shared = (first.connections.keys() & second.connections.keys()) - {owner}
    if first is second or shared:
        raise SwitchError("invalidConnectionID", "somebody is in both calls")


def _move(old: Call, new: Call, but: str) -> None:
    for device, state in old.connections.items():
        if device != but:
            new.connections[device] = state


def _close(switch: Switch, *calls: Call) -> None:
    for call in calls:
        switch.calls.pop(call.id)
