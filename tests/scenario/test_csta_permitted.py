"""servicesPermitted tells the truth: what it lists is carried out, what it does not is refused."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
import pytest_asyncio

from protocols.csta.events import call as ev
from protocols.csta.ids import ConnectionId
from protocols.csta.message import ErrorResponse, Request
from protocols.csta.services import call_control as cc
from protocols.csta.services import features as ft
from protocols.csta.values import LocalConnectionState as State
from protocols.csta.view.model import CallView
from tests.support.csta_calls import (
    PLAN,
    WATCHED,
    all_over,
    consult,
    dial,
    of_state,
    own,
    ring,
    talk,
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
    async with csta_client(rig.emulator.addresses["csta"], rig.pbx.config.profile) as client:
        await client.watch(*WATCHED)
        yield client


#: How each service is asked for; ``other`` is the other call of the device, if it has one.
ASK: dict[str, Callable[[ConnectionId, ConnectionId], Request]] = {
    "answerCall": lambda c, _: cc.AnswerCall(call_to_be_answered=c),
    "deflectCall": lambda c, _: cc.DeflectCall(call_to_be_diverted=c, new_destination="103"),
    "holdCall": lambda c, _: cc.HoldCall(call_to_be_held=c),
    "retrieveCall": lambda c, _: cc.RetrieveCall(call_to_be_retrieved=c),
    "consultationCall": lambda c, _: cc.ConsultationCall(existing_call=c, consulted_device="713"),
    "alternateCall": lambda c, other: cc.AlternateCall(held_call=other, active_call=c),
    "reconnectCall": lambda c, other: cc.ReconnectCall(held_call=other, active_call=c),
    "transferCall": lambda c, other: cc.TransferCall(held_call=other, active_call=c),
    "conferenceCall": lambda c, other: cc.ConferenceCall(held_call=other, active_call=c),
    "singleStepTransfer": lambda c, _: cc.SingleStepTransferCall(
        active_call=c, transferred_to="713"
    ),
    "parkCall": lambda c, _: cc.ParkCall(parking=c, park_to="7"),
    "generateDigits": lambda c, _: cc.GenerateDigits(
        connection_to_send_digits=c, characters_to_send="1"
    ),
    "callBack": lambda c, _: ft.CallBackCallRelated(call_back_connection=c),
    "clearConnection": lambda c, _: cc.ClearConnection(connection_to_be_cleared=c),
}


async def _held(client: CstaClient) -> None:
    await talk(client)
    await client.ask(cc.HoldCall(call_to_be_held=own(client, "101")))
    await client.event("101", ev.HeldEvent)


async def _knocks(client: CstaClient) -> None:
    """102 speaks with 101, and 103 calls it too."""
    await talk(client)
    await dial(client, "103", "102")
    await client.event("102", ev.DeliveredEvent)


async def _consulting(client: CstaClient) -> None:
    await talk(client)
    await client.ask(cc.ConsultationCall(existing_call=own(client, "101"), consulted_device="103"))
    await client.event("103", ev.DeliveredEvent)


Situation = tuple[Callable[[CstaClient], Awaitable[None]], str, State]
SITUATIONS: dict[str, Situation] = {
    "called": (ring, "102", State.ALERTING),
    "calling": (ring, "101", State.CONNECTED),
    "talking": (talk, "101", State.CONNECTED),
    "held": (_held, "101", State.HOLD),
    "held by the other": (_held, "102", State.CONNECTED),
    "consulted": (consult, "101", State.CONNECTED),
    "put aside": (consult, "101", State.HOLD),
    "second call rings": (_consulting, "101", State.CONNECTED),
    "somebody knocks": (_knocks, "102", State.ALERTING),
}


async def enter(client: CstaClient, name: str) -> tuple[CallView, ConnectionId]:
    """Bring a situation about: the call in question, and the other one of its device."""
    make, number, state = SITUATIONS[name]
    await make(client)
    connection = of_state(client, number, state)
    others = [c.connection for c in client.view(number).calls if c.connection != connection]
    view = next(c for c in client.view(number).calls if c.connection == connection)
    return view, others[0] if others else ConnectionId()


def listed(view: CallView) -> frozenset[str]:
    assert view.services is not None
    return view.services.call_control | view.services.call_associated


@pytest.mark.parametrize("situation", SITUATIONS)
async def test_what_is_permitted_is_done_and_nothing_else(
    csta: CstaClient, rig: PbxRig, situation: str
) -> None:
    view, other = await enter(csta, situation)
    permitted = listed(view)
    assert permitted <= ASK.keys()
    for name in ASK.keys() - permitted:
        answer = await csta.ask(ASK[name](view.connection, other))
        assert isinstance(answer, ErrorResponse), f"{name} was not permitted, but done"
    first = True
    for name in sorted(permitted):
        if not first:
            view, other = await enter(csta, situation)
            assert listed(view) == permitted
        first = False
        answer = await csta.ask(ASK[name](view.connection, other))
        assert not isinstance(answer, ErrorResponse), f"{name} was permitted: {answer}"
        if name == "callBack":
            rig.pbx.callback.cancel("101")
        await all_over(csta, rig)
        csta.told.clear()
