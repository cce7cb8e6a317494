"""The HTTPS listener beside plain HTTP: verified, modern, with the strict cookie."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from tests.support.gateway_platform import PASSWORD, Bench, open_bench
from tests.support.pki import TestCa

LOGIN = {"email": "anna@example.test", "password": PASSWORD, "device": {"kind": "web"}}


@pytest.fixture
async def served(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[tuple[Bench, Path]]:
    ca = TestCa(tmp_path)
    cert, key = ca.issue("web", dns=["localhost"])
    overrides = {
        "public_url": "https://localhost",
        "http": {"port": 0, "tls_port": 0, "tls_cert": cert, "tls_key": key},
    }
    async with open_bench(tmp_path / "gateway", monkeypatch, overrides) as bench:
        yield bench, ca.ca_file


def trusting(ca_file: Path) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(ca_file))


def https(bench: Bench) -> str:
    return str(bench.gateway.addresses["https"]).replace("127.0.0.1", "localhost")


async def test_a_browser_gets_the_strict_cookie_and_hsts(served: tuple[Bench, Path]) -> None:
    bench, ca_file = served
    async with aiohttp.ClientSession() as http:
        async with http.post(
            f"{https(bench)}/api/v1/auth/login",
            json=LOGIN,
            headers={"Origin": "https://localhost"},
            ssl=trusting(ca_file),
        ) as response:
            assert response.status == 200
            cookie = response.headers["Set-Cookie"]
            assert cookie.startswith("__Host-offhook-refresh=")
            assert "Secure" in cookie and "Path=/;" in cookie + ";" and "Domain" not in cookie
            assert response.headers["Strict-Transport-Security"] == "max-age=31536000"
        async with http.post(
            f"{https(bench)}/api/v1/auth/refresh",
            json={},
            headers={"Origin": "https://localhost"},
            ssl=trusting(ca_file),
        ) as response:
            assert response.status == 200  # the jar kept it and sent it


async def test_without_the_ca_nobody_connects(served: tuple[Bench, Path]) -> None:
    bench, _ = served
    async with aiohttp.ClientSession() as http:
        with pytest.raises(aiohttp.ClientConnectorCertificateError):
            await http.get(https(bench))


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion")
async def test_old_tls_is_refused(served: tuple[Bench, Path]) -> None:
    bench, ca_file = served
    context = trusting(ca_file)
    context.minimum_version = ssl.TLSVersion.TLSv1
    context.maximum_version = ssl.TLSVersion.TLSv1_1
    async with aiohttp.ClientSession() as http:
        with pytest.raises(aiohttp.ClientConnectorError):
            await http.get(https(bench), ssl=context)


async def test_the_plain_listener_sends_no_hsts(served: tuple[Bench, Path]) -> None:
    bench, _ = served
    _, _, headers = await bench.call("GET", "//healthz", headers={"Host": "localhost"})
    assert "Strict-Transport-Security" not in headers


async def test_a_renewed_certificate_is_served_without_a_restart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.http.server._CERTIFICATE_EVERY", 0.01)
    for folder in ("old", "new"):
        (tmp_path / folder).mkdir()
    cert, key = TestCa(tmp_path / "old").issue("web", dns=["localhost"])
    new = TestCa(tmp_path / "new")
    new_cert, new_key = new.issue("web", dns=["localhost"])
    overrides = {
        "public_url": "https://localhost",
        "http": {"port": 0, "tls_port": 0, "tls_cert": cert, "tls_key": key},
    }
    async with (
        open_bench(tmp_path / "gateway", monkeypatch, overrides) as bench,
        aiohttp.ClientSession() as http,
    ):
        health = f"{https(bench)}/healthz"
        with pytest.raises(aiohttp.ClientConnectorCertificateError):
            await http.get(health, ssl=trusting(new.ca_file))
        new_cert.replace(cert)
        new_key.replace(key)
        async with asyncio.timeout(10):
            while True:  # each try is a new connection
                try:
                    async with http.get(health, ssl=trusting(new.ca_file)) as response:
                        assert response.status == 200
                        break
                except aiohttp.ClientConnectorCertificateError:
                    pass
