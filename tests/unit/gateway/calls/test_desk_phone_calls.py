"""Calls on the desk phone, from what each platform says to what clients and journal read."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from connector.mapping.line import Told
from gateway.calls.book import CallBook
from gateway.calls.desk import DeskPhones
from gateway.calls.desk_commands import DeskCommands
from gateway.calls.journaling import Journaling
from gateway.ports import Actor, Line, Problem, UserKey
from protocols.csta.codec import decode, encode
from protocols.csta.dialects import LINK
from protocols.csta.events.call import HeldEvent, RetrievedEvent, TransferredEvent
from protocols.csta.events.device import DoNotDisturbEvent
from protocols.csta.ids import ConnectionId, Device, Endpoint
from protocols.csta.message import Message, Request, Response
from protocols.csta.services import call_control as cc
from protocols.csta.services.monitoring import SnapshotDeviceResponse
from protocols.csta.shapes import ConnectionListItem
from protocols.csta.values import LocalConnectionState as State
from tests.support.csta_line import PROFILE_NAMES, PlatformLine, permitted
from tests.support.gateway_ports import (
    ANNA,
    LINE,
    SITE,
    TENANT,
    FakeJournal,
    FakeLines,
    FakeNumbers,
    Sink,
)

ACTOR = Actor(ANNA, "s", "browser")


class Desk:
    """A gateway's desk phones and the platform's line behind the link."""

    def __init__(self, profile: str) -> None:
        self.pbx = PlatformLine(profile)
        self.pbx.registered = False
        self.journal, self.sink, self.lines = FakeJournal(), Sink(), FakeLines()
        self.book = CallBook(10)
        self.asked: list[Request] = []
        self.refuses: Problem | None = None
        self.features: list[Any] = []
        self.now = 1_700_000_000.0
        self.phones = self.another_process()
        self.commands = DeskCommands(self.phones, self._ask, self.lines, FakeNumbers())

    def another_process(self) -> DeskPhones:
        """Which knows nothing of the desk phones yet."""
        phones = DeskPhones(
            book=self.book,
            numbers=FakeNumbers(),
            journal=Journaling(self.journal),
            events=self.sink,
            ask_name=self._ask_name,
            on_features=self.features.append,
            clock=lambda: self.now,
        )
        phones.set_reachable(TENANT, SITE, True)
        return phones

    def _ask_name(self, user: UserKey, canonical: str, known: Callable[[str], None]) -> None:
        return None

    async def _ask(self, line: Line, request: Request) -> Response:
        self.asked.append(request)
        if self.refuses is not None:
            raise self.refuses
        return cc.AnswerCallResponse()

    async def told(self, told: Sequence[Told]) -> None:
        line, site = self.lines.lines[LINE], self.lines.profile
        for item in told:
            crossed = decode(encode(item.message, LINK.style)).message
            assert isinstance(crossed, Message)
            await self.phones.told(line, site, crossed, item.session_id)

    async def happens(self, *events: Any) -> None:
        for event in events:
            self.now += 1
            await self.told(self.pbx.watch.reported(event, self.now))

    @property
    def calls(self) -> list[Any]:
        return list(self.phones.calls_of(ANNA))

    @property
    def entry(self) -> dict[str, Any]:
        (row,) = self.journal.rows.values()
        return row

    async def do(self, verb: str, **body: Any) -> Any:
        (call, *_) = self.calls
        return await self.commands.execute(ACTOR, verb, call["id"], body)

    def held(self, by: str, state: State) -> Any:
        return HeldEvent(
            held_connection=ConnectionId(self.pbx.call_id, by),
            holding_device=Device(by),
            local_connection_info=state,
            cause="normal",
            services_permitted=permitted("retrieveCall", "clearConnection"),
        )


@pytest.fixture(params=PROFILE_NAMES)
async def desk(request: pytest.FixtureRequest) -> AsyncIterator[Desk]:
    made = Desk(request.param)
    yield made
    await made.phones.aclose()
    assert made.sink.misfits == []


async def test_a_ring_at_the_desk_is_a_call_that_only_the_pbx_decides_about(desk: Desk) -> None:
    await desk.happens(desk.pbx.delivered(desk.pbx.desk))

    (call,) = desk.calls
    assert (call["on"], call["phase"], call["direction"]) == ("desk_phone", "ringing_in", "in")
    assert call["remote"] == {
        "name": "Otto",
        "number": {"dialled": "202", "canonical": "202", "display": "202"},
    }
    assert call["actions"] == ["answer", "decline"]
    assert call["media"] == "none"
    assert [p["call"]["id"] for p in desk.sink.of("call.created")] == [call["id"]]
    assert desk.sink.of("ring.offer") == []  # it rings on the desk, not here


async def test_an_answered_one_is_answered_in_the_journal_not_missed(desk: Desk) -> None:
    await desk.happens(
        desk.pbx.delivered(desk.pbx.desk),
        desk.pbx.established(desk.pbx.desk),
        desk.pbx.cleared(desk.pbx.desk),
    )

    assert desk.calls == []
    assert (desk.entry["kind"], desk.entry["duration_ms"]) == ("answered", 1000)
    (ended,) = desk.sink.of("call.ended")
    assert ended["call"]["reason"] == "hung_up"


async def test_one_that_nobody_answered_is_missed(desk: Desk) -> None:
    await desk.happens(desk.pbx.delivered(desk.pbx.desk), desk.pbx.cleared(desk.pbx.desk))

    assert desk.entry["kind"] == "missed"


async def test_one_that_was_declined_here_is_not_missed(desk: Desk) -> None:
    await desk.happens(desk.pbx.delivered(desk.pbx.desk))
    await desk.do("decline")
    await desk.happens(desk.pbx.cleared(desk.pbx.desk))

    assert isinstance(desk.asked[0], cc.ClearConnection)
    assert desk.entry["kind"] == "declined"


async def test_one_that_the_pbx_would_not_decline_may_be_missed(desk: Desk) -> None:
    await desk.happens(desk.pbx.delivered(desk.pbx.desk))
    desk.refuses = Problem(502, "pbx_refused", "refused")
    with pytest.raises(Problem, match="pbx_refused"):
        await desk.do("decline")
    await desk.happens(desk.pbx.cleared(desk.pbx.desk))

    assert desk.entry["kind"] == "missed"


async def test_hold_and_retrieve_are_shown_as_the_pbx_tells_them(desk: Desk) -> None:
    await desk.happens(desk.pbx.delivered(desk.pbx.desk), desk.pbx.established(desk.pbx.desk))
    assert desk.calls[0]["actions"] == ["hang_up", "hold"]

    await desk.do("hold")
    assert desk.calls[0]["hold"] == "none"  # nothing is shown before it is so
    await desk.happens(desk.held(desk.pbx.desk, State.HOLD))
    assert (desk.calls[0]["hold"], desk.calls[0]["actions"]) == ("local", ["hang_up", "retrieve"])

    await desk.happens(desk.held("N<202>", State.HOLD))
    assert desk.calls[0]["hold"] == "both"
    await desk.happens(
        RetrievedEvent(
            retrieved_connection=ConnectionId(desk.pbx.call_id, desk.pbx.desk),
            retrieving_device=Device(desk.pbx.desk),
            local_connection_info=State.CONNECTED,
        )
    )
    assert desk.calls[0]["hold"] == "remote"


async def test_what_is_not_permitted_is_refused(desk: Desk) -> None:
    await desk.happens(desk.pbx.delivered(desk.pbx.desk))

    with pytest.raises(Problem) as refusal:
        await desk.do("hold")

    assert refusal.value.code == "not_offered"
    assert desk.asked == []


async def test_a_call_of_another_user_is_unknown(desk: Desk) -> None:
    await desk.happens(desk.pbx.delivered(desk.pbx.desk))
    stranger = Actor(UserKey(TENANT, "berta"), "s", "browser")

    assert not desk.commands.knows(stranger.user, desk.calls[0]["id"])
    with pytest.raises(Problem, match="call_unknown"):
        await desk.commands.execute(stranger, "answer", desk.calls[0]["id"], {})


async def test_dialling_on_the_desk_phone_asks_the_pbx(desk: Desk) -> None:
    await desk.commands.dial(ACTOR, {"to": "202"})
    await desk.happens(desk.pbx.originated(desk.pbx.desk))

    (request,) = desk.asked
    assert isinstance(request, cc.MakeCall)
    assert (request.calling_device, request.called_directory_number) == ("101", "202")
    assert (desk.calls[0]["phase"], desk.calls[0]["direction"]) == ("ringing_out", "out")


async def test_a_call_joined_to_a_sip_call_is_not_shown_twice(desk: Desk) -> None:
    desk.pbx.registered = True
    desk.pbx.invited(0.0)

    await desk.happens(desk.pbx.delivered(desk.pbx.desk), desk.pbx.delivered(desk.pbx.line))
    await desk.happens(desk.pbx.established(desk.pbx.line))

    assert desk.calls == []
    assert desk.journal.rows == {}


async def test_without_the_link_it_stays_but_offers_nothing(desk: Desk) -> None:
    await desk.happens(desk.pbx.delivered(desk.pbx.desk), desk.pbx.established(desk.pbx.desk))

    desk.phones.set_reachable(TENANT, SITE, False)
    assert desk.calls[0]["actions"] == []
    with pytest.raises(Problem, match="not_offered"):
        await desk.do("hang_up")

    desk.phones.set_reachable(TENANT, SITE, True)
    await desk.told(desk.pbx.watch.picture())
    assert desk.calls[0]["actions"] == ["hang_up", "hold"]
    assert len(desk.sink.of("call.created")) == 1


async def test_a_picture_without_the_call_ends_it(desk: Desk) -> None:
    await desk.happens(desk.pbx.delivered(desk.pbx.desk), desk.pbx.established(desk.pbx.desk))

    await desk.told([Told(LINE, SnapshotDeviceResponse())])

    assert desk.calls == []
    assert desk.entry["kind"] == "answered"


async def test_a_gateway_that_knows_nothing_learns_all_from_the_picture(desk: Desk) -> None:
    for event in (desk.pbx.delivered(desk.pbx.desk), desk.pbx.established(desk.pbx.desk)):
        desk.pbx.watch.reported(event, 1.0)
    desk.pbx.watch.reported(desk.held(desk.pbx.desk, State.HOLD), 1.0)

    await desk.told(desk.pbx.watch.picture())

    (call,) = desk.calls
    assert (call["phase"], call["hold"], call["direction"]) == ("connected", "local", "in")
    assert call["remote"]["number"]["canonical"] == "202"
    assert call["actions"] == ["hang_up", "retrieve"]


async def test_who_was_transferred_to_us_is_another_party_of_the_same_call(desk: Desk) -> None:
    await desk.happens(desk.pbx.delivered(desk.pbx.desk), desk.pbx.established(desk.pbx.desk))
    (before,) = desk.calls
    await desk.happens(
        TransferredEvent(
            primary_old_call=ConnectionId(desk.pbx.call_id, "N<202>"),
            transferring_device=Device("N<202>"),
            transferred_to_device=Device("N<303>Carla"),
            connections=tuple(
                ConnectionListItem(
                    new_connection=ConnectionId("030001", device), endpoint=Endpoint(device)
                )
                for device in ("N<303>Carla", desk.pbx.desk)
            ),
            local_connection_info=State.CONNECTED,
            cause="singleStepTransfer",
        )
    )

    (call,) = desk.calls
    assert call["id"] == before["id"]
    assert call["remote"]["name"] == "Carla"
    assert call["remote"]["number"]["canonical"] == "303"


async def test_features_are_told_as_the_pbx_has_them(desk: Desk) -> None:
    await desk.happens(DoNotDisturbEvent(device=Device("N<101>"), do_not_disturb_on=True))

    assert [line.view.do_not_disturb for line in desk.features] == [True]


async def test_what_came_and_went_while_the_link_was_down_is_in_the_journal(desk: Desk) -> None:
    line, site = desk.lines.lines[LINE], desk.lines.profile
    moment = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    events = (desk.pbx.delivered(desk.pbx.desk), desk.pbx.cleared(desk.pbx.desk))

    for event in events:
        for told in desk.pbx.watch.reported(event, 1.0):
            await desk.phones.told_late(line, site, told.message, False, moment)

    assert desk.calls == []
    assert desk.sink.of("call.created") == []
    assert (desk.entry["kind"], desk.entry["started_at"]) == ("missed", moment)


async def test_the_apps_are_told_how_the_desk_phone_is_and_only_of_changes(desk: Desk) -> None:
    def told() -> list[Any]:
        return [payload["desk_phone"] for payload in desk.sink.of("desk_phone.changed")]

    assert desk.phones.phone_of(ANNA) is None
    await desk.happens(desk.pbx.delivered(desk.pbx.desk), desk.pbx.established(desk.pbx.desk))
    assert told() == [{"state": "ringing"}, {"state": "in_call"}]
    desk.phones.set_reachable(TENANT, SITE, False)
    assert desk.phones.phone_of(ANNA) == {"state": "unknown"}
    desk.phones.set_reachable(TENANT, SITE, True)
    await desk.phones.forget(TENANT, SITE, LINE)
    assert told()[2:] == [{"state": "unknown"}, {"state": "in_call"}, None]


async def test_calls_of_a_lost_site_do_not_stay_for_ever() -> None:
    desk = Desk("business")
    desk.phones = DeskPhones(
        book=desk.book,
        numbers=FakeNumbers(),
        journal=Journaling(desk.journal),
        events=desk.sink,
        ask_name=desk._ask_name,
        on_features=desk.features.append,
        give_up=0.0,
    )
    desk.phones.set_reachable(TENANT, SITE, True)
    await desk.happens(desk.pbx.delivered(desk.pbx.desk), desk.pbx.established(desk.pbx.desk))
    told = len(desk.features)

    desk.phones.set_reachable(TENANT, SITE, False)
    await desk.sink.wait("call.ended")

    assert desk.calls == []
    assert len(desk.features) == told + 1 and desk.features[-1].view.in_service is None
    await desk.phones.aclose()


async def test_a_gateway_that_stops_settles_what_it_leaves_at_desk_phones() -> None:
    desk = Desk("business")
    await desk.happens(desk.pbx.delivered(desk.pbx.desk), desk.pbx.established(desk.pbx.desk))
    desk.now += 5

    await desk.phones.aclose()

    assert desk.calls == []
    assert (desk.entry["kind"], desk.entry["reason"]) == ("answered", "node_failed")
    assert desk.entry["duration_ms"] == 5000
    assert len(desk.sink.of("call.ended")) == 1
    assert desk.sink.misfits == []


@pytest.mark.parametrize("stopped", [True, False], ids=["stopped", "killed"])
async def test_a_desk_call_that_outlives_the_gateway_is_one_call_and_one_entry(
    stopped: bool,
) -> None:
    desk = Desk("business")
    await desk.happens(desk.pbx.delivered(desk.pbx.desk), desk.pbx.established(desk.pbx.desk))
    (before,) = desk.calls
    if stopped:
        await desk.phones.aclose()
    else:  # the next start settles what it finds open
        desk.entry.update(kind="answered", reason="node_failed")

    desk.phones = desk.another_process()
    desk.now += 30
    await desk.told(desk.pbx.watch.picture())

    (after,) = desk.calls
    for key in ("id", "created_at", "answered_at", "phase"):
        assert after[key] == before[key]
    assert desk.entry["kind"] == "pending"
    await desk.happens(desk.pbx.cleared(desk.pbx.desk))
    assert (desk.entry["kind"], desk.entry["reason"]) == ("answered", "hung_up")
    assert desk.entry["duration_ms"] == 31_000
    await desk.phones.aclose()


@pytest.mark.parametrize(("hours", "same"), [(23, True), (25, False)])
async def test_an_old_entry_is_another_call_s_because_a_pbx_uses_its_ids_again(
    hours: int, same: bool
) -> None:
    desk = Desk("business")
    await desk.happens(desk.pbx.delivered(desk.pbx.desk), desk.pbx.established(desk.pbx.desk))
    (before,) = desk.calls
    await desk.phones.aclose()

    desk.phones = desk.another_process()
    desk.now += hours * 3600
    await desk.told(desk.pbx.watch.picture())

    (after,) = desk.calls
    assert (after["id"] == before["id"]) is same
    await desk.phones.aclose()


async def test_a_line_that_goes_to_another_user_ends_the_calls_of_the_first() -> None:
    desk = Desk("business")
    await desk.happens(desk.pbx.delivered(desk.pbx.desk), desk.pbx.established(desk.pbx.desk))

    desk.features.clear()
    desk.lines.lines[LINE] = replace(desk.lines.lines[LINE], user_id="berta")
    await desk.told(desk.pbx.watch.picture())

    assert desk.calls == []
    assert len(desk.sink.of("call.ended")) == 1
    (call,) = desk.phones.calls_of(UserKey(TENANT, "berta"))
    assert call["phase"] == "connected"
    await desk.phones.forget(TENANT, SITE, LINE)
    assert desk.phones.calls_of(UserKey(TENANT, "berta")) == []
    assert (desk.features[0].user, desk.features[0].view.in_service) == (ANNA, None)
    await desk.phones.aclose()
