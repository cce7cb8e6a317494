"""Keys, link sessions, link tokens, TURN credentials."""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
from typing import Any

import pytest

from gateway.credentials import api_key
from gateway.ports import KeyIdentity, Problem
from gateway.storage.ids import new_id
from gateway.storage.models import ApiKey, Connector, Site
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


async def test_only_the_whole_key_counts(bench: Bench) -> None:
    unknown = api_key.new_key().text
    key_id = api_key.key_id_of(bench.api_key)
    body = f"gwc_{key_id}_{'0' * 43}"
    guessed = f"{body}_{api_key._checksum(body)}"
    assert api_key.key_id_of(guessed) == key_id  # well-formed, known id, wrong secret
    for wrong in (unknown, guessed, bench.api_key[:-1], bench.api_key + "x", "gwc_"):
        status, answer = await open_session(bench, wrong)
        assert (status, answer["code"]) == (401, "key_refused")


async def test_a_revoked_key_ends_its_tokens_and_tells_the_edge(bench: Bench) -> None:
    features = bench.gateway.features
    _, session = await open_session(bench, bench.api_key)
    told: list[tuple[str, str]] = []
    features.tokens.on_revoked(lambda site, key: told.append((site, key)))
    identity = await features.keys.verify(bench.api_key)
    assert identity is not None
    await features.keys.revoke(identity)
    assert told == [(bench.demo.site_id, identity.key_id)]
    assert await features.tokens.verify(session["token"]) is None
    assert (await open_session(bench, bench.api_key))[0] == 401
    with pytest.raises(Problem, match="404"):
        await features.keys.revoke(identity)


async def test_two_keys_may_live_for_a_change_over(bench: Bench) -> None:
    keys = bench.gateway.features.keys
    tenant, site = bench.demo.tenant_id, bench.demo.site_id
    second = await keys.create(tenant, site, "new")
    assert (await open_session(bench, second))[0] == 200
    assert (await open_session(bench, bench.api_key))[0] == 200
    with pytest.raises(Problem, match="409"):
        await keys.create(tenant, site, "third")
    old = await keys.verify(bench.api_key)
    assert old is not None
    await keys.revoke(old)
    assert await keys.create(tenant, site, "third")


async def test_another_tenant_cannot_revoke(bench: Bench) -> None:
    keys = bench.gateway.features.keys
    mine = await keys.verify(bench.api_key)
    assert mine is not None
    with pytest.raises(Problem, match="404"):
        await keys.revoke(KeyIdentity(bench.other_tenant, mine.site_id, mine.key_id))
    assert await keys.verify(bench.api_key) == mine


async def test_use_and_expiry(bench: Bench) -> None:
    from datetime import timedelta

    from gateway.storage.ids import utc_now

    storage, tenant = bench.gateway.features.storage, bench.demo.tenant_id
    await open_session(bench, bench.api_key)
    async with storage.write(tenant) as db:
        row = await db.first(ApiKey)
        assert row is not None and row.last_used is not None
        row.expires_at = utc_now() - timedelta(seconds=1)
    assert (await open_session(bench, bench.api_key))[0] == 401


async def test_link_tokens_of_rubbish(bench: Bench) -> None:
    tokens = bench.gateway.features.tokens
    for text in ("", "x", "a.b.c", "ä", bench.api_key):
        assert await tokens.verify(text) is None
    foreign = tokens.issue(KeyIdentity(bench.other_tenant, bench.demo.site_id, "k"), new_id())
    assert await tokens.verify(foreign) is None


async def test_turn_credentials_are_those_coturn_computes(bench: Bench) -> None:
    grant = await bench.login()
    _, body, _ = await bench.call("POST", "/turn-credentials", grant["access_token"])
    expires, name = body["username"].split(":", 1)
    assert name == grant["device_id"]  # opaque: no address, no name
    assert 590 <= int(expires) - time.time() <= 601 and body["ttl"] == 600
    mac = hmac.new(b"turn-secret", body["username"].encode(), hashlib.sha1)
    assert body["credential"] == base64.b64encode(mac.digest()).decode()
    assert body["urls"] == ["turn:192.0.2.1:3478"]


async def test_who_shows_wrong_keys_is_slowed_down_the_right_one_is_not(bench: Bench) -> None:
    for _ in range(40):
        assert (await open_session(bench, bench.api_key))[0] == 200
    answers = {(await open_session(bench, api_key.new_key().text))[0] for _ in range(32)}
    assert answers == {401, 429}
