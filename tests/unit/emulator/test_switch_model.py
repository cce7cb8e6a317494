"""The switch's call model: flows in their order, and what must hold whatever happens."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from emulator.switch import diverting, joining
from emulator.switch.core import ACTIVE, Switch
from emulator.switch.model import CallEvent, ConnectionId, Event, State, SwitchError
from emulator.switch.permitted import services


class Bench:
    """A switch and what its monitors were told."""

    def __init__(self, **options: bool) -> None:
        self.told: list[CallEvent] = []
        ids, self.now = itertools.count(1), 0.0
        self.switch = Switch(
            new_id=lambda: f"call{next(ids)}",
            clock=lambda: self.now,
            emit=self._emit,
            **options,
        )

    def _emit(self, event: Event) -> None:
        assert isinstance(event, CallEvent)
        self.told.append(event)

    def heard(self, device: str) -> list[str]:
        """What a monitor of ``device`` saw, as "what/local state/cause", since last asked."""
        found = [f"{e.what}/{e.states[device]}/{e.cause}" for e in self.told if device in e.states]
        return found

    def dial(self, a: str, b: str) -> tuple[ConnectionId, ConnectionId]:
        one = self.switch.initiate(a)
        self.switch.originate(one, b)
        self.switch.deliver(one.call, b)
        return one, ConnectionId(one.call, b)

    def talk(self, a: str, b: str) -> tuple[ConnectionId, ConnectionId]:
        one, two = self.dial(a, b)
        self.switch.answer(two)
        return one, two

    def consult(self, a: str, b: str, c: str) -> tuple[ConnectionId, ConnectionId]:
        """A talks to B, holds, and talks to C."""
        one, _ = self.talk(a, b)
        second = self.switch.consult(one, c)
        self.switch.deliver(second.call, c)
        self.switch.answer(ConnectionId(second.call, c))
        self.told.clear()
        return one, second


def test_a_call_is_told_in_the_order_of_the_standard() -> None:
    bench = Bench()
    one, _ = bench.talk("a", "b")
    bench.switch.clear(one)
    assert bench.heard("a") == [
        "serviceInitiated/initiated/makeCall",
        "originated/connected/newCall",
        "delivered/connected/newCall",
        "established/connected/newCall",
        "connectionCleared/null/normalClearing",
    ]
    assert bench.heard("b") == [
        "delivered/alerting/newCall",
        "established/connected/newCall",
        "connectionCleared/connected/normalClearing",
        "connectionCleared/null/normalClearing",
    ]
    assert bench.switch.calls == {}


def test_busy_is_told_and_waited_for() -> None:
    bench = Bench()
    one = bench.switch.initiate("a")
    bench.switch.originate(one, "b")
    bench.switch.fail(one.call, "b", "busy")
    assert bench.heard("a")[-1] == "failed/fail/busy"
    diverting.camp_on(bench.switch, one, "b")
    assert bench.heard("a")[-1] == "queued/queued/campOn"
    bench.switch.deliver(one.call, "b")
    assert bench.switch.call(one.call).connections == {"a": "connected", "b": "alerting"}


def test_one_of_two_ringing_devices_answers() -> None:
    bench = Bench()
    one, two = bench.dial("a", "b1")
    bench.switch.deliver(one.call, "b2")
    bench.switch.answer(two)
    assert bench.heard("b2")[-1] == "connectionCleared/null/normalClearing"
    assert bench.switch.call(one.call).connections == {"a": "connected", "b1": "connected"}


def test_one_of_two_declines_and_the_other_rings_on() -> None:
    bench = Bench()
    one, _ = bench.dial("a", "b1")
    bench.switch.deliver(one.call, "b2")
    bench.switch.fail(one.call, "b1", "busy")
    assert bench.switch.call(one.call).connections == {"a": "connected", "b2": "alerting"}
    bench.switch.fail(one.call, "b2", "busy")
    assert bench.switch.state(one) is State.FAIL


def test_hold_swap_and_transfer() -> None:
    bench = Bench()
    held, active = bench.consult("a", "b", "c")
    bench.switch.alternate(held, active)
    assert bench.heard("a") == ["held/hold/normal", "retrieved/connected/normal"]
    new = joining.transfer(bench.switch, active, held)
    assert bench.heard("a")[-1] == "transferred/null/transfer"
    assert bench.heard("b")[-1] == "transferred/connected/transfer"
    assert bench.told[-1].old == (active, held)
    assert set(bench.told[-1].parties) == {"b", "c"}
    assert bench.switch.call(new).connections == {"b": "connected", "c": "connected"}
    assert list(bench.switch.calls) == [new]


def test_a_consultation_ends_and_the_first_call_comes_back() -> None:
    bench = Bench()
    held, active = bench.consult("a", "b", "c")
    bench.switch.reconnect(held, active)
    assert [line.split("/")[0] for line in bench.heard("a")] == ["connectionCleared", "retrieved"]
    assert bench.switch.snapshot("a") == {held.call: State.CONNECTED}


def test_a_transfer_while_it_rings() -> None:
    bench = Bench()
    one, _ = bench.talk("a", "b")
    second = bench.switch.consult(one, "c")
    bench.switch.deliver(second.call, "c")
    new = joining.transfer(bench.switch, one, second)
    bench.switch.answer(ConnectionId(new, "c"))
    assert bench.switch.call(new).connections == {"b": "connected", "c": "connected"}


def test_a_failed_single_step_transfer_comes_back() -> None:
    bench = Bench()
    one, _ = bench.talk("a", "b")
    bench.told.clear()
    new = joining.single_step(bench.switch, one, "c")
    assert bench.heard("a") == ["transferred/null/singleStepTransfer"]
    assert bench.heard("c") == ["delivered/alerting/singleStepTransfer"]
    joining.recall(bench.switch, new, "busy")
    bench.switch.answer(ConnectionId(new, "a"), "recall")
    assert bench.heard("a")[1:] == ["delivered/alerting/recall", "established/connected/recall"]
    assert bench.heard("b")[-3:] == [
        "failed/connected/busy",
        "delivered/connected/recall",
        "established/connected/recall",
    ]


@pytest.mark.parametrize("keeps", [False, True])
def test_a_conference_and_its_end(keeps: bool) -> None:
    bench = Bench(keeps_second_id=keeps)
    held, active = bench.consult("a", "b", "c")
    room = joining.conference(bench.switch, held, active)
    assert (room == active.call) is keeps
    assert {d: bench.heard(d)[-1] for d in "abc"} == dict.fromkeys(
        "abc", "conferenced/connected/conference"
    )
    joining.join(bench.switch, room, "d")
    for device in "dab":
        bench.switch.clear(ConnectionId(room, device))
    assert bench.switch.calls == {}


def test_deflection_pickup_and_park() -> None:
    bench = Bench()
    one, two = bench.dial("a", "b")
    three = diverting.deflect(bench.switch, two, "c")
    assert bench.heard("b")[-1] == "diverted/null/redirected"
    picked = diverting.pick_up(bench.switch, three, "d")
    assert bench.heard("c")[-1] == "diverted/null/callPickup"
    assert bench.heard("a")[-1] == "established/connected/callPickup"
    diverting.park(bench.switch, picked, "1")
    assert bench.heard("a")[-1] == "diverted/queued/park"
    assert bench.switch.snapshot("d") == {}
    with pytest.raises(SwitchError) as refused:
        diverting.unpark(bench.switch, "2", "e")
    assert refused.value.reason == "invalidCalledDeviceID"
    diverting.unpark(bench.switch, "1", "e")
    assert bench.switch.call(one.call).connections == {"a": "connected", "e": "connected"}


def test_forwarding_is_told_to_who_rang_and_to_who_never_did() -> None:
    bench = Bench()
    one, _ = bench.dial("a", "b")
    diverting.forward(bench.switch, one.call, ["b"], "c", "callForwardNoAnswer")
    assert bench.heard("b")[-1] == "diverted/null/callForwardNoAnswer"
    diverting.forward(bench.switch, one.call, ["c", "a"], "d", "callForwardImmediate")
    assert bench.heard("c") == ["diverted/null/callForwardImmediate"]
    assert bench.heard("a")[-1] == "diverted/connected/callForwardImmediate"
    bench.switch.deliver(one.call, "d")
    assert bench.switch.call(one.call).connections == {"a": "connected", "d": "alerting"}


DEVICES = "abcde"
devices = st.sampled_from(DEVICES)
picks = st.integers(0, 7)


class SwitchMachine(RuleBasedStateMachine):
    """Anything in any order. Each device has a monitor that knows only what it was told."""

    def __init__(self) -> None:
        super().__init__()
        self.bench = Bench()
        self.switch = self.bench.switch
        self.views: dict[str, dict[str, State]] = {device: {} for device in DEVICES}
        self.read = 0

    def do(self, operation: Callable[[], object], *, allowed: bool | None = None) -> None:
        """``allowed`` None: it may be refused, and then nothing may have changed."""
        before = {call.id: dict(call.connections) for call in self.switch.calls.values()}
        count = len(self.bench.told)
        try:
            operation()
        except SwitchError:
            assert not allowed, "permitted, yet refused"
            assert before == {c.id: dict(c.connections) for c in self.switch.calls.values()}
            assert len(self.bench.told) == count
        else:
            assert allowed is None or allowed, "done, yet not permitted"

    def pick(self, number: int, *states: State) -> ConnectionId | None:
        """Mostly one in ``states``, where the operation has a chance; with 0 any."""
        every = [
            ConnectionId(call.id, device)
            for call in self.switch.calls.values()
            for device, state in call.connections.items()
            if number == 0 or not states or state in states
        ]
        return sorted(every)[number % len(every)] if every else None

    def may(self, connection: ConnectionId, service: str) -> bool:
        return service in services(self.switch, connection)

    @rule(device=devices, called=devices)
    def dial(self, device: str, called: str) -> None:
        def operation() -> None:
            one = self.switch.initiate(device)
            self.switch.originate(one, called)

        self.do(operation)

    @rule(number=picks, device=devices)
    def deliver(self, number: int, device: str) -> None:
        if (one := self.pick(number, State.CONNECTED)) is not None:
            self.do(lambda: self.switch.deliver(one.call, device))

    @rule(number=picks)
    def answer(self, number: int) -> None:
        if (one := self.pick(number, State.ALERTING)) is not None:
            self.do(lambda: self.switch.answer(one), allowed=self.may(one, "answerCall"))

    @rule(number=picks)
    def clear(self, number: int) -> None:
        if (one := self.pick(number)) is not None:
            self.do(lambda: self.switch.clear(one), allowed=self.may(one, "clearConnection"))

    @rule(number=picks, device=devices)
    def fail(self, number: int, device: str) -> None:
        if (one := self.pick(number, State.ALERTING)) is not None:
            target = one.device if number % 2 else device
            self.do(lambda: self.switch.fail(one.call, target, "busy"))

    @rule(number=picks)
    def hold(self, number: int) -> None:
        if (one := self.pick(number, State.CONNECTED)) is not None:
            self.do(lambda: self.switch.hold(one), allowed=self.may(one, "holdCall"))

    @rule(number=picks)
    def retrieve(self, number: int) -> None:
        if (one := self.pick(number, State.HOLD)) is not None:
            self.do(lambda: self.switch.retrieve(one), allowed=self.may(one, "retrieveCall"))

    @rule(number=picks, called=devices)
    def consult(self, number: int, called: str) -> None:
        if (one := self.pick(number)) is not None:
            allowed = self.may(one, "consultationCall")
            self.do(lambda: self.switch.consult(one, called), allowed=allowed)

    @rule(
        number=picks,
        service=st.sampled_from(
            ["alternateCall", "reconnectCall", "transferCall", "conferenceCall"]
        ),
    )
    def with_both(self, number: int, service: str) -> None:
        active = self.pick(number, State.CONNECTED)
        if active is None:
            return
        held = [
            ConnectionId(call, active.device)
            for call, state in self.switch.snapshot(active.device).items()
            if state is State.HOLD
        ]
        if not held:
            assert not self.may(active, service)
            return
        operation: dict[str, Callable[[], object]] = {
            "alternateCall": lambda: self.switch.alternate(held[0], active),
            "reconnectCall": lambda: self.switch.reconnect(held[0], active),
            "transferCall": lambda: joining.transfer(self.switch, held[0], active),
            "conferenceCall": lambda: joining.conference(self.switch, held[0], active),
        }
        permitted = self.may(active, service)
        self.do(operation[service], allowed=True if permitted else None)

    @rule(number=picks, to=devices)
    def single_step(self, number: int, to: str) -> None:
        if (one := self.pick(number, State.CONNECTED, State.HOLD)) is None:
            return
        allowed = self.may(one, "singleStepTransferCall")
        allowed = allowed and to not in self.switch.call(one.call).connections
        self.do(lambda: joining.single_step(self.switch, one, to), allowed=allowed)

    @rule(number=picks)
    def recall(self, number: int) -> None:
        if (one := self.pick(number)) is not None:
            self.do(lambda: joining.recall(self.switch, one.call, "busy"))

    @rule(number=picks, device=devices)
    def join(self, number: int, device: str) -> None:
        if (one := self.pick(number)) is not None:
            self.do(lambda: joining.join(self.switch, one.call, device))

    @rule(number=picks, device=devices)
    def divert(self, number: int, device: str) -> None:
        if (one := self.pick(number, State.ALERTING)) is not None:
            self.do(lambda: diverting.deflect(self.switch, one, device))

    @rule(number=picks, device=devices)
    def pick_up(self, number: int, device: str) -> None:
        if (one := self.pick(number, State.ALERTING)) is not None:
            self.do(lambda: diverting.pick_up(self.switch, one, device))

    @rule(number=picks, slot=st.sampled_from("12"))
    def park(self, number: int, slot: str) -> None:
        if (one := self.pick(number, State.CONNECTED)) is not None:
            self.do(lambda: diverting.park(self.switch, one, slot))

    @rule(device=devices, slot=st.sampled_from("12"))
    def unpark(self, device: str, slot: str) -> None:
        self.do(lambda: diverting.unpark(self.switch, slot, device))

    @rule(number=picks, device=devices)
    def camp_on(self, number: int, device: str) -> None:
        if (one := self.pick(number, State.FAIL)) is not None:
            allowed = self.may(one, "campOnCall")
            self.do(lambda: diverting.camp_on(self.switch, one, device), allowed=allowed)

    @invariant()
    def no_ghost(self) -> None:
        for call in self.switch.calls.values():
            assert call.connections, "a call without anybody"
            waits = call.parked_at or call.at(State.INITIATED, State.FAIL, State.QUEUED)
            dialled_only = call.calling in call.at(State.CONNECTED)
            assert len(call.connections) > 1 or waits or dialled_only, "somebody alone"
            assert len(call.at(State.ALERTING)) < len(call.connections), "rings for nobody"
            assert State.NULL not in call.connections.values()

    @invariant()
    def one_voice_each(self) -> None:
        for device in DEVICES:
            states = list(self.switch.snapshot(device).values())
            assert sum(state in ACTIVE for state in states) <= 1, "in speech twice"

    @invariant()
    def every_monitor_knows_the_truth(self) -> None:
        for event in self.bench.told[self.read :]:
            for device, state in event.states.items():
                view = self.views[device]
                for old in event.old:
                    view.pop(old.call, None)
                view[event.connection.call] = state
                if state is State.NULL:
                    del view[event.connection.call]
        self.read = len(self.bench.told)
        for device in DEVICES:
            assert self.views[device] == self.switch.snapshot(device), device


SwitchMachine.TestCase.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)
TestSwitchMachine = SwitchMachine.TestCase
