"""The whole picture for one device: on connect, and after a gap, by connecting anew."""

from __future__ import annotations

from typing import Any

from gateway.ports import (
    Actor,
    CallService,
    ConnectorDirectory,
    ConnectorStatus,
    JournalWriter,
    JsonObject,
)
from gateway.realtime.wires import DeviceLister, LampReader, MeReader, OfferReader, PresenceReader


class Snapshots:
    """Implements ``SnapshotSource``."""

    def __init__(
        self,
        me: MeReader,
        devices: DeviceLister,
        journal: JournalWriter,
        lamps: LampReader,
        presence: PresenceReader,
        offers: OfferReader,
        calls: CallService,
        connectors: ConnectorDirectory,
    ) -> None:
        self._me = me
        self._devices = devices
        self._journal = journal
        self._lamps = lamps
        self._presence = presence
        self._offers = offers
        self._calls = calls
        self._connectors = connectors

    async def snapshot(self, actor: Actor) -> tuple[JsonObject, str | None]:
        me = await self._me.me(actor)
        devices = await self._devices.list(actor.user, actor.device_id)
        unread = await self._journal.unread(actor.user)
        offers = await self._offers.offers(actor.user)
        site_id = me.site.id if me.site is not None else None
        body: dict[str, Any] = {
            "me": me.model_dump(mode="json"),
            "device_id": actor.device_id,
            "devices": [device.model_dump(mode="json") for device in devices],
            "unread": unread,
            "offers": list(offers),
            # From here on without an await: what happens later comes as events.
            "presence": self._presence.own(actor.user),
            "mwi": self._lamps.mailbox(actor.user),
            "connector": self._connector(actor.user.tenant_id, site_id),
            "calls": self._calls.calls_of(actor.user),
            "desk_phone": self._calls.desk_phone_of(actor.user),
            "pickups": self._calls.pickups_of(actor.user),
        }
        return body, site_id

    def _connector(self, tenant_id: str, site_id: str | None) -> JsonObject:
        if site_id is None:
            return {"state": "not_set_up", "layers": []}
        return connector_json(self._connectors.status(tenant_id, site_id))


def connector_json(status: ConnectorStatus) -> JsonObject:
    return {
        "state": status.state,
        "layers": [
            {"layer": layer, "state": state, "since": since}
            for layer, state, since in status.layers
        ],
    }
