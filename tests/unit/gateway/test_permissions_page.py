"""What people read about roles is what the gateway goes by."""

from __future__ import annotations

from gateway.permissions import KEY_SCOPES, PERMISSIONS, Permission, Role
from infra.dev.permissions_page import PAGE, page


def test_the_page_is_the_table() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "python -m infra.dev.permissions_page"


def test_every_permission_has_its_row_with_the_roles_that_hold_it() -> None:
    rows = {
        cells[1].strip(): [cell.strip() for cell in cells[3:8]]
        for line in page().splitlines()
        if len(cells := line.split("|")) == 9 and cells[1].strip().startswith("`")
    }
    assert set(rows) == {f"`{permission.value}`" for permission in Permission}
    for permission in Permission:
        held = [cell == "✓" for cell in rows[f"`{permission.value}`"]]
        wanted = [permission in PERMISSIONS[role] for role in Role]
        assert held == [*wanted, permission in KEY_SCOPES], permission


def test_nobody_but_operators_holds_platform() -> None:
    assert [role for role in Role if Permission.PLATFORM in PERMISSIONS[role]] == [Role.OPERATOR]
    assert Permission.PLATFORM not in KEY_SCOPES
