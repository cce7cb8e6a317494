"""/scim/v2: the protocol itself (RFC 7644), apart from the API because its forms are its own."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

import structlog
from aiohttp import web
from pydantic import ValidationError
from scim2_models import (
    Context,
    Error,
    NotFoundException,
    NotImplementedException,
    ResourceType,
    Schema,
    SCIMException,
)

from gateway.admin_ports import Principal
from gateway.features.scim.groups import ScimGroups
from gateway.features.scim.resources import (
    CONFIG,
    GROUPS,
    MAX_RESULTS,
    POLICY,
    PROVIDER,
    USERS,
    Forms,
)
from gateway.features.scim.settings import ScimAdmin
from gateway.features.scim.users import ScimUsers
from gateway.http.app import is_text
from gateway.http.client import CLIENT_IP
from gateway.http.limits import RateLimiter, subscriber
from gateway.http.rates import RequestRates
from gateway.permissions import Permission, of_scopes
from gateway.ports import ApiKeyVerifier, Problem

log = structlog.get_logger(__name__)

PREFIX = "/scim/v2"
CONTENT_TYPE = "application/scim+json"
_JSON = (CONTENT_TYPE, "application/json")
_MAX_BODY = 1024 * 1024
_BODY_TIMEOUT = 30.0
_GROUP = "urn:ietf:params:scim:schemas:core:2.0:group:"
_REFUSED_KEYS = 30  # a minute and address

Answer = tuple[int, Any]  # status and JSON
Handler = Callable[[web.Request, Principal], Awaitable[Answer]]


class ScimRoutes:
    def __init__(
        self,
        users: ScimUsers,
        groups: ScimGroups,
        admin: ScimAdmin,
        keys: ApiKeyVerifier,
        rates: RequestRates | None,
        base_url: str,
    ) -> None:
        self._users = users
        self._groups = groups
        self._admin = admin
        self._keys = keys
        self._rates = rates
        self._base_url = base_url
        self._refused = RateLimiter(_REFUSED_KEYS)
        self._noted: dict[str, datetime] = {}

    def add_to(self, app: web.Application) -> None:
        """Before the web app, which takes what is left."""
        add = app.router.add_route
        for kind, forms, service in (
            ("Users", USERS, self._users),
            ("Groups", GROUPS, self._groups),
        ):
            one = f"{PREFIX}/{kind}/{{id}}"
            add("GET", f"{PREFIX}/{kind}", self._door(self._page_of(service, forms)))
            add("POST", f"{PREFIX}/{kind}/.search", self._door(self._search_of(service, forms)))
            add("POST", f"{PREFIX}/{kind}", self._door(self._create_of(service, forms)))
            add("GET", one, self._door(self._get_of(service, forms)))
            add("PUT", one, self._door(self._replace_of(service, forms)))
            add("PATCH", one, self._door(self._patch_of(service, forms)))
            add("DELETE", one, self._door(self._remove_of(service)))
        add("GET", f"{PREFIX}/ServiceProviderConfig", self._door(self._config))
        add("GET", f"{PREFIX}/ResourceTypes", self._door(self._resource_types))
        add("GET", f"{PREFIX}/ResourceTypes/{{id}}", self._door(self._resource_type))
        add("GET", f"{PREFIX}/Schemas", self._door(self._schemas))
        add("GET", f"{PREFIX}/Schemas/{{id}}", self._door(self._schema))
        add("POST", f"{PREFIX}/.search", self._door(self._search_all))
        add("*", PREFIX + "/{rest:.*}", self._door(self._nothing(app)))

    # --- who asks, and how refusals look -------------------------------------------------------

    def _door(self, handler: Handler) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def handle(request: web.Request) -> web.Response:
            try:
                who = await self._principal(request)
                status, body = await handler(request, who)
                await self._admin.note_request(who.tenant_id, self._noted)
            except ValidationError as error:
                refused = Error.from_validation_errors(error)[0]
                status, body = int(refused.status or 400), refused.model_dump()
            except SCIMException as error:
                refused = error.to_error()
                status, body = int(refused.status or 400), refused.model_dump()
            except Problem as problem:
                return _problem(problem)
            return _respond(status, body)

        return handle

    async def _principal(self, request: web.Request) -> Principal:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        client, now = subscriber(request[CLIENT_IP]), time.monotonic()
        if self._refused.empty(client, now):
            raise Problem(429, "rate_limited", "Too many refused keys", retry_after=10)
        if scheme.lower() != "bearer" or not token.strip():
            raise Problem(401, "key_refused", "This needs an API key with the scope scim")
        key = await self._keys.verify(token.strip())
        if key is None:
            self._refused.wait(client, now)
            raise Problem(401, "key_refused", "This needs an API key with the scope scim")
        held = of_scopes(key.scopes)
        if Permission.SCIM not in held:
            raise Problem(403, "permission_missing", "This API key has not the scope scim")
        if self._rates is not None:
            self._rates.take(request, key.tenant_id, key.key_id)
        if not is_text(dict(request.match_info)) or not is_text(dict(request.query)):
            raise NotFoundException()
        who = Principal(key.tenant_id, "key", key.key_id, key.name, held, request[CLIENT_IP])
        # What SCIM is for: whoever made the key said that the directory may do this.
        needed = {Permission.PEOPLE_WRITE, Permission.PEOPLE_ERASE, Permission.ROLES_WRITE}
        return replace(who, permissions=held | needed)

    # --- resources -----------------------------------------------------------------------------

    def _page_of(self, service: Any, forms: Forms) -> Handler:
        async def page(request: web.Request, who: Principal) -> Answer:
            return await _found(service, forms, who, dict(request.query))

        return page

    def _search_of(self, service: Any, forms: Forms) -> Handler:
        async def search(request: web.Request, who: Principal) -> Answer:
            """Section 3.4.3: the same, with what is asked for in the body."""
            asked = await _body(request)
            if not isinstance(asked, dict):
                raise Problem(400, "invalidSyntax", "The body is not an object")
            return await _found(service, forms, who, asked)

        return search

    async def _search_all(self, _request: web.Request, _who: Principal) -> Answer:
        raise NotImplementedException(detail="Search among Users or Groups")

    def _create_of(self, service: Any, forms: Forms) -> Handler:
        async def create(request: web.Request, who: Principal) -> Answer:
            shape = _shape(request.query, forms)
            wanted = await _read(request, forms.model, Context.RESOURCE_CREATION_REQUEST)
            made = await service.create(who, wanted)
            return 201, _said(made, Context.RESOURCE_CREATION_RESPONSE, shape)

        return create

    def _get_of(self, service: Any, forms: Forms) -> Handler:
        async def get(request: web.Request, who: Principal) -> Answer:
            shape = _shape(request.query, forms)
            found = await service.get(who, request.match_info["id"], **_parts(forms, shape))
            return 200, _said(found, Context.RESOURCE_QUERY_RESPONSE, shape)

        return get

    def _replace_of(self, service: Any, forms: Forms) -> Handler:
        async def put(request: web.Request, who: Principal) -> Answer:
            shape = _shape(request.query, forms)
            wanted = await _read(request, forms.model, Context.RESOURCE_REPLACEMENT_REQUEST)
            changed = await service.replace(who, request.match_info["id"], wanted)
            return 200, _said(changed, Context.RESOURCE_REPLACEMENT_RESPONSE, shape)

        return put

    def _patch_of(self, service: Any, forms: Forms) -> Handler:
        async def patch(request: web.Request, who: Principal) -> Answer:
            shape = _shape(request.query, forms)
            operations = await _read(request, forms.patch, Context.RESOURCE_PATCH_REQUEST)
            wanted = request.match_info["id"]
            changed = await service.patch(who, wanted, operations)
            if changed is None and not shape.attributes:
                return 204, None
            if changed is None:
                changed = await service.get(who, wanted, **_parts(forms, shape))
            return 200, _said(changed, Context.RESOURCE_PATCH_RESPONSE, shape)

        return patch

    def _remove_of(self, service: Any) -> Handler:
        async def remove(request: web.Request, who: Principal) -> Answer:
            await service.remove(who, request.match_info["id"])
            return 204, None

        return remove

    # --- what is there (RFC 7644 section 4) ------------------------------------------------------

    async def _config(self, _request: web.Request, _who: Principal) -> Answer:
        said = CONFIG.model_dump(scim_ctx=Context.RESOURCE_QUERY_RESPONSE)
        return 200, said | {"meta": self._meta("ServiceProviderConfig", "ServiceProviderConfig")}

    async def _resource_types(self, request: web.Request, _who: Principal) -> Answer:
        _no_filter(request)
        return 200, _list([self._with_meta(one) for one in PROVIDER.resource_types])

    async def _resource_type(self, request: web.Request, _who: Principal) -> Answer:
        return 200, self._one_of(PROVIDER.resource_types, request.match_info["id"])

    async def _schemas(self, request: web.Request, _who: Principal) -> Answer:
        _no_filter(request)
        return 200, _list([self._with_meta(one) for one in PROVIDER.schemas])

    async def _schema(self, request: web.Request, _who: Principal) -> Answer:
        return 200, self._one_of(PROVIDER.schemas, request.match_info["id"])

    def _one_of(self, known: tuple[Any, ...], wanted: str) -> dict[str, Any]:
        for one in known:
            if str(one.id).lower() == wanted.lower():
                return self._with_meta(one)
        raise NotFoundException(detail="There is no such thing")

    def _with_meta(self, one: ResourceType | Schema) -> dict[str, Any]:
        kind = type(one).__name__
        said: dict[str, Any] = one.model_dump(scim_ctx=Context.RESOURCE_QUERY_RESPONSE)
        return said | {"meta": self._meta(kind, f"{kind}s/{one.id}")}

    def _meta(self, kind: str, path: str) -> dict[str, str]:
        return {"resourceType": kind, "location": f"{self._base_url}/{path}"}

    def _nothing(self, app: web.Application) -> Handler:
        async def nothing(request: web.Request, _who: Principal) -> Answer:
            """This route hides the router's own 405, so it is found out here."""
            own = request.match_info.route.resource
            for resource in app.router.resources():
                if resource is not own and resource.canonical.startswith(PREFIX):
                    _, methods = await resource.resolve(request)
                    if methods:
                        raise Problem(405, "method_not_allowed", "This cannot be done here")
            raise NotFoundException(detail="There is nothing here")

        return nothing


def _list(resources: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
        "totalResults": len(resources),
        "startIndex": 1,
        "itemsPerPage": len(resources),
        "Resources": resources,
    }


def _no_filter(request: web.Request) -> None:
    """RFC 7644 section 4: a filter here must be refused."""
    if "filter" in request.query:
        raise Problem(403, "permission_missing", "These cannot be filtered")


async def _found(service: Any, forms: Forms, who: Principal, asked: Mapping[str, Any]) -> Answer:
    shape = _shape(asked, forms)
    start = max(1, _number(asked.get("startIndex"), 1))
    count = min(MAX_RESULTS, max(0, _number(asked.get("count"), MAX_RESULTS)))
    wanted = asked.get("filter")
    text = None if wanted is None else str(wanted)
    total, found = await service.page(who, text, start, count, **_parts(forms, shape))
    body = forms.page(
        total_results=total, start_index=start, items_per_page=len(found), resources=found
    )
    ctx = Context.RESOURCE_QUERY_RESPONSE
    said = body.model_dump(scim_ctx=ctx, response_parameters=shape)
    for resource, one in zip(found, said.get("Resources") or (), strict=True):
        _add_members(one, resource, shape)
    return 200, said


def _said(resource: Any, ctx: Context, shape: Any) -> dict[str, Any]:
    said: dict[str, Any] = resource.model_dump(scim_ctx=ctx, response_parameters=shape)
    _add_members(said, resource, shape)
    return said


def _add_members(said: dict[str, Any], resource: Any, shape: Any) -> None:
    """RFC 7644 section 3.9: with what of them was asked for."""
    members = getattr(resource, "answered_members", [])
    wanted, unwanted = _names(shape.attributes), _names(shape.excluded_attributes)
    parts = {"value", "$ref"} - {name.removeprefix("members.") for name in unwanted}
    if wanted and "members" not in wanted:
        parts &= {name.removeprefix("members.") for name in wanted if "." in name}
    if members and parts and "members" not in unwanted:
        said["members"] = [{part: one[part] for part in parts} for one in members]


def _parts(forms: Forms, shape: Any) -> dict[str, Any]:
    """What the service need not look for."""
    if forms is not GROUPS:
        return {}
    wanted = _names(shape.attributes)
    asked = not wanted or any(name.partition(".")[0] == "members" for name in wanted)
    return {"members": asked and "members" not in _names(shape.excluded_attributes)}


def _names(paths: Any) -> set[str]:
    return {str(path).lower().removeprefix(_GROUP) for path in paths or ()}


def _shape(asked: Mapping[str, Any], forms: Forms) -> Any:
    names = ("attributes", "excludedAttributes")
    return forms.shape.model_validate({name: asked[name] for name in names if name in asked})


def _number(text: Any, default: int) -> int:
    try:
        return default if text is None else min(int(text), 2**31 - 1)
    except (ValueError, TypeError):
        return default


async def _read(request: web.Request, model: Any, ctx: Context) -> Any:
    """In a thread: a group may come with twenty thousand members."""
    value = await _body(request)
    return await asyncio.to_thread(model.model_validate, value, scim_ctx=ctx, scim_policy=POLICY)


async def _body(request: web.Request) -> Any:
    if request.content_type not in _JSON:
        raise Problem(415, "unsupported_media_type", f"Send {CONTENT_TYPE}")
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise Problem(415, "unsupported_media_type", "Send it unpacked")
    raw = bytearray()
    try:
        async with asyncio.timeout(_BODY_TIMEOUT):
            async for part in request.content.iter_any():
                raw += part
                if len(raw) > _MAX_BODY:
                    raise Problem(413, "too_large", "The request is too large")
    except TimeoutError:
        raise Problem(408, "request_timeout", "The request took too long to arrive") from None
    try:
        value = json.loads(raw)
        if not is_text(value):
            raise Problem(400, "invalidValue", "There are characters that cannot be kept")
    except (ValueError, RecursionError):
        raise Problem(400, "invalidSyntax", "The body is not valid JSON") from None
    return value


#: RFC 7644 table 9.
_TYPES = {400: "invalidValue", 409: "uniqueness", 422: "invalidValue"}
_STATUS = {422: 400, 402: 403}


def _problem(problem: Problem) -> web.Response:
    """One of ours in the words of SCIM."""
    status = _STATUS.get(problem.status, problem.status)
    kind = _TYPES.get(problem.status)
    if problem.code in ("invalidSyntax", "invalidValue"):
        kind = problem.code
    refused = Error(status=status, scim_type=kind, detail=problem.title)
    response = _respond(status, refused.model_dump())
    retry_after = problem.extra.get("retry_after")
    if isinstance(retry_after, int | float):
        response.headers["Retry-After"] = str(max(1, round(retry_after)))
    if status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="offhook"'
    return response


def _respond(status: int, body: Any) -> web.Response:
    if body is None:
        return web.Response(status=status)
    response = web.Response(status=status, body=json.dumps(body).encode())
    response.content_type = CONTENT_TYPE
    location = body.get("meta", {}).get("location") if status == 201 else None
    if location:
        response.headers["Location"] = location
    return response
