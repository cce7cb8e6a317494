"""The PBX: joins registrations, dial plan, phones and calls. One per process or per test."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any

from emulator.calls.call import CallState, PbxCall
from emulator.calls.end import End, EndEvents, Headers, Party
from emulator.calls.sip_end import Line, SipEnd
from emulator.config import EmulatorConfig
from emulator.faults import Faults
from emulator.media import MediaPool
from emulator.phones.local_end import LocalEnd
from emulator.phones.phone import VirtualPhone
from emulator.phones.services import SERVICES
from emulator.plan.dialplan import DialPlan
from emulator.plan.model import Extension, Kind
from emulator.registrations import Registrations
from emulator.voicemail.mwi import MessageLamps
from emulator.voicemail.service import VoicemailService
from emulator.voicemail.store import Mailbox
from protocols.aio.endpoint import SipEndpoint
from protocols.aio.flow import Flow
from protocols.aio.scope import TaskScope
from protocols.aio.useragent import IncomingCall, RequestContext, UserAgent
from protocols.b2bua.policy import crossing
from protocols.sdp import SdpError
from protocols.sip.uri import SipUri, TelUri

logger = logging.getLogger(__name__)

#: Headers of a device's INVITE that the called side sees. Identity is not among them: it is ours.
_CROSSING = frozenset({"session-id", "privacy", "alert-info"})
Watcher = Callable[[str, Any], None]


class Pbx:
    """``watch`` callbacks are told ``("phone", phone)``, ``("call", call)`` and
    ``("device", user)`` on every change."""

    def __init__(self, config: EmulatorConfig, endpoint: SipEndpoint) -> None:
        self.config = config
        self.endpoint = endpoint
        self.plan = DialPlan(config.plan)
        self.tasks = TaskScope("pbx")
        self.faults = Faults()
        self.media = MediaPool(config, self.tasks, self.faults)
        self.calls: dict[str, PbxCall] = {}
        self.watchers: list[Watcher] = []
        self._loop = asyncio.get_running_loop()
        self._covered: set[str] = set()  # calls that went on to a mailbox already
        self._ring_timers: dict[str, asyncio.TimerHandle] = {}
        self.registrations = Registrations(
            config, self.plan, clock=self._loop.time, on_change=self._device_changed
        )
        self.agent = UserAgent(
            endpoint,
            contact=self._contact if config.sip.advertise else None,
            session_expires=config.sip.session_expires,
        )
        self._line = Line(
            self.agent,
            config.sip.realm,
            self.tasks,
            self.media.relay,
            self.faults,
            secure_media=config.sip.secure_media,
        )
        self.agent.authenticate = self.registrations.judge
        self.agent.on_invite = self._invited
        self.agent.on_flow_closed = lambda flow, _: self.registrations.flow_closed(flow)
        self.agent.handle("REGISTER", self._register)
        self.lamps = MessageLamps(
            self.agent,
            self.tasks,
            self.plan,
            box_of=self._box_of,
            routes_of=self.registrations.routes,
            domain=config.sip.realm,
        )
        self.agent.handle("SUBSCRIBE", self.lamps.subscribe)
        self.voicemail = VoicemailService(
            self.plan, config.voicemail, config.state_dir, self._mailbox_changed
        )
        self.phones = {
            extension.number: self._phone(extension)
            for extension in self.plan
            if extension.kind is not Kind.USER or extension.virtual_desk
        }

        for box in self.voicemail.boxes.values():
            if box.number in self.phones:
                self.phones[box.number].set_lamp(bool(box.new))

    def _phone(self, extension: Extension) -> VirtualPhone:
        return VirtualPhone(
            extension,
            open_media=self.media.open,
            tasks=self.tasks,
            place=self.dial,
            on_change=lambda phone: self._tell("phone", phone),
        )

    def _contact(self, flow: Flow) -> str:
        _, port = self.endpoint.sent_by(flow)
        uri = SipUri.of(None, self.config.sip.advertise or flow.local.host, port)
        return str(uri.with_param("transport", flow.transport.lower()))

    def _mailbox_changed(self, box: Mailbox) -> None:
        phone = self.phones.get(box.number)
        if phone is not None:
            phone.set_lamp(bool(box.new))
        extension = self.plan.extension(box.number)
        for user in extension.device_users if extension is not None else ():
            self.lamps.tell(user)
        self._tell("mailbox", box)

    def _box_of(self, user: str) -> Mailbox | None:
        extension = self.plan.of_device(user)
        return self.voicemail.boxes.get(extension.number) if extension is not None else None

    def _device_changed(self, user: str) -> None:
        """A device came or went; one that came is told about its messages."""
        if self.registrations.bindings(user):
            self.lamps.tell(user)
        self._tell("device", user)

    def _tell(self, what: str, about: Any) -> None:
        for watcher in list(self.watchers):
            watcher(what, about)

    def _register(self, ctx: RequestContext) -> None:
        if not self.faults.now.deaf:
            self.registrations.handle(ctx)

    # -- calls come in -----------------------------------------------------------------------

    def _invited(self, incoming: IncomingCall) -> None:
        """Already authenticated: From is a device of ours."""
        request = incoming.invite
        user = request.from_.user or ""
        extension = self.plan.of_device(user)
        if extension is None:
            incoming.reject(403)
            return
        faults = self.faults.now
        if faults.refuse_with is not None:
            incoming.reject(faults.refuse_with)
            return
        dialled = _number(request.request_uri)
        private = _wants_privacy(request.headers.get("Privacy"))
        party = Party(extension.number, extension.name, anonymous=private)
        end = SipEnd.caller(user, party, self._line, incoming)
        if faults.deaf:
            end.events = _Nobody()
            return
        try:
            offer = end.first_offer()
        except SdpError as error:
            logger.info("%s: unusable offer: %s", user, error)
            end.refuse(488)
            return
        except OSError as error:
            logger.warning("%s: %s", user, error)
            end.refuse(503)
            return
        self._place(end, dialled, offer, crossing(request.headers, _CROSSING))

    def dial(self, caller: End, number: str, offer: bytes) -> None:
        """A phone of ours calls."""
        self._place(caller, number, offer, ())

    def _place(
        self,
        caller: End,
        dialled: str,
        offer: bytes | None,
        headers: tuple[tuple[str, str], ...],
    ) -> PbxCall:
        call = PbxCall(
            caller,
            dialled,
            offer,
            music=self.media.music,
            headers=headers,
            on_exhausted=self._exhausted,
            on_change=self._call_changed,
        )
        self.calls[call.id] = call
        extension = self.plan.resolve(dialled)
        if extension is None:
            call.refuse(404)
        elif extension.kind is Kind.USER:
            self._ring_user(call, extension)
        else:
            call.ring([self._service_end(extension, call)])
        return call

    def _ring_user(self, call: PbxCall, extension: Extension) -> None:
        ends = self._device_ends(extension, call.caller.name)
        if not ends:
            self._exhausted(call, 480)
            return
        call.ring(ends)
        if call.state is CallState.RINGING:
            self._ring_timers[call.id] = self._loop.call_later(
                self.config.ring_seconds, self._nobody_answered, call
            )

    def _device_ends(self, extension: Extension, caller: str) -> list[End]:
        """Every device of an extension but the calling one."""
        party = Party(extension.number, extension.name)
        ends: list[End] = []
        for user in extension.device_users:
            if user == caller:
                continue
            for route in self.registrations.routes(user):
                ends.append(SipEnd(user, party, self._line, route))
        desk = extension.desk_user
        if desk != caller and not self.registrations.bindings(desk):
            phone = self.phones.get(extension.number)
            end = phone.ringing_end() if phone is not None else None
            if end is not None:
                ends.append(end)
            elif phone is not None and not ends:
                ends.append(self._busy_end(extension))
        return ends

    def _busy_end(self, extension: Extension) -> LocalEnd:
        async def busy(end: LocalEnd) -> None:
            end.fail(486)

        return LocalEnd(
            extension.desk_user,
            Party(extension.number, extension.name),
            open_media=self.media.open,
            tasks=self.tasks,
            script=busy,
        )

    def _service_end(self, extension: Extension, call: PbxCall) -> LocalEnd:
        phone = self.phones[extension.number]
        if extension.kind is Kind.VOICEMAIL:
            return phone.new_end(self.voicemail.menu(call.caller.party.number))
        service = SERVICES[extension.kind]
        late = extension.answer_after + self.faults.now.answer_delay
        extension = extension.model_copy(update={"answer_after": late})
        return phone.new_end(lambda end: service(end, extension))

    def _mailbox_end(self, extension: Extension) -> LocalEnd | None:
        """Takes a message for a user; the voicemail number's phone is where it is heard."""
        script, service = self.voicemail.deposit(extension.number), self.plan.voicemail()
        if script is None or service is None:
            return None
        return self.phones[service.number].new_end(script)

    # -- how calls go on ---------------------------------------------------------------------

    def _nobody_answered(self, call: PbxCall) -> None:
        if call.state is CallState.RINGING:
            self._exhausted(call, 480)

    def _exhausted(self, call: PbxCall, status: int) -> None:
        """Nobody rings any more, or nobody answered in time."""
        self._stop_timer(call)
        extension = self.plan.resolve(call.dialled)
        if extension is not None and extension.kind is Kind.USER and status in _ABSENT:
            status = 480
            mailbox = self._mailbox_end(extension) if call.id not in self._covered else None
            if mailbox is not None:
                self._covered.add(call.id)
                call.ring([mailbox])
                return
        call.refuse(status)

    def _stop_timer(self, call: PbxCall) -> None:
        timer = self._ring_timers.pop(call.id, None)
        if timer is not None:
            timer.cancel()

    def _call_changed(self, call: PbxCall) -> None:
        if call.state is not CallState.RINGING:
            self._stop_timer(call)
        if call.state is CallState.ENDED:
            self.calls.pop(call.id, None)
            self._covered.discard(call.id)
        self._tell("call", call)

    def restart(self) -> None:
        """What a power cut does: calls, registrations and connections are gone, nobody is told.
        Mailboxes stay."""
        for call in list(self.calls.values()):
            for end in call.ends:
                if isinstance(end, SipEnd):
                    end.vanish()
            call.hang_up()
        for leftover in self.agent.calls:
            leftover.abandon()
        self.registrations.forget_all()
        self.drop_links("restart")

    def drop_links(self, reason: str = "dropped on demand") -> None:
        """Close every TCP and TLS connection."""
        for flow in self.registrations.flows():
            if flow.reliable:
                flow.close(reason)

    async def aclose(self) -> None:
        for call in list(self.calls.values()):
            call.hang_up()
        self.lamps.end()
        await self.agent.aclose()
        await self.tasks.aclose()
        await self.media.aclose()


class _Nobody(EndEvents):
    """Listens to a call that is never answered (the deaf fault)."""

    def ringing(self, end: End, status: int, sdp: bytes | None) -> None: ...

    def answered(self, end: End, sdp: bytes | None, headers: Headers) -> None: ...

    def failed(self, end: End, status: int, reason: str) -> None: ...

    def awaits_ack(self, end: End) -> bool:
        return False

    def established(self, end: End) -> None: ...

    def offered(self, end: End, sdp: bytes | None) -> None: ...

    def offer_result(self, end: End, status: int, sdp: bytes | None) -> None: ...

    def info(self, end: End, content_type: str, body: bytes) -> None: ...

    def ended(self, end: End, headers: Headers) -> None: ...


_ABSENT = frozenset({404, 408, 410, 480, 500, 503})


def _wants_privacy(header: str | None) -> bool:
    """Whether a caller asks not to be named (RFC 3323 4.2, RFC 3325 9.3)."""
    levels = {level.strip().lower() for level in (header or "").split(";")}
    return bool(levels & {"id", "user", "header"})


def _number(uri: object) -> str:
    if isinstance(uri, TelUri):
        return uri.digits
    return uri.user_text if isinstance(uri, SipUri) else ""
