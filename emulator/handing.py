"""Feature codes about calls: pickup, park, unpark, conference, callback."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emulator.calls.call import CallState, PbxCall
from emulator.calls.end import End, Party
from emulator.calls.waiter import Waiter
from emulator.switch.codes import Code, Dialled
from emulator.switch.model import SwitchError
from emulator.transfers import agree

if TYPE_CHECKING:
    from emulator.pbx import Pbx

CODES = frozenset(
    {
        Code.PICKUP,
        Code.PICKUP_GROUP,
        Code.PARK,
        Code.UNPARK,
        Code.CONFERENCE,
        Code.CALL_BACK,
        Code.CALL_BACK_OFF,
    }
)


class Handing:
    def __init__(self, pbx: Pbx) -> None:
        self._pbx = pbx
        self._parked: dict[str, tuple[PbxCall, Waiter]] = {}

    def carry_out(self, call: PbxCall, dialled: Dialled) -> None:
        """``call`` dialled a code. Raises SwitchError; nothing has changed then."""
        match dialled.code:
            case Code.PICKUP:
                self.pick_up(call, dialled.argument)
            case Code.PICKUP_GROUP:
                self.pick_up(call, None)
            case Code.UNPARK:
                self.unpark(call, dialled.argument)
            case Code.CONFERENCE:
                self._pbx.conferences.gather(call)
            case Code.PARK:
                self._park_held(call, dialled.argument)
            case Code.CALL_BACK:
                self._pbx.callback.book(call.caller.party.number, dialled.argument or None)
            case Code.CALL_BACK_OFF:
                self._pbx.callback.cancel(call.caller.party.number, dialled.argument or None)

    # -- pickup ------------------------------------------------------------------------------

    def same_group(self, one: End, other: End) -> bool:
        first, second = (self._pbx.plan.extension(e.party.number) for e in (one, other))
        group = first.pickup_group if first is not None else None
        return group is not None and second is not None and second.pickup_group == group

    def pick_up(self, call: PbxCall, number: str | None) -> None:
        """Answer what rings at ``number``, or the call of the group that rings longest."""
        caller = call.caller
        for ringing in self._pbx.calls.values():
            if ringing is call or ringing.state is not CallState.RINGING:
                continue
            if ringing.caller.party.number == caller.party.number:
                continue
            for end in ringing.ringing_ends:
                if end.party.number == number or (number is None and self.same_group(caller, end)):
                    call.give_away(caller)
                    ringing.pick_up(caller)
                    return
        raise SwitchError("invalidConnectionState", "nothing rings there")

    # -- park --------------------------------------------------------------------------------

    def park(self, call: PbxCall, end: End, slot: str) -> None:
        """The other party waits at ``slot`` with music; ``end`` is let go by whoever asked."""
        if slot in self._parked:
            raise SwitchError("invalidCalledDeviceID", f"{slot} is taken")
        peer = call.other(end)
        if call.state is not CallState.CONNECTED or peer is None or peer.silent:
            raise SwitchError("invalidConnectionState", "there is nobody to park")
        waiter = Waiter(f"park {slot}", Party(slot, "Park"), lambda: self._gone(slot))
        self._parked[slot] = call, waiter
        self._pbx.ledger.parked(call, end.name, slot)
        call.substitute(end, waiter)

    def _gone(self, slot: str) -> None:
        self._parked.pop(slot, None)

    def _park_held(self, call: PbxCall, slot: str) -> None:
        """Dialled while a call is on hold: that one is parked."""
        number = call.caller.party.number
        for held in self._pbx.calls.values():
            for end in held.ends:
                if end.party.number == number and held.holding.holds(end):
                    self.park(held, end, slot)
                    end.hang_up()
                    return
        raise SwitchError("invalidConnectionState", "no call is on hold")

    def unpark(self, call: PbxCall, slot: str) -> None:
        parked = self._parked.get(slot)
        if parked is None:
            raise SwitchError("invalidCalledDeviceID", f"nobody waits at {slot}")
        waiting, waiter = parked
        new, peer = call.caller, waiting.other(waiter)
        call.give_away(new)
        answer = agree(new, peer)
        if answer is not None and peer is not None:
            del self._parked[slot]
            self._pbx.ledger.unparked(waiting, new.name, slot)
            waiting.substitute(waiter, new)
            new.accept(answer, peer.party, ())
