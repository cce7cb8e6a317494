"""Asking Graph, against the stand-in: pages, ended tokens, back-off, and what it must not do."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest

from gateway import outbound as outbound_module
from gateway.config import MicrosoftConfig, OutboundConfig
from gateway.credentials.secrets import Secrets
from gateway.features.contact_sources.graph import Graph
from gateway.features.contact_sources.microsoft_accounts import MicrosoftAccounts, token_context
from gateway.features.contact_sources.microsoft_source import MicrosoftSource
from gateway.features.contact_sources.microsoft_tokens import (
    Application,
    TokenEndpoint,
    Tokens,
    _refused,
    secret_context,
)
from gateway.features.contact_sources.source import Reader, SourceTrouble
from gateway.numbers import NumberRules
from gateway.outbound import Outbound
from gateway.ports import SiteProfile, UserKey
from gateway.storage.models import Tenant, User
from gateway.storage.storage import Storage
from gateway.storage.tables.contact_sources import MicrosoftAccount, MicrosoftContacts
from protocols.aio.scope import TaskScope
from tests.support.databases import empty_storage
from tests.support.graph_stand_in import (
    CLIENT,
    DIRECTORY,
    SECRET,
    Answer,
    GraphStandIn,
    graph_stand_in,
    person,
)

NOW = datetime(2026, 1, 2, 10, 0, tzinfo=UTC)


class World:
    """One tenant, one user who has connected."""

    def __init__(self, storage: Storage, graph: GraphStandIn, outbound: Outbound) -> None:
        self.storage = storage
        self.stand_in = graph
        self.secrets = Secrets.ephemeral()
        self.clock = 1000.0
        config = MicrosoftConfig(login_url=graph.url, graph_url=graph.graph_url)
        self.scope = TaskScope("test")
        endpoint = TokenEndpoint(outbound, config, lambda: NOW)
        self.accounts = MicrosoftAccounts(storage, self.secrets, endpoint, lambda: self.clock)
        self.graph = Graph(
            outbound, config.graph_url, self.accounts, lambda: self.clock, lambda: NOW
        )
        self.source = MicrosoftSource(
            storage, self.accounts, self.graph, NumberRules(), self.scope, lambda: self.clock
        )
        self.reader = Reader(UserKey("", ""), None)

    async def open(self) -> None:
        tenant = Tenant(name="T")
        async with self.storage.index(write=True) as index:
            await index.create_tenant(tenant)
        user = User(tenant_id=tenant.id, email="anna@t.test", name="Anna", search_name=" anna")
        settings = MicrosoftContacts(
            tenant_id=tenant.id,
            directory_id=DIRECTORY,
            client_id=CLIENT,
            client_secret=self.secrets.seal(SECRET, secret_context(tenant.id)),
            active=True,
        )
        async with self.storage.write(tenant.id) as db:
            await db.add(user, settings)
        site = SiteProfile(tenant.id, "s", "business", "de", "89", 3)
        self.reader = Reader(UserKey(tenant.id, user.id), site)
        await self.connect()

    async def connect(self) -> None:
        self.stand_in.valid.add("first")
        self.stand_in.refresh_tokens.add("refresh-0")
        found = await self.accounts.connection(self.reader.user)
        assert found is not None
        assert await self.agreed(found.settings)

    async def agreed(self, settings: MicrosoftContacts) -> bool:
        tokens = Tokens(access_token="first", refresh_token="refresh-0", expires_in=3600)
        return await self.accounts.connect(self.reader.user, settings, "anna@c.test", tokens)

    async def rows(self) -> tuple[MicrosoftContacts, MicrosoftAccount]:
        found = await self.accounts.connection(self.reader.user)
        assert found is not None and found.account is not None
        return found.settings, found.account

    async def users(self, most: int = 1000) -> list[dict[str, Any]]:
        settings, account = await self.rows()
        query = {"$search": '("displayName:p" OR "mail:p")', "$top": "1000"}
        headers = {"ConsistencyLevel": "eventual"}
        return await self.graph.items(settings, account, "/users", query, most, headers)

    async def trouble(self) -> tuple[str, str]:
        with pytest.raises(SourceTrouble) as caught:
            await self.users()
        return caught.value.state, caught.value.code

    async def names(self, text: str) -> list[str]:
        return [contact.name for contact in await self.source.search(self.reader, text)]


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    storage = await empty_storage(tmp_path)
    async with (
        graph_stand_in() as graph,
        Outbound(OutboundConfig(allowed_private=("localhost",))) as outbound,
    ):
        made = World(storage, graph, outbound)
        await made.open()
        yield made
        await made.scope.aclose()
    await storage.aclose()


async def test_a_list_comes_page_by_page_and_ends_where_enough_is(world: World) -> None:
    world.stand_in.users = [person(f"Person {n}") for n in range(25)]
    world.stand_in.page_size = 10
    assert len(await world.users()) == 25
    assert len(world.stand_in.asked) == 3
    assert len(await world.users(most=12)) == 12
    assert len(world.stand_in.asked) == 5


async def test_the_token_goes_to_graph_and_to_nobody_else(world: World) -> None:
    async with graph_stand_in() as elsewhere:
        for link in (
            f"{elsewhere.graph_url}/users",
            world.stand_in.graph_url.replace("//", "//x@") + "/users",
            f"{world.stand_in.url}/v1.0.evil/users",
            f"{world.stand_in.graph_url}.evil.test/users",
            "file:///etc/passwd",
            "//elsewhere.test/",
        ):
            world.stand_in.next_link = link
            assert await world.trouble() == ("failing", "graph_failing"), link
        assert elsewhere.asked == []


async def test_a_list_that_never_ends_is_left(world: World) -> None:
    world.stand_in.next_link = f"{world.stand_in.graph_url}/me/contacts?$top=1"
    await world.users()
    assert len(world.stand_in.asked) == 20


async def test_an_ended_token_is_renewed_once_for_all_who_wait(world: World) -> None:
    world.stand_in.users = [person("Person")]
    world.stand_in.end_access()
    found = await asyncio.gather(*(world.users() for _ in range(5)))
    assert all(len(items) == 1 for items in found)
    assert [form["grant_type"] for form in world.stand_in.tokens] == ["refresh_token"]
    # What Microsoft gave instead of the old one is kept, sealed.
    world.stand_in.end_access()
    assert len(await world.users()) == 1
    _, account = await world.rows()
    assert world.stand_in.tokens[-1]["refresh_token"] == "refresh-1"
    assert b"refresh" not in account.refresh_token


async def test_a_token_is_renewed_before_its_end(world: World) -> None:
    world.clock += 3600 - 119
    await world.users()
    assert len(world.stand_in.tokens) == 1


async def test_who_is_refused_with_a_new_token_must_sign_in_again(world: World) -> None:
    world.stand_in.instead = [Answer(401), Answer(401)]
    assert await world.trouble() == ("sign_in_again", "consent_ended")
    _, account = await world.rows()
    assert account.lost_at is not None
    asked = len(world.stand_in.asked)
    assert await world.trouble() == ("sign_in_again", "consent_ended")
    assert len(world.stand_in.asked) == asked


@pytest.mark.parametrize(
    ("said", "wait"),
    [
        ("17", 17.0),
        (format_datetime(NOW + timedelta(seconds=30)), 30.0),
        (format_datetime(NOW - timedelta(days=1)), 1.0),
        ("999999999999", 3600.0),
        ("soon", 2.0),
        ("", 2.0),
    ],
)
async def test_it_waits_as_long_as_graph_says(world: World, said: str, wait: float) -> None:
    world.stand_in.instead = [Answer(429, {"Retry-After": said} if said else {})]
    assert await world.trouble() == ("busy", "throttled")
    world.clock += wait - 0.5
    assert await world.trouble() == ("busy", "throttled")
    assert len(world.stand_in.asked) == 1
    world.clock += 1
    await world.users()


@pytest.mark.parametrize(("said", "wait"), [("17", 17.0), ("", 30.0)])
async def test_for_a_token_it_waits_as_long_as_microsoft_says(
    world: World, said: str, wait: float
) -> None:
    world.stand_in.end_access()
    world.stand_in.tokens_instead = [Answer(429, {"Retry-After": said} if said else {})]
    assert await world.trouble() == ("failing", "provider_unreachable")
    world.clock += wait - 0.5
    assert await world.trouble() == ("failing", "provider_unreachable")
    assert len(world.stand_in.tokens) == 1
    world.clock += 1
    await world.users()


async def test_after_faults_it_asks_less_and_less_often(world: World) -> None:
    world.stand_in.instead = [Answer(502)]
    assert await world.trouble() == ("failing", "graph_failing")
    waits = []
    for _ in range(7):
        begin, asked = world.clock, len(world.stand_in.asked)
        world.stand_in.instead = [Answer(502)]
        while len(world.stand_in.asked) == asked:
            world.clock += 1
            assert await world.trouble() == ("failing", "graph_failing")
        waits.append(world.clock - begin)
    assert waits == [2, 4, 8, 16, 32, 60, 60]


async def test_a_silent_graph_is_left_in_time(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbound_module, "TIMEOUT", 0.2)
    world.stand_in.silent = True
    assert await world.trouble() == ("failing", "graph_unreachable")


async def test_what_is_no_list_harms_nobody(world: World) -> None:
    for body in ([], "x", {"value": {}}, {"value": [1, None, "x"]}, {}, None):
        world.stand_in.instead = [Answer(200, body=body)]
        try:
            assert await world.users() == []
        except SourceTrouble as trouble:
            assert trouble.code == "graph_failing"


async def test_one_list_that_is_refused_leaves_the_other(world: World) -> None:
    """The company's directory wants a permission that not every administrator gives."""
    world.stand_in.contacts = [person("Dora Wolf")]
    world.stand_in.instead = [None, Answer(403)]
    assert await world.names("dora") == ["Dora Wolf"]
    # Theirs alone: the others have perhaps agreed to more, and this one can do so too.
    assert (await world.rows())[0].last_error == ""
    status = await world.source.status(world.reader.user)
    assert status is not None and status.state == "sign_in_again"
    asked = len(world.stand_in.asked)
    await world.names("dor")
    assert len(world.stand_in.asked) == asked, "not with each key pressed"
    await world.connect()
    status = await world.source.status(world.reader.user)
    assert status is not None and status.state == "working"


@pytest.mark.parametrize("meanwhile", ["removed", "another client", "another directory", "off"])
async def test_a_consent_to_what_is_no_more_is_not_kept(world: World, meanwhile: str) -> None:
    settings, _ = await world.rows()
    async with world.storage.write(settings.tenant_id) as db:
        await db.delete(MicrosoftAccount)
        if meanwhile == "removed":
            await db.delete(MicrosoftContacts)
        elif meanwhile == "another client":
            await db.update(MicrosoftContacts, client_id="another")
        elif meanwhile == "another directory":
            await db.update(MicrosoftContacts, directory_id="other.test")
        else:
            await db.update(MicrosoftContacts, active=False)
    assert not await world.agreed(settings)
    async with world.storage.read(settings.tenant_id) as db:
        assert await db.count(MicrosoftAccount) == 0


@pytest.mark.parametrize(
    "said", [{"error": {"code": "x"}}, {"error": ["invalid_grant"]}, {"error": None}, [], "x"]
)
def test_a_refusal_in_no_known_form_is_one_all_the_same(said: object) -> None:
    trouble = _refused(said)
    assert isinstance(trouble, SourceTrouble) and trouble.code == "sign_in_refused"


async def test_a_token_that_cannot_be_read_for_a_moment_ends_no_consent(world: World) -> None:
    _, account = await world.rows()
    good = account.refresh_token
    async with world.storage.write(account.tenant_id) as db:
        sealed = Secrets.ephemeral().seal("refresh-0", token_context(world.reader.user))
        await db.update(MicrosoftAccount, refresh_token=sealed)
    world.stand_in.end_access()
    assert await world.trouble() == ("failing", "token_unreadable")
    assert (await world.rows())[1].lost_at is None
    async with world.storage.write(account.tenant_id) as db:
        await db.update(MicrosoftAccount, refresh_token=good)
    await world.users()


async def test_a_secret_that_is_wrong_is_the_administrators_to_mend(world: World) -> None:
    settings, _ = await world.rows()
    async with world.storage.write(settings.tenant_id) as db:
        wrong = world.secrets.seal("wrong", secret_context(settings.tenant_id))
        await db.update(MicrosoftContacts, client_secret=wrong)
    world.stand_in.end_access()
    with pytest.raises(SourceTrouble) as caught:
        await world.names("dora")
    assert caught.value.code == "secret_refused"
    asked = len(world.stand_in.tokens)
    with pytest.raises(SourceTrouble):
        await world.names("dor")
    assert len(world.stand_in.tokens) == asked, "not with each key pressed"
    settings, account = await world.rows()
    assert settings.last_error == "secret_refused" and account.lost_at is None


async def test_the_book_is_read_once_and_again_when_it_is_old(world: World) -> None:
    world.stand_in.contacts = [person("Dora Wolf")]
    found = await asyncio.gather(*(world.names(text) for text in ("dora", "wolf", "dor")))
    assert found == [["Dora Wolf"]] * 3

    def books_asked() -> int:
        return sum("me/contacts" in url for url in world.stand_in.asked)

    assert books_asked() == 1
    world.stand_in.contacts = [person("Dora Fuchs")]
    world.clock += 901
    assert await world.names("dora") == ["Dora Wolf"], "the old one serves meanwhile"
    reading = [task for task in asyncio.all_tasks() if task.get_name().startswith("test:")]
    await asyncio.gather(*reading)
    assert await world.names("dora") == ["Dora Fuchs"]
    assert books_asked() == 2


async def test_numbers_are_searched_in_the_own_book_alone(world: World) -> None:
    world.stand_in.contacts = [person("Dora Wolf", mobilePhone="0151 12345678")]
    assert await world.names("0151 123") == ["Dora Wolf"]
    assert not any("/users" in url for url in world.stand_in.asked)


async def test_a_found_colleague_of_theirs_is_named_when_called(world: World) -> None:
    world.stand_in.users = [person("Dorian", businessPhones=["+49 30 1234567"])]
    assert await world.source.who_has(world.reader, "+49301234567") is None
    await world.names("dor")
    assert world.source.remembered(world.reader.user, "+49301234567") == "Dorian"
    world.source.forget(world.reader.user)
    assert world.source.remembered(world.reader.user, "+49301234567") is None


async def test_of_who_is_erased_nothing_is_remembered(world: World) -> None:
    world.stand_in.contacts = [person("Dora Wolf", mobilePhone="0151 12345678")]
    await world.names("dora")
    settings, account = await world.rows()
    assert await world.accounts.token(settings, account) == "first"
    world.source.forget(world.reader.user)
    assert world.source.remembered(world.reader.user, "+4915112345678") is None
    await world.accounts.token(settings, account)
    assert len(world.stand_in.tokens) == 1, "the token was gone, and was asked for again"


async def test_a_token_that_comes_after_its_owner_has_gone_is_not_kept(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings, account = await world.rows()
    world.source.forget(world.reader.user)
    refresh = TokenEndpoint.refresh

    async def late(self: TokenEndpoint, of: Application, old: str) -> Tokens:
        tokens = await refresh(self, of, old)
        world.source.forget(world.reader.user)
        return tokens

    monkeypatch.setattr(TokenEndpoint, "refresh", late)
    for asked in (1, 2):
        await world.accounts.token(settings, account)
        assert len(world.stand_in.tokens) == asked
