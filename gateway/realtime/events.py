"""What the server sends on ``/phone``: one model per event, from which clients take their types.

Call control and the features make the payloads; the tests hold each against its model here.
"""

from __future__ import annotations

from typing import Literal

from pydantic import ConfigDict, Field, RootModel

from gateway.calls.desk_phone import DeskPhone
from gateway.calls.pickup import Pickup
from gateway.calls.states import EndReason
from gateway.calls.view import Call
from gateway.features.alternative_number.models import AlternativeView
from gateway.features.devices.models import DeviceView
from gateway.features.forwarding.models import ForwardingEntry
from gateway.features.hunt_groups.models import HuntGroupView
from gateway.features.journal.models import EntryView
from gateway.features.offers.models import Offer, OffersView
from gateway.features.presence.models import OwnPresence, PersonPresence
from gateway.features.routing.models import RoutingView
from gateway.features.users.models import MeView, SettingsView
from gateway.features.voicemail.models import MailboxView
from gateway.http.endpoint import ReplyModel


class Stamp(ReplyModel):
    """Stands in every event: its place in the stream of one connection."""

    epoch: str
    seq: int


class ConnectorLayer(ReplyModel):
    layer: Literal["network", "tls", "key", "registration", "voice", "control", "audio"]
    state: Literal["working", "weak", "down", "unknown"]
    since: str


class Connector(ReplyModel):
    """The link to the user's site, layer by layer."""

    state: Literal["not_set_up", "connecting", "working", "weak", "down", "refused", "unknown"]
    layers: list[ConnectorLayer]


class Snapshot(ReplyModel):
    """The whole picture for one device."""

    me: MeView
    device_id: str
    devices: list[DeviceView]
    unread: int
    presence: OwnPresence = Field(description="your own; colleagues' come by presence.watch")
    mwi: MailboxView | None = Field(description="null: nobody knows")
    connector: Connector
    calls: list[Call]
    desk_phone: DeskPhone | None = Field(description="null: the PBX told of none")
    pickups: list[Pickup] = Field(description="what rings in your pickup group")
    offers: list[Offer] = Field(description="what your phone system offers now")


class CallEvent(ReplyModel):
    call: Call


class RingOffer(ReplyModel):
    call: Call
    lease_ms: int
    auto_answer_ms: int | None = Field(
        description="the device takes the call by itself, so long after this offer"
    )


class CallNamed(ReplyModel):
    call_id: str


class RingStop(CallNamed):
    reason: EndReason | Literal["answered", "silenced"]
    by: str | None = Field(description="the device that made it stop")


class MediaAnswer(CallNamed):
    sdp: str
    generation: int


class MediaRenegotiate(CallNamed):
    fresh: bool = Field(description="on a new connection")


class PresenceChanged(ReplyModel):
    presence: PersonPresence
    own: OwnPresence | None = Field(description="set when it is about yourself")


class MwiChanged(ReplyModel):
    mwi: MailboxView | None = Field(description="null: nobody knows")


class JournalEvent(ReplyModel):
    entry: EntryView
    unread: int


class JournalRemoved(ReplyModel):
    id: str | None = Field(description="null: all entries are gone")
    unread: int


class DeviceOnline(ReplyModel):
    id: str
    online: bool


class DevicesChanged(ReplyModel):
    device: DeviceOnline


class SettingsChanged(ReplyModel):
    settings: SettingsView


class RoutingChanged(ReplyModel):
    routing: RoutingView


class ForwardingChanged(ReplyModel):
    """The PBX says so, whoever changed it."""

    entries: list[ForwardingEntry]


class ConnectorChanged(ReplyModel):
    connector: Connector


class DeskPhoneChanged(ReplyModel):
    desk_phone: DeskPhone | None = Field(description="null: the PBX told of none")


class HuntGroupsChanged(ReplyModel):
    groups: list[HuntGroupView]


class AlternativeNumberChanged(ReplyModel):
    alternative: AlternativeView


class OffersChanged(OffersView):
    pass


class PickupOffer(RootModel[Pickup]):
    """Told again when more is known, with the same id."""

    model_config = ConfigDict(frozen=True)


class PickupGone(ReplyModel):
    id: str


class Notice(CallNamed):
    code: str
    words: str = Field(description="English, for codes that a client does not know")
    reason: str | None = Field(
        default=None, description="why, in the words of a Call's reason, where that is known"
    )


class AnnouncementChanged(ReplyModel):
    """Ask for the announcements again: each user sees those that are for them."""


class SessionEnded(ReplyModel):
    reason: str


class ServerEvents(ReplyModel):
    """The payload of every event, by its name; each carries a Stamp as well."""

    model_config = ConfigDict(alias_generator=lambda name: name.replace("_", ".", 1))

    snapshot: Snapshot
    call_created: CallEvent
    call_updated: CallEvent
    call_ended: CallEvent
    ring_offer: RingOffer
    ring_renew: CallNamed
    ring_stop: RingStop
    media_answer: MediaAnswer
    media_renegotiate: MediaRenegotiate
    media_restart: CallNamed
    presence_changed: PresenceChanged
    mwi_changed: MwiChanged
    journal_added: JournalEvent
    journal_changed: JournalEvent
    journal_removed: JournalRemoved
    devices_changed: DevicesChanged
    settings_changed: SettingsChanged
    routing_changed: RoutingChanged
    forwarding_changed: ForwardingChanged
    connector_changed: ConnectorChanged
    desk_phone_changed: DeskPhoneChanged = Field(alias="desk_phone.changed")
    hunt_groups_changed: HuntGroupsChanged = Field(alias="hunt_groups.changed")
    alternative_number_changed: AlternativeNumberChanged = Field(alias="alternative_number.changed")
    offers_changed: OffersChanged
    pickup_offer: PickupOffer
    pickup_gone: PickupGone
    announcement_changed: AnnouncementChanged
    notice: Notice
    session_ended: SessionEnded
