"""Every route and every socket event, as another tenant, as nobody, with an expired token.

The table below has an entry for each route; a new route without one fails the test.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import socketio.exceptions

from gateway.bus import PbxFeatureChanged
from gateway.connectors.pbx_door import PbxDoor
from gateway.credentials.secrets import Secrets
from gateway.credentials.tokens import TokenSigner
from gateway.features.login.keeper import AUDIENCE
from gateway.http.endpoint import API_PREFIX, Access, endpoints_of
from gateway.http.openapi import APIS
from gateway.pbx_ports import Forwarding, HuntGroup, PbxCapabilities
from gateway.ports import Numbers, UserKey
from gateway.realtime import watching
from gateway.realtime.events import ServerEvents
from gateway.realtime.verbs import MEDIA, PING, VERBS
from gateway.storage.ids import new_id, utc_now
from gateway.storage.models import ApiKey, Session
from gateway.storage.tables.people import PeopleTemplate
from gateway.storage.tables.webhooks import Webhook
from tests.support.api_events import a_call
from tests.support.gateway_platform import PBX_PASSWORD, Bench, open_bench


@dataclass(frozen=True)
class Row:
    """How to call a route, and what others get. ``stranger``: a user of another tenant."""

    nobody: int = 401
    stranger: int = 200
    json: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    final: bool = False  # who did this has no tenant any more, or another one


UNKNOWN = "00000000-0000-7000-8000-000000000000"
#: Whose id stands after this word of a path; elsewhere it is that of the journal's entry.
ID_OF = {
    "people": "user",
    "users": "user",
    "keys": "key",
    "sites": "site",
    "tenants": "tenant",
    "sessions": "session",
    "diagnostics": "diagnostics",
    "webhooks": "webhook",
    "people-templates": "template",
}

ANNOUNCEMENT = {
    "kind": "news",
    "title": "Summer party",
    "text": "On Friday.",
    "shown_until": "2099-01-01T00:00:00Z",
}
WEBHOOK = {"url": "https://93.184.215.14/hook", "events": ["call.ended"]}

# Of administration: what an admin of another tenant gets; what roles and scopes get is computed
# from the permissions in test_permission_matrix.
ROUTES: dict[tuple[str, str], Row] = {
    # Public on purpose: they authenticate by what they carry.
    ("POST", "/api/v1/auth/login"): Row(nobody=422, stranger=422, json={}),
    ("POST", "/api/v1/auth/refresh"): Row(nobody=403, stranger=403, json={}),
    ("POST", "/api/v1/auth/logout"): Row(nobody=204, stranger=204, json={}),
    ("POST", "/api/v1/auth/second-step"): Row(nobody=422, stranger=422, json={}),
    ("POST", "/api/v1/auth/passkey/begin"): Row(nobody=200, json={}),
    ("POST", "/api/v1/auth/passkey/finish"): Row(
        nobody=401, stranger=401, json={"credential": {}, "device": {"kind": "api"}}
    ),
    ("POST", "/api/v1/auth/password-reset"): Row(
        nobody=204, stranger=204, json={"email": "nobody@example.test"}
    ),
    ("POST", "/api/v1/auth/password-reset/finish"): Row(
        nobody=410, stranger=410, json={"token": "x", "password": "x"}
    ),
    ("POST", "/api/v1/auth/invitation"): Row(nobody=410, stranger=410, json={"token": "x"}),
    ("POST", "/api/v1/auth/invitation/passkey"): Row(nobody=410, stranger=410, json={"token": "x"}),
    ("POST", "/api/v1/auth/invitation/accept"): Row(
        nobody=410, stranger=410, json={"token": "x", "password": "x", "device": {"kind": "api"}}
    ),
    ("GET", "/api/v1/terms"): Row(nobody=200),
    ("GET", "/api/v1/openapi.json"): Row(nobody=200),
    ("GET", "/healthz"): Row(nobody=200),
    ("GET", "/readyz"): Row(nobody=200),
    ("GET", "/socket.io/"): Row(nobody=400, stranger=400),  # CONNECT authenticates, tested below
    ("POST", "/socket.io/"): Row(nobody=400, stranger=400),
    ("OPTIONS", "/socket.io/"): Row(nobody=400, stranger=400),
    ("GET", "/{path}"): Row(nobody=503, stranger=503),  # the web app, not built here
    ("GET", "/admin{path}"): Row(nobody=503, stranger=503),  # the portal, not built here
    ("GET", "/api/docs"): Row(nobody=503, stranger=503),  # the same
    ("*", "/api/{rest}"): Row(nobody=404, stranger=404),
    # A user's own things.
    ("GET", "/api/v1/me"): Row(),
    ("GET", "/api/v1/me/settings"): Row(),
    ("PUT", "/api/v1/me/settings"): Row(json={"theme": "dark"}, headers={"If-Match": '"1"'}),
    ("GET", "/api/v1/devices"): Row(),
    ("GET", "/api/v1/directory"): Row(),
    ("GET", "/api/v1/contacts"): Row(),
    ("POST", "/api/v1/contacts"): Row(stranger=201, json={"name": "Mine"}),
    ("POST", "/api/v1/contacts/import"): Row(json={"no": "contacts"}, stranger=415),
    ("GET", "/api/v1/contacts/{id}"): Row(stranger=404),
    ("PUT", "/api/v1/contacts/{id}"): Row(
        stranger=404, json={"name": "Mine"}, headers={"If-Match": '"1"'}
    ),
    ("DELETE", "/api/v1/contacts/{id}"): Row(stranger=404),
    ("GET", "/api/v1/admin/contacts"): Row(),
    ("POST", "/api/v1/admin/contacts"): Row(stranger=201, json={"name": "Ours"}),
    ("POST", "/api/v1/admin/contacts/import"): Row(json={"no": "contacts"}, stranger=415),
    ("PUT", "/api/v1/admin/contacts/{id}"): Row(
        stranger=404, json={"name": "Ours"}, headers={"If-Match": '"1"'}
    ),
    ("DELETE", "/api/v1/admin/contacts/{id}"): Row(stranger=404),
    ("GET", "/api/v1/contact-sources/search"): Row(),
    # A browser's address, as those of single sign-on.
    ("GET", "/api/v1/contact-sources/microsoft/callback"): Row(nobody=303, stranger=303),
    ("GET", "/api/v1/me/contact-sources"): Row(),
    ("POST", "/api/v1/me/contact-sources/microsoft/connect"): Row(stranger=404, json={}),
    ("DELETE", "/api/v1/me/contact-sources/microsoft"): Row(stranger=204),
    ("GET", "/api/v1/admin/contact-sources/ldap"): Row(),
    ("PUT", "/api/v1/admin/contact-sources/ldap"): Row(stranger=422, json={}),
    ("DELETE", "/api/v1/admin/contact-sources/ldap"): Row(stranger=204),
    ("POST", "/api/v1/admin/contact-sources/ldap/test"): Row(stranger=409, json={"q": "anna"}),
    ("GET", "/api/v1/admin/contact-sources/microsoft"): Row(),
    ("PUT", "/api/v1/admin/contact-sources/microsoft"): Row(stranger=422, json={}),
    ("DELETE", "/api/v1/admin/contact-sources/microsoft"): Row(stranger=204),
    ("POST", "/api/v1/admin/contact-sources/microsoft/test"): Row(stranger=409, json={}),
    ("GET", "/api/v1/routing"): Row(),
    ("PUT", "/api/v1/routing"): Row(json={"apps": "never"}, headers={"If-Match": '"1"'}),
    ("GET", "/api/v1/forwarding"): Row(),
    ("PUT", "/api/v1/forwarding/{kind}"): Row(stranger=409, json={"active": False}),
    ("GET", "/api/v1/hunt-groups"): Row(),
    ("PUT", "/api/v1/hunt-groups/{number}"): Row(stranger=409, json={"logged_in": False}),
    ("GET", "/api/v1/alternative-number"): Row(),
    ("PUT", "/api/v1/alternative-number"): Row(json={"number": "103"}),
    ("GET", "/api/v1/offers"): Row(),
    ("GET", "/api/v1/journal"): Row(),
    ("GET", "/api/v1/journal.csv"): Row(),
    ("GET", "/api/v1/journal/{id}"): Row(stranger=404),
    ("DELETE", "/api/v1/journal"): Row(stranger=204),
    ("DELETE", "/api/v1/journal/{id}"): Row(stranger=404),
    ("POST", "/api/v1/journal/read"): Row(json={"ids": ["{entry}"]}),
    ("GET", "/api/v1/voicemail"): Row(),
    ("POST", "/api/v1/diagnostics"): Row(
        stranger=201, json={"source": "webapp", "bundle": {"link": "online"}}
    ),
    ("GET", "/api/v1/announcements"): Row(),
    ("GET", "/api/v1/presence"): Row(),
    ("PATCH", "/api/v1/presence"): Row(json={}),
    ("GET", "/api/v1/presence/people"): Row(),
    ("GET", "/api/v1/calls"): Row(),
    ("POST", "/api/v1/calls"): Row(stranger=202, json={"to": "101"}),
    ("POST", "/api/v1/calls/pickup"): Row(stranger=202, json={"id": "victims-pickup"}),
    ("POST", "/api/v1/calls/unpark"): Row(stranger=202, json={"slot": "42"}),
    ("POST", "/api/v1/calls/{id}/{verb}"): Row(stranger=202, json={}),
    ("POST", "/api/v1/turn-credentials"): Row(),
    # Of administrators.
    ("GET", "/api/v1/admin/sign-in"): Row(),
    ("PUT", "/api/v1/admin/sign-in"): Row(stranger=422, json={}),
    ("GET", "/api/v1/admin/diagnostics"): Row(),
    ("GET", "/api/v1/admin/diagnostics/{id}"): Row(stranger=404),
    ("GET", "/api/v1/admin/audit"): Row(),
    ("GET", "/api/v1/admin/audit.csv"): Row(),
    ("POST", "/api/v1/admin/audit/verify"): Row(json={}),
    ("GET", "/api/v1/admin/overview"): Row(),
    ("GET", "/api/v1/admin/tenant"): Row(),
    ("PUT", "/api/v1/admin/tenant"): Row(
        json={"name": "Other AG", "language": "de", "support_email": "help@other.test"},
        headers={"If-Match": '"1"'},
    ),
    ("POST", "/api/v1/admin/tenant/terms"): Row(stranger=409, json={"version": "x"}),
    ("POST", "/api/v1/admin/tenant/export"): Row(),
    ("POST", "/api/v1/admin/tenant/delete"): Row(
        stranger=202, json={"name": "Other AG"}, final=True
    ),
    ("GET", "/api/v1/admin/announcements"): Row(),
    ("POST", "/api/v1/admin/announcements"): Row(stranger=201, json=ANNOUNCEMENT),
    ("PUT", "/api/v1/admin/announcements/{id}"): Row(
        stranger=404, json=ANNOUNCEMENT, headers={"If-Match": '"1"'}
    ),
    ("DELETE", "/api/v1/admin/announcements/{id}"): Row(stranger=404),
    ("GET", "/api/v1/admin/webhooks"): Row(),
    ("POST", "/api/v1/admin/webhooks"): Row(stranger=201, json=WEBHOOK),
    ("GET", "/api/v1/admin/webhooks/{id}"): Row(stranger=404),
    ("PUT", "/api/v1/admin/webhooks/{id}"): Row(
        stranger=404, json=WEBHOOK | {"paused": True}, headers={"If-Match": '"1"'}
    ),
    ("POST", "/api/v1/admin/webhooks/{id}/secret"): Row(
        stranger=404, json={"change_over_hours": 0}
    ),
    ("DELETE", "/api/v1/admin/webhooks/{id}"): Row(stranger=404),
    ("POST", "/api/v1/admin/webhooks/{id}/test"): Row(stranger=404),
    ("GET", "/api/v1/admin/webhooks/{id}/deliveries"): Row(stranger=404),
    ("POST", "/api/v1/admin/webhooks/{id}/deliveries/again"): Row(stranger=404),
    ("POST", "/api/v1/admin/webhooks/{id}/deliveries/{delivery}/again"): Row(stranger=404),
    ("GET", "/api/v1/admin/usage"): Row(),
    ("GET", "/api/v1/admin/usage.csv"): Row(),
    # Of operators, and nobody else.
    ("GET", "/api/v1/operator/tenants"): Row(stranger=403),
    ("POST", "/api/v1/operator/tenants"): Row(
        stranger=403, json={"name": "New", "admin": {"email": "new@new.test"}}
    ),
    ("GET", "/api/v1/operator/tenants/{id}"): Row(stranger=403),
    ("POST", "/api/v1/operator/tenants/{id}/invite-admin"): Row(
        stranger=403, json={"email": "new@new.test"}
    ),
    ("PUT", "/api/v1/operator/tenants/{id}/quotas"): Row(stranger=403, json={}),
    ("POST", "/api/v1/operator/tenants/{id}/suspend"): Row(stranger=403, json={}),
    ("POST", "/api/v1/operator/tenants/{id}/resume"): Row(stranger=403),
    ("POST", "/api/v1/operator/tenants/{id}/delete"): Row(
        stranger=403, json={"name": "Example GmbH"}
    ),
    ("GET", "/api/v1/operator/tenants/{id}/diagnostics"): Row(stranger=403),
    ("GET", "/api/v1/operator/tenants/{id}/diagnostics/{bundle}"): Row(stranger=403),
    ("GET", "/api/v1/operator/usage.csv"): Row(stranger=403),
    ("GET", "/api/v1/operator/announcements"): Row(stranger=403),
    ("POST", "/api/v1/operator/announcements"): Row(stranger=403, json=ANNOUNCEMENT),
    ("PUT", "/api/v1/operator/announcements/{id}"): Row(
        stranger=403, json=ANNOUNCEMENT, headers={"If-Match": '"1"'}
    ),
    ("DELETE", "/api/v1/operator/announcements/{id}"): Row(stranger=403),
    ("GET", "/api/v1/me/security"): Row(),
    ("PUT", "/api/v1/me/password"): Row(
        stranger=403, json={"old_password": "not mine", "new_password": "whatever it may be"}
    ),
    ("POST", "/api/v1/me/email"): Row(stranger=202, json={"email": "mallory@new.test"}),
    ("POST", "/api/v1/me/email/confirm"): Row(stranger=422, json={}),
    ("POST", "/api/v1/me/totp"): Row(json={}),
    ("POST", "/api/v1/me/totp/confirm"): Row(stranger=403, json={"code": "000000"}),
    ("DELETE", "/api/v1/me/totp"): Row(stranger=204),
    ("POST", "/api/v1/me/recovery-codes"): Row(stranger=409, json={}),
    ("GET", "/api/v1/me/passkeys"): Row(),
    ("POST", "/api/v1/me/passkeys/begin"): Row(json={}),
    ("POST", "/api/v1/me/passkeys"): Row(stranger=422, json={"name": "x", "credential": {}}),
    ("PATCH", "/api/v1/me/passkeys/{id}"): Row(stranger=404, json={"name": "x"}),
    ("DELETE", "/api/v1/me/passkeys/{id}"): Row(stranger=404),
    ("GET", "/api/v1/me/sessions"): Row(),
    ("DELETE", "/api/v1/me/sessions"): Row(stranger=204),
    ("DELETE", "/api/v1/me/sessions/{id}"): Row(stranger=404),
    ("POST", "/api/v1/auth/step-up"): Row(
        stranger=403, json={"method": "password", "password": "not mine"}
    ),
    ("GET", "/api/v1/admin/keys"): Row(),
    ("POST", "/api/v1/admin/keys"): Row(stranger=422, json={}),
    ("POST", "/api/v1/admin/keys/{id}/regenerate"): Row(
        stranger=404, json={"change_over_hours": 0}
    ),
    ("DELETE", "/api/v1/admin/keys/{id}"): Row(stranger=404),
    ("GET", "/api/v1/admin/sites"): Row(),
    ("POST", "/api/v1/admin/sites"): Row(stranger=422, json={}),
    ("GET", "/api/v1/admin/sites/{id}"): Row(stranger=404),
    ("PUT", "/api/v1/admin/sites/{id}"): Row(
        stranger=404,
        json={"name": "Mine now", "profile": "business", "country": "de"},
        headers={"If-Match": '"1"'},
    ),
    ("DELETE", "/api/v1/admin/sites/{id}"): Row(stranger=404),
    ("GET", "/api/v1/admin/sites/{id}/connector"): Row(stranger=404),
    ("GET", "/api/v1/admin/sites/{id}/install"): Row(stranger=404),
    ("GET", "/api/v1/admin/sites/{id}/config-file"): Row(stranger=404),
    ("GET", "/api/v1/admin/sites/{id}/test-calls"): Row(stranger=404),
    ("POST", "/api/v1/admin/sites/{id}/test-calls"): Row(
        stranger=404, json={"from_line": "101", "to": "711"}
    ),
    ("GET", "/api/v1/admin/sites/{id}/test-calls/{call}"): Row(stranger=404),
    ("GET", "/api/v1/admin/people"): Row(),
    ("GET", "/api/v1/admin/people.csv"): Row(),
    ("POST", "/api/v1/admin/people.csv"): Row(json={"ids": ["{entry}"]}),
    ("POST", "/api/v1/admin/people"): Row(
        stranger=409, json={"email": "mallory@other.test", "name": "Taken"}
    ),
    ("GET", "/api/v1/admin/people/invite"): Row(),
    ("POST", "/api/v1/admin/people/invite"): Row(stranger=202, json={"ids": ["{entry}"]}),
    ("DELETE", "/api/v1/admin/people/invite"): Row(),
    ("GET", "/api/v1/admin/people/{id}"): Row(stranger=404),
    ("PUT", "/api/v1/admin/people/{id}"): Row(
        stranger=404, json={"email": "x@other.test", "name": "X"}, headers={"If-Match": '"1"'}
    ),
    ("DELETE", "/api/v1/admin/people/{id}"): Row(stranger=404, json={}),
    ("POST", "/api/v1/admin/people/{id}/disable"): Row(stranger=404, json={}),
    ("POST", "/api/v1/admin/people/{id}/enable"): Row(stranger=404),
    ("POST", "/api/v1/admin/people/{id}/sign-out"): Row(stranger=404),
    ("POST", "/api/v1/admin/people/{id}/remove-second-factor"): Row(stranger=404, json={}),
    ("POST", "/api/v1/admin/people/{id}/invite"): Row(stranger=404),
    ("DELETE", "/api/v1/admin/people/{id}/invite"): Row(stranger=404),
    ("POST", "/api/v1/admin/people/{id}/reset-password"): Row(stranger=404),
    ("GET", "/api/v1/admin/people/{id}/leaver"): Row(stranger=404),
    ("POST", "/api/v1/admin/people/{id}/leave"): Row(stranger=404, json={"then": "erase"}),
    ("GET", "/api/v1/admin/people-templates"): Row(),
    ("POST", "/api/v1/admin/people-templates"): Row(stranger=422, json={}),
    ("GET", "/api/v1/admin/people-templates/{id}"): Row(stranger=404),
    ("PUT", "/api/v1/admin/people-templates/{id}"): Row(
        stranger=404, json={"name": "Mine now"}, headers={"If-Match": '"1"'}
    ),
    ("DELETE", "/api/v1/admin/people-templates/{id}"): Row(stranger=404),
    ("PUT", "/api/v1/provisioning/users"): Row(json={"email": "mallory@other.test"}),
    ("DELETE", "/api/v1/provisioning/users"): Row(stranger=422),
    ("GET", "/api/v1/admin/imports"): Row(),
    ("POST", "/api/v1/admin/imports"): Row(
        stranger=202,
        json={
            "format": "offhook-people",
            "version": 1,
            "people": [{"email": "imported@other.test", "name": "Imported"}],
        },
    ),
    ("POST", "/api/v1/admin/imports/columns"): Row(
        json={"format": "offhook-people", "version": 1, "people": []}
    ),
    ("GET", "/api/v1/admin/imports/{id}"): Row(stranger=404),
    ("DELETE", "/api/v1/admin/imports/{id}"): Row(stranger=404),
    ("GET", "/api/v1/admin/imports/{id}/rows"): Row(stranger=404),
    ("POST", "/api/v1/admin/imports/{id}/apply"): Row(stranger=404, json={}),
    ("POST", "/api/v1/admin/imports/{id}/undo"): Row(stranger=404),
    # A browser's addresses: whatever is wrong, they lead to a page that says so.
    ("GET", "/api/v1/auth/methods"): Row(nobody=200),
    ("GET", "/api/v1/auth/sso/{id}/start"): Row(nobody=303, stranger=303),
    ("GET", "/api/v1/auth/sso/callback"): Row(nobody=303, stranger=303),
    ("GET", "/api/v1/admin/sso"): Row(),
    ("POST", "/api/v1/admin/sso"): Row(stranger=422, json={}),
    ("GET", "/api/v1/admin/sso/{id}"): Row(stranger=404),
    ("PUT", "/api/v1/admin/sso/{id}"): Row(
        stranger=404,
        json={"name": "X", "issuer": "https://login.other.test", "client_id": "x"},
        headers={"If-Match": '"1"'},
    ),
    ("DELETE", "/api/v1/admin/sso/{id}"): Row(stranger=404),
    ("POST", "/api/v1/admin/sso/{id}/test"): Row(stranger=404),
    ("DELETE", "/api/v1/admin/sso/{id}/accounts/{user_id}"): Row(stranger=404),
    ("GET", "/api/v1/admin/sign-in-domains"): Row(),
    ("POST", "/api/v1/admin/sign-in-domains"): Row(stranger=422, json={}),
    ("POST", "/api/v1/admin/sign-in-domains/{id}/check"): Row(stranger=404),
    ("DELETE", "/api/v1/admin/sign-in-domains/{id}"): Row(stranger=404),
    ("POST", "/api/v1/operator/sign-in-domains/confirm"): Row(
        stranger=403, json={"tenant_id": UNKNOWN, "domain": "example.test", "why": "seen"}
    ),
    ("GET", "/api/v1/admin/directory-sign-in"): Row(),
    ("PUT", "/api/v1/admin/directory-sign-in"): Row(stranger=422, json={}),
    ("POST", "/api/v1/admin/directory-sign-in/test"): Row(stranger=422, json={}),
    ("GET", "/api/v1/admin/scim"): Row(),
    ("PUT", "/api/v1/admin/scim"): Row(stranger=422, json={}),
    # SCIM: by a key with its scope and nothing else.
    **{
        (method, f"/scim/v2/{kind}"): Row(stranger=401)
        for kind in ("Users", "Groups")
        for method in ("GET", "POST")
    },
    **{
        (method, f"/scim/v2/{kind}/{{id}}"): Row(stranger=401)
        for kind in ("Users", "Groups")
        for method in ("GET", "PUT", "PATCH", "DELETE")
    },
    ("POST", "/scim/v2/Users/.search"): Row(stranger=401),
    ("POST", "/scim/v2/Groups/.search"): Row(stranger=401),
    ("POST", "/scim/v2/.search"): Row(stranger=401),
    ("GET", "/scim/v2/ServiceProviderConfig"): Row(stranger=401),
    ("GET", "/scim/v2/ResourceTypes"): Row(stranger=401),
    ("GET", "/scim/v2/ResourceTypes/{id}"): Row(stranger=401),
    ("GET", "/scim/v2/Schemas"): Row(stranger=401),
    ("GET", "/scim/v2/Schemas/{id}"): Row(stranger=401),
    ("*", "/scim/v2/{rest}"): Row(stranger=401),
    # By programs, never by people.
    ("GET", "/api/v1/events"): Row(),
    ("GET", "/api/v1/users/{id}/calls"): Row(stranger=404),
    ("POST", "/api/v1/users/{id}/calls"): Row(stranger=404, json={"to": "102"}),
    ("POST", "/api/v1/users/{id}/calls/{call}/{verb}"): Row(stranger=404, json={}),
    # By API key: a user's token is not one.
    ("POST", "/api/v1/connector/session"): Row(stranger=401, json={}),
    ("GET", "/api/v1/connector/config"): Row(stranger=401),
}


#: Endpoints that want a permission.
ADMINISTRATION = {
    (declared.method, API_PREFIX + declared.path)
    for api in APIS
    for declared in endpoints_of(api)
    if declared.access is Access.ADMIN
}


@pytest.fixture
async def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Bench]:
    talkative = {"realtime": {"events_per_second": 1000, "burst": 1000}}
    async with open_bench(tmp_path, monkeypatch, talkative) as opened:
        yield opened


HUNT_GROUP = HuntGroup("350", "Secret Group", True)
#: The victim's other phone, and where the victim's calls are forwarded to.
OTHER_PHONE, FORWARDED_TO = "+491715550199", "+491715550198"


class VictimsPbx(PbxDoor):
    """A PBX that knows nobody but the victim."""

    def __init__(self, victim: UserKey) -> None:
        super().__init__()
        self._victim = victim

    async def capabilities(self, user: UserKey) -> PbxCapabilities:
        if user != self._victim:
            return PbxCapabilities()
        return PbxCapabilities(True, forwarding=("busy",), hunt_groups=True)

    async def get_forwarding(self, user: UserKey) -> Sequence[Forwarding]:
        if user != self._victim:
            return await super().get_forwarding(user)
        to = Numbers(FORWARDED_TO, FORWARDED_TO, FORWARDED_TO)
        return [Forwarding("busy", True, to)]

    async def hunt_groups(self, user: UserKey) -> Sequence[HuntGroup]:
        return [HUNT_GROUP] if user == self._victim else await super().hunt_groups(user)


async def victims_entry(bench: Bench) -> tuple[UserKey, str]:
    """One of everything that only the victim may see."""
    victim = UserKey(bench.demo.tenant_id, bench.demo.users["anna@example.test"])
    journal, call_id = bench.gateway.features.journal, new_id()
    entry = await journal.open(
        victim,
        call_id,
        direction="in",
        numbers=Numbers("102", "102", "102"),
        name="Secret Caller",
        started_at=utc_now(),
    )
    await journal.settle(
        victim,
        call_id,
        kind="missed",
        reason="no_answer",
        name=None,
        device_id=None,
        ended_at=utc_now(),
        duration_ms=0,
    )
    bench.calls.live[victim] = [a_call(id="victims-call")]
    bench.calls.pickups[victim] = [{"id": "victims-pickup"}]
    bench.gateway.features.pbx.open(VictimsPbx(victim))
    login = await bench.login("anna@example.test")
    status, _, _ = await bench.call(
        "PUT", "/alternative-number", login["access_token"], json={"number": OTHER_PHONE}
    )
    assert status == 200
    return victim, entry


@dataclass(frozen=True)
class Things:
    """What only the victim's tenant may see, and the ids under which others might ask for it."""

    ids: dict[str, str]
    secrets: set[str]


async def victims_things(bench: Bench, entry: str = UNKNOWN) -> Things:
    tenant_id, login = bench.demo.tenant_id, await bench.login()
    sent = {"source": "webapp", "note": "Secret Trouble", "bundle": {"link": "online"}}
    _, taken, _ = await bench.call("POST", "/diagnostics", login["access_token"], json=sent)
    webhook = Webhook(
        tenant_id=tenant_id,
        url="https://hooks.invalid/",
        description="Secret Tickets",
        events=["key.created"],
        secret=b"not one of ours",
    )
    template = PeopleTemplate(tenant_id=tenant_id, name="Secret Start")
    async with bench.gateway.features.storage.write(tenant_id) as db:
        (key,) = await db.find(ApiKey)
        await db.add(webhook, template)
    ids = {
        "entry": entry,
        "user": bench.demo.users["anna@example.test"],
        "site": bench.demo.site_id,
        "tenant": tenant_id,
        "key": key.key_id,
        "session": login["session_id"],
        "diagnostics": taken["id"],
        "webhook": webhook.id,
        "template": template.id,
    }
    secrets = {
        *ids.values(),
        *bench.demo.users.values(),
        *(
            "König",
            "Schulz",
            "Lang",
            "example.test",
            "Secret Caller",
            "Secret Trouble",
            "Secret Tickets",
            "Secret Start",
        ),
        *("victims-call", "victims-pickup", HUNT_GROUP.name),
        *(OTHER_PHONE[3:], FORWARDED_TO[3:], PBX_PASSWORD, key.key_id),
    }
    return Things(ids, secrets - {UNKNOWN})


def expired_token(victim: UserKey, secrets_dir: Path) -> str:
    def an_hour_ago() -> Any:
        return utc_now() - timedelta(hours=1)

    signer = TokenSigner(Secrets.load(secrets_dir), audience=AUDIENCE, ttl=600, now=an_hour_ago)
    return signer.issue(victim.user_id, tid=victim.tenant_id, sid=new_id(), did=new_id())[0]


def routes_of(bench: Bench) -> set[tuple[str, str]]:
    found = set()
    for route in bench.gateway.app.router.routes():
        if route.resource is not None and route.method != "HEAD":
            found.add((route.method, route.resource.canonical))
    return found


def filled(path: str, ids: Mapping[str, str]) -> str:
    parts = path.split("/")
    for index, part in enumerate(parts):
        if part == "{id}":
            kind = ID_OF.get(parts[index - 1], "entry")
            parts[index] = ids.get(kind, UNKNOWN)
    said = {"verb": "hang_up", "kind": "busy", "number": "350", "path": "any", "rest": "any"}
    return re.sub(r"\{(\w+)\}", lambda name: said.get(name[1], UNKNOWN), "/".join(parts))


async def ask(
    bench: Bench, method: str, path: str, row: Row, ids: Mapping[str, str], token: str | None
) -> tuple[int, str]:
    body = json.loads(json.dumps(row.json).replace("{entry}", ids["entry"]))
    status, reply, _ = await bench.call(
        "GET" if method == "*" else method,
        "/" + filled(path, ids),
        token,
        headers=row.headers,
        allow_redirects=False,
        **({"json": body} if body is not None else {}),
    )
    return status, reply.decode() if isinstance(reply, bytes) else json.dumps(reply)


async def test_every_route_has_an_entry(bench: Bench) -> None:
    assert routes_of(bench) == set(ROUTES)


async def test_nobody_and_the_expired_are_kept_out(bench: Bench, tmp_path: Path) -> None:
    victim, _ = await victims_entry(bench)
    things = await victims_things(bench)
    expired = await asyncio.to_thread(expired_token, victim, tmp_path / "secrets")
    for (method, path), row in ROUTES.items():
        for token in (None, expired):
            status, _ = await ask(bench, method, path, row, things.ids, token)
            logged_out_twice = path.endswith("/logout") and token is not None
            assert status == (401 if logged_out_twice else row.nobody), (method, path, token)
    assert bench.calls.commands == []


async def test_another_tenant_learns_and_changes_nothing(bench: Bench) -> None:
    _, entry = await victims_entry(bench)
    mine = (await bench.login("anna@example.test"))["access_token"]
    _, before, _ = await bench.call("GET", "/me", mine)
    things = await victims_things(bench, entry)
    for (method, path), row in ROUTES.items():
        stranger = (await bench.login("mallory@other.test"))["access_token"]
        bench.gateway.features.sign_in.login._by_ip.reset("127.0.0.1")
        status, text = await ask(bench, method, path, row, things.ids, stranger)
        expected = 403 if (method, path) in ADMINISTRATION else row.stranger
        assert status == expected, (method, path, text)
        if path != "/api/v1/openapi.json":
            leaked = [secret for secret in things.secrets if secret in text]
            assert not leaked, (method, path, leaked)
    _, after, _ = await bench.call("GET", "/me", mine)
    assert after == before
    for path, own in (
        ("/alternative-number", OTHER_PHONE),
        ("/forwarding", FORWARDED_TO),
        ("/hunt-groups", HUNT_GROUP.name),
        ("/offers", "hunt_groups"),
    ):
        _, view, _ = await bench.call("GET", path, mine)
        assert own in json.dumps(view, ensure_ascii=False), path
    _, journal, _ = await bench.call("GET", "/journal", mine)
    assert [item["id"] for item in journal["items"]] == [entry] and journal["unread"] == 1
    for actor, _verb, _body, _command in bench.calls.commands:
        assert actor.user.tenant_id == bench.other_tenant


async def test_a_socket_acts_for_its_own_user_whatever_it_says(bench: Bench) -> None:
    victim, _entry = await victims_entry(bench)
    anna = await bench.login("anna@example.test")
    mallory = await bench.login("mallory@other.test")
    phone = await bench.socket(mallory["access_token"], {"id": anna["device_id"], "kind": "web"})
    snapshot = await phone.next("snapshot")
    assert snapshot["device_id"] == mallory["device_id"]  # not the victim's
    assert snapshot["calls"] == snapshot["pickups"] == snapshot["offers"] == []
    assert snapshot["unread"] == 0
    claims = {
        "tenant_id": victim.tenant_id,
        "user_id": victim.user_id,
        "device_id": anna["device_id"],
        "session_id": anna["session_id"],
        "room": f"{victim.tenant_id}:{victim.user_id}",
    }
    for event in sorted(VERBS | MEDIA):
        body = {"call_id": "victims-call", "to": "1", "sdp": "", "command_id": event, **claims}
        answer = await phone.send(event, body)
        assert answer["ok"] is True, event
        actor, verb, _body, command_id = bench.calls.commands[-1]
        assert command_id == event, verb
        assert actor.user.tenant_id == bench.other_tenant, event
        assert actor.device_id == mallory["device_id"], event
        assert actor.session_id == mallory["session_id"], event


#: What a client may say on its socket, beside ``ping``, which has no effect: it measures the way.
CLIENT_EVENTS: dict[str, Any] = {
    **{event: {"call_id": "victims-call", "to": "1", "sdp": ""} for event in VERBS | MEDIA},
    watching.WATCH: {"user_ids": []},
    watching.UNWATCH: {"user_ids": []},
}


async def test_no_event_is_taken_of_nobody_or_after_the_session(bench: Bench) -> None:
    server = bench.gateway.phone
    assert PING not in CLIENT_EVENTS
    for number, (event, body) in enumerate(sorted(CLIENT_EVENTS.items())):
        said = {"command_id": f"c-{number}", **body}
        assert code_of(await server.command("no-such-socket", event, (said,))) == "not_signed_in"
        grant = await bench.login("mallory@other.test")
        bench.gateway.features.sign_in.login._by_ip.reset("127.0.0.1")
        phone = await bench.socket(grant["access_token"])
        await phone.next("snapshot")
        async with bench.gateway.features.storage.write(bench.other_tenant) as db:
            await db.update(Session, Session.id == grant["session_id"], revoked_at=utc_now())
        bench.gateway.features.sign_in.login._sessions._live.clear()  # else believed for a moment
        answer = await phone.send(event, said)
        assert code_of(answer) == "session_ended", event
        async with asyncio.timeout(5):
            await phone.gone.wait()
    assert bench.calls.commands == []


def code_of(answer: Mapping[str, Any]) -> str:
    assert answer["ok"] is False
    return str(answer["problem"]["code"])


async def test_a_socket_watches_nobody_of_another_tenant(bench: Bench) -> None:
    victim, _ = await victims_entry(bench)
    anna = await bench.socket((await bench.login("anna@example.test"))["access_token"])
    await anna.next("snapshot")
    mallory = await bench.socket((await bench.login("mallory@other.test"))["access_token"])
    await mallory.next("snapshot")
    answer = await mallory.send(watching.WATCH, {"user_ids": [victim.user_id]})
    assert [one["state"] for one in answer["presence"]] == ["offline"]  # as of an unknown id


async def test_every_event_to_a_user_reaches_nobody_else(bench: Bench) -> None:
    names = [field.alias or name for name, field in ServerEvents.model_fields.items()]
    anna = await bench.login("anna@example.test")
    berta = await bench.login("berta@example.test")
    mallory = await bench.login("mallory@other.test")
    phones = [await bench.socket(grant["access_token"]) for grant in (anna, berta, mallory)]
    for phone in phones:
        await phone.next("snapshot")
        phone.events.clear()
    events = bench.gateway.features.ports.events
    victim, _ = await victims_entry(bench)
    for name in names:
        events.to_user(victim, name, {"mark": "victim"})
    ends = [
        UserKey(bench.demo.tenant_id, bench.demo.users[name])
        for name in ("anna@example.test", "berta@example.test")
    ]
    for key in (*ends, mallory_key(mallory, bench)):
        events.to_user(key, "notice", {"words": "end"})
    heard = []
    for phone in phones:
        await phone.until(lambda _, payload: payload.get("words") == "end")
        heard.append({name for name, payload in phone.events if payload.get("mark") == "victim"})
    assert heard == [set(names), set(), set()]


async def test_events_reach_their_user_only(bench: Bench) -> None:
    anna = await bench.login("anna@example.test")
    berta = await bench.login("berta@example.test")
    mallory = await bench.login("mallory@other.test")
    phones = [await bench.socket(grant["access_token"]) for grant in (anna, berta, mallory)]
    for phone in phones:
        await phone.next("snapshot")
    events = bench.gateway.features.ports.events
    victim, _ = await victims_entry(bench)  # with its other phone: alternative_number.changed
    events.to_user(victim, "call.created", {"call": {"id": "secret"}})
    bench.gateway.features.bus.publish(PbxFeatureChanged(victim, hunt_groups=(HUNT_GROUP,)))
    await phones[0].next("offers.changed")
    # A mark at the end for everyone: events are delivered in order, so nothing else is under way.
    for name in ("berta@example.test", "anna@example.test"):
        key = UserKey(bench.demo.tenant_id, bench.demo.users[name])
        events.to_user(key, "notice", {"words": "end"})
    others = mallory_key(mallory, bench)
    events.to_user(others, "notice", {"words": "end"})
    for phone in phones:
        await phone.next("notice")
    for private in (
        "call.created",
        "alternative_number.changed",
        "hunt_groups.changed",
        "offers.changed",
    ):
        heard = [any(name == private for name, _ in phone.events) for phone in phones]
        assert heard == [True, False, False], private


def mallory_key(grant: dict[str, Any], bench: Bench) -> UserKey:
    (socket,) = [
        s
        for s in bench.gateway.phone.sockets
        if s.actor.user.tenant_id == bench.other_tenant
        and s.actor.session_id == grant["session_id"]
    ]
    return socket.actor.user


async def test_connector_changes_reach_their_site_only(bench: Bench) -> None:
    from gateway.ports import ConnectorStatus

    anna = await bench.login("anna@example.test")
    mallory = await bench.login("mallory@other.test")
    phones = [await bench.socket(grant["access_token"]) for grant in (anna, mallory)]
    for phone in phones:
        await phone.next("snapshot")
    for listener in bench.connectors.listeners:
        listener(bench.demo.tenant_id, ConnectorStatus(bench.demo.site_id, "down"))
        listener(bench.other_tenant, ConnectorStatus(bench.demo.site_id, "refused"))
    changed = await phones[0].next("connector.changed")
    assert changed["connector"] == {"state": "down", "layers": []}
    bench.gateway.features.ports.events.to_user(mallory_key(mallory, bench), "notice", {})
    await phones[1].next("notice")
    assert "connector.changed" not in [name for name, _ in phones[1].events]


async def test_a_key_opens_its_own_site_only(bench: Bench) -> None:
    body = {"instance": new_id(), "version": "1.0", "profile": "business"}
    status, session, _ = await bench.call("POST", "/connector/session", bench.api_key, json=body)
    assert status == 200 and session["site"]["id"] == bench.demo.site_id
    assert {line["auth_password"] for line in session["lines"]} == {PBX_PASSWORD}
    identity = await bench.gateway.features.tokens.verify(session["token"])
    assert identity is not None
    assert (identity.tenant_id, identity.site_id) == (bench.demo.tenant_id, bench.demo.site_id)


async def test_without_a_token_there_is_no_namespace(bench: Bench) -> None:
    for auth in (None, {}, {"token": ""}, {"token": 7}, {"token": "x", "device": []}, "x"):
        client = socketio.AsyncClient(reconnection=False)
        with pytest.raises(socketio.exceptions.ConnectionError):
            await client.connect(
                bench.base, namespaces=["/phone"], transports=["websocket"], auth=auth
            )
        await client.disconnect()
    assert len(bench.gateway.phone.sockets) == 0
