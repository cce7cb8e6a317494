"""Two demos never share a state, and not every folder can be one."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from offhook.cli import app
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


def test_the_folder_that_one_is_in_is_known_by_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = tmp_path / "demo"
    state.mkdir()
    monkeypatch.chdir(state)
    with sole_user(Path()), pytest.raises(StateInUse), sole_user(state):
        pass


def test_the_root_is_refused_in_words() -> None:
    result = CliRunner().invoke(app, ["demo", "--state", "/"])
    assert result.exit_code == 1 and "/ cannot be the demo's folder" in result.output
