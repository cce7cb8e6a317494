"""Where calls go: settings, groups, codes."""

from __future__ import annotations

from typing import Any

import pytest

from emulator.plan.dialplan import DialPlan
from emulator.plan.model import Extension, Kind
from emulator.switch.codes import Code, CodeTable, Dialled
from emulator.switch.features import FeatureStore, Origin, Ringing, Target, When
from emulator.switch.model import SwitchError
from emulator.switch.routing import Caller, Router, Way

PLAN = DialPlan(
    [
        *(Extension(number=str(n), name=f"User {n}") for n in (101, 102, 103)),
        Extension(number="350", name="Sales", kind=Kind.GROUP, members=("101", "102")),
        Extension(number="710", name="Speaker", kind=Kind.SPEAKER),
    ]
)
INSIDE, OUTSIDE = Caller("103"), Caller("+4930555", external=True)


class Bench:
    def __init__(self) -> None:
        self.told: list[tuple[Any, ...]] = []
        self.features = FeatureStore({"101", "102", "103"}, lambda *event: self.told.append(event))
        self.calls: dict[str, int] = {}
        self.router = Router(PLAN, self.features, lambda number: self.calls.get(number, 0))


def test_plain_calls() -> None:
    router = Bench().router
    assert router.route("101", INSIDE).way is Way.DEVICES
    assert router.route("710", INSIDE).way is Way.SERVICE
    assert router.route("999", INSIDE).status == 404


def test_do_not_disturb_refuses_and_is_told_once() -> None:
    bench = Bench()
    for _ in range(2):
        bench.features.set_do_not_disturb("101", True)
    assert [event[:3] for event in bench.told] == [("doNotDisturb", "101", True)]
    route = bench.router.route("101", INSIDE)
    assert (route.status, route.cause) == (486, "doNotDisturb")


def test_forwarding_for_some_callers_wins_over_that_for_all() -> None:
    bench = Bench()
    bench.features.set_forwarding("101", When.IMMEDIATE, "710")
    bench.features.set_forwarding("101", When.IMMEDIATE, "102", Origin.EXTERNAL)
    assert bench.router.route("101", INSIDE).extension.number == "710"
    route = bench.router.route("101", OUTSIDE)
    assert route.extension.number == "102"
    assert [(hop.number, hop.why) for hop in route.hops] == [("101", "unconditional")]
    assert [event[3] for event in bench.told] == ["forwardImmediate", "forwardImmediateExt"]


def test_a_circle_of_forwardings_ends() -> None:
    bench = Bench()
    bench.features.set_forwarding("101", When.IMMEDIATE, "102")
    bench.features.set_forwarding("102", When.IMMEDIATE, "101")
    assert bench.router.route("101", INSIDE).status == 480
    with pytest.raises(SwitchError):
        bench.features.set_forwarding("101", When.BUSY, "101")


def test_whom_calls_are_forwarded_to_may_call_back() -> None:
    bench = Bench()
    bench.features.set_forwarding("101", When.IMMEDIATE, "103")
    assert bench.router.route("101", Caller("103")).extension.number == "101"


def test_busy_on_busy_and_forwarding_when_busy() -> None:
    bench = Bench()
    bench.calls["101"] = 1
    assert bench.router.route("101", INSIDE).way is Way.DEVICES  # call waiting
    bench.features.of("101").call_waiting = False
    assert bench.router.route("101", INSIDE).cause == "busy"
    bench.features.set_forwarding("101", When.BUSY, "102")
    assert bench.router.route("101", INSIDE).extension.number == "102"
    bench.features.of("101").call_waiting = True
    waiting = bench.router.route("101", INSIDE)
    assert bench.router.on_busy(waiting, INSIDE).extension.number == "102"


def test_no_answer_goes_to_the_forwarding_else_to_the_alternative_number() -> None:
    bench = Bench()
    plain = bench.router.route("101", INSIDE)
    assert bench.router.on_no_answer(plain, INSIDE) is None
    bench.features.of("101").alternative = "710"
    assert bench.router.route("101", INSIDE).no_answer == "710"
    bench.features.set_forwarding("101", When.NO_ANSWER, "102")
    route = bench.router.on_no_answer(bench.router.route("101", INSIDE), INSIDE)
    assert (route.extension.number, route.hops[0].why) == ("102", "no-answer")


def test_the_routing_choice() -> None:
    bench = Bench()
    bench.features.of("101").target = Target.DESK
    assert bench.router.route("101", INSIDE).target is Target.DESK
    bench.features.of("101").target = Target.ALTERNATIVE
    bench.features.of("101").alternative = "710"
    assert bench.router.route("101", INSIDE).extension.number == "710"


def test_a_hunt_group_passes_over_who_cannot() -> None:
    bench = Bench()
    route = bench.router.route("350", INSIDE)
    assert [m.number for m in route.members] == ["101", "102"]
    assert route.ringing is Ringing.SERIAL
    bench.calls["101"] = 1
    assert [m.number for m in bench.router.route("350", INSIDE).members] == ["102"]
    bench.features.set_group("102", "350", False)
    assert bench.router.route("350", INSIDE).cause == "noAvailableAgents"
    bench.features.set_group("102", "350", True)
    bench.features.set_do_not_disturb("102", True)
    assert bench.router.route("350", INSIDE).way is Way.REFUSED


def test_resetting_tells_what_changed() -> None:
    bench = Bench()
    bench.features.set_do_not_disturb("101", True)
    bench.features.set_forwarding("101", When.BUSY, "102")
    bench.told.clear()
    bench.features.reset("101")
    assert [event[2] for event in bench.told] == [False, False]
    assert not bench.features.of("101").forwardings


@pytest.mark.parametrize(
    ("dialled", "found"),
    [
        ("*97", Dialled(Code.DND_ON)),
        ("*11102", Dialled(Code.FORWARD, "102")),
        ("*12102", Dialled(Code.FORWARD_EXTERNAL, "102")),
        ("*11", None),
        ("*971", None),
        ("*85", Dialled(Code.GROUP_JOIN)),
        ("*85350", Dialled(Code.GROUP_JOIN, "350")),
        ("*59101", Dialled(Code.PICKUP, "101")),
        ("101", None),
    ],
)
def test_codes(dialled: str, found: Dialled | None) -> None:
    assert CodeTable().find(dialled) == found


def test_a_site_may_have_other_codes_or_none() -> None:
    table = CodeTable({"dnd_on": "*25", "dnd_off": ""})
    assert table.find("*25") == Dialled(Code.DND_ON)
    assert table.find("*97") is None and table.find("#97") is None
