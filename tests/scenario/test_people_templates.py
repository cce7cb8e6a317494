"""Templates over HTTP: kept in the portal; used by a PBX's management and by a directory."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from gateway.storage.models import User
from tests.support.gateway_platform import Bench, open_bench

SCIM_USER = "urn:ietf:params:scim:schemas:core:2.0:User"


@pytest.fixture
async def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Bench]:
    async with open_bench(tmp_path, monkeypatch) as opened:
        yield opened


async def admin(bench: Bench) -> str:
    anna = bench.demo.users["anna@example.test"]
    async with bench.gateway.features.storage.write(bench.demo.tenant_id) as db:
        await db.update(User, User.id == anna, role="admin")
    token: str = (await bench.login())["access_token"]
    return token


async def key(bench: Bench, token: str, scope: str) -> str:
    wanted = {"name": scope, "kind": "admin", "scopes": [scope]}
    status, made, _ = await bench.call("POST", "/admin/keys", token, json=wanted)
    assert status == 201, made
    return str(made["text"])


async def test_kept_used_and_removed(bench: Bench) -> None:
    token = await admin(bench)
    path = "/admin/people-templates"
    sales: dict[str, Any] = {
        "name": "Sales",
        "default": True,
        "department": "Sales",
        "language": "fr",
        "site_id": bench.demo.site_id,
        "first_number": "101",
        "last_number": "110",
        "desk_number": "5{number}",
        "device_id": "6{number}",
    }
    status, made, headers = await bench.call("POST", path, token, json=sales)
    assert (status, headers["ETag"]) == (201, '"1"'), made
    # 101 to 103 are in use.
    assert (made["next_number"], made["site_name"]) == ("104", "Head office"), made
    own = f"{path}/{made['id']}"
    status, problem, _ = await bench.call("PUT", own, token, json=sales)
    assert (status, problem["code"]) == (428, "if_match_required")
    sales["mailbox_number"] = "199"
    etag = {"If-Match": '"1"'}
    status, changed, headers = await bench.call("PUT", own, token, json=sales, headers=etag)
    assert (status, changed["mailbox_number"], headers["ETag"]) == (200, "199", '"2"')
    status, problem, _ = await bench.call("PUT", own, token, json=sales, headers=etag)
    assert (status, problem["code"]) == (412, "changed_meanwhile")
    for bad in ({"device_id": "61"}, {"auth_user": "a b{number}"}, {"role": "operator"}):
        status, problem, _ = await bench.call("POST", path, token, json={**sales, **bad})
        assert (status, problem["code"]) == (422, "invalid"), bad

    # A PBX's own management names it.
    pbx = await key(bench, token, "people.write")
    new = {"email": "dora@example.test", "name": "Dora", "template": "Sales"}
    status, reply, _ = await bench.call("PUT", "/provisioning/users", pbx, json=new)
    assert (status, reply["outcome"]) == (201, "created"), reply
    line = reply["person"]["line"]
    assert (line["number"], line["desk_number"], line["device_id"], line["mailbox_number"]) == (
        "104",
        "5104",
        "6104",
        "199",
    )
    status, reply, _ = await bench.call("PUT", "/provisioning/users", pbx, json=new)
    assert (status, reply["outcome"]) == (200, "unchanged")

    # A directory names none: the default one counts.
    scim = {
        "Authorization": f"Bearer {await key(bench, token, 'scim')}",
        "Content-Type": "application/scim+json",
    }
    joiner = {"schemas": [SCIM_USER], "userName": "emil@example.test", "active": True}
    async with bench.http.post(
        f"{bench.base}/scim/v2/Users", json=joiner, headers=scim
    ) as response:
        assert response.status == 201, await response.text()
        emils = f"{bench.base}/scim/v2/Users/{(await response.json())['id']}"
    # Nor does it take away what it never speaks of.
    async with bench.http.put(emils, json=joiner, headers=scim) as response:
        assert response.status == 200, await response.text()
    _, people, _ = await bench.call("GET", "/admin/people?q=emil", token)
    (emil,) = people["items"]
    assert (emil["line"]["number"], emil["department"], emil["language"], emil["source"]) == (
        "105",
        "Sales",
        "fr",
        "scim",
    )

    assert (await bench.call("DELETE", own, token))[0] == 204
    status, problem, _ = await bench.call("GET", own, token)
    assert (status, problem["code"]) == (404, "template_unknown")
    status, problem, _ = await bench.call(
        "PUT", "/provisioning/users", pbx, json={**new, "email": "frida@example.test"}
    )
    assert (status, problem["code"], problem["field"]) == (422, "template_unknown", "template")


async def test_a_site_that_goes_is_forgotten(bench: Bench) -> None:
    token = await admin(bench)
    wanted: dict[str, Any] = {"name": "Branch", "profile": "business", "country": "de"}
    status, site, _ = await bench.call("POST", "/admin/sites", token, json=wanted)
    assert status == 201, site
    wanted = {"name": "Branch", "site_id": site["id"], "first_number": "1", "last_number": "9"}
    status, made, _ = await bench.call("POST", "/admin/people-templates", token, json=wanted)
    assert (status, made["next_number"]) == (201, "1"), made
    assert (await bench.call("DELETE", f"/admin/sites/{site['id']}", token))[0] == 204
    _, kept, headers = await bench.call("GET", f"/admin/people-templates/{made['id']}", token)
    assert (kept["site_id"], kept["first_number"], kept["next_number"]) == (None, "", None)
    assert headers["ETag"] == '"2"'
