"""Operators see load and trouble, and no tenant in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.gateway_platform import open_bench


async def test_metrics_have_a_listener_of_their_own_and_name_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_bench(tmp_path, monkeypatch) as bench:
        grant = await bench.login()
        phone = await bench.socket(grant["access_token"])
        await phone.next("snapshot")
        await phone.send("dial", {"to": "089555123", "command_id": "1"})
        await bench.call("GET", "/directory?q=anna", grant["access_token"])
        bench.calls.count = 3
        bench.gateway.features.ports.setup_stage("invite", 0.015)
        url = bench.gateway.addresses["metrics"]
        assert url.startswith("http://127.0.0.1:")
        async with bench.http.get(url) as response:
            assert response.headers["Content-Type"].startswith("text/plain")
            text = await response.text()
        assert "offhook_sockets 1.0" in text and "offhook_calls 3.0" in text
        assert "offhook_command_seconds_count 1.0" in text
        assert 'offhook_call_setup_seconds_bucket{le="0.02",stage="invite"} 1.0' in text
        assert 'offhook_edge_refused_total{reason="token refused"} 2.0' in text
        assert 'route="/api/v1/directory"' in text
        names = (bench.demo.tenant_id, *bench.demo.users.values(), "anna", "089555123", "König")
        assert not [name for name in names if name in text]
        # Not on the public listener.
        status, body, _ = await bench.call("GET", "//metrics")
        assert b"offhook_sockets" not in (body if isinstance(body, bytes) else b"")
        assert status == 503  # the web app's page, which is not built here


async def test_readiness_tells_what_is_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_bench(tmp_path, monkeypatch) as bench:
        status, body, _ = await bench.call("GET", "//readyz")
        assert status == 200 and body["checks"] == {
            "storage": True,
            "loop": True,
            "accepting": True,
        }

        async def broken() -> bool:
            return False

        storage = bench.gateway.features.storage
        monkeypatch.setattr(storage, "healthy", broken)
        monkeypatch.setattr(bench.gateway.health, "_checks", {"storage": broken})
        status, body, _ = await bench.call("GET", "//readyz")
        assert status == 503 and body["checks"]["storage"] is False
        assert (await bench.call("GET", "//healthz"))[0] == 200
