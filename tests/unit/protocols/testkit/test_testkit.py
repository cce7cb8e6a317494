"""The doubles themselves: simulated time and the seeded network must be what they claim."""

from __future__ import annotations

import asyncio
import time

import pytest

from protocols.aio.flow import Address, FlowClosedError
from protocols.testkit import Deadlock, FakeClock, Faults, MemoryNetwork, run_simulated

ONE, TWO = Address("10.0.0.1", 5060), Address("10.0.0.2", 5060)


def test_clock_fires_in_order_and_only_when_told() -> None:
    clock = FakeClock()
    fired: list[str] = []
    clock.call_later(2, fired.append, "late")
    clock.call_later(1, fired.append, "early")
    clock.call_later(1, fired.append, "same time, second")
    clock.call_later(1.5, fired.append, "cancelled").cancel()
    assert fired == []
    clock.advance(1.2)
    assert fired == ["early", "same time, second"]
    assert (clock.time(), clock.pending) == (1.2, 1)
    clock.run()
    assert fired[-1] == "late"
    assert clock.time() == 2


def test_clock_notices_what_never_ends() -> None:
    clock = FakeClock()

    def again() -> None:
        clock.call_later(10, again)

    again()
    with pytest.raises(Deadlock):
        clock.run(limit=100)


def test_simulated_loop_jumps_over_waiting() -> None:
    async def main() -> float:
        await asyncio.sleep(3600)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(3600):
                await asyncio.get_running_loop().create_future()
        return asyncio.get_running_loop().time()

    began = time.monotonic()
    assert run_simulated(main()) == pytest.approx(7200)
    assert time.monotonic() - began < 2


def test_simulated_loop_reports_a_deadlock() -> None:
    async def main() -> None:
        await asyncio.get_running_loop().create_future()

    with pytest.raises(Deadlock):
        run_simulated(main())


def traffic(seed: int, faults: Faults) -> tuple[list[tuple[float, str]], list[bytes], FakeClock]:
    clock = FakeClock()
    network = MemoryNetwork(clock, seed, faults)
    arrived: list[bytes] = []
    sender = network.bind(*ONE, receive=lambda data, peer, source: None)
    network.bind(*TWO, receive=lambda data, peer, source: arrived.append(data))
    for number in range(2000):
        sender.send(b"%d" % number, TWO, ONE.host)
        clock.advance(0.001)
    clock.run()
    return [(when, fate) for when, _, _, _, fate in network.log], arrived, clock


def test_same_seed_same_fate() -> None:
    faults = Faults(loss=0.2, duplicate=0.1, reorder=0.1)
    assert traffic(7, faults)[:2] == traffic(7, faults)[:2]
    assert traffic(7, faults)[1] != traffic(8, faults)[1]


def test_faults_come_in_the_share_asked_for() -> None:
    log, arrived, _ = traffic(1, Faults(loss=0.2, duplicate=0.1, reorder=0.1))
    fates = [fate for _, fate in log]
    assert 0.17 < fates.count("lost") / 2000 < 0.23
    assert 0.06 < fates.count("duplicated") / 2000 < 0.10  # of what is not lost
    assert len(arrived) == 2000 - fates.count("lost") + fates.count("duplicated")
    numbers = [int(data) for data in arrived]
    assert numbers != sorted(numbers)


def test_good_network_keeps_order() -> None:
    _, arrived, _ = traffic(1, Faults(jitter=0))
    assert arrived == [b"%d" % number for number in range(2000)]


def test_ports() -> None:
    clock = FakeClock()
    network = MemoryNetwork(clock)
    port = network.bind(*ONE, receive=lambda data, peer, source: None)
    with pytest.raises(OSError, match="taken"):
        network.bind(*ONE, receive=lambda data, peer, source: None)
    network.drop_if = lambda data, source, peer: data == b"drop me"
    port.send(b"drop me", TWO, ONE.host)
    port.send(b"to nobody", TWO, ONE.host)
    clock.run()
    assert (network.counters["dropped"], network.counters["unreachable"]) == (1, 1)
    port.close()
    with pytest.raises(FlowClosedError):
        port.send(b"x", TWO, ONE.host)
