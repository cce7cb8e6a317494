"""The view of a device under every order of events that a link may bring."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from protocols.csta.events.call import CallEvent
from protocols.csta.ids import ConnectionId
from protocols.csta.view.changes import CallAppeared, CallEnded, changes
from protocols.csta.view.model import DeviceView, Direction, new_view
from protocols.csta.view.reduce import reduce
from protocols.csta.view.snapshots import complete, reconcile
from tests.support.csta_messages import MESSAGES
from tests.support.csta_switch import ME, Switch

STEPS = st.integers(1, 14)


def history(data: st.DataObject, steps: int) -> tuple[Switch, list[CallEvent]]:
    switch = Switch()
    events = [
        event
        for _ in range(steps)
        for event in switch.step(lambda choices: data.draw(st.sampled_from(choices)))
    ]
    return switch, events


def seen(view: DeviceView) -> dict[str, tuple[object, ...]]:
    return {
        call.call_id: (
            call.state,
            frozenset(party.number for party in call.parties),
            call.held_by,
            call.conference,
            call.answered,
            call.direction is Direction.IN,
        )
        for call in view.calls
    }


def synced(view: DeviceView, switch: Switch) -> DeviceView:
    view = reconcile(view, switch.device_snapshot())
    for call_id in switch.calls:
        view = complete(view, ConnectionId(call_id, ME), switch.call_snapshot(call_id))
    return view


def after(events: list[CallEvent]) -> DeviceView:
    view = new_view(ME)
    for event in events:
        view = reduce(view, event)
    return view


@given(st.data(), STEPS)
def test_events_in_order_need_no_snapshot(data: st.DataObject, steps: int) -> None:
    switch, events = history(data, steps)
    view = after(events)
    assert seen(view) == switch.truth()
    assert not view.doubtful
    assert not any(call.incomplete for call in view.calls)
    for call in view.calls:
        assert call.services == switch.services(switch.calls[call.call_id])


@given(st.data(), STEPS)
def test_neighbours_swapped_are_right_or_in_doubt(data: st.DataObject, steps: int) -> None:
    switch, events = history(data, steps)
    at = 0
    while at < len(events) - 1:
        if data.draw(st.booleans()):
            events[at], events[at + 1] = events[at + 1], events[at]
            at += 1
        at += 1
    view = after(events)
    assert view.doubtful or seen(view) == switch.truth()
    assert seen(synced(view, switch)) == switch.truth()


@given(st.data(), STEPS)
def test_doubled_events_change_nothing(data: st.DataObject, steps: int) -> None:
    switch, events = history(data, steps)
    doubled = [event for event in events for _ in range(data.draw(st.integers(1, 2)))]
    assert seen(after(doubled)) == switch.truth()


@given(st.data(), STEPS)
def test_a_late_copy_brings_no_call_back(data: st.DataObject, steps: int) -> None:
    switch, events = history(data, steps)
    late = data.draw(st.lists(st.sampled_from(events), max_size=4))
    view = after([*events, *late])
    assert seen(view).keys() <= switch.truth().keys() or view.doubtful
    assert {call.call_id for call in view.calls} == switch.truth().keys()


@given(st.data(), STEPS)
def test_a_snapshot_is_right_whatever_was_missed(data: st.DataObject, steps: int) -> None:
    switch, events = history(data, steps)
    kept = [event for event in events if data.draw(st.booleans())]
    view = synced(after(data.draw(st.permutations(kept))), switch)
    assert seen(view) == switch.truth()
    assert not view.doubtful
    assert not any(call.incomplete for call in view.calls)


@given(st.data(), STEPS, STEPS)
def test_events_go_on_after_a_snapshot(data: st.DataObject, first: int, second: int) -> None:
    switch, events = history(data, first)
    kept = [event for event in events if data.draw(st.booleans())]
    view = synced(after(kept), switch)
    for _ in range(second):
        for event in switch.step(lambda choices: data.draw(st.sampled_from(choices))):
            view = reduce(view, event)
    assert seen(view) == switch.truth()
    assert not view.doubtful


@given(st.data(), STEPS)
def test_changes_add_up(data: st.DataObject, steps: int) -> None:
    """Whoever follows the changes has the calls of the view."""
    _, events = history(data, steps)
    view, followed = new_view(ME), set[str]()
    for event in events:
        before, view = view, reduce(view, event)
        for change in changes(before, view):
            match change:
                case CallAppeared(call=call):
                    followed.add(call.call_id)
                case CallEnded(call=call, end=end):
                    followed.remove(call.call_id)
                    assert end.became == "" or view.call(end.became) is not None
    assert followed == {call.call_id for call in view.calls}


@pytest.mark.long
@pytest.mark.timeout(900)
@pytest.mark.parametrize(
    "check",
    [
        test_events_in_order_need_no_snapshot,
        test_neighbours_swapped_are_right_or_in_doubt,
        test_doubled_events_change_nothing,
        test_a_late_copy_brings_no_call_back,
        test_a_snapshot_is_right_whatever_was_missed,
    ],
)
def test_at_length(check: Any) -> None:
    """Rare constellations (a conference of calls of both directions) need thousands of runs."""
    long = given(st.data(), STEPS)(check.hypothesis.inner_test)
    settings(max_examples=3000, deadline=None)(long)()


@given(st.lists(MESSAGES, max_size=12))
def test_no_event_breaks_the_view(messages: list[object]) -> None:
    view = new_view(ME, also=("350",))
    for message in messages:
        view = reduce(view, message)  # type: ignore[arg-type]
        for call in view.calls:
            assert call.legs and call.call_id
            assert call.connection.call_id == call.call_id
        assert len({call.call_id for call in view.calls}) == len(view.calls)
        assert not {call.call_id for call in view.calls} & {end.call_id for end in view.ended}
        assert len(view.ended) <= 64
