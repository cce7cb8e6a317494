"""Counts day by day, adds up month by month.

A day's figures are taken from what is there, again and again while it lasts, and only ever grow:
what people delete from their journal afterwards stays counted.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import UTC, date, datetime, timedelta

import structlog
from sqlmodel import col

from gateway.features.usage.models import MonthView, UsageLicences, UsageView
from gateway.http.spreadsheet import BYTE_ORDER_MARK, csv_text
from gateway.ports import Problem
from gateway.storage import licences
from gateway.storage.ids import utc_now
from gateway.storage.models import JournalEntry, Tenant
from gateway.storage.storage import Storage, TenantSession
from gateway.storage.tables.notices import UsageDay

log = structlog.get_logger(__name__)

COUNT_EVERY = 600.0  # s
_MOST_MONTHS = 120
_FIRST = 2000 * 12  # nothing of ours is older
_HEAD = ("month", "peak users", "licences", "calls", "answered", "minutes")


class UsageService:
    def __init__(self, storage: Storage, now: Callable[[], datetime] = utc_now) -> None:
        self._storage = storage
        self._now = now

    # --- counting --------------------------------------------------------------------------

    async def run(self) -> None:
        while True:
            try:
                await self.count_all()
            except Exception:  # counted again next time
                log.exception("usage.count_failed")
            await asyncio.sleep(COUNT_EVERY)

    async def count_all(self) -> None:
        async with self._storage.index() as index:
            tenants = await index.tenants()
        for tenant in tenants:
            if tenant.kind == "customer":
                await self.count(tenant.id)

    async def count(self, tenant_id: str) -> None:
        """Today, and yesterday, whose last calls may have ended since."""
        today = self._now().date()
        async with self._storage.write(tenant_id) as db:
            await db.lock_tenant()  # two that count at one time must not both add the day
            tenant = await db.tenant()
            if tenant is None:
                return
            await self._count_day(db, tenant, today - timedelta(days=1), users=0)
            await self._count_day(db, tenant, today, users=await licences.used(db))

    async def _count_day(self, db: TenantSession, tenant: Tenant, day: date, users: int) -> None:
        start = datetime(day.year, day.month, day.day, tzinfo=UTC)
        within = (
            col(JournalEntry.started_at) >= start,
            col(JournalEntry.started_at) < start + timedelta(days=1),
        )
        calls = await db.count(JournalEntry, *within)
        answered = await db.count(JournalEntry, *within, col(JournalEntry.answered_at).is_not(None))
        spoken = await db.total(JournalEntry, col(JournalEntry.duration_ms), *within)
        row = await db.first(UsageDay, UsageDay.day == day.isoformat())
        if row is None:
            if not (users or calls):
                return
            row = UsageDay(tenant_id=tenant.id, day=day.isoformat(), licences=tenant.licences)
            await db.add(row)
        row.users = max(row.users, users)
        row.calls = max(row.calls, calls)
        row.answered = max(row.answered, answered)
        row.seconds = max(row.seconds, -(-spoken // 1000))
        row.licences = tenant.licences if users else row.licences

    # --- telling ---------------------------------------------------------------------------

    async def usage(self, tenant_id: str, first: str, last: str) -> UsageView:
        await self.count(tenant_id)
        async with self._storage.read(tenant_id) as db:
            tenant = await db.tenant()
            used = await licences.used(db)
        total = tenant.licences if tenant is not None else None
        return UsageView(
            items=await self.months(tenant_id, first, last),
            next_cursor=None,
            licences=UsageLicences(
                used=used, total=total, available=None if total is None else max(0, total - used)
            ),
        )

    async def months(self, tenant_id: str, first: str, last: str) -> list[MonthView]:
        """Every month of the time asked for, also those without calls."""
        wanted = self.range(first, last)
        async with self._storage.read(tenant_id) as db:
            rows = await db.find(
                UsageDay,
                col(UsageDay.day) >= f"{wanted[0]}-01",
                col(UsageDay.day) <= f"{wanted[-1]}-31",
            )
        return [_month(month, [row for row in rows if row.day[:7] == month]) for month in wanted]

    def range(self, first: str, last: str) -> list[str]:
        last = last or self._now().strftime("%Y-%m")
        end = _number(last)
        start = _number(first) if first else end - 11
        if start < _FIRST or not 0 <= end - start < _MOST_MONTHS:
            raise Problem(422, "bad_month", "Name at most ten years, the first month first")
        return [f"{number // 12:04d}-{number % 12 + 1:02d}" for number in range(start, end + 1)]

    async def file(self, tenant_id: str, first: str, last: str, sign: str) -> AsyncIterator[bytes]:
        view = await self.usage(tenant_id, first, last)
        rows = [_HEAD, *(_cells(month) for month in view.items)]
        yield (BYTE_ORDER_MARK + csv_text(rows, sign)).encode()

    async def file_of_all(self, first: str, last: str, sign: str) -> AsyncIterator[bytes]:
        """For the operator's bill: one row for each tenant and month in which it was there."""
        self.range(first, last)
        head = ("tenant", "id", *_HEAD)
        yield (BYTE_ORDER_MARK + csv_text([head], sign)).encode()
        async with self._storage.index() as index:
            tenants = await index.tenants()
        for tenant in tenants:
            if tenant.kind != "customer":
                continue
            months = await self.months(tenant.id, first, last)
            who = (tenant.name, tenant.id)
            rows = [(*who, *_cells(month)) for month in months if month.peak_users or month.calls]
            if rows:
                yield csv_text(rows, sign).encode()


def _number(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:]) - 1


def _month(month: str, days: list[UsageDay]) -> MonthView:
    return MonthView(
        month=month,
        peak_users=max((day.users for day in days), default=0),
        licences=max(days, key=lambda day: day.day).licences if days else None,
        calls=sum(day.calls for day in days),
        answered=sum(day.answered for day in days),
        minutes=-(-sum(day.seconds for day in days) // 60),
    )


def _cells(month: MonthView) -> tuple[str, ...]:
    return (
        month.month,
        str(month.peak_users),
        "" if month.licences is None else str(month.licences),
        str(month.calls),
        str(month.answered),
        str(month.minutes),
    )
