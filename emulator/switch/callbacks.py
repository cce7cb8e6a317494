"""Who wants to be called when somebody is free again (automatic callback). No IO, no clock.

A booking waits until its target was active: the end of a call, or a device that came back. So who
is merely absent is not rung at once, and who is busy is rung as soon as the call is over.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from emulator.switch.model import Setting, SwitchError

#: Of one extension. What a real one allows is not known.
MAX_BOOKED = 5


@dataclass(slots=True)
class _Booking:
    number: str
    target: str
    due: bool  # the target has been active since, or is


class Callbacks:
    """First come, first served. ``tell(what, device, on, kind, to)`` hears of changes."""

    def __init__(self, tell: Callable[[Setting, str, bool, str | None, str | None], None]) -> None:
        self._booked: list[_Booking] = []
        self._tell = tell

    def book(self, number: str, target: str, *, busy: bool) -> None:
        """``busy``: the target is in a call now. Booking twice is booking once."""
        if number == target:
            raise SwitchError("invalidCalledDeviceID", "nobody waits for himself")
        if target in self.of(number):
            return
        if len(self.of(number)) >= MAX_BOOKED:
            raise SwitchError("internalResourceBusy", f"{number} has booked {MAX_BOOKED} callbacks")
        self._booked.append(_Booking(number, target, busy))
        self._tell(Setting.CALL_BACK, number, True, None, target)

    def cancel(self, number: str, target: str | None = None) -> None:
        """None: all of this extension's."""
        found = [b for b in self._booked if b.number == number and target in (None, b.target)]
        if not found:
            raise SwitchError("invalidCalledDeviceID", f"{number} waits for nobody like that")
        for booking in found:
            self._remove(booking)

    def of(self, number: str) -> list[str]:
        """Whom an extension waits for."""
        return [booking.target for booking in self._booked if booking.number == number]

    def active(self, number: str) -> None:
        """The extension has ended a call, or one of its devices came back."""
        for booking in self._booked:
            booking.due = booking.due or booking.target == number

    def take(self, free: Callable[[str], bool]) -> tuple[str, str] | None:
        """Who is to be called now, and whom for. Both must be free."""
        for booking in self._booked:
            if booking.due and free(booking.target) and free(booking.number):
                self._remove(booking)
                return booking.number, booking.target
        return None

    def _remove(self, booking: _Booking) -> None:
        self._booked.remove(booking)
        self._tell(Setting.CALL_BACK, booking.number, False, None, booking.target)
