"""The newest word on a lamp, whichever way it came."""

from __future__ import annotations

from gateway.bus import Bus, PbxFeatureChanged
from gateway.features.voicemail.service import VoicemailService
from gateway.ports import Lamp, UserKey
from tests.support.gateway_ports import ANNA, LINE, SITE, TENANT, FakeLines, Sink


def service() -> tuple[VoicemailService, Sink, Bus]:
    sink, bus = Sink(), Bus()
    return VoicemailService(FakeLines(), sink, bus), sink, bus


def lamps(sink: Sink) -> list[object]:
    assert sink.misfits == []
    return [payload["mwi"] for payload in sink.of("mwi.changed")]


async def test_only_changes_are_told_and_unknown_is_one() -> None:
    made, sink, _ = service()
    assert made.mailbox(ANNA) is None
    for lamp in (Lamp(True, 2, 1), Lamp(True, 2, 1), None, None, Lamp(False)):
        assert await made.lamp_told(TENANT, SITE, LINE, lamp)
    assert lamps(sink) == [
        {"waiting": True, "new": 2, "old": 1},
        None,
        {"waiting": False, "new": None, "old": None},
    ]
    assert (await made.voicemail(ANNA)).number == "199"


async def test_a_line_of_another_site_or_tenant_is_unknown() -> None:
    made, sink, _ = service()
    assert not await made.lamp_told(TENANT, "another site", LINE, Lamp(True))
    assert not await made.lamp_told("another tenant", SITE, LINE, Lamp(True))
    assert not await made.lamp_told(TENANT, SITE, "another line", Lamp(True))
    assert lamps(sink) == []


async def test_the_control_link_repeats_itself_and_overrules_nothing_by_that() -> None:
    made, sink, bus = service()
    bus.publish(PbxFeatureChanged(ANNA, message_waiting=True))
    await made.lamp_told(TENANT, SITE, LINE, Lamp(True, 1, 0))
    await made.lamp_told(TENANT, SITE, LINE, Lamp(False, 0, 1))
    bus.publish(PbxFeatureChanged(ANNA, do_not_disturb=True, message_waiting=True))
    assert made.mailbox(ANNA) == {"waiting": False, "new": 0, "old": 1}
    bus.publish(PbxFeatureChanged(ANNA, message_waiting=False))
    assert made.mailbox(ANNA) == {"waiting": False, "new": 0, "old": 1}
    bus.publish(PbxFeatureChanged(ANNA, message_waiting=True))
    assert made.mailbox(ANNA) == {"waiting": True, "new": None, "old": None}
    bus.publish(PbxFeatureChanged(UserKey(TENANT, "somebody"), do_not_disturb=True))
    assert len(lamps(sink)) == 4


async def test_what_the_control_link_repeats_counts_when_nothing_else_is_known() -> None:
    made, _, bus = service()
    bus.publish(PbxFeatureChanged(ANNA, message_waiting=True))
    await made.lamp_told(TENANT, SITE, LINE, None)
    assert made.mailbox(ANNA) is None
    bus.publish(PbxFeatureChanged(ANNA, do_not_disturb=True, message_waiting=True))
    assert made.mailbox(ANNA) == {"waiting": True, "new": None, "old": None}


async def test_a_lamp_that_the_control_link_lost_is_unknown() -> None:
    made, sink, bus = service()
    bus.publish(PbxFeatureChanged(ANNA, message_waiting=True))
    bus.publish(PbxFeatureChanged(ANNA))
    assert made.mailbox(ANNA) is None
    bus.publish(PbxFeatureChanged(ANNA, message_waiting=True))
    assert len(lamps(sink)) == 3, "the same word after a loss is news"


async def test_a_control_link_that_never_knew_a_lamp_puts_none_out() -> None:
    made, _, bus = service()
    await made.lamp_told(TENANT, SITE, LINE, Lamp(True))
    bus.publish(PbxFeatureChanged(ANNA, do_not_disturb=True))
    assert made.mailbox(ANNA) is not None
