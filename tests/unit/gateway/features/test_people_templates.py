"""Templates: kept by administrators, used once, when somebody is created, whoever creates them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from gateway.admin_ports import PersonData, PersonWish, Principal
from gateway.features.imports.models import UploadQuery
from gateway.features.people.joining import JoiningPeople
from gateway.features.people.template_models import (
    MOST_TEMPLATES,
    PeopleTemplateData,
    PeopleTemplateView,
)
from gateway.features.people.templates import PeopleTemplates
from gateway.features.sso.arrivals import Arrival, Arrivals, Door
from gateway.numbers import NumberRules
from gateway.permissions import Permission
from gateway.ports import Problem
from gateway.storage.ids import new_id, utc_now
from gateway.storage.models import Line, Site, User
from gateway.storage.tables.people import PeopleTemplate
from tests.support.databases import empty_storage
from tests.support.people_world import PeopleWorld

DOOR = Door("sso", "provider", {}, create_users=True)


class World(PeopleWorld):
    @property
    def templates(self) -> PeopleTemplates:
        return PeopleTemplates(self.storage, self.audit)

    @property
    def joiners(self) -> JoiningPeople:
        return JoiningPeople(self.secrets, NumberRules(), self.audit, self.bus, self.mail)

    async def template(self, name: str, **values: Any) -> PeopleTemplateView:
        """With the numbers 20100 to 20104 of the head office, unless it is said otherwise."""
        said = {
            "site_id": self.site_id,
            "first_number": "20100",
            "last_number": "20104",
            **values,
        }
        return await self.templates.create(self.who(), PeopleTemplateData(name=name, **said))

    async def join(self, email: str, **values: Any) -> PersonData:
        new = PersonData(email, "Joiner", source="scim", **values)
        who = Principal(self.tenant_id, "key", "k", "Entra", frozenset({Permission.SCIM}))
        async with self.storage.write(self.tenant_id) as db:
            user_id = await self.joiners.create(db, who, new)
        return await self.known(user_id)

    async def put(self, email: str, who: Principal | None = None, **said: str | None) -> PersonData:
        async with self.storage.write(self.tenant_id) as db:
            _, user_id = await self.people.put(
                db, who or self.who(), PersonWish(email, said), "pbx"
            )
        return await self.known(user_id)

    async def known(self, user_id: str) -> PersonData:
        found = await self.find(user_id)
        assert found is not None
        return found


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    storage = await empty_storage(tmp_path)
    made = World(storage)
    await made.open()
    yield made
    await storage.aclose()


async def refused(act: Any) -> tuple[int, str]:
    with pytest.raises(Problem) as problem:
        await act
    return problem.value.status, problem.value.code


def number_of(person: PersonData) -> str | None:
    return None if person.line is None else person.line.number


async def test_kept_by_their_version_with_an_entry_for_each_act(world: World) -> None:
    sales = await world.template("Sales", department=" Sales ", default=True)
    assert (sales.department, sales.site_name, sales.next_number) == (
        "Sales",
        "Head office",
        "20100",
    )
    service = await world.template("Service", default=True)
    # One is the default at most, and whoever has read the other one is told.
    again = await world.templates.one(world.tenant_id, sales.id)
    assert (service.default, again.default, again.version) == (True, False, 2)
    wanted = PeopleTemplateData(name="Sales", language="fr")
    assert await refused(world.templates.change(world.who(), sales.id, wanted, sales.version)) == (
        412,
        "changed_meanwhile",
    )
    changed = await world.templates.change(world.who(), sales.id, wanted, again.version)
    assert (changed.language, changed.site_id, changed.next_number) == ("fr", None, None)
    # Nothing was changed: no entry, and no new version.
    assert await world.templates.change(world.who(), sales.id, wanted, changed.version) == changed
    taken = PeopleTemplateData(name="SERVICE")
    assert await refused(world.templates.create(world.who(), taken)) == (409, "name_taken")
    assert await refused(world.templates.change(world.who(), sales.id, taken, 3)) == (
        409,
        "name_taken",
    )
    await world.templates.remove(world.who(), sales.id)
    assert await refused(world.templates.one(world.tenant_id, sales.id)) == (
        404,
        "template_unknown",
    )
    listed = await world.templates.page(world.tenant_id)
    assert [one.name for one in listed.items] == ["Service"]
    acts = await world.acts()
    assert [(act.action.partition(".")[2], act.target_name) for act in acts] == [
        ("create", "Sales"),
        ("change", "Sales"),  # no longer the default
        ("create", "Service"),
        ("change", "Sales"),
        ("delete", "Sales"),
    ]
    assert (acts[1].before, acts[1].after) == ({"is_default": True}, {"is_default": False})
    assert acts[3].after is not None and acts[3].after["language"] == "fr"
    assert "name" not in acts[3].after


@pytest.mark.parametrize(
    "said",
    [
        {"first_number": "20104", "last_number": "20100"},
        {"first_number": "201", "last_number": "20104"},
        {"first_number": "", "last_number": "20104"},
        {"first_number": "200000", "last_number": "200009"},  # longer than an extension
        {"first_number": "10000", "last_number": "20000"},  # too many to look through
        {"site_id": None},
    ],
)
async def test_a_range_is_of_extensions_of_a_site(world: World, said: dict[str, Any]) -> None:
    assert await refused(world.template("Sales", **said)) == (422, "range_invalid")
    assert (await world.templates.page(world.tenant_id)).items == []


async def test_who_may_not_appoint_makes_no_template_that_does(world: World) -> None:
    key = Principal(world.tenant_id, "key", "k", "PBX", frozenset({Permission.PEOPLE_WRITE}))
    admins = PeopleTemplateData(name="Admins", role="admin")
    missing = (403, "permission_missing")
    assert await refused(world.templates.create(key, admins)) == missing
    made = await world.templates.create(world.who(), admins)
    # Nor creates by it, nor gives it the name by which others choose theirs.
    assert await refused(world.put("a@x.test", key, name="A", template="Admins")) == missing
    for wanted in (
        PeopleTemplateData(name="Sales", role="admin"),
        PeopleTemplateData(name="Sales"),
    ):
        assert await refused(world.templates.change(key, made.id, wanted, 1)) == missing
    assert await refused(world.templates.remove(key, made.id)) == missing
    renamed = PeopleTemplateData(name="Chiefs", role="admin")
    assert (await world.templates.change(world.who(), made.id, renamed, 1)).name == "Chiefs"
    assert (await world.put("a@x.test", name="A", template="chiefs")).role == "admin"
    # What appoints nobody is theirs to keep.
    sales = await world.templates.create(key, PeopleTemplateData(name="Sales"))
    await world.templates.change(key, sales.id, PeopleTemplateData(name="Service"), 1)
    appoints = PeopleTemplateData(name="Service", role="help_desk")
    assert await refused(world.templates.change(key, sales.id, appoints, 2)) == missing
    await world.templates.remove(key, sales.id)


async def test_joiners_begin_by_the_default_one_and_never_with_its_role(world: World) -> None:
    await world.create(PersonData("a@x.test", "A", line=world.line("20100", desk_number="20101")))
    values = {"language": "fr", "device_id": "6{number}", "mailbox_number": "199"}
    await world.template("Other", department="Other")
    await world.template("Sales", department="Sales", role="admin", default=True, **values)
    first = await world.join("b@x.test", department="Said")
    assert (first.department, first.language, first.role) == ("Said", "fr", "user")
    line = first.line
    assert line is not None
    # 20100 is somebody's, 20101 their desk phone.
    assert (line.number, line.device_id, line.auth_user, line.mailbox_number) == (
        "20102",
        "620102",
        "620102",
        "199",
    )
    async with world.storage.write(world.tenant_id) as db:
        arrivals = Arrivals(world.joiners)
        user_id = await arrivals.settle(db, Arrival("c@x.test", "C"), DOOR)
    came = await world.known(user_id)
    assert (number_of(came), came.department, came.role) == ("20103", "Sales", "user")
    assert number_of(await world.join("d@x.test")) == "20104"
    # Nobody stays outside because all numbers are in use.
    assert number_of(await world.join("e@x.test")) is None


async def test_a_template_that_is_out_of_date_keeps_nobody_out(world: World) -> None:
    made = await world.template("Sales", department="Sales", default=True)
    async with world.storage.write(world.tenant_id) as db:
        # As an older version may have let it through.
        await db.update(PeopleTemplate, PeopleTemplate.id == made.id, device_id="no name{number}")
    came = await world.join("a@x.test")
    assert (came.line, came.department) == (None, "Sales")
    with pytest.raises(Problem, match="email_taken"):
        await world.join("A@x.test")


async def test_a_site_that_was_changed_since_gives_what_it_has(world: World) -> None:
    made = await world.template("Sales", department="Sales", default=True)

    async def ranges(*ranges: list[str]) -> str | None:
        async with world.storage.write(world.tenant_id) as db:
            await db.update(Site, Site.id == world.site_id, extension_ranges=list(ranges))
        return (await world.templates.one(world.tenant_id, made.id)).next_number

    assert await ranges(["20000", "20001"], ["20103", "39999"]) == "20103"
    assert number_of(await world.join("a@x.test")) == "20103"
    assert await ranges(["30000", "39999"]) is None
    came = await world.join("b@x.test")
    assert (came.line, came.department) == (None, "Sales")
    used_up = (409, "range_used_up")
    assert await refused(world.put("c@x.test", name="C", template="Sales")) == used_up


async def test_nobody_is_given_an_emergency_number_or_a_mailbox(world: World) -> None:
    await world.create(PersonData("a@x.test", "A", line=world.line("109", mailbox_number="114")))
    made = await world.template(
        "Short", first_number="109", last_number="116", mailbox_number="111"
    )
    # 110 is the police and 112 the fire brigade; 111 and 114 are answered by machines.
    assert made.next_number == "113"
    given = [
        number_of(await world.put(f"p{i}@x.test", name="P", template="Short")) for i in range(3)
    ]
    assert given == ["113", "115", "116"]
    other = await world.site("Lyon", country="fr")
    french = await world.template("F", site_id=other, first_number="110", last_number="112")
    assert french.next_number == "110"


async def test_two_at_once_get_a_number_each(world: World) -> None:
    await world.template("Sales", default=True)
    coming = [world.join(f"j{i}@x.test") for i in range(2)]
    asked = [world.put(f"p{i}@x.test", name="P", template="Sales") for i in range(3)]
    people = await asyncio.gather(*coming, *asked)
    assert {number_of(one) for one in people} == {f"2010{i}" for i in range(5)}


async def test_the_pbx_names_one_for_somebody_new(world: World) -> None:
    await world.template("Sales", department="Sales", desk_number="5{number}", language="it")
    first = await world.put("a@x.test", name="A", template=" sales ", language="de")
    line = first.line
    assert line is not None and (first.department, first.language) == ("Sales", "de")
    assert (line.number, line.desk_number, line.device_id) == ("20100", "520100", "20100")
    # A number that is said is not looked for; its desk phone follows it all the same.
    second = await world.put("b@x.test", name="B", template="Sales", number="20 3-00")
    assert second.line is not None
    assert (second.line.number, second.line.desk_number) == ("20300", "520300")
    # None at all, and none of another site.
    assert (await world.put("c@x.test", name="C", template="Sales", number=None)).line is None
    await world.site("Branch")
    branch = await world.put("d@x.test", name="D", template="Sales", site="Branch")
    assert (branch.line, branch.department) == (None, "Sales")
    # Who is here already is not changed by it, nor by one that is gone.
    assert await world.put("a@x.test", template="Sales", department="IT") != first
    assert (await world.put("a@x.test", template="gone")).department == "IT"
    assert await refused(world.put("e@x.test", name="E", template="gone")) == (
        422,
        "template_unknown",
    )


async def test_what_no_number_is_left_for_is_refused(world: World) -> None:
    await world.template("One", last_number="20100")
    assert number_of(await world.put("a@x.test", name="A", template="One")) == "20100"
    used_up = (409, "range_used_up")
    assert await refused(world.put("b@x.test", name="B", template="One")) == used_up


FILE = (
    "email;name;number;department;template\n"
    "a@x.test;A;;;\n"
    "b@x.test;B;;IT;Service\n"
    "c@x.test;C;;;\n"
    "d@x.test;D;20101;;\n"
    "e@x.test;E;;;Nobody's\n"
    "f@x.test;F;;;\n"
)


@pytest.mark.parametrize("batch", [1, 2, 100])
async def test_an_import_gives_numbers_in_turn_and_shows_them_first(
    world: World, batch: int
) -> None:
    await world.template("Sales", department="Sales")
    await world.template("Service", department="Service", language="nl", device_id="6{number}")
    before = await world.dump()
    made = await world.imports.upload(
        world.who(), FILE.encode(), UploadQuery(template="sales", filename="people.csv")
    )
    planned = await world.finish(made.id, batch)
    assert (planned.counts.create, planned.counts.error) == (5, 1)
    rows = {row.email[0]: row for row in await world.rows(made.id)}
    given = {name: row.changes.get("number", [None, None])[1] for name, row in rows.items()}
    # 20101 is said further down; the ranges of both templates are the same.
    free = {name: given[name] for name in "abcf"}
    assert sorted(free.values()) == ["20100", "20102", "20103", "20104"], given
    assert (given["d"], given["e"]) == ("20101", None)
    (fault,) = rows["e"].faults
    assert (fault.column, fault.code) == ("template", "template_unknown")
    # What was shown is done, whatever becomes of the template.
    for one in (await world.templates.page(world.tenant_id)).items:
        await world.templates.remove(world.who(), one.id)
    applied = await world.apply(made.id, skip_errors=True)
    assert (applied.counts.applied, applied.counts.failed) == (5, 0)
    done = [row for row in await world.rows(made.id) if row.user_id is not None]
    people = {row.email[0]: await world.known(row.user_id or "") for row in done}
    assert {name: number_of(one) for name, one in people.items()} == free | {"d": "20101"}
    departments = {name: one.department for name, one in people.items()}
    assert departments == {"a": "Sales", "b": "IT", "c": "Sales", "d": "Sales", "f": "Sales"}
    line = people["b"].line
    assert line is not None and line.device_id == f"6{free['b']}" and people["b"].language == "nl"
    await world.template("Sales", department="Marketing")
    again = await world.plan(FILE.replace("Nobody's", "").replace("e@", "a2@"), template="Sales")
    assert again.counts.unchanged == 5  # templates are for who is new
    assert (await world.undo(made.id)).counts.undone == 5
    assert await world.dump() == before


async def test_rows_beyond_the_last_number_say_so(world: World) -> None:
    await world.template("Two", last_number="20101")
    raw = "email;name\n" + "".join(f"p{i}@x.test;P\n" for i in range(3))
    made = await world.plan(raw, template="Two")
    assert (made.counts.create, made.counts.error) == (2, 1)
    last = (await world.rows(made.id))[-1]
    assert [(fault.column, fault.code) for fault in last.faults] == [("number", "range_used_up")]


async def test_numbers_of_a_file_are_known_however_it_writes_them(world: World) -> None:
    """Further down, with spaces, behind the company's block; another site's are no matter."""
    await world.site("Branch", number_block="+49895550")
    async with world.storage.write(world.tenant_id) as db:
        await db.update(Site, Site.id == world.site_id, number_block="+49896660")
    await world.template("Sales")
    raw = (
        "email;name;number;site;desk_number\n"
        "a@x.test;A;;;\n"
        "b@x.test;B;2 01-00;Head office;\n"
        "c@x.test;C;+49 89 6660 20101;Head office;\n"
        "d@x.test;D;20102;Branch;\n"
        "e@x.test;E;20200;Head office;20103\n"
        "f@x.test;F;;;\n"
    )
    made = await world.imports.upload(world.who(), raw.encode(), UploadQuery(template="Sales"))
    planned = await world.finish(made.id, 2)
    rows = {row.email[0]: row.changes["number"][1] for row in await world.rows(made.id)}
    assert planned.counts.error == 0
    assert rows == {
        "a": "20102",
        "b": "20100",
        "c": "20101",
        "d": "20102",
        "e": "20200",
        "f": "20104",
    }
    assert (await world.apply(made.id)).counts.applied == 6


async def test_a_number_that_somebody_took_since_the_plan_fails_alone(world: World) -> None:
    await world.template("Sales")
    raw = "email;name\n" + "".join(f"p{i}@x.test;P\n" for i in range(3))
    plans = [await world.plan(raw, template="Sales"), await world.plan(raw, template="Sales")]
    assert number_of(await world.put("x@x.test", name="X", template="Sales")) == "20100"
    applied = await world.apply(plans[0].id)
    assert (applied.counts.applied, applied.counts.failed) == (2, 1)
    (failed,) = await world.rows(plans[0].id, state="failed")
    assert [(fault.column, fault.code) for fault in failed.faults] == [("number", "number_taken")]
    # Once more the file gives the one who is left the next number, and changes nobody else.
    again = await world.plan(raw, template="Sales")
    assert (again.counts.create, again.counts.unchanged) == (1, 2)
    assert (await world.apply(again.id)).counts.applied == 1
    assert number_of(await world.put("p0@x.test")) == "20103"


async def test_pages_of_full_ranges_ask_the_database_a_few_times(world: World) -> None:
    """A range of thousands, in use to the last but one, and fifty templates."""
    numbers = [f"2{i:04}" for i in range(4_000)]
    users = [
        {
            "id": new_id(),
            "email": f"u{number}@x.test",
            "name": number,
            "search_name": number,
            "role": "user",
            "created_at": utc_now(),
            "settings": {},
        }
        for number in numbers[:-1]
    ]
    lines = [
        {
            "id": new_id(),
            "user_id": user["id"],
            "line_id": user["id"],
            "site_id": world.site_id,
            "number": user["name"],
            "device_id": user["name"],
            "auth_user": user["name"],
            "auth_password": b"",
        }
        for user in users
    ]
    templates = [
        PeopleTemplate(
            tenant_id=world.tenant_id,
            name=f"T{i}",
            site_id=world.site_id,
            first_number="20000",
            last_number="23999",
        )
        for i in range(MOST_TEMPLATES)
    ]
    async with world.storage.write(world.tenant_id) as db:
        await db.insert_all(User, users)
        await db.insert_all(Line, lines)
        await db.add(*templates)
    asked: list[str] = []
    event.listen(
        world.storage.engine.sync_engine,
        "before_cursor_execute",
        lambda *said: asked.append(said[2]),
    )
    listed = await world.templates.page(world.tenant_id)
    assert {one.next_number for one in listed.items} == {"23999"}
    # Templates, sites, lines; PostgreSQL is told the tenant before.
    assert len(asked) <= 4, asked
    more = PeopleTemplateData(name="One more")
    assert await refused(world.templates.create(world.who(), more)) == (409, "too_many_templates")
