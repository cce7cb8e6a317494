"""What people prove beside their password, and its end when it is lost."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import col

from gateway.storage.storage import TenantSession
from gateway.storage.tables.one_time import OneTimeToken
from gateway.storage.tables.sign_in import Passkey, RecoveryCode, Totp


async def factors_of(db: TenantSession, user_ids: Sequence[str]) -> dict[str, list[str]]:
    """``totp`` and ``passkey`` by user; who has none is not among them."""
    totps = await db.find(
        Totp, col(Totp.user_id).in_(user_ids), col(Totp.confirmed_at).is_not(None)
    )
    passkeys = await db.find(Passkey, col(Passkey.user_id).in_(user_ids))
    found: dict[str, list[str]] = {row.user_id: ["totp"] for row in totps}
    for user_id in {row.user_id for row in passkeys}:
        found.setdefault(user_id, []).append("passkey")
    return found


async def remove(db: TenantSession, user_id: str) -> bool:
    """All of them, with what was begun by one. False: there was none."""
    removed = await db.delete(Totp, Totp.user_id == user_id, col(Totp.confirmed_at).is_not(None))
    await db.delete(Totp, Totp.user_id == user_id)  # begun, and never one
    removed += await db.delete(Passkey, Passkey.user_id == user_id)
    await db.delete(RecoveryCode, RecoveryCode.user_id == user_id)
    await db.delete(
        OneTimeToken, OneTimeToken.user_id == user_id, OneTimeToken.kind == "second_step"
    )
    return removed > 0
