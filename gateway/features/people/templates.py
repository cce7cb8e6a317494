"""Templates for new people, as administrators keep them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlmodel import col

from gateway.admin_ports import AuditLog, Principal
from gateway.features.people.judging import may_rule
from gateway.features.people.ranges import MOST_NUMBERS, free_numbers, taken_of
from gateway.features.people.service import not_allowed
from gateway.features.people.template_models import (
    MOST_TEMPLATES,
    PeopleTemplateData,
    PeopleTemplateList,
    PeopleTemplateView,
)
from gateway.permissions import Role
from gateway.ports import Problem
from gateway.storage.models import Site
from gateway.storage.storage import Storage, TenantSession
from gateway.storage.tables.people import PeopleTemplate


class PeopleTemplates:
    def __init__(self, storage: Storage, audit: AuditLog) -> None:
        self._storage = storage
        self._audit = audit

    async def page(self, tenant_id: str) -> PeopleTemplateList:
        """All of them: they fit on one page."""
        async with self._storage.read(tenant_id) as db:
            rows = await db.find(
                PeopleTemplate, order_by=[col(PeopleTemplate.name), col(PeopleTemplate.id)]
            )
            views = await _views(db, rows)
        return PeopleTemplateList(items=views, next_cursor=None)

    async def one(self, tenant_id: str, template_id: str) -> PeopleTemplateView:
        async with self._storage.read(tenant_id) as db:
            return await _view(db, await _known(db, template_id))

    async def create(self, who: Principal, wanted: PeopleTemplateData) -> PeopleTemplateView:
        async with self._storage.write(who.tenant_id) as db:
            await db.lock_tenant()
            if await db.count(PeopleTemplate) >= MOST_TEMPLATES:
                words = f"There are {MOST_TEMPLATES} templates already"
                raise Problem(409, "too_many_templates", words)
            await _check(db, who, wanted, None)
            row = PeopleTemplate(tenant_id=who.tenant_id, **_columns(wanted))
            await self._only_default(db, who, row, wanted.default)
            await db.add(row)
            await self._audit.record(
                db,
                who,
                "people_template.create",
                "people_template",
                row.id,
                target_name=row.name,
                after=_columns(wanted),
            )
            return await _view(db, row)

    async def change(
        self, who: Principal, template_id: str, wanted: PeopleTemplateData, version: int
    ) -> PeopleTemplateView:
        async with self._storage.write(who.tenant_id) as db:
            await db.lock_tenant()
            row = await _known(db, template_id)
            if row.version != version:
                raise Problem(412, "changed_meanwhile", "This template was changed meanwhile")
            await _check(db, who, wanted, row)
            values = _columns(wanted)
            before = {name: getattr(row, name) for name in values}
            changed = [name for name in values if values[name] != before[name]]
            if not changed:
                return await _view(db, row)
            await self._only_default(db, who, row, wanted.default)
            for name in changed:
                setattr(row, name, values[name])
            row.version += 1
            await db.add(row)
            after = {name: values[name] for name in changed}
            await self._changed(db, who, row, {name: before[name] for name in changed}, after)
            return await _view(db, row)

    async def remove(self, who: Principal, template_id: str) -> None:
        """Whoever was created by it stays as they are."""
        async with self._storage.write(who.tenant_id) as db:
            await db.lock_tenant()
            row = await _known(db, template_id)
            _may_keep(who, row.role)
            await db.delete(PeopleTemplate, PeopleTemplate.id == template_id)
            await self._audit.record(
                db,
                who,
                "people_template.delete",
                "people_template",
                template_id,
                target_name=row.name,
            )

    async def _only_default(
        self, db: TenantSession, who: Principal, row: PeopleTemplate, default: bool
    ) -> None:
        """Of two there is one at most; whoever has read the other finds it changed."""
        others = [col(PeopleTemplate.is_default).is_(True), col(PeopleTemplate.id) != row.id]
        for other in await db.find(PeopleTemplate, *others) if default else []:
            other.is_default = False
            other.version += 1
            await db.add(other)
            await self._changed(db, who, other, {"is_default": True}, {"is_default": False})

    async def _changed(
        self,
        db: TenantSession,
        who: Principal,
        row: PeopleTemplate,
        before: dict[str, Any],
        after: dict[str, Any],
    ) -> None:
        await self._audit.record(
            db,
            who,
            "people_template.change",
            "people_template",
            row.id,
            target_name=row.name,
            before=before,
            after=after,
        )


async def _known(db: TenantSession, template_id: str) -> PeopleTemplate:
    row = await db.get(PeopleTemplate, template_id)
    if row is None:
        raise Problem(404, "template_unknown", "There is no such template")
    return row


def _may_keep(who: Principal, *roles: str) -> None:
    """Or somebody else's import would appoint whom they may not: by a name, too, that a template
    which appoints has taken over from another one."""
    if set(roles) != {Role.USER.value} and not may_rule(who):
        raise not_allowed()


async def _check(
    db: TenantSession, who: Principal, wanted: PeopleTemplateData, row: PeopleTemplate | None
) -> None:
    _may_keep(who, wanted.role, wanted.role if row is None else row.role)
    for other in await db.find(PeopleTemplate):
        same = other.name.casefold() == wanted.name.casefold()
        if same and (row is None or other.id != row.id):
            raise Problem(409, "name_taken", "Another template has this name", field="name")
    site = None if wanted.site_id is None else await db.get(Site, wanted.site_id)
    if wanted.site_id is not None and site is None:
        raise Problem(422, "site_unknown", "There is no such site", field="site")
    _check_range(wanted.first_number, wanted.last_number, site)


def _check_range(first: str, last: str, site: Site | None) -> None:
    if not first and not last:
        return
    if site is None:
        raise _no_range("A range of numbers belongs to a site")
    if not first or len(first) != len(last) or first > last:
        raise _no_range("First and last need the same number of digits, the lower one first")
    if int(last) - int(first) >= MOST_NUMBERS:
        raise _no_range(f"A range has {MOST_NUMBERS} numbers at most")
    ranges = site.extension_ranges
    of_site = len(first) <= site.extension_digits and (
        not ranges
        or any(len(first) == len(low) and low <= first and last <= high for low, high in ranges)
    )
    if not of_site:
        raise _no_range("These are not extensions of the site")


def _no_range(words: str) -> Problem:
    return Problem(422, "range_invalid", words, field="first_number")


def _columns(wanted: PeopleTemplateData) -> dict[str, Any]:
    values = wanted.model_dump()
    values["is_default"] = values.pop("default")
    return values


async def _view(db: TenantSession, row: PeopleTemplate) -> PeopleTemplateView:
    (view,) = await _views(db, [row])
    return view


async def _views(db: TenantSession, rows: Sequence[PeopleTemplate]) -> list[PeopleTemplateView]:
    sites = {site.id: site for site in await db.find(Site)}
    taken = await taken_of(db, rows)
    return [
        PeopleTemplateView(
            id=row.id,
            name=row.name,
            default=row.is_default,
            role=row.role,
            department=row.department,
            language=row.language,
            site_id=row.site_id,
            site_name="" if row.site_id is None else sites[row.site_id].name,
            first_number=row.first_number,
            last_number=row.last_number,
            next_number=next(free_numbers(row, sites, taken), None),
            desk_number=row.desk_number,
            device_id=row.device_id,
            mailbox_number=row.mailbox_number,
            auth_user=row.auth_user,
            version=row.version,
        )
        for row in rows
    ]
