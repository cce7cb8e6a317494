"""The services beside the flows at the emulator's CSTA face: deflection, pickup, park, digits,
callback, agents, snapshots, and who cannot be called."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from emulator.switch.features import Target
from protocols.csta.events import call as ev
from protocols.csta.events.device import CallBackEvent
from protocols.csta.ids import Device, DeviceStatus
from protocols.csta.services import call_control as cc
from protocols.csta.services import features as ft
from protocols.csta.services import monitoring as mo
from protocols.csta.values import AgentState, RequestedAgentState
from protocols.csta.values import LocalConnectionState as State
from tests.support.csta_calls import (
    PLAN,
    WATCHED,
    all_over,
    consult,
    dial,
    own,
    talk,
    tells,
)
from tests.support.csta_client import CstaClient, csta_client
from tests.support.pbx_rig import PbxRig, pbx_rig

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=["business", "voice", "os4000"])
async def rig(request: pytest.FixtureRequest) -> AsyncIterator[PbxRig]:
    async with pbx_rig(extensions=PLAN, profile=request.param, csta={"port": 0}) as rig:
        yield rig


@pytest_asyncio.fixture(loop_scope="module")
async def csta(rig: PbxRig) -> AsyncIterator[CstaClient]:
    """A client that watches 101, 102 and 103; after the test nothing is left, seen by nobody."""
    async with csta_client(rig.emulator.addresses["csta"], rig.pbx.config.profile) as client:
        await client.watch(*WATCHED)
        yield client
        await all_over(client, rig)


async def test_deflect_sends_a_ringing_call_on(csta: CstaClient) -> None:
    await dial(csta, "101", "102")
    await csta.event("102", ev.DeliveredEvent)
    await csta.ask(cc.DeflectCall(call_to_be_diverted=own(csta, "102"), new_destination="103"))
    await csta.event("103", ev.DeliveredEvent)
    await tells(csta, "102", "Delivered alerting newCall", "Diverted null redirected")
    assert csta.view("103").calls[0].redirected_from
    await csta.ask(cc.AnswerCall(call_to_be_answered=own(csta, "103")))
    await csta.event("101", ev.EstablishedEvent)


async def test_pickup_of_a_colleagues_call(csta: CstaClient) -> None:
    await dial(csta, "101", "102")
    await csta.event("102", ev.DeliveredEvent)
    rings = own(csta, "102")
    request = cc.DirectedPickupCall(call_to_be_picked_up=rings, requesting_device="103")
    answer = await csta.ask(request)
    assert isinstance(answer, cc.DirectedPickupCallResponse), answer
    assert answer.picked_call is not None and answer.picked_call.call_id == rings.call_id
    established = await csta.event("103", ev.EstablishedEvent)
    assert established.cause == "callPickup"
    assert csta.view("102").calls == ()
    nothing = cc.GroupPickupCall(new_destination="102")
    assert await csta.refusal(nothing) == "stateIncompatibility/noCallToAnswer"


async def test_park(csta: CstaClient) -> None:
    await talk(csta)
    answer = await csta.ask(cc.ParkCall(parking=own(csta, "101"), park_to="5"))
    assert isinstance(answer, cc.ParkCallResponse), answer
    await tells(csta, "101", "Diverted null park")
    await csta.event("102", ev.DivertedEvent)
    assert csta.view("102").calls[0].state is State.QUEUED


async def test_digits_are_keys_of_the_phone(csta: CstaClient, rig: PbxRig) -> None:
    await talk(csta)
    own_call = own(csta, "101")
    for digit in "12#":
        request = cc.GenerateDigits(connection_to_send_digits=own_call, characters_to_send=digit)
        assert await csta.ask(request) == cc.GenerateDigitsResponse()
    phone = rig.pbx.phones["102"]
    await rig.until(lambda: "".join(phone.end.digits) == "12#", "12# is heard")
    rubbish = cc.GenerateDigits(connection_to_send_digits=own_call, characters_to_send="hello")
    assert await csta.refusal(rubbish) == "operation/valueOutOfRange"


async def test_f13_a_second_link_finds_the_calls(csta: CstaClient, rig: PbxRig) -> None:
    await consult(csta)
    async with csta_client(rig.emulator.addresses["csta"], rig.pbx.config.profile) as late:
        await late.watch("101", "102")
        await late.until(
            lambda: not any(c.incomplete for c in late.view("101").calls), "snapshots of calls"
        )
        for number in ("101", "102"):
            found = {c.call_id: (c.state, c.parties, c.services) for c in late.view(number).calls}
            known = {c.call_id: (c.state, c.parties, c.services) for c in csta.view(number).calls}
            assert found == known
        assert late.view("102").calls[0].held_by == {"101"}


async def test_a_desk_phone_that_is_away(csta: CstaClient, rig: PbxRig) -> None:
    away = cc.MakeCall(calling_device="104", called_directory_number="101")
    assert await csta.refusal(away) == "systemResourceAvailability/deviceOutOfService"
    await csta.watch("104")
    assert csta.view("104").in_service is False
    desk = await rig.device("5104")
    await csta.until(lambda: csta.view("104").in_service is True, "the desk is there")
    rig.pbx.registrations.forget_all()
    await csta.until(lambda: csta.view("104").in_service is False, "the desk is gone")
    assert desk.user == "5104"
    assert csta.names("104") == [
        "BackInService",
        "DeviceCapsChanged",
        "OutOfService",
        "DeviceCapsChanged",
    ]


async def test_a_caller_who_wants_to_stay_unknown(csta: CstaClient, rig: PbxRig) -> None:
    await csta.watch("105")
    line = await rig.device("6107")
    call = await line.dial("105", headers=[("Privacy", "id")])
    delivered = await csta.event("105", ev.DeliveredEvent)
    assert delivered.calling_device == Device(status=DeviceStatus.RESTRICTED)
    (view,) = csta.view("105").calls
    snapshot = await csta.ask(mo.SnapshotCall(snapshot_object=view.connection))
    assert isinstance(snapshot, mo.SnapshotCallResponse)
    shown = [item.device_on_call.identifier for item in snapshot.endpoints]
    assert snapshot.calling_device == Device(status=DeviceStatus.RESTRICTED)
    assert len(shown) == len(rig.pbx.switch.calls[view.call_id[-8:]].connections) and "" in shown
    call.hang_up()


async def test_a_callback_is_called_after_whom_it_is_for(csta: CstaClient, rig: PbxRig) -> None:
    await talk(csta, "102", "103")
    booked = ft.CallBackNonCallRelated(originating_device="101", target_device="102")
    assert await csta.ask(booked) == ft.CallBackNonCallRelatedResponse()
    event = await csta.event("101", CallBackEvent)
    assert event.target_device is not None and "102" in event.target_device.identifier
    await csta.ask(cc.ClearConnection(connection_to_be_cleared=own(csta, "102")))
    await csta.event("101", ev.DeliveredEvent)
    assert [p.number for p in csta.view("101").calls[0].parties] == ["102"]


async def ready(client: CstaClient, device: str, group: str) -> bool:
    answer = await client.ask(ft.GetAgentState(device=device, agent_group=group))
    assert isinstance(answer, ft.GetAgentStateResponse), answer
    return answer.entries[0].state is AgentState.READY


async def test_a_member_of_a_hunt_group_logs_out_and_in(csta: CstaClient, rig: PbxRig) -> None:
    for wanted, there in (
        (RequestedAgentState.LOGGED_OFF, False),
        (RequestedAgentState.LOGGED_ON, True),
    ):
        request = ft.SetAgentState(device="101", requested_agent_state=wanted, group="350")
        assert await csta.ask(request) == ft.SetAgentStateResponse()
        assert await ready(csta, "101", "350") is there
        assert ("350" not in rig.pbx.features.of("101").left_groups) is there
    stranger = ft.SetAgentState(
        device="103", requested_agent_state=RequestedAgentState.LOGGED_ON, group="350"
    )
    assert await csta.refusal(stranger) == "operation/invalidDeviceID"


async def test_routing_by_the_state_of_members_on_business(csta: CstaClient, rig: PbxRig) -> None:
    client_line = "N<101/6101>"
    away = ft.SetAgentState(
        device=client_line, requested_agent_state=RequestedAgentState.NOT_READY, group="101"
    )
    if rig.pbx.config.profile != "business":
        assert await csta.refusal(away) == "operation/invalidDeviceID"
        return
    assert await csta.ask(away) == ft.SetAgentStateResponse()
    assert rig.pbx.features.of("101").target is Target.DESK
    assert await ready(csta, "N<101/5101>", "101") and not await ready(csta, client_line, "101")
    back = ft.SetAgentState(
        device=client_line, requested_agent_state=RequestedAgentState.READY, group="101"
    )
    await csta.ask(back)
    assert rig.pbx.features.of("101").target is Target.ALL


async def test_an_auxiliary_number_cannot_be_called(csta: CstaClient, rig: PbxRig) -> None:
    request = cc.MakeCall(calling_device="101", called_directory_number="6102")
    if rig.pbx.config.profile == "os4000":
        assert await csta.refusal(request) == "operation/invalidCalledDeviceID"
        return
    assert isinstance(await csta.ask(request), cc.MakeCallResponse)
    await csta.event("102", ev.DeliveredEvent)
