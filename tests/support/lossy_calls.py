"""One call between two user agents across a bad network, in simulated time, from one seed."""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass

from protocols.aio.call import Call, IncomingCall
from protocols.aio.endpoint import SipEndpoint
from protocols.aio.useragent import UserAgent
from protocols.testkit import Faults, MemoryNetwork, run_simulated
from tests.support.sip_calls import ANSWER, OFFER, Callee, Recorder

BAD = Faults(loss=0.2, duplicate=0.2, reorder=0.2, latency=0.03, jitter=0.05)
PLOTS = ("caller hangs up", "callee hangs up", "both hang up", "cancelled", "rejected", "hold")


@dataclass
class Outcome:
    """What both users saw, and what was left behind."""

    seed: int
    plot: str
    caller: list[str]
    callee: list[str]
    failure: int | None
    simulated: float
    left: list[str]

    @property
    def set_up(self) -> bool:
        return "answer" in self.caller and "established" in self.callee


def play(seed: int, faults: Faults = BAD) -> Outcome:
    """Run the call of this seed to its end and until every timer is done."""
    return run_simulated(_Play(seed, faults).run())


class _Play:
    def __init__(self, seed: int, faults: Faults) -> None:
        self.seed = seed
        self.faults = faults
        self.dice = random.Random(seed)
        self.plot = PLOTS[seed % len(PLOTS)]

    async def run(self) -> Outcome:
        loop = asyncio.get_running_loop()
        network = MemoryNetwork(loop, self.seed, self.faults)
        alice, bob = [
            await self._agent(network, f"10.0.0.{n}", random.Random(self.seed * 2 + n))
            for n in (1, 2)
        ]
        caller, callee = Recorder(), Callee(bob)
        story = loop.create_task(self._tell(alice, caller, callee))
        # 64*T1 bounds every step; if even the BYE is lost, the session timer (1,800 s) ends it.
        async with asyncio.timeout(2500):
            await story
        async with asyncio.timeout(600):
            # A datagram held back on its way to one side may make work for the other, seconds
            # later. Time is simulated here: the pause costs nothing and decides no race.
            while not (alice.endpoint.idle and bob.endpoint.idle):
                await alice.endpoint.drained()
                await bob.endpoint.drained()
                await asyncio.sleep(2)
        failure = next((event[1] for event in caller.events if event[0] == "failure"), None)
        outcome = Outcome(
            self.seed,
            self.plot,
            caller.names(),
            callee.names(),
            failure,
            loop.time(),
            self._left(alice, bob),
        )
        for agent in (alice, bob):
            await agent.aclose()
            await agent.endpoint.aclose()
        return outcome

    async def _agent(self, network: MemoryNetwork, host: str, rng: random.Random) -> UserAgent:
        endpoint = SipEndpoint(open_udp=network.opener(host), source_of=lambda _: host)
        await endpoint.listen("UDP", host, 5060)
        return UserAgent(endpoint, rng=rng)

    def _left(self, *agents: UserAgent) -> list[str]:
        left = [f"call {call!r}" for agent in agents for call in agent.calls]
        left += [f"transaction {t!r}" for agent in agents for t in agent.endpoint.layer]
        left += ["not idle" for agent in agents if not agent.endpoint.idle]
        mine = asyncio.current_task()
        left += [f"task {t.get_name()}" for t in asyncio.all_tasks() if t is not mine]
        return left

    async def _tell(self, alice: UserAgent, caller: Recorder, callee: Callee) -> None:
        call = alice.invite(
            target="sip:bob@10.0.0.2", from_="sip:alice@10.0.0.1", sdp=OFFER, listener=caller
        )
        loop = asyncio.get_running_loop()
        if self.plot == "cancelled":
            loop.call_later(self.dice.uniform(0.0, 3.0), call.hang_up)
        try:
            _, incoming = await callee.seen("invite", within=40)
        except AssertionError:  # the INVITE never got through: Timer B tells the caller
            await caller.seen("end", within=100)
            return
        # A phone does not ring for ever: without any 1xx the caller may not even CANCEL.
        ringing = loop.call_later(120, incoming.reject, 480)
        await self._answer(incoming, call, caller, callee)
        await caller.seen("end", within=2000)  # the session timer is the last resort
        await callee.seen("end", within=2000)
        ringing.cancel()

    async def _answer(
        self, incoming: IncomingCall, call: Call, caller: Recorder, callee: Callee
    ) -> None:
        if self.dice.random() < 0.5:
            incoming.ring(183, sdp=ANSWER)  # reliable: both sides know 100rel
        else:
            incoming.ring()
        await asyncio.sleep(self.dice.uniform(0.0, 4.0))
        if self.plot == "cancelled" and self.dice.random() < 0.5:
            return
        if incoming.state == "terminated":
            return
        if self.plot == "rejected":
            incoming.reject(486)
            return
        incoming.accept(ANSWER)
        await self._talk(incoming, call, caller, callee)

    async def _talk(
        self, incoming: IncomingCall, call: Call, caller: Recorder, callee: Callee
    ) -> None:
        if not await _seen_alive(caller, "answer") or not await _seen_alive(callee, "established"):
            return  # cancelled, or the network won: the ends tell
        if self.plot == "hold":
            incoming.offer(ANSWER.replace(b"1 1 IN", b"1 2 IN") + b"a=sendonly\r\n")
            if await _seen_alive(caller, "offer"):
                call.answer(OFFER)
            await _seen_alive(callee, "offer result")
        await asyncio.sleep(self.dice.uniform(0.0, 2.0))
        if self.plot in ("callee hangs up", "both hang up", "hold"):
            incoming.hang_up()
        if self.plot in ("caller hangs up", "both hang up"):
            call.hang_up()


async def _seen_alive(listener: Recorder, name: str) -> bool:
    """Wait for an event; False when the call ended first."""
    waiting = [asyncio.ensure_future(listener.seen(n, within=200)) for n in (name, "end")]
    await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    for one in waiting:
        one.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
    return "end" not in listener.names()
