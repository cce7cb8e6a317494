"""API keys: whole or worthless, two for a change-over, dead when revoked."""

from __future__ import annotations

from typing import Any

import pytest

from gateway.credentials import api_key
from gateway.ports import KeyIdentity, Problem
from gateway.storage.models import ApiKey
from tests.support.gateway_platform import Bench

INSTANCE = "11111111-2222-4333-8444-555555555555"


def session_body(**changes: Any) -> dict[str, Any]:
    return {"instance": INSTANCE, "version": "0.1.0", "profile": "business", **changes}


async def open_session(bench: Bench, key: str, **changes: Any) -> tuple[int, Any]:
    status, body, _ = await bench.call(
        "POST", "/connector/session", key, json=session_body(**changes)
    )
    return status, body


async def test_only_the_whole_key_counts(bench: Bench) -> None:
    unknown = api_key.new_key().text
    key_id = api_key.key_id_of(bench.api_key)
    body = f"gwc_{key_id}_{'0' * 43}"
    guessed = f"{body}_{api_key._checksum(body)}"
    assert api_key.key_id_of(guessed) == key_id  # well-formed, known id, wrong secret
    for wrong in (unknown, guessed, bench.api_key[:-1], bench.api_key + "x", "gwc_"):
        status, answer = await open_session(bench, wrong)
        assert (status, answer["code"]) == (401, "key_refused")


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


async def test_who_shows_wrong_keys_is_slowed_down_the_right_one_is_not(bench: Bench) -> None:
    for _ in range(40):
        assert (await open_session(bench, bench.api_key))[0] == 200
    answers = {(await open_session(bench, api_key.new_key().text))[0] for _ in range(32)}
    assert answers == {401, 429}
