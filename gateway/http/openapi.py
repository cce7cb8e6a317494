"""The OpenAPI 3.1 document, made from the same declarations that the app runs."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from aiohttp import web
from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, models_json_schema

from gateway.features.alternative_number.api import AlternativeNumberApi
from gateway.features.announcements.api import AnnouncementsApi
from gateway.features.api_keys.api import ApiKeysApi
from gateway.features.audit.api import AuditApi
from gateway.features.call_control.api import CallControlApi
from gateway.features.connector_page.api import ConnectorPageApi
from gateway.features.connectors.api import ConnectorsApi
from gateway.features.contact_sources.admin_api import ContactSourcesAdminApi
from gateway.features.contact_sources.api import ContactSourcesApi
from gateway.features.contacts.api import ContactsApi, SharedContactsApi
from gateway.features.devices.api import DevicesApi
from gateway.features.diagnostics.api import DiagnosticsApi
from gateway.features.directory.api import DirectoryApi
from gateway.features.email_change.api import EmailChangeApi
from gateway.features.event_stream.api import EventStreamApi
from gateway.features.forwarding.api import ForwardingApi
from gateway.features.hunt_groups.api import HuntGroupsApi
from gateway.features.imports.api import ImportsApi
from gateway.features.invitations.api import InvitationsApi
from gateway.features.journal.api import JournalApi
from gateway.features.login.api import LoginApi
from gateway.features.offers.api import OffersApi
from gateway.features.passkeys.api import PasskeysApi
from gateway.features.passwords.api import PasswordsApi
from gateway.features.people.api import PeopleApi
from gateway.features.people.chosen import ChosenPeopleApi
from gateway.features.people.templates_api import PeopleTemplatesApi
from gateway.features.presence.api import PresenceApi
from gateway.features.routing.api import RoutingApi
from gateway.features.scim.api import ScimAdminApi
from gateway.features.second_factor.api import SecondFactorApi
from gateway.features.sessions.api import SessionsApi
from gateway.features.sign_in_policy.api import SignInPolicyApi
from gateway.features.sites.api import SitesApi
from gateway.features.sso.admin_api import DirectorySignInApi, SsoAdminApi
from gateway.features.sso.api import SsoApi
from gateway.features.tenants.api import OperatorApi, TenantApi, TermsApi
from gateway.features.test_calls.api import TestCallsApi
from gateway.features.turn_credentials.api import TurnCredentialsApi
from gateway.features.usage.api import UsageApi
from gateway.features.users.api import UsersApi
from gateway.features.voicemail.api import VoicemailApi
from gateway.features.webhooks import document as webhooks_document
from gateway.features.webhooks.api import WebhooksApi
from gateway.http.calls_api import CallsApi
from gateway.http.endpoint import API_PREFIX, Access, Endpoint, endpoints_of
from gateway.http.examples import Examples
from gateway.permissions import KEY_SCOPES, PERMISSIONS, Role
from gateway.realtime.events import ServerEvents, Stamp
from gateway.realtime.tenant_events import TenantEvents

APIS: tuple[type, ...] = (
    LoginApi,
    SecondFactorApi,
    PasskeysApi,
    PasswordsApi,
    InvitationsApi,
    EmailChangeApi,
    SessionsApi,
    SignInPolicyApi,
    UsersApi,
    DevicesApi,
    DirectoryApi,
    ContactsApi,
    SharedContactsApi,
    ContactSourcesApi,
    ContactSourcesAdminApi,
    JournalApi,
    RoutingApi,
    ForwardingApi,
    HuntGroupsApi,
    AlternativeNumberApi,
    OffersApi,
    VoicemailApi,
    PresenceApi,
    CallsApi,
    CallControlApi,
    EventStreamApi,
    TurnCredentialsApi,
    ConnectorsApi,
    PeopleApi,
    ChosenPeopleApi,
    PeopleTemplatesApi,
    ImportsApi,
    ApiKeysApi,
    SitesApi,
    ConnectorPageApi,
    TestCallsApi,
    AuditApi,
    DiagnosticsApi,
    OperatorApi,
    TenantApi,
    TermsApi,
    AnnouncementsApi,
    UsageApi,
    SsoApi,
    SsoAdminApi,
    DirectorySignInApi,
    ScimAdminApi,
    WebhooksApi,
)
_REF = "#/components/schemas/{model}"
_PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "code"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string", "description": "for people"},
        "status": {"type": "integer"},
        "code": {"type": "string", "description": "stable, for programs"},
        "detail": {"type": "string"},
        "retry_after": {"type": "number", "description": "seconds"},
        "errors": {
            "type": "array",
            "description": "what of a request does not fit",
            "items": {
                "type": "object",
                "required": ["where", "path", "message"],
                "properties": {
                    "where": {"type": "string"},
                    "path": {"type": "array", "items": {"type": "string"}},
                    "message": {"type": "string"},
                },
            },
        },
    },
}
# What every endpoint of a kind can answer besides its own problems.
_COMMON = ((400, "bad_json"), (413, "too_large"), (415, "unsupported_media_type"), (422, "invalid"))


_ACCESS = {
    Access.PUBLIC: "For anybody, without signing in.",
    Access.USER: "For a signed-in user, by an access token.",
    Access.CONNECTOR: "For the API key of a site's connector.",
}


# As draft-ietf-httpapi-ratelimit-headers-10 has them; see gateway/http/rates.py.
_RATE_HEADERS = {
    "RateLimit-Policy": "how many requests each asker and the company may make: q in w seconds",
    "RateLimit": "what is left of them: r, and in t seconds all of it again",
}


class _Schemas(GenerateJsonSchema):
    """Without titles: they repeat the names."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


def document() -> dict[str, Any]:
    endpoints = [declared for api in APIS for declared in endpoints_of(api)]
    references, schemas = _schemas(endpoints)
    paths: dict[str, dict[str, Any]] = {}
    for declared in endpoints:
        path = paths.setdefault(API_PREFIX + declared.path, {})
        path[declared.method.lower()] = _operation(declared, references)
    made = {
        "openapi": "3.1.0",
        "info": {
            "title": "Offhook gateway",
            "version": "1",
            "description": "REST commands and resources. Live events: Socket.IO namespace /phone.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "paths": paths,
        "webhooks": webhooks_document.webhooks(references),
        "components": {
            "schemas": {**schemas, "Problem": _PROBLEM},
            "headers": {
                name: {"description": text, "schema": {"type": "string"}}
                for name, text in _RATE_HEADERS.items()
            },
            "securitySchemes": {
                "accessToken": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
                "apiKey": {"type": "http", "scheme": "bearer", "bearerFormat": "gwc_..."},
            },
        },
    }
    Examples(schemas).add_to(made)
    return made


def export(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document(), indent=2, ensure_ascii=False) + "\n")


def serve(app: web.Application) -> None:
    body = json.dumps(document()).encode()
    packed = gzip.compress(body, mtime=0)

    async def handle(request: web.Request) -> web.Response:
        response = web.Response(body=body, content_type="application/json")
        response.headers["Vary"] = "Accept-Encoding"
        if "gzip" in request.headers.get("Accept-Encoding", ""):
            response.body = packed
            response.headers["Content-Encoding"] = "gzip"
        return response

    app.router.add_get(f"{API_PREFIX}/openapi.json", handle)


def _schemas(
    endpoints: Iterable[Endpoint],
) -> tuple[dict[tuple[type[BaseModel], str], Any], dict[str, Any]]:
    wanted: dict[tuple[type[BaseModel], str], None] = {}
    for declared in endpoints:
        for model in (declared.body, declared.query):
            if model is not None:
                wanted[(model, "validation")] = None
        if declared.reply is not None:
            wanted[(declared.reply, "serialization")] = None
    # No request carries these: they describe what comes over the socket and the event stream.
    for event in (ServerEvents, Stamp, TenantEvents):
        wanted[(event, "serialization")] = None
    for _event, _summary, payload in webhooks_document.payloads():
        wanted[(payload, "serialization")] = None
    references, definitions = models_json_schema(
        list(wanted),  # type: ignore[arg-type]
        ref_template=_REF,
        schema_generator=_Schemas,
    )
    return references, definitions.get("$defs", {})  # type: ignore[return-value]


def _operation(declared: Endpoint, references: dict[Any, Any]) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": declared.operation_id,
        "summary": declared.summary,
        "description": _who(declared),
        "tags": [declared.tag],
        "responses": _responses(declared, references),
    }
    if declared.access is Access.USER:
        operation["security"] = [{"accessToken": []}]
    elif declared.access is Access.CONNECTOR:
        operation["security"] = [{"apiKey": []}]
    elif declared.permission is not None:
        scope = declared.permission.value
        # A way in that no role, or no key, ever has is none.
        by_role = any(declared.permission in held for held in PERMISSIONS.values())
        by_key = declared.permission in KEY_SCOPES
        ways = {"accessToken": by_role, "apiKey": by_key}
        operation["security"] = [{way: [scope]} for way, open_ in ways.items() if open_]
    parameters = _parameters(declared)
    if parameters:
        operation["parameters"] = parameters
    if declared.body is not None:
        schema = references[(declared.body, "validation")]
        operation["requestBody"] = {
            "required": bool(_required(declared.body)),
            "content": {"application/json": {"schema": schema}},
        }
    if declared.upload:
        operation["requestBody"] = {
            "required": True,
            "content": {kind: _file_of(kind) for kind in declared.upload},
        }
    return operation


#: Of people and of contacts; both guides have more of it.
_FILES: dict[str, Any] = {
    "text/csv": "email,name,number\r\nanna@example.com,Anna König,101\r\n",
    "text/vcard": "BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Anna König\r\nTEL:+4989123456\r\nEND:VCARD\r\n",
    "application/json": {
        "format": "offhook-people",
        "version": 1,
        "people": [{"email": "anna@example.com", "name": "Anna König", "number": "101"}],
    },
}


def _file_of(kind: str) -> dict[str, Any]:
    schema = {"type": "object"} if kind == "application/json" else {"type": "string"}
    media: dict[str, Any] = {"schema": schema}
    if kind in _FILES:
        media["example"] = _FILES[kind]
    return media


_ROLES = {Role.ADMIN: "administrators", Role.HELP_DESK: "the help desk"}


def _who(declared: Endpoint) -> str:
    """May do this, in words."""
    if declared.permission is None:
        words = _ACCESS[declared.access]
    else:
        scope = declared.permission
        ways = [words for role, words in _ROLES.items() if scope in PERMISSIONS[role]]
        if not ways and scope in PERMISSIONS[Role.OPERATOR]:
            ways = ["operators"]
        if scope in KEY_SCOPES:
            ways.append(f"API keys with the scope `{scope.value}`")
        words = f"For {' and '.join(ways)}. It needs the permission `{scope.value}`."
    if declared.fresh:
        words += " People are asked for a proof of the last 15 minutes, keys are not."
    if declared.in_setup:
        words += " Also before a second factor that the company demands is set up."
    return words


def _required(model: type[BaseModel]) -> list[str]:
    return [name for name, item in model.model_fields.items() if item.is_required()]


def _parameters(declared: Endpoint) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in re.findall(r"\{(\w+)\}", declared.path)
    ]
    if declared.query is not None:
        schema = declared.query.model_json_schema(ref_template=_REF, schema_generator=_Schemas)
        found += [
            {
                "name": name,
                "in": "query",
                "required": name in schema.get("required", ()),
                "schema": item,
            }
            for name, item in schema["properties"].items()
        ]
    found += [
        {
            "name": name,
            "in": "header",
            "required": required,
            "description": text,
            "schema": {"type": "string"},
        }
        for name, text, required in declared.headers
    ]
    if declared.idempotent:
        found.append(
            {
                "name": "Idempotency-Key",
                "in": "header",
                "required": False,
                "description": "the same key has one effect for 24 hours",
                "schema": {"type": "string", "maxLength": 64},
            }
        )
    return found


def _responses(declared: Endpoint, references: dict[Any, Any]) -> dict[str, Any]:
    success: dict[str, Any] = {"description": "done"}
    if declared.reply is not None:
        schema = references[(declared.reply, "serialization")]
        success["content"] = {"application/json": {"schema": schema}}
    elif declared.file_type is not None:
        success["content"] = {declared.file_type: {"schema": {"type": "string"}}}
    if declared.access is not Access.PUBLIC:
        success["headers"] = {
            name: {"$ref": f"#/components/headers/{name}"} for name in _RATE_HEADERS
        }
    responses: dict[str, Any] = {str(declared.status): success}
    if declared.may_be_empty and declared.status != 204:
        responses["204"] = {"description": "nothing to tell"}
    by_status: dict[int, list[str]] = {}
    for status, code in (*_own(declared), *declared.problems):
        by_status.setdefault(status, []).append(code)
    for status, codes in sorted(by_status.items()):
        unique = list(dict.fromkeys(codes))
        responses[str(status)] = {
            "description": "code: " + ", ".join(unique),
            "content": {
                "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
            },
        }
        if status == 429:
            wait = {"description": "seconds", "schema": {"type": "string"}}
            responses["429"]["headers"] = {"Retry-After": wait}
    return responses


def _own(declared: Endpoint) -> Iterable[tuple[int, str]]:
    if declared.access in (Access.USER, Access.ADMIN) and not declared.in_setup:
        yield 403, "second_factor_setup_required"
    if declared.fresh:
        yield 403, "step_up_required"
    if declared.access is Access.USER:
        yield from ((401, "not_signed_in"), (401, "token_refused"), (401, "session_ended"))
    elif declared.access is Access.CONNECTOR:
        yield from ((401, "not_signed_in"), (401, "key_refused"), (403, "permission_missing"))
    elif declared.access is Access.ADMIN:
        yield from ((401, "not_signed_in"), (401, "token_refused"), (401, "session_ended"))
        yield from ((401, "key_refused"), (403, "permission_missing"))
    if declared.access in (Access.CONNECTOR, Access.ADMIN):
        yield 403, "tenant_suspended"  # keys are told; sessions have ended
    if declared.access is not Access.PUBLIC:
        yield 429, "rate_limited"
    if declared.method != "GET":
        yield 403, "origin_refused"
    if declared.body is not None:
        yield from _COMMON
    elif declared.upload:
        yield from ((408, "request_timeout"), *_COMMON[1:])
    elif declared.query is not None:
        yield 422, "invalid"
    if declared.stores:
        yield 507, "storage_full"
    if declared.idempotent:
        yield from ((409, "in_progress"), (422, "idempotency_key_reused"))
