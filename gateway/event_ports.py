"""Where what happens in a tenant is told to the tenant's own programs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from gateway.storage.storage import TenantSession


class EventOutlet(Protocol):
    """In the transaction that makes it true: told if that commits, and never if it does not."""

    async def wanted(self, db: TenantSession, event: str) -> bool:
        """Does anybody of this tenant listen? Nearly always answered from memory."""

    async def emit(
        self,
        db: TenantSession,
        event: str,
        data: Mapping[str, Any],
        *,
        user_id: str | None = None,
    ) -> None:
        """``user_id``: whose it is; erasing that person takes what was kept of it along."""


class AuditFollower(Protocol):
    async def audited(self, db: TenantSession, action: str, target_id: str) -> None:
        """Of every act that is audited, in its transaction."""
