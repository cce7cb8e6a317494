"""Writes the chain and proves it.

Each tenant has a chain of its own: entry n holds the digest of entry n-1, so that a changed,
removed or inserted entry is found by whoever goes along the chain. The first one follows on 32 zero
bytes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import structlog
from sqlmodel import col

from gateway.admin_ports import Principal
from gateway.event_ports import AuditFollower
from gateway.storage.ids import utc_now
from gateway.storage.storage import TenantSession
from gateway.storage.tables.audit import AuditEntry

log = structlog.get_logger(__name__)

GENESIS = bytes(32)


class AuditService:
    """Implements the ``AuditLog`` port."""

    def __init__(
        self, now: Callable[[], datetime] = utc_now, follower: AuditFollower | None = None
    ) -> None:
        self._now = now
        self._follower = follower

    async def record(
        self,
        db: TenantSession,
        who: Principal,
        action: str,
        target: str,
        target_id: str = "",
        *,
        target_name: str = "",
        before: Mapping[str, Any] | None = None,
        after: Mapping[str, Any] | None = None,
        why: str = "",
    ) -> None:
        last = await self._last(db)
        entry = AuditEntry(
            tenant_id=db.tenant_id,
            number=1 if last is None else last.number + 1,
            at=self._now(),
            actor_kind=who.kind,
            actor_id=who.id,
            actor_name=who.name[:200],
            client_ip=who.client_ip,
            action=action,
            target=target,
            target_id=target_id,
            target_name=target_name[:200],
            before=None if before is None else dict(before),
            after=None if after is None else dict(after),
            why=why[:500],
            previous=GENESIS if last is None else last.digest,
            digest=b"",
        )
        entry.digest = digest_of(entry)
        await db.add(entry)
        # A log that leaves this machine is the witness against whoever can rewrite the whole chain.
        db.after_commit(lambda: _witness(entry))
        if self._follower is not None:
            await self._follower.audited(db, action, target_id)

    async def _last(self, db: TenantSession) -> AuditEntry | None:
        """Locks the tenant first: two acts at one moment must not follow on the same entry."""
        await db.lock_tenant()
        found = await db.find(AuditEntry, order_by=[col(AuditEntry.number).desc()], limit=1)
        return found[0] if found else None


def _witness(entry: AuditEntry) -> None:
    log.info(
        "audit.recorded",
        tenant=entry.tenant_id,
        number=entry.number,
        action=entry.action,
        digest=entry.digest.hex(),
    )


def digest_of(entry: AuditEntry) -> bytes:
    """SHA-256 over the entry's members in a fixed form (sorted JSON, UTC) and the one before."""
    said = {
        "tenant": entry.tenant_id,
        "number": entry.number,
        "at": entry.at.isoformat(timespec="microseconds"),
        "actor": [entry.actor_kind, entry.actor_id, entry.actor_name, entry.client_ip],
        "action": entry.action,
        "target": [entry.target, entry.target_id, entry.target_name],
        "before": entry.before,
        "after": entry.after,
        "why": entry.why,
    }
    text = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(entry.previous + text.encode()).digest()
