"""Bookings of a callback: who is rung when, and what monitors are told."""

from __future__ import annotations

import pytest

from emulator.switch.callbacks import MAX_BOOKED, Callbacks
from emulator.switch.model import Setting, SwitchError


class Bench:
    def __init__(self) -> None:
        self.told: list[tuple[str, bool, str | None]] = []
        self.callbacks = Callbacks(self._tell)
        self.busy: set[str] = set()

    def _tell(self, what: Setting, number: str, on: bool, kind: str | None, to: str | None) -> None:
        assert what is Setting.CALL_BACK
        self.told.append((number, on, to))

    def take(self) -> tuple[str, str] | None:
        return self.callbacks.take(lambda number: number not in self.busy)


@pytest.fixture
def bench() -> Bench:
    return Bench()


def test_who_waits_for_a_busy_one_is_served_when_both_are_free(bench: Bench) -> None:
    bench.busy = {"z"}
    for who in ("a", "b", "a"):
        bench.callbacks.book(who, "z", busy=True)
    assert bench.take() is None
    bench.busy = {"a"}
    assert bench.take() == ("b", "z")
    bench.busy.clear()
    assert bench.take() == ("a", "z")
    assert bench.take() is None
    assert bench.told == [("a", True, "z"), ("b", True, "z"), ("b", False, "z"), ("a", False, "z")]


def test_who_is_absent_is_rung_after_a_sign_of_life(bench: Bench) -> None:
    bench.callbacks.book("a", "z", busy=False)
    bench.callbacks.active("a")
    assert bench.take() is None
    bench.callbacks.active("z")
    assert bench.take() == ("a", "z")


def test_cancelling_one_and_all(bench: Bench) -> None:
    for target in ("x", "y", "z"):
        bench.callbacks.book("a", target, busy=True)
    bench.callbacks.cancel("a", "y")
    assert bench.callbacks.of("a") == ["x", "z"]
    bench.callbacks.cancel("a")
    assert bench.callbacks.of("a") == [] and bench.told[-1] == ("a", False, "z")
    for target in (None, "z"):
        with pytest.raises(SwitchError):
            bench.callbacks.cancel("a", target)


def test_what_cannot_be_booked(bench: Bench) -> None:
    with pytest.raises(SwitchError):
        bench.callbacks.book("a", "a", busy=True)
    for target in range(MAX_BOOKED):
        bench.callbacks.book("a", str(target), busy=True)
    bench.callbacks.book("a", "0", busy=True)
    with pytest.raises(SwitchError) as refused:
        bench.callbacks.book("a", "one more", busy=True)
    assert refused.value.reason == "internalResourceBusy"
    bench.callbacks.book("b", "0", busy=True)
