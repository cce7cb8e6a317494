"""Requests made from the OpenAPI document, fit and unfit ones, against a running gateway: no answer
is a 5xx, and each is one that the document tells of, its problem codes too.

Whoever may do something asks for it in depth; everybody else asks as well, and is refused in a way
that the document tells of.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from gateway.http import openapi
from gateway.http.endpoint import API_PREFIX, Access, Endpoint, endpoints_of
from gateway.permissions import KEY_SCOPES, PERMISSIONS, Role
from tests.support.callers import appoint, key
from tests.support.gateway_platform import PASSWORD, Bench, open_bench

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
ENDPOINTS = {
    (one.method, API_PREFIX + one.path): one for api in openapi.APIS for one in endpoints_of(api)
}
DOCUMENT = openapi.document()
#: Changes what all others may do (a second factor that is demanded), or ends their tenant.
LAST = ("/api/v1/admin/sign-in", "/api/v1/admin/tenant/delete")
#: Goes on for ever for whoever may have it; test_event_stream reads it.
STREAM = "/api/v1/events"
PEOPLE = {role.value: f"{role.value}@walls.test" for role in Role}
EVERYBODY = ("nobody", *PEOPLE, "key", "connector")
EVERY_RUN, LONG, REFUSED = 2, 40, 2  # requests of each mode to each operation
PARTS = 16  # of a long run; each is done within two minutes


@pytest.fixture
async def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Bench]:
    plenty = {
        "auth": {"logins_per_ip": 100_000, "logins_per_account": 100_000},
        "quotas": {"requests_per_minute": 10_000_000, "requests_per_minute_each": 10_000_000},
    }
    async with open_bench(tmp_path, monkeypatch, plenty) as opened:
        for role, email in PEOPLE.items():
            await appoint(opened, role, email)
        yield opened


@dataclass
class Found:
    """What a run has come to."""

    asked: int = 0
    faults: list[str] = field(default_factory=list)


class Asker:
    """Somebody with a client of their own, in a thread beside the gateway's loop."""

    def __init__(self, base: str, name: str, found: Found, token: str = "") -> None:
        self.base = base
        self.name = name
        self.found = found
        self.session = requests.Session()
        self.session.trust_env = False
        self.headers: Mapping[str, str] = {}
        self.ending = False
        if token:
            self.headers = {"Authorization": f"Bearer {token}"}
        self.sign_in()

    def sign_in(self) -> None:
        """Also whenever a request has signed us out."""
        if self.name not in PEOPLE:
            return
        body = {"email": PEOPLE[self.name], "password": PASSWORD, "device": {"kind": "api"}}
        answer = requests.post(f"{self.base}/api/v1/auth/login", json=body, timeout=10)
        if answer.status_code == 403 and self.ending:
            return  # the tenant is deleted: it stays at 401
        assert answer.status_code == 200, answer.text
        self.headers = {"Authorization": f"Bearer {answer.json()['access_token']}"}

    def ask(self, case: schemathesis.Case) -> None:
        self.ending = case.path in LAST
        answer = case.call(
            base_url=self.base, session=self.session, headers=dict(self.headers), timeout=10
        )
        self.found.asked += 1
        code = answer.json().get("code") if answer.status_code in (400, 401) else None
        if code in ("session_ended", "token_refused"):
            self.sign_in()
        if code == "bad_request":
            return  # a line that is too long for HTTP never came as far as the operation
        try:
            case.validate_response(answer, checks=CHECKS)
            check_code(case, answer)
        except (Failure, FailureGroup) as fault:  # go on: a run tells all of them
            where = f"{self.name}: {case.method} {case.path}: {answer.status_code}"
            self.found.faults.append(f"{where} {answer.text[:200]} {fault}"[:1500])


def check_code(case: schemathesis.Case, answer: requests.Response) -> None:
    """The document names the codes of every status: programs go by them."""
    if answer.status_code < 400:
        return
    method, path = case.operation.method.lower(), case.operation.path
    told = DOCUMENT["paths"][path][method]["responses"][str(answer.status_code)]["description"]
    code = answer.json()["code"]
    if code not in told.removeprefix("code: ").split(", "):
        raise Failure(operation=f"{method} {path}", title="Code", message=f"{code} is not told of")


def without_tuples(schema: dict[str, Any]) -> dict[str, Any]:
    """schemathesis takes ``prefixItems`` of an answer for the ``items`` of older drafts (4.32)."""
    if "prefixItems" in schema:
        schema["items"] = {"anyOf": schema.pop("prefixItems")}
    return schema


def operations() -> list[schemathesis.APIOperation]:
    document = json.loads(json.dumps(openapi.document()), object_hook=without_tuples)
    results = schemathesis.openapi.from_dict(document).get_all_operations()
    found = [result.ok() for result in results]
    return sorted(found, key=lambda operation: operation.path in LAST)


def may(declared: Endpoint) -> Iterator[str]:
    """Who may do it; of several roles the one that may do the most."""
    permission = declared.permission
    if permission is None:
        by_access = {Access.USER: "admin", Access.CONNECTOR: "connector", Access.PUBLIC: "nobody"}
        yield by_access[declared.access]
        return
    if permission in PERMISSIONS[Role.ADMIN]:
        yield Role.ADMIN.value
    elif permission in PERMISSIONS[Role.OPERATOR]:
        yield Role.OPERATOR.value
    if permission in KEY_SCOPES:
        yield "key"


def try_out(asker: Asker, operation: schemathesis.APIOperation, examples: int, start: int) -> None:
    for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
        before = len(asker.found.faults)

        @seed(start)
        @settings(
            max_examples=examples,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(generation_mode=mode))
        def ask(case: schemathesis.Case) -> None:
            if len(asker.found.faults) == before:  # noqa: B023 - run at once
                asker.ask(case)

        with suppress(Unsatisfiable):  # nothing is unfit where nothing can be said
            ask()


def run(
    base: str,
    tokens: Mapping[str, str],
    found: Found,
    wanted: list[schemathesis.APIOperation],
    in_depth: int,
    refused: int,
    start: int,
) -> None:
    askers = {name: Asker(base, name, found, tokens.get(name, "")) for name in EVERYBODY}
    for operation in wanted:
        allowed = list(may(ENDPOINTS[operation.method.upper(), operation.path]))
        if not refused:  # a short run: whoever is the first of them
            del allowed[1:]
        for name in EVERYBODY:
            examples = in_depth if name in allowed else refused
            if examples and (operation.path != STREAM or name not in allowed):
                try_out(askers[name], operation, examples, start)


async def tried(
    bench: Bench,
    wanted: list[schemathesis.APIOperation],
    in_depth: int,
    refused: int,
    start: int,
) -> Found:
    found = Found()
    tokens = {"key": await key(bench, KEY_SCOPES), "connector": bench.api_key}
    await asyncio.to_thread(run, bench.base, tokens, found, wanted, in_depth, refused, start)
    return found


async def test_every_answer_is_one_of_the_document(bench: Bench) -> None:
    found = await tried(bench, operations(), EVERY_RUN, 0, 1)
    assert found.faults == [], "\n\n".join(found.faults)
    assert found.asked > 2 * EVERY_RUN * 10


@pytest.mark.long
@pytest.mark.timeout(600)
@pytest.mark.parametrize("part", range(PARTS))
async def test_every_answer_is_one_of_the_document_for_long(bench: Bench, part: int) -> None:
    """Each part by itself: ``-k for_long -m long``, or one of them by its number."""
    found = await tried(bench, operations()[part::PARTS], LONG, REFUSED, 2)
    print(f"part {part}: {found.asked} requests")
    assert found.faults == [], "\n\n".join(found.faults)
    assert found.asked > LONG


def test_everybody_asks_for_something_in_depth() -> None:
    asked = {name for declared in ENDPOINTS.values() for name in may(declared)}
    assert asked == {"nobody", "admin", "operator", "key", "connector"}
