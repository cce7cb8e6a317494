"""Contacts at Microsoft 365 over real HTTP, against a stand-in that is clearly one.

LDAP is proven against OpenLDAP in tests/interop/test_directory_contacts.py.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from gateway.ports import JsonObject, UserKey
from gateway.storage.models import User
from gateway.storage.tables.audit import AuditEntry
from gateway.storage.tables.contact_sources import MicrosoftAccount, MicrosoftContacts
from tests.support.gateway_platform import Bench, open_bench
from tests.support.graph_stand_in import SECRET, Answer, GraphStandIn, graph_stand_in, person
from tests.support.oidc_provider import Browser
from tests.support.ports import free_port

SETTINGS = "/admin/contact-sources/microsoft"


class World:
    def __init__(self, bench: Bench, graph: GraphStandIn, public_url: str) -> None:
        self.bench = bench
        self.graph = graph
        self.public_url = public_url
        self.admin = ""
        self.berta = ""

    async def open(self) -> None:
        tenant = self.bench.demo.tenant_id
        async with self.bench.gateway.features.storage.write(tenant) as db:
            await db.update(User, User.email == "anna@example.test", role="admin")
        self.admin = (await self.bench.login("anna@example.test"))["access_token"]
        self.berta = (await self.bench.login("berta@example.test"))["access_token"]
        await self.set_up()

    async def set_up(self, **wanted: Any) -> JsonObject:
        _, _, headers = await self.bench.call("GET", SETTINGS, self.admin)
        status, shown, _ = await self.bench.call(
            "PUT",
            SETTINGS,
            self.admin,
            json=self.graph.settings() | wanted,
            headers={"If-Match": headers["ETag"]},
        )
        assert status == 200, shown
        return dict(shown)

    async def begin(self, token: str, browser: Browser) -> str:
        """As the page does: the browser keeps the cookie and goes where it is sent."""
        url = f"{self.public_url}/api/v1/me/contact-sources/microsoft/connect"
        headers = {"Authorization": f"Bearer {token}"}
        async with browser.http.post(url, json={}, headers=headers) as response:
            said = await response.json()
            assert response.status == 200, said
            return str(said["url"])

    async def connect(self, token: str) -> str:
        """Where the browser ends."""
        async with Browser() as browser:
            back, _ = await browser.step(await self.begin(token, browser))
            home, _ = await browser.step(back)
            return home.removeprefix(f"{self.public_url}/")

    async def search(self, token: str, text: str) -> JsonObject:
        path = f"/contact-sources/search?q={text}"
        status, found, _ = await self.bench.call("GET", path, token)
        assert status == 200, found
        return dict(found)

    async def names(self, token: str, text: str) -> list[str]:
        return [item["name"] for item in (await self.search(token, text))["items"]]

    async def state(self, token: str) -> tuple[str, str]:
        _, listed, _ = await self.bench.call("GET", "/me/contact-sources", token)
        (source,) = listed["items"]
        return source["state"], source["account"]


@pytest.fixture
async def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    port = free_port()
    public_url = f"http://localhost:{port}"
    async with graph_stand_in() as graph:
        overrides = {
            "public_url": public_url,
            "http": {"host": "127.0.0.1", "port": port},
            "outbound": {"allowed_private": ["localhost"]},
            "microsoft": {"login_url": graph.url, "graph_url": graph.graph_url},
        }
        async with open_bench(tmp_path, monkeypatch, overrides) as bench:
            made = World(bench, graph, public_url)
            await made.open()
            yield made


async def test_a_user_lets_contacts_be_read_searches_is_called_and_takes_it_back(
    world: World, capfd: pytest.CaptureFixture[str]
) -> None:
    bench, graph = world.bench, world.graph
    graph.contacts = [
        person(
            "Dora Wolf",
            companyName="Wolf Druck",
            businessPhones=["(089) 123 456-78"],
            mobilePhone="+49 151 12345678",
            emailAddresses=[{"name": "Dora", "address": "dora@wolf.test"}],
        ),
        person("Bert Brot", homePhones=["+49 40 5556677"]),
    ]
    graph.users = [
        person("Dorian Global", mail="dorian@contoso.test", businessPhones=["+49 30 1234567"]),
        person("Anna König", mail="anna@example.test"),  # a colleague of ours
    ]
    assert await world.state(world.berta) == ("not_connected", "")
    assert (await world.search(world.berta, "dor"))["sources"] == []
    assert await world.connect(world.berta) == "#contact_source=connected"
    assert await world.state(world.berta) == ("working", "anna@contoso.test")
    found = await world.search(world.berta, "dor")
    assert found["sources"] == [{"source": "microsoft", "state": "working"}]
    dora, dorian = found["items"]
    assert (dora["name"], dora["company"], dora["private"]) == ("Dora Wolf", "Wolf Druck", True)
    assert dora["email"] == "dora@wolf.test"
    assert [(one["kind"], one["number"]["canonical"]) for one in dora["numbers"]] == [
        ("work", "+498912345678"),
        ("mobile", "+4915112345678"),
    ]
    assert (dorian["name"], dorian["private"]) == ("Dorian Global", False)
    assert await world.names(world.berta, "5556") == ["Bert Brot"], "a part of a number"
    assert await world.search(world.berta, "d") == {"items": [], "sources": [], "next_cursor": None}
    assert await world.names(world.berta, "ann") == [], "the own directory has her"
    # Who calls: from the same book, without a question to anybody while the call waits.
    berta = UserKey(bench.demo.tenant_id, await user_id(bench, "berta@example.test"))
    names = bench.gateway.features.ports.directory
    asked = len(graph.asked)
    known = await names.name_of(berta.tenant_id, "+4915112345678", berta.user_id)
    assert known is not None and known.name == "Dora Wolf (Wolf Druck)"
    assert len(graph.asked) == asked
    assert await names.names_of(berta.tenant_id, {"+4915112345678"}, berta.user_id)
    anna = await user_id(bench, "anna@example.test")
    assert await names.name_of(berta.tenant_id, "+4915112345678", anna) is None, "hers alone"
    assert (await world.search(world.admin, "dor"))["items"] == []

    assert (await bench.call("DELETE", "/me/contact-sources/microsoft", world.berta))[0] == 204
    assert await world.state(world.berta) == ("not_connected", "")
    assert (await world.search(world.berta, "dor"))["items"] == []
    assert await names.name_of(berta.tenant_id, "+4915112345678", berta.user_id) is None
    async with bench.gateway.features.storage.read(berta.tenant_id) as db:
        assert await db.count(MicrosoftAccount) == 0
    logged = "".join(capfd.readouterr())
    assert "contact_source.connected" in logged
    for private in ("access-1", "refresh-1", SECRET, "code-0", "Dora", "wolf", "12345678"):
        assert private not in logged, private


async def user_id(bench: Bench, email: str) -> str:
    async with bench.gateway.features.storage.read(bench.demo.tenant_id) as db:
        found = await db.first(User, User.email == email)
    assert found is not None
    return found.id


async def test_what_comes_back_must_be_the_answer_to_a_question_of_this_browser_and_session(
    world: World,
) -> None:
    async with Browser() as berta, Browser() as stranger:
        back, _ = await berta.step(await world.begin(world.berta, berta))
        # A link is worth nothing to somebody who is lured to it, nor with another state.
        lured, _ = await stranger.step(back)
        assert lured.endswith("/#contact_source_error=attempt_unknown")
        other, _ = await berta.step(back.replace("state=", "state=x"))
        assert other.endswith("/#contact_source_error=attempt_unknown")
        nothing, _ = await berta.step(
            f"{world.public_url}/api/v1/contact-sources/microsoft/callback"
        )
        assert nothing.endswith("/#contact_source_error=attempt_unknown")
        assert world.graph.tokens == [], "no code was redeemed"
        home, _ = await berta.step(back)
        assert home.endswith("/#contact_source=connected")
        again, _ = await berta.step(back)
        assert again.endswith("/#contact_source_error=attempt_unknown"), "the cookie is gone"
    async with Browser() as berta:
        back, _ = await berta.step(await world.begin(world.berta, berta))
        tenant = world.bench.demo.tenant_id
        user = UserKey(tenant, await user_id(world.bench, "berta@example.test"))
        await world.bench.gateway.features.sessions.revoke_user(user, "test")
        home, _ = await berta.step(back)
        assert home.endswith("/#contact_source_error=session_ended")
        assert len(world.graph.tokens) == 1


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("AADSTS65004: declined", "consent_refused"),
        ("AADSTS90094: an administrator must agree", "admin_consent_needed"),
    ],
)
async def test_who_does_not_agree_is_told_so(world: World, said: str, code: str) -> None:
    world.graph.refuse_consent = said
    assert await world.connect(world.berta) == f"#contact_source_error={code}"
    assert await world.state(world.berta) == ("not_connected", "")


async def test_a_consent_that_ended_is_said_and_mended_by_signing_in_again(world: World) -> None:
    world.graph.contacts = [person("Dora Wolf")]
    await world.connect(world.berta)
    world.graph.end_access()
    assert await world.names(world.berta, "dora") == ["Dora Wolf"], "the token is renewed"
    assert world.graph.tokens[-1]["grant_type"] == "refresh_token"
    world.graph.end_access()
    world.graph.consent_ended = True
    found = await world.search(world.berta, "xyz")
    assert found["sources"] == [{"source": "microsoft", "state": "sign_in_again"}]
    assert (await world.state(world.berta))[0] == "sign_in_again"
    asked = len(world.graph.tokens)
    assert (await world.search(world.berta, "dora"))["items"] == [], "nor what was read before"
    assert len(world.graph.tokens) == asked, "Microsoft is not asked again and again"
    world.graph.consent_ended = False
    assert await world.connect(world.berta) == "#contact_source=connected"
    assert await world.names(world.berta, "dora") == ["Dora Wolf"]


async def test_an_administrator_sets_it_up_tests_it_and_takes_it_away(world: World) -> None:
    bench = world.bench
    shown = await world.set_up()
    assert SECRET not in str(shown) and shown["has_client_secret"] is True
    assert shown["redirect_uri"].endswith("/api/v1/contact-sources/microsoft/callback")
    assert shown["permissions"] == ["User.Read", "Contacts.Read", "User.Read.All"]
    await world.connect(world.berta)

    async def tested(**wanted: Any) -> tuple[bool, str]:
        await world.set_up(**wanted)
        _, result, _ = await bench.call("POST", f"{SETTINGS}/test", world.admin, json={})
        return result["ok"], result["code"]

    assert await tested() == (True, "")
    assert await tested(client_secret="another") == (False, "secret_refused")
    assert (await world.state(world.berta))[0] == "working", "the same application"
    assert await tested(client_id="unknown") == (False, "client_unknown")
    assert (await world.state(world.berta))[0] == "not_connected", "it agreed to another one"
    assert await tested(directory_id="nowhere.test") == (False, "directory_unknown")
    for wanted, code in (
        ({"directory_id": "common"}, "directory_id_invalid"),
        ({"directory_id": "a.test/../b"}, "directory_id_invalid"),
        ({"directory_id": "another.test", "client_secret": None}, "secret_required"),
    ):
        _, _, headers = await bench.call("GET", SETTINGS, world.admin)
        status, problem, _ = await bench.call(
            "PUT",
            SETTINGS,
            world.admin,
            json=world.graph.settings() | wanted,
            headers={"If-Match": headers["ETag"]},
        )
        assert (status, problem["code"]) == (422, code)
    assert (await bench.call("GET", SETTINGS, world.berta))[0] == 403
    assert (await bench.call("DELETE", SETTINGS, world.admin))[0] == 204
    _, listed, _ = await bench.call("GET", "/me/contact-sources", world.berta)
    assert listed["items"] == []
    path = "/me/contact-sources/microsoft/connect"
    status, problem, _ = await bench.call("POST", path, world.berta, json={})
    assert (status, problem["code"]) == (404, "source_unknown")
    async with bench.gateway.features.storage.read(bench.demo.tenant_id) as db:
        entries = await db.find(AuditEntry, AuditEntry.target == "contact_source")
        assert await db.count(MicrosoftContacts) == 0
    assert [entry.action for entry in entries][-1] == "contact_source.remove"
    assert SECRET not in str([entry.model_dump() for entry in entries])


async def test_a_slow_or_wrong_microsoft_is_said_and_the_search_goes_on(world: World) -> None:
    await world.connect(world.berta)
    world.graph.contacts = [person("Dora Wolf")]
    world.graph.instead = [Answer(429, {"Retry-After": "600"}), Answer(500)]
    found = await world.search(world.berta, "dora")
    assert found["sources"] == [{"source": "microsoft", "state": "busy"}]
    asked = len(world.graph.asked)
    assert (await world.search(world.berta, "dor"))["sources"][0]["state"] == "busy"
    assert len(world.graph.asked) == asked, "nobody asks before the time is over"
    assert (await world.state(world.berta))[0] == "busy"
