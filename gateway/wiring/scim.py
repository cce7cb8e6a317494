"""Joiners and leavers by SCIM, put together."""

from __future__ import annotations

from aiohttp import web

from gateway.admin_ports import AuditLog, PeopleAdmin, SessionEnder
from gateway.config import GatewayConfig
from gateway.features.scim.api import ScimAdminApi
from gateway.features.scim.groups import ScimGroups
from gateway.features.scim.roles import KIND, POLICY, GroupRoles
from gateway.features.scim.routes import PREFIX, ScimRoutes
from gateway.features.scim.settings import ScimAdmin
from gateway.features.scim.users import ScimUsers
from gateway.http.rates import RequestRates
from gateway.ports import ApiKeyVerifier
from gateway.storage.storage import Storage
from gateway.wiring.post import Post


class Scim:
    def __init__(
        self,
        config: GatewayConfig,
        storage: Storage,
        audit: AuditLog,
        people: PeopleAdmin,
        sessions: SessionEnder,
        post: Post,
    ) -> None:
        self._base_url = config.public_url + PREFIX
        self._users = ScimUsers(storage, people, sessions, self._base_url)
        roles = GroupRoles(storage, people, post.outbox)
        post.dispatcher.register(KIND, roles.deliver, POLICY)
        self._groups = ScimGroups(storage, roles, self._base_url)
        self._admin = ScimAdmin(storage, audit, roles, self._base_url)
        self.api = ScimAdminApi(self._admin)

    def add_to(
        self, app: web.Application, keys: ApiKeyVerifier, rates: RequestRates | None
    ) -> None:
        routes = ScimRoutes(self._users, self._groups, self._admin, keys, rates, self._base_url)
        routes.add_to(app)
