"""Lines as call control reads them: with their site, in one step, within the tenant."""

from __future__ import annotations

from pathlib import Path

from gateway.credentials.passwords import Passwords
from gateway.credentials.secrets import Secrets
from gateway.features.provisioning.service import NewLine, NewUser, ProvisioningService
from gateway.ports import UserKey
from gateway.storage.lines import StoredLines
from gateway.storage.storage import Storage
from tests.support.gateway_platform import CHEAP, empty_storage


async def company(storage: Storage, passwords: Passwords, country: str) -> tuple[UserKey, str]:
    """A tenant whose only user has line ``line-101``; every company names its lines alike."""
    provisioning = ProvisioningService(storage, Secrets.ephemeral(), passwords)
    tenant_id = await provisioning.create_tenant(country)
    site_id = await provisioning.create_site(
        tenant_id, "Office", profile="business", country=country, area_code="", extension_digits=3
    )
    line = NewLine("line-101", "101", "5101", "6101", "6101", "secret")
    new = NewUser(f"anna@{country}.test", "Anna", "x" * 12)
    user_id = await provisioning.create_user(tenant_id, new, site_id, line)
    return UserKey(tenant_id, user_id), site_id


async def test_a_line_comes_with_the_site_of_its_own_tenant(tmp_path: Path) -> None:
    storage, passwords = await empty_storage(tmp_path), Passwords(hasher=CHEAP)
    try:
        anna, office = await company(storage, passwords, "de")
        annie, elsewhere = await company(storage, passwords, "gb")
        lines = StoredLines(storage)
        for user, site_id, country in ((anna, office, "de"), (annie, elsewhere, "gb")):
            home = await lines.home_line(user)
            assert home is not None
            assert (home[0].line_id, home[0].site_id) == ("line-101", site_id)
            assert (home[1].site_id, home[1].country) == (site_id, country)
            assert await lines.line(user.tenant_id, site_id, "line-101") == home
        assert await lines.line(anna.tenant_id, elsewhere, "line-101") is None
        assert await lines.line(anna.tenant_id, "no id", "line-101") is None
        assert await lines.home_line(UserKey(annie.tenant_id, anna.user_id)) is None
    finally:
        passwords.close()
        await storage.aclose()
