"""Which real end of which real call a connection in a request means, and may it be asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from emulator.calls.call import PbxCall
from emulator.calls.end import End
from emulator.csta import permitted
from emulator.csta.names import Names
from emulator.offering import Offer
from emulator.phones.local_end import LocalEnd
from emulator.phones.phone import VirtualPhone
from emulator.plan.model import Extension, Kind
from emulator.switch.model import CallEvent, ConnectionId, SwitchError, What
from protocols.csta import ids
from protocols.csta.device_names import parse_device

if TYPE_CHECKING:
    from emulator.pbx import Pbx


@dataclass(frozen=True, slots=True)
class Own:
    """One device's part in a call. ``whole``: the request meant the number, not this device."""

    connection: ConnectionId
    extension: Extension
    call: PbxCall
    end: End
    whole: bool


class Targets:
    def __init__(self, pbx: Pbx, names: Names) -> None:
        self._pbx = pbx
        self._names = names

    def offer(self, asked: ids.ConnectionId) -> Offer | None:
        """The offered call that a connection means; None when it is not, or no more, offered."""
        named = self._names.named(asked.device_id)
        call_id = self._call_of(asked, named.extension.device_users)
        return self._pbx.offering.of(call_id, named.extension)

    def own(self, asked: ids.ConnectionId, service: str) -> Own:
        """Raises SwitchError: there is no such connection, or it is not the time for that."""
        named = self._names.named(asked.device_id)
        devices = (named.device,) if named.device else named.extension.device_users
        call_id = self._call_of(asked, devices)
        self._pbx.switch.call(call_id)
        device = permitted.best(self._pbx, call_id, devices)
        where = self._pbx.find(call_id, device) if device is not None else None
        if device is None or where is None:
            raise SwitchError("invalidConnectionID", f"{asked.device_id} is not in {call_id}")
        connection = ConnectionId(call_id, device)
        if service not in permitted.services(self._pbx, connection):
            raise SwitchError("invalidObjectState", f"{service} is not permitted now")
        return Own(connection, named.extension, *where, named.device is None)

    def service(self, asked: ids.ConnectionId) -> tuple[PbxCall, End] | None:
        """A number of the PBX itself that somebody has in a conference."""
        extension = self._pbx.plan.extension(parse_device(asked.device_id).number)
        if extension is None or extension.kind is Kind.USER or not asked.call_id:
            return None
        return self._pbx.find(self._names.switch_call(asked.call_id), extension.number)

    def _call_of(self, asked: ids.ConnectionId, devices: tuple[str, ...]) -> str:
        """Some clients leave the call id out where a device has one call only."""
        if asked.call_id:
            return self._names.switch_call(asked.call_id)
        found = {c for device in devices for c in self._pbx.switch.snapshot(device)}
        if len(found) != 1:
            raise SwitchError("invalidConnectionID", f"{asked.device_id} is in {len(found)} calls")
        return found.pop()

    def phone(self, own: Own) -> tuple[VirtualPhone, LocalEnd]:
        """The virtual phone of a connection, with the end that has this call."""
        phone = self._pbx.phone_of(own.end)
        if phone is None or not isinstance(own.end, LocalEnd):
            raise SwitchError("requestIncompatibleWithCallingDevice", "a phone of its own will")
        return phone, own.end

    def alternative(self, device: str) -> tuple[Extension, str] | None:
        """A new call is to begin at a number's alternative one: Business says so by a word, and has
        the number (client library); elsewhere it is named as one more device of the number."""
        name = parse_device(device)
        extension = self._pbx.plan.extension(name.number)
        if extension is None or extension.kind is not Kind.USER:
            return None
        if name.preferred:
            kept = self._pbx.features.of(extension.number).alternative
            if kept is None:
                raise SwitchError("invalidDeviceID", "there is no alternative number")
            return extension, kept
        other = self._pbx.plan.extension(name.parameter("ond"))
        return None if other is None or other is extension else (extension, other.number)

    def desk(self, device: str) -> VirtualPhone:
        """The desk phone that a new call is made at."""
        named = self._names.named(device)
        extension = named.extension
        if named.device not in (None, extension.desk_user):
            raise SwitchError("requestIncompatibleWithCallingDevice", "a line dials by itself")
        if self._pbx.registrations.bindings(extension.desk_user):
            raise SwitchError("requestIncompatibleWithCallingDevice", "a phone of its own will")
        phone = self._pbx.phones.get(extension.number)
        if phone is None:
            raise SwitchError("deviceOutOfService", f"{extension.desk_user} is not there")
        return phone


class NewCall:
    """Hears which call a device begins: the id for the answer, even of one that fails at once."""

    def __init__(self, pbx: Pbx, device: str) -> None:
        self._pbx = pbx
        self._device = device
        self.call_id: str | None = None

    def __enter__(self) -> NewCall:
        self._pbx.watchers.append(self._told)
        return self

    def __exit__(self, *_: object) -> None:
        self._pbx.watchers.remove(self._told)

    def _told(self, what: str, about: object) -> None:
        if (
            isinstance(about, CallEvent)
            and about.what is What.SERVICE_INITIATED
            and about.connection.device == self._device
        ):
            self.call_id = about.connection.call
