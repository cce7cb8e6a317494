"""The tenant's programs hear of calls in the transactions that write them down."""

from __future__ import annotations

from gateway.event_ports import EventOutlet
from gateway.ports import JsonObject, UserKey
from gateway.storage.models import JournalEntry
from gateway.storage.storage import TenantSession


async def tell(
    outlet: EventOutlet | None, db: TenantSession, user: UserKey, call_id: str, *events: str
) -> None:
    """A caller waits meanwhile: nothing is read that nobody wants to know."""
    if outlet is None:
        return
    wanted = [event for event in events if await outlet.wanted(db, event)]
    if not wanted:
        return
    entry = await db.first(
        JournalEntry, JournalEntry.user_id == user.user_id, JournalEntry.call_id == call_id
    )
    if entry is None:
        return
    for event in wanted:
        await outlet.emit(db, event, _said(entry, event), user_id=user.user_id)


def _said(entry: JournalEntry, event: str) -> JsonObject:
    said: JsonObject = {
        "call_id": entry.call_id,
        "user_id": entry.user_id,
        "direction": entry.direction,
        "number": entry.canonical,
        "started_at": entry.started_at,
    }
    if event not in ("call.ringing", "call.dialling"):
        said["answered_at"] = entry.answered_at
    if event in ("call.ended", "call.missed"):
        said |= {
            "outcome": entry.kind,
            "reason": entry.reason or "",
            "ended_at": entry.ended_at,
            "duration_ms": entry.duration_ms,
        }
    return said
