"""People that somebody picked from the list, as a file."""

from __future__ import annotations

from pydantic import Field

from gateway.features.people.care import PeopleCare
from gateway.features.people.models import Id
from gateway.features.people.reading import PeopleReader
from gateway.http.endpoint import Download, Exchange, RequestModel, endpoint
from gateway.http.spreadsheet import FileQuery
from gateway.permissions import Permission

_MOST = 5_000


class ChosenPeople(RequestModel):
    ids: list[Id] = Field(min_length=1, max_length=_MOST)


class ChosenPeopleApi:
    def __init__(self, reader: PeopleReader, care: PeopleCare) -> None:
        self._reader = reader
        self._care = care

    @endpoint(
        "POST",
        "/admin/people.csv",
        "Those you name as a file for spreadsheets; more than an address could hold",
        permission=Permission.PEOPLE_READ,
        body=ChosenPeople,
        query=FileQuery,
        max_body=45 * _MOST,
        file_type="text/csv",
        problems=((422, "bad_time_zone"),),
    )
    async def export(self, exchange: Exchange) -> Download:
        ids = list(dict.fromkeys(exchange.body(ChosenPeople).ids))
        tenant_id, query = exchange.principal.tenant_id, exchange.query(FileQuery)
        await self._care.exported(exchange.principal, ids)
        return Download("people.csv", self._reader.chosen_file(tenant_id, ids, query))
