"""Two session machines, any order of commands, deliveries and timers (hypothesis).

Whatever happens: each owner hears at most one end and nothing after it; when both have hung up
and the wire has run dry nothing is left: no dialog, no timer, no open offer.
"""

from __future__ import annotations

import json
from dataclasses import replace

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from protocols.sip.oa import OaState
from protocols.sip.session import Phase, Settings, events
from protocols.sip.session.snapshot import from_dict, to_dict
from tests.support.session_bench import Bench, Party, sdp

NAMES = st.sampled_from(["a", "b"])
MODERN = Settings(
    allow=("INVITE", "ACK", "CANCEL", "BYE", "PRACK", "UPDATE", "INFO"), session_expires=1800
)
LEGACY = Settings(allow=("INVITE", "ACK", "CANCEL", "BYE"), supported=(), session_expires=None)


class PairMachine(RuleBasedStateMachine):
    bench: Bench
    version = 1

    @initialize(
        delayed=st.booleans(),
        a=st.sampled_from([MODERN, LEGACY]),
        b=st.sampled_from([MODERN, LEGACY]),
    )
    def begin(self, delayed: bool, a: Settings, b: Settings) -> None:
        self.bench = Bench(None if delayed else self.description("a"), a=a, b=b)

    def description(self, who: str) -> bytes:
        self.version += 1
        return sdp(self.version, who)

    def party(self, name: str) -> Party:
        return self.bench.a if name == "a" else self.bench.b

    # -- the network ---------------------------------------------------------------------------

    @precondition(lambda self: self.bench.wire)
    @rule(data=st.data())
    def deliver(self, data: st.DataObject) -> None:
        """Any packet: reliable, but in no order at all. An INVITE comes before what follows it."""
        self.bench.deliver(data.draw(st.integers(0, len(self.bench.wire) - 1)))

    @precondition(lambda self: self.bench.wire)
    @rule()
    def deliver_first(self) -> None:
        self.bench.deliver()

    def _repeated_by_users(self) -> list[int]:
        """What no transaction repeats or filters: 1xx and 2xx to INVITE, and the ACK to these."""
        names = ("180 INVITE", "183 INVITE", "200 INVITE", "ACK")
        return [i for i, packet in enumerate(self.bench.wire) if packet.name in names]

    @precondition(lambda self: self._repeated_by_users())
    @rule(data=st.data())
    def lose(self, data: st.DataObject) -> None:
        del self.bench.wire[data.draw(st.sampled_from(self._repeated_by_users()))]

    @precondition(lambda self: self._repeated_by_users())
    @rule(data=st.data())
    def double(self, data: st.DataObject) -> None:
        packet = self.bench.wire[data.draw(st.sampled_from(self._repeated_by_users()))]
        assert packet.message is not None
        self.bench.wire.append(replace(packet, message=packet.message.copy()))

    @rule(seconds=st.sampled_from([0.3, 1.0, 3.0, 40.0, 950.0]))
    def wait(self, seconds: float) -> None:
        self.bench.advance(seconds)

    # -- the owners ----------------------------------------------------------------------------

    @precondition(lambda self: self.bench.b.session is not None)
    @rule(status=st.sampled_from([180, 183]), early_media=st.booleans())
    def ring(self, status: int, early_media: bool) -> None:
        self.bench.b.do(events.Ring(status, sdp=self.description("b") if early_media else None))

    @precondition(lambda self: self.bench.b.session is not None)
    @rule()
    def accept(self) -> None:
        self.bench.b.do(events.Accept(self.description("b")))

    @precondition(lambda self: self.bench.b.session is not None)
    @rule()
    def reject(self) -> None:
        self.bench.b.do(events.Reject(486))

    @rule()
    def acknowledge(self) -> None:
        self.bench.a.do(events.Acknowledge(self.description("a")))

    @rule(name=NAMES, offerless=st.booleans())
    def offer(self, name: str, offerless: bool) -> None:
        party = self.party(name)
        if party.session is not None:
            party.do(events.Offer(None if offerless else self.description(name)))

    @rule(name=NAMES)
    def answer(self, name: str) -> None:
        party = self.party(name)
        if party.session is not None:
            party.do(events.Answer(self.description(name)))
            party.do(events.Acknowledge(self.description(name)))

    @rule(name=NAMES)
    def refuse(self, name: str) -> None:
        party = self.party(name)
        if party.session is not None:
            party.do(events.Refuse())

    @rule(name=NAMES)
    def info(self, name: str) -> None:
        party = self.party(name)
        if party.session is not None:
            party.do(events.Transmit(1, "INFO"))

    @rule(name=NAMES)
    def hang_up(self, name: str) -> None:
        party = self.party(name)
        if party.session is not None:
            party.do(events.HangUp())

    @rule()
    def move(self) -> None:
        """Another process goes on with both sessions: nobody may notice."""
        for party in (self.bench.a, self.bench.b):
            if party.session is not None:
                restored = from_dict(json.loads(json.dumps(to_dict(party.session))))
                assert restored == party.session
                party.session = restored

    # -- what always holds -----------------------------------------------------------------------

    @invariant()
    def one_end_and_nothing_after_it(self) -> None:
        if not hasattr(self, "bench"):
            return
        for party in (self.bench.a, self.bench.b):
            kinds = [kind for kind in party.kinds() if kind != "Reply"]
            assert kinds.count("Ended") <= 1
            if "Ended" in kinds:
                assert kinds[-1] == "Ended"

    def teardown(self) -> None:
        if not hasattr(self, "bench"):
            return
        bench = self.bench
        bench.run()
        for party in (bench.a, bench.b):
            if party.session is not None:
                party.do(events.HangUp())
        bench.run()
        bench.advance(100)
        bench.run()
        for party in (bench.a, bench.b):
            if party.session is None:
                continue
            assert party.phase is Phase.ENDED, party.phase
            assert party.disposed
            assert party.timers == {}
            assert party.kinds().count("Ended") == 1
            assert all(party.answered.values()), "a request stayed without an answer"
            for fork in party.s.forks:
                assert fork.oa.state is not OaState.REMOTE_OFFER or not fork.dialog.confirmed


PairMachine.TestCase.settings = settings(
    max_examples=150,
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
TestSessionPair = PairMachine.TestCase
