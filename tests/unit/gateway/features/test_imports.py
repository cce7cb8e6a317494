"""A file becomes a plan, row by row; the plan is applied once, and undone exactly."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from gateway.admin_ports import PersonData, Principal
from gateway.features.imports import worker as worker_module
from gateway.features.imports.models import UploadQuery
from gateway.features.imports.worker import ImportWorker, is_away
from gateway.features.people.models import PeopleFileQuery
from gateway.permissions import Permission
from gateway.ports import Problem
from gateway.storage.ids import utc_now
from gateway.storage.models import Line, User
from gateway.storage.tables.people import PeopleImport, PeopleImportRow
from tests.support.databases import empty_storage
from tests.support.people_world import PeopleWorld

FILE = (
    "E-Mail;Name;Nebenstelle;Abteilung;Kennwort\n"
    "anna@x.test;Anna;20101;Sales;pw-anna\n"
    "berta@x.test;Berta;20102;;pw-berta\n"
    "carla@x.test;Carla;;Service;\n"
)


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[PeopleWorld]:
    storage = await empty_storage(tmp_path)
    made = PeopleWorld(storage)
    await made.open()
    yield made
    await storage.aclose()


async def row_of(world: PeopleWorld, raw: bytes | str, number: int, **query: Any) -> Any:
    made = await world.plan(raw, **query)
    return next(row for row in await world.rows(made.id) if row.number == number)


async def test_a_plan_changes_nothing_and_says_what_it_would(world: PeopleWorld) -> None:
    await world.create(PersonData("berta@x.test", "Bertha", line=world.line("20102")))
    await world.create(PersonData("carla@x.test", "Carla", department="Service"))
    before = await world.dump()
    made = await world.plan(FILE, filename="people.csv")
    assert await world.dump() == before
    assert (made.state, made.total, made.done) == ("planned", 3, 3)
    counts = made.counts
    assert (counts.create, counts.update, counts.unchanged, counts.error) == (1, 1, 1, 0)
    assert made.reading.model_dump() == {
        "encoding": "utf-8",
        "separator": "semicolon",
        "columns": {
            "E-Mail": "email",
            "Name": "name",
            "Nebenstelle": "number",
            "Abteilung": "department",
            "Kennwort": "auth_password",
        },
        "ignored": [],
    }
    one, two, three = await world.rows(made.id)
    assert (one.number, one.action, one.changes["number"]) == (2, "create", [None, "20101"])
    assert two.changes == {"name": ["Bertha", "Berta"], "auth_password": ["***", "***"]}
    assert (three.action, three.changes) == ("unchanged", {})
    async with world.storage.read(world.tenant_id) as db:
        kept = await db.find(PeopleImportRow)
    assert "pw-anna" not in json.dumps([row.wish for row in kept])
    assert all(b"pw-" not in (row.secret or b"") for row in kept)


async def test_applied_undone_and_applied_again(world: PeopleWorld) -> None:
    other = await world.site("Branch")
    line = world.line("20102", auth_password="old", desk_number="5102", site_id=other)
    await world.create(PersonData("berta@x.test", "Bertha", department="IT", line=line))
    await world.create(PersonData("carla@x.test", "Carla", department="Service"))
    before = await world.dump()
    raw = FILE.replace("\n", ";Head office\n").replace("Kennwort;Head office", "Kennwort;Site")
    made = await world.plan(raw)
    applied = await world.apply(made.id)
    assert (applied.state, applied.counts.applied, applied.counts.failed) == ("applied", 2, 0)
    async with world.storage.read(world.tenant_id) as db:
        lines = {row.number: row for row in await db.find(Line)}
        users = {user.email: user for user in await db.find(User)}
    judge = world.people._judge
    assert judge.password_of(lines["20101"]) == "pw-anna"
    assert judge.password_of(lines["20102"]) == "pw-berta"
    berta = users["berta@x.test"]
    assert (berta.name, berta.department) == ("Berta", "IT")  # an empty cell leaves what is there
    assert lines["20102"].desk_number == "5102" and lines["20102"].site_id == world.site_id
    assert users["anna@x.test"].source == "import" and users["anna@x.test"].password_hash is None

    again = await world.plan(raw)
    assert (again.counts.unchanged, again.counts.create, again.counts.update) == (3, 0, 0)
    undone = await world.undo(made.id)
    assert (undone.state, undone.counts.undone, undone.counts.kept) == ("undone", 2, 0)
    assert await world.dump() == before
    twice = await world.plan(raw)
    await world.apply(twice.id)
    assert (await world.undo(twice.id)).counts.undone == 2
    assert await world.dump() == before


async def test_undo_leaves_alone_who_was_changed_or_has_been_in_since(world: PeopleWorld) -> None:
    bertha = await world.create(PersonData("berta@x.test", "Bertha", line=world.line("20102")))
    made = await world.plan(FILE)
    await world.apply(made.id)
    async with world.storage.write(world.tenant_id) as db:
        changed = PersonData("berta@x.test", "Berta Neu", line=world.line("20103"))
        await world.people.change(db, world.who(), bertha, changed)
        await db.update(User, User.email == "anna@x.test", last_sign_in=utc_now())
    undone = await world.undo(made.id)
    assert (undone.counts.undone, undone.counts.kept) == (1, 2)
    kept = {row.email: row.faults[0] for row in await world.rows(made.id, state="kept")}
    assert {email: fault.code for email, fault in kept.items()} == {
        "anna@x.test": "in_use",
        "berta@x.test": "changed_meanwhile",
    }
    found = await world.find(bertha)
    assert found is not None and found.name == "Berta Neu"


async def test_two_administrators_of_one_import_are_not_both_undone(world: PeopleWorld) -> None:
    made = await world.plan(
        "email;name;role\neva@x.test;Eva;admin\nfred@x.test;Fred;admin\ngil@x.test;Gil;\n"
    )
    await world.apply(made.id)
    async with world.storage.write(world.tenant_id) as db:
        await db.update(User, User.id == world.admin_id, disabled=True)
    undone = await world.undo(made.id)
    assert (undone.counts.undone, undone.counts.kept) == (2, 1)
    (kept,) = await world.rows(made.id, state="kept")
    assert kept.faults[0].code == "last_admin"


async def test_what_changed_after_the_plan_is_not_overwritten(world: PeopleWorld) -> None:
    await world.create(PersonData("berta@x.test", "Bertha", line=world.line("20102")))
    made = await world.plan(FILE)
    bertha = (await world.rows(made.id))[1].user_id
    assert bertha is not None
    async with world.storage.write(world.tenant_id) as db:
        changed = PersonData("berta@x.test", "Somebody else", line=world.line("20102"))
        await world.people.change(db, world.who(), bertha, changed)
        await world.people.create(db, world.who(), PersonData("eve@x.test", "E"))
        taken = PersonData("zoe@x.test", "Zoe", line=world.line("20101"))
        await world.people.create(db, world.who(), taken)
    applied = await world.apply(made.id)
    assert (applied.counts.applied, applied.counts.failed) == (1, 2)
    failed = {row.email: row.faults[0].code for row in await world.rows(made.id, state="failed")}
    assert failed == {"anna@x.test": "number_taken", "berta@x.test": "changed_meanwhile"}
    found = await world.find(bertha)
    assert found is not None and found.name == "Somebody else"


async def test_errors_are_left_out_only_when_told_so(world: PeopleWorld) -> None:
    made = await world.plan("email,name\na@x.test,A\nnobody,B\n")
    assert (made.counts.create, made.counts.error) == (1, 1)
    with pytest.raises(Problem, match="import_has_errors"):
        await world.apply(made.id)
    applied = await world.apply(made.id, skip_errors=True)
    assert applied.counts.applied == 1
    with pytest.raises(Problem, match="import_state"):
        await world.imports.apply(world.who(), made.id, True)


@pytest.mark.parametrize(
    ("raw", "row", "column", "code"),
    [
        ("Mail,Name\n,A\n", 2, "Mail", "email_missing"),
        ("Mail,Name\nnobody,A\n", 2, "Mail", "email_invalid"),
        ("Mail,Name\ntaken@other.test,A\n", 2, "Mail", "email_taken"),
        ("Mail,Vorname,Nachname\na@x.test,,\n", 2, "Vorname", "name_missing"),
        ("Mail,Name\na@x.test,A\x07B\n", 2, "Name", "name_invalid"),
        ("Mail,Name\na@x.test," + "x" * 201 + "\n", 2, "Name", "too_long"),
        ("Mail,Name,Rolle\na@x.test,A,chef\n", 2, "Rolle", "role_unknown"),
        ("Mail,Name,Rolle\na@x.test,A,operator\n", 2, "Rolle", "role_unknown"),
        ("Mail,Name,Rolle\nada@x.test,Ada,user\n", 2, "Rolle", "last_admin"),
        ("Mail,Name,Sprache\na@x.test,A,klingon\n", 2, "Sprache", "language_unknown"),
        ("Mail,Name,Standort\na@x.test,A,Mond\n", 2, "Standort", "site_unknown"),
        ("Mail,Name,Durchwahl\na@x.test,A,n/a\n", 2, "Durchwahl", "number_invalid"),
        ("Mail,Name,Durchwahl\na@x.test,A,1234567\n", 2, "Durchwahl", "number_invalid"),
        ("Mail,Name,Durchwahl\na@x.test,A,20199\n", 2, "Durchwahl", "number_taken"),
        ("Mail,Name,Tischtelefon\na@x.test,A,51\n", 2, "number", "number_missing"),
        ("Mail,Name,Nst,MULAP\na@x.test,A,20101,a b\n", 2, "MULAP", "device_id_invalid"),
        ("Mail,Name,Nst,Tischtelefon\na@x.test,A,20101,?\n", 2, "Tischtelefon", None),
        ("Mail,Name,Nst,Mailbox\na@x.test,A,20101,?\n", 2, "Mailbox", "mailbox_number_invalid"),
        ("Mail,Name,Nst,SIP user\na@x.test,A,20101,a;b\n", 2, "SIP user", "auth_user_invalid"),
        ("Mail,Name,Matricule\na@x.test,A,7\n", 2, "Matricule", "external_id_taken"),
    ],
)
async def test_a_wrong_value_has_row_column_and_reason(
    world: PeopleWorld, raw: str, row: int, column: str, code: str | None
) -> None:
    other = PeopleWorld(world.storage, world.secrets)
    await other.open(admin="taken@other.test")
    await world.create(PersonData("z@x.test", "Zoe", external_id="7", line=world.line("20199")))
    before = await world.dump()
    found = await row_of(world, raw, row)
    assert found.action == "error"
    fault = found.faults[0]
    assert (fault.column, fault.code) == (column, code or "desk_number_invalid")
    assert len(fault.reason) > 10
    assert await world.dump() == before


async def test_a_site_must_be_named_when_there_are_two(world: PeopleWorld) -> None:
    await world.site("Branch")
    raw = "email,name,number\na@x.test,A,20101\n"
    assert (await row_of(world, raw, 2)).faults[0].code == "site_missing"
    assert (await row_of(world, raw, 2, site="branch")).action == "create"


async def test_licences_and_permissions_count_at_the_plan_already(tmp_path: Path) -> None:
    storage = await empty_storage(tmp_path)
    world = PeopleWorld(storage)
    await world.open(licences=3)
    made = await world.plan(FILE)
    assert (made.counts.create, made.counts.error) == (2, 1)
    assert (await world.rows(made.id))[-1].faults[0].code == "licences_used_up"
    key = Principal(world.tenant_id, "key", "k", "Key", frozenset({Permission.IMPORTS_WRITE}))
    raw = b"email,name,role\nm@x.test,M,admin\n"
    planned = await world.imports.upload(key, raw, UploadQuery())
    await world.finish(planned.id)
    assert (await world.rows(planned.id))[0].faults[0].code == "permission_missing"
    await storage.aclose()


async def test_who_is_disabled_stays_so_with_a_warning(world: PeopleWorld) -> None:
    user_id = await world.person("Anna", email="anna@x.test")
    async with world.storage.write(world.tenant_id) as db:
        await world.people.set_disabled(db, world.who(), user_id, True)
    row = await row_of(world, FILE, 2)
    assert (row.action, [one.code for one in row.warnings]) == ("update", ["is_disabled"])


async def test_the_export_comes_back_unchanged(world: PeopleWorld) -> None:
    line = world.line("+49 89 1234567", desk_number="20155", mailbox_number="20199")
    evil = PersonData("evil@x.test", "=HYPERLINK(1)", department="-a;@b", line=line)
    await world.create(evil)
    await world.apply((await world.plan(FILE)).id)
    for separator in ("comma", "semicolon"):
        query = PeopleFileQuery(separator=separator)
        parts = [part async for part in world.reader.file(world.tenant_id, query)]
        again = await world.plan(b"".join(parts))
        assert again.counts.model_dump(exclude_defaults=True) == {"unchanged": 5}, [
            row.model_dump() for row in await world.rows(again.id) if row.action != "unchanged"
        ]


async def test_the_audit_names_who_but_nobody_of_the_file(world: PeopleWorld) -> None:
    made = await world.plan(FILE, filename="people.csv")
    await world.apply(made.id)
    await world.undo(made.id)
    acts = await world.acts()
    assert [act.action for act in acts] == [
        "import.upload",
        "import.start",
        "import.apply",
        "import.applied",
        "import.start_undo",
        "import.undo",
        "import.undone",
    ]
    assert {act.actor_name for act in acts} == {"Ada Admin"}
    told = json.dumps([[act.before, act.after] for act in acts])
    assert "anna" not in told and "pw-" not in told


async def test_erasing_somebody_takes_the_rows_about_them(world: PeopleWorld) -> None:
    made = await world.plan(FILE)
    await world.apply(made.id)
    anna = (await world.rows(made.id))[0].user_id
    assert anna is not None
    async with world.storage.write(world.tenant_id) as db:
        await world.people.remove(db, world.who(), anna)
    assert [row.email for row in await world.rows(made.id)] == ["berta@x.test", "carla@x.test"]


async def test_a_batch_that_contradicts_itself_goes_row_by_row(world: PeopleWorld) -> None:
    """What the plan could not see: two names that are one address to the database."""
    made = await world.plan("email,name\na@x.test,A\nb@x.test,B\nc@x.test,C\n")
    async with world.storage.write(world.tenant_id) as db:
        rows = await db.find(PeopleImportRow)
        for row in rows:
            if row.number == 3:
                wish = {**row.wish, "email": "a@x.test"}
                changes = {**row.changes, "email": [None, "a@x.test"]}
                await db.update(
                    PeopleImportRow, PeopleImportRow.id == row.id, wish=wish, changes=changes
                )
    await world.imports.apply(world.who(), made.id, False)
    worker = ImportWorker(world.steps)
    while await worker._advance((world.tenant_id, made.id)):
        pass
    view = await world.imports.get(world.tenant_id, made.id)
    assert (view.state, view.counts.applied, view.counts.failed) == ("applied", 2, 1)


async def test_a_database_that_is_away_does_not_end_the_imports(
    world: PeopleWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = await world.imports.upload(world.who(), FILE.encode(), UploadQuery())
    monkeypatch.setattr(worker_module, "_PATIENCE", (0.0,))
    step, away = world.steps.step, 2

    async def broken(tenant_id: str, import_id: str, size: int) -> bool:
        nonlocal away
        if away:
            away -= 1
            raise OSError("the database is away")
        return await step(tenant_id, import_id, size)

    monkeypatch.setattr(world.steps, "step", broken)
    worker = ImportWorker(world.steps)
    job = (world.tenant_id, made.id)
    while await worker._advance_or_give_up(job) is not None:
        pass
    assert away == 0
    assert (await world.imports.get(*job)).state == "planned"


async def test_what_is_no_text_is_the_fault_of_its_row_also_of_files_read_long_ago(
    world: PeopleWorld,
) -> None:
    made = await world.imports.upload(world.who(), FILE.encode(), UploadQuery())
    async with world.storage.write(world.tenant_id) as db:
        (row,) = await db.find(PeopleImportRow, PeopleImportRow.number == 2)
        wish = {**row.wish, "external_id": "\ud800"}
        await db.update(PeopleImportRow, PeopleImportRow.id == row.id, wish=wish)
    view = await world.finish(made.id)
    assert (view.state, view.counts.create, view.counts.error) == ("planned", 2, 1)
    (fault,) = (await world.rows(made.id))[0].faults
    assert (fault.column, fault.code) == ("external_id", "not_text")


@pytest.mark.parametrize("error", [ValueError("a gap in the gateway"), OSError("it is away")])
async def test_an_import_that_cannot_go_on_stops_no_other(
    world: PeopleWorld, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    monkeypatch.setattr(worker_module, "_PATIENCE", (600.0,))
    bad = await world.imports.upload(world.who(), FILE.encode(), UploadQuery())
    good = await world.imports.upload(world.who(), FILE.encode(), UploadQuery())
    step = world.steps.step

    over = asyncio.Event()

    async def broken(tenant_id: str, import_id: str, size: int) -> bool:
        if import_id == bad.id:
            raise error
        more = await step(tenant_id, import_id, size)
        if not more:
            over.set()
        return more

    monkeypatch.setattr(world.steps, "step", broken)
    worker = ImportWorker(world.steps)
    await worker.start()
    async with asyncio.timeout(10):
        await over.wait()
    await worker.aclose()
    assert (await world.imports.get(world.tenant_id, good.id)).state == "planned"
    view = await world.imports.get(world.tenant_id, bad.id)
    if isinstance(error, OSError):
        assert (view.state, view.failure) == ("planning", "")
        return
    assert view.state == "failed" and "could not go on" in view.failure
    assert await world.steps.unfinished() == []
    await world.imports.delete(world.who(), bad.id)


async def test_what_a_failed_import_has_done_can_be_undone(world: PeopleWorld) -> None:
    before = await world.dump()
    made = await world.plan(FILE)
    await world.imports.apply(world.who(), made.id, False)
    await world.steps.step(world.tenant_id, made.id, 1)
    await world.steps.fail(world.tenant_id, made.id)
    assert await world.dump() != before
    undone = await world.undo(made.id)
    assert (undone.state, undone.counts.undone) == ("undone", 1)
    assert await world.dump() == before


@pytest.mark.parametrize(
    ("error", "away"),
    [
        (ConnectionRefusedError(), True),
        (PoolTimeout(), True),
        (DBAPIError("", {}, Exception(), connection_invalidated=True), True),
        (OperationalError("", {}, Exception("database is locked")), True),
        (asyncpg.DeadlockDetectedError(), True),
        (asyncpg.CannotConnectNowError(), True),
        (DBAPIError("", {}, asyncpg.DataError("no such character")), False),
        (asyncpg.UntranslatableCharacterError(), False),
        (UnicodeEncodeError("utf-8", "", 0, 1, "surrogates not allowed"), False),
    ],
)
def test_only_a_database_that_is_away_is_asked_again(error: Exception, away: bool) -> None:
    assert is_away(error) == away


async def test_an_import_can_be_forgotten_and_old_ones_are(world: PeopleWorld) -> None:
    made = await world.plan(FILE)
    await world.imports.delete(world.who(), made.id)
    with pytest.raises(Problem, match="not_found"):
        await world.imports.get(world.tenant_id, made.id)
    async with world.storage.read(world.tenant_id) as db:
        assert await db.count(PeopleImportRow) == 0
    old = await world.plan(FILE)
    async with world.storage.write(world.tenant_id) as db:
        long_ago = utc_now().replace(year=2020)
        await db.update(PeopleImport, PeopleImport.id == old.id, created_at=long_ago)
    kept = await world.plan(FILE)
    listed = await world.imports.newest(world.tenant_id)
    assert [one.id for one in listed.items] == [kept.id]


async def test_another_tenant_sees_no_import(world: PeopleWorld) -> None:
    made = await world.plan(FILE)
    other = PeopleWorld(world.storage, world.secrets)
    await other.open(admin="eve@other.test")
    eve = other.who()
    for act in (
        other.imports.get(other.tenant_id, made.id),
        other.rows(made.id),
        other.imports.apply(eve, made.id, True),
        other.imports.undo(eve, made.id),
        other.imports.delete(eve, made.id),
    ):
        with pytest.raises(Problem, match="not_found"):
            await act
