"""From what is said of somebody to the whole person: what is not said stays as it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import col

from gateway.admin_ports import Fault, LineData, PersonData, PersonWish, Source
from gateway.features.people import flat
from gateway.features.people.judging import Candidate, chunks
from gateway.storage.folding import email_hash
from gateway.storage.models import Line, Site, User
from gateway.storage.storage import TenantSession

_LINE_FIELDS = (
    "number",
    "desk_number",
    "device_id",
    "mailbox_number",
    "auth_user",
    "auth_password",
)


@dataclass(frozen=True, slots=True)
class Sites:
    """By id, and by name where only one has it."""

    all: Sequence[Site]

    def find(self, text: str) -> Site | None:
        wanted = text.strip()
        named = [site for site in self.all if site.name.casefold() == wanted.casefold()]
        by_id = [site for site in self.all if site.id == wanted]
        found = by_id or named
        return found[0] if len(found) == 1 else None

    def only(self) -> Site | None:
        return self.all[0] if len(self.all) == 1 else None


async def candidates_of(
    db: TenantSession, wishes: Sequence[PersonWish], sites: Sites, source: Source
) -> list[Candidate]:
    known = await _known(db, wishes)
    return [_candidate(wish, known, sites, source) for wish in wishes]


async def _known(
    db: TenantSession, wishes: Sequence[PersonWish]
) -> dict[bytes, tuple[User, Line | None]]:
    """Users of this tenant by the digest of their address."""
    digests = list({email_hash(wish.email) for wish in wishes if wish.email.strip()})
    owners: dict[str, bytes] = {}
    for chunk in chunks(digests):
        for login in await db.find_logins(chunk):
            if login.tenant_id == db.tenant_id:
                owners[login.user_id] = login.email_hash
    lines: dict[str, Line] = {}
    users: list[User] = []
    for chunk in chunks(list(owners)):
        users += await db.find(User, col(User.id).in_(chunk))
        for line in await db.find(Line, col(Line.user_id).in_(chunk)):
            lines[line.user_id] = line
    return {owners[user.id]: (user, lines.get(user.id)) for user in users}


def _candidate(
    wish: PersonWish,
    known: Mapping[bytes, tuple[User, Line | None]],
    sites: Sites,
    source: Source,
) -> Candidate:
    user, line = known.get(email_hash(wish.email), (None, None))
    one = Candidate(PersonData(wish.email, ""), user, line)
    before = None if user is None else flat.person_of(user, line)

    def said(name: str, now: str) -> str:
        return (wish.said[name] or "") if name in wish.said else now

    one.wanted = PersonData(
        # Written otherwise it is the same address.
        email=wish.email if before is None else before.email,
        name=said("name", "" if before is None else before.name),
        role=said("role", "user" if before is None else before.role) or "user",
        department=said("department", "" if before is None else before.department),
        language=said("language", "" if before is None else before.language),
        external_id=said("external_id", (before.external_id or "") if before else "") or None,
        source=source if before is None else before.source,
        line=_line(wish, None if before is None else before.line, sites, one),
    )
    if user is not None and user.disabled:
        one.warnings.append(Fault("email", "is_disabled", "This person is disabled, and stays so"))
    return one


def _line(
    wish: PersonWish, before: LineData | None, sites: Sites, one: Candidate
) -> LineData | None:
    said = wish.said
    about = [name for name in _LINE_FIELDS if said.get(name)]
    if "number" in said and not (said["number"] or "").strip():
        return None  # taken away on purpose
    if before is None and not about:
        _named_site(wish, sites, one)
        return None
    if not about and "site" not in said and not any(name in said for name in _LINE_FIELDS):
        return before
    site_id = _site(wish, before, sites, one)
    if before is None and "number" not in said:
        one.faults.add("number", "number_missing", "There is no number")
    old = before or LineData(site_id=site_id, number="")

    def now(name: str, value: str) -> str:
        return (said[name] or "") if name in said else value

    # What was left to follow the number goes on following it.
    device = "" if old.device_id == old.number else old.device_id
    auth_user = "" if old.auth_user == old.device_id else old.auth_user
    return LineData(
        site_id=site_id,
        number=now("number", old.number),
        desk_number=now("desk_number", old.desk_number),
        device_id=now("device_id", device),
        mailbox_number=now("mailbox_number", old.mailbox_number or "") or None,
        auth_user=now("auth_user", auth_user),
        auth_password=said.get("auth_password") or None,
    )


def _site(wish: PersonWish, before: LineData | None, sites: Sites, one: Candidate) -> str:
    named = _named_site(wish, sites, one)
    if named is not None:
        return named
    if before is not None:
        return before.site_id
    only = sites.only()
    if only is None:
        one.faults.add("site", "site_missing", "Which site this number belongs to is not said")
    return "" if only is None else only.id


def _named_site(wish: PersonWish, sites: Sites, one: Candidate) -> str | None:
    """``None``: the wish names none."""
    named = (wish.said.get("site") or "").strip()
    if not named:
        return None
    site = sites.find(named)
    if site is None:
        one.faults.add("site", "site_unknown", f"There is no one site {named[:80]!r}")
    return "" if site is None else site.id
