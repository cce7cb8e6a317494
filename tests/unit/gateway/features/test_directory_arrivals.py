"""Another address of a directory's entry is somebody's only if the directory says so of it too."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from gateway.features.sso.arrivals import Arrivals
from gateway.features.sso.directory import DirectoryService
from gateway.features.sso.domains import Domains
from gateway.ldap import Binding, LdapClient, LdapEntry, LdapSearch, LdapServer
from gateway.ports import UserKey
from gateway.storage.ids import utc_now
from gateway.storage.models import User
from gateway.storage.tables.single_sign_on import DirectorySignIn, SignInDomain, SsoIndex
from tests.support.databases import empty_storage
from tests.support.people_world import PeopleWorld

PASSWORD = "the right one"


class Directory(LdapClient):
    """Entries by name, found by it or by any of their addresses; all have the same password."""

    def __init__(self, entries: dict[str, tuple[str, ...]]) -> None:
        self._entries = entries

    def _found(self, search: LdapSearch) -> list[LdapEntry]:
        return [
            LdapEntry(dn, {"mail": mail, "cn": (dn,), "memberOf": ()})
            for dn, mail in self._entries.items()
            if search.filter.lower() in (f"(uid={dn})", *(f"(mail={one.lower()})" for one in mail))
        ][: search.limit]

    async def search(
        self, server: LdapServer, binding: Binding, search: LdapSearch
    ) -> list[LdapEntry]:
        return self._found(search)

    async def find_and_bind(
        self, server: LdapServer, binding: Binding, search: LdapSearch, password: str
    ) -> LdapEntry | None:
        found = self._found(search)
        return found[0] if len(found) == 1 and password == PASSWORD else None

    async def bind_and_read(
        self, server: LdapServer, binding: Binding, search: LdapSearch
    ) -> LdapEntry | None:
        # As where one sees no entry but the own.
        found = [one for one in self._found(search) if one.dn == binding.dn]
        return found[0] if found and binding.password == PASSWORD else None


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[PeopleWorld]:
    storage = await empty_storage(tmp_path)
    made = PeopleWorld(storage)
    await made.open()
    yield made
    await storage.aclose()


async def sign_in(
    world: PeopleWorld,
    entries: dict[str, tuple[str, ...]],
    email: str,
    method: str = "search",
    user_filter: str = "(mail={email})",
) -> UserKey | None:
    tenant_id = world.tenant_id
    async with world.storage.write(tenant_id) as db:
        for name in ("x.test", "y.test"):
            proven = SignInDomain(
                tenant_id=tenant_id, domain=name, challenge="c", proven_at=utc_now()
            )
            await db.add(proven)
            await db.add_index(SsoIndex(domain=name, tenant_id=tenant_id, connection_id=None))
        await db.add(
            DirectorySignIn(
                tenant_id=tenant_id,
                host="ldap.x.test",
                port=389,
                security="starttls",
                method=method,
                user_dn="{user}",
                user_filter=user_filter,
                active=True,
            )
        )
    service = DirectoryService(
        world.storage,
        world.secrets,
        world.audit,
        Directory(entries),
        Domains(world.storage, world.audit),
        Arrivals(world.people),
    )
    return await service.verify(email, PASSWORD)


async def test_the_address_that_two_entries_share_is_neither_ones_account(
    world: PeopleWorld,
) -> None:
    reception = await world.person("Reception", email="info@x.test")
    entries = {"anna": ("anna@x.test", "info@x.test"), "desk": ("info@x.test",)}
    assert await sign_in(world, entries, "anna@x.test") is None
    async with world.storage.read(world.tenant_id) as db:
        user, directory = await db.get(User, reception), await db.first(DirectorySignIn)
    assert user is not None and user.source != "ldap", "it was taken over"
    assert directory is not None and directory.last_error == "account_other"


async def test_an_address_written_into_the_own_entry_opens_nobody_elses_account(
    world: PeopleWorld,
) -> None:
    entries = {"mallory": ("alias@x.test", "Ada@x.test"), "ada": ("ada@x.test",)}
    assert await sign_in(world, entries, "alias@x.test") is None


async def test_where_one_reads_the_own_entry_alone_another_name_is_not_proven(
    world: PeopleWorld,
) -> None:
    entries = {"alias": ("alias@x.test", "ada@x.test"), "ada": ("ada@x.test",)}
    assert await sign_in(world, entries, "alias@x.test", method="bind") is None


async def test_an_address_of_theirs_alone_is_their_account(world: PeopleWorld) -> None:
    entries = {"ada": ("a.lovelace@x.test", "info@x.test", "ada@x.test"), "b": ("info@x.test",)}
    found = await sign_in(world, entries, "a.lovelace@x.test")
    assert found == UserKey(world.tenant_id, world.admin_id), "info@ is nobody's account here"


async def test_who_has_an_account_by_the_typed_address_needs_no_other(world: PeopleWorld) -> None:
    await world.person("Reception", email="info@x.test")
    entries = {"ada": ("ada@x.test", "info@x.test"), "desk": ("info@x.test",)}
    found = await sign_in(world, entries, "ada@x.test")
    assert found == UserKey(world.tenant_id, world.admin_id)


async def test_what_is_before_the_at_is_somebody_else_in_another_domain(
    world: PeopleWorld,
) -> None:
    """ada of y.test has written the address of ada of x.test, an administrator, into her entry."""
    entries = {"ada": ("ada@y.test", "ada@x.test"), "ada.x": ("ada@x.test",)}
    assert await sign_in(world, entries, "ada@x.test", user_filter="(uid={user})") is None
    async with world.storage.read(world.tenant_id) as db:
        directory = await db.first(DirectorySignIn)
    assert directory is not None and directory.last_error == "account_other"


@pytest.mark.parametrize(("rival", "opens"), [(False, True), (True, False)])
async def test_one_name_for_two_accounts_opens_neither(
    world: PeopleWorld, rival: bool, opens: bool
) -> None:
    """Bound as the name alone, and nobody's entry to be seen but the own."""
    if rival:
        await world.person("Ada of Y", email="ada@y.test")
    entries = {"ada": ("ada@y.test", "ada@x.test")}
    found = await sign_in(world, entries, "ada@x.test", method="bind", user_filter="(uid={user})")
    assert (found == UserKey(world.tenant_id, world.admin_id)) is opens
    assert (found is None) is not opens
