"""Conferences: a room with a mixer, and a seat in it for every party's call.

A party keeps its call; only its peer is exchanged for a seat. So whoever was in a two-party call is
offered the seat's address by re-INVITE, and nothing else changes for its device.
"""

from __future__ import annotations

import itertools
import logging
from typing import TYPE_CHECKING

from emulator.calls.call import CallState, PbxCall
from emulator.calls.descriptions import speaking
from emulator.calls.end import End, Party
from emulator.phones.local_end import LocalEnd
from emulator.switch.model import SwitchError
from media.audio.mixer import Mixer, Port
from protocols.sdp import SdpError

if TYPE_CHECKING:
    from emulator.pbx import Pbx

logger = logging.getLogger(__name__)

#: As many as an OpenScape desk user can gather is not known; this is our limit.
MAX_PARTIES = 16


class Room:
    """Ends by itself when one party is left."""

    def __init__(self, pbx: Pbx, name: str) -> None:
        self.name = name
        self.seats: dict[LocalEnd, Port] = {}
        self._pbx = pbx
        self._mixer = Mixer()
        self._ids = itertools.count(1)
        self._open = False  # two parties were here at once

    def seat(self) -> LocalEnd:
        """A new place; it is heard once it has media (:meth:`sit`)."""
        end = LocalEnd(
            f"{self.name} seat {next(self._ids)}",
            Party(self.name, "Conference"),
            open_media=self._pbx.media.open,
            tasks=self._pbx.tasks,
            script=self._answer,
            on_change=self._changed,
        )
        end.wants_music = False
        if not self.seats:
            self._pbx.media.pacer.add(self._mixer.tick)
        self.seats[end] = self._mixer.add()
        return end

    async def _answer(self, end: LocalEnd) -> None:
        self.sit(end)
        end.pick_up()
        await end.forever()

    def sit(self, end: LocalEnd) -> None:
        port = self.seats.get(end)
        if port is not None and end.media is not None:
            end.media.sinks.append(port)
            end.set_source(port)
        self._open = self._open or len(self.seats) > 1

    def _changed(self, end: LocalEnd) -> None:
        if not end.over or end not in self.seats:
            return
        self._mixer.remove(self.seats.pop(end))
        if not self.seats:
            self._pbx.media.pacer.remove(self._mixer.tick)
        elif len(self.seats) == 1 and self._open:
            (last,) = self.seats
            last.leave()


class Conferences:
    def __init__(self, pbx: Pbx) -> None:
        self._pbx = pbx
        self._ids = itertools.count(1)
        self._rooms: list[Room] = []

    def gather(self, own: PbxCall) -> None:
        """``own`` dialled the code: whomever its extension has on hold comes into one room."""
        number = own.caller.party.number
        held = [
            (call, end)
            for call in self._pbx.calls.values()
            for end in (call.caller, call.callee)
            if end is not None and end.party.number == number and call.holding.holds(end)
            if (peer := call.other(end)) is not None and not peer.silent
        ]
        if not held:
            raise SwitchError("invalidConnectionState", "no call is on hold")
        room = self._room_of(held)
        guests = [(call, end) for call, end in held if call.other(end) not in room.seats]
        leaving = [entry for entry in held if entry not in guests]
        if len(room.seats) + len(guests) + 1 > MAX_PARTIES:
            raise SwitchError("internalResourceBusy", "the conference is full")
        seats = [room.seat() for _ in guests]
        self._pbx.ledger.gathered(guests, leaving, own)
        own.ring([room.seat()])
        for (call, end), seat in zip(guests, seats, strict=True):
            work = self._bring(room, call, end, seat)
            self._pbx.tasks.start(work, f"{room.name} {end.name}")
        for call, end in leaving:
            # its place is taken by the call it has just made
            end.hang_up()
            call.ended(end, ())

    def _room_of(self, held: list[tuple[PbxCall, End]]) -> Room:
        """The room that one of these calls is in already, else a new one."""
        for call, end in held:
            for room in self._rooms:
                if call.other(end) in room.seats:
                    return room
        room = Room(self._pbx, f"conference {next(self._ids)}")
        self._rooms = [known for known in self._rooms if known.seats] + [room]
        return room

    async def _bring(self, room: Room, call: PbxCall, end: End, seat: LocalEnd) -> None:
        """Put a seat in the place of ``end``."""
        peer = call.other(end)
        try:
            offer = speaking(peer.described or b"") if peer is not None else b""
            seated = await seat.seat(offer)
        except SdpError as error:
            logger.info("%s: %s", room.name, error)
            seated = False
        if not seated or call.state is not CallState.CONNECTED or end not in call.ends:
            seat.leave()
            return
        room.sit(seat)
        call.substitute(end, seat)
        end.hang_up()
