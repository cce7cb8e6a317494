"""The edge's certificate is renewed while it serves (RFC 5922 leaves how to us)."""

from __future__ import annotations

from pathlib import Path

import pytest

from offhook.demo.ca import LocalCA
from tests.support.gateway_ports import soon
from tests.support.gateway_rig import Rig, gateway_rig
from tests.support.scripted_connector import Connector


async def serial(connector: Connector) -> str:
    flow = await connector.connect()
    assert flow.peer_certificate is not None
    return str(flow.peer_certificate["serialNumber"])


def renew(rig: Rig, folder: Path, *, key: bool = True) -> None:
    """Another pair of the same CA in place of the one that is served."""
    ca = LocalCA(folder)
    ca.ensure()
    fresh = ca.issue("renewed", ["localhost", "127.0.0.1"])
    fresh.certificate.replace(rig.edge.config.cert_file)
    if key:
        fresh.key.replace(rig.edge.config.key_file)


async def test_new_connections_get_the_new_certificate_and_old_ones_live(tmp_path: Path) -> None:
    async with gateway_rig(tmp_path) as rig:
        linked = await rig.linked()
        before = await serial(rig.connector())
        renew(rig, tmp_path)
        await rig.edge.renew_certificate()
        assert await serial(rig.connector()) != before
        assert linked.flows[0].alive


async def test_a_pair_that_does_not_fit_leaves_the_old_one_in_use(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with gateway_rig(tmp_path) as rig:
        before = await serial(rig.connector())
        renew(rig, tmp_path, key=False)
        await rig.edge.renew_certificate()
        assert await serial(rig.connector()) == before
        assert "the old one stays" in caplog.text
        caplog.clear()
        await rig.edge.renew_certificate()
        assert not caplog.text, "told once"
        rig.edge.config.cert_file.unlink()
        await rig.edge.renew_certificate()
        assert "the old one stays" in caplog.text
        caplog.clear()
        await rig.edge.renew_certificate()
        assert not caplog.text, "told once"
        assert await serial(rig.connector()) == before


async def test_the_sweep_looks_for_a_new_certificate(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    monkeypatch.setattr("gateway.connectors.edge.SWEEP_EVERY", 0.01)
    async with gateway_rig(tmp_path) as rig:
        before = await serial(rig.connector())
        renew(rig, tmp_path)
        await soon(lambda: "certificate was renewed" in caplog.text)
        assert await serial(rig.connector()) != before
