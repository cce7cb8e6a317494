"""/forwarding."""

from __future__ import annotations

from typing import get_args

from gateway.features.forwarding.models import ForwardingChange, ForwardingView
from gateway.features.forwarding.service import ForwardingService
from gateway.http.endpoint import Exchange, endpoint
from gateway.pbx_ports import ForwardingKind
from gateway.ports import Problem

_KINDS: dict[str, ForwardingKind] = {kind: kind for kind in get_args(ForwardingKind)}


class ForwardingApi:
    def __init__(self, service: ForwardingService) -> None:
        self._service = service

    @endpoint("GET", "/forwarding", "Forwarding as your PBX has it now", reply=ForwardingView)
    async def forwarding(self, exchange: Exchange) -> ForwardingView:
        return await self._service.forwarding(exchange.actor.user)

    @endpoint(
        "PUT",
        "/forwarding/{kind}",
        "Switch one kind of forwarding on or off at your PBX",
        body=ForwardingChange,
        reply=ForwardingView,
        problems=(
            (404, "not_found"),
            (409, "no_line"),
            (409, "no_mailbox"),
            (409, "not_offered"),
            (422, "number_missing"),
            (422, "number_invalid"),
            (422, "forward_to_self"),
            (422, "forward_to_emergency"),
            (429, "too_fast"),
            (502, "pbx_refused"),
            (503, "pbx_unreachable"),
        ),
        max_body=4096,
    )
    async def change(self, exchange: Exchange) -> ForwardingView:
        kind = _KINDS.get(exchange.params["kind"])
        if kind is None:
            raise Problem(404, "not_found", "There is no such kind of forwarding")
        wanted = exchange.body(ForwardingChange)
        return await self._service.change(exchange.actor.user, kind, wanted)
