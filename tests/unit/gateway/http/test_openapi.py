"""The document says what the app does, and the exported file is up to date."""

from __future__ import annotations

import json
import re
from pathlib import Path

from jsonschema_rs import Draft202012Validator, validator_for

from gateway.bus import AnnouncementsChanged, PbxFeatureChanged
from gateway.features.journal.models import JournalPage
from gateway.http import openapi
from gateway.http.endpoint import API_PREFIX, Access, endpoints_of
from gateway.pbx_ports import Forwarding, HuntGroup
from gateway.permissions import KEY_SCOPES, PERMISSIONS
from gateway.ports import ConnectorStatus, Lamp, Numbers, UserKey
from gateway.storage.ids import utc_now
from tests.support.api_events import EVENTS, a_call, misfit
from tests.support.gateway_platform import Bench

ROOT = Path(__file__).parents[4]


def test_the_exported_file_is_up_to_date() -> None:
    exported = json.loads((ROOT / "docs" / "openapi.json").read_text())
    assert exported == openapi.document(), "run: offhook openapi"


async def test_it_is_served_and_complete(bench: Bench) -> None:
    status, served, _ = await bench.call("GET", "/openapi.json")
    assert status == 200 and served == openapi.document()
    described = {
        (method.upper(), path)
        for path, operations in served["paths"].items()
        for method in operations
    }
    running = {
        (route.method, route.resource.canonical)
        for route in bench.gateway.app.router.routes()
        if route.resource is not None
        and route.method not in ("HEAD", "*")
        and route.resource.canonical.startswith("/api/v1/")
    }
    assert described == running - {("GET", "/api/v1/openapi.json")}


def test_every_schema_is_valid_and_every_reference_resolves() -> None:
    document = openapi.document()
    assert document["openapi"].startswith("3.1")
    schemas = document["components"]["schemas"]
    for schema in schemas.values():
        Draft202012Validator(schema | {"components": document["components"]})
    text = json.dumps(document)
    for reference in text.split('"$ref": "')[1:]:
        kind, target = reference.split('"')[0].removeprefix("#/components/").split("/")
        assert target in document["components"][kind]
    assert "gateway__" not in text  # two models of one name would be named by their module


def test_operation_ids_are_unique_and_refusals_named() -> None:
    declared = [e for api in openapi.APIS for e in endpoints_of(api)]
    ids = [endpoint.operation_id for endpoint in declared]
    assert len(ids) == len(set(ids))
    paths = openapi.document()["paths"]
    login = paths["/api/v1/auth/login"]["post"]["responses"]
    assert "bad_credentials" in login["401"]["description"]
    assert "application/problem+json" in login["401"]["content"]
    assert paths["/api/v1/me"]["get"]["security"] == [{"accessToken": []}]


def test_every_operation_says_who_may_what_is_refused_and_what_is_left() -> None:
    document = openapi.document()
    declared = {
        (API_PREFIX + one.path, one.method.lower()): one
        for api in openapi.APIS
        for one in endpoints_of(api)
    }
    for (path, method), one in declared.items():
        operation = document["paths"][path][method]
        where, answers = f"{method} {path}", operation["responses"]
        assert operation["summary"][0].isupper() and operation["tags"], where
        taken = {
            parameter["name"]
            for parameter in operation.get("parameters", [])
            if parameter["in"] in ("header", "path")
        }
        assert set(re.findall(r"\{(\w+)\}", path)) <= taken, where
        assert ("Idempotency-Key" in taken) == one.idempotent, where
        if "412" in answers:
            assert "If-Match" in taken, where
        for status, answer in answers.items():
            if status >= "400":
                assert re.fullmatch(r"code: \w+(, \w+)*", answer["description"]), where
        if one.access is Access.PUBLIC:
            assert "security" not in operation, where
            continue
        assert operation["security"] and {"401", "429"} <= answers.keys(), where
        assert {"RateLimit", "RateLimit-Policy"} <= answers[str(one.status)]["headers"].keys()
        assert "Retry-After" in answers["429"]["headers"], where
        if one.permission is not None:
            held = {"accessToken": frozenset().union(*PERMISSIONS.values()), "apiKey": KEY_SCOPES}
            ways = [{way: [one.permission.value]} for way in held if one.permission in held[way]]
            assert operation["security"] == ways, where


def test_the_page_about_the_api_names_every_refusal_with_its_status() -> None:
    page = (ROOT / "docs" / "api.md").read_text()
    table = page.split("| status | codes |\n|---|---|\n", 1)[1].split("\n\n", 1)[0]
    listed = {
        (status, code)
        for row in table.splitlines()
        for status in re.findall(r"\d{3}", row.split("|")[1])
        for code in re.findall(r"`(\w+)`", row.split("|")[2])
    }
    declared = {
        (str(status), code)
        for api in openapi.APIS
        for endpoint in endpoints_of(api)
        for status, code in endpoint.problems
    }
    assert declared <= listed, declared - listed


_OF_CALLS = ("call.", "ring.", "media.", "pickup.", "desk_phone.")


async def test_every_event_of_the_features_has_the_shape_of_the_document(bench: Bench) -> None:
    """Those of call control are held against it wherever its tests run."""
    user = UserKey(bench.demo.tenant_id, bench.demo.users["anna@example.test"])
    token = (await bench.login())["access_token"]
    bench.calls.live[user] = [a_call(phase="connected")]
    phone = await bench.socket(token)
    await phone.next("snapshot")
    journal = bench.gateway.features.ports.journal
    numbers = Numbers("102", "102", "102")
    for call_id in ("a", "b"):
        await journal.open(
            user, call_id, direction="in", numbers=numbers, name=None, started_at=utc_now()
        )
        await journal.settle(
            user,
            call_id,
            kind="missed",
            reason="cancelled",
            name=None,
            device_id=None,
            ended_at=utc_now(),
            duration_ms=0,
        )
    entry = (await phone.next("journal.added"))["entry"]["id"]
    await bench.call("POST", "/journal/read", token, json={"ids": [entry]})
    await bench.call("DELETE", f"/journal/{entry}", token)
    await bench.call("DELETE", "/journal", token)
    voicemail, site = bench.gateway.features.voicemail, bench.demo.site_id
    assert await voicemail.lamp_told(user.tenant_id, site, "line-101", Lamp(True, 1, 0))
    await bench.call("PUT", "/me/settings", token, json={}, headers={"If-Match": '"1"'})
    await bench.call("PUT", "/routing", token, json={}, headers={"If-Match": '"1"'})
    to = Forwarding("busy", True, numbers)
    group = HuntGroup("350", "Sales", logged_in=True)
    told = PbxFeatureChanged(user, forwarding=(to,), hunt_groups=(group,))
    bench.gateway.features.bus.publish(told)
    await bench.call("PUT", "/alternative-number", token, json={"number": "103"})
    bench.connectors.offers = ("pickup",)
    layers = (("network", "working", "2026-01-02T10:00:00.000Z"),)
    status = ConnectorStatus(bench.demo.site_id, "working", layers)
    for listener in bench.connectors.listeners:
        listener(bench.demo.tenant_id, status)
    await phone.next("offers.changed")
    bench.gateway.features.bus.publish(AnnouncementsChanged(None))
    await bench.socket((await bench.login())["access_token"])
    await phone.next("devices.changed")
    await bench.call("POST", "/auth/logout", token)
    await phone.next("session.ended")
    assert [wrong for event in phone.events if (wrong := misfit(*event))] == []
    of_calls = {
        "notice",
        *(name for name in EVENTS if name.startswith(_OF_CALLS)),
    }
    assert {name for name, _ in phone.events} == EVENTS - of_calls


async def test_an_answer_fits_its_schema(bench: Bench) -> None:
    token = (await bench.login())["access_token"]
    document = openapi.document()
    for path, operations in document["paths"].items():
        get = operations.get("get")
        if get is None or get.get("security") != [{"accessToken": []}] or "{" in path:
            continue
        if "application/json" not in get["responses"]["200"]["content"]:
            continue  # a file
        if any(parameter["required"] for parameter in get.get("parameters", ())):
            continue
        status, body, _ = await bench.call("GET", path.removeprefix("/api/v1"), token)
        assert status == 200
        schema = get["responses"]["200"]["content"]["application/json"]["schema"]
        validator_for({**schema, "components": document["components"]}).validate(body)
    assert JournalPage(items=[], next_cursor=None, unread=0)
