"""The HTTP edge: problems, headers, origins, cookies, repeats, the web app's files."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from gateway.http.client import ClientInfo
from gateway.http.cursor import decode, encode
from gateway.http.headers import content_policy
from gateway.ports import CommandResult, Problem
from gateway.storage.models import User
from gateway.storage.usage import StorageQuota
from tests.support.api_events import a_call
from tests.support.gateway_platform import PASSWORD, Bench, open_bench

LOGIN = {"email": "anna@example.test", "password": PASSWORD, "device": {"kind": "web"}}


def problem(body: Any, headers: Any, status: int, code: str) -> None:
    assert headers["Content-Type"] == "application/problem+json"
    assert (body["status"], body["code"]) == (status, code)
    assert body["type"] == f"urn:offhook:problem:{code}" and body["title"]


REFUSALS: tuple[tuple[str, str, dict[str, Any], int, str], ...] = (
    ("GET", "/nothing", {}, 404, "not_found"),
    ("POST", "/nothing", {}, 404, "not_found"),
    ("DELETE", "/me", {}, 405, "method_not_allowed"),
    ("PATCH", "/journal/x", {}, 405, "method_not_allowed"),
    ("POST", "/auth/login", {"data": b"x" * 5000}, 413, "too_large"),
    ("POST", "/auth/login", {"data": b"a=b"}, 415, "unsupported_media_type"),
    ("POST", "/auth/login", {"json": []}, 422, "invalid"),
    ("POST", "/auth/login", {"json": {}}, 422, "invalid"),
    ("POST", "/auth/login", {"json": {**LOGIN, "tenant_id": "x"}}, 422, "invalid"),
    ("POST", "/auth/login", {"json": {**LOGIN, "password": "x" * 300}}, 422, "invalid"),
    ("GET", "/me", {}, 401, "not_signed_in"),
    ("GET", "/me", {"headers": {"Authorization": "Basic eDp5"}}, 401, "not_signed_in"),
)


async def test_refusals_are_problems(bench: Bench) -> None:
    for method, path, options, status, code in REFUSALS:
        got, body, headers = await bench.call(method, path, **options)
        assert got == status, (method, path)
        problem(body, headers, status, code)
        assert ("Allow" in headers) == (status == 405)
        assert PASSWORD not in json.dumps(body)


async def test_bad_json_is_answered(bench: Bench) -> None:
    number = b'{"email":' + b"9" * 4000 + b"}"
    for raw in (b"{", b"[" * 3000, b'{"email": NaN}', b"\xff\xfe", number):
        status, body, _ = await bench.call(
            "POST", "/auth/login", data=raw, headers={"Content-Type": "application/json"}
        )
        assert status in (400, 422) and body["code"] in ("bad_json", "invalid"), raw[:20]


async def test_what_is_not_http_gets_a_problem(bench: Bench) -> None:
    host, port = bench.base.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(b"NOT HTTP AT ALL\r\n\r\n")
    async with asyncio.timeout(5):
        answer = await reader.read()
    writer.close()
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.") and b" 400 " in head.splitlines()[0]
    assert b"application/problem+json" in head and json.loads(body)["code"] == "bad_request"


async def test_a_crash_tells_the_client_nothing(bench: Bench) -> None:
    def broken(_verb: str) -> CommandResult:
        raise RuntimeError("secret inside")

    bench.calls.answer = broken
    token = (await bench.login())["access_token"]
    status, body, headers = await bench.call("POST", "/calls", token, json={"to": "1"})
    assert status == 500 and "secret" not in json.dumps(body)
    problem(body, headers, 500, "internal")


async def test_every_answer_carries_the_security_headers(bench: Bench) -> None:
    for path in ("/me", "//", "//healthz", "/openapi.json"):
        _, _, headers = await bench.call("GET", path)
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert "microphone=(self)" in headers["Permissions-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "Strict-Transport-Security" not in headers  # plain HTTP
        assert "aiohttp" not in headers["Server"]
    _, _, headers = await bench.call("GET", "/me")
    assert headers["Cache-Control"] == "no-store"


def test_web_sockets_are_named_in_the_policy() -> None:
    policy = content_policy(("http://localhost:8080", "https://phone.example"))
    assert "connect-src 'self' ws://localhost:8080 wss://phone.example" in policy


async def test_other_pages_may_not_use_a_users_browser(bench: Bench) -> None:
    token = (await bench.login())["access_token"]
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        status, body, _ = await bench.call("POST", "/turn-credentials", token, headers=headers)
        assert (status, body["code"]) == (403, "origin_refused")
    own = {"Origin": bench.origin, "Sec-Fetch-Site": "same-origin"}
    assert (await bench.call("POST", "/turn-credentials", token, headers=own))[0] == 200


async def test_only_files_that_are_kept_count_for_what_a_company_stores(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[int] = []
    monkeypatch.setattr(StorageQuota, "took", lambda _quota, _tenant, size: taken.append(size))
    anna = bench.demo.users["anna@example.test"]
    async with bench.gateway.features.storage.write(bench.demo.tenant_id) as db:
        await db.update(User, User.id == anna, role="admin")
    token = (await bench.login())["access_token"]
    columns, contacts = "/admin/imports/columns", "/contacts/import"
    people = b"email;name;business\na@example.test;Anna;+498912345\n"

    async def send(path: str, data: bytes) -> tuple[int, str]:
        headers = {"Content-Type": "text/csv"}
        status, body, _ = await bench.call("POST", path, token, data=data, headers=headers)
        return status, body.get("code", "")

    assert await send(columns, people) == (200, "")
    assert (await send(contacts, b"\x00\x01" * 1000))[0] == 422
    assert taken == [], "looked at, and refused"
    assert await send(contacts, people) == (200, "")
    assert taken == [len(people)]

    def full(_quota: StorageQuota, _tenant_id: str) -> None:
        raise Problem(507, "storage_full", "Full")

    monkeypatch.setattr(StorageQuota, "check", full)
    assert await send(contacts, people) == (507, "storage_full")
    assert await send(columns, people) == (200, ""), "nothing is kept of it"


class TestIdempotency:
    async def test_a_repeat_has_one_effect_and_the_same_answer(self, bench: Bench) -> None:
        token = (await bench.login())["access_token"]
        key = {"Idempotency-Key": "once"}
        first = await bench.call("POST", "/calls", token, json={"to": "102"}, headers=key)
        second = await bench.call("POST", "/calls", token, json={"to": "102"}, headers=key)
        assert first[:2] == second[:2] and first[0] == 202
        assert "Idempotent-Replayed" in second[2] and len(bench.calls.commands) == 1
        assert bench.calls.commands[0][3] == "once"
        other = await bench.call("POST", "/calls", token, json={"to": "103"}, headers=key)
        assert (other[0], other[1]["code"]) == (422, "idempotency_key_reused")

    async def test_refusals_are_repeated_faults_are_not(self, bench: Bench) -> None:
        token = (await bench.login())["access_token"]
        key = {"Idempotency-Key": "k"}
        results = [Problem(503, "busy", "Busy"), Problem(409, "not_now", "Not now")]

        def refuse(_verb: str) -> CommandResult:
            raise results.pop(0)

        bench.calls.answer = refuse
        codes = [
            (await bench.call("POST", "/calls", token, json={"to": "1"}, headers=key))[1]["code"]
            for _ in range(3)
        ]
        assert codes == ["busy", "not_now", "not_now"]

    async def test_two_at_once_act_once(self, bench: Bench) -> None:
        token = (await bench.login())["access_token"]
        key = {"Idempotency-Key": "both"}
        answers = await asyncio.gather(
            *(bench.call("POST", "/calls", token, json={"to": "1"}, headers=key) for _ in range(5))
        )
        assert len(bench.calls.commands) == 1
        assert {answer[0] for answer in answers} <= {202, 409}

    async def test_another_users_key_is_another_key(self, bench: Bench) -> None:
        for email in ("anna@example.test", "berta@example.test", "mallory@other.test"):
            token = (await bench.login(email))["access_token"]
            key = {"Idempotency-Key": "shared"}
            status, _, _ = await bench.call("POST", "/calls", token, json={"to": "1"}, headers=key)
            assert status == 202
        assert len(bench.calls.commands) == 3

    @pytest.mark.parametrize("key", ["", "x" * 65])
    async def test_keys_are_short_text(self, bench: Bench, key: str) -> None:
        token = (await bench.login())["access_token"]
        status, _, _ = await bench.call(
            "POST", "/calls", token, json={"to": "1"}, headers={"Idempotency-Key": key}
        )
        assert status == 422


class TestCallsApi:
    async def test_verbs_reach_the_one_implementation(self, bench: Bench) -> None:
        token = (await bench.login())["access_token"]
        status, body, _ = await bench.call("POST", "/calls/c1/hang_up", token, json={"why": "x"})
        assert status == 202 and body["call"] == a_call(words="hang_up")
        _, verb, sent, command_id = bench.calls.commands[0]
        assert (verb, sent["call_id"], sent["why"]) == ("hang_up", "c1", "x")
        assert sent["command_id"] == command_id

    async def test_unknown_verbs_and_calls(self, bench: Bench) -> None:
        token = (await bench.login())["access_token"]
        for path, code in (
            ("/calls/c1/explode", "verb_unknown"),
            ("/calls/c1/dial", "verb_unknown"),
            ("/calls/c1/media.offer", "verb_unknown"),
            ("/calls/foreign/hang_up", "call_unknown"),
            (f"/calls/{'x' * 65}/hang_up", "call_unknown"),
        ):
            status, body, _ = await bench.call("POST", path, token, json={})
            assert (status, body["code"]) == (404, code)

    async def test_no_new_call_while_draining(self, bench: Bench) -> None:
        token = (await bench.login())["access_token"]
        bench.gateway.lifecycle.drain()
        status, body, headers = await bench.call("POST", "/calls", token, json={"to": "1"})
        assert (status, body["code"]) == (503, "restarting") and headers["Retry-After"]
        assert (await bench.call("POST", "/calls/c1/hang_up", token, json={}))[0] == 202
        assert (await bench.call("GET", "//readyz"))[0] == 503
        assert (await bench.call("GET", "//healthz"))[0] == 200
        assert bench.calls.draining


class TestWebApp:
    @pytest.fixture
    async def served(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
        dist = tmp_path / "dist"
        (dist / "assets").mkdir(parents=True)
        (dist / "index.html").write_text("<!doctype html><title>app</title>")
        (dist / "assets" / "a-1f.js").write_text("1")
        (dist / "sw.js").write_text("2")
        (dist / "manifest.webmanifest").write_text("{}")
        (tmp_path / "secret.txt").write_text("no")
        (dist / "link").symlink_to(tmp_path / "secret.txt")
        portal = tmp_path / "portal"
        (portal / "assets").mkdir(parents=True)
        (portal / "index.html").write_text("<!doctype html><title>portal</title>")
        (portal / "assets" / "p-2e.js").write_text("3")
        overrides = {"http": {"port": 0, "webapp_dir": dist, "admin_dir": portal}}
        async with open_bench(tmp_path / "g", monkeypatch, overrides) as bench:
            yield bench

    async def test_files_and_the_page_for_the_apps_own_addresses(self, served: Bench) -> None:
        for path in ("//", "//dial", "//settings/audio"):
            status, body, headers = await served.call("GET", path)
            assert status == 200 and b"<title>app" in body
            assert headers["Cache-Control"] == "no-cache"
        _, _, headers = await served.call("GET", "//assets/a-1f.js")
        assert "immutable" in headers["Cache-Control"]
        _, _, headers = await served.call("GET", "//sw.js")
        assert headers["Cache-Control"] == "no-cache"
        _, _, headers = await served.call("GET", "//manifest.webmanifest")
        assert headers["Content-Type"] == "application/manifest+json"

    async def test_the_portal_has_its_own_page_under_its_own_path(self, served: Bench) -> None:
        for path in ("/admin/", "/admin/people"):
            status, body, headers = await served.call("GET", "/" + path)
            assert status == 200 and b"<title>portal" in body
            assert headers["Cache-Control"] == "no-cache"
        _, body, headers = await served.call("GET", "//admin/assets/p-2e.js")
        assert body == b"3" and "immutable" in headers["Cache-Control"]
        _, body, _ = await served.call("GET", "//administrators")
        assert b"<title>app" in body
        url = served.base + "/admin"
        async with served.http.get(url, allow_redirects=False) as response:
            assert (response.status, response.headers["Location"]) == (308, "/admin/")
        async with served.http.get(served.base + "/admin/assets/a-1f.js") as response:
            assert response.status == 404, "the web app's own files stay where they are"

    async def test_text_is_sent_compressed_and_once(self, served: Bench) -> None:
        for path in ("/", "/assets/a-1f.js"):
            async with served.http.get(served.base + path) as response:
                assert response.headers["Content-Encoding"] == "gzip"
                assert response.headers["Vary"] == "Accept-Encoding"
                assert await response.read() in (b"1", b"<!doctype html><title>app</title>")
                seen = {"If-None-Match": response.headers["ETag"]}
            async with served.http.get(served.base + path, headers=seen) as again:
                assert again.status == 304 and await again.read() == b""
                assert again.headers["ETag"] == seen["If-None-Match"]
                assert "Content-Security-Policy" in again.headers
            plain = {"Accept-Encoding": "identity"}
            async with served.http.get(served.base + path, headers=plain) as response:
                assert response.status == 200 and "Content-Encoding" not in response.headers

    async def test_nothing_else(self, served: Bench) -> None:
        paths = ("/missing.js", "/..%2fsecret.txt", "/%2e%2e/secret.txt", "/link.txt", "/a%00.js")
        for path in paths:
            url = aiohttp.client.URL(served.base + path, encoded=True)
            async with served.http.get(url) as response:
                assert response.status in (400, 404), path
                assert await response.read() != b"no"

    async def test_a_link_out_of_the_folder_is_not_followed(self, served: Bench) -> None:
        _, body, _ = await served.call("GET", "//link")
        assert body != b"no"

    async def test_the_api_never_answers_with_the_page(self, served: Bench) -> None:
        status, body, headers = await served.call("GET", "/no-such-thing")
        assert status == 404
        problem(body, headers, 404, "not_found")


def client(*trusted: str) -> ClientInfo:
    return ClientInfo(trusted, ("https://phone.example",))


class FakeRequest:
    def __init__(self, remote: str, *forwarded: str) -> None:
        from multidict import CIMultiDict

        self.remote = remote
        self.headers = CIMultiDict([("X-Forwarded-For", value) for value in forwarded])
        self.transport = None


@pytest.mark.parametrize(
    ("trusted", "remote", "forwarded", "found"),
    [
        ((), "203.0.113.1", ("10.0.0.1",), "203.0.113.1"),
        (("10.0.0.0/8",), "10.0.0.2", ("198.51.100.1",), "198.51.100.1"),
        (("10.0.0.0/8",), "10.0.0.2", ("6.6.6.6, 198.51.100.1",), "198.51.100.1"),
        (("10.0.0.0/8",), "10.0.0.2", ("6.6.6.6", "198.51.100.1, 10.0.0.3"), "198.51.100.1"),
        (("10.0.0.0/8",), "10.0.0.2", (), "10.0.0.2"),
        (("10.0.0.0/8",), "10.0.0.2", ("rubbish",), "rubbish"),
        (("::1/128",), "::1", ("2001:db8::1",), "2001:db8::1"),
    ],
)
def test_the_clients_address(
    trusted: tuple[str, ...], remote: str, forwarded: tuple[str, ...], found: str
) -> None:
    assert client(*trusted).address(FakeRequest(remote, *forwarded)) == found  # type: ignore[arg-type]


def test_cursors_round_trip() -> None:
    assert decode(encode("a", "ü\n"), 2) == ["a", "ü\n"]
    for bad in ("", "é", encode("a"), encode("a", "b", "c"), "%%%"):
        with pytest.raises(Problem):
            decode(bad, 2)
