"""An independent judge of SCIM servers (scim2-tester) goes over ours."""

from __future__ import annotations

import asyncio
import uuid
from pathlib import Path
from typing import Annotated, Any

import pytest
import requests
from pydantic import Field
from scim2_client import BaseSyncSCIMClient
from scim2_models import Required, ScimProvider, Uniqueness
from scim2_tester import CheckResult, Status, check_server

from gateway.features.scim import resources
from gateway.permissions import Permission
from tests.support.callers import key
from tests.support.gateway_platform import open_bench

#: The judge makes names up. A userName without an address needs an address beside it, which is not
#: among what a schema can say: so it draws from these.
ADDRESSES = [f"{uuid.uuid4()}@example.test" for _ in range(500)]


#: Whether somebody may come in is always said here: taking the word away leaves it as it is.
KNOWN = "PATCH modify() did not remove attribute 'active'"


class User(resources.User):
    __schema__ = resources.User.__schema__

    user_name: Annotated[
        str | None, Uniqueness.server, Required.true, Field(examples=ADDRESSES)
    ] = None


class Client(BaseSyncSCIMClient):
    """Its own client over HTTP, with the requests library."""

    def __init__(self, base_url: str, token: str) -> None:
        described = ScimProvider(
            models=[User, resources.EnterpriseUser, resources.Group],
            resource_types=resources.PROVIDER.resource_types,
        )
        super().__init__(provider=described)
        self._base_url = base_url
        self._http = requests.Session()
        self._http.headers["Authorization"] = f"Bearer {token}"

    def _stays_under_base_url(self, endpoint: str) -> bool:
        return not endpoint.startswith("http") or endpoint.startswith(self._base_url)

    def _parse_json(self, response: Any) -> Any:
        return response.json()

    def request(self, method: str, url: str, **options: Any) -> Any:
        whole = url if url.startswith("http") else self._base_url + url
        return self._http.request(method, whole, timeout=20, **options)


def judge(base_url: str, token: str) -> list[CheckResult]:
    return list(check_server(Client(base_url, token)))


async def test_the_judge_finds_nothing_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plenty = {"quotas": {"requests_per_minute_each": 10_000}}
    async with open_bench(tmp_path, monkeypatch, plenty) as bench:
        token = await key(bench, {Permission.SCIM})
        results = await asyncio.to_thread(judge, f"{bench.base}/scim/v2", token)
    wrong = [
        f"{result.status.name} {result.title}: {result.reason}"
        for result in results
        if result.status in (Status.ERROR, Status.CRITICAL) and result.reason != KNOWN
    ]
    assert wrong == []
    assert sum(result.status is Status.SUCCESS for result in results) > 50
