"""Keeps the switch's call model in step with the calls that ends really have.

A SIP device acts first and is reported after. So this reads what a call looks like now, compares it
with what it looked like before, and tells the switch the difference, one operation at a time.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field

from emulator.calls.call import CallState, PbxCall
from emulator.calls.end import End
from emulator.calls.waiter import StandIn
from emulator.switch.core import Switch
from emulator.switch.diverting import forward, park, pick_up, unpark
from emulator.switch.joining import gather, hand_over, replace
from emulator.switch.model import ConnectionId, State, SwitchError

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class _Entry:
    call_id: str
    caller: End
    ringing: set[str] = field(default_factory=set)
    guest: str | None = None  # the device whose call this is, when the rest is a conference
    cause: str = "newCall"  # why its devices ring
    offered: str | None = None  # the device that stands for all while the call does not ring yet
    joins: str = ""  # the device that rings for a call that goes on meanwhile; see Ledger.moves


@dataclass(slots=True)
class _Attached:
    """Where the next call that is made for a party belongs to, and why it rings there."""

    call_id: str
    cause: str
    joins: str = ""


class Ledger:
    def __init__(self, switch: Switch) -> None:
        self.misfits = 0  # how often a call did something the model does not know
        self._switch = switch
        self._entries: dict[str, _Entry] = {}
        self._attached: dict[End, _Attached] = {}

    def call_id(self, call: PbxCall) -> str | None:
        """What the switch calls it."""
        entry = self._entries.get(call.id)
        return entry.call_id if entry is not None else None

    def transferred(
        self, call: PbxCall, old: str, other: PbxCall | None, new: str, cause: str
    ) -> None:
        """``new`` takes the place of ``old``; ``other`` is the call it comes from."""
        entry = self._entries.get(call.id)
        second = self._entries.pop(other.id, None) if other is not None else None
        if entry is None:
            return
        self._detach(entry.call_id)
        if second is not None and second.call_id == entry.call_id:
            if not second.joins:
                return  # told when the party was given away
            second = None
        try:
            entry.call_id = replace(
                self._switch,
                ConnectionId(entry.call_id, old),
                new,
                second.call_id if second is not None else None,
                cause,
            )
        except SwitchError as error:
            self._misfit(call, error)

    def handed_over(
        self, call: PbxCall, device: str, moved: End, to: str, attempt: PbxCall | None
    ) -> None:
        """``device`` has given its party to ``to`` and is gone; ``attempt`` rings there already, or
        will be made for ``moved``. If that fails the party is offered to ``device`` again."""
        entry = self._entries.get(call.id)
        second = self._entries.get(attempt.id) if attempt is not None else None
        if entry is None:
            return
        apart = second is not None and second.call_id != entry.call_id
        ringing = ConnectionId(second.call_id, device) if second is not None and apart else None
        cause = "transfer" if apart else "singleStepTransfer"
        try:
            own = ConnectionId(entry.call_id, device)
            entry.call_id = hand_over(self._switch, own, to, ringing, cause)
        except SwitchError as error:
            self._misfit(call, error)
            return
        if second is not None:
            second.call_id, second.joins = entry.call_id, ""
        cause = "recall" if second is not None else cause
        self._attached[moved] = _Attached(entry.call_id, cause)

    def moves(self, call: PbxCall, moved: End, taker: str) -> None:
        """The call that is made next for ``moved`` rings ``taker``, another device of who speaks to
        it: both are in one call until that one answers."""
        entry = self._entries.get(call.id)
        if entry is not None:
            self._attached[moved] = _Attached(entry.call_id, "singleStepTransfer", taker)

    def _detach(self, call_id: str) -> None:
        kept = {end: at for end, at in self._attached.items() if at.call_id != call_id}
        self._attached = kept

    def gathered(
        self, guests: list[tuple[PbxCall, End]], leaving: list[tuple[PbxCall, End]], own: PbxCall
    ) -> None:
        """The owner of ``own`` makes one conference of its held calls (``leaving``: its part in a
        conference that goes on)."""
        held = [ConnectionId(self._entries[c.id].call_id, e.name) for c, e in leaving + guests]
        owner = own.caller
        try:
            room = gather(self._switch, held, owner.name)
        except SwitchError as error:
            self._misfit(own, error)
            return
        for call, end in guests:
            peer = call.other(end)
            self._entries[call.id].guest = peer.name if peer is not None else ""
        for call, _ in leaving:
            del self._entries[call.id]
        merged = {connection.call for connection in held}
        for entry in self._entries.values():
            if entry.call_id in merged:
                entry.call_id = room
        self._entries[own.id] = _Entry(room, owner, guest=owner.name)

    def forwarded(self, call: PbxCall, devices: Sequence[str], to: str, cause: str) -> None:
        """The call goes on to ``to``. ``devices`` are those of the extension that it leaves, its
        main one first; which of them ring is known here."""
        try:
            entry = self._entries.get(call.id) or self._open(call)
            rang = [device for device in devices if device in entry.ringing]
            forward(self._switch, entry.call_id, rang or devices[:1], to, cause)
            entry.ringing -= set(rang)
        except SwitchError as error:
            self._misfit(call, error)

    def offered(self, call: PbxCall, device: str) -> None:
        """The owner of a device is asked before it rings."""
        try:
            entry = self._entries.get(call.id) or self._open(call)
            entry.offered = device
            self._switch.offer(entry.call_id, device)
        except SwitchError as error:
            self._misfit(call, error)

    def parked(self, call: PbxCall, device: str, slot: str) -> None:
        entry = self._entries[call.id]
        try:
            park(self._switch, ConnectionId(entry.call_id, device), slot)
        except SwitchError as error:
            self._misfit(call, error)

    def unparked(self, call: PbxCall, device: str, slot: str) -> None:
        try:
            unpark(self._switch, slot, device)
        except SwitchError as error:
            self._misfit(call, error)

    def _misfit(self, call: PbxCall, error: SwitchError) -> None:
        """The call goes on whatever the books say; tests want none."""
        self.misfits += 1
        logger.error("call %s does not fit the model: %s", call.id, error)

    def changed(self, call: PbxCall) -> None:
        try:
            self._sync(call)
        except SwitchError as error:
            self._misfit(call, error)

    def _sync(self, call: PbxCall) -> None:
        entry = self._entries.get(call.id)
        if entry is None and call.state is CallState.ENDED:
            return  # it went into another one
        if entry is None:
            entry = self._open(call)
        if entry.guest is not None:
            self._in_conference(call, entry, entry.guest)
            return
        if call.state is CallState.ENDED:
            self._ended(call, entry)
            return
        if call.state is CallState.CONNECTED and call.callee is not None:
            self._connected(call, entry, call.callee)
        self._ringing(call, entry)

    def _open(self, call: PbxCall) -> _Entry:
        """The caller lifts and dials; a call made for somebody belongs to the one it is in."""
        attached = self._attached.get(call.caller.of) if isinstance(call.caller, StandIn) else None
        if attached is not None and attached.call_id in self._switch.calls:
            entry = _Entry(
                attached.call_id, call.caller, cause=attached.cause, joins=attached.joins
            )
            self._entries[call.id] = entry
            attached.cause = "recall"
            return entry
        first = self._switch.initiate(call.caller.name)
        self._switch.originate(first, call.dialled)
        entry = self._entries[call.id] = _Entry(first.call, call.caller)
        return entry

    def _ringing(self, call: PbxCall, entry: _Entry) -> None:
        now = {end.name for end in call.alerting_ends} - {call.caller.name}
        answered = call.callee.name if call.callee is not None else None
        for name in sorted(now - entry.ringing):
            self._switch.deliver(entry.call_id, name, entry.cause)
        if entry.offered is not None and now:
            gone = {entry.offered} - {end.name for end in call.ringing_ends}
            entry.ringing, entry.offered = entry.ringing | gone, None
        for name in sorted(entry.ringing - now - {answered}):
            if self._switch.state(ConnectionId(entry.call_id, name)) is State.ALERTING:
                self._switch.fail(entry.call_id, name, "normalClearing")
        entry.ringing = now

    def _connected(self, call: PbxCall, entry: _Entry, callee: End) -> None:
        if callee.silent or call.caller.silent or entry.joins:
            return  # parked, or on the way to somebody
        other = ConnectionId(entry.call_id, callee.name)
        rings = self._switch.call(entry.call_id).at(State.ALERTING)
        if call.picked and rings and callee.name not in rings:
            pick_up(self._switch, ConnectionId(entry.call_id, rings[0]), callee.name)
        if self._switch.state(other) is State.NULL:
            self._switch.deliver(entry.call_id, callee.name, entry.cause)
        if self._switch.state(other) is State.ALERTING:
            self._switch.answer(other, "recall" if entry.cause == "recall" else "newCall")
        for end in (call.caller, callee):
            connection = ConnectionId(entry.call_id, end.name)
            holds, state = call.holding.holds(end), self._switch.state(connection)
            if holds and state is State.CONNECTED:
                self._switch.hold(connection)
            elif not holds and state is State.HOLD:
                self._switch.retrieve(connection)

    def _in_conference(self, call: PbxCall, entry: _Entry, guest: str) -> None:
        connection = ConnectionId(entry.call_id, guest)
        state = self._switch.state(connection)
        if call.state is CallState.ENDED:
            del self._entries[call.id]
            if state is not State.NULL:
                self._switch.clear(connection)
            return
        holds = any(call.holding.holds(end) for end in call.ends if end.name == guest)
        if holds and state is State.CONNECTED:
            self._switch.hold(connection)
        elif not holds and state is State.HOLD:
            self._switch.retrieve(connection)

    def _ended(self, call: PbxCall, entry: _Entry) -> None:
        del self._entries[call.id]
        if entry.call_id not in self._switch.calls:
            return
        shared = any(other.call_id == entry.call_id for other in self._entries.values())
        if not shared:
            self._detach(entry.call_id)
        states = self._switch.call(entry.call_id).connections
        if call.failed_with is not None and State.CONNECTED in states.values():
            rings = next((d for d, s in states.items() if s is State.ALERTING), None)
            target = rings or entry.joins or call.dialled
            if entry.joins and rings is None:  # refused before it could ring
                self._switch.deliver(entry.call_id, target, entry.cause)
            if len(states) == 1 or states.get(target) is State.ALERTING or entry.joins:
                self._switch.fail(entry.call_id, target, call.failed_because or _cause(call))
        if shared:
            return
        if call.left is not None and call.left.name in states:
            self._switch.clear(ConnectionId(entry.call_id, call.left.name))
        if entry.call_id in self._switch.calls:
            self._switch.clear_call(entry.call_id)


def _cause(call: PbxCall) -> str:
    return _CAUSES.get(call.failed_with or 0, "blocked")


_CAUSES = {
    404: "destNotObtainable",
    480: "destNotObtainable",
    486: "busy",
    503: "destOutOfOrder",
}
