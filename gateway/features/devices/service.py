"""Devices in storage and the registry of live ones.

A device is online while at least one of its sockets lives. Leases and media legs point at devices,
so two tabs of one device are one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from gateway.features.devices.models import DeviceView
from gateway.ports import Actor, EventSink, Problem, UserKey
from gateway.storage.ids import utc_now
from gateway.storage.models import Device
from gateway.storage.storage import Storage


class OnlineDevices:
    """Implements the ``DeviceRegistry`` port; fed by the realtime edge."""

    def __init__(self) -> None:
        self._sockets: dict[UserKey, dict[str, set[str]]] = defaultdict(dict)
        self._names: dict[str, str] = {}

    def online(self, user: UserKey) -> Sequence[str]:
        return tuple(self._sockets.get(user, ()))

    def named(self, user: UserKey) -> Sequence[tuple[str, str]]:
        return tuple((device, self._names.get(device, "")) for device in self.online(user))

    def attach(self, user: UserKey, device_id: str, socket: str, name: str) -> bool:
        """True if the device has just come online."""
        self._names[device_id] = name
        sockets = self._sockets[user].setdefault(device_id, set())
        sockets.add(socket)
        return len(sockets) == 1

    def detach(self, user: UserKey, device_id: str, socket: str) -> bool:
        """True if the device has just gone offline."""
        devices = self._sockets.get(user)
        sockets = devices.get(device_id) if devices is not None else None
        if devices is None or sockets is None or socket not in sockets:
            return False
        sockets.remove(socket)
        if sockets:
            return False
        del devices[device_id]
        self._names.pop(device_id, None)
        if not devices:
            del self._sockets[user]
        return True


class DevicesService:
    def __init__(self, storage: Storage, online: OnlineDevices, events: EventSink) -> None:
        self._storage = storage
        self._online = online
        self._events = events

    async def list(self, user: UserKey, this: str) -> list[DeviceView]:
        async with self._storage.read(user.tenant_id) as db:
            devices = await db.find(
                Device,
                Device.user_id == user.user_id,
                order_by=[Device.last_seen.desc()],  # type: ignore[attr-defined]
                limit=100,
            )
        online = self._online.online(user)
        return [
            DeviceView.model_validate(
                {
                    "id": device.id,
                    "kind": device.kind,
                    "name": device.name,
                    "online": device.id in online,
                    "this": device.id == this,
                    "last_seen": device.last_seen,
                }
            )
            for device in devices
        ]

    async def resolve(self, actor: Actor, wanted: str | None) -> tuple[str, str]:
        """The device a socket speaks for, the one it names if it is the user's own; its name."""
        async with self._storage.write(actor.user.tenant_id) as db:
            for device_id in (wanted, actor.device_id):
                if device_id is not None and await db.update(
                    Device,
                    Device.id == device_id,
                    Device.user_id == actor.user.user_id,
                    last_seen=utc_now(),
                ):
                    device = await db.get(Device, device_id)
                    return device_id, "" if device is None else device.name
        raise Problem(401, "device_unknown", "This device was removed: sign in again")

    def attach(self, user: UserKey, device_id: str, socket: str, name: str) -> bool:
        came = self._online.attach(user, device_id, socket, name)
        if came:
            self._announce(user, device_id, online=True)
        return came

    def detach(self, user: UserKey, device_id: str, socket: str) -> bool:
        went = self._online.detach(user, device_id, socket)
        if went:
            self._announce(user, device_id, online=False)
        return went

    def _announce(self, user: UserKey, device_id: str, *, online: bool) -> None:
        self._events.to_user(
            user, "devices.changed", {"device": {"id": device_id, "online": online}}
        )
