"""Contacts that are kept elsewhere, put together."""

from __future__ import annotations

import time
from contextlib import AsyncExitStack
from dataclasses import dataclass

from gateway.admin_ports import AuditLog
from gateway.bus import Bus, PersonErased
from gateway.config import GatewayConfig
from gateway.credentials.secrets import Secrets
from gateway.features.contact_sources.admin_api import ContactSourcesAdminApi
from gateway.features.contact_sources.api import ContactSourcesApi
from gateway.features.contact_sources.graph import Graph
from gateway.features.contact_sources.ldap_settings import LdapSettings
from gateway.features.contact_sources.ldap_source import LdapSource
from gateway.features.contact_sources.microsoft_accounts import MicrosoftAccounts
from gateway.features.contact_sources.microsoft_settings import MicrosoftSettings
from gateway.features.contact_sources.microsoft_sign_in import MicrosoftSignIn
from gateway.features.contact_sources.microsoft_source import MicrosoftSource
from gateway.features.contact_sources.microsoft_tokens import TokenEndpoint
from gateway.features.contact_sources.service import ContactSources
from gateway.ldap import LdapClient
from gateway.outbound import Outbound
from gateway.ports import Authenticator, NumberNormaliser
from gateway.storage.storage import Storage
from protocols.aio.scope import TaskScope


@dataclass(frozen=True, slots=True)
class Sources:
    """``names`` implements the ``OutsideNames`` port."""

    names: ContactSources
    apis: tuple[object, ...]


def build_contact_sources(
    config: GatewayConfig,
    storage: Storage,
    secrets: Secrets,
    numbers: NumberNormaliser,
    audit: AuditLog,
    outbound: Outbound,
    ldap: LdapClient,
    sessions: Authenticator,
    bus: Bus,
    stack: AsyncExitStack,
) -> Sources:
    scope = TaskScope("contact sources")
    stack.push_async_callback(scope.aclose)
    clock = time.monotonic
    directory = LdapSource(storage, secrets, ldap, numbers, clock)
    endpoint = TokenEndpoint(outbound, config.microsoft)
    accounts = MicrosoftAccounts(storage, secrets, endpoint, clock)
    graph = Graph(outbound, config.microsoft.graph_url, accounts, clock)
    microsoft = MicrosoftSource(storage, accounts, graph, numbers, scope, clock)
    bus.subscribe(PersonErased, lambda erased: microsoft.forget(erased.user))
    sign_in = MicrosoftSignIn(
        storage, secrets, endpoint, accounts, graph, sessions, config.public_url
    )
    settings = MicrosoftSettings(
        storage, secrets, audit, endpoint, sign_in.redirect_uri, microsoft.forget_tenant
    )
    names = ContactSources(storage, (directory, microsoft), scope, clock)
    return Sources(
        names,
        apis=(
            ContactSourcesApi(names, sign_in, accounts, microsoft, secrets, config.public_url),
            ContactSourcesAdminApi(LdapSettings(storage, secrets, audit, directory), settings),
        ),
    )
