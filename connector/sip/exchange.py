"""Where calls meet: takes INVITEs from both sides, builds the bridge, knows every live call."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import structlog

from connector.mapping.join import Dialog
from connector.profiles import Profile
from connector.profiles.numbers import NumberPlan
from connector.sip.bridge import BridgedCall
from connector.sip.leg import LINE_LEG, LINK_LEG, LegPlan
from connector.sip.pbx import PbxLine, PbxSide
from connector.sip.referring import FEATURE, PbxWays
from connector.uplink.session import SiteConfig
from connector.uplink.uplink import Uplink
from media.engine import LegKind, LegProfile, MediaEngine, MediaEvent, Side
from protocols.aio.flow import Flow
from protocols.aio.listener import CallListener
from protocols.aio.useragent import Call, IncomingCall
from protocols.b2bua.call import Headers
from protocols.b2bua.policy import DIVERSION_PARAMS, LINK_POLICY, crossing, readdressed
from protocols.sip.errors import ParseError
from protocols.sip.headers import NameAddr, Replaces, Warning_
from protocols.sip.message import HeaderList, Request, Response
from protocols.sip.uri import SipUri

log = structlog.get_logger("connector.exchange")

_KEPT = (*DIVERSION_PARAMS, "cause")
_NO_SESSION = "0" * 32


class DialogWatcher(Protocol):
    """Who wants to know which calls the lines have: the other view of them, CSTA."""

    def dialog_opened(self, dialog: Dialog) -> None: ...

    def dialog_closed(self, key: str) -> None: ...


@dataclass(frozen=True, slots=True)
class FeatureCodes:
    """What is dialled for it at this PBX; empty: not at all."""

    park: str = ""
    conference: str = ""
    unpark: str = ""
    pickup: str = ""

    def fetch(self, feature: str) -> str:
        """What fetches a call that is not the line's own."""
        return {"pickup": self.pickup, "unpark": self.unpark}.get(feature, "")


class Exchange:
    """All bridged calls of this connector."""

    def __init__(
        self,
        *,
        uplink: Uplink,
        pbx: PbxSide,
        engine: MediaEngine,
        profile: Profile,
        plan: Callable[[], NumberPlan],
        line_kind: LegKind,
        codecs: tuple[str, ...],
        codes: FeatureCodes,
        on_media: Callable[[MediaEvent], None] | None = None,
    ) -> None:
        self._uplink = uplink
        self._pbx = pbx
        self._engine = engine
        self._profile = profile
        self._plan = plan
        self._line_profile = LegProfile(line_kind, codecs)
        # the link carries what both sides can pass through unchanged
        self._link_profile = LegProfile(LegKind.WEBRTC_FULL, codecs)
        self._on_media = on_media
        self._codes = codes
        self.watcher: DialogWatcher | None = None
        self.calls: dict[str, BridgedCall] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._draining = False

    # -- from the gateway ------------------------------------------------------------------------

    def on_link_invite(self, incoming: IncomingCall) -> None:
        """INVITE down the link: the From user names the line, the Request-URI the number."""
        request, site = incoming.invite, self._uplink.site
        if self._draining or site is None:
            incoming.reject(503, headers=(("Retry-After", "30"),))
            return
        line = self._pbx.lines.get(request.from_.user)
        if line is None:
            incoming.reject(404, headers=self._warning("unknown line"))
            return
        if not line.registered:
            incoming.reject(480, headers=self._warning("line not registered"))
            return
        number, feature = _dialled(request)
        code = self._codes.fetch(feature)
        if not number:
            incoming.reject(484)
            return
        if feature and not code:
            incoming.reject(501)
            return
        headers = self._to_pbx(request)
        dialled = code + self._plan().to_pbx(number)
        # whose call a code fetches, only the PBX knows
        coded = bool(code) or dialled.startswith(("*", "#"))

        def invite(sdp: bytes | None, listener: CallListener) -> Call:
            return self._pbx.invite(line, dialled, sdp, headers, listener)

        self._bridge(
            incoming,
            self._link_plan(self._to_pbx_end),
            self._line_plan(site),
            invite,
            line,
            True,
            Dialog(
                key=uuid.uuid4().hex,
                line_id=line.config.line_id,
                incoming=None if coded else False,
                remote="" if coded else self._plan().to_canonical(dialled),
                session_id=_session_id(request) or "",
            ),
        )

    # -- from the PBX ----------------------------------------------------------------------------

    def on_pbx_invite(self, line: PbxLine, incoming: IncomingCall) -> None:
        """INVITE on a line: up the link, or 480 at once so that the PBX goes on elsewhere."""
        site, flow = self._uplink.site, self._uplink.flow
        if self._draining or site is None or flow is None:
            incoming.reject(480, headers=self._warning("cloud link is down"))
            return
        request = incoming.invite
        caller = self._caller(request.from_, site)
        session_id, headers = self._to_link(request, site)
        line_id = line.config.line_id
        target = f"sip:{line_id}@{site.service_domain}"

        tried: list[Flow] = []

        def another_flow() -> bool:
            return self._uplink.flow is not None and self._uplink.flow not in tried

        def invite(sdp: bytes | None, listener: CallListener) -> Call:
            # the flow may have changed while media was set up
            tried.append(self._uplink.flow or flow)
            return self._uplink.ua.invite(
                target=target,
                from_=str(caller),
                to=f"<{target}>",
                sdp=sdp,
                headers=headers,
                flow=tried[-1],
                listener=listener,
            )

        self._bridge(
            incoming,
            self._line_plan(site),
            self._link_plan(self._to_pbx_end),
            invite,
            line,
            False,
            Dialog(
                key=uuid.uuid4().hex,
                line_id=line_id,
                incoming=True,
                remote="" if caller.user == "anonymous" else caller.user,
                session_id=session_id,
            ),
            another_flow,
        )

    @property
    def offers(self) -> tuple[str, ...]:
        """What a line may ask for at this PBX, beside its calls."""
        offered = {
            "park": self._codes.park,
            "unpark": self._codes.unpark,
            "pickup": self._codes.pickup,
            "hide_number": self._profile.hides_number,
        }
        return tuple(name for name, way in offered.items() if way)

    # -- referrals -------------------------------------------------------------------------------

    def _ways(self, line: PbxLine) -> PbxWays:
        """What the platform does with a call of this line if it is asked."""

        def dial(number: str, sdp: bytes, listener: CallListener) -> Call:
            return self._pbx.invite(line, number, sdp, (), listener)

        return PbxWays(
            transfer=self._profile.transfer == "refer",
            park=self._codes.park,
            conference=self._codes.conference,
            to_pbx=self._plan().to_pbx,
            domain=lambda: self._pbx.domain,
            line_dialog=self._line_dialog,
            dial=dial,
        )

    def _line_dialog(self, named: Replaces) -> Call | None:
        """RFC 3891 section 3: the tags are ours first; an early dialog may be named."""
        for bridged in self.calls.values():
            link = bridged.link_call
            dialog = None if link is None else link.dialog
            if dialog is None or dialog.call_id != named.call_id:
                continue
            if (dialog.local_tag, dialog.remote_tag) == (named.to_tag, named.from_tag):
                return bridged.line_call
        return None

    # -- life of calls ---------------------------------------------------------------------------

    def _bridge(
        self,
        incoming: IncomingCall,
        plan_a: LegPlan,
        plan_b: LegPlan,
        invite: Callable[[bytes | None, CallListener], Call],
        line: PbxLine,
        early_media: bool,
        dialog: Dialog,
        another_way: Callable[[], bool] | None = None,
    ) -> None:
        name, line_id = dialog.key, dialog.line_id
        call = BridgedCall(
            name=name,
            user=line_id,
            engine=self._engine,
            plan_a=plan_a,
            plan_b=plan_b,
            invite_b=invite,
            ways=self._ways(line),
            early_media=early_media,
            another_way=another_way,
            info_dtmf=self._profile.info_dtmf,
            link_alive=lambda: self._uplink.flow is not None,
            on_media=self._on_media,
        )
        # a PBX that called us may challenge what is asked of it in that call
        credentials = line.credentials if dialog.incoming else None
        call.take(incoming.take(call.listener_a, credentials=credentials))
        self.calls[name] = call
        if self.watcher is not None:
            self.watcher.dialog_opened(dialog)
        task = asyncio.create_task(self._own(call), name=f"call {name}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _own(self, call: BridgedCall) -> None:
        try:
            await call.run()
        except Exception:
            # one broken call must not take the others with it; its legs were hung up by `run`
            log.exception("call failed", call=call.name)
        finally:
            self.calls.pop(call.name, None)
            if self.watcher is not None:
                self.watcher.dialog_closed(call.name)

    def link_is_back(self) -> None:
        """After a loss the gateway may be another process: ask it about every running call."""
        for call in self.calls.values():
            call.ask_link()

    def pbx_is_back(self, line_id: str) -> None:
        """Started anew it has forgotten the calls that it had: ask it about every running one."""
        for call in self.calls.values():
            if call.line_id == line_id:
                call.ask_line()

    async def drain(self, timeout: float) -> None:
        """No new calls; wait for the running ones, then end what is left."""
        self._draining = True
        if self._tasks and timeout > 0:
            await asyncio.wait(self._tasks, timeout=timeout)
        for call in list(self.calls.values()):
            call.end()
        if self._tasks:
            _, pending = await asyncio.wait(self._tasks, timeout=5)
            for task in pending:
                task.cancel()
            await asyncio.gather(*pending, return_exceptions=True)

    # -- what crosses ----------------------------------------------------------------------------

    def _link_plan(self, address: Callable[[NameAddr], NameAddr]) -> LegPlan:
        """The leg towards the gateway: what it says is rewritten for the PBX."""
        return LegPlan(
            Side.DEVICE,
            LINK_LEG,
            self._link_profile,
            lambda r: crossing(_headers(r), LINK_POLICY.responses, address),
            lambda r: crossing(_headers(r), LINK_POLICY.endings),
        )

    def _line_plan(self, site: SiteConfig) -> LegPlan:
        """The leg towards the PBX: what it says is rewritten for the link."""

        def address(value: NameAddr) -> NameAddr:
            return self._readdress(value, site.host)

        def responses(response: Response | None) -> Headers:
            if response is None or response.local:
                return self._warning("PBX not reachable")
            crossed = crossing(response.headers, LINK_POLICY.responses, address)
            return (*crossed, self._features())

        return LegPlan(
            Side.LINE,
            LINE_LEG,
            self._line_profile,
            responses,
            lambda r: crossing(_headers(r), LINK_POLICY.endings),
        )

    def _to_pbx(self, request: Request) -> Headers:
        return crossing(request.headers, LINK_POLICY.requests, self._to_pbx_end)

    def _to_pbx_end(self, value: NameAddr) -> NameAddr:
        return readdressed(
            value, host=self._pbx.domain, number=self._plan().to_pbx, keep_params=_KEPT
        )

    def _to_link(self, request: Request, site: SiteConfig) -> tuple[str, Headers]:
        """The call's Session-ID, and what crosses, that among it."""
        headers = crossing(
            request.headers,
            LINK_POLICY.requests,
            lambda value: self._readdress(value, site.host),
        )
        session_id = _session_id(request)
        if session_id is None:
            # RFC 7989 section 6: the first to know makes it, so that all views can be joined
            session_id = uuid.uuid4().hex
            others = (header for header in headers if header[0].lower() != "session-id")
            headers = (*others, ("Session-ID", f"{session_id};remote={_NO_SESSION}"))
        return session_id, (*headers, self._features())

    def _features(self) -> tuple[str, str]:
        """What a call of this PBX may be asked for, told with each one."""
        offered = {
            "transfer": self._profile.transfer == "refer",
            "merge": self._codes.conference,
            "park": self._codes.park,
        }
        return ("Offhook-Features", ", ".join(name for name, way in offered.items() if way))

    def _readdress(self, value: NameAddr, host: str) -> NameAddr:
        return readdressed(value, host=host, number=self._plan().to_canonical, keep_params=_KEPT)

    def _caller(self, caller: NameAddr, site: SiteConfig) -> NameAddr:
        if caller.user.lower() in ("", "anonymous"):
            # RFC 3323 section 4.1.1.3
            return NameAddr(caller.display, SipUri.of("anonymous", "anonymous.invalid"))
        return self._readdress(caller, site.host)

    def _warning(self, text: str) -> Headers:
        return (("Warning", str(Warning_(399, "connector", text))),)


def _headers(message: Request | Response | None) -> HeaderList | None:
    return None if message is None else message.headers


def _session_id(request: Request) -> str | None:
    """RFC 7989 section 5: the sender's half, a UUID of 32 hex digits that is not the null one."""
    value = (request.headers.get("Session-ID") or "").partition(";")[0].strip().lower()
    ok = len(value) == 32 and all(char in "0123456789abcdef" for char in value)
    return value if ok and value != _NO_SESSION else None


def _dialled(request: Request) -> tuple[str, str]:
    """The number, and what is to be done with it if it is not simply called."""
    try:
        uri = request.request_uri
    except ParseError:
        return "", ""
    if not isinstance(uri, SipUri):
        return "", ""
    return uri.user_text.partition(";")[0], uri.param(FEATURE) or ""
