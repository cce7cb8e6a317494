"""Everything that needs storage and the bus, but neither calls nor sockets, built in order."""

from __future__ import annotations

from contextlib import AsyncExitStack
from dataclasses import dataclass

from gateway.admin_ports import Quotas
from gateway.bus import Bus, BusEventSink
from gateway.config import GatewayConfig
from gateway.connectors.pbx_door import PbxDoor
from gateway.credentials.passwords import Passwords
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
from gateway.features.webhooks.outlet import Outlet
from gateway.http.metrics import Metrics
from gateway.ldap import LdapClient
from gateway.numbers import NumberRules
from gateway.outbound import Outbound
from gateway.ports import (
    CallPorts,
)
from gateway.storage.lines import StoredLines
from gateway.storage.storage import Storage
from gateway.wiring.contact_sources import Sources, build_contact_sources
from gateway.wiring.people import People, build_people
from gateway.wiring.post import Post, make_post
from gateway.wiring.sign_in import SignIn, build_sign_in
from gateway.wiring.single_sign_on import SingleSignOn, build_single_sign_on
from gateway.wiring.tenants import Tenants, build_tenants, make_watch
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
    bus = Bus()
    events = BusEventSink(bus)
    passwords = Passwords(parallel=config.auth.argon2_parallel, queue=config.auth.argon2_queue)
    stack.callback(passwords.close)
    online = OnlineDevices()
    directory = DirectoryService(storage)
    post = make_post(config, storage, secrets, metrics)
    outlet = Outlet(post.outbox)
    journal = JournalService(storage, events, outlet)
    audit = AuditService(follower=outlet)
    quotas = make_watch(config, storage)
    keys = ApiKeysService(storage, bus, audit)
    stack.push_async_callback(keys.aclose)
    numbers = NumberRules()
    contacts = ContactsService(storage, numbers, audit)
    outbound = Outbound(config.outbound)
    stack.push_async_callback(outbound.aclose)
    webhooks = build_webhooks(
        storage, secrets, post, config.outbound, stack, outlet, audit, quotas, bus
    )
    # Apart, or who looks for contacts in a slow directory would keep others from signing in.
    ldap, ldap_contacts = (LdapClient(outbound.policy, config.outbound.ca_file) for _ in range(2))
    stack.callback(ldap.close)
    stack.callback(ldap_contacts.close)
    sso = build_single_sign_on(
        config, storage, secrets, numbers, audit, post.mailer, bus, outbound, ldap
    )
    sign_in = build_sign_in(
        config, storage, secrets, passwords, bus, audit, post.mailer, sso.directory
    )
    stack.push_async_callback(sign_in.throttle.settled)
    sources = build_contact_sources(
        config,
        storage,
        secrets,
        numbers,
        audit,
        outbound,
        ldap_contacts,
        sign_in.sessions,
        bus,
        stack,
    )
    tokens = LinkTokens(secrets, keys, bus)
    lines = StoredLines(storage)
    voicemail = VoicemailService(lines, events, bus)
    pbx = PbxDoor()
    presence = PresenceService(storage, online, events, bus, pbx)
    routing = RoutingService(storage, events)
    alternative = AlternativeNumberService(storage, pbx, lines, numbers, events)
    offers = OffersService(pbx, lines, alternative, online, events, bus)
    alternative.on_change = offers.changed
    people = build_people(
        storage,
        secrets,
        numbers,
        audit,
        bus,
        sign_in.letters,
        post.mailer,
        sign_in.sessions,
        pbx,
    )
    tenants = build_tenants(
        config, storage, quotas, people.service, sign_in.letters, post, audit, bus
    )
    return Features(
        bus=bus,
        storage=storage,
        sessions=sign_in.sessions,
        sign_in=sign_in,
        sso=sso,
        outbound=outbound,
        ldap_contacts=ldap_contacts,
        users=UsersService(storage, events, config.demo_hints),
        online=online,
        devices=DevicesService(storage, online, events),
        directory=directory,
        contacts=contacts,
        sources=sources,
        journal=journal,
        routing=routing,
        forwarding=ForwardingService(pbx, lines, numbers, events, bus),
        hunt_groups=HuntGroupsService(pbx, events, bus),
        alternative=alternative,
        offers=offers,
        keys=keys,
        tokens=tokens,
        turn=TurnCredentials(config.turn),
        pbx=pbx,
        voicemail=voicemail,
        presence=presence,
        audit=audit,
        diagnostics=DiagnosticsService(storage, audit),
        quotas=quotas,
        post=post,
        webhooks=webhooks,
        people=people,
        tenants=tenants,
        ports=CallPorts(
            lines=lines,
            directory=NamesOfAll(directory, contacts, sources.names),
            numbers=numbers,
            journal=journal,
            devices=online,
            events=events,
            tokens=tokens,
            setup_stage=metrics.setup_stage,
            routing=routing,
            alternative=alternative,
            refuses_calls=presence.refuses_calls,
            announce=bus.publish,
            lamps=voicemail,
            most_calls=lambda tenant_id: quotas.of(tenant_id).calls,
        ),
    )
