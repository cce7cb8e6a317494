"""The owner task: order, faults of our own, and what happens to commands at the end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from gateway.calls import events as ev
from gateway.calls import owner as owner_module
from gateway.calls.events import Event
from gateway.calls.model import CallState, Result
from gateway.calls.owner import CallOwner
from gateway.calls.parties import Number
from gateway.calls.stages import SetupStages
from gateway.calls.step import step
from gateway.ports import Actor, Person, Problem
from tests.support.gateway_ports import ANNA, soon
from tests.support.gateway_rig import Rig, gateway_rig

ANSWER = b"v=0\r\ns=answer\r\n"


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[Rig]:
    async with gateway_rig(tmp_path) as rig:
        yield rig


def owner_of(rig: Rig, call_id: str) -> CallOwner:
    owner = rig.calls.book.find(ANNA, call_id)
    assert owner is not None
    return owner


async def connected(rig: Rig) -> str:
    connector = await rig.linked()
    call = await rig.do("d1", "dial", to="710")
    leg, _ = await connector.next_call()
    leg.accept(ANSWER)
    await rig.sink.phase("connected")
    return call["id"]


async def test_the_line_does_not_wait_for_the_name_behind_the_number(rig: Rig) -> None:
    rig.directory.names["710"] = "Deniz Meyer"
    connector = await rig.linked()
    call = await rig.do("d1", "dial", to="710")
    assert call["remote"]["name"] is None
    named = (await rig.sink.wait("call.updated"))["call"]
    assert named["remote"]["name"] == "Deniz Meyer"
    await connector.next_call()
    await rig.do("d1", "hang_up", call_id=call["id"])
    await rig.sink.wait("call.ended")
    row = rig.journal.rows[call["id"]]
    assert (row["kind"], row["name"]) == ("cancelled", "Deniz Meyer")


async def test_whose_call_was_fetched_is_named_and_kept(rig: Rig) -> None:
    rig.directory.names |= {"42": "Room 42", "102": "Berta Lang"}
    rig.calls.site_offers = lambda *site: ("unpark",)
    connector = await rig.linked()
    call = await rig.do("d1", "unpark", slot="42")
    await connector.next_call()
    owner_of(rig, call["id"]).post(ev.FarSide(Number("102", "102", "102")))
    await soon(lambda: owner_of(rig, call["id"]).state.name == "Berta Lang")
    await rig.do("d1", "hang_up", call_id=call["id"])
    ended = await rig.sink.wait("call.ended")
    assert ended["call"]["remote"]["number"]["canonical"] == "102"
    row = rig.journal.rows[call["id"]]
    assert (row["numbers"].canonical, row["name"]) == ("102", "Berta Lang")


async def test_a_call_that_fails_at_once_keeps_the_name_behind_the_number(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    failed = asyncio.Event()

    async def late(tenant_id: str, canonical: str, reader: str | None = None) -> Person:
        await failed.wait()
        return Person(None, "Deniz Meyer")

    def watched(state: CallState, event: Event, now: float) -> Result:
        if isinstance(event, ev.LineFailed):
            failed.set()
        return step(state, event, now)

    monkeypatch.setattr(rig.directory, "name_of", late)
    monkeypatch.setattr(owner_module, "step", watched)
    call = await rig.do("d1", "dial", to="710")  # and no connector
    ended = (await rig.sink.wait("call.ended"))["call"]
    assert ended["reason"] == "unreachable"
    assert ended["remote"]["name"] == "Deniz Meyer"
    assert rig.journal.rows[call["id"]]["name"] == "Deniz Meyer"


class LateDirectory:
    """Knows everybody, and says so when it is let."""

    def __init__(self, name: str) -> None:
        self._name = name
        self.asked = 0
        self.says = asyncio.Event()

    async def __call__(
        self, tenant_id: str, canonical: str, reader: str | None = None
    ) -> Person | None:
        self.asked += 1
        await self.says.wait()
        return Person(None, self._name)


@pytest.mark.parametrize("shown", [None, "What the PBX says"])
async def test_it_rings_without_the_name_and_every_client_gets_it_later(
    rig: Rig, monkeypatch: pytest.MonkeyPatch, shown: str | None
) -> None:
    late = LateDirectory("Berta Schulz")
    monkeypatch.setattr(rig.directory, "name_of", late)
    connector = await rig.linked()
    rig.online("d1", "d2")
    caller = "<sip:102@pbx.test>" if shown is None else f'"{shown}" <sip:102@pbx.test>'
    leg, _far = connector.call(connector.flows[0], caller=caller)
    call = (await rig.sink.wait("ring.offer", "d1"))["call"]
    await rig.sink.wait("ring.offer", "d2")
    assert not late.says.is_set()
    assert call["remote"]["name"] == shown
    await soon(lambda: late.asked == 2)
    late.says.set()
    named = (await rig.sink.wait("call.updated"))["call"]
    assert (named["phase"], named["remote"]["name"]) == ("ringing_in", "Berta Schulz")
    leg.hang_up()
    ended = (await rig.sink.wait("call.ended"))["call"]
    assert ended["remote"]["name"] == "Berta Schulz"
    row = rig.journal.rows[call["id"]]
    assert (row["kind"], row["name"]) == ("missed", "Berta Schulz")
    await rig.nothing_left()


async def test_a_caller_who_is_not_known_is_asked_for_once(rig: Rig) -> None:
    connector = await rig.linked()
    rig.online("d1")
    asked: list[str] = []
    known = rig.directory.name_of

    async def counted(tenant_id: str, canonical: str, reader: str | None = None) -> Person | None:
        asked.append(canonical)
        return await known(tenant_id, canonical, reader)

    rig.directory.name_of = counted  # type: ignore[method-assign]
    leg, _far = connector.call(connector.flows[0])
    await rig.sink.wait("ring.offer", "d1")
    leg.hang_up()
    await rig.sink.wait("call.ended")
    assert asked == ["102"]


async def test_a_fault_in_the_figures_costs_the_figure_and_not_the_call(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    def faulty(*step: object) -> None:
        raise RuntimeError("a figure is wrong")

    monkeypatch.setattr(SetupStages, "passed", faulty)
    call_id = await connected(rig)
    await rig.do("d1", "hang_up", call_id=call_id)
    await rig.nothing_left()


async def test_a_fault_in_a_rule_costs_the_event_and_not_the_call(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    call_id = await connected(rig)

    def faulty(state: CallState, event: Event, now: float) -> Result:
        if isinstance(event, ev.Mute):
            raise RuntimeError("a rule is wrong")
        return step(state, event, now)

    monkeypatch.setattr(owner_module, "step", faulty)
    with pytest.raises(Problem) as caught:
        await rig.do("d1", "mute", call_id=call_id)
    assert (caught.value.status, caught.value.code) == (500, "internal")
    story = [entry["what"] for entry in rig.calls.timeline("tenant-1", call_id) or []]
    assert "internal error on Mute" in story
    await rig.do("d1", "hang_up", call_id=call_id)
    await rig.nothing_left()


async def test_a_fault_in_one_effect_does_not_stop_the_others(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    call_id = await connected(rig)
    owner = owner_of(rig, call_id)

    def broken(text: str) -> None:
        raise RuntimeError("no way to hang up")

    monkeypatch.setattr(owner.line, "hang_up", broken)
    await rig.do("d1", "hang_up", call_id=call_id)
    assert (await rig.sink.wait("call.ended"))["call"]["reason"] == "hung_up"
    await soon(lambda: rig.calls.active() == 0)
    assert rig.engine.sessions == {}


async def test_commands_behind_the_end_are_refused_and_not_forgotten(rig: Rig) -> None:
    call_id = await connected(rig)
    owner = owner_of(rig, call_id)
    results = await asyncio.gather(
        owner.command(ev.HangUp("d1")),
        owner.command(ev.Mute("d1", True)),
        owner.command(ev.HangUp("d1")),
        return_exceptions=True,
    )
    assert isinstance(results[0], CallState)
    assert [r.code for r in results[1:] if isinstance(r, Problem)] == ["call_unknown"] * 2
    with pytest.raises(Problem):
        await owner.command(ev.HangUp("d1"))
    owner.post(ev.LineHeard())  # late news has no effect
    await rig.nothing_left()


async def test_an_interrupted_command_may_be_repeated(rig: Rig) -> None:
    """The first try hangs in the database and is given up by its door."""
    connector = await rig.linked()
    read = rig.lines.home_line
    hang = asyncio.Event()

    async def slow(user):
        await hang.wait()

    rig.lines.home_line = slow  # type: ignore[method-assign]
    actor = Actor(ANNA, "s", "d1")
    first = asyncio.create_task(rig.calls.execute(actor, "dial", {"to": "710"}, "one"))
    await asyncio.sleep(0)
    second = asyncio.create_task(rig.calls.execute(actor, "dial", {"to": "710"}, "one"))
    await asyncio.sleep(0)
    first.cancel()
    with pytest.raises(Problem) as caught:
        await second
    assert caught.value.code == "interrupted"
    rig.lines.home_line = read  # type: ignore[method-assign]
    result = await rig.calls.execute(actor, "dial", {"to": "710"}, "one")
    assert result.call is not None
    await connector.next_call()
    assert connector.invited.empty()


async def test_timers_are_gone_with_the_call(rig: Rig) -> None:
    call_id = await connected(rig)
    owner = owner_of(rig, call_id)
    assert owner.timers, "a call without sound watches for it"
    await rig.do("d1", "hang_up", call_id=call_id)
    await rig.nothing_left()
    assert owner.timers == frozenset()
