"""Requests of the gateway: they reach their own line's devices and no others."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace

import pytest

from connector.csta.client import Refused
from connector.csta.control import PLATFORM_DOWN, TOO_FAST, PbxControlLink
from connector.csta.stream import StreamCarrier, Where
from connector.lines import LineConfig
from connector.mapping.line import Told
from connector.profiles import PROFILES
from connector.status import State
from protocols.csta.dialects import DIALECTS
from protocols.csta.ids import ConnectionId
from protocols.csta.message import Request, Response, operation_error
from protocols.csta.services import call_control as cc
from protocols.csta.services.features import SetDoNotDisturb, SetDoNotDisturbResponse
from protocols.csta.services.system import RequestSystemStatus, SystemRegister
from protocols.csta.session.actions import MonitorDown, MonitorUp, Reported
from protocols.csta.session.client import ClientSession
from protocols.csta.values import LocalConnectionState as Local
from tests.support.csta_line import LINE_ID, PROFILE_NAMES, PlatformLine


@dataclass
class FakeClient:
    up: bool = True
    asked: list[Request] = field(default_factory=list)
    watched: list[str] = field(default_factory=list)
    resynced: list[str] = field(default_factory=list)
    refuse: str = ""

    def watch(self, device: str) -> None:
        self.watched.append(device)

    def unwatch(self, device: str) -> None:
        self.watched.remove(device)

    def resync(self, device: str) -> None:
        self.resynced.append(device)

    async def request(self, request: Request) -> Response:
        self.asked.append(request)
        if self.refuse:
            raise Refused(operation_error(self.refuse))
        return SetDoNotDisturbResponse()

    async def aclose(self) -> None: ...


@dataclass
class Rig:
    link: PbxControlLink
    client: FakeClient
    pbx: PlatformLine
    told: list[Told]
    seen: list[tuple[State, str]]
    back: list[str]

    def rings(self) -> None:
        """A call rings at the desk phone of line 101."""
        self.link._on_action(Reported("101", self.pbx.delivered(self.pbx.desk)))


@pytest.fixture(params=PROFILE_NAMES)
async def rig(request: pytest.FixtureRequest) -> AsyncIterator[Rig]:
    told: list[Told] = []
    seen: list[tuple[State, str]] = []
    back: list[str] = []
    link = PbxControlLink(
        StreamCarrier(Where("127.0.0.1", 1), DIALECTS[request.param].style),
        ClientSession(DIALECTS[request.param].heartbeat),
        DIALECTS[request.param],
        plan=lambda: PROFILES[request.param].numbers,
        can_ring=lambda line_id: False,
        tell=told.append,
        observe=lambda state, detail: seen.append((state, detail)),
        came_back=back.append,
    )
    client = FakeClient()
    link.client = client  # type: ignore[assignment]
    lines = [
        LineConfig(LINE_ID, "6101", "x", "6101", "5101", "101"),
        LineConfig("line-102", "6102", "x", "6102", "5102", "102"),
    ]
    link.apply(lines)
    yield Rig(link, client, PlatformLine(request.param), told, seen, back)
    await link.aclose()


async def test_lines_are_watched_by_their_number_and_let_go_of(rig: Rig) -> None:
    assert rig.client.watched == ["101", "102"]

    rig.link.apply([LineConfig("line-102", "6102", "x", "6102", "5102", "102")])

    assert rig.client.watched == ["102"]


async def test_whatever_device_is_named_it_is_the_line_s_own(rig: Rig) -> None:
    await rig.link.ask(LINE_ID, cc.MakeCall(calling_device="102", called_directory_number="202"))

    (asked,) = rig.client.asked
    assert isinstance(asked, cc.MakeCall)
    assert asked.calling_device == "101"


async def test_a_connection_is_named_as_the_platform_named_it(rig: Rig) -> None:
    rig.rings()
    (told,) = rig.told[-1:]
    assert told.line_id == LINE_ID

    answer = cc.AnswerCall(call_to_be_answered=ConnectionId("FF0001", "N<101/desk>"))
    await rig.link.ask(LINE_ID, answer)

    assert rig.client.asked == [
        replace(answer, call_to_be_answered=ConnectionId("FF0001", rig.pbx.desk))
    ]


async def test_a_call_of_another_line_cannot_be_reached(rig: Rig) -> None:
    rig.rings()

    refusal = await rig.link.ask(
        "line-102",
        cc.ClearConnection(connection_to_be_cleared=ConnectionId("FF0001", "N<101/desk>")),
    )

    assert refusal == operation_error("invalidConnectionID")
    assert rig.client.asked == []


async def test_who_believes_in_a_call_that_is_not_there_is_told_what_is(rig: Rig) -> None:
    rig.rings()
    rig.client.refuse = "invalidConnectionID"

    ghost = ConnectionId("FF0001", "N<101/desk>")
    await rig.link.ask(LINE_ID, cc.ClearConnection(connection_to_be_cleared=ghost))

    assert rig.client.resynced == ["101"]


async def test_a_line_that_fails_is_looked_at_afresh_and_stops_no_other(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(now: float) -> list[Told]:
        raise ValueError("nobody thought of this")

    news = Told("line-102", SetDoNotDisturbResponse())
    monkeypatch.setattr(rig.link._lines[LINE_ID], "dialogs_changed", broken)
    monkeypatch.setattr(rig.link._lines["line-102"], "dialogs_changed", lambda now: [news])

    rig.link._fire()
    rig.link.dialog_opened(rig.pbx.dialog())

    assert rig.told[-1:] == [news]
    assert rig.client.resynced == ["101", "101"]


@pytest.mark.parametrize("line_id", [LINE_ID, "nobody"])
async def test_what_has_no_place_on_the_link_is_not_asked(rig: Rig, line_id: str) -> None:
    answer = await rig.link.ask(line_id, SystemRegister())

    value = "invalidDeviceID" if line_id == "nobody" else "serviceNotSupported"
    assert answer == operation_error(value)
    assert rig.client.asked == []


async def test_without_the_pbx_the_answer_comes_at_once(rig: Rig) -> None:
    rig.client.up = False

    assert (
        await rig.link.ask(
            LINE_ID, cc.MakeCall(calling_device="101", called_directory_number="202")
        )
        == PLATFORM_DOWN
    )
    status = await rig.link.ask("gateway", RequestSystemStatus())
    assert "disabled" in repr(status)


async def test_three_changes_in_two_seconds_stop_the_next_of_that_setting(rig: Rig) -> None:
    change = SetDoNotDisturb(device="101", do_not_disturb_on=True)
    answers = [await rig.link.ask(LINE_ID, change) for _ in range(4)]

    assert answers[3] == TOO_FAST
    assert TOO_FAST not in answers[:3]
    assert await rig.link.ask("line-102", change) != TOO_FAST  # another user's


async def test_the_layer_says_which_lines_are_not_monitored(rig: Rig) -> None:
    rig.link._on_action(MonitorDown("102", operation_error("invalidDeviceID"), None))
    assert rig.seen[-1][0] is State.WEAK
    assert "invalidDeviceID" in rig.seen[-1][1]

    rig.link._on_action(MonitorUp("102"))
    assert rig.seen[-1][0] is State.WORKING


async def test_a_ring_at_the_desk_is_told_at_once_where_the_line_cannot_ring(rig: Rig) -> None:
    rig.rings()

    assert [told.session_id for told in rig.told[-1:]] == [None]
    assert rig.link._lines[LINE_ID].view.calls[0].state is Local.ALERTING


async def test_a_line_that_is_watched_again_registers_again(rig: Rig) -> None:
    """The PBX may have been started anew; over UDP nothing else tells the connector."""
    rig.link._on_action(MonitorUp("101"))
    assert rig.back == []

    rig.link._on_action(MonitorUp("101"))
    assert rig.back == [LINE_ID]
