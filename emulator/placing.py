"""How a call finds its way: routes are rung one after the other until somebody answers.

``switch.routing`` decides where; here the devices, services and mailboxes of that place are rung,
timed, and the next place is asked for when nobody answers.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from emulator.calls.call import CallState, PbxCall
from emulator.calls.end import End, Headers, Party
from emulator.calls.sip_end import SipEnd
from emulator.feature_codes import confirmed
from emulator.handing import CODES as HANDING
from emulator.phones.local_end import LocalEnd, Script
from emulator.phones.services import SERVICES
from emulator.plan.model import Extension, Kind
from emulator.switch.codes import Dialled
from emulator.switch.features import Ringing, Target
from emulator.switch.model import SwitchError
from emulator.switch.routing import Caller, Hop, Route, Router, Way
from protocols.csta.values import Cause

if TYPE_CHECKING:
    from emulator.pbx import Pbx

logger = logging.getLogger(__name__)

#: Failures that mean "nobody there": the mailbox may take the call.
_ABSENT = frozenset({404, 408, 410, 480, 500, 503})
#: ITU-T Q.850 cause 34, as RFC 3326 writes it.
NO_CIRCUIT = 'Q.850;cause=34;text="No circuit available"'
#: Digits from which on a number that nobody here has is one outside.
OUTSIDE_FROM = 6
Batch = Callable[[], list[End]]
#: The causes of ECMA-269 for the reasons of RFC 5806.
_CAUSES = {
    "unconditional": "callForwardImmediate",
    "user-busy": "callForwardBusy",
    "no-answer": "callForwardNoAnswer",
    "follow-me": "redirected",
    "deflection": "redirected",
}


@dataclass(slots=True)
class _Way:
    """Where one call is on its way."""

    caller: Caller
    route: Route
    queue: deque[Batch] = field(default_factory=deque)
    timer: asyncio.TimerHandle | None = None
    covered: bool = False  # nobody else is asked: it went to a mailbox, or may go nowhere else
    reported: int = 0  # hops that monitors were told of


def _leads_outside(route: Route, dialled: str) -> bool:
    if route.extension is not None:
        return route.extension.external
    return len(dialled.lstrip("+")) >= OUTSIDE_FROM


class Placing:
    def __init__(self, pbx: Pbx, router: Router) -> None:
        self._pbx = pbx
        self._router = router
        self._ways: dict[str, _Way] = {}
        self._loop = asyncio.get_running_loop()

    def place(self, call: PbxCall) -> None:
        """Begin to look for whoever was dialled."""
        number = call.caller.party.number
        code = self._pbx.codes.find(call.dialled)
        if code is not None:
            self._carry_out(call, code)
            return
        known = self._pbx.plan.extension(number)
        caller = Caller(number, external=known is None or known.external)
        self._pbx.ledger.changed(call)  # told even if it is refused at once
        way = self._ways[call.id] = _Way(caller, self._router.route(call.dialled, caller))
        self._follow(call, way)

    def ring_devices(
        self, call: PbxCall, extension: Extension, target: Target = Target.ALL
    ) -> None:
        """Ring the devices of an extension, whatever it has switched on, and nobody else."""
        route = Route(Way.DEVICES, extension, target=target)
        way = self._ways[call.id] = _Way(Caller(call.caller.party.number), route, covered=True)
        self._follow(call, way)

    def divert(self, call: PbxCall, extension: Extension, number: str) -> None:
        """``extension`` sends a call that rings there to ``number``. Raises SwitchError."""
        way = self._ways.get(call.id)
        if way is None or call.state not in (CallState.ROUTING, CallState.RINGING):
            raise SwitchError("invalidObjectState", "it does not ring")
        if self._pbx.plan.resolve(number) is None:
            raise SwitchError("invalidCalledDeviceID", f"there is no number {number}")
        hop = Hop(extension.number, "deflection")
        way.route = self._router.route(number, way.caller, (*way.route.hops, hop))
        self._follow(call, way)

    def refused(self, call: PbxCall, status: int) -> None:
        """Nobody of this place is to be rung: on to what comes after it."""
        way = self._ways.get(call.id)
        if way is not None:
            way.queue.clear()
            self._next(call, way, status)

    def ended(self, call: PbxCall) -> None:
        self._stop_timer(call)
        self._ways.pop(call.id, None)

    def settled(self, call: PbxCall) -> None:
        """Somebody answered."""
        self._stop_timer(call)

    def _carry_out(self, call: PbxCall, code: Dialled) -> None:
        pbx = self._pbx
        script: Script = confirmed
        if code.code not in HANDING:
            script = pbx.codes.script(code, call.caller.party.number)
        else:
            try:
                pbx.handing.carry_out(call, code)
            except SwitchError as error:
                logger.info("%s dials %s: %s", call.caller.name, call.dialled, error)
                call.refuse(403)
        if call.state is CallState.ROUTING:
            call.ring([self._script_end(call.dialled, script)])

    # -- following a route -------------------------------------------------------------------

    def _follow(self, call: PbxCall, way: _Way) -> None:
        route, extension = way.route, way.route.extension
        way.queue.clear()
        self._report(call, way)
        if self._pbx.faults.now.trunks_full and _leads_outside(route, call.dialled):
            call.failed_because = Cause.TRUNKS_BUSY
            call.refuse(503, headers=(("Reason", NO_CIRCUIT),))
            return
        if route.way is Way.REFUSED or extension is None:
            call.failed_because = route.cause or None
            call.refuse(route.status)
            return
        if route.way is Way.SERVICE:
            call.ring([self._service_end(extension, call)], self._diversions(route))
            return
        if route.way is Way.GROUP:
            way.queue.extend(self._member_batches(route, call))
        else:
            way.queue.extend(self._device_batches(route, extension, call))
        first = route.way is Way.DEVICES and call.state is CallState.ROUTING
        if first and self._pbx.offering.begin(call, extension, lambda: self._next(call, way, 480)):
            return
        self._next(call, way, 480)

    def _report(self, call: PbxCall, way: _Way) -> None:
        """Tell monitors of the diversions that are new."""
        route = way.route
        reached = [hop.number for hop in route.hops]
        reached.append(route.extension.number if route.extension is not None else call.dialled)
        for index, hop in enumerate(route.hops[way.reported :], way.reported):
            self._forwarded(call, hop.number, reached[index + 1], _CAUSES[hop.why])
        way.reported = len(route.hops)

    def _forwarded(self, call: PbxCall, number: str, to: str, cause: str) -> None:
        extension = self._pbx.plan.extension(number)
        if extension is not None and extension.device_users:
            self._pbx.ledger.forwarded(call, extension.device_users, to, cause)

    def _member_batches(self, route: Route, call: PbxCall) -> list[Batch]:
        caller = call.caller.name

        def ends(*members: Extension) -> list[End]:
            return [end for member in members for end in ends_of(member)]

        def ends_of(member: Extension) -> list[End]:
            if member.kind is not Kind.USER:
                return [self._service_end(member, call)]
            return self._device_ends(member, caller)

        if route.ringing is Ringing.PARALLEL:
            return [partial(ends, *route.members)]
        return [partial(ends, member) for member in route.members]

    def _device_batches(self, route: Route, extension: Extension, call: PbxCall) -> list[Batch]:
        caller = call.caller.name
        if route.ringing is Ringing.SERIAL and route.target is Target.ALL:
            return [
                lambda: self._device_ends(extension, caller, Target.DESK),
                lambda: self._device_ends(extension, caller, Target.LINE),
            ]
        return [lambda: self._device_ends(extension, caller, route.target)]

    def _next(self, call: PbxCall, way: _Way, status: int) -> None:
        """Ring the next of the series; ``status`` is how the one before ended."""
        self._stop_timer(call)
        while way.queue:
            ends = way.queue.popleft()()
            if not ends:
                continue
            call.ring(ends, self._diversions(way.route))
            if call.state is CallState.RINGING:
                config = self._pbx.config
                seconds = config.hunt_seconds if way.queue else config.ring_seconds
                way.timer = self._loop.call_later(seconds, self.ring_time_over, call)
            return
        self._nobody(call, way, status)

    def ring_time_over(self, call: PbxCall) -> None:
        way = self._ways.get(call.id)
        if way is not None and call.state is CallState.RINGING:
            self._next(call, way, 480)

    def exhausted(self, call: PbxCall, status: int) -> None:
        """Nobody rings any more."""
        way = self._ways.get(call.id)
        if way is None:
            call.refuse(status)
        else:
            self._next(call, way, status)

    def _nobody(self, call: PbxCall, way: _Way, status: int) -> None:
        """Everybody was asked: forwarding, mailbox, or the failure."""
        extension = way.route.extension
        if way.covered or extension is None or way.route.way is Way.SERVICE:
            call.refuse(status)
            return
        absent = status in _ABSENT
        onward = (self._router.on_no_answer if absent else self._router.on_busy)(
            way.route, way.caller
        )
        if onward is not None:
            way.route = onward
            self._follow(call, way)
            return
        mailbox = self._mailbox_end(extension) if absent else None
        if mailbox is None:
            call.refuse(480 if absent else status)
            return
        way.covered = True
        self._forwarded(call, extension.number, mailbox.name, _CAUSES["no-answer"])
        call.ring([mailbox])

    def _stop_timer(self, call: PbxCall) -> None:
        way = self._ways.get(call.id)
        if way is not None and way.timer is not None:
            way.timer.cancel()
            way.timer = None

    def _diversions(self, route: Route) -> Headers:
        """RFC 5806 section 5: the last diversion comes first."""
        domain = self._pbx.config.sip.realm
        return tuple(
            ("Diversion", f"<sip:{hop.number}@{domain}>;reason={hop.why}")
            for hop in reversed(route.hops)
        )

    # -- ends --------------------------------------------------------------------------------

    def _device_ends(
        self, extension: Extension, caller: str, target: Target = Target.ALL
    ) -> list[End]:
        """Every device of an extension but the calling one."""
        pbx, party = self._pbx, Party(extension.number, extension.name)
        wanted = {
            Target.DESK: extension.desk_users,
            Target.LINE: (extension.line_user,),
        }.get(target, extension.device_users)
        ends: list[End] = [
            SipEnd(user, party, pbx.line, route)
            for user in wanted
            if user != caller
            for route in pbx.registrations.routes(user)
        ]
        desk = extension.desk_user
        if desk in wanted and desk != caller and not pbx.registrations.bindings(desk):
            phone = pbx.phones.get(extension.number)
            end = phone.ringing_end() if phone is not None else None
            if end is not None:
                ends.append(end)
            elif phone is not None and not ends:
                ends.append(self._busy_end(extension))
        return ends

    def _busy_end(self, extension: Extension) -> LocalEnd:
        async def busy(end: LocalEnd) -> None:
            end.fail(486)

        return self._script_end(extension.desk_user, busy, Party(extension.number, extension.name))

    def _script_end(self, name: str, script: Script, party: Party | None = None) -> LocalEnd:
        return LocalEnd(
            name,
            party or Party(name),
            open_media=self._pbx.media.open,
            tasks=self._pbx.tasks,
            script=script,
        )

    def _service_end(self, extension: Extension, call: PbxCall) -> LocalEnd:
        pbx = self._pbx
        phone = pbx.phones[extension.number]
        if extension.kind is Kind.VOICEMAIL:
            return phone.new_end(pbx.voicemail.menu(call.caller.party.number))
        service = SERVICES[extension.kind]
        late = extension.answer_after + pbx.faults.now.answer_delay
        extension = extension.model_copy(update={"answer_after": late})
        return phone.new_end(lambda end: service(end, extension))

    def _mailbox_end(self, extension: Extension) -> LocalEnd | None:
        """Takes a message for a user; the voicemail number's phone is where it is heard."""
        pbx = self._pbx
        script, service = pbx.voicemail.deposit(extension.number), pbx.plan.voicemail()
        if script is None or service is None:
            return None
        return pbx.phones[service.number].new_end(script)
