"""F4 on Voice and 4000: a call is offered before it rings, and its owner decides."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from protocols.csta.events import call as ev
from protocols.csta.ids import ConnectionId
from protocols.csta.services import call_control as cc
from protocols.csta.values import LocalConnectionState as State
from tests.support.csta_calls import PLAN, WATCHED, all_over, dial, own
from tests.support.csta_client import CstaClient, csta_client
from tests.support.pbx_rig import PbxRig, pbx_rig

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=["voice", "os4000"])
async def rig(request: pytest.FixtureRequest) -> AsyncIterator[PbxRig]:
    csta = {"port": 0, "offer_seconds": 30}
    async with pbx_rig(extensions=PLAN, profile=request.param, csta=csta) as rig:
        yield rig


@pytest_asyncio.fixture(loop_scope="module")
async def csta(rig: PbxRig) -> AsyncIterator[CstaClient]:
    async with csta_client(rig.emulator.addresses["csta"], rig.pbx.config.profile) as client:
        await client.watch(*WATCHED)
        yield client
        await all_over(client, rig)


async def offered(client: CstaClient) -> None:
    await dial(client, "101", "102")
    await client.event("102", ev.OfferedEvent)
    (view,) = client.view("102").calls
    assert view.offered and view.state is State.ALERTING
    assert view.services is not None
    assert view.services.call_control == {"acceptCall", "deflectCall", "clearConnection"}


async def test_accepted_it_rings(csta: CstaClient, rig: PbxRig) -> None:
    await offered(csta)
    assert rig.pbx.phones["102"].state == "idle"
    answer = await csta.ask(cc.AcceptCall(call_to_be_accepted=own(csta, "102")))
    assert answer == cc.AcceptCallResponse()
    await csta.event("102", ev.DeliveredEvent)
    assert csta.names("102") == ["Offered", "Delivered"]
    assert not csta.view("102").calls[0].offered
    await csta.ask(cc.AnswerCall(call_to_be_answered=own(csta, "102")))
    await csta.event("101", ev.EstablishedEvent)


async def test_sent_on_it_rings_elsewhere(csta: CstaClient, rig: PbxRig) -> None:
    await offered(csta)
    call = own(csta, "102")
    await csta.ask(cc.DeflectCall(call_to_be_diverted=call, new_destination="103"))
    await csta.until(lambda: bool(csta.view("103").calls), "103 has it")
    assert csta.names("102") == ["Offered", "Diverted"]
    assert csta.view("102").calls == ()


async def test_refused_the_caller_hears_busy(csta: CstaClient, rig: PbxRig) -> None:
    await offered(csta)
    request = cc.ClearConnection(connection_to_be_cleared=own(csta, "102"), reason="busy")
    assert await csta.ask(request) == cc.ClearConnectionResponse()
    failed = await csta.event("101", ev.FailedEvent)
    assert failed.cause == "busy"
    assert rig.pbx.phones["102"].state == "idle"


async def test_a_caller_who_gives_up_ends_the_offer(csta: CstaClient, rig: PbxRig) -> None:
    await offered(csta)
    rig.pbx.phones["101"].hang_up()
    await csta.event("102", ev.ConnectionClearedEvent)
    late = await csta.refusal(cc.AcceptCall(call_to_be_accepted=ConnectionId("1", "102")))
    assert late == "operation/invalidConnectionID"


async def test_unheard_it_rings_in_the_end(rig: PbxRig) -> None:
    csta = {"port": 0, "offer_seconds": 0.2}
    profile = rig.pbx.config.profile
    async with pbx_rig(extensions=PLAN, profile=profile, csta=csta) as other:
        address = other.emulator.addresses["csta"]
        async with csta_client(address, profile) as client:
            await client.watch("101", "102")
            await offered(client)
            await client.event("102", ev.DeliveredEvent)
            await all_over(client, other)
        await other.pbx.phones["101"].dial("102")  # nobody is there to be asked
        await other.phone_is("102", "ringing")
        other.pbx.phones["101"].hang_up()
        await other.nothing_left()
