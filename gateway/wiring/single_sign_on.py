"""Signing in elsewhere, put together."""

from __future__ import annotations

import time
from dataclasses import dataclass

from gateway.admin_ports import AuditLog, Mailer
from gateway.bus import Bus
from gateway.config import GatewayConfig
from gateway.credentials.secrets import Secrets
from gateway.features.people.joining import JoiningPeople
from gateway.features.sso.admin_api import DirectorySignInApi, SsoAdminApi
from gateway.features.sso.api import SsoApi
from gateway.features.sso.arrivals import Arrivals
from gateway.features.sso.connections import Connections
from gateway.features.sso.directory import DirectoryService
from gateway.features.sso.domain_watch import DomainWatch
from gateway.features.sso.domains import Domains
from gateway.features.sso.flow import SignOnFlow
from gateway.features.sso.provider import Providers
from gateway.ldap import LdapClient
from gateway.outbound import Outbound
from gateway.ports import NumberNormaliser
from gateway.sign_in_ports import SessionOpener
from gateway.storage.storage import Storage


@dataclass(frozen=True, slots=True)
class SingleSignOn:
    """``directory`` implements the port of sign-in; ``watch.run()`` is started by main."""

    directory: DirectoryService
    connections: Connections
    domains: Domains
    watch: DomainWatch
    flow: SignOnFlow
    providers: Providers

    def apis(
        self, sessions: SessionOpener, secrets: Secrets, config: GatewayConfig
    ) -> tuple[object, ...]:
        return (
            SsoApi(self.flow, self.connections, sessions, secrets, config.public_url),
            SsoAdminApi(self.connections, self.domains),
            DirectorySignInApi(self.directory),
        )


def build_single_sign_on(
    config: GatewayConfig,
    storage: Storage,
    secrets: Secrets,
    numbers: NumberNormaliser,
    audit: AuditLog,
    mailer: Mailer,
    bus: Bus,
    outbound: Outbound,
    ldap: LdapClient,
) -> SingleSignOn:
    providers = Providers(outbound, time.monotonic)
    arrivals = Arrivals(JoiningPeople(secrets, numbers, audit, bus, mailer))
    domains = Domains(storage, audit)
    connections = Connections(
        storage, secrets, audit, outbound, providers, domains, config.public_url
    )
    flow = SignOnFlow(storage, secrets, providers, arrivals, config.public_url)
    directory = DirectoryService(storage, secrets, audit, ldap, domains, arrivals)
    watch = DomainWatch(storage, domains, audit, mailer)
    return SingleSignOn(directory, connections, domains, watch, flow, providers)
