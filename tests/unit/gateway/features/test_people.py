"""The rules by which people are created, changed, disabled, erased, whoever asks."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from gateway.admin_ports import PersonData, PersonWish, Principal
from gateway.bus import PersonErased, SessionRevoked
from gateway.features.people import erasing
from gateway.features.people.care import PeopleCare
from gateway.permissions import PERMISSIONS, Permission, Role
from gateway.ports import Problem, UserKey
from gateway.storage import folding
from gateway.storage.ids import new_id, utc_now
from gateway.storage.models import Device, JournalEntry, Line, Session, Site, User
from gateway.storage.tables.one_time import OneTimeToken
from gateway.storage.tables.people import PeopleImportRow
from tests.support.databases import empty_storage
from tests.support.people_world import PeopleWorld


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[PeopleWorld]:
    storage = await empty_storage(tmp_path)
    made = PeopleWorld(storage)
    await made.open()
    yield made
    await storage.aclose()


async def refused(act: Any) -> Problem:
    with pytest.raises(Problem) as problem:
        await act
    return problem.value


async def test_a_person_comes_with_a_line_and_the_connector_hears_of_it(
    world: PeopleWorld,
) -> None:
    line = world.line("20 1-01", desk_number="5101", auth_password="pbx secret")
    user_id = await world.create(PersonData("Berta@X.test", " Berta  Lang", line=line))
    found = await world.find(user_id)
    assert found is not None and found.line is not None
    assert (found.email, found.name) == ("Berta@x.test", "Berta  Lang")
    assert (found.line.number, found.line.device_id, found.line.auth_user) == (
        "20101",
        "20101",
        "20101",
    )
    assert [(one.tenant_id, one.site_id) for one in world.told] == [
        (world.tenant_id, world.site_id)
    ]
    async with world.storage.read(world.tenant_id) as db:
        site = await db.get(Site, world.site_id)
        row = await db.first(Line)
        assert await world.people.find_by_email(db, "berta@x.TEST") == user_id
    assert site is not None and site.config_version == 2
    assert row is not None and world.people._judge.password_of(row) == "pbx secret"
    (act,) = await world.acts()
    assert (act.action, act.target_id, act.actor_name) == ("person.create", user_id, "Ada Admin")
    assert act.after is not None and act.after["auth_password"] == "***"
    assert "pbx secret" not in str(act.after)


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"email": "nobody"}, 422, "email_invalid"),
        ({"email": "jürgen@x.test"}, 422, "email_invalid"),
        ({"email": " "}, 422, "email_missing"),
        ({"email": "a" * 300 + "@x.test"}, 422, "email_invalid"),
        ({"name": " "}, 422, "name_missing"),
        ({"name": "A\u202eB"}, 422, "name_invalid"),
        ({"name": "A\nB"}, 422, "name_invalid"),
        ({"name": "A" * 201}, 422, "too_long"),
        ({"role": "king"}, 422, "role_unknown"),
        ({"role": "operator"}, 422, "role_unknown"),
        ({"language": "xx"}, 422, "language_unknown"),
        ({"number": "abc!"}, 422, "number_invalid"),
        ({"number": "2345678"}, 422, "number_invalid"),
        ({"number": ""}, 422, "number_missing"),
        ({"site_id": "elsewhere"}, 422, "site_unknown"),
        ({"desk_number": "x!"}, 422, "desk_number_invalid"),
        ({"device_id": "a b"}, 422, "device_id_invalid"),
        ({"auth_user": "<sip:x>"}, 422, "auth_user_invalid"),
        ({"auth_password": "a\nb"}, 422, "auth_password_invalid"),
        ({"email": "ADA@x.test"}, 409, "email_taken"),
        ({"number": "20100"}, 409, "number_taken"),
    ],
)
async def test_who_cannot_be_is_refused_with_the_field(
    world: PeopleWorld, change: dict[str, str], status: int, code: str
) -> None:
    await world.person("Carla", "20100")
    before = await world.dump()
    lines = {"number", "site_id", "desk_number", "device_id", "auth_user", "auth_password"}
    line = {"number": "20101", **{k: v for k, v in change.items() if k in lines}}
    person = {"email": "b@x.test", "name": "B"}
    person |= {k: v for k, v in change.items() if k not in lines}
    new = PersonData(**person, line=world.line(**line))
    problem = await refused(world.create(new))
    assert (problem.status, problem.code) == (status, code)
    assert await world.dump() == before


async def test_a_change_is_of_the_version_that_was_read(world: PeopleWorld) -> None:
    user_id = await world.person("Berta", "20101")
    wanted = PersonData("b.lang@x.test", "Berta Lang", line=world.line("20102"))
    async with world.storage.write(world.tenant_id) as db:
        assert await world.people.change(db, world.who(), user_id, wanted, 1) == 2
    with pytest.raises(Problem, match="changed_meanwhile"):
        async with world.storage.write(world.tenant_id) as db:
            await world.people.change(db, world.who(), user_id, wanted, 1)
    async with world.storage.read(world.tenant_id) as db:
        assert await world.people.find_by_email(db, "berta@x.test") is None
        assert await world.people.find_by_email(db, "b.lang@x.test") == user_id
    act = (await world.acts())[-1]
    assert act.before == {
        "email": "berta@x.test",
        "name": "Berta",
        "number": "20101",
        "device_id": "20101",
        "auth_user": "20101",
    }


async def test_the_password_is_kept_and_goes_along_to_another_site(world: PeopleWorld) -> None:
    other = await world.site("Branch")
    line = world.line("20101", auth_password="secret")
    user_id = await world.create(PersonData("b@x.test", "B", line=line))
    moved = PersonData("b@x.test", "B", line=world.line("20101", site_id=other))
    async with world.storage.write(world.tenant_id) as db:
        await world.people.change(db, world.who(), user_id, moved)
    async with world.storage.read(world.tenant_id) as db:
        row = await db.first(Line)
    assert row is not None and row.site_id == other
    assert world.people._judge.password_of(row) == "secret"
    assert {one.site_id for one in world.told[1:]} == {world.site_id, other}


async def test_somebody_must_be_left_to_administer(world: PeopleWorld) -> None:
    me = world.admin_id
    for act in (
        lambda db: world.people.set_disabled(db, world.who(), me, True),
        lambda db: world.people.remove(db, world.who(), me),
        lambda db: world.people.change(db, world.who(), me, PersonData("ada@x.test", "Ada")),
    ):
        with pytest.raises(Problem, match="last_admin"):
            async with world.storage.write(world.tenant_id) as db:
                await act(db)
    second = await world.person("Second", role="admin")
    async with world.storage.write(world.tenant_id) as db:
        await world.people.set_disabled(db, world.who(), me, True)
    with pytest.raises(Problem, match="last_admin"):
        async with world.storage.write(world.tenant_id) as db:
            await world.people.remove(db, world.who(), second)


async def test_whoever_may_not_appoint_cannot_touch_who_may(world: PeopleWorld) -> None:
    scopes = frozenset({Permission.PEOPLE_WRITE, Permission.PEOPLE_ERASE})
    key = Principal(world.tenant_id, "key", "k", "PBX", scopes)
    berta = await world.person("Berta")
    other = await world.person("Other", role="admin")
    taken_over = PersonData("mallory@x.test", "Other", role="admin")
    promoted = PersonData("berta@x.test", "Berta", role="admin")
    for act in (
        lambda db: world.people.create(db, key, PersonData("n@x.test", "N", role="admin")),
        lambda db: world.people.change(db, key, berta, promoted),
        lambda db: world.people.change(db, key, other, taken_over),
        lambda db: world.people.set_disabled(db, key, other, True),
        lambda db: world.people.remove(db, key, other),
        lambda db: world.people.put(
            db, key, PersonWish("other@x.test", {"name": "Somebody"}), "pbx"
        ),
    ):
        with pytest.raises(Problem, match="permission_missing"):
            async with world.storage.write(world.tenant_id) as db:
                await act(db)
    assert PERMISSIONS[Role.HELP_DESK].isdisjoint({Permission.PEOPLE_WRITE})


async def test_licences_are_counted(tmp_path: Path) -> None:
    storage = await empty_storage(tmp_path)
    world = PeopleWorld(storage)
    await world.open(licences=2)
    berta = await world.person("Berta")
    assert (await refused(world.person("Carla"))).status == 402
    async with storage.write(world.tenant_id) as db:
        await world.people.set_disabled(db, world.who(), berta, True, "left")
    await world.person("Carla")
    with pytest.raises(Problem, match="licences_used_up"):
        async with storage.write(world.tenant_id) as db:
            await world.people.set_disabled(db, world.who(), berta, False)
    await storage.aclose()


async def test_erasing_forgets_rows_of_imports_that_came_to_nothing(world: PeopleWorld) -> None:
    made = await world.plan(
        "email;name;number\nBerta@Müller.test;Berta Geheim;99999999999x\n"
        "xberta@müller.test;Somebody else;88888888888x\n"
    )
    assert made.counts.error == 2
    user_id = await world.person("Berta", email="berta@xn--mller-kva.test")
    async with world.storage.write(world.tenant_id) as db:
        await world.people.remove(db, world.who(), user_id)
        kept = await db.find(PeopleImportRow)
    assert [row.wish["email"] for row in kept] == ["xberta@müller.test"]


async def test_links_in_letters_to_the_address_of_before_end_with_it(world: PeopleWorld) -> None:
    user_id = await world.person("Berta")
    other = await world.person("Carla")
    async with world.storage.write(world.tenant_id) as db:
        for number, kind in enumerate(("password_reset", "invitation", "email_change")):
            for owner in (user_id, other):
                digest = f"{number}{owner}".encode()[:32]
                await db.add(
                    OneTimeToken(
                        tenant_id=world.tenant_id,
                        kind=kind,
                        user_id=owner,
                        digest=digest,
                        expires_at=utc_now(),
                    )
                )
    async with world.storage.write(world.tenant_id) as db:
        await world.people.change(db, world.who(), user_id, PersonData("new@x.test", "Berta"))
        left = await db.find(OneTimeToken)
    assert {row.user_id for row in left} == {other} and len(left) == 3


async def test_whoever_moves_an_account_the_address_of_before_is_told(world: PeopleWorld) -> None:
    user_id = await world.person("Berta", language="fr")
    for email in ("BERTA@x.test", "new@x.test"):
        async with world.storage.write(world.tenant_id) as db:
            wanted = PersonData(email, "Berta", language="fr")
            await world.people.change(db, world.who(), user_id, wanted)
    (letter,) = world.mail.letters  # written otherwise it is the same address
    assert (letter.to.lower(), letter.template, letter.language) == (
        "berta@x.test",
        "email_changed",
        "fr",
    )
    assert letter.values == {"name": "Berta", "new_email": "n***@x.test"}


async def test_erasing_leaves_nothing_but_the_act(world: PeopleWorld) -> None:
    user_id = await world.person("Berta Geheim", "20101", email="berta@x.test")
    tenant = world.tenant_id
    device = Device(tenant_id=tenant, user_id=user_id, kind="web", name="Bertas Browser")
    async with world.storage.write(tenant) as db:
        session = Session(
            tenant_id=tenant, user_id=user_id, device_id=device.id, expires_at=utc_now()
        )
        call = JournalEntry(
            tenant_id=tenant,
            user_id=user_id,
            call_id=new_id(),
            direction="in",
            kind="missed",
            dialled="1",
            canonical="1",
            display="1",
            started_at=utc_now(),
        )
        await db.add(device, session, call)
    async with world.storage.read(tenant) as db:
        kept = await erasing.what_is_kept(db, user_id)
    assert kept == {"device": 1, "journal_entry": 1, "line": 1, "session": 1}
    over: list[SessionRevoked] = []
    erased: list[PersonErased] = []
    world.bus.subscribe(SessionRevoked, over.append)
    world.bus.subscribe(PersonErased, erased.append)
    async with world.storage.write(tenant) as db:
        await world.people.remove(db, world.who(), user_id, why="asked for it")
        assert over == erased == []  # not before it is true
    assert [one.user for one in erased] == [UserKey(tenant, user_id)]
    assert [(one.session_id, one.reason) for one in over] == [(session.id, "erased")]
    async with world.storage.read(tenant) as db:
        assert await erasing.what_is_kept(db, user_id) == {}
        assert await world.people.find_by_email(db, "berta@x.test") is None
        assert await db.get(User, user_id) is None
    act = (await world.acts())[-1]
    assert (act.action, act.target_name, act.before, act.after) == ("person.erase", "", None, None)
    # The address and the number are free again.
    await world.person("Berta Neu", "20101", email="berta@x.test")


async def test_a_file_of_chosen_people_is_noted_with_how_many_are_in_it(world: PeopleWorld) -> None:
    unused: Any = None
    care = PeopleCare(world.storage, world.people, unused, world.mail, unused, world.audit, unused)
    ids = [world.admin_id, await world.person("Bob"), new_id(), "nobody"]
    await care.exported(world.who(), ids)
    noted = (await world.acts())[-1]
    assert (noted.action, noted.after) == ("people.export", {"people": 2})


async def test_the_number_goes_to_a_colleague_with_all_that_belongs_to_it(
    world: PeopleWorld,
) -> None:
    berta, carla = await world.person("Berta", "20101"), await world.person("Carla")
    async with world.storage.write(world.tenant_id) as db:
        await world.people.give_line(db, world.who(), berta, carla)
    one, two = await world.find(berta), await world.find(carla)
    assert one is not None and two is not None
    assert one.line is None and two.line == replace(
        world.line("20101"), device_id="20101", auth_user="20101"
    )
    for pair, code in (((berta, carla), "no_number"), ((carla, carla), "has_a_number")):
        with pytest.raises(Problem, match=code):
            async with world.storage.write(world.tenant_id) as db:
                await world.people.give_line(db, world.who(), *pair)


async def test_what_is_not_said_stays(world: PeopleWorld) -> None:
    line = world.line("20101", desk_number="5101", auth_password="secret")
    new = PersonData("b@x.test", "B", department="Sales", language="de", line=line)
    user_id = await world.create(new)

    async def put(**said: str | None) -> str:
        async with world.storage.write(world.tenant_id) as db:
            wish = PersonWish("B@X.test", said)
            return (await world.people.put(db, world.who(), wish, "pbx"))[0]

    assert await put(name="B", number="20101", auth_password="secret") == "unchanged"
    assert await put(number="20102") == "update"
    found = await world.find(user_id)
    assert found is not None and found.line is not None
    assert (found.department, found.language, found.source) == ("Sales", "de", "local")
    assert (found.line.number, found.line.device_id, found.line.desk_number) == (
        "20102",
        "20102",
        "5101",
    )
    assert await put(department=None, number=None) == "update"
    found = await world.find(user_id)
    assert found is not None and (found.department, found.line) == ("", None)
    async with world.storage.read(world.tenant_id) as db:
        assert await db.count(User) == 2


async def test_an_address_of_another_script_is_one_however_it_is_written(
    world: PeopleWorld,
) -> None:
    user_id = await world.person("Jürg", email="jurg@müller.test")
    async with world.storage.write(world.tenant_id) as db:
        for text in ("JURG@Müller.test", "jurg@xn--mller-kva.test"):
            wish = PersonWish(text, {"name": "Jürg"})
            assert await world.people.put(db, world.who(), wish, "pbx") == ("unchanged", user_id)
            assert await world.people.find_by_email(db, text) == user_id


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (" A@Straße.test", True),
        ("a@xn--strae-oqa.test", True),
        ("a@strasse.test", False),
        ("b@straße.test", False),
        ("no address", False),
    ],
)
def test_two_addresses_are_one_only_if_they_lead_to_one_mailbox(other: str, same: bool) -> None:
    assert folding.same_address("a@straße.test", other) is same


async def test_another_tenant_has_nobody_of_this_one(world: PeopleWorld) -> None:
    user_id = await world.person("Berta", "20101")
    other = PeopleWorld(world.storage, world.secrets)
    await other.open(admin="eve@other.test")
    assert await other.find(user_id) is None
    for act in (
        lambda db: other.people.change(db, other.who(), user_id, PersonData("b@y.test", "B")),
        lambda db: other.people.set_disabled(db, other.who(), user_id, True),
        lambda db: other.people.remove(db, other.who(), user_id),
        lambda db: other.people.give_line(db, other.who(), user_id, other.admin_id),
    ):
        with pytest.raises(Problem, match="person_unknown"):
            async with world.storage.write(other.tenant_id) as db:
                await act(db)
    problem = await refused(other.create(PersonData("berta@x.test", "Mine")))
    assert problem.code == "email_taken"
    elsewhere = PersonData("n@other.test", "N", line=other.line("20101", site_id=world.site_id))
    assert (await refused(other.create(elsewhere))).code == "site_unknown"
    await other.create(PersonData("n@other.test", "N", line=other.line("20101")))
