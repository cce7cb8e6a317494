"""Signing in and staying signed in, by cookie and by token."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.gateway_platform import PASSWORD, Bench, open_bench

LOGIN = {"email": "anna@example.test", "password": PASSWORD, "device": {"kind": "web"}}


class TestCookies:
    async def test_a_browser_on_this_machine(self, bench: Bench) -> None:
        own = {"Origin": bench.origin}
        status, body, headers = await bench.call("POST", "/auth/login", json=LOGIN, headers=own)
        assert status == 200 and body["refresh_token"] is None
        cookie = headers["Set-Cookie"]
        assert cookie.startswith("offhook-refresh-localhost=")
        assert "HttpOnly" in cookie and "SameSite=Strict" in cookie
        assert "Path=/api/v1/auth" in cookie and "Secure" not in cookie
        status, again, _ = await bench.call("POST", "/auth/refresh", json={}, headers=own)
        assert status == 200 and again["session_id"] == body["session_id"]

    async def test_refresh_by_cookie_needs_our_origin(self, bench: Bench) -> None:
        await bench.call("POST", "/auth/login", json=LOGIN)
        for headers in ({}, {"Origin": "https://evil.example"}, {"Origin": "null"}):
            status, body, _ = await bench.call("POST", "/auth/refresh", json={}, headers=headers)
            assert (status, body["code"]) == (403, "origin_refused")

    async def test_signing_out_takes_the_cookie_and_the_session(self, bench: Bench) -> None:
        own = {"Origin": bench.origin}
        _, body, _ = await bench.call("POST", "/auth/login", json=LOGIN, headers=own)
        status, _, headers = await bench.call("POST", "/auth/logout", json={}, headers=own)
        assert status == 204 and "Max-Age=0" in headers["Set-Cookie"]
        status, reply, _ = await bench.call("GET", "/me", body["access_token"])
        assert (status, reply["code"]) == (401, "session_ended")
        assert (await bench.call("POST", "/auth/refresh", json={}, headers=own))[0] == 401

    async def test_not_over_plain_http_to_another_name(self, bench: Bench) -> None:
        status, body, _ = await bench.call(
            "POST", "/auth/login", json=LOGIN, headers={"Host": "phone.example:8080"}
        )
        assert (status, body["code"]) == (403, "https_required")

    async def test_behind_a_trusted_proxy_the_host_prefix_is_used(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        overrides = {
            "public_url": "https://phone.example",
            "http": {"port": 0, "trusted_proxies": ["127.0.0.1/32"]},
        }
        async with open_bench(tmp_path, monkeypatch, overrides) as bench:
            sent = {
                "Host": "phone.example",
                "X-Forwarded-Proto": "https",
                "Origin": "https://phone.example",
            }
            _, _, headers = await bench.call("POST", "/auth/login", json=LOGIN, headers=sent)
            cookie = headers["Set-Cookie"]
            assert cookie.startswith("__Host-offhook-refresh=")
            for attribute in ("Secure", "HttpOnly", "SameSite=Strict", "Path=/"):
                assert attribute in cookie
            assert "Domain" not in cookie
            assert headers["Strict-Transport-Security"].startswith("max-age=")

    async def test_native_clients_get_the_token_pages_never(self, bench: Bench) -> None:
        grant = await bench.login(kind="ios")
        assert grant["refresh_token"]
        status, body, headers = await bench.call(
            "POST", "/auth/refresh", json={"refresh_token": grant["refresh_token"]}
        )
        assert status == 200 and body["refresh_token"] and "Set-Cookie" not in headers
        page = {"Origin": bench.origin}
        native = {**LOGIN, "device": {"kind": "ios"}}
        for path, sent in (
            ("/auth/login", native),
            ("/auth/refresh", {"refresh_token": body["refresh_token"]}),
        ):
            status, refused, _ = await bench.call("POST", path, json=sent, headers=page)
            assert (status, refused["code"]) == (403, "origin_refused")
