"""Connection and device identifiers as they stand in messages (ECMA-269 connection identifier,
device identifier choices)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class ConnectionId:
    """One device's part in one call. Either half may be empty: not known to the sender."""

    call_id: str = ""
    device_id: str = ""


class DeviceStatus(StrEnum):
    """The choices beside an identifier; the values are the element names."""

    IDENTIFIED = "deviceIdentifier"
    NOT_KNOWN = "notKnown"
    RESTRICTED = "restricted"
    NOT_REQUIRED = "notRequired"
    NOT_SPECIFIED = "notSpecified"


@dataclass(frozen=True, slots=True)
class Device:
    """A device of an event: an identifier, or the reason why there is none."""

    #: The element that holds the identifier.
    element: ClassVar[str] = "deviceIdentifier"

    identifier: str = ""
    status: DeviceStatus = DeviceStatus.IDENTIFIED

    @property
    def known(self) -> bool:
        return self.status is DeviceStatus.IDENTIFIED and bool(self.identifier)


@dataclass(frozen=True, slots=True)
class RedirectionDevice(Device):
    """Who sent the call on."""

    element: ClassVar[str] = "numberDialed"


@dataclass(frozen=True, slots=True)
class Endpoint(Device):
    """The device at the end of a listed connection."""

    element: ClassVar[str] = "deviceID"


NOT_KNOWN = Device(status=DeviceStatus.NOT_KNOWN)
NOT_REQUIRED = RedirectionDevice(status=DeviceStatus.NOT_REQUIRED)
