"""The connector page: each layer says how it is and what to do; troubles are kept, and admins are
written to when a link stays down."""

from __future__ import annotations

import tomllib
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from connector.config import ConnectorConfig
from gateway.admin_ports import Mail
from gateway.credentials import api_key
from gateway.features.connector_page.advice import TEXTS
from gateway.features.connector_page.troubles import KEPT, LinkWatch
from gateway.link_ports import LayerPicture, LinePicture, LinkPicture
from gateway.ports import ConnectorStatus
from gateway.storage.models import ApiKey, Site, User
from gateway.storage.storage import TenantSession
from gateway.storage.tables.connector_page import LinkTrouble
from tests.support.call_stack import ANNA, call_stack
from tests.support.gateway_platform import Bench

INSTANCE = "11111111-2222-4333-8444-555555555555"
LAYERS = ("network", "tls", "key", "registration", "voice", "control", "audio")
THEN = datetime(2026, 1, 2, 10, tzinfo=UTC)


def picture(bench: Bench, state: str = "working", flows: int = 2, **states: str) -> LinkPicture:
    key = api_key.key_id_of(bench.api_key)
    layers = tuple(LayerPicture(one, states.get(one, "working"), THEN, THEN) for one in LAYERS)
    return LinkPicture(
        ConnectorStatus(bench.demo.site_id, state, version="0.1.0"),
        layers,
        lines=tuple(LinePicture(f"line-{number}", True) for number in (101, 102, 103)),
        flows=flows,
        instances=(INSTANCE,) if flows else (),
        key_ids=(str(key),) if flows else (),
        tls="TLSv1.3",
        round_trip=0.0123,
        heard_ago=1.0,
    )


async def connect(bench: Bench) -> None:
    """The connector has asked for a session, so it is known."""
    said = {"instance": INSTANCE, "version": "0.1.0", "profile": "business"}
    assert (await bench.call("POST", "/connector/session", bench.api_key, json=said))[0] == 200


async def admin(bench: Bench) -> str:
    async with bench.gateway.features.storage.write(bench.demo.tenant_id) as db:
        await db.update(User, User.email == "anna@example.test", role="admin")
        await db.update(Site, pbx_release="V3R3.1", channels=10, ip_licences=3)
    return str((await bench.login())["access_token"])


def path(bench: Bench) -> str:
    return f"/admin/sites/{bench.demo.site_id}/connector"


async def page(bench: Bench, token: str) -> dict[str, Any]:
    status, body, _ = await bench.call("GET", path(bench), token)
    assert status == 200, body
    found: dict[str, Any] = body
    return found


def advice(body: dict[str, Any]) -> dict[str, str]:
    return {row["layer"]: row["advice"]["code"] for row in body["layers"] if row["advice"]}


# -- the page --------------------------------------------------------------------------------------
async def test_a_site_without_connector_says_how_to_begin(bench: Bench) -> None:
    bench.connectors.state = "unknown"
    empty = tuple(LayerPicture(layer, "unknown") for layer in LAYERS)
    bench.sites.pictures[bench.demo.site_id] = LinkPicture(
        ConnectorStatus(bench.demo.site_id, "unknown"), empty
    )
    body = await page(bench, await admin(bench))
    assert body["state"] == "not_set_up" and advice(body) == {"network": "not_set_up"}
    assert [row["layer"] for row in body["layers"]] == list(LAYERS)
    assert body["installations"] == [] and body["versions"]["connector"] == ""


async def test_all_is_well_and_measured(bench: Bench) -> None:
    await connect(bench)
    bench.sites.pictures[bench.demo.site_id] = picture(bench)
    token = await admin(bench)
    body = await page(bench, token)
    assert body["state"] == "working" and advice(body) == {}
    measured = {row["code"]: row for layer in body["layers"] for row in layer["measured"]}
    assert measured["round_trip_ms"]["value"] == 12.3
    assert (measured["connections"]["value"], measured["connections"]["of"]) == (2, 2)
    assert (measured["lines"]["value"], measured["lines"]["of"]) == (3, 3)
    assert measured["tls_version"]["value"] == "TLSv1.3" and measured["key"]["value"] == "demo"
    assert body["versions"]["compatibility"] == "expected" and body["versions"]["note"]
    releases = [row["release"] for row in body["versions"]["releases"]]
    assert releases == ["V3", "V2", "V1"]
    (installed,) = body["installations"]
    assert (installed["instance"], installed["connected"]) == (INSTANCE, True)
    assert [(row["name"], row["in_use"]) for row in body["keys"]] == [("demo", True)]


async def test_nothing_new_is_not_sent_again(bench: Bench) -> None:
    await connect(bench)
    shown = picture(bench)
    bench.sites.pictures[bench.demo.site_id] = shown
    token = await admin(bench)
    _, _, headers = await bench.call("GET", path(bench), token)
    again = {"If-None-Match": headers["ETag"]}
    bench.sites.pictures[bench.demo.site_id] = replace(shown, round_trip=0.5)
    status, body, _ = await bench.call("GET", path(bench), token, headers=again)
    assert (status, body) == (304, b"")
    bench.sites.calls = 1
    assert (await bench.call("GET", path(bench), token, headers=again))[0] == 200


@pytest.mark.parametrize(
    ("states", "flows", "layer", "code"),
    [
        ({"network": "down", "registration": "down"}, 0, "network", "network_down"),
        ({}, 1, "registration", "one_connection"),
        ({"key": "refused", "registration": "refused"}, 0, "key", "key_refused"),
        ({"key": "weak"}, 2, "key", "key_file_refused"),
        ({"voice": "down"}, 2, "voice", "lines_down"),
        ({"voice": "weak"}, 2, "voice", "lines_missing"),
        ({"control": "down"}, 2, "control", "control_down"),
        ({"control": "unknown"}, 2, "control", "control_not_configured"),
        ({"audio": "weak"}, 2, "audio", "audio_blocked"),
        ({"audio": "unknown"}, 2, "audio", "audio_untested"),
    ],
)
async def test_each_layer_that_fails_says_what_to_do(
    bench: Bench, states: dict[str, str], flows: int, layer: str, code: str
) -> None:
    await connect(bench)
    bench.sites.pictures[bench.demo.site_id] = picture(bench, "weak", flows, **states)
    body = await page(bench, await admin(bench))
    assert advice(body)[layer] == code
    text = next(row["advice"]["text"] for row in body["layers"] if row["layer"] == layer)
    assert text == TEXTS[code]


async def test_a_second_installation_and_other_refusals(bench: Bench) -> None:
    await connect(bench)
    shown = picture(bench, "refused", 0, registration="refused")
    for detail, code in (
        ("Another installation serves this site", "second_installation"),
        ("The key is for another site", "registration_refused"),
    ):
        layers = tuple(
            replace(row, detail=detail) if row.layer == "registration" else row
            for row in shown.layers
        )
        bench.sites.pictures[bench.demo.site_id] = replace(shown, layers=layers)
        assert advice(await page(bench, await admin(bench)))["registration"] == code


async def test_the_end_of_the_key_in_use_is_warned_of(bench: Bench) -> None:
    await connect(bench)
    bench.sites.pictures[bench.demo.site_id] = picture(bench)
    token = await admin(bench)
    async with bench.gateway.features.storage.write(bench.demo.tenant_id) as db:
        await db.update(ApiKey, expires_at=datetime.now(UTC) + timedelta(days=3))
    body = await page(bench, token)
    assert advice(body) == {"key": "key_expires"}
    assert next(row["state"] for row in body["layers"] if row["layer"] == "key") == "weak"


@pytest.mark.parametrize(
    ("calls", "licences", "warnings"),
    [
        (7, 4, []),
        (8, 4, ["channels_80"]),
        (10, 4, ["channels_full"]),
        (0, 3, ["ip_licences_80"]),
        (0, 2, ["ip_licences_exceeded"]),
    ],
)
async def test_capacity_warns_before_it_ends(
    bench: Bench, calls: int, licences: int, warnings: list[str]
) -> None:
    token = await admin(bench)
    async with bench.gateway.features.storage.write(bench.demo.tenant_id) as db:
        await db.update(Site, ip_licences=licences)
    bench.sites.calls = calls
    capacity = (await page(bench, token))["capacity"]
    assert (capacity["calls"], capacity["lines"]) == (calls, 3)
    assert capacity["warnings"] == warnings


async def test_lines_that_the_telephone_system_refuses_are_named(bench: Bench) -> None:
    await connect(bench)
    shown = picture(bench, "weak", voice="weak")
    lines = (LinePicture("line-101", True), LinePicture("line-102", False, "403 Forbidden"))
    bench.sites.pictures[bench.demo.site_id] = replace(shown, lines=lines)
    body = await page(bench, await admin(bench))
    assert body["unregistered"] == [
        {"number": "102", "name": "Berta Schulz", "detail": "403 Forbidden"}
    ]


async def test_the_configuration_is_one_that_the_connector_reads(
    bench: Bench, tmp_path: Path
) -> None:
    token = await admin(bench)
    async with bench.gateway.features.storage.write(bench.demo.tenant_id) as db:
        await db.update(Site, name='Tricky "name"\nurl = "https://evil.test"')
    base = f"/admin/sites/{bench.demo.site_id}"
    _, made, _ = await bench.call("GET", f"{base}/install", token)
    status, raw, headers = await bench.call("GET", f"{base}/config-file", token)
    assert status == 200 and raw.decode() == made["config"]
    assert 'filename="connector.toml"' in headers["Content-Disposition"]
    assert tomllib.loads(made["config"])["gateway"]["url"] == "http://localhost:8080"
    file = tmp_path / made["file_name"]
    file.write_text(made["config"])
    config = ConnectorConfig.load(file)
    assert (config.profile, config.gateway.url) == ("business", "http://localhost:8080")
    assert config.pbx.codecs == ("PCMA", "PCMU")
    assert "gwc_" not in made["config"] + made["command"]


# -- troubles and letters --------------------------------------------------------------------------
class Letters:
    """Implements ``Mailer``: what was posted."""

    configured = True

    def __init__(self) -> None:
        self.posted: list[Mail] = []

    async def post(self, db: TenantSession, mail: Mail) -> str:
        self.posted.append(mail)
        return "id"

    @property
    def templates(self) -> list[str]:
        return [mail.template for mail in self.posted]


class Clock:
    def __init__(self) -> None:
        self.at = THEN

    def __call__(self) -> datetime:
        return self.at

    def go(self, **by: float) -> None:
        self.at += timedelta(**by)


@pytest.fixture
async def watched(bench: Bench) -> AsyncIterator[tuple[LinkWatch, Letters, Clock]]:
    await admin(bench)
    letters, clock = Letters(), Clock()
    watch = LinkWatch(
        bench.gateway.features.storage,
        letters,
        bench.sites,
        after=timedelta(minutes=5),
        now=clock,
    )
    await watch.start()
    yield watch, letters, clock
    await watch.aclose()


def told(bench: Bench, watch: LinkWatch, registration: str) -> None:
    since = "2026-01-02T10:00:00.000Z"
    layers = (("network", registration, since), ("registration", registration, since))
    watch.changed(bench.demo.tenant_id, ConnectorStatus(bench.demo.site_id, registration, layers))


Watched = tuple[LinkWatch, Letters, Clock]


async def test_admins_get_one_letter_when_the_link_stays_down_and_one_when_it_is_back(
    bench: Bench, watched: Watched
) -> None:
    watch, letters, clock = watched

    async def after(minutes: float) -> list[str]:
        await watch.written()
        clock.go(minutes=minutes)
        await watch.look()
        return letters.templates

    told(bench, watch, "working")
    told(bench, watch, "down")
    assert await after(4) == []
    assert await after(2) == ["connector_down"]
    assert await after(60) == ["connector_down"], "once"
    told(bench, watch, "working")
    assert await after(2) == ["connector_down"], "it may go again at once"
    told(bench, watch, "down")
    assert await after(30) == ["connector_down"], "still the same outage"
    told(bench, watch, "working")
    assert await after(6) == ["connector_down", "connector_up"]
    (down, up) = letters.posted
    assert down.to == "anna@example.test" and down.values["site"] == "Head office"
    assert up.values["down_minutes"] == 98
    told(bench, watch, "down")
    assert await after(6) == ["connector_down", "connector_up", "connector_down"]


async def test_a_short_loss_makes_no_letter(bench: Bench, watched: Watched) -> None:
    watch, letters, clock = watched
    told(bench, watch, "working")
    for _ in range(3):
        told(bench, watch, "down")
        await watch.written()
        clock.go(minutes=1)
        told(bench, watch, "working")
        await watch.written()
        clock.go(minutes=6)
        await watch.look()
    assert letters.posted == []


async def test_an_outage_outlives_the_gateways_restart(bench: Bench, watched: Watched) -> None:
    watch, letters, clock = watched
    told(bench, watch, "working")
    told(bench, watch, "down")
    await watch.written()
    storage = bench.gateway.features.storage
    again = LinkWatch(storage, letters, bench.sites, after=timedelta(minutes=5), now=clock)
    await again.start()
    clock.go(minutes=10)
    await again.look()
    await again.aclose()
    assert letters.templates == ["connector_down"]


@pytest.mark.parametrize(("hours", "letters_sent"), [(0.1, 1), (48, 0)])
async def test_a_connector_that_does_not_come_back_after_a_restart_is_missed(
    bench: Bench, hours: float, letters_sent: int
) -> None:
    """One that was given up long ago is not."""
    await admin(bench)
    await connect(bench)
    clock, letters = Clock(), Letters()
    clock.at = datetime.now(UTC) + timedelta(hours=hours)
    storage = bench.gateway.features.storage
    watch = LinkWatch(storage, letters, bench.sites, after=timedelta(minutes=5), now=clock)
    await watch.start()
    clock.go(minutes=6)
    await watch.look()
    await watch.aclose()
    assert letters.templates == ["connector_down"] * letters_sent


async def test_the_latest_fifty_troubles_are_kept(bench: Bench, watched: Watched) -> None:
    watch, _, _ = watched
    for number in range(KEPT + 20):
        watch.alert(bench.demo.tenant_id, bench.demo.site_id, f"number {number}")
    await watch.written()
    async with bench.gateway.features.storage.read(bench.demo.tenant_id) as db:
        rows = await db.find(LinkTrouble)
    assert len(rows) == KEPT
    body = await page(bench, (await bench.login())["access_token"])
    assert body["errors"][0]["detail"] == f"number {KEPT + 19}"
    assert body["errors"][0]["code"] == "second_installation"


# -- with everything real --------------------------------------------------------------------------
async def test_a_real_link_as_its_admin_sees_it(tmp_path: Path) -> None:
    async with call_stack(tmp_path, csta=True) as parts:
        await parts.control_works()
        site = parts.edge.directory.sites()[0]
        async with parts.gateway.features.storage.write(site.tenant_id) as db:
            await db.update(User, User.email == ANNA, role="admin")
        anna = await parts.device(ANNA)
        where = f"/admin/sites/{site.site_id}/connector"
        body = await anna.rest("GET", where)
        states = {row["layer"]: row["state"] for row in body["layers"]}
        assert states == dict.fromkeys(LAYERS[:-1], "working") | {"audio": "unknown"}
        assert body["capacity"]["registered"] == 3 and body["unregistered"] == []
        assert body["certificates"][0]["of"] == "edge"
        assert body["certificates"][0]["state"] == "ok"
        call_id = await anna.dial("715")
        await anna.phase(call_id, "connected")
        assert (await anna.rest("GET", where))["capacity"]["calls"] == 1
        await anna.hang_up(call_id)
        await parts.stop_connector()
        body = await anna.rest("GET", where)
        assert body["state"] == "down" and advice(body)["network"] == "network_down"
        assert not body["installations"][0]["connected"]
