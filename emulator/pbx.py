"""The PBX: joins registrations, dial plan, phones and calls. One per process or per test."""

from __future__ import annotations

import asyncio
import itertools
import logging
from collections.abc import Callable
from typing import Any

from emulator import malformed
from emulator.callback import AutomaticCallback
from emulator.calls.call import CallState, PbxCall
from emulator.calls.end import End, EndEvents, Headers, Party
from emulator.calls.ledger import Ledger
from emulator.calls.sip_end import Line, SipEnd
from emulator.calls.waiter import Waiter
from emulator.conference import Conferences
from emulator.config import EmulatorConfig
from emulator.faults import Faults
from emulator.feature_codes import FeatureCodes
from emulator.handing import Handing
from emulator.media import MediaPool
from emulator.offering import Offering
from emulator.phones.phone import VirtualPhone
from emulator.placing import Placing
from emulator.plan.dialplan import DialPlan
from emulator.plan.model import Extension, Kind
from emulator.plan.profiles import PROFILES
from emulator.registrations import Registrations
from emulator.ring_first import RingFirst
from emulator.switch.codes import CodeTable
from emulator.switch.core import Switch
from emulator.switch.features import FeatureStore, Target
from emulator.switch.routing import Router
from emulator.switch.status import Status
from emulator.transfers import Transfers
from emulator.voicemail.mwi import MessageLamps
from emulator.voicemail.service import VoicemailService
from emulator.voicemail.store import Mailbox
from protocols.aio.endpoint import SipEndpoint
from protocols.aio.flow import Flow
from protocols.aio.scope import TaskScope
from protocols.aio.useragent import Call, IncomingCall, RequestContext, UserAgent
from protocols.b2bua.policy import crossing
from protocols.sdp import SdpError
from protocols.sip.uri import SipUri, TelUri

logger = logging.getLogger(__name__)

#: Headers of a device's INVITE that the called side sees. Identity is not among them: it is ours.
_CROSSING = frozenset({"session-id", "privacy", "alert-info"})
Watcher = Callable[[str, Any], None]


class Pbx:
    """``watch`` callbacks are told ``("phone", phone)``, ``("call", call)`` and
    ``("device", user)`` on every change, ``("moved", call)`` when another device of its user has
    it, ``("switch", event)`` of what a monitor would see, and ``("restart", None)`` or
    ``("drop-links", None)`` when connections must go."""

    def __init__(self, config: EmulatorConfig, endpoint: SipEndpoint) -> None:
        self.config = config
        self.endpoint = endpoint
        profile = PROFILES[config.profile]
        self.plan = DialPlan(config.plan, hidden_lines=profile.hidden_lines)
        self.tasks = TaskScope("pbx")
        self.faults = Faults()
        self.media = MediaPool(config, self.tasks, self.faults)
        self.calls: dict[str, PbxCall] = {}
        self.watchers: list[Watcher] = []
        self._loop = asyncio.get_running_loop()
        ids = itertools.count(1)
        self.switch = Switch(
            new_id=lambda: f"{next(ids):08X}",
            clock=self._loop.time,
            emit=lambda event: self._tell("switch", event),
            keeps_second_id=profile.keeps_second_id,
            reports=True,
        )
        self.features = FeatureStore(
            {e.number for e in self.plan if e.kind is Kind.USER}, self.switch.tell_setting
        )
        self.status = Status(self.switch.tell_setting)
        self.ledger = Ledger(self.switch)
        self.transfers = Transfers(self)
        self.handing = Handing(self)
        self.offering = Offering(self)
        self.conferences = Conferences(self)
        self.callback = AutomaticCallback(self)
        self.ring_first = RingFirst(self)
        self.codes = FeatureCodes(self.plan, self.features, CodeTable(config.codes))
        self.placing = Placing(self, Router(self.plan, self.features, self.calls_of))
        self.registrations = Registrations(
            config, self.plan, clock=self._loop.time, on_change=self._device_changed
        )
        self.agent = UserAgent(
            endpoint,
            contact=self._contact if config.sip.advertise else None,
            session_expires=config.sip.session_expires,
        )
        self.line = Line(
            self.agent,
            config.sip.realm,
            self.tasks,
            self.media.relay,
            self.faults,
            lambda end, ctx: self.transfers.referred(end, ctx),
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
            if extension.kind is not Kind.GROUP
            and (extension.kind is not Kind.USER or extension.virtual_desk)
        }

        for box in self.voicemail.boxes.values():
            self.status.set_message_waiting(box.number, bool(box.new))
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
        self.status.set_message_waiting(box.number, bool(box.new))
        self._tell("mailbox", box)

    def _box_of(self, user: str) -> Mailbox | None:
        extension = self.plan.of_device(user)
        return self.voicemail.boxes.get(extension.number) if extension is not None else None

    def _device_changed(self, user: str) -> None:
        """A device came or went; one that came is told about its messages."""
        if self.registrations.bindings(user):
            self.lamps.tell(user)
            extension = self.plan.of_device(user)
            if extension is not None:
                self.callback.came_back(extension)
        self.status.set_in_service(user, bool(self.registrations.bindings(user)))
        self._tell("device", user)

    def moved(self, call: PbxCall) -> None:
        """Another device of the same user has it now, and may do with it what that one can."""
        self._tell("moved", call)

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
        end = SipEnd.caller(user, party, self.line, incoming)
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
        replaced = self.end_of(incoming.replaces)
        if replaced is not None:
            end.described = offer
            self.transfers.take_over(end, replaced)
            return
        self.place(end, dialled, offer, crossing(request.headers, _CROSSING))

    def call_of(self, end: End) -> PbxCall | None:
        """The call an end takes part in now."""
        return next((call for call in self.calls.values() if end in call.ends), None)

    def find(self, call_id: str, device: str) -> tuple[PbxCall, End] | None:
        """The end by which a device takes part in what the switch calls ``call_id``."""
        for call in self.calls.values():
            if self.ledger.call_id(call) == call_id:
                for end in call.ends:
                    if end.name == device and not isinstance(end, Waiter):
                        return call, end
        return None

    def phone_of(self, end: End) -> VirtualPhone | None:
        """The virtual phone that an end is a call of."""
        phones = self.phones.values()
        return next((p for p in phones if end in (p.end, p.waiting, *p.held)), None)

    def end_of(self, dialog: Call | None) -> SipEnd | None:
        """The end that has this dialog with its device."""
        if dialog is None:
            return None
        return next(
            (
                end
                for call in self.calls.values()
                for end in call.ends
                if isinstance(end, SipEnd) and end.call is dialog
            ),
            None,
        )

    def dial(self, caller: End, number: str, offer: bytes) -> None:
        """A phone of ours calls."""
        self.place(caller, number, offer, ())

    def place(
        self,
        caller: End,
        dialled: str,
        offer: bytes | None,
        headers: tuple[tuple[str, str], ...],
        *,
        to: Extension | None = None,
        target: Target = Target.ALL,
    ) -> PbxCall:
        """``to``: ring its devices (``target``: which) and nothing else, whatever was dialled."""
        call = PbxCall(
            caller,
            dialled,
            offer,
            music=self.media.music,
            headers=headers,
            on_exhausted=self.placing.exhausted,
            on_change=self._call_changed,
        )
        self.calls[call.id] = call
        if to is not None:
            self.placing.ring_devices(call, to, target)
        else:
            self.placing.place(call)
        return call

    def calls_of(self, number: str) -> int:
        """How many calls an extension is in, ringing ones too."""
        return sum(
            any(end.present and end.party.number == number for end in call.ends)
            for call in self.calls.values()
        )

    def _call_changed(self, call: PbxCall) -> None:
        if call.state is CallState.CONNECTED:
            self.placing.settled(call)
        if call.state is CallState.ENDED:
            self.calls.pop(call.id, None)
            self.offering.settled(call)
            self.placing.ended(call)
            self.callback.ended(call)
        self.ledger.changed(call)
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
        self.callback.forget_all()
        self._tell("restart", None)
        self.drop_links("restart")

    def send_malformed(self) -> int:
        """To every device messages that nobody should send; over how many flows."""
        return sum(
            malformed.send_sip(self.registrations.flows_of(user), user)
            for user in self.plan.devices()
        )

    def drop_links(self, reason: str = "dropped on demand") -> None:
        """Close every TCP and TLS connection."""
        self._tell("drop-links", None)
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


def _wants_privacy(header: str | None) -> bool:
    """Whether a caller asks not to be named (RFC 3323 4.2, RFC 3325 9.3)."""
    levels = {level.strip().lower() for level in (header or "").split(";")}
    return bool(levels & {"id", "user", "header"})


def _number(uri: object) -> str:
    if isinstance(uri, TelUri):
        return uri.digits
    return uri.user_text if isinstance(uri, SipUri) else ""
