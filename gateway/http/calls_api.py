"""/calls: the REST door to the same commands that Socket.IO carries (``command_id`` = the key)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

from pydantic import ConfigDict, Field, RootModel

from gateway.calls.view import Call
from gateway.http.endpoint import Exchange, ReplyModel, RequestModel, endpoint
from gateway.ports import CallService, CommandResult, JsonObject, Problem
from gateway.realtime.verbs import CALL_MAKERS, MAX_ID, VERBS
from gateway.storage.ids import new_id


class DialRequest(RequestModel):
    to: str = Field(min_length=1, max_length=256, description="as typed, pasted or clicked")
    speak_through: Literal["device", "desk_phone", "alternative"] = Field(
        default="device",
        alias="from",
        description="desk_phone: the call comes as an event, the reply has none; "
        "alternative: the PBX rings your alternative number first",
    )
    hide_number: bool = Field(default=False, description="the other side does not see yours")


class PickupRequest(RequestModel):
    """Either of them: a call that was offered by ``pickup.offer``, or a number where one rings."""

    id: str | None = Field(default=None, max_length=MAX_ID)
    number: str | None = Field(default=None, max_length=256)


class UnparkRequest(RequestModel):
    slot: str = Field(pattern=r"^[0-9]{1,8}$")


class VerbRequest(RootModel[dict[str, Any]]):
    """The verb's own members, as on the socket."""

    model_config = ConfigDict(frozen=True)
    root: dict[str, Any] = Field(default_factory=dict, examples=[{"to": "102"}])


class CallsView(ReplyModel):
    items: list[Call]


class CommandView(ReplyModel):
    ok: Literal[True] = True
    call: Call | None = None
    extra: JsonObject = Field(default_factory=dict)


#: What may be said to a command that begins a call.
NEW_CALL = (
    (409, "moving"),
    (409, "no_line"),
    (409, "not_offered"),
    (409, "switching"),
    (429, "too_many_calls"),
    (503, "restarting"),
)
#: What a phone system may say that is asked to do it.
OF_PBX = ((502, "pbx_refused"), (503, "pbx_unreachable"))
_NUMBER = ((422, "number_invalid"), (422, "number_missing"))
#: To dial with ``from``.
DIALLING = (*NEW_CALL, *_NUMBER, *OF_PBX, (409, "no_alternative_number"))
#: Of all verbs on a call that is there.
OF_VERBS = (
    *NEW_CALL,
    *_NUMBER,
    *OF_PBX,
    (404, "verb_unknown"),
    (404, "call_unknown"),
    (404, "participant_unknown"),
    (409, "answered_elsewhere"),
    (409, "call_over"),
    (409, "not_now"),
    (409, "not_ringing"),
    (422, "digits_invalid"),
    (422, "hide_number_invalid"),
    (422, "place_invalid"),
    (422, "slot_invalid"),
)
#: Of those about its sound, which a program has none of.
_OF_SOUND = (
    (409, "on_other_device"),
    (409, "superseded"),
    (413, "sdp_too_large"),
    (422, "generation_invalid"),
    (422, "sdp_invalid"),
    (422, "take_invalid"),
)


class CallsApi:
    def __init__(
        self, calls: CallService, admits: Callable[[str], None] = lambda _verb: None
    ) -> None:
        self._calls = calls
        self._admits = admits

    @endpoint("GET", "/calls", "Your live calls", reply=CallsView)
    async def list(self, exchange: Exchange) -> CallsView:
        return CallsView.model_validate({"items": self._calls.calls_of(exchange.actor.user)})

    @endpoint(
        "POST",
        "/calls",
        "Dial",
        body=DialRequest,
        reply=CommandView,
        status=202,
        idempotent=True,
        problems=DIALLING,
    )
    async def dial(self, exchange: Exchange) -> CommandView:
        return await self._execute(
            exchange, "dial", exchange.body(DialRequest).model_dump(by_alias=True)
        )

    @endpoint(
        "POST",
        "/calls/pickup",
        "Take a call that rings at somebody else",
        body=PickupRequest,
        reply=CommandView,
        status=202,
        idempotent=True,
        problems=(
            *NEW_CALL,
            *_NUMBER,
            (404, "pickup_unknown"),
        ),
    )
    async def pickup(self, exchange: Exchange) -> CommandView:
        wanted = exchange.body(PickupRequest).model_dump(exclude_none=True)
        return await self._execute(exchange, "pickup", wanted)

    @endpoint(
        "POST",
        "/calls/unpark",
        "Fetch a parked call",
        body=UnparkRequest,
        reply=CommandView,
        status=202,
        idempotent=True,
        problems=(*NEW_CALL, (422, "slot_invalid")),
    )
    async def unpark(self, exchange: Exchange) -> CommandView:
        return await self._execute(exchange, "unpark", exchange.body(UnparkRequest).model_dump())

    @endpoint(
        "POST",
        "/calls/{id}/{verb}",
        "Command a call: " + ", ".join(sorted(VERBS - CALL_MAKERS)),
        body=VerbRequest,
        reply=CommandView,
        status=202,
        idempotent=True,
        problems=(*OF_VERBS, *_OF_SOUND),
    )
    async def command(self, exchange: Exchange) -> CommandView:
        verb, call_id = exchange.params["verb"], exchange.params["id"]
        if verb not in VERBS - CALL_MAKERS:
            raise Problem(404, "verb_unknown", "There is no such command")
        if len(call_id) > MAX_ID:
            raise Problem(404, "call_unknown", "There is no such call")
        body = exchange.body(VerbRequest).root
        return await self._execute(exchange, verb, {**body, "call_id": call_id})

    async def _execute(self, exchange: Exchange, verb: str, body: JsonObject) -> CommandView:
        self._admits(verb)
        command_id = exchange.request.headers.get("Idempotency-Key") or new_id()
        body["command_id"] = command_id
        result: CommandResult = await self._calls.execute(exchange.actor, verb, body, command_id)
        return CommandView.model_validate({"call": result.call, "extra": result.extra})
