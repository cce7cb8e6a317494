"""Imports as administrators see them: a file becomes a plan, the plan is applied, or undone."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlmodel import col

from gateway.admin_ports import AuditLog, Inviter, Principal
from gateway.credentials.secrets import Secrets
from gateway.features.imports.columns import columns_of
from gateway.features.imports.models import (
    ColumnsQuery,
    ColumnView,
    CountsView,
    FileColumnsView,
    ImportList,
    ImportView,
    ReadingView,
    RowFaultView,
    RowsPage,
    RowsQuery,
    RowView,
    UploadQuery,
)
from gateway.features.imports.reading import read
from gateway.features.imports.rows import Options, ReadFile
from gateway.features.imports.steps import principal_json, secret_context
from gateway.http import cursor
from gateway.http.app import is_text
from gateway.permissions import Permission
from gateway.ports import Problem
from gateway.storage.ids import new_id, utc_now
from gateway.storage.storage import Storage, TenantSession
from gateway.storage.tables.people import PeopleImport, PeopleImportRow
from gateway.uploads.faults import FileFault

KEEP = timedelta(days=90)
#: Imports of one tenant that are kept; the oldest go.
MAX_KEPT = 50
_AT_REST = ("planned", "applied", "undone", "failed")
#: The log has the rest; it may name people.
_FAILED = "The gateway could not go on with this import; what it had done until then is kept"

Wake = Callable[[str, str], None]
Row = PeopleImportRow


class ImportsService:
    def __init__(
        self, storage: Storage, secrets: Secrets, audit: AuditLog, inviter: Inviter, wake: Wake
    ) -> None:
        self._storage = storage
        self._secrets = secrets
        self._audit = audit
        self._inviter = inviter
        self._wake = wake

    async def upload(self, who: Principal, raw: bytes, query: UploadQuery) -> ImportView:
        options = Options(
            query.encoding, query.separator, _mapping(query.mapping), query.site, query.template
        )
        import_id = new_id()
        try:
            found, rows = await asyncio.to_thread(
                self._read, who.tenant_id, import_id, raw, options
            )
        except FileFault as fault:
            raise _refused(fault) from None
        one = PeopleImport(
            id=import_id,
            tenant_id=who.tenant_id,
            filename=_printable(query.filename),
            format=found.format,
            digest=hashlib.sha256(raw).digest(),
            reading=found.reading,
            state="planning",
            total=len(rows),
            created_by=who.name,
            principal=principal_json(who),
        )
        async with self._storage.write(who.tenant_id) as db:
            await self._forget_old(db)
            await db.add(one)
            for start in range(0, len(rows), 1000):
                await db.insert_all(Row, rows[start : start + 1000])
            await self._record(db, who, "import.upload", one, {"rows": one.total})
        self._wake(who.tenant_id, import_id)
        return _view(one)

    async def columns(self, raw: bytes, query: ColumnsQuery) -> FileColumnsView:
        options = Options(query.encoding, query.separator)
        try:
            found = await asyncio.to_thread(columns_of, raw, options)
        except FileFault as fault:
            raise _refused(fault) from None
        return FileColumnsView(
            format=found.format,
            encoding=found.encoding,
            separator=found.separator,
            columns=[
                ColumnView(name=one.name, field=one.field, samples=one.samples)
                for one in found.columns
            ],
            fields=list(found.fields),
        )

    async def newest(self, tenant_id: str) -> ImportList:
        async with self._storage.read(tenant_id) as db:
            found = await db.find(
                PeopleImport, order_by=[col(PeopleImport.id).desc()], limit=MAX_KEPT
            )
        return ImportList(items=[_view(one) for one in found], next_cursor=None)

    async def get(self, tenant_id: str, import_id: str) -> ImportView:
        async with self._storage.read(tenant_id) as db:
            return _view(await _known(db, import_id))

    async def rows(self, tenant_id: str, import_id: str, query: RowsQuery) -> RowsPage:
        where: list[Any] = [Row.import_id == import_id]
        if query.action is not None:
            where.append(Row.action == query.action)
        if query.state is not None:
            where.append(Row.state == query.state)
        if query.cursor is not None:
            where.append(col(Row.number) > _number(query.cursor))
        async with self._storage.read(tenant_id) as db:
            await _known(db, import_id)
            found = await db.find(Row, *where, order_by=[col(Row.number)], limit=query.limit + 1)
        more = len(found) > query.limit
        found = found[: query.limit]
        following = cursor.encode(str(found[-1].number)) if more else None
        return RowsPage(items=[_row_view(row) for row in found], next_cursor=following)

    async def apply(
        self, who: Principal, import_id: str, skip_errors: bool, invite: bool = False
    ) -> ImportView:
        if invite and not who.may(Permission.PEOPLE_INVITE):
            raise Problem(403, "permission_missing", "This needs the permission people.invite")
        async with self._storage.write(who.tenant_id) as db:
            one = await _known(db, import_id)
            if one.state == "planned" and one.counts.get("error") and not skip_errors:
                words = "Some rows have errors: leave them out, or import a mended file"
                raise Problem(409, "import_has_errors", words, errors_in=one.counts["error"])
            await self._go(db, who, one, "planned", "applying")
            wanted = {"skip_errors": skip_errors, "invite": invite}
            await self._record(db, who, "import.start", one, wanted)
            if invite:
                await self._inviter.invite_import(db, who, import_id)
        self._wake(who.tenant_id, import_id)
        return await self.get(who.tenant_id, import_id)

    async def undo(self, who: Principal, import_id: str) -> ImportView:
        async with self._storage.write(who.tenant_id) as db:
            one = await _known(db, import_id)
            halfway = one.state == "failed" and one.counts.get("applied", 0) > 0
            await self._go(db, who, one, "failed" if halfway else "applied", "undoing")
            await self._record(db, who, "import.start_undo", one, {})
        self._wake(who.tenant_id, import_id)
        return await self.get(who.tenant_id, import_id)

    async def delete(self, who: Principal, import_id: str) -> None:
        async with self._storage.write(who.tenant_id) as db:
            one = await _known(db, import_id)
            if one.state in ("applying", "undoing"):
                raise Problem(409, "import_busy", "This import is being worked on")
            await db.delete(Row, Row.import_id == import_id)
            await db.delete(PeopleImport, PeopleImport.id == import_id)
            await self._record(db, who, "import.delete", one, {})

    # --- inside -----------------------------------------------------------------------------

    def _read(
        self, tenant_id: str, import_id: str, raw: bytes, options: Options
    ) -> tuple[ReadFile, list[dict[str, Any]]]:
        """In a thread: the rows as they are stored, with the PBX passwords sealed."""
        found = read(raw, options)
        rows = []
        for row in found.rows:
            said = dict(row.said)
            password = said.pop("auth_password", None)
            context = secret_context(tenant_id, import_id, row.number)
            rows.append(
                {
                    "id": new_id(),
                    "import_id": import_id,
                    "number": row.number,
                    "state": "new",
                    "action": "",
                    "wish": {"email": row.email, **said},
                    "secret": self._secrets.seal(password, context) if password else None,
                    "changes": {},
                    "faults": [fault.to_json() for fault in row.faults],
                    "warnings": [],
                }
            )
        return found, rows

    async def _go(
        self, db: TenantSession, who: Principal, one: PeopleImport, before: str, after: str
    ) -> None:
        """From one state to the next, once: of two who ask at a time one is refused."""
        counts = Counter(one.counts)
        total = counts["create"] + counts["update"] if after == "applying" else counts["applied"]
        changed = await db.update(
            PeopleImport,
            PeopleImport.id == one.id,
            PeopleImport.state == before,
            state=after,
            done=0,
            total=total,
            principal=principal_json(who),
        )
        if not changed:
            raise Problem(409, "import_state", f"This import is {one.state}", state=one.state)

    async def _forget_old(self, db: TenantSession) -> None:
        resting = await db.find(
            PeopleImport,
            col(PeopleImport.state).in_(_AT_REST),
            order_by=[col(PeopleImport.id).desc()],
        )
        limit = utc_now() - KEEP
        for index, one in enumerate(resting):
            if index >= MAX_KEPT - 1 or one.created_at < limit:
                await db.delete(Row, Row.import_id == one.id)
                await db.delete(PeopleImport, PeopleImport.id == one.id)

    async def _record(
        self,
        db: TenantSession,
        who: Principal,
        action: str,
        one: PeopleImport,
        after: dict[str, Any],
    ) -> None:
        said = {"sha256": one.digest.hex(), **after}
        await self._audit.record(
            db, who, action, "import", one.id, target_name=one.filename, after=said
        )


async def _known(db: TenantSession, import_id: str) -> PeopleImport:
    one = await db.get(PeopleImport, import_id)
    if one is None:
        raise Problem(404, "not_found", "There is no such import")
    return one


def _mapping(text: str) -> dict[str, str]:
    if not text:
        return {}
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    texts = isinstance(found, dict) and all(isinstance(value, str) for value in found.values())
    if not texts or not is_text(found):
        raise Problem(422, "mapping_unknown", "The mapping must be an object of texts")
    return dict(found)


def _refused(fault: FileFault) -> Problem:
    error = {
        "row": fault.row,
        "column": fault.column,
        "code": fault.code,
        "reason": fault.reason,
    }
    return Problem(422, fault.code, fault.reason, rows=[error], columns=fault.columns[:200])


def _number(text: str) -> int:
    (number,) = cursor.decode(text, 1)
    if not number.isascii() or not number.isdigit() or len(number) > 9:
        raise Problem(422, "bad_cursor", "This cursor is not one of ours")
    return int(number)


def _printable(text: str) -> str:
    return "".join(sign for sign in text if sign.isprintable())[:200]


def _view(one: PeopleImport) -> ImportView:
    known = {name: one.counts.get(name, 0) for name in CountsView.model_fields}
    return ImportView(
        id=one.id,
        filename=one.filename,
        format=one.format,  # type: ignore[arg-type]
        reading=ReadingView(**one.reading),
        state=one.state,  # type: ignore[arg-type]
        failure=_FAILED if one.state == "failed" else "",
        total=one.total,
        done=one.done,
        counts=CountsView(**known),
        created_by=one.created_by,
        created_at=one.created_at,
        applied_at=one.applied_at,
        undone_at=one.undone_at,
    )


def _row_view(row: Row) -> RowView:
    return RowView(
        number=row.number,
        action=row.action or None,  # type: ignore[arg-type]
        state=row.state,  # type: ignore[arg-type]
        user_id=row.user_id,
        email=row.wish.get("email") or "",
        name=row.wish.get("name") or "",
        changes=row.changes,
        faults=[RowFaultView(**fault) for fault in row.faults],
        warnings=[RowFaultView(**warning) for warning in row.warnings],
    )
