"""Calls between the desk phone and our line: what the platform is asked, and whose dialog it is."""

from __future__ import annotations

import pytest

from connector.mapping.devices import LineDevices
from connector.mapping.join import Dialog
from connector.mapping.to_platform import ToPlatform, Unmapped
from connector.profiles import PROFILES
from protocols.csta.dialects import DIALECTS
from protocols.csta.events.call import RetrievedEvent
from protocols.csta.ids import ConnectionId, Device
from protocols.csta.message import Request
from protocols.csta.services import call_control as cc
from protocols.csta.shapes import AUTO_ANSWER, Private
from protocols.csta.values import LocalConnectionState as State
from tests.support.csta_line import LINE_ID, PROFILE_NAMES, PlatformLine
from tests.support.csta_moves import far_answers, rings_to_take_over, went_to

pytestmark = pytest.mark.parametrize("profile", PROFILE_NAMES)

TO_LINE = {"business": "N<101/6101>", "voice": "<101>;ond=6101", "os4000": "<101>;ond=aux"}


def spoken_at_the_desk(profile: str) -> PlatformLine:
    """The desk phone has called Otto, and they talk."""
    pbx = PlatformLine(profile)
    pbx.registered = False
    told = pbx.watch.reported(pbx.originated(pbx.desk), 1.0)
    told += pbx.watch.reported(far_answers(pbx), 2.0)
    assert [item.session_id for item in told] == [None, None]
    return pbx


def session_of(pbx: PlatformLine, call_id: str) -> str | None:
    retrieved = RetrievedEvent(
        monitor_cross_ref_id="7",
        retrieved_connection=ConnectionId(call_id, pbx.far),
        retrieving_device=Device(pbx.far),
        local_connection_info=State.CONNECTED,
        cause="normal",
    )
    (told,) = pbx.watch.reported(retrieved, 9.0)
    return told.session_id


@pytest.mark.parametrize("sip_first", [True, False])
def test_a_call_that_is_pulled_to_the_line_gets_its_dialog_and_keeps_it(
    profile: str, sip_first: bool
) -> None:
    pbx = spoken_at_the_desk(profile)
    if sip_first:
        pbx.invited(3.0)
        pbx.watch.reported(rings_to_take_over(pbx, pbx.line), 3.5)
    else:
        pbx.watch.reported(rings_to_take_over(pbx, pbx.line), 3.0)
        pbx.invited(4.5)
    (told,) = pbx.watch.reported(went_to(pbx, pbx.line, "0300AA"), 5.0)
    assert told.session_id == "session-FF0001"
    assert session_of(pbx, "0300AA") == "session-FF0001"


def test_a_second_pull_is_another_dialog(profile: str) -> None:
    pbx = spoken_at_the_desk(profile)
    pbx.watch.reported(rings_to_take_over(pbx, pbx.line), 3.0)
    pbx.invited(3.0)
    assert session_of(pbx, pbx.call_id) == "session-FF0001"
    pbx.join.closed("d-True-FF0001", 4.0)  # nobody answered
    pbx.join.opened(Dialog("d2", LINE_ID, True, pbx.far, "session-2"))
    pbx.watch.dialogs_changed(5.0)
    assert session_of(pbx, pbx.call_id) == "session-2"


def test_somebody_else_who_calls_meanwhile_is_somebody_else(profile: str) -> None:
    pbx = spoken_at_the_desk(profile)
    pbx.invited(3.0, remote="999")
    pbx.watch.reported(rings_to_take_over(pbx, pbx.line), 3.0)
    assert session_of(pbx, pbx.call_id) is None


def asked(pbx: PlatformLine, to: str, extension: str = "6101") -> Request:
    devices = LineDevices(LINE_ID, "101", "101", extension)
    platform = ToPlatform(devices, DIALECTS[pbx.profile], PROFILES[pbx.profile].numbers.to_pbx)
    here = ConnectionId(pbx.call_id, "N<101/desk>")
    return platform.request(
        cc.SingleStepTransferCall(active_call=here, transferred_to=to), pbx.watch.view
    )


def test_own_devices_are_named_as_the_platform_names_them(profile: str) -> None:
    pbx = spoken_at_the_desk(profile)
    here = ConnectionId(pbx.call_id, pbx.desk)
    by_itself = Private(transfer_target=AUTO_ANSWER)
    assert asked(pbx, "N<101/line>") == cc.SingleStepTransferCall(
        active_call=here, transferred_to=TO_LINE[profile], private=by_itself
    )
    assert asked(pbx, "N<101/desk>") == cc.SingleStepTransferCall(
        active_call=here, transferred_to="101", private=by_itself
    )
    assert asked(pbx, "103") == cc.SingleStepTransferCall(active_call=here, transferred_to="103")


def test_a_line_that_the_connector_does_not_register_gets_no_call(profile: str) -> None:
    with pytest.raises(Unmapped):
        asked(spoken_at_the_desk(profile), "N<101/line>", extension="")
