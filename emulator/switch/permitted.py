"""What a device may ask for next: the truth behind ``servicesPermitted``.

A pure function of the state, so that what is offered and what is done cannot differ: the model test
asks for everything that is permitted and must never be refused.
"""

from __future__ import annotations

from emulator.switch.core import ACTIVE, Switch
from emulator.switch.model import Call, ConnectionId, State


def services(switch: Switch, connection: ConnectionId) -> frozenset[str]:
    call = switch.calls.get(connection.call)
    state = switch.state(connection)
    if call is None or state is State.NULL:
        return frozenset()
    device = connection.device
    others = {d: s for d, s in call.connections.items() if d != device}
    in_speech = [s for s in others.values() if s in (State.CONNECTED, State.HOLD)]
    found = {"clearConnection"}
    if state is State.ALERTING:
        found.add("deflectCall")
        if _free(switch, device, call.id):
            found.add("answerCall")
    if state is State.CONNECTED and in_speech:
        found |= {"holdCall", "consultationCall"}
    if state is State.HOLD and _free(switch, device, call.id):
        found.add("retrieveCall")
    if state in (State.CONNECTED, State.HOLD) and len(others) == len(in_speech) == 1:
        found |= {"singleStepTransferCall", "parkCall"}
    if state is State.CONNECTED:
        found |= _with_a_held_call(switch, call, device, bool(in_speech))
    if state is State.FAIL:
        found.add("campOnCall")
    if state is State.CONNECTED and in_speech:
        found.add("generateDigits")
    return frozenset(found)


def _with_a_held_call(switch: Switch, call: Call, device: str, in_speech: bool) -> set[str]:
    held = [
        switch.calls[other]
        for other, state in switch.snapshot(device).items()
        if state is State.HOLD
    ]
    if not held:
        return set()
    found = {"reconnectCall"}
    if in_speech:
        found.add("alternateCall")
    apart = all(
        not ((first.connections.keys() & call.connections.keys()) - {device}) for first in held
    )
    if apart and len(call.connections) > 1:
        found.add("transferCall")
    if apart and in_speech:
        found.add("conferenceCall")
    return found


def _free(switch: Switch, device: str, but: str) -> bool:
    return not any(
        state in ACTIVE for call_id, state in switch.snapshot(device).items() if call_id != but
    )
