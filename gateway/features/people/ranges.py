"""The next free numbers of templates' ranges: nobody's, and none that must not be given."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from phonenumbers import is_emergency_number
from sqlalchemy import and_, or_
from sqlmodel import col

from gateway.features.people.rules import in_ranges
from gateway.storage.models import Line, Site
from gateway.storage.storage import TenantSession
from gateway.storage.tables.people import PeopleTemplate

#: One range is looked through for its next free number while other writers wait.
MOST_NUMBERS = 10_000

#: (site, number)
Taken = set[tuple[str, str]]


async def taken_of(db: TenantSession, templates: Sequence[PeopleTemplate]) -> Taken:
    """Within their ranges what is somebody's extension, desk phone or mailbox; one statement."""
    ranged = [one for one in templates if one.first_number and one.site_id is not None]
    if not ranged:
        return set()
    numbers = (col(Line.number), col(Line.desk_number), col(Line.mailbox_number))
    # As texts: what is longer, or has a +, comes along and does no harm.
    within = [
        and_(
            col(Line.site_id) == one.site_id,
            or_(*(number.between(one.first_number, one.last_number) for number in numbers)),
        )
        for one in ranged
    ]
    rows = await db.rows(Line, (col(Line.site_id), *numbers), or_(*within))
    taken = {(site_id, number) for site_id, *held in rows for number in held if number}
    # The voicemail that all share is nobody's extension.
    return taken | {(one.site_id or "", one.mailbox_number) for one in ranged}


def everywhere(
    numbers: Collection[tuple[str | None, str]], templates: Sequence[PeopleTemplate]
) -> Taken:
    """``None``: which site a number belongs to is not known, so it is taken at each."""
    sites = {one.site_id for one in templates if one.site_id is not None}
    return {(one, number) for site, number in numbers for one in ((site,) if site else sites)}


def free_numbers(
    template: PeopleTemplate, sites: Mapping[str, Site], taken: Taken
) -> Iterator[str]:
    """The lowest first. What is added to ``taken`` meanwhile is left out, too."""
    site = sites.get(template.site_id or "")
    if site is None or not template.first_number:
        return
    width = len(template.first_number)
    for one in range(int(template.first_number), int(template.last_number) + 1):
        number = f"{one:0{width}}"
        if (site.id, number) not in taken and _of_site(number, site):
            yield number


def _of_site(number: str, site: Site) -> bool:
    """The site may have been changed since; and nobody is given the police's number."""
    return (
        len(number) <= site.extension_digits
        and in_ranges(number, site)
        and not is_emergency_number(number, site.country.upper())
    )
