"""What a phone is beside its calls: its lines, its mailbox, its settings at the PBX and here."""

from __future__ import annotations

from dataclasses import dataclass

from gateway.connectors.pbx_door import PbxDoor
from gateway.features.alternative_number.service import AlternativeNumberService
from gateway.features.connectors.tokens import LinkTokens
from gateway.features.forwarding.service import ForwardingService
from gateway.features.hunt_groups.service import HuntGroupsService
from gateway.features.journal.service import JournalService
from gateway.features.offers.service import OffersService
from gateway.features.presence.service import PresenceService
from gateway.features.routing.service import RoutingService
from gateway.features.voicemail.service import VoicemailService
from gateway.http.metrics import Metrics
from gateway.ports import CallPorts, DirectoryLookup
from gateway.storage.lines import StoredLines
from gateway.wiring.ground import Ground


@dataclass(frozen=True, slots=True)
class PhoneSide:
    lines: StoredLines
    journal: JournalService
    tokens: LinkTokens
    pbx: PbxDoor
    voicemail: VoicemailService
    presence: PresenceService
    routing: RoutingService
    forwarding: ForwardingService
    hunt_groups: HuntGroupsService
    alternative: AlternativeNumberService
    offers: OffersService

    def ports(self, ground: Ground, directory: DirectoryLookup, metrics: Metrics) -> CallPorts:
        """What calls ask for."""
        return CallPorts(
            lines=self.lines,
            directory=directory,
            numbers=ground.numbers,
            journal=self.journal,
            devices=ground.online,
            events=ground.events,
            tokens=self.tokens,
            setup_stage=metrics.setup_stage,
            routing=self.routing,
            alternative=self.alternative,
            refuses_calls=self.presence.refuses_calls,
            announce=ground.bus.publish,
            lamps=self.voicemail,
            most_calls=lambda tenant_id: ground.quotas.of(tenant_id).calls,
        )


def build_phone_side(ground: Ground) -> PhoneSide:
    storage, events, bus, online = ground.storage, ground.events, ground.bus, ground.online
    lines, pbx = StoredLines(storage), PbxDoor()
    voicemail = VoicemailService(lines, events, bus)
    presence = PresenceService(storage, online, events, bus, pbx)
    alternative = AlternativeNumberService(storage, pbx, lines, ground.numbers, events)
    offers = OffersService(pbx, lines, alternative, online, events, bus)
    alternative.on_change = offers.changed
    return PhoneSide(
        lines=lines,
        journal=JournalService(storage, events, ground.outlet),
        tokens=LinkTokens(ground.secrets, ground.keys, bus),
        pbx=pbx,
        voicemail=voicemail,
        presence=presence,
        routing=RoutingService(storage, events),
        forwarding=ForwardingService(pbx, lines, ground.numbers, events, bus),
        hunt_groups=HuntGroupsService(pbx, events, bus),
        alternative=alternative,
        offers=offers,
    )
