"""A process that writes journal entries and says after each commit what it has promised."""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, datetime

from gateway.bus import Bus, BusEventSink
from gateway.features.journal.service import JournalService
from gateway.ports import Numbers, UserKey
from gateway.storage.ids import new_id
from gateway.storage.storage import Storage


async def main(url: str, tenant_id: str, user_id: str) -> None:
    storage = await Storage.open(url)
    journal = JournalService(storage, BusEventSink(Bus()))
    user, at = UserKey(tenant_id, user_id), datetime.now(UTC)
    while True:
        call_id = new_id()
        numbers = Numbers("101", "101", "101")
        await journal.open(user, call_id, direction="in", numbers=numbers, name=None, started_at=at)
        print("opened", call_id, flush=True)
        await journal.answered(user, call_id, device_id=None, at=at)
        print("answered", call_id, flush=True)
        await journal.settle(
            user,
            call_id,
            kind="answered",
            reason="hung_up",
            name=None,
            device_id=None,
            ended_at=at,
            duration_ms=1,
        )
        print("settled", call_id, flush=True)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
