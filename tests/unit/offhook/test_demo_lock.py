"""Two demos never share a state."""

from __future__ import annotations

from pathlib import Path

import pytest

from offhook.demo.lock import StateInUse, sole_user


def test_the_second_is_refused_until_the_first_is_gone(tmp_path: Path) -> None:
    state, other = tmp_path / "var" / "demo", tmp_path / "var" / "other"
    with sole_user(state):
        with pytest.raises(StateInUse, match="demo"), sole_user(state):
            pass
        with sole_user(other):
            pass
    with sole_user(state):
        pass
