"""No secret lies readable in the database or in a log: a thief of either cannot use it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.gateway_platform import PASSWORD, PBX_PASSWORD, open_bench

HELLO = {
    "instance": "11111111-2222-4333-8444-555555555555",
    "version": "0.1.0",
    "profile": "business",
}


def database(folder: Path) -> bytes:
    """With what still stands in the write-ahead log."""
    return b"".join(file.read_bytes() for file in folder.glob("gateway.sqlite3*"))


async def test_neither_the_database_nor_the_log_holds_a_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    async with open_bench(tmp_path, monkeypatch) as bench:
        signed_in = await bench.login()
        status, link, _ = await bench.call("POST", "/connector/session", bench.api_key, json=HELLO)
        assert status == 200
        assert PBX_PASSWORD in str(link), "the connector gets what it registers with"
        wrong = bench.api_key[:-1] + ("0" if bench.api_key[-1] != "0" else "1")
        await bench.call("POST", "/connector/session", wrong, json=HELLO)
        await bench.call("POST", "/auth/login", None, json={"email": "a", "password": PASSWORD})
        secrets = {
            "API key": bench.api_key,
            "the key's secret part": bench.api_key.split("_")[2],
            "link token": link["token"],
            "access token": signed_in["access_token"],
            "refresh token": signed_in["refresh_token"],
            "password": PASSWORD,
            "line's PBX password": PBX_PASSWORD,
        }
    stored = database(tmp_path)
    assert b"anna@example.test" in stored
    out, err = capfd.readouterr()
    found = {
        name: place
        for name, secret in secrets.items()
        for place, text in (("database", stored), ("log", (out + err).encode()))
        if secret.encode() in text
    }
    assert not found
