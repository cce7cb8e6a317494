"""The list of people: searched, sorted and filtered page by page; one person; all as a file."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import and_, func, not_, or_, select
from sqlmodel import col

from gateway.features.people.factors import factors_of
from gateway.features.people.models import (
    AdminLineView,
    AdminPeopleQuery,
    AdminPersonView,
    Licences,
    PeopleFileQuery,
    PeopleFilter,
    PeoplePage,
    PersonInvitationView,
)
from gateway.http import cursor
from gateway.http.spreadsheet import BYTE_ORDER_MARK, FileQuery, csv_text, local_time
from gateway.ports import Problem
from gateway.storage import licences
from gateway.storage.folding import query_digits, query_terms
from gateway.storage.ids import utc_now
from gateway.storage.models import Line, Site, User
from gateway.storage.storage import Storage, TenantSession
from gateway.storage.tables.one_time import OneTimeToken

INVITATION = "invitation"
#: Rows that the export reads at a time.
BATCH = 500
_NEVER = datetime(1, 1, 1, tzinfo=UTC)
HEADINGS = (
    "email",
    "name",
    "role",
    "department",
    "language",
    "external_id",
    "site",
    "number",
    "desk_number",
    "device_id",
    "mailbox_number",
    "auth_user",
    "state",
    "created",
    "last sign-in",
)
#: Somebody who has ever been in: has a password, accepted, or came from elsewhere.
_ACTIVE = or_(
    col(User.password_hash).is_not(None),
    col(User.activated_at).is_not(None),
    col(User.last_sign_in).is_not(None),
)


class PeopleReader:
    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    async def page(self, tenant_id: str, query: AdminPeopleQuery) -> PeoplePage:
        where = _shown(tenant_id, query)
        keys, down = _order(tenant_id, query.sort)
        following = [] if query.cursor is None else [_after(keys, down, query)]
        ordered = [key.desc() if down else key for key in keys]
        async with self._storage.read(tenant_id) as db:
            users = await db.find(User, *where, *following, order_by=ordered, limit=query.limit + 1)
            more = len(users) > query.limit
            views = await views_of(db, users[: query.limit])
            first = query.cursor is None
            total = await db.count(User, *where) if first else None
            counted = await _licences(db) if first else None
        items = list(views)
        at = _position(items[-1], users[query.limit - 1], query.sort) if more else None
        return PeoplePage(
            items=items,
            next_cursor=None if at is None else cursor.encode(*at),
            total=total,
            licences=counted,
        )

    async def one(self, tenant_id: str, user_id: str) -> AdminPersonView:
        async with self._storage.read(tenant_id) as db:
            return await view_of(db, user_id)

    async def file(self, tenant_id: str, query: PeopleFileQuery) -> AsyncIterator[bytes]:
        zone = await query.zone()
        where, after = _shown(tenant_id, query), ""
        text = BYTE_ORDER_MARK + csv_text([HEADINGS], query.sign)
        while True:
            yield text.encode()
            async with self._storage.read(tenant_id) as db:
                users = await db.find(
                    User, *where, col(User.id) > after, order_by=[col(User.id)], limit=BATCH
                )
                views = await views_of(db, users)
            if not users:
                return
            after = users[-1].id
            text = csv_text([_row(view, zone) for view in views], query.sign)

    async def chosen_file(
        self, tenant_id: str, ids: Sequence[str], query: FileQuery
    ) -> AsyncIterator[bytes]:
        """Of those people alone; whoever is not there any more is left out."""
        zone = await query.zone()
        yield (BYTE_ORDER_MARK + csv_text([HEADINGS], query.sign)).encode()
        for start in range(0, len(ids), BATCH):
            async with self._storage.read(tenant_id) as db:
                users = await db.find(User, col(User.id).in_(ids[start : start + BATCH]))
                views = await views_of(db, users)
            yield csv_text([_row(view, zone) for view in views], query.sign).encode()


async def view_of(db: TenantSession, user_id: str) -> AdminPersonView:
    user = await db.get(User, user_id)
    if user is None:
        raise Problem(404, "person_unknown", "There is no such person")
    (view,) = await views_of(db, [user])
    return view


async def views_of(db: TenantSession, users: Sequence[User]) -> list[AdminPersonView]:
    """Lines, sites and invitations in one statement each."""
    ids = [user.id for user in users]
    lines = {line.user_id: line for line in await db.find(Line, col(Line.user_id).in_(ids))}
    sites = {site.id: site.name for site in await db.find(Site)} if lines else {}
    letters = await db.find(
        OneTimeToken,
        OneTimeToken.kind == INVITATION,
        col(OneTimeToken.user_id).in_(ids),
        col(OneTimeToken.used_at).is_(None),
        order_by=[col(OneTimeToken.created_at)],
    )
    newest = {letter.user_id: letter for letter in letters}
    factors = await factors_of(db, ids)
    return [
        _view(user, lines.get(user.id), sites, newest.get(user.id), factors.get(user.id, []))
        for user in users
    ]


def state_of(user: User) -> str:
    if user.disabled:
        return "disabled"
    if user.password_hash or user.activated_at or user.last_sign_in:
        return "active"
    return "invited" if user.invited_at else "new"


def _view(
    user: User,
    line: Line | None,
    sites: dict[str, str],
    letter: OneTimeToken | None,
    factors: list[str],
) -> AdminPersonView:
    state = state_of(user)
    return AdminPersonView(
        id=user.id,
        email=user.email,
        name=user.name,
        role=user.role,
        department=user.department,
        language=user.language,
        state=state,  # type: ignore[arg-type]
        source=user.source,
        external_id=user.external_id,
        disabled_at=user.disabled_at,
        disabled_why=user.disabled_why,
        created_at=user.created_at,
        last_sign_in=user.last_sign_in,
        invitation=None if letter is None or state != "invited" else _invitation(letter),
        second_factors=factors,  # type: ignore[arg-type]
        line=None if line is None else _line(line, sites),
        version=user.version,
    )


def _invitation(letter: OneTimeToken) -> PersonInvitationView:
    return PersonInvitationView(
        sent_at=letter.created_at,
        expires_at=letter.expires_at,
        expired=letter.expires_at <= utc_now(),
    )


def _line(line: Line, sites: dict[str, str]) -> AdminLineView:
    return AdminLineView(
        site_id=line.site_id,
        site_name=sites.get(line.site_id, ""),
        number=line.number,
        desk_number=line.desk_number,
        device_id=line.device_id,
        mailbox_number=line.mailbox_number,
        auth_user=line.auth_user,
        has_password=len(line.auth_password) > 28,  # nonce and tag of a sealed empty text
    )


async def _licences(db: TenantSession) -> Licences:
    tenant = await db.tenant()
    available = None if tenant is None else tenant.licences
    return Licences(used=await licences.used(db), available=available)


def _shown(tenant_id: str, query: PeopleFilter) -> list[Any]:
    where: list[Any] = []
    disabled, invited = col(User.disabled), col(User.invited_at).is_not(None)
    match query.state:
        case "disabled":
            where.append(disabled.is_(True))
        case "active":
            where += [disabled.is_(False), _ACTIVE]
        case "invited":
            where += [disabled.is_(False), not_(_ACTIVE), invited]
        case "new":
            where += [disabled.is_(False), not_(_ACTIVE), not_(invited)]
    if query.role:
        where.append(col(User.role) == query.role)
    if query.site:
        of_site = select(col(Line.user_id)).where(
            col(Line.tenant_id) == tenant_id, col(Line.site_id) == query.site
        )
        where.append(col(User.id).in_(of_site))
    if query.q.strip():
        where.append(_matches(tenant_id, query.q.strip()))
    return where


def _matches(tenant_id: str, text: str) -> Any:
    """Beginnings of the name's words, any part of the address, the beginning of a number."""
    by: list[Any] = [func.lower(col(User.email)).contains(text.lower(), autoescape=True)]
    terms = query_terms(text)
    if terms:
        words = [col(User.search_name).contains(f" {term}", autoescape=True) for term in terms]
        by.append(and_(*words))
    digits = query_digits(text)
    if digits is not None:
        owners = select(col(Line.user_id)).where(
            col(Line.tenant_id) == tenant_id,
            or_(
                col(Line.number).startswith(digits, autoescape=True),
                col(Line.desk_number).startswith(digits, autoescape=True),
            ),
        )
        by.append(col(User.id).in_(owners))
    return or_(*by)


def _order(tenant_id: str, sort: str) -> tuple[list[Any], bool]:
    """What is sorted by, each time without ties and without NULL, and whether it goes down."""
    name, down = sort.lstrip("-"), sort.startswith("-")
    user_id = col(User.id)
    if name == "number":
        number = func.coalesce(
            select(col(Line.number))
            .where(col(Line.tenant_id) == tenant_id, col(Line.user_id) == col(User.id))
            .correlate(User)
            .scalar_subquery(),
            "",
        )
        # Extensions sort as numbers do: the shorter are the smaller.
        return [func.length(number), number, user_id], down
    if name == "last_sign_in":
        return [func.coalesce(col(User.last_sign_in), _NEVER), user_id], down
    return [col(User.search_name), user_id], down


def _position(view: AdminPersonView, user: User, sort: str) -> tuple[str, ...]:
    name = sort.lstrip("-")
    if name == "number":
        number = "" if view.line is None else view.line.number
        return (str(len(number)), number, user.id)
    if name == "last_sign_in":
        return ((user.last_sign_in or _NEVER).isoformat(), user.id)
    return (user.search_name, user.id)


def _after(keys: Sequence[Any], down: bool, query: AdminPeopleQuery) -> Any:
    """Rows behind the cursor: a comparison of rows, spelled out for databases without one."""
    assert query.cursor is not None
    values: list[Any] = list(cursor.decode(query.cursor, len(keys)))
    try:
        if query.sort.endswith("number"):
            values[0] = int(values[0])
        elif query.sort.endswith("last_sign_in"):
            values[0] = datetime.fromisoformat(values[0])
            values[0].astimezone(UTC)
    except (ValueError, OverflowError):
        raise Problem(422, "bad_cursor", "This cursor is not one of ours") from None
    if isinstance(values[0], int) and not 0 <= values[0] <= 100:
        raise Problem(422, "bad_cursor", "This cursor is not one of ours")
    if isinstance(values[0], datetime) and values[0].tzinfo is None:
        raise Problem(422, "bad_cursor", "This cursor is not one of ours")
    ways = []
    for index, (key, value) in enumerate(zip(keys, values, strict=True)):
        same = [
            earlier == known for earlier, known in zip(keys[:index], values[:index], strict=True)
        ]
        ways.append(and_(*same, key < value if down else key > value))
    return or_(*ways)


def _row(view: AdminPersonView, zone: Any) -> tuple[str, ...]:
    line = view.line
    return (
        view.email,
        view.name,
        view.role,
        view.department,
        view.language,
        view.external_id or "",
        "" if line is None else line.site_name,
        "" if line is None else line.number,
        "" if line is None else line.desk_number,
        "" if line is None else line.device_id,
        "" if line is None else line.mailbox_number or "",
        "" if line is None else line.auth_user,
        view.state,
        local_time(view.created_at, zone),
        local_time(view.last_sign_in, zone),
    )
