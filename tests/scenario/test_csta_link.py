"""The CSTA face of the emulator on TCP: sessions, monitors, refusals, limits, heartbeat."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
import pytest_asyncio

from emulator.faults import FaultSettings
from emulator.plan.model import Extension, Kind
from protocols.aio.tls import client_context
from protocols.csta.events import call as ev
from protocols.csta.events.device import DoNotDisturbEvent
from protocols.csta.framing import encode_frame
from protocols.csta.message import ErrorResponse
from protocols.csta.services import features as ft
from protocols.csta.services import system as sy
from protocols.csta.values import ForwardingType, SystemState
from tests.support.csta_client import CstaClient, csta_client
from tests.support.pbx_rig import PbxRig, pbx_rig
from tests.support.pki import TestCa

PLAN = (
    Extension(number="101", name="Anna <König>", mailbox=False),
    Extension(number="102", name="Berta", mailbox=False),
    Extension(number="710", name="Speaker", kind=Kind.SPEAKER),
)
PROFILES = ("business", "voice", "os4000")


@pytest_asyncio.fixture(scope="module", params=PROFILES, loop_scope="module")
async def rig(request: pytest.FixtureRequest) -> AsyncIterator[PbxRig]:
    async with pbx_rig(extensions=PLAN, profile=request.param, csta={"port": 0}) as rig:
        yield rig


@pytest_asyncio.fixture(loop_scope="module")
async def client(rig: PbxRig) -> AsyncIterator[CstaClient]:
    async with csta_client(rig.emulator.addresses["csta"], rig.pbx.config.profile) as client:
        yield client
        await rig.nothing_left()


pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_f1_a_session_starts(client: CstaClient) -> None:
    await client.watch("101")
    assert [(way, type(message).__name__) for way, _, message in client.wire][:7] == [
        ("in", "SystemStatus"),
        ("out", "SystemStatusResponse"),
        ("out", "SystemRegister"),
        ("in", "SystemRegisterResponse"),
        ("out", "MonitorStart"),
        ("in", "MonitorStartResponse"),
        ("out", "SnapshotDevice"),
    ]
    assert client.wire[0][1] == 9999
    assert client.view("101").calls == ()
    assert client.view("101").in_service is True


async def test_a_call_is_told(client: CstaClient, rig: PbxRig) -> None:
    await client.watch("101", "102")
    rig.pbx.phones["101"].lift()
    await rig.pbx.phones["101"].dial("102")
    await client.event("102", ev.DeliveredEvent)
    rig.pbx.phones["102"].answer()
    await client.event("102", ev.EstablishedEvent)
    rig.pbx.phones["102"].hang_up()
    await client.event("101", ev.ConnectionClearedEvent, 2)
    assert client.names("101") == [
        "ServiceInitiated",
        "Originated",
        "Delivered",
        "Established",
        "ConnectionCleared",
        "ConnectionCleared",
    ]
    assert client.view("101").calls == client.view("102").calls == ()
    assert not client.view("101").doubtful and not client.view("102").doubtful


async def test_settings_are_told_to_every_monitor(client: CstaClient, rig: PbxRig) -> None:
    address, profile = rig.emulator.addresses["csta"], rig.pbx.config.profile
    async with csta_client(address, profile) as other:
        await client.watch("101")
        await other.watch("101")
        on = ft.SetDoNotDisturb(device="101", do_not_disturb_on=True)
        assert await client.ask(on) == ft.SetDoNotDisturbResponse()
        await other.until(lambda: other.view("101").do_not_disturb is True, "DND")
        assert client.view("101").do_not_disturb is True
        await client.ask(ft.SetDoNotDisturb(device="101", do_not_disturb_on=False))
        forward = ft.SetForwarding(
            device="101",
            forwarding_type=ForwardingType.BUSY,
            activate_forward=True,
            forward_dn="102",
        )
        await client.ask(forward)
        await other.until(lambda: bool(other.view("101").forwarding), "forwarding")
        answer = await client.ask(ft.GetForwarding(device="101"))
        assert isinstance(answer, ft.GetForwardingResponse)
        active = [item for item in answer.forwarding_list if item.forward_status]
        assert [(i.forwarding_type, i.forward_dn) for i in active] == [(ForwardingType.BUSY, "102")]
        off = ft.SetForwarding(
            device="101", forwarding_type=ForwardingType.BUSY, activate_forward=False
        )
        await client.ask(off)
        await client.ask(ft.SetMessageWaitingIndicator(device="101", message_waiting_on=True))
        await other.until(lambda: other.view("101").message_waiting is True, "the lamp")
        await client.ask(ft.SetMessageWaitingIndicator(device="101", message_waiting_on=False))


@pytest.mark.parametrize("number", ["5101", "6101", "710", "999", "N<101/5101>", "<101>;ond=aux"])
async def test_only_numbers_are_monitored(client: CstaClient, number: str) -> None:
    await client.watch(number)
    assert str(client.refused[number]) == "operation/invalidDeviceID"


async def test_refusals_have_the_standards_values(client: CstaClient) -> None:
    to_itself = ft.SetForwarding(device="101", activate_forward=True, forward_dn="101")
    assert await client.refusal(to_itself) == "operation/invalidForwardingDestination"
    unknown = ft.GetDoNotDisturb(device="999")
    assert await client.refusal(unknown) == "operation/invalidDeviceID"
    microphone = ft.GetMicrophoneMute(device="101")
    assert await client.refusal(microphone) == "operation/serviceNotSupported"


async def test_status_is_told_when_asked(client: CstaClient) -> None:
    answer = await client.ask(sy.RequestSystemStatus())
    assert answer == sy.RequestSystemStatusResponse(system_status=SystemState.NORMAL)


async def test_an_unknown_request_is_refused_and_rubbish_closes(client: CstaClient) -> None:
    client.send_bytes(encode_frame(4711, b"<DoTheDishes><please/></DoTheDishes>"))
    await client.until(
        lambda: any(i == 4711 and isinstance(m, ErrorResponse) for _, i, m in client.wire),
        "refusal",
    )
    client.send_bytes(b"GET / HTTP/1.1\r\n\r\n")
    async with asyncio.timeout(5):
        await client.closed.wait()


async def test_slow_and_missing_answers(client: CstaClient, rig: PbxRig) -> None:
    await client.watch("101")
    rig.pbx.faults.now = FaultSettings(csta_delay=0.2)
    began = asyncio.get_running_loop().time()
    await client.ask(ft.GetDoNotDisturb(device="101"))
    assert asyncio.get_running_loop().time() - began >= 0.2
    rig.pbx.faults.now = FaultSettings(csta_deaf=True)
    sent = len(client.wire)
    client.send(0, ft.GetDoNotDisturb(device="101"))
    # an event, and that the switch goes on, come after the answer that does not
    rig.pbx.features.set_do_not_disturb("101", True)
    await client.until(lambda: client.view("101").do_not_disturb is True, "DND")
    rig.pbx.faults.now = FaultSettings()
    rig.pbx.features.set_do_not_disturb("101", False)
    assert not any(
        isinstance(message, ft.GetDoNotDisturbResponse) for _, _, message in client.wire[sent:]
    )


async def test_events_in_the_wrong_order(client: CstaClient, rig: PbxRig) -> None:
    await client.watch("101")
    rig.pbx.faults.now = FaultSettings(csta_reorder=True)
    for on in (True, False, True):
        rig.pbx.features.set_do_not_disturb("101", on)
    await client.until(lambda: len(client.told) == 3, "three events")
    rig.pbx.faults.now = FaultSettings()
    rig.pbx.features.set_do_not_disturb("101", False)
    told = [event.do_not_disturb_on for event in client.events("101", DoNotDisturbEvent)]
    assert told[:3] == [False, True, True]


async def test_events_that_cannot_be_read(client: CstaClient, rig: PbxRig) -> None:
    await client.watch("101")
    rig.pbx.faults.now = FaultSettings(csta_garbled=1.0)
    rig.pbx.features.set_do_not_disturb("101", True)
    rig.pbx.faults.now = FaultSettings()
    await client.until(lambda: client.unreadable == 1, "a message that cannot be read")
    assert await client.ask(ft.GetDoNotDisturb(device="101")) == ft.GetDoNotDisturbResponse(
        do_not_disturb_on=True
    )
    rig.pbx.features.set_do_not_disturb("101", False)


async def test_the_heartbeat_ends_a_link_that_does_not_answer() -> None:
    csta = {"port": 0, "heartbeat_seconds": 0.1}
    async with pbx_rig(extensions=PLAN, csta=csta) as rig:
        host, port = rig.emulator.addresses["csta"].rsplit(":", 1)
        reader, writer = await asyncio.open_connection(host, int(port))
        async with asyncio.timeout(5):
            said = await reader.read()
        writer.close()
        assert said.count(b"<SS>") == 3
        async with csta_client(rig.emulator.addresses["csta"], "business") as client:
            beats = [
                m for way, _, m in client.wire if way == "in" and isinstance(m, sy.SystemStatus)
            ]
            await client.until(lambda: len(client.wire) > 12, "five heartbeats")
            assert beats and not client.closed.is_set()


async def test_a_system_has_so_many_links_and_monitors() -> None:
    csta = {"port": 0, "max_links": 1, "max_monitors": 1}
    async with pbx_rig(extensions=PLAN, csta=csta) as rig:
        address = rig.emulator.addresses["csta"]
        async with csta_client(address, "business") as client:
            host, port = address.rsplit(":", 1)
            reader, writer = await asyncio.open_connection(host, int(port))
            with contextlib.suppress(ConnectionError):
                assert await reader.read() == b""
            writer.close()
            await client.watch("101", "102")
            full = "subscribedResourceAvailability/overallMonitorLimitExceeded"
            assert str(client.refused["102"]) == full


async def test_the_console_lists_links_and_draws_csta_into_the_ladder() -> None:
    async with (
        pbx_rig(extensions=PLAN, csta={"port": 0}, console={"port": 0}) as rig,
        csta_client(rig.emulator.addresses["csta"], "business") as client,
        aiohttp.ClientSession(rig.emulator.addresses["console"]) as http,
    ):
        await client.watch("101")
        async with http.get("/api/csta") as reply:
            (link,) = (await reply.json())["links"]
        assert link["monitored"] == ["101"]
        await rig.pbx.phones["101"].dial("102")
        await client.event("101", ev.DeliveredEvent)
        async with http.get("/api/calls") as reply:
            (call,) = (await reply.json())["calls"]
        async with http.get(f"/api/calls/{call['id']}/trace") as reply:
            messages = (await reply.json())["messages"]
        lines = [m["first_line"] for m in messages if m["transport"] == "CSTA"]
        assert lines == ["ServiceInitiatedEvent", "OriginatedEvent", "DeliveredEvent"]
        assert all(m["text"].startswith("<?xml") for m in messages)
        rig.pbx.phones["101"].hang_up()
        await client.event("101", ev.ConnectionClearedEvent)


async def test_with_tls_only_known_clients_are_heard(tmp_path: Path) -> None:
    ca = TestCa(tmp_path)
    server = ca.issue("pbx", dns=["localhost"], addresses=["127.0.0.1"])
    cert_file, key_file = ca.issue("client", dns=["client"])
    csta = {
        "port": 0,
        "cert_file": server[0],
        "key_file": server[1],
        "client_ca": ca.ca_file,
    }
    async with pbx_rig(extensions=PLAN, csta=csta) as rig:
        address = rig.emulator.addresses["csta"]
        known = client_context(ca.ca_file, certfile=cert_file, keyfile=key_file)
        async with csta_client(address, "business", known) as client:
            await client.watch("101")
        host, port = address.rsplit(":", 1)
        stranger = client_context(ca.ca_file)
        with contextlib.suppress(ConnectionError, ssl.SSLError):
            reader, writer = await asyncio.open_connection(host, int(port), ssl=stranger)
            assert await reader.read() == b""
            writer.close()
        assert rig.emulator.csta.links == []


async def test_restart_and_dropped_links_end_every_link(rig: PbxRig) -> None:
    address, profile = rig.emulator.addresses["csta"], rig.pbx.config.profile
    for end in (rig.pbx.drop_links, rig.pbx.restart):
        async with csta_client(address, profile) as client:
            await client.watch("101")
            assert rig.emulator.csta.listing()[0]["monitored"] == ["101"]
            end()
            async with asyncio.timeout(5):
                await client.closed.wait()
    assert rig.emulator.csta.listing() == []
