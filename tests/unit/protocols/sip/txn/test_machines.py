"""Every state and event of the four transaction machines, against tables written from the RFCs.

A table line reads `STATE EVENT -> STATE: effects`. `[...]` holds effects for unreliable
transports only, `STATE/STATE` gives the next state for unreliable/reliable. Every pair that
no line names must be absorbed: same state, no effect.
"""

from __future__ import annotations

import dataclasses
import itertools
import re
from types import ModuleType
from typing import Any

import pytest

from protocols.sip.message import Request, Response
from protocols.sip.txn import ict, ist, nict, nist
from protocols.sip.txn.effects import Effect, Failed, Finished, Send, SetTimer, StopTimer, ToUser
from protocols.sip.txn.events import Ev, Event
from protocols.sip.txn.timers import Timer, Timers

TIMERS = Timers()

# RFC 3261 figure 5 with RFC 6026 section 7.2 (Accepted, Timer M) and 9.1 (CANCEL guard)
ICT = """
INITIAL    START           -> CALLING: send-request set-B=32 [set-A=0.5]
CALLING    A               -> CALLING: send-request set-A=1
CALLING    B               -> TERMINATED: failed-timeout end
CALLING    TRANSPORT_ERROR -> TERMINATED: failed-transport end
CALLING    R1XX            -> PROCEEDING: stop-A stop-B user
CALLING    R2XX            -> ACCEPTED: stop-A stop-B set-M=32 user
CALLING    R3_6XX          -> COMPLETED/TERMINATED: stop-A stop-B send-ACK [set-D=32] user {end}
PROCEEDING R1XX            -> PROCEEDING: user
PROCEEDING R2XX            -> ACCEPTED: stop-A stop-B set-M=32 user
PROCEEDING R3_6XX          -> COMPLETED/TERMINATED: stop-A stop-B send-ACK [set-D=32] user {end}
PROCEEDING TRANSPORT_ERROR -> TERMINATED: failed-transport end
PROCEEDING CANCEL          -> TERMINATED: failed-cancelled end
COMPLETED  R3_6XX          -> COMPLETED: send-ACK
COMPLETED  D               -> TERMINATED: end
COMPLETED  TRANSPORT_ERROR -> TERMINATED: end
ACCEPTED   R2XX            -> ACCEPTED: user
ACCEPTED   M               -> TERMINATED: end
"""

# RFC 3261 figure 6
NICT = """
INITIAL    START           -> TRYING: send-request set-F=32 [set-E=0.5]
TRYING     E               -> TRYING: send-request set-E=1
TRYING     F               -> TERMINATED: failed-timeout end
TRYING     TRANSPORT_ERROR -> TERMINATED: failed-transport end
TRYING     R1XX            -> PROCEEDING: user
TRYING     R2XX            -> COMPLETED/TERMINATED: stop-E stop-F [set-K=5] user {end}
TRYING     R3_6XX          -> COMPLETED/TERMINATED: stop-E stop-F [set-K=5] user {end}
PROCEEDING E               -> PROCEEDING: send-request set-E=4
PROCEEDING F               -> TERMINATED: failed-timeout end
PROCEEDING TRANSPORT_ERROR -> TERMINATED: failed-transport end
PROCEEDING R1XX            -> PROCEEDING: user
PROCEEDING R2XX            -> COMPLETED/TERMINATED: stop-E stop-F [set-K=5] user {end}
PROCEEDING R3_6XX          -> COMPLETED/TERMINATED: stop-E stop-F [set-K=5] user {end}
COMPLETED  K               -> TERMINATED: end
"""

# RFC 3261 figure 7 with RFC 6026 section 7.1 (Accepted, Timer L)
IST = """
INITIAL    START           -> PROCEEDING: set-TRYING=0.2 user
PROCEEDING TRYING          -> PROCEEDING: send-100
PROCEEDING REQUEST         -> PROCEEDING: stop-TRYING send-100
PROCEEDING TU_1XX          -> PROCEEDING: stop-TRYING send-180
PROCEEDING TU_2XX          -> ACCEPTED: stop-TRYING set-L=32 send-200
PROCEEDING TU_3_6XX        -> COMPLETED: stop-TRYING set-H=32 send-486 [set-G=0.5]
PROCEEDING TRANSPORT_ERROR -> TERMINATED: failed-transport end
COMPLETED  REQUEST         -> COMPLETED: send-486
COMPLETED  G               -> COMPLETED: send-486 set-G=1
COMPLETED  H               -> TERMINATED: failed-timeout end
COMPLETED  TRANSPORT_ERROR -> TERMINATED: failed-transport end
COMPLETED  ACK             -> CONFIRMED/TERMINATED: stop-G stop-H [set-I=5] {end}
CONFIRMED  I               -> TERMINATED: end
ACCEPTED   ACK             -> ACCEPTED: user
ACCEPTED   TU_2XX          -> ACCEPTED: send-200
ACCEPTED   TRANSPORT_ERROR -> ACCEPTED: failed-transport
ACCEPTED   L               -> TERMINATED: end
"""

# RFC 3261 figure 8 with RFC 4320 sections 4.1 (100 only, late) and 4.2 (nothing after Timer F)
NIST = """
INITIAL    START           -> TRYING: set-TRYING=3.5 set-F=32 user
TRYING     TRYING          -> PROCEEDING: send-100
TRYING     F               -> TERMINATED: stop-TRYING failed-timeout end
TRYING     TU_2XX          -> COMPLETED/TERMINATED: stop-TRYING stop-F [set-J=32] send-200 {end}
TRYING     TU_3_6XX        -> COMPLETED/TERMINATED: stop-TRYING stop-F [set-J=32] send-486 {end}
TRYING     TRANSPORT_ERROR -> TERMINATED: failed-transport end
PROCEEDING F               -> TERMINATED: stop-TRYING failed-timeout end
PROCEEDING REQUEST         -> PROCEEDING: send-100
PROCEEDING TU_2XX          -> COMPLETED/TERMINATED: stop-TRYING stop-F [set-J=32] send-200 {end}
PROCEEDING TU_3_6XX        -> COMPLETED/TERMINATED: stop-TRYING stop-F [set-J=32] send-486 {end}
PROCEEDING TRANSPORT_ERROR -> TERMINATED: failed-transport end
COMPLETED  REQUEST         -> COMPLETED: send-486
COMPLETED  J               -> TERMINATED: end
COMPLETED  TRANSPORT_ERROR -> TERMINATED: end
"""

MACHINES: dict[str, tuple[ModuleType, str, str]] = {
    "ict": (ict, "InviteClient", ICT),
    "nict": (nict, "NonInviteClient", NICT),
    "ist": (ist, "InviteServer", IST),
    "nist": (nist, "NonInviteServer", NIST),
}


def request_of(method: str) -> Request:
    return Request(
        method,
        "sip:bob@example.com",
        [
            ("Via", "SIP/2.0/UDP host.example;branch=z9hG4bKabc"),
            ("Max-Forwards", "70"),
            ("From", "<sip:alice@example.com>;tag=a"),
            ("To", "<sip:bob@example.com>"),
            ("Call-ID", "c1"),
            ("CSeq", f"7 {method}"),
        ],
    )


def parse(table: str, *, reliable: bool) -> dict[tuple[str, str], tuple[str, list[str]]]:
    expected: dict[tuple[str, str], tuple[str, list[str]]] = {}
    for line in table.strip().splitlines():
        match = re.fullmatch(r"(\w+)\s+(\w+)\s+-> ([\w/]+): (.*)", line)
        assert match is not None, line
        state, event, target, effects = match.groups()
        unreliable_state, _, reliable_state = target.partition("/")
        effects = re.sub(r"\[(.*?)\]", "" if reliable else r"\1", effects)
        effects = re.sub(r"\{(.*?)\}", r"\1" if reliable else "", effects)
        assert (state, event) not in expected
        target = reliable_state if reliable and reliable_state else unreliable_state
        expected[state, event] = (target, effects.split())
    return expected


def name(effect: Effect) -> str:
    match effect:
        case Send(Request() as request):
            return "send-ACK" if request.method == "ACK" else "send-request"
        case Send(Response() as response):
            return f"send-{response.status}"
        case SetTimer(timer, delay):
            return f"set-{timer.value}={delay:g}"
        case StopTimer(timer):
            return f"stop-{timer.value}"
        case ToUser():
            return "user"
        case Failed(cause):
            return f"failed-{cause}"
        case Finished():
            return "end"
    raise AssertionError(effect)


def in_state(kind: str, state: str, *, reliable: bool) -> Any:
    """A machine as it would be in that state."""
    module, cls, _ = MACHINES[kind]
    request = request_of("INVITE" if kind in ("ict", "ist") else "OPTIONS")
    values: dict[str, Any] = {"state": module.State[state]}
    if kind in ("ict", "nict"):
        values["resend_after"] = TIMERS.t1
    if kind == "ist" and state == "COMPLETED":
        values["resend_after"] = TIMERS.t1
    if kind in ("ist", "nist"):
        last = {"PROCEEDING": None if kind == "ist" else 100, "COMPLETED": 486, "ACCEPTED": 200}
        if (status := last.get(state)) is not None:
            values["last"] = Response.for_request(request, status)
    if kind == "ict" and state == "COMPLETED":
        values["ack"] = request_of("ACK")
    machine = getattr(module, cls)(request, reliable, TIMERS)
    return dataclasses.replace(machine, **values)


def message_for(machine: Any, event: Event) -> Request | Response | None:
    statuses = {
        Ev.R1XX: 180,
        Ev.R2XX: 200,
        Ev.R3_6XX: 486,
        Ev.TU_1XX: 180,
        Ev.TU_2XX: 200,
        Ev.TU_3_6XX: 486,
    }
    if isinstance(event, Ev) and event in statuses:
        return Response.for_request(machine.request, statuses[event], to_tag="b")
    if event is Ev.ACK:
        return request_of("ACK")
    return machine.request if event is Ev.REQUEST else None


ALL = [
    (kind, state.name, event)
    for kind, (module, _, _) in MACHINES.items()
    for state, event in itertools.product(module.State, [*Ev, *Timer])
]


@pytest.mark.parametrize("reliable", [False, True], ids=["udp", "stream"])
@pytest.mark.parametrize(
    ("kind", "state", "event"), ALL, ids=[f"{k}-{s}-{e.name}" for k, s, e in ALL]
)
def test_pair(kind: str, state: str, event: Event, reliable: bool) -> None:
    module, _, table = MACHINES[kind]
    machine = in_state(kind, state, reliable=reliable)
    after, effects = module.step(machine, event, message_for(machine, event))
    default: tuple[str, list[str]] = (state, [])
    expected_state, expected_effects = parse(table, reliable=reliable).get(
        (state, event.name), default
    )
    assert (after.state.name, [name(e) for e in effects]) == (expected_state, expected_effects)
    if not effects:
        assert after == machine  # absorbed events leave no trace


@pytest.mark.parametrize("kind", MACHINES)
def test_finished_comes_exactly_on_termination_and_last(kind: str) -> None:
    module, _, table = MACHINES[kind]
    for target, effects in parse(table, reliable=False).values():
        assert ("end" in effects) == (target == "TERMINATED")
        assert effects[-1:] == ["end"] or "end" not in effects
    assert {s for s, _ in parse(table, reliable=False)} | {"TERMINATED"} == {
        state.name for state in module.State
    }


def fire(machine: Any, module: ModuleType, timer: Timer, count: int) -> list[float]:
    """The delays a timer is set to, over `count` expiries."""
    delays = []
    for _ in range(count):
        machine, effects = module.step(machine, timer)
        delays += [e.delay for e in effects if isinstance(e, SetTimer)]
    return delays


def test_timer_a_doubles_without_cap() -> None:
    # RFC 3261 17.1.1.2: 500 ms, 1 s, 2 s, 4 s, 8 s, 16 s
    machine = in_state("ict", "CALLING", reliable=False)
    assert fire(machine, ict, Timer.A, 6) == [1, 2, 4, 8, 16, 32]


def test_timer_e_doubles_to_t2() -> None:
    # RFC 3261 17.1.2.2
    machine = in_state("nict", "TRYING", reliable=False)
    assert fire(machine, nict, Timer.E, 5) == [1, 2, 4, 4, 4]


def test_timer_g_doubles_to_t2() -> None:
    # RFC 3261 17.2.1
    machine = in_state("ist", "COMPLETED", reliable=False)
    assert fire(machine, ist, Timer.G, 5) == [1, 2, 4, 4, 4]


def test_timer_e_stays_at_t2_after_a_provisional() -> None:
    machine = in_state("nict", "PROCEEDING", reliable=False)
    assert fire(machine, nict, Timer.E, 2) == [4, 4]


def test_ack_to_a_failure_is_on_the_branch_of_the_invite() -> None:
    # RFC 3261 17.1.1.3: Request-URI, Call-ID, From, CSeq number, single Via and Route of the
    # INVITE; To of the response.
    machine = in_state("ict", "PROCEEDING", reliable=False)
    machine.request.headers.add("Route", "<sip:p1.example;lr>")
    response = Response.for_request(machine.request, 486, to_tag="b9")
    _, effects = ict.step(machine, Ev.R3_6XX, response)
    [ack] = [e.message for e in effects if isinstance(e, Send)]
    assert isinstance(ack, Request)
    assert (ack.method, ack.uri, ack.call_id) == ("ACK", machine.request.uri, "c1")
    assert str(ack.cseq) == "7 ACK"
    assert ack.headers.all("Via") == [str(machine.request.via)]
    assert ack.headers.all("Route") == ["<sip:p1.example;lr>"]
    assert (ack.from_tag, ack.to_tag) == ("a", "b9")


def test_a_second_provisional_does_not_bring_back_the_100() -> None:
    machine = in_state("ist", "PROCEEDING", reliable=False)
    ringing = Response.for_request(machine.request, 180, to_tag="b")
    machine, _ = ist.step(machine, Ev.TU_1XX, ringing)
    machine, effects = ist.step(machine, Ev.REQUEST, machine.request)
    assert [name(e) for e in effects] == ["send-180"]  # the latest provisional again
    _, effects = ist.step(machine, Timer.TRYING)
    assert effects == ()


def test_non_invite_server_never_sends_a_408() -> None:
    # RFC 4320 4.2
    machine = in_state("nist", "TRYING", reliable=False)
    late = Response.for_request(machine.request, 408)
    machine, effects = nist.step(machine, Ev.TU_3_6XX, late)
    assert [name(e) for e in effects] == ["stop-TRYING", "stop-F", "end"]


@pytest.mark.parametrize(("reliable", "sent"), [(False, []), (True, ["stop-TRYING", "send-100"])])
def test_early_100_to_non_invite_only_over_a_stream(reliable: bool, sent: list[str]) -> None:
    # RFC 4320 4.1
    machine = in_state("nist", "TRYING", reliable=reliable)
    _, effects = nist.step(machine, Ev.TU_1XX, Response.for_request(machine.request, 100))
    assert [name(e) for e in effects] == sent
