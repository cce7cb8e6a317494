"""Contacts of a directory: what one question says of the others, and what is forgotten."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from gateway.features.contact_sources.ldap_settings import LdapSettings
from gateway.features.contact_sources.ldap_source import LdapSource
from gateway.features.contact_sources.models import LdapIn
from gateway.features.contact_sources.service import ContactSources
from gateway.features.contact_sources.source import (
    Reader,
    SourceContact,
    SourceNumber,
    SourceTrouble,
)
from gateway.ldap import Binding, LdapClient, LdapEntry, LdapError, LdapSearch, LdapServer
from gateway.numbers import NumberRules
from gateway.ports import Numbers, SiteProfile, UserKey
from gateway.storage.models import User
from protocols.aio.scope import TaskScope
from tests.support.databases import empty_storage
from tests.support.people_world import PeopleWorld

NUMBER = "+498955501234"
ANN = LdapEntry("cn=ann", {"cn": ("Ann",), "telephoneNumber": (NUMBER,)})


class Directory(LdapClient):
    def __init__(self) -> None:
        self.fails: LdapError | None = None
        self.number = NUMBER
        self.go = asyncio.Event()
        self.go.set()
        self.asked = asyncio.Event()

    async def search(
        self, server: LdapServer, binding: Binding, search: LdapSearch
    ) -> list[LdapEntry]:
        self.asked.set()
        await self.go.wait()
        if self.fails is not None:
            raise self.fails
        said = {**ANN.attributes, "telephoneNumber": (self.number,)}
        return [LdapEntry(ANN.dn, {name: said.get(name, ()) for name in search.attributes})]


class Rig:
    def __init__(self, world: PeopleWorld) -> None:
        self.world, self.client = world, Directory()
        self.source = LdapSource(
            world.storage, world.secrets, self.client, NumberRules(), time.monotonic
        )
        self.settings = LdapSettings(world.storage, world.secrets, world.audit, self.source)
        site = SiteProfile(world.tenant_id, world.site_id, "business", "de", "89", 3)
        self.reader = Reader(UserKey(world.tenant_id, world.admin_id), site)

    async def save(self, version: int, **wanted: object) -> None:
        said = LdapIn.model_validate({"host": "ldap.x.test", "active": True, **wanted})
        await self.settings.change(self.world.who(), said, version)

    async def last_error(self) -> str:
        return (await self.settings.shown(self.world.who())).last_error

    def remembered(self) -> str | None:
        return self.source.remembered(self.reader.user, NUMBER)


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[Rig]:
    storage = await empty_storage(tmp_path)
    world = PeopleWorld(storage)
    await world.open()
    made = Rig(world)
    await made.save(0)
    yield made
    await storage.aclose()


async def test_a_question_that_is_too_much_stops_nobody_elses(rig: Rig) -> None:
    rig.client.fails = LdapError("search_failed", "timeLimitExceeded", of_question=True)
    with pytest.raises(SourceTrouble):
        await rig.source.who_has(rig.reader, NUMBER)
    with pytest.raises(SourceTrouble):
        await rig.source.search(rig.reader, "a")
    rig.client.fails = None
    assert [one.name for one in await rig.source.search(rig.reader, "ann")] == ["Ann"]
    assert await rig.last_error() == ""


async def test_a_number_that_takes_too_long_leaves_the_search_by_words(rig: Rig) -> None:
    rig.client.fails = LdapError("directory_unreachable", "too slow")
    with pytest.raises(SourceTrouble):
        await rig.source.who_has(rig.reader, NUMBER)
    rig.client.fails = None
    assert [one.name for one in await rig.source.search(rig.reader, "ann")] == ["Ann"]
    assert await rig.last_error() == ""
    with pytest.raises(SourceTrouble):  # numbers wait
        await rig.source.who_has(rig.reader, NUMBER)


async def test_a_directory_that_does_not_answer_words_is_not_asked_at_once_again(rig: Rig) -> None:
    rig.client.fails = LdapError("directory_unreachable", "gone")
    with pytest.raises(SourceTrouble):
        await rig.source.search(rig.reader, "ann")
    rig.client.fails = None
    with pytest.raises(SourceTrouble):
        await rig.source.search(rig.reader, "bert")
    assert await rig.last_error() == "directory_unreachable"


async def test_a_number_of_the_own_site_is_named_in_lists_too(rig: Rig) -> None:
    rig.client.number = "123"
    assert await rig.source.who_has(rig.reader, "123") == "Ann"
    assert rig.source.remembered(rig.reader.user, "123") == "Ann"
    elsewhere = UserKey(rig.world.tenant_id, await rig.world.person("Berta"))
    assert rig.source.remembered(elsewhere, "123") is None, "nothing is known of where they are"
    site = SiteProfile(rig.world.tenant_id, "another", "business", "de", "30", 3)
    await rig.source.search(Reader(elsewhere, site), "zz")
    assert rig.source.remembered(elsewhere, "123") is None, "there it is somebody else's"
    await rig.source.search(Reader(elsewhere, rig.reader.site), "zz")
    assert rig.source.remembered(elsewhere, "123") == "Ann"


@pytest.mark.parametrize("end", ["off", "narrower", "removed"])
async def test_names_end_with_the_settings_they_came_by(rig: Rig, end: str) -> None:
    assert await rig.source.who_has(rig.reader, NUMBER) == "Ann"
    assert rig.remembered() == "Ann"
    if end == "removed":
        await rig.settings.remove(rig.world.who())
    else:
        await rig.save(1, active=end != "off")
    assert rig.remembered() is None
    if end != "narrower":
        assert await rig.source.who_has(rig.reader, NUMBER) is None


async def test_what_was_asked_before_a_change_is_not_remembered_after_it(rig: Rig) -> None:
    rig.client.go.clear()
    asking = asyncio.create_task(rig.source.who_has(rig.reader, NUMBER))
    async with asyncio.timeout(5):
        await rig.client.asked.wait()
    await rig.settings.remove(rig.world.who())
    rig.client.go.set()
    await asking
    assert rig.remembered() is None


async def test_a_colleague_who_is_disabled_hides_no_entry_outside(rig: Rig) -> None:
    berta = await rig.world.person("Berta", "20101")
    numbers = Numbers("20101", "20101", "20101")
    by_address = SourceContact("ldap", False, "Berta", email="Berta@x.test")
    by_number = SourceContact("ldap", False, "Bert", numbers=(SourceNumber("work", numbers),))
    sources = ContactSources(rig.world.storage, (), TaskScope("test"), time.monotonic)
    contacts = [by_number, by_address]
    assert await sources._without_colleagues(rig.reader.user, contacts) == []
    async with rig.world.storage.write(rig.world.tenant_id) as db:
        await db.update(User, User.id == berta, disabled=True)
    assert await sources._without_colleagues(rig.reader.user, contacts) == contacts
