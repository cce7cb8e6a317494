"""One step of an import: a batch of rows and what it says about them, in one transaction.

What is killed in the middle has done its last batch wholly or not at all, and goes on with the rows
that no batch has marked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import or_
from sqlmodel import col

from gateway.admin_ports import (
    AuditLog,
    Carried,
    Changes,
    Fault,
    PeopleBulk,
    PersonPlan,
    PersonWish,
    Principal,
    Promised,
)
from gateway.credentials.secrets import Secrets
from gateway.features.imports.reading import column_named
from gateway.features.imports.rows import text_fault
from gateway.http.app import is_text
from gateway.permissions import of_scopes
from gateway.storage.ids import utc_now
from gateway.storage.storage import Storage, TenantSession
from gateway.storage.tables.people import PeopleImport, PeopleImportRow

Row = PeopleImportRow
_DOING = ("create", "update")
_GOES_ON = ("planning", "applying", "undoing")


class ImportSteps:
    def __init__(
        self, storage: Storage, people: PeopleBulk, audit: AuditLog, secrets: Secrets
    ) -> None:
        self._storage = storage
        self._people = people
        self._audit = audit
        self._secrets = secrets

    async def unfinished(self) -> list[tuple[str, str]]:
        """(tenant, import) of what a restart has interrupted."""
        async with self._storage.index() as index:
            tenants = await index.tenant_ids()
        found: list[tuple[str, str]] = []
        for tenant_id in tenants:
            async with self._storage.read(tenant_id) as db:
                going = await db.find(PeopleImport, col(PeopleImport.state).in_(_GOES_ON))
            found += [(tenant_id, one.id) for one in going]
        return found

    async def step(self, tenant_id: str, import_id: str, size: int) -> bool:
        """True: there is more to do."""
        async with self._storage.write(tenant_id) as db:
            await db.lock_tenant()
            one = await db.get(PeopleImport, import_id)
            match one.state if one is not None else "":
                case "planning":
                    assert one is not None
                    return await self._plan(db, one, size)
                case "applying":
                    assert one is not None
                    return await self._apply(db, one, size)
                case "undoing":
                    assert one is not None
                    return await self._undo(db, one, size)
        return False

    async def give_up_row(self, tenant_id: str, import_id: str) -> None:
        """The next row cannot be written, whatever the plan says: the others go on without it."""
        fault = {"column": "email", "code": "conflict", "reason": "This row contradicts another"}
        async with self._storage.write(tenant_id) as db:
            one = await db.get(PeopleImport, import_id)
            if one is None:
                return
            undoing = one.state == "undoing"
            rows = await (_applied(db, one, 1) if undoing else _waiting(db, one, 1))
            for row in rows:
                state = "kept" if undoing else "failed"
                await db.update(Row, Row.id == row.id, state=state, faults=[fault])
                await _progress(db, one, Counter({state: 1}), 1)

    async def fail(self, tenant_id: str, import_id: str) -> None:
        """No step will come further than the last: this one ends here, with what it has done."""
        async with self._storage.write(tenant_id) as db:
            await db.update(
                PeopleImport,
                PeopleImport.id == import_id,
                col(PeopleImport.state).in_(_GOES_ON),
                state="failed",
            )

    # --- the three kinds of step ------------------------------------------------------------

    async def _plan(self, db: TenantSession, one: PeopleImport, size: int) -> bool:
        rows = await _unplanned(db, one, size)
        if not rows:
            await db.update(PeopleImport, PeopleImport.id == one.id, state="planned")
            return False
        wishes = self._wishes(rows)
        fillings = await self._people.fill_in(db, wishes, _promised(db, one))
        plans = await self._people.plan(
            db,
            principal_of(one),
            [filling.into(wish) for filling, wish in zip(fillings, wishes, strict=True)],
            source="import",
            planned=one.counts.get("create", 0),
        )
        marks, counts = [], Counter[str]()
        for row, plan, filling in zip(rows, plans, fillings, strict=True):
            read = [*row.faults, *_no_texts(one, row), *_told(one, filling.faults)]
            faults = _together(read, _told(one, plan.faults))
            action = "error" if faults else plan.action
            counts[action] += 1
            counts["warning"] += bool(plan.warnings)
            marks.append(
                {
                    "id": row.id,
                    "action": action,
                    "state": "planned",
                    "user_id": plan.user_id,
                    "changes": {} if faults else _listed(plan.changes),
                    "faults": faults,
                    "warnings": _told(one, plan.warnings),
                    # Applying goes by what was shown, whatever becomes of the template.
                    "wish": {**filling.added, **row.wish},
                }
            )
        await db.update_each(Row, marks)
        await _progress(db, one, counts, len(rows))
        return True

    async def _apply(self, db: TenantSession, one: PeopleImport, size: int) -> bool:
        who = principal_of(one)
        rows = await _waiting(db, one, size)
        if not rows:
            await db.update(
                PeopleImport, PeopleImport.id == one.id, state="applied", applied_at=utc_now()
            )
            await self._record(db, who, "import.applied", one, _outcome(one))
            return False
        expected = [_paired(row.changes) for row in rows]
        carried = await self._people.carry_out(
            db, who, self._wishes(rows), source="import", expected=expected
        )
        marks = [_applied_mark(one, row, *pair) for row, pair in zip(rows, carried, strict=True)]
        await db.update_each(Row, marks)
        await _progress(db, one, Counter(mark["state"] for mark in marks), len(rows))
        done = [mark for mark in marks if mark["state"] == "applied" and mark["user_id"]]
        await self._record(
            db,
            who,
            "import.apply",
            one,
            {
                "created": [mark["user_id"] for mark in done if mark["before"] is None],
                "changed": [mark["user_id"] for mark in done if mark["before"] is not None],
            },
        )
        return True

    async def _undo(self, db: TenantSession, one: PeopleImport, size: int) -> bool:
        who = principal_of(one)
        rows = await _applied(db, one, size)
        if not rows:
            await db.update(
                PeopleImport, PeopleImport.id == one.id, state="undone", undone_at=utc_now()
            )
            await self._record(db, who, "import.undone", one, _outcome(one))
            return False
        done = [Carried(row.user_id or "", row.version_after or 0, row.before) for row in rows]
        faults = await self._people.undo(db, who, done)
        marks = [
            {
                "id": row.id,
                "state": "undone" if fault is None else "kept",
                "faults": [] if fault is None else _told(one, [fault]),
            }
            for row, fault in zip(rows, faults, strict=True)
        ]
        await db.update_each(Row, marks)
        await _progress(db, one, Counter(str(mark["state"]) for mark in marks), len(rows))
        back = [row.user_id for row, fault in zip(rows, faults, strict=True) if fault is None]
        await self._record(db, who, "import.undo", one, {"people": back})
        return True

    # --- inside -----------------------------------------------------------------------------

    def _wishes(self, rows: Sequence[Row]) -> list[PersonWish]:
        return [wish_of(self._secrets, row) for row in rows]

    async def _record(
        self,
        db: TenantSession,
        who: Principal,
        action: str,
        one: PeopleImport,
        after: Mapping[str, Any],
    ) -> None:
        """Ids and numbers only: who is erased later must not be named for ever."""
        await self._audit.record(
            db, who, action, "import", one.id, target_name=one.filename, after=after
        )


async def _unplanned(db: TenantSession, one: PeopleImport, size: int) -> list[Row]:
    """Rows that name their number come first: no other is to be given it."""
    new = [Row.import_id == one.id, Row.state == "new"]
    for where in ([*new, _text(Row.wish, "number").is_not(None)], new):
        if rows := await db.find(Row, *where, order_by=[col(Row.number)], limit=size):
            return rows
    return []


def _promised(db: TenantSession, one: PeopleImport) -> Promised:
    """What the rows that are planned already are going to have, in its stored form."""

    async def numbers() -> list[tuple[str | None, str]]:
        site, number, desk = (
            _text(Row.changes, name, 1) for name in ("site_id", "number", "desk_number")
        )
        planned = [Row.import_id == one.id, Row.state == "planned", or_(number != "", desk != "")]
        found = await db.rows(Row, (site, number, desk), *planned)
        return [(at, value) for at, *values in found for value in values if value]

    return numbers


def _text(column: Any, *path: str | int) -> Any:
    return col(column)[path].as_string()


async def _waiting(db: TenantSession, one: PeopleImport, size: int) -> list[Row]:
    return await db.find(
        Row,
        Row.import_id == one.id,
        Row.state == "planned",
        col(Row.action).in_(_DOING),
        order_by=[col(Row.number)],
        limit=size,
    )


async def _applied(db: TenantSession, one: PeopleImport, size: int) -> list[Row]:
    """The last first: what a later row took, an earlier one may have left."""
    return await db.find(
        Row,
        Row.import_id == one.id,
        Row.state == "applied",
        col(Row.action).in_(_DOING),
        order_by=[col(Row.number).desc()],
        limit=size,
    )


def _applied_mark(
    one: PeopleImport, row: Row, plan: PersonPlan, done: Carried | None
) -> dict[str, Any]:
    failed = plan.action == "error"
    return {
        "id": row.id,
        "action": row.action if done is not None or failed else "unchanged",
        "state": "failed" if failed else "applied",
        "user_id": plan.user_id if done is None else done.user_id,
        "faults": _told(one, plan.faults) if failed else [],
        "before": None if done is None else done.before,
        "version_after": None if done is None else done.version,
        "secret": None,
    }


async def _progress(db: TenantSession, one: PeopleImport, counts: Counter[str], rows: int) -> None:
    total = Counter(one.counts)
    total.update(counts)
    await db.update(
        PeopleImport, PeopleImport.id == one.id, counts=dict(total), done=one.done + rows
    )


def _outcome(one: PeopleImport) -> dict[str, int]:
    return {name: count for name, count in one.counts.items() if count}


def principal_of(one: PeopleImport) -> Principal:
    kept = one.principal
    return Principal(
        one.tenant_id,
        kept["kind"],
        kept["id"],
        kept["name"],
        of_scopes(kept["permissions"]),
        kept["client_ip"],
    )


def principal_json(who: Principal) -> dict[str, Any]:
    return {
        "kind": who.kind,
        "id": who.id,
        "name": who.name,
        "permissions": sorted(who.permissions),
        "client_ip": who.client_ip,
    }


def secret_context(tenant_id: str, import_id: str, number: int) -> str:
    return f"import/{tenant_id}/{import_id}/{number}"


def wish_of(secrets: Secrets, row: Row) -> PersonWish:
    said = {name: value for name, value in row.wish.items() if is_text(value)}
    email = said.pop("email", "")
    if row.secret is not None:
        context = secret_context(row.tenant_id, row.import_id, row.number)
        said["auth_password"] = secrets.unseal(row.secret, context)
    return PersonWish(email, said)


def _no_texts(one: PeopleImport, row: Row) -> list[dict[str, str]]:
    """Of files that were read before readers looked for it."""
    found = (
        text_fault(column_named(one.reading, name), value or "") for name, value in row.wish.items()
    )
    return [fault.to_json() for fault in found if fault is not None]


def _listed(changes: Changes) -> dict[str, list[str | None]]:
    return {name: list(pair) for name, pair in changes.items()}


def _paired(changes: Mapping[str, Sequence[str | None]]) -> Changes:
    return {name: (pair[0], pair[1]) for name, pair in changes.items()}


def _told(one: PeopleImport, faults: Sequence[Fault]) -> list[dict[str, str]]:
    return [
        {
            "column": column_named(one.reading, fault.field),
            "code": fault.code,
            "reason": fault.words,
        }
        for fault in faults
    ]


def _together(
    read: Sequence[Mapping[str, str]], planned: Sequence[dict[str, str]]
) -> list[dict[str, str]]:
    """What reading found comes first; what follows from it is not said again."""
    columns = {fault["column"] for fault in read}
    return [dict(fault) for fault in read] + [
        fault for fault in planned if fault["column"] not in columns
    ]
