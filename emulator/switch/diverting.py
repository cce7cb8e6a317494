"""What moves a call that rings or waits: deflection, forwarding, pickup, park, camp-on."""

from __future__ import annotations

from collections.abc import Sequence

from emulator.switch.core import Switch
from emulator.switch.model import ConnectionId, State, SwitchError, What


def deflect(
    switch: Switch, connection: ConnectionId, to: str, cause: str = "redirected"
) -> ConnectionId:
    """The ringing device sends its call elsewhere; forwarding on no answer is the same."""
    call = switch.require(connection, State.ALERTING)
    if to in call.connections:
        raise SwitchError("invalidCalledDeviceID", f"{to} is in the call")
    del call.connections[connection.device]
    call.redirected_from = connection.device
    switch.tell(What.DIVERTED, call, connection.device, cause, gone=(connection.device,), to=to)
    switch.deliver(call.id, to, "redirected")
    return ConnectionId(call.id, to)


def pick_up(switch: Switch, connection: ConnectionId, device: str) -> ConnectionId:
    """``device`` answers a call that rings elsewhere."""
    call = switch.require(connection, State.ALERTING)
    if call.connections.get(device) not in (None, State.ALERTING) or device == connection.device:
        raise SwitchError("invalidCalledDeviceID", f"{device} is in the call")
    switch.require_free(device, but=call.id)
    del call.connections[connection.device]
    call.redirected_from = connection.device
    call.connections[device] = State.ALERTING
    switch.tell(
        What.DIVERTED, call, connection.device, "callPickup", gone=(connection.device,), to=device
    )
    picked = ConnectionId(call.id, device)
    switch.answer(picked, "callPickup")
    return picked


def park(switch: Switch, connection: ConnectionId, slot: str) -> None:
    """Leave the other party waiting at ``slot``, where anyone may fetch it."""
    call = switch.require(connection, State.CONNECTED, State.HOLD)
    others = [d for d in call.connections if d != connection.device]
    if len(others) != 1 or call.connections[others[0]] not in (State.CONNECTED, State.HOLD):
        raise SwitchError("invalidConnectionState", "there is nobody to park")
    if parked(switch, slot) is not None:
        raise SwitchError("invalidCalledDeviceID", f"{slot} is taken")
    del call.connections[connection.device]
    if call.connections[others[0]] is State.CONNECTED:  # who holds us goes on holding
        call.connections[others[0]] = State.QUEUED
    call.parked_at, call.redirected_from = slot, connection.device
    switch.tell(What.DIVERTED, call, connection.device, "park", gone=(connection.device,), to=slot)


def parked(switch: Switch, slot: str) -> str | None:
    """The call that waits at ``slot``."""
    return next((call.id for call in switch.calls.values() if call.parked_at == slot), None)


def unpark(switch: Switch, slot: str, device: str) -> ConnectionId:
    call_id = parked(switch, slot)
    if call_id is None:
        raise SwitchError("invalidCalledDeviceID", f"nobody waits at {slot}")
    call = switch.call(call_id)
    if device in call.connections:
        raise SwitchError("invalidCalledDeviceID", f"{device} waits there itself")
    switch.require_free(device)
    for waiting in call.at(State.QUEUED):
        call.connections[waiting] = State.CONNECTED
    call.connections[device] = State.CONNECTED
    call.parked_at = None
    switch.tell(What.ESTABLISHED, call, device, "normal")
    return ConnectionId(call_id, device)


def camp_on(switch: Switch, connection: ConnectionId, at: str) -> None:
    """A caller who found somebody busy waits; :meth:`Switch.deliver` ends it."""
    call = switch.require(connection, State.FAIL)
    call.connections[connection.device] = State.QUEUED
    switch.tell(What.QUEUED, call, connection.device, "campOn", to=at)


def forward(switch: Switch, call_id: str, devices: Sequence[str], to: str, cause: str) -> None:
    """Report that a call went on to ``to`` instead of ``devices``, whether they rang or not."""
    call = switch.call(call_id)
    for device in devices:
        if call.connections.get(device) not in (None, State.ALERTING):
            continue  # somebody calls his own number, which is forwarded
        call.connections.pop(device, None)
        call.redirected_from = device
        switch.tell(What.DIVERTED, call, device, cause, gone=(device,), to=to)
