"""What the gateway asks to be done with a call's other side: transfer, park, merge.

A REFER on the link (RFC 3515) is never passed on as it is: the number, and the dialog that
Replaces or Join names, mean other ones at the PBX. What the PBX reports is reported up, one final
status. A merge is made as the platform makes it: its code is dialled while both calls are on hold,
and the new dialog takes the place of the old one, so that the gateway's call goes on.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

import structlog

from connector.sip.leg import (
    LINE_LEG,
    Bridged,
    LegListener,
    Notified,
    ReferAnswered,
    ReferOverdue,
    Referred,
)
from media.engine import MediaError, MediaSession, Side
from protocols.aio.call import Call
from protocols.aio.listener import CallListener, RequestContext
from protocols.b2bua import call as b2b
from protocols.b2bua.status import relayed_failure
from protocols.sip.errors import ParseError
from protocols.sip.event.refer import (
    LIFETIME,
    ReferProgress,
    ReferReport,
    ReferRequest,
    refer_to,
)
from protocols.sip.headers import Replaces
from protocols.sip.message import Response
from protocols.sip.uri import SipUri, TelUri

log = structlog.get_logger("connector.call")

#: Parameter of Refer-To's address on the link; without it the call is transferred.
FEATURE = "feature"
#: Seconds until what nobody speaks of has failed: as long as the subscription to it lives, and less
#: than the gateway waits, so that both sides are ready for the next one.
REPORT_LIMIT = float(LIFETIME)


@dataclass(frozen=True, slots=True)
class PbxWays:
    """How this platform does it; an empty code: not at all."""

    transfer: bool
    park: str
    conference: str
    to_pbx: Callable[[str], str]
    domain: Callable[[], str]
    #: The line's dialog at the PBX for a dialog of the link.
    line_dialog: Callable[[Replaces], Call | None]
    dial: Callable[[str, bytes, CallListener], Call]


@dataclass(slots=True)
class _Joining:
    """The conference is being called."""

    call: Call
    listener: LegListener
    #: The PBX has taken the line's dialog back already: only the conference is left of it.
    ended: b2b.Ended | None = None


class Referring:
    """The referrals of one bridged call, one at a time."""

    def __init__(self, owner: Bridged, ways: PbxWays) -> None:
        self._owner = owner
        self._ways = ways
        self._report: ReferReport | None = None
        self._joining: _Joining | None = None
        self._reports: set[asyncio.Future[Response]] = set()
        self._limit: asyncio.TimerHandle | None = None
        #: CSeq numbers of our REFERs to the PBX: of the last one, which has two if it had to be
        #: signed anew, and of those before.
        self._refer_ids: set[str] = set()
        self._earlier: set[str] = set()

    async def take(self, event: Referred | ReferAnswered | Notified | ReferOverdue) -> None:
        match event:
            case Referred(ctx):
                await self._asked(ctx)
            case ReferAnswered():
                self._answered(event)
            case Notified(ctx):
                self._notified(ctx)
            case ReferOverdue():
                await self._overdue(event)

    # -- the gateway asks ------------------------------------------------------------------------

    async def _asked(self, ctx: RequestContext) -> None:
        try:
            refer = ReferRequest.parse(ctx.request)
            partner = _partner(refer)
        except ParseError as error:
            ctx.respond(error.status or 400)
            return
        if self._report is not None:
            ctx.respond(491)  # one at a time
            return
        feature = refer.uri.param(FEATURE) if isinstance(refer.uri, SipUri) else None
        number = _number(refer)
        line = None if partner is None else self._ways.line_dialog(partner)
        if partner is not None and (line is None or line is self._owner.line_call):
            ctx.respond(481)
        elif feature == "merge" and self._ways.conference and line is not None:
            await self._merge(refer, ctx)
        elif feature == "park" and self._ways.park and number.isdigit():
            self._refer(refer, ctx, self._ways.park + number, None)
        elif feature is None and self._ways.transfer and number:
            self._refer(refer, ctx, self._ways.to_pbx(number), line)
        else:
            ctx.respond(501)

    def _refer(
        self, refer: ReferRequest, ctx: RequestContext, number: str, partner: Call | None
    ) -> None:
        """RFC 5589: in the line's own dialog; the PBX may be asked for one thing at a time."""
        call = self._owner.line_call
        user = str(SipUri.of(number, "x")).removeprefix("sip:").partition("@")[0]
        to = refer_to(f"sip:{user}@{self._ways.domain()}", _as_the_pbx_sees(partner))
        headers = [("Refer-To", to)]
        if call.dialog is not None:
            headers.append(("Referred-By", call.dialog.local.partition(";")[0]))
        self._begin(refer)
        asked = call.transmit("REFER", headers)
        self._earlier |= self._refer_ids
        self._refer_ids = set() if call.dialog is None else {str(call.dialog.local_cseq)}
        self._earlier -= self._refer_ids
        asked.add_done_callback(
            lambda done: self._owner.put(ReferAnswered(ctx, refer, done.result()))
        )

    def _begin(self, refer: ReferRequest) -> None:
        self._report = ReferReport.of(refer)
        loop = asyncio.get_running_loop()
        self._limit = loop.call_later(REPORT_LIMIT, self._owner.put, ReferOverdue(refer.id))

    def _over(self) -> None:
        self._report = None
        if self._limit is not None:
            self._limit.cancel()
            self._limit = None

    async def _overdue(self, event: ReferOverdue) -> None:
        if self._report is None or self._report.id != event.id:
            return
        joining, media = self._joining, self._owner.media
        if joining is None or media is None:
            log.warning("the PBX did not report how a referral went")
            self._tell(504)
            return
        log.warning("the conference did not answer")
        self._joining = None
        joining.call.hang_up()
        await self._not_merged(joining, media, 408)

    def _answered(self, event: ReferAnswered) -> None:
        """The PBX took the REFER, or did not."""
        status = event.response.status
        if status >= 300:
            self._over()
            if event.response.local:
                status = 480
            event.ctx.respond(relayed_failure(status)[0])
            return
        self._refer_ids.add(str(event.response.cseq.number))
        event.ctx.respond(202, headers=event.refer.response_headers())
        self._tell(100)

    # -- the PBX reports -------------------------------------------------------------------------

    def _notified(self, ctx: RequestContext) -> None:
        event = ctx.request.event
        if event is None or event.package.lower() != "refer":
            ctx.respond(489)
            return
        if event.id in self._earlier:
            # RFC 3515 section 2.4.6: it has come too late. An id that is none of ours is believed:
            # whoever is in between may number anew, and one thing is asked for at a time.
            ctx.respond(200)
            return
        try:
            progress = ReferProgress(event.id or "").take(ctx.request)
        except ParseError as error:
            ctx.respond(error.status or 400)
            return
        ctx.respond(200)
        if progress is None:
            return
        if progress.over and progress.status < 200:
            self._tell(504)  # it ended without an outcome
        elif progress.status:
            self._tell(progress.status)

    def _tell(self, status: int) -> None:
        """NOTIFY up the link: on the wire before anything that follows, so that a BYE of the PBX
        does not overtake the outcome."""
        if self._report is None:
            return
        self._report, notify = self._report.report(status)
        link = self._owner.link_call
        if notify is not None and link is not None and link.state == "confirmed":
            headers = [(name, value) for name, value in notify[0] if name != "Content-Type"]
            sent = link.transmit("NOTIFY", headers, dict(notify[0])["Content-Type"], notify[1])
            self._reports.add(sent)
            sent.add_done_callback(self._reports.discard)
        if status >= 200:
            self._over()

    # -- a conference ----------------------------------------------------------------------------

    async def _merge(self, refer: ReferRequest, ctx: RequestContext) -> None:
        media, plan = self._owner.media, self._owner.line_plan
        if media is None:
            ctx.respond(480)
            return
        try:
            await media.direction(Side.LINE, send=True, receive=True)
            offer = await media.offer(Side.LINE, plan.profile, leg=LINE_LEG)
        except MediaError as error:
            log.warning("no offer for a conference", error=str(error))
            await _held_again(media)
            ctx.respond(500)
            return
        ctx.respond(202, headers=refer.response_headers())
        self._begin(refer)
        self._tell(100)
        listener = LegListener(self._owner, self._owner.line_leg, plan)
        call = self._ways.dial(self._ways.conference, offer.encode(), listener)
        self._joining = _Joining(call, listener)

    def is_joining(self, source: LegListener | None) -> bool:
        return self._joining is not None and self._joining.listener is source

    def replaces_line(self, event: b2b.Ended) -> bool:
        """The line's dialog ended: no matter if the conference is about to take its place."""
        if self._joining is None:
            return False
        self._joining.ended = event
        return True

    async def joining(self, event: b2b.Event) -> None:
        """What the conference answers."""
        joining, media = self._joining, self._owner.media
        if joining is None or media is None:
            return
        match event:
            case b2b.Answered(sdp):
                self._joining = None
                try:
                    if sdp is None:
                        raise MediaError("sdp", "no description in the answer")
                    await media.accept(Side.LINE, sdp, leg=LINE_LEG)
                except MediaError as error:
                    log.warning("the conference's answer was refused by media", error=str(error))
                    joining.call.hang_up()
                    await self._not_merged(joining, media, 488)
                    return
                self._owner.line_is(joining.call, joining.listener)
                self._tell(200)
            case b2b.Failed(status):
                self._joining = None
                await self._not_merged(joining, media, relayed_failure(status)[0])
            case b2b.Ended():
                self._joining = None
                await self._not_merged(joining, media, 480)

    async def _not_merged(self, joining: _Joining, media: MediaSession, status: int) -> None:
        await _held_again(media)
        self._tell(status)
        if joining.ended is not None:
            self._owner.put(joining.ended)

    def close(self) -> None:
        self._over()
        if self._joining is not None and self._joining.call.state != "terminated":
            self._joining.call.hang_up()


async def _held_again(media: MediaSession) -> None:
    try:
        await media.direction(Side.LINE, send=True, receive=False)
    except MediaError as error:
        log.warning("media does not react", error=str(error))


def _partner(refer: ReferRequest) -> Replaces | None:
    """The other dialog that the REFER is about; raises ParseError."""
    join = next((value for name, value in refer.headers if name.lower() == "join"), None)
    return refer.replaces if join is None else Replaces.parse(join)


def _number(refer: ReferRequest) -> str:
    if isinstance(refer.uri, TelUri):
        return refer.uri.digits
    return refer.uri.user_text.partition(";")[0] if isinstance(refer.uri, SipUri) else ""


def _as_the_pbx_sees(call: Call | None) -> Replaces | None:
    """RFC 3891 section 6.1: the tags are those of the recipient's view."""
    if call is None or call.dialog is None:
        return None
    return Replaces(call.call_id, call.dialog.remote_tag, call.dialog.local_tag)
