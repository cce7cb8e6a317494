"""TURN credentials that coturn accepts, for minutes."""

from __future__ import annotations

import base64
import hashlib
import hmac
import time

from tests.support.gateway_platform import Bench

INSTANCE = "11111111-2222-4333-8444-555555555555"


async def test_turn_credentials_are_those_coturn_computes(bench: Bench) -> None:
    grant = await bench.login()
    _, body, _ = await bench.call("POST", "/turn-credentials", grant["access_token"])
    expires, name = body["username"].split(":", 1)
    assert name == grant["device_id"]  # opaque: no address, no name
    assert 590 <= int(expires) - time.time() <= 601 and body["ttl"] == 600
    mac = hmac.new(b"turn-secret", body["username"].encode(), hashlib.sha1)
    assert body["credential"] == base64.b64encode(mac.digest()).decode()
    assert body["urls"] == ["turn:192.0.2.1:3478"]
