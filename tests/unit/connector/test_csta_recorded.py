"""Recorded flows F2 to F10, joined: either view first, and late by nothing or by much.

The recordings are what the emulator tells (tests/scenario/test_csta_recordings.py). Here they are
replayed to the connector's join; the views may be shifted against each other.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from connector.mapping.devices import LineDevices
from connector.mapping.join import Dialog, JoinTable
from connector.mapping.line import LineWatch, Told
from connector.profiles import PROFILES
from protocols.csta.dialects import DIALECTS
from protocols.csta.message import Event
from protocols.csta.view.model import new_view
from protocols.csta.view.reduce import reduce
from tests.support.csta_flows import FLOWS
from tests.support.csta_recording import LINE, NUMBER, Closed, Happening, Opened, read

#: Between two things that happen: so the whole of a call lasts longer than its views are apart.
STEP = 0.5
LATE = (0.0, 1.5)
FIRST = ("sip", "csta")
PAIRS = [(profile, name) for profile in ("business", "voice", "os4000") for name in FLOWS]


@dataclass
class Joined:
    """The connector's line, and a gateway's view of what it is told."""

    profile: str
    told: list[Told] = field(default_factory=list)
    join: JoinTable = field(default_factory=JoinTable)

    def __post_init__(self) -> None:
        plan = PROFILES[self.profile].numbers
        self.canonical = plan.to_canonical
        self.watch = LineWatch(
            LineDevices("line", NUMBER, NUMBER, LINE),
            DIALECTS[self.profile],
            self.join,
            canonical=plan.to_canonical,
            can_ring=lambda: True,
        )
        self.far = new_view(NUMBER)

    def happens(self, what: Happening, now: float) -> None:
        self.pass_time(now)
        match what:
            case Opened(_, False, number) if number.startswith("*"):
                pass  # a conference is called within its call
            case Opened(key, incoming, number):
                remote = self.canonical(number)
                self.join.opened(Dialog(key, "line", incoming, remote, f"session-{key}"))
                self._tell(self.watch.dialogs_changed(now))
            case Closed(key):
                self.join.closed(key, now)
            case _:
                self._tell(self.watch.reported(what, now))

    def pass_time(self, now: float) -> None:
        while (due := self.watch.deadline()) is not None and due <= now:
            self._tell(self.watch.timer(due))

    def _tell(self, told: list[Told]) -> None:
        self.told += told
        for item in told:
            assert isinstance(item.message, Event)
            self.far = reduce(self.far, item.message)

    def sessions(self) -> list[str | None]:
        """What was told of calls, in its order; repetitions once."""
        found: list[str | None] = []
        for item in self.told:
            if not found or found[-1] != item.session_id:
                found.append(item.session_id)
        return found


def replay(profile: str, name: str, first: str, late: float) -> Joined:
    """`late`: by so much comes the other view; at least the next thing that happens is first."""
    joined = Joined(profile)
    moments = []
    for place, what in enumerate(read(profile, name)):
        of_sip = isinstance(what, Opened | Closed)
        shift = max(late, STEP) + 0.01 if of_sip is (first == "csta") else 0.0
        moments.append((10.0 + place * STEP + shift, place, what))
    for now, _, what in sorted(moments, key=lambda moment: moment[:2]):
        joined.happens(what, now)
    joined.pass_time(now + 10.0)
    return joined


ONE: list[list[str | None]] = [["session-1"]]
#: A call that was put aside for another is told of while that one lives, and again when both become
#: one; a 4000 goes on with the second one's id.
TWO: list[list[str | None]] = [
    ["session-1", "session-2"] * n + last for n in (1, 2) for last in ([], ["session-1"])
]
PULLED: list[list[str | None]] = [
    [None, "session-1"]
]  # it was the desk phone's, and is the line's from then on
WANTED: dict[str, list[list[str | None]]] = {
    "f6_handed_over_after_asking": TWO,
    "f8_joined_to_three": TWO,
    "f9_pulled": PULLED,
}


@pytest.mark.parametrize("late", LATE)
@pytest.mark.parametrize("first", FIRST)
@pytest.mark.parametrize(("profile", "name"), PAIRS)
def test_whatever_comes_first_the_call_is_one(
    profile: str, name: str, first: str, late: float
) -> None:
    joined = replay(profile, name, first, late)

    assert joined.sessions() in WANTED.get(name, ONE), joined.told
    assert joined.join.unjoined == 0
    assert not joined.watch.waiting
    assert joined.watch.view.calls == joined.far.calls == ()


@pytest.mark.parametrize(("profile", "name"), PAIRS)
def test_without_its_dialog_the_call_is_the_desk_phone_s_and_counted(
    profile: str, name: str
) -> None:
    """A line of which the connector has no dialog: nothing is told of sessions, nothing lost."""
    joined = Joined(profile)
    events = [what for what in read(profile, name) if isinstance(what, Event)]
    for place, event in enumerate(events):
        joined.happens(event, 10.0 + 2.5 * place)
    joined.pass_time(1000.0)

    assert joined.sessions() == [None]
    assert len(joined.told) == len(events)
    assert (joined.join.unjoined > 0) is (name != "f9_pulled")
    assert joined.far.calls == ()
