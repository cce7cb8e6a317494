"""Reads and changes the tenant's rules; they count from the next request on."""

from __future__ import annotations

from gateway.admin_ports import AuditLog, Principal
from gateway.features.sign_in_policy.models import PolicyChange, PolicyView
from gateway.ports import Problem
from gateway.sign_in_policy import SignInPolicy
from gateway.storage.models import Tenant
from gateway.storage.storage import Storage


class SignInPolicyService:
    def __init__(self, storage: Storage, audit: AuditLog) -> None:
        self._storage = storage
        self._audit = audit

    async def read(self, tenant_id: str) -> PolicyView:
        async with self._storage.read(tenant_id) as db:
            return _view(await db.tenant())

    async def change(self, who: Principal, wanted: PolicyChange, version: int) -> PolicyView:
        async with self._storage.write(who.tenant_id) as db:
            await db.lock_tenant()
            tenant = await db.tenant()
            if tenant is None or tenant.version != version:
                raise Problem(412, "changed_meanwhile", "Somebody else has changed this meanwhile")
            before = SignInPolicy.of(tenant).model_dump()
            after = wanted.model_dump()
            if before != after:
                tenant.policy = {**tenant.policy, **after}
                tenant.version += 1
                changed = {name for name in after if before[name] != after[name]}
                await self._audit.record(
                    db,
                    who,
                    "sign_in.change",
                    "sign_in",
                    before={name: before[name] for name in sorted(changed)},
                    after={name: after[name] for name in sorted(changed)},
                )
            return _view(tenant)


def _view(tenant: Tenant | None) -> PolicyView:
    if tenant is None:
        raise Problem(404, "not_found", "This tenant is gone")
    policy = SignInPolicy.of(tenant)
    return PolicyView(**policy.model_dump(), version=tenant.version)
