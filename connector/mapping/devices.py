"""Which device an identifier of the platform means, and how the link writes it.

On the link an own device is `N<number/desk>` or `N<number/line>`, whatever the platform calls it;
any other is `N<canonical number>Name`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from protocols.csta.device_names import DeviceName, parse_device
from protocols.csta.ids import ConnectionId, Device

#: Roles of own devices on the link.
DESK, LINE = "desk", "line"
#: Another phone of the user, by its own number: calls can begin there.
ALTERNATIVE = "alternative"
#: OpenScape 4000 never shows the number of the auxiliary device that the connector registers.
AUXILIARY = "aux"


@dataclass(frozen=True, slots=True)
class LineDevices:
    """One line's devices at the PBX.

    `monitored`: the number that is watched. `extension`: what the connector registers as, which is
    a member of the number's group (Business), one of its own devices (Voice), or an auxiliary
    device with a number of its own (4000).
    """

    line_id: str
    number: str  # canonical, as the link has it
    monitored: str  # as the PBX has it
    extension: str

    @property
    def also_own(self) -> tuple[str, ...]:
        return (self.extension,) if self.extension else ()

    def owns(self, name: DeviceName) -> bool:
        return name.number in (parse_device(self.monitored).number, self.extension)

    def role(self, name: DeviceName) -> str:
        """Of an own device: the line that the connector registered, or the desk phone."""
        marks = (name.number, name.member, name.parameter("ond"), name.parameter("epid"))
        ours = self.extension and self.extension in marks
        return LINE if ours or name.parameter("ond") == AUXILIARY else DESK


@dataclass(frozen=True, slots=True)
class LinkNames:
    """Writes identifiers for the link; `canonical` is the profile's number plan."""

    devices: LineDevices
    canonical: Callable[[str], str]

    def name(self, identifier: str) -> str:
        found = parse_device(identifier)
        if self.devices.owns(found):
            role = self.devices.role(found)
            return str(DeviceName(self.devices.number, role, _clean(found.name)))
        return str(DeviceName(self.canonical(_clean(found.number)), name=_clean(found.name)))

    def device(self, device: Device) -> Device:
        return replace(device, identifier=self.name(device.identifier)) if device.known else device

    def connection(self, connection: ConnectionId) -> ConnectionId:
        if not connection.device_id:
            return connection
        found = parse_device(connection.device_id)
        return ConnectionId(connection.call_id, self.name(str(replace(found, name=""))))


def _clean(text: str) -> str:
    """Names come from far away; an angle bracket in one would end the identifier."""
    return text.replace("<", "").replace(">", "")
