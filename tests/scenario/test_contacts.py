"""Contacts over real HTTP: one's own, the company's, from files, and as a number's name."""

from __future__ import annotations

import asyncio
from typing import Any

from gateway.ports import UserKey
from tests.support.callers import signed_in
from tests.support.gateway_platform import Bench

HANNA = {
    "name": "Hanna Wolf",
    "company": "Wolf Druck",
    "email": "hanna@wolf.test",
    "numbers": [
        {"kind": "work", "number": "040 5556677"},
        {"kind": "mobile", "number": "+49 151 12345678"},
    ],
}
CARD = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Otto Import\r\nTEL;TYPE=CELL:0171 5550142\r\nEND:VCARD\r\n"


async def token_of(bench: Bench, email: str) -> str:
    return str((await bench.login(email))["access_token"])


async def names(bench: Bench, token: str, query: str = "") -> list[str]:
    status, page, _ = await bench.call("GET", f"/contacts{query}", token)
    assert status == 200, page
    return [item["name"] for item in page["items"]]


async def send_file(bench: Bench, token: str, path: str, text: str, kind: str) -> Any:
    status, reply, _ = await bench.call(
        "POST", path, token, data=text.encode(), headers={"Content-Type": kind}
    )
    return status, reply


async def test_a_contact_lives_with_its_owner(bench: Bench) -> None:
    anna, berta = [await token_of(bench, f"{who}@example.test") for who in ("anna", "berta")]
    mallory = await token_of(bench, "mallory@other.test")
    status, made, headers = await bench.call("POST", "/contacts", anna, json=HANNA)
    assert (status, headers["ETag"], made["shared"]) == (201, '"1"', False)
    assert [one["number"]["canonical"] for one in made["numbers"]] == [
        "+49405556677",
        "+4915112345678",
    ]
    path = f"/contacts/{made['id']}"
    for stranger in (berta, mallory):
        assert (await bench.call("GET", path, stranger))[0] == 404
        changed = await bench.call("PUT", path, stranger, json=HANNA, headers={"If-Match": '"1"'})
        assert changed[0] == 404
        assert (await bench.call("DELETE", path, stranger))[0] == 404
        assert await names(bench, stranger) == []

    status, _, _ = await bench.call("PUT", path, anna, json=HANNA, headers={"If-Match": '"7"'})
    assert status == 412
    status, changed, headers = await bench.call(
        "PUT", path, anna, json={"name": "Hanna Fuchs"}, headers={"If-Match": '"1"'}
    )
    assert (status, headers["ETag"], changed["numbers"]) == (200, '"2"', [])
    status, problem, _ = await bench.call(
        "POST", "/contacts", anna, json={"name": "X", "numbers": [{"number": "not@one"}]}
    )
    assert (status, problem["code"]) == (422, "number_invalid")
    assert (await bench.call("DELETE", path, anna))[0] == 204
    assert await names(bench, anna) == []


async def test_found_by_the_beginning_of_a_word_or_a_number_page_by_page(bench: Bench) -> None:
    anna = await token_of(bench, "anna@example.test")
    for number in range(5):
        wish = {"name": f"Person {number}", "company": "Müller GmbH"}
        if number == 3:
            wish["numbers"] = [{"number": "089 12345678"}]  # type: ignore[assignment]
        assert (await bench.call("POST", "/contacts", anna, json=wish))[0] == 201
    seen: list[str] = []
    cursor = ""
    while True:
        query = f"/contacts?limit=2{cursor}"
        _, page, _ = await bench.call("GET", query, anna)
        seen += [item["name"] for item in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert seen == [f"Person {number}" for number in range(5)]
    assert await names(bench, anna, "?q=mueller%20pers") == seen
    assert await names(bench, anna, "?q=rson") == []
    for typed in ("08912", "%2B498912", "49891"):
        assert await names(bench, anna, f"?q={typed}") == ["Person 3"], typed


async def test_the_company_s_are_written_by_admins_and_read_by_all(bench: Bench) -> None:
    boss = await signed_in(bench, "admin", "adele@example.test")
    anna, mallory = [
        await token_of(bench, who) for who in ("anna@example.test", "mallory@other.test")
    ]
    status, made, _ = await bench.call("POST", "/admin/contacts", boss, json=HANNA)
    assert (status, made["shared"]) == (201, True)
    assert await names(bench, anna) == await names(bench, anna, "?of=company") == ["Hanna Wolf"]
    assert await names(bench, anna, "?of=mine") == await names(bench, mallory) == []
    path = f"/contacts/{made['id']}"
    assert (await bench.call("DELETE", path, anna))[0] == 404  # reads, and no more
    assert (await bench.call("DELETE", f"/admin{path}", boss))[0] == 204
    _, audit, _ = await bench.call("GET", "/admin/audit", boss)
    assert {"contact.create", "contact.delete"} <= {item["action"] for item in audit["items"]}


async def test_a_file_is_taken_in_once(bench: Bench) -> None:
    anna = await token_of(bench, "anna@example.test")
    expected = ({"created": 1, "unchanged": 0}, {"created": 0, "unchanged": 1})
    for counts in expected:
        status, reply = await send_file(bench, anna, "/contacts/import", CARD, "text/vcard")
        assert status == 200
        assert {name: reply[name] for name in counts} == counts
    csv = "Name;Phone\nBerta;089 1234567\n;1\nCarla;c@rla\n"
    status, reply = await send_file(bench, anna, "/contacts/import", csv, "text/csv")
    assert (status, reply["created"], reply["left_out"]) == (200, 1, 2)
    assert [(fault["row"], fault["code"]) for fault in reply["faults"]] == [
        (3, "invalid"),
        (4, "number_invalid"),
    ]
    status, problem = await send_file(bench, anna, "/contacts/import", "a,b\n1,2\n", "text/csv")
    assert (status, problem["code"], problem["columns"]) == (422, "column_missing", ["a", "b"])
    assert await names(bench, anna) == ["Berta", "Otto Import"]


async def test_a_number_has_the_name_that_its_reader_knows(bench: Bench) -> None:
    boss = await signed_in(bench, "admin", "adele@example.test")
    anna = await token_of(bench, "anna@example.test")
    await bench.call("POST", "/admin/contacts", boss, json=HANNA)
    directory = bench.gateway.features.ports.directory
    tenant, users = bench.demo.tenant_id, bench.demo.users
    reader = UserKey(tenant, users["anna@example.test"])

    async def name_of(number: str, user_id: str | None) -> str | None:
        person = await directory.name_of(tenant, number, user_id)
        assert dict(await directory.names_of(tenant, {number}, user_id)) == (
            {} if person is None else {number: person.name}
        )
        return None if person is None else person.name

    assert await name_of("+49405556677", reader.user_id) == "Hanna Wolf (Wolf Druck)"
    await bench.call("POST", "/contacts", anna, json={**HANNA, "name": "Hanni", "company": ""})
    assert await name_of("+49405556677", reader.user_id) == "Hanni"
    assert await name_of("+49405556677", users["berta@example.test"]) == "Hanna Wolf (Wolf Druck)"
    assert await name_of("+49405556677", None) is None
    assert await name_of("102", reader.user_id) == "Berta Schulz"


async def test_a_large_file_leaves_room_for_others(bench: Bench) -> None:
    """Nobody else waits for a whole book: it is written part by part."""
    anna, berta = [await token_of(bench, f"{who}@example.test") for who in ("anna", "berta")]
    text = "Name;Phone;Mobile\n" + "".join(
        f"Person {n};089 {1000000 + n};0151 {10000000 + n}\n" for n in range(700)
    )
    taking = asyncio.create_task(send_file(bench, anna, "/contacts/import", text, "text/csv"))
    seen: set[int] = set()
    while not taking.done():
        status, _, _ = await bench.call("POST", "/contacts", berta, json={"name": "Between"})
        assert status == 201
        _, page, _ = await bench.call("GET", "/contacts?limit=1&q=person%20650", anna)
        seen.add(len(page["items"]))
    status, reply = await taking
    assert (status, reply["created"]) == (200, 700)
    assert 0 in seen  # others were served while it went on
    status, reply = await send_file(bench, anna, "/contacts/import", text, "text/csv")
    assert (status, reply["created"], reply["unchanged"]) == (200, 0, 700)


async def test_two_files_of_one_book_are_taken_in_one_after_the_other(bench: Bench) -> None:
    anna = await token_of(bench, "anna@example.test")
    text = "Name;Phone\n" + "".join(f"Person {n};089 {1000000 + n}\n" for n in range(300))
    replies = await asyncio.gather(
        *(send_file(bench, anna, "/contacts/import", text, "text/csv") for _ in range(2))
    )
    for status, reply in replies:
        assert status == 200 or (status, reply["code"]) == (409, "in_progress")
    counts = [reply.get("created", 0) for _, reply in replies]
    assert sorted(counts) == [0, 300]
