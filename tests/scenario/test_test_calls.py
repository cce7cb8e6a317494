"""Test calls through every part, all of them real: what works is proven, what does not is named."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from emulator.plan.model import Kind
from gateway.features.test_calls import service as module
from gateway.storage.models import Line, Site, User
from gateway.storage.tables.audit import AuditEntry
from tests.support.call_stack import ANNA, Parts, call_stack
from tests.support.device_client import Refused

pytestmark = pytest.mark.asyncio(loop_scope="module")

Json = dict[str, Any]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stack(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Parts]:
    async with call_stack(tmp_path_factory.mktemp("stack"), csta=True) as parts:
        await parts.control_works()
        tenant = parts.edge.directory.sites()[0].tenant_id
        async with parts.gateway.features.storage.write(tenant) as db:
            await db.update(User, User.email == ANNA, role="admin")
            await db.update(Site, pbx_release="V3R3")
        yield parts


class Admin:
    """An administrator with a session, and the site they look after."""

    def __init__(self, parts: Parts, rest: Any, site: str) -> None:
        self.parts = parts
        self._rest = rest
        self.site = site

    async def ask(self, method: str, path: str, json: Json | None = None) -> Any:
        return await self._rest.rest(method, f"/admin/sites/{self.site}{path}", json=json)

    async def place(self, to: str, **more: Any) -> Json:
        """The call from its beginning to its end, looked at while it runs."""
        began: Json = await self.ask("POST", "/test-calls", {"from_line": "101", "to": to, **more})
        assert began["state"] == "running" and len(began["steps"]) == 6
        return await self.over(began["id"])

    async def over(self, call_id: str) -> Json:
        async with asyncio.timeout(30):
            while True:
                now: Json = await self.ask("GET", f"/test-calls/{call_id}")
                if now["state"] != "running":
                    return now
                await asyncio.sleep(0.05)


def steps(call: Json) -> dict[str, str]:
    return {row["step"]: row["state"] for row in call["steps"]}


@pytest_asyncio.fixture(loop_scope="module")
async def admin(stack: Parts, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Admin]:
    monkeypatch.setattr(module, "MOST_A_MINUTE", 100)
    device = await stack.device(ANNA)
    tenant = stack.edge.directory.sites()[0]
    device.events.clear()
    yield Admin(stack, device, tenant.site_id)
    assert [name for name, _ in device.events if name.startswith("call.")] == [], (
        "nobody's own call"
    )
    stack.pbx.faults.now = type(stack.pbx.faults.now)()
    await stack.sign_off()
    await stack.nothing_left()


async def test_an_echo_proves_both_directions(admin: Admin) -> None:
    call = await admin.place("711")
    assert (call["state"], call["code"]) == ("passed", ""), call
    assert set(steps(call).values()) == {"passed"}
    at = {row["step"]: row["after_ms"] for row in call["steps"]}
    assert at["connector"] <= at["ringing"] <= at["answered"] < at["audio_back"] <= at["audio_out"]
    assert at["audio_out"] <= at["hang_up"] < 15_000
    assert call["pbx_release"] == "V3R3" and call["connector_version"]
    assert call["by"] == "Anna König" and call["ended_at"] > call["started_at"]
    kept = (await admin.ask("GET", "/test-calls"))["items"]
    assert kept[0] == call
    tenant = admin.parts.edge.directory.sites()[0].tenant_id
    async with admin.parts.gateway.features.storage.read(tenant) as db:
        entries = await db.find(AuditEntry, AuditEntry.action == "test_call.place")
    assert entries and entries[-1].after == {"from_line": "101", "to": "711"}


async def test_somebody_answers_hears_the_tone_and_presses_a_key(admin: Admin) -> None:
    began = await admin.ask("POST", "/test-calls", {"from_line": "101", "to": "102", "echo": False})
    await admin.parts.rings("102")
    desk = admin.parts.phone("102")
    desk.say("tone:500")
    desk.answer()
    await admin.parts._until(
        lambda: desk.active is not None and desk.active.heard.tone(1270).heard, "the tone"
    )
    desk.keys("1")
    call = await admin.over(began["id"])
    assert (call["state"], call["code"]) == ("passed", ""), call


async def test_a_tone_is_heard_and_nobody_says_that_we_are(admin: Admin) -> None:
    call = await admin.place("715", echo=False)
    assert (call["state"], call["code"]) == ("partly", "out_unproven")
    assert steps(call)["audio_back"] == "passed" and steps(call)["audio_out"] == "unproven"


async def test_no_sound_from_the_telephone_system_is_found(admin: Admin) -> None:
    faults = admin.parts.pbx.faults
    faults.now = faults.now.model_copy(update={"mute": True})
    call = await admin.place("711")
    assert (call["state"], call["code"]) == ("failed", "nothing_back"), call
    assert steps(call) == {
        "connector": "passed",
        "ringing": "passed",
        "answered": "passed",
        "audio_out": "unproven",
        "audio_back": "failed",
        "hang_up": "passed",
    }
    assert "RTP ports" in call["words"]


async def test_our_sound_that_does_not_get_there_is_found(admin: Admin) -> None:
    """The far end speaks, and what it should send back is not in it."""
    call = await admin.place("715")
    assert (call["state"], call["code"]) == ("failed", "one_way_out")
    assert steps(call)["audio_out"] == "failed" and steps(call)["audio_back"] == "passed"


@pytest.mark.parametrize(
    ("number", "code"), [("712", "busy"), ("999", "number_unknown"), ("714", "unreachable")]
)
async def test_a_call_that_is_refused_says_why(admin: Admin, number: str, code: str) -> None:
    call = await admin.place(number)
    assert (call["state"], call["code"]) == ("failed", code), call
    said = steps(call)
    assert said["connector"] == "passed" and said["answered"] == "skipped"
    assert call["words"]


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        ({"from_line": "101", "to": "112"}, "number_emergency"),
        ({"from_line": "101", "to": "0112"}, "number_emergency"),
        ({"from_line": "101", "to": "+49 112"}, "number_emergency"),
        ({"from_line": "101", "to": "hello!"}, "number_invalid"),
        ({"from_line": "999", "to": "711"}, "line_unknown"),
    ],
)
async def test_what_is_not_called_at_all(admin: Admin, wanted: Json, code: str) -> None:
    with pytest.raises(Refused, match=code):
        await admin.ask("POST", "/test-calls", wanted)


async def test_one_at_a_time(admin: Admin) -> None:
    began = await admin.ask("POST", "/test-calls", {"from_line": "101", "to": "713"})
    with pytest.raises(Refused, match="test_running"):
        await admin.ask("POST", "/test-calls", {"from_line": "102", "to": "711"})
    running = await admin.ask("GET", f"/test-calls/{began['id']}")
    assert running["state"] == "running"
    for task in list(asyncio.all_tasks()):
        if task.get_name() == "test call":
            task.cancel()
    call = await admin.over(began["id"])
    assert (call["state"], call["code"]) == ("failed", "interrupted")


async def test_without_a_connector_the_first_step_fails(admin: Admin) -> None:
    await admin.parts.stop_connector()
    try:
        call = await admin.place("711")
        assert (call["state"], call["code"]) == ("failed", "connector_down")
        assert steps(call)["connector"] == "failed"
        assert set(list(steps(call).values())[1:]) == {"skipped"}
    finally:
        await admin.parts.start_connector()
        await admin.parts.control_works()


@pytest.mark.parametrize("profile", ["voice", "os4000"])
async def test_an_echo_on_the_other_platforms(tmp_path: Path, profile: str) -> None:
    async with call_stack(tmp_path, profile=profile) as parts:
        site = parts.edge.directory.sites()[0]
        async with parts.gateway.features.storage.write(site.tenant_id) as db:
            await db.update(User, User.email == ANNA, role="admin")
            (line,) = await db.find(Line, order_by=[Line.number], limit=1)
        admin = Admin(parts, await parts.device(ANNA), site.site_id)
        echo = next(e.number for e in parts.pbx_config.extensions if e.kind is Kind.ECHO)
        began = await admin.ask("POST", "/test-calls", {"from_line": line.number, "to": echo})
        call = await admin.over(began["id"])
        assert (call["state"], call["code"]) == ("passed", ""), call
