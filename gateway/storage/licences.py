"""How many of a tenant's licences are in use: everybody who is not disabled has one."""

from __future__ import annotations

from sqlmodel import col

from gateway.storage.models import User
from gateway.storage.storage import TenantSession


async def used(db: TenantSession) -> int:
    return await db.count(User, col(User.disabled).is_(False))


async def room(db: TenantSession) -> int | None:
    """How many more people there may be; ``None``: any number."""
    tenant = await db.tenant()
    if tenant is None or tenant.licences is None:
        return None
    return tenant.licences - await used(db)
