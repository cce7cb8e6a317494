"""What a tenant has stored, on both databases, and files that are not taken in any more."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway.admin_ports import PlatformQuotas, TenantQuotas
from gateway.ports import Problem
from gateway.storage import usage
from gateway.storage.models import Tenant, User
from gateway.storage.usage import MB, StorageQuota, stored_megabytes
from tests.support import databases

WORDS = "ä" * 200


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
async def test_a_tenant_that_is_full_takes_no_more_files(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if kind == "sqlite":
        storage = await databases.empty_sqlite(tmp_path)
    else:
        storage = await databases.open_storage(await databases.postgres_copy(databases.MIGRATED))
    full, other = Tenant(name="Full"), Tenant(name="Other")
    async with storage.index(write=True) as index:
        await index.create_tenant(full)
        await index.create_tenant(other)
    quota = StorageQuota(storage, PlatformQuotas(TenantQuotas(storage_mb=1)))
    quota.check(full.id)
    async with storage.write(full.id) as db:
        rows = [
            {"email": f"u{number}@x.test", "name": WORDS, "search_name": WORDS, "settings": {}}
            for number in range(1500)
        ]
        await db.insert_all(User, rows)
    stored = await stored_megabytes(storage, full.id)
    assert 1.0 < stored < 3.0
    quota.check(full.id)  # nobody has measured it yet
    await quota.measure_all()
    with pytest.raises(Problem) as refused:
        quota.check(full.id)
    assert (refused.value.status, refused.value.code) == (507, "storage_full")
    quota.check(other.id)
    quota.took(other.id, MB - 1)
    quota.check(other.id)
    quota.took(other.id, 1)
    with pytest.raises(Problem):
        quota.check(other.id)  # what came in since counts at once
    await quota.measure_all()
    quota.check(other.id)
    assert await stored_megabytes(storage, other.id) == 0.0

    with quota.taking(other.id, MB - 1):
        quota.check(other.id)
        with quota.taking(other.id, 1):
            pass
        with pytest.raises(Problem), quota.taking(other.id, 1):
            pass  # both would be more than there is room for
    with pytest.raises(Problem):
        quota.check(other.id)
    await quota.measure_all()
    with pytest.raises(ValueError, match="refused"), quota.taking(other.id, MB):
        raise ValueError("refused")
    with pytest.raises(Problem), quota.taking(other.id, MB + 1):
        pass  # alone it is too much
    half = MB // 2
    with quota.taking(other.id, half + 1), pytest.raises(Problem), quota.taking(other.id, half):
        pass  # each would have room
    await quota.measure_all()
    quota.check(other.id)

    async def busy(*_: object) -> float:
        quota.took(other.id, MB)  # its rows come after the tables were added up
        return 0.0

    monkeypatch.setattr(usage, "stored_megabytes", busy)
    await quota.measure_all()
    with pytest.raises(Problem):
        quota.check(other.id)
    await storage.aclose()
