"""The table of features on three platforms says what is so: every test that it names exists, and
runs on the platforms that it is named for."""

from __future__ import annotations

import re

from tests.support.feature_table import (
    PLATFORMS,
    ROOT,
    Row,
    exists_in_web,
    find_test,
    platforms_of,
    rows_below,
)

HEADING = "## On each platform"
#: What the telephony of the desk is made of.
IDS = {
    *(f"B{n}" for n in (*range(6, 25), 32, 35, 41)),
    *(f"C{n}" for n in (1, 2, 3, 4, 5, 6, 7, 10, 12)),
    *(f"D{n}" for n in range(1, 10)),
    *(f"E{n}" for n in (*range(1, 10), 11, 12, 13, 14, 17)),
    *(f"F{n}" for n in (*range(1, 10), 14, 15)),
    *(f"K{n}" for n in (1, 2, 3)),
}
#: The words of a cell: a test is named that runs there; the PBX has no part in it, so that one
#: test is enough; or why not.
TESTED, ANY = "yes", "any"
NOT_HERE = "no: "


def text() -> str:
    return (ROOT / "docs" / "features.md").read_text()


def rows() -> list[Row]:
    return rows_below(HEADING, text())


def test_every_feature_has_one_row() -> None:
    named = [one for row in rows() for one in row.ids]
    assert len(named) == len(set(named))
    assert set(named) == IDS


def test_every_named_test_exists() -> None:
    for row in rows():
        for name in row.scenarios:
            assert name.startswith("scenario/"), name
            assert find_test(name) is not None, name
        for name in row.screen:
            found = find_test(name) is not None if ".py::" in name else exists_in_web(name)
            assert found, name


def test_every_test_that_the_page_names_exists() -> None:
    named = re.findall(r"`([\w/]+\.py::\w+)`", text())
    assert [name for name in named if find_test(name) is None] == []


def test_every_cell_is_proved_or_explained() -> None:
    for row in rows():
        runs_on = {name: platforms_of(name) for name in row.scenarios}
        for platform in PLATFORMS:
            cell = row.platforms[platform]
            if cell == TESTED:
                assert any(platform in where for where in runs_on.values()), (row.ids, platform)
            elif cell == ANY:
                assert row.scenarios, (row.ids, platform)
            else:
                assert cell.startswith(NOT_HERE), (row.ids, platform, cell)
                assert len(cell.removeprefix(NOT_HERE).split()) > 2, (row.ids, platform, cell)


def test_the_reader_sees_what_a_test_runs_on() -> None:
    assert platforms_of("scenario/test_hold.py::test_both_press_hold_at_the_same_moment") == set(
        PLATFORMS
    )
    assert platforms_of("scenario/test_csta_offered.py::test_accepted_it_rings") == {
        "voice",
        "os4000",
    }
    assert platforms_of("scenario/test_calls_through_every_part.py::test_declined") == {"business"}
    assert find_test("scenario/test_hold.py::test_that_nobody_wrote") is None


def test_a_test_of_the_page_is_named_by_what_it_is_called() -> None:
    file = "webapp/src/features/transfer/transfer.test.tsx"
    assert exists_in_web(f"{file}::goes at once") and exists_in_web(f"{file}::that failed says why")
    for nothing in (file, f"{file}::", f"{file}::openPage", f"{file}::that nobody wrote"):
        assert not exists_in_web(nothing), nothing
