"""Pickup groups, hunt groups, conferences and the alternative number: platform and link."""

from __future__ import annotations

from dataclasses import replace

import pytest

from connector.mapping.devices import LineDevices
from connector.mapping.join import Dialog
from connector.mapping.line import Told
from connector.mapping.to_platform import ToPlatform, Unmapped
from protocols.csta.dialects import DIALECTS
from protocols.csta.events.call import (
    CallInformationEvent,
    ConferencedEvent,
    ConnectionClearedEvent,
    EstablishedEvent,
)
from protocols.csta.events.device import AgentLoggedOffEvent
from protocols.csta.ids import ConnectionId, Device, Endpoint
from protocols.csta.message import Event
from protocols.csta.pickup import MOST_RINGING, group_device, pickup_notice
from protocols.csta.services import call_control as cc
from protocols.csta.services.features import GetAgentStateResponse
from protocols.csta.services.monitoring import SnapshotDeviceResponse
from protocols.csta.shapes import ConnectionListItem, HuntGroupState, Private
from protocols.csta.values import Cause
from protocols.csta.values import LocalConnectionState as State
from tests.support.csta_line import PROFILE_NAMES, PlatformLine

pytestmark = pytest.mark.parametrize("profile", PROFILE_NAMES)

RINGS = ConnectionId("FF0009", "102")


def offer(caller: str = "N<103>Carla") -> Event:
    return CallInformationEvent(
        connection=RINGS, device=group_device("1"), calling_device=Device(caller)
    )


def end() -> Event:
    return ConnectionClearedEvent(dropped_connection=RINGS, releasing_device=group_device("1"))


def notices(told: list[Told]) -> list[bool]:
    """Of each notice: rings, or no more."""
    found = [pickup_notice(item.message) for item in told]
    return [notice.caller is not None for notice in found if notice is not None]


def test_what_rings_in_the_group_is_no_call_of_the_line(profile: str) -> None:
    watch = PlatformLine(profile).watch
    assert notices(watch.reported(offer(), 1.0)) == [True]
    assert watch.view.calls == () and not watch.view.doubtful
    assert notices(watch.reported(end(), 2.0)) == [False]
    assert watch.view.ended == ()
    assert watch.reported(end(), 3.0) == []  # it was told


def test_a_snapshot_is_followed_by_what_rings_now(profile: str) -> None:
    watch = PlatformLine(profile).watch
    watch.reported(offer(), 1.0)
    assert notices(watch.device_snapshot(SnapshotDeviceResponse())) == [True]
    assert notices(watch.picture()) == [True]
    watch.begun()  # the PBX tells a new monitor what rings
    assert notices(watch.picture()) == []


def test_of_too_many_that_ring_the_last_are_remembered(profile: str) -> None:
    watch = PlatformLine(profile).watch
    for number in range(MOST_RINGING + 1):
        watch.reported(replace(offer(), connection=ConnectionId(f"FF{number}", "102")), 1.0)
    told = [pickup_notice(item.message) for item in watch.picture()]
    shown = [notice.connection.call_id for notice in told if notice is not None]
    assert shown == [f"FF{number}" for number in range(1, MOST_RINGING + 1)]


def test_who_calls_into_the_own_group_is_not_told(profile: str) -> None:
    pbx = PlatformLine(profile)
    assert pbx.watch.reported(offer("N<101>Anna"), 1.0) == []


@pytest.mark.parametrize("incoming", [True, False])
def test_what_a_code_fetches_is_the_dialog_that_dialled_it(profile: str, incoming: bool) -> None:
    pbx = PlatformLine(profile)
    pbx.join.opened(Dialog("d", "line-101", None, "", "session"))
    line, far = ConnectionId("FF0009", pbx.line), Device("N<103>Carla")
    event = EstablishedEvent(
        established_connection=line,
        answering_device=Device(pbx.line) if incoming else far,
        calling_device=far if incoming else Device(pbx.line),
        local_connection_info=State.CONNECTED,
        cause=Cause.CALL_PICKUP,
    )
    told = pbx.watch.reported(event, 1.0)
    assert [item.session_id for item in told] == ["session"]


def test_a_code_that_fetched_nothing_takes_no_later_call(profile: str) -> None:
    pbx = PlatformLine(profile)
    pbx.join.opened(Dialog("d", "line-101", None, "", "in vain"))
    pbx.invited(1.0, incoming=False)  # while the code is still at it
    (told,) = pbx.watch.reported(pbx.originated(pbx.line), 1.0)
    assert told.session_id == "session-FF0001"
    pbx.join.closed("d", 1.1)

    other = PlatformLine(profile)
    other.join.opened(Dialog("d", "line-101", None, "", "in vain"))
    other.join.closed("d", 1.0)
    other.invited(1.1, incoming=False)
    (told,) = other.watch.reported(other.originated(other.line), 1.2)
    assert told.session_id == "session-FF0001"


def test_hunt_groups_are_told_in_the_standard_s_words(profile: str) -> None:
    watch = PlatformLine(profile).watch
    groups = Private(
        hunt_groups=(
            HuntGroupState(name="Sales", pilot="350", busy=False),
            HuntGroupState(name="Support", pilot="351", busy=True),
        )
    )
    (told,) = watch.learned(GetAgentStateResponse(private=groups))
    answer = told.message
    assert isinstance(answer, GetAgentStateResponse) and answer.private is None
    assert [(item.agent_group, item.logged_on_state) for item in answer.entries] == [
        ("N<350>Sales", True),
        ("N<351>Support", False),
    ]
    (told,) = watch.reported(AgentLoggedOffEvent(agent_group="350"), 1.0)
    assert isinstance(told.message, GetAgentStateResponse)
    assert [item.logged_on_state for item in told.message.entries] == [False, False]


def platform(profile: str) -> ToPlatform:
    devices = LineDevices("line-101", "101", "101", "6101")
    return ToPlatform(devices, DIALECTS[profile], lambda number: number)


def drop(number: str) -> cc.ClearConnection:
    return cc.ClearConnection(connection_to_be_cleared=ConnectionId("FF0001", f"N<{number}>"))


def test_only_of_a_conference_another_connection_may_be_named(profile: str) -> None:
    pbx = PlatformLine(profile)
    pbx.watch.reported(pbx.originated(pbx.desk), 1.0)
    with pytest.raises(Unmapped):
        platform(profile).request(drop("202"), pbx.watch.view)
    parties = [Endpoint(text) for text in (pbx.desk, "N<202>Otto", "N<203>Paula")]
    pbx.watch.reported(
        ConferencedEvent(
            primary_old_call=ConnectionId("FF0001", pbx.desk),
            conferencing_device=Device(pbx.desk),
            connections=tuple(
                ConnectionListItem(
                    new_connection=ConnectionId("FF0001", party.identifier), endpoint=party
                )
                for party in parties
            ),
            local_connection_info=State.CONNECTED,
        ),
        2.0,
    )
    view = pbx.watch.view
    asked = platform(profile).request(drop("203"), view)
    assert asked == cc.ClearConnection(connection_to_be_cleared=ConnectionId("FF0001", "203"))
    with pytest.raises(Unmapped):
        platform(profile).request(drop("999"), view)


def test_a_call_from_the_alternative_number(profile: str) -> None:
    request = cc.MakeCall(calling_device="N<+4917055/alternative>", called_directory_number="102")
    asked = platform(profile).request(request, PlatformLine(profile).watch.view)
    assert isinstance(asked, cc.MakeCall)
    named = {"business": "N<101>PreferredDevice"}.get(profile, "<101>;ond=+4917055")
    assert asked.calling_device == named
