"""The journal: facts once, in order, also when nobody looks."""

from __future__ import annotations

import csv
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from gateway.bus import Bus, BusEventSink, ClientEvent
from gateway.credentials.passwords import Passwords
from gateway.credentials.secrets import Secrets
from gateway.features.journal.models import ExportQuery, JournalPage, JournalQuery
from gateway.features.journal.reading import JournalReader
from gateway.features.journal.service import JournalService
from gateway.features.provisioning.service import NewUser, ProvisioningService
from gateway.http.spreadsheet import csv_text, safe_cell
from gateway.ports import CutOff, Numbers, Problem, UserKey
from gateway.storage.ids import new_id
from gateway.storage.storage import Storage
from tests.support.gateway_platform import CHEAP, empty_storage
from tests.support.gateway_ports import FakeDirectory

START = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
NUMBERS = Numbers("089 1", "+49891", "+49 89 1")


class Rig:
    def __init__(self, storage: Storage, users: list[UserKey]) -> None:
        self.storage = storage
        self.anna, self.berta, self.mallory = users
        self.events: list[ClientEvent] = []
        bus = Bus()
        bus.subscribe(ClientEvent, self.events.append)
        self.journal = JournalService(storage, BusEventSink(bus))
        self.directory = FakeDirectory()
        self.reader = JournalReader(storage, self.directory)

    async def page(self, user: UserKey | None = None, **query: Any) -> JournalPage:
        return await self.reader.page(user or self.anna, JournalQuery(**query))

    async def open(self, call_id: str, direction: str = "in", user: UserKey | None = None) -> str:
        return await self.journal.open(
            user or self.anna,
            call_id,
            direction=direction,
            numbers=NUMBERS,
            name="Caller",
            started_at=START,
        )

    async def settle(self, call_id: str, kind: str = "missed", **changes: Any) -> None:
        values: dict[str, Any] = {
            "kind": kind,
            "reason": "no_answer",
            "name": None,
            "device_id": None,
            "ended_at": START + timedelta(seconds=20),
            "duration_ms": 0,
            **changes,
        }
        await self.journal.settle(self.anna, call_id, **values)

    async def missed(self, count: int) -> list[str]:
        ids = []
        for _ in range(count):
            call_id = new_id()
            ids.append(await self.open(call_id))
            await self.settle(call_id)
        return ids


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[Rig]:
    storage = await empty_storage(tmp_path)
    passwords = Passwords(hasher=CHEAP)
    provisioning = ProvisioningService(storage, Secrets.ephemeral(), passwords)
    users = []
    for tenant, emails in (("A", ("anna@a.test", "berta@a.test")), ("B", ("mallory@b.test",))):
        tenant_id = await provisioning.create_tenant(tenant)
        for email in emails:
            user_id = await provisioning.create_user(tenant_id, NewUser(email, email, "x" * 12))
            users.append(UserKey(tenant_id, user_id))
    yield Rig(storage, users)
    passwords.close()
    await storage.aclose()


async def test_an_answered_call_is_written_in_three_steps(rig: Rig) -> None:
    call_id, device = new_id(), new_id()
    entry_id = await rig.open(call_id)
    assert (await rig.page()).items == []  # not a fact yet
    await rig.journal.answered(rig.anna, call_id, device_id=device, at=START)
    await rig.journal.answered(rig.anna, call_id, device_id=new_id(), at=START)  # first wins
    await rig.settle(call_id, "answered", reason="hung_up", duration_ms=20_000)
    page = await rig.page()
    (entry,) = page.items
    assert (entry.id, entry.kind, entry.device_id) == (entry_id, "answered", device)
    assert (entry.answered_at, entry.duration_ms, entry.unread) == (START, 20_000, False)
    assert entry.number.canonical == "+49891"
    assert page.unread == 0


async def test_an_answer_that_never_left_is_no_answer(rig: Rig) -> None:
    call_id = new_id()
    await rig.open(call_id)
    await rig.journal.answered(rig.anna, call_id, device_id=new_id(), at=START)
    await rig.settle(call_id, "missed")
    added = next(event for event in rig.events if event.event == "journal.added")
    entry = added.payload["entry"]
    assert (entry["kind"], entry["answered_at"], entry["device_id"]) == ("missed", None, None)


async def test_a_call_that_outlived_a_node_goes_on_in_its_entry(rig: Rig) -> None:
    old, cut_off = new_id(), new_id()
    for call_id, at in ((old, START - timedelta(days=3)), (cut_off, START)):
        await rig.journal.open(
            rig.anna, call_id, direction="in", numbers=NUMBERS, name=None, started_at=at
        )
        await rig.journal.at_pbx(rig.anna, call_id, "site:FF01")
    await rig.journal.answered(rig.anna, cut_off, device_id=None, at=START)
    await rig.journal.reap()

    for user, pbx_call, number in (
        (rig.berta, "site:FF01", "+49891"),
        (rig.anna, "site:FF02", "+49891"),
        (rig.anna, "site:FF01", "+4930"),
    ):
        assert await rig.journal.take_up(user, pbx_call, number, START) is None
    later = START + timedelta(seconds=1)  # a PBX uses its ids again
    assert await rig.journal.take_up(rig.anna, "site:FF01", "+49891", later) is None
    found = await rig.journal.take_up(rig.anna, "site:FF01", "+49891", START)

    assert found == CutOff(cut_off, START, START)
    assert [entry.call_id for entry in (await rig.page()).items] == [old]
    await rig.settle(cut_off, "answered", reason="hung_up", duration_ms=60_000)
    assert [
        entry.duration_ms for entry in (await rig.page()).items if entry.call_id == cut_off
    ] == [60_000]


async def test_opening_and_settling_twice_has_one_effect(rig: Rig) -> None:
    call_id = new_id()
    assert await rig.open(call_id) == await rig.open(call_id)
    await rig.settle(call_id, "missed")
    await rig.settle(call_id, "answered")
    page = await rig.page()
    assert [entry.kind for entry in page.items] == ["missed"]
    assert [event.event for event in rig.events] == ["journal.added"]
    assert rig.events[0].payload["unread"] == 1
    assert rig.events[0].user == rig.anna


async def test_a_name_may_become_known_while_the_call_runs(rig: Rig) -> None:
    for name in (None, "Carla Lang"):
        call_id = new_id()
        await rig.open(call_id, "out")
        await rig.settle(call_id, "answered", name=name)
    page = await rig.page()
    assert [entry.name for entry in page.items] == ["Carla Lang", "Caller"]


async def test_whose_call_was_fetched_may_become_known_as_well(rig: Rig) -> None:
    for name in ("Carla Lang", None):
        call_id = new_id()
        await rig.open(call_id, "out")
        await rig.settle(call_id, "answered", name=name, numbers=Numbers("7", "+49897", "089 7"))
    page = await rig.page()
    assert [(entry.name, entry.number.canonical) for entry in page.items] == [
        (None, "+49897"),
        ("Carla Lang", "+49897"),
    ]


async def test_only_missed_calls_are_unread(rig: Rig) -> None:
    for kind in ("missed", "declined", "answered", "forwarded", "answered_by", "failed"):
        call_id = new_id()
        await rig.open(call_id)
        await rig.settle(call_id, kind)
    assert await rig.journal.unread(rig.anna) == 1


async def test_missed_calls_while_offline_are_listed_once_and_in_order(rig: Rig) -> None:
    ids = await rig.missed(16)
    seen: list[str] = []
    after = None
    while True:
        page = await rig.page(cursor=after, limit=7)
        assert page.unread == 16
        seen += [entry.id for entry in page.items]
        after = page.next_cursor
        if after is None:
            break
    assert seen == list(reversed(ids))


async def test_a_new_entry_does_not_shift_the_pages(rig: Rig) -> None:
    await rig.missed(4)
    first = await rig.page(limit=2)
    await rig.missed(1)
    second = await rig.page(cursor=first.next_cursor, limit=2)
    assert not {e.id for e in first.items} & {e.id for e in second.items}


async def test_marking_read_one_or_all(rig: Rig) -> None:
    ids = await rig.missed(3)
    rig.events.clear()
    assert await rig.journal.mark_read(rig.anna, [ids[0], "rubbish"]) == 2
    assert [event.event for event in rig.events] == ["journal.changed"]
    assert rig.events[0].payload["entry"]["unread"] is False
    assert await rig.journal.mark_read(rig.anna, None) == 0
    assert await rig.journal.mark_read(rig.anna, None) == 0
    assert len(rig.events) == 3


async def test_deleting_one_and_all(rig: Rig) -> None:
    ids = await rig.missed(3)
    pending = new_id()
    await rig.open(pending)
    await rig.journal.delete(rig.anna, ids[1])
    with pytest.raises(Problem, match="404"):
        await rig.journal.delete(rig.anna, ids[1])
    assert rig.events[-1].payload == {"id": ids[1], "unread": 2}
    await rig.journal.delete_all(rig.anna)
    assert rig.events[-1].payload == {"id": None, "unread": 0}
    await rig.settle(pending)  # the running call's entry was not taken away
    assert len((await rig.page()).items) == 1


async def test_nobody_else_sees_or_touches_an_entry(rig: Rig) -> None:
    (entry_id,) = await rig.missed(1)
    for stranger in (rig.berta, rig.mallory):
        assert (await rig.page(stranger)).items == []
        with pytest.raises(Problem, match="404"):
            await rig.journal.delete(stranger, entry_id)
        await rig.journal.delete_all(stranger)
        await rig.journal.mark_read(stranger, [entry_id])
    assert await rig.journal.unread(rig.anna) == 1


async def test_calls_cut_off_by_a_crash_are_settled_at_start(rig: Rig) -> None:
    incoming, outgoing, talking = new_id(), new_id(), new_id()
    await rig.open(incoming)
    await rig.open(outgoing, "out")
    await rig.open(talking)
    at = START + timedelta(seconds=5)
    await rig.journal.answered(rig.anna, talking, device_id=None, at=at)
    await rig.missed(1)
    assert await rig.journal.reap() == 3
    assert await rig.journal.reap() == 0
    entries = {e.call_id: e for e in (await rig.page()).items}
    assert [(entries[c].kind, entries[c].reason) for c in (incoming, outgoing, talking)] == [
        ("missed", "node_failed"),
        ("failed", "node_failed"),
        ("answered", "node_failed"),
    ]
    assert entries[talking].ended_at == at


async def test_long_texts_of_the_other_side_are_cut_not_refused(rig: Rig) -> None:
    call_id = new_id()
    await rig.journal.open(
        rig.anna,
        call_id,
        direction="in",
        numbers=Numbers("9" * 500, "9" * 500, "9" * 500),
        name="N" * 1000,
        started_at=START,
        diverted_by="D" * 1000,
    )
    await rig.settle(call_id)
    (entry,) = (await rig.page()).items
    assert len(entry.name or "") == 200 and len(entry.number.dialled) == 100


async def entries_of(rig: Rig) -> None:
    """Four calls: kinds, directions, names and numbers differ."""
    for direction, kind, name, number in (
        ("in", "missed", "Jürgen Müller", "+49891111"),
        ("out", "answered", "Berta Schulz", "102"),
        ("in", "answered", None, "103"),
        ("in", "missed", "=cmd()", "104"),
    ):
        call_id = new_id()
        await rig.journal.open(
            rig.anna,
            call_id,
            direction=direction,
            numbers=Numbers(number, number, number),
            name=name,
            started_at=START,
        )
        await rig.settle(call_id, kind)


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ({}, ["104", "103", "102", "+49891111"]),
        ({"show": "missed"}, ["104", "+49891111"]),
        ({"show": "incoming"}, ["104", "103", "+49891111"]),
        ({"show": "outgoing"}, ["102"]),
        ({"q": "muell"}, ["+49891111"]),
        ({"q": "MULLER jur"}, ["+49891111"]),
        ({"q": "10"}, ["104", "103", "102"]),
        ({"q": "+4989 11"}, ["+49891111"]),
        ({"q": "10", "show": "outgoing"}, ["102"]),
        ({"q": "%"}, []),
        ({"q": "nobody"}, []),
    ],
)
async def test_looking_for_calls(rig: Rig, query: dict[str, Any], numbers: list[str]) -> None:
    await entries_of(rig)
    page = await rig.page(**query)
    assert [entry.number.canonical for entry in page.items] == numbers


async def test_who_got_a_name_since_is_shown_with_it(rig: Rig) -> None:
    await entries_of(rig)
    rig.directory.names["103"] = "Carla Lang"
    assert [e.name for e in (await rig.page()).items][1] == "Carla Lang"


async def test_the_whole_history_as_a_file_that_no_spreadsheet_executes(rig: Rig) -> None:
    await entries_of(rig)
    query = ExportQuery(separator="semicolon", time_zone="Europe/Berlin")
    parts = [part async for part in rig.reader.file(rig.anna, query)]
    assert len(parts) == 2, "the heading is sent before the first row is read"
    lines = b"".join(parts).decode("utf-8-sig").split("\r\n")
    assert lines[0].startswith('"started";"direction";"kind";"name";"number";')
    assert lines[1].startswith('"2026-11-21 10:00:00";"in";"missed";"\'=cmd()";"104";')
    begin = '"2026-11-21 10:00:00";"in";"missed";"Jürgen Müller";"\'+49891111";'
    assert lines[4].startswith(begin)
    assert len(lines) == 6 and lines[5] == ""
    with pytest.raises(Problem, match="bad_time_zone"):
        await anext(rig.reader.file(rig.anna, ExportQuery(time_zone="../etc/passwd")))


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@a", " =1", "\t", "\rx", "\u00a0=1", "＝1"])
def test_what_begins_a_formula_is_made_text(text: str) -> None:
    assert safe_cell(text) == "'" + text
    assert safe_cell("Anna") == "Anna" and safe_cell("") == ""
    assert safe_cell("\t=1") == "'\t'=1"


@pytest.mark.parametrize(
    "hostile", ["x,=1", "x;=1", "x\t @1", 'x";"+1', 'x,"-1', "x\r\n=1", "x;＝1"]
)
@pytest.mark.parametrize("written", [",", ";"])
@pytest.mark.parametrize("read", [",", ";", "\t"])
def test_no_separator_makes_a_formula(hostile: str, written: str, read: str) -> None:
    text = csv_text([["104", hostile, "Anna - Berta, Rome"]], written)
    cells = [cell for row in csv.reader(text.splitlines(), delimiter=read) for cell in row]
    assert not [cell for cell in cells if cell.strip(' \t"')[:1] in tuple("=+-@＝")]
    assert safe_cell("Anna - Berta, Rome") == "Anna - Berta, Rome"


async def test_an_entry_tells_why_each_device_rang(rig: Rig) -> None:
    call_id, device = new_id(), new_id()
    entry_id = await rig.open(call_id)
    step = {"at": START.isoformat(), "code": "rang", "device_id": device, "detail": ""}
    await rig.settle(
        call_id,
        "answered_by",
        answered_on="elsewhere",
        answered_by="Berta",
        trail=[step],
    )
    details = await rig.reader.details(rig.anna, entry_id)
    assert (details.entry.answered_by, details.entry.answered_on) == ("Berta", "elsewhere")
    (told,) = details.trail
    assert told.code == "rang" and told.device is not None
    assert (told.device.id, told.device.name) == (device, None), "it was removed since"
    for stranger in (rig.berta, rig.mallory):
        with pytest.raises(Problem, match="404"):
            await rig.reader.details(stranger, entry_id)
