"""/admin/sites/{id}/test-calls."""

from __future__ import annotations

from pydantic import Field

from gateway.features.test_calls.models import NewTestCall, TestCall, TestCallList
from gateway.features.test_calls.service import TestCallsService
from gateway.http.endpoint import Exchange, RequestModel, endpoint
from gateway.permissions import Permission


class TestCallsQuery(RequestModel):
    cursor: str | None = Field(default=None, max_length=500)


class TestCallsApi:
    __test__ = False  # no test, whatever its name begins with

    def __init__(self, service: TestCallsService) -> None:
        self._service = service

    @endpoint(
        "POST",
        "/admin/sites/{id}/test-calls",
        "Place a call through connector and telephone system that proves signalling and sound",
        body=NewTestCall,
        reply=TestCall,
        status=202,
        problems=(
            (404, "not_found"),
            (409, "test_running"),
            (422, "line_unknown"),
            (422, "number_emergency"),
            (422, "number_invalid"),
            (429, "rate_limited"),
        ),
        max_body=4096,
        permission=Permission.CONNECTOR_TEST,
    )
    async def place(self, exchange: Exchange) -> TestCall:
        return await self._service.place(
            exchange.principal, exchange.params["id"], exchange.body(NewTestCall)
        )

    @endpoint(
        "GET",
        "/admin/sites/{id}/test-calls",
        "The site's test calls, latest first",
        query=TestCallsQuery,
        reply=TestCallList,
        problems=((404, "not_found"), (422, "bad_cursor")),
        permission=Permission.CONNECTOR_READ,
    )
    async def calls(self, exchange: Exchange) -> TestCallList:
        return await self._service.calls(
            exchange.principal.tenant_id,
            exchange.params["id"],
            exchange.query(TestCallsQuery).cursor,
        )

    @endpoint(
        "GET",
        "/admin/sites/{id}/test-calls/{call}",
        "One test call, step by step, also while it runs",
        reply=TestCall,
        problems=((404, "not_found"),),
        permission=Permission.CONNECTOR_READ,
    )
    async def call(self, exchange: Exchange) -> TestCall:
        return await self._service.call(
            exchange.principal.tenant_id, exchange.params["id"], exchange.params["call"]
        )
