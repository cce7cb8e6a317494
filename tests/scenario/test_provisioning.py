"""The demo's tenant is made once, and a lost key file is made good."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from gateway.credentials import passwords as passwords_module
from gateway.features.provisioning.seed import seed_demo_of
from tests.support.gateway_platform import CHEAP, PASSWORD, settings


async def test_seeding_twice_changes_nothing_and_a_lost_key_is_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passwords_module, "PasswordHasher", lambda: CHEAP)
    config, key_file = settings(tmp_path), tmp_path / "keys" / "connector.key"

    async def seed() -> tuple[bool, str, str]:
        made = await seed_demo_of(
            config, user_password=PASSWORD, pbx_password="pbx", api_key_file=key_file
        )
        return made.created, made.tenant_id, key_file.read_text().strip()

    created, tenant_id, key = await seed()
    assert created and key.startswith("gwc_")
    assert stat.S_IMODE(key_file.stat().st_mode) == 0o600
    assert await seed() == (False, tenant_id, key)
    key_file.unlink()
    again, same_tenant, new_key = await seed()
    assert (again, same_tenant) == (False, tenant_id) and new_key != key
