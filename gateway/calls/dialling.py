"""What a command has the line dial: a number, or what fetches a call that is not the user's own."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from phonenumbers import is_emergency_number

from gateway.calls.commands import dial_target, problem
from gateway.calls.parties import Number, Outgoing
from gateway.calls.pickup import Ringing, picked, picked_at, unparked
from gateway.ports import NumberNormaliser, SiteProfile

Body = Mapping[str, Any]


def outgoing(
    verb: str,
    body: Body,
    site: SiteProfile,
    *,
    numbers: NumberNormaliser,
    offers: Collection[str],
    find: Callable[[str], Ringing | None],
) -> Outgoing:
    """``offers``: what the phone system of the site does for a line; ``find`` a call that rings in
    the user's pickup group. Raises Problem."""
    if verb == "dial":
        return _dialled(body, site, numbers, offers)
    if verb not in offers:
        raise problem(409, "not_offered", "Your phone system does not offer this.")
    if verb == "unpark":
        return unparked(body)
    return picked(body, find) or picked_at(body, site, numbers)


def for_another_phone(body: Body, site: SiteProfile, numbers: NumberNormaliser) -> str:
    """What the PBX is to have another phone of the user dial; raises Problem. What asks for it,
    CSTA's MakeCall, cannot ask for a hidden number as well."""
    wanted = _dialled(body, site, numbers, ("hide_number",))
    if wanted.hides_number:
        raise problem(409, "not_offered", "Only calls in this app can hide your number.")
    return wanted.number.canonical


def _dialled(
    body: Body, site: SiteProfile, numbers: NumberNormaliser, offers: Collection[str]
) -> Outgoing:
    found = numbers.normalise(dial_target(body), site)
    number = Number(found.dialled, found.canonical, found.display)
    if is_emergency_number(found.canonical, site.country.upper()):
        # whoever helps must see who calls, whatever was wished
        return Outgoing(number, emergency=True)
    hides = body.get("hide_number", False)
    if not isinstance(hides, bool):
        raise problem(422, "hide_number_invalid", "hide_number must be true or false.")
    if hides and "hide_number" not in offers:
        raise problem(409, "not_offered", "Your phone system cannot hide your number.")
    return Outgoing(number, hides_number=hides)
