"""What a connector gets for its key, and who else does not."""

from __future__ import annotations

from typing import Any

import pytest

from gateway.ports import KeyIdentity
from gateway.storage.ids import new_id
from gateway.storage.models import Connector, Site
from tests.support.gateway_platform import PBX_PASSWORD, Bench

INSTANCE = "11111111-2222-4333-8444-555555555555"


def session_body(**changes: Any) -> dict[str, Any]:
    return {"instance": INSTANCE, "version": "0.1.0", "profile": "business", **changes}


async def open_session(bench: Bench, key: str, **changes: Any) -> tuple[int, Any]:
    status, body, _ = await bench.call(
        "POST", "/connector/session", key, json=session_body(**changes)
    )
    return status, body


async def test_a_session_has_all_a_connector_needs(bench: Bench) -> None:
    status, body = await open_session(bench, bench.api_key)
    assert status == 200 and body["expires_in"] == 600
    assert body["edges"] == [{"host": "localhost", "port": 65061}]
    assert body["site"]["extension_digits"] == 3 and body["service_domain"]
    assert [line["number"] for line in body["lines"]] == ["101", "102", "103"]
    line = body["lines"][0]
    assert line == {
        "line_id": "line-101",
        "device_id": "6101",
        "number": "101",
        "desk_number": "5101",
        "mailbox_number": "199",
        "auth_user": "6101",
        "auth_password": PBX_PASSWORD,
    }
    assert body["turn"]["credential"]
    identity = await bench.gateway.features.tokens.verify(body["token"])
    assert identity is not None and identity.instance == INSTANCE


async def test_line_passwords_are_not_readable_in_the_database(bench: Bench) -> None:
    database = bench.gateway.features.storage.engine.url.database
    from pathlib import Path

    for file in Path(str(database)).parent.glob("gateway.sqlite3*"):
        content = file.read_bytes()
        assert PBX_PASSWORD.encode() not in content
        assert bench.api_key.encode() not in content


async def test_the_installation_is_noted_once(bench: Bench) -> None:
    await open_session(bench, bench.api_key)
    await open_session(bench, bench.api_key, version="0.2.0")
    async with bench.gateway.features.storage.read(bench.demo.tenant_id) as db:
        rows = await db.find(Connector)
    assert [(row.instance, row.version) for row in rows] == [(INSTANCE, "0.2.0")]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"profile": "voice"}, "wrong_profile"),
        ({"profile": "asterisk"}, "invalid"),
        ({"instance": "x"}, "invalid"),
        ({"version": ""}, "invalid"),
        ({"site_id": "x"}, "invalid"),
    ],
)
async def test_what_does_not_fit_is_refused(
    bench: Bench, changes: dict[str, Any], code: str
) -> None:
    status, body = await open_session(bench, bench.api_key, **changes)
    assert status in (403, 422) and body["code"] == code


async def test_config_is_fetched_only_when_it_changed(bench: Bench) -> None:
    _, session = await open_session(bench, bench.api_key)
    path = f"/connector/config?since={session['config_version']}"
    assert (await bench.call("GET", path, bench.api_key))[0] == 204
    storage = bench.gateway.features.storage
    async with storage.write(bench.demo.tenant_id) as db:
        await db.update(Site, Site.id == bench.demo.site_id, config_version=99)
    status, body, _ = await bench.call("GET", path, bench.api_key)
    assert status == 200 and body["config_version"] == 99 and "token" not in body
    assert (await bench.call("GET", "/connector/config", bench.api_key))[0] == 200
    assert (await bench.call("GET", "/connector/config?since=x", bench.api_key))[0] == 422


async def test_link_tokens_of_rubbish(bench: Bench) -> None:
    tokens = bench.gateway.features.tokens
    for text in ("", "x", "a.b.c", "ä", bench.api_key):
        assert await tokens.verify(text) is None
    foreign = tokens.issue(KeyIdentity(bench.other_tenant, bench.demo.site_id, "k"), new_id())
    assert await tokens.verify(foreign) is None
