"""What templates say of people who are new: where nothing else is said, and the next free number.

A template counts once, when somebody is created. Whoever is here already is never changed by one.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

import structlog
from sqlmodel import col

from gateway.admin_ports import Fault, Filling, LineData, PersonData, PersonWish, Promised
from gateway.features.people.judging import chunks
from gateway.features.people.ranges import everywhere, free_numbers, taken_of
from gateway.features.people.wishes import Sites
from gateway.numbers import clean
from gateway.permissions import Role
from gateway.ports import Problem
from gateway.storage.folding import email_hash
from gateway.storage.models import Site
from gateway.storage.storage import TenantSession
from gateway.storage.tables.people import PeopleTemplate

log = structlog.get_logger(__name__)

#: Stands for the person's own number in what the PBX calls its things.
NUMBER = "{number}"


async def nothing() -> Collection[tuple[str | None, str]]:
    return ()


def expanded(pattern: str, number: str) -> str:
    """``6{number}`` of 101 is 6101; of nobody's number it is nothing."""
    return "" if NUMBER in pattern and not number else pattern.replace(NUMBER, number)


async def template_named(db: TenantSession, text: str) -> PeopleTemplate | None:
    return _named(await db.find(PeopleTemplate), text)


async def fillings(
    db: TenantSession, wishes: Sequence[PersonWish], promised: Promised
) -> list[Filling]:
    """For each wish what its template adds: nothing where it names none, or knows the person."""
    found = [Filling() for _ in wishes]
    asked = [index for index, wish in enumerate(wishes) if _template_of(wish)]
    if not asked:
        return found
    here = await _here(db, [wishes[index] for index in asked])
    templates, sites = await db.find(PeopleTemplate), Sites(await db.find(Site))
    waiting: dict[int, PeopleTemplate] = {}
    for index in asked:
        wish = wishes[index]
        if not wish.email.strip() or email_hash(wish.email) in here:
            continue
        template = _named(templates, _template_of(wish))
        if template is None:
            words = f"There is no template {_template_of(wish)[:80]!r}"
            found[index] = Filling(faults=(Fault("template", "template_unknown", words),))
        elif _gives_number(template, wish, sites):
            waiting[index] = template
        else:
            there = not _elsewhere(template, wish, sites)
            said = (wish.said.get("number") or "").strip() if there else ""
            found[index] = Filling(_added(template, wish, _plain(said) if said else None))
    if not waiting:
        return found
    giving = {one.id: one for one in waiting.values()}
    taken = await taken_of(db, list(giving.values()))
    taken |= everywhere(await promised(), list(giving.values()))
    by_id = {site.id: site for site in sites.all}
    free = {one.id: free_numbers(one, by_id, taken) for one in giving.values()}
    for index, template in waiting.items():
        number = next(free[template.id], None)
        if number is not None:
            taken.add((template.site_id or "", number))  # other ranges may have it, too
        found[index] = _with_number(template, wishes[index], number)
    return found


async def of_joiner(db: TenantSession, new: PersonData) -> PersonData:
    """What a directory does not say, by the default template.

    Never the role: that comes from groups, or from somebody who may appoint others.
    """
    template = await db.first(PeopleTemplate, col(PeopleTemplate.is_default).is_(True))
    if template is None:
        return new
    line = new.line
    site = None if line is not None else await db.get(Site, template.site_id or "")
    if site is not None and template.first_number:
        number = next(free_numbers(template, {site.id: site}, await taken_of(db, [template])), None)
        if number is None:
            log.warning("people.range_used_up", tenant_id=db.tenant_id, template_id=template.id)
        else:
            line = _line(template, site.id, number)
    return replace(
        new,
        department=new.department or template.department,
        language=new.language or template.language,
        line=line,
    )


def _template_of(wish: PersonWish) -> str:
    return (wish.said.get("template") or "").strip()


def _named(templates: Sequence[PeopleTemplate], text: str) -> PeopleTemplate | None:
    wanted = text.strip()
    by_id = [one for one in templates if one.id == wanted]
    by_name = [one for one in templates if one.name.casefold() == wanted.casefold()]
    return next(iter(by_id or by_name), None)


async def _here(db: TenantSession, wishes: Sequence[PersonWish]) -> set[bytes]:
    """Digests of addresses that belong to somebody of this tenant already."""
    found: set[bytes] = set()
    for chunk in chunks(list({email_hash(wish.email) for wish in wishes})):
        logins = await db.find_logins(chunk)
        found |= {one.email_hash for one in logins if one.tenant_id == db.tenant_id}
    return found


def _elsewhere(template: PeopleTemplate, wish: PersonWish, sites: Sites) -> bool:
    """The wish names another site: the template's numbers and names are none of its PBX."""
    named = (wish.said.get("site") or "").strip()
    if not named or template.site_id is None:
        return False
    site = sites.find(named)
    return site is None or site.id != template.site_id


def _gives_number(template: PeopleTemplate, wish: PersonWish, sites: Sites) -> bool:
    silent = "number" not in wish.said and bool(template.first_number)
    return silent and not _elsewhere(template, wish, sites)


def _with_number(template: PeopleTemplate, wish: PersonWish, free: str | None) -> Filling:
    if free is None:
        words = f"No number of {template.first_number} to {template.last_number} is free"
        return Filling(faults=(Fault("number", "range_used_up", words),))
    return Filling(_added(template, wish, free))


def _added(template: PeopleTemplate, wish: PersonWish, number: str | None) -> Mapping[str, str]:
    """``number``: the extension's digits, "" where they are not known; ``None``: no phone."""
    values = {
        "role": "" if template.role == Role.USER.value else template.role,
        "department": template.department,
        "language": template.language,
    }
    if number is not None:
        values |= {"site": template.site_id or "", "number": number, **_at_pbx(template, number)}
    return {name: value for name, value in values.items() if value and name not in wish.said}


def _at_pbx(template: PeopleTemplate, number: str) -> dict[str, str]:
    return {
        name: expanded(pattern, number)
        for name, pattern in (
            ("desk_number", template.desk_number),
            ("device_id", template.device_id),
            ("mailbox_number", template.mailbox_number),
            ("auth_user", template.auth_user),
        )
    }


def _line(template: PeopleTemplate, site_id: str, number: str) -> LineData:
    values = _at_pbx(template, number)
    mailbox = values.pop("mailbox_number") or None
    return LineData(site_id=site_id, number=number, mailbox_number=mailbox, **values)


def _plain(text: str) -> str:
    """The digits of an extension as somebody wrote it; nothing where it is no extension."""
    try:
        found = clean(text)
    except Problem:
        return ""
    return found if found.isascii() and found.isdigit() else ""
