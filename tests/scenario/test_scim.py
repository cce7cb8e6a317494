"""A company's directory tells by SCIM who joins, changes and leaves, as Entra and Okta do."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest

from gateway.ports import JsonObject
from gateway.storage.models import User
from gateway.storage.tables.audit import AuditEntry
from tests.support.gateway_platform import Bench

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"


class Directory:
    """The directory's side: its key, and requests in its form."""

    def __init__(self, bench: Bench, key: str, admin: str) -> None:
        self.bench = bench
        self.key = key
        self.admin = admin

    async def ask(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        headers = {"Authorization": f"Bearer {self.key}"}
        if body is not None:
            headers["Content-Type"] = "application/scim+json"
        url = f"{self.bench.base}/scim/v2{path}"
        async with self.bench.http.request(method, url, json=body, headers=headers) as response:
            raw = await response.read()
            if raw:
                assert response.content_type == "application/scim+json", raw
            return response.status, await response.json(content_type=None) if raw else None

    async def join(self, name: str, **more: Any) -> JsonObject:
        """As Entra creates somebody, with much that is not kept here."""
        body = {
            "schemas": [USER, ENTERPRISE],
            "externalId": f"entra-{name}",
            "userName": f"{name}@example.test",
            "active": True,
            "displayName": name.title(),
            "title": "Chief",
            "emails": [{"primary": True, "type": "work", "value": f"{name}@example.test"}],
            "name": {"formatted": "x", "givenName": name.title(), "familyName": "Novak"},
            "phoneNumbers": [{"type": "work", "value": "+49 89 1"}],
            ENTERPRISE: {"department": "Sales", "manager": {"value": "4711"}},
            **more,
        }
        status, made = await self.ask("POST", "/Users", body)
        assert status == 201, made
        return dict(made)

    async def patch(self, path: str, *operations: JsonObject) -> tuple[int, Any]:
        return await self.ask("PATCH", path, {"schemas": [PATCH], "Operations": list(operations)})

    async def role(self, user_id: str) -> str:
        async with self.bench.gateway.features.storage.read(self.bench.demo.tenant_id) as db:
            user = await db.get(User, user_id)
            assert user is not None
            return user.role

    async def map_roles(self, mapping: dict[str, str]) -> JsonObject:
        _, shown, headers = await self.bench.call("GET", "/admin/scim", self.admin)
        status, shown, _ = await self.bench.call(
            "PUT",
            "/admin/scim",
            self.admin,
            json={"role_by_group": mapping},
            headers={"If-Match": headers["ETag"]},
        )
        assert status == 200, shown
        return dict(shown)


@pytest.fixture
async def directory(bench: Bench) -> AsyncIterator[Directory]:
    async with bench.gateway.features.storage.write(bench.demo.tenant_id) as db:
        await db.update(User, User.email == "anna@example.test", role="admin")
    admin = (await bench.login())["access_token"]
    wanted = {"name": "Entra", "kind": "admin", "scopes": ["scim"]}
    status, made, _ = await bench.call("POST", "/admin/keys", admin, json=wanted)
    assert status == 201, made
    yield Directory(bench, made["text"], admin)


async def test_somebody_joins_as_entra_says_it(directory: Directory) -> None:
    status, found = await directory.ask("GET", '/Users?filter=userName%20eq%20"nora@example.test"')
    assert (status, found["totalResults"]) == (200, 0)
    made = await directory.join("nora")
    assert made["meta"]["location"].endswith(f"/scim/v2/Users/{made['id']}")
    assert (made["active"], made["externalId"]) == (True, "entra-nora")
    assert "title" not in made and made[ENTERPRISE] == {"department": "Sales"}
    for text in ('userName eq "NORA@example.test"', 'externalId eq "entra-nora"'):
        status, found = await directory.ask("GET", f"/Users?filter={text.replace(' ', '%20')}")
        assert [one["id"] for one in found["Resources"]] == [made["id"]], text
    status, refused = await directory.ask(
        "POST", "/Users", {"schemas": [USER], "userName": "nora@example.test"}
    )
    assert (status, refused["scimType"]) == (409, "uniqueness")
    _, person, _ = await directory.bench.call("GET", f"/admin/people/{made['id']}", directory.admin)
    assert (person["name"], person["department"]) == ("Nora", "Sales")


async def test_who_was_here_before_is_found_by_address(directory: Directory) -> None:
    """And is taken over without losing the extension."""
    berta = directory.bench.demo.users["berta@example.test"]
    _, found = await directory.ask("GET", '/Users?filter=userName%20eq%20"berta@example.test"')
    assert [one["id"] for one in found["Resources"]] == [berta]
    status, changed = await directory.patch(
        f"/Users/{berta}",
        {"op": "Add", "path": "externalId", "value": "entra-berta"},
        {"op": "Replace", "path": "displayName", "value": "Berta Neu"},
        {"op": "Add", "path": f"{ENTERPRISE}:department", "value": "Support"},
        {"op": "Replace", "path": "title", "value": "not kept"},
    )
    assert status == 200 and changed["displayName"] == "Berta Neu"
    async with directory.bench.gateway.features.storage.read(directory.bench.demo.tenant_id) as db:
        user = await db.get(User, berta)
        assert user is not None and user.external_id == "entra-berta"
    _, person, _ = await directory.bench.call("GET", f"/admin/people/{berta}", directory.admin)
    assert (person["name"], person["department"]) == ("Berta Neu", "Support")
    assert person["line"]["number"] == "102"


@pytest.mark.parametrize(
    "operation",
    [
        {"op": "Replace", "path": "active", "value": "False"},
        {"op": "replace", "value": {"active": False}},
    ],
    ids=["entra", "okta"],
)
async def test_a_leaver_is_out_within_five_seconds(
    directory: Directory, operation: JsonObject
) -> None:
    bench = directory.bench
    berta = bench.demo.users["berta@example.test"]
    signed = await bench.login("berta@example.test")
    phone = await bench.socket(signed["access_token"])
    await phone.next("snapshot")
    started = time.monotonic()
    status, changed = await directory.patch(f"/Users/{berta}", operation)
    assert status == 200 and changed["active"] is False
    async with asyncio.timeout(5):
        await phone.gone.wait()
    took = time.monotonic() - started
    assert took < 5
    status, _, _ = await bench.call("GET", "/me", signed["access_token"])
    assert status == 401
    again = {"refresh_token": signed["refresh_token"], "device_id": signed["device_id"]}
    status, _, _ = await bench.call("POST", "/auth/refresh", json=again)
    assert status == 401
    status, still = await directory.patch(f"/Users/{berta}", {"op": "remove", "path": "active"})
    assert status == 200 and still["active"] is False, "nobody comes back by what is not said"
    status, back = await directory.patch(
        f"/Users/{berta}", {"op": "Replace", "path": "active", "value": "True"}
    )
    assert status == 200 and back["active"] is True
    await bench.login("berta@example.test")


async def test_groups_give_and_take_roles(directory: Directory) -> None:
    nora, olga = await directory.join("nora"), await directory.join("olga")
    await directory.map_roles({"Phone Admins": "admin", "Help": "help_desk"})
    _, admins = await directory.ask(
        "POST",
        "/Groups",
        {
            "schemas": [GROUP],
            "displayName": "phone admins",
            "externalId": "g-1",
            "members": [{"value": nora["id"]}],
        },
    )
    assert await directory.role(nora["id"]) == "admin"
    _, helpers = await directory.ask("POST", "/Groups", {"schemas": [GROUP], "displayName": "Help"})
    members = [{"value": nora["id"]}, {"value": olga["id"]}]
    status, _ = await directory.patch(
        f"/Groups/{helpers['id']}", {"op": "Add", "path": "members", "value": members}
    )
    assert status == 204
    assert await directory.role(nora["id"]) == "admin", "the highest counts"
    assert await directory.role(olga["id"]) == "help_desk"
    _, shown = await directory.ask("GET", f"/Users/{nora['id']}")
    assert {one["display"] for one in shown["groups"]} == {"phone admins", "Help"}
    # Entra names whom to remove in the value, Okta in the path.
    await directory.patch(
        f"/Groups/{admins['id']}",
        {"op": "Remove", "path": "members", "value": [{"value": nora["id"]}]},
    )
    assert await directory.role(nora["id"]) == "help_desk"
    await directory.patch(
        f"/Groups/{helpers['id']}",
        {"op": "remove", "path": f'members[value eq "{nora["id"]}"]'},
    )
    assert await directory.role(nora["id"]) == "user"
    view = await directory.map_roles({"Help": "user"})
    assert await directory.role(olga["id"]) == "user"
    assert {group["name"]: group["members"] for group in view["groups"]} == {
        "Help": 1,
        "phone admins": 0,
    }
    _, listed = await directory.ask(
        "GET", '/Groups?excludedAttributes=members&filter=displayName%20eq%20"Help"'
    )
    assert [group["displayName"] for group in listed["Resources"]] == ["Help"]
    assert "members" not in listed["Resources"][0]


async def test_the_last_administrator_stays(directory: Directory) -> None:
    anna = directory.bench.demo.users["anna@example.test"]
    status, refused = await directory.patch(
        f"/Users/{anna}", {"op": "replace", "path": "active", "value": False}
    )
    assert (status, refused["status"]) == (409, "409")
    status, _ = await directory.ask("DELETE", f"/Users/{anna}")
    assert status == 409


async def test_what_is_wrong_is_said_in_the_words_of_scim(directory: Directory) -> None:
    made = await directory.join("nora")
    one = f"/Users/{made['id']}"
    no_address = {"schemas": [USER], "userName": "nobody"}
    cases: list[tuple[str, str, Any, int, str | None]] = [
        ("POST", "/Users", no_address, 400, "invalidValue"),
        ("GET", "/Users?filter=title%20co%20%22x%22", None, 400, "invalidFilter"),
        ("GET", "/Users?filter=((((", None, 400, "invalidFilter"),
        ("PATCH", one, {"schemas": [PATCH], "Operations": []}, 400, "invalidValue"),
        ("GET", "/Users/01a0-unknown", None, 404, None),
        ("GET", "/Nothing", None, 404, None),
        ("DELETE", "/Users", None, 405, None),
        ("GET", "/Schemas?filter=x", None, 403, None),
    ]
    for method, path, body, status, kind in cases:
        answered, refused = await directory.ask(method, path, body)
        assert answered == status, (path, refused)
        assert refused["schemas"] == ["urn:ietf:params:scim:api:messages:2.0:Error"]
        assert kind is None or refused["scimType"] == kind, (path, refused)
    foreign = {"value": directory.bench.other_tenant}
    status, _ = await directory.ask(
        "POST", "/Groups", {"schemas": [GROUP], "displayName": "G", "members": [foreign]}
    )
    assert status == 400


async def test_only_a_key_with_the_scope_and_only_its_tenant(directory: Directory) -> None:
    bench = directory.bench
    wanted = {"name": "other", "kind": "admin", "scopes": ["people.read"]}
    _, made, _ = await bench.call("POST", "/admin/keys", directory.admin, json=wanted)
    for key, status in ((made["text"], 403), (directory.admin, 401), ("nonsense", 401)):
        stranger = Directory(bench, key, "")
        assert (await stranger.ask("GET", "/Users"))[0] == status
    async with bench.gateway.features.storage.read(bench.other_tenant) as db:
        mallory = await db.first(User)
    assert mallory is not None
    for method in ("GET", "DELETE"):
        assert (await directory.ask(method, f"/Users/{mallory.id}"))[0] == 404
    status, refused = await directory.ask(
        "POST", "/Users", {"schemas": [USER], "userName": "mallory@other.test"}
    )
    assert (status, refused["scimType"]) == (409, "uniqueness")


async def test_erased_and_audited(directory: Directory) -> None:
    made = await directory.join("nora")
    assert await directory.ask("DELETE", f"/Users/{made['id']}") == (204, None)
    assert (await directory.ask("GET", f"/Users/{made['id']}"))[0] == 404
    async with directory.bench.gateway.features.storage.read(directory.bench.demo.tenant_id) as db:
        entries = await db.find(AuditEntry, AuditEntry.actor_name == "Entra")
    assert [entry.action for entry in entries] == ["person.create", "person.erase"]
    _, shown, _ = await directory.bench.call("GET", "/admin/scim", directory.admin)
    assert shown["last_request"] is not None and shown["base_url"].endswith("/scim/v2")


async def test_a_search_by_post_is_the_same_search(directory: Directory) -> None:
    body = {"filter": 'userName eq "berta@example.test"', "attributes": ["userName"]}
    status, found = await directory.ask("POST", "/Users/.search", body)
    assert (status, found["totalResults"]) == (200, 1)
    (berta,) = found["Resources"]
    assert berta["userName"] == "berta@example.test" and "displayName" not in berta
    assert (await directory.ask("POST", "/.search", body))[0] == 501


async def test_pages(directory: Directory) -> None:
    _, first = await directory.ask("GET", "/Users?startIndex=1&count=2")
    _, second = await directory.ask("GET", "/Users?startIndex=3&count=2")
    assert (first["totalResults"], first["itemsPerPage"], second["itemsPerPage"]) == (3, 2, 1)
    ids = [one["id"] for page in (first, second) for one in page["Resources"]]
    assert sorted(ids) == sorted(directory.bench.demo.users.values())
