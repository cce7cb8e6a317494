"""A call between the desk phone and a device, at the link: SIP and CSTA, in either order."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from connector.mapping.join import Dialog
from connector.mapping.line import Told
from gateway.calls.desk import DeskPhones
from gateway.calls.desk_commands import DeskCommands
from gateway.calls.desk_moves import DeskMoves
from gateway.calls.events import TimerFired, TimerName
from gateway.ports import Line, NoAlternativeNumbers, Numbers, Problem, SiteProfile, UserKey
from media.engine import FirstAudioEvent, Side
from protocols.csta.codec import decode, encode
from protocols.csta.dialects import LINK
from protocols.csta.ids import ConnectionId
from protocols.csta.message import Event, Message, Request, Response
from protocols.csta.services import call_control as cc
from protocols.csta.values import LocalConnectionState as State
from tests.support.csta_line import LINE_ID, PROFILE_NAMES, PlatformLine
from tests.support.csta_moves import far_answers, not_taken, rings_to_take_over, went_to
from tests.support.gateway_ports import ANNA, LINE, SITE, TENANT, FakeNumbers, soon
from tests.support.gateway_rig import Rig, gateway_rig
from tests.support.scripted_connector import Connector, Listener

SESSION = "5" * 32


class World:
    """A gateway, a scripted connector on its link, and what the platform tells of line 101."""

    def __init__(self, rig: Rig, connector: Connector, profile: str) -> None:
        self.rig, self.connector = rig, connector
        self.pbx = PlatformLine(profile)
        self.pbx.registered = False
        self.asked: list[Request] = []
        self.refuses: Exception | None = None
        self.now = 10.0
        self.phones = DeskPhones(
            book=rig.calls.book,
            numbers=FakeNumbers(),
            journal=rig.calls.journal,
            events=rig.sink,
            ask_name=lambda user, canonical, known: None,
            on_features=lambda desk: None,
        )
        self.phones.set_reachable(TENANT, SITE, True)
        self.phones.places_of = rig.calls.movement.places_of_new
        rig.calls.movement.desk = DeskMoves(self.phones, self._ask)
        rig.calls.desk = DeskCommands(
            self.phones, self._ask, rig.lines, FakeNumbers(), NoAlternativeNumbers()
        )

    async def _ask(self, line: Line, request: Request) -> Response:
        self.asked.append(request)
        if self.refuses is not None:
            raise self.refuses
        return cc.SingleStepTransferCallResponse()

    async def told(self, told: Sequence[Told]) -> None:
        line, site = self.rig.lines.lines[LINE], self.rig.lines.profile
        for item in told:
            crossed = decode(encode(item.message, LINK.style)).message
            assert isinstance(crossed, Message)
            await self.phones.told(line, site, crossed, item.session_id)

    async def happens(self, *events: Event) -> None:
        for event in events:
            self.now += 1
            await self.told(self.pbx.watch.reported(event, self.now))

    async def dialog(self, key: str, session: str, *, incoming: bool) -> None:
        self.pbx.join.opened(Dialog(key, LINE_ID, incoming, self.pbx.far, session))
        await self.told(self.pbx.watch.dialogs_changed(self.now))

    def moved(self, call_id: str) -> None:
        """From now on the platform calls it so."""
        self.pbx.call_id = call_id

    @property
    def call(self) -> dict[str, Any]:
        calls = self.rig.calls.calls_of(ANNA)
        assert len(calls) == 1, [(c["id"], c["on"], c["phase"], c["moving"]) for c in calls]
        (call,) = calls
        return dict(call)

    def invites(self) -> tuple[Any, Listener]:
        return self.connector.call(
            self.connector.flows[0],
            caller=f'"Otto" <sip:{self.pbx.far}@site.example>',
            headers=(("Session-ID", f"{SESSION};remote={'0' * 32}"),),
        )

    async def sound(self, device: str, call_id: str) -> None:
        """The device brings its sound, and is heard."""
        leg = await self.rig.media(device, call_id)
        self.rig.session(call_id).say(FirstAudioEvent(Side.DEVICE, leg))


@pytest.fixture(params=PROFILE_NAMES)
async def world(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[World]:
    async with gateway_rig(tmp_path) as rig:
        connector = await rig.linked()
        rig.online("d1", "d2")
        made = World(rig, connector, request.param)
        yield made
        await rig.nothing_left()
        assert rig.sink.of("ring.offer") == [], "it never rings"
        await made.phones.aclose()


async def spoken_at_the_desk(world: World) -> str:
    await world.happens(world.pbx.originated(world.pbx.desk), far_answers(world.pbx))
    call = world.call
    assert (call["on"], call["phase"]) == ("desk_phone", "connected")
    assert call["actions"][-2:] == ["pull", "move"]
    assert [place["to"] for place in call["moves"]] == ["d1", "d2"]
    return str(call["id"])


async def pulled(world: World, call_id: str, *, told_first: bool = True) -> tuple[Any, Listener]:
    """The PBX calls the line, the device brings its sound, the PBX gets its 200."""
    leg, far = world.invites()
    if told_first:
        await world.happens(rings_to_take_over(world.pbx, world.pbx.line))
        await world.dialog("pull", SESSION, incoming=True)
    await world.sound("d1", call_id)
    await soon(lambda: far.answer)
    await soon(lambda: world.call["on"] == "device")
    if not told_first:
        await world.happens(rings_to_take_over(world.pbx, world.pbx.line))
        await world.dialog("pull", SESSION, incoming=True)
    await world.happens(went_to(world.pbx, world.pbx.line, "0300AA"))
    world.moved("0300AA")
    return leg, far


@pytest.mark.parametrize("told_first", [True, False])
async def test_from_the_desk_phone_and_back(world: World, told_first: bool) -> None:
    call_id = await spoken_at_the_desk(world)
    began = world.call["answered_at"]
    reply = await world.rig.do("d1", "pull", call_id=call_id)
    assert (reply["on"], reply["moving"]) == ("desk_phone", {"to": "d1", "by": "d1"})
    assert reply["actions"] == ["hang_up"]
    here = ConnectionId("FF0001", "N<101/desk>")
    assert world.asked == [
        cc.SingleStepTransferCall(active_call=here, transferred_to="N<101/line>")
    ]
    await world.rig.sink.wait("media.renegotiate", "d1")
    _, far = await pulled(world, call_id, told_first=told_first)
    call = world.call
    assert (call["id"], call["on"], call["device_id"]) == (call_id, "device", "d1")
    assert (call["moving"], call["answered_at"], call["direction"]) == (None, began, "out")

    await soon(lambda: world.call["moves"][:1] == [{"to": "desk_phone", "name": None}])
    await world.rig.do("d2", "move", call_id=call_id, to="desk_phone")
    here = ConnectionId("0300AA", "N<101/line>")
    assert world.asked[1:] == [
        cc.SingleStepTransferCall(active_call=here, transferred_to="N<101/desk>")
    ]
    await world.happens(
        rings_to_take_over(world.pbx, world.pbx.desk),
        went_to(world.pbx, world.pbx.desk, "0400AA"),
    )
    world.moved("0400AA")
    assert (world.call["id"], world.call["on"]) == (call_id, "desk_phone")
    await soon(lambda: far.ended == "bye")
    await world.happens(world.pbx.cleared(world.pbx.desk))
    (row,) = world.rig.journal.rows.values()
    assert row["kind"] == "answered"
    assert [what for what, _ in world.rig.journal.log].count("open") == 1
    assert len(world.rig.sink.of("call.ended")) == 1


async def test_what_the_pbx_refuses_is_refused_and_leaves_no_trace(world: World) -> None:
    call_id = await spoken_at_the_desk(world)
    world.refuses = Problem(502, "pbx_refused", "Your phone system refused this.")
    with pytest.raises(Problem) as refusal:
        await world.rig.do("d1", "pull", call_id=call_id)
    assert refusal.value.code == "pbx_refused"
    await soon(lambda: world.call["moving"] is None)
    assert (world.call["on"], world.call["phase"]) == ("desk_phone", "connected")
    assert world.rig.sink.of("notice", "d1") == [], "it was told already"
    world.refuses = None
    await world.rig.do("d1", "pull", call_id=call_id)
    await pulled(world, call_id)
    await world.rig.do("d1", "hang_up", call_id=call_id)


async def test_of_two_devices_that_pull_one_gets_the_call(world: World) -> None:
    call_id = await spoken_at_the_desk(world)
    await world.rig.do("d1", "pull", call_id=call_id)
    with pytest.raises(Problem) as refusal:
        await world.rig.do("d2", "pull", call_id=call_id)
    assert refusal.value.code == "moving"
    await pulled(world, call_id)
    assert world.call["device_id"] == "d1"
    await world.rig.do("d1", "hang_up", call_id=call_id)


@pytest.mark.parametrize("second", ["d1", "d2"])
async def test_of_two_pulls_at_once_one_begins(
    world: World, monkeypatch: pytest.MonkeyPatch, second: str
) -> None:
    call_id = await spoken_at_the_desk(world)
    home_line = world.rig.lines.home_line

    async def suspends(user: UserKey) -> tuple[Line, SiteProfile] | None:
        await asyncio.sleep(0)
        return await home_line(user)

    monkeypatch.setattr(world.rig.lines, "home_line", suspends)
    pulls = [world.rig.do(device, "pull", call_id=call_id) for device in ("d1", second)]
    first, refused = await asyncio.gather(*pulls, return_exceptions=True)
    assert not isinstance(first, BaseException) and first["moving"] == {"to": "d1", "by": "d1"}
    assert isinstance(refused, Problem) and refused.code == "moving"
    assert len(world.asked) == 1
    await pulled(world, call_id)
    assert world.call["device_id"] == "d1"
    await world.rig.do("d1", "hang_up", call_id=call_id)


async def test_a_withdrawn_pull_leaves_the_call_at_the_desk_phone(world: World) -> None:
    call_id = await spoken_at_the_desk(world)
    await world.rig.do("d2", "move", call_id=call_id, to="d1")
    leg, far = world.invites()
    await soon(lambda: far.progress)
    await world.happens(rings_to_take_over(world.pbx, world.pbx.line))
    leg.hang_up()
    notice = await world.rig.sink.wait("notice", "d2")
    assert notice["code"] == "move_failed"
    await world.happens(not_taken(world.pbx, world.pbx.desk))
    assert (world.call["on"], world.call["moving"]) == ("desk_phone", None)
    await world.happens(world.pbx.cleared(world.pbx.desk))


async def test_a_line_that_is_called_after_a_pull_was_given_up_does_not_ring(world: World) -> None:
    call_id = await spoken_at_the_desk(world)
    await world.rig.do("d1", "pull", call_id=call_id)
    world.rig.calls.book.find(ANNA, call_id).post(TimerFired(TimerName.MOVE))
    assert (await world.rig.sink.wait("notice", "d1"))["code"] == "pull_failed"
    _, far = world.invites()
    await soon(lambda: far.failure)
    assert far.failure == 480
    await world.happens(rings_to_take_over(world.pbx, world.pbx.line))
    await world.happens(not_taken(world.pbx, world.pbx.desk))
    assert (world.call["id"], world.call["on"]) == (call_id, "desk_phone")
    # it was for that pull alone: whoever calls then is somebody else
    other, _ = world.invites()
    await world.rig.sink.wait("ring.offer", "d1")
    other.hang_up()
    await soon(lambda: len(world.rig.calls.calls_of(ANNA)) == 1)
    world.rig.sink.events = [e for e in world.rig.sink.events if e[1] != "ring.offer"]
    await world.happens(world.pbx.cleared(world.pbx.desk))


async def test_a_call_that_rang_here_as_a_new_one_is_not_the_desk_phones_any_more(
    world: World,
) -> None:
    call_id = await spoken_at_the_desk(world)
    _, far = world.invites()
    new = (await world.rig.sink.wait("ring.offer", "d1"))["call"]["id"]
    await world.happens(rings_to_take_over(world.pbx, world.pbx.line))
    await world.dialog("pull", SESSION, incoming=True)
    await world.rig.do("d1", "answer", call_id=new)
    await world.sound("d1", new)
    await soon(lambda: far.answer)
    await world.happens(went_to(world.pbx, world.pbx.line, "0300AA"))
    world.moved("0300AA")
    assert (world.call["id"], world.call["on"]) == (new, "device")
    (ended,) = world.rig.sink.of("call.ended")
    assert (ended["call"]["id"], ended["call"]["reason"]) == (call_id, "transferred")
    assert world.rig.journal.rows[call_id]["kind"] == "answered"
    world.rig.sink.events = [e for e in world.rig.sink.events if e[1] != "ring.offer"]
    await world.rig.do("d1", "hang_up", call_id=new)


async def test_an_answer_that_comes_too_late_for_the_pbx_gives_the_call_back(world: World) -> None:
    call_id = await spoken_at_the_desk(world)
    await world.rig.do("d1", "pull", call_id=call_id)
    _, far = world.invites()
    await world.happens(rings_to_take_over(world.pbx, world.pbx.line))
    await world.dialog("pull", SESSION, incoming=True)
    await world.sound("d1", call_id)
    await soon(lambda: far.answer and world.call["on"] == "device")
    await world.happens(not_taken(world.pbx, world.pbx.desk))
    assert (world.call["id"], world.call["on"]) == (call_id, "desk_phone")
    await soon(lambda: far.ended == "bye")
    await world.happens(world.pbx.cleared(world.pbx.desk))
    assert len(world.rig.journal.rows) == len(world.rig.sink.of("call.ended")) == 1


@pytest.mark.parametrize("told_first", [True, False])
async def test_the_line_ends_before_the_pbx_says_that_the_answer_came_too_late(
    world: World, told_first: bool
) -> None:
    call_id = await spoken_at_the_desk(world)
    await world.rig.do("d1", "pull", call_id=call_id)
    leg, far = world.invites()
    if told_first:
        await world.happens(rings_to_take_over(world.pbx, world.pbx.line))
        await world.dialog("pull", SESSION, incoming=True)
    await world.sound("d1", call_id)
    await soon(lambda: far.answer and world.call["on"] == "device")
    leg.hang_up()
    await soon(lambda: world.call["actions"] == [])
    if not told_first:
        await world.happens(rings_to_take_over(world.pbx, world.pbx.line))
        await world.dialog("pull", SESSION, incoming=True)
    await world.happens(not_taken(world.pbx, world.pbx.desk))
    assert (world.call["id"], world.call["on"]) == (call_id, "desk_phone")
    await world.happens(world.pbx.cleared(world.pbx.desk))
    assert len(world.rig.journal.rows) == len(world.rig.sink.of("call.ended")) == 1


async def test_the_far_end_hangs_up_a_call_that_came_from_the_desk_phone(world: World) -> None:
    call_id = await spoken_at_the_desk(world)
    await world.rig.do("d1", "pull", call_id=call_id)
    leg, _ = await pulled(world, call_id)
    owner = world.rig.calls.book.find(ANNA, call_id)
    assert owner is not None
    await soon(lambda: not owner.state.doubtful)
    leg.hang_up()
    await world.rig.sink.wait("call.ended")
    await soon(lambda: world.rig.calls.active() == 0)


async def test_the_far_end_hangs_up_before_the_pbx_said_whose_the_call_is(world: World) -> None:
    call_id = await spoken_at_the_desk(world)
    await world.rig.do("d1", "pull", call_id=call_id)
    leg, far = world.invites()
    await world.happens(rings_to_take_over(world.pbx, world.pbx.line))
    await world.dialog("pull", SESSION, incoming=True)
    await world.sound("d1", call_id)
    await soon(lambda: far.answer and world.call["on"] == "device")
    leg.hang_up()
    await soon(lambda: world.call["actions"] == [])
    await world.happens(world.pbx.cleared(world.pbx.desk))
    ended = await world.rig.sink.wait("call.ended")
    assert (ended["call"]["id"], ended["call"]["reason"]) == (call_id, "hung_up")
    await soon(lambda: world.rig.calls.active() == 0)
    assert world.rig.journal.rows[call_id]["kind"] == "answered"


async def test_somebody_else_who_calls_meanwhile_rings(world: World) -> None:
    call_id = await spoken_at_the_desk(world)
    await world.rig.do("d1", "pull", call_id=call_id)
    other, _ = world.connector.call(world.connector.flows[0], caller="<sip:999@site.example>")
    await world.rig.sink.wait("ring.offer", "d1")
    assert len(world.rig.calls.calls_of(ANNA)) == 2
    other.hang_up()
    await soon(lambda: len(world.rig.calls.calls_of(ANNA)) == 1)
    world.rig.sink.events = [e for e in world.rig.sink.events if e[1] != "ring.offer"]
    await pulled(world, call_id)
    await world.rig.do("d1", "hang_up", call_id=call_id)


async def test_another_call_of_the_same_number_rings_if_the_pbx_told_of_it(world: World) -> None:
    call_id = await spoken_at_the_desk(world)
    await world.rig.do("d1", "pull", call_id=call_id)
    mine, world.pbx = world.pbx, PlatformLine(world.pbx.profile, call_id="FF0002")
    await world.happens(world.pbx.delivered(world.pbx.line))
    session = "9" * 32
    await world.dialog("other", session, incoming=True)
    other, _ = world.connector.call(
        world.connector.flows[0],
        caller=f"<sip:{mine.far}@site.example>",
        headers=(("Session-ID", f"{session};remote={'0' * 32}"),),
    )
    await world.rig.sink.wait("ring.offer", "d1")
    world.pbx = mine
    _, far = world.invites()
    await world.sound("d1", call_id)
    await soon(lambda: far.answer)
    world.rig.sink.events = [e for e in world.rig.sink.events if e[1] != "ring.offer"]
    other.hang_up()
    await world.rig.do("d1", "hang_up", call_id=call_id)


async def test_the_far_end_hangs_up_while_the_call_comes(world: World) -> None:
    call_id = await spoken_at_the_desk(world)
    await world.rig.do("d1", "pull", call_id=call_id)
    leg, far = world.invites()
    await soon(lambda: far.progress)
    await world.happens(world.pbx.cleared(world.pbx.desk))
    leg.hang_up()
    ended = await world.rig.sink.wait("call.ended")
    assert ended["call"]["reason"] == "hung_up"
    await soon(lambda: world.rig.calls.active() == 0)
    assert world.rig.sink.of("notice", "d1") == []


async def test_a_call_that_ended_at_the_desk_phone_does_not_come_any_more(world: World) -> None:
    call_id = await spoken_at_the_desk(world)
    await world.rig.do("d1", "pull", call_id=call_id)
    _, far = world.invites()
    await soon(lambda: far.progress)
    leg = await world.rig.media("d1", call_id)
    session = world.rig.session(call_id)
    await world.happens(world.pbx.cleared(world.pbx.desk))
    session.say(FirstAudioEvent(Side.DEVICE, leg))  # before the PBX withdraws its call of the line
    await soon(lambda: far.failure == 480)
    await soon(lambda: world.rig.calls.active() == 0)
    assert not far.answer and world.rig.calls.calls_of(ANNA) == []
    assert len(world.rig.sink.of("call.ended")) == 1
    assert world.rig.sink.of("notice", "d1") == []


async def test_whoever_is_spoken_to_here_is_held_when_another_call_comes(world: World) -> None:
    first, _, _ = await spoken_here(world)
    world.pbx = PlatformLine(world.pbx.profile, far="303", call_id="FF0002")
    world.pbx.registered = False
    await world.happens(world.pbx.originated(world.pbx.desk), far_answers(world.pbx))
    (desk,) = [c for c in world.rig.calls.calls_of(ANNA) if c["on"] == "desk_phone"]
    await world.rig.do("d1", "pull", call_id=desk["id"])
    _, far = world.invites()
    await world.sound("d1", desk["id"])
    await soon(lambda: far.answer)

    def holds() -> dict[str, str]:
        return {c["id"]: str(c["hold"]) for c in world.rig.calls.calls_of(ANNA)}

    await soon(lambda: holds() == {first: "local", desk["id"]: "none"})
    for call_id in (first, desk["id"]):
        await world.rig.do("d1", "hang_up", call_id=call_id)


async def test_a_caller_without_a_number_is_known_by_that(world: World) -> None:
    world.pbx.far = ""
    call_id = await spoken_at_the_desk(world)
    await world.rig.do("d1", "pull", call_id=call_id)
    _, far = world.connector.call(
        world.connector.flows[0], caller="<sip:anonymous@anonymous.invalid>"
    )
    await world.sound("d1", call_id)
    await soon(lambda: far.answer)
    await world.rig.do("d1", "hang_up", call_id=call_id)


class Mobile:
    """Anna's alternative number."""

    async def alternative_number(self, user: UserKey) -> Numbers:
        return Numbers("0170", "+49170", "0170")


async def test_from_the_desk_phone_to_the_alternative_number(world: World) -> None:
    world.rig.calls.movement.alternative = Mobile()
    await world.happens(world.pbx.originated(world.pbx.desk), far_answers(world.pbx))
    await soon(lambda: {"to": "alternative", "name": "0170"} in world.call["moves"])
    await world.rig.do("d1", "move", call_id=world.call["id"], to="alternative")
    here = ConnectionId("FF0001", "N<101/desk>")
    assert world.asked == [cc.SingleStepTransferCall(active_call=here, transferred_to="+49170")]
    gone = replace(went_to(world.pbx, world.pbx.line, "03AA"), local_connection_info=State.NULL)
    await world.happens(gone)
    ended = await world.rig.sink.wait("call.ended")
    assert ended["call"]["reason"] == "transferred"


# -- from a device to the desk phone ---------------------------------------------------------------
async def spoken_here(world: World) -> tuple[str, Any, Listener]:
    """Anna has dialled 202 on d1, and the PBX told of it as well."""
    rig = world.rig
    call = await rig.do("d1", "dial", to=world.pbx.far)
    leg, far = await world.connector.next_call()
    leg.accept(b"v=0\r\ns=connector answer\r\n")
    await world.sound("d1", call["id"])
    await soon(lambda: world.call["phase"] == "connected")
    session = (leg.invite.headers.get("Session-ID") or "").partition(";")[0]
    await world.dialog("own", session, incoming=False)
    await world.happens(world.pbx.originated(world.pbx.line), far_answers(world.pbx))
    await soon(lambda: [p["to"] for p in world.call["moves"]] == ["desk_phone", "d2"])
    return call["id"], leg, far


@pytest.mark.parametrize("line_first", [True, False])
async def test_the_desk_phone_takes_the_call(world: World, line_first: bool) -> None:
    call_id, leg, _ = await spoken_here(world)
    await world.rig.do("d1", "move", call_id=call_id, to="desk_phone")
    await world.happens(rings_to_take_over(world.pbx, world.pbx.desk))
    assert world.call["moving"] == {"to": "desk_phone", "by": "d1"}
    if line_first:
        leg.hang_up()
        await soon(lambda: world.call["actions"] == [])
    await world.happens(went_to(world.pbx, world.pbx.desk, "0300AA"))
    world.moved("0300AA")
    call = world.call
    assert (call["id"], call["on"], call["moving"]) == (call_id, "desk_phone", None)
    await world.happens(world.pbx.cleared(world.pbx.desk))
    assert world.rig.journal.rows[call_id]["kind"] == "answered"
    assert len(world.rig.sink.of("call.ended")) == 1


async def test_the_desk_phone_does_not_take_the_call(world: World) -> None:
    call_id, _, _ = await spoken_here(world)
    await world.rig.do("d2", "move", call_id=call_id, to="desk_phone")
    await world.happens(
        rings_to_take_over(world.pbx, world.pbx.desk), not_taken(world.pbx, world.pbx.line)
    )
    notice = await world.rig.sink.wait("notice", "d2")
    assert notice["code"] == "move_failed"
    assert (world.call["on"], world.call["moving"], world.call["device_id"]) == (
        "device",
        None,
        "d1",
    )
    await world.rig.do("d1", "hang_up", call_id=call_id)


async def test_what_breaks_while_the_pbx_is_asked_ends_the_move(world: World) -> None:
    call_id, _, _ = await spoken_here(world)
    actions = world.call["actions"]
    world.refuses = ValueError("no such thing")
    with pytest.raises(ValueError, match="no such thing"):
        await world.rig.do("d1", "move", call_id=call_id, to="desk_phone")
    await soon(lambda: world.call["moving"] is None)
    assert world.call["actions"] == actions
    home = dict(world.rig.lines.home)
    world.rig.lines.home.clear()
    with pytest.raises(Problem) as refusal:
        await world.rig.do("d1", "move", call_id=call_id, to="desk_phone")
    assert (refusal.value.code, world.call["moving"]) == ("no_line", None)
    world.rig.lines.home.update(home)
    await world.rig.do("d1", "hang_up", call_id=call_id)


async def test_while_the_desk_phone_rings_no_other_call_is_begun(world: World) -> None:
    call_id, _, _ = await spoken_here(world)
    await world.rig.do("d1", "move", call_id=call_id, to="desk_phone")
    other, _ = world.connector.call(world.connector.flows[0], caller="<sip:999@site.example>")
    new = (await world.rig.sink.wait("ring.offer", "d1"))["call"]["id"]
    for verb, body in (("answer", {"call_id": new}), ("dial", {"to": "303"})):
        with pytest.raises(Problem) as refusal:
            await world.rig.do("d1", verb, **body)
        assert refusal.value.code == "moving"
    other.hang_up()
    await soon(lambda: len(world.rig.calls.calls_of(ANNA)) == 1)
    world.rig.sink.events = [e for e in world.rig.sink.events if e[1] != "ring.offer"]
    await world.rig.do("d1", "hang_up", call_id=call_id)


async def test_without_a_link_to_the_pbx_the_desk_phone_is_no_choice(world: World) -> None:
    call_id, _, _ = await spoken_here(world)
    world.phones.set_reachable(TENANT, SITE, False)
    await soon(lambda: [p["to"] for p in world.call["moves"]] == ["d2"])
    world.phones.set_reachable(TENANT, SITE, True)
    await soon(lambda: [p["to"] for p in world.call["moves"]] == ["desk_phone", "d2"])
    await world.rig.do("d1", "hang_up", call_id=call_id)
