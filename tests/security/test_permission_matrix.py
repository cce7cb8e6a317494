"""Every endpoint of administrators x every role and every scope, computed from the permissions.

The table of routes is that of ``test_tenant_walls``; who may do what is ``gateway/permissions.py``.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, RootModel

from gateway.http.endpoint import API_PREFIX, Access, Endpoint, endpoints_of
from gateway.http.openapi import APIS
from gateway.permissions import KEY_SCOPES, PERMISSIONS, Permission, Role
from tests.security.test_tenant_walls import ROUTES, UNKNOWN, Row, filled, victims_things
from tests.support.callers import contents, key, signed_in
from tests.support.gateway_platform import Bench, open_bench

ENDPOINTS: dict[tuple[str, str], Endpoint] = {
    (declared.method, API_PREFIX + declared.path): declared
    for api in APIS
    for declared in endpoints_of(api)
}
ADMINISTRATION = {
    route: declared for route, declared in ENDPOINTS.items() if declared.access is Access.ADMIN
}


@pytest.fixture
async def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Bench]:
    plenty = {
        "auth": {"logins_per_ip": 10_000},
        "quotas": {"requests_per_minute_each": 10_000},
    }
    async with open_bench(tmp_path, monkeypatch, plenty) as opened:
        yield opened


async def ask(
    bench: Bench, route: tuple[str, str], row: Row, ids: dict[str, str], token: str, **body: Any
) -> tuple[int, Any]:
    own = json.loads(json.dumps(row.json).replace("{entry}", ids.get("entry", UNKNOWN)))
    sent = {**(own or {}), **body} if own is not None or body else None
    status, reply, _ = await bench.call(
        route[0],
        "/" + filled(route[1], ids),
        token,
        headers=row.headers,
        **({"json": sent} if sent is not None else {}),
    )
    return status, reply


async def kept(bench: Bench, tenant_id: str) -> dict[str, Any]:
    """Without the figures of its use: a job of the gateway writes them at any time."""
    found = await contents(bench, tenant_id)
    return {name: rows for name, rows in found.items() if not name.startswith("usage_")}


@dataclass(frozen=True)
class Caller:
    name: str
    token: str
    holds: frozenset[Permission]


async def callers(bench: Bench) -> list[Caller]:
    """Of the victim's own tenant."""
    people = [
        Caller(role.value, await signed_in(bench, role, f"{role.value}@walls.test"), holds)
        for role, holds in PERMISSIONS.items()
        if role is not Role.OPERATOR
    ]
    keys = [
        Caller(f"key without {scope}", await key(bench, KEY_SCOPES - {scope}), KEY_SCOPES - {scope})
        for scope in sorted(KEY_SCOPES)
    ]
    connector = frozenset({Permission.CONNECTOR})
    none = frozenset[Permission]()
    return [
        *people,
        *keys,
        Caller("connector's key", bench.api_key, connector),
        Caller("key without scope", await key(bench, ()), none),
    ]


async def test_nobody_does_what_their_role_or_scope_does_not_hold(bench: Bench) -> None:
    ids = {"user": bench.demo.users["anna@example.test"], "site": bench.demo.site_id}
    ids |= {"tenant": bench.demo.tenant_id, "entry": bench.demo.users["berta@example.test"]}
    everyone = await callers(bench)
    before = await kept(bench, bench.demo.tenant_id)
    for route, declared in ADMINISTRATION.items():
        for caller in everyone:
            if declared.permission in caller.holds:
                continue
            status, reply = await ask(bench, route, ROUTES.get(route, Row()), ids, caller.token)
            assert (status, reply["code"]) == (403, "permission_missing"), (route, caller.name)
    assert await kept(bench, bench.demo.tenant_id) == before


async def test_readers_are_let_in(bench: Bench) -> None:
    """The other half: what the table gives is not refused."""
    ids: dict[str, str] = {}
    for caller in await callers(bench):
        for route, declared in ADMINISTRATION.items():
            if declared.permission in caller.holds and route[0] == "GET" and "{" not in route[1]:
                status, reply = await ask(bench, route, ROUTES.get(route, Row()), ids, caller.token)
                assert status == 200, (route, caller.name, reply)


async def test_other_tenants_admins_and_keys_learn_and_change_nothing(bench: Bench) -> None:
    things = await victims_things(bench)
    other = bench.other_tenant
    before = await kept(bench, bench.demo.tenant_id)
    last = [route for route in ADMINISTRATION if ROUTES.get(route, Row()).final]
    reader = await signed_in(bench, "admin", "reader@other.test", other)
    for number, route in enumerate([*(r for r in ADMINISTRATION if r not in last), *last]):
        row, permission = ROUTES.get(route, Row()), ADMINISTRATION[route].permission
        assert permission is not None
        admin = reader
        if route[0] != "GET":  # somebody else each time: some of it signs its caller out
            admin = await signed_in(bench, "admin", f"admin{number}@other.test", other)
        asked = [(admin, permission in PERMISSIONS[Role.ADMIN])]
        if permission in KEY_SCOPES:
            asked.append((await key(bench, {permission}, other), True))
        for token, may in asked:
            status, reply = await ask(bench, route, row, things.ids, token)
            expected = row.stranger if may else 403
            # Some acts need a further permission, which no key has.
            stricter = token != admin and reply and "permission_missing" in str(reply)
            assert status == expected or stricter, (route, reply)
            leaked = [secret for secret in things.secrets if secret in str(reply)]
            assert not leaked, (route, leaked)
    assert await kept(bench, bench.demo.tenant_id) == before


def models_of(declared: Endpoint) -> list[type[BaseModel]]:
    """What a request is read into, with all that is inside of it."""
    found: list[type[BaseModel]] = []
    wanted = [model for model in (declared.body, declared.query) if model is not None]
    while wanted:
        model = wanted.pop()
        if model in found:
            continue
        found.append(model)
        for field in model.model_fields.values():
            wanted += _models_in(field.annotation)
    return found


def _models_in(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for part in getattr(annotation, "__args__", ()) for model in _models_in(part)]


#: The verb's own members, whose actor is the token's in any case; what an identity provider adds to
#: its answer (RFC 6749 section 4.1.2: unknown ones are ignored).
FREE = {"VerbRequest", "CallbackQuery", "MicrosoftAnswer"}


def test_a_body_assigns_nothing_that_was_not_asked_for() -> None:
    for route, declared in ENDPOINTS.items():
        for model in models_of(declared):
            if model.__name__ not in FREE:
                strict = model.model_config.get("extra") == "forbid"
                assert strict or issubclass(model, RootModel), (route, model)
            # Only the operator names a tenant: everybody else's is that of the token or key.
            names_one = "tenant_id" in model.model_fields
            assert not names_one or declared.permission is Permission.PLATFORM, (route, model)


async def test_a_tenant_or_role_in_a_body_is_refused(bench: Bench) -> None:
    admin = await signed_in(bench, "admin", "admin@walls.test")
    ids = {"user": bench.demo.users["anna@example.test"], "site": bench.demo.site_id}
    ids |= {"tenant": bench.other_tenant, "entry": bench.demo.users["berta@example.test"]}
    before = await kept(bench, bench.other_tenant)
    for route, declared in ADMINISTRATION.items():
        if declared.body is None or declared.permission not in PERMISSIONS[Role.ADMIN]:
            continue
        for smuggled in ({"tenant_id": bench.other_tenant}, {"is_operator": True}):
            status, reply = await ask(
                bench, route, ROUTES.get(route, Row()), ids, admin, **smuggled
            )
            assert status == 422, (route, reply)
            assert next(iter(smuggled)) in str(reply["errors"]), (route, reply)
    assert await kept(bench, bench.other_tenant) == before
