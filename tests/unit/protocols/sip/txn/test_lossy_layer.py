"""Two transaction layers across a network that loses, duplicates and reorders."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from protocols.sip.message import Request, Response
from protocols.sip.txn import ict, ist
from protocols.sip.txn.layer import Transaction
from protocols.testkit.clock import FakeClock
from protocols.testkit.memnet import Faults, MemoryNetwork
from protocols.testkit.pure_node import PureNode

CALM = Faults(jitter=0)
HARSH = Faults(loss=0.2, duplicate=0.2, reorder=0.2, latency=0.02, jitter=0.05)
_numbers = itertools.count(1)


def new_request(method: str) -> Request:
    number = next(_numbers)
    return Request(
        method,
        "sip:bob@10.0.0.2",
        [
            ("Max-Forwards", "70"),
            ("From", f"<sip:alice@10.0.0.1>;tag=a{number}"),
            ("To", "<sip:bob@10.0.0.2>"),
            ("Call-ID", f"call-{number}"),
            ("CSeq", f"1 {method}"),
        ],
    )


class World:
    def __init__(self, seed: int, faults: Faults = HARSH) -> None:
        self.clock = FakeClock()
        self.network = MemoryNetwork(self.clock, seed, faults)
        self.alice = PureNode(self.network, self.clock, "10.0.0.1")
        self.bob = PureNode(self.network, self.clock, "10.0.0.2")

    def settle(self) -> None:
        """Long enough for every timer of the protocol."""
        self.clock.run()
        assert len(self.alice.layer) == len(self.bob.layer) == 0
        assert self.clock.pending == 0
        assert not self.alice.layer._merges and not self.bob.layer._merges


def finals(node: PureNode, transaction: Transaction) -> list[int]:
    return [r.status for r in node.responses[transaction] if r.status >= 200]


@pytest.mark.parametrize("seed", range(60))
def test_non_invite_completes_at_twenty_percent_loss(seed: int) -> None:
    # RFC 3261 17.1.2: 11 transmissions within 64*T1; at 0.36 loss per round trip
    # 1.3e-5 of the seeds may time out, none of these sixty does.
    world = World(seed)
    world.bob.on_request = lambda txn: world.bob.respond(txn, 200)
    transaction = world.alice.start(new_request("OPTIONS"), world.bob.local)
    world.settle()
    assert finals(world.alice, transaction) == [200]
    assert len(world.bob.requests) == 1  # duplicates never reach the user


@pytest.mark.parametrize("seed", range(60))
def test_rejected_invite_completes_at_twenty_percent_loss(seed: int) -> None:
    world = World(seed)

    def reject(txn: Transaction) -> None:
        world.bob.respond(txn, 180)
        world.clock.call_later(1.0, world.bob.respond, txn, 486)

    world.bob.on_request = reject
    transaction = world.alice.start(new_request("INVITE"), world.bob.local)
    world.settle()
    assert finals(world.alice, transaction) == [486]
    assert len(world.bob.requests) == 1
    assert not world.alice.failures and not world.bob.failures  # the ACK got through
    assert world.bob.acks == []  # and stayed inside the transaction


@pytest.mark.parametrize("seed", range(60))
def test_cancelled_invite_ends_once_at_twenty_percent_loss(seed: int) -> None:
    world = World(seed)
    world.bob.on_request = lambda txn: world.bob.respond(txn, 180)
    world.bob.on_cancel = lambda txn: world.bob.respond(txn, 487)
    transaction = world.alice.start(new_request("INVITE"), world.bob.local)
    world.clock.call_later(0.3, world.alice.cancel, transaction)
    world.settle()
    assert finals(world.alice, transaction) == [487]
    assert len(world.bob.cancels) == 1


class LossyWorld(RuleBasedStateMachine):
    """Any order of user actions on both sides; whatever happened, nothing is left behind."""

    @initialize(seed=st.integers(0, 2**32 - 1), loss=st.sampled_from([0.0, 0.2, 0.6]))
    def begin(self, seed: int, loss: float) -> None:
        self.world = World(seed, Faults(loss=loss, duplicate=0.2, reorder=0.2))
        self.started: list[Transaction] = []
        self.answered: set[Transaction] = set()

    @rule(method=st.sampled_from(["INVITE", "OPTIONS", "BYE"]))
    def start(self, method: str) -> None:
        self.started.append(self.world.alice.start(new_request(method), self.world.bob.local))

    @rule(index=st.integers(0, 20), status=st.sampled_from([100, 180, 200, 302, 486, 503]))
    def answer(self, index: int, status: int) -> None:
        if self.world.bob.requests:
            transaction = self.world.bob.requests[index % len(self.world.bob.requests)]
            self.world.bob.respond(transaction, status)
            if status >= 200:
                self.answered.add(transaction)

    @rule(index=st.integers(0, 20))
    def cancel(self, index: int) -> None:
        if self.started:
            self.world.alice.cancel(self.started[index % len(self.started)])

    @rule(seconds=st.sampled_from([0.01, 0.2, 0.6, 5.0, 33.0]))
    def wait(self, seconds: float) -> None:
        self.world.clock.advance(seconds)

    @invariant()
    def users_see_at_most_one_end(self) -> None:
        if not hasattr(self, "world"):
            return
        alice, bob = self.world.alice, self.world.bob
        for transaction in self.started:
            ends = finals(alice, transaction)
            failed = alice.failures[transaction]
            is_invite = isinstance(transaction.machine, ict.InviteClient)
            if is_invite and ends and ends[0] < 300:
                assert all(status < 300 for status in ends)  # a 2xx may come again
            else:
                assert len(ends) + len(failed) <= 1
        assert len(set(map(id, bob.requests))) == len(bob.requests)
        assert len(bob.requests) <= len(self.started)

    def teardown(self) -> None:
        if not hasattr(self, "world"):
            return
        for transaction in self.world.bob.requests:
            if transaction not in self.answered:
                self.world.bob.respond(transaction, 500)
        self.world.bob.on_request = lambda txn: self.world.bob.respond(txn, 500)
        for transaction in self.started:
            # What the other side never ends (a ringing phone), this side has to.
            self.world.alice.cancel(transaction)
        self.world.bob.on_cancel = lambda txn: self.world.bob.respond(txn, 487)
        self.world.settle()
        for transaction in self.started:
            ends = finals(self.world.alice, transaction) + self.world.alice.failures[transaction]
            assert ends, "every request ends, by a response or by a timer"


TestLossyWorld = LossyWorld.TestCase
TestLossyWorld.settings = settings(
    max_examples=60,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)


def test_merged_request_gets_482() -> None:
    # RFC 3261 8.2.2.2: the same request by a second path while the first is in progress
    world = World(1, CALM)
    first = new_request("INVITE")
    second = first.copy()
    one = world.alice.start(first, world.bob.local)
    two = world.alice.start(second, world.bob.local)
    world.clock.advance(1)
    assert finals(world.alice, two) == [482]
    assert finals(world.alice, one) == []
    assert len(world.bob.requests) == 1
    world.bob.respond(world.bob.requests[0], 486)
    world.settle()
    assert finals(world.alice, one) == [486]


def test_cancel_without_invite_gets_481() -> None:
    # RFC 3261 9.2
    world = World(1, CALM)
    transaction = world.alice.start(new_request("CANCEL"), world.bob.local)
    world.clock.advance(1)
    assert finals(world.alice, transaction) == [481]
    assert world.bob.requests == []


def test_cancel_after_the_final_response_has_no_effect() -> None:
    # RFC 3261 9.2: 200 to the CANCEL, nothing happens to the INVITE
    world = World(1, CALM)
    world.bob.on_request = lambda txn: world.bob.respond(txn, 180)
    transaction = world.alice.start(new_request("INVITE"), world.bob.local)
    world.clock.advance(0.1)
    world.alice.cancel(transaction)
    world.bob.respond(world.bob.requests[0], 200)
    world.clock.advance(1)
    assert finals(world.alice, transaction) == [200]
    assert world.bob.cancels == []


def test_cancel_has_the_to_tag_of_the_invite() -> None:
    # RFC 3261 9.2: the To tag of the response to the CANCEL and of that to the INVITE
    world = World(1, CALM)
    world.bob.on_request = lambda txn: world.bob.respond(txn, 180)
    world.bob.on_cancel = lambda txn: world.bob.respond(txn, 487)
    transaction = world.alice.start(new_request("INVITE"), world.bob.local)
    world.clock.advance(0.1)
    world.alice.cancel(transaction)
    world.clock.advance(1)
    tags = {
        Response.for_request(new_request("X"), 200).to_tag,
        *(r.to_tag for r in world.alice.responses[transaction]),
    }
    assert len(tags - {None}) == 1
    on_wire = [data for _, _, _, data, _ in world.network.log if b"CSeq: 1 CANCEL" in data]
    [tag] = tags - {None}
    assert any(data.startswith(b"SIP/2.0 200") and tag.encode() in data for data in on_wire)


def test_unanswered_cancel_ends_the_invite_after_64_t1() -> None:
    # RFC 3261 9.1: no final response within 64*T1 of the CANCEL
    world = World(1, CALM)
    world.bob.on_request = lambda txn: world.bob.respond(txn, 180)
    transaction = world.alice.start(new_request("INVITE"), world.bob.local)
    world.clock.advance(0.1)
    world.alice.cancel(transaction)
    world.clock.advance(31)
    assert world.alice.failures[transaction] == []
    world.clock.advance(2)
    assert world.alice.failures[transaction] == ["cancelled"]


def rfc2543(method: str, *, cseq: int = 1, to: str = "<sip:bob@10.0.0.2>") -> Request:
    return Request(
        method,
        "sip:bob@10.0.0.2",
        [
            ("Via", "SIP/2.0/UDP 10.0.0.1:5060"),
            ("From", "<sip:old@10.0.0.1>;tag=o"),
            ("To", to),
            ("Call-ID", "old-call"),
            ("CSeq", f"{cseq} {method}"),
        ],
    )


def test_rfc2543_client_is_matched_without_a_branch() -> None:
    # RFC 3261 17.2.3, second list
    world = World(1, CALM)
    world.alice.send(rfc2543("INVITE"), world.bob.local)
    world.alice.send(rfc2543("INVITE"), world.bob.local)
    world.clock.advance(0.15)
    [transaction] = world.bob.requests
    world.bob.respond(transaction, 486)
    other = rfc2543("ACK", to="<sip:bob@10.0.0.2>;tag=somebody-else")
    world.alice.send(other, world.bob.local)
    world.clock.advance(0.1)
    assert transaction.machine.state is ist.State.COMPLETED
    assert len(world.bob.acks) == 1  # not ours to absorb
    ack = rfc2543("ACK", to=f"<sip:bob@10.0.0.2>;tag={transaction.to_tag}")
    world.alice.send(ack, world.bob.local)
    world.clock.advance(0.1)
    assert transaction.machine.state is ist.State.CONFIRMED


def test_rfc2543_cancel_finds_its_invite() -> None:
    world = World(1, CALM)
    world.alice.send(rfc2543("INVITE"), world.bob.local)
    world.alice.send(rfc2543("CANCEL"), world.bob.local)
    world.clock.advance(0.15)
    assert world.bob.cancels == world.bob.requests


def test_same_branch_from_another_host_is_another_transaction() -> None:
    # RFC 3261 17.2.3: sent-by belongs to the key
    world = World(1, CALM)
    for host in ("10.0.0.1", "10.0.0.7"):
        request = new_request("OPTIONS")
        request.headers.prepend("Via", f"SIP/2.0/UDP {host};branch=z9hG4bKsame")
        world.alice.send(request, world.bob.local)
    world.clock.advance(1)
    assert len(world.bob.requests) == 2


def test_ack_to_2xx_reaches_the_user() -> None:
    world = World(1, CALM)
    world.bob.on_request = lambda txn: world.bob.respond(txn, 200)
    world.alice.start(new_request("INVITE"), world.bob.local)
    world.clock.advance(0.2)
    ack = new_request("ACK")
    ack.headers.prepend("Via", "SIP/2.0/UDP 10.0.0.1;branch=z9hG4bKanother")
    world.alice.send(ack, world.bob.local)
    world.clock.advance(0.2)
    assert [a.method for a in world.bob.acks] == ["ACK"]


def test_forked_2xx_all_reach_the_user_until_timer_m() -> None:
    # RFC 6026 7.2
    world = World(1, CALM)
    transaction = world.alice.start(new_request("INVITE"), world.bob.local)
    world.clock.advance(0.1)
    for tag in ("fork-a", "fork-b"):
        response = Response.for_request(transaction.request, 200, to_tag=tag)
        world.bob.send(response, world.alice.local)
    world.clock.advance(1)
    assert [r.to_tag for r in world.alice.responses[transaction]] == ["fork-a", "fork-b"]
    world.clock.advance(33)
    late = Response.for_request(transaction.request, 200, to_tag="fork-c")
    world.bob.send(late, world.alice.local)
    world.clock.advance(1)
    assert len(world.alice.responses[transaction]) == 2  # RFC 6026 8.9: dropped, not passed up
