"""Calls set up and end at 20 % loss, duplication and reordering; nothing is left behind.

Each seed is one call in simulated time with its own plot (who hangs up, cancel, reject, hold).
A handshake of SIP over UDP may honestly fail at this loss: 7 INVITEs within 32 s, each round
trip lost with 0.36, makes 1 call in 1,300. Such a call must end as a local 408, on time.
"""

from __future__ import annotations

import gc

import pytest

from protocols.aio.call import Call
from protocols.aio.transactions import ClientTransaction, ServerTransaction
from protocols.sip.txn.layer import Transaction
from protocols.testkit import Faults
from tests.support.lossy_calls import Outcome, play


def check(outcome: Outcome) -> None:
    """What must hold for every call, whatever the network did."""
    assert outcome.left == [], outcome
    for names in (outcome.caller, outcome.callee):
        assert names.count("end") <= 1, outcome
        assert "end" not in names[:-1], outcome  # nothing after the end
    assert outcome.caller[-1:] == ["end"], outcome
    if outcome.callee:
        assert outcome.callee[-1] == "end", outcome
    if outcome.failure is not None:
        # 504: the PRACK of a reliable 183 never came through (RFC 3262 section 3)
        expected = {"rejected": (408, 504, 486), "cancelled": (408, 504, 480, 487)}
        assert outcome.failure in expected.get(outcome.plot, (408, 504)), outcome
    assert outcome.simulated < 2200, outcome


def sweep(seeds: range, share_of_failures: float) -> None:
    wanted, reached = 0, 0
    for seed in seeds:
        outcome = play(seed)
        check(outcome)
        if outcome.plot not in ("cancelled", "rejected"):
            wanted += 1
            reached += outcome.set_up
    assert reached >= wanted * (1 - share_of_failures), f"{reached} of {wanted} calls set up"


def test_calls_live_through_a_bad_network() -> None:
    sweep(range(240), 0.01)


def test_on_a_good_network_every_plot_goes_as_written() -> None:
    for seed in range(12):
        outcome = play(seed, Faults())
        check(outcome)
        if outcome.plot != "cancelled":  # there the answer may have come first
            assert outcome.set_up == (outcome.plot != "rejected"), outcome


def test_no_object_of_a_call_outlives_it() -> None:
    kinds = (Call, Transaction, ClientTransaction, ServerTransaction)
    before = {id(other) for other in gc.get_objects() if isinstance(other, kinds)}
    for seed in range(12):
        play(seed)
    gc.collect()
    kept = [thing for thing in gc.get_objects() if isinstance(thing, kinds)]
    assert [thing for thing in kept if id(thing) not in before] == []


@pytest.mark.long
@pytest.mark.timeout(600)
@pytest.mark.parametrize("part", range(4))
def test_sixty_thousand_calls_live_through_a_bad_network(part: int) -> None:
    first = 10_000 + part * 15_000
    sweep(range(first, first + 15_000), 0.004)
