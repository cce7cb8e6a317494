"""F14: CSTA in SIP NOTIFY between the emulator and a cloud connector."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from emulator.plan.model import Extension
from protocols.aio.endpoint import SipEndpoint
from protocols.aio.useragent import RequestContext, UserAgent
from protocols.csta.codec import decode, encode
from protocols.csta.dialects import LINK
from protocols.csta.events import call as ev
from protocols.csta.events.device import DoNotDisturbEvent
from protocols.csta.message import Event, Message, Request
from protocols.csta.services import call_control as cc
from protocols.csta.services import features as ft
from protocols.csta.services import monitoring as mo
from protocols.csta.services import system as sy
from protocols.csta.sip_link import CONTENT_TYPE
from protocols.csta.values import SystemState
from protocols.sip.auth.credentials import DigestCredentials
from protocols.sip.message import Response
from tests.support.pbx_rig import PASSWORD, PbxRig, pbx_rig

PLAN = (
    Extension(number="101", name="Anna", mailbox=False),
    Extension(number="102", name="Berta", mailbox=False),
)
pytestmark = pytest.mark.asyncio(loop_scope="module")


class Cloud:
    """The other end: asks by NOTIFY, answers the PBX's NOTIFYs and keeps what they say."""

    def __init__(self, agent: UserAgent, here: str, target: str, user: str = "cloud") -> None:
        self.agent = agent
        self.contact = f"<sip:{user}@{here}>"
        self.here = here
        self.user = user
        self.target = f"sip:pbx@{target}"
        self.credentials = DigestCredentials(user, PASSWORD)
        self.told: list[Message] = []
        self.answers = True
        self._changed = asyncio.Event()
        agent.handle("NOTIFY", self._notified)

    def _notified(self, ctx: RequestContext) -> None:
        assert ctx.request.headers.get("Event") == "b2buaCSTA"
        message = decode(ctx.request.body).message
        assert isinstance(message, Message)
        self.told.append(message)
        self._changed.set()
        if not self.answers:
            ctx.respond(481)
        elif isinstance(message, sy.SystemStatus):
            body = encode(sy.SystemStatusResponse(), LINK.style)
            ctx.respond(200, body=body, content_type=CONTENT_TYPE)
        else:
            ctx.respond(200)

    async def send(self, body: bytes, event: str = "b2buaCSTA") -> Response:
        return await self.agent.request(
            "NOTIFY",
            self.target,
            from_=f"sip:{self.user}@pbx.offhook.test",
            headers=(("Event", event), ("Contact", self.contact)),
            content_type=CONTENT_TYPE,
            body=body,
            credentials=self.credentials,
        )

    async def ask(self, request: Request) -> Message:
        response = await self.send(encode(request, LINK.style))
        assert (response.status, response.headers.get("Content-Type")) == (200, CONTENT_TYPE)
        message = decode(response.body).message
        assert isinstance(message, Message)
        return message

    async def until_told(self, kind: type[Message]) -> Message:
        async with asyncio.timeout(5):
            while True:
                for message in self.told:
                    if isinstance(message, kind):
                        return message
                self._changed.clear()
                await self._changed.wait()


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=["business", "voice", "os4000"])
async def rig(request: pytest.FixtureRequest) -> AsyncIterator[PbxRig]:
    csta = {"notify_user": "cloud"}
    async with pbx_rig(extensions=PLAN, profile=request.param, csta=csta) as rig:
        yield rig


@pytest_asyncio.fixture(loop_scope="module")
async def cloud(rig: PbxRig) -> AsyncIterator[Cloud]:
    endpoint = SipEndpoint()
    listener = await endpoint.listen("UDP", "127.0.0.1", 0)
    agent = UserAgent(endpoint)
    yield Cloud(agent, f"127.0.0.1:{listener.port}", rig.emulator.addresses["sip_udp"])
    rig.emulator.csta.close_all("the test is over")
    await agent.aclose()
    await endpoint.aclose()


async def test_f14_questions_answers_and_events(cloud: Cloud, rig: PbxRig) -> None:
    status = await cloud.ask(sy.RequestSystemStatus())
    assert status == sy.RequestSystemStatusResponse(system_status=SystemState.NORMAL)
    greeting = await cloud.until_told(sy.SystemStatus)
    assert isinstance(greeting, sy.SystemStatus)
    started = await cloud.ask(mo.MonitorStart(device="101"))
    assert isinstance(started, mo.MonitorStartResponse) and started.monitor_cross_ref_id
    assert isinstance(
        await cloud.ask(mo.SnapshotDevice(snapshot_object="101")), mo.SnapshotDeviceResponse
    )
    on = ft.SetDoNotDisturb(device="101", do_not_disturb_on=True)
    assert await cloud.ask(on) == ft.SetDoNotDisturbResponse()
    event = await cloud.until_told(DoNotDisturbEvent)
    assert isinstance(event, Event)
    assert event.monitor_cross_ref_id == started.monitor_cross_ref_id
    await cloud.ask(ft.SetDoNotDisturb(device="101", do_not_disturb_on=False))
    made = await cloud.ask(cc.MakeCall(calling_device="101", called_directory_number="102"))
    assert isinstance(made, cc.MakeCallResponse)
    await cloud.until_told(ev.DeliveredEvent)
    names = [type(m).__name__ for m in cloud.told if isinstance(m, ev.CallEvent)]
    assert names == ["ServiceInitiatedEvent", "OriginatedEvent", "DeliveredEvent"]
    cleared = await cloud.ask(cc.ClearConnection(connection_to_be_cleared=made.calling_device))
    assert cleared == cc.ClearConnectionResponse()
    await cloud.until_told(ev.ConnectionClearedEvent)
    await rig.nothing_left()


async def test_what_is_refused(cloud: Cloud, rig: PbxRig) -> None:
    body = encode(sy.RequestSystemStatus(), LINK.style)
    assert (await cloud.send(body, event="presence")).status == 489
    assert (await cloud.send(b"<RSS>")).status == 400
    stranger = Cloud(cloud.agent, cloud.here, rig.emulator.addresses["sip_udp"], "5101")
    assert (await stranger.send(body)).status == 403
    unknown = Cloud(cloud.agent, cloud.here, rig.emulator.addresses["sip_udp"], "nobody")
    assert (await unknown.send(body)).status in (401, 403, 407)
    assert rig.emulator.csta.links == []


async def test_a_peer_that_answers_no_more_has_to_begin_anew(cloud: Cloud, rig: PbxRig) -> None:
    await cloud.ask(mo.MonitorStart(device="101"))
    await cloud.until_told(sy.SystemStatus)
    cloud.answers = False
    rig.pbx.features.set_do_not_disturb("101", True)
    await rig.until_true(lambda: rig.emulator.csta.links == [], "the link has ended")
    cloud.answers = True
    rig.pbx.features.set_do_not_disturb("101", False)
    assert isinstance(await cloud.ask(mo.MonitorStart(device="101")), mo.MonitorStartResponse)
    assert len(rig.emulator.csta.links) == 1
