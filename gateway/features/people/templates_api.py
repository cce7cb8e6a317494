"""/admin/people-templates."""

from __future__ import annotations

from gateway.features.people.template_models import (
    PeopleTemplateData,
    PeopleTemplateList,
    PeopleTemplateView,
)
from gateway.features.people.templates import PeopleTemplates
from gateway.http.endpoint import Exchange, Reply, endpoint
from gateway.http.etag import IF_MATCH, IF_MATCH_PROBLEMS, if_match, with_etag
from gateway.permissions import Permission, Role
from gateway.ports import Authenticator

_UNKNOWN = (404, "template_unknown")
_STEP_UP = (403, "step_up_required")  # where it has or gets another role than user
_FAULTS = (
    (409, "name_taken"),
    (422, "site_unknown"),
    (422, "range_invalid"),
)


class PeopleTemplatesApi:
    def __init__(self, templates: PeopleTemplates, proofs: Authenticator) -> None:
        self._templates = templates
        self._proofs = proofs

    async def _prove_for_role(self, exchange: Exchange, *roles: str) -> None:
        """Whoever finds a device open must not have the next import appoint."""
        if set(roles) != {Role.USER.value} and exchange.principal.kind == "user":
            await self._proofs.require_fresh(exchange.actor)

    @endpoint(
        "GET",
        "/admin/people-templates",
        "What new people can begin with, by name",
        permission=Permission.PEOPLE_WRITE,
        reply=PeopleTemplateList,
    )
    async def page(self, exchange: Exchange) -> PeopleTemplateList:
        return await self._templates.page(exchange.principal.tenant_id)

    @endpoint(
        "POST",
        "/admin/people-templates",
        "Add a template; a role other than user needs roles.write",
        permission=Permission.PEOPLE_WRITE,
        body=PeopleTemplateData,
        reply=PeopleTemplateView,
        status=201,
        idempotent=True,
        max_body=8192,
        problems=(_STEP_UP, (409, "too_many_templates"), *_FAULTS),
    )
    async def create(self, exchange: Exchange) -> Reply:
        wanted = exchange.body(PeopleTemplateData)
        await self._prove_for_role(exchange, wanted.role)
        view = await self._templates.create(exchange.principal, wanted)
        return Reply(view, 201, {"ETag": f'"{view.version}"'})

    @endpoint(
        "GET",
        "/admin/people-templates/{id}",
        "One template with the next free number of its range, and an ETag",
        permission=Permission.PEOPLE_WRITE,
        reply=PeopleTemplateView,
        problems=(_UNKNOWN,),
    )
    async def one(self, exchange: Exchange) -> Reply:
        view = await self._templates.one(exchange.principal.tenant_id, exchange.params["id"])
        return with_etag(view, view.version)

    @endpoint(
        "PUT",
        "/admin/people-templates/{id}",
        "Change a template: what you leave out is emptied; one that appoints needs roles.write",
        permission=Permission.PEOPLE_WRITE,
        body=PeopleTemplateData,
        reply=PeopleTemplateView,
        headers=(IF_MATCH,),
        max_body=8192,
        problems=(_STEP_UP, _UNKNOWN, *IF_MATCH_PROBLEMS, *_FAULTS),
    )
    async def change(self, exchange: Exchange) -> Reply:
        version, wanted = if_match(exchange), exchange.body(PeopleTemplateData)
        who, template_id = exchange.principal, exchange.params["id"]
        known = await self._templates.one(who.tenant_id, template_id)
        await self._prove_for_role(exchange, known.role, wanted.role)
        view = await self._templates.change(who, template_id, wanted, version)
        return with_etag(view, view.version)

    @endpoint(
        "DELETE",
        "/admin/people-templates/{id}",
        "Remove a template, people stay as they are; one that appoints needs roles.write",
        permission=Permission.PEOPLE_WRITE,
        problems=(_UNKNOWN,),
    )
    async def remove(self, exchange: Exchange) -> None:
        await self._templates.remove(exchange.principal, exchange.params["id"])
