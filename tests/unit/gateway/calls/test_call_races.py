"""Races that users run into: every order of two or three things at the same moment, many times.

The short run belongs to the unit layer; the long one does the same a thousand times.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from gateway.calls.model import CallsConfig
from gateway.connectors.trust import TrustLimits
from gateway.ports import Problem
from tests.support.gateway_ports import soon
from tests.support.gateway_rig import Rig, gateway_rig
from tests.support.scripted_connector import Connector

ROUNDS = [
    pytest.param(10, id="10"),
    pytest.param(1000, id="1000", marks=[pytest.mark.long, pytest.mark.timeout(600)]),
]
OFFER_ANSWER = b"v=0\r\ns=answer\r\n"


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[Rig]:
    config = CallsConfig(calls_per_user=1000, dials_per_user=1000)
    trust = TrustLimits(connections=10_000, invites=10_000)
    async with gateway_rig(tmp_path, config=config, trust=trust) as rig:
        yield rig


async def jitter(chance: random.Random) -> None:
    for _ in range(chance.randrange(6)):
        await asyncio.sleep(0)
    if chance.random() < 0.3:
        await asyncio.sleep(chance.random() * 0.004)


async def at_once(chance: random.Random, *things: Callable[[], Awaitable[object]]) -> list[object]:
    async def later(thing: Callable[[], Awaitable[object]]) -> object:
        await jitter(chance)
        return await thing()

    order = list(things)
    chance.shuffle(order)
    return await asyncio.gather(*(later(thing) for thing in order), return_exceptions=True)


def only_refusals(results: list[object]) -> None:
    for result in results:
        assert not isinstance(result, BaseException) or isinstance(result, Problem), result


async def ring(rig: Rig, connector: Connector):
    rig.sink.events.clear()
    leg, far = connector.call(connector.flows[0])
    call = (await rig.sink.wait("ring.offer", "d1"))["call"]
    return leg, far, call["id"]


def settled(rig: Rig, call_id: str) -> str:
    row = rig.journal.rows[call_id]
    assert row["kind"] != "pending"
    return row["kind"]


@pytest.mark.parametrize("rounds", ROUNDS)
async def test_two_devices_answer_at_once(rig: Rig, rounds: int) -> None:
    connector = await rig.linked()
    rig.online("d1", "d2")
    for seed in range(rounds):
        chance = random.Random(seed)
        leg, far, call_id = await ring(rig, connector)
        await rig.media("d1", call_id)
        await rig.media("d2", call_id, 2)
        results = await at_once(
            chance,
            lambda call_id=call_id: rig.do("d1", "answer", call_id=call_id),
            lambda call_id=call_id: rig.do("d2", "answer", call_id=call_id),
        )
        refusals = [result for result in results if isinstance(result, Problem)]
        assert [refusal.code for refusal in refusals] == ["answered_elsewhere"]
        await soon(lambda far=far: far.answer)
        winner = rig.journal.rows[call_id]["device_id"]
        session = rig.session(call_id)
        await soon(
            lambda session=session, winner=winner: (
                session.attached is not None
                and session.attached.startswith(winner)
                and len(session.legs) == 1
            )
        )
        leg.hang_up()
        await rig.sink.wait("call.ended")
        assert settled(rig, call_id) == "answered"
        await rig.nothing_left()


@pytest.mark.parametrize("rounds", ROUNDS)
async def test_answer_against_cancel(rig: Rig, rounds: int) -> None:
    """RFC 3261 9.1 and 15.1.2: whoever is first, both sides end in the same state."""
    connector = await rig.linked()
    rig.online("d1")
    for seed in range(rounds):
        chance = random.Random(seed)
        leg, far, call_id = await ring(rig, connector)
        await rig.media("d1", call_id)
        await soon(lambda far=far: far.progress)

        async def cancel(leg=leg) -> None:
            leg.hang_up()

        only_refusals(
            await at_once(
                chance, lambda call_id=call_id: rig.do("d1", "answer", call_id=call_id), cancel
            )
        )
        await rig.sink.wait("call.ended")
        await soon(lambda far=far: far.ended)
        await rig.nothing_left()
        kind = settled(rig, call_id)
        answered_at = rig.journal.rows[call_id].get("answered_at")
        assert kind == ("answered" if answered_at is not None else "missed")
        if far.answer is not None:
            assert kind == "answered", "the caller heard the answer before it hung up"


@pytest.mark.parametrize("rounds", ROUNDS)
async def test_answer_against_decline_against_hang_up(rig: Rig, rounds: int) -> None:
    connector = await rig.linked()
    rig.online("d1", "d2")
    for seed in range(rounds):
        chance = random.Random(seed)
        _leg, far, call_id = await ring(rig, connector)
        await rig.media("d1", call_id)
        only_refusals(
            await at_once(
                chance,
                lambda call_id=call_id: rig.do("d1", "answer", call_id=call_id),
                lambda call_id=call_id: rig.do("d2", "decline", call_id=call_id),
                lambda call_id=call_id: rig.do("d1", "hang_up", call_id=call_id),
            )
        )
        await rig.sink.wait("call.ended")
        await soon(lambda far=far: far.ended)
        await rig.nothing_left()
        assert settled(rig, call_id) in ("answered", "declined")


@pytest.mark.parametrize("rounds", ROUNDS)
async def test_hang_up_against_the_far_answer(rig: Rig, rounds: int) -> None:
    """CANCEL and 200 cross: ACK, then BYE; nobody is left in a call."""
    connector = await rig.linked()
    for seed in range(rounds):
        chance = random.Random(seed)
        rig.sink.events.clear()
        call = await rig.do("d1", "dial", to="710")
        leg, far = await connector.next_call()
        leg.ring()

        async def answer(leg=leg) -> None:
            if leg.state != "terminated":
                leg.accept(OFFER_ANSWER)

        only_refusals(
            await at_once(
                chance,
                lambda call=call: rig.do("d1", "hang_up", call_id=call["id"]),
                answer,
                lambda call=call: rig.do("d1", "media.offer", call_id=call["id"], sdp="v=0\r\n"),
            )
        )
        await rig.sink.wait("call.ended")
        await soon(lambda far=far: far.ended)
        assert settled(rig, call["id"]) in ("answered", "cancelled")
        await rig.nothing_left()


@pytest.mark.parametrize("rounds", ROUNDS)
async def test_both_sides_hang_up_at_once(rig: Rig, rounds: int) -> None:
    connector = await rig.linked()
    for seed in range(rounds):
        chance = random.Random(seed)
        rig.sink.events.clear()
        call = await rig.do("d1", "dial", to="710")
        leg, far = await connector.next_call()
        leg.accept(OFFER_ANSWER)
        await rig.sink.phase("connected")
        await soon(lambda far=far: far.established)

        async def bye(leg=leg) -> None:
            leg.hang_up()

        only_refusals(
            await at_once(
                chance, lambda call=call: rig.do("d1", "hang_up", call_id=call["id"]), bye
            )
        )
        await rig.sink.wait("call.ended")
        await soon(lambda far=far: far.ended)
        assert len(rig.sink.of("call.ended")) == 1
        await rig.nothing_left()


@pytest.mark.parametrize("rounds", ROUNDS)
async def test_flows_break_while_calls_are_set_up(rig: Rig, rounds: int) -> None:
    connector = await rig.linked(flows=2)
    for seed in range(min(rounds, 200)):
        chance = random.Random(seed)
        rig.sink.events.clear()
        results = await at_once(chance, lambda: rig.do("d1", "dial", to="710"), _cut(connector))
        only_refusals(results)
        call_id = next(r["id"] for r in results if isinstance(r, dict))
        await _finish(rig, connector, call_id)
        for reg_id, flow in enumerate(connector.flows, 1):
            if not flow.alive:
                connector.flows[reg_id - 1] = fresh = await connector.endpoint.connect(
                    "TLS", "127.0.0.1", connector.port, server_name="localhost"
                )
                assert (await connector.register(fresh, reg_id=reg_id)).status == 200
        await rig.nothing_left()
        assert settled(rig, call_id) in ("failed", "cancelled", "answered")


def _cut(connector: Connector) -> Callable[[], Awaitable[None]]:
    async def cut() -> None:
        connector.flows[0].close("cut")

    return cut


async def _finish(rig: Rig, connector: Connector, call_id: str) -> None:
    """End the call whatever became of it."""
    try:
        await rig.do("d1", "hang_up", call_id=call_id)
    except Problem as refusal:
        assert refusal.code in ("call_unknown", "call_over")
    while not connector.invited.empty():
        leg, _ = connector.invited.get_nowait()
        leg.hang_up()
