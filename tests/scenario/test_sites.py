"""Sites by the API: what fits is kept, what does not is told in words, a change goes down the
link."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from gateway.storage.models import Line, Site, User
from gateway.storage.tables.audit import AuditEntry
from tests.support.gateway_platform import Bench

SITE: dict[str, Any] = {
    "name": "Branch",
    "profile": "voice",
    "country": "de",
    "area_code": "30",
    "number_block": "+493055501",
    "extension_digits": 4,
    "extension_ranges": [["1000", "1999"], ["300", "399"]],
    "codecs": ["G722", "PCMA"],
    "pbx_release": "V10",
    "channels": 30,
    "ip_licences": 100,
}


async def admin(bench: Bench, role: str = "admin") -> str:
    async with bench.gateway.features.storage.write(bench.demo.tenant_id) as db:
        await db.update(User, User.email == "anna@example.test", role=role)
    return str((await bench.login())["access_token"])


async def test_a_site_from_its_beginning_to_its_end(bench: Bench) -> None:
    token = await admin(bench)
    status, made, headers = await bench.call("POST", "/admin/sites", token, json=SITE)
    assert status == 201, made
    assert {name: made[name] for name in SITE} == SITE
    assert (made["lines"], made["exit_code"], headers["ETag"]) == (0, "0", '"1"')
    path = f"/admin/sites/{made['id']}"
    changed = {**SITE, "name": "Berlin", "channels": None}
    assert (await bench.call("PUT", path, token, json=changed))[0] == 428
    match = {"If-Match": '"1"'}
    status, now, headers = await bench.call("PUT", path, token, json=changed, headers=match)
    assert (status, now["name"], now["channels"], headers["ETag"]) == (200, "Berlin", None, '"2"')
    status, answer, _ = await bench.call("PUT", path, token, json=SITE, headers=match)
    assert (status, answer["code"]) == (412, "changed_meanwhile")
    _, listed, _ = await bench.call("GET", "/admin/sites", token)
    assert [(row["name"], row["lines"]) for row in listed["items"]] == [
        ("Berlin", 0),
        ("Head office", 3),
    ]
    assert (await bench.call("DELETE", path, token))[0] == 204
    assert (await bench.call("GET", path, token))[0] == 404
    async with bench.gateway.features.storage.read(bench.demo.tenant_id) as db:
        entries = await db.find(AuditEntry, AuditEntry.target == "site")
    assert [row.action for row in entries] == ["site.create", "site.change", "site.delete"]
    assert entries[1].before == {"name": "Branch", "channels": 30}
    assert entries[1].after == {"name": "Berlin", "channels": None}


async def test_a_change_is_announced_to_the_connector(bench: Bench) -> None:
    token, site_id = await admin(bench), bench.demo.site_id
    _, was, headers = await bench.call("GET", f"/admin/sites/{site_id}", token)
    wanted = {name: was[name] for name in SITE}
    wanted |= {"area_code": "40", "number_block": "+494055501"}
    match = {"If-Match": headers["ETag"]}
    path = f"/admin/sites/{site_id}"
    status, _, _ = await bench.call("PUT", path, token, json=wanted, headers=match)
    assert status == 200
    async with bench.gateway.features.storage.read(bench.demo.tenant_id) as db:
        row = await db.get(Site, site_id)
    assert row is not None
    async with asyncio.timeout(5):
        await bench.sites.told.wait()
    assert bench.sites.announced == [(site_id, row.config_version)]
    status, config, _ = await bench.call("GET", "/connector/config", bench.api_key)
    assert (status, config["site"]["area_code"]) == (200, "40")
    assert config["site"]["trunk_number"] == "4055501"


async def test_a_site_in_use_stays(bench: Bench) -> None:
    token, site_id = await admin(bench), bench.demo.site_id
    path = f"/admin/sites/{site_id}"
    status, answer, _ = await bench.call("DELETE", path, token)
    assert (status, answer["code"], answer["lines"]) == (409, "site_in_use", 3)
    _, was, headers = await bench.call("GET", path, token)
    wanted = {name: was[name] for name in SITE} | {"profile": "voice"}
    match = {"If-Match": headers["ETag"]}
    status, answer, _ = await bench.call("PUT", path, token, json=wanted, headers=match)
    assert (status, answer["code"]) == (409, "site_in_use")


async def test_a_removed_site_takes_its_keys_along(bench: Bench) -> None:
    token = await admin(bench)
    async with bench.gateway.features.storage.write(bench.demo.tenant_id) as db:
        await db.delete(Line)
    assert (await bench.call("DELETE", f"/admin/sites/{bench.demo.site_id}", token))[0] == 204
    assert (await bench.call("GET", "/connector/config", bench.api_key))[0] == 401


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"name": "Head office"}, "name_taken"),
        ({"name": " "}, "invalid"),
        ({"name": "a\nb"}, "one line"),
        ({"profile": "asterisk"}, "invalid"),
        ({"country": "xx"}, "country"),
        ({"area_code": "0"}, "trunk prefix"),
        ({"number_block": "493055501"}, "invalid"),
        ({"number_block": "+4315550"}, "+49"),
        ({"extension_digits": 3}, "longer than 3"),
        ({"extension_ranges": [["1999", "1000"]]}, "lower one first"),
        ({"extension_ranges": [["100", "1999"]]}, "same number of digits"),
        ({"extension_ranges": [["1000", "1500"], ["1500", "1999"]]}, "overlaps"),
        ({"codecs": []}, "invalid"),
        ({"codecs": ["G722"]}, "PCMA"),
        ({"codecs": ["PCMA", "PCMA"]}, "once"),
        ({"channels": 0}, "invalid"),
        ({"channels": 10**12}, "invalid"),
        ({"owner": "x"}, "invalid"),
    ],
)
async def test_what_does_not_fit_is_told_in_words(
    bench: Bench, change: dict[str, Any], word: str
) -> None:
    token = await admin(bench)
    status, answer, _ = await bench.call("POST", "/admin/sites", token, json={**SITE, **change})
    assert status in (409, 422) and word in str(answer), answer


async def test_help_desk_may_look_and_not_touch(bench: Bench) -> None:
    token, path = await admin(bench, "help_desk"), f"/admin/sites/{bench.demo.site_id}"
    assert (await bench.call("GET", path, token))[0] == 200
    assert (await bench.call("POST", "/admin/sites", token, json=SITE))[0] == 403
    assert (await bench.call("DELETE", path, token))[0] == 403
    token = await admin(bench, "user")
    assert (await bench.call("GET", path, token))[0] == 403
