"""How the tenant is, at a glance: one verdict, the figures behind it, and what is to be done."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, tzinfo
from pathlib import Path

from sqlmodel import col

from gateway.admin_ports import Mailer
from gateway.features.tenants.first_steps import first_steps
from gateway.features.tenants.overview_models import (
    FirstSteps,
    OverviewCalls,
    OverviewConnector,
    OverviewLicences,
    OverviewUsers,
    OverviewView,
    Severity,
    Target,
    TenantHead,
    Todo,
    Verdict,
)
from gateway.features.tenants.problems import Problems, problems
from gateway.link_ports import SiteLinks
from gateway.permissions import Role
from gateway.ports import ConnectorDirectory, Problem
from gateway.running_out import SOON, first_end
from gateway.storage.ids import utc_now
from gateway.storage.models import JournalEntry, Line, Site, Tenant, User
from gateway.storage.storage import Storage, TenantSession
from gateway.storage.tables.one_time import OneTimeToken
from gateway.storage.tables.outbox import LETTERS, OutboxItem

_WORKING = ("working", "weak")
_FAILED = ("failed",)
_NAMES = 5
_SEVERITIES: tuple[Severity, ...] = ("critical", "warning", "hint")


@dataclass(frozen=True, slots=True)
class _Facts:
    """What one look at the tables gives."""

    tenant: Tenant
    users: OverviewUsers
    calls: OverviewCalls
    sites: tuple[tuple[Site, str], ...]  # with the state of the connector
    steps: FirstSteps
    admins: int
    expired: list[str]
    dead_letters: list[str]
    waiting_letters: int
    problems: Problems
    certificate_ends: datetime | None
    now: datetime


class Overview:
    def __init__(
        self,
        storage: Storage,
        mailer: Mailer,
        connectors: ConnectorDirectory,
        live_calls: Callable[[str], int],
        links: SiteLinks,
        certificates: Sequence[Path],
        terms_version: str,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._storage = storage
        self._mailer = mailer
        self._connectors = connectors
        self._live_calls = live_calls
        self._links = links
        self._certificates = certificates
        self._terms_version = terms_version
        self._now = now

    async def of(self, tenant_id: str, zone: tzinfo) -> OverviewView:
        facts = await self._facts(tenant_id, zone)
        todo = self._todo(facts)
        total = facts.tenant.licences
        used = facts.users.total
        return OverviewView(
            verdict=_verdict(facts, todo),
            tenant=TenantHead(
                name=facts.tenant.name,
                status=facts.tenant.status,
                language=facts.tenant.language,
            ),
            users=facts.users,
            calls=facts.calls,
            connectors=[
                OverviewConnector(site_id=site.id, site=site.name, state=state)
                for site, state in facts.sites
            ],
            licences=OverviewLicences(
                used=used, total=total, available=None if total is None else max(0, total - used)
            ),
            first_steps=facts.steps,
            todo=todo,
        )

    # --- facts -----------------------------------------------------------------------------

    async def _facts(self, tenant_id: str, zone: tzinfo) -> _Facts:
        now = self._now()
        certificate = await asyncio.to_thread(first_end, self._certificates)
        async with self._storage.read(tenant_id) as db:
            tenant = await db.tenant()
            if tenant is None:
                raise Problem(404, "tenant_unknown", "There is no such tenant")
            sites = tuple(
                (site, self._connectors.status(tenant_id, site.id).state)
                for site in await db.find(Site, order_by=[Site.name])
            )
            working = [site.id for site, state in sites if state in _WORKING]
            letters = await db.find(
                OutboxItem,
                col(OutboxItem.kind).in_(LETTERS),
                OutboxItem.state == "dead",
                order_by=[col(OutboxItem.id).desc()],
                limit=_NAMES,
            )
            return _Facts(
                tenant=tenant,
                users=await _users(db, working),
                calls=await self._calls(db, now.astimezone(zone)),
                sites=sites,
                steps=await first_steps(db),
                admins=await db.count(
                    User,
                    col(User.role).in_((Role.ADMIN.value, Role.OPERATOR.value)),
                    col(User.disabled).is_(False),
                    col(User.activated_at).is_not(None),
                ),
                expired=await _expired(db, now),
                dead_letters=[str(letter.payload.get("to", "")) for letter in letters],
                waiting_letters=await db.count(
                    OutboxItem,
                    col(OutboxItem.kind).in_(LETTERS),
                    OutboxItem.state == "pending",
                ),
                problems=await problems(db, self._links, [site for site, _ in sites], now),
                certificate_ends=certificate,
                now=now,
            )

    async def _calls(self, db: TenantSession, now: datetime) -> OverviewCalls:
        midnight = datetime.combine(now.date(), time(), now.tzinfo)
        today = col(JournalEntry.started_at) >= midnight
        answered = col(JournalEntry.answered_at).is_not(None)
        kind = col(JournalEntry.kind)
        return OverviewCalls(
            now=self._live_calls(db.tenant_id),
            today=await db.count(JournalEntry, today),
            answered=await db.count(JournalEntry, today, answered),
            missed=await db.count(JournalEntry, today, kind == "missed"),
            failed=await db.count(JournalEntry, today, kind.in_(_FAILED)),
        )

    # --- conclusions -----------------------------------------------------------------------

    def _todo(self, facts: _Facts) -> list[Todo]:
        found: list[Todo] = []

        def add(
            code: str,
            severity: Severity,
            count: int,
            target: Target | None,
            names: Sequence[str] = (),
        ) -> None:
            if count:
                few = list(names)[:_NAMES]
                found.append(
                    Todo(code=code, severity=severity, count=count, names=few, target=target)
                )

        by_state: dict[str, list[str]] = {}
        for site, state in facts.sites:
            by_state.setdefault(state, []).append(site.name)
        down = [*by_state.get("down", []), *by_state.get("refused", [])]
        add("connector_down", "critical", len(down), "connector", down)
        add("no_site", "warning", int(not facts.sites), "connector")
        unset = by_state.get("not_set_up", [])
        add("connector_not_set_up", "warning", len(unset), "connector", unset)
        weak = by_state.get("weak", [])
        add("connector_weak", "warning", len(weak), "connector", weak)
        if not self._mailer.configured:
            add("mail_not_configured", "warning", facts.waiting_letters or 1, None)
        dead = facts.dead_letters
        add("letters_failed", "warning", len(dead), "people", dead)
        tenant, users = facts.tenant, facts.users
        if tenant.licences is not None and users.total >= tenant.licences:
            add("licences_used_up", "warning", users.total, "people")
        wrong, ends = facts.problems, facts.certificate_ends
        add(
            "webhook_stopped",
            "warning",
            len(wrong.webhooks_stopped),
            "webhooks",
            wrong.webhooks_stopped,
        )
        add(
            "webhook_failing",
            "warning",
            len(wrong.webhooks_failing),
            "webhooks",
            wrong.webhooks_failing,
        )
        add("key_ends", "warning", len(wrong.keys_ending), "keys", wrong.keys_ending)
        full = wrong.sites_nearly_full
        add("capacity_low", "warning", len(full), "connector", full)
        soon = ends is not None and ends - facts.now < SOON
        add("certificate_ends", "warning", int(soon), None)
        add("people_without_number", "hint", users.without_number, "people")
        add("people_not_invited", "hint", users.new, "people")
        add("invitations_expired", "hint", len(facts.expired), "people", facts.expired)
        add("single_admin", "hint", int(facts.admins == 1), "people")
        add("support_email_missing", "hint", int(not tenant.support_email), "tenant")
        outdated = tenant.terms_version not in ("", self._terms_version)
        add("terms_outdated", "hint", int(outdated), "tenant")
        return sorted(found, key=lambda one: _SEVERITIES.index(one.severity))


async def _users(db: TenantSession, working: Sequence[str]) -> OverviewUsers:
    there = col(User.disabled).is_(False)
    active = col(User.activated_at).is_not(None)
    has_line = col(User.id).in_(db.ids_of(Line, Line.user_id))
    reachable = col(User.id).in_(
        db.ids_of(Line, Line.user_id, col(Line.site_id).in_(list(working)))
    )
    invited = col(User.invited_at).is_not(None)
    total = await db.count(User, there)
    return OverviewUsers(
        total=total,
        ready=await db.count(User, there, active, reachable),
        active=await db.count(User, there, active),
        invited=await db.count(User, there, ~active, invited),
        new=await db.count(User, there, ~active, ~invited),
        disabled=await db.count(User, ~there),
        without_number=total - await db.count(User, there, has_line),
    )


async def _expired(db: TenantSession, now: datetime) -> list[str]:
    """Names of those whose invitation is over and who have not accepted it."""
    open_ones = db.ids_of(
        OneTimeToken,
        OneTimeToken.user_id,
        OneTimeToken.kind == "invitation",
        col(OneTimeToken.expires_at) > now,
        col(OneTimeToken.used_at).is_(None),
    )
    people = await db.find(
        User,
        col(User.disabled).is_(False),
        col(User.activated_at).is_(None),
        col(User.invited_at).is_not(None),
        col(User.id).not_in(open_ones),
        order_by=[col(User.name)],
        limit=100,
    )
    return [person.name for person in people]


def _verdict(facts: _Facts, todo: Sequence[Todo]) -> Verdict:
    if any(one.severity == "critical" for one in todo):
        return "down"
    if not facts.sites or not any(state in _WORKING for _, state in facts.sites):
        return "setting_up"
    if any(one.severity == "warning" for one in todo):
        return "attention"
    return "good"
