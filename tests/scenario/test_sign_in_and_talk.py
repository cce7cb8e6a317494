"""From the password to the first command: REST and socket over one running gateway."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.gateway_platform import open_bench


async def test_a_user_signs_in_gets_the_picture_and_dials(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_bench(tmp_path, monkeypatch) as bench:
        grant = await bench.login()
        token = grant["access_token"]
        status, me, _ = await bench.call("GET", "/me", token)
        assert (status, me["user"]["name"], me["line"]["number"]) == (200, "Anna König", "101")
        status, turn, _ = await bench.call("POST", "/turn-credentials", token)
        assert status == 200 and turn["username"].endswith(grant["device_id"])
        phone = await bench.socket(token, {"id": grant["device_id"], "kind": "web"})
        snapshot = await phone.next("snapshot")
        assert snapshot["seq"] == 1 and snapshot["me"]["user"]["name"] == "Anna König"
        assert snapshot["connector"]["state"] == "working"
        answer = await phone.send("dial", {"to": "102", "command_id": "one"})
        assert answer["ok"] is True
        assert (answer["call"]["id"], answer["call"]["words"]) == ("c1", "dial")
        actor, verb, body, command_id = bench.calls.commands[0]
        assert (verb, body["to"], command_id) == ("dial", "102", "one")
        assert actor.device_id == grant["device_id"]
        assert bench.calls.online == [(actor.user, grant["device_id"])]
