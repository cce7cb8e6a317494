"""Device identifiers and call ids as a platform writes them, and back.

What is monitored is a number; its desk phone and its client line are devices of that number:

=========  ==========================  =====================================
profile    connection                  device in an event
=========  ==========================  =====================================
business   ``N<101/5101>``             ``N<101/5101>Anna``
voice      ``101`` (the desk),         ``N<101>Anna;displayNumber=101;noa=nk``,
           ``<101>;ond=6101;epid=…``   ``N<101>Anna;ond=6101;epid=…``
os4000     ``101`` (the desk),         as voice, without a name ``N101``; the
           ``<101>;ond=aux``           auxiliary line never by its number
=========  ==========================  =====================================
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from emulator.calls.end import Party
from emulator.csta.quirks import Quirks
from emulator.plan.dialplan import DialPlan
from emulator.plan.model import Extension, Kind
from emulator.switch.model import SwitchError
from protocols.csta.device_names import parse_device
from protocols.csta.ids import NOT_KNOWN, ConnectionId, Device


@dataclass(frozen=True, slots=True)
class Named:
    """What an identifier in a request means. ``device`` None: the number as such."""

    extension: Extension
    device: str | None = None


class Names:
    """``party_of`` says for whom an end speaks that is no device of the plan (a callback)."""

    def __init__(
        self,
        quirks: Quirks,
        plan: DialPlan,
        party_of: Callable[[str], Party | None] = lambda _: None,
    ) -> None:
        self._quirks = quirks
        self._plan = plan
        self._party_of = party_of
        self._written: dict[str, str] = {}  # call id of the switch -> as it is written

    # -- writing -----------------------------------------------------------------------------

    def owner(self, device: str) -> Extension | None:
        """Whose device this is; None for what belongs to nobody."""
        return self._plan.of_device(device)

    def device_id(self, device: str) -> str:
        """How a device stands in a connection."""
        extension = self.owner(device)
        if extension is None:
            return f"N<{_plain(device)}>" if self._quirks.member_names else _plain(device)
        if self._quirks.member_names:
            return f"N<{extension.number}/{device}>"
        if device == extension.desk_user:
            return extension.number
        return f"<{extension.number}>{self._ond(extension, device)}"

    def device(self, device: str) -> Device:
        """How a device stands in an event."""
        extension = self.owner(device)
        number = extension.number if extension is not None else device
        if extension is None and not _NUMBER.fullmatch(device):
            party = self._party_of(device)
            if party is None or not _NUMBER.fullmatch(party.number):
                return NOT_KNOWN
            number = party.number
        known = extension or self._plan.extension(number)
        name = _plain(known.name) if known is not None else ""
        if self._quirks.member_names:
            inner = f"{number}/{device}" if extension is not None else _plain(number)
            return Device(f"N<{inner}>{name}")
        line = extension is not None and device != extension.desk_user
        if not name and not line and self._quirks.hidden_line:
            return Device(f"N{_plain(number)}")
        tail = (
            self._ond(extension, device)
            if extension is not None and line
            else f";displayNumber={_plain(number)};noa=nk"
        )
        return Device(f"N<{_plain(number)}>{name}{tail}")

    def number(self, dialled: str) -> Device:
        """A number that was dialled: an extension, never one of its devices."""
        extension = self._plan.resolve(dialled)
        return self.device(extension.number if extension is not None else dialled)

    def _ond(self, extension: Extension, device: str) -> str:
        if self._quirks.hidden_line and device == extension.line_user:
            return f";ond={self._quirks.hidden_line}"
        return f";ond={device};epid=SC{device}"

    def connection(self, call: str, device: str) -> ConnectionId:
        return ConnectionId(self.call_id(call), self.device_id(device))

    def call_id(self, call: str) -> str:
        if not self._quirks.first_byte:
            return call
        return self._written.setdefault(call, f"{self._quirks.first_byte}0001{call.zfill(26)}")

    def renamed(self, old: str, new: str) -> None:
        """A call goes on under another id: the same but for its first byte (03, 04, ...)."""
        if not self._quirks.first_byte or old == new:
            return
        before = self.call_id(old)
        number = int(before[:2], 16)
        first = 3 if number == int(self._quirks.first_byte, 16) else number + 1
        taken = set(self._written.values())
        while f"{first:02X}{before[2:]}" in taken:
            first += 1
        self._written[new] = f"{first:02X}{before[2:]}"

    def forget(self, calls: set[str]) -> None:
        """Only these calls are left."""
        self._written = {call: text for call, text in self._written.items() if call in calls}

    # -- reading -----------------------------------------------------------------------------

    def switch_call(self, written: str) -> str:
        """The switch's name of a call id in a request."""
        found = (call for call, text in self._written.items() if text == written)
        return next(found, written)

    def named(self, identifier: str) -> Named:
        """Whose number, or which device, a request means. Raises SwitchError."""
        name = parse_device(identifier)
        extension = self._plan.extension(name.number)
        if extension is None or extension.kind is not Kind.USER:
            raise SwitchError("invalidDeviceID", f"{identifier} is nobody's")
        part = name.member or name.parameter("ond")
        if not part:
            return Named(extension)
        if part == self._quirks.hidden_line:
            return Named(extension, extension.line_user)
        hidden = extension.line_user if self._quirks.hidden_line else None
        if part in extension.device_users and part != hidden:
            return Named(extension, part)
        raise SwitchError("invalidDeviceID", f"{part} is no device of {extension.number}")

    def monitored(self, identifier: str) -> Extension:
        """A monitor watches a number, never one of its devices (Business: MULAP members)."""
        named = self.named(identifier)
        if named.device is not None:
            raise SwitchError("invalidDeviceID", "only the number can be monitored")
        return named.extension


_NUMBER = re.compile(r"[0-9*#+]+")


def _plain(text: str) -> str:
    """Brackets and semicolons mean something in an identifier."""
    return "".join(c for c in text if c not in "<>;")
