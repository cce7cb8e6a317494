"""The API classes of the phone and the portal, each with the services that it asks."""

from __future__ import annotations

from collections.abc import Sequence

from gateway.config import GatewayConfig
from gateway.credentials.secrets import Secrets
from gateway.features.alternative_number.api import AlternativeNumberApi
from gateway.features.audit.api import AuditApi
from gateway.features.audit.reading import AuditReader
from gateway.features.connectors.api import ConnectorsApi
from gateway.features.connectors.service import ConnectorsService
from gateway.features.contacts.api import ContactsApi, SharedContactsApi
from gateway.features.devices.api import DevicesApi
from gateway.features.diagnostics.api import DiagnosticsApi
from gateway.features.directory.api import DirectoryApi
from gateway.features.forwarding.api import ForwardingApi
from gateway.features.hunt_groups.api import HuntGroupsApi
from gateway.features.journal.api import JournalApi
from gateway.features.journal.reading import JournalReader
from gateway.features.offers.api import OffersApi
from gateway.features.presence.api import PresenceApi
from gateway.features.routing.api import RoutingApi
from gateway.features.turn_credentials.api import TurnCredentialsApi
from gateway.features.users.api import UsersApi
from gateway.features.voicemail.api import VoicemailApi
from gateway.http.calls_api import CallsApi
from gateway.lifecycle import Lifecycle
from gateway.wiring.call_side import CallStack
from gateway.wiring.features import Features


def build_apis(
    config: GatewayConfig,
    secrets: Secrets,
    features: Features,
    stack: CallStack,
    lifecycle: Lifecycle,
) -> Sequence[object]:
    edge = config.sip_edge

    def edges() -> list[tuple[str, int]]:
        return [(edge.public_host, edge.public_port or int(stack.edge.port))]

    connectors = ConnectorsService(
        features.storage, secrets, features.tokens, features.turn, edge.service_domain, edges
    )
    return (
        *features.sign_in.apis,
        *features.sso.apis(features.sessions, secrets, config),
        *features.people.apis,
        *features.tenants.apis(stack.connectors, stack.calls.live_in, stack.sites),
        *features.webhooks.apis,
        UsersApi(features.users),
        DevicesApi(features.devices),
        DirectoryApi(features.directory),
        ContactsApi(features.contacts),
        SharedContactsApi(features.contacts),
        *features.sources.apis,
        JournalApi(features.journal, JournalReader(features.storage, features.ports.directory)),
        RoutingApi(features.routing),
        ForwardingApi(features.forwarding),
        HuntGroupsApi(features.hunt_groups),
        AlternativeNumberApi(features.alternative),
        OffersApi(features.offers),
        VoicemailApi(features.voicemail),
        PresenceApi(features.presence),
        CallsApi(stack.calls, lifecycle.admits),
        TurnCredentialsApi(features.turn),
        ConnectorsApi(connectors),
        AuditApi(AuditReader(features.storage)),
        DiagnosticsApi(features.diagnostics),
    )
