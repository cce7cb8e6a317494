"""The JSON API: operate phones, read what they heard, watch calls."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from emulator.console.guard import problem
from emulator.console.history import History
from emulator.console.trace import TraceLog
from emulator.console.views import call_view, extension_view, heard_view, status_view
from emulator.faults import FaultSettings
from emulator.pbx import Pbx
from emulator.phones.phone import PhoneError, VirtualPhone
from media.audio import wav


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Dial(Body):
    number: str = Field(min_length=1, max_length=32)


class Digits(Body):
    digits: str = Field(min_length=1, max_length=400)
    duration_ms: int = Field(default=100, ge=40, le=5000)
    gap_ms: int = Field(default=70, ge=20, le=5000)


class Hold(Body):
    on: bool


class Say(Body):
    what: str = Field(max_length=64)


class Auto(Body):
    seconds: float | None = Field(default=None, ge=0, le=300)


class HeardQuery(Body):
    seconds: float = Field(default=1.0, gt=0, le=60)
    frequency: float | None = Field(default=None, ge=20, le=3999)
    prompt: str | None = None


Action = Callable[[VirtualPhone, Any], Awaitable[None] | None]


ACTIONS: dict[str, tuple[type[Body], Action]] = {
    "lift": (Body, lambda phone, _: phone.lift()),
    "answer": (Body, lambda phone, _: phone.answer()),
    "hangup": (Body, lambda phone, _: phone.hang_up()),
    "dial": (Dial, lambda phone, body: phone.dial(body.number)),
    "digits": (Digits, lambda phone, b: phone.keys(b.digits, b.duration_ms, b.gap_ms)),
    "hold": (Hold, lambda phone, body: phone.hold(body.on)),
    "say": (Say, lambda phone, body: phone.say(body.what)),
    "auto": (Auto, lambda phone, body: phone.answer_after(body.seconds)),
}


class Api:
    def __init__(self, pbx: Pbx, trace: TraceLog, history: History) -> None:
        self._pbx = pbx
        self._trace = trace
        self._history = history

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/api/phones", self.phones),
            web.get("/api/phones/{number}", self.phone),
            web.get("/api/phones/{number}/heard", self.heard),
            web.get("/api/phones/{number}/heard.wav", self.heard_wav),
            web.post("/api/phones/{number}/{action}", self.act),
            web.get("/api/calls", self.calls),
            web.get("/api/calls/{id}/trace", self.call_trace),
            web.get("/api/trace", self.latest_trace),
            web.get("/api/status", self.status),
            web.get("/api/faults", self.faults),
            web.put("/api/faults", self.set_faults),
            web.post("/api/faults/drop-links", self.drop_links),
            web.post("/api/restart", self.restart),
        ]

    def _virtual(self, request: web.Request) -> VirtualPhone:
        number = request.match_info["number"]
        phone = self._pbx.phones.get(number)
        if phone is None:
            raise LookupError(f"there is no virtual phone {number}")
        return phone

    async def phones(self, request: web.Request) -> web.Response:
        views = [extension_view(self._pbx, extension) for extension in self._pbx.plan]
        return web.json_response({"phones": views})

    async def phone(self, request: web.Request) -> web.Response:
        extension = self._pbx.plan.extension(request.match_info["number"])
        if extension is None:
            return problem(404, "Not found", "no such number")
        return web.json_response(extension_view(self._pbx, extension))

    async def act(self, request: web.Request) -> web.Response:
        kind, action = ACTIONS.get(request.match_info["action"], (None, None))
        if kind is None or action is None:
            return problem(404, "Not found", f"a phone can {', '.join(ACTIONS)}")
        if request.can_read_body and request.content_type != "application/json":
            return problem(415, "Unsupported media type", "the body must be application/json")
        try:
            phone = self._virtual(request)
            body = kind.model_validate_json(await request.read() or b"{}")
            waits = action(phone, body)
            if waits is not None:
                await waits
        except LookupError as error:
            return problem(404, "Not found", str(error))
        except ValidationError as error:
            return problem(400, "Bad request", str(error.errors(include_url=False)[0]["msg"]))
        except PhoneError as error:
            return problem(409, "Not now", str(error))
        return web.json_response(extension_view(self._pbx, phone.extension))

    async def heard(self, request: web.Request) -> web.Response:
        try:
            phone = self._virtual(request)
            query = HeardQuery.model_validate(dict(request.query))
            view = heard_view(phone, query.seconds, query.frequency, query.prompt)
        except LookupError as error:
            return problem(404, "Not found", str(error))
        except (ValidationError, wav.WavError) as error:
            return problem(400, "Bad request", str(error))
        return web.json_response(view)

    async def heard_wav(self, request: web.Request) -> web.Response:
        try:
            phone = self._virtual(request)
        except LookupError as error:
            return problem(404, "Not found", str(error))
        if phone.end is None:
            return problem(404, "Not found", "nothing was heard yet")
        return web.Response(body=phone.end.heard.wav(), content_type="audio/wav")

    async def calls(self, request: web.Request) -> web.Response:
        views = [call_view(call) for call in self._pbx.calls.values()]
        return web.json_response({"calls": views, "ended": self._history.ended()})

    async def call_trace(self, request: web.Request) -> web.Response:
        call_ids = self._history.call_ids(request.match_info["id"])
        if call_ids is None:
            return problem(404, "Not found", "no such call")
        entries = [entry.to_json() for entry in self._trace.of(call_ids)]
        return web.json_response({"call_ids": sorted(call_ids), "messages": entries})

    async def latest_trace(self, request: web.Request) -> web.Response:
        entries = [entry.to_json() for entry in self._trace.latest()]
        return web.json_response({"messages": entries})

    async def status(self, request: web.Request) -> web.Response:
        return web.json_response(status_view(self._pbx))

    async def faults(self, request: web.Request) -> web.Response:
        return web.json_response(self._pbx.faults.now.model_dump())

    async def set_faults(self, request: web.Request) -> web.Response:
        """All switches at once; what is left out is off."""
        try:
            self._pbx.faults.now = FaultSettings.model_validate_json(await request.read() or b"{}")
        except ValidationError as error:
            return problem(400, "Bad request", str(error.errors(include_url=False)[0]["msg"]))
        return await self.faults(request)

    async def drop_links(self, request: web.Request) -> web.Response:
        self._pbx.drop_links()
        return web.json_response({})

    async def restart(self, request: web.Request) -> web.Response:
        self._pbx.restart()
        return web.json_response({})
