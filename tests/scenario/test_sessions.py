"""Where one is signed in, and signing out from afar."""

from __future__ import annotations

from time import monotonic

from tests.support.gateway_platform import Bench

BERTA = "berta@example.test"


async def test_the_list_and_a_lost_phone(bench: Bench) -> None:
    here = await bench.login(kind="web", name="Office PC")
    lost = await bench.login(kind="ios", name="Phone in the taxi")
    token = here["access_token"]
    status, body, _ = await bench.call("GET", "/me/sessions", token)
    assert status == 200
    first, second = body["items"]
    assert (first["id"], first["this"]) == (here["session_id"], True)
    assert (second["id"], second["this"]) == (lost["session_id"], False)
    assert second["device"] == {
        "id": lost["device_id"],
        "kind": "ios",
        "name": "Phone in the taxi",
    }
    assert second["method"] == "password" and second["client_ip"] == "127.0.0.1"
    phone = await bench.socket(lost["access_token"])
    await phone.next("snapshot")
    started = monotonic()
    path = f"/me/sessions/{lost['session_id']}"
    assert (await bench.call("DELETE", path, token))[0] == 204
    assert (await phone.next("session.ended"))["reason"] == "signed_out_remotely"
    await phone.gone.wait()
    assert monotonic() - started < 5
    refresh = {"refresh_token": lost["refresh_token"]}
    assert (await bench.call("POST", "/auth/refresh", json=refresh))[0] == 401
    _, body, _ = await bench.call("GET", "/me/sessions", token)
    assert [item["id"] for item in body["items"]] == [here["session_id"]]


async def test_everywhere_but_here(bench: Bench) -> None:
    here, *others = [await bench.login() for _ in range(3)]
    berta = await bench.login(BERTA)
    assert (await bench.call("DELETE", "/me/sessions", here["access_token"]))[0] == 204
    statuses = [
        (await bench.call("GET", "/me", grant["access_token"]))[0]
        for grant in (here, *others, berta)
    ]
    assert statuses == [200, 401, 401, 200]


async def test_a_colleagues_session_is_unknown(bench: Bench) -> None:
    anna, berta = await bench.login(), await bench.login(BERTA)
    path = f"/me/sessions/{berta['session_id']}"
    status, body, _ = await bench.call("DELETE", path, anna["access_token"])
    assert (status, body["code"]) == (404, "session_unknown")
    assert (await bench.call("GET", "/me", berta["access_token"]))[0] == 200


async def test_last_use_is_the_last_exchange_of_the_token(bench: Bench) -> None:
    grant = await bench.login(kind="ios")
    token = grant["access_token"]
    _, before, _ = await bench.call("GET", "/me/sessions", token)
    refresh = {"refresh_token": grant["refresh_token"], "device_id": grant["device_id"]}
    assert (await bench.call("POST", "/auth/refresh", json=refresh))[0] == 200
    _, after, _ = await bench.call("GET", "/me/sessions", token)
    assert after["items"][0]["last_used"] > before["items"][0]["last_used"]
    assert after["items"][0]["created_at"] == before["items"][0]["created_at"]


async def test_what_there_is_to_prove_oneself(bench: Bench) -> None:
    token = (await bench.login())["access_token"]
    status, body, _ = await bench.call("GET", "/me/security", token)
    assert status == 200
    assert body["password"] == {"set": True, "changed_at": None, "min_length": 12}
    assert body["second_factor"] == {
        "policy": "optional",
        "totp": False,
        "totp_since": None,
        "recovery_codes_left": 0,
        "passkeys": 0,
    }
    assert body["managed_elsewhere"] is False and body["session"]["method"] == "password"
