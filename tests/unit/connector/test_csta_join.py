"""Which CSTA call is which SIP dialog, in both orders and with time between them."""

from __future__ import annotations

import pytest

from connector.mapping.line import Told
from protocols.csta.services.monitoring import SnapshotDeviceResponse
from tests.support.csta_line import PROFILE_NAMES, PlatformLine

pytestmark = pytest.mark.parametrize("profile", PROFILE_NAMES)

GAPS = (0.0, 1.5)


def sessions(told: list[Told]) -> list[str | None]:
    return [item.session_id for item in told]


@pytest.mark.parametrize("gap", GAPS)
def test_the_ring_is_joined_when_csta_comes_first(profile: str, gap: float) -> None:
    pbx = PlatformLine(profile)

    assert pbx.watch.reported(pbx.delivered(pbx.desk), 10.0) == []
    assert pbx.watch.reported(pbx.delivered(pbx.line), 10.0) == []
    told = pbx.invited(10.0 + gap)

    assert sessions(told) == ["session-FF0001", "session-FF0001"]
    assert pbx.join.unjoined == 0


@pytest.mark.parametrize("gap", GAPS)
def test_the_ring_is_joined_when_sip_comes_first(profile: str, gap: float) -> None:
    pbx = PlatformLine(profile)

    pbx.invited(10.0)
    told = pbx.watch.reported(pbx.delivered(pbx.desk), 10.0 + gap)
    told += pbx.watch.reported(pbx.delivered(pbx.line), 10.0 + gap)

    assert sessions(told) == ["session-FF0001", "session-FF0001"]


@pytest.mark.parametrize("gap", GAPS)
def test_a_dialled_call_is_joined_to_its_dialog(profile: str, gap: float) -> None:
    pbx = PlatformLine(profile)

    pbx.invited(10.0, incoming=False)
    told = pbx.watch.reported(pbx.originated(pbx.line), 10.0 + gap)

    assert sessions(told) == ["session-FF0001"]


def test_without_a_dialog_it_is_the_desk_phone_s_after_two_seconds(profile: str) -> None:
    pbx = PlatformLine(profile)

    pbx.watch.reported(pbx.delivered(pbx.desk), 10.0)
    pbx.watch.reported(pbx.delivered(pbx.line), 10.0)

    assert pbx.watch.deadline() == 12.0
    assert pbx.watch.timer(11.9) == []
    assert sessions(pbx.watch.timer(12.0)) == [None, None]
    assert pbx.join.unjoined == 1
    assert pbx.watch.deadline() is None


def test_news_of_a_call_that_a_snapshot_denies_do_not_ring_later(profile: str) -> None:
    pbx = PlatformLine(profile)
    assert pbx.watch.reported(pbx.delivered(pbx.desk), 10.0) == []

    told = pbx.watch.device_snapshot(SnapshotDeviceResponse())  # its end was never told

    assert [type(item.message) for item in told] == [SnapshotDeviceResponse]
    assert not pbx.watch.waiting
    assert pbx.watch.timer(12.0) == []


def test_what_rings_at_the_desk_alone_is_the_desk_phone_s_in_the_end(profile: str) -> None:
    pbx = PlatformLine(profile)

    assert pbx.watch.reported(pbx.delivered(pbx.desk), 10.0) == []

    assert sessions(pbx.watch.timer(12.0)) == [None]
    assert pbx.join.unjoined == 0


@pytest.mark.parametrize("gap", GAPS)
def test_the_desk_answers_before_the_line_was_told_to_ring(profile: str, gap: float) -> None:
    pbx = PlatformLine(profile)

    pbx.watch.reported(pbx.delivered(pbx.desk), 10.0)
    told = pbx.invited(10.0 + gap)
    told += pbx.watch.reported(pbx.established(pbx.desk), 11.6)

    assert sessions(told) == ["session-FF0001", "session-FF0001"]


def test_a_line_that_cannot_ring_makes_nobody_wait(profile: str) -> None:
    pbx = PlatformLine(profile)
    pbx.registered = False

    assert sessions(pbx.watch.reported(pbx.delivered(pbx.desk), 10.0)) == [None]


def test_a_call_dialled_on_the_desk_phone_is_told_at_once(profile: str) -> None:
    pbx = PlatformLine(profile)

    assert sessions(pbx.watch.reported(pbx.originated(pbx.desk), 10.0)) == [None]


@pytest.mark.parametrize("remote", ["303", "202"])
def test_another_number_or_direction_is_another_call(profile: str, remote: str) -> None:
    pbx = PlatformLine(profile)

    pbx.invited(10.0, incoming=remote == "303", remote=remote)
    pbx.watch.reported(pbx.delivered(pbx.line), 10.0)

    assert sessions(pbx.watch.timer(12.0)) == [None]


def test_a_withheld_number_fits_any(profile: str) -> None:
    pbx = PlatformLine(profile)

    pbx.invited(10.0, remote="")

    assert sessions(pbx.watch.reported(pbx.delivered(pbx.line), 10.0)) == ["session-FF0001"]


def test_two_calls_of_one_number_are_joined_in_their_order(profile: str) -> None:
    pbx = PlatformLine(profile)
    pbx.invited(10.0)
    pbx.call_id = "FF0002"
    pbx.invited(10.1)

    second = pbx.watch.reported(pbx.delivered(pbx.line), 10.2)
    pbx.call_id = "FF0003"
    third = pbx.watch.reported(pbx.delivered(pbx.line), 10.3)

    assert sessions(second + third) == ["session-FF0001", "session-FF0002"]


def test_the_end_of_a_joined_call_still_names_its_session(profile: str) -> None:
    pbx = PlatformLine(profile)
    pbx.invited(10.0)
    pbx.watch.reported(pbx.delivered(pbx.line), 10.0)

    pbx.join.closed(pbx.dialog().key, 10.5)
    told = pbx.watch.reported(pbx.cleared(pbx.line), 11.0)

    assert sessions(told) == ["session-FF0001"]
    assert pbx.join.session("line-101", "FF0001") is None  # nothing is kept of it


def test_the_desk_answers_a_joined_ring(profile: str) -> None:
    pbx = PlatformLine(profile)
    pbx.invited(10.0)
    for device in (pbx.desk, pbx.line):
        pbx.watch.reported(pbx.delivered(device), 10.0)

    told = pbx.watch.reported(pbx.established(pbx.desk), 11.0)

    assert sessions(told) == ["session-FF0001"]
    assert "N<101/desk>" in repr(told[0].message)


@pytest.mark.parametrize(("gap", "session"), [(1.5, "session-FF0001"), (2.5, None)])
def test_csta_may_be_late_to_tell_of_a_dialog_that_is_over(
    profile: str, gap: float, session: str | None
) -> None:
    """The desk phone answered, so the line's dialog was cancelled; only then CSTA tells."""
    pbx = PlatformLine(profile)
    pbx.invited(10.0)
    pbx.join.closed(pbx.dialog().key, 10.2)

    told = pbx.watch.reported(pbx.delivered(pbx.desk), 10.2 + gap)
    told += pbx.watch.reported(pbx.established(pbx.desk), 10.2 + gap)

    assert sessions(told) == [session, session]


@pytest.mark.parametrize("dialog", [False, True])
def test_a_call_that_ends_while_it_waits_is_told_whole(profile: str, dialog: bool) -> None:
    """Its dialog may still begin: SIP is later by more than the call was long."""
    pbx = PlatformLine(profile)
    pbx.watch.reported(pbx.delivered(pbx.line), 10.0)

    assert pbx.watch.reported(pbx.cleared(pbx.line), 10.5) == []
    told = pbx.invited(11.0) if dialog else pbx.watch.timer(12.0)

    assert [type(item.message).__name__ for item in told] == [
        "DeliveredEvent",
        "ConnectionClearedEvent",
    ]
    assert sessions(told) == (["session-FF0001"] * 2 if dialog else [None, None])
    assert not pbx.watch.waiting
    assert pbx.join.session("line-101", "FF0001") is None  # nothing is kept of it


def test_the_picture_is_what_the_events_said(profile: str) -> None:
    pbx = PlatformLine(profile)
    pbx.invited(10.0)
    pbx.watch.reported(pbx.delivered(pbx.line), 10.0)
    pbx.watch.reported(pbx.established(pbx.line), 11.0)

    device, call = pbx.watch.picture()

    assert sessions([device, call]) == [None, "session-FF0001"]
    assert "N<101/line>" in repr(device.message)
    assert "N<202>Otto" in repr(call.message)


def test_a_call_that_is_over_is_told_before_a_picture_and_not_after_it(profile: str) -> None:
    pbx = PlatformLine(profile)
    assert pbx.watch.reported(pbx.delivered(pbx.desk), 0.0) == []
    assert pbx.watch.over_while_waiting(0.5) == []  # it rings: a dialog may come yet

    assert pbx.watch.reported(pbx.cleared(pbx.desk), 1.0) == []
    told = pbx.watch.over_while_waiting(1.1)

    assert [type(it.message).__name__ for it in told] == [
        "DeliveredEvent",
        "ConnectionClearedEvent",
    ]
    assert pbx.watch.over_while_waiting(1.2) == [] and pbx.watch.timer(9.0) == []
