"""NOTIFY message-summary on the link: answered when the news is kept."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from gateway.connectors.lamps import PACKAGE, LinkLamps
from gateway.ports import ConnectorStatus, Lamp
from protocols.sip.message import Response
from tests.support.gateway_ports import SITE, TENANT
from tests.support.gateway_rig import Rig, gateway_rig, soon
from tests.support.scripted_connector import DOMAIN, Connector


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


@pytest.mark.parametrize("back", [False, True])
async def test_of_a_lost_connector_s_lamps_nobody_knows_any_more(rig: Rig, back: bool) -> None:
    kept = Kept()
    lamps = LinkLamps(kept, give_up=0.05)
    rig.edge.news[PACKAGE] = lamps.notified
    connector = await rig.linked()
    for line in ("line-1", "unknown"):
        await _tell(connector, line, b"Messages-Waiting: yes\r\n")
    told = len(kept.lamps)

    gone = ConnectorStatus(SITE, "down", (("registration", "down", ""),))
    there = ConnectorStatus(SITE, "working", (("registration", "working", ""),))
    lamps.status_changed(TENANT, gone)
    lamps.status_changed(TENANT, gone)
    if back:
        lamps.status_changed(TENANT, there)
        lamps.status_changed(TENANT, there)
        await _tell(connector, "line-1", b"Messages-Waiting: no\r\n")
        assert kept.lamps[told:] == [(TENANT, SITE, "line-1", Lamp(False))]
    else:
        await soon(lambda: kept.lamps[told:] == [(TENANT, SITE, "line-1", None)])
    await lamps.aclose()


async def _notify(rig: Rig, line: str, body: bytes, status: int) -> Kept:
    kept = Kept()
    lamps = LinkLamps(kept)
    rig.edge.news[PACKAGE] = lamps.notified
    response = await _tell(await rig.linked(), line, body)
    assert response.status == status
    await lamps.aclose()
    return kept


async def _tell(connector: Connector, line: str, body: bytes) -> Response:
    return await connector.ua.request(
        "NOTIFY",
        f"sip:{line}@{DOMAIN}",
        from_=f"<sip:{SITE}@{DOMAIN}>",
        headers=[("Event", PACKAGE), ("Subscription-State", "active")],
        content_type="application/simple-message-summary" if body else None,
        body=body,
        flow=connector.flows[0],
    )
