"""The tables of the three machines: every state with every input."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from gateway.calls.states import (
    HOLDS,
    MEDIA,
    PHASES,
    Hold,
    HoldInput,
    IllegalTransition,
    Media,
    MediaInput,
    Phase,
    PhaseInput,
    allows,
    diagram,
    move,
)

MACHINES = [(PHASES, Phase, PhaseInput), (HOLDS, Hold, HoldInput), (MEDIA, Media, MediaInput)]
EVERY = [
    pytest.param(table, state, what, id=f"{state}-{what}")
    for table, states, inputs in MACHINES
    for state, what in itertools.product(states, inputs)
]


@pytest.mark.parametrize(("table", "state", "what"), EVERY)
def test_every_edge_is_in_the_table_or_raises(table, state, what):
    if allows(table, state, what):
        assert isinstance(move(table, state, what), type(state))
    else:
        with pytest.raises(IllegalTransition) as caught:
            move(table, state, what)
        assert (caught.value.state, caught.value.what) == (state, what)


def test_ended_is_final_and_reachable_from_everywhere():
    assert not [what for what in PhaseInput if allows(PHASES, Phase.ENDED, what)]
    for phase in set(Phase) - {Phase.ENDED}:
        assert move(PHASES, phase, PhaseInput.ENDED) is Phase.ENDED


def test_hold_of_one_side_leaves_the_other_side_alone():
    """Both held: a retrieve by one side stays held by the other."""
    assert move(HOLDS, Hold.BOTH, HoldInput.LOCAL_RETRIEVE) is Hold.REMOTE
    assert move(HOLDS, Hold.BOTH, HoldInput.REMOTE_RETRIEVE) is Hold.LOCAL


def test_the_diagram_is_drawn_from_the_table():
    drawn = diagram(PHASES, (Phase.DIALLING, Phase.RINGING_IN))
    assert drawn.startswith("stateDiagram-v2\n  [*] --> dialling\n  [*] --> ringing_in\n")
    assert drawn.count(" --> ") == 2 + len(PHASES) + 1
    assert drawn.endswith("  ended --> [*]\n")


def test_the_documentation_shows_the_diagrams_of_the_tables():
    text = (Path(__file__).parents[4] / "docs" / "calls.md").read_text()
    for table, start in (
        (PHASES, (Phase.DIALLING, Phase.RINGING_IN)),
        (HOLDS, (Hold.NONE,)),
        (MEDIA, (Media.NONE,)),
    ):
        assert f"```mermaid\n{diagram(table, start)}```" in text
