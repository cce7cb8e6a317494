"""Announcements over real HTTP: by the operator to everybody, by admins to their own."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from gateway.features.announcements.letters import AnnouncementLetters
from gateway.outbox import Delivery
from gateway.storage.ids import utc_now
from gateway.storage.models import Site, Tenant
from gateway.storage.storage import TenantSession
from gateway.storage.tables.notices import Announcement
from tests.support.callers import appoint
from tests.support.gateway_platform import Bench
from tests.support.letters import Letters

PATH = "/admin/announcements"


@pytest.fixture
def letters(monkeypatch: pytest.MonkeyPatch) -> Letters:
    return Letters.tap(monkeypatch)


async def operator(bench: Bench) -> str:
    platform = Tenant(name="Platform", kind="platform")
    async with bench.gateway.features.storage.index(write=True) as index:
        await index.create_tenant(platform)
    await appoint(bench, "operator", "olga@platform.test", platform.id)
    return str((await bench.login("olga@platform.test"))["access_token"])


async def admin(bench: Bench) -> str:
    await appoint(bench, "admin", "adele@example.test")
    return str((await bench.login("adele@example.test"))["access_token"])


def wish(**values: Any) -> dict[str, Any]:
    now = utc_now()
    return {
        "kind": "maintenance",
        "title": "New telephone system",
        "text": "On Sunday.",
        "shown_until": (now + timedelta(days=3)).isoformat(),
        **values,
    }


async def shown(bench: Bench, token: str, language: str = "") -> list[dict[str, Any]]:
    status, reply, _ = await bench.call("GET", f"/announcements?language={language}", token)
    assert status == 200
    items: list[dict[str, Any]] = reply["items"]
    return items


async def test_an_admin_tells_the_own_people_and_open_clients_hear_of_it(bench: Bench) -> None:
    boss = await admin(bench)
    berta = await bench.login("berta@example.test")
    mallory = await bench.login("mallory@other.test")
    phone, stranger = (
        await bench.socket(berta["access_token"]),
        await bench.socket(mallory["access_token"]),
    )
    for one in (phone, stranger):
        await one.next("snapshot")
    words = {"de": {"title": "Neue Telefonanlage", "text": "Am Sonntag."}}
    status, made, headers = await bench.call("POST", PATH, boss, json=wish(translations=words))
    assert status == 201 and headers["ETag"] == '"1"'
    await phone.next("announcement.changed")
    (seen,) = await shown(bench, berta["access_token"])
    assert (seen["title"], seen["source"], seen["created_by"]) == (
        "New telephone system",
        "tenant",
        "Adele",
    )
    (seen,) = await shown(bench, berta["access_token"], "de-AT")
    assert (seen["title"], seen["text"]) == ("Neue Telefonanlage", "Am Sonntag.")
    assert await shown(bench, mallory["access_token"]) == []
    sockets = [socket.actor.user for socket in bench.gateway.phone.sockets]
    (key,) = [user for user in sockets if user.tenant_id == bench.other_tenant]
    bench.gateway.features.ports.events.to_user(key, "notice", {"words": "end"})
    await stranger.next("notice")  # in order: nothing of the other tenant came before
    assert "announcement.changed" not in [name for name, _ in stranger.events]
    status, _, _ = await bench.call("DELETE", f"{PATH}/{made['id']}", boss)
    assert status == 204
    assert await shown(bench, berta["access_token"]) == []


async def test_the_operator_tells_everybody(bench: Bench) -> None:
    token, anna = await operator(bench), await bench.login()
    mallory = await bench.login("mallory@other.test")
    body = wish(urgency="emergency", kind="incident", title="No calls to Mars")
    status, made, _ = await bench.call("POST", "/operator/announcements", token, json=body)
    assert status == 201
    for grant in (anna, mallory):
        (seen,) = await shown(bench, grant["access_token"])
        assert (seen["source"], seen["created_by"]) == ("platform", "")
    # Others can neither change it nor take it away.
    boss = await admin(bench)
    tag = {"If-Match": '"1"'}
    for base in (PATH, "/operator/announcements"):
        for method, more in (("PUT", {"json": body, "headers": tag}), ("DELETE", {})):
            status, _, _ = await bench.call(method, f"{base}/{made['id']}", boss, **more)
            assert status == (404 if base == PATH else 403)
    # The most urgent comes first, whoever said it last.
    await bench.call("POST", PATH, boss, json=wish())
    seen_by_anna = await shown(bench, anna["access_token"])
    assert [one["urgency"] for one in seen_by_anna] == ["emergency", "scheduled"]


async def test_some_are_for_administrators_and_some_for_later(bench: Bench) -> None:
    boss, anna = await admin(bench), await bench.login("berta@example.test")
    later = (utc_now() + timedelta(days=1)).isoformat()
    await bench.call("POST", PATH, boss, json=wish(audience="admins"))
    await bench.call("POST", PATH, boss, json=wish(shown_from=later))
    assert await shown(bench, anna["access_token"]) == []
    assert len(await shown(bench, boss)) == 1
    _, page, _ = await bench.call("GET", PATH, boss)
    assert len(page["items"]) == 2 and page["next_cursor"] is None
    _, page, _ = await bench.call("GET", f"{PATH}?limit=1", boss)
    _, rest, _ = await bench.call("GET", f"{PATH}?limit=1&cursor={page['next_cursor']}", boss)
    assert page["items"][0]["id"] > rest["items"][0]["id"] and rest["next_cursor"] is None


async def test_changes_name_the_version_that_was_read(bench: Bench) -> None:
    boss = await admin(bench)
    _, made, _ = await bench.call("POST", PATH, boss, json=wish())
    path, body = f"{PATH}/{made['id']}", wish(title="Other words")
    status, _, _ = await bench.call("PUT", path, boss, json=body)
    assert status == 428
    tag = {"If-Match": '"1"'}
    status, changed, headers = await bench.call("PUT", path, boss, json=body, headers=tag)
    assert (status, changed["title"], headers["ETag"]) == (200, "Other words", '"2"')
    assert changed["shown_from"] == made["shown_from"]
    status, reply, _ = await bench.call("PUT", path, boss, json=body, headers=tag)
    assert (status, reply["code"]) == (412, "changed_meanwhile")
    _, audit, _ = await bench.call("GET", "/admin/audit", boss)
    assert [item["action"] for item in audit["items"]] == [
        "announcement.change",
        "announcement.create",
    ]


async def test_times_that_end_before_they_begin_are_refused(bench: Bench) -> None:
    boss, now = await admin(bench), utc_now()
    for times in (
        {"starts_at": now.isoformat(), "ends_at": (now - timedelta(hours=1)).isoformat()},
        {"shown_until": (now - timedelta(hours=1)).isoformat()},
    ):
        status, reply, _ = await bench.call("POST", PATH, boss, json=wish(**times))
        assert (status, reply["code"]) == (422, "times_invalid")
    for time in ("9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00", "2026-01-01T00:00:00"):
        status, reply, _ = await bench.call("POST", PATH, boss, json=wish(shown_until=time))
        assert (status, reply["code"]) == (422, "invalid"), time
    for field in ("title", "text"):
        status, _, _ = await bench.call("POST", PATH, boss, json=wish(**{field: " "}))
        assert status == 422


async def test_an_update_says_whether_each_sites_pbx_goes_with_it(bench: Bench) -> None:
    token, boss = await operator(bench), await admin(bench)
    await release_of_the_pbx(bench, "V1R0")
    for release in ("0.1.4", "2.0"):
        body = wish(kind="update", release=release, title=f"Release {release}")
        await bench.call("POST", "/operator/announcements", token, json=body)
    fits = {seen["release"]: seen["compatibility"] for seen in await shown(bench, boss)}
    for fit in (*fits["0.1.4"], *fits["2.0"]):
        assert (fit["site"], fit["pbx_release"]) == ("Head office", "V1R0")
    assert [fit["state"] for fit in fits["0.1.4"]] == ["unsupported"]
    assert [fit["state"] for fit in fits["2.0"]] == ["unknown"], "nobody has judged it yet"
    anna = await bench.login("berta@example.test")
    seen_by_anna = await shown(bench, anna["access_token"])
    assert [seen["compatibility"] for seen in seen_by_anna] == [[], []]


async def release_of_the_pbx(bench: Bench, release: str) -> None:
    async with bench.gateway.features.storage.write(bench.demo.tenant_id) as db:
        await db.update(Site, Site.id == bench.demo.site_id, pbx_release=release)


async def test_the_letter_of_an_update_says_release_hours_and_verdict_of_each_site(
    letters: Letters, bench: Bench
) -> None:
    token = await operator(bench)
    await release_of_the_pbx(bench, "V1R0")
    hours = {"starts_at": "2026-11-28T21:00:00+00:00", "ends_at": "2026-11-28T22:00:00+00:00"}
    body = wish(kind="update", release="0.1.4", mail=True, **hours)
    await bench.call("POST", "/operator/announcements", token, json=body)
    await letters.next("announcement", 2)
    (told,) = [one for one in letters.of("announcement") if one.to == "anna@example.test"]
    assert {name: str(told.values[name]) for name in told.values if told.values[name]} == {
        "name": "Anna König",
        "title": "New telephone system",
        "text": "On Sunday.",
        "release": "0.1.4",
        **hours,
        "unsupported": "Head office (V1R0)",
    }


async def test_letters_go_to_administrators_in_their_language(
    letters: Letters, bench: Bench
) -> None:
    token = await operator(bench)
    await appoint(bench, "admin", "adele@example.test")
    words = {"de": {"title": "Wartung", "text": "Am Sonntag."}}
    features = bench.gateway.features
    async with features.storage.write(bench.demo.tenant_id) as db:
        tenant = await db.tenant()
        assert tenant is not None
        tenant.language = "de"
    body = wish(mail=True, translations=words)
    status, _, _ = await bench.call("POST", "/operator/announcements", token, json=body)
    assert status == 201
    await letters.next("announcement", 3)  # the operator's, Anna's and Adele's
    posted = {letter.to: letter.values["title"] for letter in letters.of("announcement")}
    assert posted["adele@example.test"] == "Wartung"
    assert "berta@example.test" not in posted


async def test_a_tenant_that_cannot_be_told_keeps_it_from_no_other_and_none_hears_twice(
    letters: Letters, bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All of it after the answer, from the outbox: a thousand tenants are not for one request."""
    token = await operator(bench)
    await appoint(bench, "admin", "adele@example.test")
    storage = bench.gateway.features.storage
    broken = {bench.demo.tenant_id}
    post, ended = AnnouncementLetters.post, asyncio.Event()

    async def failing(self: AnnouncementLetters, db: TenantSession, row: Announcement) -> None:
        if db.tenant_id in broken:
            ended.set()
            raise OSError("the database is away")
        await post(self, db, row)

    monkeypatch.setattr(AnnouncementLetters, "post", failing)
    body = wish(mail=True)
    status, made, _ = await bench.call("POST", "/operator/announcements", token, json=body)
    assert status == 201
    async with asyncio.timeout(5):
        await ended.wait()
    await letters.next("announcement")
    again = AnnouncementLetters(storage, bench.gateway.features.post.mailer)
    platform = await bench.gateway.features.tenants.life.platform()
    assert platform is not None
    payload = {"announcement": made["id"]}
    item = Delivery("1", platform.id, "announcement_to_all", payload, "", 2, utc_now())
    broken.clear()
    await again.deliver(item)
    await again.deliver(item)
    told = [letter.to for letter in letters.of("announcement")]
    assert sorted(told) == ["adele@example.test", "anna@example.test", "olga@platform.test"]
