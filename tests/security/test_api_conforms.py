"""Requests made from the OpenAPI document, fit and unfit ones, against a running gateway: no answer
is a 5xx, and each is one that the document tells of.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
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
from tests.support.callers import appoint
from tests.support.gateway_platform import PASSWORD, Bench, open_bench

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
#: Ends the tenant that all the others need.
LAST = ("/api/v1/admin/tenant/delete",)
ADMIN = "ada@walls.test"
EVERY_RUN, LONG = 2, 150  # requests of each mode to each operation


@pytest.fixture
async def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Bench]:
    plenty = {
        "auth": {"logins_per_ip": 100_000, "logins_per_account": 100_000},
        "quotas": {"requests_per_minute": 10_000_000, "requests_per_minute_each": 10_000_000},
    }
    async with open_bench(tmp_path, monkeypatch, plenty) as opened:
        await appoint(opened, "admin", ADMIN)
        yield opened


class Asker:
    """An admin with a client of its own, in a thread beside the gateway's loop."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.session = requests.Session()
        self.session.trust_env = False
        self.faults: list[str] = []
        self.asked = 0
        self.sign_in()

    def sign_in(self) -> None:
        """Also whenever a request has signed us out."""
        body = {"email": ADMIN, "password": PASSWORD, "device": {"kind": "api"}}
        answer = requests.post(f"{self.base}/api/v1/auth/login", json=body, timeout=10)
        assert answer.status_code == 200, answer.text
        token = answer.json()["access_token"]
        self.session.headers["Authorization"] = f"Bearer {token}"

    def ask(self, case: schemathesis.Case) -> None:
        headers = {"Authorization": self.session.headers["Authorization"]}
        answer = case.call(base_url=self.base, session=self.session, headers=headers, timeout=10)
        self.asked += 1
        code = answer.json().get("code") if answer.status_code in (400, 401) else None
        if code in ("session_ended", "token_refused"):
            self.sign_in()
        if code == "bad_request":
            return  # a line that is too long for HTTP never came as far as the operation
        try:
            case.validate_response(answer, checks=CHECKS)
        except (Failure, FailureGroup) as fault:  # go on: a run tells all of them
            self.faults.append(f"{case.method} {case.path}: {answer.status_code} {fault}"[:1500])


def without_tuples(schema: dict[str, Any]) -> dict[str, Any]:
    """schemathesis takes ``prefixItems`` of an answer for the ``items`` of older drafts (4.32)."""
    if "prefixItems" in schema:
        schema["items"] = {"anyOf": schema.pop("prefixItems")}
    return schema


def operations() -> Iterator[schemathesis.APIOperation]:
    document = json.loads(json.dumps(openapi.document()), object_hook=without_tuples)
    results = schemathesis.openapi.from_dict(document).get_all_operations()
    found = [result.ok() for result in results]
    yield from sorted(found, key=lambda operation: operation.path in LAST)


def try_out(asker: Asker, operation: schemathesis.APIOperation, examples: int, start: int) -> None:
    for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
        before = len(asker.faults)

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
            if len(asker.faults) == before:  # noqa: B023 - run at once
                asker.ask(case)

        with suppress(Unsatisfiable):  # nothing is unfit where nothing can be said
            ask()


def run(base: str, examples: int, start: int) -> Asker:
    asker = Asker(base)
    for operation in operations():
        try_out(asker, operation, examples, start)
    return asker


async def test_every_answer_is_one_of_the_document(bench: Bench) -> None:
    asker = await asyncio.to_thread(run, bench.base, EVERY_RUN, 1)
    assert asker.faults == [], "\n\n".join(asker.faults)
    assert asker.asked > 2 * EVERY_RUN * 10


@pytest.mark.long
@pytest.mark.timeout(3600)
async def test_every_answer_is_one_of_the_document_for_long(bench: Bench) -> None:
    asker = await asyncio.to_thread(run, bench.base, LONG, 2)
    assert asker.faults == [], "\n\n".join(asker.faults)
