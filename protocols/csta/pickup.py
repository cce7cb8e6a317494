"""A call that rings in the pickup group of a device, as its monitor is told.

OpenScape 4000 tells it by CallInformation about a call that the device has no part in, with a mark
in the name of the device; ConnectionCleared with the same mark takes it back (client library). No
call of the device itself is meant: whoever keeps a view of the device's calls asks here first.
"""

from __future__ import annotations

from dataclasses import dataclass

from protocols.csta.device_names import DeviceName, parse_device
from protocols.csta.events.call import CallInformationEvent, ConnectionClearedEvent
from protocols.csta.ids import NOT_KNOWN, ConnectionId, Device
from protocols.csta.message import Message

MARK = "Pickup Group Number"
#: Calls of one line's group that are remembered: an end may get lost.
MOST_RINGING = 64


@dataclass(frozen=True, slots=True)
class PickupNotice:
    """``connection``: the call, and who rings. ``caller`` None: it is over, or somebody has it."""

    connection: ConnectionId
    group: str
    caller: Device | None

    @property
    def key(self) -> tuple[str, str]:
        """What an offer and its end have in common."""
        return self.connection.call_id, parse_device(self.connection.device_id).number


def group_device(group: str) -> Device:
    """What stands for the group in both events."""
    return Device(str(DeviceName(group, name=MARK)))


def pickup_notice(message: Message) -> PickupNotice | None:
    """None: it is an event like any other."""
    caller: Device | None = None
    match message:
        case CallInformationEvent(connection=connection, device=device) if _marked(device):
            caller = message.calling_device or NOT_KNOWN
        case ConnectionClearedEvent(dropped_connection=connection, releasing_device=device) if (
            _marked(device)
        ):
            pass
        case _:
            return None
    assert device is not None
    return PickupNotice(connection, parse_device(device.identifier).number, caller)


def _marked(device: Device | None) -> bool:
    return device is not None and device.known and MARK in device.identifier
