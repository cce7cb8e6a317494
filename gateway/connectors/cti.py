"""CSTA on the link: news of desk phones in order, requests to the PBX, what features may ask.

NOTIFYs of a site are numbered `<epoch>.<n>` and acknowledged when they are taken; one task per
site applies them in their order. Whoever has not heard the beginning of an epoch, or misses one of
its numbers, answers 412, and the connector begins a new one.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from gateway.bus import PbxReachable
from gateway.calls.desk import DeskPhones
from gateway.calls.model import CallState
from gateway.connectors.edge import SipEdge
from gateway.connectors.registrar import SiteKey
from gateway.ports import ConnectorStatus, Line, LineDirectory, Problem, SiteProfile
from protocols.aio.scope import TaskScope
from protocols.aio.useragent import RequestContext
from protocols.csta.codec import decode, encode
from protocols.csta.dialects import LINK
from protocols.csta.errors import CstaError
from protocols.csta.message import ErrorResponse, Message, Request, Response, UnknownMessage
from protocols.csta.services.system import SystemStatus, SystemStatusResponse
from protocols.csta.sip_link import CONTENT_TYPE, EVENT_PACKAGE
from protocols.csta.values import ErrorCategory
from protocols.sip.uri import SipUri

logger = logging.getLogger(__name__)

ASK_TIMEOUT = 4.0
#: News of one site that wait; more means that we are lost, and the connector begins anew.
MOST_WAITING = 5000
OLD_EPOCHS = 8
#: Seconds between attempts to read a line from storage: news that were acknowledged are not lost
#: because the database was away for a minute. The queue is ordered, so all others wait as well.
READ_AGAIN = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0)


@dataclass(frozen=True, slots=True)
class News:
    line_id: str
    message: Message
    session_id: str | None
    #: When it happened, if that was while the link was down.
    past: datetime | None


@dataclass(frozen=True, slots=True)
class LookAgain:
    """Our devices left this call alone: what was told of it before may say that it rings on."""

    line_id: str
    session_id: str


@dataclass(slots=True)
class _Site:
    epoch: str = ""
    number: int = -1
    old: deque[str] = field(default_factory=lambda: deque(maxlen=OLD_EPOCHS))
    queue: asyncio.Queue[News | LookAgain] = field(default_factory=asyncio.Queue)

    def follows(self, epoch: str, number: int) -> bool:
        """False when something before it is missing."""
        if epoch == self.epoch:
            return number <= self.number + 1
        return number == 0 or epoch in self.old

    def is_new(self, epoch: str, number: int) -> bool:
        """A repeated number has no effect, nor has anything of an epoch that is over."""
        if epoch == self.epoch:
            if number <= self.number:
                return False
        elif epoch in self.old:
            return False
        else:
            self.old.append(self.epoch)
            self.epoch = epoch
        self.number = number
        return True

    def lost(self) -> None:
        """Something was not applied: the next number is told that it has no beginning."""
        self.epoch, self.number = "", -1


class CtiLink:
    """Both directions of CSTA between this node and every site's connector."""

    def __init__(
        self,
        edge: SipEdge,
        lines: LineDirectory,
        desk: DeskPhones,
        announce: Callable[[object], None],
    ) -> None:
        self._edge = edge
        self._lines = lines
        self._desk = desk
        self._announce = announce
        self._sites: dict[SiteKey, _Site] = {}
        self._scope = TaskScope("cti")
        edge.news[EVENT_PACKAGE] = self.notified
        edge.directory.subscribe(self._status_changed)

    async def aclose(self) -> None:
        await self._scope.aclose()

    # -- up ----------------------------------------------------------------------------------------
    def notified(self, key: SiteKey, ctx: RequestContext) -> None:
        request, uri = ctx.request, ctx.request.request_uri
        numbered = _numbered(request.headers.get("Offhook-Seq"))
        if numbered is None or not isinstance(uri, SipUri):
            ctx.respond(400, "Offhook-Seq is missing")
            return
        try:
            message = decode(request.body).message
        except CstaError:
            ctx.respond(400, "Unreadable CSTA")
            return
        site = self._site(key)
        if site.queue.qsize() >= MOST_WAITING:
            ctx.respond(503, headers=(("Retry-After", "5"),))
            return
        if not site.follows(*numbered):
            ctx.respond(412)
            return
        if site.is_new(*numbered) and not isinstance(message, UnknownMessage):
            session = (request.headers.get("Session-ID") or "").partition(";")[0].strip().lower()
            past = _moment(request.headers.get("Offhook-At"))
            late = past if request.headers.get("Offhook-History") == "1" else None
            site.queue.put_nowait(News(uri.user_text, message, session or None, late))
        if isinstance(message, SystemStatus):
            answer = encode(SystemStatusResponse(), LINK.style)
            ctx.respond(200, content_type=CONTENT_TYPE, body=answer)
        else:
            ctx.respond(200)

    def look_again(self, state: CallState) -> None:
        """In its turn among the news, which alone change what is known of a desk phone."""
        site = self._sites.get(SiteKey(state.tenant_id, state.site_id))
        if site is not None:  # however much waits: nobody says it again
            site.queue.put_nowait(LookAgain(state.line_id, state.session_id))

    def _site(self, key: SiteKey) -> _Site:
        site = self._sites.get(key)
        if site is None:
            site = self._sites[key] = _Site()
            self._scope.start(self._follow(key, site), f"site {key.site_id}")
        return site

    async def _follow(self, key: SiteKey, site: _Site) -> None:
        while True:
            news = await site.queue.get()
            try:
                await self._apply(key, site, news)
            except Exception:
                # what follows must not suffer; the next picture puts right what this one spoilt
                logger.exception("site %s: news of the PBX not applied", key.site_id)

    async def _apply(self, key: SiteKey, site: _Site, news: News | LookAgain) -> None:
        if isinstance(news, LookAgain):
            await self._desk.left_open(key.tenant_id, key.site_id, news.line_id, news.session_id)
            return
        if isinstance(news.message, SystemStatus):
            state = news.message.system_status
            self._reachable(key, state is None or state.working)
            return
        found = await self._line(key, site, news.line_id)
        if found is None:
            await self._desk.forget(key.tenant_id, key.site_id, news.line_id)
            return
        line, profile = found
        if news.past is not None:
            joined = news.session_id is not None
            await self._desk.told_late(line, profile, news.message, joined, news.past)
        else:
            await self._desk.told(line, profile, news.message, news.session_id)

    async def _line(
        self, key: SiteKey, site: _Site, line_id: str
    ) -> tuple[Line, SiteProfile] | None:
        """Raises what storage raised last; then the connector begins anew."""
        for pause in READ_AGAIN:
            try:
                return await self._lines.line(key.tenant_id, key.site_id, line_id)
            except Exception as error:
                logger.warning("site %s: line %s not read: %s", key.site_id, line_id, error)
            await asyncio.sleep(pause)
        try:
            return await self._lines.line(key.tenant_id, key.site_id, line_id)
        except Exception:
            site.lost()
            raise

    def _reachable(self, key: SiteKey, on: bool) -> None:
        if self._desk.set_reachable(key.tenant_id, key.site_id, on):
            self._announce(PbxReachable(key.tenant_id, key.site_id, on))

    def _status_changed(self, tenant_id: str, status: ConnectorStatus) -> None:
        """The connector itself is gone: what it had told is as it may be."""
        if not status.registered:
            self._reachable(SiteKey(tenant_id, status.site_id), False)

    # -- down --------------------------------------------------------------------------------------
    async def ask(self, line: Line, request: Request) -> Response:
        """Ask the PBX that the line is at. Raises Problem."""
        if not self._desk.reachable(line.tenant_id, line.site_id):
            raise _unreachable()
        body = encode(request, LINK.style)
        target = SipUri.of(line.line_id, f"{line.site_id}.{self._edge.config.service_domain}")
        try:
            async with asyncio.timeout(ASK_TIMEOUT):
                for flow in self._edge.link.flows(line.tenant_id, line.site_id, line.line_id):
                    response = await self._edge.ua.request(
                        "NOTIFY",
                        str(target),
                        from_=f"<sip:gateway@{self._edge.config.service_domain}>",
                        headers=(("Event", EVENT_PACKAGE), ("Subscription-State", "active")),
                        content_type=CONTENT_TYPE,
                        body=body,
                        flow=flow,
                    )
                    if response.status == 200 and response.body:
                        return _answer(response.body)
        except TimeoutError:
            raise _unreachable() from None
        raise _unreachable()


def _answer(body: bytes) -> Response:
    try:
        message = decode(body).message
    except CstaError:
        raise _unreachable() from None
    if isinstance(message, ErrorResponse):
        raise refusal(message)
    if not isinstance(message, Response):
        raise _unreachable()
    return message


#: Reasons of that category that are about one phone, not about the PBX (ECMA-269 section 12.2.14).
_OF_A_PHONE = frozenset(("deviceOutOfService", "resourceBusy"))


def refusal(error: ErrorResponse) -> Problem:
    """The PBX's no, in the API's words."""
    if error.category is ErrorCategory.PERFORMANCE:
        return Problem(
            429, "too_fast", "This was changed too often in a short time. Try again in a minute."
        )
    if error.category is ErrorCategory.SYSTEM_RESOURCE and error.value not in _OF_A_PHONE:
        return _unreachable()
    if error.value == "serviceNotSupported":
        return Problem(409, "not_offered", "Your phone system does not offer this.")
    return Problem(502, "pbx_refused", "Your phone system refused this.", str(error))


def _unreachable() -> Problem:
    return Problem(503, "pbx_unreachable", "Your phone system cannot be asked at the moment.")


def _numbered(value: str | None) -> tuple[str, int] | None:
    epoch, dot, number = (value or "").strip().partition(".")
    if not dot or not 0 < len(epoch) <= 32 or not number.isascii() or not number.isdigit():
        return None
    return (epoch, int(number)) if len(number) <= 18 else None


def _moment(value: str | None) -> datetime | None:
    try:
        moment = datetime.fromisoformat((value or "").strip())
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None
