"""The flows F2 to F13 at the emulator's CSTA face, on real phones and calls, against what the
monitors of the parties must tell, in order: event, own connection's state, cause."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from protocols.csta.events import call as ev
from protocols.csta.ids import ConnectionId
from protocols.csta.message import ErrorResponse, Event
from protocols.csta.pickup import pickup_notice
from protocols.csta.services import call_control as cc
from protocols.csta.services import features as ft
from protocols.csta.services.system import SystemStatus, SystemStatusResponse
from protocols.csta.values import LocalConnectionState as State
from tests.support.csta_calls import (
    PLAN,
    WATCHED,
    all_over,
    consult,
    dial,
    of_state,
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


def answers_before_events(client: CstaClient, request: type, event: type) -> bool:
    said = [message for way, _, message in client.wire if way == "in"]
    names = [type(one) for one in said if not isinstance(one, Event) or not pickup_notice(one)]
    response = next(i for i, n in enumerate(names) if n.__name__ == f"{request.__name__}Response")
    return response < names.index(event)


async def test_f2_make_call(csta: CstaClient) -> None:
    made = await dial(csta, "101", "102")
    await csta.event("102", ev.DeliveredEvent)
    assert made == own(csta, "101")
    await csta.ask(cc.AnswerCall(call_to_be_answered=own(csta, "102")))
    await csta.event("102", ev.EstablishedEvent)
    await csta.ask(cc.ClearConnection(connection_to_be_cleared=own(csta, "101")))
    await tells(
        csta,
        "101",
        "ServiceInitiated initiated makeCall",
        "Originated connected newCall",
        "Delivered connected newCall",
        "Established connected newCall",
        "ConnectionCleared null normalClearing",
    )
    await tells(
        csta,
        "102",
        "Delivered alerting newCall",
        "Established connected newCall",
        "ConnectionCleared connected normalClearing",
        "ConnectionCleared null normalClearing",
    )
    assert answers_before_events(csta, cc.MakeCall, ev.ServiceInitiatedEvent)
    assert answers_before_events(csta, cc.ClearConnection, ev.ConnectionClearedEvent)


@pytest.mark.parametrize(
    ("number", "cause"), [("712", "busy"), ("999", "destNotObtainable"), ("103", "doNotDisturb")]
)
async def test_f3_a_call_that_fails(csta: CstaClient, number: str, cause: str) -> None:
    await csta.ask(ft.SetDoNotDisturb(device="103", do_not_disturb_on=True))
    await dial(csta, "101", number)
    await csta.event("101", ev.ConnectionClearedEvent)
    await csta.ask(ft.SetDoNotDisturb(device="103", do_not_disturb_on=False))
    await tells(
        csta,
        "101",
        "ServiceInitiated initiated makeCall",
        "Originated connected newCall",
        f"Failed fail {cause}",
        "ConnectionCleared null normalClearing",
    )


async def test_f4_every_own_device_rings_and_one_answers(csta: CstaClient, rig: PbxRig) -> None:
    await csta.watch("105")
    line = await rig.device("6105")
    await dial(csta, "101", "105")
    call = await line.incoming.get()
    await csta.event("105", ev.DeliveredEvent, 2)
    assert len(csta.view("105").calls[0].legs) == 2
    call.answer()
    await csta.event("105", ev.ConnectionClearedEvent)
    (view,) = csta.view("105").calls
    assert view.state is State.CONNECTED
    business = rig.pbx.config.profile == "business"
    await tells(
        csta,
        "105",
        "Delivered alerting newCall",
        f"Delivered alerting {'multipleAlerting' if business else 'newCall'}",
        "Established connected newCall",
        f"ConnectionCleared connected {'multipleAlerting' if business else 'normalClearing'}",
    )
    wanted = {
        "business": "N<105/6105>",
        "voice": "<105>;ond=6105;epid=SC6105",
        "os4000": "<105>;ond=aux",
    }
    assert view.connection.device_id == wanted[rig.pbx.config.profile]
    assert not view.permits("holdCall") and view.permits("clearConnection")
    refused = await csta.refusal(cc.HoldCall(call_to_be_held=view.connection))
    assert refused == "stateIncompatibility/invalidObjectState"
    call.hang_up()


async def test_f5_hold_and_retrieve(csta: CstaClient) -> None:
    await talk(csta)
    connection = own(csta, "101")
    await csta.ask(cc.HoldCall(call_to_be_held=connection))
    await csta.event("102", ev.HeldEvent)
    assert csta.view("102").calls[0].held_by == {"101"}
    await csta.ask(cc.RetrieveCall(call_to_be_retrieved=connection))
    await tells(csta, "101", "Held hold normal", "Retrieved connected normal")
    await tells(csta, "102", "Held connected normal", "Retrieved connected normal")


async def test_f5_hold_by_consultation_on_business(csta: CstaClient, rig: PbxRig) -> None:
    await talk(csta)
    connection = own(csta, "101")
    answer = await csta.ask(cc.ConsultationCall(existing_call=connection))
    if rig.pbx.config.profile != "business":
        assert isinstance(answer, ErrorResponse)
        return
    assert answer == cc.ConsultationCallResponse()
    await csta.event("101", ev.HeldEvent)
    await csta.ask(cc.ReconnectCall(held_call=connection, active_call=ConnectionId()))
    await tells(csta, "101", "Held hold normal", "Retrieved connected normal")


CONSULTED = (
    "Held hold normal",
    "ServiceInitiated initiated makeCall",
    "Originated connected newCall",
    "Delivered connected newCall",
    "Established connected newCall",
)


async def test_f6_consult_swap_and_reconnect(csta: CstaClient) -> None:
    await consult(csta)
    held, active = of_state(csta, "101", State.HOLD), of_state(csta, "101", State.CONNECTED)
    await csta.ask(cc.AlternateCall(held_call=held, active_call=active))
    await csta.event("101", ev.RetrievedEvent)
    assert (of_state(csta, "101", State.HOLD), of_state(csta, "101", State.CONNECTED)) == (
        active,
        held,
    )
    await csta.ask(cc.ReconnectCall(held_call=active, active_call=held))
    await csta.event("101", ev.RetrievedEvent, 2)
    await tells(
        csta,
        "101",
        *CONSULTED,
        "Held hold normal",
        "Retrieved connected normal",
        "ConnectionCleared null normalClearing",
        "Retrieved connected normal",
    )


async def test_f6_attended_transfer(csta: CstaClient, rig: PbxRig) -> None:
    await consult(csta)
    held, active = of_state(csta, "101", State.HOLD), of_state(csta, "101", State.CONNECTED)
    answer = await csta.ask(cc.TransferCall(held_call=held, active_call=active))
    assert isinstance(answer, cc.TransferCallResponse) and answer.transferred_call is not None
    await csta.event("103", ev.TransferredEvent)
    await tells(csta, "101", *CONSULTED, "Transferred null transfer")
    assert csta.view("101").calls == ()
    (first,), (second,) = csta.view("102").calls, csta.view("103").calls
    assert first.call_id == second.call_id == answer.transferred_call.call_id
    assert [p.number for p in first.parties] == ["103"]
    assert [p.number for p in second.parties] == ["102"]
    tag = "TE" if rig.pbx.config.profile == "business" else "TransferedEvent"
    assert f"<{tag}".encode() in b"".join(csta.raw)
    for way, invoke_id, message in csta.wire:  # 9999 is for what nobody asked for, and only that
        alone = isinstance(message, Event | SystemStatus | SystemStatusResponse)
        assert (invoke_id == 9999) is alone, (way, message)
    assert answers_before_events(csta, cc.TransferCall, ev.TransferredEvent)


async def test_f6_transfer_to_a_phone_that_still_rings(csta: CstaClient) -> None:
    await talk(csta)
    request = cc.ConsultationCall(existing_call=own(csta, "101"), consulted_device="103")
    await csta.ask(request)
    await csta.event("103", ev.DeliveredEvent)
    held, active = of_state(csta, "101", State.HOLD), of_state(csta, "101", State.CONNECTED)
    assert isinstance(
        await csta.ask(cc.TransferCall(held_call=held, active_call=active)), cc.TransferCallResponse
    )
    await csta.event("101", ev.TransferredEvent)
    assert csta.view("101").calls == ()
    await csta.ask(cc.AnswerCall(call_to_be_answered=own(csta, "103")))
    await csta.event("102", ev.EstablishedEvent)
    assert csta.view("102").calls[0].call_id == csta.view("103").calls[0].call_id
    assert [p.number for p in csta.view("103").calls[0].parties] == ["102"]


async def test_f7_blind_transfer(csta: CstaClient, rig: PbxRig) -> None:
    await talk(csta)
    old = own(csta, "101")
    request = cc.SingleStepTransferCall(active_call=old, transferred_to="103")
    answer = await csta.ask(request)
    assert isinstance(answer, cc.SingleStepTransferCallResponse), answer
    await csta.event("103", ev.DeliveredEvent)
    await csta.ask(cc.AnswerCall(call_to_be_answered=own(csta, "103")))
    await csta.event("102", ev.EstablishedEvent)
    await tells(csta, "101", "Transferred null singleStepTransfer")
    await tells(
        csta,
        "102",
        "Transferred connected singleStepTransfer",
        "Delivered connected singleStepTransfer",
        "Established connected newCall",
    )
    await tells(
        csta, "103", "Delivered alerting singleStepTransfer", "Established connected newCall"
    )
    late = rig.pbx.config.profile == "os4000"
    assert answers_before_events(csta, cc.SingleStepTransferCall, ev.TransferredEvent) is not late
    new = own(csta, "102")
    if rig.pbx.config.profile != "business":  # the captured id: same tail, another first byte
        assert (old.call_id[:2], new.call_id[:2]) == ("FF", "03")
        assert old.call_id[2:] == new.call_id[2:] and len(new.call_id) == 32


async def test_f7_a_blind_transfer_that_fails_comes_back(csta: CstaClient) -> None:
    await talk(csta)
    request = cc.SingleStepTransferCall(active_call=own(csta, "101"), transferred_to="712")
    assert isinstance(await csta.ask(request), cc.SingleStepTransferCallResponse)
    await csta.event("101", ev.DeliveredEvent)
    await csta.ask(cc.AnswerCall(call_to_be_answered=own(csta, "101")))
    await csta.event("102", ev.EstablishedEvent)
    await tells(
        csta,
        "101",
        "Transferred null singleStepTransfer",
        "Delivered alerting recall",
        "Established connected recall",
    )
    await tells(
        csta,
        "102",
        "Transferred connected singleStepTransfer",
        "Failed fail busy",
        "Delivered connected recall",
        "Established connected recall",
    )


async def test_f8_conference(csta: CstaClient, rig: PbxRig) -> None:
    await consult(csta)
    held, active = of_state(csta, "101", State.HOLD), of_state(csta, "101", State.CONNECTED)
    answer = await csta.ask(cc.ConferenceCall(held_call=held, active_call=active))
    assert isinstance(answer, cc.ConferenceCallResponse) and answer.conference_call is not None
    for number in ("101", "102", "103"):
        await csta.event(number, ev.ConferencedEvent)
        (call,) = csta.view(number).calls
        assert call.conference and call.call_id == answer.conference_call.call_id
        others = {"101", "102", "103"} - {number}
        assert {p.number for p in call.parties} == others
    keeps = rig.pbx.config.profile == "os4000"
    assert (answer.conference_call.call_id == active.call_id) is keeps
    await csta.ask(cc.ClearConnection(connection_to_be_cleared=own(csta, "103")))
    await csta.event("101", ev.ConnectionClearedEvent)
    assert not csta.view("101").calls[0].conference


async def test_f9_f10_push_to_the_own_line_and_pull_back(csta: CstaClient, rig: PbxRig) -> None:
    await csta.watch("106")
    line = await rig.device("6106")
    await talk(csta, "106")
    away = {"business": "N<106/6106>", "voice": "<106>;ond=6106", "os4000": "<106>;ond=aux"}
    back = {"business": "N<106/5106>", "voice": "<106>;ond=5106"}
    profile = rig.pbx.config.profile
    request = cc.SingleStepTransferCall(active_call=own(csta, "106"), transferred_to=away[profile])
    assert isinstance(await csta.ask(request), cc.SingleStepTransferCallResponse)
    pulled = await line.incoming.get()
    assert csta.view("106").calls[0].state is State.CONNECTED
    pulled.answer()
    moved = await csta.event("106", ev.TransferredEvent)
    assert moved.local_connection_info is State.CONNECTED
    (call,) = csta.view("106").calls
    assert call.leg.key[1] in ("6106", "aux")
    await rig.phone_is("106", "idle")
    await pulled.seen("established")
    if profile == "os4000":  # there the desk has no name of its own beside the number
        pulled.hang_up()
        return
    request = cc.SingleStepTransferCall(active_call=call.connection, transferred_to=back[profile])
    assert isinstance(await csta.ask(request), cc.SingleStepTransferCallResponse)
    await rig.phone_is("106", "ringing")
    rig.pbx.phones["106"].answer()
    await pulled.seen("end")
    await csta.event("106", ev.TransferredEvent, 2)
    assert [p.number for p in csta.view("106").calls[0].parties] == ["102"]
    assert not csta.view("106").doubtful


async def test_f9_a_move_that_fails_leaves_the_call_where_it_is(
    csta: CstaClient, rig: PbxRig
) -> None:
    await csta.watch("107")
    line = await rig.device("6107")
    await talk(csta, "107")
    profile = rig.pbx.config.profile
    away = {"business": "N<107/6107>", "voice": "<107>;ond=6107", "os4000": "<107>;ond=aux"}
    connection = own(csta, "107")
    request = cc.SingleStepTransferCall(active_call=connection, transferred_to=away[profile])
    await csta.ask(request)
    ringing = await line.incoming.get()
    ringing.call.reject(480)
    failure = await csta.event("107", ev.ServiceCompletionFailureEvent)
    assert failure.primary_call.connection_id == connection
    assert csta.view("107").calls[0].state is State.CONNECTED
    await csta.ask(cc.HoldCall(call_to_be_held=connection))
    await csta.event("107", ev.HeldEvent)
