"""/users/{id}/calls: calls of a user, seen and controlled by a program with an API key."""

from __future__ import annotations

from gateway.features.call_control.models import CallsOfUser, CommandForUser, DialForUser
from gateway.features.call_control.service import VERBS, CallControl
from gateway.http.calls_api import DIALLING, OF_VERBS, CommandView
from gateway.http.endpoint import Exchange, endpoint
from gateway.permissions import Permission
from gateway.ports import CommandResult
from gateway.storage.ids import new_id

_UNKNOWN = (404, "person_unknown")
_DEVICE = ((409, "device_offline"), (409, "device_ambiguous"), (409, "person_disabled"))


class CallControlApi:
    def __init__(self, control: CallControl) -> None:
        self._control = control

    @endpoint(
        "GET",
        "/users/{id}/calls",
        "Live calls of a user, named by id or e-mail address",
        reply=CallsOfUser,
        permission=Permission.CALLS_READ,
        problems=(_UNKNOWN,),
    )
    async def list(self, exchange: Exchange) -> CallsOfUser:
        return await self._control.calls_of(exchange.principal, exchange.params["id"])

    @endpoint(
        "POST",
        "/users/{id}/calls",
        "Dial for a user",
        body=DialForUser,
        reply=CommandView,
        status=202,
        idempotent=True,
        permission=Permission.CALLS_CONTROL,
        problems=(_UNKNOWN, *_DEVICE, *DIALLING),
    )
    async def dial(self, exchange: Exchange) -> CommandView:
        body = exchange.body(DialForUser).model_dump(by_alias=True)
        return _view(
            await self._control.dial(
                exchange.principal, exchange.params["id"], body, _command_id(exchange)
            )
        )

    @endpoint(
        "POST",
        "/users/{id}/calls/{call}/{verb}",
        "Command a user's call: " + ", ".join(sorted(VERBS)),
        body=CommandForUser,
        reply=CommandView,
        status=202,
        idempotent=True,
        permission=Permission.CALLS_CONTROL,
        problems=(_UNKNOWN, *_DEVICE, *OF_VERBS, (422, "call_id_missing")),
    )
    async def command(self, exchange: Exchange) -> CommandView:
        params = exchange.params
        body = exchange.body(CommandForUser).model_dump(by_alias=True, exclude_none=True)
        return _view(
            await self._control.command(
                exchange.principal,
                params["id"],
                params["call"],
                params["verb"],
                body,
                _command_id(exchange),
            )
        )


def _command_id(exchange: Exchange) -> str:
    return exchange.request.headers.get("Idempotency-Key") or new_id()


def _view(result: CommandResult) -> CommandView:
    return CommandView.model_validate({"call": result.call, "extra": result.extra})
