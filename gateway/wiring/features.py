"""Everything that needs storage and the bus, but neither calls nor sockets, built in order."""

from __future__ import annotations

from contextlib import AsyncExitStack
from dataclasses import dataclass

from gateway.admin_ports import Quotas
from gateway.bus import Bus
from gateway.config import GatewayConfig
from gateway.connectors.pbx_door import PbxDoor
from gateway.credentials.secrets import Secrets
from gateway.features.alternative_number.service import AlternativeNumberService
from gateway.features.api_keys.service import ApiKeysService
from gateway.features.audit.service import AuditService
from gateway.features.connectors.tokens import LinkTokens
from gateway.features.contacts.names import NamesOfAll
from gateway.features.contacts.service import ContactsService
from gateway.features.devices.service import DevicesService, OnlineDevices
from gateway.features.diagnostics.service import DiagnosticsService
from gateway.features.directory.service import DirectoryService
from gateway.features.forwarding.service import ForwardingService
from gateway.features.hunt_groups.service import HuntGroupsService
from gateway.features.journal.service import JournalService
from gateway.features.login.keeper import SessionKeeper
from gateway.features.offers.service import OffersService
from gateway.features.presence.service import PresenceService
from gateway.features.routing.service import RoutingService
from gateway.features.turn_credentials.service import TurnCredentials
from gateway.features.users.service import UsersService
from gateway.features.voicemail.service import VoicemailService
from gateway.http.metrics import Metrics
from gateway.ldap import LdapClient
from gateway.outbound import Outbound
from gateway.ports import (
    CallPorts,
)
from gateway.storage.storage import Storage
from gateway.wiring.contact_sources import Sources, build_contact_sources
from gateway.wiring.ground import Ground, lay_ground
from gateway.wiring.people import People, build_people
from gateway.wiring.phone_side import PhoneSide, build_phone_side
from gateway.wiring.post import Post
from gateway.wiring.sign_in import SignIn, build_sign_in
from gateway.wiring.single_sign_on import SingleSignOn, build_single_sign_on
from gateway.wiring.tenants import Tenants, build_tenants
from gateway.wiring.webhooks import Webhooks, build_webhooks


@dataclass(frozen=True, slots=True)
class Features:
    """Everything that needs storage and the bus, but neither calls nor sockets."""

    bus: Bus
    storage: Storage
    sessions: SessionKeeper
    sign_in: SignIn
    sso: SingleSignOn
    outbound: Outbound
    ldap_contacts: LdapClient
    users: UsersService
    online: OnlineDevices
    devices: DevicesService
    directory: DirectoryService
    contacts: ContactsService
    sources: Sources
    journal: JournalService
    routing: RoutingService
    forwarding: ForwardingService
    hunt_groups: HuntGroupsService
    alternative: AlternativeNumberService
    offers: OffersService
    keys: ApiKeysService
    tokens: LinkTokens
    turn: TurnCredentials
    pbx: PbxDoor
    voicemail: VoicemailService
    presence: PresenceService
    audit: AuditService
    diagnostics: DiagnosticsService
    quotas: Quotas
    post: Post
    webhooks: Webhooks
    people: People
    tenants: Tenants
    ports: CallPorts


def build_features(
    config: GatewayConfig,
    storage: Storage,
    secrets: Secrets,
    metrics: Metrics,
    stack: AsyncExitStack,
) -> Features:
    ground = lay_ground(config, storage, secrets, metrics, stack)
    webhooks = _webhooks(ground, stack)
    sso, sign_in = _sign_in(ground, stack)
    # Apart, or who looks for contacts in a slow directory would keep others from signing in.
    ldap_contacts = ground.ldap(stack)
    sources = _sources(ground, ldap_contacts, sign_in.sessions, stack)
    phone = build_phone_side(ground)
    people = _people(ground, sign_in, phone)
    directory = DirectoryService(storage)
    contacts = ContactsService(storage, ground.numbers, ground.audit)
    return Features(
        bus=ground.bus,
        storage=storage,
        sessions=sign_in.sessions,
        sign_in=sign_in,
        sso=sso,
        outbound=ground.outbound,
        ldap_contacts=ldap_contacts,
        users=UsersService(storage, ground.events, config.demo_hints),
        online=ground.online,
        devices=DevicesService(storage, ground.online, ground.events),
        directory=directory,
        contacts=contacts,
        sources=sources,
        journal=phone.journal,
        routing=phone.routing,
        forwarding=phone.forwarding,
        hunt_groups=phone.hunt_groups,
        alternative=phone.alternative,
        offers=phone.offers,
        keys=ground.keys,
        tokens=phone.tokens,
        turn=TurnCredentials(config.turn),
        pbx=phone.pbx,
        voicemail=phone.voicemail,
        presence=phone.presence,
        audit=ground.audit,
        diagnostics=DiagnosticsService(storage, ground.audit),
        quotas=ground.quotas,
        post=ground.post,
        webhooks=webhooks,
        people=people,
        tenants=_tenants(ground, people, sign_in),
        ports=phone.ports(ground, NamesOfAll(directory, contacts, sources.names), metrics),
    )


def _webhooks(ground: Ground, stack: AsyncExitStack) -> Webhooks:
    return build_webhooks(
        ground.storage,
        ground.secrets,
        ground.post,
        ground.config.outbound,
        stack,
        ground.outlet,
        ground.audit,
        ground.quotas,
        ground.bus,
    )


def _sign_in(ground: Ground, stack: AsyncExitStack) -> tuple[SingleSignOn, SignIn]:
    mailer = ground.post.mailer
    sso = build_single_sign_on(
        ground.config,
        ground.storage,
        ground.secrets,
        ground.numbers,
        ground.audit,
        mailer,
        ground.bus,
        ground.outbound,
        ground.ldap(stack),
    )
    sign_in = build_sign_in(
        ground.config,
        ground.storage,
        ground.secrets,
        ground.passwords,
        ground.bus,
        ground.audit,
        mailer,
        sso.directory,
    )
    stack.push_async_callback(sign_in.throttle.settled)
    return sso, sign_in


def _sources(
    ground: Ground, ldap: LdapClient, sessions: SessionKeeper, stack: AsyncExitStack
) -> Sources:
    return build_contact_sources(
        ground.config,
        ground.storage,
        ground.secrets,
        ground.numbers,
        ground.audit,
        ground.outbound,
        ldap,
        sessions,
        ground.bus,
        stack,
    )


def _people(ground: Ground, sign_in: SignIn, phone: PhoneSide) -> People:
    return build_people(
        ground.storage,
        ground.secrets,
        ground.numbers,
        ground.audit,
        ground.bus,
        sign_in.letters,
        ground.post,
        sign_in.sessions,
        phone.pbx,
    )


def _tenants(ground: Ground, people: People, sign_in: SignIn) -> Tenants:
    return build_tenants(
        ground.config,
        ground.storage,
        ground.quotas,
        people.service,
        sign_in.letters,
        ground.post,
        ground.audit,
        ground.bus,
    )
