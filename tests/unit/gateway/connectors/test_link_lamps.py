"""NOTIFY message-summary on the link: answered when the news is kept."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from gateway.connectors.lamps import PACKAGE, LinkLamps
from gateway.ports import Lamp
from tests.support.gateway_ports import SITE, TENANT
from tests.support.gateway_rig import Rig, gateway_rig
from tests.support.scripted_connector import DOMAIN


class Kept:
    def __init__(self) -> None:
        self.lamps: list[tuple[str, str, str, Lamp | None]] = []

    async def lamp_told(
        self, tenant_id: str, site_id: str, line_id: str, lamp: Lamp | None
    ) -> bool:
        if line_id == "fails":
            raise OSError("the database is away")
        self.lamps.append((tenant_id, site_id, line_id, lamp))
        return line_id != "unknown"


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[Rig]:
    async with gateway_rig(tmp_path) as rig:
        yield rig


@pytest.mark.parametrize(
    ("line", "body", "status", "lamp"),
    [
        (
            "line-1",
            b"Messages-Waiting: yes\r\nVoice-Message: 2/5 (1/0)\r\n",
            200,
            Lamp(True, 2, 5),
        ),
        ("line-1", b"messages-waiting: NO\r\n", 200, Lamp(False)),
        ("line-1", b"", 200, None),
        ("unknown", b"", 404, None),
    ],
)
async def test_a_lamp_is_kept(
    rig: Rig, line: str, body: bytes, status: int, lamp: Lamp | None
) -> None:
    kept = await _notify(rig, line, body, status)
    assert kept.lamps == [(TENANT, SITE, line, lamp)]


@pytest.mark.parametrize(
    ("line", "body", "status"),
    [
        ("line-1", b"Messages-Waiting: perhaps\r\n", 400),
        ("line-1", b"\xff\x00", 400),
        ("fails", b"Messages-Waiting: no\r\n", 500),
    ],
)
async def test_what_cannot_be_kept_is_refused(
    rig: Rig, line: str, body: bytes, status: int
) -> None:
    assert (await _notify(rig, line, body, status)).lamps == []


async def _notify(rig: Rig, line: str, body: bytes, status: int) -> Kept:
    kept = Kept()
    lamps = LinkLamps(kept)
    rig.edge.news[PACKAGE] = lamps.notified
    connector = await rig.linked()
    response = await connector.ua.request(
        "NOTIFY",
        f"sip:{line}@{DOMAIN}",
        from_=f"<sip:{SITE}@{DOMAIN}>",
        headers=[("Event", PACKAGE), ("Subscription-State", "active")],
        content_type="application/simple-message-summary" if body else None,
        body=body,
        flow=connector.flows[0],
    )
    assert response.status == status
    await lamps.aclose()
    return kept
