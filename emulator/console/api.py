"""The JSON API: operate phones, read what they heard, watch calls."""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from emulator.console.guard import problem
from emulator.console.history import History
from emulator.console.trace import TraceLog
from emulator.console.views import call_view, extension_view, heard_view, status_view
from emulator.csta.face import CstaFace
from emulator.faults import FaultSettings
from emulator.pbx import Pbx
from emulator.phones.phone import PhoneError, VirtualPhone
from emulator.switch.codes import Code
from emulator.switch.features import Origin, Ringing, Target, When
from emulator.switch.model import SwitchError
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


class Switch(Body):
    on: bool


class Transfer(Body):
    number: str | None = Field(
        default=None, max_length=32, description="None: to the party of the second call"
    )


class Forward(Body):
    when: When = When.IMMEDIATE
    origin: Origin = Origin.ANY
    to: str | None = Field(default=None, max_length=32, description="None: off")


class Ring(Body):
    """How calls to an extension ring."""

    target: Target = Target.ALL
    ringing: Ringing = Ringing.PARALLEL
    alternative: str | None = Field(default=None, max_length=32)
    call_waiting: bool = True


Action = Callable[[VirtualPhone, Any], Awaitable[None] | None]


ACTIONS: dict[str, tuple[type[Body], Action]] = {
    "lift": (Body, lambda phone, _: phone.lift()),
    "answer": (Body, lambda phone, _: phone.answer()),
    "hangup": (Body, lambda phone, _: phone.hang_up()),
    "reject": (Body, lambda phone, _: phone.reject()),
    "dial": (Dial, lambda phone, body: phone.dial(body.number)),
    "digits": (Digits, lambda phone, b: phone.keys(b.digits, b.duration_ms, b.gap_ms)),
    "hold": (Hold, lambda phone, body: phone.hold(body.on)),
    "say": (Say, lambda phone, body: phone.say(body.what)),
    "auto": (Auto, lambda phone, body: phone.answer_after(body.seconds)),
}


def _transfer(pbx: Pbx, phone: VirtualPhone, body: Transfer) -> None:
    end = phone.active
    call = pbx.call_of(end) if end is not None else None
    if end is None or call is None:
        raise PhoneError("there is no call to transfer")

    def tell(status: int) -> None:
        if 200 <= status < 300:
            end.hang_up()

    if body.number is not None:
        pbx.transfers.blind(call, end, body.number, tell)
        return
    held = phone.held[-1] if phone.held else None
    first = pbx.call_of(held) if held is not None else None
    if held is None or first is None:
        raise PhoneError("two calls are needed, or a number")

    def let_go(status: int) -> None:
        if 200 <= status < 300:
            held.hang_up()

    pbx.transfers.join(first, held, end, let_go)


def _forward(pbx: Pbx, phone: VirtualPhone, body: Forward) -> None:
    if body.to is not None and pbx.plan.resolve(body.to) is None:
        raise PhoneError(f"there is no number {body.to}")
    pbx.features.set_forwarding(phone.extension.number, body.when, body.to, body.origin)


def _ring(pbx: Pbx, phone: VirtualPhone, body: Ring) -> None:
    features = pbx.features.of(phone.extension.number)
    features.target, features.ringing = body.target, body.ringing
    features.call_waiting = body.call_waiting
    pbx.features.set_alternative(phone.extension.number, body.alternative)
    phone.settings_changed()


async def _conference(pbx: Pbx, phone: VirtualPhone, _: Body) -> None:
    code = pbx.codes.code(Code.CONFERENCE)
    if code is None:
        raise PhoneError("this PBX has no conference")
    await phone.consult(code)


SwitchAction = Callable[[Pbx, VirtualPhone, Any], Awaitable[None] | None]

#: What needs the switch: more than one call, or settings of the extension.
SWITCH_ACTIONS: dict[str, tuple[type[Body], SwitchAction]] = {
    "consult": (Dial, lambda _, phone, body: phone.consult(body.number)),
    "swap": (Body, lambda _, phone, __: phone.swap()),
    "transfer": (Transfer, _transfer),
    "conference": (Body, _conference),
    "dnd": (
        Switch,
        lambda pbx, phone, body: pbx.features.set_do_not_disturb(phone.extension.number, body.on),
    ),
    "forward": (Forward, _forward),
    "ring": (Ring, _ring),
}


class Api:
    def __init__(self, pbx: Pbx, csta: CstaFace, trace: TraceLog, history: History) -> None:
        self._pbx = pbx
        self._csta = csta
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
            web.get("/api/csta", self.csta),
            web.get("/api/faults", self.faults),
            web.put("/api/faults", self.set_faults),
            web.get("/api/faults/schema", self.fault_fields),
            web.post("/api/faults/drop-links", self.drop_links),
            web.post("/api/faults/malformed", self.send_malformed),
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
        name = request.match_info["action"]
        kind, action = ACTIONS.get(name, (None, None))
        if name in SWITCH_ACTIONS:
            kind, with_switch = SWITCH_ACTIONS[name]
            action = functools.partial(with_switch, self._pbx)
        if kind is None or action is None:
            known = ", ".join((*ACTIONS, *SWITCH_ACTIONS))
            return problem(404, "Not found", f"a phone can {known}")
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
        except (PhoneError, SwitchError) as error:
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

    async def csta(self, request: web.Request) -> web.Response:
        """The CSTA links and the numbers that each has under a monitor."""
        return web.json_response({"links": self._csta.listing()})

    async def faults(self, request: web.Request) -> web.Response:
        return web.json_response(self._pbx.faults.now.model_dump())

    async def fault_fields(self, request: web.Request) -> web.Response:
        """JSON Schema of the switches: what the page draws its form from."""
        return web.json_response(FaultSettings.model_json_schema())

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

    async def send_malformed(self, request: web.Request) -> web.Response:
        """To every registered device and every CSTA link messages that nobody should send."""
        links = self._csta.send_malformed()
        return web.json_response({"flows": self._pbx.send_malformed(), "links": links})

    async def restart(self, request: web.Request) -> web.Response:
        self._pbx.restart()
        return web.json_response({})
