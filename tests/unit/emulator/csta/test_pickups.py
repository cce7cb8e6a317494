"""Who of a pickup group is told what rings at another member."""

from __future__ import annotations

import itertools

import pytest

from emulator.csta.names import Names
from emulator.csta.pickups import PickupNotices
from emulator.csta.quirks import QUIRKS
from emulator.plan.dialplan import DialPlan
from emulator.plan.model import Extension
from emulator.plan.profiles import ProfileName
from emulator.switch.core import Switch
from protocols.csta.pickup import PickupNotice, pickup_notice

PLAN = DialPlan(
    [
        Extension(number="101", name="Anna", pickup_group="a"),
        Extension(number="102", name="Berta", pickup_group="a"),
        Extension(number="103", name="Carla", pickup_group="a"),
        Extension(number="104", name="Dora", pickup_group="b"),
        Extension(number="105", name="Emil"),
    ]
)
PROFILES: tuple[ProfileName, ...] = ("business", "voice", "os4000")


class Bench:
    def __init__(self, profile: ProfileName, *, withheld: bool = False) -> None:
        ids = itertools.count(1)
        self.switch = Switch(
            new_id=lambda: str(next(ids)), clock=lambda: 0.0, emit=lambda _: None, reports=True
        )
        names = Names(QUIRKS[profile], PLAN)
        self.notices = PickupNotices(
            self.switch, PLAN, names, QUIRKS[profile], lambda _, __: withheld
        )

    def dial(self, caller: str, *rung: str) -> str:
        first = self.switch.initiate(caller)
        self.switch.originate(first, rung[0])
        for device in rung:
            self.switch.deliver(first.call, device)
        return first.call

    def told(self, call: str) -> list[tuple[str, PickupNotice]]:
        found = [(number, pickup_notice(event)) for number, event in self.notices.changed(call)]
        return [(number, notice) for number, notice in found if notice is not None]


@pytest.mark.parametrize("profile", PROFILES)
def test_the_others_are_told_once_and_when_it_is_over(profile: ProfileName) -> None:
    bench = Bench(profile)
    call = bench.dial("5105", "5102", "6102")
    told = bench.told(call)
    assert [number for number, _ in told] == ["101", "103"]
    assert {(notice.group, notice.caller is not None) for _, notice in told} == {("a", True)}
    assert bench.told(call) == []
    assert len(bench.notices.open_for("103")) == 1 and bench.notices.open_for("104") == []
    bench.switch.clear_call(call)
    assert [(number, notice.caller) for number, notice in bench.told(call)] == [
        ("101", None),
        ("103", None),
    ]
    assert bench.notices.open_for("103") == []


@pytest.mark.parametrize("profile", PROFILES)
def test_a_member_who_calls_is_told_by_the_4000_alone(profile: ProfileName) -> None:
    bench = Bench(profile)
    told = [number for number, _ in bench.told(bench.dial("5101", "5102"))]
    assert told == (["101", "103"] if profile == "os4000" else ["103"])


def test_nobody_is_told_of_who_is_in_no_group_or_alone_in_one() -> None:
    bench = Bench("business")
    for number in ("5105", "5104"):
        assert bench.told(bench.dial("5101", number)) == []


def test_a_caller_who_is_not_to_be_shown_is_not() -> None:
    bench = Bench("voice", withheld=True)
    ((_, notice), _) = bench.told(bench.dial("5105", "5102"))
    assert notice.caller is not None and not notice.caller.known
