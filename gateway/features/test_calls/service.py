"""One test call at a time and site, followed step by step and kept as proof."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import structlog
from phonenumbers import connects_to_emergency_number, country_code_for_region
from sqlmodel import col

from gateway.admin_ports import AuditLog, Principal
from gateway.features.test_calls.models import (
    STEPS,
    WORDS,
    NewTestCall,
    TestCall,
    TestCallList,
    TestCallStep,
)
from gateway.http import cursor as cursors
from gateway.link_ports import SiteLinks, TrialEnd
from gateway.ports import Line as PortLine
from gateway.ports import LineDirectory, NumberNormaliser, Problem, SiteProfile
from gateway.storage.ids import new_id, utc_now
from gateway.storage.models import ApiKey, Line, Site, User
from gateway.storage.storage import Storage, TenantSession
from gateway.storage.tables.connector_page import CallProof

log = structlog.get_logger(__name__)

PAGE = 20
KEPT = 200  # of a site
MOST_A_MINUTE = 6  # of a tenant: each is a real call, perhaps one that costs
#: Longer than any can last: what is older and still runs was cut off with its process.
LONGEST = timedelta(minutes=3)
_UNPROVEN = frozenset({"out_unproven", "silence"})


@dataclass(slots=True)
class _Running:
    row: CallProof
    began: float
    steps: dict[str, dict[str, Any]] = field(default_factory=dict)


class TestCallsService:
    __test__ = False  # no test, whatever its name begins with

    def __init__(
        self,
        storage: Storage,
        links: SiteLinks,
        lines: LineDirectory,
        numbers: NumberNormaliser,
        audit: AuditLog,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._storage = storage
        self._links = links
        self._lines = lines
        self._numbers = numbers
        self._audit = audit
        self._now = now
        self._running: dict[str, _Running] = {}  # by site
        self._recent: dict[str, list[datetime]] = {}  # by tenant
        self._tasks: set[asyncio.Task[None]] = set()

    async def aclose(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    # -- place -------------------------------------------------------------------------------------
    async def place(self, who: Principal, site_id: str, wanted: NewTestCall) -> TestCall:
        async with self._storage.read(who.tenant_id) as db:
            site = await _known(db, site_id)
            row = await db.first(Line, Line.site_id == site_id, Line.number == wanted.from_line)
        found = None
        if row is not None:
            found = await self._lines.line(who.tenant_id, site_id, row.line_id)
        if found is None:
            raise Problem(422, "line_unknown", "Nobody at this site has this extension")
        line, profile = found
        number = self._number(wanted.to, profile, site.exit_code)
        self._admit(who.tenant_id, site_id)
        proof = CallProof(
            id=new_id(),
            tenant_id=who.tenant_id,
            site_id=site_id,
            by_id=who.id,
            from_line=wanted.from_line,
            to_number=wanted.to.strip(),
            state="running",
            pbx_release=site.pbx_release,
            connector_version=self._links.picture(who.tenant_id, site_id).status.version[:64],
            started_at=self._now(),
        )
        running = self._running[site_id] = _Running(proof, time.monotonic())
        proof.steps = _steps(running)
        try:
            async with self._storage.write(who.tenant_id) as db:
                await db.add(proof)
                await self._trim(db, site_id)
                await self._audit.record(
                    db,
                    who,
                    "test_call.place",
                    "site",
                    site_id,
                    target_name=site.name,
                    after={"from_line": wanted.from_line, "to": number},
                )
        except BaseException:
            del self._running[site_id]
            raise
        task = asyncio.create_task(self._run(running, line, number, wanted.echo), name="test call")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return _view(proof, _steps(running), who.name)

    def _number(self, typed: str, site: SiteProfile, exit_code: str) -> str:
        found = self._numbers.normalise(typed, site)
        region = site.country.upper()
        country = f"+{country_code_for_region(region)}"
        written = (found.canonical.removeprefix(country), found.dialled)
        for one in (*written, *(digits.removeprefix(exit_code) for digits in written)):
            if connects_to_emergency_number(one, region):
                raise Problem(422, "number_emergency", "No test call goes to an emergency number")
        return found.canonical

    def _admit(self, tenant_id: str, site_id: str) -> None:
        if site_id in self._running:
            raise Problem(409, "test_running", "A test call of this site is running", retry_after=5)
        now = self._now()
        recent = [at for at in self._recent.get(tenant_id, ()) if now - at < timedelta(minutes=1)]
        if len(recent) >= MOST_A_MINUTE:
            raise Problem(429, "rate_limited", "Too many test calls", retry_after=30)
        self._recent[tenant_id] = [*recent, now]

    async def _run(self, running: _Running, line: PortLine, number: str, echo: bool) -> None:
        proof = running.row

        def heard(step: str, state: str, detail: str) -> None:
            earlier = running.steps.get(step)
            if earlier is not None and earlier["state"] == state:
                return
            after = round((time.monotonic() - running.began) * 1000)
            running.steps[step] = {"state": state, "after_ms": after, "detail": detail[:200]}

        end = TrialEnd("interrupted")
        try:
            end = await self._links.try_call(line, number, heard, echo=echo)
        except Exception:  # the proof must say that there is none
            log.exception("test_call.failed", site=proof.site_id)
            end = TrialEnd("internal")
        finally:
            await asyncio.shield(self._keep(running, end))

    async def _keep(self, running: _Running, end: TrialEnd) -> None:
        proof = running.row
        partly = end.code in _UNPROVEN
        proof.state = "passed" if not end.code else "partly" if partly else "failed"
        proof.code, proof.ended_at, proof.steps = end.code, self._now(), _steps(running, over=True)
        try:
            async with self._storage.write(proof.tenant_id) as db:
                await db.update(
                    CallProof,
                    CallProof.id == proof.id,
                    state=proof.state,
                    code=proof.code,
                    ended_at=proof.ended_at,
                    steps=proof.steps,
                )
        finally:
            self._running.pop(proof.site_id, None)
        log.info("test_call.over", site=proof.site_id, state=proof.state, code=proof.code)

    async def _trim(self, db: TenantSession, site_id: str) -> None:
        rows = await db.find(
            CallProof,
            CallProof.site_id == site_id,
            order_by=[col(CallProof.id).desc()],
            limit=KEPT + 1,
        )
        if len(rows) > KEPT:
            await db.delete(
                CallProof, CallProof.site_id == site_id, col(CallProof.id) <= rows[KEPT].id
            )

    # -- look --------------------------------------------------------------------------------------
    async def calls(self, tenant_id: str, site_id: str, cursor: str | None) -> TestCallList:
        """The latest first."""
        where: list[Any] = [CallProof.site_id == site_id]
        if cursor is not None:
            (last,) = cursors.decode(cursor, 1)
            where.append(col(CallProof.id) < last)
        async with self._storage.read(tenant_id) as db:
            await _known(db, site_id)
            rows = await db.find(
                CallProof, *where, order_by=[col(CallProof.id).desc()], limit=PAGE + 1
            )
            names = await _names(db, rows)
        more = cursors.encode(rows[PAGE - 1].id) if len(rows) > PAGE else None
        return TestCallList(
            items=[self._now_of(row, names) for row in rows[:PAGE]], next_cursor=more
        )

    async def call(self, tenant_id: str, site_id: str, call_id: str) -> TestCall:
        async with self._storage.read(tenant_id) as db:
            row = await db.get(CallProof, call_id)
            names = {} if row is None else await _names(db, [row])
        if row is None or row.site_id != site_id:
            raise Problem(404, "not_found", "There is no such test call")
        return self._now_of(row, names)

    def _now_of(self, row: CallProof, names: Mapping[str, str]) -> TestCall:
        by = names.get(row.by_id, "")
        running = self._running.get(row.site_id)
        if row.state == "running" and running is not None and running.row.id == row.id:
            return _view(row, _steps(running), by)
        if row.state == "running" and self._now() - row.started_at > LONGEST:
            row.state, row.code = "failed", "interrupted"
        return _view(row, row.steps, by)


async def _known(db: TenantSession, site_id: str) -> Site:
    site = await db.get(Site, site_id)
    if site is None:
        raise Problem(404, "not_found", "There is no such site")
    return site


async def _names(db: TenantSession, rows: list[CallProof]) -> dict[str, str]:
    """Of who placed them: a person, or a key. Who was erased has none any more."""
    ids = {row.by_id for row in rows}
    people = await db.find(User, col(User.id).in_(ids))
    keys = await db.find(ApiKey, col(ApiKey.key_id).in_(ids))
    return {key.key_id: key.name for key in keys} | {user.id: user.name for user in people}


def _steps(running: _Running, *, over: bool = False) -> list[dict[str, Any]]:
    """In their order; what did not come to its turn was skipped."""
    waiting = {"state": "skipped" if over else "waiting", "after_ms": None, "detail": ""}
    found = [{"step": step, **running.steps.get(step, waiting)} for step in STEPS]
    if over:
        for step in found:
            if step["state"] == "running":
                step["state"] = "failed"
    return found


def _view(row: CallProof, steps: list[dict[str, Any]], by: str) -> TestCall:
    values: dict[str, Any] = {"state": row.state, "code": row.code}
    return TestCall(
        **values,
        id=row.id,
        from_line=row.from_line,
        to=row.to_number,
        by=by,
        started_at=row.started_at,
        ended_at=row.ended_at,
        pbx_release=row.pbx_release,
        connector_version=row.connector_version,
        steps=[TestCallStep(**step) for step in steps],
        words="" if row.state == "running" else WORDS.get(row.code, ""),
    )
