"""People over HTTP, as the portal and a PBX's own management ask: lists, letters, leavers."""

from __future__ import annotations

import asyncio
import csv
import io
import time
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col

from gateway.credentials import api_key
from gateway.pbx_ports import Forwarding
from gateway.permissions import Permission
from gateway.ports import Numbers, UserKey
from gateway.storage.folding import email_hash, search_name
from gateway.storage.ids import new_id, utc_now
from gateway.storage.models import ApiKey, KeyIndex, Line, Session, User
from gateway.storage.tables.one_time import OneTimeToken
from gateway.storage.tables.outbox import OutboxItem
from tests.support.gateway_platform import Bench, open_bench
from tests.support.letters import Letters

ANNA = "anna@example.test"


@pytest.fixture
def letters(monkeypatch: pytest.MonkeyPatch) -> Letters:
    return Letters.tap(monkeypatch)


@pytest.fixture
async def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Bench]:
    async with open_bench(tmp_path, monkeypatch) as opened:
        yield opened


async def admin(bench: Bench) -> str:
    """Anna's token; she is the administrator."""
    anna = bench.demo.users["anna@example.test"]
    async with bench.gateway.features.storage.write(bench.demo.tenant_id) as db:
        await db.update(User, User.id == anna, role="admin")
    token: str = (await bench.login())["access_token"]
    return token


async def key_with(bench: Bench, *scopes: Permission) -> str:
    made, tenant_id = api_key.new_key(), bench.demo.tenant_id
    row = ApiKey(
        tenant_id=tenant_id, key_id=made.key_id, digest=made.digest, scopes=list(scopes), name="PBX"
    )
    async with bench.gateway.features.storage.write(tenant_id) as db:
        await db.add(row)
        await db.add_index(KeyIndex(key_id=made.key_id, tenant_id=tenant_id))
    return made.text


def new(bench: Bench, name: str, number: str | None = None, **more: Any) -> dict[str, Any]:
    line = None if number is None else {"site_id": bench.demo.site_id, "number": number}
    return {"email": f"{name.lower()}@example.test", "name": name, "line": line, **more}


async def test_created_invited_changed_disabled_and_erased(bench: Bench) -> None:
    token = await admin(bench)
    body = new(bench, "Dora", "104", department="Sales", invite=True)
    body["line"]["auth_password"] = "pbx-password-of-dora"
    status, dora, headers = await bench.call("POST", "/admin/people", token, json=body)
    assert (status, headers["ETag"]) == (201, '"1"'), dora
    assert (dora["state"], dora["line"]["number"]) == ("invited", "104")
    assert dora["line"]["has_password"] is True and "pbx-password" not in str(dora)
    path = f"/admin/people/{dora['id']}"
    # The invitation is a letter with a link that ends after a week.
    async with bench.gateway.features.storage.read(bench.demo.tenant_id) as db:
        (letter,) = await db.find(OneTimeToken, OneTimeToken.user_id == dora["id"])
    assert (letter.expires_at - letter.created_at).days in (6, 7)
    status, sent, _ = await bench.call("POST", f"{path}/invite", token)
    assert (status, sent) == (200, {"mail": "not_configured"})
    async with bench.gateway.features.storage.read(bench.demo.tenant_id) as db:
        (again,) = await db.find(OneTimeToken, OneTimeToken.user_id == dora["id"])
    assert again.id != letter.id  # the link of before is dead
    assert (await bench.call("DELETE", f"{path}/invite", token))[0] == 204
    status, problem, _ = await bench.call("DELETE", f"{path}/invite", token)
    assert (status, problem["code"]) == (409, "no_invitation")

    wanted = new(bench, "Dora", "105")
    stale = {"If-Match": '"7"'}
    status, problem, _ = await bench.call("PUT", path, token, json=wanted, headers=stale)
    assert (status, problem["code"]) == (412, "changed_meanwhile")
    _, _, headers = await bench.call("GET", path, token)
    fresh = {"If-Match": headers["ETag"]}
    status, changed, _ = await bench.call("PUT", path, token, json=wanted, headers=fresh)
    assert status == 200 and changed["line"]["number"] == "105"
    assert (changed["department"], changed["line"]["has_password"]) == ("", True)

    status, problem, _ = await bench.call(
        "POST", "/admin/people", token, json=new(bench, "E", "105")
    )
    assert (status, problem["code"], problem["field"]) == (409, "number_taken", "number")
    assert problem["title"].startswith("Dora")
    status, gone, _ = await bench.call("POST", f"{path}/disable", token, json={"why": "left"})
    assert (status, gone["state"], gone["disabled_why"]) == (200, "disabled", "left")
    assert (await bench.call("POST", f"{path}/enable", token))[1]["state"] != "disabled"
    assert (await bench.call("DELETE", path, token, json={"why": "asked"}))[0] == 204
    assert (await bench.call("GET", path, token))[0] == 404
    status, page, _ = await bench.call("GET", "/admin/people?q=dora", token)
    assert (page["items"], page["total"]) == ([], 0)


async def test_who_is_disabled_is_out_at_once_with_all_sockets(bench: Bench) -> None:
    token = await admin(bench)
    berta = bench.demo.users["berta@example.test"]
    login = await bench.login("berta@example.test")
    phone = await bench.socket(login["access_token"])
    await phone.next("snapshot")
    started = time.monotonic()
    status, _, _ = await bench.call("POST", f"/admin/people/{berta}/disable", token, json={})
    assert status == 200
    await phone.gone.wait()
    assert time.monotonic() - started < 5
    assert (await bench.call("GET", "/me", login["access_token"]))[0] == 401
    assert (await bench.call("POST", f"/admin/people/{berta}/enable", token))[0] == 200
    login = await bench.login("berta@example.test")
    assert (await bench.call("POST", f"/admin/people/{berta}/sign-out", token))[0] == 204
    assert (await bench.call("GET", "/me", login["access_token"]))[0] == 401


async def many(bench: Bench, count: int) -> None:
    """People as an import leaves them; a third each has been in, or is invited."""
    now, site = utc_now(), bench.demo.site_id
    users, lines, logins = [], [], []
    for index in range(count):
        user_id, name = new_id(), f"Person {index:05} {'Müller' if index % 7 == 0 else 'Maier'}"
        users.append(
            {
                "id": user_id,
                "email": f"p{index}@many.test",
                "name": name,
                "search_name": search_name(name),
                "role": "user",
                "settings": {},
                "created_at": now,
                "invited_at": now if index % 3 == 1 else None,
                "last_sign_in": now if index % 3 == 0 else None,
            }
        )
        logins.append((email_hash(f"p{index}@many.test"), user_id))
        if index % 2 == 0:
            lines.append(
                {
                    "id": new_id(),
                    "site_id": site,
                    "user_id": user_id,
                    "line_id": new_id(),
                    "device_id": str(200000 + index),
                    "number": str(200000 + index),
                    "desk_number": "",
                    "auth_user": "x",
                    "auth_password": b"x",
                }
            )
    async with bench.gateway.features.storage.write(bench.demo.tenant_id) as db:
        await db.insert_all(User, users)
        await db.insert_logins(logins)
        await db.insert_all(Line, lines)


@pytest.mark.parametrize("sort", ["name", "-name", "number", "-number", "last_sign_in"])
async def test_pages_follow_each_other_without_gap_or_repetition(bench: Bench, sort: str) -> None:
    token = await admin(bench)
    await many(bench, 60)
    seen: list[dict[str, Any]] = []
    cursor = ""
    while True:
        path = f"/admin/people?sort={sort}&limit=7{cursor}"
        status, page, _ = await bench.call("GET", path, token)
        assert status == 200, page
        seen += page["items"]
        assert (page["total"] is None) == bool(cursor)
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert len(seen) == len({one["id"] for one in seen}) == 63
    numbers = [int(one["line"]["number"]) for one in seen if one["line"]]
    names = [search_name(one["name"]) for one in seen]
    if sort.endswith("number"):
        assert numbers == sorted(numbers, reverse=sort[0] == "-")
    elif sort.endswith("name"):
        assert names == sorted(names, reverse=sort[0] == "-")
    else:
        times = [one["last_sign_in"] or "" for one in seen]
        assert times == sorted(times)


async def test_filters_and_search(bench: Bench) -> None:
    token = await admin(bench)
    await many(bench, 30)

    async def found(query: str) -> set[str]:
        status, page, _ = await bench.call("GET", f"/admin/people?limit=200&{query}", token)
        assert status == 200, page
        assert page["total"] == len(page["items"])
        return {one["email"] for one in page["items"]}

    demo = set(bench.demo.users)
    assert await found("state=active") == demo | {f"p{i}@many.test" for i in range(0, 30, 3)}
    assert await found("state=invited") == {f"p{i}@many.test" for i in range(1, 30, 3)}
    assert await found("state=new") == {f"p{i}@many.test" for i in range(2, 30, 3)}
    assert await found("role=admin") == {"anna@example.test"}
    assert await found("q=mueller%20person") == {f"p{i}@many.test" for i in range(0, 30, 7)}
    assert await found("q=p12@many") == {"p12@many.test"}
    assert await found("q=20001") == {f"p{i}@many.test" for i in range(10, 20, 2)}
    assert await found("q=berta%20sch") == {"berta@example.test"}
    assert await found("q=%25") == set()
    assert len(await found(f"site={bench.demo.site_id}")) == 18
    assert await found("site=elsewhere") == set()
    for bad in ("cursor=x", "cursor=WyJhIl0", "sort=number&cursor=WyJhIiwiYiIsImMiXQ"):
        status, problem, _ = await bench.call("GET", f"/admin/people?{bad}", token)
        assert (status, problem["code"]) == (422, "bad_cursor"), bad


async def test_twenty_thousand_people_are_listed_in_a_moment(bench: Bench) -> None:
    token = await admin(bench)
    await many(bench, 20_000)
    slowest = 0.0
    for query in (
        "",
        "sort=-name",
        "sort=number",
        "sort=-last_sign_in",
        "q=person%20019",
        "q=many.test&state=invited",
        "q=2019&sort=number",
        f"site={bench.demo.site_id}&state=active",
    ):
        best = 9.0
        for _ in range(2):
            started = time.perf_counter()
            status, page, _ = await bench.call("GET", f"/admin/people?limit=200&{query}", token)
            best = min(best, time.perf_counter() - started)
            assert status == 200 and page["items"], query
        slowest = max(slowest, best)
    print(f"the slowest of 8 questions about 20,003 people: {slowest * 1000:.0f} ms")
    assert slowest < 1.0


async def test_the_file_is_safe_for_spreadsheets(bench: Bench) -> None:
    token = await admin(bench)
    evil = new(bench, "Evil") | {"name": '=HYPERLINK("x")', "department": "+1;=2"}
    assert (await bench.call("POST", "/admin/people", token, json=evil))[0] == 201
    status, raw, headers = await bench.call("GET", "/admin/people.csv?separator=semicolon", token)
    assert (status, headers["Content-Type"]) == (200, "text/csv; charset=utf-8")
    rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig")), delimiter=";"))
    assert rows[0][:2] == ["email", "name"] and len(rows) == 5
    row = next(row for row in rows if row[0] == "evil@example.test")
    assert (row[1], row[3]) == ('\'=HYPERLINK("x")', "'+1;'=2")
    for line in csv.reader(io.StringIO(raw.decode("utf-8-sig"))):  # opened with the other sign
        assert not any(cell.strip()[:1] in ("=", "+", "-", "@") for cell in line)
    _, page, _ = await bench.call("GET", "/admin/people?q=evil", token)
    chosen = {"ids": [page["items"][0]["id"], new_id()]}  # one of them is gone by now
    path = "/admin/people.csv?separator=semicolon"
    status, raw, _ = await bench.call("POST", path, token, json=chosen)
    assert status == 200
    again = list(csv.reader(io.StringIO(raw.decode("utf-8-sig")), delimiter=";"))
    assert again == [rows[0], row]


async def test_whoever_leaves_hands_the_number_on(bench: Bench) -> None:
    token = await admin(bench)
    berta = bench.demo.users["berta@example.test"]
    await bench.login("berta@example.test")
    async with bench.gateway.features.storage.write(bench.demo.tenant_id) as db:
        await db.add(
            ApiKey(
                tenant_id=bench.demo.tenant_id,
                key_id="k1",
                digest=b"x",
                name="Bertas key",
                created_by=berta,
            )
        )

    class Pbx(type(bench.gateway.features.pbx)):  # type: ignore[misc]
        async def get_forwarding(self, user: UserKey) -> list[Forwarding]:
            to = Numbers("103", "103", "103")
            return [Forwarding("busy", True, to)] if user.user_id == berta else []

    bench.gateway.features.pbx.open(Pbx())
    status, shown, _ = await bench.call("GET", f"/admin/people/{berta}/leaver", token)
    kept = {one["kind"]: one["count"] for one in shown["kept"]}
    assert status == 200 and kept["device"] == kept["session"] == kept["line"] == 1
    assert shown["forwardings"] == [{"kind": "busy", "to": "103"}]
    assert shown["keys"] == [{"key_id": "k1", "name": "Bertas key"}]
    assert shown["last_admin"] is False

    _, dora, _ = await bench.call("POST", "/admin/people", token, json=new(bench, "Dora"))
    carla = bench.demo.users["carla@example.test"]
    path = f"/admin/people/{berta}/leave"
    taken = {"then": "erase", "number_to": carla}
    status, problem, _ = await bench.call("POST", path, token, json=taken)
    assert (status, problem["code"]) == (409, "has_a_number")
    assert (await bench.call("GET", f"/admin/people/{berta}", token))[0] == 200  # nothing happened
    leave = {"then": "erase", "number_to": dora["id"], "why": "left"}
    assert (await bench.call("POST", path, token, json=leave))[0] == 204
    assert (await bench.call("GET", f"/admin/people/{berta}", token))[0] == 404
    _, dora, _ = await bench.call("GET", f"/admin/people/{dora['id']}", token)
    assert (dora["line"]["number"], dora["line"]["has_password"]) == ("102", True)
    anna = bench.demo.users["anna@example.test"]
    _, mine, _ = await bench.call("GET", f"/admin/people/{anna}/leaver", token)
    assert mine["last_admin"] is True
    last = {"then": "disable"}
    status, problem, _ = await bench.call("POST", f"/admin/people/{anna}/leave", token, json=last)
    assert (status, problem["code"]) == (409, "last_admin")


async def invited(bench: Bench, token: str, body: dict[str, Any]) -> dict[str, Any]:
    """How it came out."""
    status, job, _ = await bench.call("POST", "/admin/people/invite", token, json=body)
    assert status == 202
    async with asyncio.timeout(10):
        while job["state"] == "running":
            await asyncio.sleep(0.02)
            _, job, _ = await bench.call("GET", "/admin/people/invite", token)
    found: dict[str, Any] = job
    return found


async def test_many_are_invited_and_whoever_is_in_is_left_alone(bench: Bench) -> None:
    token = await admin(bench)
    await many(bench, 30)
    body = {"all_new": True}
    sent = await invited(bench, token, body)
    assert (sent["sent"], sent["left_out"], sent["mail"]) == (10, 0, "not_configured")
    assert sent["letters_waiting"] == 10
    assert (await invited(bench, token, body))["sent"] == 0
    ids = list(bench.demo.users.values())
    sent = await invited(bench, token, {"ids": ids})
    assert (sent["sent"], sent["left_out"]) == (0, 3)
    status, stopped, _ = await bench.call("DELETE", "/admin/people/invite", token)
    assert (status, stopped["state"]) == (200, "done")
    # Whose answer was lost asks again, and nobody gets two letters.
    once = {"Idempotency-Key": "invite-1"}
    first, again = [
        await bench.call("POST", "/admin/people/invite", token, json={"ids": ids[:1]}, headers=once)
        for _ in range(2)
    ]
    assert (first[0], again[:2]) == (202, first[:2])
    async with bench.gateway.features.storage.read(bench.demo.tenant_id) as db:
        letters = await db.count(OneTimeToken, col(OneTimeToken.kind) == "invitation")
        jobs = await db.count(OutboxItem, OutboxItem.kind == "invite_people")
    assert (letters, jobs) == (10, 4)


async def test_a_pbx_creates_changes_and_takes_away(bench: Bench) -> None:
    token = await admin(bench)
    key = await key_with(bench, Permission.PEOPLE_WRITE)
    person = {"email": "Erika@example.test", "name": "Erika Muster", "number": "106"}
    status, made, _ = await bench.call("PUT", "/provisioning/users", key, json=person)
    assert (status, made["outcome"], made["person"]["source"]) == (201, "created", "pbx"), made
    status, again, _ = await bench.call("PUT", "/provisioning/users", key, json=person)
    assert (status, again["outcome"]) == (200, "unchanged")
    part = {"email": "erika@EXAMPLE.test", "desk_number": "5106"}
    status, more, _ = await bench.call("PUT", "/provisioning/users", key, json=part)
    assert (status, more["outcome"]) == (200, "updated")
    assert (more["person"]["name"], more["person"]["line"]["number"]) == ("Erika Muster", "106")
    promoted = {"email": "erika@example.test", "role": "admin"}
    status, problem, _ = await bench.call("PUT", "/provisioning/users", key, json=promoted)
    assert (status, problem["code"]) == (403, "permission_missing")
    status, _, _ = await bench.call("DELETE", "/provisioning/users?email=erika@example.test", key)
    assert status == 204
    _, left, _ = await bench.call("GET", f"/admin/people/{made['person']['id']}", token)
    assert (left["state"], left["line"]) == ("disabled", None)
    status, problem, _ = await bench.call("DELETE", "/provisioning/users?email=no@x.test", key)
    assert (status, problem["code"]) == (404, "person_unknown")
    status, problem, _ = await bench.call("PUT", "/provisioning/users", token, json={})
    assert status == 422
    reader = await key_with(bench, Permission.PEOPLE_READ)
    assert (await bench.call("PUT", "/provisioning/users", reader, json=person))[0] == 403


async def proven_before(bench: Bench, user_id: str, ago: timedelta) -> None:
    async with bench.gateway.features.storage.write(bench.demo.tenant_id) as db:
        await db.update(Session, Session.user_id == user_id, proven_at=utc_now() - ago)


async def test_a_role_needs_a_proof_of_the_last_minutes(bench: Bench) -> None:
    token = await admin(bench)
    anna, berta = (bench.demo.users[f"{name}@example.test"] for name in ("anna", "berta"))
    templates, chiefs = "/admin/people-templates", {"name": "Chiefs", "role": "admin"}
    status, kept, _ = await bench.call("POST", templates, token, json=chiefs)
    assert status == 201, kept
    await proven_before(bench, anna, timedelta(hours=1))
    status, shown, headers = await bench.call("GET", f"/admin/people/{berta}", token)
    line = {key: shown["line"][key] for key in ("site_id", "number", "device_id", "auth_user")}
    same = {"email": shown["email"], "name": "Berta Neu", "line": line}
    fresh = {"If-Match": headers["ETag"]}
    path, template = f"/admin/people/{berta}", f"{templates}/{kept['id']}"
    first = {"If-Match": '"1"'}
    ruler, provisioned = new(bench, "Dora", role="admin"), "/provisioning/users"
    for answer in (
        await bench.call("PUT", path, token, json=same | {"role": "admin"}, headers=fresh),
        await bench.call("POST", "/admin/people", token, json=ruler),
        await bench.call(
            "PUT", provisioned, token, json={"email": shown["email"], "role": "admin"}
        ),
        await bench.call("PUT", provisioned, token, json={"email": ANNA, "role": None}),
        await bench.call("DELETE", path, token, json={}),
        await bench.call("POST", f"{path}/leave", token, json={"then": "erase"}),
        await bench.call("POST", templates, token, json=chiefs | {"name": "Others"}),
        await bench.call("PUT", template, token, json=chiefs | {"name": "New"}, headers=first),
        await bench.call("PUT", template, token, json={"name": "Chiefs"}, headers=first),
    ):
        assert (answer[0], answer[1]["code"]) == (403, "step_up_required")
    status, changed, _ = await bench.call("PUT", path, token, json=same, headers=fresh)
    assert (status, changed["name"], changed["role"]) == (200, "Berta Neu", "user"), changed
    body = {"email": shown["email"], "role": "user", "department": "Sales"}
    status, said, _ = await bench.call("PUT", provisioned, token, json=body)
    assert (status, said["outcome"]) == (200, "updated")
    assert (await bench.call("POST", templates, token, json={"name": "Sales"}))[0] == 201


async def test_whose_mailbox_opens_an_account_needs_a_proof_and_is_told_to_the_old_one(
    letters: Letters, bench: Bench
) -> None:
    token = await admin(bench)
    anna, berta, carla = bench.demo.users.values()
    async with bench.gateway.features.storage.write(bench.demo.tenant_id) as db:
        await db.update(User, User.id == berta, role="admin")
    await proven_before(bench, anna, timedelta(hours=1))

    async def moved(user_id: str, email: str = "") -> tuple[int, dict[str, Any]]:
        path = f"/admin/people/{user_id}"
        _, shown, headers = await bench.call("GET", path, token)
        same = {key: shown[key] for key in ("name", "role", "language")}
        body = same | {"email": email or shown["email"].upper(), "department": "Sales"}
        fresh = {"If-Match": headers["ETag"]}
        status, reply, _ = await bench.call("PUT", path, token, json=body, headers=fresh)
        return status, reply

    for ruler in (anna, berta):
        status, problem = await moved(ruler, "mallory@evil.test")
        assert (status, problem["code"]) == (403, "step_up_required")
        assert (await moved(ruler))[0] == 200  # written otherwise it is the same address
    assert letters.of("email_changed") == []
    status, changed = await moved(carla, "carla@new.test")
    assert (status, changed["email"]) == (200, "carla@new.test")
    told = await letters.next("email_changed")
    assert (told.to, told.values["new_email"]) == ("carla@example.test", "c***@new.test")
    await proven_before(bench, anna, timedelta())
    assert (await moved(berta, "berta@new.test"))[0] == 200
    assert (await letters.next("email_changed", 2)).to.lower() == "berta@example.test"


async def test_an_address_that_gets_no_letters_is_refused_and_an_old_one_stops_nobody(
    bench: Bench,
) -> None:
    token = await admin(bench)
    body = new(bench, "J") | {"email": "jürgen@example.test"}
    status, problem, _ = await bench.call("POST", "/admin/people", token, json=body)
    assert (status, problem["code"]) == (422, "email_invalid")
    await many(bench, 6)
    async with bench.gateway.features.storage.write(bench.demo.tenant_id) as db:
        await db.update(User, User.email == "p2@many.test", email="jürgen@many.test")
    body = {"all_new": True}
    sent = await invited(bench, token, body)
    assert (sent["state"], sent["sent"]) == ("done", 2)
