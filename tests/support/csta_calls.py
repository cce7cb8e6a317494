"""Calls made and answered by CSTA, for tests of the emulator's CSTA face."""

from __future__ import annotations

from emulator.plan.model import Extension, Kind
from protocols.csta.events import call as ev
from protocols.csta.ids import ConnectionId
from protocols.csta.services import call_control as cc
from protocols.csta.values import LocalConnectionState as State
from tests.support.csta_client import CstaClient
from tests.support.pbx_rig import PbxRig

#: 104 has no virtual desk phone; 105 to 107 are for tests that register a line.
PLAN = (
    Extension(number="101", name="Anna", mailbox=False, pickup_group="a"),
    Extension(number="102", name="Berta", mailbox=False, pickup_group="a"),
    Extension(number="103", name="Carla", mailbox=False, pickup_group="a"),
    Extension(number="104", name="Dora", mailbox=False, virtual_desk=False),
    Extension(number="105", name="Eva", mailbox=False),
    Extension(number="106", name="Frida", mailbox=False),
    Extension(number="107", name="Gerda", mailbox=False),
    Extension(number="350", name="Sales", kind=Kind.GROUP, members=("101", "102")),
    Extension(number="712", name="Busy", kind=Kind.BUSY),
    Extension(number="713", name="Never", kind=Kind.NEVER),
)
WATCHED = ("101", "102", "103")


def own(client: CstaClient, number: str, index: int = -1) -> ConnectionId:
    """A call of a number, as its view has it."""
    return client.view(number).calls[index].connection


def of_state(client: CstaClient, number: str, state: State) -> ConnectionId:
    return next(call.connection for call in client.view(number).calls if call.state is state)


async def dial(client: CstaClient, caller: str, called: str) -> ConnectionId:
    request = cc.MakeCall(calling_device=caller, called_directory_number=called)
    answer = await client.ask(request)
    assert isinstance(answer, cc.MakeCallResponse), answer
    return answer.calling_device


async def ring(client: CstaClient, caller: str = "101", called: str = "102") -> None:
    await dial(client, caller, called)
    await client.event(called, ev.DeliveredEvent)


async def talk(client: CstaClient, caller: str = "101", called: str = "102") -> None:
    """``caller`` and ``called`` speak; what was told of it is forgotten."""
    await ring(client, caller, called)
    await client.ask(cc.AnswerCall(call_to_be_answered=own(client, called)))
    await client.event(caller, ev.EstablishedEvent)
    await client.event(called, ev.EstablishedEvent)
    client.told.clear()


async def consult(client: CstaClient, called: str = "103") -> None:
    """101 speaks with 102, puts it aside and speaks with ``called``."""
    await talk(client)
    request = cc.ConsultationCall(existing_call=own(client, "101"), consulted_device=called)
    answer = await client.ask(request)
    assert isinstance(answer, cc.ConsultationCallResponse), answer
    await client.event(called, ev.DeliveredEvent)
    await client.ask(cc.AnswerCall(call_to_be_answered=own(client, called)))
    await client.event("101", ev.EstablishedEvent)


async def all_over(client: CstaClient, rig: PbxRig) -> None:
    """End every call; then nothing is left, and every view has seen it and never doubted."""
    for phone in rig.pbx.phones.values():
        while phone.active is not None:
            phone.hang_up()
    await rig.nothing_left()
    for number in client.views:
        await client.until(lambda n=number: not client.view(n).calls, f"{number} is free")
    assert client.doubts == []


def told(client: CstaClient, number: str) -> list[str]:
    """``Delivered alerting newCall`` and so on, of the monitor of a number."""
    lines = []
    for owner, event in client.told:
        information = isinstance(event, ev.CallInformationEvent)  # of permissions, see below
        if owner == number and isinstance(event, ev.CallEvent) and not information:
            name = type(event).__name__.removesuffix("Event")
            lines.append(f"{name} {event.local_connection_info or '-'} {event.cause}")
    return lines


async def tells(client: CstaClient, number: str, *lines: str) -> None:
    """The monitor of a number has told exactly this, now or soon."""
    try:
        await client.until(lambda: len(told(client, number)) >= len(lines), f"{number}")
    finally:
        assert told(client, number) == list(lines)
