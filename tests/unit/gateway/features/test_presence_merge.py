"""The rule of what is shown, against docs/calls.md word by word."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from gateway.features.presence import views
from gateway.features.presence.choice import Choice, DoNotDisturb
from gateway.features.presence.merge import Facts, Shown, Status, seen_by_others, true_state

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
USER = "0192f7d2-0000-7000-8000-000000000001"
FACTS = st.builds(
    Facts,
    status=st.sampled_from(Status),
    do_not_disturb=st.booleans(),
    in_call=st.booleans(),
    device=st.booleans(),
    desk_phone=st.booleans(),
)
TIMES = st.none() | st.integers(-100, 100).map(lambda minutes: NOW + timedelta(minutes=minutes))
CHOICES = st.builds(
    Choice,
    status=st.sampled_from(Status),
    status_until=TIMES,
    dnd=st.builds(
        DoNotDisturb,
        on=st.booleans(),
        until=TIMES,
        since=TIMES,
        by=st.sampled_from(["user", "pbx"]),
        at_pbx=st.booleans(),
    ),
    note=st.sampled_from(["", "In Rome"]),
    note_until=TIMES,
    audience=st.sampled_from(["everyone", "chosen", "nobody"]),
    viewers=st.frozensets(st.sampled_from(["berta", "carla"])),
)


@given(FACTS)
def test_the_first_that_applies_is_shown(facts: Facts) -> None:
    rules = [
        (facts.status is Status.APPEAR_OFFLINE, Shown.OFFLINE),
        (facts.in_call, Shown.BUSY),
        (facts.do_not_disturb, Shown.DO_NOT_DISTURB),
        (facts.status is Status.AWAY, Shown.AWAY),
        (facts.device or facts.desk_phone, Shown.AVAILABLE),
        (True, Shown.OFFLINE),
    ]
    assert seen_by_others(facts) is next(shown for applies, shown in rules if applies)
    assert true_state(facts) is next(shown for applies, shown in rules[1:] if applies)


@given(FACTS)
def test_who_appears_offline_gives_nothing_away(facts: Facts) -> None:
    hidden = replace(facts, status=Status.APPEAR_OFFLINE)
    assert seen_by_others(hidden) is seen_by_others(Facts())


@given(FACTS, CHOICES)
def test_an_end_is_told_only_of_what_shows(facts: Facts, choice: Choice) -> None:
    facts = replace(facts, status=choice.status, do_not_disturb=choice.dnd.on)
    person = views.person(USER, choice, facts)
    if person["until"] is not None:
        assert person["state"] in (Shown.DO_NOT_DISTURB, Shown.AWAY)
    if choice.status is Status.APPEAR_OFFLINE:
        assert (person["state"], person["until"]) == (Shown.OFFLINE, None)


@given(CHOICES)
def test_what_has_ended_is_gone_and_nothing_else(choice: Choice) -> None:
    lapsed = choice.lapsed(NOW)
    assert lapsed.lapsed(NOW) == lapsed
    assert lapsed.dnd == choice.dnd
    if choice.status_until is None or choice.status_until > NOW:
        assert lapsed.status is choice.status
    else:
        assert (lapsed.status, lapsed.status_until) == (Status.AVAILABLE, None)
    end = lapsed.next_end()
    assert end is None or end > NOW or lapsed.dnd_over(NOW)


@given(CHOICES, st.lists(st.booleans(), max_size=5))
def test_after_its_word_the_pbx_is_right_or_we_hold_what_it_could_not(
    choice: Choice, words: list[bool]
) -> None:
    for on in words:
        before = choice.dnd
        choice = choice.pbx_says(on, NOW)
        assert choice.pbx_says(on, NOW) == choice
        if on:
            assert choice.dnd.on and choice.dnd.at_pbx
        elif choice.dnd.on:
            assert choice.dnd == before and not before.at_pbx


@given(CHOICES)
def test_only_the_audience_sees(choice: Choice) -> None:
    for viewer in ("berta", "carla", "otto"):
        expected = choice.audience == "everyone" or (
            choice.audience == "chosen" and viewer in choice.viewers
        )
        assert choice.shows_to(viewer) is expected
