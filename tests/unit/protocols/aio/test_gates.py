"""Caps on connections and messages, with a clock in the test's hand."""

from __future__ import annotations

from protocols.aio.flow import Address, Flow
from protocols.aio.gates import ConnectionCaps, MessageRate, TokenBucket
from protocols.testkit import FakeClock


def test_token_bucket_allows_a_burst_then_the_rate() -> None:
    bucket = TokenBucket(rate=2.0, burst=3.0, now=0.0)
    assert [bucket.take(0.0) for _ in range(4)] == [True, True, True, False]
    assert [bucket.take(0.5) for _ in range(2)] == [True, False]
    assert [bucket.take(100.0) for _ in range(4)] == [True, True, True, False]  # never above burst


def test_caps_per_address_and_in_all() -> None:
    clock = FakeClock()
    caps = ConnectionCaps(total=3, per_host=2, rate=100, burst=100, clock=clock.time)
    assert [caps.admit("a") for _ in range(3)] == [True, True, False]
    assert [caps.admit("b") for _ in range(2)] == [True, False]
    caps.release("a")
    assert caps.admit("b")
    assert not caps.admit("c")


def test_new_connections_per_second() -> None:
    clock = FakeClock()
    caps = ConnectionCaps(rate=1, burst=2, clock=clock.time)
    for _ in range(2):
        assert caps.admit("a")
        caps.release("a")
    assert not caps.admit("a")
    assert caps.admit("b")  # somebody else is not affected
    clock.advance(1)
    assert caps.admit("a")


class FakeFlow(Flow):
    def send(self, data: bytes) -> None:
        raise AssertionError

    def close(self, reason: str) -> None:
        self.close_reason = reason

    def start_keepalive(self, interval: float = 25.0, pong_timeout: float = 10.0) -> None:
        raise AssertionError


def test_messages_per_connection_and_per_address() -> None:
    clock = FakeClock()
    rate = MessageRate(rate=1, burst=1, clock=clock.time)
    here, peer = Address("10.0.0.1", 5060), Address("10.0.0.2", 5060)
    one, two = FakeFlow("TLS", here, peer), FakeFlow("TLS", here, peer)
    assert [rate(one), rate(one), rate(two)] == [True, False, True]
    # over UDP a new source port gives no new allowance
    first = FakeFlow("UDP", here, peer)
    second = FakeFlow("UDP", here, Address(peer.host, 5999))
    assert [rate(first), rate(second)] == [True, False]
    clock.advance(1)
    assert rate(one)


def test_many_forged_addresses_cost_bounded_memory() -> None:
    rate = MessageRate(rate=1, burst=1, clock=FakeClock().time)
    here = Address("10.0.0.1", 5060)
    for number in range(10_500):
        rate(FakeFlow("UDP", here, Address(f"host-{number}", 5060)))
    assert len(rate._hosts._buckets) == 10_000
