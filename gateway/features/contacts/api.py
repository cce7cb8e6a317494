"""/contacts for oneself, /admin/contacts for the whole company."""

from __future__ import annotations

import asyncio

from gateway.features.contacts import files
from gateway.features.contacts.files import Found, LeftOut
from gateway.features.contacts.models import (
    ContactsImported,
    ContactsPage,
    ContactsQuery,
    ContactView,
    ContactWish,
    ImportFaultView,
)
from gateway.features.contacts.service import ContactsService
from gateway.features.contacts.taking_in import TakenIn
from gateway.http.endpoint import Exchange, Reply, endpoint
from gateway.http.etag import IF_MATCH, IF_MATCH_PROBLEMS, if_match, with_etag
from gateway.permissions import Permission
from gateway.ports import Problem
from gateway.uploads.faults import FileFault

_UNKNOWN = (404, "contact_unknown")
_WRITING = ((422, "number_invalid"), (409, "too_many_contacts"))
_CURSOR = ((422, "bad_cursor"),)
_MEDIA_TYPES = (
    "text/csv",
    "text/vcard",
    "text/x-vcard",
    "text/plain",
    "application/vnd.ms-excel",
    "application/octet-stream",
)
_MAX_FILE = 8 * 1024 * 1024
_FILE = (
    *_WRITING,
    (409, "in_progress"),
    *(
        (422, code)
        for code in (
            "column_missing",
            "file_binary",
            "file_csv",
            "file_empty",
            "file_encoding",
            "file_packed",
            "too_many_columns",
            "too_many_rows",
        )
    ),
)
_SHOWN_FAULTS = 100


class ContactsApi:
    def __init__(self, service: ContactsService) -> None:
        self._service = service

    @endpoint(
        "GET",
        "/contacts",
        "Your contacts and the company's, by the beginning of a word or of a number",
        query=ContactsQuery,
        reply=ContactsPage,
        problems=_CURSOR,
    )
    async def list(self, exchange: Exchange) -> ContactsPage:
        user = exchange.actor.user
        return await self._service.page(user.tenant_id, user.user_id, exchange.query(ContactsQuery))

    @endpoint(
        "POST",
        "/contacts",
        "A new contact of your own",
        body=ContactWish,
        reply=ContactView,
        status=201,
        problems=_WRITING,
        idempotent=True,
    )
    async def create(self, exchange: Exchange) -> Reply:
        user = exchange.actor.user
        view = await self._service.create(user.tenant_id, user.user_id, exchange.body(ContactWish))
        return _created(view)

    @endpoint(
        "POST",
        "/contacts/import",
        "Contacts from a CSV or vCard file; what is there already stays as it is",
        upload=_MEDIA_TYPES,
        max_body=_MAX_FILE,
        reply=ContactsImported,
        problems=_FILE,
    )
    async def import_file(self, exchange: Exchange) -> ContactsImported:
        user = exchange.actor.user
        found, faults = await _read(exchange.upload)
        taken = await self._service.take_in(user.tenant_id, user.user_id, found)
        return _imported(taken, faults)

    @endpoint(
        "GET",
        "/contacts/{id}",
        "One contact, with an ETag",
        reply=ContactView,
        problems=(_UNKNOWN,),
    )
    async def get(self, exchange: Exchange) -> Reply:
        user = exchange.actor.user
        view = await self._service.get(user.tenant_id, user.user_id, exchange.params["id"])
        return with_etag(view, view.version)

    @endpoint(
        "PUT",
        "/contacts/{id}",
        "Change a contact of your own",
        body=ContactWish,
        reply=ContactView,
        headers=(IF_MATCH,),
        problems=(_UNKNOWN, *_WRITING, *IF_MATCH_PROBLEMS),
    )
    async def change(self, exchange: Exchange) -> Reply:
        user = exchange.actor.user
        view = await self._service.change(
            user.tenant_id,
            user.user_id,
            exchange.params["id"],
            exchange.body(ContactWish),
            if_match(exchange),
        )
        return with_etag(view, view.version)

    @endpoint("DELETE", "/contacts/{id}", "Remove a contact of your own", problems=(_UNKNOWN,))
    async def delete(self, exchange: Exchange) -> None:
        user = exchange.actor.user
        await self._service.delete(user.tenant_id, user.user_id, exchange.params["id"])


class SharedContactsApi:
    """The company's address book, which everybody reads under /contacts."""

    def __init__(self, service: ContactsService) -> None:
        self._service = service

    @endpoint(
        "GET",
        "/admin/contacts",
        "The company's contacts",
        query=ContactsQuery,
        reply=ContactsPage,
        permission=Permission.CONTACTS_WRITE,
        problems=_CURSOR,
    )
    async def list(self, exchange: Exchange) -> ContactsPage:
        return await self._service.page(
            exchange.principal.tenant_id, None, exchange.query(ContactsQuery)
        )

    @endpoint(
        "POST",
        "/admin/contacts",
        "A new contact for everybody",
        body=ContactWish,
        reply=ContactView,
        status=201,
        permission=Permission.CONTACTS_WRITE,
        problems=_WRITING,
        idempotent=True,
    )
    async def create(self, exchange: Exchange) -> Reply:
        who = exchange.principal
        return _created(
            await self._service.create(who.tenant_id, None, exchange.body(ContactWish), who)
        )

    @endpoint(
        "POST",
        "/admin/contacts/import",
        "Contacts for everybody from a CSV or vCard file",
        upload=_MEDIA_TYPES,
        max_body=_MAX_FILE,
        reply=ContactsImported,
        permission=Permission.CONTACTS_WRITE,
        problems=_FILE,
    )
    async def import_file(self, exchange: Exchange) -> ContactsImported:
        who = exchange.principal
        found, faults = await _read(exchange.upload)
        return _imported(await self._service.take_in(who.tenant_id, None, found, who), faults)

    @endpoint(
        "PUT",
        "/admin/contacts/{id}",
        "Change a contact of the company",
        body=ContactWish,
        reply=ContactView,
        permission=Permission.CONTACTS_WRITE,
        headers=(IF_MATCH,),
        problems=(_UNKNOWN, *_WRITING, *IF_MATCH_PROBLEMS),
    )
    async def change(self, exchange: Exchange) -> Reply:
        who = exchange.principal
        view = await self._service.change(
            who.tenant_id,
            None,
            exchange.params["id"],
            exchange.body(ContactWish),
            if_match(exchange),
            who,
        )
        return with_etag(view, view.version)

    @endpoint(
        "DELETE",
        "/admin/contacts/{id}",
        "Remove a contact of the company",
        permission=Permission.CONTACTS_WRITE,
        problems=(_UNKNOWN,),
    )
    async def delete(self, exchange: Exchange) -> None:
        who = exchange.principal
        await self._service.delete(who.tenant_id, None, exchange.params["id"], who)


def _created(view: ContactView) -> Reply:
    return Reply(view, 201, headers={"ETag": f'"{view.version}"'})


async def _read(raw: bytes) -> tuple[list[Found], list[LeftOut]]:
    try:
        return await asyncio.to_thread(files.read, raw)
    except FileFault as fault:
        raise Problem(
            422,
            fault.code,
            "This file cannot be used",
            fault.reason,
            row=fault.row,
            column=fault.column,
            columns=fault.columns,
        ) from None


def _imported(taken: TakenIn, faults: list[LeftOut]) -> ContactsImported:
    left_out = sorted([*faults, *taken.faults], key=lambda one: one.row)
    return ContactsImported(
        created=taken.created,
        unchanged=taken.unchanged,
        faults=[
            ImportFaultView(row=one.row, column=one.column, code=one.code, reason=one.reason)
            for one in left_out[:_SHOWN_FAULTS]
        ],
        left_out=len(left_out),
    )
